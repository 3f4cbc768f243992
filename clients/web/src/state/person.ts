// Who is this, and may their history be used? A random name kept in this browser; off until they switch it on.
import { effect, signal } from "@preact/signals";
import { call } from "../api/client";

const KEPT = { id: "lifestyle-person", on: "lifestyle-personal" };

export const personal = signal(localStorage.getItem(KEPT.on) === "yes");

effect(() => localStorage.setItem(KEPT.on, personal.value ? "yes" : "no"));

export function name(): string {
  const kept = localStorage.getItem(KEPT.id) ?? `web-${crypto.getRandomValues(new Uint32Array(3)).join("")}`;
  localStorage.setItem(KEPT.id, kept);
  return kept;
}

/** What a request says of the person: nothing while personalisation is off. */
export const person = (): Record<string, unknown> =>
  personal.value ? { user_id: name(), personalize: true } : {};

/** Tell what was done with an item. A page that cannot tell goes on. */
export async function tell(action: string, object: string, query?: string, at?: number): Promise<void> {
  if (!personal.value) return;
  const event = { user_id: name(), action, object_id: object,
    ...(query === undefined ? {} : { query_id: query }), ...(at === undefined ? {} : { position: at }) };
  await call("/v1/events", { body: { events: [event] } }).catch(() => undefined);
}

/** Delete all that the server keeps of this person, and the name. */
export async function forget(): Promise<void> {
  await call(`/v1/users/${encodeURIComponent(name())}`, { method: "DELETE" });
  localStorage.removeItem(KEPT.id);
}

// Which page is it, by its address? /?q= a search, /?view=feed the feed, /console the console; back and forth work.
import { signal } from "@preact/signals";

export type View = "search" | "feed" | "console";

export const view = signal<View>(viewOf());

function viewOf(): View {
  if (location.pathname === "/console") return "console";
  return new URLSearchParams(location.search).get("view") === "feed" ? "feed" : "search";
}

export const asked = (): string => new URLSearchParams(location.search).get("q") ?? "";

/** The address of a view, with the key that was given in this one. */
export function address(to: View, q = ""): string {
  const put = new URLSearchParams();
  const key = new URLSearchParams(location.search).get("key");
  if (to === "feed") put.set("view", "feed");
  if (q) put.set("q", q);
  if (key) put.set("key", key);
  return `${to === "console" ? "/console" : "/"}${put.size ? `?${put.toString()}` : ""}`;
}

/** Go there without loading anything anew. */
export function go(to: View, q = ""): void {
  const there = address(to, q);
  if (there !== location.pathname + location.search) history.pushState(null, "", there);
  view.value = to;
}

/** Follow the browser's own buttons: `search` gets the question of the address. */
export function follow(search: (q: string) => void): () => void {
  const moved = () => {
    view.value = viewOf();
    if (view.value === "search") search(asked());
  };
  addEventListener("popstate", moved);
  return () => removeEventListener("popstate", moved);
}

// What is asked, and what came back? The page's one search: every change of it is a request, the newest answer is shown.
import { batch, signal } from "@preact/signals";
import { ApiError, call } from "../api/client";
import type { Answer, Constraint, Hit, Kind, Parse } from "../api/types";
import { lang } from "../words/lang";
import { person } from "./person";
import { near } from "./place";
import { go } from "./route";

const PAGE = 20;

export type Request = Record<string, unknown>;

export const typed = signal("");
export const kind = signal<Kind | "">("");
export const answer = signal<Answer | null>(null);
export const hits = signal<Hit[]>([]);
export const busy = signal(false);
export const problem = signal<ApiError | null>(null);
/** Places in the parse's constraints that must not give way, however few answers are left. */
export const insist = signal<ReadonlySet<number>>(new Set());
/** The last request, as it was sent: for trying again, for inspecting, for curl. */
export const sent = signal<Request | null>(null);

let asked = 0;

/** Ask in words. The kind, and what was insisted on, belong to the question before. */
export function ask(text: string): Promise<void> {
  batch(() => {
    typed.value = text;
    kind.value = "";
    insist.value = new Set();
  });
  go("search", text);
  return search({ q: text });
}

/** Correct the question before: "cheaper", "not Japanese". */
export function refine(text: string): Promise<void> {
  const before = answer.value?.parse;
  insist.value = new Set();
  return search({ q: text, ...(before ? { previous: before } : {}) });
}

/** The same question with its constraints changed: null takes one away. */
export function change(edit: (constraint: Constraint, at: number) => Constraint | Constraint[] | null): Promise<void> {
  const parse = answer.value?.parse;
  if (!parse) return Promise.resolve();
  const constraints: Constraint[] = [];
  const firm = new Set<number>();
  parse.constraints.forEach((constraint, at) => {
    const made = edit(constraint, at);
    if (made !== null && insist.value.has(at)) firm.add(constraints.length);
    if (made !== null) constraints.push(...(Array.isArray(made) ? made : [made]));
  });
  insist.value = firm;
  return search(again({ ...parse, constraints }));
}

/** Let a constraint give way no longer, or let it again. */
export function firmly(at: number, firm: boolean): Promise<void> {
  const places = new Set(insist.value);
  if (firm) places.add(at);
  else places.delete(at);
  insist.value = places;
  return repeat();
}

export function choose(value: Kind | ""): Promise<void> {
  kind.value = value;
  return repeat();
}

/** The same question once more: with another kind, language or position. */
export function repeat(): Promise<void> {
  const parse = answer.value?.parse;
  return search(parse ? again(parse) : (sent.value ?? { q: typed.value }));
}

const again = (parse: Parse): Request => ({ q: parse.query, parse: { ...parse, relax_order: [] } });

/** The next page of the same question. */
export async function more(): Promise<void> {
  const cursor = answer.value?.cursor;
  if (!cursor || !sent.value) return;
  const mine = asked;
  const next = await call<Answer>("/v1/search", { body: { ...sent.value, cursor } });
  if (mine !== asked) return;
  batch(() => {
    hits.value = [...hits.value, ...next.hits];
    if (answer.value) answer.value = { ...answer.value, cursor: next.cursor };
  });
}

async function search(question: Request): Promise<void> {
  const mine = ++asked; // answers may overtake each other: only the last question's is shown
  const body = { limit: PAGE, lang: lang.value, ...(kind.value ? { kinds: [kind.value] } : {}), ...near.value,
    ...(insist.value.size ? { insist: [...insist.value] } : {}), ...person(), ...question };
  batch(() => {
    sent.value = body;
    busy.value = true;
    problem.value = null;
  });
  try {
    const found = await call<Answer>("/v1/search", { body });
    if (mine !== asked) return;
    performance.mark("answered");
    batch(() => {
      answer.value = found;
      hits.value = found.hits;
    });
  } catch (error) {
    if (mine !== asked) return;
    batch(() => {
      problem.value = error instanceof ApiError ? error : new ApiError(0, String(error));
      hits.value = [];
    });
  } finally {
    if (mine === asked) busy.value = false;
  }
}

// What is recommended? A page, and the next ones of the same list.
import { batch, signal } from "@preact/signals";
import { ApiError, call } from "../api/client";
import type { Answer, Hit } from "../api/types";
import { lang } from "../words/lang";
import { person } from "./person";
import { near } from "./place";

const PAGE = 12;

export const cards = signal<Hit[]>([]);
export const feed = signal<Answer | null>(null);
export const loading = signal(false);
export const trouble = signal<ApiError | null>(null);

let asked = 0;

/** From the beginning, or (with a cursor) what comes next. */
export async function load(cursor?: string): Promise<void> {
  const mine = ++asked;
  batch(() => {
    loading.value = true;
    trouble.value = null;
  });
  try {
    const body = { limit: PAGE, lang: lang.value, ...near.value, ...person(), ...(cursor === undefined ? {} : { cursor }) };
    const found = await call<Answer>("/v1/feed", { body });
    if (mine !== asked) return;
    batch(() => {
      feed.value = found;
      cards.value = cursor === undefined ? found.hits : [...cards.value, ...found.hits];
    });
  } catch (error) {
    if (mine === asked) trouble.value = error instanceof ApiError ? error : new ApiError(0, String(error));
  } finally {
    if (mine === asked) loading.value = false;
  }
}

/** Take a card away. */
export const drop = (id: string): void => {
  cards.value = cards.value.filter((each) => each.id !== id);
};

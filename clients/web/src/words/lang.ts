// Which language does the page speak? The one that was chosen, else the browser's; t() says a thing in it.
import { effect, signal } from "@preact/signals";
import type { Lang, Words } from "../api/types";
import { en } from "./en";
import { zh, type Key } from "./zh";

export type { Key };

const KEPT = "lifestyle-lang";
const WORDS: Record<Lang, Record<Key, string>> = { zh, en };

const initial = (): Lang => {
  const kept = localStorage.getItem(KEPT);
  return kept === "zh" || kept === "en" ? kept : navigator.language.startsWith("zh") ? "zh" : "en";
};

export const lang = signal<Lang>(initial());

effect(() => {
  document.documentElement.lang = lang.value === "zh" ? "zh-Hans" : "en";
  document.title = t("title");
  localStorage.setItem(KEPT, lang.value);
});

/** A sentence in the page's language, with {names} put in. */
export function t(key: Key, put: Record<string, string | number> = {}): string {
  return WORDS[lang.value][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(put[name] ?? whole));
}

/** Those of two languages that are the page's. */
export const said = (words: Words | undefined): string | undefined => words?.[lang.value];

/** Is there a sentence of this name? For names that come from the server. */
export const isKey = (name: string): name is Key => name in zh;

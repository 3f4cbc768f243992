// How are amounts, dates and constraints put in words?
import type { Constraint, Relaxed } from "../api/types";
import { lang, said, t } from "./lang";

const LOCALES = { zh: "zh-CN", en: "en-GB" } as const;

/** Making one takes longer than drawing a card: each is made once. */
const kept = new Map<string, Intl.NumberFormat>();

export function money(amount: number, currency = "CNY"): string {
  const digits = amount % 1 ? 2 : 0;
  const name = `${lang.value} ${currency} ${digits}`;
  const made = kept.get(name) ?? new Intl.NumberFormat(LOCALES[lang.value], { style: "currency", currency, currencyDisplay: "narrowSymbol", maximumFractionDigits: digits });
  kept.set(name, made);
  return made.format(amount);
}

export const day = (iso: string): string => iso.slice(0, 10);

export const kilometres = (km: number): string => t("km", { n: km < 10 ? km.toFixed(1) : Math.round(km) });

/** What a chip says, with "no" before what is unwanted. */
export function labelOf(constraint: Constraint | undefined): string {
  if (!constraint) return "";
  const plain = typeof constraint.value === "string" ? constraint.value : JSON.stringify(constraint.value);
  return said(constraint.label) ?? plain;
}

/** What a constraint was relaxed to: a reach in kilometres, else the words of a chip. */
export function becameOf({ to, label }: Relaxed): string {
  if (to !== null && typeof to === "object" && "km" in to) return kilometres(Number(to.km));
  return said(label ?? undefined) ?? JSON.stringify(to);
}

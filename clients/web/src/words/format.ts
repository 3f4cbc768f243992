// How are amounts, dates and constraints put in words?
import type { Constraint } from "../api/types";
import { lang, said, t } from "./lang";

const LOCALES = { zh: "zh-CN", en: "en-GB" } as const;

export const money = (amount: number, currency = "CNY"): string =>
  new Intl.NumberFormat(LOCALES[lang.value], {
    style: "currency", currency, currencyDisplay: "narrowSymbol", maximumFractionDigits: amount % 1 ? 2 : 0,
  }).format(amount);

export const day = (iso: string): string => iso.slice(0, 10);

export const kilometres = (km: number): string => t("km", { n: km < 10 ? km.toFixed(1) : Math.round(km) });

/** What a chip says, with "no" before what is unwanted. */
export function labelOf(constraint: Constraint | undefined): string {
  if (!constraint) return "";
  const plain = typeof constraint.value === "string" ? constraint.value : JSON.stringify(constraint.value);
  return said(constraint.label) ?? plain;
}

/** A value that a constraint was relaxed to. */
export function valueOf(value: unknown): string {
  if (value !== null && typeof value === "object" && "km" in value) return kilometres(Number(value.km));
  if (value !== null && typeof value === "object" && "minutes" in value) return `${String(value.minutes)} min`;
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}

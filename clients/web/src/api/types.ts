// What does an answer look like? The contract of /v1, as /openapi.json shows it by example.
import type { AnyPanel } from "../search/Panel";
import type { Item } from "./item";

export type { Item };

export type Lang = "zh" | "en";
export type Kind = "note" | "product" | "poi";
export type Verdict = "met" | "likely" | "unknown" | "contradicted";
export type Words = Record<Lang, string>;

export interface Constraint {
  slot: string;
  op: string;
  value: unknown;
  hardness: "hard" | "soft";
  polarity: number;
  confidence: number;
  span?: [number, number];
  assume?: Record<string, unknown>;
  assumed?: Words;
  rule?: string;
  label?: Words;
  because?: Words;
}

export interface Parse {
  query: string;
  lang: "zh" | "en" | "mixed";
  intent: { name: string; confidence: number };
  kinds: Partial<Record<Kind, number>>;
  constraints: Constraint[];
  residual_text: string;
  relax_order: string[];
  parser: { version: string; source: string; ms: number };
}

export interface Evidence {
  constraint: number;
  verdict: Verdict;
  probability: number | null;
  support: number;
  contradictions: number;
  sentence?: string;
  note_id?: string;
  date?: string;
  measured?: string;
  disagrees?: boolean;
}

export interface Highlight {
  field: string;
  text: string;
  start: number;
  spans: [number, number][];
}

export interface Hit {
  id: string;
  kind: Kind;
  position: number;
  score: number;
  item: Item;
  evidence: Evidence[];
  why: string[];
  highlights: Highlight[];
  open_now?: boolean;
  source?: string;
  features?: Record<string, number | null>;
  contributions?: Record<string, number>;
  because?: string;
}

export interface Relaxed {
  slot: string;
  from: unknown;
  to: unknown;
  label: Words | null;
  gained: number;
  constraint: number;
}

export interface Answer {
  query_id: string;
  hits: Hit[];
  total: number;
  parse: Parse;
  did_you_mean: { q: string } | null;
  relaxed: Relaxed[];
  degraded: { stage: string; reason: string; instead: string }[];
  timings: Record<string, number>;
  plan: Record<string, string>;
  versions: Record<string, string>;
  cursor: string | null;
  panel?: AnyPanel;
}

export interface Suggestion {
  text: string;
  type: string;
  highlight: [number, number][];
}

export interface Quote {
  sentence: string;
  note_id: string;
  date: string | null;
  trust: string;
  says: "yes" | "no";
  ended: boolean;
}

export interface Dossier {
  id: string;
  name: string;
  notes: number;
  attributes: { attribute: string; slot: string; label: Words; verdict: Verdict; merchant: boolean | null; quotes: Quote[] }[];
}

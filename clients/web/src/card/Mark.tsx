// How is a verdict shown? A sign, a colour, and a word for who sees neither.
import type { Verdict } from "../api/types";
import { t } from "../words/lang";

const MARKS = { met: "✓", likely: "≈", unknown: "?", contradicted: "✗" } as const;

export const Mark = ({ verdict }: { verdict: Verdict }) => (
  <span class="mark" role="img" aria-label={t(verdict)}>{MARKS[verdict]}</span>
);

// Which constraints does it keep? A line for each, with the sentence that proves it when asked for.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Constraint, Evidence } from "../api/types";
import { labelOf } from "../words/format";
import { t } from "../words/lang";
import { Mark } from "./Mark";
import { Proof } from "./Proof";

interface Props {
  evidence: Evidence[];
  constraints: Constraint[];
}

export function Verdicts({ evidence, constraints }: Props) {
  return (
    <ul class="verdicts">
      {evidence.map((each) => {
        const constraint = constraints[each.constraint];
        const line = <Line evidence={each} constraint={constraint} />;
        return (
          <li key={each.constraint} class={each.verdict}>
            {each.sentence ? <Proven evidence={each}>{line}</Proven> : line}
          </li>
        );
      })}
    </ul>
  );
}

/** The sentence is made when it is asked for: an answer holds many. */
function Proven({ evidence, children }: { evidence: Evidence; children: ComponentChildren }) {
  const [asked, setAsked] = useState(false);
  return <details onToggle={() => setAsked(true)}><summary>{children}</summary>{asked && <Proof evidence={evidence} />}</details>;
}

function Line({ evidence, constraint }: { evidence: Evidence; constraint: Constraint | undefined }) {
  const counts = [
    evidence.support && t("support", { n: evidence.support }),
    evidence.contradictions && t("against", { n: evidence.contradictions }),
    evidence.disagrees && t("disagrees"),
  ].filter(Boolean);
  return (
    <>
      <Mark verdict={evidence.verdict} />{" "}
      {constraint && constraint.polarity < 0 && `${t("not")} `}{labelOf(constraint)}
      {evidence.measured && <small> — {evidence.measured}</small>}
      {counts.length > 0 && <small> · {counts.join(" · ")}</small>}
    </>
  );
}

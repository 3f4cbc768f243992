// What was given up? By the deadline, and by constraints that gave way.
import type { Answer } from "../api/types";
import { becameOf, labelOf } from "../words/format";
import { t } from "../words/lang";

export function GivenUp({ answer }: { answer: Answer }) {
  const { degraded, relaxed, parse } = answer;
  return (
    <section>
      <h3>{t("given_up")}</h3>
      {degraded.length + relaxed.length === 0 && <p class="dim">{t("nothing_given_up")}</p>}
      <ul>
        {degraded.map((each, at) => <li key={at}><code>{each.stage}</code>: {each.reason} → {each.instead}</li>)}
        {relaxed.map((each, at) => (
          <li key={at}><code>{each.slot}</code>: {labelOf(parse.constraints[each.constraint])} → {each.to === null ? "∅" : becameOf(each)} (+{each.gained})</li>
        ))}
      </ul>
    </section>
  );
}

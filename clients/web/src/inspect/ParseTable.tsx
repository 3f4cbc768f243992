// How was the question read? Each slot with the rule that made it.
import type { Parse } from "../api/types";
import { said, t } from "../words/lang";

export function ParseTable({ parse }: { parse: Parse }) {
  const { name, confidence } = parse.intent;
  return (
    <section>
      <h3>{t("parse")} <small>{t("intent")}: {name} {confidence.toFixed(2)} · {parse.parser.ms} ms</small></h3>
      <div class="wide" tabIndex={0}>
        <table>
          <thead>
            <tr>{(["slot", "value", "hardness", "rule", "why_rule"] as const).map((key) => <th key={key} scope="col">{t(key)}</th>)}</tr>
          </thead>
          <tbody>
            {parse.constraints.map((each, at) => (
              <tr key={at}>
                <th scope="row">{each.slot}</th>
                <td><code>{each.polarity < 0 && "not "}{each.op} {JSON.stringify(each.value)}</code></td>
                <td>{each.hardness} {each.confidence.toFixed(2)}</td>
                <td><code>{each.rule}</code></td>
                <td>{said(each.because)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

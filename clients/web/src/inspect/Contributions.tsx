// Why does a hit stand where it does? What each feature added to its score, the strongest first.
import { useState } from "preact/hooks";
import type { Hit } from "../api/types";
import { t } from "../words/lang";

const MOST = 20;

export function Contributions({ hits }: { hits: Hit[] }) {
  const [at, setAt] = useState(0);
  const hit = hits[at];
  if (!hit) return null;
  const added = Object.entries(hit.contributions ?? {}).slice(0, MOST);
  const largest = Math.max(...added.map(([, by]) => Math.abs(by)), 1e-9);
  return (
    <section>
      <h3>{t("features")}</h3>
      <label class="row">{t("hit")}
        <select id="of-hit" value={at} onChange={(event) => setAt(Number(event.currentTarget.value))}>
          {hits.map((each, place) => <option key={each.id} value={place}>{place + 1}. {each.item.name ?? each.item.title}</option>)}
        </select>
      </label>
      <p>{hit.because} <small>{hit.score.toFixed(3)}</small></p>
      <table class="contributions">
        <thead><tr><th scope="col">{t("feature")}</th><th scope="col">{t("value")}</th><th scope="col">{t("contribution")}</th></tr></thead>
        <tbody>
          {added.map(([name, by]) => (
            <tr key={name}>
              <th scope="row"><code>{name}</code></th>
              <td>{hit.features?.[name]?.toPrecision(3) ?? "—"}</td>
              <td><i class={by < 0 ? "minus" : "plus"} style={{ width: `${(Math.abs(by) / largest) * 4}rem` }} /> {by.toFixed(3)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

// Which snapshot and which model serve? Others that are kept can be served instead.
import { t } from "../words/lang";
import { act } from "./act";
import { Part } from "./Part";

interface Kept {
  snapshots: string[];
  snapshot: string;
  models: { number: number; made: string; "ndcg@10": number | null }[];
  model: number | null;
  pending: number;
}

const PATH = "/v1/house/versions";

export function Versions() {
  return (
    <Part<Kept> title="versions" path={PATH}>
      {(kept, again) => (
        <>
          <p class="dim">{t("pending", { n: kept.pending })}</p>
          <table>
            <thead><tr><th scope="col">{t("version")}</th><th scope="col">nDCG@10</th><th scope="col">{t("state")}</th></tr></thead>
            <tbody>
              {kept.snapshots.map((each) => (
                <Row key={each} name={`${t("snapshot")} ${each}`} serves={each === kept.snapshot}
                  serve={() => void act("POST", PATH, { snapshot: each }, again)} />
              ))}
              {kept.models.map((each) => (
                <Row key={each.number} name={`${t("model")} ${each.number}, ${each.made.slice(0, 10)}`} serves={each.number === kept.model}
                  quality={each["ndcg@10"]} serve={() => void act("POST", PATH, { model: each.number }, again)} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </Part>
  );
}

function Row({ name, serves, quality, serve }: { name: string; serves: boolean; quality?: number | null; serve: () => void }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{quality?.toFixed(4) ?? "—"}</td>
      <td>{serves ? t("serves") : <button type="button" aria-label={`${t("serve")}: ${name}`} onClick={serve}>{t("serve")}</button>}</td>
    </tr>
  );
}

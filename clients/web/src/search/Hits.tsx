// What was found? The cards, or that there are none.
import { useEffect } from "preact/hooks";
import { Card } from "../card/Card";
import { answer, busy, hits, more, problem, repeat } from "../state/search";
import { t } from "../words/lang";
import { Trouble } from "./Trouble";
import { paintedSoon } from "../state/painted";

export function Hits() {
  const found = answer.value;
  const shown = hits.value;
  useEffect(paintedSoon, [found]);
  if (problem.value) return <Trouble problem={problem.value} again={() => void repeat()} />;
  if (!found) return busy.value ? <Waiting /> : null;
  return (
    <>
      {shown.length === 0 && !busy.value && <p class="empty">{t("none_hint")}</p>}
      <ol id="hits" aria-busy={busy.value}>
        {shown.map((hit) => <Card key={hit.id} hit={hit} constraints={found.parse.constraints} query={found.query_id} />)}
      </ol>
      {found.cursor && <button type="button" id="more" onClick={() => void more()}>{t("more")}</button>}
    </>
  );
}

/** Where the first cards will be. */
export function Waiting() {
  return (
    <div class="waiting" role="status" aria-label={t("loading")}>
      {[0, 1, 2].map((each) => <div key={each} class="hit" aria-hidden="true"><i /><i /><i /></div>)}
    </div>
  );
}

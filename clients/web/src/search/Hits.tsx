// What was found? The cards, or that there are none.
import { useLayoutEffect, useState } from "preact/hooks";
import { Card } from "../card/Card";
import { paintedSoon } from "../state/painted";
import { answer, busy, hits, more, problem, repeat } from "../state/search";
import { t } from "../words/lang";
import { Trouble } from "./Trouble";
import { Waiting } from "./Waiting";

/** So many cards fill a screen: they are drawn first, the others in the next frame. */
const FIRST = 3;

export function Hits() {
  const [drawn, setDrawn] = useState("");
  const found = answer.value;
  const shown = hits.value;
  const id = found?.query_id ?? "";
  const whole = drawn === id;
  useLayoutEffect(() => paintedSoon(() => setDrawn(id)), [id]);
  if (problem.value) return <Trouble problem={problem.value} again={() => void repeat()} />;
  if (!found) return busy.value ? <Waiting /> : null;
  return (
    <>
      {shown.length === 0 && !busy.value && <p class="empty">{t("none_hint")}</p>}
      <ol id="hits" aria-busy={busy.value || !whole}>
        {(whole ? shown : shown.slice(0, FIRST)).map((hit) => (
          <Card key={hit.id} hit={hit} constraints={found.parse.constraints} query={id} />
        ))}
      </ol>
      {found.cursor && <button type="button" id="more" onClick={() => void more()}>{t("more")}</button>}
    </>
  );
}

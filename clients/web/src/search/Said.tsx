// What happened? How many keep everything, what gave way (and how to take that back), what the deadline took.
import type { Answer, Relaxed } from "../api/types";
import { ask, answer, busy, firmly, hits } from "../state/search";
import { becameOf, labelOf } from "../words/format";
import { t } from "../words/lang";

export function Said() {
  const found = answer.value;
  if (!found) return null;
  return (
    <>
      <p id="said" role="status">
        {busy.value ? t("loading") : hits.value.length ? t("total", { n: found.total }) : t("found_none")}
        {!busy.value && found.degraded.map((each) => <span key={each.stage}> · {t("degraded", { stage: each.stage })}</span>)}
      </p>
      {found.relaxed.length > 0 && (
        <ul id="relaxed">{found.relaxed.map((each, at) => <GaveWay key={at} found={found} relaxed={each} />)}</ul>
      )}
      <p id="meant" role="status">
        {found.did_you_mean && (
          <>
            {t("meant")}
            <button type="button" class="link" onClick={() => void ask(found.did_you_mean?.q ?? "")}>{found.did_you_mean.q}</button>
          </>
        )}
      </p>
    </>
  );
}

function GaveWay({ found, relaxed }: { found: Answer; relaxed: Relaxed }) {
  const what = labelOf(found.parse.constraints[relaxed.constraint]);
  const put = { what, n: relaxed.gained };
  return (
    <li>
      {relaxed.to === null ? t("relaxed_gone", put) : t("relaxed_to", { ...put, to: becameOf(relaxed) })}{" "}
      <button type="button" class="link" onClick={() => void firmly(relaxed.constraint, true)}>
        {t("undo")}<span class="hidden">: {what}</span>
      </button>
    </li>
  );
}

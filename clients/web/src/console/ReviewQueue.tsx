// What waits for somebody to look at it? What was reported or flagged, and what may be decided.
import { t } from "../words/lang";
import { act } from "./act";
import { Part } from "./Part";

interface Waiting {
  id: string;
  reports: number;
  label: string | null;
  why: string | null;
  report_rate: number;
}

const DECISIONS = ["block", "keep"] as const;

export function ReviewQueue() {
  return (
    <Part<{ waiting: Waiting[] }> title="review" path="/v1/review">
      {({ waiting }, again) => (
        <>
          {waiting.length === 0 && <p class="dim">{t("none")}</p>}
          <ul>
            {waiting.map((each) => (
              <li key={each.id} class="row">
                <span><b>{each.id}</b> {each.label} {each.why} · {t("reports", { n: each.reports })}</span>
                {DECISIONS.map((decision) => (
                  <button key={decision} type="button" aria-label={`${t(decision)}: ${each.id}`}
                    onClick={() => void act("POST", `/v1/review/${encodeURIComponent(each.id)}`, { decision, reason: "console" }, again)}>{t(decision)}</button>
                ))}
              </li>
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}

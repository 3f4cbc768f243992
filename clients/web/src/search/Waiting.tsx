// Where will the first cards be?
import { t } from "../words/lang";

export function Waiting() {
  return (
    <div class="waiting" role="status" aria-label={t("loading")}>
      {[0, 1, 2].map((each) => <div key={each} class="hit" aria-hidden="true"><i /><i /><i /></div>)}
    </div>
  );
}

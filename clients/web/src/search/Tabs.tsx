// Which kinds are shown? One list of all, or each by itself.
import { answer, choose, kind } from "../state/search";
import { t } from "../words/lang";

const KINDS = ["", "poi", "note", "product"] as const;

export function Tabs() {
  if (!answer.value) return null;
  return (
    <div id="kinds" role="group" aria-label={t("kinds")}>
      {KINDS.map((each) => (
        <button key={each} type="button" aria-pressed={kind.value === each} onClick={() => void choose(each)}>
          {t(each || "all")}
        </button>
      ))}
    </div>
  );
}

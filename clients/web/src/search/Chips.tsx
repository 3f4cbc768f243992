// What was understood? A chip for each constraint.
import { answer } from "../state/search";
import { t } from "../words/lang";
import { Chip } from "./Chip";

export function Chips() {
  const constraints = answer.value?.parse.constraints ?? [];
  if (!answer.value) return null;
  return (
    <section id="understood" aria-label={t("understood")}>
      {constraints.length === 0 && <p class="dim">{t("no_constraints")}</p>}
      <ul class="chips">
        {constraints.map((constraint, at) => <Chip key={`${at}-${constraint.slot}`} constraint={constraint} at={at} />)}
      </ul>
    </section>
  );
}

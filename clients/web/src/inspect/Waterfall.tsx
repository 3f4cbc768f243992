// Where did the time go? The stages one after another, against the budget.
import { useEffect, useState } from "preact/hooks";
import { config } from "../state/config";
import { sent } from "../state/search";
import { t } from "../words/lang";

export function Waterfall({ timings }: { timings: Record<string, number> }) {
  const [usual, setUsual] = useState(150);
  useEffect(() => void config().then((told) => setUsual(told.budget_ms)), []);
  const asked = sent.value?.["budget_ms"];
  const budget = typeof asked === "number" ? asked : usual;
  const stages = Object.entries(timings);
  const total = stages.reduce((sum, [, ms]) => sum + ms, 0);
  const scale = 100 / Math.max(budget, total);
  let at = 0;
  return (
    <section>
      <h3>{t("stages")} <small>{total.toFixed(1)} {t("ms")} · {t("budget", { n: budget })}</small></h3>
      <ol class="waterfall">
        {stages.map(([stage, ms]) => {
          const from = at;
          at += ms;
          return (
            <li key={stage}>
              <span>{stage}</span>
              <span class="track"><i style={{ left: `${from * scale}%`, width: `${Math.max(0.5, ms * scale)}%` }} />
                <b style={{ left: `${budget * scale}%` }} /></span>
              <span>{ms.toFixed(2)}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

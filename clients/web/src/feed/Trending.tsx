// What do many turn to lately? A few names; nothing where nothing stands out.
import { Brief } from "../card/Brief";
import type { Answer } from "../api/types";
import { useAnswer } from "../state/useAnswer";
import { lang, t } from "../words/lang";

export function Trending() {
  const { found } = useAnswer<Answer>(`/v1/trending?limit=5&lang=${lang.value}`);
  if (!found?.hits.length) return null;
  return (
    <section id="trending" class="group" aria-labelledby="trending-title">
      <h2 id="trending-title">{t("trending")}</h2>
      <Brief items={found.hits} />
    </section>
  );
}

// What might please, without a question? Cards with their reasons; a switch decides whether anybody's history is read.
import { useEffect } from "preact/hooks";
import { Trouble } from "../search/Trouble";
import { Waiting } from "../search/Waiting";
import { cards, feed, load, loading, trouble } from "../state/feed";
import { personal } from "../state/person";
import { lang, t } from "../words/lang";
import { FeedCard } from "./FeedCard";
import { Personal } from "./Personal";
import { Trending } from "./Trending";

export function Feed() {
  const [on, language] = [personal.value, lang.value];
  useEffect(() => void load(), [on, language]);
  return (
    <>
      <Personal />
      <Trending />
      <h2>{t("feed")}</h2>
      {trouble.value && <Trouble problem={trouble.value} again={() => void load()} />}
      {loading.value && cards.value.length === 0 && <Waiting />}
      {!loading.value && !trouble.value && cards.value.length === 0 && <p class="empty">{t("feed_empty")}</p>}
      <ol id="feed" aria-busy={loading.value}>
        {cards.value.map((hit) => <FeedCard key={hit.id} hit={hit} query={feed.value?.query_id ?? ""} />)}
      </ol>
      {feed.value?.cursor && <button type="button" id="more" onClick={() => void load(feed.value?.cursor ?? undefined)}>{t("more")}</button>}
    </>
  );
}

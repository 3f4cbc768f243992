// What do people ask, and what goes wrong? Only what enough different people asked is told by the server.
import { address, go } from "../state/route";
import { ask } from "../state/search";
import { t } from "../words/lang";
import { Part } from "./Part";

interface Asked {
  query: string;
  people: number;
  slots?: string[];
}

const LISTS = ["top", "nothing", "relaxed"] as const;
const TITLES = { top: "asked_most", nothing: "asked_nothing", relaxed: "asked_relaxed" } as const;
const MOST = 10;

export function Questions() {
  return (
    <Part<Record<(typeof LISTS)[number], Asked[]>> title="questions" path="/v1/house/queries">
      {(found) => (
        <>
          <p class="dim">{t("five_people")}</p>
          {LISTS.map((list) => (
            <section key={list} id={`asked-${list}`}>
              <h4>{t(TITLES[list])}</h4>
              {found[list].length === 0 && <p class="dim">{t("none")}</p>}
              <ol>{found[list].slice(0, MOST).map((each) => <Line key={each.query} {...each} />)}</ol>
            </section>
          ))}
        </>
      )}
    </Part>
  );
}

function Line({ query, people, slots }: Asked) {
  return (
    <li>
      <a href={address("search", query)} onClick={(event) => {
        event.preventDefault();
        go("search", query);
        void ask(query);
      }}>{query}</a> <small>{t("people", { n: people })}{slots && ` · ${slots.join(", ")}`}</small>
    </li>
  );
}

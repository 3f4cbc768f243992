// What is on the page? A head, one of the views, and the developer's drawer when it is open.
import { useEffect } from "preact/hooks";
import { Feed } from "./feed/Feed";
import { Header } from "./Header";
import { Later } from "./Later";
import { SearchView } from "./search/SearchView";
import { announced } from "./state/announce";
import { inspecting } from "./state/inspecting";
import { asked, follow, view } from "./state/route";
import { ask } from "./state/search";
import { t } from "./words/lang";

const console = () => import("./console/Console");
const inspect = () => import("./inspect/Inspect");

const search = (q: string) => {
  if (q) void ask(q);
};

export function App() {
  useEffect(() => {
    search(view.value === "search" ? asked() : "");
    return follow(search);
  }, []);
  return (
    <>
      <a class="skip" href="#results">{t("skip")}</a>
      <header><Header /></header>
      <main id="results" tabIndex={-1}>
        {view.value === "search" && <SearchView />}
        {view.value === "feed" && <Feed />}
        {view.value === "console" && <Later load={console} />}
      </main>
      <p class="hidden" role="status">{announced.value}</p>
      {inspecting.value && <Later load={inspect} />}
    </>
  );
}

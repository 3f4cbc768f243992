// What is on the page? A head with the box, and what was found.
import { Chips } from "./search/Chips";
import { Examples } from "./search/Examples";
import { FollowUp } from "./search/FollowUp";
import { Hits } from "./search/Hits";
import { Said } from "./search/Said";
import { SearchBox } from "./search/SearchBox";
import { Tabs } from "./search/Tabs";
import { lang, t } from "./words/lang";

export function App() {
  return (
    <>
      <a class="skip" href="#results">{t("skip")}</a>
      <header>
        <div class="bar">
          <h1>{t("title")}</h1>
          <button type="button" id="language" lang={lang.value === "zh" ? "en" : "zh-Hans"} aria-label={t("language_label")}
            onClick={() => (lang.value = lang.value === "zh" ? "en" : "zh")}>{t("language")}</button>
        </div>
        <SearchBox />
        <Examples />
      </header>
      <main id="results">
        <Chips />
        <FollowUp />
        <Said />
        <Tabs />
        <Hits />
      </main>
    </>
  );
}

// Where can one go from anywhere? The views, the language, the developer's drawer.
import { inspecting } from "./state/inspecting";
import { address, go, view, type View } from "./state/route";
import { typed } from "./state/search";
import { lang, t } from "./words/lang";

const VIEWS = ["search", "feed", "console"] as const satisfies View[];

export function Header() {
  return (
    <div class="bar">
      <h1>{t("title")}</h1>
      <nav aria-label={t("nav")}>
        {VIEWS.map((each) => (
          <a key={each} href={address(each)} aria-current={view.value === each ? "page" : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey) return;
              event.preventDefault();
              go(each, each === "search" ? typed.value : "");
            }}>{t(`view_${each}`)}</a>
        ))}
      </nav>
      <div class="end">
        <button type="button" id="inspect" aria-expanded={inspecting.value} onClick={() => (inspecting.value = !inspecting.value)}>
          {t("inspect")}
        </button>
        <button type="button" id="language" lang={lang.value === "zh" ? "en" : "zh-Hans"}
          onClick={() => (lang.value = lang.value === "zh" ? "en" : "zh")}>{t("language")}</button>
      </div>
    </div>
  );
}

// How may the text go on? The options of the box, with what was typed already in bold.
import type { Suggestion } from "../api/types";
import { Marked } from "../card/Marked";
import { lang, t } from "../words/lang";

const TYPES: Record<string, { zh: string; en: string }> = {
  name: { zh: "名称", en: "name" }, category: { zh: "类别", en: "kind" }, brand: { zh: "品牌", en: "brand" },
  dish: { zh: "菜", en: "dish" }, place: { zh: "地点", en: "place" }, attribute: { zh: "特点", en: "feature" },
  query: { zh: "搜索", en: "search" },
};

interface Props {
  shown: Suggestion[];
  chosen: number;
  take: (suggestion: Suggestion) => void;
}

export function Suggestions({ shown, chosen, take }: Props) {
  return (
    <ul id="suggestions" role="listbox" aria-label={t("suggestions")} hidden={!shown.length}>
      {shown.map((each, at) => (
        <li key={at} id={`suggestion-${at}`} role="option" aria-selected={at === chosen}
          onMouseDown={(event) => {
            event.preventDefault(); // before the box loses the focus and the list closes
            take(each);
          }}>
          <span><Marked text={each.text} spans={each.highlight} /></span>
          <small>{TYPES[each.type]?.[lang.value] ?? each.type}</small>
        </li>
      ))}
    </ul>
  );
}

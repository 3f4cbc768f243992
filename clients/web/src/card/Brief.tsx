// Items in few words: their names, kinds, and why they are here.
import type { Item, Kind } from "../api/types";
import { ask } from "../state/search";
import { go } from "../state/route";
import { t } from "../words/lang";

export interface BriefItem {
  id: string;
  kind: Kind;
  item: Item;
  why: string[];
}

export function Brief({ items }: { items: BriefItem[] }) {
  if (!items.length) return <p class="dim">{t("nothing_near")}</p>;
  return <ul class="brief">{items.map((each) => <One key={each.id} {...each} />)}</ul>;
}

function One({ kind, item, why }: BriefItem) {
  const name = item.name ?? item.title ?? t("untitled");
  const look = () => {
    go("search", name);
    void ask(name);
  };
  return (
    <li>
      <button type="button" class="link" onClick={look}>{name}</button>
      <small>{[t(kind), item.city, why[0]].filter(Boolean).join(" · ")}</small>
    </li>
  );
}

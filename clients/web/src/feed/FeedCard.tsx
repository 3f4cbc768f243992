// One recommendation: why it is here, and what one may say of it.
import { useState } from "preact/hooks";
import type { Hit } from "../api/types";
import { Body } from "../card/Body";
import { Facts } from "../card/Facts";
import { Heading } from "../card/Heading";
import { Onward } from "../card/Onward";
import { drop } from "../state/feed";
import { announce } from "../state/announce";
import { tell } from "../state/person";
import { t } from "../words/lang";

export function FeedCard({ hit, query }: { hit: Hit; query: string }) {
  const [saved, setSaved] = useState(false);
  const save = () => {
    setSaved(true);
    void tell("save", hit.id, query, hit.position);
  };
  const hide = () => {
    void tell("hide", hit.id, query, hit.position);
    drop(hit.id);
    announce(t("hidden_done"));
  };
  return (
    <li class={`hit ${hit.kind}`} data-id={hit.id}>
      <Heading hit={hit} />
      <p class="why"><span class="hidden">{t("why")}: </span>{hit.why.join(" · ")}</p>
      <Facts hit={hit} />
      <Body hit={hit} />
      <div class="row">
        <button type="button" class="save" aria-pressed={saved} onClick={save}>{t(saved ? "saved" : "save")}</button>
        <button type="button" class="hide" onClick={hide}>{t("not_interested")}</button>
      </div>
      <Onward hit={hit} />
    </li>
  );
}

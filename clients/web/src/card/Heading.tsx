// What is it called, and of which kind is it?
import type { Hit } from "../api/types";
import { t } from "../words/lang";
import { Marked } from "./Marked";

export function Heading({ hit }: { hit: Hit }) {
  const name = hit.item.name ?? hit.item.title ?? t("untitled");
  const marked = hit.highlights.find((each) => (each.field === "name" || each.field === "title") && each.text === name);
  return (
    <div class="heading">
      <h2><Marked text={name} spans={marked?.spans ?? []} /></h2>
      <span class="kind">{t(hit.kind)}</span>
    </div>
  );
}

// What does it say of itself? The part with the words of the question in it, where there is one.
import type { Hit } from "../api/types";
import { Marked } from "./Marked";

const LONGEST = 140;

export function Body({ hit }: { hit: Hit }) {
  const marked = hit.highlights.find((each) => each.field === "body");
  const text = marked?.text ?? hit.item.body;
  if (!text) return null;
  const short = Array.from(text).slice(0, LONGEST).join("");
  const spans = (marked?.spans ?? []).filter(([, end]) => end <= LONGEST);
  return <p class="body">{marked && marked.start > 0 && "…"}<Marked text={short} spans={spans} />{short.length < text.length && "…"}</p>;
}

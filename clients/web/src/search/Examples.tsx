// What can be asked? A few questions to try, until one was asked.
import { ask, sent } from "../state/search";
import { t } from "../words/lang";
import { EXAMPLE } from "./SearchBox";

const EXAMPLES = [
  EXAMPLE, "weekend family café with lawn near the city", "敏感肌可用的防晒霜，不要酒精", "杭州 安静 能办公的咖啡馆 人均50以内",
];

export function Examples() {
  if (sent.value) return null;
  return (
    <section class="examples" aria-label={t("try")}>
      {EXAMPLES.map((text) => <button key={text} type="button" onClick={() => void ask(text)}>{text}</button>)}
    </section>
  );
}

// How may a constraint be changed? Harder, softer, never to give way, or into what a few words say.
import { useState } from "preact/hooks";
import { call } from "../api/client";
import type { Constraint, Parse } from "../api/types";
import { change, firmly, insist } from "../state/search";
import { field } from "../words/field";
import { labelOf } from "../words/format";
import { t } from "../words/lang";

interface Props {
  constraint: Constraint;
  at: number;
  close: () => void;
}

export function ChipMenu({ constraint, at, close }: Props) {
  const [unread, setUnread] = useState(false);
  const put = (made: Constraint | Constraint[]) => {
    close();
    void change((each, place) => (place === at ? made : each));
  };

  const reword = async (words: string) => {
    const { constraints } = await call<Parse>("/v1/understand", { body: { q: words } });
    const same = constraints.filter((each) => each.slot === constraint.slot);
    const read = (same.length ? same : constraints).map((each) => ({ ...each, hardness: constraint.hardness }));
    setUnread(read.length === 0);
    if (read.length) put(read);
  };

  return (
    <div class="menu" role="group" aria-label={`${t("edit")}: ${labelOf(constraint)}`}>
      <div class="row">
        {(["hard", "soft"] as const).map((hardness) => (
          <button key={hardness} type="button" class={hardness} aria-pressed={constraint.hardness === hardness}
            onClick={() => put({ ...constraint, hardness })}>
            {t(hardness === "hard" ? "must" : "wish")}
          </button>
        ))}
        {constraint.hardness === "hard" && (
          <button type="button" aria-pressed={insist.value.has(at)}
            onClick={() => { close(); void firmly(at, !insist.value.has(at)); }}>
            {t("firm")}
          </button>
        )}
      </div>
      <form class="row" onSubmit={(event) => {
        event.preventDefault();
        const words = field(event.currentTarget, "words");
        if (words) void reword(words);
      }}>
        <label>{t("change_to")} <input name="words" maxLength={128} placeholder={labelOf(constraint)} autocomplete="off" /></label>
        <button type="submit">{t("apply")}</button>
      </form>
      {unread && <p role="alert">{t("unread")}</p>}
    </div>
  );
}

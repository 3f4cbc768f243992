// What should be different? Words that correct the question before.
import { answer, refine } from "../state/search";
import { field } from "../words/field";
import { t } from "../words/lang";

export function FollowUp() {
  if (!answer.value) return null;
  return (
    <form id="refine" onSubmit={(event) => {
      event.preventDefault();
      const words = field(event.currentTarget, "more");
      event.currentTarget.reset();
      if (words) void refine(words);
    }}>
      <input name="more" maxLength={512} autocomplete="off" aria-label={t("refine")} placeholder={t("more_words")} />
      <button type="submit">{t("refine_go")}</button>
    </form>
  );
}

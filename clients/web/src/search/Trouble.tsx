// What went wrong, and what can be done? Another key, or another try.
import { takeKey, type ApiError } from "../api/client";
import { field } from "../words/field";
import { t } from "../words/lang";

const NO_KEY = [401, 403];

export function Trouble({ problem, again }: { problem: ApiError; again: () => void }) {
  return (
    <div class="trouble" role="alert">
      <p><strong>{t("failed")}</strong> {problem.status === 0 ? t("offline") : problem.message}</p>
      {NO_KEY.includes(problem.status) ? <AskKey again={again} /> : <button type="button" onClick={again}>{t("retry")}</button>}
    </div>
  );
}

export function AskKey({ again }: { again: () => void }) {
  return (
    <form class="row" onSubmit={(event) => {
      event.preventDefault();
      takeKey(field(event.currentTarget, "key"));
      again();
    }}>
      <label>{t("key_needed")} <input name="key" type="password" autocomplete="off" required /></label>
      <button type="submit">{t("key_use")}</button>
    </form>
  );
}

// May what was done here be used? The switch, what it means, and the way to be forgotten.
import { load } from "../state/feed";
import { announce } from "../state/announce";
import { forget, personal } from "../state/person";
import { t } from "../words/lang";

export function Personal() {
  const forgetAll = async () => {
    await forget();
    announce(t("forgotten"));
    await load();
  };
  return (
    <section class="personal">
      <label class="row">
        <input id="personal" type="checkbox" role="switch" checked={personal.value}
          onChange={(event) => (personal.value = event.currentTarget.checked)} />
        {t("personalise")}
      </label>
      <p class="dim">{t(personal.value ? "personal_on" : "personal_off")}</p>
      {personal.value && <button type="button" id="forget" onClick={() => void forgetAll()}>{t("forget")}</button>}
    </section>
  );
}

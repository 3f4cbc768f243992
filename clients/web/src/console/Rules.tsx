// What is moved by hand? The rules, a form for another, and who changed what.
import { field } from "../words/field";
import { t } from "../words/lang";
import { act } from "./act";
import { Part } from "./Part";

interface Rule {
  id: string;
  action: string;
  items: string[];
  query: string | null;
  slot: string | null;
}

const ACTIONS = ["pin", "boost", "bury", "hide"];
const at = (id: string): string => `/v1/house/rules/${encodeURIComponent(id)}`;

export function Rules() {
  return (
    <Part<{ rules: Rule[] }> title="rules" path="/v1/house/rules">
      {({ rules }, again) => (
        <>
          {rules.length === 0 && <p class="dim">{t("none")}</p>}
          <ul>
            {rules.map((rule) => (
              <li key={rule.id} class="row">
                <span><b>{rule.id}</b>: {rule.action} {rule.items.join(", ")} — {rule.query ?? rule.slot}</span>
                <button type="button" aria-label={`${t("take_away")}: ${rule.id}`} onClick={() => void act("DELETE", at(rule.id), undefined, again)}>{t("take_away")}</button>
              </li>
            ))}
          </ul>
          <Another again={again} />
        </>
      )}
    </Part>
  );
}

function Another({ again }: { again: () => void }) {
  return (
    <form class="row" onSubmit={(event) => {
      event.preventDefault();
      const form = event.currentTarget;
      const items = field(form, "items").split(/[\s,]+/).filter(Boolean);
      void act("PUT", at(field(form, "id")), { action: field(form, "action"), items, query: field(form, "query"), places: 0 }, again);
    }}>
      <label>ID <input name="id" required pattern="[A-Za-z0-9._\-]+" maxLength={80} /></label>
      <label>{t("action")} <select name="action">{ACTIONS.map((each) => <option key={each}>{each}</option>)}</select></label>
      <label>{t("items")} <input name="items" required /></label>
      <label>{t("query")} <input name="query" required maxLength={512} /></label>
      <button type="submit">{t("put")}</button>
    </form>
  );
}

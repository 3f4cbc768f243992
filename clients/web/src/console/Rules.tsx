// What is moved by hand? The rules, a form for another or to change one, and who changed what.
import { useState } from "preact/hooks";
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
  value: string | null;
  places: number;
  since: string | null;
  until: string | null;
}
interface Change {
  at: string;
  who: string;
  what: string;
  id: string;
}

const ACTIONS = ["pin", "boost", "bury", "hide"];
const NEWEST = 5;
const at = (id: string): string => `/v1/house/rules/${encodeURIComponent(id)}`;

export function Rules() {
  const [chosen, choose] = useState<Rule>();
  return (
    <Part<{ rules: Rule[]; log: Change[] }> title="rules" path="/v1/house/rules">
      {({ rules, log }, again) => (
        <>
          {rules.length === 0 && <p class="dim">{t("none")}</p>}
          <ul>
            {rules.map((rule) => (
              <li key={rule.id} class="row">
                <span><b>{rule.id}</b>: {rule.action} {rule.items.join(", ")} — {[rule.query, rule.slot, rule.value].filter(Boolean).join(" · ")}{rule.until && ` … ${rule.until.slice(0, 10)}`}</span>
                <button type="button" aria-label={`${t("edit")}: ${rule.id}`} onClick={() => choose(rule)}>{t("edit")}</button>
                <button type="button" aria-label={`${t("take_away")}: ${rule.id}`} onClick={() => void act("DELETE", at(rule.id), undefined, again)}>{t("take_away")}</button>
              </li>
            ))}
          </ul>
          <Editor key={chosen?.id ?? ""} rule={chosen} again={() => {
            choose(undefined);
            again();
          }} />
          {log.length > 0 && (
            <details>
              <summary>{t("changes")}</summary>
              <ol>{log.slice(0, NEWEST).map((each) => <li key={each.at + each.id}><small>{each.at.slice(0, 16).replace("T", " ")} {each.who}: {each.what} <b>{each.id}</b></small></li>)}</ol>
            </details>
          )}
        </>
      )}
    </Part>
  );
}

/** A date of a form as the first moment of that day; null for none. */
const day = (form: HTMLFormElement, name: string): string | null => (field(form, name) ? `${field(form, name)}T00:00:00Z` : null);

function Editor({ rule, again }: { rule: Rule | undefined; again: () => void }) {
  const put = (form: HTMLFormElement) => {
    const said = (name: string) => field(form, name) || null;
    const items = field(form, "items").split(/[\s,]+/).filter(Boolean);
    const body = { action: field(form, "action"), items, query: said("query"), slot: said("slot"), value: said("value"), places: Number(field(form, "places") || 0), since: day(form, "since"), until: day(form, "until") };
    void act("PUT", at(field(form, "id")), body, again);
  };
  return (
    <form class="row" onSubmit={(event) => {
      event.preventDefault();
      put(event.currentTarget);
    }}>
      <label>ID <input name="id" required pattern="[A-Za-z0-9._\-]+" maxLength={80} defaultValue={rule?.id} /></label>
      <label>{t("action")} <select name="action">{ACTIONS.map((each) => <option key={each} selected={each === rule?.action}>{each}</option>)}</select></label>
      <label>{t("items")} <input name="items" required defaultValue={rule?.items.join(", ")} /></label>
      <label>{t("query")} <input name="query" maxLength={512} defaultValue={rule?.query ?? ""} /></label>
      <label>{t("slot")} <input name="slot" maxLength={40} defaultValue={rule?.slot ?? ""} /></label>
      <label>{t("value")} <input name="value" maxLength={200} defaultValue={rule?.value ?? ""} /></label>
      <label>{t("places")} <input name="places" type="number" min={0} max={100} defaultValue={String(rule?.places ?? 0)} /></label>
      <label>{t("since")} <input name="since" type="date" defaultValue={rule?.since?.slice(0, 10)} /></label>
      <label>{t("until")} <input name="until" type="date" defaultValue={rule?.until?.slice(0, 10)} /></label>
      <button type="submit">{t("put")}</button>
    </form>
  );
}

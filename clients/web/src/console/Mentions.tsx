// Which names in notes lead to nothing? Each can be given to the item that it is a name of.
import { field } from "../words/field";
import { t } from "../words/lang";
import { act } from "./act";
import { Part } from "./Part";

interface Mention {
  name: string;
  notes: number;
  examples: string[];
  like: string | null;
}

const PATH = "/v1/mentions";
const MOST = 20;

export function Mentions() {
  return (
    <Part<{ mentions: Mention[] }> title="mentions" path={PATH}>
      {({ mentions }, again) => (
        <>
          {mentions.length === 0 && <p class="dim">{t("none")}</p>}
          <ul>
            {mentions.slice(0, MOST).map(({ name, notes, examples, like }) => (
              <li key={name}>
                <form class="row" onSubmit={(event) => {
                  event.preventDefault();
                  void act("POST", PATH, { name, id: field(event.currentTarget, "id") }, again);
                }}>
                  <span><b>{name}</b> <small>{t("notes_count", { n: notes })}: {examples.slice(0, 3).join(", ")}</small></span>
                  <label>{t("is_name_of")} <input name="id" required defaultValue={like ?? ""} /></label>
                  <button type="submit">{t("apply")}</button>
                </form>
              </li>
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}

// How would another order, or other settings, answer? Two lists side by side; a click grades an item, and trains by it.
import { useState } from "preact/hooks";
import { call } from "../api/client";
import type { Answer, Kind } from "../api/types";
import { announce } from "../state/announce";
import { useAnswer } from "../state/useAnswer";
import { field } from "../words/field";
import { lang, t } from "../words/lang";
import { act } from "./act";
import { Graded } from "./Graded";

type Side = "left" | "right";
type Grades = Record<string, number>;
interface Way {
  model: string | number;
  constraints: boolean;
  rules: boolean;
}
interface Question {
  q: string;
  lang: string;
  kinds: Kind[];
}
interface Compared {
  sides: [Answer, Answer];
  shared: number;
  grades: Grades;
}

const SIDES: Side[] = ["left", "right"];
const NAMED = ["serving", "hand", "retrieval"] as const;
const KINDS: Kind[] = ["poi", "note", "product"];

export function Compare() {
  const [asked, setAsked] = useState<Question>();
  const [found, setFound] = useState<Compared>();
  const compare = async (form: HTMLFormElement) => {
    const kind = field(form, "kind");
    const question = { q: field(form, "q"), lang: lang.value, kinds: KINDS.filter((each) => each === kind) };
    try {
      setFound(await call<Compared>("/v1/house/compare", { body: { ...question, left: way(form, "left"), right: way(form, "right") } }));
      setAsked(question);
    } catch (problem) {
      announce(problem instanceof Error ? problem.message : t("failed"));
    }
  };
  return (
    <section class="hit broad" id="compare" aria-labelledby="compare-title">
      <h3 id="compare-title">{t("side_by_side")}</h3>
      <form onSubmit={(event) => {
        event.preventDefault();
        void compare(event.currentTarget);
      }}>
        <div class="row">
          <label>{t("query")} <input class="long" name="q" required maxLength={512} /></label>
          <label>{t("kinds")} <select name="kind"><option value="">{t("all")}</option>{KINDS.map((each) => <option key={each} value={each}>{t(each)}</option>)}</select></label>
          <button type="submit" class="main">{t("compare")}</button>
        </div>
        <div class="sides">{SIDES.map((side) => <WayOf key={side} side={side} />)}</div>
      </form>
      {found && asked && <Both found={found} asked={asked} />}
    </section>
  );
}

function way(form: HTMLFormElement, side: Side): Way {
  const model = field(form, `${side}-model`);
  return { model: /^\d+$/.test(model) ? Number(model) : model, constraints: field(form, `${side}-constraints`) === "on", rules: field(form, `${side}-rules`) === "on" };
}

function WayOf({ side }: { side: Side }) {
  const { found } = useAnswer<{ models: { number: number }[] }>("/v1/house/versions");
  return (
    <fieldset class="row">
      <legend>{t(side)}</legend>
      <label>{t("order")} <select name={`${side}-model`}>
        {NAMED.map((each) => <option key={each} value={each} selected={each === (side === "left" ? "serving" : "hand")}>{t(`order_${each}`)}</option>)}
        {found?.models.map(({ number }) => <option key={number} value={number}>{t("model")} {number}</option>)}
      </select></label>
      <label><input type="checkbox" name={`${side}-constraints`} defaultChecked /> {t("with_constraints")}</label>
      <label><input type="checkbox" name={`${side}-rules`} defaultChecked /> {t("with_rules")}</label>
    </fieldset>
  );
}

function Both({ found, asked }: { found: Compared; asked: Question }) {
  const [grades, setGrades] = useState<{ of: Compared; known: Grades }>({ of: found, known: found.grades });
  const known = grades.of === found ? grades.known : found.grades;
  const grade = (id: string, given: number) => {
    const taken = known[id] === given; // the same again takes it away
    const rest = Object.fromEntries(Object.entries(known).filter(([name]) => name !== id));
    void act("PUT", "/v1/house/judgments", { ...asked, grades: { [id]: taken ? null : given } }, () =>
      setGrades({ of: found, known: taken ? rest : { ...rest, [id]: given } }));
  };
  const places = found.sides.map(({ hits }) => new Map(hits.map(({ id }, at) => [id, at + 1])));
  return (
    <>
      <p class="dim">{t("shared_items", { n: found.shared })} · {t("graded", { n: Object.keys(known).length })} · {t("graded_use")}</p>
      <div class="sides">
        {found.sides.map((side, at) => (
          <section key={SIDES[at]} id={`side-${SIDES[at] ?? ""}`} aria-label={t(SIDES[at] ?? "left")}>
            <h4>{side.versions["model"]} <small>{t("total", { n: side.total })}</small></h4>
            <ol>{side.hits.map((hit, place) => (
              <Graded key={hit.id} hit={hit} place={place + 1} other={places[1 - at]?.get(hit.id)} grade={known[hit.id]} give={(given) => grade(hit.id, given)} />
            ))}</ol>
          </section>
        ))}
      </div>
    </>
  );
}

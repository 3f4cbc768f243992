// Where does an item stand in one list, where in the other, and how good is it? Four grades; the same again takes it away.
import type { Hit } from "../api/types";
import { t } from "../words/lang";

const GRADES = [0, 1, 2, 3];

interface Props {
  hit: Hit;
  place: number;
  other: number | undefined;
  grade: number | undefined;
  give: (grade: number) => void;
}

export function Graded({ hit, place, other, grade, give }: Props) {
  const name = hit.item.name ?? hit.item.title ?? hit.id;
  const moved = other === undefined ? t("only_here") : other === place ? "=" : other > place ? `↑${other - place}` : `↓${place - other}`;
  return (
    <li class="graded" data-id={hit.id}>
      <span>{place}. {name} <small>{moved}</small></span>
      <span class="grades" role="group" aria-label={t("grade_of", { what: name })}>
        {GRADES.map((each) => <button key={each} type="button" aria-pressed={grade === each} aria-label={`${t("grade")} ${each}: ${name}`} onClick={() => give(each)}>{each}</button>)}
      </span>
    </li>
  );
}

// What do notes disagree about, and what do they say most recently?
import { Trust } from "../card/Facts";
import { t } from "../words/lang";

export interface Reviewed {
  type: "review";
  item: { name: string };
  contradictions: { attribute: string; label: string; for: number; against: number }[];
  newest: { date: string | null; note_id: string; sentence: string; label: string; trust: string }[];
}

export function Review({ item, contradictions, newest }: Reviewed) {
  return (
    <>
      <p><b>{item.name}</b></p>
      <ul>
        {contradictions.map((each) => (
          <li key={each.attribute}>{each.label}: {t("support", { n: each.for })}, {t("against", { n: each.against })}</li>
        ))}
      </ul>
      {newest.map((each) => (
        <figure key={each.note_id + each.sentence} class="proof">
          <blockquote>{each.sentence}</blockquote>
          <figcaption>{each.date} · {each.label} · <Trust label={each.trust} /></figcaption>
        </figure>
      ))}
    </>
  );
}

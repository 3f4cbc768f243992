// What is all that is known of it? Each attribute: the verdict, the merchant's word, sentences for and against.
import type { Dossier } from "../api/types";
import { Trouble } from "../search/Trouble";
import { useAnswer } from "../state/useAnswer";
import { day } from "../words/format";
import { lang, said, t } from "../words/lang";
import { Trust } from "./Facts";
import { Mark } from "./Mark";

export function DossierOf({ id }: { id: string }) {
  const { found, problem, again } = useAnswer<Dossier>(`/v1/items/${encodeURIComponent(id)}/evidence?lang=${lang.value}`);
  if (problem) return <Trouble problem={problem} again={again} />;
  if (!found) return <p role="status">{t("loading")}</p>;
  if (!found.attributes.length) return <p class="dim">{t("no_evidence")}</p>;
  return (
    <div class="dossier">
      <p class="dim">{t("notes_count", { n: found.notes })}</p>
      <ul class="verdicts">{found.attributes.map((each) => <Attribute key={each.attribute} {...each} />)}</ul>
    </div>
  );
}

function Attribute({ verdict, label, merchant, quotes }: Dossier["attributes"][number]) {
  return (
    <li class={verdict}>
      <Mark verdict={verdict} /> {said(label)}
      {merchant !== null && <small> · {t(merchant ? "merchant_yes" : "merchant_no")}</small>}
      {quotes.map((quote) => (
        <figure key={quote.note_id + quote.sentence} class="proof">
          <blockquote>{quote.sentence}</blockquote>
          <figcaption>
            {quote.says === "yes" ? "+" : "−"} {quote.date && <time dateTime={quote.date}>{day(quote.date)}</time>}
            {" "}<Trust label={quote.trust} />{quote.ended && ` · ${t("ended")}`}
          </figcaption>
        </figure>
      ))}
    </li>
  );
}

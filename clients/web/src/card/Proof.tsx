// Who said so, and when? The sentence, its date, and the note with how far it is to be trusted.
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client";
import type { Evidence, Item } from "../api/types";
import { day } from "../words/format";
import { t } from "../words/lang";
import { Trust } from "./Facts";

export function Proof({ evidence }: { evidence: Evidence }) {
  const [note, setNote] = useState<Item | null>(null);
  const id = evidence.note_id;

  useEffect(() => {
    if (id !== undefined) void call<Item>(`/v1/items/${encodeURIComponent(id)}`).then(setNote, () => undefined);
  }, [id]);

  return (
    <figure class="proof">
      <blockquote>{evidence.sentence}</blockquote>
      <figcaption>
        {evidence.date && <time dateTime={evidence.date}>{day(evidence.date)}</time>}
        {note && <> · {t("source")} <cite>{note.title ?? note.name ?? id}</cite></>}
        {note?.trust && <> · <Trust label={note.trust} why={note.trust_why} /></>}
      </figcaption>
    </figure>
  );
}

// What belongs to it? A note's places and products, the notes about a place, and what goes together with it.
import { Trouble } from "../search/Trouble";
import { useAnswer } from "../state/useAnswer";
import { lang, t } from "../words/lang";
import { Brief, type BriefItem } from "./Brief";

const GROUPS = { places: "poi", products: "product", notes: "note", together: "goes_with" } as const;
const NAMES = Object.keys(GROUPS) as (keyof typeof GROUPS)[];

export function Related({ id }: { id: string }) {
  const path = `/v1/related/${encodeURIComponent(id)}?limit=5&lang=${lang.value}`;
  const { found, problem, again } = useAnswer<Partial<Record<keyof typeof GROUPS, BriefItem[]>>>(path);
  if (problem) return <Trouble problem={problem} again={again} />;
  if (!found) return <p role="status">{t("loading")}</p>;
  return (
    <>
      {NAMES.filter((name) => found[name]?.length).map((name) => (
        <section key={name} class="group">
          <h3>{t(GROUPS[name])}</h3>
          <Brief items={found[name] ?? []} />
        </section>
      ))}
      {NAMES.every((name) => !found[name]?.length) && <p class="dim">{t("nothing_near")}</p>}
    </>
  );
}

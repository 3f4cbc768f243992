// What is it like at a glance? Where, how far, open now, price, rating; a note's date and how far it is to be trusted.
import type { ComponentChildren } from "preact";
import type { Hit } from "../api/types";
import { apart, position } from "../state/place";
import { day, kilometres, money } from "../words/format";
import { isKey, t } from "../words/lang";

export function Facts({ hit }: { hit: Hit }) {
  const facts = [...places(hit), ...amounts(hit), ...sources(hit)];
  return <p class="facts">{facts.map((fact, at) => <span key={at}>{fact}</span>)}</p>;
}

function places({ item, kind, open_now: open }: Hit): ComponentChildren[] {
  const here = position.value;
  const where = [item.area ?? item.district, item.city].filter(Boolean).join(", ");
  return [
    item.brand,
    where,
    here && item.lat !== undefined && item.lon !== undefined && <b>{kilometres(apart(here, { lat: item.lat, lon: item.lon }))}</b>,
    kind === "poi" && open !== undefined && <b class={open ? "open" : "closed"}>{t(open ? "open_now" : "closed_now")}</b>,
    item.opening_hours,
  ].filter(Boolean);
}

function amounts({ item }: Hit): ComponentChildren[] {
  return [
    item.price_per_person !== undefined && `${money(item.price_per_person, item.currency)} ${t("per_person")}`,
    item.price !== undefined && money(item.price, item.currency),
    item.rating !== undefined && (
      <span role="img" aria-label={t("rated", { n: item.rating, count: item.rating_count ?? 0 })}>★ {item.rating}</span>
    ),
  ].filter(Boolean);
}

function sources({ item }: Hit): ComponentChildren[] {
  return [
    item.published_at !== undefined && <time dateTime={day(item.published_at)}>{day(item.published_at)}</time>,
    item.trust && <Trust label={item.trust} why={item.trust_why} />,
    !!item.saves && t("saves", { n: item.saves }),
  ].filter(Boolean);
}

export function Trust({ label, why }: { label: string; why?: string[] | undefined }) {
  return <span class={`trust ${label}`} title={why?.join("; ")}>{isKey(label) ? t(label) : label}</span>;
}

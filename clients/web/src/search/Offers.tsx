// What can be taken, for how much?
import { money } from "../words/format";

export interface Offered {
  type: "offers";
  offers: { id: string; name: string | null; price: number | null; currency: string | null; link: string | null; opening_hours: string | null }[];
}

export function Offers({ offers }: Offered) {
  return (
    <ul>
      {offers.map(({ id, name, price, currency, link, opening_hours: hours }) => (
        <li key={id}>
          <b>{name}</b> {price !== null && money(price, currency ?? "CNY")} <small>{hours}</small>{" "}
          {link !== null && /^https?:/.test(link) && <a href={link} rel="noreferrer">{new URL(link).hostname}</a>}
        </li>
      ))}
    </ul>
  );
}

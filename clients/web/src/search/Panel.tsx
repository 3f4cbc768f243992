// What does the intent ask for beside a list? Two things side by side, a route, what is disputed, offers.
import { answer } from "../state/search";
import { t } from "../words/lang";
import { Comparison, type Compared } from "./Comparison";
import { Offers, type Offered } from "./Offers";
import { Review, type Reviewed } from "./Review";
import { Route, type Routed } from "./Route";

export type AnyPanel = Compared | Routed | Reviewed | Offered;

export function Panel() {
  const panel = answer.value?.panel;
  if (!panel) return null;
  return <section id="panel" class="hit" aria-labelledby="panel-title">{shown(panel)}</section>;
}

function shown(panel: AnyPanel) {
  switch (panel.type) {
    case "comparison": return <><Title name="panel_compare" /><Comparison {...panel} /></>;
    case "route": return <><Title name="panel_itinerary" /><Route {...panel} /></>;
    case "review": return <><Title name="panel_review_check" /><Review {...panel} /></>;
    case "offers": return <><Title name="panel_deal" /><Offers {...panel} /></>;
  }
}

const Title = ({ name }: { name: "panel_compare" | "panel_itinerary" | "panel_review_check" | "panel_deal" }) => (
  <h2 id="panel-title">{t(name)}</h2>
);

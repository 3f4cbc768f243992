// How are a place and a ring drawn? A numbered pin that leads to its card, a circle with its reach.
import { circle as round, divIcon, marker, type Circle, type Marker } from "leaflet";
import type { Placed, Ring } from "../state/placed";
import { kilometres } from "../words/format";
import { t } from "../words/lang";

export function pin({ hit, at }: Placed): Marker {
  const name = `${hit.position + 1}. ${hit.item.name ?? hit.item.title ?? hit.id}`;
  const icon = divIcon({ className: "pin", html: String(hit.position + 1), iconSize: [28, 28] });
  return marker(at, { icon, title: name }).on("click keypress", () => reveal(hit.id));
}

export const circle = ({ at, km }: Ring): Circle =>
  round(at, { radius: km * 1000, className: "ring", fill: false, weight: 2, interactive: true }).bindTooltip(t("ring", { km: kilometres(km) }));

/** Bring the card of a place into view, and mark it. */
function reveal(id: string): void {
  document.querySelectorAll(".hit.chosen").forEach((each) => each.classList.remove("chosen"));
  const card = document.getElementById(`hit-${id}`);
  if (!card) return;
  card.classList.add("chosen");
  card.tabIndex = -1;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "center" });
}

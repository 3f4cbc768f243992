// How are a place and a ring drawn? A numbered pin that leads to its card, a circle with its reach.
import { circle as round, divIcon, latLngBounds, marker, type Circle, type Map, type Marker } from "leaflet";
import type { Placed, Ring } from "../state/placed";
import { kilometres } from "../words/format";
import { t } from "../words/lang";

/** A pin for places that lie together: several are looked at from nearer by, or (where they cannot be told apart) in the list. */
export function pin(map: Map, group: [Placed, ...Placed[]]): Marker {
  const [{ hit, at }] = group;
  const number = `${hit.position + 1}${group.length > 1 ? "+" : ""}`;
  const icon = divIcon({ className: "pin", html: number, iconSize: [30, 30] });
  const nearer = () => map.fitBounds(latLngBounds(group.map((each) => each.at)), { padding: [40, 40] });
  return marker(at, { icon, title: group.map(named).join("; ") }).on("click keypress", () => {
    const before = map.getZoom();
    if (group.length > 1) nearer();
    if (map.getZoom() === before) reveal(hit.id);
  });
}

const named = ({ hit }: Placed): string => `${hit.position + 1}. ${hit.item.name ?? hit.item.title ?? hit.id}`;

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

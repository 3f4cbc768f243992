// Which pins would lie on each other? Those that are nearer on the screen than a finger is wide become one.
import type { Map } from "leaflet";
import type { Placed } from "../state/placed";

const APART_PX = 30;

/** Groups of places, each begun by the best of them, at the map's present zoom. */
export function groups(map: Map, places: Placed[]): Placed[][] {
  const made: Placed[][] = [];
  for (const place of places) {
    const at = map.latLngToLayerPoint(place.at);
    const near = made.find(([first]) => first && map.latLngToLayerPoint(first.at).distanceTo(at) < APART_PX);
    if (near) near.push(place);
    else made.push([place]);
  }
  return made;
}

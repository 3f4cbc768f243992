// How is a map begun? Somewhere, with a scale; the wheel scrolls the page unless the map has the focus.
import { control, map as made, type Map } from "leaflet";

export function chart(box: HTMLElement): Map {
  const map = made(box, { scrollWheelZoom: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
  map.setView([30, 110], 4);
  map.attributionControl.setPrefix(false);
  control.scale({ imperial: false }).addTo(map);
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  return map;
}

// What is under the pins? Tiles where they are set, else lines of latitude and longitude, which need no network.
import { layerGroup, polyline, tileLayer, type Map } from "leaflet";

const STEPS = [20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002];
const LINES = 6;

export function plain(map: Map, tiles: string | null, credit: string): void {
  if (tiles) tileLayer(tiles, { attribution: credit }).addTo(map);
  else graticule(map);
}

function graticule(map: Map): void {
  const lines = layerGroup().addTo(map);
  const draw = () => {
    lines.clearLayers();
    const bounds = map.getBounds();
    const [south, north, west, east] = [bounds.getSouth(), bounds.getNorth(), bounds.getWest(), bounds.getEast()];
    const step = STEPS.find((each) => (east - west) / each >= LINES) ?? 0.001;
    for (const lat of marks(south, north, step)) line([[lat, west - step], [lat, east + step]]);
    for (const lon of marks(west, east, step)) line([[south - step, lon], [north + step, lon]]);
  };
  const line = (ends: [number, number][]) => polyline(ends, { className: "grid", weight: 1, interactive: false }).addTo(lines);
  map.on("moveend", draw);
  draw();
}

const marks = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.min(100, Math.floor(to / step) - Math.ceil(from / step) + 1) }, (_, n) => (Math.ceil(from / step) + n) * step);

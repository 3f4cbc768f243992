// Where are the places? A map of what was found and of the ring that was searched. Without tiles it is a plain one.
import type { LayerGroup, Map } from "leaflet";
import { layerGroup, latLngBounds } from "leaflet";
import "leaflet/dist/leaflet.css";
import { useEffect, useRef } from "preact/hooks";
import { config } from "../state/config";
import { placed, rings } from "../state/placed";
import { t } from "../words/lang";
import "./map.css";
import { groups } from "./groups";
import { plain } from "./plain";
import { circle, pin } from "./shapes";
import { chart } from "./chart";

const ROOM = { padding: [28, 28] as [number, number], maxZoom: 15 };

export default function MapPane() {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<{ map: Map; shapes: LayerGroup }>(undefined);
  const [places, around] = [placed.value, rings.value];

  useEffect(() => {
    if (!box.current) return;
    const map = chart(box.current);
    drawn.current = { map, shapes: layerGroup().addTo(map) };
    void config().then(({ tiles, credit }) => plain(map, tiles, credit));
    return () => {
      drawn.current = undefined;
      map.remove();
    };
  }, []);

  useEffect(() => {
    if (!drawn.current) return undefined;
    const { map, shapes } = drawn.current;
    shapes.clearLayers();
    const bounds = latLngBounds(places.map(({ at }) => at));
    const near = around.map((ring) => circle(ring).addTo(shapes)); // a circle knows its bounds only on a map
    near.forEach((ring) => bounds.extend(ring.getBounds()));
    if (bounds.isValid()) map.fitBounds(bounds, ROOM);
    const pins = layerGroup().addTo(shapes);
    const place = () => {
      pins.clearLayers();
      groups(map, places).forEach(([first, ...others]) => first && pin(map, [first, ...others]).addTo(pins));
    };
    place();
    map.on("zoomend", place);
    return () => void map.off("zoomend", place);
  }, [places, around]);

  return (
    <section class="map" aria-label={t("map_label")}>
      <div ref={box} />
    </section>
  );
}

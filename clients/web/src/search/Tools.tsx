// How is the answer looked at? By kind, on a map, from where one stands.
import { useState } from "preact/hooks";
import { locate, position } from "../state/place";
import { mapShown, placed } from "../state/placed";
import { answer, repeat } from "../state/search";
import { t } from "../words/lang";
import { Tabs } from "./Tabs";

export function Tools() {
  const [failed, setFailed] = useState(false);
  if (!answer.value) return null;
  const here = () => locate().then(() => void repeat(), () => setFailed(true));
  return (
    <div class="tools">
      <Tabs />
      {placed.value.length > 0 && (
        <button type="button" id="map-toggle" aria-pressed={mapShown.value} onClick={() => (mapShown.value = !mapShown.value)}>{t("map")}</button>
      )}
      <button type="button" id="locate" aria-pressed={position.value !== null} onClick={() => void here()}>
        {t(position.value ? "located" : "locate")}
      </button>
      {failed && <span role="alert">{t("locate_failed")}</span>}
    </div>
  );
}

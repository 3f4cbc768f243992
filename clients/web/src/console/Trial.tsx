// How does a challenger do in the shadow? How its orders differ from those shown, by slice.
import { t } from "../words/lang";
import { Part } from "./Part";

interface Shadow {
  model: string | null;
  slices: Record<string, Record<string, number>>;
}

export function Trial() {
  return (
    <Part<Shadow> title="shadow" path="/v1/house/shadow">
      {({ model, slices }) => (
        <>
          <p class="dim">{model ?? t("none")}</p>
          <ul>
            {Object.entries(slices).map(([slice, told]) => (
              <li key={slice}><b>{slice}</b> {Object.entries(told).map(([name, value]) => `${name} ${value.toFixed(2)}`).join(" · ")}</li>
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}

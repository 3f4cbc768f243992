// How does one search? The box, what was understood and said, the list, and a map beside what has a place.
import { Later } from "../Later";
import { idle } from "../state/idle";
import { mapShown, placed } from "../state/placed";
import { Chips } from "./Chips";
import { Examples } from "./Examples";
import { FollowUp } from "./FollowUp";
import { Hits } from "./Hits";
import { Panel } from "./Panel";
import { Said } from "./Said";
import { SearchBox } from "./SearchBox";
import { Tools } from "./Tools";

const map = () => idle().then(() => import("../map/MapPane"));

export function SearchView() {
  const beside = mapShown.value && placed.value.length > 0;
  return (
    <>
      <SearchBox />
      <Examples />
      <Chips />
      <FollowUp />
      <Said />
      <Tools />
      <div class={beside ? "found beside" : "found"}>
        <div class="list">
          <Panel />
          <Hits />
        </div>
        {beside && <Later load={map} />}
      </div>
    </>
  );
}

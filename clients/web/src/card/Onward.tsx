// Where to from here? What is like it, and all that is known of it.
import type { Hit } from "../api/types";

export function Onward({ hit }: { hit: Hit }) {
  return <div class="onward" data-of={hit.id} />;
}

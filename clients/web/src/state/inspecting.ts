// Is the developer's drawer open?
import { signal } from "@preact/signals";

export const inspecting = signal(false);

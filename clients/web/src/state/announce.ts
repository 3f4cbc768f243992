// What should a screen reader say of what just happened? One line that is read aloud when it changes.
import { signal } from "@preact/signals";

export const announced = signal("");

export const announce = (text: string): void => {
  announced.value = text;
};

// Where do the words stand? Stretches are counted in characters, as the server counts them, not in UTF-16 units.
import type { ComponentChildren } from "preact";

interface Props {
  text: string;
  spans: [number, number][];
}

export function Marked({ text, spans }: Props) {
  const characters = Array.from(text);
  const parts: ComponentChildren[] = [];
  let at = 0;
  for (const [start, end] of spans) {
    parts.push(characters.slice(at, start).join(""), <mark>{characters.slice(start, end).join("")}</mark>);
    at = end;
  }
  return <>{parts}{characters.slice(at).join("")}</>;
}

// When is the server asked how a text may go on? After a pause, never amid an input method's composition.
import { useEffect, useRef, useState } from "preact/hooks";
import type { RefObject } from "preact";
import { call } from "../api/client";
import type { Suggestion } from "../api/types";

const PAUSE_MS = 120;
const LONGEST = 128;
const MOST = 8;

interface Suggesting {
  shown: Suggestion[];
  complete: (event: Event) => void;
  close: () => void;
}

export function useSuggestions(box: RefObject<HTMLInputElement | null>): Suggesting {
  const [shown, show] = useState<Suggestion[]>([]);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const running = useRef<AbortController>(undefined);

  const stop = () => {
    clearTimeout(waiting.current);
    running.current?.abort();
  };
  useEffect(() => stop, []);

  const request = async () => {
    const text = box.current?.value ?? "";
    if (!text.trim() || text.length > LONGEST) {
      show([]);
      return;
    }
    running.current = new AbortController();
    try {
      const path = `/v1/suggest?${new URLSearchParams({ q: text, limit: String(MOST) }).toString()}`;
      const { suggestions } = await call<{ suggestions: Suggestion[] }>(path, { signal: running.current.signal });
      if (box.current?.value === text && document.activeElement === box.current) show(suggestions);
    } catch {
      show([]); // a list that does not come keeps nobody from searching
    }
  };

  const complete = (event: Event) => {
    stop();
    if (event instanceof InputEvent && event.isComposing) return; // half a word: its end comes as compositionend
    waiting.current = setTimeout(() => void request(), PAUSE_MS);
  };
  const close = () => {
    stop();
    show([]);
  };
  return { shown, complete, close };
}

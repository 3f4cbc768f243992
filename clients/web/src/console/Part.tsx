// What does one route of the console say? A heading, and what is made of the answer; loading and trouble are alike for all.
import type { ComponentChildren } from "preact";
import { Trouble } from "../search/Trouble";
import { useAnswer } from "../state/useAnswer";
import { t, type Key } from "../words/lang";

interface Props<T> {
  title: Key;
  path: string;
  children: (found: T, again: () => void) => ComponentChildren;
}

export function Part<T>({ title, path, children }: Props<T>) {
  const { found, problem, again } = useAnswer<T>(path);
  return (
    <section class="hit" id={title} aria-labelledby={`${title}-title`}>
      <h3 id={`${title}-title`}>{t(title)}</h3>
      {problem && <Trouble problem={problem} again={again} />}
      {found !== undefined ? children(found, again) : !problem && <p role="status">{t("loading")}</p>}
    </section>
  );
}

// What is somebody about to ask? One box with a list below it (ARIA combobox): arrows choose, Enter takes, Escape closes.
import { useRef, useState } from "preact/hooks";
import type { Suggestion } from "../api/types";
import { ask, typed } from "../state/search";
import { t } from "../words/lang";
import { Suggestions } from "./Suggestions";
import { useSuggestions } from "./useSuggestions";

export const EXAMPLE = "适合周末带娃去的、有草坪的、近郊的咖啡店";

export function SearchBox() {
  const box = useRef<HTMLInputElement>(null);
  const { shown, complete, close } = useSuggestions(box);
  const [chosen, choose] = useState(-1);
  const open = shown.length > 0;

  const shut = () => {
    close();
    choose(-1);
  };
  const go = (text: string) => {
    shut();
    void ask(text);
  };
  const take = (suggestion: Suggestion | undefined) => suggestion && go(suggestion.text);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return; // the arrows and Enter of an input method are its own
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && open) {
      event.preventDefault();
      choose((chosen + step + shown.length + (chosen < 0 && step < 0 ? 1 : 0)) % shown.length);
    } else if (event.key === "Enter" && open && chosen >= 0) {
      event.preventDefault();
      take(shown[chosen]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      shut();
    }
  };

  return (
    <form id="ask" role="search" onSubmit={(event) => {
      event.preventDefault();
      go(typed.value.trim() || EXAMPLE);
    }}>
      <div id="box">
        <input ref={box} id="q" name="q" type="search" list={undefined} maxLength={512} autocomplete="off" enterkeyhint="search"
          role="combobox" aria-autocomplete="list" aria-expanded={open} aria-controls="suggestions" aria-label={t("ask")}
          aria-activedescendant={open && chosen >= 0 ? `suggestion-${chosen}` : undefined} placeholder={EXAMPLE} value={typed}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
            choose(-1);
            complete(event);
          }}
          onCompositionEnd={complete} onKeyDown={onKeyDown} onBlur={shut} />
        <Suggestions shown={shown} chosen={chosen} take={take} />
      </div>
      <button type="submit" class="main">{t("search")}</button>
    </form>
  );
}

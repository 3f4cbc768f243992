// One constraint: taken away by its cross; made hard, soft or another by its menu.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Constraint } from "../api/types";
import { change, insist } from "../state/search";
import { labelOf } from "../words/format";
import { said, t } from "../words/lang";
import { ChipMenu } from "./ChipMenu";

interface Props {
  constraint: Constraint;
  at: number;
}

export function Chip({ constraint, at }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLLIElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const what = labelOf(constraint);

  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const unwanted = constraint.polarity < 0;
  return (
    <li ref={root} class={`chip ${constraint.hardness} ${unwanted ? "not" : ""}`}
      onKeyDown={(event) => event.key === "Escape" && open && close()}>
      <button ref={opener} type="button" class="what" aria-expanded={open}
        onClick={() => setOpen(!open)}>
        {constraint.hardness === "hard" && <span aria-hidden="true">● </span>}
        {unwanted && <em>{t("not")} </em>}
        {what}
        {insist.value.has(at) && <small> · {t("firm")}</small>}
        {constraint.assumed && <small> {said(constraint.assumed)}</small>}
        <span class="hidden"> ({t(constraint.hardness === "hard" ? "must" : "wish")}), {t("edit")}</span>
      </button>
      <button type="button" class="remove" aria-label={t("remove", { what })}
        onClick={() => void change((each, place) => (place === at ? null : each))}>×</button>
      {open && <ChipMenu constraint={constraint} at={at} close={close} />}
    </li>
  );
}

// Where to from here? What is like it, what belongs to it, and all that is known of it: each opened when asked for.
import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import type { Hit } from "../api/types";
import { t } from "../words/lang";
import { DossierOf } from "./DossierOf";
import { Related } from "./Related";
import { Similar } from "./Similar";

const PARTS = { similar: Similar, related: Related, all_evidence: DossierOf } as const satisfies Record<string, ComponentType<{ id: string }>>;
const NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[];

export function Onward({ hit }: { hit: Hit }) {
  const [open, setOpen] = useState<keyof typeof PARTS | null>(null);
  const Part = open && PARTS[open];
  return (
    <div class="onward">
      <div class="row">
        {NAMES.map((name) => (
          <button key={name} type="button" class={name} aria-expanded={open === name}
            onClick={() => setOpen(open === name ? null : name)}>{t(name)}</button>
        ))}
      </div>
      {Part && <Part id={hit.id} />}
    </div>
  );
}

// One answer: what it is, what it is like, which constraints it keeps, and where to go from here.
import type { Constraint, Hit } from "../api/types";
import { tell } from "../state/person";
import { Body } from "./Body";
import { Facts } from "./Facts";
import { Heading } from "./Heading";
import { Onward } from "./Onward";
import { Verdicts } from "./Verdicts";

interface Props {
  hit: Hit;
  constraints: Constraint[];
  query: string;
}

export function Card({ hit, constraints, query }: Props) {
  return (
    <li class={`hit ${hit.kind}`} id={`hit-${hit.id}`} data-id={hit.id}
      onClick={() => void tell("click", hit.id, query, hit.position)}>
      <Heading hit={hit} />
      <Facts hit={hit} />
      <Body hit={hit} />
      <Verdicts evidence={hit.evidence} constraints={constraints} />
      <Onward hit={hit} />
    </li>
  );
}

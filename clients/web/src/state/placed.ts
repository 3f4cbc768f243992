// What of the answer has a place, and where was it looked for? What the map shows.
import { computed, signal } from "@preact/signals";
import type { Constraint, Hit } from "../api/types";
import { answer, hits } from "./search";

export interface Placed {
  hit: Hit;
  at: [number, number];
}

/** A ring that was searched: around a point, up to so many kilometres. */
export interface Ring {
  at: [number, number];
  km: number;
}

export const mapShown = signal(matchMedia("(min-width: 60rem)").matches);

export const placed = computed<Placed[]>(() =>
  hits.value.flatMap((hit) => {
    const { lat, lon } = hit.item;
    return hit.kind === "poi" && lat !== undefined && lon !== undefined ? [{ hit, at: [lat, lon] as [number, number] }] : [];
  }),
);

export const rings = computed<Ring[]>(() => (answer.value?.parse.constraints ?? []).flatMap(ringsOf));

function ringsOf({ polarity, value, assume = {} }: Constraint): Ring[] {
  const told = { ...assume, ...(isObject(value) ? value : {}) };
  const reach = numbers(told["km"])[0] ?? numbers(assume["km_from_center"]).at(-1) ?? (typeof value === "number" ? value : undefined);
  const points = Array.isArray(told["points"]) ? (told["points"] as [number, number][]) : [];
  const [lat, lon] = [told["lat"], told["lon"]];
  const centres = points.length ? points : typeof lat === "number" && typeof lon === "number" ? [[lat, lon] as [number, number]] : [];
  return polarity > 0 && reach !== undefined ? centres.map((at) => ({ at, km: reach })) : [];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const numbers = (value: unknown): number[] => [value].flat().filter((each) => typeof each === "number");

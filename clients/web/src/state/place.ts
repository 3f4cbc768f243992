// Where does the person stand? Only when they say so; it goes with each search, and is kept nowhere.
import { computed, signal } from "@preact/signals";

export interface Position {
  lat: number;
  lon: number;
}

export const position = signal<Position | null>(null);
export const near = computed(() => (position.value ? { near: position.value } : {}));

/** Ask the browser. Rejects when it knows nothing, or may not tell. */
export const locate = (): Promise<void> =>
  new Promise((done, failed) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        position.value = { lat: coords.latitude, lon: coords.longitude };
        done();
      },
      failed,
      { timeout: 10_000 },
    );
  });

const RADIANS = Math.PI / 180;
const EARTH_KM = 6371;

/** Great-circle kilometres. */
export function apart(a: Position, b: Position): number {
  const [north, east] = [(b.lat - a.lat) * RADIANS, (b.lon - a.lon) * RADIANS];
  const h = Math.sin(north / 2) ** 2 + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(h));
}

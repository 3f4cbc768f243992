// What did whoever runs the server set for the page? Asked once.
interface Config {
  tiles: string | null;
  credit: string;
  budget_ms: number;
}

const DEFAULTS: Config = { tiles: null, credit: "", budget_ms: 150 };
let asked: Promise<Config> | undefined;

/** Never rejects: without an answer the defaults hold, and a map without tiles needs nobody. */
export const config = (): Promise<Config> =>
  (asked ??= fetch("/static/page.json").then((reply) => reply.json() as Promise<Config>).catch(() => DEFAULTS));

// How does the page speak to the server? One function; what goes wrong is one kind of error, with a sentence.
const DEMO = "demo-key-for-this-machine-only";
const KEPT = "lifestyle-key";

/** The key of this visit: from ?key=, from what was typed before, else the demo's. */
export const key = (): string =>
  new URLSearchParams(location.search).get("key") ?? sessionStorage.getItem(KEPT) ?? DEMO;

/** Use another key until the tab is closed. */
export const takeKey = (typed: string): void => sessionStorage.setItem(KEPT, typed);

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

interface Options {
  body?: unknown;
  method?: string;
  signal?: AbortSignal;
}

/** The JSON answer of a route. Throws ApiError with the server's own sentence; status 0: nobody answered. */
export async function call<T>(path: string, { body, method, signal }: Options = {}): Promise<T> {
  const reply = await reach(path, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { Authorization: `Bearer ${key()}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  if (reply.ok) return (await reply.json()) as T;
  const answer = (await reply.json().catch(() => ({}))) as { error?: { message: string } };
  throw new ApiError(reply.status, answer.error?.message ?? reply.statusText);
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (problem) {
    if (problem instanceof DOMException && problem.name === "AbortError") throw problem;
    throw new ApiError(0, "");
  }
}

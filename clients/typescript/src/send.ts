// How does one request become an answer or an error? fetch, a time limit, retries, and the server's own sentence.
import { LifestyleError, troubleOf } from "./errors.ts";
import { PATIENT, retryAfter, wait, type Retries } from "./retries.ts";

export interface Options {
  /** Seconds for one attempt. */
  timeout?: number;
  retries?: Retries;
  fetch?: typeof fetch;
}

export interface Call {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: Record<string, string | number | readonly string[] | null | undefined>;
  body?: unknown;
  /** A body that is sent as it is. */
  text?: string;
  /** The key by which a write is done once, however often it is sent. */
  key?: string;
  /** To send it twice does no more than to send it once. */
  repeatable?: boolean;
  signal?: AbortSignal;
}

export class Sender {
  readonly #base: string;
  readonly #key: string;
  readonly #timeout: number;
  readonly #retries: Retries;
  readonly #fetch: typeof fetch;

  constructor(url: string, key: string, { timeout = 10, retries = PATIENT, fetch = globalThis.fetch }: Options = {}) {
    this.#base = url.replace(/\/+$/, "");
    this.#key = key;
    this.#timeout = timeout;
    this.#retries = retries;
    this.#fetch = fetch;
  }

  /** The JSON answer of any route. Throws LifestyleError; an abort by the caller's signal is thrown as it is. */
  async send<T>(call: Call): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt<T>(call);
      } catch (error) {
        if (!(error instanceof LifestyleError)) throw error;
        const seconds = wait(this.#retries, error, attempt, call.repeatable ?? true);
        if (seconds === null) throw error;
        await pause(seconds, call.signal);
      }
    }
  }

  async #attempt<T>(call: Call): Promise<T> {
    const late = AbortSignal.timeout(this.#timeout * 1000);
    const signal = call.signal ? AbortSignal.any([call.signal, late]) : late;
    try {
      const reply = await this.#fetch(this.#url(call), { ...this.#init(call), signal });
      return read(reply, await reply.text(), call.path) as T;
    } catch (problem) {
      if (problem instanceof LifestyleError || call.signal?.aborted) throw problem;
      if (late.aborted) throw new LifestyleError("timed_out", `no answer within ${this.#timeout} s`, { cause: problem });
      throw new LifestyleError("unreachable", `no answer: ${said(problem)}`, { cause: problem });
    }
  }

  #url({ path, query = {} }: Call): string {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== null && one !== undefined) params.append(name, String(one));
      }
    }
    return this.#base + path + (params.size > 0 ? `?${params}` : "");
  }

  #init({ method, body, text, key }: Call): RequestInit {
    const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
    return {
      method: method ?? (sent === undefined ? "GET" : "POST"),
      headers: {
        Authorization: `Bearer ${this.#key}`,
        ...(sent === undefined ? {} : { "Content-Type": "application/json" }),
        ...(key === undefined ? {} : { "Idempotency-Key": key }),
      },
      ...(sent === undefined ? {} : { body: sent }),
    };
  }
}

function read(reply: Response, text: string, path: string): unknown {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch (problem) {
    if (reply.ok) throw new LifestyleError("malformed", `${path}: not an answer of this API: it is not JSON`, { cause: problem });
  }
  if (!reply.ok) throw refused(reply, told);
  if (typeof told !== "object" || told === null || Array.isArray(told)) {
    throw new LifestyleError("malformed", `${path}: not an answer of this API: it is no object`);
  }
  return told;
}

/** The error that a status and its body tell of; a body that is not ours (a proxy's) is not repeated. */
function refused(reply: Response, told: unknown): LifestyleError {
  const ours = (told as { error?: { code?: unknown; message?: unknown; field?: unknown } } | null | undefined)?.error;
  const details = { status: reply.status, retryAfter: retryAfter(reply.headers.get("Retry-After")) };
  if (typeof ours?.code !== "string" || typeof ours.message !== "string") {
    return new LifestyleError(troubleOf(reply.status), `${reply.status} ${reply.statusText}`, details);
  }
  const field = typeof ours.field === "string" ? ours.field : null;
  return new LifestyleError(troubleOf(reply.status), ours.message, { ...details, code: ours.code, field });
}

function said(problem: unknown): string {
  const cause = problem instanceof Error ? (problem.cause ?? problem) : problem;
  return cause instanceof Error ? cause.message : String(cause);
}

const pause = (seconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(done, seconds * 1000);
    function done() {
      signal?.removeEventListener("abort", gone);
      resolve();
    }
    function gone() {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    }
    signal?.addEventListener("abort", gone, { once: true });
  });

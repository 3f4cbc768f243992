// What can go wrong, and what does the server say about it? One kind of error; `kind` tells apart what a program may do.

export type Trouble =
  | "unreachable" // nobody answered: no connection, or it broke
  | "timed_out" // not within the client's time
  | "malformed" // something answered, but not as this API does
  | "bad_request" // 400, 413, 422, ...: what was sent is wrong; `field` names the place
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "rate_limited" // 429: `retryAfter` seconds
  | "unavailable" // 503: shed under load, or not ready; `retryAfter` seconds
  | "server_error"; // 500, 502, 504, 507, ...: it broke, hung, or has no room

export interface Details {
  status?: number;
  code?: string;
  field?: string | null;
  retryAfter?: number | null;
  cause?: unknown;
}

/** The message is one sentence: the server's own, where it said one. `status` is 0 when nobody answered. */
export class LifestyleError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | null;
  readonly retryAfter: number | null;

  constructor(
    readonly kind: Trouble,
    message: string,
    { status = 0, code = "", field = null, retryAfter = null, cause }: Details = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "LifestyleError";
    this.status = status;
    this.code = code;
    this.field = field;
    this.retryAfter = retryAfter;
  }
}

const BY_STATUS: Readonly<Record<number, Trouble>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  429: "rate_limited",
  503: "unavailable",
};

/** What a status that is no success means. */
export const troubleOf = (status: number): Trouble => BY_STATUS[status] ?? (status >= 500 ? "server_error" : "bad_request");

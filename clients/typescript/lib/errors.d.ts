export type Trouble = "unreachable" | "timed_out" | "malformed" | "bad_request" | "unauthorized" | "forbidden" | "not_found" | "rate_limited" | "unavailable" | "server_error";
export interface Details {
    status?: number;
    code?: string;
    field?: string | null;
    retryAfter?: number | null;
    cause?: unknown;
}
/** The message is one sentence: the server's own, where it said one. `status` is 0 when nobody answered. */
export declare class LifestyleError extends Error {
    readonly kind: Trouble;
    readonly status: number;
    readonly code: string;
    readonly field: string | null;
    readonly retryAfter: number | null;
    constructor(kind: Trouble, message: string, { status, code, field, retryAfter, cause }?: Details);
}
/** What a status that is no success means. */
export declare const troubleOf: (status: number) => Trouble;

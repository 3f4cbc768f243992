import type { LifestyleError } from "./errors.ts";
/** What passes by itself. */
export declare const PASSING: ReadonlySet<number>;
export interface Retries {
    /** In all. */
    attempts: number;
    /** Seconds, at most, before the second attempt where the server names none; twice as many each time. */
    base: number;
    /** Seconds; a longer Retry-After is left to the caller. */
    most: number;
    /** In [0, 1): what part of a wait without Retry-After is waited, so that clients spread. */
    lot: () => number;
}
export declare const PATIENT: Retries;
/** Give up at once. */
export declare const NEVER: Retries;
/** Seconds to wait after failed attempt number `attempt` (from 1 on); null: give up. */
export declare function wait(retries: Retries, error: LifestyleError, attempt: number, repeatable: boolean): number | null;
/** The header Retry-After (seconds, or an HTTP date) in seconds from now; null when there is none to be read. */
export declare function retryAfter(header: string | null, now?: number): number | null;

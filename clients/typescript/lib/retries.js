/** What passes by itself. */
export const PASSING = new Set([429, 502, 503, 504]);
export const PATIENT = { attempts: 4, base: 0.25, most: 30, lot: Math.random };
/** Give up at once. */
export const NEVER = { ...PATIENT, attempts: 1 };
/** Seconds to wait after failed attempt number `attempt` (from 1 on); null: give up. */
export function wait(retries, error, attempt, repeatable) {
    const passing = error.kind === "unreachable" || error.kind === "timed_out" || PASSING.has(error.status);
    if (attempt >= retries.attempts || !repeatable || !passing)
        return null;
    if (error.retryAfter !== null)
        return error.retryAfter <= retries.most ? error.retryAfter : null;
    return Math.min(retries.most, retries.base * 2 ** (attempt - 1)) * retries.lot();
}
/** The header Retry-After (seconds, or an HTTP date) in seconds from now; null when there is none to be read. */
export function retryAfter(header, now = Date.now()) {
    if (header === null)
        return null;
    if (/^\s*\d+\s*$/.test(header))
        return Number(header);
    const at = /[a-z]{3}/i.test(header) ? Date.parse(header) : Number.NaN;
    return Number.isNaN(at) ? null : Math.max(0, (at - now) / 1000);
}

// What can go wrong, and what does the server say about it? One kind of error; `kind` tells apart what a program may do.
/** The message is one sentence: the server's own, where it said one. `status` is 0 when nobody answered. */
export class LifestyleError extends Error {
    kind;
    status;
    code;
    field;
    retryAfter;
    constructor(kind, message, { status = 0, code = "", field = null, retryAfter = null, cause } = {}) {
        super(message, cause === undefined ? undefined : { cause });
        this.kind = kind;
        this.name = "LifestyleError";
        this.status = status;
        this.code = code;
        this.field = field;
        this.retryAfter = retryAfter;
    }
}
const BY_STATUS = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    429: "rate_limited",
    503: "unavailable",
};
/** What a status that is no success means. */
export const troubleOf = (status) => BY_STATUS[status] ?? (status >= 500 ? "server_error" : "bad_request");

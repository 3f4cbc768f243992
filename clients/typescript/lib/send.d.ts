import { type Retries } from "./retries.ts";
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
export declare class Sender {
    #private;
    constructor(url: string, key: string, { timeout, retries, fetch }?: Options);
    /** The JSON answer of any route. Throws LifestyleError; an abort by the caller's signal is thrown as it is. */
    send<T>(call: Call): Promise<T>;
}

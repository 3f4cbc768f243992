import type { Client } from "./client.ts";
import { LifestyleError } from "./errors.ts";
import type { Event } from "./types.ts";
export interface Batching {
    /** Events that go together, at most 500. */
    size?: number;
    seconds?: number;
    /** Events that wait at most while the server cannot be reached; beyond that the oldest are lost. */
    keep?: number;
    /** Told of events that will not be sent, and why. */
    lost?: (error: LifestyleError, events: readonly Event[]) => void;
}
/** Sends what was added once `size` events wait, every `seconds`, and when it is closed. */
export declare class EventBatcher {
    #private;
    constructor(client: Client, { size, seconds, keep, lost }?: Batching);
    /** Keep an event until its batch is sent. It happened now, unless it says otherwise. */
    add(event: Event): void;
    /** Send all that waits. Throws LifestyleError when the server cannot take it now; then it goes on waiting. */
    flush(): Promise<void>;
    /** Send the rest and end. Throws LifestyleError when that fails. */
    close(): Promise<void>;
}

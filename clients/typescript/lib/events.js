import { LifestyleError } from "./errors.js";
import { PASSING } from "./retries.js";
/** Sends what was added once `size` events wait, every `seconds`, and when it is closed. */
export class EventBatcher {
    #client;
    #size;
    #keep;
    #lost;
    #timer;
    #loose = [];
    #made = null;
    #sending = Promise.resolve();
    constructor(client, { size = 100, seconds = 5, keep = 10_000, lost = warned } = {}) {
        if (size < 1 || size > 500)
            throw new RangeError(`size must be within 1..500, is ${size}`);
        this.#client = client;
        this.#size = size;
        this.#keep = keep;
        this.#lost = lost;
        this.#timer = setInterval(() => { this.#try(); }, seconds * 1000);
    }
    /** Keep an event until its batch is sent. It happened now, unless it says otherwise. */
    add(event) {
        this.#loose.push({ ...event, at: event.at ?? new Date().toISOString() });
        if (this.#loose.length > this.#keep) {
            this.#lost(new LifestyleError("unreachable", `more than ${this.#keep} events wait`), this.#loose.splice(0, 1));
        }
        if (this.#loose.length >= this.#size)
            this.#try();
    }
    /** Send all that waits. Throws LifestyleError when the server cannot take it now; then it goes on waiting. */
    flush() {
        const turn = this.#sending.then(() => this.#drain());
        this.#sending = turn.catch(() => undefined);
        return turn;
    }
    /** Send the rest and end. Throws LifestyleError when that fails. */
    close() {
        clearInterval(this.#timer);
        return this.flush();
    }
    #try() {
        this.flush().catch(() => undefined); // they wait for the next turn
    }
    async #drain() {
        for (let batch = this.#batch(); batch !== null; batch = this.#batch()) {
            try {
                await this.#client.record(batch.events, { key: batch.key });
                this.#made = null;
            }
            catch (error) {
                if (!(error instanceof LifestyleError) || passes(error))
                    throw error;
                this.#made = this.#without(error, batch.events);
            }
        }
    }
    #batch() {
        if (this.#made === null && this.#loose.length > 0)
            this.#made = made(this.#loose.splice(0, this.#size));
        return this.#made;
    }
    /** Of a wrong batch only the event that is named as wrong is lost; without a name, all. */
    #without(error, events) {
        const named = /^events\.(\d+)(?:\.|$)/.exec(error.field ?? "");
        const bad = named ? Number(named[1]) : Number.NaN;
        const lost = events.filter((_, place) => Number.isNaN(bad) || place === bad);
        this.#lost(error, lost.length > 0 ? lost : events);
        const left = lost.length > 0 ? events.filter((event) => !lost.includes(event)) : [];
        return left.length > 0 ? made(left) : null;
    }
}
const made = (events) => ({ events, key: crypto.randomUUID() });
/** Was it the server or the way to it, and not the batch? */
const passes = ({ status }) => status === 0 || status >= 500 || PASSING.has(status) || [401, 403, 404].includes(status);
const warned = (error, events) => {
    console.warn(`${events.length} events are lost: ${error.message}`);
};

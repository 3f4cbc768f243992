// How does a program ask Lifestyle Search? One method a route; what goes wrong is a LifestyleError.
import { Sender } from "./send.js";
const at = (id) => encodeURIComponent(id);
const once = (key) => key ?? crypto.randomUUID();
/** Writes carry an Idempotency-Key, so that those that are sent again are done once. `send` reaches any other route. */
export class Client extends Sender {
    // Ask in words
    /** A page of answers to `q`, or (q = "") to an edited `parse`. */
    search(q, asked = {}) {
        return this.send({ path: "/v1/search", body: { ...asked, q } });
    }
    /** This page and those after it. */
    async *pages(q, asked = {}) {
        yield* following((cursor) => this.search(q, cursor === null ? asked : { ...asked, cursor }));
    }
    /** The first `most` answers, page by page as they are needed; none twice, though items change meanwhile. */
    async *hits(q, { most = 100, ...asked } = {}) {
        const seen = new Set();
        for await (const page of this.pages(q, asked)) {
            for (const hit of page.hits) {
                if (seen.size >= most)
                    return;
                if (!seen.has(hit.id))
                    yield hit;
                seen.add(hit.id);
            }
            if (seen.size >= most)
                return;
        }
    }
    /** How a query is read. Change it and search for it: search("", { parse }). */
    understand(q, asked = {}) {
        return this.send({ path: "/v1/understand", body: { ...asked, q } });
    }
    /** Texts that go on from what is typed, best first. */
    async suggest(q, { limit = 8, lang } = {}) {
        return (await this.send({ path: "/v1/suggest", query: { q, limit, lang } })).suggestions;
    }
    // Pages without a question
    /** A person's page; no profile is read unless `personalize`. */
    feed(asked = {}) {
        return this.send({ path: "/v1/feed", body: asked });
    }
    /** This page of a feed and those after it: no card comes twice, and what was clicked meanwhile counts. */
    async *feedPages(asked = {}) {
        yield* following((cursor) => this.feed(cursor === null ? asked : { ...asked, cursor }));
    }
    /** Items of the same kind that are like this one. */
    similar(id, { limit = 10 } = {}) {
        return this.send({ path: `/v1/similar/${at(id)}`, query: { limit } });
    }
    /** A note's places and products, or the notes about an item; and what goes together with it. */
    related(id, { limit = 10, lang } = {}) {
        return this.send({ path: `/v1/related/${at(id)}`, query: { limit, lang } });
    }
    /** What many turned to lately. */
    trending(asked = {}) {
        return this.send({ path: "/v1/trending", query: asked });
    }
    // Items
    /** An item as it is stored. */
    item(id) {
        return this.send({ path: `/v1/items/${at(id)}` });
    }
    /** All that is known of an item's attributes, with the sentences for and against. */
    evidence(id, { lang = "zh" } = {}) {
        return this.send({ path: `/v1/items/${at(id)}/evidence`, query: { lang } });
    }
    /** Write at most 500 items; they are found at once. */
    upsert(items, { key } = {}) {
        return this.send({ path: "/v1/items:upsert", body: { items }, key: once(key) });
    }
    /** Write more of them, a line an item. A bad one is refused with its line; nothing is sent again by itself. */
    stream(items) {
        const text = Array.from(items, (item) => `${JSON.stringify(item)}\n`).join("");
        return this.send({ path: "/v1/items:stream", text, repeatable: false });
    }
    /** Change some fields of an item; null takes one away. */
    patch(id, fields, { key } = {}) {
        return this.send({ method: "PATCH", path: `/v1/items/${at(id)}`, body: fields, key: once(key) });
    }
    /** Gone from the next answer on. */
    delete(id) {
        return this.send({ method: "DELETE", path: `/v1/items/${at(id)}` });
    }
    /** A person complains of an item; once for each person and item. */
    report(id, told) {
        return this.send({ path: `/v1/items/${at(id)}:report`, body: told });
    }
    // People
    /** At most 500 events; EventBatcher gathers them. */
    record(events, { key } = {}) {
        return this.send({ path: "/v1/events", body: { events }, key: once(key) });
    }
    /** What feeds know of a person, each thing with the key that takes it away. */
    interests(user) {
        return this.send({ path: `/v1/users/${at(user)}/interests` });
    }
    /** What a person says that they like, in place of what they said before. */
    declare(user, interests) {
        return this.send({ method: "PUT", path: `/v1/users/${at(user)}/interests`, body: { interests } });
    }
    /** Take away something that was learnt. */
    remove(user, key) {
        return this.send({ path: `/v1/users/${at(user)}:remove`, body: { key } });
    }
    /** Begin anew. */
    reset(user) {
        return this.send({ method: "POST", path: `/v1/users/${at(user)}:reset` });
    }
    /** All that the store keeps of a person. */
    export(user) {
        return this.send({ path: `/v1/users/${at(user)}` });
    }
    /** Delete all that the store keeps of a person. */
    forget(user) {
        return this.send({ method: "DELETE", path: `/v1/users/${at(user)}` });
    }
    /** Which snapshots are loaded. */
    ready() {
        return this.send({ path: "/readyz" });
    }
}
async function* following(ask) {
    let cursor = null;
    do {
        const page = await ask(cursor);
        yield page;
        cursor = page.cursor;
    } while (cursor !== null);
}

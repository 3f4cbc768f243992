import { Sender } from "./send.ts";
import type { Asked, Deleted, Dossier, Event, Exported, FeedAsked, Hit, Interests, Page, Parse, Patched, Reading, Ready, Recorded, Related, Report, Reported, Streamed, Suggestion, Upsert, Upserted } from "./types.ts";
type Lang = "zh" | "en";
/** Writes carry an Idempotency-Key, so that those that are sent again are done once. `send` reaches any other route. */
export declare class Client extends Sender {
    /** A page of answers to `q`, or (q = "") to an edited `parse`. */
    search(q: string, asked?: Asked): Promise<Page>;
    /** This page and those after it. */
    pages(q: string, asked?: Asked): AsyncGenerator<Page, void>;
    /** The first `most` answers, page by page as they are needed; none twice, though items change meanwhile. */
    hits(q: string, { most, ...asked }?: Asked & {
        most?: number;
    }): AsyncGenerator<Hit, void>;
    /** How a query is read. Change it and search for it: search("", { parse }). */
    understand(q: string, asked?: Reading): Promise<Parse>;
    /** Texts that go on from what is typed, best first. */
    suggest(q: string, { limit, lang }?: {
        limit?: number;
        lang?: Lang;
    }): Promise<Suggestion[]>;
    /** A person's page; no profile is read unless `personalize`. */
    feed(asked?: FeedAsked): Promise<Page>;
    /** This page of a feed and those after it: no card comes twice, and what was clicked meanwhile counts. */
    feedPages(asked?: FeedAsked): AsyncGenerator<Page, void>;
    /** Items of the same kind that are like this one. */
    similar(id: string, { limit }?: {
        limit?: number | undefined;
    }): Promise<Page>;
    /** A note's places and products, or the notes about an item; and what goes together with it. */
    related(id: string, { limit, lang }?: {
        limit?: number;
        lang?: Lang;
    }): Promise<Related>;
    /** What many turned to lately. */
    trending(asked?: {
        city?: string;
        topic?: string;
        kinds?: string[];
        limit?: number;
        lang?: Lang;
    }): Promise<Page>;
    /** An item as it is stored. */
    item(id: string): Promise<Record<string, unknown>>;
    /** All that is known of an item's attributes, with the sentences for and against. */
    evidence(id: string, { lang }?: {
        lang?: Lang;
    }): Promise<Dossier>;
    /** Write at most 500 items; they are found at once. */
    upsert(items: readonly Upsert[], { key }?: {
        key?: string;
    }): Promise<Upserted>;
    /** Write more of them, a line an item. A bad one is refused with its line; nothing is sent again by itself. */
    stream(items: Iterable<Upsert>): Promise<Streamed>;
    /** Change some fields of an item; null takes one away. */
    patch(id: string, fields: Record<string, unknown>, { key }?: {
        key?: string;
    }): Promise<Patched>;
    /** Gone from the next answer on. */
    delete(id: string): Promise<Deleted>;
    /** A person complains of an item; once for each person and item. */
    report(id: string, told: Report): Promise<Reported>;
    /** At most 500 events; EventBatcher gathers them. */
    record(events: readonly Event[], { key }?: {
        key?: string;
    }): Promise<Recorded>;
    /** What feeds know of a person, each thing with the key that takes it away. */
    interests(user: string): Promise<Interests>;
    /** What a person says that they like, in place of what they said before. */
    declare(user: string, interests: readonly string[]): Promise<{
        declared: string[];
    }>;
    /** Take away something that was learnt. */
    remove(user: string, key: string): Promise<{
        removed: string;
    }>;
    /** Begin anew. */
    reset(user: string): Promise<{
        reset: boolean;
    }>;
    /** All that the store keeps of a person. */
    export(user: string): Promise<Exported>;
    /** Delete all that the store keeps of a person. */
    forget(user: string): Promise<{
        deleted_rows: number;
    }>;
    /** Which snapshots are loaded. */
    ready(): Promise<Ready>;
}
export {};

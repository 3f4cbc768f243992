// A typed client for Lifestyle Search: fetch, no dependencies.
export { Client } from "./client.js";
export { LifestyleError } from "./errors.js";
export { EventBatcher } from "./events.js";
export { NEVER, PATIENT } from "./retries.js";

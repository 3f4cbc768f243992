export { Client } from "./client.ts";
export { LifestyleError, type Details, type Trouble } from "./errors.ts";
export { EventBatcher, type Batching } from "./events.ts";
export { NEVER, PATIENT, type Retries } from "./retries.ts";
export type { Call, Options } from "./send.ts";
export type * from "./types.ts";

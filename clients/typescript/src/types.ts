// What is asked and answered? The names of the OpenAPI's schemas (openapi.ts is generated from them).
import type { components } from "./openapi.ts";

type Schemas = components["schemas"];

export type Page = Schemas["Page"];
export type Hit = Schemas["Hit"];
export type Evidence = Schemas["Evidence"];
export type Parse = Schemas["Parse"];
export type Constraint = Schemas["Constraint"];
export type Suggestion = Schemas["Suggestion"];
export type Dossier = Schemas["Dossier"];
export type Related = Schemas["Related"];
export type Upserted = Schemas["Upserted"];
export type Streamed = Schemas["Streamed"];
export type Patched = Schemas["Patched"];
export type Deleted = Schemas["Deleted"];
export type Recorded = Schemas["Recorded"];
export type Reported = Schemas["Reported"];
export type Interests = Schemas["Interests"];
export type Exported = Schemas["Exported"];
export type Ready = Schemas["Ready"];

export type Near = Schemas["Near"];
export type Filter = Schemas["Filter"];
export type Event = Schemas["Event"];
export type Upsert = Schemas["Upsert"];
export type Report = Schemas["ReportBody"];
/** Fields with a default need not be said; a parse is sent back as it came, or changed. */
export type Asked = Sendable<Omit<Schemas["SearchBody"], "q">>;
export type FeedAsked = Sendable<Schemas["FeedBody"]>;
export type Reading = Sendable<Omit<Schemas["UnderstandBody"], "q">>;

type Sendable<Body> = {
  [Name in keyof Body]?: Name extends "parse" ? Sent | null
    : Name extends "previous" ? Sent | string | null
      : Name extends "filters" ? Partial<Filter>[]
        : Body[Name];
};
type Sent = Partial<Parse> | Record<string, unknown>;

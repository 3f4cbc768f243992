// Do the types hold a program to what the server takes and gives? Compiled by `npm run check`, never run.
import { Client, EventBatcher, type Evidence } from "../lib/index.js";

export async function held(): Promise<Evidence["sentence"]> {
  const client = new Client("http://127.0.0.1:8000", "k");
  const near = { lat: 30.26, lon: 120.15 };
  const page = await client.search("咖啡", { kinds: ["poi"], near, filters: [{ slot: "price", op: "lte", value: 50 }] });
  await client.search("", { parse: { ...page.parse, constraints: [] }, insist: [0] });
  // @ts-expect-error there is no such kind
  await client.search("咖啡", { kinds: ["shop"] });
  // @ts-expect-error there is no such action
  new EventBatcher(client).add({ user_id: "u", action: "frown", object_id: "x" });
  const verdict: "met" | "likely" | "unknown" | "contradicted" | undefined = page.hits[0]?.evidence[0]?.verdict;
  return verdict === "met" ? page.hits[0]?.evidence[0]?.sentence : undefined;
}

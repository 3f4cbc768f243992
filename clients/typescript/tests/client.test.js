// Does the client reach every route of a real server, and say what the server says? LIFESTYLE_URL, LIFESTYLE_STRICT_URL.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, EventBatcher, NEVER } from "../lib/index.js";

const { LIFESTYLE_URL: url, LIFESTYLE_STRICT_URL: strict, LIFESTYLE_KEY: key } = process.env;
const client = new Client(url, key, { timeout: 60 });
const ASKED = { kinds: ["poi"], budget_ms: 2000 };

const all = async (given, most = Infinity) => {
  const found = [];
  for await (const one of given) if (found.push(one) >= most) break;
  return found;
};

test("a search shows what was understood and what proves it", async () => {
  const page = await client.search("适合周末带娃去的、有草坪的、近郊的咖啡店", { ...ASKED, limit: 3, facets: ["city"] });
  assert.equal(page.hits.length, 3);
  assert.ok(page.hits.some((hit) => hit.evidence.some((proof) => proof.sentence)));
  assert.ok(page.facets[0].values[0].count > 0);
});

test("a parse is changed and sent back", async () => {
  const parse = await client.understand("有草坪的咖啡店", { explain: true });
  const kept = parse.constraints.filter(({ slot }) => slot === "category");
  const page = await client.search("", { parse: { ...parse, constraints: kept }, budget_ms: 2000 });
  assert.deepEqual(page.parse.constraints.map(({ slot }) => slot), ["category"]);
});

test("pages go on to the end, and hits stop when enough", async () => {
  const pages = await all(client.pages("咖啡店", { ...ASKED, limit: 7 }));
  const ids = pages.flatMap((page) => page.hits.map((hit) => hit.id));
  assert.ok(pages.length > 2 && new Set(ids).size === ids.length);
  const hits = await all(client.hits("咖啡店", { ...ASKED, limit: 7, most: 10 }));
  assert.deepEqual(hits.map((hit) => hit.id), ids.slice(0, 10));
});

test("a feed goes on without repeating", async () => {
  const pages = await all(client.feedPages({ user_id: "u001", personalize: true, limit: 6, budget_ms: 2000 }), 3);
  const ids = pages.flatMap((page) => page.hits.map((card) => card.id));
  assert.equal(new Set(ids).size, 18);
});

test("answers around an item", async () => {
  assert.equal((await client.item("p-hz-078")).id, "p-hz-078");
  assert.ok((await client.similar("p-hz-078", { limit: 2 })).hits.length > 0);
  assert.ok((await client.related("p-hz-078", { lang: "en" })).notes.length > 0);
  assert.ok((await client.evidence("p-hz-078")).notes > 0);
  assert.ok((await client.suggest("咖", { limit: 3 })).length > 0);
  assert.equal((await client.trending({ city: "杭州", topic: "cafe", kinds: ["poi"], limit: 4 })).hits.length, 4);
});

test("items are written once, changed and deleted", async () => {
  const id = "p/node one?";
  const items = [{ kind: "poi", item: { id, name: "新开的节点咖啡", category: "cafe" } }];
  const first = await client.upsert(items, { key: "node-test-1" });
  assert.equal((await client.upsert(items, { key: "node-test-1" })).seq, first.seq);
  assert.ok((await client.patch(id, { rating: 4.5 })).seq > first.seq);
  assert.equal((await client.item(id)).rating, 4.5);
  assert.ok((await client.report(id, { user_id: "u-node", reason: "other" })).new);
  assert.equal((await client.delete(id)).deleted, id);
  await assert.rejects(client.item(id), { kind: "not_found", message: "no item 'p/node one?'; it may have been deleted" });
  const streamed = await client.stream([...items, { kind: "poi", item: { id: "x" } }]);
  assert.deepEqual([streamed.accepted, streamed.refused, streamed.problems[0].line], [1, 1, 2]);
});

test("people steer what is learnt of them; a wrong event alone is lost", async () => {
  const lost = [];
  const events = new EventBatcher(client, { seconds: 3600, lost: (error, gone) => lost.push([error.kind, gone.length]) });
  events.add({ user_id: "u-node", action: "save", object_id: "p-hz-001" });
  events.add({ user_id: "u-node", action: "save", object_id: "" });
  await events.close();
  assert.deepEqual(lost, [["bad_request", 1]]);
  assert.deepEqual((await client.declare("u-node", ["camping"])).declared, ["camping"]);
  assert.deepEqual((await client.interests("u-node")).declared, ["camping"]);
  assert.equal((await client.remove("u-node", "kids")).removed, "kids");
  assert.equal((await client.export("u-node")).events[0].action, "save");
  assert.ok((await client.reset("u-node")).reset);
  assert.ok((await client.forget("u-node")).deleted_rows > 0);
});

test("routes without a method can be asked too", async () => {
  assert.equal((await client.send({ path: "/v1/house/versions" })).snapshot, "00000001");
  assert.equal((await client.ready()).status, "ready");
});

test("refusals carry the server's own sentence", async () => {
  await assert.rejects(client.search("cafe", { sort: "sideways" }), { kind: "bad_request", status: 422, field: "sort", message: /^sort: is not one of/ });
  await assert.rejects(new Client(strict, "nobody").search("x"), { kind: "unauthorized", message: "this key is not known" });
  await assert.rejects(new Client(strict, "narrow").forget("u"), { kind: "forbidden", message: "this key lacks the scope 'write'" });
});

test("Retry-After is told, or awaited", async () => {
  await assert.rejects(new Client(strict, "narrow", { retries: NEVER }).ready(), { kind: "unavailable", retryAfter: 1 });
  const hasty = new Client(strict, "slow-3", { retries: NEVER });
  await assert.rejects(hasty.search("x"), { kind: "not_found" });
  await assert.rejects(hasty.search("x"), { kind: "rate_limited", retryAfter: 1, message: "this key sent too much; come back in 1 s" });
  const patient = new Client(strict, "slow-4");
  await assert.rejects(patient.search("x"), { kind: "not_found" });
  await assert.rejects(patient.search("x"), { kind: "not_found" }); // let in after the second that it was told to wait
});

// Is a request sent again when that helps and harms nobody, and only then? Do events arrive once each?
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, EventBatcher, NEVER, PATIENT } from "../lib/index.js";
import { retryAfter, wait } from "../lib/retries.js";
import { scripted } from "./script.js";

const AT_ONCE = { ...PATIENT, lot: () => 0 };
const DONE = [200, {}, '{"accepted": 1}'];
const BUSY = [503, { "Retry-After": "0" }, '{"error": {"code": "Overloaded", "message": "34 searches are running"}}'];
const LONG = 3600;
const click = (id) => ({ user_id: "u", action: "click", object_id: id });
const ids = (server) => server.asked.map(({ body }) => JSON.parse(body).events.map((event) => event.object_id));

/** Runs `act` with a server of this script and a client of it. */
const told = (name, answers, act, options = {}) =>
  test(name, async () => {
    const server = await scripted(...answers);
    try {
      await act(new Client(server.url, "k", { retries: AT_ONCE, ...options }), server);
    } finally {
      server.close();
    }
  });

const arrived = async (server, batches) => {
  while (server.asked.length < batches) await new Promise((later) => { setTimeout(later, 10); });
};

told("what is refused for a time comes again with the same key", [BUSY, [0], DONE], async (client, server) => {
  assert.equal((await client.record([click("x")])).accepted, 1);
  assert.equal(server.asked.length, 3);
  assert.equal(new Set(server.asked.map(({ key }) => key)).size, 1);
});

told("it gives up and says what the server said", [BUSY, BUSY, BUSY, BUSY, BUSY], async (client, server) => {
  await assert.rejects(client.search("cafe"), { kind: "unavailable", message: "34 searches are running", status: 503, code: "Overloaded", retryAfter: 0 });
  assert.equal(server.asked.length, AT_ONCE.attempts);
});

told("a wait that is too long is left to the caller", [[429, { "Retry-After": "3600" }, "{}"]], async (client, server) => {
  await assert.rejects(client.search("cafe"), { kind: "rate_limited", retryAfter: 3600 });
  assert.equal(server.asked.length, 1);
});

told("what must not be done twice is sent once", [BUSY], async (client, server) => {
  await assert.rejects(client.stream([]), { kind: "unavailable" });
  assert.equal(server.asked.length, 1);
});

for (const body of ["<html>", "[]", "1", "null", ""]) {
  told(`an answer of another kind is malformed: ${body}`, [[200, {}, body]], (client) =>
    assert.rejects(client.search("x"), { kind: "malformed" }));
}

told("a proxy that answers is told by its status", [[502, {}, "<html>"]], (client) =>
  assert.rejects(client.search("x"), { kind: "server_error", status: 502, message: "502 Bad Gateway" }), { retries: NEVER });

told("silence is a timeout", [[-1]], (client) => assert.rejects(client.search("x"), { kind: "timed_out", status: 0 }), { retries: NEVER, timeout: 0.2 });

test("nobody there is unreachable", () =>
  assert.rejects(new Client("http://127.0.0.1:1", "k", { retries: NEVER }).search("x"), { kind: "unreachable" }));

told("an abort by the caller is thrown as it is", [[-1]], async (client) => {
  const stop = new AbortController();
  const asked = client.send({ path: "/v1/trending", signal: stop.signal });
  stop.abort(new Error("enough"));
  await assert.rejects(asked, /enough/);
});

test("waits grow and stay within bounds", () => {
  const error = { kind: "unreachable", status: 0, retryAfter: null };
  const half = { attempts: 11, base: 0.5, most: 7, lot: () => 0.5 };
  assert.deepEqual([1, 2, 3, 4, 5, 6].map((n) => wait(half, error, n, true)), [0.25, 0.5, 1, 2, 3.5, 3.5]);
  assert.equal(wait(half, error, 11, true), null);
  assert.equal(wait(half, error, 1, false), null);
  assert.equal(wait(half, { kind: "bad_request", status: 422, retryAfter: null }, 1, true), null);
});

test("Retry-After is read as seconds or as a date", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  assert.equal(retryAfter("7"), 7);
  assert.equal(retryAfter("Sun, 22 Nov 2026 12:00:30 GMT", now), 30);
  assert.equal(retryAfter("Sun, 22 Nov 2026 11:00:00 GMT", now), 0);
  assert.deepEqual([null, "", "-1", "1.5", "soon"].map((text) => retryAfter(text)), [null, null, null, null, null]);
});

told("events go when enough wait, and the rest at the end", [DONE, DONE], async (client, server) => {
  const events = new EventBatcher(client, { size: 2, seconds: LONG });
  events.add(click("a"));
  events.add(click("b"));
  await arrived(server, 1);
  events.add(click("c"));
  await events.close();
  assert.deepEqual(ids(server), [["a", "b"], ["c"]]);
});

told("events go after a time", [DONE], async (client, server) => {
  const events = new EventBatcher(client, { seconds: 0.05 });
  events.add(click("a"));
  await arrived(server, 1);
  await events.close();
});

told("what could not go waits with its key", [BUSY, DONE, DONE], async (client, server) => {
  const events = new EventBatcher(client, { size: 2, seconds: LONG });
  events.add(click("a"));
  await assert.rejects(events.flush(), { kind: "unavailable" });
  events.add(click("b"));
  await events.close();
  assert.deepEqual(ids(server), [["a"], ["a"], ["b"]]);
  const keys = server.asked.map(({ key }) => key);
  assert.ok(keys[0] === keys[1] && keys[1] !== keys[2]);
}, { retries: NEVER });

told("without room the oldest are lost", [DONE], async (client, server) => {
  const lost = [];
  const events = new EventBatcher(client, { seconds: LONG, keep: 2, lost: (_, gone) => lost.push(...gone) });
  for (const id of ["a", "b", "c"]) events.add(click(id));
  await events.close();
  assert.deepEqual(ids(server), [["b", "c"]]);
  assert.deepEqual(lost.map((event) => event.object_id), ["a"]);
  assert.throws(() => new EventBatcher(client, { size: 501 }), RangeError);
});

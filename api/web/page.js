// How does a person search? One box, chips for what was understood, hits with their proof. No framework, no network but ours.
export const KEY = new URLSearchParams(location.search).get("key") ?? "demo-key-for-this-machine-only";
const EXAMPLES = ["适合周末带娃去的、有草坪的、近郊的咖啡店", "weekend family café with lawn near the city",
  "敏感肌可用的防晒霜，不要酒精", "杭州 安静 能办公的咖啡馆 人均50以内"];
const KINDS = { "": "全部 All", poi: "地点 Places", note: "笔记 Notes", product: "商品 Products" };
const MARKS = { met: "✓", likely: "≈", unknown: "?", contradicted: "✗" };
export const $ = (id) => document.getElementById(id);
let last = null, kind = "", asked = 0;

export const make = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

async function search(extra) {
  const mine = ++asked;  // answers may overtake each other: only the last question's is shown
  $("said").textContent = "…";
  const body = { limit: 20, ...(kind ? { kinds: [kind] } : {}), ...extra };
  try {
    const reply = await fetch("/v1/search", { method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${KEY}` } });
    const answer = await reply.json();
    if (mine !== asked) return;
    if (!reply.ok) throw new Error(answer.error.message);
    last = answer;
    show(answer);
  } catch (problem) {
    if (mine !== asked) return;
    $("hits").replaceChildren();
    $("meant").replaceChildren();
    $("said").textContent = problem.message;
  }
}

// A question in words: it forgets the kind that was chosen for the one before.
export function ask(text) {
  $("q").value = text;
  kind = "";
  search({ q: text });
}

function show(answer) {
  const zh = answer.parse.lang !== "en";
  $("understood").replaceChildren(...answer.parse.constraints.map((c, at) => chip(c, at, zh)));
  $("kinds").replaceChildren(...Object.entries(KINDS).map(([value, label]) => make("button", { type: "button",
    textContent: label, ariaPressed: String(value === kind), onclick: () => { kind = value; again(); } })));
  $("said").textContent = [
    answer.hits.length ? (zh ? `${answer.total} 个完全符合` : `${answer.total} keep every constraint`) : (zh ? "没有找到" : "Nothing found"),
    ...answer.relaxed.map((r) => zh ? `放宽了「${labelOf(answer, r.constraint, zh)}」，多出 ${r.gained} 个` : `relaxed “${labelOf(answer, r.constraint, zh)}”: ${r.gained} more`),
    ...answer.degraded.map((d) => zh ? `时间不够，省去了 ${d.stage}` : `${d.stage} was given up: ${d.reason}`),
  ].join(" · ");
  $("meant").replaceChildren(...meant(answer.did_you_mean, zh));
  $("hits").replaceChildren(...answer.hits.map((hit) => card(hit, answer, zh)));
  const t = answer.timings;
  $("timings").textContent = Object.entries(t).map(([stage, ms]) => `${stage} ${ms.toFixed(1)} ms`).join(" · ") +
    ` · ${answer.versions.snapshot} · ${answer.versions.model}`;
}

const meant = (found, zh) => !found ? [] : [zh ? "你是不是想找：" : "Did you mean: ",
  make("button", { type: "button", textContent: found.q, onclick: () => ask(found.q) })];

const labelOf = (answer, at, zh) => {
  const c = answer.parse.constraints[at];
  return c.label?.[zh ? "zh" : "en"] ?? (typeof c.value === "string" ? c.value : JSON.stringify(c.value));
};

function chip(c, at, zh) {
  const text = labelOf(last, at, zh);
  const assumed = c.assumed ? make("small", { textContent: " " + c.assumed[zh ? "zh" : "en"] }) : null;
  const drop = make("button", { type: "button", textContent: "×", ariaLabel: zh ? `去掉${text}` : `remove ${text}`,
    onclick: () => again((parse) => parse.constraints.splice(at, 1)) });
  return make("span", { className: `chip ${c.hardness} ${c.polarity < 0 ? "not" : ""}` }, text, assumed, drop);
}

function again(edit) {
  if (!last) return;
  const parse = structuredClone(last.parse);
  if (edit) { edit(parse); parse.relax_order = []; }
  search({ q: parse.query, parse });
}

function card(hit, answer, zh) {
  const it = hit.item;
  const price = it.price_per_person ?? it.price;
  const facts = [it.district ?? it.brand, it.city, it.category, it.rating ? `★ ${it.rating}` : null,
    price !== undefined ? `${it.currency ?? ""} ${price}` : null, it.opening_hours,
    it.published_at ? String(it.published_at).slice(0, 10) : null, it.trust].filter(Boolean).join(" · ");
  const body = it.body ? make("p", { className: "body", textContent: it.body.length > 140 ? it.body.slice(0, 140) + "…" : it.body }) : null;
  return make("li", { className: "hit" },
    make("h2", { textContent: it.name ?? it.title }), make("p", { className: "facts", textContent: facts }), body,
    make("ul", {}, ...hit.evidence.map((e) => proof(e, answer, zh))));
}

function proof(e, answer, zh) {
  const counts = e.support || e.contradictions ? ` (+${e.support} −${e.contradictions})` : "";
  const line = make("li", { className: e.verdict },
    make("span", { className: "mark", textContent: MARKS[e.verdict], ariaLabel: e.verdict }),
    ` ${labelOf(answer, e.constraint, zh)}${counts}${e.measured ? " — " + e.measured : ""}`);
  if (e.sentence) line.append(make("blockquote", { textContent: `${e.sentence}${e.date ? ` (${e.date})` : ""}` }));
  return line;
}

$("ask").addEventListener("submit", (event) => { event.preventDefault(); ask($("q").value || $("q").placeholder); });
$("examples").append(...EXAMPLES.map((text) => make("button", { type: "button", textContent: text, onclick: () => ask(text) })));

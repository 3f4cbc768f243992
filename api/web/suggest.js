// What is somebody about to type? A list below the box (ARIA combobox): arrows choose, Enter takes, Escape closes.
import { KEY, $, make, ask } from "./page.js";

const TYPES = { name: "名称 name", category: "类别 kind", brand: "品牌 brand", dish: "菜 dish", place: "地点 place",
  attribute: "特点 feature", query: "搜索 query" };
const PAUSE_MS = 120;
const box = $("q"), list = $("suggestions");
let shown = [], chosen = -1, waiting = 0, running = null;

async function complete() {
  running?.abort();
  const typed = box.value;
  if (!typed.trim() || typed.length > 128) return show([]);
  running = new AbortController();
  try {
    const reply = await fetch(`/v1/suggest?${new URLSearchParams({ q: typed, limit: 8 })}`,
      { headers: { Authorization: `Bearer ${KEY}` }, signal: running.signal });
    if (reply.ok && box.value === typed) show((await reply.json()).suggestions);
  } catch { show([]); }  // a list that does not come keeps nobody from searching
}

function show(suggestions) {
  shown = document.activeElement === box ? suggestions : [];
  list.replaceChildren(...shown.map((each, at) => make("li", { id: `suggestion-${at}`, role: "option" },
    make("span", {}, ...highlighted(each)), make("small", { textContent: TYPES[each.type] ?? each.type }))));
  list.hidden = !shown.length;
  box.setAttribute("aria-expanded", String(!list.hidden));
  choose(-1);
}

// Stretches are counted in characters, as people count them, not in UTF-16 units.
function highlighted({ text, highlight }) {
  const characters = Array.from(text), parts = [];
  let at = 0;
  for (const [start, end] of highlight) {
    parts.push(characters.slice(at, start).join(""), make("mark", { textContent: characters.slice(start, end).join("") }));
    at = end;
  }
  return [...parts, characters.slice(at).join("")];
}

function choose(at) {
  chosen = at;
  [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
  if (at < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", `suggestion-${at}`);
}

function take(at) {
  box.value = shown[at].text;
  close();
  ask(box.value);
}

function close() {
  clearTimeout(waiting);
  running?.abort();
  show([]);
}

box.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(complete, PAUSE_MS); });
box.addEventListener("keydown", (event) => {
  if (event.isComposing) return;  // the arrows and Enter of an input method are its own
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && shown.length) {
    event.preventDefault();
    choose((chosen + step + shown.length + (chosen < 0 && step < 0 ? 1 : 0)) % shown.length);
  } else if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    take(chosen);
  } else if (event.key === "Escape" && shown.length) {
    event.preventDefault();
    close();
  }
});
box.addEventListener("blur", close);
list.addEventListener("mousedown", (event) => {  // before the box loses the focus and the list closes
  event.preventDefault();
  const option = event.target.closest("li");
  if (option) take([...list.children].indexOf(option));
});
$("ask").addEventListener("submit", close);

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the HTML page does: list, filter, sort and unfold findings. It sets text and never markup."""

from __future__ import annotations

SCRIPT = r"""
(() => {
"use strict";
const PAGE = 100, LONG = 120;
const $ = id => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const data = JSON.parse($("data").textContent);
const C = Object.fromEntries(data.columns.map((name, i) => [name, i]));
// Characters that turn the direction of what follows are shown as what they are: "gnp.exe" is no picture.
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;
const plain = string => string.replace(TURNS, mark => "\\u" + mark.codePointAt(0).toString(16));
const text = (row, column) => plain(data.texts[row[C[column]]]);
const rule = row => data.rules[row[C.check]];
const status = row => data.statuses[row[C.status]];
const severity = row => data.severities[row[C.severity]];

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}
function icon(name) {
  const svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#i-" + name);
  svg.append(use);
  return svg;
}
const number = count => count.toLocaleString("en");
const bdi = value => make("bdi", null, value);

// Filters. An empty set or text is no filter; the address keeps them, so that a view can be sent to someone.
const LISTS = ["status", "severity"], SINGLES = ["check", "resource", "region", "account", "comparison"];
const state = {status: new Set(), severity: new Set(), q: "", sort: "urgency", down: false};
for (const name of SINGLES) state[name] = "";
let shown = PAGE, found = [], open = new Set();

const value = {
  status, severity,
  check: row => rule(row).id,
  resource: row => text(row, "resource"),
  region: row => text(row, "region"),
  account: row => text(row, "account"),
  comparison: row => text(row, "comparison"),
};
const haystacks = new Array(data.rows.length);
function haystack(i) {
  const row = data.rows[i];
  const columns = ["resource", "region", "account", "message", "evidence", "exemption"];
  return haystacks[i] ??= [rule(row).id, rule(row).title, ...columns.map(column => text(row, column))]
    .join("\n").toLowerCase();
}
const compare = new Intl.Collator(undefined, {numeric: true}).compare;
// Ranks are made once, so that sorting compares numbers.
function ranked(key) {
  const all = [...new Set(data.rows.map(key))].sort(compare);
  const rank = new Map(all.map((word, i) => [word, i]));
  return (a, b) => rank.get(key(a)) - rank.get(key(b));
}
const byCheck = ranked(row => rule(row).title), byResource = ranked(row => text(row, "resource"));
const bySeverity = (a, b) => a[C.severity] - b[C.severity], byStatus = (a, b) => a[C.status] - b[C.status];
const then = (...all) => (a, b) => all.reduce((sign, next) => sign || next(a, b), 0);
const order = {
  urgency: then(byStatus, bySeverity, byCheck, byResource),
  status: then(byStatus, bySeverity, byResource),
  severity: then(bySeverity, byStatus, byCheck, byResource),
  check: then(byCheck, byStatus, byResource),
  resource: then(byResource, byStatus, bySeverity),
  message: then(ranked(row => text(row, "message")), byResource),
};

function search() {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  found = [];
  data.rows.forEach((row, i) => {
    for (const name of LISTS) if (state[name].size && !state[name].has(value[name](row))) return;
    for (const name of SINGLES) if (state[name] && state[name] !== value[name](row)) return;
    if (words.length && !words.every(word => haystack(i).includes(word))) return;
    found.push(i);
  });
  const by = order[state.sort], sign = state.down ? -1 : 1;
  found.sort((a, b) => sign * by(data.rows[a], data.rows[b]) || a - b);
}

// The list.
const HEADS = [["status", "Status"], ["severity", "Severity"], ["check", "Check"],
  ["resource", $("findings").dataset.noun], ["message", "What was found"]];
const body = make("tbody", null);
const heads = HEADS.map(([name, title]) => make("th", {scope: "col", class: "c-" + name},
  make("button", {type: "button", on: {click: () => {
    state.down = state.sort === name ? !state.down : false;
    state.sort = name;
    update();
  }}}, title, icon("sort"))));
const first = make("th", {scope: "col", class: "c-open"}, make("span", {class: "hidden"}, "Details"));
const table = make("table", {class: "list"}, make("thead", null, make("tr", null, first, ...heads)), body);
const empty = make("p", {class: "empty"},
  data.rows.length ? "Nothing in this page matches these filters." : "There are no findings.");
const pager = make("div", {class: "pager"});
$("list").append(table, empty, pager);

function line(i) {
  const row = data.rows[i], isOpen = open.has(i), said = text(row, "comparison");
  const place = [text(row, "region"), accounts > 1 ? text(row, "account") : ""].filter(Boolean).join(" · ");
  const more = make("button", {type: "button", class: "more", "aria-expanded": String(isOpen), "aria-controls": "d" + i,
    "aria-label": "Details: " + rule(row).title + ", " + text(row, "resource")}, icon("chevron"));
  return make("tr", {class: isOpen ? "row open" : "row", "data-row": i},
    make("td", {class: "c-open"}, more),
    make("td", {class: "c-status"}, make("span", {class: "pill s-" + status(row)}, icon(status(row)), status(row))),
    make("td", {class: "c-severity"}, make("span", {class: "sev v-" + severity(row)}, severity(row))),
    make("td", {class: "c-check", dir: "auto"}, rule(row).title),
    make("td", {class: "c-resource"}, make("span", {class: "resource"}, bdi(text(row, "resource"))),
      make("span", {class: "where"}, place)),
    make("td", {class: "c-message"}, make("span", {dir: "auto"}, text(row, "message")),
      said ? make("span", {class: "delta-tag " + said}, said === "open" ? "still open" : said) : null));
}

function shownValue(item, nested) {
  if (item === null || item === "") return "–";
  if (typeof item === "boolean") return item ? "yes" : "no";
  if (Array.isArray(item) && item.every(part => part === null || typeof part !== "object"))
    return item.length ? make("span", {dir: "auto"}, plain(item.join(", "))) : "none";
  if (typeof item === "object" && !Array.isArray(item) && !nested) return pairs(item, true);
  if (typeof item === "object") return make("pre", {tabindex: 0}, plain(JSON.stringify(item, null, 2)));
  const string = plain(String(item));
  return string.length > 200 ? make("pre", {tabindex: 0}, string) : make("span", {dir: "auto"}, string);
}
function pairs(object, nested) {
  return make("dl", {class: "kv"}, ...Object.entries(object).flatMap(([key, item]) =>
    [make("dt", null, plain(key.replaceAll("_", " "))), make("dd", null, shownValue(item, nested))]));
}
function part(title, content, full) {
  return make("div", {class: full ? "full" : null}, make("h3", null, title), content);
}
function detail(i) {
  const row = data.rows[i], about = rule(row), inside = make("div", {class: "detail-in"});
  if (text(row, "exemption")) {
    const why = JSON.parse(text(row, "exemption"));
    inside.append(make("div", {class: "full why"}, make("strong", null, status(row) === "exempt" ? "Exempt: " : "Exempt once it fails: "),
      make("span", {dir: "auto"}, plain(why.reason || "no reason given")),
      make("span", {class: "where"}, "Owner ", bdi(plain(why.owner || "unknown")),
        why.expires ? ", until " + plain(why.expires) : ", without an end")));
  }
  if (text(row, "message").length > LONG || text(row, "resource").length > LONG)
    inside.append(part(bdi(text(row, "resource")), make("p", {dir: "auto"}, text(row, "message")), true));
  if (text(row, "evidence")) inside.append(part("Evidence", pairs(JSON.parse(text(row, "evidence")))));
  if (text(row, "remediation")) inside.append(part("What to do", make("p", {dir: "auto"}, text(row, "remediation"))));
  if (about.rationale) inside.append(part("Why it matters", make("p", {dir: "auto"}, about.rationale)));
  const tags = about.frameworks.map(([name, ids]) =>
    make("span", {class: "tag"}, make("b", null, name), " " + ids.join(", ")));
  if (tags.length) inside.append(part("Frameworks", make("div", null, ...tags)));
  const id = text(row, "id").replaceAll("\u0001", about.id);
  const link = {href: about.url, rel: "noopener noreferrer", target: "_blank"};
  inside.append(make("div", {class: "full last"}, make("span", {class: "mono"}, bdi(id)),
    /^https?:\/\//.test(about.url) ? make("a", link, "About this check") : null));
  return make("tr", {class: "detail", id: "d" + i}, make("td", {colspan: HEADS.length + 1}, inside));
}

function list() {
  const rows = document.createDocumentFragment();
  for (const i of found.slice(0, shown)) {
    rows.append(line(i));
    if (open.has(i)) rows.append(detail(i));
  }
  body.replaceChildren(rows);
  table.hidden = !found.length;
  empty.hidden = !!found.length;
  pager.replaceChildren();
  const left = found.length - shown;
  if (left > 0) {
    const add = count => make("button",
      {type: "button", class: "quiet", on: {click: () => { shown += count; list(); }}},
      count >= left ? "Show all " + number(found.length) : "Show " + count + " more");
    if (left > PAGE) pager.append(add(PAGE));
    pager.append(add(left));
  }
  const visible = Math.min(shown, found.length);
  const all = number(data.rows.length), matching = number(found.length);
  $("count").textContent = found.length < data.rows.length
    ? matching + " of " + all + " findings match" + (visible < found.length ? "; " + visible + " are shown" : "")
    : visible < found.length ? "Showing " + number(visible) + " of " + all + " findings" : all + " findings";
}
function toggle(i) {
  const row = body.querySelector('[data-row="' + i + '"]'), opened = !open.has(i);
  if (opened) { open.add(i); row.after(detail(i)); } else { open.delete(i); $("d" + i).remove(); }
  row.classList.toggle("open", opened);
  row.querySelector(".more").setAttribute("aria-expanded", String(opened));
}
body.addEventListener("click", event => {
  const row = event.target.closest("tr.row");
  if (row && !String(getSelection())) toggle(Number(row.dataset.row));
});
body.addEventListener("keydown", event => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp" || !event.target.matches(".more")) return;
  const all = [...body.querySelectorAll(".more")];
  const next = all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) { next.focus(); event.preventDefault(); }
});

// The tools.
const selects = {};
const titles = Object.fromEntries(data.rules.map(item => [item.id, item.title]));
function counted(name) { return [...new Set(data.rows.map(value[name]))].filter(Boolean).sort(compare); }
const accounts = counted("account").length;
const KINDS = [["check", "checks", 2], ["region", "regions", 2], ["account", "accounts", 2],
  ["comparison", "changes", 1]];
const spelled = (name, item) => name === "check" ? titles[item] || item : item === "open" ? "still open" : item;
for (const [name, title, least] of KINDS) {
  const options = counted(name);
  if (options.length < least) continue;
  const choose = event => { state[name] = event.target.value; restart(); };
  selects[name] = make("select", {"aria-label": "Filter by " + name, on: {change: choose}},
    make("option", {value: ""}, "All " + title),
    ...options.map(option => make("option", {value: option}, spelled(name, option))));
  $("selects").append(selects[name]);
}
$("selects").hidden = !$("selects").firstChild;
const input = $("q");
let waiting = 0;
input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => { state.q = input.value; restart(); }, data.rows.length > 1500 ? 120 : 0);
});
input.addEventListener("keydown", event => {
  if (event.key === "Escape") { input.value = state.q = ""; restart(); event.preventDefault(); }
});
document.addEventListener("keydown", event => {
  const typing = event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea");
  if (event.key === "/" && !typing) {
    input.focus();
    event.preventDefault();
  }
});
const chips = [...document.querySelectorAll(".chip")];
for (const chip of chips) chip.addEventListener("click", () => {
  const set = state[chip.dataset.group];
  if (!set.delete(chip.dataset.value)) set.add(chip.dataset.value);
  restart();
});
function clear() {
  for (const name of LISTS) state[name].clear();
  for (const name of SINGLES) state[name] = "";
  state.q = input.value = "";
}

// Charts lead to the findings that they count.
document.addEventListener("click", event => {
  const from = event.target.closest("[data-status], [data-check], [data-resource], [data-comparison]");
  if (!from || from.closest("#findings")) return;
  clear();
  for (const name of LISTS) if (from.dataset[name]) state[name].add(from.dataset[name]);
  for (const name of SINGLES) if (from.dataset[name]) state[name] = from.dataset[name];
  restart();
  $("findings").scrollIntoView({behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth"});
  $("findings-title").focus({preventScroll: true});
});
for (const row of document.querySelectorAll(".grid tbody tr")) {
  const resource = row.querySelector("button").dataset.resource;
  for (const mark of row.querySelectorAll(".mark")) {
    mark.dataset.check = mark.dataset.rule;
    mark.dataset.resource = resource;
  }
}

function remember() {
  const parts = new URLSearchParams();
  for (const name of LISTS) if (state[name].size) parts.set(name, [...state[name]].join(","));
  for (const name of [...SINGLES, "q"]) if (state[name]) parts.set(name, state[name]);
  if (state.sort !== "urgency" || state.down) parts.set("sort", (state.down ? "-" : "") + state.sort);
  const hash = parts.toString();
  try {
    history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  } catch (refused) { /* some viewers forbid it: then the address stays as it is */ }
}
function recall() {
  if (!location.hash.includes("=")) return;
  const parts = new URLSearchParams(location.hash.slice(1));
  for (const name of LISTS) state[name] = new Set((parts.get(name) || "").split(",").filter(Boolean));
  for (const name of SINGLES) state[name] = parts.get(name) || "";
  state.q = input.value = parts.get("q") || "";
  const sort = parts.get("sort") || "urgency";
  state.down = sort.startsWith("-");
  state.sort = order[sort.replace("-", "")] ? sort.replace("-", "") : "urgency";
}

function tokens() {
  const token = (label, drop) => make("button", {type: "button", class: "token", "aria-label": "Remove filter " + label,
    on: {click: () => { drop(); restart(); }}}, bdi(label), make("span", {class: "x", "aria-hidden": "true"}, "×"));
  const all = [];
  for (const name of SINGLES)
    if (state[name]) all.push(token(spelled(name, state[name]), () => { state[name] = ""; }));
  for (const name of LISTS) for (const item of state[name]) all.push(token(item, () => state[name].delete(item)));
  if (state.q) all.push(token("\u201c" + state.q + "\u201d", () => { state.q = input.value = ""; }));
  const everything = {type: "button", class: "token", on: {click: () => { clear(); restart(); }}};
  if (all.length > 1) all.push(make("button", everything, "Clear all"));
  $("active").replaceChildren(...all);
}
function update() {
  search();
  list();
  tokens();
  for (const chip of chips)
    chip.setAttribute("aria-pressed", String(state[chip.dataset.group].has(chip.dataset.value)));
  for (const [name, select] of Object.entries(selects)) select.value = state[name];
  heads.forEach((head, i) => {
    if (HEADS[i][0] === state.sort) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  });
  remember();
}
function restart() { shown = PAGE; update(); }

// Paper gets more than the screen shows at once, the most urgent ones: a thousand rows are a book.
addEventListener("beforeprint", () => { shown = Math.max(shown, 3 * PAGE); list(); });

recall();
update();
$("tools").hidden = false;
})();
"""

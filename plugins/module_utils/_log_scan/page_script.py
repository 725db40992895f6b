# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the page does with a script: filter by words, severity and time, and tell what a column is. It sets text only."""

from __future__ import annotations

SCRIPT = r"""
(() => {
"use strict";
const $ = id => document.getElementById(id);
const all = (selector, within) => [...(within || document).querySelectorAll(selector)];

// The filter: every word must stand somewhere in a row. A pattern is shown with those of its samples that match, or with
// all of them when it matches by itself.
const input = $("q"), when = $("when"), bars = document.querySelector(".bars");
const chips = all(".chip[data-severity]");
const severities = new Set();
let column = null;
const said = new WeakMap();
function words(row) {
  if (!said.has(row)) said.set(row, row.textContent.toLowerCase());
  return said.get(row);
}
function filter() {
  const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = content => wanted.every(word => content.includes(word));
  const narrowed = wanted.length || severities.size || column !== null;
  let shown = 0, patterns = 0, total = 0;
  for (const section of all("[data-rows]")) {
    let here = 0;
    const rows = all("[data-row]", section);
    for (const row of rows) {
      let fits = matches(words(row));
      if (row.dataset.severity) {
        total += 1;
        if (severities.size && !severities.has(row.dataset.severity)) fits = false;
        if (column !== null && !row.querySelector('.strip [data-c="' + column + '"]')) fits = false;
        const members = all("[data-member]", row), own = words(row.querySelector("summary"));
        const some = members.map(member => (column === null || member.dataset.c === String(column)) && matches(own + " " + words(member)));
        const any = some.some(Boolean);
        members.forEach((member, i) => { member.hidden = any && !some[i]; });
        if (fits) patterns += 1;
      }
      row.hidden = !fits;
      if (fits) here += 1;
    }
    section.hidden = rows.length > 0 && !here;
    const folded = section.querySelector(".quiet-logs");
    if (folded) folded.hidden = !folded.querySelector("[data-row]:not([hidden])");
    const table = section.querySelector("table");
    if (table) table.hidden = !table.querySelector("[data-row]:not([hidden])");
    shown += here;
  }
  $("nothing").hidden = shown > 0 || !narrowed;
  $("count").textContent = narrowed ? patterns.toLocaleString("en") + " of " + total.toLocaleString("en") + " patterns" : "";
  try {
    const parts = [];
    if (wanted.length) parts.push("q=" + encodeURIComponent(input.value));
    if (severities.size) parts.push("severity=" + [...severities].join(","));
    if (column !== null) parts.push("at=" + column);
    history.replaceState(null, "", parts.length ? "#" + parts.join("&") : location.pathname + location.search);
  } catch (refused) { /* some viewers forbid it: then the address stays as it is */ }
}
function press(chip, on) {
  chip.setAttribute("aria-pressed", on);
  severities[on ? "add" : "delete"](chip.dataset.severity);
}
function choose(number) {
  const mark = number === null ? null : all(".col").find(each => each.dataset.c === String(number));
  column = mark ? Number(mark.dataset.c) : null;
  for (const each of all(".col")) each.classList.toggle("is", each === mark);
  bars.classList.toggle("chosen", column !== null);
  when.hidden = column === null;
  when.textContent = mark ? "Only " + told(mark).split(": ")[0] + " ✕" : "";
}
if (input) {
  let waiting = 0;
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 60); });
  input.addEventListener("keydown", event => {
    if (event.key === "Escape") { input.value = ""; filter(); event.preventDefault(); }
  });
  document.addEventListener("keydown", event => {
    const typing = event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing) { input.focus(); event.preventDefault(); }
  });
  for (const chip of chips) chip.addEventListener("click", () => {
    press(chip, chip.getAttribute("aria-pressed") !== "true");
    filter();
  });
  when.addEventListener("click", () => { choose(null); filter(); if (bars) bars.parentElement.focus(); });
  $("tools").hidden = false;
  const sent = new URLSearchParams(location.hash.slice(1));
  input.value = sent.get("q") || "";
  const asked = (sent.get("severity") || "").split(",");
  for (const chip of chips) if (asked.includes(chip.dataset.severity)) press(chip, true);
  if (bars && sent.has("at")) choose(sent.get("at"));
  if (input.value || severities.size || column !== null) filter();
}

// What a column says, at the pointer, at a tap, and with the arrow keys.
const tip = $("tip"), spoken = $("said");
let lit = null, place = null;
function told(mark) {
  const title = mark.querySelector("title");
  if (title) { mark.dataset.says = title.textContent; title.remove(); }  // else the browser shows it as well
  return mark.dataset.says || "";
}
function hide() {
  tip.hidden = true;
  if (lit) lit.classList.remove("lit");
  lit = null;
}
function show(mark, x) {
  hide();
  lit = mark;
  mark.classList.add("lit");
  tip.textContent = told(mark);
  tip.hidden = false;
  tip.style.left = tip.style.top = "0px";
  const box = place = mark.getBoundingClientRect(), own = tip.getBoundingClientRect();
  const middle = x === undefined ? box.left + box.width / 2 : x;
  const left = Math.min(Math.max(8, middle - own.width / 2), document.documentElement.clientWidth - own.width - 8);
  tip.style.left = left + "px";
  tip.style.top = (box.top - own.height - 8 > 4 ? box.top - own.height - 8 : box.bottom + 8) + "px";
}
const MARKS = ".col, .strip rect";
document.addEventListener("pointerover", event => {
  const mark = event.target.closest(MARKS);
  if (mark && event.pointerType !== "touch") show(mark, event.clientX);
});
document.addEventListener("pointerout", event => { if (event.pointerType !== "touch") hide(); });
document.addEventListener("click", event => {
  const mark = event.target.closest(MARKS);
  if (!mark) return hide();
  if (!mark.matches(".col")) {
    event.preventDefault();  // a tap on a column asks for its time, and does not unfold the row
    return show(mark, event.clientX || undefined);
  }
  if (input) { choose(Number(mark.dataset.c) === column ? null : mark.dataset.c); filter(); }
  show(mark, event.clientX || undefined);
});
if (bars) {
  const plot = bars.parentElement;
  plot.addEventListener("keydown", event => {
    const marks = all(".col");
    if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      const at = marks.indexOf(lit), step = event.key === "ArrowRight" ? 1 : -1;
      show(marks[at < 0 ? (step > 0 ? 0 : marks.length - 1) : Math.min(Math.max(at + step, 0), marks.length - 1)]);
      spoken.textContent = told(lit);
      event.preventDefault();
    } else if ((event.key === "Enter" || event.key === " ") && lit && input) {
      const same = Number(lit.dataset.c) === column;
      choose(same ? null : lit.dataset.c);
      filter();
      event.preventDefault();
    } else if (event.key === "Escape") {
      hide();
      if (input && column !== null) { choose(null); filter(); }
    }
  });
  plot.addEventListener("focusout", hide);
}
// A scroll is told late: it counts only when the mark has moved away from what was said of it.
addEventListener("scroll", () => {
  if (lit && Math.abs(lit.getBoundingClientRect().top - place.top) + Math.abs(lit.getBoundingClientRect().left - place.left) > 2) hide();
}, {passive: true, capture: true});
})();
"""

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the page does with a script: filter, tell the time of a bar, and change the zone of the ticks. It sets text only."""

from __future__ import annotations

SCRIPT = r"""
(() => {
"use strict";
const $ = id => document.getElementById(id);
const all = (selector, within) => [...(within || document).querySelectorAll(selector)];

// The filter: every word must stand somewhere in a row. A lane shows those of its resources that match, or all of them
// when the lane itself does.
const input = $("q");
const said = new WeakMap();
function words(row) {
  if (!said.has(row)) said.set(row, row.textContent.toLowerCase());
  return said.get(row);
}
function filter() {
  const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = content => wanted.every(word => content.includes(word));
  let shown = 0, total = 0, resources = 0;
  for (const section of all("[data-rows]")) {
    let here = 0;
    const rows = all("[data-row]", section);
    for (const row of rows) {
      const members = all("[data-member]", row), fits = matches(words(row));
      let left = members.length;
      if (members.length) {
        const own = row.querySelector(".label").textContent.toLowerCase();
        const some = members.map(member => !wanted.length || matches(own + " " + words(member)));
        left = some.filter(Boolean).length || (fits ? members.length : 0);
        members.forEach((member, i) => { member.hidden = !some[i] && left !== members.length; });
        const count = row.querySelector("[data-count]");
        if (count) {
          count.dataset.whole ??= count.textContent;
          count.textContent = left < members.length ? left + "/" + count.dataset.whole : count.dataset.whole;
        }
        total += members.length;
      }
      row.hidden = !fits && !(members.length && left);
      if (!row.hidden) { here += 1; if (members.length) resources += left; }
    }
    section.hidden = rows.length > 0 && !here;
    shown += here;
  }
  $("nothing").hidden = shown > 0 || !wanted.length;
  $("count").textContent = wanted.length ? resources.toLocaleString("en") + " of " + total.toLocaleString("en") + " resources" : "";
  try {
    history.replaceState(null, "", wanted.length ? "#q=" + encodeURIComponent(input.value) : location.pathname + location.search);
  } catch (refused) { /* some viewers forbid it: then the address stays as it is */ }
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
  $("tools").hidden = false;
  if (location.hash.startsWith("#q=")) {
    try { input.value = decodeURIComponent(location.hash.slice(3)); } catch (broken) { input.value = ""; }
    filter();
  }
}

// The zone of the ticks.
const zone = $("zone");
if (zone) {
  zone.value = zone.options[0].value;
  zone.addEventListener("change", () => {
    for (const ticks of all("[data-zone]")) ticks.toggleAttribute("hidden", ticks.dataset.zone !== zone.value);
  });
  zone.parentElement.hidden = false;
  document.querySelector(".clock .said").hidden = true;
}

// What a bar says, at the pointer, at a tap, and with the arrow keys on a lane.
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
const MARKS = ".strip rect, .strip path";
const timeline = $("timeline");
timeline.addEventListener("pointerover", event => {
  const mark = event.target.closest(MARKS);
  if (mark && event.pointerType !== "touch") show(mark, event.clientX);
});
timeline.addEventListener("pointerout", event => { if (event.pointerType !== "touch") hide(); });
timeline.addEventListener("click", event => {
  const mark = event.target.closest(MARKS);
  if (!mark) return hide();
  event.preventDefault();  // a tap on a bar asks for its time, and does not unfold the lane
  show(mark, event.clientX || undefined);
});
timeline.addEventListener("keydown", event => {
  const lane = event.target.closest(".lane > summary");
  if (!lane) return;
  if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const marks = all(MARKS, lane).filter(mark => told(mark));
    if (!marks.length) return;
    const at = marks.indexOf(lit), step = event.key === "ArrowRight" ? 1 : -1;
    const mark = marks[at < 0 ? (step > 0 ? 0 : marks.length - 1) : Math.min(Math.max(at + step, 0), marks.length - 1)];
    mark.scrollIntoView({block: "nearest", inline: "nearest"});
    show(mark);
    spoken.textContent = told(mark);
    event.preventDefault();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const lanes = all(".lane:not([hidden]) > summary");
    const next = lanes[lanes.indexOf(lane) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { next.focus(); event.preventDefault(); }
  } else if (event.key === "Escape") hide();
});
timeline.addEventListener("focusout", hide);
// A scroll is told late: it counts only when the bar has moved away from what was said of it.
addEventListener("scroll", () => {
  if (lit && Math.abs(lit.getBoundingClientRect().top - place.top) + Math.abs(lit.getBoundingClientRect().left - place.left) > 2) hide();
}, {passive: true, capture: true});
})();
"""

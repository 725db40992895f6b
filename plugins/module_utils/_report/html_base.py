# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The looks that all pages have in common, and the theme button. Colours have names, once for light and once for dark."""

from __future__ import annotations

_LIGHT = """
color-scheme: light;
--page: #f4f5f8; --card: #ffffff; --raised: #f8f9fb; --line: #e1e4ea; --strong: #c9ced8;
--ink: #161a22; --soft: #545d6c; --link: #3447b8; --focus: #4a5fd9; --shadow: 0 1px 2px #1018280d, 0 4px 16px #1018280a;
--fail: #d6454b; --fail-ink: #a8242c; --fail-wash: #fdecec;
--unknown: #8c6bd1; --unknown-ink: #6440b5; --unknown-wash: #f1ecfb;
--exempt: #8d99ab; --exempt-ink: #4d596b; --exempt-wash: #edf0f4;
--pass: #2f9e75; --pass-ink: #17694b; --pass-wash: #e5f5ee;
--critical: #8f1239; --high: #d6454b; --medium: #e9a23b; --low: #7ca7d8; --track: #e9ebf0; --none: #f1f2f5;
--critical-ink: #8f1239; --high-ink: #a8242c; --medium-ink: #7d4c05; --low-ink: #2a578a;
--critical-wash: #f9e3ea; --high-wash: #fdecec; --medium-wash: #fcf1de; --low-wash: #e8f0f9; --hatch: #d5c6f0;
"""

_DARK = """
color-scheme: dark;
--page: #0f1218; --card: #171b23; --raised: #1d222c; --line: #2a303c; --strong: #3d4554;
--ink: #e8ebf1; --soft: #a2abba; --link: #a3b1ff; --focus: #8796f5; --shadow: 0 1px 2px #0006;
--fail: #e5646a; --fail-ink: #ff9ea2; --fail-wash: #3a1d22;
--unknown: #9d80de; --unknown-ink: #c7b3f7; --unknown-wash: #2b2440;
--exempt: #76839a; --exempt-ink: #b4bfd0; --exempt-wash: #262d39;
--pass: #3fae84; --pass-ink: #7bdcb6; --pass-wash: #15332a;
--critical: #c22a5c; --high: #e5646a; --medium: #e0a048; --low: #6f9bd1; --track: #272d38; --none: #1f242e;
--critical-ink: #ff8db0; --high-ink: #ff9ea2; --medium-ink: #f0bd76; --low-ink: #9cc3f2;
--critical-wash: #401529; --high-wash: #3a1d22; --medium-wash: #352813; --low-wash: #1b2a3d; --hatch: #4a3d6e;
"""

_TOKENS = (
    ":root {" + _LIGHT + "}\n"
    "@media screen and (prefers-color-scheme: dark) { :root:not([data-theme=light]) {" + _DARK + "} }\n"
    "@media screen { :root[data-theme=dark] {" + _DARK + "} }\n"
)

_RULES = """
*, ::before, ::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 12px }
body { margin: 0; background: var(--page); color: var(--ink); overflow-wrap: anywhere;
  font: 15px/1.5 -apple-system, "Segoe UI", Roboto, Inter, Ubuntu, Cantarell, "Noto Sans", "Liberation Sans",
    Arial, sans-serif }
h1, h2, p, ul, dl, dd, table { margin: 0; padding: 0 }
ul { list-style: none }
button, input, select { font: inherit; color: inherit }
button { background: none; border: 0; padding: 0; text-align: inherit; cursor: pointer; border-radius: 8px }
a { color: var(--link) }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px }
.hidden, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap }
[hidden] { display: none !important }
.skip { position: absolute; left: 16px; top: 12px; z-index: 9; padding: 8px 14px; background: var(--card);
  border-radius: 8px }
.wrap { max-width: 1240px; margin: 0 auto; padding: 0 24px }
.icon { width: 15px; height: 15px; flex: none; fill: currentColor; vertical-align: -2px }
.cut { fill: none; stroke: var(--card); stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round }
.line { fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round }

.top { background: var(--card); border-bottom: 1px solid var(--line); border-top: 4px solid var(--exempt);
  padding: 18px 0 22px }
.top.o-critical { border-top-color: var(--fail) }
.top.o-warning { border-top-color: var(--medium) }
.top.o-ok { border-top-color: var(--pass) }
.top.o-unknown { border-top-color: var(--unknown) }
.topline { display: flex; justify-content: space-between; align-items: center; min-height: 32px }
.maker { color: var(--soft); font-size: 13px; letter-spacing: .02em }
h1 { font-size: 30px; line-height: 1.2; font-weight: 680; letter-spacing: -.018em; margin: 6px 0 10px;
  text-wrap: balance }
.lead { font-size: 17px; display: flex; gap: 8px 12px; align-items: center; flex-wrap: wrap }
.overall { display: inline-block; padding: 2px 12px; border-radius: 99px; font-size: 14px; font-weight: 620;
  background: var(--exempt-wash); color: var(--exempt-ink) }
.overall.o-critical { background: var(--fail-wash); color: var(--fail-ink) }
.overall.o-ok { background: var(--pass-wash); color: var(--pass-ink) }
.overall.o-unknown { background: var(--unknown-wash); color: var(--unknown-ink) }
.overall.o-warning { background: var(--medium-wash); color: var(--medium-ink) }
.facts { display: flex; flex-wrap: wrap; gap: 10px 36px; margin-top: 16px }
.facts dt { color: var(--soft); font-size: 12px }
.facts dt::first-letter { text-transform: uppercase }
.facts dd { font-size: 14px }
.quiet { display: inline-flex; gap: 7px; align-items: center; padding: 5px 11px; border: 1px solid var(--line);
  color: var(--soft); font-size: 13px }
.quiet:hover { border-color: var(--strong); color: var(--ink) }

main { display: grid; gap: 20px; padding-top: 22px !important; padding-bottom: 22px !important;
  grid-template-columns: minmax(0, 1fr) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 20px 22px;
  box-shadow: var(--shadow) }
h2 { font-size: 16px; font-weight: 640; letter-spacing: -.005em; margin-bottom: 14px }
.note { color: var(--soft); font-size: 13px; margin-top: 14px }
.notice { background: var(--unknown-wash); color: var(--unknown-ink); border-radius: 8px; padding: 8px 12px;
  font-size: 14px; margin-bottom: 14px }
.cards { display: grid; gap: 20px; grid-template-columns: 1.2fr 1fr 1fr }
.cards .card { display: flex; flex-direction: column }
.cards .note { margin-top: auto; padding-top: 14px }

.scroll { position: relative; overflow: auto; margin: 0 -22px; padding: 0 22px }

.tools { display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: center; margin-bottom: 12px }
.find { position: relative; flex: 1 1 260px }
.find .icon { position: absolute; left: 12px; top: 12px; color: var(--soft) }
.find input { width: 100%; height: 38px; padding: 0 36px; border: 1px solid var(--strong); border-radius: 9px;
  background: var(--card) }
.find input::placeholder { color: var(--soft); opacity: 1 }
.find kbd { position: absolute; right: 10px; top: 8px; border: 1px solid var(--line); border-radius: 5px;
  padding: 0 7px; font: 13px/20px ui-monospace, monospace; color: var(--soft) }
.find input:focus ~ kbd { display: none }
.chips { display: flex; flex-wrap: wrap; gap: 6px }
.chip { display: inline-flex; gap: 7px; align-items: center; height: 32px; padding: 0 12px;
  border: 1px solid var(--line); border-radius: 99px; font-size: 14px; background: var(--card) }
.chip:hover { border-color: var(--strong) }
.chip[aria-pressed=true] { background: var(--ink); border-color: var(--ink); color: var(--card) }
.selects { display: flex; flex-wrap: wrap; gap: 8px; flex: 1 1 100%; min-width: 0 }
.selects select { height: 34px; max-width: 260px; padding: 0 8px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); font-size: 14px }
.state { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; color: var(--soft); font-size: 14px;
  min-height: 32px }
#active { display: flex; flex-wrap: wrap; gap: 6px }
.token { display: inline-flex; gap: 6px; padding: 2px 10px; border-radius: 99px; background: var(--raised);
  border: 1px solid var(--line); font-size: 13px; color: var(--ink) }
.token:hover { border-color: var(--strong) }

.pill { display: inline-flex; gap: 6px; align-items: center; padding: 0 9px 0 7px; border-radius: 99px;
  font-size: 13px; font-weight: 560; line-height: 24px; white-space: nowrap }
.pill .icon { width: 13px; height: 13px }
.where { color: var(--soft); font-size: 13px; display: block }
.tag { display: inline-block; padding: 0 7px; border-radius: 5px; border: 1px solid var(--line);
  background: var(--card); font-size: 12px; line-height: 20px; margin: 0 5px 5px 0 }
.tag b { font-weight: 600 }
pre, .mono { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace }
pre { margin: 0; white-space: pre-wrap; max-height: 320px; overflow: auto; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px }
.pager { display: flex; gap: 10px; justify-content: center; padding-top: 18px }
.empty { text-align: center; color: var(--soft); padding: 36px 12px }
.plain { width: 100%; border-collapse: collapse; font-size: 14px }
.plain th, .plain td { text-align: left; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line);
  vertical-align: top }
.plain tr:last-child > * { border-bottom: 0 }
.plain thead th { color: var(--soft); font-size: 13px; font-weight: 560 }
.plain tbody th { font-weight: 560 }
.plain td:last-child { white-space: nowrap }
footer { padding-bottom: 44px !important; color: var(--soft); font-size: 13px }
footer summary { cursor: pointer; width: max-content }
footer .facts dd { color: var(--ink) }
"""

# What is narrow or on paper comes last: it overrules what is said for every screen.
_MEDIA = """
@media screen and (max-width: 1020px) {
  .cards { grid-template-columns: 1fr 1fr }
}
@media screen and (max-width: 720px) {
  .wrap { padding: 0 14px }
  .card { padding: 16px; border-radius: 12px }
  .scroll { margin: 0 -16px; padding: 0 16px }
  h1 { font-size: 24px }
  .lead { font-size: 16px }
  main { gap: 14px; padding-top: 14px !important }
  .cards { grid-template-columns: minmax(0, 1fr); gap: 14px }
  .facts { gap: 8px 22px }
  .find kbd { display: none }
  .selects select { flex: 1 1 40%; max-width: none; min-width: 0 }
  .chip { height: 36px }
  .plain, .plain tbody, .plain tr, .plain tbody th, .plain td { display: block; border: 0; padding: 1px 0 }
  .plain thead { display: none }
  .plain tr { padding: 10px 0; border-bottom: 1px solid var(--line) }
  .plain td::before { content: attr(data-label) " "; color: var(--soft) }
}
@media (prefers-reduced-motion: reduce) {
  * { transition: none !important }
}
@media print {
  body { background: #fff; font-size: 12px; -webkit-print-color-adjust: exact; print-color-adjust: exact }
  .wrap { max-width: none; padding: 0 }
  .card { box-shadow: none; break-inside: avoid }
  .tools, .pager, #theme, .skip, #active .x, footer summary { display: none !important }
  footer details::details-content { content-visibility: visible; block-size: auto }
  .top { padding-top: 6px }
  h1 { font-size: 24px }
  .card { padding: 14px 16px }
  .facts { gap: 6px 24px }
  .pill { line-height: 18px }
  .scroll { overflow: visible }
  .cards { grid-template-columns: 1.25fr 1fr 1fr }
  main, .cards { gap: 12px }
  .card.wide { break-inside: auto }
  .pill, .where, .plain { font-size: 10px }
  tr { break-inside: avoid }
  h2, .state { break-after: avoid }
  @page { margin: 14mm 12mm }
}
"""


def style(rules: str, media: str = "") -> str:
    """The style of a page: what all pages have in common, and its own.

    :param media: its own rules for narrow screens and for paper.
    """
    return _TOKENS + _RULES + rules + _MEDIA + media


# What the system says, until the reader says otherwise. The choice holds for all pages of the collection.
THEME = r"""
(() => {
"use strict";
const button = document.getElementById("theme"), root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
function themed() {
  const now = root.dataset.theme || (dark.matches ? "dark" : "light");
  button.lastElementChild.textContent = now === "dark" ? "Light" : "Dark";
  return now;
}
try {
  const kept = localStorage.getItem("day2-theme");
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
} catch (refused) { /* a file may have no storage */ }
button.addEventListener("click", () => {
  const next = themed() === "dark" ? "light" : "dark";
  root.dataset.theme = next;
  try { localStorage.setItem("day2-theme", next); } catch (refused) { /* then for this page only */ }
  themed();
});
dark.addEventListener("change", themed);
themed();
button.hidden = false;
})();
"""

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The looks of the page, beside what all pages have in common."""

from __future__ import annotations

from .._report.html_base import style

_RULES = """
.dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; flex: none; border: 2px solid var(--exempt) }
.dot.s-running { background: var(--pass); border-color: var(--pass) }
.dot.s-changing { background: var(--medium); border-color: var(--medium) }
.soft { color: var(--soft) }
.bad { color: var(--fail-ink) }
.quietly { color: var(--soft) }
.cut { overflow: hidden; text-overflow: ellipsis }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace }

.cards { grid-template-columns: repeat(auto-fit, minmax(270px, 1fr)) }
.tall { display: grid; grid-template-columns: auto auto 1fr; gap: 6px 12px; align-items: center; flex: 1;
  align-content: center }
.tall li { display: contents }
.tall b { font-size: 26px; line-height: 1.25; font-weight: 660; letter-spacing: -.02em; text-align: right;
  font-variant-numeric: tabular-nums }
.tall span { color: var(--soft) }
.tall.pills { grid-template-columns: auto 1fr; gap: 8px 14px }
.tall.pills b { text-align: left }
.tall .pill { justify-self: start }
.big { flex: 1; align-content: center }
.big b { display: block; font-size: 31px; line-height: 1.2; font-weight: 680; letter-spacing: -.03em }
.big span { color: var(--soft) }
.share { display: block; width: 100%; height: 10px; border-radius: 4px; margin-top: 14px }
.f-running, .f-run { fill: var(--focus) }
.f-running { fill: var(--pass) }
.f-stopped { fill: var(--track) }
.f-changing { fill: var(--medium) }
.pill.a-start, .flag.a-start { background: var(--pass-wash); color: var(--pass-ink) }
.pill.a-stop, .flag.a-stop, .flag.a-hibernate { background: var(--exempt-wash); color: var(--exempt-ink) }
.pill.a-hibernate { background: var(--unknown-wash); color: var(--unknown-ink) }
.pill.a-start, .pill.a-stop, .pill.a-hibernate { min-width: 76px }
.tall .pill.a-start { color: var(--pass-ink) }
.tall .pill.a-stop { color: var(--exempt-ink) }
.tall .pill.a-hibernate { color: var(--unknown-ink) }
.pill.o-done { background: var(--pass-wash); color: var(--pass-ink); padding: 0 9px }
.pill.o-pending { background: var(--medium-wash); color: var(--medium-ink); padding: 0 9px }
.pill.o-failed { background: var(--fail-wash); color: var(--fail-ink); padding: 0 9px }

.trouble { border-left: 4px solid var(--medium) }
.trouble ul { display: grid; gap: 8px }
.trouble li { padding-left: 14px; text-indent: -14px }
.trouble li::before { content: "•"; color: var(--medium-ink); margin-right: 8px }

.filter { display: flex; flex-wrap: wrap; gap: 8px 18px; align-items: center }
.filter .find { flex: 0 1 460px }
.filter #count { color: var(--soft); font-size: 14px }

.titled { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 18px; align-items: baseline }
.clock { color: var(--soft); font-size: 14px }
.clock select { height: 32px; margin-left: 4px; padding: 0 8px; border: 1px solid var(--line); border-radius: 8px;
  background: var(--card); color: var(--ink) }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; color: var(--soft); margin-bottom: 14px }
.legend li { display: flex; gap: 7px; align-items: center }
.key { width: 20px; height: 11px; border-radius: 3px; background: var(--focus) }
.k-over { background: var(--medium) }
.k-left { background: none; border: 1.5px solid var(--exempt) }
.k-off { background: var(--strong); opacity: .45 }
.k-stop, .k-start { width: 0; height: 0; border-radius: 0; background: none; border: 6px solid transparent;
  border-top-color: var(--ink); border-bottom-width: 0 }
.k-start { border-width: 5px 0 5px 7px; border-color: transparent transparent transparent var(--focus) }
.k-now { width: 2px; height: 15px; border-radius: 0; background: var(--fail) }

.reel { overflow-x: auto; margin: 0 -22px; padding: 0 22px }
.tl { --label: 310px; min-width: 720px }
.tl.w3 { min-width: 1120px }
.tl.w4 { min-width: 2100px }
.w4 .lg { display: none }
.tl.w5 { min-width: 4200px }
.tl.w6 { min-width: 9000px }
.tl svg { display: block }
.axis { display: grid; grid-template-columns: var(--label) minmax(0, 1fr) }
.corner { position: sticky; left: 0; z-index: 3 }
.axis svg { width: 100%; height: 52px; overflow: visible }
.axis text { font-size: 13px; text-anchor: middle; fill: var(--ink); font-weight: 560 }
.axis .we { fill: var(--soft); font-weight: 400 }
.axis .h { font-size: 11px; fill: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums }
.axis .now { font-size: 11px; fill: var(--fail-ink); font-weight: 640 }
.axis .now[text-anchor=start] { text-anchor: start }
.axis .now[text-anchor=end] { text-anchor: end }
.body { position: relative; border-top: 1px solid var(--line) }
.back, .fore { position: absolute; left: var(--label); top: 0; width: calc(100% - var(--label)); height: 100%;
  pointer-events: none; overflow: visible }
.back line { stroke: var(--line) }
.back .h { stroke: var(--none); stroke-dasharray: 2 3 }
.back .we { fill: var(--raised) }
.fore { z-index: 2 }
.fore rect { fill: var(--card); opacity: .62 }
.fore line { stroke: var(--fail); stroke-width: 1.5 }
.lane { position: relative; border-bottom: 1px solid var(--line) }
.lane > summary { display: grid; grid-template-columns: var(--label) minmax(0, 1fr); align-items: center;
  list-style: none; cursor: pointer; min-height: 46px }
summary::-webkit-details-marker { display: none }
.lane > summary:hover .name bdi { color: var(--link) }
.lane > summary:focus-visible { outline: 0; position: relative }
.lane > summary:focus-visible::after { content: ""; position: absolute; inset: 1px; z-index: 4; pointer-events: none;
  border: 2px solid var(--focus); border-radius: 6px }
.label { display: flex; gap: 8px; align-items: center; min-width: 0; padding: 5px 14px 5px 0; position: sticky; left: 0;
  z-index: 3; align-self: stretch }
.label, .corner { background: var(--card); box-shadow: -22px 0 0 var(--card) }
.label > .icon { width: 12px; color: var(--soft); transition: transform .12s }
[open] > summary .icon { transform: rotate(90deg) }
.what { min-width: 0; flex: 1 }
.name { display: flex; gap: 7px; align-items: center; font-weight: 580; white-space: nowrap; min-width: 0 }
.label .where { white-space: nowrap; font-size: 12px }
.count { flex: none; min-width: 22px; padding: 0 6px; border-radius: 99px; background: var(--exempt-wash);
  color: var(--exempt-ink); font-size: 12px; line-height: 19px; font-weight: 620; text-align: center;
  font-variant-numeric: tabular-nums }
.flag { flex: none; padding: 0 7px; border-radius: 5px; font-size: 11px; line-height: 18px; font-weight: 600;
  background: var(--exempt-wash); color: var(--exempt-ink) }
.flag.f-over { background: var(--medium-wash); color: var(--medium-ink) }
.flag.f-bad { background: var(--fail-wash); color: var(--fail-ink) }
.strip { width: 100%; height: 34px; overflow: visible }
.strip .r { fill: var(--focus) }
.strip .o { fill: var(--medium) }
.strip .s { fill: var(--medium) }
.strip .l { fill: var(--card); fill-opacity: .5; stroke: var(--exempt); stroke-width: 1.5; stroke-dasharray: 3 2 }
.strip .once { fill: var(--ink) }
.strip .once.to-running { fill: var(--focus) }
.strip .off rect { fill: var(--off, var(--strong)); fill-opacity: .35 }
.strip .off text { font-size: 11px; fill: var(--soft); text-anchor: middle; pointer-events: none }
.strip .lit { stroke: var(--ink); stroke-width: 2; paint-order: stroke }
.inside { position: relative; z-index: 3; background: var(--raised); border-top: 1px solid var(--line);
  padding: 12px 16px 16px 20px }
.says { font-size: 13px; margin-bottom: 10px }
.two { display: grid; grid-template-columns: minmax(0, 1fr) 230px; gap: 12px 30px; align-items: start }
.members { display: grid; gap: 5px; font-size: 14px }
.members li { display: flex; flex-wrap: wrap; gap: 1px 8px; align-items: baseline }
.members bdi:first-of-type { font-weight: 560 }
.members .where { font-size: 13px; display: inline }
.members .where bdi { font-weight: 400 }
.members .why { flex: 1 1 100%; padding-left: 17px; font-size: 13px; color: var(--soft) }
.edges { list-style: none; margin: 0; padding: 0; font-size: 13px; display: grid; gap: 3px;
  font-variant-numeric: tabular-nums }
.edges::before { content: attr(aria-label); color: var(--soft); margin-bottom: 2px }
#tip { position: fixed; z-index: 20; left: 0; top: 0; width: max-content;
  max-width: min(420px, calc(100vw - 16px)); padding: 5px 10px;
  border-radius: 8px; background: var(--ink); color: var(--card); font-size: 13px; pointer-events: none;
  box-shadow: 0 4px 16px #0004 }

.next { list-style: none; margin: 0; padding: 0; display: grid; gap: 2px }
.next li { display: grid; grid-template-columns: 180px 120px 96px minmax(0, 1fr); gap: 2px 16px; padding: 8px 0;
  border-bottom: 1px solid var(--line); align-items: start }
.next li:last-child { border-bottom: 0 }
.next .at { font-weight: 580; font-variant-numeric: tabular-nums }
.next .at .where { font-weight: 400 }
.next .in { color: var(--soft); font-size: 14px }
.names { font-weight: 580 }
.rows td, .rows th { padding-right: 18px }
.rows details > summary { display: flex; gap: 7px; align-items: baseline; list-style: none; cursor: pointer }
.rows details > summary .icon { width: 11px; height: 11px; color: var(--soft); transition: transform .12s }
.rows details ul { margin: 8px 0 4px 18px; display: grid; gap: 6px }
.rows th[scope=row] { width: 36% }
.rows .act { width: 1%; white-space: nowrap }
.rows .where { font-weight: 400 }
.rows time { white-space: nowrap }
.rows .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.rows .outcome { white-space: normal; min-width: 110px }
.plain.rows td:last-child { white-space: normal }
.plain.rows td.n:last-child { white-space: nowrap; padding-right: 0 }
.saved td:nth-child(3) { width: 24% }
.meter { display: grid; grid-template-columns: minmax(60px, 1fr) 62px; gap: 10px; align-items: center;
  font-variant-numeric: tabular-nums }
.meter .share { margin: 0; height: 8px }
"""

_MEDIA = """
@media screen and (max-width: 720px) {
  .cards { grid-template-columns: minmax(0, 1fr) }
  .filter .find { flex: 1 1 100% }
  .reel { margin: 0 -16px; padding: 0 16px }
  .tl { --label: 0px; min-width: 0 }
  .axis { display: block }
  .corner { display: none }
  .label { box-shadow: none }
  .axis svg { height: 38px }
  .axis text { font-size: 11px }
  .axis .h, .axis .mo, .axis .lg, .strip .off text, .back .h { display: none }
  .axis .now { transform: translateY(-14px) }
  .lane > summary { display: block; padding: 4px 0 2px }
  .label { padding: 4px 0 0; position: relative }
  .inside { padding: 12px }
  .two { grid-template-columns: minmax(0, 1fr) }
  .next li { grid-template-columns: minmax(0, 1fr) auto }
  .next li > :nth-child(2) { text-align: right }
  .next li > :nth-child(4) { grid-column: 1 / -1 }
  .next li > :nth-child(3) { grid-column: 1 / -1; margin-top: 2px }
  .rows th[scope=row] { width: auto }
  .rows .n { text-align: left }
  .rows details > summary { padding: 6px 0 }
  .meter { display: inline-grid; width: 60% }
}
@media print {
  .filter, #tip, .clock label, .label > .icon, .rows summary .icon { display: none !important }
  .tl, .tl.w3, .tl.w4, .tl.w5, .tl.w6 { min-width: 0; --label: 200px }
  .reel { overflow: visible }
  .lane { break-inside: avoid }
  .lane > summary { min-height: 34px }
  .axis text { font-size: 10px }
  .rows, .members, .next, .next .in { font-size: 10px }
  .cards { grid-template-columns: 1fr 1fr 1fr }
  code, .says { font-size: 10px }
}
"""

STYLE = style(_RULES, _MEDIA)

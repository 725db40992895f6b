# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The looks of the page, beside what all pages have in common."""

from __future__ import annotations

from .._report.html_base import style

_RULES = """
ol { list-style: none; margin: 0; padding: 0 }
h3 { font-size: 13px; font-weight: 620; margin: 0 0 8px }
.soft { color: var(--soft); font-weight: 400 }
.bad { color: var(--fail-ink) }
.note bdi { display: inline-block; max-width: 100% }
.quietly { color: var(--soft) }
.cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; fill: none }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace }
.n { font-variant-numeric: tabular-nums }
.v-critical { fill: var(--critical); background: var(--critical) }
.v-high { fill: var(--high); background: var(--high) }
.v-medium { fill: var(--medium); background: var(--medium) }
.v-low { fill: var(--low); background: var(--low) }
.v-ok { fill: var(--pass); background: var(--pass) }
.v-unknown { fill: var(--unknown); background: var(--unknown) }
.v-read { fill: var(--focus); background: var(--focus) }
.v-pending { fill: var(--low); background: var(--low) }
.v-gap { fill: var(--fail); background: var(--fail) }
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; flex: none }
.w-critical { background: var(--critical-wash); color: var(--critical-ink) }
.w-high { background: var(--high-wash); color: var(--high-ink) }
.w-medium { background: var(--medium-wash); color: var(--medium-ink) }
.w-low { background: var(--low-wash); color: var(--low-ink) }
.w-pass { background: var(--pass-wash); color: var(--pass-ink) }
.w-unknown { background: var(--unknown-wash); color: var(--unknown-ink) }
.pill .cut { stroke: var(--card) }

.cards { grid-template-columns: repeat(auto-fit, minmax(270px, 1fr)) }
.tall { display: grid; grid-template-columns: auto auto 1fr; gap: 3px 12px; align-items: center; flex: 1;
  align-content: center }
.tall li { display: contents }
.tall b { font-size: 23px; line-height: 1.3; font-weight: 660; letter-spacing: -.02em; text-align: right;
  font-variant-numeric: tabular-nums }
.tall span { color: var(--soft) }
.tall .zero b { color: var(--soft); font-weight: 400 }
.tall .zero .dot { opacity: .35 }
.big b { display: block; font-size: 31px; line-height: 1.2; font-weight: 680; letter-spacing: -.03em }
.big span { color: var(--soft) }
.missed { display: grid; gap: 4px; margin-top: 12px; flex: 1; align-content: start }
.big + .note bdi { display: inline-block; max-width: 100% }
.quietly { margin-top: 12px; flex: 1 }
.share { display: block; width: 100%; height: 10px; border-radius: 4px; margin-top: 14px }

.trouble { border-left: 4px solid var(--unknown) }
.trouble ul { display: grid; gap: 8px }
.trouble li { padding-left: 14px; text-indent: -14px }
.trouble li::before { content: "•"; color: var(--unknown-ink); margin-right: 8px }

.filter { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: center }
.filter .find { flex: 0 1 400px }
.filter #count { color: var(--soft); font-size: 14px }
.filter .token { font-size: 14px; padding: 4px 12px }
.chip[aria-pressed=true] .dot { box-shadow: 0 0 0 1.5px var(--card) }

.titled { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 18px; align-items: baseline }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; color: var(--soft) }
.legend li { display: flex; gap: 7px; align-items: center }
.keys { margin-bottom: 6px }
.key { width: 20px; height: 9px; border-radius: 3px }
.plot { border-radius: 8px }
.plot svg { display: block; width: 100% }
.bars { height: 150px; border-bottom: 1px solid var(--strong) }
.bars .h { stroke: var(--line); stroke-dasharray: 2 3 }
.bars .y, .axis text { font-size: 11px; fill: var(--soft); font-variant-numeric: tabular-nums }
.axis { height: 38px; overflow: visible }
.axis .day { font-weight: 620; fill: var(--ink) }
.axis line { stroke: var(--strong) }
.col .hit { fill: transparent; cursor: pointer }
.col:hover .hit, .col.lit .hit { fill: var(--ink); fill-opacity: .07 }
.bars.chosen .col:not(.is) > :not(.hit) { opacity: .3 }

.row { border-bottom: 1px solid var(--line) }
.row:last-child { border-bottom: 0 }
.row > summary { display: grid; list-style: none; cursor: pointer; align-items: center; min-height: 54px;
  grid-template-columns: 12px 92px minmax(0, 1fr) 240px 76px 122px; gap: 4px 14px; padding: 7px 0 }
.undrawn .row > summary { grid-template-columns: 12px 92px minmax(0, 1fr) 76px 122px }
summary::-webkit-details-marker { display: none }
summary > .icon { width: 12px; color: var(--soft); transition: transform .12s }
[open] > summary > .icon { transform: rotate(90deg) }
.row > summary:hover .name { color: var(--link) }
.row > summary:focus-visible { outline-offset: -2px; border-radius: 6px }
.what { min-width: 0 }
.name { font-weight: 580; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden }
.row > summary .n { text-align: right; font-size: 17px; font-weight: 640 }
.last { color: var(--soft); font-size: 13px; text-align: right; white-space: nowrap }
.strip { display: block; width: 100%; height: 27px; background: none }
.strip line { stroke: var(--line) }
.lit:not(.col) { stroke: var(--ink); stroke-width: 1.5; paint-order: stroke }
.flag { display: inline-block; padding: 0 7px; border-radius: 5px; font-size: 11px; line-height: 18px; font-weight: 600;
  background: var(--exempt-wash); color: var(--exempt-ink); white-space: nowrap }
.where .flag { margin-left: 8px }
.flag.f-bad { background: var(--fail-wash); color: var(--fail-ink); margin-left: 7px }
.inside { background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px 16px;
  margin: 2px 0 16px }
.inside .facts { margin: 0 0 14px }
.inside .facts .all { flex: 1 1 100% }
.inside .facts .tag { margin: 3px 5px 2px 0 }
.tops { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 14px 30px;
  margin-bottom: 16px }
.top-n { display: grid; gap: 4px; font-size: 13px }
.top-n li { display: grid; grid-template-columns: minmax(0, 1.2fr) minmax(40px, 1fr) 58px; gap: 12px; align-items: center }
.top-n .n { text-align: right; font-weight: 560 }
.meter { width: 100%; height: 8px; fill: var(--focus) }
.samples { display: grid; gap: 14px }
.spot { font-size: 13px; color: var(--soft); margin-bottom: 4px }
.spot time { color: var(--ink); font-weight: 560; margin-right: 6px; font-variant-numeric: tabular-nums }
.samples pre + p { margin-top: 6px }
.around { color: var(--soft) }
pre { tab-size: 4 }
#tip { position: fixed; z-index: 20; left: 0; top: 0; width: max-content;
  max-width: min(420px, calc(100vw - 16px)); padding: 5px 10px;
  border-radius: 8px; background: var(--ink); color: var(--card); font-size: 13px; pointer-events: none;
  box-shadow: 0 4px 16px #0004 }

.plain .n { text-align: right; white-space: nowrap }
.plain.ledger td:last-child, .plain.hosts td:last-child, .plain.hosts [colspan] { white-space: normal }
.ledger th[scope=row] { width: 34% }
.ledger th[scope=row] code { font-weight: 560 }
.ledger td:nth-child(3) { width: 24% }
.ledger .share, .hosts .share { margin: 6px 0 3px; height: 8px }
.ledger .n, .hosts .n { padding-right: 18px }
.events { display: grid; gap: 5px }
.quiet-logs { margin-top: 14px; color: var(--soft); font-size: 14px }
.quiet-logs > summary { cursor: pointer; list-style: none; display: flex; gap: 8px; align-items: center; width: max-content }
.quiet-logs ul { columns: 2 360px; margin: 10px 0 0 20px; color: var(--ink) }
.hosts td:nth-child(4) { width: 22% }
.hosts th[scope=row] { width: 18% }
.hosts .where { font-weight: 400 }
.meter-n { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 10px; align-items: center }
.meter-n .share { margin: 0 }
.hosts .meter-n .n { padding: 0; min-width: 40px }
.hosts .silent th { border-left: 0 }
"""

_MEDIA = """
@media screen and (max-width: 1020px) {
  .cards { grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)) }
  .row > summary { grid-template-columns: 12px 92px minmax(0, 1fr) 150px 64px }
  .undrawn .row > summary { grid-template-columns: 12px 92px minmax(0, 1fr) 64px }
  .row .last { display: none }
}
@media screen and (max-width: 720px) {
  .cards { grid-template-columns: minmax(0, 1fr) }
  .filter .find { flex: 1 1 100% }
  .row > summary, .undrawn .row > summary { grid-template-columns: 12px minmax(0, 1fr) auto; padding: 10px 0 }
  .row > summary .sev { grid-area: 1 / 2 }
  .row > summary .n { grid-area: 1 / 3 }
  .row > summary .what { grid-area: 2 / 2 / 3 / 4 }
  .row > summary .strip { grid-area: 3 / 2 / 4 / 4 }
  .inside { padding: 12px }
  .bars { height: 150px }
  .plain .n { text-align: left }
  .ledger th[scope=row], .ledger td, .hosts th[scope=row], .hosts td { width: auto !important }
  .ledger .share { max-width: none }
  .quiet-logs ul { columns: 1; margin-left: 0 }
  .ledger td.none { display: none }
  .meter-n { display: inline-grid; width: 70%; vertical-align: middle }
  .quiet-logs > summary { padding: 6px 0 }
  .top-n li { grid-template-columns: minmax(0, 1.4fr) minmax(30px, .8fr) 52px }
}
@media print {
  .filter, #tip, summary > .icon { display: none !important }
  .row { break-inside: avoid }
  .row > summary { min-height: 0; grid-template-columns: 80px minmax(0, 1fr) 150px 56px 96px }
  .name, .samples, .top-n, .last, code, pre { font-size: 10px }
  .cards { grid-template-columns: repeat(3, 1fr) }
}
"""

STYLE = style(_RULES, _MEDIA)

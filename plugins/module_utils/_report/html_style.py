# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The looks of the page of findings."""

from __future__ import annotations

from .html_base import style

_RULES = """
.cards.four { grid-template-columns: 1.4fr 1fr 1fr 1fr }
.four .ring { width: 122px }
.four .scored { gap: 14px }
.scored, .sevs, .counts, .deltas { flex: 1 }

.scored { display: flex; gap: 22px; align-items: center }
.ring { width: 148px; flex: none }
.ring circle { fill: none; stroke-width: 13 }
.track { stroke: var(--track); fill: var(--track) }
.arc.s-fail { stroke: var(--fail) }
.arc.s-unknown { stroke: var(--unknown) }
.arc.s-exempt { stroke: var(--exempt) }
.arc.s-pass { stroke: var(--pass) }
.ring text { text-anchor: middle; fill: var(--ink) }
.ring .score { font-size: 31px; font-weight: 680; letter-spacing: -.03em }
.ring .of { font-size: 12px; fill: var(--soft) }
.tallies { flex: 1; display: grid; gap: 2px 8px; grid-template-columns: 24px auto 1fr; align-content: center }
.tallies li, .sevs li, .counts li { display: contents }
.tally { display: grid; grid-column: 1 / -1; grid-template-columns: 24px minmax(34px, auto) 1fr;
  grid-template-columns: subgrid; align-items: center; padding: 5px 8px 5px 0 }
.tally .icon { justify-self: end }
.tally b { font-size: 17px; font-variant-numeric: tabular-nums; text-align: right }
.tally > span { color: var(--soft); white-space: nowrap }
.tally:hover, .sevrow:hover, .check:hover, .delta:is(button):hover { background: var(--raised) }
.tally[data-status=fail] .icon { color: var(--fail) }
.tally[data-status=unknown] .icon { color: var(--unknown) }
.tally[data-status=exempt] .icon { color: var(--exempt) }
.tally[data-status=pass] .icon { color: var(--pass) }
.sevs { display: grid; align-content: space-evenly; grid-template-columns: auto 1fr auto; column-gap: 12px;
  margin: 0 -8px }
.sevrow { display: grid; grid-column: 1 / -1; grid-template-columns: 68px 1fr minmax(34px, auto);
  grid-template-columns: subgrid; align-items: center; padding: 7px 8px }
.sevrow .count { text-align: right; font-weight: 640; font-variant-numeric: tabular-nums }
.sevbar { height: 12px; width: 100%; border-radius: 4px }
.bar { height: 8px; width: 100%; border-radius: 4px; background: var(--track) }
rect.s-fail { fill: var(--fail) }
rect.s-unknown { fill: var(--unknown) }
rect.s-exempt { fill: var(--exempt) }
rect.s-pass { fill: var(--pass) }
rect.v-critical { fill: var(--critical) }
rect.v-high { fill: var(--high) }
rect.v-medium { fill: var(--medium) }
rect.v-low { fill: var(--low) }
.counts { display: grid; grid-template-columns: auto 1fr; gap: 10px 12px; align-content: center;
  align-items: baseline }
.counts b { font-size: 24px; font-weight: 660; text-align: right; font-variant-numeric: tabular-nums;
  letter-spacing: -.02em }
.counts span { color: var(--soft) }
.deltas { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; align-content: center }
.delta { display: block; width: 100%; padding: 10px 14px; border: 1px solid var(--line); border-radius: 10px }
.delta b { display: block; font-size: 25px; line-height: 1.2; font-weight: 660; letter-spacing: -.02em }
.delta span { color: var(--soft); font-size: 14px }
.d-new b { color: var(--fail-ink) }
.d-fixed b { color: var(--pass-ink) }
.d-not_seen b { color: var(--soft) }
.t-fail { color: var(--fail-ink) }
.t-unknown { color: var(--unknown-ink) }
.t-exempt { color: var(--exempt-ink) }
.t-pass { color: var(--pass-ink) }

.checks { display: grid; grid-template-columns: 1fr 1fr; gap: 2px 28px }
.checks li { display: flex; min-width: 0 }
.check { display: grid; align-content: end; grid-template-columns: 64px minmax(0, 1fr) auto; gap: 6px 12px;
  align-items: center; flex: 1; min-width: 0; padding: 8px; margin: 0 -8px }
.check .bar { grid-column: 1 / -1 }
.check .title { font-weight: 540 }
.numbers { display: grid; grid-template-columns: repeat(4, minmax(46px, max-content)); font-size: 13px;
  font-variant-numeric: tabular-nums }
.numbers .n { display: flex; gap: 5px; align-items: center; justify-content: flex-end; white-space: nowrap }
.numbers .icon { width: 12px; height: 12px }
.numbers .n:first-child { font-weight: 640 }
.sev { display: inline-block; min-width: 64px; text-align: center; font-size: 12px; font-weight: 600;
  padding: 0 8px; border-radius: 6px; line-height: 22px }
.sev.v-critical { color: var(--critical-ink); background: var(--critical-wash) }
.sev.v-high { color: var(--high-ink); background: var(--high-wash) }
.sev.v-medium { color: var(--medium-ink); background: var(--medium-wash) }
.sev.v-low { color: var(--low-ink); background: var(--low-wash) }

.grid { border-collapse: separate; border-spacing: 0; font-size: 13px; width: 100% }
.grid thead th { vertical-align: bottom; padding: 0 0 8px; font-weight: 500; min-width: 30px }
.grid thead button { writing-mode: vertical-rl; transform: rotate(180deg); width: 30px; height: 190px;
  margin: 0 auto; display: grid; align-items: center; line-height: 1.12; color: var(--soft); overflow: hidden }
.grid thead button:hover, .grid tbody button:hover { color: var(--link); text-decoration: underline }
.grid .corner { position: sticky; left: 0; z-index: 2; background: var(--card); text-align: left;
  color: var(--soft); padding-left: 2px }
.grid tbody th { position: sticky; left: 0; z-index: 1; background: var(--card); text-align: left; font-weight: 500;
  padding: 1px 14px 1px 0; width: 1px; max-width: 270px }
.grid tbody button { display: block; max-width: 100%; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; border-radius: 4px; padding: 0 2px }
.grid td { padding: 1.5px; text-align: center }
.mark { display: grid; place-items: center; min-width: 25px; height: 22px; border-radius: 5px; font-weight: 700;
  font-size: 13px; line-height: 1; color: #fff; cursor: default }
.mark.v-critical { background: var(--critical) }
.mark.v-high { background: #c93a41; }
.mark.v-medium { background: var(--medium); color: #2a1a00 }
.mark.v-low { background: var(--low); color: #0b2038 }
.mark.s-unknown { background: repeating-linear-gradient(45deg, var(--unknown-wash) 0 4px, var(--hatch) 4px 6px);
  color: var(--unknown-ink) }
.mark.s-exempt { background: var(--exempt-wash); color: var(--exempt-ink) }
.mark.s-pass { background: var(--pass-wash); color: var(--pass-ink); font-weight: 500 }
td.none::before { content: ""; display: block; min-width: 25px; height: 22px; border-radius: 5px;
  background: var(--none) }
.grid td .mark[data-resource] { cursor: pointer }
.grid td .mark[data-resource]:hover { outline: 2px solid var(--focus); outline-offset: 1px }
.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; font-size: 13px; color: var(--soft); margin-bottom: 10px }
.legend li { display: flex; gap: 7px; align-items: center }
.legend .mark { width: 25px }

.chip[data-value=fail] .icon { color: var(--fail) }
.chip[data-value=unknown] .icon { color: var(--unknown) }
.chip[data-value=exempt] .icon { color: var(--exempt) }
.chip[data-value=pass] .icon { color: var(--pass) }
.dot { width: 10px; height: 10px; border-radius: 3px }
.dot.v-critical { background: var(--critical) }
.dot.v-high { background: var(--high) }
.dot.v-medium { background: var(--medium) }
.dot.v-low { background: var(--low) }

table.list { width: 100%; border-collapse: collapse; font-size: 14px; table-layout: fixed }
.list th { text-align: left; font-weight: 560; color: var(--soft); font-size: 13px; padding: 6px 8px;
  border-bottom: 1px solid var(--strong) }
.list th button { display: inline-flex; gap: 4px; align-items: center; padding: 2px 4px; margin-left: -4px }
.list th .icon { width: 12px; opacity: .55 }
.list th[aria-sort] .icon { opacity: 1; color: var(--link) }
.list th[aria-sort] button { color: var(--ink) }
.list td { padding: 9px 8px; border-bottom: 1px solid var(--line); vertical-align: top }
.c-open { width: 40px }
.c-severity { width: 96px }
.c-status { width: 122px }
.c-check { width: 23% }
.c-resource { width: 21% }
tr.row { cursor: pointer }
tr.row:hover > td, tr.row.open > td { background: var(--raised) }
tr.row.open > td { border-bottom-color: transparent }
.row .more { width: 26px; height: 24px; display: grid; place-items: center; color: var(--soft) }
.row .more .icon { transition: transform .12s }
.row.open .more .icon { transform: rotate(90deg) }
.pill.s-fail { background: var(--fail-wash); color: var(--fail-ink) }
.pill.s-unknown { background: var(--unknown-wash); color: var(--unknown-ink) }
.pill.s-exempt { background: var(--exempt-wash); color: var(--exempt-ink) }
.pill.s-pass { background: var(--pass-wash); color: var(--pass-ink) }
.resource { font-weight: 560 }
.resource, .c-message > [dir] { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4;
  overflow: hidden }
.delta-tag { font-size: 12px; font-weight: 600; display: block }
.delta-tag.new { color: var(--fail-ink) }
.delta-tag.fixed { color: var(--pass-ink) }
.delta-tag.open { color: var(--soft) }
tr.detail > td { background: var(--raised); padding: 2px 24px 20px 48px }
.detail-in { display: grid; grid-template-columns: 1fr 1fr; gap: 16px 36px }
.detail h3 { font-size: 12px; font-weight: 600; color: var(--soft); margin: 0 0 4px }
.detail p { white-space: pre-line }
.detail .full { grid-column: 1 / -1 }
.detail .last { display: flex; flex-wrap: wrap; gap: 4px 28px; justify-content: space-between; color: var(--soft);
  font-size: 13px }
.kv { display: grid; grid-template-columns: fit-content(40%) minmax(0, 1fr); gap: 3px 14px }
.kv dt { color: var(--soft) }
.kv .kv { border-left: 2px solid var(--line); padding-left: 10px }
.why { background: var(--exempt-wash); border-radius: 8px; padding: 10px 14px }
"""

_MEDIA = """
@media screen and (max-width: 1180px) {
  .cards.four { grid-template-columns: 1fr 1fr }
}
@media screen and (max-width: 1020px) {
  .cards:not(.four) > :first-child { grid-column: 1 / -1 }
  .checks { grid-template-columns: minmax(0, 1fr) }
}
@media screen and (max-width: 720px) {
  .cards.four { grid-template-columns: minmax(0, 1fr) }
  .check { grid-template-columns: 64px minmax(0, 1fr) }
  .numbers { grid-column: 1 / -1; grid-row: 3; grid-template-columns: repeat(4, auto); justify-content: start;
    gap: 14px }
  .numbers .n:empty { display: none }
  .scored { gap: 14px }
  .ring { width: 124px }
  .grid tbody th { max-width: 128px }
  table.list, .list tbody, .list tr, .list td { display: block }
  .list thead { display: none }
  .list tr.row { position: relative; padding: 12px 40px 12px 0; border-bottom: 1px solid var(--line) }
  .list tr.row > td { border: 0; padding: 0; background: none }
  .list tr.row > .c-open { position: absolute; right: 0; top: 8px; width: auto }
  .list .more { width: 40px; height: 36px }
  .list .c-status, .list .c-severity { display: inline-block; width: auto; margin: 0 8px 4px 0;
    vertical-align: middle }
  .list .c-check, .list .c-resource { width: auto }
  .list .c-check { font-weight: 560 }
  .list .c-resource { margin: 2px 0 }
  .list .resource { font-weight: 400 }
  .list tr.row.open { border-bottom: 0 }
  tr.detail > td { padding: 12px; border-radius: 10px; margin-bottom: 12px }
  .detail-in { grid-template-columns: minmax(0, 1fr) }
}
@media print {
  .c-open > *, .list th .icon { display: none !important }
  .list .c-open { width: 0; padding: 0 }
  .ring { width: 108px }
  .scored { gap: 10px }
  .mark, td.none::before { min-width: 0; height: 17px }
  .mark { font-size: 10px }
  .grid { font-size: 10px }
  .grid thead button { width: 22px; height: 130px }
  .grid thead th { min-width: 0 }
  .check .title { font-size: 12px }
  .numbers { grid-template-columns: repeat(4, minmax(38px, max-content)); font-size: 11px }
  .check { padding: 5px 8px }
  table.list, .sev, .delta-tag, .list th { font-size: 10px }
  .sev { min-width: 52px; line-height: 18px }
  .list td, .list th { padding: 5px }
  .c-status { width: 84px }
  .c-severity { width: 70px }
  .c-check { width: 24% }
  .c-resource { width: 24% }
  tr.detail > td { padding-left: 12px }
  .cards.four { grid-template-columns: 1fr 1fr }
  .four .ring { width: 108px }
  .checks { grid-template-columns: minmax(0, 1fr) }
  .check { grid-template-columns: 64px minmax(0, 1fr) auto 200px }
  .check .bar { grid-column: auto }
  .sevrow { padding: 3px 8px }
  .list thead { display: table-header-group }
  .grid .corner, .grid tbody th { position: static }
}
"""

STYLE = style(_RULES, _MEDIA)

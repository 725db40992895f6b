# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The browser that looks at pages, and what a careful reader would find fault with."""

from __future__ import annotations

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")

# Text that is paler than WCAG AA asks for, smaller than 11 px, and controls without a name.
AUDIT = """() => {
  const out = [];
  const light = c => { const v = c.map(x => (x /= 255) <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
  const rgb = s => (s.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > .5) return c } return [255, 255, 255] };
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.offsetParent) continue;
    const s = getComputedStyle(e), a = light(rgb(s.color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) out.push(`contrast ${ratio.toFixed(1)}: ${e.className} ${e.textContent.trim().slice(0, 30)}`);
    if (parseFloat(s.fontSize) < 11) out.push(`font ${s.fontSize}: ${e.className}`);
  }
  for (const e of document.querySelectorAll("button, input, select, a"))
    if (!(e.getAttribute("aria-label") || e.textContent).trim()) out.push("without a name: " + e.outerHTML.slice(0, 80));
  return [...new Set(out)];
}"""

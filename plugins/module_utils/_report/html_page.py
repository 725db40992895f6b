# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The frame of every page: it needs nothing but itself.

Its policy lets the browser load nothing, and run only the one script that is in it.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any, Iterable, Iterator, Mapping, Optional, Tuple

from .html_base import THEME
from .html_kit import SHAPES, facts, icon, plain, text


@dataclass(frozen=True)
class Page:
    """What a kind of page is made of besides its content.

    ``skip`` is the id of the element that keyboards may skip to, and the words of the link. ``shapes`` are further
    symbols for its sprite.
    """

    style: str
    script: str
    icon: str  # data:image/svg+xml,…
    skip: Tuple[str, str]
    shapes: Mapping[str, str] = field(default_factory=dict)

    @property
    def scripts(self) -> str:
        """The one script of the page."""
        return THEME + self.script


def head(page: Page, title: str) -> str:
    """Everything up to the header that people see."""
    policy = (
        f"default-src 'none'; style-src {_hash(page.style)}; script-src {_hash(page.scripts)}; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )
    shapes = {**SHAPES, **page.shapes}
    sprite = "".join(f'<symbol id="i-{name}" viewBox="0 0 16 16">{shape}</symbol>' for name, shape in shapes.items())
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<title>{text(title)}</title>\n<link rel="icon" href="{page.icon}">\n<style>{page.style}</style>\n</head>\n'
        f'<body>\n<svg class="hidden" aria-hidden="true">{sprite}</svg>\n'
        f'<a class="skip" href="#{page.skip[0]}">{page.skip[1]}</a>\n'
    )


def top(
    tool: str, title: str, status: str, word: str, sentence: str, entries: Iterable[Tuple[str, str]]
) -> Iterator[str]:
    """The header: who made the page, what it is, the verdict as a word and a sentence, and the facts of the run.

    :param status: ``ok | warning | critical | unknown``; gives the colour.
    :param entries: the facts, as markup.
    """
    yield (
        f'<header class="top o-{status}"><div class="wrap"><div class="topline"><p class="maker">{text(tool)}</p>'
        f'<button type="button" id="theme" class="quiet" hidden>{icon("theme")}<span>Theme</span></button></div>\n'
        f'<h1 dir="auto">{text(title)}</h1>\n'
        f'<p class="lead"><span class="overall o-{status}">{text(word)}</span> '
        f'<span dir="auto">{text(sentence)}</span></p>\n{facts(entries)}</div></header>\n'
    )


def foot(run: Mapping[str, Any]) -> str:
    """What is known of the run, folded."""
    entries = ((text(key).replace("_", " "), f"<bdi>{text(plain(value))}</bdi>") for key, value in run.items())
    return f'<footer class="wrap"><details><summary>About this run</summary>{facts(entries)}</details></footer>\n'


def end(page: Page, data: Optional[Iterable[str]] = None) -> Iterator[str]:
    """The script, and the rest.

    :param data: JSON for the script, safe inside a script element; ``None`` where the script needs none.
    """
    if data is not None:
        yield '<script type="application/json" id="data">'
        yield from data
        yield "</script>\n"
    yield f"<script>{page.scripts}</script>\n</body>\n</html>\n"


def _hash(content: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii") + "'"

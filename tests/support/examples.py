# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the documentation, taken out of it as they stand."""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Set, Tuple

import yaml

_DIRECTIVE = re.compile(r"^\.\. code-block:: *(\S+)\n((?:   :\w+:.*\n)*)\n((?:    .*\n|\n)+)", re.MULTILINE)
_CAPTION = re.compile(r"^   :caption: *(.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block of code: what it is written in, the name of the file that it is (empty: none), and its text."""

    language: str
    caption: str
    text: str

    @property
    def commands(self) -> List[str]:
        """What a reader types."""
        return [line[2:] for line in self.text.splitlines() if line.startswith("$ ")]

    @property
    def is_play(self) -> bool:
        """Whether it is a playbook."""
        return self.language.startswith("yaml") and re.search(r"^  hosts: ", self.text, re.MULTILINE) is not None


def blocks_of(page: Path) -> List[Block]:
    """The blocks of code of a reStructuredText or Markdown page, in order."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        return [Block(language, "", block) for language, block in _FENCE.findall(text)]
    return [
        Block(language, "".join(_CAPTION.findall(options)).strip(), textwrap.dedent(block).strip("\n") + "\n")
        for language, options, block in _DIRECTIVE.findall(text)
    ]


def table_of(text: str, column: str) -> List[Tuple[str, ...]]:
    """The cells of all list-tables of a page whose first heading is ``column``, without the headings."""
    found: List[Tuple[str, ...]] = []
    for part in text.split(".. list-table::")[1:]:
        body = re.split(r"\n(?=\S)", part)[0]
        rows = [re.split(r"\n     - ", row) for row in body.split("\n   * - ")[1:]]
        if rows[0][0].strip() == column:
            found += [tuple(cell.strip() for cell in row) for row in rows[1:]]
    return found


def literals(text: str) -> Set[str]:
    """Everything between double backticks."""
    return set(re.findall(r"``(.+?)``", text))


def examples_of(plugin: Path) -> List[Dict[str, Any]]:
    """The tasks of ``EXAMPLES`` of a module."""
    for node in ast.parse(plugin.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "EXAMPLES":
            tasks: List[Dict[str, Any]] = yaml.safe_load(ast.literal_eval(node.value))
            return tasks
    raise ValueError(f"{plugin.name} has no EXAMPLES")

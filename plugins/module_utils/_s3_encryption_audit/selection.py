# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which buckets are meant."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase, translate
from functools import cached_property
from itertools import takewhile
from typing import FrozenSet, Mapping, Pattern, Sequence, Tuple

_GLOB = re.compile(r"[*?\[]")


def is_literal(pattern: str) -> bool:
    """Whether a pattern is a plain name."""
    return _GLOB.search(pattern) is None


@dataclass(frozen=True)
class Selection:
    """What the options select; empty means everything.

    ``include`` and ``exclude`` are names or globs, ``tags`` maps a tag to a value or a glob; a bucket must carry all
    of them.
    """

    include: Tuple[str, ...] = ()
    exclude: Tuple[str, ...] = ()
    regions: FrozenSet[str] = frozenset()
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every bucket is selected."""
        return not (self.asks or self.exclude)

    @property
    def asks(self) -> bool:
        """Whether certain buckets are asked for, so that it is odd when there are none."""
        return bool(self.include or self.regions or self.tags)

    def __str__(self) -> str:
        """What is asked for, as the options have it: ``buckets=['a-*'], regions=['eu-west-1']``."""
        asked = {"buckets": list(self.include), "regions": sorted(self.regions), "tags": dict(self.tags)}
        return ", ".join(f"{option}={value}" for option, value in asked.items() if value)

    def names(self, name: str) -> bool:
        """Whether the name is selected."""
        if self.include and not self._included.match(name):
            return False
        return not (self.exclude and self._excluded.match(name))

    def places(self, region: str) -> bool:
        """Whether the region is selected."""
        return not self.regions or region in self.regions

    def tagged(self, tags: Mapping[str, str]) -> bool:
        """Whether a bucket with these tags is selected."""
        return all(name in tags and fnmatchcase(tags[name], value) for name, value in self.tags.items())

    @cached_property
    def expected(self) -> Tuple[str, ...]:
        """Names that must exist, because they are spelled out and not excluded."""
        return tuple(dict.fromkeys(name for name in self.include if is_literal(name) and self.names(name)))

    @property
    def only_names(self) -> bool:
        """Whether every bucket is spelled out."""
        return bool(self.include) and all(is_literal(name) for name in self.include)

    @property
    def prefix(self) -> str:
        """What the names of all selected buckets begin with: the listing can be asked for these alone."""
        heads = [_GLOB.split(pattern)[0] for pattern in self.include] or [""]
        same = takewhile(lambda pair: pair[0] == pair[1], zip(min(heads), max(heads)))
        return "".join(pair[0] for pair in same)

    @property
    def region_filter(self) -> str:
        """The region to ask the listing for, when there is but one.

        Not with names spelled out: one that lies elsewhere could then not be told from one that does not exist.
        """
        return next(iter(self.regions)) if len(self.regions) == 1 and not self.expected else ""

    @cached_property
    def _included(self) -> Pattern[str]:
        return _any_of(self.include)

    @cached_property
    def _excluded(self) -> Pattern[str]:
        return _any_of(self.exclude)


def _any_of(patterns: Sequence[str]) -> Pattern[str]:
    return re.compile("|".join(translate(pattern) for pattern in patterns))

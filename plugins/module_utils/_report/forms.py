# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of a format before anything is rendered. Each kind of report has a set of formats of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, Tuple, TypeVar

from .._common.errors import Day2Error


@dataclass(frozen=True)
class Form:
    """A format: its name, its media type, and the suffixes of paths that mean it.

    Who renders it is said by a subclass, since that depends on what the report is of.
    """

    name: str
    suffixes: Tuple[str, ...]
    media_type: str


FormT = TypeVar("FormT", bound=Form)


def format_of(path: str, formats: Mapping[str, FormT]) -> FormT:
    """The format that the suffix of a path stands for; where several fit, the one with the longest suffix.

    :raises Day2Error: when it stands for none.
    """
    lower = path.lower()
    fitting = [(len(suffix), form) for form in formats.values() for suffix in form.suffixes if lower.endswith(suffix)]
    if not fitting:
        raise Day2Error(f"{path}: no format is given, and its suffix does not tell one of {', '.join(formats)}")
    return max(fitting, key=lambda pair: pair[0])[1]

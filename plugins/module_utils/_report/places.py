# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where reports go, before anything is touched: the paths and formats that a user asked for, as values."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any, Dict, Generic, Iterable, List, Mapping, Tuple

from .._common.errors import Day2Error
from .._common.place import S3Place, s3_object
from .forms import FormT, format_of


@dataclass(frozen=True)
class Place(Generic[FormT]):
    """One report: its path as the user wrote it, and its format. ``bucket`` is empty for a local file."""

    path: str
    format: FormT
    bucket: str = ""
    key: str = ""


def parse_places(reports: Iterable[Mapping[str, Any]], formats: Mapping[str, FormT]) -> Tuple[Place[FormT], ...]:
    """The ``reports`` option as places; the format is told by the path's suffix when it is not given.

    :param formats: those that the report can be had in, by their names.

    :raises Day2Error: naming the entry, for an unknown format, an incomplete ``s3://`` path, or a path given twice.
    """
    places: List[Place[FormT]] = []
    seen: Dict[str, int] = {}
    for number, report in enumerate(reports):
        try:
            place = _place(str(report.get("path") or ""), report.get("format"), formats)
        except Day2Error as error:
            raise Day2Error(f"reports[{number}]: {error}") from error
        same = str(S3Place(place.bucket, place.key)) if place.bucket else posixpath.normpath(place.path)
        if same in seen:
            raise Day2Error(f"reports[{number}]: {place.path} is also the path of reports[{seen[same]}]")
        seen[same] = number
        places.append(place)
    return tuple(places)


def _place(path: str, name: Any, formats: Mapping[str, FormT]) -> Place[FormT]:
    if not path:
        raise Day2Error("a path is needed")
    if name and name not in formats:
        raise Day2Error(f"unknown format {name!r}: one of {', '.join(formats)} is expected")
    form = formats[name] if name else format_of(path, formats)
    there = s3_object(path)
    return Place(path, form) if there is None else Place(path, form, there.bucket, there.key)

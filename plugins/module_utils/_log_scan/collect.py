# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is kept of hits: counts, the first and the last, a few samples, the most frequent values, their times.

Memory is bounded whatever the logs hold: a pattern costs at most some hundred kilobytes, however often it matches.
"""

from __future__ import annotations

import re
from collections import deque
from datetime import datetime
from typing import Any, Callable, Deque, Dict, Iterable, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from .._common.verdict import Severity, Status
from .model import Hit, LogPattern, Place
from .tally import Top, Window
from .timeline import Buckets, iso
from .wording import decoded, harmless, shown_path

MOST_LISTED = 10  # values of a field, and logs
MOST_VALUE = 200  # characters of a value that is counted
MOST_TEXT = 8192  # characters of a sample
_RAW = 16384  # bytes of a sample that are kept before secrets are taken out of it
_PROBED = 24  # records in which it is looked whether a group captures secrets
HIDDEN = "***"
SLOT = re.compile(r"\{(\w+)\}")  # of a message, for a field

Redact = Callable[[str], str]


class _Kept(NamedTuple):
    """A hit to show. ``clean``: the secrets are out of it already."""

    hit: Hit
    place: Place
    at: Optional[datetime]
    before: Sequence[bytes]
    after: Sequence[bytes]
    clean: bool = False


_Spot = Tuple[Optional[float], Place]  # seconds after the epoch where the record says it


class _Gathered:
    """What is known of one pattern's hits. Of many samples the first half and the last half are kept."""

    def __init__(
        self, pattern: LogPattern, aggregate: Sequence[str], most: int, carried: Sequence[Sequence[int]]
    ) -> None:
        self.pattern = pattern
        self.count = 0
        self.first: Optional[_Spot] = None
        self.last: Optional[_Spot] = None
        self.room = (most + 1) // 2
        self.head: List[_Kept] = []
        self.tail: Deque[_Kept] = deque(maxlen=most // 2)
        self.values: Dict[str, Top] = {name: Top() for name in aggregate}
        self.probes: Dict[str, int] = dict.fromkeys(aggregate, _PROBED)
        self.secret: Dict[str, bool] = dict.fromkeys(aggregate, False)
        self.logs = Top()
        self.times = Buckets()
        threshold = pattern.threshold
        self.window = Window(threshold.per, carried) if threshold is not None and threshold.per else None

    def keep(self, kept: _Kept) -> None:
        if len(self.head) < self.room:
            self.head.append(kept)
        else:
            self.tail.append(kept)

    def spot(self, spot: _Spot) -> None:
        """The first and the last one: by time where records have one, else as they were read."""
        if self.first is None or (spot[0] is not None and (self.first[0] is None or spot[0] < self.first[0])):
            self.first = spot
        if self.last is None or self.last[0] is None or (spot[0] is not None and spot[0] >= self.last[0]):
            self.last = spot

    def met(self) -> bool:
        threshold = self.pattern.threshold
        if threshold is None:
            return self.count > 0
        if self.window is None:
            return self.count >= threshold.count
        # What has no time may have been within any span.
        return self.count > 0 and self.window.peak()[0] + self.times.undated >= threshold.count


class Collector:
    """Gathers the hits of a run."""

    def __init__(
        self,
        patterns: Iterable[LogPattern],
        aggregate: Sequence[str] = (),
        max_samples: int = 5,
        redact: Redact = str,
        carried: Optional[Mapping[str, Sequence[Sequence[int]]]] = None,
    ) -> None:
        """
        :param aggregate: names of fields whose most frequent values are told, of each pattern that has them.
        :param redact: takes secrets out of a text; it is asked for what is shown only.
        :param carried: what ``carry`` gave at the end of the last run.
        """
        self._redact = redact
        self._aggregate = tuple(aggregate)
        self._gathered: Dict[str, _Gathered] = {}
        for pattern in patterns:
            most = max_samples if pattern.max_samples is None else pattern.max_samples
            before = (carried or {}).get(pattern.name, ())
            self._gathered[pattern.name] = _Gathered(pattern, self._aggregate, max(0, most), before)

    def add(
        self,
        hit: Hit,
        place: Place,
        at: Optional[datetime] = None,
        before: Sequence[bytes] = (),
        after: Sequence[bytes] = (),
    ) -> None:
        """A hit, with the lines around it."""
        one = self._gathered[hit.pattern]
        one.count += 1
        second = None if at is None else at.timestamp()
        one.spot((second, place))
        if second is None:
            one.times.undated += 1
        else:
            one.times.add(int(second // 1))
            if one.window is not None:
                one.window.add(int(second * 1000 // 1))
        one.logs.add(place.path)
        for name in self._aggregate:
            value = hit.fields.get(name)
            if value is not None:
                self._count(one, name, value, hit)
        if one.room:
            kept = _Kept(hit, place, at, before, after)
            one.keep(self._cleaned(kept) if len(hit.record) > _RAW else kept)

    def _count(self, one: _Gathered, name: str, value: str, hit: Hit) -> None:
        if one.probes[name] and value and value not in one.values[name]:
            # What a group captures may be a secret by what stands before it alone: "password=(?P<word>.+)".
            one.probes[name] -= 1
            text = decoded(hit.record)
            if self._hidden(value, text, self._redact(text)):
                one.secret[name] = True
        if len(value) > MOST_VALUE:
            value = self._redact(value)[: MOST_VALUE - 1] + "…"
        one.values[name].add(value)

    # --- what is told of it ---

    def carry(self) -> Dict[str, List[List[int]]]:
        """What the next run has to know of this one's times, as JSON has it, for thresholds over a span of time."""
        windows = ((name, one.window.recent()) for name, one in self._gathered.items() if one.window is not None)
        return {name: recent for name, recent in windows if recent}

    def verdicts(self) -> Iterator[Tuple[Status, Severity]]:
        """A failure for each pattern that was found as often as matters, for ``overall``."""
        return ((Status.FAIL, one.pattern.severity) for one in self._gathered.values() if one.met())

    def matches(self) -> List[Dict[str, Any]]:
        """The ``matches`` of the result: an entry for each pattern that was found, the worst first."""
        found = [self._entry(one) for one in self._gathered.values() if one.count]
        return sorted(found, key=order)

    def _entry(self, one: _Gathered) -> Dict[str, Any]:
        pattern = one.pattern
        aggregates = {name: self._ranked(one, name) for name in self._aggregate if one.values[name].ranked()}
        return {
            "pattern": pattern.name,
            "pattern_set": pattern.pattern_set,
            "severity": pattern.severity.value,
            "message": pattern.message,
            "count": one.count,
            "met": one.met(),
            "threshold": _threshold(one),
            "first": _spot(one.first),
            "last": _spot(one.last),
            "samples": [self._sample(pattern, kept) for kept in (*one.head, *one.tail)],
            "aggregates": aggregates,
            "logs": [
                {"path": shown_path(path), **_counted(least, most)}
                for path, least, most in one.logs.ranked()[:MOST_LISTED]
            ],
            "timeline": one.times.as_dict(),
        }

    def _ranked(self, one: _Gathered, name: str) -> List[Dict[str, Any]]:
        found: Dict[str, List[int]] = {}
        for value, least, most in one.values[name].ranked():
            shown = HIDDEN if one.secret[name] else harmless(self._redact(value))
            if shown in found:
                found[shown] = [found[shown][0] + least, found[shown][1] + most]
            elif len(found) < MOST_LISTED:
                found[shown] = [least, most]
        entries = [{"value": value, **_counted(least, most)} for value, (least, most) in found.items()]
        return sorted(entries, key=lambda entry: -entry["count"])

    def _cleaned(self, kept: _Kept) -> _Kept:
        """A hit with a long record, without its secrets: cut first, a secret might lose what it is known by."""
        text = decoded(kept.hit.record)
        clean = self._redact(text)
        fields = self._fields(kept.hit, text, clean)
        record = clean[:MOST_TEXT].encode("utf-8", "surrogatepass")
        cut = kept.hit.cut + len(clean[MOST_TEXT:].encode("utf-8", "surrogatepass"))
        return kept._replace(hit=Hit(kept.hit.pattern, kept.hit.offset, record, fields, cut), clean=True)

    def _fields(self, hit: Hit, text: str, clean: str) -> Dict[str, str]:
        shown = {}
        for name, value in hit.fields.items():
            shown[name] = HIDDEN if self._hidden(value, text, clean) else self._redact(value)
        return shown

    def _hidden(self, value: str, text: str, clean: str) -> bool:
        """Whether a value is a secret that alone is not known for one: its record lost it."""
        return bool(value) and value in text and self._redact(value) not in clean

    def _sample(self, pattern: LogPattern, kept: _Kept) -> Dict[str, Any]:
        text = decoded(kept.hit.record)
        if kept.clean:
            clean, fields = text, kept.hit.fields
        else:
            clean = self._redact(text)
            fields = self._fields(kept.hit, text, clean)
        cut = kept.hit.cut + len(clean[MOST_TEXT:].encode("utf-8", "surrogatepass"))
        fields = {name: harmless(value) for name, value in fields.items()}
        return {
            **_place(kept.place),
            "at": None if kept.at is None else instant(kept.at),
            "text": harmless(clean[:MOST_TEXT]),
            "cut_bytes": cut,
            "message": filled(pattern.message, fields),
            "fields": fields,
            "before": self._lines(kept.before),
            "after": self._lines(kept.after),
        }

    def _lines(self, lines: Sequence[bytes]) -> List[str]:
        # Together, since a secret may have many lines: a key, for example.
        if not lines:
            return []
        return [harmless(line[:MOST_TEXT]) for line in self._redact("\n".join(map(decoded, lines))).split("\n")]


_RANKS = {severity.value: severity.rank for severity in Severity}


def order(entry: Mapping[str, Any]) -> Tuple[bool, int, int, str]:
    """Where an entry of ``matches`` stands: what was found as often as matters, and the worst of it, comes first."""
    return (not entry["met"], -_RANKS[entry["severity"]], -entry["count"], entry["pattern"])


def filled(message: str, fields: Mapping[str, str]) -> str:
    """A message with the values of fields in it; a question mark stands for what this record does not have."""
    return SLOT.sub(lambda slot: fields.get(slot.group(1), "?"), message)


def instant(at: datetime) -> str:
    """A time as results write it, in the zone of the log."""
    written = at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")
    return written[:-6] + "Z" if written.endswith("+00:00") else written


def _place(place: Place) -> Dict[str, Any]:
    return {"path": shown_path(place.path), "line": place.line, "offset": place.offset}


def _spot(spot: Optional[_Spot]) -> Optional[Dict[str, Any]]:
    if spot is None:
        return None
    return {"at": None if spot[0] is None else iso(int(spot[0] // 1)), **_place(spot[1])}


def _counted(least: int, most: int) -> Dict[str, int]:
    """A count, and what it can be at most where not all could be kept."""
    return {"count": least} if least == most else {"count": least, "at_most": most}


def _threshold(one: _Gathered) -> Optional[Dict[str, Any]]:
    threshold = one.pattern.threshold
    if threshold is None:
        return None
    entry: Dict[str, Any] = {"count": threshold.count, "per_seconds": threshold.per}
    if one.window is not None:
        peak, start = one.window.peak()
        entry.update(peak=peak, peak_at=iso(start // 1000) if peak else None)
    return entry

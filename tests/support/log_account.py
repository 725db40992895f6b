# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must have become of every piece that daemons ever wrote, judged after each run that was committed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Set

from .log_histories import TOKEN, Log, Numbers

FOUND = "found"
PATIENCE = 300  # seconds after which a line that nobody ends is given out; the default of ``partial_after``
LOSSES = {"vanished", "truncated", "rewritten", "copytruncate_window", "shrunk", "restored"}


def given_out(result: Mapping[str, Any], pattern: str = FOUND) -> List[int]:
    """The pieces in the records that a pattern found, in the order of the result."""
    entries = [entry for entry in result["matches"] if entry["pattern"] == pattern]
    for entry in entries:
        assert entry["count"] == len(entry["samples"]), "more matches than samples: the test cannot see them all"
    texts = [sample["text"] for entry in entries for sample in entry["samples"]]
    return [int(number) for text in texts for number in TOKEN.findall(text.encode())]


_NOTHING: Mapping[str, Any] = {
    "appended": 0,
    "scanned": 0,
    "pending": 0,
    "gap": 0,
    "gap_causes": (),
    "skipped": 0,
    "events": (),
}


class Account:
    """Of one log, over all runs."""

    def __init__(self, log: Log, numbers: Numbers) -> None:
        self.log = log
        self.numbers = numbers
        self.run_of: Dict[int, str] = {}  # piece → the run in which it was processed
        self.passed: Set[int] = set()  # there before the place where the first run began
        self.restored = False  # since the last run
        self.confused = False  # a text was put back by which nothing can be known again: it may come twice
        self.seen: Set[int] = set()  # by runs up to the last
        self.looked: Set[int] = set()  # texts that the last run saw something of
        self.lost: Set[int] = set()
        self.others: Dict[str, Dict[int, str]] = {}  # the same of patterns that came later
        self.began = False
        self.exact = True  # until something happens in the middle of a run
        self.seen_bytes = self.gone_bytes = 0  # what there was to account for; of that: what was lost
        self.scanned = self.gap = 0
        self.owed: Set[int] = set()  # pieces lost unseen, of which an event must tell

    def size(self, pieces: Iterable[int]) -> int:
        """In bytes."""
        return sum(self.numbers.pieces[each].size for each in set(pieces))

    def mine(self, pieces: Iterable[int]) -> Set[int]:
        """Those of this log."""
        return {each for each in pieces if self.numbers.pieces[each].log == self.log.name}

    def inode_goes(self, path: Path) -> None:
        """Copied and cut, then removed, and the copy packed: to whoever comes later it looks renamed and packed."""
        self.looked -= set(self.log.texts.get(path.stat().st_ino, [])[:-1])

    def done(self) -> Set[int]:
        """What was processed, or passed over."""
        return set(self.run_of) | self.passed

    def there(self) -> Set[int]:
        """What can be read now."""
        return {piece for file in self.log.readable() for piece in file}

    def judge(self, result: Mapping[str, Any], before: Set[int], after: Set[int], first_run: str, still: bool) -> None:
        """A run that was committed.

        :param before, after: what there was to read when it began, and when it ended.
        :param still: nothing happened between.
        """
        run_id, given = result["run_id"], [each for each in given_out(result) if each in self.mine(given_out(result))]
        path = str(self.log.path)
        entry = next((entry for entry in result["files"] if entry["path"] == path), None)
        if entry is None and not self.began:
            # No file at its path yet, and never one: nothing says that there is such a log.
            assert not given, (path, result["files"])
            assert not still or not self.log.path.exists()
            return
        entry = entry or _NOTHING
        told = {event["cause"] for event in entry["events"]} & LOSSES
        if not self.began:
            self._begin(before, first_run, entry)
        self._judge_given(run_id, given, before | after, told, entry)
        unread = after - self.done()
        if self.restored and told and self.size(unread) > entry["pending"]:
            # What was added to an older text before anybody looked may have been in it before, for all that is known.
            self.confused, self.passed = True, self.passed | unread
        self.restored = False
        # How much text there is in an archive nobody knows before it was read.
        known = still and after - self.done() <= {piece for file in self.log.readable(plain=True) for piece in file}
        known = known and not self.confused
        self.exact = self.exact and known
        self._judge_others(result, set(given), before, still)
        self._judge_losses(entry, before, after, told, known)
        self.seen |= before & after
        self.looked = {self.numbers.pieces[piece].text for piece in after}

    def _begin(self, there: Set[int], first_run: str, entry: Mapping[str, Any]) -> None:
        self.began = True
        if first_run == "end":
            unended = self._unended()
            self.passed = there - unended
            assert entry["skipped"] <= self.size(self.passed), entry  # archives are not counted
        self.seen |= self.passed

    def _is_written(self) -> bool:
        """Whether somebody may go on with the live log's last line."""
        now = self.log.place.time.timestamp()
        return self.log.path.exists() and now - self.log.path.stat().st_mtime < PATIENCE

    def _unended(self) -> Set[int]:
        """The pieces of the live log's last line, if that is not ended."""
        last = self.log.path.read_bytes().rpartition(b"\n")[2] if self.log.path.exists() else b""
        return {int(number) for number in TOKEN.findall(last)}

    def _judge_given(
        self, run_id: str, given: List[int], there: Set[int], told: Set[str], entry: Mapping[str, Any]
    ) -> None:
        twice = {piece for piece in given if given.count(piece) > 1}
        twice |= {piece for piece in given if piece in self.run_of or piece in self.passed}
        # What was put back and then grew to the length of what was there is another text: it is read again.
        self.confused |= bool(twice) and self.restored and bool(told)
        if not self.confused:
            assert not twice, (sorted(twice), [self.run_of.get(piece) for piece in sorted(twice)], run_id, entry)
        assert set(given) <= there, (set(given) - there, entry)
        assert not self._is_written() or not self._unended() & set(given), ("half a line", entry)
        self.run_of.update((piece, run_id) for piece in given)

    def expect(self, pattern: str, backfill: bool) -> None:
        """A pattern that matches the same records is looked for from now on, with ``backfill`` in old text, too."""
        self.others[pattern] = {} if backfill else dict.fromkeys(self.done(), "before it came")

    def _judge_others(self, result: Mapping[str, Any], given: Set[int], before: Set[int], still: bool) -> None:
        for pattern, run_of in self.others.items():
            found = given_out(result, pattern)
            mine = [each for each in found if each in self.mine(found)]
            twice = {each for each in mine if each in run_of or mine.count(each) > 1}
            assert not twice or self.confused, (pattern, twice, result["files"])
            assert given <= set(mine), (pattern, given - set(mine))
            run_of.update((each, result["run_id"]) for each in mine)
            missing = (set(self.run_of) & before) - set(run_of)
            assert not missing or not still or self.confused, (pattern, missing, result["files"])
            run_of.update((each, "nobody can say") for each in self.done() - set(run_of))

    def _judge_losses(
        self, entry: Mapping[str, Any], before: Set[int], after: Set[int], told: Set[str], known: bool
    ) -> None:
        assert entry["appended"] == entry["scanned"] + entry["pending"] + entry["gap"], entry
        assert (entry["gap"] > 0) == bool(entry["gap_causes"]), entry
        done = self.done()
        gone = {piece for piece, one in enumerate(self.numbers.pieces) if one.log == self.log.name} - after - done
        new, self.lost = gone - self.lost, gone
        self.seen_bytes += self.size(before - self.seen)
        self.gone_bytes += self.size(new & self.seen)
        self.scanned += entry["scanned"]
        self.gap += entry["gap"]
        self.owed |= {piece for piece in new - self.seen if self.numbers.pieces[piece].text in self.looked}
        if not self.exact:
            if known:
                self._begin_anew(entry, after - done)
            return
        assert self.gap == self.gone_bytes, ("gap", self.gap, self.gone_bytes, sorted(new), entry)
        unread = after - done
        assert entry["pending"] == self.size(unread), ("pending", self.size(unread), sorted(unread), entry)
        assert self.scanned + self.gap + entry["pending"] == self.seen_bytes, (self.scanned, self.seen_bytes, entry)
        assert not self.owed or told, ("silence", sorted(self.owed), entry)
        self.owed.clear()

    def _begin_anew(self, entry: Mapping[str, Any], unread: Set[int]) -> None:
        """What such a run saw nobody can say; the one after it makes a new beginning."""
        assert entry["pending"] == self.size(unread), ("pending", sorted(unread), entry)
        self.exact = True
        self.gone_bytes = self.gap
        self.owed.clear()
        self.seen_bytes = self.scanned + self.gap + self.size(unread)

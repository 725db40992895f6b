# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a log can do between two runs, one story at a time; the histories nobody made up are in test_model_of_a_log.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, List, Optional, Set

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.follow import advance
from ansible_collections.day2.ops.plugins.module_utils._log_scan.ledger import ledger
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Cause, Observed
from ansible_collections.day2.ops.tests.support.log_directory import LIVE, OLD, Directory, File, Run, lines_of

LONG = [f"{number:03d} {'x' * 60}" for number in range(40)]  # more than a head


class Story:
    """A world with shorter words."""

    def __init__(self, *lines: str) -> None:
        self.world = Directory(reuse=False)
        self.live = self.world.create(LIVE)
        self.write(*lines)

    def write(self, *lines: str, to: Optional[File] = None, end: str = "\n") -> None:
        for line in lines:
            self.world.append(to or self.live, (line + end).encode())

    def run(self, **options: Any) -> Run:
        self.world.now += timedelta(seconds=1)
        return self.world.run(**options)

    def move(self, source: str, target: str) -> File:
        file = self.world.files.pop(source)
        self.world.files[target] = file
        return file

    def rotate(self, target: str = f"{LIVE}.1") -> File:
        file = self.move(LIVE, target)
        self.live = self.world.create(LIVE)
        return file

    def copy(self, source: str, target: str, part: Optional[int] = None, keeps_time: bool = False) -> File:
        file = self.world.files[source]
        return self.world.create(target, file.places[:part], file.modified if keeps_time else None)

    def pack(self, source: str, end: str = ".gz") -> None:
        self.copy(source, source + end, keeps_time=True)
        del self.world.files[source]

    def cut(self, length: int = 0) -> None:
        self.live.places = self.live.places[:length]
        self.live.modified = self.world.stamp()


def said(run: Run) -> Set[Cause]:
    return run.causes


def test_only_what_is_new() -> None:
    story = Story("a", "b")
    assert lines_of(story.run()) == ["a", "b"]
    assert story.run().reading.segments == ()
    story.write("c")
    run = story.run()
    assert (lines_of(run), run.account.appended, said(run)) == (["c"], 2, set())


def test_half_a_line_waits_for_its_end() -> None:
    story = Story("a")
    story.write("b", end="")
    run = story.run()
    assert (lines_of(run), run.account.pending, run.account.pending_cause) == (["a"], 1, Cause.PARTIAL)
    story.write("c")
    assert lines_of(story.run()) == ["bc"]


def test_rotation_finishes_the_old_one_and_begins_the_new_one() -> None:
    story = Story("a")
    story.run()
    story.write("b")
    story.rotate()
    story.write("c")
    run = story.run()
    assert (lines_of(run), said(run), run.account.gap) == (["b", "c"], {Cause.ROTATED}, 0)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("folder, names", [("/log", "number"), (OLD, "number"), ("/log", "date")])
def test_several_rotations_between_two_runs(folder: str, names: str, compressed: bool) -> None:
    story = Story("a")
    story.run()
    story.write("b")
    paths = [f"{folder}/app.log-2026112{day}" if names == "date" else f"{folder}/app.log.{9 - day}" for day in range(3)]
    for path, line in zip(paths, "cde"):
        story.world.now += timedelta(seconds=1)
        story.rotate(path)
        if compressed:
            story.pack(path)
        story.write(line)
    assert lines_of(story.run()) == list("bcde")
    assert lines_of(story.run()) == []


def test_the_names_tell_the_order_where_the_clock_was_set_back() -> None:
    story = Story("a")
    story.run()
    story.rotate(f"{LIVE}.2")
    story.world.now -= timedelta(days=1)
    story.write("b")
    story.rotate()
    story.write("c")
    assert lines_of(story.run()) == list("bc")


def test_a_daemon_that_writes_to_the_rotated_one_until_it_is_told() -> None:
    story = Story("a")
    story.run()
    old = story.rotate()
    story.write("b", to=old)
    assert lines_of(story.run()) == ["b"]
    story.write("c", to=old)
    story.write("d")
    assert lines_of(story.run()) == ["c", "d"]


def test_so_it_does_to_one_that_was_empty_or_began_alike() -> None:
    for text in ((), ("started",)):
        story = Story(*text)
        old = story.rotate()
        story.write(*text)
        story.run()
        story.write("b", to=old)
        assert lines_of(story.run()) == ["b"]


def test_a_rotated_one_is_over_when_it_was_quiet_for_the_window_and_its_last_line_is_given_out() -> None:
    story = Story("a")
    story.write("b", end="")
    story.run()
    story.rotate()
    assert lines_of(story.run()) == []
    story.world.now += timedelta(seconds=60)
    run = story.run()
    assert (lines_of(run), run.account.pending) == (["b"], 0)
    assert story.world.state is not None
    assert story.world.state.generations[0].finished
    story.pack(f"{LIVE}.1")
    assert said(story.run()) == set()


def test_a_daemon_that_was_not_told_for_longer_than_the_window_is_read_all_the_same() -> None:
    story = Story("a")
    story.run()
    old = story.rotate()
    story.run()
    story.world.now += timedelta(hours=1)
    story.run()
    story.write("late", to=old)
    assert lines_of(story.run()) == ["late"]


@pytest.mark.parametrize("known", [True, False])
def test_a_half_written_archive_beside_the_plain_one_is_one_log(known: bool) -> None:
    story = Story("a", "b")
    if known:
        story.run()
    else:
        story.rotate(f"{LIVE}.2")
    story.write("c")
    story.rotate()
    story.copy(f"{LIVE}.1", f"{LIVE}.1.gz").half = True
    assert lines_of(story.run()) == (["c"] if known else ["a", "b", "c"])
    del story.world.files[f"{LIVE}.1"]
    story.world.files[f"{LIVE}.1.gz"].half = False
    assert lines_of(story.run()) == []


def test_an_archive_is_finished_from_where_the_plain_one_was_left() -> None:
    story = Story("a")
    story.run()
    story.write("b")
    story.write("c", end="")
    story.rotate()
    story.pack(f"{LIVE}.1")
    run = story.run()
    assert (lines_of(run), run.account.gap) == (["b", "c"], 0)
    story.world.device += 1  # a reboot
    assert (lines_of(story.run()), said(story.run())) == ([], set())


def test_copytruncate_reads_the_rest_in_the_copy_and_says_what_cannot_be_known() -> None:
    story = Story("a")
    story.run()
    story.write("b")
    story.copy(LIVE, f"{LIVE}.1")
    story.cut()
    story.write("c")
    run = story.run()
    assert (lines_of(run), said(run), run.account.gap) == (["b", "c"], {Cause.ROTATED, Cause.WINDOW}, 0)


def test_copytruncate_that_was_refilled_beyond_the_offset() -> None:
    story = Story("a")
    story.run()
    story.copy(LIVE, f"{LIVE}.1")
    story.cut()
    story.write(*LONG)
    assert lines_of(story.run()) == LONG


@pytest.mark.parametrize("lines", [["a"], LONG])
def test_a_run_between_the_copy_and_the_cut(lines: List[str]) -> None:
    story = Story(*lines)
    story.run()
    story.write("b")
    story.copy(LIVE, f"{LIVE}.1")
    assert lines_of(story.run()) == ["b"]
    story.cut()
    story.write("c")
    assert lines_of(story.run()) == ["c"]


# A copy of a short log that was still empty when it was seen is read once more, with an event: it could be a log.
@pytest.mark.parametrize("part, lines", [(0, LONG), (1, ["a"]), (1, LONG), (None, ["a"]), (None, LONG)])
@pytest.mark.parametrize("pack", [False, True])
def test_a_run_between_them_that_read_more_than_the_copy_has(lines: List[str], pack: bool, part: Optional[int]) -> None:
    story = Story(*lines)
    story.run()
    copy = story.copy(LIVE, f"{LIVE}.1", part)
    places = list(story.live.places)
    story.write("b")
    assert lines_of(story.run()) == ["b"]
    copy.places = places
    story.cut()
    story.write("c")
    if pack and part is None:
        story.pack(f"{LIVE}.1")
    assert lines_of(story.run()) == ["c"]
    assert said(story.run()) == set()


@pytest.mark.parametrize("lines", [["a"], LONG])
def test_bytes_seen_after_the_copy_and_before_the_cut_are_a_gap(lines: List[str]) -> None:
    story = Story(*lines)
    story.run()
    story.copy(LIVE, f"{LIVE}.1")
    story.write("lost", end="")
    story.run()
    story.cut()
    run = story.run()
    assert (lines_of(run), run.account.gap, run.account.gap_causes) == ([], 4, (Cause.TRUNCATED,))


@pytest.mark.parametrize("pending", ["", "half a line"])
def test_a_cut_without_a_copy(pending: str) -> None:
    story = Story("a")
    story.write(pending, end="")
    story.run()
    story.cut()
    story.write("b")
    run = story.run()
    assert (lines_of(run), run.account.gap) == (["b"], len(pending))
    assert said(run) <= {Cause.TRUNCATED, Cause.REWRITTEN} and said(run)


def test_what_a_budget_left_unread_and_a_cut_destroyed_is_a_gap() -> None:
    story = Story("a", "b", "c")
    run = story.run(budget=1)
    assert (lines_of(run), run.account.pending, run.account.pending_cause) == (["a"], 4, Cause.BUDGET)
    story.cut()
    run = story.run()
    assert (lines_of(run), run.account.gap, run.account.gap_causes) == ([], 4, (Cause.TRUNCATED,))


def test_a_copy_that_has_what_was_not_read_yet() -> None:
    story = Story("a")
    story.copy(LIVE, f"{LIVE}.1")
    story.write("lost")
    assert lines_of(story.run(budget=0)) == []
    story.cut()
    run = story.run()
    assert (lines_of(run), run.account.gap) == (["a"], 5)


def test_the_same_size_after_rotation() -> None:
    story = Story("a")
    story.run()
    del story.world.files[LIVE]
    story.world.reuse = True  # and the same inode
    story.live = story.world.create(LIVE)
    story.live.inode = 101
    story.write("b")
    run = story.run()
    assert (lines_of(run), said(run)) == (["b"], {Cause.REWRITTEN})


def test_an_inode_that_was_given_out_again() -> None:
    story = Story(*LONG)
    story.run()
    inode = story.live.inode
    story.rotate()
    story.pack(f"{LIVE}.1")
    story.live.inode = inode
    story.write("new")
    run = story.run()
    assert lines_of(run) == ["new"]
    assert Cause.ROTATED in said(run)


def test_vanished_with_bytes_unread() -> None:
    story = Story("a")
    story.write("half", end="")
    story.run()
    del story.world.files[LIVE]
    run = story.run()
    assert (run.account.gap, run.account.gap_causes, said(run)) == (4, (Cause.VANISHED,), {Cause.VANISHED})
    assert said(story.run()) == set()  # told once
    story.live = story.world.create(LIVE)
    story.write("back")
    assert lines_of(story.run()) == ["back"]


def test_an_old_generation_that_was_read_may_go_without_a_word() -> None:
    story = Story("a")
    story.run()
    story.rotate()
    story.world.now += timedelta(hours=1)
    story.run()
    del story.world.files[f"{LIVE}.1"]
    assert said(story.run()) == set()
    assert story.world.state is not None
    assert [each.path for each in story.world.state.generations] == [LIVE]


@pytest.mark.parametrize("keeps_time", [True, False])
def test_a_log_restored_from_a_backup(keeps_time: bool) -> None:
    story = Story(*LONG)
    story.copy(LIVE, "/backup", keeps_time=True)
    story.run()
    del story.world.files[LIVE]
    story.run()
    story.live = story.copy("/backup", LIVE, keeps_time=keeps_time)
    story.write("new")
    run = story.run()
    assert (lines_of(run), said(run)) == (["new"], {Cause.RESTORED})


def test_an_older_backup_of_it() -> None:
    story = Story(*LONG)
    story.copy(LIVE, "/backup")
    story.run()
    story.write("later")
    story.run()
    story.live = story.move("/backup", LIVE)
    run = story.run()
    assert (lines_of(run), said(run)) == ([], {Cause.RESTORED, Cause.SHRUNK})
    story.write("new")
    assert lines_of(story.run()) == ["new"]


def test_its_end_was_cut_off() -> None:
    story = Story(*LONG)
    story.run()
    story.cut(20 * 65)
    run = story.run()
    assert (lines_of(run), said(run)) == ([], {Cause.SHRUNK})
    story.write("new")
    assert lines_of(story.run()) == ["new"]


def test_a_rotated_one_put_back_beside_itself() -> None:
    story = Story(*LONG)
    story.run()
    story.rotate()
    story.run()
    story.live = story.copy(f"{LIVE}.1", LIVE)
    story.write("new")
    run = story.run()
    assert (lines_of(run), Cause.RESTORED in said(run)) == (["new"], True)


def test_an_old_archive_that_was_unpacked() -> None:
    story = Story("a")
    story.run()
    story.rotate()
    story.pack(f"{LIVE}.1")
    story.run()
    story.copy(f"{LIVE}.1.gz", f"{LIVE}.1", keeps_time=True)
    del story.world.files[f"{LIVE}.1.gz"]
    assert lines_of(story.run()) == []


def test_an_unknown_file_that_is_older_than_all_is_told_once_and_not_read() -> None:
    story = Story("a")
    story.world.create("/elsewhere", story.live.places).modified -= 10**12
    story.write("b")
    story.world.files["/elsewhere"].places = story.live.places[2:]
    story.run()
    story.move("/elsewhere", f"{LIVE}.7")
    run = story.run()
    assert (lines_of(run), said(run)) == ([], {Cause.RESTORED})
    assert said(story.run()) == set()


def test_a_banner_does_not_make_two_logs_one() -> None:
    story = Story("started")
    story.run()
    story.rotate()
    story.write("started")
    assert lines_of(story.run()) == ["started"]


def test_what_cannot_be_read_waits_and_nothing_is_given_up_for_it() -> None:
    story = Story("a")
    story.write("b", end="")
    story.run()
    story.live.unreadable = True
    run = story.run()
    assert (said(run), run.account.pending, run.account.pending_cause) == ({Cause.UNREADABLE}, 1, Cause.UNREADABLE)
    assert run.account.unreadable == "Permission denied"
    old = story.rotate()
    story.write("c")
    assert lines_of(story.run()) == ["c"]
    old.unreadable = False
    story.world.now += timedelta(hours=1)
    assert lines_of(story.run()) == ["b"]


def test_nobody_waits_for_ever() -> None:
    story = Story("a")
    story.write("b", end="")
    story.run()
    story.rotate().unreadable = True
    story.world.files[f"{LIVE}.1"].inode = 0
    assert story.run().account.gap == 0
    story.world.now += timedelta(days=8)
    run = story.run()
    assert (run.account.gap, run.account.gap_causes) == (1, (Cause.VANISHED,))


def end(each: Observed) -> Optional[int]:
    return each.size if not each.compression else None


def test_a_first_run_from_the_end_knows_the_rotated_ones_and_reads_what_is_added() -> None:
    story = Story("a")
    story.rotate(f"{LIVE}.2")
    story.pack(f"{LIVE}.2")
    story.write("b")
    old = story.rotate()
    story.write("c")
    run = story.run(first=end)
    assert (lines_of(run), run.account.skipped, said(run)) == ([], 4, {Cause.SKIPPED})
    story.write("d", to=old)
    story.write("e")
    story.move(f"{LIVE}.2.gz", f"{LIVE}.3.gz")
    story.move(f"{LIVE}.1", f"{LIVE}.2")
    story.rotate()
    story.write("f")
    assert lines_of(story.run()) == list("def")


def test_a_first_run_from_the_beginning_reads_the_oldest_first() -> None:
    story = Story("a")
    story.rotate(f"{LIVE}.2")
    story.pack(f"{LIVE}.2")
    story.world.now += timedelta(seconds=1)
    story.write("b")
    story.rotate()
    story.write("c")
    assert lines_of(story.run()) == list("abc")


def test_a_first_run_from_the_beginning_reads_later_what_it_could_not_read() -> None:
    story = Story("a")
    old = story.rotate()
    old.unreadable = True
    story.world.now += timedelta(seconds=1)
    story.write("b")
    run = story.run()
    assert (lines_of(run), said(run), run.account.unreadable) == (["b"], {Cause.UNREADABLE}, "Permission denied")
    old.unreadable = False
    assert lines_of(story.run()) == ["a"]


def test_a_first_run_may_pass_over_a_file() -> None:
    story = Story("a")
    story.rotate()
    story.write("b")
    run = story.run(first=lambda each: None if each.path != LIVE else 0)
    assert (lines_of(run), run.account.skipped) == (["b"], 2)
    assert lines_of(story.run()) == []


def test_a_segment_that_could_not_be_opened_is_pending_and_tried_again() -> None:
    story = Story("a")
    world = story.world
    story.run()
    story.write("b")
    reading = story.run(killed=True).reading
    account = ledger(reading, [None])
    assert (account.pending, account.pending_cause) == (2, Cause.UNREADABLE)
    world.state = advance(reading, [None])
    assert lines_of(story.run()) == ["b"]


def test_each_segment_needs_its_result() -> None:
    reading = Story("a").run().reading
    with pytest.raises(ValueError, match="one result"):
        advance(reading, [])

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan import multiline
from ansible_collections.day2.ops.plugins.module_utils._log_scan.lines import LONGEST, Cutter
from ansible_collections.day2.ops.plugins.module_utils._log_scan.multiline import (
    LINE,
    MOST_LINES,
    RULES,
    Finder,
    Records,
    rule_of,
    together,
)
from ansible_collections.day2.ops.plugins.module_utils._log_scan.stages import Stages
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

# Records as the runtimes write them; "----" stands between two of them.
PYTHON = """\
2026-11-28 19:20:07,123 ERROR app: request failed
Traceback (most recent call last):
  File "/srv/app.py", line 12, in handle
    return int(text)
ValueError: invalid literal for int() with base 10: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/srv/app.py", line 15, in handle
    raise NotFound(text) from error
app.errors.NotFound: x
----
2026-11-28 19:20:08,123 INFO app: next
----
INFO: ready
----
ERROR: broken
Traceback (most recent call last):
  File "x.py", line 1
    x =
      ^
SyntaxError: invalid syntax
----
Traceback (most recent call last):
  File "x.py", line 1, in <module>
    main()
KeyboardInterrupt
----
WARNING:root:after it
"""
JAVA = """\
2026-11-28 19:20:07,123 ERROR [main] org.example.App - failed
java.lang.IllegalStateException: no connection
\tat org.example.Pool.take(Pool.java:42)
\tat org.example.App.main(App.java:7)
Caused by: java.net.ConnectException: Connection refused (Connection refused)
\tat java.net.PlainSocketImpl.socketConnect(Native Method)
\t... 2 more
----
2026-11-28 19:20:08,123 INFO [main] org.example.App - next
----
Exception in thread "main" java.lang.OutOfMemoryError: Java heap space
\tat org.example.App.main(App.java:7)
----
java.lang.RuntimeException: printed by itself
\tat org.example.App.main(App.java:7)
----
org.example.App started
"""
GO = """\
panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48]

goroutine 1 [running]:
main.(*Server).handle(0x0, {0x4b, 0x2})
\t/srv/main.go:12 +0x1d
main.main()
\t/srv/main.go:8 +0x1d
created by main.start in goroutine 7
\t/srv/main.go:3 +0x1d
exit status 2
----
2026/11/28 19:20:07 listening (again)
"""
DOTNET = """\
fail: Microsoft.AspNetCore.Server.Kestrel[13]
      Connection id "0HM", Request id "0HM:1": An unhandled exception was thrown by the application.
      System.InvalidOperationException: no
         at App.Handle() in /src/App.cs:line 12
----
Unhandled exception. System.InvalidOperationException: outer
 ---> System.IO.IOException: inner
   at App.Read() in /src/App.cs:line 3
   --- End of inner exception stack trace ---
   at App.Main() in /src/App.cs:line 9
----
2026-11-28 19:20:07 [ERR] failed
System.TimeoutException: too late
   at App.Wait()
--- End of stack trace from previous location ---
   at App.Main()
----
info: started
"""
INDENT = """\
one
  more of it

\tand more
----
two
"""
SAMPLES = {"python": PYTHON, "java": JAVA, "go": GO, "dotnet": DOTNET, "indent": INDENT}


def records_in(data, rule):
    found, position = [], 0
    finder = Finder(data, rule)
    while position < len(data):
        start, end = finder.at(position)
        assert start == position
        found.append(data[start:end])
        position = end
    return found


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_records_as_they_are_written(name, newline):
    records = [text.encode().replace(b"\n", newline) for text in SAMPLES[name].split("----\n")]
    whole = b"".join(records)
    assert records_in(whole, RULES[name]) == records
    start = 0
    for record in records:  # asked from anywhere in it, nothing known before
        for place in range(start, start + len(record), 7):
            assert Finder(whole, RULES[name]).at(place) == (start, start + len(record))
        start += len(record)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_rule_has_a_sample_and_ordinary_lines_are_records(name):
    assert set(SAMPLES) == set(RULES)
    text = b"".join(
        b"Nov 28 19:20:%02d host sshd[12]: Failed password for root from 192.0.2.1\n" % n for n in range(60)
    )
    assert len(records_in(text, RULES[name])) == 60


@pytest.mark.parametrize(
    "text, first, more",
    [
        (r"start:\d{4}-", b"2026-11-28 x", b"anything else"),
        (r"^\d{4}-", b"2026-11-28 x", b" 2026"),
        (r"continue:[|\s]", b"first", b"| second"),
        ("", b"a", None),
    ],
)
def test_a_rule_of_ones_own(text, first, more):
    rule = rule_of(text)
    assert rule.starts(first)
    assert more is None or rule.continues(more)
    assert rule_of("java") is RULES["java"]


@pytest.mark.parametrize("text", ["pythn", "start:", "begin:x", "start:(", "^("])
def test_a_rule_that_is_none(text):
    with pytest.raises(Day2Error):
        rule_of(text)


LINES = st.lists(
    st.sampled_from(
        [
            b"2026-11-28 10:00:00 first\n",
            b"  more\n",
            b"\n",
            b"Traceback (most recent call last):\n",
            b"ValueError: no\n",
            b"java.lang.Error: no\n",
            b"\tat x(y)\n",
            b"z" * 60 + b"\n",
        ]
    ),
    max_size=40,
)
JOINT = together([RULES["python"], RULES["java"]])


def recorded(blocks, rules, joint):
    """Every record of every rule, with its place in the text."""
    found = {rule.name: [] for rule in rules}
    for block in blocks:
        finder = Finder(block.data, joint)
        for rule in rules:
            position = 0
            while position < len(block.data):
                start, end = finder.at(position, rule)
                assert start == position
                found[rule.name].append((block.offset + start, block.data[start:end], block.cut))
                position = end
    return found


@settings(max_examples=tries(60))
@given(
    lines=LINES,
    step=st.integers(1, 200),
    stop=st.integers(0, 10**4),
    most=st.sampled_from([3, 500]),
    longest=st.sampled_from([50, 100, 65536]),
)
def test_every_record_once_whatever_the_block_and_wherever_a_run_ends(lines, step, stop, most, longest):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(multiline, "MOST_LINES", most)
        patch.setattr(multiline, "LONGEST", longest)
        patch.setattr("ansible_collections.day2.ops.plugins.module_utils._log_scan.lines.LONGEST", longest)
        data, rules = b"".join(lines), [RULES["python"], RULES["java"], JOINT]
        whole = Stages(0, b"", rule=JOINT)
        expected = recorded([*whole.feed(data), *whole.finish(True)], rules, JOINT)
        assert whole.offset == len(data)
        assert b"".join(text for _offset, text, cut in expected[JOINT.name] if not cut) == b"".join(
            line for line in lines if len(line) - 1 <= longest
        )

        stop %= len(data) + 1
        first = Stages(0, b"", rule=JOINT)
        blocks = [block for at in range(0, stop, step) for block in first.feed(data[at : min(at + step, stop)])]
        blocks += first.finish(False)
        assert first.offset + first.pending == stop
        second = Stages(first.offset, b"", rule=JOINT)
        blocks += [b for at in range(first.offset, len(data), step) for b in second.feed(data[at : at + step])]
        blocks += second.finish(True)
        assert recorded(blocks, rules, JOINT) == expected


@settings(max_examples=tries(40))
@given(lines=LINES, places=st.lists(st.integers(0, 10**4), max_size=10))
def test_positions_in_any_order_have_the_same_records(lines, places):
    data = b"".join(lines)
    finder, boundaries, start = Finder(data, JOINT), [], 0
    for record in records_in(data, JOINT):
        boundaries.append((start, start + len(record)))
        start += len(record)
    for place in places if data else ():
        place %= len(data)
        assert finder.at(place) == next(each for each in boundaries if each[0] <= place < each[1])


def test_a_record_is_bounded():
    data = b"first\n" + b" more\n" * 1700 + b"next\n"
    counts = [record.count(b"\n") for record in records_in(data, RULES["indent"])]
    assert counts == [MOST_LINES, MOST_LINES, MOST_LINES, 1701 - 3 * MOST_LINES, 1]
    wide = b"first\n" + (b" " + b"x" * 30_000 + b"\n") * 5
    assert all(len(record) <= LONGEST for record in records_in(wide, RULES["indent"]))


def test_what_is_held_is_bounded():
    stages = Stages(0, b"", rule=RULES["indent"])
    chunk = b" more of it\n" * 5_000
    for _turn in range(5):
        list(stages.feed(chunk))
        assert stages.pending <= LONGEST


def test_a_line_that_was_cut_ends_the_record_before_it():
    cutter, records = Cutter(0, b""), Records(RULES["indent"])
    data = b"one\n more\n " + b"x" * (2 * LONGEST) + b"\n more\ntwo\n"
    blocks = [whole for block in cutter.feed(data) for whole in records.feed(block)]
    assert [(block.data[:9], block.cut) for block in blocks] == [
        (b"one\n more", 0),
        (b" xxxxxxxx", LONGEST + 1),
        (b" more\n", 0),
    ]
    assert (records.offset, records.pending) == (len(data) - 4, 4)
    assert [block.data for block in records.finish(True)] == [b"two\n"]
    assert (records.offset, records.pending) == (None, 0)


def test_a_record_of_wide_text_says_where_it_begins():
    data = "\ufeffone\n more\ntwo\n".encode("utf-16-le")
    stages = Stages(0, data, rule=RULES["indent"])
    blocks = [block for at in range(0, len(data), 5) for block in stages.feed(data[at : at + 5])]
    assert [(block.offset, block.data, list(block.origins)) for block in blocks] == [(0, b"one\n more\n", [2, 10])]
    assert stages.offset == 22


def test_one_line_is_one_record_without_a_rule():
    assert together([]) is LINE
    assert together([LINE, RULES["java"], LINE]) is RULES["java"]
    assert Finder(b"one\n two\nthree\n", LINE).at(6) == (4, 9)
    records = Records(LINE)
    (block,) = Cutter(0, b"").feed(b"one\n two\n")
    assert list(records.feed(block)) == [block]
    assert records.pending == 0

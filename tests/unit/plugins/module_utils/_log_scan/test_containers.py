# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan import containers
from ansible_collections.day2.ops.plugins.module_utils._log_scan.containers import CRI, DOCKER, Unwrapper, format_of
from ansible_collections.day2.ops.plugins.module_utils._log_scan.json_lines import MOST_FIELDS, fields_of
from ansible_collections.day2.ops.plugins.module_utils._log_scan.lines import LONGEST, offset_at
from ansible_collections.day2.ops.plugins.module_utils._log_scan.multiline import LINE, RULES
from ansible_collections.day2.ops.plugins.module_utils._log_scan.stages import Stages
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

TIME = "2026-11-28T19:20:07.%09dZ"


def docker(text, stream="stdout", number=0, **more):
    entry = {"log": text, "stream": stream, **more, "time": TIME % number}
    line = json.dumps(entry, separators=(",", ":"), ensure_ascii=False)
    return line.replace("<", "\\u003c").encode() + b"\n"  # as Go writes it


def cri(text, stream="stdout", number=0, tag="F"):
    return f"{TIME % number} {stream} {tag} {text}\n".encode()


def lines_of(blocks, stages=None):
    found, end = [], None
    for block in blocks:
        assert end in (None, block.offset)
        end = block.offset + block.consumed
        position = 0
        for text in block.data.split(b"\n")[:-1]:
            origin = offset_at(block, position)
            found.append((origin, text, block.cut, *(() if stages is None else (stages.fields_of(origin),))))
            position += len(text) + 1
    return found


def unwrapped(data, kind, step=10**6, rule=LINE):
    stages = Stages(0, data[:1024], kind, rule)
    found = []
    for start in range(0, len(data), step):
        for block in stages.feed(data[start : start + step]):
            found += lines_of([block], stages)
    for block in stages.finish(True):
        found += lines_of([block], stages)
    assert stages.offset == len(data)
    return found


@pytest.mark.parametrize(
    "line, text, stream",
    [
        (docker("plain\n"), b"plain", "stdout"),
        (docker("on stderr\n", "stderr"), b"on stderr", "stderr"),
        (docker('a "quoted" \\ and <tag> and \t é 𝄞\n'), 'a "quoted" \\ and <tag> and \t é 𝄞'.encode(), "stdout"),
        (docker("\n"), b"", "stdout"),
        (docker("carriage\r\n"), b"carriage\r", "stdout"),
        (docker("with attrs\n", attrs={"tag": "a"}), b"with attrs", "stdout"),
        (docker("with odd attrs\n", attrs={"tag": '"},\\'}), b"with odd attrs", "stdout"),
        (docker("two\nlines in one\n"), b"two lines in one", "stdout"),
        (b'{"log":"x","stream":"a","extra":"b","stream":"stdout","time":"t"}\n', b"x", "stdout"),
        (b'{"log":"half a ch\\ud83d\\n","stream":"stdout","time":"t"}\n', b"half a ch?", "stdout"),
    ],
)
def test_a_line_of_docker(line, text, stream):
    ((origin, found, cut, fields),) = unwrapped(line, DOCKER)
    assert (origin, found, cut) == (0, text, 0)
    assert fields["stream"] == stream
    assert fields["time"] in ("t", TIME % 0)


@pytest.mark.parametrize("kind", [DOCKER, CRI])
@pytest.mark.parametrize(
    "junk", [b"{", b'{"log":1}', b'{"log":"x', b"plain text", b"", b"\xff\xfe", b"2026-11-28 stdout F x"]
)
def test_what_is_not_wrapped_goes_through(kind, junk):
    wrapped = docker("x\n") if kind == DOCKER else cri("x")
    found = unwrapped(wrapped + junk + b"\n" + wrapped, kind)
    size = len(wrapped)
    assert [each[:3] for each in found] == [(0, b"x", 0), (size, junk, 0), (size + len(junk) + 1, b"x", 0)]
    assert found[1][3] == {}


@pytest.mark.parametrize(
    "pieces, texts",
    [
        ([cri("a", tag="P"), cri("b", tag="P"), cri("c")], [b"abc"]),
        ([docker("a"), docker("b"), docker("c\n")], [b"abc"]),
        ([cri("a", tag="P"), cri("other", "stderr"), cri("b")], [b"ab", b"other"]),
        ([cri("a", tag="P"), cri("x", "stderr", tag="P"), cri("b"), cri("y", "stderr")], [b"ab", b"xy"]),
        ([cri("a", tag="P")], [b"a"]),
        ([cri("a", tag="P:more"), cri("b", tag="F:more")], [b"ab"]),
        ([cri("", tag="F"), TIME.encode() + b" stdout F\n"], [b"", b""]),
    ],
)
def test_pieces_of_a_line_are_joined(pieces, texts):
    data = b"".join(pieces)
    for step in (1, 50, 10**6):
        assert [text for _origin, text, _cut, _fields in unwrapped(data, format_of(data), step)] == texts


PIECE = st.tuples(st.sampled_from(["stdout", "stderr"]), st.booleans(), st.sampled_from(["a", " bc", "q" * 30, 'é"<']))


@settings(max_examples=tries(50))
@given(
    pieces=st.lists(PIECE, max_size=12),
    kind=st.sampled_from([DOCKER, CRI]),
    step=st.integers(1, 400),
    stop=st.integers(0, 10**4),
    longest=st.sampled_from([20, LONGEST]),
    rule=st.sampled_from([LINE, RULES["indent"]]),
)
def test_every_line_once_whatever_the_block_and_wherever_a_run_ends(pieces, kind, step, stop, longest, rule):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(containers, "LONGEST", longest)
        patch.setattr(containers, "_MOST_WAITING", 5)
        patch.setattr(containers, "_MOST_BYTES", 100)
        data = b"".join(
            docker(text + ("\n" if ended else ""), stream, number)
            if kind == DOCKER
            else cri(text, stream, number, "F" if ended else "P")
            for number, (stream, ended, text) in enumerate(pieces)
        )
        expected = unwrapped(data, kind, rule=rule)
        assert sorted(each[0] for each in expected) == [each[0] for each in expected]
        if longest == LONGEST:
            wanted = sorted("".join(text for _stream, _ended, text in pieces))
            assert sorted("".join(each[1].decode() for each in expected)) == wanted
        assert unwrapped(data, kind, step, rule) == expected

        ends = [place + 1 for place, byte in enumerate(data) if byte == 10]
        for end in {*ends, stop % (len(data) + 1)}:
            first = Stages(0, data[:8], kind, rule)
            found = lines_of([*first.feed(data[:end]), *first.finish(False)])
            assert first.offset + first.pending == end
            second = Stages(first.offset, data[:8], kind, rule)
            found += lines_of([*second.feed(data[first.offset :]), *second.finish(True)])
            assert found == [each[:3] for each in expected]


@pytest.mark.parametrize("kind", [DOCKER, CRI])
def test_a_line_of_many_pieces_keeps_its_head(kind):
    pieces = [docker("x" * 16384) if kind == DOCKER else cri("x" * 16384, tag="P")] * 64
    data = b"".join([*pieces, docker("end\n") if kind == DOCKER else cri("end"), docker("y\n"), cri("z")])
    found = unwrapped(data, kind)
    assert [(len(text), cut) for _origin, text, cut, _fields in found[:1]] == [(LONGEST, 64 * 16384 + 3 - LONGEST)]
    assert len(found) == 3


def test_a_whole_line_that_is_too_long_keeps_its_head():
    line = cri("x" * 2 * LONGEST)
    (before, long, after) = unwrapped(cri("before") + line + cri("after"), CRI)
    assert (before[1], after[1]) == (b"before", b"after")
    assert len(long[1]) + long[2] == 2 * LONGEST
    assert long[2] == len(line) - 1 - LONGEST


def test_an_entry_that_is_too_long_keeps_its_head():
    for shift in range(14):
        entry = {"log": "x" * shift + "\x1bé𝄞" * 3000, "stream": "stdout", "time": "t"}
        line = json.dumps(entry, separators=(",", ":")).encode() + b"\n"
        found = unwrapped(docker("before\n") + line + docker("after\n"), DOCKER)
        assert [text for _origin, text, _cut, _fields in found[::2]] == [b"before", b"after"]
        text = found[1][1].decode()
        assert entry["log"].startswith(text.rstrip("?")) and len(text) > 8000
        assert found[1][2] == len(line) - 1 - LONGEST


def test_lines_that_lie_between_each_other_come_at_once():
    data = cri("a", number=1, tag="P") + cri("other", "stderr", 2) + cri("b", number=3) + cri("next", number=4)
    first, second, third = unwrapped(data, CRI)
    assert [first[1], second[1], third[1]] == [b"ab", b"other", b"next"]
    assert (first[0], second[0]) == (0, 0), "nobody can begin between them"
    assert first[3] == second[3] == {}, "which of both it is the place does not tell"
    assert third[3] == {"stream": "stdout", "time": TIME % 4}


@pytest.mark.parametrize("size, count", [(10, 520), (60_000, 30)])
def test_what_waits_is_bounded(size, count):
    stages = Stages(0, b"", CRI)
    found = lines_of([*stages.feed(cri("never ended", tag="P") + cri("x" * size, "stderr") * count)])
    assert found[0][1] == b"never ended"
    assert len(found) == count + 1
    assert stages.pending == 0


def test_fields_by_the_place_of_a_line():
    unwrapper = Unwrapper(CRI)
    stages = Stages(0, b"")
    (block,) = stages.feed(cri("a", "stderr", 1) + cri("b", number=2))
    (out,) = unwrapper.feed(block)
    assert unwrapper.fields_of(out.origins[0]) == {"stream": "stderr", "time": TIME % 1}
    assert unwrapper.fields_of(out.origins[1]) == {"stream": "stdout", "time": TIME % 2}
    assert unwrapper.fields_of(1) == {}
    assert (unwrapper.offset, unwrapper.pending) == (None, 0)


def test_fields_of_a_record_that_was_held_over_small_blocks():
    stages = Stages(0, b"", CRI, RULES["indent"])
    lines = [cri("one", "stderr", 1), *(cri(" more", number=2 + number) for number in range(300)), cri("two")]
    (block,) = [block for line in lines for block in stages.feed(line)]
    assert stages.fields_of(block.origins[0]) == {"stream": "stderr", "time": TIME % 1}
    assert stages.fields_of(block.origins[-1]) == {"stream": "stdout", "time": TIME % 301}


@pytest.mark.parametrize(
    "head, kind",
    [
        (docker("x\n") * 30, "docker"),
        ((docker("x\n") * 30)[:1024], "docker"),
        (docker("y" * 16384)[:1024], "docker"),
        (cri("x") * 30, "cri"),
        ((cri("x") * 30)[:1000], "cri"),
        (cri("x" * 5000)[:1024], "cri"),
        (b'{"level":"info","msg":"x"}\n' * 30, "json"),
        ((b'{"level":"info","msg":"x"}\n' * 60)[:1024], "json"),
        (b'{"level":"info","msg":"' + b"x" * 1000, "json"),
        (b'{"log":"a key of our own","level":"info"}\n' * 3, "json"),
        (b"{broken\n{worse\n", "text"),
        (b"2026-11-28 19:20:07 stdout F\n", "text"),
        (b"plain\n", "text"),
        (b"\n\n", "text"),
        (b"", "text"),
    ],
)
def test_formats_are_known_by_the_first_lines(head, kind):
    assert format_of(head) == kind


@pytest.mark.parametrize(
    "line, fields",
    [
        (
            b'{"a":"x","b":1,"c":1.50,"d":true,"e":false,"f":null}',
            {"a": "x", "b": "1", "c": "1.50", "d": "true", "e": "false"},
        ),
        (b'{"k":{"pod":{"name":"p"},"tags":["x","y"]}}\r', {"k.pod.name": "p", "k.tags.0": "x", "k.tags.1": "y"}),
        (b' {"a":12345678901234567890123, "b":NaN} ', {"a": "12345678901234567890123", "b": "NaN"}),
        (b'{"a":"\xff"}', {"a": "\ufffd"}),
        (b"[1]", {}),
        (b"{", {}),
        (b"{}", {}),
        (b"text", {}),
        (b"", {}),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", {}),
        (b'{"a":' + b"9" * 10_000 + b"}", {"a": "9" * 1024}),
    ],
)
def test_fields_of_json(line, fields):
    assert fields_of(line) == fields


def test_fields_are_bounded():
    line = json.dumps({str(number): "x" * 5000 for number in range(200)}).encode()
    assert len(fields_of(line)) == MOST_FIELDS
    assert {len(value) for value in fields_of(line).values()} == {1024}


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=10,
)


@settings(max_examples=tries(50))
@given(value=JSON, noise=st.binary(max_size=3))
def test_any_json_is_flat_text_or_nothing(value, noise):
    for line in (json.dumps({"v": value}).encode(), json.dumps(value).encode() + noise, noise):
        assert all(isinstance(name, str) and isinstance(text, str) for name, text in fields_of(line).items())

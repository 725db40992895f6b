# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scans of real files, from the options to the result."""

from __future__ import annotations

import gzip
import json
import os
import shutil

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.tests.support.log_place import PATTERN, LogPlace, words


@pytest.fixture
def place(tmp_path):
    return LogPlace(tmp_path)


def only_file(result):
    assert len(result["files"]) == 1
    entry = result["files"][0]
    assert entry["appended"] == entry["scanned"] + entry["pending"] + entry["gap"]
    return entry


def causes(result):
    return [event["cause"] for entry in result["files"] for event in entry["events"]]


# --- what is new ---


def test_a_first_run_begins_at_the_end_and_says_so(place):
    place.append("FOUND old\n")
    result = place.scan()
    assert words(result) == [] and only_file(result)["skipped"] == 10 and causes(result) == ["skipped"]
    place.append("FOUND new\n")
    result = place.scan()
    assert words(result) == ["new"] and only_file(result)["scanned"] == 10
    assert place.found() == []


def test_a_log_that_was_not_there_is_new_from_its_beginning(place):
    place.append("FOUND old\n")
    place.scan()
    place.append("FOUND new\n", "other.log")
    assert place.found() == ["new"]


def test_a_path_that_was_not_asked_for_is_not(place):
    place.append("FOUND old\n", "a.log")
    place.append("FOUND old\n", "b.log")
    place.scan(paths=[str(place.path("a.log"))])
    result = place.scan()
    assert words(result) == [] and result["summary"]["skipped"] == 10


def test_a_first_run_from_the_beginning(place):
    place.append("FOUND a\nFOUND b\n")
    assert place.found(first_run="beginning") == ["a", "b"]


def test_a_first_run_since_a_time(place):
    place.append("2026-11-28T09:00:00Z FOUND early\n2026-11-28T10:00:00Z FOUND late\nFOUND dateless\n")
    assert place.found(first_run="since", since="2026-11-28T10:00:00Z") == ["late", "dateless"]


def test_a_line_that_is_not_ended_waits_until_it_is(place):
    place.append("")
    place.scan()
    place.append("FOUND half")
    result = place.scan()
    assert (
        words(result) == [] and only_file(result)["pending"] == 10 and only_file(result)["pending_cause"] == "partial"
    )
    place.append("way\nFOUND next\n")
    assert place.found() == ["halfway", "next"]


def test_a_line_that_nobody_goes_on_with_is_given_out(place):
    place.append("")
    place.scan()
    place.append("FOUND end")
    assert place.found() == []
    place.wait(300)
    assert place.found() == ["end"]
    assert place.found() == []


def test_the_first_run_does_not_cut_a_line(place):
    place.append("FOUND old\nFOUND ha")
    place.scan()
    place.append("lf\n")
    assert place.found() == ["half"]


def test_where_a_sample_stands(place):
    place.append("one\ntwo\n")
    place.scan(first_run="beginning")
    place.append("three\nfour\n2026-11-28T11:00:00Z FOUND it\nfive\nsix\nseven\n")
    (entry,) = place.scan(context=2)["matches"]
    (sample,) = entry["samples"]
    assert (sample["line"], sample["offset"], sample["at"]) == (5, 19, "2026-11-28T11:00:00Z")
    assert (sample["before"], sample["after"]) == (["three", "four"], ["five", "six"])
    assert sample["path"] == str(place.path())


# --- rotation: the decisions have their own tests, this is that they reach the disk ---


def test_renamed_and_made_anew(place):
    place.append("FOUND a\n")
    place.scan(first_run="beginning")
    place.append("FOUND b\n")
    place.path().rename(place.path("app.log.1"))
    place.append("FOUND c\n")
    result = place.scan()
    assert sorted(words(result)) == ["b", "c"] and causes(result) == ["rotated"]
    assert only_file(result)["gap"] == 0
    assert place.found() == []


def test_compressed_before_it_was_read_to_its_end(place):
    place.append("FOUND a\n" * 200)
    place.scan(first_run="beginning")
    place.append("FOUND b\n")
    with gzip.open(place.path("app.log.1.gz"), "wb") as file:
        file.write(place.path().read_bytes())
    place.touch("app.log.1.gz")
    place.path().unlink()
    place.append("FOUND c\n")
    assert sorted(place.found()) == ["b", "c"]
    assert place.found() == []


def test_copied_and_cut(place):
    place.append("FOUND a\n" * 200)
    place.scan(first_run="beginning")
    place.append("FOUND b\n")
    shutil.copy2(place.path(), place.path("app.log.1"))
    os.truncate(place.path(), 0)
    place.append("FOUND c\n")
    result = place.scan()
    assert sorted(words(result)) == ["b", "c"]
    assert "copytruncate_window" in causes(result) and only_file(result)["gap"] == 0


def test_what_is_gone_unread_is_a_gap(place):
    place.append("FOUND a\n")
    place.scan(first_run="beginning")
    place.append("FOUND b\n" * 10)
    place.scan(max_bytes=1)
    left = only_file(place.scan(check_mode=True))["scanned"]
    place.path().unlink()
    place.append("FOUND c\n")
    result = place.scan()
    assert only_file(result)["gap"] == left and words(result) == ["c"] and result["status"] == "critical"


def test_a_log_that_is_gone_is_forgotten_in_the_end(place):
    place.append("FOUND a\n")
    place.scan(first_run="beginning")
    place.path().unlink()
    assert "vanished" in causes(place.scan())
    result = place.scan()
    assert result["files"] == [] and result["summary"]["sentence"] == "No logs were found."
    state = next(place.state_dir.glob("*.json"))
    assert str(place.path()) in state.read_text(encoding="utf-8")
    place.wait(31 * 86400)
    place.scan()
    assert str(place.path()) not in state.read_text(encoding="utf-8")


# --- results that may not have arrived ---


def test_a_result_comes_again_until_it_is_acknowledged(place):
    place.append("FOUND a\n")
    first = place.scan(first_run="beginning", ack="manual")
    place.append("FOUND b\n")
    again = place.scan(ack="manual")
    assert again["redelivered"] and again["run_id"] == first["run_id"] and words(again) == ["a"]
    assert place.scan(ack="20200101T000000Z-00000000")["run_id"] == first["run_id"]
    after = place.scan(ack=first["run_id"])
    assert not after["redelivered"] and words(after) == ["b"]


def test_automatically_the_next_run_acknowledges_the_last(place):
    place.append("FOUND a\n")
    place.scan(first_run="beginning")
    assert place.found() == []


def test_with_receipts_only_a_receipt_acknowledges(place):
    place.append("FOUND a\n")
    first = place.scan(first_run="beginning", receipt=True)
    again = place.scan(receipt=True)
    assert again["redelivered"] and words(again) == ["a"]
    open(again["receipt_file"], "w", encoding="utf-8").close()
    after = place.scan(receipt=True)
    assert not after["redelivered"] and after["run_id"] != first["run_id"]
    assert not os.path.exists(first["receipt_file"])


def test_without_news_nobody_waits_for_a_receipt(place):
    place.append("FOUND a\n")
    place.scan(first_run="beginning")
    assert "receipt_file" not in place.scan(receipt=True)
    place.append("FOUND b\n")
    result = place.scan(receipt=True)
    assert words(result) == ["b"] and "receipt_file" in result and not result["redelivered"]


def test_check_mode_moves_nothing(place):
    place.append("FOUND a\n")
    assert words(place.scan(check_mode=True, first_run="beginning")) == ["a"]
    assert not place.state_dir.exists()
    place.scan(first_run="beginning")
    before = {path: path.read_bytes() for path in place.state_dir.iterdir()}
    place.append("FOUND b\n")
    assert words(place.scan(check_mode=True)) == ["b"]
    assert {path: path.read_bytes() for path in place.state_dir.iterdir()} == before


def test_reset(place):
    place.append("FOUND a\n")
    place.scan(first_run="beginning")
    assert place.found(first_run="beginning", reset=True) == ["a"]
    assert place.found() == []


def test_names_do_not_know_of_each_other(place):
    place.append("FOUND a\n")
    assert place.found(first_run="beginning", name="one") == ["a"]
    assert place.found(first_run="beginning", name="two") == ["a"]


# --- patterns ---


def test_a_new_expression_reads_nothing_again(place):
    place.append("FOUND a\nOTHER b\n")
    place.scan(first_run="beginning")
    assert place.scan(patterns={"found": {"regex": "OTHER (?P<what>.)"}})["bytes_scanned"] == 0


def test_backfill_reads_old_text_for_what_is_new_only(place):
    place.append("FOUND a\nOTHER b\n")
    place.scan(first_run="beginning")
    place.append("FOUND c\nOTHER d\n")
    both = {**PATTERN, "other": {"regex": "OTHER (?P<what>.)"}}
    result = place.scan(patterns=both, backfill=True)
    assert sorted(words(result)) == ["b", "c", "d"]
    assert result["summary"]["backfilled"] == 16 and only_file(result)["scanned"] == 16
    assert place.found(patterns=both, backfill=True) == []


def test_an_expression_that_does_not_end_is_stopped_and_named(place, monkeypatch):
    monkeypatch.setattr("ansible_collections.day2.ops.plugins.module_utils._log_scan.detect.LIMIT_SECONDS", 0.2)
    place.append("x" + "a" * 60 + "!\nFOUND it\n")
    patterns = {"bomb": {"regex": "x(a+)+$"}, "found": {"regex": "FOUND (?P<what>.*)"}}
    result = place.scan(first_run="beginning", patterns=patterns)
    assert words(result) == ["it"] and result["status"] == "warning"
    assert [problem for problem in result["problems"] if "bomb" in problem and "disabled" in problem]


def test_a_threshold_looks_back_over_the_last_run(place):
    patterns = {"often": {"regex": "FOUND", "threshold": {"count": 3, "per": "5m"}}}
    place.append("2026-11-28T11:58:00Z FOUND\n2026-11-28T11:59:00Z FOUND\n")
    result = place.scan(first_run="beginning", patterns=patterns)
    assert result["matches"][0]["met"] is False and result["status"] == "ok"
    place.append("2026-11-28T12:00:00Z FOUND\n")
    result = place.scan(patterns=patterns)
    assert result["matches"][0]["met"] is True and result["status"] == "warning"


def test_records_of_several_lines(place):
    place.append("")
    place.scan()
    trace = 'ERROR it broke\nTraceback (most recent call last):\n  File "a.py", line 1, in f\nValueError: FOUND deep\n'
    place.append(trace + "INFO fine\n")
    patterns = {"found": {"regex": r"(?s)broke.*FOUND (?P<what>\w+)", "multiline": "python"}}
    (entry,) = place.scan(patterns=patterns)["matches"]
    assert entry["samples"][0]["text"] == trace.rstrip("\n")


def test_outside_of_the_window_of_time_nothing_counts(place):
    place.append("".join(f"2026-11-28T{hour:02}:00:00Z FOUND h{hour}\n" for hour in range(12)))
    window = {"since": "2026-11-28T03:00:00Z", "until": "2026-11-28T05:00:00Z"}
    assert place.found(first_run="beginning", **window) == ["h3", "h4"]


# --- forms ---


def test_the_json_of_a_container(place):
    lines = [
        {"log": "FOUND in\n", "stream": "stderr", "time": "2026-11-28T11:00:00.5Z"},
        {"log": "fine\n", "stream": "stdout", "time": "2026-11-28T11:00:01Z"},
    ]
    place.append("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))
    (entry,) = place.scan(first_run="beginning")["matches"]
    (sample,) = entry["samples"]
    assert sample["text"] == "FOUND in" and sample["fields"] == {"what": "in", "stream": "stderr"}
    assert sample["at"].startswith("2026-11-28T11:00:00")


def test_lines_of_json_have_fields(place):
    place.append('{"time": "2026-11-28T11:00:00Z", "level": "error", "msg": "FOUND x", "k": {"pod": "p1"}}\n' * 2)
    (entry,) = place.scan(first_run="beginning", aggregate=["k.pod"])["matches"]
    assert entry["aggregates"] == {"k.pod": [{"value": "p1", "count": 2}]}
    assert entry["samples"][0]["fields"]["level"] == "error"


def test_utf_16(place):
    place.append("FOUND a\n".encode("utf-16"))
    place.scan(first_run="beginning")
    place.append("naïve\nFOUND b\n".encode("utf-16-le"))
    (entry,) = place.scan()["matches"]
    assert entry["samples"][0]["offset"] == 2 + 16 + 12 and entry["samples"][0]["line"] == 3


def test_an_encoding_that_no_mark_tells(place):
    place.append("naïve\nFOUND b\n".encode("utf-16-le"))
    options = {"paths": [{"path": str(place.path()), "encoding": "utf-16-le"}]}
    assert place.found(first_run="beginning", **options) == ["b"]
    with pytest.raises(Day2Error, match=r"paths\[0\].encoding: 'klingon'"):
        place.scan(paths=[{"path": str(place.path()), "encoding": "klingon"}])


def test_a_command(place):
    result = place.scan(paths=[], command=["printf", "a\\nFOUND b\\n"])
    assert words(result) == ["b"] and result["problems"] == []
    result = place.scan(paths=[], command=["sh", "-c", "echo FOUND c; exit 3"])
    assert words(result) == ["c"] and "exit code 3" in result["problems"][0] and result["status"] == "critical"


# --- how much ---


def test_a_budget_leaves_a_backlog_and_the_next_run_goes_on_where_it_ended(place):
    for name in ("a.log", "b.log", "c.log"):
        place.append(f"FOUND {name[0]}\n" * 10, name)
    seen = []
    result = place.scan(first_run="beginning", max_bytes=1, max_samples=1000)
    seen += words(result)
    assert result["backlog_bytes"] == 160 and "are left for the next run" in result["summary"]["sentence"]
    for _unused in range(2):
        seen += place.found(max_bytes=1)
    assert sorted(seen) == ["a"] * 10 + ["b"] * 10 + ["c"] * 10


def test_lists_are_bounded_and_that_is_said(place):
    for number in range(5):
        place.append("FOUND x\n", f"{number}.log")
    result = place.scan(first_run="beginning", max_returned=2)
    assert len(result["files"]) == 2 and result["truncated"] == {"files": 3}


@pytest.mark.parametrize("engine", ["stdlib", "grep"])
def test_an_engine_by_name(place, engine):
    place.append("nothing\nFOUND a\n" * 100)
    result = place.scan(first_run="beginning", engine=engine)
    assert result["engine"] == engine and result["new"] == 100
    assert result["matches"][0]["last"]["line"] == 200


# --- what cannot be read, and failing ---


def test_what_is_no_file_is_a_problem_and_the_others_are_read(place):
    os.mkfifo(place.path("pipe.log"))
    place.append("FOUND a\n")
    result = place.scan(first_run="beginning")
    assert words(result) == ["a"] and len(result["problems"]) == 1 and "pipe.log" in result["problems"][0]


def test_fail_on_fails_with_the_whole_result(place):
    place.append("FOUND a\n")
    outcome = place.outcome(first_run="beginning", fail_on="critical")
    assert outcome.failure and "fail_on is critical" in outcome.failure and words(outcome.result) == ["a"]
    assert place.outcome(fail_on="critical").failure is None


def test_reports(place, tmp_path):
    place.append("FOUND it <b>bold</b>\n")
    reports = [{"path": str(tmp_path / name)} for name in ("a.html", "a.json", "a.md", "a.csv")]
    result = place.scan(first_run="beginning", reports=reports)
    assert [report["format"] for report in result["reports"]] == ["html", "json", "markdown", "csv"]
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<b>bold</b>" not in page and "bold" in page
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "options, said",
    [
        ({"paths": []}, "paths, journal or command"),
        ({"patterns": {}}, "patterns or pattern_sets"),
        ({"paths": ["relative.log"]}, r"paths\[0\].path"),
        ({"paths": [{"path": "/x", "colour": 1}]}, r"paths\[0\].colour"),
        ({"paths": [{"path": "/x", "format": "xml"}]}, r"paths\[0\].format"),
        ({"paths": [3]}, r"paths\[0\]"),
        ({"name": "../x"}, "name"),
        ({"first_run": "since"}, "since"),
        ({"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, "until"),
        ({"max_bytes": 0}, "max_bytes"),
        ({"partial_after": "soon"}, "partial_after"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"patterns": {"x": {"regex": "("}}}, r"patterns.x.regex"),
    ],
)
def test_bad_input_is_refused_before_anything_is_touched(place, options, said):
    place.append("FOUND a\n")
    with pytest.raises(Day2Error, match=said):
        place.scan(**options)
    assert not place.state_dir.exists()

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of many hosts as one: sums that are right, silent hosts named, and nothing taken on trust."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any, Callable, Dict, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan.collect import Collector
from ansible_collections.day2.ops.plugins.module_utils._log_scan.merge import merge
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Hit, Place
from ansible_collections.day2.ops.plugins.module_utils._log_scan.report_json import render
from ansible_collections.day2.ops.tests.support import log_reports as samples
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.log_reports import NOON, pattern
from hypothesis import given, settings
from hypothesis import strategies as st

WEB = samples.result()
DAY = st.lists(st.tuples(st.sampled_from("abcdefghijklmnop"), st.integers(0, 80_000)), max_size=30)


def host(events: Any, severity: str = "high") -> Dict[str, Any]:
    collector = Collector([pattern("p", severity)], ("value",), 3)
    for number, (value, second) in enumerate(events):
        hit = Hit("p", number, value.encode(), {"value": value})
        collector.add(hit, Place("/1", number, number), NOON + timedelta(seconds=second))
    return samples.result(
        collector, [{**samples.LEDGER, "path": "/1", "scanned": len(events), "appended": len(events)}]
    )


@settings(derandomize=True, max_examples=tries(30))
@given(st.lists(DAY, min_size=1, max_size=5), st.integers(0, 8))
def test_the_sums_are_right(hosts: List[Any], most: int) -> None:
    results = {f"h{number}": host(events) for number, events in enumerate(hosts)}
    merged = merge(json.loads(json.dumps(results)), max_samples=most)
    every = [event for events in hosts for event in events]
    assert merged["new"] == len(every) == sum(entry["scanned"] for entry in merged["files"])
    assert len(merged["hosts"]) == len(hosts)
    if not every:
        assert merged["matches"] == [] and merged["status"] == "ok"
        return
    (entry,) = merged["matches"]
    assert entry["count"] == len(every)
    assert sum(bucket["count"] for bucket in entry["timeline"]["buckets"]) == len(every)
    assert {each["host"]: each["count"] for each in entry["hosts"]} == {
        f"h{number}": len(events) for number, events in enumerate(hosts) if events
    }
    for value in entry["aggregates"]["value"]:
        truth = sum(1 for name, _second in every if name == value["value"])
        assert value["count"] <= truth <= value.get("at_most", value["count"])
    assert len(entry["samples"]) <= most
    present = sum(1 for events in hosts if events)
    assert len({sample["host"] for sample in entry["samples"]}) == min(present, most)
    first = min(second for _value, second in every)
    assert entry["first"]["at"] == (NOON + timedelta(seconds=first)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_host_that_did_not_answer_is_named_and_is_unknown() -> None:
    calm = host([])
    merged = merge({"a": calm}, ["a", "b", "c"], {"b": "connection refused", "d": "no such host"})
    assert merged["status"] == "unknown"
    assert merged["problems"] == [
        "b did not answer: connection refused",
        "c did not answer: it sent no result",
        "d did not answer: no such host",
    ]
    assert [(each["host"], each["answered"]) for each in merged["hosts"]] == [
        ("b", False),
        ("c", False),
        ("d", False),
        ("a", True),
    ]
    assert merged["summary"]["hosts_unanswered"] == 3
    assert "3 hosts did not answer" in merged["summary"]["sentence"]


@pytest.mark.parametrize(
    "severities, silent, status",
    [
        (["low", "critical"], True, "critical"),
        (["medium"], True, "warning"),
        ([], True, "unknown"),
        ([], False, "ok"),
    ],
)
def test_the_worst_tells_the_status(severities: List[str], silent: bool, status: str) -> None:
    results = {f"h{number}": host([("a", 1)], severity) for number, severity in enumerate(severities)}
    results["calm"] = host([])
    assert merge(results, ["gone"] if silent else [])["status"] == status


def test_nothing_at_all_is_not_known() -> None:
    assert merge({})["status"] == "unknown"


def test_a_report_as_json_is_as_good_as_the_result() -> None:
    document = json.loads("".join(render(samples.report(copy.deepcopy(WEB)))))
    from_report, from_result = merge({"web": document}), merge({"web": WEB})
    assert from_report["hosts"][0].pop("started_at") == "2026-11-28T12:00:00Z"
    assert from_result["hosts"][0].pop("started_at") == ""
    assert from_report == from_result


def test_a_merged_report_can_be_read_by_a_program() -> None:
    document = json.loads("".join(render(samples.fleet())))
    assert [each["host"] for each in document["hosts"] if not each["answered"]] == [
        "edge-7.example.com",
        "web-3.example.com",
    ]


def test_a_result_of_yesterday_is_no_answer() -> None:
    old = {**WEB, "started_at": "2026-11-27T12:00:00Z"}
    merged = merge({"web": old, "other": {**WEB, "started_at": "2026-11-28T12:00:00Z"}}, not_before=NOON)
    (silent,) = [each for each in merged["hosts"] if not each["answered"]]
    assert silent["host"] == "web" and "earlier run" in silent["reason"]


def test_a_task_that_failed_says_why() -> None:
    merged = merge({"web": {"failed": True, "msg": "state_dir: permission denied"}})
    assert "state_dir: permission denied" in merged["hosts"][0]["reason"]


def test_thresholds_hold_for_each_host() -> None:
    few = copy.deepcopy(host([("a", 1)]))
    few["matches"][0].update(met=False, threshold={"count": 2, "per_seconds": 60})
    (entry,) = merge({"a": few, "b": copy.deepcopy(few)})["matches"]
    assert entry["count"] == 2 and not entry["met"]


def spoiled(spoil: Callable[[Dict[str, Any]], None]) -> Dict[str, Any]:
    value = copy.deepcopy(WEB)
    spoil(value)
    return value


NESTED: Any = []
for _level in range(3000):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [],
        {},
        {"schema": "day2.ops/log_scan/2"},
        spoiled(lambda value: value.update(status="fine")),
        spoiled(lambda value: value.update(summary=None)),
        spoiled(lambda value: value.update(matches={"a": 1})),
        spoiled(lambda value: value.update(files=[NESTED])),
        spoiled(lambda value: value.update(run_id=7)),
        spoiled(lambda value: value.update(bytes_scanned=-1)),
        spoiled(lambda value: value["matches"].append("text")),
        spoiled(lambda value: value["matches"][0].update(severity="worst")),
        spoiled(lambda value: value["matches"][0].update(timeline=[])),
        spoiled(lambda value: value["matches"][0].update(count=1.5)),
        spoiled(lambda value: value["matches"][0].update(first={"at": "yesterday", "path": "/", "offset": 0})),
        spoiled(lambda value: value["matches"][0]["samples"].append({"path": "/", "offset": 0})),
        spoiled(lambda value: value["matches"][1]["aggregates"].update(client_ip=[{"value": 3, "count": 1}])),
        spoiled(lambda value: value["files"].append({"path": None})),
        spoiled(lambda value: value["files"][0].update(gap="much")),
    ],
)
def test_what_is_no_result_is_an_answer_that_was_not_given(value: Any) -> None:
    merged = merge({"bad": value, "good": WEB})
    bad, good = merged["hosts"]
    assert (bad["host"], bad["answered"], bad["status"]) == ("bad", False, "unknown")
    assert bad["reason"] and good["answered"]
    assert merged["new"] == WEB["new"]
    json.dumps(merged)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@settings(derandomize=True, max_examples=tries(30))
@given(st.sampled_from(sorted(WEB)), st.sampled_from(sorted(WEB["matches"][0])), JSON, st.booleans())
def test_any_value_in_any_place_ends_in_a_report(key: str, inner: str, value: Any, deep: bool) -> None:
    sent = host([("a", 1), ("b", 2)])
    sent["matches"][0].update({inner: value} if deep else {})
    sent.update({} if deep else {key: value})
    merged = merge({"host": sent})
    for form in samples.forms():
        assert "".join(form.render(samples.report(merged)))

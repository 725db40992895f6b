# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Dict, Iterator, List, Optional, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._common.verdict import Severity, Status
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import ACCOUNT_AUDITED
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.judge import as_dict
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.merge import Merge, from_dict
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import SCHEMA, Finding
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

ONE, TWO, THREE = "111111111111", "222222222222", "333333333333"
EXPECTED = {ONE: "one", TWO: ""}


RULE = {
    "id": "mine",
    "title": "Mine",
    "severity": "medium",
    "rationale": "",
    "remediation": "",
    "frameworks": {"own": ["1"]},
    "url": "",
}


def record(account: str, bucket: str = "b", **changes: Any) -> Dict[str, Any]:
    found = {
        "record": "finding",
        "id": f"aws:{account}:{bucket}:tls_only",
        "check": "tls_only",
        "bucket": bucket,
        "region": "eu-west-1",
        "account": account,
        "status": "fail",
        "severity": "high",
        "message": "no",
        "evidence": {"x": 1},
        "remediation": "do",
        "frameworks": {"cis": ["1.1"]},
    }
    return {**found, **changes}


def lines(account: str, *findings: Dict[str, Any], **run: Any) -> List[str]:
    run = {"run_id": "nightly", "started_at": "2026-03-02T02:00:00+00:00", "accounts": [account], **run}
    head = {"record": "run", "schema": SCHEMA, "run": {"regions": ["eu-west-1"], **run}}
    return [json.dumps(one) for one in (head, *(findings or (record(account),)), {"record": "summary"})]


def merged(*slices: Tuple[str, Any], expected: Optional[Dict[str, str]] = None) -> Tuple[Merge, List[Finding]]:
    merge = Merge(EXPECTED if expected is None else expected, "nightly", datetime(2026, 3, 2, 2, tzinfo=timezone.utc))
    return merge, list(merge.findings(slices))


def audited(findings: List[Finding]) -> Dict[str, Status]:
    return {one.account: one.status for one in findings if one.check == ACCOUNT_AUDITED.id}


def test_whole_slices() -> None:
    merge, findings = merged(("1", lines(ONE)), ("2", lines(TWO, check_mode=True)))
    assert [one.id for one in findings] == [
        f"aws:{ONE}:b:tls_only",
        f"aws:{TWO}:b:tls_only",
        f"aws:{ONE}::account_audited",
        f"aws:{TWO}::account_audited",
    ]
    assert audited(findings) == {ONE: Status.PASS, TWO: Status.PASS}
    assert (merge.accounts, merge.regions, merge.check_mode, merge.problems) == ([ONE, TWO], {"eu-west-1"}, True, [])
    assert as_dict(findings[0]) == {key: value for key, value in record(ONE).items() if key != "record"}


def test_a_missing_slice_is_unknown() -> None:
    _merge, findings = merged(("2", lines(TWO)))
    assert audited(findings) == {ONE: Status.UNKNOWN, TWO: Status.PASS}
    (missing,) = [one for one in findings if one.status is Status.UNKNOWN]
    assert missing.message == f"account {ONE} (one) was not audited: no slice of it was found"
    assert missing.severity is Severity.HIGH


def test_an_account_that_nobody_expected_is_taken_and_told() -> None:
    merge, findings = merged(("3", lines(THREE)))
    assert audited(findings)[THREE] is Status.PASS
    assert merge.problems == [
        f"3: account {THREE} was not expected",
        f"account {ONE} (one) was not audited: no slice of it was found",
        f"account {TWO} was not audited: no slice of it was found",
    ]


def test_a_slice_cut_short_keeps_what_it_has_and_is_unknown() -> None:
    whole = lines(ONE, record(ONE, "a"), record(ONE, "b"))
    for end in range(1, len(whole)):
        merge, findings = merged(("1", whole[:end]), expected={ONE: ""})
        assert len(findings) == end  # those before the cut, and the one about the account
        assert audited(findings) == {ONE: Status.UNKNOWN}
        assert "cut short" in merge.problems[0]


@pytest.mark.parametrize("first", ["whole", "broken"])
def test_the_same_account_twice_is_merged_once(first: str) -> None:
    one, other = lines(ONE), lines(ONE, record(ONE, "other"))
    merge, findings = merged(("1", one if first == "whole" else one[:-1]), ("1 again", other), expected={ONE: ""})
    assert [finding.bucket for finding in findings] == ["b", ""]
    assert merge.problems[-1] == f"1 again: account {ONE} was already merged from another slice"
    assert audited(findings) == {ONE: Status.PASS if first == "whole" else Status.UNKNOWN}


def _failing() -> Iterator[str]:
    yield from lines(ONE)[:2]
    raise GatewayError("read", "s3://b/1.jsonl", "AccessDenied")


def test_a_slice_that_cannot_be_read_on() -> None:
    merge, findings = merged(("s3://b/1.jsonl", _failing()), ("2", lines(TWO)))
    assert audited(findings) == {ONE: Status.UNKNOWN, TWO: Status.PASS}
    assert "AccessDenied" in merge.problems[0]


@pytest.mark.parametrize(
    "head",
    [
        {"schema": "other"},
        {"run": None},
        {"run": []},
        {"run": {"accounts": []}},
        {"run": {"accounts": [ONE, TWO]}},
        {"run": {"accounts": [7]}},
        {"run": {"accounts": [[]]}},
        {"run": {"accounts": ONE}},
        {"run": {"accounts": [""]}},
        {"run": {"accounts": [ONE], "regions": [None]}},
        {"run": {"accounts": [ONE], "regions": 7}},
        {"rules": {}},
        {"rules": [RULE, {}]},
        {"rules": [{**RULE, "severity": "huge"}]},
        {"rules": [{**RULE, "url": "javascript:alert(1)"}]},
        {"rules": [{**RULE, "frameworks": {"cis": "1.1"}}]},
    ],
)
def test_a_head_that_is_none(head: Dict[str, Any]) -> None:
    text = [json.dumps({**json.loads(lines(ONE)[0]), **head}), *lines(ONE)[1:]]
    merge, findings = merged(("1", text), ("2", lines(TWO)))
    assert [one.account for one in findings if one.check == "tls_only"] == [TWO]
    assert audited(findings) == {ONE: Status.UNKNOWN, TWO: Status.PASS}
    assert merge.problems[0].startswith("1: ")


@pytest.mark.parametrize(
    "changes",
    [
        *({name: 7} for name in record(ONE) if name != "record"),
        *({name: None} for name in record(ONE) if name != "record"),
        {"status": "fine"},
        {"severity": "huge"},
        {"account": TWO},
        {"frameworks": {"cis": "1.1"}},
        {"frameworks": {"cis": [1]}},
        {"check": ""},
        {"check": ACCOUNT_AUDITED.id, "id": f"aws:{ONE}:b:{ACCOUNT_AUDITED.id}"},
        {"id": f"aws:{TWO}:b:tls_only"},
        {"id": f"aws-cn:{ONE}:b:tls_only"},
        {"id": f"aws:{ONE}:good:tls_only", "bucket": "good"},  # a second time
        {"evidence": {"x": float("nan")}},
        {"evidence": {"x": float("-inf")}},
    ],
)
def test_a_finding_that_is_none_breaks_its_slice_only(changes: Dict[str, Any]) -> None:
    bad = lines(ONE, record(ONE, "good"), {**record(ONE), **changes})
    merge, findings = merged(("1", bad), ("2", lines(TWO)))
    assert [one.bucket for one in findings if one.check == "tls_only"] == ["good", "b"]
    assert audited(findings) == {ONE: Status.UNKNOWN, TWO: Status.PASS}
    assert len(merge.problems) == 1


def test_accounts_without_a_bucket_of_those_asked_for_matter_when_all_are() -> None:
    none = [
        record(account, "", id=f"aws:{account}::buckets_selected", check="buckets_selected", status="unknown")
        for account in (ONE, TWO)
    ]
    _merge, findings = merged(("1", lines(ONE, none[0])), ("2", lines(TWO)))
    assert [one.check for one in findings if one.check != ACCOUNT_AUDITED.id] == ["tls_only"]
    _merge, findings = merged(("1", lines(ONE, none[0])), ("2", lines(TWO, none[1])))
    assert [one.check for one in findings if one.check != ACCOUNT_AUDITED.id] == ["buckets_selected"] * 2


def test_blank_lines_are_none() -> None:
    merge, findings = merged(("1", [*lines(ONE), "", " \t"]), ("2", ["", *lines(TWO)]))
    assert audited(findings) == {ONE: Status.PASS, TWO: Status.PASS} and not merge.problems


@pytest.mark.parametrize(
    "run, said",
    [
        ({"run_id": "one"}, "it is of the run 'one', not 'nightly'"),
        ({"run_id": None}, "it is of the run 'None', not 'nightly'"),
        (
            {"started_at": "2026-03-02T01:59:59Z"},
            "it is of an earlier run, which began at 2026-03-02T01:59:59+00:00, before 2026-03-02T02:00:00+00:00",
        ),
        ({"started_at": "2026-03-02T03:59:59+02:00"}, "it is of an earlier run, which began at "),
        ({"started_at": None}, "started_at is missing or not a text"),
        ({"started_at": "yesterday"}, "run.started_at: 'yesterday' is not a time such as "),
        ({"started_at": "2026-03-02T02:00:00"}, "run.started_at: '2026-03-02T02:00:00' has no offset"),
    ],
)
def test_a_slice_of_another_run_is_none(run: Dict[str, Any], said: str) -> None:
    merge, findings = merged(("1", lines(ONE, **run)), ("2", lines(TWO)), ("3", lines(THREE, **run)))
    assert [one.account for one in findings if one.check == "tls_only"] == [TWO]
    # The one that nobody expects may be long closed: it is told of, and no more.
    assert audited(findings) == {ONE: Status.UNKNOWN, TWO: Status.PASS}
    assert findings[1].message.startswith(f"account {ONE} (one) was not audited: 1: {said}")
    assert [problem[: len(said) + 3] for problem in merge.problems] == [f"1: {said}", f"3: {said}"]
    assert merge.accounts == [TWO]


def test_a_stale_slice_does_not_stand_in_the_way_of_a_fresh_one() -> None:
    merge, findings = merged(("1", lines(ONE, run_id="one")), ("2", lines(ONE)), expected={ONE: ""})
    assert audited(findings) == {ONE: Status.PASS}
    assert len(merge.problems) == 1


def test_findings_of_accounts_are_of_their_partition() -> None:
    merge, findings = merged(("2", lines(TWO, record(TWO, id=f"aws-cn:{TWO}:b:tls_only"), partition="aws-cn")))
    assert [one.id for one in findings][1:] == [f"aws-cn:{account}::account_audited" for account in (ONE, TWO)]
    assert merge.partition == "aws-cn"
    merge, findings = merged(("2", lines(TWO, partition="aws:x")))
    assert [one.id for one in findings] == [f"aws:{account}::account_audited" for account in (ONE, TWO)]


def test_rules_of_slices_are_kept_the_gravest_of_a_name() -> None:
    def ruled(account: str, **changes: Any) -> List[str]:
        head, *others = lines(account)
        return [json.dumps({**json.loads(head), "rules": [{**RULE, **changes}]}), *others]

    merge, _findings = merged(("1", ruled(ONE, severity="critical", title="Gravest")), ("2", ruled(TWO)))
    assert {name: (rule.title, rule.severity) for name, rule in merge.rules.items()} == {
        "mine": ("Gravest", "critical")
    }
    assert merge.rules["mine"].frameworks == {"own": ["1"]}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([ONE, TWO, SCHEMA]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["record", "run", "schema", "accounts", "account", "status"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)
_WHOLE = [line for account in (ONE, TWO) for line in lines(account)]
GARBAGE = st.lists(
    st.sampled_from(_WHOLE)
    | st.text(max_size=20)
    | JSON.map(json.dumps)
    | st.builds(
        lambda line, at, what: line[:at] + what + line[at + 1 :],
        st.sampled_from(_WHOLE),
        st.integers(0, 200),
        st.text(max_size=2),
    )
    | st.builds(
        lambda name, value: json.dumps({**record(ONE), name: value}), st.sampled_from(sorted(record(ONE))), JSON
    )
    | st.sampled_from(["[" * 100_000, '{"record":' * 50_000]),
    max_size=6,
)


@settings(derandomize=True, max_examples=tries(300))
@given(slices=st.lists(GARBAGE, max_size=3))
def test_no_garbage_ends_the_merge_or_hides_an_account(slices: List[List[str]]) -> None:
    merge, findings = merged(*((str(number), one) for number, one in enumerate(slices)))
    said = audited(findings)
    assert set(EXPECTED) <= set(said)
    assert sorted(account for account, status in said.items() if status is Status.PASS) == sorted(merge.accounts)
    for one in findings:
        assert json.dumps(as_dict(one))


def test_what_was_written_is_read_back() -> None:
    finding = from_dict(record(ONE), "aws", ONE)
    assert from_dict(as_dict(finding), "aws", ONE) == finding

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.document import PolicyError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.policy_edit import (
    MAX_BYTES,
    OLD_TLS_SID,
    TLS_SID,
    compact_size,
    deny_old_tls,
    deny_plain_http,
    locate,
    with_denial,
)
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

HTTP = deny_plain_http("aws", "b")
OLD = deny_old_tls("aws", "b", "1.2")
ALLOW = {"Sid": "read", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}


def test_the_statements_deny_everyone_everything_on_bucket_and_objects_in_their_partition():
    assert deny_plain_http("aws-cn", "b") == {
        "Sid": "Day2DenyInsecureTransport",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws-cn:s3:::b", "arn:aws-cn:s3:::b/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    assert deny_old_tls("aws", "b", "1.3")["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.3"}}


def test_without_a_policy_there_is_a_new_one():
    assert json.loads(with_denial(None, HTTP)) == {"Version": "2012-10-17", "Statement": [HTTP]}


COMPACT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Sid":"a"},{"Sid":"b"}]}'
PRETTY = """{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "a"
        },
        {
            "Sid": "b"
        }
    ],
    "Id": "x"
}
"""
LONE = """{
  "Statement": {
    "Sid":  "a"
  }
}"""
TABBED = '{\r\n\t"Statement": [\r\n\t\t{\r\n\t\t\t"Sid": "a"\r\n\t\t}\r\n\t]\r\n}'
ONE_LINE = '{"Statement": [ {"Sid": "a"} ]}'
SMALL = {"Sid": "day2", "Effect": "Deny", "Condition": {"Bool": {"k": "v"}}}


@pytest.mark.parametrize(
    "before, after",
    [
        # compact stays compact
        (
            COMPACT,
            COMPACT[:-2] + ',{"Sid":"day2","Effect":"Deny","Condition":{"Bool":{"k":"v"}}}]}',
        ),
        # indented like its neighbours
        (
            PRETTY,
            PRETTY.replace(
                '"b"\n        }\n',
                '"b"\n        },\n        {\n            "Sid": "day2",\n            "Effect": "Deny",\n'
                '            "Condition": {\n                "Bool": {\n                    "k": "v"\n'
                "                }\n            }\n        }\n",
            ),
        ),
        # a lone object becomes a list around itself
        (
            LONE,
            '{\n  "Statement": [{\n    "Sid":  "a"\n  }, '
            '{"Sid": "day2", "Effect": "Deny", "Condition": {"Bool": {"k": "v"}}}]\n}',
        ),
        # tabs and carriage returns
        (
            TABBED,
            TABBED.replace(
                "}\r\n\t]",
                '},\r\n\t\t{\r\n\t\t\t"Sid": "day2",\r\n\t\t\t"Effect": "Deny",\r\n\t\t\t"Condition": {\r\n'
                '\t\t\t\t"Bool": {\r\n\t\t\t\t\t"k": "v"\r\n\t\t\t\t}\r\n\t\t\t}\r\n\t\t}\r\n\t]',
            ),
        ),
        (
            ONE_LINE,
            '{"Statement": [ {"Sid": "a"}, {"Sid": "day2", "Effect": "Deny", "Condition": {"Bool": {"k": "v"}}} ]}',
        ),
        # a list with nothing in it, which S3 does not take but which is no reason to break anything
        ('{"Statement":[]}', '{"Statement":[' + json.dumps(SMALL) + "]}"),
        # an escaped key is the same key
        ('{"St\\u0061tement":[{}]}', '{"St\\u0061tement":[{},' + json.dumps(SMALL, separators=(",", ":")) + "]}"),
    ],
    ids=["compact", "pretty", "lone", "tabs", "one line", "empty", "escaped key"],
)
def test_a_statement_is_added_in_the_style_of_the_others(before, after):
    assert with_denial(before, SMALL) == after


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)


@pytest.mark.parametrize(
    "denial, ours",
    [
        (HTTP, {**HTTP, "Resource": "arn:aws:s3:::b/*"}),  # the objects only
        (HTTP, {**HTTP, "Action": "s3:PutObject"}),
        (HTTP, {**HTTP, "Principal": {"AWS": "111122223333"}}),
        (HTTP, deny_plain_http("aws-cn", "b")),  # another partition
        (HTTP, {**HTTP, "Condition": {"BoolIfExists": {"AWS:SecureTransport": ["false"]}}, "Action": "s3:Get*"}),
        (HTTP, {**HTTP, "Condition": {"Bool": {"aws:SecureTransport": False}}, "Action": "s3:Get*"}),
        (HTTP, {**HTTP, "Sid": TLS_SID + "2", "Action": "s3:Get*"}),  # ours beside a foreign one
        (OLD, deny_old_tls("aws", "b", "1.1")),
        (OLD, {**OLD, "Condition": {"NumericLessThan": {"s3:tlsversion": 1.1}}}),
    ],
)
def test_our_own_statement_is_replaced_when_it_is_wrong(denial, ours):
    before = policy(ALLOW, ours, {**ALLOW, "Sid": "last"})
    after = with_denial(before, denial)
    assert json.loads(after)["Statement"] == [ALLOW, {**denial, "Sid": ours["Sid"]}, {**ALLOW, "Sid": "last"}]
    assert with_denial(after, denial) == after
    last = before[before.index('{\n      "Sid": "last"') :]
    assert after.endswith(last)


@pytest.mark.parametrize(
    "denial, theirs",
    [
        (HTTP, {**ALLOW, "Sid": TLS_SID}),
        (HTTP, {**HTTP, "Effect": "Allow"}),
        (HTTP, {**HTTP, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        (HTTP, {**HTTP, "Condition": {"Bool": {"aws:SecureTransport": ["false", "true"]}}}),  # always
        (HTTP, {**HTTP, "Condition": {"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}}),
        (HTTP, {**HTTP, "Condition": {"Null": {"aws:SecureTransport": "false"}}}),
        (HTTP, {**HTTP, "Condition": {**HTTP["Condition"], "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}),
        (HTTP, {key: value for key, value in HTTP.items() if key != "Condition"}),
        (HTTP, {**HTTP, "Condition": "nonsense"}),
        (HTTP, {**HTTP, "Condition": {"Bool": "nonsense"}}),
        (OLD, deny_old_tls("aws", "b", "1.3")),  # denies more than ours: to replace it would open something
        (OLD, {**OLD, "Condition": {"NumericLessThanIfExists": {"s3:TlsVersion": "1.2"}}}),  # denies plain HTTP too
        (OLD, {**OLD, "Condition": {"NumericLessThan": {"s3:TlsVersion": "new"}}}),
    ],
)
def test_somebody_elses_statement_of_our_name_stays(denial, theirs):
    before = policy(theirs)
    after = with_denial(before, denial)
    added = {**denial, "Sid": denial["Sid"] + "2"}
    assert json.loads(after)["Statement"] == [theirs, added]
    assert with_denial(after, denial) == after


def test_the_next_free_name_is_taken():
    taken = [{**ALLOW, "Sid": OLD_TLS_SID}, {**ALLOW, "Sid": OLD_TLS_SID + "2"}, {"Sid": 3}, {"Effect": "Allow"}]
    assert json.loads(with_denial(policy(*taken), OLD))["Statement"][-1]["Sid"] == OLD_TLS_SID + "3"


@pytest.mark.parametrize(
    "text, problem",
    [
        ("", "not JSON"),
        ("[]", "not JSON"),
        ("{}", "0 members named Statement"),
        ('{"Statement": [], "Statement": []}', "2 members named Statement"),
        ('{"Statement": "x"}', "neither an object nor a list"),
        ('{"Statement": ["x"]}', "not a JSON object"),
        ('{"Statement": [{}', "not JSON"),
        ('{"Statement": [{},]}', "not JSON"),
        ('{"Statement": [{} {}]}', "not JSON"),
        ('{"Statement": [{}]} {}', "something follows"),
        ('{"Statement": [{}]', "not JSON"),
        ('{"Statement": [{}],}', "not JSON"),
        ('{"Statement" [{}]}', "':' is expected"),
        ('{1: [], "Statement": [{}]}', "a key is expected"),
        ('{"Statement": [{"a": "\n"}]}', "not JSON"),
        ('{"Statement": ' + "[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_policy_is_left_alone(text, problem):
    with pytest.raises(PolicyError, match=problem.replace("[", r"\[")):
        with_denial(text, HTTP)


@pytest.mark.parametrize(
    "text, size",
    [
        ('{"a" : [ 1 ,\n\t2 ] }\r\n', len('{"a":[1,2]}')),
        ('{"a b\\" c" : "d  e"}', len('{"a b\\" c":"d  e"}')),  # in strings white space counts
        ('{"ключ": "é"}', len('{"ключ":"é"}'.encode())),  # bytes, not characters
    ],
)
def test_a_policy_is_as_large_as_s3_counts_it(text, size):
    assert compact_size(text) == size


def test_the_limit_is_that_of_s3():
    assert MAX_BYTES == 20480


# --- any policy ------------------------------------------------------------------------------------------------------

_spaces = st.text(" \t\n\r", max_size=4)
_tricky = st.sampled_from(
    ['"Statement": [', "]}", "{[", '\\"', "\\", TLS_SID, '},{"Sid":"x"}', "é☃𝄞", "a/b", "\x7f", "\n\t", '":', ""]
)
_strings = st.lists(_tricky | st.text(max_size=6), max_size=3).map("".join)
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | _strings,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_strings, inner, max_size=3),
    max_leaves=6,
)
_statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Principal": _values, "Action": _values, "Resource": _values},
    optional={"Sid": _strings, "Condition": _values, "Note": _strings},
)


def spell(draw, value):
    """A value as JSON, with white space wherever it may be and characters escaped as they may be."""

    def gap() -> str:
        return draw(_spaces)

    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=draw(st.booleans()))
        return text.replace("/", "\\/") if draw(st.booleans()) else text
    if isinstance(value, list):
        return "[" + gap() + f"{gap()},{gap()}".join(spell(draw, item) for item in value) + gap() + "]"
    if isinstance(value, dict):
        pairs = [f"{spell(draw, key)}{gap()}:{gap()}{spell(draw, item)}" for key, item in value.items()]
        return "{" + gap() + f"{gap()},{gap()}".join(pairs) + gap() + "}"
    return json.dumps(value)


@st.composite
def policies(draw):
    """The text of a policy, and the texts of its statements."""
    statements = draw(st.lists(_statements, min_size=1, max_size=4))
    texts = [spell(draw, statement) for statement in statements]
    lone = len(texts) == 1 and draw(st.booleans())

    def gap() -> str:
        return draw(_spaces)

    body = texts[0] if lone else "[" + gap() + f"{gap()},{gap()}".join(texts) + gap() + "]"
    members = [f'"Statement"{gap()}:{gap()}{body}']
    others = draw(st.dictionaries(_strings.filter(lambda key: key != "Statement"), _values, max_size=2))
    members += [f"{spell(draw, key)}{gap()}:{gap()}{spell(draw, value)}" for key, value in others.items()]
    order = draw(st.permutations(members))
    return gap() + "{" + gap() + f"{gap()},{gap()}".join(order) + gap() + "}" + gap(), texts


@settings(derandomize=True, max_examples=tries(150))
@given(policies(), st.sampled_from([HTTP, OLD]))
def test_nothing_but_the_addition_changes(drawn, denial):
    text, statements = drawn
    after = with_denial(text, denial)
    before_value, after_value = json.loads(text), json.loads(after)
    was, now = before_value.pop("Statement"), after_value.pop("Statement")
    was = was if isinstance(was, list) else [was]
    assert after_value == before_value
    assert now[:-1] == was
    assert {**now[-1], "Sid": ""} == {**denial, "Sid": ""}
    position = 0
    for statement in statements:  # each in its place, byte for byte
        position = after.index(statement, position) + len(statement)
    body = locate(text).body
    assert after.startswith(text[: body.start]) and after.endswith(text[body.end :])
    assert with_denial(after, denial) == after


@settings(derandomize=True, max_examples=tries(150))
@given(
    st.text('{}[]",:\\ \nab', max_size=30)
    | _values.map(json.dumps)
    | st.builds(lambda t: '{"Statement":' + t, _strings)
)
def test_any_text_is_a_policy_or_refused(text):
    try:
        after = with_denial(text, HTTP)
    except PolicyError:
        return
    assert HTTP in json.loads(after)["Statement"]

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from itertools import product

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.checks.shape import (
    STAND_IN,
    _judge,
    judge_by_shape,
    renamed,
    shape_of,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.document import PolicyError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.policy.tls import judge_tls
from ansible_collections.day2.ops.tests.support.effort import tries
from ansible_collections.day2.ops.tests.support.facts import tls_policy
from hypothesis import given, settings
from hypothesis import strategies as st


def policy(*resources, **others):
    statement = {
        "Sid": "tls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": list(resources),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        **others,
    }
    return json.dumps({"Statement": [statement]}, ensure_ascii=False)


def test_policies_of_one_template_have_one_shape():
    assert shape_of(tls_policy("one"), "one", "aws") == shape_of(tls_policy("another"), "another", "aws")
    assert shape_of(tls_policy("one"), "one", "aws") == tls_policy(STAND_IN)


def test_they_are_judged_once():
    requirements = ("aws", "1.3", ())
    before = _judge.cache_info().misses
    answers = [judge_by_shape(tls_policy(f"b{n}", "1.3"), f"b{n}", *requirements)[0] for n in range(100, 150)]
    assert _judge.cache_info().misses <= before + 1
    assert all(answer.denies_old_tls for answer in answers)


@pytest.mark.parametrize(
    "text",
    [
        policy("arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"),
        policy("arn:aws:s3:::bucket/${aws:username}/*"),
        policy("*"),
        policy("arn:aws:s3:::*", "arn:aws:s3:::*/*"),
        policy("arn:aws:s3:::other/*", Principal={"AWS": "arn:aws:iam::*:role/x"}),
        policy("arn:aws-cn:s3:::*et"),  # of another partition: fits no bucket of this one
        policy("*", Condition={"StringLike": {"s3:prefix": "home/*"}}),
    ],
)
def test_what_can_be_judged_by_shape(text):
    assert shape_of(text, "bucket", "aws") is not None


@pytest.mark.parametrize(
    "text",
    [
        policy("arn:aws:s3:::buck*"),
        policy("arn:aws:s3:::bucket*"),
        policy("arn:aws:s3:::?ucket/*"),
        policy("arn:aws:s3:::${aws:PrincipalTag/b}/*"),
        policy("arn:aws:s3:::*et/*"),
        policy("arn:*"),
        policy("a*"),
        policy("*bucket"),
        policy("arn:aws:s3:::*/*.log"),
        policy("arn:aws:s3:::BUCKET"),
        policy("*", Sid="of bucket"),
        policy(f"arn:aws:s3:::{STAND_IN}"),
        policy("arn:aws:s3:::bucket").replace("bucket", "buc\\u006bet"),
    ],
)
def test_what_may_depend_on_the_name_is_not(text):
    assert shape_of(text, "bucket", "aws") is None


@pytest.mark.parametrize(
    "organization, name",
    [
        ((), STAND_IN),
        ((policy("*"),), STAND_IN),
        ((policy("arn:aws:s3:::other/*"),), STAND_IN),
        ((policy("arn:aws:s3:::bucket/*"),), "bucket"),
        ((policy("*"), policy("arn:aws:s3:::b*")), "bucket"),
        ((policy(f"arn:aws:s3:::{STAND_IN}"),), "bucket"),
    ],
)
def test_policies_of_the_organization_may_depend_on_it_too(organization, name):
    assert judge_by_shape(tls_policy("bucket"), "bucket", "aws", None, organization)[1] == name
    assert judge_by_shape(None, "bucket", "aws", None, organization)[1] == name


@pytest.mark.parametrize("bucket", ["MyBucket", STAND_IN])
def test_a_policy_of_the_organization_that_leaves_one_bucket_out(bucket):
    """Buckets made before 2018 may have capitals in their names."""
    arn = f"arn:aws:s3:::{bucket}"
    organization = (policy(arn, f"{arn}/*").replace('"Resource"', '"NotResource"'),)
    for name, text in product((bucket, "other"), (None, policy("arn:aws:s3:::x"))):
        judgement, _name = judge_by_shape(text, name, "aws", None, organization)
        assert judgement.denies_http is (name == "other")


def test_what_is_said_names_the_bucket():
    judgement, name = judge_by_shape(policy("arn:aws:s3:::bucket"), "bucket", "aws", None, ())
    evidence = renamed(judgement.evidence, name, "bucket")
    assert STAND_IN in json.dumps(judgement.evidence)
    assert evidence["counter_example"]["resource"].startswith("arn:aws:s3:::bucket/")
    assert STAND_IN not in json.dumps(evidence)


def test_an_error_is_about_the_policy_itself():
    text = policy("arn:aws:s3:::bucket", Effect="Denied")
    with pytest.raises(PolicyError) as direct:
        judge_tls(text, "bucket", "aws")
    with pytest.raises(PolicyError) as by_shape:
        judge_by_shape(text, "bucket", "aws", None, ())
    assert str(by_shape.value) == str(direct.value)


NAMES = ["bucket", "buck", "s3", "aws", "a.b", "deny", "Buck", STAND_IN]
resources = st.lists(
    st.sampled_from(
        ["*", "arn:aws:s3:::*", "arn:aws:s3:::*/*", "arn:aws:s3:::b*", "arn:aws:s3:::?uck", "arn:aws:s3:::buck?t/*",
         "arn:aws:s3:::*k/*", "arn:*", "arn:aws:s3:::${aws:username}", "arn:aws:s3:::other/*", "arn:aws-cn:s3:::*"]
        + [f"arn:aws:s3:::{name}{end}" for name in NAMES for end in ("", "/*", "/x*", "*")]
    ),
    min_size=1,
    max_size=3,
)  # fmt: skip
documents = st.builds(
    lambda chosen, key, action: policy(*chosen).replace('"Resource"', key).replace('"s3:*"', action),
    resources,
    st.sampled_from(['"Resource"', '"NotResource"']),
    st.sampled_from(['"s3:*"', '"*"', '"s3:Get*"']),
)


@settings(derandomize=True, max_examples=tries(150))
@given(st.none() | documents, st.sampled_from(NAMES), st.lists(documents, max_size=1).map(tuple))
def test_it_is_the_same_judgement(text, bucket, organization):
    direct = judge_tls(text, bucket, "aws", "1.2", organization)
    judgement, _name = judge_by_shape(text, bucket, "aws", "1.2", organization)
    assert (judgement.denies_http, judgement.denies_old_tls) == (direct.denies_http, direct.denies_old_tls)

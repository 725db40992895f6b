# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.keyname import parse_key_name
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import (
    RequirementError,
    Requirements,
    parse_requirements,
)
from hypothesis import given, settings
from hypothesis import strategies as st

KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
MULTI_REGION = "mrk-" + "0" * 32
ARN = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:"


@pytest.mark.parametrize(
    "text, key_id, alias, home",
    [
        (KEY_ID, KEY_ID, "", ""),
        (KEY_ID.upper(), KEY_ID, "", ""),
        (MULTI_REGION, MULTI_REGION, "", ""),
        ("alias/a/B_c-1", "", "alias/a/B_c-1", ""),
        (f"{ARN}key/{KEY_ID}", KEY_ID, "", "aws-us-gov:us-gov-west-1:111122223333"),
        (f"{ARN}alias/x", "", "alias/x", "aws-us-gov:us-gov-west-1:111122223333"),
    ],
)
def test_spellings_of_a_key(text, key_id, alias, home):
    name = parse_key_name(text)
    assert (name.text, name.key_id, name.alias, name.home) == (text, key_id, alias, home)


@pytest.mark.parametrize(
    "text",
    ["", "my-key", "alias/", "Alias/x", "alias/x y", KEY_ID[:-1], f"key/{KEY_ID}", f"{ARN}{KEY_ID}", f"{ARN}key/x",
     f"{ARN}alias/", f"arn:aws:s3:::{KEY_ID}", f"arn:aws:kms:eu-west-1:1:key/{KEY_ID}"],
)  # fmt: skip
def test_what_is_no_key(text):
    assert parse_key_name(text) is None


@settings(derandomize=True)
@given(st.text(max_size=60))
def test_a_text_names_at_most_one_key(text):
    name = parse_key_name(text)
    assert name is None or bool(name.key_id) != bool(name.alias)


def test_defaults():
    assert parse_requirements({}) == Requirements() == parse_requirements({"algorithm": None, "kms_keys": None})


@pytest.mark.parametrize(
    "policy, field, value",
    [
        ({"algorithm": "AES256"}, "algorithms", {"AES256", "aws:kms", "aws:kms:dsse"}),
        ({"algorithm": "aws:kms"}, "algorithms", {"aws:kms", "aws:kms:dsse"}),
        ({"algorithm": "aws:kms:dsse"}, "algorithms", {"aws:kms:dsse"}),
        ({"algorithm": ["AES256", "aws:kms:dsse"]}, "algorithms", {"AES256", "aws:kms:dsse"}),
        ({"min_tls": 1.3}, "min_tls", "1.3"),
        ({"min_tls": "1.2"}, "min_tls", "1.2"),
        ({"customer_managed": True}, "customer_managed", True),
        ({"log_bucket": "logs-*"}, "log_bucket", "logs-*"),
        ({"object_lock_days": 0}, "object_lock_days", 0),
        ({"organization_policies": '{"Statement": []}'}, "organization_policies", ('{"Statement": []}',)),
        ({"organization_policies": [{"Statement": {"Effect": "Deny"}}]}, "organization_policies",
         ('{"Statement": {"Effect": "Deny"}}',)),
    ],
)  # fmt: skip
def test_values(policy, field, value):
    assert getattr(parse_requirements(policy), field) == value


def test_keys_keep_their_spelling():
    keys = parse_requirements({"kms_keys": ["alias/x", KEY_ID]}).kms_keys
    assert [key.text for key in keys] == ["alias/x", KEY_ID]
    assert [key.text for key in parse_requirements({"kms_keys": "alias/x"}).kms_keys] == ["alias/x"]


def test_the_option_overrides_the_profile_key_by_key():
    profile = {"algorithm": "aws:kms", "customer_managed": True}
    requirements = parse_requirements({"algorithm": "aws:kms:dsse", "customer_managed": None}, profile)
    assert requirements.algorithm_text == "aws:kms:dsse"
    assert requirements.customer_managed is True


@pytest.mark.parametrize(
    "policy, message",
    [
        ({"algorithm": "aes256"},
         "policy.algorithm: 'aes256' is not one of AES256, aws:kms, aws:kms:dsse; did you mean AES256?"),
        ({"algorithm": []}, "policy.algorithm: [] is neither one of AES256, aws:kms, aws:kms:dsse nor a list of them"),
        ({"algorithm": ["aws:kms", "x"]}, "policy.algorithm: 'x' is not one of AES256, aws:kms, aws:kms:dsse"),
        ({"kms_keys": ["my-key"]},
         "policy.kms_keys: 'my-key' is not a key id, key ARN, alias/name or alias ARN; an alias begins with alias/"),
        ({"kms_keys": ["arn:aws:s3:::b"]},
         "policy.kms_keys: 'arn:aws:s3:::b' is not a key id, key ARN, alias/name or alias ARN"),
        ({"kms_keys": 7}, "policy.kms_keys: 7 is not a list of texts"),
        ({"customer_managed": "yes"}, "policy.customer_managed: 'yes' is neither true nor false"),
        ({"min_tls": "1.1"}, "policy.min_tls: '1.1' is not one of 1.2, 1.3"),
        ({"log_bucket": ""}, "policy.log_bucket: '' is not the name of a bucket, nor a glob such as logs-*"),
        ({"abort_multipart_days": 0}, "policy.abort_multipart_days: 0 is not a number of days from 1 to 36500"),
        ({"abort_multipart_days": True}, "policy.abort_multipart_days: True is not a number of days from 1 to 36500"),
        ({"object_lock_mode": "governance"},
         "policy.object_lock_mode: 'governance' is not one of GOVERNANCE, COMPLIANCE; did you mean GOVERNANCE?"),
        ({"organization_policies": ["{"]}, "policy.organization_policies[0]: not a JSON document: "),
        ({"organization_policies": [{"Statement": []}, "[]"]}, "policy.organization_policies[1]: not a policy: "),
        ({"organization_policies": [{1, 2}]}, "policy.organization_policies[0]: not a JSON document: "),
        ({"algoritm": "x"}, 'policy.algoritm: no such requirement; did you mean "algorithm"?'),
        ({"zzz": 1}, "policy.zzz: no such requirement; known are algorithm, kms_keys"),
    ],
)  # fmt: skip
def test_what_cannot_be_required(policy, message):
    with pytest.raises(RequirementError) as caught:
        parse_requirements(policy)
    assert str(caught.value).startswith(message)

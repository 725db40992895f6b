# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements
from ansible_collections.day2.ops.tests.support.facts import DENIED, GOOD, GOOD_ACCOUNT, tls_policy

# Whether a policy denies is judged in policy/ and tested there; here: what the checks make of the judgement.
TLS = tls_policy("good", None)
MIN_TLS = tls_policy("good")
NARROW = json.dumps(
    {
        "Statement": {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::good/*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    }
)
EVERYWHERE = tls_policy("*")


def decide(check, policy, requirements=None):
    return BY_ID[check].decide(replace(GOOD, policy=policy), GOOD_ACCOUNT, parse_requirements(requirements or {}))


@pytest.mark.parametrize(
    "policy, requirements, tls_only, tls_min_version",
    [
        (MIN_TLS, {}, "pass", "pass"),
        (MIN_TLS, {"min_tls": "1.3"}, "pass", "fail"),
        (TLS, {}, "pass", "fail"),
        (NARROW, {}, "fail", "fail"),
        (None, {}, "fail", "fail"),
        (None, {"organization_policies": EVERYWHERE}, "pass", "pass"),
        (TLS, {"organization_policies": EVERYWHERE}, "pass", "pass"),
        (None, {"organization_policies": [NARROW]}, "fail", "fail"),
        (DENIED, {}, "unknown", "unknown"),
        # what the organization denies is denied whatever the bucket says, and nothing else is known
        (DENIED, {"organization_policies": EVERYWHERE}, "pass", "pass"),
        (DENIED, {"organization_policies": NARROW}, "unknown", "unknown"),
        ("{", {}, "unknown", "unknown"),
        ("", {}, "unknown", "unknown"),
    ],
)
def test_transport(policy, requirements, tls_only, tls_min_version):
    assert decide("tls_only", policy, requirements).status.value == tls_only
    assert decide("tls_min_version", policy, requirements).status.value == tls_min_version


def test_what_a_verdict_says():
    verdict = decide("tls_only", TLS)
    assert "plain HTTP" in verdict.message
    assert verdict.evidence["denied_by"]
    verdict = decide("tls_only", NARROW)
    assert verdict.evidence["counter_example"]["action"] != "s3:GetObject"
    assert decide("tls_only", DENIED).message == "the bucket policy could not be seen: s3:Get: AccessDenied"
    assert decide("tls_only", "{").message.startswith("a policy of the bucket cannot be read: ")
    json.dumps(dict(verdict.evidence))

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    AccountFacts,
    Encryption,
    Grant,
    PublicAccessBlock,
    Unknown,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import Risk
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.plan import (
    REMEDIABLE,
    mandate,
    remediations,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements
from ansible_collections.day2.ops.tests.support.facts import ACCOUNT, DENIED, GOOD, KEY, KEY_ARN
from ansible_collections.day2.ops.tests.support.remediation import situation

OPEN = AccountFacts(ACCOUNT, public_access_block=None)
EVERYONE = Grant("http://acs.amazonaws.com/groups/global/AllUsers", "READ")
LOG_DELIVERY = Grant("http://acs.amazonaws.com/groups/s3/LogDelivery", "WRITE")
CLOUDFRONT = Grant("c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0", "FULL_CONTROL")
OWNER = Grant("owner-id", "FULL_CONTROL")

# Everything fails and nothing is at risk: no public use, no stranger, no other tool.
PLAIN = replace(
    GOOD,
    encryption=Encryption("AES256", blocked_known=True),
    kms_key=None,
    policy=None,
    public_access_block=None,
    ownership="ObjectWriter",
    versioning=replace(GOOD.versioning, status="", mfa_delete=False),
    logging=None,
    lifecycle=(),
    tags={},
)
POLICY = {"algorithm": "aws:kms", "log_bucket": "logs", "kms_keys": [KEY_ARN]}
KMS = ("encryption_algorithm",)
TLS = ("tls_only",)
BLOCK = ("public_access_block",)
OWNERSHIP = ("object_ownership",)
ALL = tuple(
    sorted(set(REMEDIABLE) - {"account_public_access_block", "kms_key_rotation", "default_encryption", "bucket_key"})
)


def refusals(facts, checks=ALL, allow=(), account=OPEN):
    """Which checks are refused for which risks."""
    wishes = mandate(checks, parse_requirements(POLICY), allow)
    proposal = remediations(situation(facts, account, {KEY_ARN: KEY}, ("logs",)), frozenset(checks), wishes)
    done = {check for one in proposal.remediations for check in one.checks}
    assert done.isdisjoint(one.check for one in proposal.refusals)
    return {(one.check, one.risk.value) for one in proposal.refusals}


def statement(principal, action, **more):
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "arn:aws:s3:::good/*", **more}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def test_nothing_is_refused_where_nobody_is_hurt():
    assert refusals(PLAIN) == set()


def of(risk, *checks):
    """Pairs of all these checks, single or in tuples, with a risk."""
    return {(name, risk) for one in checks for name in (one if isinstance(one, tuple) else (one,))}


KMS_FAMILY = ("encryption_algorithm", "kms_key")


@pytest.mark.parametrize(
    "facts, expected",
    [
        # public by policy: the block would cut it, and the anonymous can use no KMS key
        ({"policy_is_public": True}, of("public_website", BLOCK, KMS_FAMILY)),
        # public by ACL: ownership would cut it too, and S3 does not allow it while the grant is there
        (
            {"grants": (OWNER, EVERYONE)},
            of("public_website", BLOCK, KMS_FAMILY, OWNERSHIP) | of("acl_grants", OWNERSHIP),
        ),
        # a website: also TLS, as S3 serves websites over plain HTTP
        (
            {"website": True},
            of("public_website", BLOCK, KMS_FAMILY, OWNERSHIP, "tls_only", "tls_min_version"),
        ),
        # logs through the ACL
        (
            {"grants": (OWNER, LOG_DELIVERY)},
            of("log_delivery", KMS_FAMILY, OWNERSHIP) | of("acl_grants", OWNERSHIP),
        ),
        (
            {"grants": (OWNER, CLOUDFRONT)},
            of("log_delivery", KMS_FAMILY, OWNERSHIP) | of("acl_grants", OWNERSHIP),
        ),
        # another account by ACL
        ({"grants": (OWNER, Grant("other-id", "READ"))}, of("acl_grants", OWNERSHIP)),
        # logs through the policy
        (
            {"policy": policy(statement({"Service": "logging.s3.amazonaws.com"}, "s3:PutObject"))},
            of("log_delivery", KMS_FAMILY),
        ),
        (
            {"policy": policy(statement({"Service": ["delivery.logs.amazonaws.com"]}, ["s3:GetBucketAcl", "s3:Put*"]))},
            of("log_delivery", KMS_FAMILY),
        ),
        # readers elsewhere
        (
            {"policy": policy(statement({"AWS": "arn:aws:iam::999988887777:role/r"}, "s3:GetObject"))},
            of("cross_account_readers", KMS_FAMILY),
        ),
        (
            {"policy": policy(statement({"AWS": ["999988887777", ACCOUNT]}, "s3:*"))},
            of("cross_account_readers", KMS_FAMILY),
        ),
        # a distribution reads, and needs the key as much as an account
        (
            {"policy": policy(statement({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject"))},
            of("cross_account_readers", KMS_FAMILY),
        ),
        # writers elsewhere
        (
            {"policy": policy(statement({"AWS": "999988887777"}, "s3:PutObject"))},
            of("cross_account_readers", KMS_FAMILY),
        ),
        (
            {
                "policy": policy(
                    {
                        "Effect": "Allow",
                        "NotPrincipal": {"AWS": ACCOUNT},
                        "Action": "s3:PutObject",
                        "Resource": "arn:aws:s3:::good/*",
                    }
                )
            },
            of("cross_account_readers", KMS_FAMILY),
        ),
        # the account's own people and those who are no more
        ({"policy": policy(statement({"AWS": f"arn:aws:iam::{ACCOUNT}:role/r"}, "s3:*"))}, set()),
        ({"policy": policy(statement({"AWS": "AROAEXAMPLEID"}, "s3:*"))}, set()),
        (
            {
                "policy": policy(
                    statement("*", "s3:*", Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}),
                )
            },
            set(),
        ),
        # what others may do without the key
        ({"policy": policy(statement({"AWS": "999988887777"}, "s3:GetBucketLocation"))}, set()),
        (
            {"policy": policy({**statement({"AWS": "999988887777"}, "s3:*"), "Effect": "Deny"})},
            set(),
        ),
        # other tools
        ({"tags": {"aws:cloudformation:stack-name": "s"}}, of("managed_elsewhere", ALL)),
    ],
)
def test_risks(facts, expected):
    assert refusals(replace(PLAIN, **facts)) == expected


def test_an_acl_that_is_switched_off_delivers_no_logs():
    assert refusals(replace(PLAIN, grants=(OWNER, LOG_DELIVERY), ownership="BucketOwnerEnforced"), KMS) == set()


def test_a_policy_that_cannot_be_read_says_nothing_of_who_uses_the_bucket():
    assert refusals(replace(PLAIN, policy="{"), KMS) == of("unknown", KMS)


@pytest.mark.parametrize(
    "facts, account, expected",
    [
        # what is blocked already is not cut: neither by the bucket's flags nor by the account's
        ({"policy_is_public": True}, PublicAccessBlock(restrict_public_buckets=True), set()),
        ({"policy_is_public": True}, PublicAccessBlock(ignore_public_acls=True), of("public_website", BLOCK)),
        ({"grants": (OWNER, EVERYONE)}, PublicAccessBlock(ignore_public_acls=True), set()),
        ({"grants": (OWNER, EVERYONE), "ownership": "BucketOwnerEnforced"}, None, set()),
        ({"website": True}, PublicAccessBlock(False, True, False, True), set()),
        ({"website": True}, PublicAccessBlock(restrict_public_buckets=True), of("public_website", BLOCK)),
        # what could not be seen counts only where it could matter
        ({"policy_is_public": DENIED}, None, of("unknown", BLOCK)),
        ({"policy_is_public": DENIED}, PublicAccessBlock(restrict_public_buckets=True), set()),
        ({"grants": DENIED}, None, of("unknown", BLOCK)),
        ({"grants": DENIED, "ownership": "BucketOwnerEnforced"}, None, set()),
        ({"website": DENIED}, None, of("unknown", BLOCK)),
        ({}, DENIED, set()),
        ({"policy_is_public": True}, DENIED, of("unknown", BLOCK)),
    ],
)
def test_public_use_is_what_is_in_force(facts, account, expected):
    assert (
        refusals(replace(PLAIN, **facts), BLOCK, account=AccountFacts(ACCOUNT, public_access_block=account)) == expected
    )


@pytest.mark.parametrize(
    "name, checks, risk",
    [
        ("tags", ALL, "managed_elsewhere"),
        ("policy", KMS, "cross_account_readers"),
        ("policy", KMS, "log_delivery"),
        ("policy_is_public", BLOCK, "public_website"),
        ("website", TLS, "public_website"),
        ("website", OWNERSHIP, "public_website"),
    ],
)
def test_what_could_not_be_seen_is_never_taken_for_safe(name, checks, risk):
    bucket = replace(PLAIN, **{name: DENIED})
    found = refusals(bucket, checks)
    assert {check for check, _risk in found} == set(checks)
    assert {risk_ for _check, risk_ in found} == {"unknown"}
    # and nobody can accept a risk that nobody has seen
    every = ["public_website", "log_delivery", "cross_account_readers", "managed_elsewhere"]
    assert refusals(bucket, checks, every) == found


@pytest.mark.parametrize("risk", ["public_website", "log_delivery", "cross_account_readers", "managed_elsewhere"])
def test_only_the_risk_that_is_named_is_allowed(risk):
    bucket = replace(
        PLAIN,
        policy_is_public=True,
        tags={"Terraform": "true"},
        policy=policy(
            statement({"AWS": "999988887777"}, "s3:GetObject"),
            statement({"Service": "cloudtrail.amazonaws.com"}, "s3:PutObject"),
        ),
    )
    every = {"public_website", "log_delivery", "cross_account_readers", "managed_elsewhere"}
    assert {name for _check, name in refusals(bucket, KMS)} == every
    assert {name for _check, name in refusals(bucket, KMS, [risk])} == every - {risk}
    assert refusals(bucket, KMS, every) == set()


def test_grants_that_s3_itself_objects_to_cannot_be_allowed():
    bucket = replace(PLAIN, grants=(OWNER, EVERYONE))
    assert refusals(bucket, OWNERSHIP, [risk.value for risk in list(Risk)[:4]]) == of("acl_grants", OWNERSHIP)
    assert refusals(replace(PLAIN, grants=DENIED), OWNERSHIP) == of("unknown", OWNERSHIP)


@pytest.mark.parametrize(
    "tags, tool",
    [
        ({"aws:cloudformation:stack-id": "x"}, "CloudFormation"),
        ({"ManagedBy": "Terraform"}, "terraform"),
        ({"managed-by": "terraform v1.9"}, "terraform"),
        ({"managed_by": "OpenTofu"}, "opentofu"),
        ({"Terraform": "true"}, "terraform"),
        ({"terraform:workspace": "prod"}, "terraform"),
        ({"provisioner": "pulumi"}, "pulumi"),
        ({"CreatedBy": "aws cdk pipeline"}, "cdk"),
        ({"pulumi:project": "x"}, "Pulumi"),
        ({"crossplane-kind": "bucket.s3.aws.upbound.io"}, "Crossplane"),
        ({"services.k8s.aws/controller-version": "s3-1.0"}, "AWS Controllers for Kubernetes"),
        ({"iac": "terragrunt"}, "terragrunt"),
    ],
)
def test_tags_that_tell_of_another_tool(tags, tool):
    wishes = mandate(["versioning"], parse_requirements({}))
    proposal = remediations(situation(replace(PLAIN, tags=tags), OPEN), {"versioning"}, wishes)
    (refusal,) = proposal.refusals
    assert refusal.risk is Risk.MANAGED_ELSEWHERE
    assert refusal.message.startswith(f"{tool} manages the bucket (tag {next(iter(tags))}=")
    assert refusal.message.endswith("add managed_elsewhere to allow_risk")


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"Terraform": "false"},
        {"terraform": ""},
        {"ManagedBy": "platform team"},
        {"managed-by": "ansible"},
        {"project": "terraform-course"},
        {"owner": "cdk"},
        {"terraformer": "yes"},
        {"createdby": "cdksomething"},
    ],
)
def test_tags_that_do_not(tags):
    assert refusals(replace(PLAIN, tags=tags), ("versioning",)) == set()


def test_a_refusal_says_who_is_hurt_and_what_to_do():
    bucket = replace(PLAIN, policy=policy(statement({"AWS": "999988887777"}, "s3:GetObject")))
    wishes = mandate(["encryption_algorithm"], parse_requirements({"algorithm": "aws:kms"}))
    (refusal,) = remediations(situation(bucket, OPEN), {"encryption_algorithm"}, wishes).refusals
    assert refusal.as_dict() == {
        "bucket": "good",
        "check": "encryption_algorithm",
        "risk": "cross_account_readers",
        "message": "999988887777 may read or write objects, and may not be able to use the KMS key: allow them in the "
        "policy of the key first; to do it all the same, add cross_account_readers to allow_risk",
    }


def test_an_unknown_says_why():
    wishes = mandate(["versioning"], parse_requirements({}))
    bucket = replace(PLAIN, tags=Unknown("s3:GetBucketTagging: AccessDenied (403)"))
    (refusal,) = remediations(situation(bucket, OPEN), {"versioning"}, wishes).refusals
    assert "s3:GetBucketTagging: AccessDenied (403)" in refusal.message

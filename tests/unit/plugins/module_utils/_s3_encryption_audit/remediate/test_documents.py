# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from xml.etree import ElementTree

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.documents import (
    CONTROL_NAMESPACE,
    NAMESPACE,
    DocumentError,
    decode,
    encode,
    fulfils,
    header_of,
    identical,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.remediate.model import Aspect
from ansible_collections.day2.ops.tests.support.aws import documents
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st

SIZE = {"x-amz-transition-default-minimum-object-size": "varies_by_storage_class"}
ENCRYPTION = documents.encryption("aws:kms", "alias/data", True, ("SSE-C",))
LOGGING = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<BucketLoggingStatus xmlns="{NAMESPACE}"><LoggingEnabled>'
    "<TargetBucket>logs</TargetBucket><TargetGrants><Grant>"
    '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>abc</ID></Grantee>'
    "<Permission>READ</Permission></Grant></TargetGrants><TargetPrefix>a&amp;b/ </TargetPrefix>"
    "<TargetObjectKeyFormat><SimplePrefix></SimplePrefix></TargetObjectKeyFormat></LoggingEnabled></BucketLoggingStatus>"
).encode()
LIFECYCLE = documents.lifecycle(
    "<ID>a &lt; b</ID><Filter><And><Prefix>x/ </Prefix><Tag><Key>k</Key><Value></Value></Tag>"
    "<ObjectSizeGreaterThan>0500</ObjectSizeGreaterThan></And></Filter><Status>Enabled</Status>"
    "<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>"
    "<Transition><Days>90</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition>",
    "<ID>b</ID><Filter/><Status>Disabled</Status><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>"
    "</Expiration>",
)


def test_documents_look_like_the_api():
    assert decode(Aspect.ENCRYPTION, ENCRYPTION, {}) == {
        "Rule": {
            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/data"},
            "BucketKeyEnabled": True,
            "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
        }
    }
    assert decode(Aspect.LIFECYCLE, LIFECYCLE, SIZE) == {
        "Rule": [
            {
                "ID": "a < b",
                "Filter": {
                    "And": {"Prefix": "x/ ", "Tag": [{"Key": "k", "Value": ""}], "ObjectSizeGreaterThan": "0500"}
                },
                "Status": "Enabled",
                "Transition": [
                    {"Days": 30, "StorageClass": "GLACIER"},
                    {"Days": 90, "StorageClass": "DEEP_ARCHIVE"},
                ],
            },
            {"ID": "b", "Filter": {}, "Status": "Disabled", "Expiration": {"ExpiredObjectDeleteMarker": True}},
        ],
        "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
    }
    assert decode(Aspect.LOGGING, LOGGING, {})["LoggingEnabled"] == {
        "TargetBucket": "logs",
        "TargetGrants": {"Grant": [{"Grantee": {"xsi:type": "CanonicalUser", "ID": "abc"}, "Permission": "READ"}]},
        "TargetPrefix": "a&b/ ",
        "TargetObjectKeyFormat": {"SimplePrefix": {}},
    }
    assert decode(Aspect.KMS_KEY_ROTATION, b'{"KeyRotationEnabled": false, "KeyId": "x"}', {}) == {
        "KeyRotationEnabled": False
    }
    assert decode(Aspect.POLICY, '{ "é": 1}'.encode(), {}) == '{ "é": 1}'


@pytest.mark.parametrize(
    "aspect, body",
    [
        (Aspect.VERSIONING, documents.versioning()),
        (Aspect.LOGGING, documents.logging()),
        (Aspect.PUBLIC_ACCESS_BLOCK, b"<PublicAccessBlockConfiguration/>"),
    ],
)
def test_an_empty_configuration_is_none(aspect, body):
    assert decode(aspect, body, {}) is None


@pytest.mark.parametrize(
    "aspect, body",
    [
        (Aspect.ENCRYPTION, ENCRYPTION),
        (Aspect.ENCRYPTION, documents.encryption()),
        (Aspect.OWNERSHIP, documents.ownership("ObjectWriter")),
        (Aspect.VERSIONING, documents.versioning("Suspended", "Enabled")),
        (Aspect.LOGGING, LOGGING),
        (Aspect.PUBLIC_ACCESS_BLOCK, documents.public_access_block(True, False, True, False)),
    ],
)
def test_what_is_read_can_be_written_again_byte_for_byte(aspect, body):
    assert encode(aspect, decode(aspect, body, {})) == body


def test_elements_of_tomorrow_are_kept():
    body = documents.encryption().replace(b"</Rule>", b"<New><A>1</A><B/></New></Rule>")
    assert b"<New><A>1</A><B></B></New>" in encode(Aspect.ENCRYPTION, decode(Aspect.ENCRYPTION, body, {}))


def test_lifecycle_rules_that_stay_are_written_as_they_were_read():
    value = decode(Aspect.LIFECYCLE, LIFECYCLE, SIZE)
    added = {
        "ID": "new",
        "Filter": {},
        "Status": "Enabled",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    body = encode(Aspect.LIFECYCLE, {**value, "Rule": [*value["Rule"], added]}, LIFECYCLE)
    rule = (
        b"<Rule><ID>new</ID><Filter></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload>"
        b"<DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"
    )
    assert body == LIFECYCLE.replace(b"</LifecycleConfiguration>", rule + b"</LifecycleConfiguration>")
    assert header_of(Aspect.LIFECYCLE, value) == "varies_by_storage_class"
    assert header_of(Aspect.LIFECYCLE, {"Rule": []}) is None


def test_a_rule_that_changes_is_written_anew():
    value = decode(Aspect.LIFECYCLE, LIFECYCLE, {})
    value["Rule"][1]["Status"] = "Enabled"
    body = encode(Aspect.LIFECYCLE, value, LIFECYCLE)
    assert decode(Aspect.LIFECYCLE, body, {}) == value


def test_the_account_has_a_namespace_of_its_own():
    body = encode(Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK, {"BlockPublicAcls": True})
    assert ElementTree.fromstring(body).tag == f"{{{CONTROL_NAMESPACE}}}PublicAccessBlockConfiguration"


def test_mfa_delete_that_is_off_is_not_mentioned():
    assert b"MfaDelete" not in encode(Aspect.VERSIONING, {"Status": "Suspended", "MfaDelete": "Disabled"})


@pytest.mark.parametrize(
    "aspect, body",
    [
        (Aspect.POLICY, b"\xff"),
        (Aspect.ENCRYPTION, b""),
        (Aspect.ENCRYPTION, b"<html>"),
        (Aspect.ENCRYPTION, b"<Error><Code>AccessDenied</Code></Error>"),
        (Aspect.ENCRYPTION, b'<!DOCTYPE x [<!ENTITY a "b">]><ServerSideEncryptionConfiguration/>'),
        (Aspect.KMS_KEY_ROTATION, b"[]"),
        (Aspect.KMS_KEY_ROTATION, b"{}"),
    ],
)
def test_an_answer_of_another_kind_is_an_error(aspect, body):
    with pytest.raises(DocumentError, match=aspect.value):
        decode(aspect, body, {})


_names = st.sampled_from(["Prefix", "Key", "Other", "Days", "BucketKeyEnabled"])
_text = st.text(
    st.characters(min_codepoint=32, exclude_categories=("Cs",), exclude_characters="\x7f\ufffe\uffff"), max_size=8
)
_trees = st.dictionaries(
    _names,
    st.recursive(_text, lambda inner: st.dictionaries(_names, inner, min_size=1, max_size=3), max_leaves=5),
    max_size=4,
)


@settings(derandomize=True, max_examples=tries(150))
@given(_trees)
def test_any_tree_survives_being_written_and_read(tree):
    written = encode(Aspect.ENCRYPTION, tree)
    read = decode(Aspect.ENCRYPTION, written, {})
    assert encode(Aspect.ENCRYPTION, read) == written


AES = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}


def blocked(*types):
    return {"Rule": {**AES["Rule"], "BlockedEncryptionTypes": {"EncryptionType": list(types)}}}


@pytest.mark.parametrize(
    "aspect, one, other, same",
    [
        (Aspect.POLICY, "{}", "{}", True),
        (Aspect.POLICY, "{}", "{ }", False),  # byte for byte
        (Aspect.POLICY, None, "{}", False),
        (Aspect.ENCRYPTION, AES, {"Rule": {**AES["Rule"], "BucketKeyEnabled": False}}, True),
        (Aspect.ENCRYPTION, AES, {"Rule": {**AES["Rule"], "BucketKeyEnabled": True}}, False),
        (Aspect.ENCRYPTION, AES, blocked("SSE-C"), False),
        (Aspect.ENCRYPTION, blocked("A", "B"), blocked("B", "A"), True),
        (Aspect.ENCRYPTION, AES, None, False),
        (Aspect.ENCRYPTION, {"Rule": [AES["Rule"], {}]}, {"Rule": [AES["Rule"]]}, False),
        (
            Aspect.PUBLIC_ACCESS_BLOCK,
            {"BlockPublicAcls": True},
            {"BlockPublicAcls": True, "IgnorePublicAcls": False},
            True,
        ),
        (Aspect.PUBLIC_ACCESS_BLOCK, {"BlockPublicAcls": False}, None, False),
        (Aspect.VERSIONING, {"Status": "Enabled"}, {"Status": "Enabled", "MfaDelete": "Disabled"}, True),
        (Aspect.VERSIONING, {"Status": "Enabled"}, {"Status": "Enabled", "MfaDelete": "Enabled"}, False),
        (Aspect.LIFECYCLE, {"Rule": [{"ID": "a"}]}, {"Rule": [{"ID": "b"}]}, False),
    ],
)
def test_configurations_are_compared_by_what_they_say(aspect, one, other, same):
    for first, second in ((one, other), (other, one)):
        assert identical(aspect, first, second) is same


SIZE_NAME = "TransitionDefaultMinimumObjectSize"
POLICY = '{"Version":"2012-10-17","Statement":[{"Sid":"a","Action":["s3:A","s3:B"],"Condition":{"Bool":{"k":false}}}]}'


@pytest.mark.parametrize(
    "aspect, found, wanted, same",
    [
        # S3 writes policies in its own way
        (
            Aspect.POLICY,
            '{ "Version": "2012-10-17", "Statement": '
            '{"Sid": "a", "Action": ["s3:B", "s3:A"], "Condition": {"Bool": {"k": "false"}}}}',
            POLICY,
            True,
        ),
        (Aspect.POLICY, POLICY.replace("s3:B", "s3:C"), POLICY, False),
        (Aspect.POLICY, "{", POLICY, False),
        (Aspect.POLICY, None, POLICY, False),
        (Aspect.POLICY, POLICY, None, False),
        # what was not said of blocked types is S3's to decide, what was said is not
        (Aspect.ENCRYPTION, blocked("SSE-C"), AES, True),
        (Aspect.ENCRYPTION, AES, blocked("SSE-C"), False),
        # without a configuration S3 encrypts with SSE-S3
        (Aspect.ENCRYPTION, blocked("SSE-C"), None, True),
        (Aspect.ENCRYPTION, AES, None, True),
        (
            Aspect.ENCRYPTION,
            {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}},
            None,
            False,
        ),
        # nor was the least size of transitions
        (Aspect.LIFECYCLE, {"Rule": [], SIZE_NAME: "x"}, {"Rule": []}, True),
        (Aspect.LIFECYCLE, {"Rule": [], SIZE_NAME: "x"}, {"Rule": [], SIZE_NAME: "y"}, False),
        (Aspect.LIFECYCLE, {"Rule": [{}], SIZE_NAME: "x"}, {"Rule": []}, False),
        (Aspect.LIFECYCLE, {"Rule": [], SIZE_NAME: "x"}, None, False),
        (Aspect.VERSIONING, {"Status": "Suspended"}, None, True),
        (Aspect.VERSIONING, {"Status": "Enabled"}, None, False),
        (Aspect.OWNERSHIP, {"Rule": {"ObjectOwnership": "ObjectWriter"}}, None, False),
    ],
)
def test_what_is_read_back_is_compared_with_what_aws_makes_of_it(aspect, found, wanted, same):
    assert fulfils(aspect, found, wanted) is same

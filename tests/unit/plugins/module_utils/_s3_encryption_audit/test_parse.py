# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any, Callable, Dict, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws import caller_identity
from ansible_collections.day2.ops.plugins.module_utils._aws.answer import AnswerError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit import parse
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    Encryption,
    Grant,
    LifecycleRule,
    Logging,
    ObjectLock,
    PublicAccessBlock,
    Question,
    Versioning,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.parse import fact_of
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requests import BUCKET_CALLS
from ansible_collections.day2.ops.tests.support.aws import account, documents
from ansible_collections.day2.ops.tests.support.aws.keys import Keys
from ansible_collections.day2.ops.tests.support.aws.store import Store
from ansible_collections.day2.ops.tests.support.effort import tries
from botocore.parsers import create_parser
from botocore.session import get_session
from hypothesis import given, settings
from hypothesis import strategies as st

Q = Question
S3 = "http://s3.amazonaws.com/doc/2006-03-01/"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"

# The forms in which endpoints write one and the same document.
FORMS: Dict[str, Callable[[str, str], str]] = {
    "as S3 writes it": lambda root, inner: (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{S3}">{inner}</{root}>'
    ),
    "without a namespace": lambda root, inner: f"<{root}>{inner}</{root}>",
    "indented, with a comment": lambda root, inner: (
        f'<?xml version="1.0"?>\n<!-- x -->\n<{root} xmlns="{S3}">\n  '
        + inner.replace("><", ">\n  <")
        + f"\n</{root}>\n"
    ),
}

Case = Tuple[Question, str, str, Any]
CASES: Dict[str, Case] = {
    "SSE-S3": (
        Q.ENCRYPTION,
        "ServerSideEncryptionConfiguration",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
        "</ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule>",
        Encryption("AES256"),
    ),
    "DSSE-KMS with a key, SSE-C blocked": (
        Q.ENCRYPTION,
        "ServerSideEncryptionConfiguration",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms:dsse</SSEAlgorithm>"
        "<KMSMasterKeyID>alias/x</KMSMasterKeyID></ApplyServerSideEncryptionByDefault>"
        "<BucketKeyEnabled>true</BucketKeyEnabled>"
        "<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes></Rule>",
        Encryption("aws:kms:dsse", "alias/x", True, ("SSE-C",), True),
    ),
    "nothing blocked, and said so": (
        Q.ENCRYPTION,
        "ServerSideEncryptionConfiguration",
        "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm>"
        "</ApplyServerSideEncryptionByDefault>"
        "<BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule>",
        Encryption("aws:kms", blocked_known=True),
    ),
    "public policy": (Q.POLICY_STATUS, "PolicyStatus", "<IsPublic>TRUE</IsPublic>", True),
    "no public policy": (Q.POLICY_STATUS, "PolicyStatus", "<IsPublic>false</IsPublic>", False),
    "two of four flags, one left out": (
        Q.PUBLIC_ACCESS_BLOCK,
        "PublicAccessBlockConfiguration",
        "<BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>false</IgnorePublicAcls>"
        "<BlockPublicPolicy>true</BlockPublicPolicy>",
        PublicAccessBlock(True, False, True, False),
    ),
    "grants to the owner, a group and an address": (
        Q.ACL,
        "AccessControlPolicy",
        "<Owner><ID>me</ID></Owner><AccessControlList>"
        f'<Grant><Grantee {XSI} xsi:type="CanonicalUser"><ID>me</ID><DisplayName>I</DisplayName></Grantee>'
        "<Permission>FULL_CONTROL</Permission></Grant>"
        f'<Grant><Grantee {XSI} xsi:type="Group"><URI>{ALL_USERS}</URI></Grantee><Permission>READ</Permission></Grant>'
        f'<Grant><Grantee {XSI} xsi:type="AmazonCustomerByEmail"><EmailAddress>a@b.example</EmailAddress></Grantee>'
        "<Permission>READ_ACP</Permission></Grant></AccessControlList>",
        (Grant("me", "FULL_CONTROL"), Grant(ALL_USERS, "READ"), Grant("a@b.example", "READ_ACP")),
    ),
    "no grants": (Q.ACL, "AccessControlPolicy", "<Owner><ID>me</ID></Owner><AccessControlList/>", ()),
    "ownership": (
        Q.OWNERSHIP,
        "OwnershipControls",
        "<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>",
        "BucketOwnerEnforced",
    ),
    "never versioned": (Q.VERSIONING, "VersioningConfiguration", "", Versioning()),
    "versioned with MFA": (
        Q.VERSIONING,
        "VersioningConfiguration",
        "<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>",
        Versioning("Enabled", True),
    ),
    "versioning as moto tells it": (
        Q.VERSIONING,
        "GetBucketVersioningResponse",
        "<Status>Enabled</Status>",
        Versioning("Enabled"),
    ),
    "versioning suspended": (
        Q.VERSIONING,
        "VersioningConfiguration",
        "<Status>Suspended</Status><MfaDelete>Disabled</MfaDelete>",
        Versioning("Suspended"),
    ),
    "logged": (
        Q.LOGGING,
        "BucketLoggingStatus",
        "<LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix>a &amp; b/</TargetPrefix></LoggingEnabled>",
        Logging("logs", "a & b/"),
    ),
    "logged without a prefix": (
        Q.LOGGING,
        "BucketLoggingStatus",
        "<LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix/></LoggingEnabled>",
        Logging("logs"),
    ),
    "not logged": (Q.LOGGING, "BucketLoggingStatus", "", None),
    "locked for years": (
        Q.OBJECT_LOCK,
        "ObjectLockConfiguration",
        "<ObjectLockEnabled>Enabled</ObjectLockEnabled>"
        "<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Years>7</Years></DefaultRetention></Rule>",
        ObjectLock("COMPLIANCE", years=7),
    ),
    "locked without a default": (
        Q.OBJECT_LOCK,
        "ObjectLockConfiguration",
        "<ObjectLockEnabled>Enabled</ObjectLockEnabled>",
        ObjectLock(),
    ),
    "an object lock that is not on": (Q.OBJECT_LOCK, "ObjectLockConfiguration", "", None),
    "tags": (
        Q.TAGS,
        "Tagging",
        "<TagSet><Tag><Key>größe</Key><Value>日本 &lt;1</Value></Tag><Tag><Key>empty</Key><Value/></Tag></TagSet>",
        {"größe": "日本 <1", "empty": ""},
    ),
    "a website": (Q.WEBSITE, "WebsiteConfiguration", "<IndexDocument><Suffix>i</Suffix></IndexDocument>", True),
    "an empty lifecycle": (Q.LIFECYCLE, "LifecycleConfiguration", "", ()),
}


def _rule(inner: str) -> str:
    return f"<Rule><ID>r</ID><Status>Enabled</Status>{inner}</Rule>"


ABORT = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
# What a lifecycle rule covers is the filter's business, and there are many ways to write "everything".
FILTERS: Dict[str, bool] = {
    "": True,
    "<Prefix/>": True,
    "<Prefix>logs/</Prefix>": False,
    "<Filter/>": True,
    "<Filter><Prefix/></Filter>": True,
    "<Filter><Prefix></Prefix></Filter>": True,
    "<Filter><Prefix>a</Prefix></Filter>": False,
    "<Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>": False,
    "<Filter><ObjectSizeGreaterThan>0</ObjectSizeGreaterThan></Filter>": False,
    "<Filter><ObjectSizeLessThan>9</ObjectSizeLessThan></Filter>": False,
    "<Filter><And><Prefix/></And></Filter>": True,
    "<Filter><And><Prefix/><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>": False,
    "<Filter><And><Prefix>a</Prefix><ObjectSizeLessThan>9</ObjectSizeLessThan></And></Filter>": False,
}


@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_what_s3_says(case: Case, form: Callable[[str, str], str]) -> None:
    question, root, inner, expected = case
    assert fact_of(question, form(root, inner).encode()) == expected


@pytest.mark.parametrize("narrowing, everything", FILTERS.items())
def test_what_a_lifecycle_rule_covers(narrowing: str, everything: bool) -> None:
    body = f"<LifecycleConfiguration>{_rule(narrowing + ABORT)}</LifecycleConfiguration>".encode()
    assert fact_of(Q.LIFECYCLE, body) == (LifecycleRule("r", True, everything, 7),)


@pytest.mark.parametrize(
    "inner, acts",
    [
        ("<Expiration><Days>1</Days></Expiration>", ("Expiration",)),
        ("<Expiration><Date>2027-01-01T00:00:00Z</Date></Expiration>", ("Expiration",)),
        (
            "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
            ("ExpiredObjectDeleteMarker",),
        ),
        (
            "<NoncurrentVersionExpiration><NoncurrentDays>9</NoncurrentDays></NoncurrentVersionExpiration>"
            "<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>",
            ("Transition", "NoncurrentVersionExpiration"),
        ),
        (ABORT, ()),
    ],
)
def test_what_a_lifecycle_rule_does(inner: str, acts: Tuple[str, ...]) -> None:
    body = f"<LifecycleConfiguration>{_rule(inner)}</LifecycleConfiguration>".encode()
    (rule,) = fact_of(Q.LIFECYCLE, body)
    assert rule.acts == acts


def test_the_policy_is_kept_byte_for_byte() -> None:
    text = '\n{ "Version" : "2012-10-17",\t"Statement": {"Sid": "größe"} }\n'
    assert fact_of(Q.POLICY, text.encode()) == text


BAD: List[Tuple[Question, bytes, str]] = [
    (Q.VERSIONING, b"", "not well-formed"),
    (Q.VERSIONING, b"<VersioningConfiguration><Status>Ena", "not well-formed"),
    (Q.VERSIONING, b"<html><body>Bad gateway</body></html>", "<html> instead of <VersioningConfiguration>"),
    (Q.VERSIONING, b"<Error><Code>InternalError</Code></Error>", "<Error> instead"),
    (Q.VERSIONING, b"<VersioningConfiguration><Status>On</Status></VersioningConfiguration>", "'On'"),
    (Q.VERSIONING, b"\xff\xfe<\0V\0/\0>\0", "refused"),
    (Q.VERSIONING, b'<!DOCTYPE x [<!ENTITY a "b">]><VersioningConfiguration/>', "refused"),
    (Q.VERSIONING, b'<!DOCTYPE x SYSTEM "http://x.example/"><VersioningConfiguration/>', "refused"),
    (Q.VERSIONING, b"<?xml version='1.0' encoding='no-such'?><VersioningConfiguration/>", "not well-formed"),
    (Q.ENCRYPTION, b"<ServerSideEncryptionConfiguration/>", "missing"),
    (Q.ENCRYPTION, b"<ServerSideEncryptionConfiguration><Rule/></ServerSideEncryptionConfiguration>", "missing"),
    (Q.POLICY_STATUS, b"<PolicyStatus/>", "<IsPublic> is missing"),
    (Q.POLICY_STATUS, b"<PolicyStatus><IsPublic>perhaps</IsPublic></PolicyStatus>", "neither true nor false"),
    (Q.ACL, b"<AccessControlPolicy/>", "<AccessControlList> is missing"),
    (
        Q.ACL,
        b"<AccessControlPolicy><AccessControlList><Grant><Grantee/><Permission>READ</Permission></Grant>"
        b"</AccessControlList></AccessControlPolicy>",
        "names nobody",
    ),
    (Q.OWNERSHIP, b"<OwnershipControls/>", "<Rule> is missing"),
    (Q.OWNERSHIP, b"<OwnershipControls><Rule><ObjectOwnership/></Rule></OwnershipControls>", "is empty"),
    (Q.LOGGING, b"<BucketLoggingStatus><LoggingEnabled/></BucketLoggingStatus>", "<TargetBucket> is missing"),
    (
        Q.OBJECT_LOCK,
        b"<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>"
        b"<Mode>GOVERNANCE</Mode><Days>many</Days></DefaultRetention></Rule></ObjectLockConfiguration>",
        "<Days> is not a number",
    ),
    (Q.LIFECYCLE, b"<LifecycleConfiguration><Rule/></LifecycleConfiguration>", "<Status> is missing"),
    (Q.TAGS, b"<Tagging/>", "<TagSet> is missing"),
    (Q.POLICY, b"", "not a policy"),
    (Q.POLICY, b"<html/>", "not a policy"),
    (Q.POLICY, b'{"Sid": "\xff"}', "not UTF-8"),
]


@pytest.mark.parametrize("question, body, reason", BAD)
def test_what_is_no_answer_is_an_error(question: Question, body: bytes, reason: str) -> None:
    for _again in range(2):  # an error must not be remembered as an answer
        with pytest.raises(AnswerError, match=reason.replace("(", r"\(")):
            fact_of(question, body)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_every_truncation_is_an_error_and_no_other_fact(case: Case) -> None:
    question, root, inner, _expected = case
    body = FORMS["as S3 writes it"](root, inner).encode()
    for length in range(len(body)):
        with pytest.raises(AnswerError):
            fact_of(question, body[:length])


WORDS = [
    b"<Rule>", b"</Rule>", b"<Status>", b"Enabled", b"</Status>", b"<", b">", b"/", b"&amp;", b"&x;", b"\0", b"<![CDATA[",
    b"]]>", b"{", b'"KeyMetadata":', b"[", b"<Days>", b"-1", b"9" * 5000, b"</Days>", b"<!-- ", b" -->",
]  # fmt: skip
ROOTS = [FORMS["without a namespace"](root, "@") for _question, root, _inner, _fact in CASES.values()]
bodies = st.one_of(
    st.binary(max_size=60),
    st.lists(st.sampled_from(WORDS), max_size=12).map(b"".join),
    st.tuples(st.sampled_from(ROOTS), st.lists(st.sampled_from(WORDS), max_size=8).map(b"".join)).map(
        lambda pair: pair[0].encode().replace(b"@", pair[1])
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.dictionaries(
                st.sampled_from(["KeyMetadata", "Arn", "Aliases", "AliasName", "Accounts", "Truncated", "Policy"]),
                inner,
            )
            | st.lists(inner, max_size=3)
        ),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
)
READERS: List[Callable[[bytes], object]] = [
    *(lambda body, question=question: fact_of(question, body) for question in BUCKET_CALLS),
    parse.account_block,
    parse.bucket_page,
    parse.location,
    parse.object_page,
    parse.described_key,
    parse.rotation,
    parse.key_policy,
    parse.alias_page,
    caller_identity.identity,
    parse.account_page,
]


@settings(derandomize=True, max_examples=tries(250))
@given(bodies)
def test_any_bytes_are_an_answer_or_an_answer_error(body: bytes) -> None:
    for reader in READERS:
        try:
            reader(body)
        except AnswerError as error:
            assert str(error)


def test_deep_nesting_is_an_error() -> None:
    for body in (b"[" * 200_000, b'{"Aliases":' * 100_000):
        with pytest.raises(AnswerError):
            parse.alias_page(body)
    deep = b"<VersioningConfiguration>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</VersioningConfiguration>"
    assert fact_of(Q.VERSIONING, deep) == Versioning()


def test_equal_answers_share_their_fact() -> None:
    first = fact_of(Q.ENCRYPTION, bytes(documents.encryption("aws:kms", "alias/x")))
    again = fact_of(Q.ENCRYPTION, b"" + bytes(bytearray(documents.encryption("aws:kms", "alias/x"))))
    assert first is again


# --- botocore as the oracle ------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _s3_model() -> Any:
    return get_session().get_service_model("s3")


def _botocore(question: Question, body: bytes) -> Any:
    """The fact by botocore's parser."""
    operation = _s3_model().operation_model(BUCKET_CALLS[question].action.partition(":")[2])
    answer = create_parser("rest-xml").parse({"body": body, "headers": {}, "status_code": 200}, operation.output_shape)
    answer.pop("ResponseMetadata", None)
    return _FROM_BOTOCORE[question](answer)


def _encryption(answer: Dict[str, Any]) -> Encryption:
    rule = answer["ServerSideEncryptionConfiguration"]["Rules"][0]
    default = rule["ApplyServerSideEncryptionByDefault"]
    blocked = rule.get("BlockedEncryptionTypes")
    return Encryption(
        default["SSEAlgorithm"],
        default.get("KMSMasterKeyID", ""),
        rule.get("BucketKeyEnabled", False),
        tuple(one for one in (blocked or {}).get("EncryptionType", []) if one != "NONE"),
        blocked is not None,
    )


def _block(answer: Dict[str, Any]) -> PublicAccessBlock:
    flags = answer["PublicAccessBlockConfiguration"]
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return PublicAccessBlock(*(flags[name] for name in names))


def _grant(grant: Dict[str, Any]) -> Grant:
    who = grant["Grantee"]
    return Grant(who.get("URI") or who.get("ID") or who.get("EmailAddress"), grant["Permission"])


def _lock(answer: Dict[str, Any]) -> ObjectLock:
    retention = answer["ObjectLockConfiguration"].get("Rule", {}).get("DefaultRetention", {})
    return ObjectLock(retention.get("Mode", ""), retention.get("Days", 0), retention.get("Years", 0))


def _logging(answer: Dict[str, Any]) -> Any:
    enabled = answer.get("LoggingEnabled")
    return enabled and Logging(enabled["TargetBucket"], enabled["TargetPrefix"])


def _lifecycle(answer: Dict[str, Any]) -> List[Tuple[str, bool, Any]]:
    return [
        (
            rule["ID"],
            rule["Status"] == "Enabled",
            rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation"),
        )
        for rule in answer["Rules"]
    ]


_FROM_BOTOCORE: Dict[Question, Callable[[Dict[str, Any]], Any]] = {
    Q.ENCRYPTION: _encryption,
    Q.PUBLIC_ACCESS_BLOCK: _block,
    Q.OWNERSHIP: lambda answer: answer["OwnershipControls"]["Rules"][0]["ObjectOwnership"],
    Q.ACL: lambda answer: tuple(map(_grant, answer["Grants"])),
    Q.VERSIONING: lambda answer: Versioning(answer.get("Status", ""), answer.get("MFADelete") == "Enabled"),
    Q.LOGGING: _logging,
    Q.OBJECT_LOCK: _lock,
    Q.LIFECYCLE: _lifecycle,
    Q.TAGS: lambda answer: {tag["Key"]: tag["Value"] for tag in answer["TagSet"]},
    Q.WEBSITE: bool,
}


def test_a_whole_account_reads_as_botocore_reads_it() -> None:
    store = Store()
    account.demo(store, Keys())
    questions = {BUCKET_CALLS[question].subresource: question for question in _FROM_BOTOCORE}
    bodies = {
        (questions[name], bytes(body))
        for bucket in store.buckets.values()
        for name, body in bucket.documents.items()
        if name in questions
    }
    assert len({question for question, _body in bodies}) >= 9
    for question, body in bodies:
        fact = fact_of(question, body)
        if question is Q.LIFECYCLE:
            fact = [(rule.id, rule.enabled, rule.abort_multipart_days) for rule in fact]
        assert fact == _botocore(question, body), body

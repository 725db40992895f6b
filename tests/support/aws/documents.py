# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ready-made configuration documents, in the form in which S3 gives them back: what seeds are made of."""

from __future__ import annotations

from functools import cache
from typing import Mapping, Sequence, Tuple
from xml.sax.saxutils import escape

from .schema import DECLARATION, GROUPS, LOGGING_NAMESPACE, NAMESPACE, XSI, document


@cache
def encryption(
    algorithm: str = "AES256", key: str = "", bucket_key: bool = False, blocked: Tuple[str, ...] = ()
) -> bytes:
    """Default encryption; ``blocked`` is empty when the configuration says nothing of blocked types."""
    key_id = f"<KMSMasterKeyID>{escape(key)}</KMSMasterKeyID>" if key else ""
    types = "".join(f"<EncryptionType>{name}</EncryptionType>" for name in blocked)
    return document(
        "ServerSideEncryptionConfiguration",
        "<Rule><ApplyServerSideEncryptionByDefault>"
        f"<SSEAlgorithm>{algorithm}</SSEAlgorithm>{key_id}</ApplyServerSideEncryptionByDefault>"
        f"<BucketKeyEnabled>{'true' if bucket_key else 'false'}</BucketKeyEnabled>"
        + (f"<BlockedEncryptionTypes>{types}</BlockedEncryptionTypes>" if types else "")
        + "</Rule>",
    )


@cache
def public_access_block(acls: bool = True, ignore: bool = True, policy: bool = True, restrict: bool = True) -> bytes:
    """The four flags: BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets."""
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    flags = (acls, ignore, policy, restrict)
    inner = "".join(f"<{name}>{'true' if flag else 'false'}</{name}>" for name, flag in zip(names, flags))
    return document("PublicAccessBlockConfiguration", inner)


@cache
def ownership(setting: str = "BucketOwnerEnforced") -> bytes:
    """Object ownership: BucketOwnerEnforced, BucketOwnerPreferred or ObjectWriter."""
    return document("OwnershipControls", f"<Rule><ObjectOwnership>{setting}</ObjectOwnership></Rule>")


def acl(owner: str, grants: Sequence[Tuple[str, str]] = ()) -> bytes:
    """An access control list: full control for ``owner`` (a canonical id) and further (grantee, permission).

    A grantee is a canonical id or a name of :data:`schema.GROUPS`.
    """
    return _acl(owner, tuple(grants))


@cache
def _acl(owner: str, grants: Tuple[Tuple[str, str], ...]) -> bytes:
    inner = ""
    for grantee, permission in ((owner, "FULL_CONTROL"), *grants):
        kind, name = ("Group", "URI") if grantee in GROUPS else ("CanonicalUser", "ID")
        text = GROUPS.get(grantee, grantee)
        inner += (
            f'<Grant><Grantee xmlns:xsi="{XSI}" xsi:type="{kind}"><{name}>{escape(text)}</{name}></Grantee>'
            f"<Permission>{permission}</Permission></Grant>"
        )
    return document(
        "AccessControlPolicy",
        f"<Owner><ID>{owner}</ID></Owner><AccessControlList>{inner}</AccessControlList>",
    )


@cache
def versioning(status: str = "", mfa_delete: str = "") -> bytes:
    """Versioning: status is empty, Enabled or Suspended; MFA delete is empty, Enabled or Disabled."""
    inner = f"<Status>{status}</Status>" if status else ""
    inner += f"<MfaDelete>{mfa_delete}</MfaDelete>" if mfa_delete else ""
    return document("VersioningConfiguration", inner)


@cache
def logging(target: str = "", prefix: str = "") -> bytes:
    """Server access logging to ``target``; empty when it is off."""
    inner = ""
    if target:
        inner = f"<TargetBucket>{target}</TargetBucket><TargetPrefix>{escape(prefix)}</TargetPrefix>"
        inner = f"<LoggingEnabled>{inner}</LoggingEnabled>"
    return document("BucketLoggingStatus", inner, NAMESPACE if inner else LOGGING_NAMESPACE)


@cache
def object_lock(mode: str = "", days: int = 0, years: int = 0) -> bytes:
    """Object Lock, switched on, with a default rule when ``mode`` is given."""
    inner = "<ObjectLockEnabled>Enabled</ObjectLockEnabled>"
    if mode:
        period = f"<Days>{days}</Days>" if days else f"<Years>{years}</Years>"
        inner += f"<Rule><DefaultRetention><Mode>{mode}</Mode>{period}</DefaultRetention></Rule>"
    return document("ObjectLockConfiguration", inner)


def lifecycle(*rules: str) -> bytes:
    """A lifecycle of rules, each the inner XML of a ``Rule``."""
    return document("LifecycleConfiguration", "".join(f"<Rule>{rule}</Rule>" for rule in rules))


def tagging(tags: Mapping[str, str]) -> bytes:
    """A tag set, in the order given."""
    inner = "".join(f"<Tag><Key>{escape(k)}</Key><Value>{escape(v)}</Value></Tag>" for k, v in tags.items())
    return document("Tagging", f"<TagSet>{inner}</TagSet>")


@cache
def website(index: str = "index.html", error: str = "") -> bytes:
    """A static website."""
    inner = f"<IndexDocument><Suffix>{escape(index)}</Suffix></IndexDocument>"
    inner += f"<ErrorDocument><Key>{escape(error)}</Key></ErrorDocument>" if error else ""
    return document("WebsiteConfiguration", inner)


@cache
def policy_status(public: bool) -> bytes:
    """AWS's own verdict on a bucket policy."""
    return document("PolicyStatus", f"<IsPublic>{'true' if public else 'false'}</IsPublic>")


@cache
def location(region: str) -> bytes:
    """Where a bucket is; us-east-1 is written as nothing."""
    if region == "us-east-1":
        return f'{DECLARATION}<LocationConstraint xmlns="{NAMESPACE}"/>'.encode()
    return f'{DECLARATION}<LocationConstraint xmlns="{NAMESPACE}">{region}</LocationConstraint>'.encode()

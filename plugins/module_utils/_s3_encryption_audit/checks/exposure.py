# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may get at a bucket: public access blocks, policy, access control list, object ownership."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple, Union

from ..._where.evaluate import every, opposite, some
from ..model import AccountFacts, BucketFacts, Fact, Grant, PublicAccessBlock, Unknown, Verdict
from ..requirements import Requirements
from .say import failed, flag, passed, reasons_of, undecided, unknown

ENFORCED = "BucketOwnerEnforced"

# The groups of an access control list that are not somebody in particular; log delivery is AWS itself.
PUBLIC_GROUPS = {
    "http://acs.amazonaws.com/groups/global/AllUsers": "AllUsers",
    "http://acs.amazonaws.com/groups/global/AuthenticatedUsers": "AuthenticatedUsers",
}


def public_access_block(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """All four flags are in force for the bucket: each set on the bucket or on the account.

    Flags that could not be seen leave the verdict open only where they could change it.
    """
    own, whole = _block(bucket.public_access_block), _block(account.public_access_block)
    for block, origin in ((own, "the bucket"), (whole, "the account")):
        if isinstance(block, PublicAccessBlock) and not block.missing:
            return passed(f"all public access is blocked by {origin}", {"missing": []})
    if isinstance(own, Unknown) or isinstance(whole, Unknown):
        return unknown("the public access block", own, whole)
    missing = own.joined(whole).missing
    if not missing:
        return passed("all public access is blocked by the bucket and the account together", {"missing": []})
    return failed(
        f"public access is not blocked by {', '.join(missing)}; required: all four", {"missing": list(missing)}
    )


def account_public_access_block(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """All four flags are set on the account."""
    block = _block(account.public_access_block)
    if isinstance(block, Unknown):
        return unknown("the public access block of the account", block)
    missing = block.missing
    if not missing:
        return passed("the account blocks all public access", {"missing": []})
    if len(missing) == 4:
        return failed("the account blocks no public access; required: all four flags", {"missing": list(missing)})
    return failed(
        f"the account does not block public access by {', '.join(missing)}; required: all four flags",
        {"missing": list(missing)},
    )


def not_public(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """Neither the policy nor the access control list lets everybody in.

    A public policy is without effect under ``RestrictPublicBuckets``, a public grant under ``IgnorePublicAcls`` and
    where the bucket owner owns every object. What could not be seen leaves the verdict open only where it matters.
    """
    policy = bucket.policy_is_public
    grants = public_grants(bucket.grants)
    blocks = (_block(bucket.public_access_block), _block(account.public_access_block))
    by_policy = every((flag(policy, policy is True), opposite(_in_force(blocks, "restrict_public_buckets"))))
    by_acl = every(
        (
            flag(bucket.grants, bool(grants)),
            opposite(_in_force(blocks, "ignore_public_acls")),
            opposite(flag(bucket.ownership, bucket.ownership == ENFORCED)),
        )
    )
    evidence: Dict[str, Any] = {
        "policy_is_public": None if isinstance(policy, Unknown) else policy,
        "public_grants": grants,
    }
    ways: List[str] = []
    if by_policy:
        ways.append("its policy is public")
    if by_acl:
        ways.append(f"its ACL grants {', '.join(grants)}")
    if ways:
        return failed(f"the bucket is public: {' and '.join(ways)}", evidence)
    if some((by_policy, by_acl)) is None:
        facts: Tuple[object, ...] = (bucket.public_access_block, account.public_access_block)
        if by_policy is None:
            facts = (policy, *facts)
        if by_acl is None:
            facts = (bucket.grants, bucket.ownership, *facts)
        return undecided(f"whether the bucket is public could not be seen: {'; '.join(reasons_of(*facts))}", evidence)
    if policy is True or grants:
        return passed("public access is granted but without effect: it is blocked", evidence)
    return passed("neither the policy nor the ACL lets everybody in", evidence)


def object_ownership(bucket: BucketFacts, account: AccountFacts, requirements: Requirements) -> Verdict:
    """The bucket owner owns every object, and access control lists are off."""
    ownership = bucket.ownership
    if isinstance(ownership, Unknown):
        return unknown("object ownership", ownership)
    evidence = {"ownership": ownership}
    if ownership == ENFORCED:
        return passed("the bucket owner owns every object; ACLs are off", evidence)
    return failed(f"object ownership is {ownership or 'not configured'}; required: {ENFORCED}", evidence)


def public_grants(grants: Fact[Tuple[Grant, ...]]) -> List[str]:
    """The grants to everybody, as ``READ to AllUsers``."""
    if isinstance(grants, Unknown):
        return []
    return [
        f"{grant.permission} to {PUBLIC_GROUPS[grant.grantee]}" for grant in grants if grant.grantee in PUBLIC_GROUPS
    ]


def _block(fact: Fact[Optional[PublicAccessBlock]]) -> Union[PublicAccessBlock, Unknown]:
    return PublicAccessBlock() if fact is None else fact


def _in_force(blocks: Tuple[Union[PublicAccessBlock, Unknown], ...], name: str) -> Optional[bool]:
    """Whether a flag is set on the bucket or on the account, as far as that could be seen."""
    return some([getattr(block, name, None) for block in blocks])

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who could be hurt by a change: what decides about a risk is seen, or the change is not made."""

from __future__ import annotations

import re
from typing import Dict, Iterable, List, Optional, Tuple

from ..._where.evaluate import every, opposite, some
from ..checks.exposure import ENFORCED, public_grants
from ..checks.say import flag, listed, reasons_of
from ..model import AccountFacts, BucketFacts, PublicAccessBlock, Unknown
from ..policy.document import PolicyError, Selection, Statement, parse_policy
from ..policy.public import foreign_principals
from ..policy.wildcard import AnyOf, fold, tokens
from .model import Concern, Risk

# Access control lists by which AWS delivers logs: S3 server access logs, and CloudFront's standard logs.
_LOG_GRANTEES = {
    "http://acs.amazonaws.com/groups/s3/LogDelivery": "the group LogDelivery",
    "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0": "CloudFront's awslogsdelivery",
}
_GROUPS = "http://acs.amazonaws.com/groups/"

# Tags that tools put on what they make.
_MARKS = (
    ("aws:cloudformation:", "CloudFormation"),
    ("aws:servicecatalog:", "Service Catalog"),
    ("aws-cdk:", "the AWS CDK"),
    ("pulumi:", "Pulumi"),
    ("crossplane-", "Crossplane"),
    ("services.k8s.aws/", "AWS Controllers for Kubernetes"),
    ("elasticbeanstalk:", "Elastic Beanstalk"),
)
# Tags that people put on what a tool makes: Terraform=true, ManagedBy=terraform, provisioner: tofu …
_TOOLS = ("terraform", "terragrunt", "opentofu", "tofu", "pulumi", "cloudformation", "cdk", "crossplane", "serverless")
_WHOSE = re.compile(
    r"(managed|created|provisioned|deployed|owned)(by|with)|provisioner|iac(tool)?|infrastructureascode|tool"
)
_NO = ("", "false", "no", "0", "none")

_READS = ("s3:GetObject", "s3:GetObjectVersion")
_WRITES = ("s3:PutObject",)


def managed_elsewhere(facts: BucketFacts) -> List[Concern]:
    """Whether a tool made the bucket: it would undo the change, or fail over it."""
    tags = facts.tags
    if isinstance(tags, Unknown):
        return [_unseen(Risk.MANAGED_ELSEWHERE, "whether another tool manages the bucket", tags)]
    for key, value in sorted(tags.items()):
        tool = _tool(key, value)
        if tool:
            shown = f"{key}={value}" if value else key
            text = f"{tool} manages the bucket (tag {shown[:100]}) and would undo the change: make it there"
            return [Concern(Risk.MANAGED_ELSEWHERE, text)]
    return []


def _tool(key: str, value: str) -> str:
    name, said = key.lower(), value.strip().lower()
    for prefix, tool in _MARKS:
        if name.startswith(prefix):
            return tool
    for tool in _TOOLS:
        if re.fullmatch(rf"(aws:)?{tool}([:/_.-].*)?", name) and said not in _NO:
            return tool
    if _WHOSE.fullmatch(re.sub(r"[^a-z]", "", name)):
        words = re.findall(r"[a-z]+", said)
        return next((tool for tool in _TOOLS if tool in words), "")
    return ""


# --- what everybody uses ---------------------------------------------------------------------------------------------


def public_use(facts: BucketFacts, account: AccountFacts) -> List[Concern]:
    """Whether the public gets at the bucket now, by policy, by ACL or as a website; what is blocked is not cut."""
    restricted = _in_force(facts, account, "restrict_public_buckets")
    by_policy = every((flag(facts.policy_is_public, facts.policy_is_public is True), opposite(restricted)))
    return _public(
        [
            (by_policy, "its policy lets everybody in", (facts.policy_is_public, *_blocks(facts, account))),
            _by_acl(facts, account),
            _by_website(facts, account),
        ]
    )


def public_by_acl(facts: BucketFacts, account: AccountFacts) -> List[Concern]:
    """Whether the public gets at the bucket through ACLs, of the bucket or of the objects of a website."""
    return _public([_by_acl(facts, account), _by_website(facts, account)])


def website(facts: BucketFacts, account: AccountFacts) -> List[Concern]:
    """Whether the bucket serves a website, which S3 does over plain HTTP only."""
    return _public([_by_website(facts, account)])


_Way = Tuple[Optional[bool], str, Tuple[object, ...]]


def _public(ways: Iterable[_Way]) -> List[Concern]:
    found = list(ways)
    sure = [text for truth, text, _facts in found if truth]
    text = f"the bucket is in public use ({', and '.join(sure)}), which the change would end"
    concerns = [Concern(Risk.PUBLIC_WEBSITE, text)] if sure else []
    # Who allows the use that is known does not allow another one that nobody could see.
    doubts = [fact for truth, _text, facts in found if truth is None for fact in facts]
    if doubts:
        concerns.append(_unseen(Risk.PUBLIC_WEBSITE, "whether the bucket is in public use", *doubts))
    return concerns


def _by_acl(facts: BucketFacts, account: AccountFacts) -> _Way:
    grants = public_grants(facts.grants)
    truth = every(
        (
            flag(facts.grants, bool(grants)),
            opposite(_in_force(facts, account, "ignore_public_acls")),
            opposite(flag(facts.ownership, facts.ownership == ENFORCED)),
        )
    )
    return truth, f"its ACL grants {', '.join(grants)}", (facts.grants, facts.ownership, *_blocks(facts, account))


def _by_website(facts: BucketFacts, account: AccountFacts) -> _Way:
    # Nothing of a website can be seen when neither policy nor ACL may let the public in.
    blocked = every(_in_force(facts, account, name) for name in ("restrict_public_buckets", "ignore_public_acls"))
    truth = every((flag(facts.website, facts.website is True), opposite(blocked)))
    return truth, "it serves a website", (facts.website, *_blocks(facts, account))


def _blocks(facts: BucketFacts, account: AccountFacts) -> Tuple[object, ...]:
    return facts.public_access_block, account.public_access_block


def _in_force(facts: BucketFacts, account: AccountFacts, name: str) -> Optional[bool]:
    blocks = (facts.public_access_block, account.public_access_block)
    return some(flag(block, getattr(block or PublicAccessBlock(), name, False)) for block in blocks)


# --- who else reads and writes ---------------------------------------------------------------------------------------


def foreign_use(facts: BucketFacts) -> List[Concern]:
    """Whether others than the account's own people use the bucket: they may have no right to use the KMS key."""
    policy = facts.policy
    try:
        readers, deliverers = (
            ((), ()) if policy is None or isinstance(policy, Unknown) else _users(policy, facts.account)
        )
    except PolicyError as error:
        policy = Unknown(str(error))
    if isinstance(policy, Unknown):
        risks = (Risk.CROSS_ACCOUNT_READERS, Risk.LOG_DELIVERY)
        return [_unseen(risk, "whether others use the bucket", policy) for risk in risks]
    found: List[Concern] = []
    if readers:
        text = f"{listed(readers)} may read or write objects, and may not be able to use the KMS key"
        found.append(Concern(Risk.CROSS_ACCOUNT_READERS, f"{text}: allow them in the policy of the key first"))
    by_acl = () if facts.ownership == ENFORCED else log_grants(facts)
    names = (*deliverers, *(_LOG_GRANTEES[name] for name in by_acl or ()))
    if names:
        text = f"{listed(names)} delivers logs or reports to the bucket, and may not be able to use the KMS key"
        found.append(Concern(Risk.LOG_DELIVERY, text))
    elif by_acl is None:
        found.append(_unseen(Risk.LOG_DELIVERY, "whether logs are delivered to the bucket", facts.grants))
    return found


def log_grants(facts: BucketFacts) -> Optional[Tuple[str, ...]]:
    """The grantees of the ACL through which AWS delivers logs; ``None`` when the ACL could not be seen."""
    if isinstance(facts.grants, Unknown):
        return None
    return tuple(dict.fromkeys(grant.grantee for grant in facts.grants if grant.grantee in _LOG_GRANTEES))


def acl_grants(facts: BucketFacts) -> List[Concern]:
    """Whether the ACL grants something to others than the owner: S3 does not switch ACLs off before that is gone.

    The owner is the one canonical user that there always is; the ACL does not come with the owner's name.
    """
    grants = facts.grants
    if isinstance(grants, Unknown):
        return [_unseen(Risk.ACL_GRANTS, "what the ACL of the bucket grants", grants)]
    found: List[Concern] = []
    deliverers = log_grants(facts)
    if deliverers:
        text = f"{listed(tuple(_LOG_GRANTEES[name] for name in deliverers))} delivers logs through the ACL"
        found.append(Concern(Risk.LOG_DELIVERY, f"{text}: allow the delivery in the bucket policy first"))
    users = {grant.grantee for grant in grants if not grant.grantee.startswith(_GROUPS)}
    others = sorted({grant.grantee for grant in grants if grant.grantee.startswith(_GROUPS)})
    others += [f"{len(users) - 1} other account(s)"] if len(users) > 1 else []
    if others:
        text = f"the ACL grants access to {listed(tuple(others))}, and S3 does not switch ACLs off before that is gone"
        found.append(Concern(Risk.ACL_GRANTS, f"{text}: move it into the bucket policy and reset the ACL to private"))
    return found


def _users(text: str, account: str) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
    """Who from outside reads or writes, and which services of AWS deliver something.

    :raises PolicyError: when the text is no policy.
    """
    people: Dict[str, None] = dict.fromkeys(foreign_principals(text, account))
    services: Dict[str, None] = {}
    for statement in parse_policy(text).statements:
        if statement.effect != "Allow" or _own_only(statement, account):
            continue
        writes = _selects(statement.actions, _WRITES)
        for kind, name in statement.principals.entries:
            if kind == "Service" and not statement.principals.negated:
                if writes:
                    services[name] = None
                elif _selects(statement.actions, _READS):
                    people[name] = None
            elif writes and (statement.principals.negated or _is_foreign(kind, name, account)):
                people["*" if statement.principals.negated else name] = None
    return tuple("everyone" if name == "*" else name for name in people), tuple(services)


def _selects(actions: Selection, names: Iterable[str]) -> bool:
    patterns = AnyOf(tokens(fold(value)) for value in actions.values)
    return any(patterns.matches(fold(name)) != actions.negated for name in names)


def _own_only(statement: Statement, account: str) -> bool:
    """Whether a condition admits the account's own principals alone."""
    return any(
        (condition.key, condition.operator) == ("aws:principalaccount", "StringEquals")
        and not condition.if_exists
        and set(condition.values) == {account}
        for condition in statement.conditions
    )


def _is_foreign(kind: str, name: str, account: str) -> bool:
    if kind != "AWS" or name == "*":
        return True
    parts = name.split(":")
    if len(parts) < 6:
        return name.isdigit() and name != account  # a unique id stands for somebody who is no more
    return parts[4] != account


# --- words -----------------------------------------------------------------------------------------------------------


def _unseen(risk: Risk, subject: str, *facts: object) -> Concern:
    return Concern(risk, f"{subject} could not be seen ({'; '.join(reasons_of(*facts))})", unseen=True)

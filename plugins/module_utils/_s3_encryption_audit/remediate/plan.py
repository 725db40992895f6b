# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what fails to what is changed: the whole plan, before anything happens.

A run goes like this. ``mandate`` validates what is wished for. For each bucket ``to_repair`` says which of the findings
are to be repaired, and ``targets`` what must be read for that; ``remediations`` then gives the changes and the
refusals, with reasons. ``whole.assembled`` puts the changes of all buckets into their order, and ``whole.Limit`` says
whether they are too many. Check mode ends there, and so shows exactly what the real run does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import AbstractSet, Callable, FrozenSet, Iterable, List, Mapping, Sequence, Tuple

from ..._common.verdict import Status
from ..keyname import parse_key_name
from ..model import (
    NOT_ASKED,
    BucketFacts,
    Encryption,
    Fact,
    Finding,
    KeyDetail,
    KmsKey,
    Question,
    Unknown,
)
from ..policy.document import PolicyError
from ..policy.tls import TlsJudgement, judge_tls
from ..requirements import ALGORITHMS, Requirements
from . import encryption, policy_edit, risks, settings
from .documents import identical
from .model import (
    ALLOWABLE,
    Aspect,
    Concern,
    Document,
    Mandate,
    Proposal,
    Refusal,
    Remediation,
    RemediationError,
    Risk,
    Situation,
    Target,
)

REMEDIABLE: Mapping[str, Aspect] = {
    "default_encryption": Aspect.ENCRYPTION,
    "encryption_algorithm": Aspect.ENCRYPTION,
    "kms_key": Aspect.ENCRYPTION,
    "kms_key_rotation": Aspect.KMS_KEY_ROTATION,
    "bucket_key": Aspect.ENCRYPTION,
    "sse_c_blocked": Aspect.ENCRYPTION,
    "tls_only": Aspect.POLICY,
    "tls_min_version": Aspect.POLICY,
    "public_access_block": Aspect.PUBLIC_ACCESS_BLOCK,
    "account_public_access_block": Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK,
    "object_ownership": Aspect.OWNERSHIP,
    "versioning": Aspect.VERSIONING,
    "access_logging": Aspect.LOGGING,
    "lifecycle": Aspect.LIFECYCLE,
}
"""The checks that can be repaired, in the order of the catalogue, and by a change of what."""

_BLOCKS = frozenset((Question.PUBLIC_ACCESS_BLOCK, Question.WEBSITE))
_ACLS = frozenset((Question.ACL, Question.OWNERSHIP))
_PUBLIC = _BLOCKS | _ACLS | {Question.POLICY_STATUS}
_RISK_QUESTIONS: Mapping[Aspect, FrozenSet[Question]] = {
    Aspect.ENCRYPTION: _PUBLIC | {Question.POLICY},
    Aspect.POLICY: _BLOCKS,
    Aspect.OWNERSHIP: _BLOCKS | _ACLS,
    Aspect.PUBLIC_ACCESS_BLOCK: _PUBLIC,
    Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK: _PUBLIC,
}
_NO_QUESTIONS: FrozenSet[Question] = frozenset()


# --- what is wished for ----------------------------------------------------------------------------------------------


def mandate(checks: Iterable[str], requirements: Requirements, allow_risk: Iterable[str] = ()) -> Mandate:
    """What a run may repair, validated.

    :raises RemediationError: for a check that cannot be repaired, an unknown risk, or a requirement that leaves open
        what to change to.
    """
    chosen = frozenset(checks)
    impossible = sorted(chosen - set(REMEDIABLE))
    if impossible:
        raise RemediationError(
            f"remediate: {', '.join(impossible)} cannot be repaired; these can: {', '.join(REMEDIABLE)}"
        )
    allowed = [risk.value for risk in ALLOWABLE]
    strange = sorted(set(allow_risk) - set(allowed))
    if strange:
        raise RemediationError(f"allow_risk: {', '.join(strange)} cannot be allowed; these can: {', '.join(allowed)}")
    if "access_logging" in chosen and not requirements.log_bucket:
        raise RemediationError("remediate: access_logging needs policy.log_bucket, the bucket (or a glob) to log to")
    if "kms_key" in chosen:
        if requirements.customer_managed and not requirements.kms_keys:
            raise RemediationError("remediate: kms_key needs policy.kms_keys, the keys to choose from")
        if requirements.kms_keys and not requirements.algorithms & set(ALGORITHMS[1:]):
            raise RemediationError("remediate: kms_key contradicts policy.algorithm, which accepts AES256 alone")
    return Mandate(chosen, requirements, frozenset(Risk(name) for name in allow_risk))


def questions_for(wishes: Mandate) -> FrozenSet[Question]:
    """What must be known of a bucket, beyond what its checks ask, before it may be changed.

    With ``account_public_access_block`` it must be known of every bucket of the account. The account's own public
    access block (``AccountFacts``) is needed whenever ``PUBLIC_ACCESS_BLOCK`` is among the questions.
    """
    aspects = {REMEDIABLE[name] for name in wishes.checks}
    if not encryption.may_change_key(wishes.checks, wishes.requirements):
        aspects.discard(Aspect.ENCRYPTION)  # without another key nobody is shut out
    found = frozenset(question for aspect in aspects for question in _RISK_QUESTIONS.get(aspect, _NO_QUESTIONS))
    return found | {Question.TAGS} if wishes.checks else found


def required_keys(wishes: Mandate) -> Tuple[str, ...]:
    """The keys of the requirements, as spelled, that must be described in the region of every bucket to repair."""
    if not encryption.may_change_key(wishes.checks, wishes.requirements):
        return ()
    return tuple(name.text for name in wishes.requirements.kms_keys)


def key_details(wishes: Mandate) -> FrozenSet[KeyDetail]:
    """What must be known of the required keys beside their description."""
    return frozenset((KeyDetail.ROTATION,)) if "kms_key_rotation" in wishes.checks else frozenset()


def to_repair(findings: Iterable[Finding], facts: BucketFacts, wishes: Mandate) -> FrozenSet[str]:
    """The checks among the findings of a bucket that are to be repaired.

    Those that fail; what an exemption covers is left alone, and so is what could not be judged, with one exception:
    when S3 says nothing of blocked encryption types, blocking SSE-C is what makes it say something.
    """
    silent = facts.encryption is None or (
        isinstance(facts.encryption, Encryption) and not facts.encryption.blocked_known
    )
    return frozenset(
        finding.check
        for finding in findings
        if finding.check in wishes.checks
        and "exemption" not in finding.evidence
        and (
            finding.status is Status.FAIL
            or (finding.status is Status.UNKNOWN and finding.check == "sse_c_blocked" and silent)
        )
    )


def targets(
    facts: BucketFacts, failing: AbstractSet[str], wishes: Mandate, keys: Mapping[str, Fact[KmsKey]]
) -> Tuple[Target, ...]:
    """What must be read, right before planning, to repair the ``failing`` checks of a bucket."""
    aspects = sorted({REMEDIABLE[name] for name in failing}, key=lambda aspect: aspect.rank)
    found = [
        Target(aspect, facts.name, facts.region)
        for aspect in aspects
        if aspect not in (Aspect.KMS_KEY_ROTATION, Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK)
    ]
    if "kms_key_rotation" in wishes.checks and aspects:
        used = [facts.kms_key] if "kms_key_rotation" in failing else []
        wanted = list(keys.values()) if failing & encryption.KEY_CHECKS else []
        found += [_rotation(key) for key in (*used, *wanted) if isinstance(key, KmsKey) and key.arn]
    return tuple(dict.fromkeys(found))


def _rotation(key: KmsKey) -> Target:
    name = parse_key_name(key.arn)
    return Target(Aspect.KMS_KEY_ROTATION, key.arn, name.region if name else "")


# --- one bucket ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Draft:
    """How a target would be changed for some checks, and what speaks against it."""

    after: Document
    concerns: Sequence[Concern] = ()


class _Planner:
    """Collects the changes and refusals of one bucket."""

    def __init__(self, situation: Situation, wishes: Mandate) -> None:
        self.situation = situation
        self.wishes = wishes
        self.remediations: List[Remediation] = []
        self.refusals: List[Refusal] = []

    def plan(self, aspect: Aspect, asked: FrozenSet[str]) -> bool:
        """Plan the change of one aspect of the bucket; whether it is changed."""
        facts = self.situation.facts
        target = Target(aspect, facts.name, facts.region)
        before = self.situation.documents.get(target, NOT_ASKED)
        if isinstance(before, Unknown):
            return self.settle(target, asked, None, _Draft(None, [unread(aspect, before)]))
        draft = _DRAFTS[aspect](self.situation, before, asked, self.wishes.requirements)
        if aspect is Aspect.ENCRYPTION and self._refusing(draft.concerns):
            # Another key is refused; what has nothing to do with keys need not be.
            rest = asked - encryption.KEY_CHECKS
            if rest and rest != asked:
                self.settle(target, asked & encryption.KEY_CHECKS, before, draft)
                return self.plan(aspect, rest)
        return self.settle(target, asked, before, draft)

    def rotate(self, key: KmsKey) -> None:
        """Plan the rotation of a key."""
        target, asked = _rotation(key), frozenset(("kms_key_rotation",))
        before = self.situation.documents.get(target, NOT_ASKED)
        if isinstance(before, Unknown):
            self.settle(target, asked, None, _Draft(None, [unread(target.aspect, before)]))
            return
        after, concerns = settings.rotated(before, key, self.situation.facts.account)
        self.settle(target, asked, before, _Draft(after, concerns))

    def settle(self, target: Target, asked: FrozenSet[str], before: Document, draft: _Draft) -> bool:
        """Add the change, or the refusals of everybody who asked for it; whether it is changed."""
        checks = tuple(name for name in REMEDIABLE if name in asked)
        concerns = list(draft.concerns)
        if not concerns and identical(target.aspect, before, draft.after):
            return False  # somebody has repaired it meanwhile
        concerns = self._refusing([*concerns, *risks.managed_elsewhere(self.situation.facts)])
        bucket = self.situation.facts.name
        if concerns:
            self.refusals += [refusal(bucket, check, concern) for check in checks for concern in concerns]
            return False
        self.remediations.append(Remediation(target, bucket, before, draft.after, checks))
        return True

    def _refusing(self, concerns: Iterable[Concern]) -> List[Concern]:
        return refusing(concerns, self.wishes)


def remediations(situation: Situation, failing: AbstractSet[str], wishes: Mandate) -> Proposal:
    """The changes that repair the ``failing`` checks of a bucket, one for each aspect, and what is refused.

    What decides about a risk and could not be seen is a refusal, whatever is allowed.

    :param failing: from :func:`to_repair`; ``account_public_access_block`` is no affair of a bucket.
    """
    planner = _Planner(situation, wishes)
    aspects = sorted({REMEDIABLE[name] for name in failing}, key=lambda aspect: aspect.rank)
    new_key = False
    for aspect in aspects:
        if aspect in _DRAFTS:
            asked = frozenset(name for name in failing if REMEDIABLE[name] is aspect)
            changed = planner.plan(aspect, asked)
            if aspect is Aspect.ENCRYPTION and changed:
                last = planner.remediations[-1]
                new_key = encryption.changes_key(last.before, last.after)
    # A key that the bucket is only now given must be as required too, or the next run would find it wanting.
    if new_key or "kms_key_rotation" in failing:
        key = _new_key(planner.remediations, situation) if new_key else situation.facts.kms_key
        if "kms_key_rotation" in wishes.checks and isinstance(key, KmsKey) and key.rotatable and key.rotation is False:
            planner.rotate(key)
    return Proposal(tuple(planner.remediations), tuple(planner.refusals))


def _new_key(changes: Iterable[Remediation], situation: Situation) -> Fact[KmsKey]:
    arns = [encryption.key_of(change.after) for change in changes if change.target.aspect is Aspect.ENCRYPTION]
    for key in situation.keys.values():
        if isinstance(key, KmsKey) and key.arn in arns:
            return key
    return NOT_ASKED  # the AWS-managed key, which AWS rotates


def _encryption(situation: Situation, before: Document, asked: FrozenSet[str], requirements: Requirements) -> _Draft:
    facts = situation.facts
    after, concerns = encryption.repaired(before, asked, requirements, facts, situation.keys)
    if not concerns and encryption.changes_key(before, after):
        concerns = [*risks.public_use(facts, situation.account), *risks.foreign_use(facts)]
    return _Draft(after, concerns)


def _policy(situation: Situation, before: Document, asked: FrozenSet[str], requirements: Requirements) -> _Draft:
    facts = situation.facts
    oldest = requirements.min_tls if "tls_min_version" in asked else None

    def judged(text: Document) -> TlsJudgement:
        return judge_tls(text, facts.name, facts.partition, oldest, requirements.organization_policies)

    text = before
    try:
        if judged(text).denies_http is not True:
            text = policy_edit.with_denial(text, policy_edit.deny_plain_http(facts.partition, facts.name))
        if oldest and judged(text).denies_old_tls is not True:
            text = policy_edit.with_denial(text, policy_edit.deny_old_tls(facts.partition, facts.name, oldest))
        after = judged(text)
    except PolicyError as error:
        return _Draft(before, [Concern(Risk.UNREADABLE_POLICY, f"{error}: repair the policy by hand first")])
    if after.denies_http is not True or (oldest and after.denies_old_tls is not True):
        message = f"with our statement the policy would still not do ({after.message}): repair it by hand"
        return _Draft(before, [Concern(Risk.UNREADABLE_POLICY, message)])
    size = policy_edit.compact_size(text or "")
    if size > policy_edit.MAX_BYTES:
        message = f"the policy would have {size} bytes, and S3 takes {policy_edit.MAX_BYTES}: shorten it first"
        return _Draft(before, [Concern(Risk.POLICY_TOO_LARGE, message)])
    return _Draft(text, risks.website(facts, situation.account) if text != before else [])


def _ownership(situation: Situation, before: Document, asked: FrozenSet[str], requirements: Requirements) -> _Draft:
    facts = situation.facts
    return _Draft(settings.owned(before), [*risks.public_by_acl(facts, situation.account), *risks.acl_grants(facts)])


def _block(situation: Situation, before: Document, asked: FrozenSet[str], requirements: Requirements) -> _Draft:
    return _Draft(settings.all_blocked(before), risks.public_use(situation.facts, situation.account))


def _versioning(situation: Situation, before: Document, asked: FrozenSet[str], requirements: Requirements) -> _Draft:
    return _Draft(*settings.versioned(before))


def _logging(situation: Situation, before: Document, asked: FrozenSet[str], requirements: Requirements) -> _Draft:
    return _Draft(*settings.logged(before, situation.facts, situation.log_buckets, requirements.log_bucket))


def _lifecycle(situation: Situation, before: Document, asked: FrozenSet[str], requirements: Requirements) -> _Draft:
    return _Draft(settings.cleaned(before, requirements))


_DRAFTS: Mapping[Aspect, Callable[[Situation, Document, FrozenSet[str], Requirements], _Draft]] = {
    Aspect.POLICY: _policy,
    Aspect.ENCRYPTION: _encryption,
    Aspect.OWNERSHIP: _ownership,
    Aspect.VERSIONING: _versioning,
    Aspect.LIFECYCLE: _lifecycle,
    Aspect.LOGGING: _logging,
    Aspect.PUBLIC_ACCESS_BLOCK: _block,
}


def refusing(concerns: Iterable[Concern], wishes: Mandate) -> List[Concern]:
    """The concerns that are not allowed. Nobody can allow what nobody has seen."""
    return [concern for concern in concerns if concern.unseen or concern.risk not in wishes.allow_risk]


def unread(aspect: Aspect, fact: Unknown) -> Concern:
    """The concern that what is to be replaced could not be read."""
    return Concern(Risk.UNKNOWN, f"the {aspect.value} could not be read again ({fact.reason})", unseen=True)


def refusal(bucket: str, check: str, concern: Concern) -> Refusal:
    """The refusal for a concern, with the way out when there is one."""
    message = concern.message
    if concern.unseen:
        return Refusal(bucket, check, Risk.UNKNOWN, message)
    if concern.risk in ALLOWABLE:
        message = f"{message}; to do it all the same, add {concern.risk.value} to allow_risk"
    return Refusal(bucket, check, concern.risk, message)

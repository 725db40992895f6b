# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other configurations as they should be, each keeping what nobody asked to change."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from ..keyname import parse_key_name
from ..model import BucketFacts, KmsKey
from ..requirements import Requirements
from .documents import FLAGS, status_of
from .model import Concern, Document, Risk

ABORT_RULE_ID = "day2-abort-incomplete-multipart-uploads"

Repaired = Tuple[Document, List[Concern]]


def all_blocked(before: Document) -> Document:
    """A public access block with all four flags."""
    return {**(before or {}), **dict.fromkeys(FLAGS, True)}


def owned(before: Document) -> Document:
    """Object ownership with access control lists switched off."""
    rule = (before or {}).get("Rule")
    return {
        **(before or {}),
        "Rule": {**(rule if isinstance(rule, dict) else {}), "ObjectOwnership": "BucketOwnerEnforced"},
    }


def versioned(before: Document) -> Repaired:
    """Versioning, enabled. Under MFA delete nobody but the root user may change it, with the device at hand."""
    if (before or {}).get("MfaDelete") == "Enabled" and status_of(before) != "Enabled":
        text = "MFA delete is on: only the root user can enable versioning, with the MFA device"
        return before, [Concern(Risk.MFA_REQUIRED, text)]
    return {**(before or {}), "Status": "Enabled"}, []


def logged(before: Document, bucket: BucketFacts, log_buckets: Tuple[str, ...], wanted: str) -> Repaired:
    """Access logging to the one log bucket of the region; the prefix, and all else of an earlier target, stays.

    :param wanted: the requirement, a name or a glob.
    """
    if len(log_buckets) != 1:
        seen = f"several do: {', '.join(log_buckets[:3])}" if log_buckets else "none that can be seen does"
        text = f"S3 logs within an account and region only: in {bucket.region} one bucket must match {wanted}"
        return before, [Concern(Risk.NO_LOG_BUCKET, f"{text}, and {seen}")]
    target = {"TargetBucket": log_buckets[0], "TargetPrefix": f"{bucket.name}/"}
    enabled = (before or {}).get("LoggingEnabled")
    if isinstance(enabled, dict):
        target = {**enabled, "TargetBucket": log_buckets[0]}
    return {**(before or {}), "LoggingEnabled": target}, []


def cleaned(before: Document, requirements: Requirements) -> Document:
    """The lifecycle with a rule that aborts incomplete multipart uploads of the whole bucket.

    An earlier rule of ours that does it too late, or is switched off, is replaced; the others stay.
    """
    rules = list((before or {}).get("Rule", []))
    # S3 has two forms of rules and takes no mixture: with the prefix in the rule, or in its filter.
    old_form = any("Prefix" in rule for rule in rules)
    number = next((index for index, rule in enumerate(rules) if _is_ours(rule)), len(rules))
    rule_id = rules[number]["ID"] if number < len(rules) else _free_id(rules)
    rules[number : number + 1] = [_abort_rule(rule_id, requirements.abort_multipart_days, old_form)]
    return {**(before or {}), "Rule": rules}


def _abort_rule(rule_id: str, days: int, old_form: bool) -> Dict[str, Any]:
    where: Dict[str, Any] = {"Prefix": ""} if old_form else {"Filter": {"Prefix": ""}}
    return {
        "ID": rule_id,
        **where,
        "Status": "Enabled",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": days},
    }


def _is_ours(rule: Dict[str, Any]) -> bool:
    """Whether a rule has our ID and does nothing but what ours does, so that nothing is lost with it."""
    known = {"ID", "Prefix", "Filter", "Status", "AbortIncompleteMultipartUpload"}
    return str(rule.get("ID", "")).startswith(ABORT_RULE_ID) and set(rule) <= known


def _free_id(rules: List[Dict[str, Any]]) -> str:
    taken = {rule.get("ID") for rule in rules}
    free, number = ABORT_RULE_ID, 2
    while free in taken:
        free, number = f"{ABORT_RULE_ID}-{number}", number + 1
    return free


def rotated(before: Document, key: KmsKey, account: str) -> Repaired:
    """Automatic rotation of a key, switched on. KMS takes that for the primary of multi-Region keys only."""
    home = parse_key_name(key.arn)
    if key.primary:
        text = f"the KMS key {key.arn} is a replica: enable the rotation of its primary key {key.primary}"
        return before, [Concern(Risk.UNUSABLE_KEY, text)]
    if key.state != "Enabled":
        text = (
            f"the KMS key {key.arn} is in the state {key.state}: its rotation can be enabled in the state Enabled only"
        )
        return before, [Concern(Risk.UNUSABLE_KEY, text)]
    if home is None or home.account != account:
        text = f"the KMS key {key.arn} belongs to another account: its rotation must be enabled there"
        return before, [Concern(Risk.UNUSABLE_KEY, text)]
    return {"KeyRotationEnabled": True}, []

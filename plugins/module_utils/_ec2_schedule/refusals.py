# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS's refusals mean, in sentences that say what can be done."""

from __future__ import annotations

import re
from typing import Dict, Mapping

from .model import Kind, Resource

NOT_ALLOWED = frozenset(
    (
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "UnauthorizedOperation",
        "Client.UnauthorizedOperation",
    )
)
_PERMISSION = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)")
_MOST = 300  # characters of AWS's own words in a sentence
_BASE: Mapping[Kind, str] = {
    Kind.EC2: "instance",
    Kind.RDS: "database",
    Kind.CLUSTER: "database cluster",
    Kind.ASG: "Auto Scaling group",
    Kind.NODEGROUP: "node group",
}
_NEXT_RUN = "every run tries again until its schedule wants something else"

# {what}: the kind of resource; {type} and {zone}: its own; {action}: the API's name; {said}: AWS's words
_SENTENCES: Dict[str, str] = {
    "InsufficientInstanceCapacity": "AWS has no more capacity for {type} in {zone} now; " + _NEXT_RUN,
    "InsufficientCapacity": "AWS has no more capacity for {type} in {zone} now; " + _NEXT_RUN,
    "InsufficientHostCapacity": "its dedicated host has no more room for {type}; " + _NEXT_RUN,
    "InsufficientReservedInstanceCapacity": "the reserved capacity for {type} in {zone} is used up; " + _NEXT_RUN,
    "InsufficientDBInstanceCapacity": "AWS has no more capacity for {type} now; " + _NEXT_RUN,
    "InsufficientDBInstanceCapacityFault": "AWS has no more capacity for {type} now; " + _NEXT_RUN,
    "InsufficientDBClusterCapacityFault": "AWS has no more capacity for this cluster now; " + _NEXT_RUN,
    "Unsupported": "AWS does not offer {type} in {zone} at present: {said}",
    "VcpuLimitExceeded": "the account's limit of vCPUs that may run in the region is reached (Service Quotas, EC2); "
    + _NEXT_RUN,
    "InstanceLimitExceeded": "the account's limit of running instances in the region is reached (Service Quotas, EC2); "
    + _NEXT_RUN,
    "MaxIOPSLimitExceeded": "the account's limit of provisioned IOPS in the region is reached; " + _NEXT_RUN,
    "InvalidInstanceID.NotFound": "it does not exist any more",
    "InvalidInstanceID.Malformed": "AWS does not know an id of that form",
    "DBInstanceNotFound": "it does not exist any more",
    "DBInstanceNotFoundFault": "it does not exist any more",
    "DBClusterNotFoundFault": "it does not exist any more",
    "ResourceNotFoundException": "it, or its cluster, does not exist any more",
    "IncorrectInstanceState": "its state does not allow it, and somebody else changed it meanwhile: {said}",
    "IncorrectState": "its state does not allow it: {said}",
    "InvalidDBInstanceState": "its state does not allow it: {said}",
    "InvalidDBInstanceStateFault": "its state does not allow it: {said}",
    "InvalidDBClusterStateFault": "its state does not allow it: {said}",
    "InvalidDBClusterStateFaultException": "its state does not allow it: {said}",
    "ResourceInUseException": "another update of it is under way; the next run tries again",
    "ResourceInUse": "another change of it is under way; the next run tries again",
    "ScalingActivityInProgress": "it is scaling at the moment; the next run tries again",
    "OperationNotPermitted": "it is protected against being stopped (disableApiStop), or managed by another service: {said}",
    "UnsupportedOperation": "EC2 does not do this with such an instance: {said}",
    "UnsupportedHibernationConfiguration": "it cannot be hibernated: hibernation must be switched on when an instance is"
    " launched, with an encrypted root volume that has room for its memory ({said})",
    "OptInRequired": "the account is not signed up for this service, or its region is not switched on: {said}",
    "PendingVerification": "AWS is still verifying the account for this region; try again later",
    "ExpiredToken": "the credentials have expired during the run, and there are no new ones: use some that live longer, or a role"
    " (assume_role_arn), which is renewed by itself: {said}",
    "Blocked": "AWS has blocked the account: {said}",
    "KMSKeyNotAccessibleFault": "the KMS key of its storage cannot be used: it is disabled, or the caller lacks"
    " kms:CreateGrant on it",
    "KMSKeyNotAccessible": "the KMS key of its storage cannot be used: it is disabled, or the caller lacks"
    " kms:CreateGrant on it",
    "TagLimitExceeded": "it carries as many tags as AWS allows: remove one",
    "EndpointUnavailable": "AWS did not answer: {said}",
}
_THROTTLED = frozenset(("RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException"))


def explain(resource: Resource, action: str, code: str, message: str, status: int = 400) -> str:
    """Why AWS would not do it, for people; the code stands in it for those who search.

    :param action: the API's name: ``ec2:StopInstances``.
    :param status: of HTTP; 0 when there was no answer.
    """
    said = _clipped(message) or code
    what = _BASE[resource.kind]
    if code in NOT_ALLOWED:
        named = _PERMISSION.search(message)
        missing = named[1] if named is not None else action
        sentence = f"the permission {missing} is missing for this {what}"
        more = f": {said}" if message and "Encoded authorization" not in message else ""
        return f"{sentence} ({code}{more})"
    if code in _THROTTLED:
        return f"AWS throttles {action} and did so to the last attempt ({code}); the next run tries again"
    known = _SENTENCES.get(code)
    if known is None:
        return f"{action}: {code}: {said}" if status else f"{action} was not answered ({code}): {said}"
    text = known.format(type=resource.type or "it", zone=resource.zone or "its zone", said=said)
    return f"{text} ({code})"


# AWS's reason for the state of an instance that was started and did not stay up. A code may be the beginning of longer ones.
_REASONS: Dict[str, str] = {
    "Client.InternalError": "the usual cause is a volume that is encrypted with a KMS key which the caller may not use:"
    " who starts {id} needs kms:CreateGrant on that key (and kms:Decrypt, kms:DescribeKey, kms:GenerateDataKeyWithoutPlaintext,"
    " kms:ReEncrypt*)",
    "Client.InvalidKMSKey": "the KMS key of one of its volumes is disabled, deleted or out of reach, or who starts {id} lacks"
    " kms:CreateGrant on it",
    "Client.UserInitiatedShutdown": "somebody has stopped it meanwhile",
    "Client.InstanceInitiatedShutdown": "it has shut itself down from within",
    "Client.VolumeLimitExceeded": "the account's limit of volumes is reached",
    "Client.InvalidSnapshot.NotFound": "a snapshot that it needs does not exist",
    "Server.InsufficientInstanceCapacity": "AWS has no more capacity for {type} in {zone} now; " + _NEXT_RUN,
    "Server.InternalError": "AWS had a fault of its own; the next run tries again",
    "Server.ScheduledStop": "AWS has a stop of it in its own schedule of maintenance",
}


def explain_fall_back(seen: Resource) -> str:
    """Why an instance that was started stands still, by the reason that AWS gives for it."""
    reason = _clipped(seen.why)
    begin = f"it was started and is {seen.aws_state or seen.state.value} again"
    for code, sentence in _REASONS.items():
        if reason.startswith(code):
            where = sentence.format(id=seen.id, type=seen.type or "it", zone=seen.zone or "its zone")
            return f"{begin}: {where} (AWS says: {reason})"
    return f"{begin} (AWS says: {reason})" if reason else f"{begin}, and AWS does not say why"


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST else f"{line[: _MOST - 1]}…"

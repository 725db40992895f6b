# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole audits, as the module runs them but in this process, against a server on loopback.

As a process of its own, to be killed::

    python -m ansible_collections.day2.ops.tests.support.auditing '{"endpoint_url": …}'
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any, Dict, List, Mapping, Optional

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.day2.ops.plugins.module_utils._common.argspec import ArgumentSpec
from ansible_collections.day2.ops.plugins.module_utils._common.job import Clock, Job, Outcome
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.arguments import AUDIT, REPORTING
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.audit import audit
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.consolidate import consolidate
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.restore import restore

from .aws import documents
from .aws.account import REGIONS
from .aws.store import ACCESS_KEY, SECRET_KEY, Bucket, Store
from .collecting import REGION, RealClock
from .facts import tls_policy

_AWS = ArgumentSpec(
    arguments={
        "access_key": {"type": "str"},
        "secret_key": {"type": "str", "no_log": True},
        "session_token": {"type": "str", "no_log": True},
        "profile": {"type": "str"},
        "region": {"type": "str"},
        "endpoint_url": {"type": "str"},
        "validate_certs": {"type": "bool", "default": True},
        "aws_ca_bundle": {"type": "path"},
        "aws_config": {"type": "dict"},
        "state": {"type": "str", "default": "audited"},
        "revert_from": {"type": "str"},
    }
)
MERGE = ArgumentSpec(
    arguments={
        "slices": {"type": "str", "required": True},
        "run_id": {"type": "str", "required": True},
        "not_before": {"type": "str"},
        "expected_accounts": {"type": "list", "elements": "str", "default": []},
        "organization": {"type": "bool", "default": False},
    }
).merge(REPORTING)
_HERE = {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "region": REGION}


_KEPT = "<ID>tidy</ID><Filter><Prefix/></Filter><Status>Enabled</Status>"
_ABORT = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>"


def good(store: Store, name: str, region: str = REGION, **tags: str) -> Bucket:
    """A bucket that passes what needs no KMS."""
    bucket = store.add(name, region)
    bucket.put("encryption", documents.encryption("AES256", blocked=("SSE-C",)))
    bucket.put("policy", tls_policy(name).encode())
    bucket.put("versioning", documents.versioning("Enabled"))
    bucket.put("lifecycle", documents.lifecycle(_KEPT + _ABORT))
    return bucket.put("tagging", documents.tagging(tags)) if tags else bucket


def seeded(store: Store, count: int) -> None:
    """Buckets ``b-0`` and so on, in three regions, all good."""
    for number in range(count):
        good(store, f"b-{number}", REGIONS[number % len(REGIONS)])


class NoWait(random.Random):
    """Chance of which the jitter of retries makes no wait at all; everything else is as random as ever."""

    def random(self) -> float:
        """Always the least."""
        return 0.0

    def getrandbits(self, bits: int) -> int:
        """As ever: sampling is built on it."""
        return super().getrandbits(bits)


def options(given: Mapping[str, Any], spec: ArgumentSpec = AUDIT) -> Dict[str, Any]:
    """The options of a task, with the defaults that ansible-core fills in.

    :raises ValueError: for what ansible-core would refuse.
    """
    validator = ArgumentSpecValidator(spec.merge(_AWS).to_kwargs()["argument_spec"])
    found = validator.validate({**_HERE, **given})
    if found.error_messages:
        raise ValueError("; ".join(found.error_messages))
    return dict(found.validated_parameters)


def job(
    given: Mapping[str, Any],
    *,
    check_mode: bool = False,
    clock: Optional[Clock] = None,
    warnings: Optional[List[str]] = None,
    spec: ArgumentSpec = AUDIT,
) -> Job:
    """A task; retries do not wait."""
    warn = (warnings if warnings is not None else []).append
    return Job(options(given, spec), check_mode, clock or RealClock(), NoWait(5), warn)


def audited(url: str, *, check_mode: bool = False, clock: Optional[Clock] = None, **given: Any) -> Outcome:
    """What a task with these options comes to."""
    task = job({"endpoint_url": url, **given}, check_mode=check_mode, clock=clock)
    return restore(task) if task.options["state"] == "reverted" else audit(task)


def merged(url: str, **given: Any) -> Outcome:
    """What a task that merges slices comes to."""
    return consolidate(job({"endpoint_url": url, **given}, spec=MERGE))


def main(given: str) -> None:
    """Run an audit and print its result."""
    outcome = audited(**json.loads(given))
    sys.stdout.write(json.dumps({"result": outcome.result, "failure": outcome.failure}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])

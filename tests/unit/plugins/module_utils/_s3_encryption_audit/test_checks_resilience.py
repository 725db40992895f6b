# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.catalog import BY_ID
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.model import (
    LifecycleRule,
    Logging,
    ObjectLock,
    Versioning,
)
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.requirements import parse_requirements
from ansible_collections.day2.ops.tests.support.facts import DENIED, GOOD, GOOD_ACCOUNT

WANTED = "required: a rule for the whole bucket that aborts incomplete multipart uploads within 7 days"


def rule(enabled=True, whole=True, days=None):
    return LifecycleRule("r", enabled, whole, days)


@pytest.mark.parametrize(
    "check, changes, policy, status, message",
    [
        ("versioning", {"versioning": Versioning("Enabled")}, {}, "pass", "versioning is Enabled"),
        ("versioning", {"versioning": Versioning("Suspended")}, {}, "fail",
         "versioning is Suspended; required: Enabled"),
        ("versioning", {"versioning": Versioning()}, {}, "fail", "versioning is not enabled; required: Enabled"),
        ("versioning", {"versioning": DENIED}, {}, "unknown", "versioning could not be seen: s3:Get: AccessDenied"),
        ("mfa_delete", {"versioning": Versioning("Enabled", True)}, {}, "pass", "MFA delete is on"),
        ("mfa_delete", {"versioning": Versioning("Enabled")}, {}, "fail", "MFA delete is off; required: on"),
        ("mfa_delete", {"versioning": Versioning("Suspended", True)}, {}, "fail",
         "versioning is Suspended; required: Enabled, with MFA delete"),
        ("mfa_delete", {"versioning": DENIED}, {}, "unknown", "MFA delete could not be seen: s3:Get: AccessDenied"),
        ("access_logging", {"logging": Logging("logs")}, {}, "pass", "access is logged to logs"),
        ("access_logging", {"logging": None}, {}, "fail", "access is not logged; required: to another bucket"),
        ("access_logging", {"logging": Logging("good")}, {}, "fail",
         "access is logged into the bucket itself; required: to another bucket"),
        ("access_logging", {"logging": Logging("logs-eu")}, {"log_bucket": "logs-*"}, "pass",
         "access is logged to logs-eu"),
        ("access_logging", {"logging": Logging("other")}, {"log_bucket": "logs-*"}, "fail",
         "access is logged to other; required: to logs-*"),
        ("access_logging", {"logging": None}, {"log_bucket": "logs-*"}, "fail",
         "access is not logged; required: to logs-*"),
        ("access_logging", {"logging": None}, {"log_bucket": "go*"}, "pass",
         "not applicable: the bucket is itself a place for access logs"),
        ("access_logging", {"logging": DENIED}, {}, "unknown",
         "access logging could not be seen: s3:Get: AccessDenied"),
        ("object_lock", {"object_lock": None}, {}, "fail", "Object Lock is off; required: on"),
        ("object_lock", {"object_lock": ObjectLock()}, {}, "pass", "Object Lock is on, without default retention"),
        ("object_lock", {"object_lock": ObjectLock("GOVERNANCE", 0, 2)}, {"object_lock_days": 730}, "pass",
         "Object Lock is on, with GOVERNANCE retention of 730 days"),
        ("object_lock", {"object_lock": ObjectLock("GOVERNANCE", 29)}, {"object_lock_days": 30}, "fail",
         "Object Lock is on, with GOVERNANCE retention of 29 days; required: default retention of 30 days or more"),
        ("object_lock", {"object_lock": ObjectLock("COMPLIANCE", 30)},
         {"object_lock_mode": "GOVERNANCE", "object_lock_days": 30}, "pass",
         "Object Lock is on, with COMPLIANCE retention of 30 days"),
        ("object_lock", {"object_lock": ObjectLock("GOVERNANCE", 99)}, {"object_lock_mode": "COMPLIANCE"}, "fail",
         "Object Lock is on, with GOVERNANCE retention of 99 days; required: COMPLIANCE default retention"),
        ("object_lock", {"object_lock": ObjectLock()}, {"object_lock_mode": "GOVERNANCE"}, "fail",
         "Object Lock is on, without default retention; required: GOVERNANCE default retention"),
        ("object_lock", {"object_lock": None}, {"object_lock_days": 30}, "fail",
         "Object Lock is off; required: default retention of 30 days or more"),
        ("object_lock", {"object_lock": DENIED}, {}, "unknown", "Object Lock could not be seen: s3:Get: AccessDenied"),
        ("lifecycle", {"lifecycle": (rule(days=7),)}, {}, "pass",
         "incomplete multipart uploads are aborted after 7 days"),
        ("lifecycle", {"lifecycle": (rule(days=30), rule(days=3))}, {}, "pass",
         "incomplete multipart uploads are aborted after 3 days"),
        ("lifecycle", {"lifecycle": (rule(days=8),)}, {}, "fail",
         f"incomplete multipart uploads are aborted after 8 days; {WANTED}"),
        ("lifecycle", {"lifecycle": (rule(days=8),)}, {"abort_multipart_days": 8}, "pass",
         "incomplete multipart uploads are aborted after 8 days"),
        ("lifecycle", {"lifecycle": (rule(),)}, {}, "fail",
         f"no rule aborts incomplete multipart uploads of the whole bucket; {WANTED}"),
        ("lifecycle", {"lifecycle": (rule(enabled=False, days=1), rule(whole=False, days=1))}, {}, "fail",
         f"none of the 2 lifecycle rules is enabled for the whole bucket; {WANTED}"),
        ("lifecycle", {"lifecycle": ()}, {}, "fail", f"there are no lifecycle rules; {WANTED}"),
        ("lifecycle", {"lifecycle": DENIED}, {}, "unknown",
         "the lifecycle rules could not be seen: s3:Get: AccessDenied"),
    ],
)  # fmt: skip
def test_resilience(check, changes, policy, status, message):
    verdict = BY_ID[check].decide(replace(GOOD, **changes), GOOD_ACCOUNT, parse_requirements(policy))
    assert (verdict.status.value, verdict.message) == (status, message)

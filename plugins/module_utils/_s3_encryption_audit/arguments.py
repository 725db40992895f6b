# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The arguments that an audit and the merge of audits have in common, and those of the audit."""

from __future__ import annotations

from .._common.argspec import ArgumentSpec
from .._common.verdict import Severity
from .._report.formats import FORMATS
from .remediate.model import ALLOWABLE
from .summary import FAIL_ON

REPORTING = ArgumentSpec(
    arguments={
        "reports": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "path": {"type": "str", "required": True},
                "format": {"type": "str", "choices": list(FORMATS)},
            },
        },
        "max_returned": {"type": "int", "default": 200},
        "compare_to": {"type": "str"},
        "fail_on": {"type": "str", "choices": list(FAIL_ON), "default": "never"},
        "max_unknown_percent": {"type": "float"},
        "assume_role_arn": {"type": "str"},
        "external_id": {"type": "str"},
        "role_session_name": {"type": "str", "default": "day2-ops-s3-encryption-audit"},
        "concurrency": {"type": "int", "default": 64},
    }
)

POLICY = {
    "algorithm": {"type": "raw"},
    "kms_keys": {"type": "list", "elements": "str", "no_log": False},
    "customer_managed": {"type": "bool"},
    "bucket_key": {"type": "bool", "no_log": False},
    "sse_c_blocked": {"type": "bool"},
    "min_tls": {"type": "str"},
    "log_bucket": {"type": "str"},
    "abort_multipart_days": {"type": "int"},
    "object_lock_mode": {"type": "str"},
    "object_lock_days": {"type": "int"},
    "organization_policies": {"type": "list", "elements": "raw"},
}

AUDIT = REPORTING.merge(
    ArgumentSpec(
        arguments={
            "buckets": {"type": "list", "elements": "str", "default": []},
            "exclude_buckets": {"type": "list", "elements": "str", "default": []},
            "regions": {"type": "list", "elements": "str", "default": []},
            "tags": {"type": "dict", "default": {}},
            "checks": {"type": "list", "elements": "str", "default": []},
            "check_profile": {"type": "str", "default": "baseline"},
            "policy": {"type": "dict", "default": {}, "options": POLICY},
            "exemptions": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "bucket": {"type": "str", "required": True},
                    "check": {"type": "list", "elements": "str", "required": True},
                    "reason": {"type": "str", "required": True},
                    "owner": {"type": "str", "required": True},
                    "expires": {"type": "str"},
                },
            },
            "custom_checks": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "name": {"type": "str", "required": True},
                    "severity": {
                        "type": "str",
                        "choices": [severity.value for severity in Severity],
                        "default": "medium",
                    },
                    "expression": {"type": "str", "required": True},
                    "failure_message": {"type": "str"},
                    "remediation": {"type": "str"},
                },
            },
            "sample_objects": {"type": "int", "default": 0},
            "inventory": {"type": "str"},
            "inventory_max_age_days": {"type": "int", "default": 8},
            "remediate": {"type": "list", "elements": "str", "default": []},
            "max_remediations": {"type": "str", "default": "10"},
            "allow_risk": {
                "type": "list",
                "elements": "str",
                "choices": [risk.value for risk in ALLOWABLE],
                "default": [],
            },
            "backup_dir": {"type": "str"},
            "run_id": {"type": "str"},
            "progress_file": {"type": "path"},
        },
    )
)

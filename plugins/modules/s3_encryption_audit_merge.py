#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: s3_encryption_audit_merge
short_description: Merge the S3 audits of many accounts into one report
version_added: "0.1.0"
author:
  - day2.ops contributors (@day2-ops)
description:
  - Reads the JSON Lines reports (slices) that M(day2.ops.s3_encryption_audit) left for each account of a run, and makes
    one result and one set of reports of them.
  - Every expected account is accounted for. One without a slice, or whose slice was cut short or is of an earlier run,
    is C(unknown) in the check C(account_audited), never missing in silence.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - day2.ops._attributes
  - day2.ops._attributes.actiongroup_aws
attributes:
  check_mode:
    support: full
    details:
      - Reports are written in check mode too.
  diff_mode:
    support: none
    details:
      - Nothing is changed.
  idempotent:
    support: full
requirements:
  - python >= 3.9
options:
  slices:
    description:
      - Directory or C(s3://bucket/prefix) under which the slices of the run lie, as C(<run_id>/<account>.jsonl).
    type: str
    required: true
  run_id:
    description: Name of the run whose slices are merged. A slice that says to be of another run is refused.
    type: str
    required: true
  not_before:
    description:
      - When the run began, as an ISO 8601 time such as V(2027-03-31T18:00:00Z). A slice whose audit began before it is
        of an earlier run of the same name, and is refused.
      - Not given, it is 12 hours before the merge.
    type: str
  expected_accounts:
    description: Ids of the accounts that must be there.
    type: list
    elements: str
    default: []
  organization:
    description:
      - Also expect every active account that AWS Organizations lists. The credentials need C(organizations:ListAccounts).
    type: bool
    default: false
  reports:
    description: Reports to write, with every finding of every account.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Local path or C(s3://bucket/key). C({run_id}) and C({date}) are filled in.
        type: str
        required: true
      format:
        description: Format of the report. Taken from the path's ending when not given.
        type: str
        choices: [json, jsonl, csv, sarif, ocsf, junit, markdown, html]
  max_returned:
    description: The most findings that the task itself returns, worst first.
    type: int
    default: 200
  compare_to:
    description: An earlier merged JSON or JSON Lines report, as a local path or C(s3://bucket/key).
    type: str
  fail_on:
    description:
      - Fail the task, after the reports and with the full result, when a finding of this severity or worse fails.
        V(unknown) fails on anything that fails, and on anything that could not be judged, so also on a missing account.
    type: str
    choices: [never, low, medium, high, critical, unknown]
    default: never
  max_unknown_percent:
    description: Fail the task when more than this share of the findings is C(unknown).
    type: float
  assume_role_arn:
    description: Role to assume before anything else.
    type: str
  external_id:
    description: External id for O(assume_role_arn).
    type: str
  role_session_name:
    description: Name of the session of O(assume_role_arn), as CloudTrail will show it.
    type: str
    default: day2-ops-s3-encryption-audit
  concurrency:
    description: How many API calls may be in flight at once.
    type: int
    default: 64
seealso:
  - module: day2.ops.s3_encryption_audit
"""

EXAMPLES = r"""
- name: Merge what the accounts left, and miss none of them
  day2.ops.s3_encryption_audit_merge:
    slices: slices
    run_id: nightly
    expected_accounts: ["111111111111", "222222222222"]
    reports:
      - path: organisation.html
"""

RETURN = r"""
schema:
  description: Name and version of this result's shape.
  type: str
  returned: success
  sample: day2.ops/s3_encryption_audit/1
status:
  description: V(critical), V(warning), V(unknown) or V(ok), as for one account.
  type: str
  returned: success
summary:
  description: Counts over all accounts and one sentence, as for one account.
  type: dict
  returned: success
findings:
  description: What does not pass, worst first, at most O(max_returned); as for one account.
  type: list
  elements: dict
  returned: success
truncated:
  description: How many findings that do not pass were left out of RV(findings).
  type: int
  returned: success
accounts:
  description: The accounts whose slices were whole.
  type: list
  elements: str
  returned: success
problems:
  description: Slices that could not be read or used, and why.
  type: list
  elements: str
  returned: success
reports:
  description: Where the reports were written.
  type: list
  elements: dict
  returned: success
api_calls:
  description: How many requests were made, by action.
  type: dict
  returned: success
run_id:
  description: Name of the run.
  type: str
  returned: success
duration_seconds:
  description: How long it took.
  type: float
  returned: success
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._common.argspec import ArgumentSpec
from ..module_utils._common.run import run
from ..module_utils._s3_encryption_audit.arguments import REPORTING
from ..module_utils._s3_encryption_audit.consolidate import consolidate

SPEC = ArgumentSpec(
    arguments={
        "slices": {"type": "str", "required": True},
        "run_id": {"type": "str", "required": True},
        "not_before": {"type": "str"},
        "expected_accounts": {"type": "list", "elements": "str", "default": []},
        "organization": {"type": "bool", "default": False},
    }
).merge(REPORTING)


def main() -> None:
    """Run the module."""
    run(SPEC, consolidate, AnsibleAWSModule)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: s3_encryption_audit
short_description: Audit and harden the encryption and exposure of every S3 bucket of an account
version_added: "0.1.0"
author:
  - day2.ops contributors (@day2-ops)
description:
  - Judges every S3 bucket of an account - encryption at rest, encryption in transit, and exposure - and on request
    repairs what fails.
  - A verdict is C(pass), C(fail), C(unknown) or C(exempt). What could not be looked at (access denied, a time-out, a
    bucket deleted meanwhile) is C(unknown) with its reason, never a pass and never missing.
  - Makes only the API calls that the chosen checks need, many at a time, over kept-alive connections.
  - Bucket policies are evaluated, not searched for text. A bucket passes C(tls_only) when every plain-HTTP
    request to it and to its objects is denied, however the policy says so.
  - Without O(remediate) nothing is ever changed.
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
      - Reports are written in check mode too, and are marked as such; nothing in AWS is changed.
      - RV(findings) and reports say how things are, and RV(status), O(fail_on) and O(max_unknown_percent) go by how they
        would be after the planned repairs, so that the task fails in check mode when the real run would.
  diff_mode:
    support: full
    details:
      - A diff has at most 262144 characters. Changes that are too long for what is left of them are counted, not shown.
  idempotent:
    support: full
requirements:
  - python >= 3.9
options:
  state:
    description:
      - V(audited) judges the buckets, and repairs what O(remediate) names.
      - V(reverted) puts back what an earlier run replaced; see O(revert_from). Nothing is judged then, and O(reports),
        O(compare_to) and O(fail_on) have no effect; the module warns when they are given.
    type: str
    choices: [audited, reverted]
    default: audited
  buckets:
    description:
      - Names or globs (C(*), C(?), C([a-z])) of the buckets to audit. Empty means all.
      - A name without a wildcard that does not exist is reported as C(unknown). So is, as C(buckets_selected), that not one
        bucket matches O(buckets), O(regions) and O(tags) together, since most likely one of them is misspelled. An account
        without buckets is fine when none of the three is given.
    type: list
    elements: str
    default: []
  exclude_buckets:
    description: Names or globs of buckets to leave out.
    type: list
    elements: str
    default: []
  regions:
    description: Audit only buckets in these regions. Empty means all.
    type: list
    elements: str
    default: []
  tags:
    description:
      - Audit only buckets that carry all of these tags; a value may be a glob.
      - Costs one API call per bucket.
    type: dict
    default: {}
  checks:
    description:
      - The checks to make, by id. Overrides O(check_profile). The guide lists all checks with their rationale.
      - Custom checks are made too, unless some of them are named here.
    type: list
    elements: str
    default: []
  check_profile:
    description:
      - A named set of checks - V(baseline), V(strict), or the id of a framework such as V(cis-5.0) or V(pci-dss-4.0.1).
    type: str
    default: baseline
  policy:
    description: What the checks require. A key that is not given takes the default of the chosen profile.
    type: dict
    default: {}
    suboptions:
      algorithm:
        description:
          - Default encryption that is acceptable - V(AES256) (SSE-S3), V(aws:kms) (SSE-KMS) or V(aws:kms:dsse) (DSSE-KMS).
          - One name is the least acceptable one, so that V(aws:kms) accepts DSSE-KMS too. A list is exact.
        type: raw
      kms_keys:
        description: The default encryption must use one of these keys, each a key id, key ARN, C(alias/name) or alias ARN.
        type: list
        elements: str
      customer_managed:
        description: Whether the key must be customer-managed. AWS-managed keys are then not acceptable.
        type: bool
      bucket_key:
        description: Whether S3 Bucket Keys must be on (fewer calls of KMS) or off (each use of the key in CloudTrail).
        type: bool
      sse_c_blocked:
        description: Whether uploads with customer-provided keys (SSE-C) must be blocked.
        type: bool
      min_tls:
        description: The oldest acceptable version of TLS, V(1.2) or V(1.3).
        type: str
      log_bucket:
        description:
          - Name or glob of the bucket that access logs must go to. Repairing C(access_logging) needs a name.
        type: str
      abort_multipart_days:
        description: Incomplete multipart uploads must be removed after at most this many days.
        type: int
      object_lock_mode:
        description: The least default retention mode of Object Lock, V(GOVERNANCE) or V(COMPLIANCE).
        type: str
      object_lock_days:
        description: The least default retention of Object Lock, in days.
        type: int
      organization_policies:
        description: Resource control policies (JSON) of the organisation that apply to the account; they count as well.
        type: list
        elements: raw
  exemptions:
    description:
      - Findings that are accepted, each with a reason and an owner. The finding stays in the result as C(exempt), with
        the verdict it would have had; C(unknown) stays C(unknown).
    type: list
    elements: dict
    default: []
    suboptions:
      bucket:
        description: Name or glob of the buckets.
        type: str
        required: true
      check:
        description: Ids of the checks, or V(*) for all of them.
        type: list
        elements: str
        required: true
      reason:
        description: Why this is accepted.
        type: str
        required: true
      owner:
        description: Who answers for it.
        type: str
        required: true
      expires:
        description:
          - The last day, as an ISO 8601 date, on which the exemption holds. After it, the exemption is itself a finding.
        type: str
  custom_checks:
    description:
      - Checks of your own over the facts that are collected per bucket. The guide lists the columns.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Id of the check in findings and reports.
        type: str
        required: true
      severity:
        description: How much a failing bucket matters.
        type: str
        choices: [low, medium, high, critical]
        default: medium
      expression:
        description:
          - A bucket passes when this is true, for example V(tags.env == 'prod' and versioning.status == 'Enabled').
          - An expression that needs a fact that could not be had is C(unknown).
        type: str
        required: true
      failure_message:
        description: What to say of a bucket that fails.
        type: str
      remediation:
        description: What to do about it.
        type: str
  sample_objects:
    description:
      - For the check V(object_encryption), how many objects per bucket to ask for their encryption.
      - A clean sample is C(unknown), since it proves nothing of the others; one bad object fails the bucket.
    type: int
    default: 0
  inventory:
    description:
      - For the check V(object_encryption), where S3 Inventory reports (CSV, with the field C(EncryptionStatus)) are
        delivered. C({bucket}), C({region}) and C({account}) stand for those of the audited bucket, for example
        V(s3://acme-inventory-{region}/{bucket}/daily).
    type: str
  inventory_max_age_days:
    description: An inventory report older than this proves nothing any more.
    type: int
    default: 8
  remediate:
    description:
      - Ids of the checks whose failures are to be repaired. Nothing is repaired by default.
      - The whole plan is made first, and what it replaces is saved in O(backup_dir) before the first change.
    type: list
    elements: str
    default: []
  max_remediations:
    description:
      - The largest number of changes, or the largest percentage of the audited buckets with a C(%) sign, that a run
        may make. A larger plan is not applied at all.
      - Holds for O(state=reverted) as well; a percentage is then one of the buckets that the earlier run audited.
    type: str
    default: "10"
  allow_risk:
    description:
      - Repairs that may break somebody are refused unless their risk is named here. What nobody could see, for example
        the tags of a bucket, cannot be allowed.
      - V(public_website) - the bucket serves a website or is public, and the repair ends that.
      - V(log_delivery) - AWS services deliver logs to the bucket, and may no longer be able to.
      - V(cross_account_readers) - other accounts read the bucket, and may not be able to use the key.
      - V(managed_elsewhere) - the bucket's tags say that CloudFormation, Terraform or a similar tool owns it.
    type: list
    elements: str
    choices: [public_website, log_delivery, cross_account_readers, managed_elsewhere]
    default: []
  backup_dir:
    description:
      - Directory, or C(s3://bucket/prefix), where what a repair replaces is saved, one file per run.
      - Required when O(remediate) is used, and checked to be writable before the audit starts.
    type: str
  revert_from:
    description:
      - The file (or C(s3://) place) that an earlier run saved in O(backup_dir). Required when O(state=reverted).
      - What was changed by somebody else since is left alone and named.
    type: str
  assume_role_arn:
    description: Role to assume before anything else, renewed before it expires.
    type: str
  external_id:
    description: External id for O(assume_role_arn).
    type: str
  role_session_name:
    description: Name of the session of O(assume_role_arn), as CloudTrail will show it.
    type: str
    default: day2-ops-s3-encryption-audit
  concurrency:
    description: How many API calls may be in flight at once. Fewer are used while AWS throttles.
    type: int
    default: 64
  reports:
    description:
      - Reports to write, with every finding. They are no part of C(changed).
      - All are checked to be writable before the audit starts.
      - One in JSON Lines is begun then, so that its place never has an earlier run's report that could be taken for that
        of a run that failed. The one that is O(compare_to) stays until the new one replaces it.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description:
          - Local path or C(s3://bucket/key). C({account}), C({run_id}) and C({date}) are filled in.
        type: str
        required: true
      format:
        description: Format of the report. Taken from the path's ending when not given.
        type: str
        choices: [json, jsonl, csv, sarif, ocsf, junit, markdown, html]
  run_id:
    description: Name of this run in reports and backups. Made from the time when not given.
    type: str
  max_returned:
    description:
      - The most findings that the task itself returns, worst first. Those that pass are never returned. As many changes
        and refusals are returned at most.
      - RV(truncated), RV(truncated_changes) and RV(truncated_refusals) count what was left out; the reports have all
        findings.
    type: int
    default: 200
  compare_to:
    description:
      - An earlier JSON or JSON Lines report, as a local path or C(s3://bucket/key). Findings are then marked as new,
        fixed or still open.
    type: str
  fail_on:
    description:
      - Fail the task, after all changes and reports and with the full result, when a finding of this severity or worse
        fails. V(unknown) fails on anything that fails, however little it matters, and on anything that could not be judged.
    type: str
    choices: [never, low, medium, high, critical, unknown]
    default: never
  max_unknown_percent:
    description: Fail the task when more than this share of the findings is C(unknown).
    type: float
  progress_file:
    description:
      - Where the module leaves word of its progress. Set by the collection's action plugin, which shows it.
    type: path
seealso:
  - module: amazon.aws.s3_bucket
  - module: amazon.aws.s3_bucket_info
  - module: day2.ops.s3_encryption_audit_merge
"""

EXAMPLES = r"""
- name: Audit every bucket of the account
  day2.ops.s3_encryption_audit:
    reports:
      - path: s3-audit.html
      - path: s3-audit.sarif
  register: audit

- name: Hold production to a framework, and fail the job on anything serious
  day2.ops.s3_encryption_audit:
    tags:
      env: prod
    check_profile: cis-5.0
    fail_on: high

- name: Require customer-managed keys, with one accepted exception
  day2.ops.s3_encryption_audit:
    checks: [default_encryption, encryption_algorithm, kms_key, kms_key_state, tls_only]
    policy:
      algorithm: aws:kms
      customer_managed: true
      min_tls: "1.2"
    exemptions:
      - bucket: acme-public-*
        check: encryption_algorithm
        reason: Public downloads; KMS would add cost and no secrecy.
        owner: web-team
        expires: "2030-06-30"

- name: A rule of our own
  day2.ops.s3_encryption_audit:
    checks: [tls_only]
    custom_checks:
      - name: prod_is_versioned
        severity: high
        expression: tags.env != 'prod' or versioning.status == 'Enabled'
        failure_message: production data without versioning

- name: See what a repair would change
  day2.ops.s3_encryption_audit:
    checks: [tls_only, public_access_block]
    remediate: [tls_only, public_access_block]
    backup_dir: backups
    max_remediations: "25%"
  check_mode: true
  diff: true
"""

RETURN = r"""
schema:
  description: Name and version of this result's shape.
  type: str
  returned: success
  sample: day2.ops/s3_encryption_audit/1
status:
  description:
    - V(critical) when something of high or critical severity fails, V(warning) when something else fails, V(unknown)
      when anything could not be judged, else V(ok).
    - In check mode it is that of the real run, if all planned repairs come about.
    - With O(state=reverted) V(critical) when the plan is over O(max_remediations), V(warning) when a change did not come
      about or is refused.
  type: str
  returned: success
  sample: critical
summary:
  description: Counts of the run and one sentence. With O(state=reverted) it has C(sentence) and C(changes) alone.
  type: dict
  returned: success
  contains:
    sentence:
      description: The outcome for people; after it, if anything was to be repaired, what became of that.
      type: str
      sample: "60 buckets, 180 findings: 170 pass, 7 fail (2 high, 5 medium), 3 unknown, 0 exempt; score 93.4."
    resources:
      description: How many buckets were judged.
      type: int
    findings:
      description: How many findings there are, of any status.
      type: int
    pass:
      description: How many findings pass.
      type: int
    fail:
      description: How many findings fail.
      type: int
    unknown:
      description: How many could not be judged.
      type: int
    exempt:
      description: How many fail but are exempt.
      type: int
    score:
      description:
        - The weight of the findings that pass, as a percentage of the weight of those that pass, fail or are C(unknown).
          One of low severity weighs 1, of medium 2, of high 4, of critical 8. Exempt ones are left out.
        - Rounded down to a tenth, so that V(100) means that nothing fails and nothing is unknown; null without findings.
      type: float
    unknown_percent:
      description: Percentage of the findings that could not be judged.
      type: float
    by_check:
      description: For each check, the counts of the four statuses.
      type: dict
    by_severity:
      description: For each severity, how many findings fail.
      type: dict
    comparison:
      description: With O(compare_to), how many findings are C(new), C(fixed), still C(open), and C(not_seen) this time.
      type: dict
    changes:
      description:
        - How many changes were C(planned), to how many C(resources) (buckets, keys, the account) of the C(audited)
          buckets, how many repairs were C(refused), and how many changes had each outcome.
      type: dict
findings:
  description: What does not pass, worst first, at most O(max_returned). Empty with O(state=reverted).
  type: list
  elements: dict
  returned: success
  contains:
    id:
      description: Stable over runs - partition, account, bucket and check.
      type: str
      sample: aws:123456789012:acme-logs:tls_only
    check:
      description: Id of the check.
      type: str
    bucket:
      description: Name of the bucket; empty for the account's own findings.
      type: str
    region:
      description: Region of the bucket.
      type: str
    account:
      description: Id of the account.
      type: str
    status:
      description: V(pass), V(fail), V(unknown) or V(exempt).
      type: str
    severity:
      description: V(low), V(medium), V(high) or V(critical).
      type: str
    message:
      description: What was seen and what was required.
      type: str
    evidence:
      description: The values behind the message.
      type: dict
    remediation:
      description: What to do.
      type: str
    frameworks:
      description: Control ids, by framework.
      type: dict
    comparison:
      description:
        - V(new) or V(open) compared with the earlier report. What is V(fixed) passes, so that only the reports have it.
      type: str
truncated:
  description: How many findings that do not pass were left out of RV(findings).
  type: int
  returned: success
changes:
  description: What was repaired, or in check mode would be.
  type: list
  elements: dict
  returned: success
  contains:
    bucket:
      description: Name of the bucket; empty for the account.
      type: str
    resource:
      description: Name of the bucket, id of the account or ARN of the KMS key.
      type: str
    aspect:
      description: Which configuration, for example V(encryption) or V(policy).
      type: str
    outcome:
      description:
        - V(planned) in check mode, V(withheld) when the plan is over O(max_remediations) or cannot be saved, else
          V(applied), V(dropped), V(failed), or V(unverified) when it was written, or may have been, and was not seen
          afterwards.
      type: str
    reason:
      description: The checks that asked for it, or why it was not made.
      type: str
truncated_changes:
  description: How many changes were left out of RV(changes).
  type: int
  returned: success
refusals:
  description: Repairs that were asked for and refused, each with the name of its risk and what to do.
  type: list
  elements: dict
  returned: success
  contains:
    bucket:
      description: Name of the bucket; empty for the account.
      type: str
    check:
      description: The check whose repair was refused.
      type: str
    risk:
      description:
        - One of those that O(allow_risk) can allow, or one that nothing allows - V(acl_grants), V(changed_since),
          V(mfa_required), V(no_log_bucket), V(policy_too_large), V(unknown), V(unreadable_policy), V(unusable_key).
        - V(unknown) stands for every risk that could not be seen.
      type: str
    message:
      description: What was seen, and what to do.
      type: str
truncated_refusals:
  description: How many refusals were left out of RV(refusals).
  type: int
  returned: success
backup:
  description: Where what was replaced is saved; give it to O(revert_from).
  type: str
  returned: when something was changed
problems:
  description: What went wrong beside the findings, for example a listing that broke off.
  type: list
  elements: str
  returned: success
reports:
  description: Where the reports were written. Empty with O(state=reverted).
  type: list
  elements: dict
  returned: success
  contains:
    path:
      description: The local path or C(s3://) place.
      type: str
    format:
      description: The format.
      type: str
api_calls:
  description: How many requests were made, by action, retries included.
  type: dict
  returned: success
  sample:
    s3:ListBuckets: 1
    s3:GetBucketPolicy: 60
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
from ..module_utils._common.job import Job, Outcome
from ..module_utils._common.run import run
from ..module_utils._s3_encryption_audit.arguments import AUDIT
from ..module_utils._s3_encryption_audit.audit import audit
from ..module_utils._s3_encryption_audit.restore import restore

SPEC = ArgumentSpec(
    arguments={
        "state": {"type": "str", "choices": ["audited", "reverted"], "default": "audited"},
        "revert_from": {"type": "str"},
    },
    required_if=(("state", "reverted", ("revert_from",)),),
).merge(AUDIT)


def body(job: Job) -> Outcome:
    """Audit, or put back what an audit changed."""
    return restore(job) if job.options["state"] == "reverted" else audit(job)


def main() -> None:
    """Run the module."""
    run(SPEC, body, AnsibleAWSModule)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_schedule_lambda
short_description: Run the schedules of EC2, RDS and EKS as an AWS Lambda function
version_added: "0.1.0"
author:
  - day2.ops contributors (@day2-ops)
description:
  - Deploys what M(day2.ops.ec2_schedule) does as a Lambda function that EventBridge Scheduler invokes, so that resources
    start and stop with no Ansible running.
  - The deployment is a function, its log group, a schedule, least-privilege roles of the function and of the schedule, a
    dead-letter queue, an alarm on errors, and on request a topic for notices of actions and failures.
  - Every part carries the tag C(day2.ops). A part of the same name that does not is left alone, and the task fails.
    Schedules have no tags, and carry it in their description.
  - The archive of the function is deterministic. The same collection and the same options give the same one.
  - Local files that O(scheduling.schedules_from) and O(scheduling.calendars) name go into the archive.
  - Use it through the tasks C(lambda) of the role P(day2.ops.ec2_schedule#role), which give it its handler.
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - day2.ops._attributes
  - day2.ops._attributes.actiongroup_aws
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Of environment variables it shows names, not values.
  idempotent:
    support: full
requirements:
  - python >= 3.9
  - icalendar, when a calendar is an iCalendar file or an SSM Change Calendar
options:
  name:
    description:
      - Name of the deployment; the names of its parts are made of it.
      - A deployment under another name is another one. The old one stays until it is removed under its own name.
    type: str
    default: day2-ops-ec2-schedule
  state:
    description:
      - V(present) makes the deployment what the options say. V(absent) removes every part of it, with its logs and dead letters.
    type: str
    choices: [present, absent]
    default: present
  scheduling:
    description:
      - What is scheduled, and by which rules. The options are those of M(day2.ops.ec2_schedule).
      - The function reads schedules, calendars and resources as its own role, or through O(scheduling.assume_role_arn).
    type: dict
    default: {}
    suboptions:
      schedules:
        description: Schedules by their names.
        type: dict
        default: {}
      schedules_from:
        description: Where further schedules are; local files go into the archive of the function.
        type: list
        elements: str
        default: []
      calendars:
        description: Calendars by their names; local files go into the archive of the function.
        type: dict
        default: {}
      timezone:
        description: Time zone of schedules that name none.
        type: str
        default: UTC
      tag:
        description: Name of the tag that opts a resource in and names its schedule.
        type: str
        default: Schedule
      resources:
        description: Kinds of resources to schedule.
        type: list
        elements: str
        choices: [ec2, rds, rds_cluster, asg, eks_nodegroup]
        default: [ec2, rds, rds_cluster, asg, eks_nodegroup]
      regions:
        description: Regions to schedule, or V(all). Not given, it is the region of the function.
        type: list
        elements: str
        default: []
      accounts:
        description: Ids of accounts that stand for C({account}) in O(scheduling.assume_role_arn).
        type: list
        elements: str
        default: []
      assume_role_arn:
        description:
          - Roles that the function assumes, one per account to schedule. Its own account is then scheduled only if it is among them.
        type: list
        elements: str
        default: []
      external_id:
        description: External id for O(scheduling.assume_role_arn). Who may read the function can read it.
        type: str
      role_session_name:
        description: Name of the sessions of O(scheduling.assume_role_arn), as CloudTrail will show it.
        type: str
        default: day2-ops-ec2-schedule
      max_stop:
        description: The most resources that a run may stop, as a number or a percentage of those that run and are opted in.
        type: str
      protected_tags:
        description: Tags whose resources are never touched.
        type: dict
        default: {}
      enforce:
        description: Whether a person's manual start or stop is undone by the next run.
        type: bool
        default: false
      retain_running:
        description: Whether what was running before its schedule started it is left running at the end.
        type: bool
        default: false
      hibernate:
        description: Whether instances that can hibernate do so when they are stopped.
        type: bool
        default: false
      asg_method:
        description: How Auto Scaling groups are stopped.
        type: str
        choices: [sizes, suspend]
        default: sizes
      wait_timeout:
        description:
          - Seconds to wait for the state that an action leads to. The function waits less when its O(timeout) comes near.
        type: int
        default: 60
      concurrency:
        description: How many API calls may be in flight at once.
        type: int
        default: 64
      fail_on:
        description: From which status on a run of the function fails, so that the alarm sounds.
        type: str
        choices: [never, critical, warning, unknown]
        default: critical
  schedule_expression:
    description:
      - When the function runs, as EventBridge Scheduler writes it, C(rate(5 minutes)) or C(cron(0/5 * * * ? *)).
      - It is how late a start or stop may be, not when it happens; that is what O(scheduling.schedules) say.
    type: str
    default: rate(5 minutes)
  schedule_timezone:
    description: Time zone of a cron expression in O(schedule_expression).
    type: str
    default: UTC
  enabled:
    description: Whether the schedule invokes the function. V(false) pauses it.
    type: bool
    default: true
  dry_run:
    description: Whether the schedule has the function decide and log, and do nothing. Good for a first week.
    type: bool
    default: false
  handler_source:
    description:
      - Text of the Python file that Lambda starts. The role gives it.
      - Required with O(state=present).
    type: str
  runtime:
    description: Python of the function.
    type: str
    default: python3.13
  architecture:
    description: Processor of the function.
    type: str
    choices: [arm64, x86_64]
    default: arm64
  timeout:
    description: Seconds after which Lambda ends a run, from 30 to 900. The next run does what is left.
    type: int
    default: 300
  memory:
    description: Memory of the function in MB.
    type: int
    default: 512
  environment:
    description: Environment variables of the function, C(HTTPS_PROXY) for example. Their values are not shown in the diff.
    type: dict
    default: {}
  layers:
    description: ARNs of layers of the function, with their versions.
    type: list
    elements: str
    default: []
  reserved_concurrency:
    description:
      - How many runs may go on at once, reserved for the function. A value of V(-1) reserves nothing.
      - Two runs at once are harmless; one is enough. An account with the smallest quota cannot reserve any.
    type: int
    default: 1
  role_arn:
    description:
      - ARN of a role for the function. Then the module makes none for it, and reads none; what the role must allow is RV(policies).
      - Give it with O(state=absent) too.
    type: str
  schedule_role_arn:
    description: The same for the schedule.
    type: str
  permissions_boundary:
    description: ARN of the permissions boundary of the roles that the module makes.
    type: str
  kms_keys:
    description:
      - ARNs of customer managed KMS keys of the volumes of instances. To start such an instance the function needs a grant
        for EC2 on the key, or the instance stops again at once.
    type: list
    elements: str
    default: []
  log_retention_days:
    description: Days for which logs are kept.
    type: int
    choices: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
    default: 30
  topic:
    description:
      - Whether there is an SNS topic of the deployment, for notices of actions and failures and for the alarm. Subscribe to it as you like.
      - When it is not wanted any more it is removed, with its subscriptions.
    type: bool
    default: false
  topic_arn:
    description: ARN of another topic for the same. Excludes O(topic).
    type: str
  tags:
    description: Tags of all parts that can have them. Others are removed, but for those of AWS.
    type: dict
    default: {}
  assume_role_arn:
    description: Role to assume for the deployment.
    type: str
  external_id:
    description: External id for O(assume_role_arn).
    type: str
  role_session_name:
    description: Name of the session of O(assume_role_arn), as CloudTrail will show it.
    type: str
    default: day2-ops-ec2-schedule-lambda
seealso:
  - module: day2.ops.ec2_schedule
"""

EXAMPLES = r"""
- name: Have AWS itself start and stop what carries the tag Schedule
  day2.ops.ec2_schedule_lambda:
    handler_source: "{{ lookup('ansible.builtin.file', 'ec2_schedule_main.py') }}"
    region: eu-west-1
    topic: true
    scheduling:
      timezone: Europe/Madrid
      max_stop: 50%
      schedules:
        office: Mon-Fri 07:30-19:00

- name: Remove all of it
  day2.ops.ec2_schedule_lambda:
    region: eu-west-1
    state: absent
"""

RETURN = r"""
schema:
  description: Name and version of this result's shape.
  type: str
  returned: success
  sample: day2.ops/ec2_schedule_lambda/1
status:
  description: V(ok).
  type: str
  returned: success
summary:
  description: How many parts were made, changed and removed, or in check mode would be.
  type: dict
  returned: success
  contains:
    created:
      description: How many were made.
      type: int
    modified:
      description: How many were changed.
      type: int
    removed:
      description: How many were removed.
      type: int
    sentence:
      description: All of it in one sentence.
      type: str
plan:
  description: What was done, or in check mode would be, in its order.
  type: list
  elements: dict
  returned: success
  sample: [{"part": "function", "name": "day2-ops-ec2-schedule", "action": "modify", "aspects": ["code"]}]
function_arn:
  description: ARN of the function.
  type: str
  returned: O(state=present)
schedule_arn:
  description: ARN of the schedule.
  type: str
  returned: O(state=present)
queue_arn:
  description: ARN of the dead-letter queue.
  type: str
  returned: O(state=present)
alarm_arn:
  description: ARN of the alarm.
  type: str
  returned: O(state=present)
topic_arn:
  description: ARN of the topic; empty when there is none.
  type: str
  returned: O(state=present)
role_arn:
  description: ARN of the role of the function.
  type: str
  returned: O(state=present)
log_group:
  description: Name of the log group.
  type: str
  returned: O(state=present)
code:
  description: The archive of the function.
  type: dict
  returned: O(state=present)
  contains:
    sha256:
      description: Its digest as Lambda tells it, in Base64.
      type: str
    bytes:
      description: Its size.
      type: int
    packages:
      description: Python packages in it, and their versions.
      type: dict
policies:
  description:
    - The policies of the roles, C(function) and C(schedule).
    - With O(scheduling.assume_role_arn) also C(account) and C(account_trust), the policies of the role that each account has for the function.
  type: dict
  returned: O(state=present)
api_calls:
  description: How many requests were made, by action.
  type: dict
  returned: success
duration_seconds:
  description: How long it took.
  type: float
  returned: success
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ..module_utils._common.run import run
from ..module_utils._ec2_schedule_lambda.arguments import DEPLOY
from ..module_utils._ec2_schedule_lambda.deploy import deploy


def main() -> None:
    """Run the module."""
    run(DEPLOY, deploy, AnsibleAWSModule)


if __name__ == "__main__":
    main()

#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ec2_schedule
short_description: Start and stop EC2, RDS, Auto Scaling groups and EKS node groups by schedule
version_added: "0.1.0"
author:
  - day2.ops contributors (@day2-ops)
description:
  - Looks at every resource that carries the tag O(tag), reads the schedule that the tag names or spells out, and starts
    or stops what is due. Run it every few minutes, from AWX, cron or as a Lambda function
    (M(day2.ops.ec2_schedule_lambda)).
  - A schedule is a set of windows in a time zone, such as C(Mon-Fri 07:30-19:00 Europe/Madrid). Windows are intervals
    between two instants, so that no run has to come at a certain minute. One that comes late, twice, or after hours of
    outage does the right thing once, also on the nights in which clocks are changed.
  - What a person starts or stops by hand stays so until the schedule turns next, unless O(enforce) is set.
  - Spot instances, instances with an instance store as root, members of Auto Scaling groups, nodes of EKS and databases
    that AWS does not let stop by themselves are left alone, and named in RV(not_touched) with the reason.
  - Whatever has not the tag is never touched. Nothing is ever resized, terminated or deleted.
  - What was followed is remembered in tags of the resource itself, named after O(tag). There is no table to keep, and
    two runs at once do no harm.
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
      - RV(plan) is that of the real run, and RV(actions) is empty. Reports are written in check mode too, and are marked as such.
  diff_mode:
    support: full
    details:
      - Shows the state before and after of each resource, and each tag that is all there is to write.
  idempotent:
    support: partial
    details:
      - A database, cluster or node group that is still on its way at the end of a run is marked by the next one.
      - With a schedule that turns between two runs, each of them has something to do.
requirements:
  - python >= 3.9
  - tzdata, on hosts that have no time zones of their own
  - icalendar, when a calendar is an iCalendar file or an SSM Change Calendar
options:
  schedules:
    description:
      - Schedules by their names, which the tag O(tag) of a resource gives. A tag may hold the text of a schedule instead.
      - A value is text, for example V(Mon-Fri 07:30-19:00 Europe/Madrid), or a dictionary with C(schedule) (such a text),
        or C(windows), a list of dictionaries of C(days), C(months), C(dates) and C(times) (or C(start) and C(stop)).
      - Such a dictionary may also have C(mode) (V(stop-only), V(start-only)), C(timezone), C(not) and C(only) (names of calendars),
        C(enforce), C(retain_running) and C(hibernate) (for this schedule, whatever O(enforce), O(retain_running) and
        O(hibernate) say), and C(description).
      - The guide has the whole grammar.
    type: dict
    default: {}
  schedules_from:
    description:
      - Where further schedules are - a local YAML or JSON file, V(s3://bucket/key), V(ssm:/name/of/parameter) or
        V(dynamodb:table).
      - A name that is in two places is an error, which names both.
    type: list
    elements: str
    default: []
  calendars:
    description:
      - Calendars by the names that schedules use, as in C(not @holidays).
      - A value is a list of dates (V(2026-12-25), V(2026-12-24..2027-01-01), or V(12-25) for every year), or a dictionary
        of C(dates) (such a list), C(ical) (a local path, V(s3://bucket/key) or V(https://) URL of an iCalendar file, or a list
        of them) and C(ssm) (the name of an SSM Change Calendar, or a list of them). What is given together is united.
    type: dict
    default: {}
  timezone:
    description: IANA name of the time zone of schedules that name none.
    type: str
    default: UTC
  tag:
    description:
      - Name of the tag that opts a resource in. Its value is the name of a schedule, or the schedule itself.
      - The tags C(<tag>Override), C(<tag>State), C(<tag>StateOf) and C(<tag>Kept) are named after it.
    type: str
    default: Schedule
  resources:
    description:
      - The kinds of resources to schedule. Only these are asked for, so that no other permissions are needed.
      - V(ec2) - instances.
      - V(rds) - DB instances of RDS that belong to no cluster.
      - V(rds_cluster) - DB clusters of Aurora, DocumentDB, Neptune, and Multi-AZ clusters of RDS.
      - V(asg) - Auto Scaling groups; see O(asg_method).
      - V(eks_nodegroup) - managed node groups of EKS, which are scaled to zero and back.
    type: list
    elements: str
    choices: [ec2, rds, rds_cluster, asg, eks_nodegroup]
    default: [ec2, rds, rds_cluster, asg, eks_nodegroup]
  regions:
    description: Regions to schedule, or V(all) alone for every region that the account has enabled. Empty means O(region).
    type: list
    elements: str
    default: []
  accounts:
    description: Ids of the accounts to schedule; each takes the place of C({account}) in O(assume_role_arn).
    type: list
    elements: str
    default: []
  assume_role_arn:
    description:
      - Roles to assume, one per account to schedule, each renewed before it expires. C({account}) in one stands for each
        of O(accounts), as in V(arn:aws:iam::{account}:role/day2-ops-ec2-schedule).
      - The accounts are scheduled side by side, and are one fleet to O(max_stop). One whose role cannot be assumed is a
        problem in RV(problems); the others go on.
      - Empty means the account of the credentials. Schedules, calendars, prices and reports are always read and written
        with the credentials of the task itself.
    type: list
    elements: str
    default: []
  external_id:
    description: External id for O(assume_role_arn).
    type: str
  role_session_name:
    description: Name of the sessions of O(assume_role_arn), as CloudTrail will show it.
    type: str
    default: day2-ops-ec2-schedule
  now:
    description:
      - What would be done at this time, an ISO 8601 time with offset such as V(2026-12-24T19:05:00+01:00). It is looked at
        what there is now, and nothing is done or tagged.
      - Not given, it is the time.
    type: str
  preview:
    description: How many days ahead to tell, in RV(preview), RV(savings) and reports. V(0) tells nothing, V(366) is the most.
    type: int
    default: 0
  max_stop:
    description:
      - The most resources that a run may stop, as a number, or as a percentage (V(50%)) of the running ones that carry the
        tag, in all accounts and regions together. A group counts as one.
      - When more are due, nothing at all is done, neither stops nor starts, and RV(status) is V(critical).
      - Not given, there is no limit.
    type: str
  protected_tags:
    description:
      - Tags whose resources are never touched, whatever their schedule says. A value may have wildcards (V(prod*)); with
        no value (V(null)) any will do. V("true") and V("yes") need their quotes, since tags are texts.
    type: dict
    default: {}
  enforce:
    description:
      - Whether to undo at once what a person has started or stopped by hand, rather than with the schedule's next turn.
      - Has no effect on schedules that only stop or only start.
    type: bool
    default: false
  retain_running:
    description:
      - Whether a resource that a person had started before its window began is left running when the window ends.
      - Databases, clusters and groups do not tell when they were started. Theirs is only known if an earlier run had seen
        them running before the window began.
    type: bool
    default: false
  hibernate:
    description:
      - Whether instances that can hibernate do so, rather than stop. The others are stopped, and the reason says so.
    type: bool
    default: false
  asg_method:
    description:
      - How an Auto Scaling group is stopped.
      - V(sizes) - its minimum and desired sizes are set to zero, after they were kept in the tag C(<tag>Kept). Its
        instances are terminated, and launched anew.
      - V(suspend) - its processes are suspended, and its instances stopped.
    type: str
    choices: [sizes, suspend]
    default: sizes
  wait_timeout:
    description:
      - How many seconds to wait until instances are seen in the state that they were asked for. What takes longer is
        C(pending), and is looked at by the next run.
      - Databases, clusters and groups take minutes, and are not waited for.
    type: int
    default: 60
  hourly_prices:
    description:
      - What running costs in an hour, to tell RV(savings) in money - a dictionary of types (V(m6i.large),
        V(db.r6g.large), or C(*) for all others) and numbers, a local YAML or JSON file of the same, or V(aws) to ask the
        Price List API for the on-demand prices.
    type: raw
  currency:
    description: Currency of O(hourly_prices), shown with amounts. The Price List API tells US dollars.
    type: str
    default: USD
  concurrency:
    description: How many API calls may be in flight at once. Fewer are used while AWS throttles.
    type: int
    default: 64
  reports:
    description:
      - Reports to write, with every resource, action and window. They are no part of C(changed).
      - All are checked to be writable before anything is asked or done.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description:
          - Local path or C(s3://bucket/key). C({run_id}) and C({date}) are filled in.
        type: str
        required: true
      format:
        description: Format of the report. Taken from the path's ending when not given.
        type: str
        choices: [html, json, csv, markdown]
  run_id:
    description: Name of this run in reports. Made from the time when not given.
    type: str
  max_returned:
    description:
      - The most entries of each list that the task itself returns. RV(truncated) counts what was left out; reports have all.
    type: int
    default: 200
  fail_on:
    description:
      - From which RV(status) on the task fails, after all actions and reports and with the full result. V(warning)
        includes V(critical), V(unknown) includes both.
    type: str
    choices: [never, critical, warning, unknown]
    default: critical
  progress_file:
    description:
      - Where the module leaves word of its progress. Set by the collection's action plugin, which shows it.
    type: path
seealso:
  - module: day2.ops.ec2_schedule_lambda
  - module: amazon.aws.ec2_instance
  - module: amazon.aws.rds_instance
"""

EXAMPLES = r"""
- name: Start and stop what carries the tag Schedule
  day2.ops.ec2_schedule:
    schedules:
      office: Mon-Fri 07:30-19:00 not @holidays Europe/Madrid
      batch: daily 22:00-06:00 UTC
    calendars:
      holidays: ["12-25", "01-01", "2027-03-26"]
    max_stop: "80%"
  register: schedule

- name: See what the coming week brings, and what it saves
  day2.ops.ec2_schedule:
    schedules:
      office: Mon-Fri 07:30-19:00 Europe/Madrid
    preview: 7
    hourly_prices:
      t3.medium: 0.048
      m6i.large: 0.115
      "*": 0.1
    reports:
      - path: schedule.html
      - path: schedule.csv
  check_mode: true

- name: What would a run do on Christmas Eve?
  day2.ops.ec2_schedule:
    schedules:
      office:
        windows:
          - days: Mon-Fri
            times: "07:30-19:00"
        timezone: Europe/Madrid
        not: [shutdown]
    calendars:
      shutdown: ["2026-12-24..2027-01-06"]
    now: "2026-12-24T10:00:00+01:00"

- name: Instances and databases of two regions, never what is production, back in line at once
  day2.ops.ec2_schedule:
    schedules:
      office:
        schedule: weekdays 08:00-18:00 Europe/London
        enforce: true
    resources: [ec2, rds]
    regions: [eu-west-1, eu-west-2]
    protected_tags:
      env: prod*
    max_stop: "25"

- name: Two accounts as one fleet
  day2.ops.ec2_schedule:
    schedules:
      office: weekdays 08:00-18:00 Europe/London
    accounts: ["111111111111", "222222222222"]
    assume_role_arn: ["arn:aws:iam::{account}:role/day2-ops-ec2-schedule"]
    max_stop: "50%"
"""

RETURN = r"""
schema:
  description: Name and version of this result's shape.
  type: str
  returned: success
  sample: day2.ops/ec2_schedule/1
status:
  description:
    - V(critical) when an action failed, or nothing was done because of O(max_stop), V(warning) when there is something
      else in RV(problems), V(unknown) when something could not be looked at, else V(ok).
  type: str
  returned: success
  sample: ok
summary:
  description: Counts of the run and one sentence.
  type: dict
  returned: success
  contains:
    sentence:
      description: The outcome for people.
      type: str
      sample: "1,204 resources carry a schedule: 812 running, 392 stopped; 610 stopped; 14 left alone."
    resources:
      description: How many resources carry the tag.
      type: int
    running:
      description: How many of them were running when they were looked at.
      type: int
    stopped:
      description: How many of them were stopped.
      type: int
    changing:
      description: How many of them were on their way from one to the other.
      type: int
    due:
      description: How many were to be started, stopped and hibernated, as C(start), C(stop) and C(hibernate).
      type: dict
    done:
      description: How many of these were seen in their new state.
      type: int
    pending:
      description: How many were accepted by AWS and are still on their way.
      type: int
    failed:
      description: How many came to nothing.
      type: int
    not_touched:
      description: How many were left alone although they carry the tag.
      type: int
    problems:
      description: How many problems there are.
      type: int
plan:
  description: What was due, and in check mode would be done. At most O(max_returned).
  type: list
  elements: dict
  returned: success
  contains: &action
    resource:
      description: Id of the resource; the name of a database, cluster or group.
      type: str
      sample: i-0abc1234567890def
    name:
      description: The tag C(Name), or the id.
      type: str
      sample: web-test-1
    kind:
      description: One of O(resources).
      type: str
      sample: ec2
    region:
      description: Region of the resource.
      type: str
      sample: eu-south-2
    account:
      description: Id of its account.
      type: str
      sample: "123456789012"
    action:
      description: V(start), V(stop) or V(hibernate).
      type: str
      sample: stop
    reason:
      description: Why, in words.
      type: str
      sample: "office (Mon-Fri 07:30-19:00 Europe/Madrid): stops at 2026-11-27T19:00:00+01:00"
    schedule:
      description: What its tag says.
      type: str
      sample: office
    at:
      description: The instant at which its schedule turned, in UTC; null for overrides and schedules that never turn.
      type: str
      sample: "2026-11-27T18:00:00Z"
actions:
  description:
    - What was done, with what became of it, failures first. Empty in check mode, with O(now), and over O(max_stop).
  type: list
  elements: dict
  returned: success
  contains:
    <<: *action
    outcome:
      description:
        - V(done) when it was seen in its new state, V(pending) when AWS accepted it and it is on its way, V(failed).
      type: str
      sample: done
    error:
      description: Why it failed. Only there when it did.
      type: str
    note:
      description: What else is to be known, for example that it was stopped because it could not hibernate.
      type: str
not_touched:
  description: What carries the tag and was left alone, each with C(resource), C(name), C(kind), C(region), C(account) and these.
  type: list
  elements: dict
  returned: success
  contains:
    schedule:
      description: What its tag says.
      type: str
    reason:
      description: Why it was left alone.
      type: str
      sample: spot instance
problems:
  description:
    - What somebody should know of - schedules that cannot be read, regions and accounts that could not be looked at,
      groups whose sizes cannot be restored. Each names the resource or place.
  type: list
  elements: str
  returned: success
  sample:
    - >-
      typo (i-0abc, 123456789012 eu-south-2): Schedule: 'Mon-Fry 07:00-19:00', column 5: 'Fry' is not a weekday: Mon, Tue,
      Wed, Thu, Fri, Sat, Sun are; did you mean Fri?
next_edges:
  description:
    - When each resource turns next, the earliest first, each with C(resource), C(name), C(kind), C(region), C(account),
      C(schedule) and these.
  type: list
  elements: dict
  returned: success
  contains:
    at:
      description: The instant, in UTC.
      type: str
      sample: "2026-11-30T06:30:00Z"
    to:
      description: V(running), V(stopped), or V(any) for schedules that want nothing then.
      type: str
      sample: running
preview:
  description: With O(preview), the coming days.
  type: dict
  returned: when O(preview) is more than 0
  contains:
    start:
      description: The beginning of today in C(timezone), as an instant in UTC.
      type: str
    now:
      description: The instant of the run.
      type: str
    stop:
      description: The end of the last day.
      type: str
    timezone:
      description: The zone in which most of the resources live.
      type: str
    resources:
      description:
        - For each resource, beside C(resource), C(name), C(kind), C(region), C(account), C(schedule) and C(state), what the
          schedule C(reads) as, its C(timezone), its C(windows) (each C(start), C(stop) and whether it is an C(override)), its
          C(edges) (each C(at) and C(to)), and what calendars have C(left_out).
        - At most O(max_returned).
      type: list
      elements: dict
    truncated:
      description: How many resources were left out.
      type: int
savings:
  description: With O(preview), what the schedules save in these days against running always.
  type: dict
  returned: when O(preview) is more than 0
  contains:
    start:
      description: The beginning of what is counted.
      type: str
    stop:
      description: Its end.
      type: str
    hours:
      description: Hours of machines that run by their schedules. A cluster or group counts with each of its members.
      type: float
    hours_always_on:
      description: The hours if all of them ran always.
      type: float
    hours_saved:
      description: The difference.
      type: float
    percent:
      description: The difference as a percentage of C(hours_always_on).
      type: float
    currency:
      description: With O(hourly_prices), O(currency).
      type: str
    cost:
      description: With O(hourly_prices), what C(hours) cost.
      type: float
    cost_always_on:
      description: With O(hourly_prices), what C(hours_always_on) cost.
      type: float
    saved:
      description: With O(hourly_prices), the difference.
      type: float
    unpriced:
      description: With O(hourly_prices), how many resources have no known price, and are missing in the amounts.
      type: int
truncated:
  description: How many entries were left out of each list, by its name. Empty when none was.
  type: dict
  returned: success
reports:
  description: Where the reports were written.
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
  description: How many requests were made, by action, in all accounts together, retries included.
  type: dict
  returned: success
  sample:
    ec2:DescribeInstances: 2
    ec2:StopInstances: 1
    ec2:CreateTags: 1
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

from ..module_utils._common.run import run
from ..module_utils._ec2_schedule.arguments import SCHEDULE
from ..module_utils._ec2_schedule.scheduling import schedule_fleet


def main() -> None:
    """Run the module."""
    run(SCHEDULE, schedule_fleet, AnsibleAWSModule)


if __name__ == "__main__":
    main()

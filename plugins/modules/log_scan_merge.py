#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: log_scan_merge
short_description: Merge the log scans of many hosts into one report
version_added: "0.1.0"
author:
  - day2.ops contributors (@day2-ops)
description:
  - Reads what M(day2.ops.log_scan) returned for each host from a directory, and makes one result and one set of reports of it.
  - Every expected host is accounted for. One without a result is named in RV(unanswered), and RV(status) is V(unknown) at best.
  - Runs on the controller, mostly through the role P(day2.ops.log_scan#role).
extends_documentation_fragment:
  - day2.ops._attributes
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
  results:
    description: Directory with one file for each host, C(<host>.json), which is the result of the module or what the timer wrote.
    type: path
    required: true
  expected_hosts:
    description: Names of the hosts that must be there.
    type: list
    elements: str
    default: []
  reports:
    description: Reports to write, with everything of every host.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Path of the report. C({date}) is filled in.
        type: str
        required: true
      format:
        description: Format of the report. Taken from the path's ending when not given.
        type: str
        choices: [html, json, csv, markdown]
  max_returned:
    description: The most entries of each list that the task itself returns.
    type: int
    default: 200
  fail_on:
    description:
      - From which RV(status) on the task fails, after the reports and with the full result. V(warning) includes V(critical),
        V(unknown) includes both, so also a host that did not answer.
    type: str
    choices: [never, critical, warning, unknown]
    default: never
seealso:
  - module: day2.ops.log_scan
"""

EXAMPLES = r"""
- name: A directory for results
  ansible.builtin.file:
    path: log-scans
    state: directory
    mode: "0700"

- name: Scan
  day2.ops.log_scan:
    name: merged
    paths: [/var/log/*.log]
    pattern_sets: [syslog]
  register: scan

- name: Keep the result of this host
  ansible.builtin.copy:
    content: "{{ scan | to_json }}"
    dest: log-scans/{{ inventory_hostname }}.json
    mode: "0600"

- name: Merge those of all hosts
  day2.ops.log_scan_merge:
    results: log-scans
    expected_hosts: [localhost]
    reports:
      - path: log-scans.html
"""

RETURN = r"""
schema:
  description: Name and version of this result's shape.
  type: str
  returned: success
  sample: day2.ops/log_scan/1
status:
  description:
    - The worst of all hosts. V(unknown) when nothing worse was found and a host did not answer.
  type: str
  returned: success
  sample: unknown
summary:
  description: Counts of all hosts and one sentence.
  type: dict
  returned: success
  contains:
    sentence:
      description: The outcome for people.
      type: str
unanswered:
  description: Hosts that were expected and have no result, in their order.
  type: list
  elements: str
  returned: success
hosts:
  description: Every host, the worst first. At most O(max_returned).
  type: list
  elements: dict
  returned: success
  contains:
    host:
      description: Its name.
      type: str
    answered:
      description: Whether it has sent a result that can be used.
      type: bool
    reason:
      description: Why not. Empty when it has.
      type: str
    status:
      description: What its scan came to.
      type: str
    sentence:
      description: The same for people.
      type: str
    matches:
      description: How many matches it had.
      type: int
    gap:
      description: How many bytes of its logs were lost.
      type: int
new:
  description: How many matches there are, of all hosts together.
  type: int
  returned: success
matches:
  description: Those of all hosts by pattern, the worst first. At most O(max_returned).
  type: list
  elements: dict
  returned: success
files:
  description: The logs of all hosts, as RV(day2.ops.log_scan#module:files) has them, with C(host). At most O(max_returned).
  type: list
  elements: dict
  returned: success
run_id:
  description: Name of the merge.
  type: str
  returned: success
engine:
  description: What searched, on all hosts together.
  type: str
  returned: success
bytes_scanned:
  description: Bytes that were read on all hosts.
  type: int
  returned: success
backlog_bytes:
  description: Bytes that are left on all hosts.
  type: int
  returned: success
problems:
  description: What could not be read or done, each a sentence that begins with its host. At most O(max_returned).
  type: list
  elements: str
  returned: success
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
      description: The path.
      type: str
    format:
      description: The format.
      type: str
duration_seconds:
  description: How long it took.
  type: float
  returned: success
"""

from ..module_utils._common.run import run
from ..module_utils._log_scan.arguments import MERGE
from ..module_utils._log_scan.merging import merge_scans


def main() -> None:
    """Run the module."""
    run(MERGE, merge_scans)


if __name__ == "__main__":
    main()

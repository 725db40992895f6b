# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When it happened, as a picture made of characters, as an image, or as data."""

from __future__ import annotations

from typing import Any, Callable, Dict

from ansible.errors import AnsibleFilterError

from ..module_utils._common.errors import Day2Error
from ..module_utils._log_scan.timeline_series import rendered

DOCUMENTATION = r"""
name: log_timeline
short_description: Draw when log messages were written
version_added: 1.0.0
author: day2.ops contributors (@day2-ops)
description:
  - Draws the matches of a scan over time, one row for each pattern, severity, or whatever else they are told apart by.
  - The text is made for the output of a task, a chat or a mail, the image for a ticket or a wiki. The data is for
    templates of your own.
  - Times are in UTC. The width of a column is chosen so that all of them fit, and is said below the rows. What has no
    time is counted and said; so is the odd message that is more than a year away from nearly all others, since its
    clock or the year that was inferred for it must have been wrong.
positional: _input, format
options:
  _input:
    description:
      - The result of M(day2.ops.log_scan), a merged one too; or a list of its RV(day2.ops.log_scan#module:matches); or a
        list of any records that have a time in the key C(at), such as the samples of a match.
    type: raw
    required: true
  format:
    description: What to make of it.
    type: str
    default: text
    choices:
      text: Rows of block characters, with totals, over one axis.
      svg: The same as an SVG image, which follows the light or dark screen of its reader.
      buckets: The columns as a list.
  by:
    description:
      - The key of a match or a record whose values get a row each, such as V(pattern), V(severity), V(pattern_set) or,
        of samples of a merged result, V(host).
      - V(all) makes one row of everything.
    type: str
    default: pattern
  columns:
    description: The most columns that there may be, from 1 to 400.
    type: int
    default: 60
seealso:
  - plugin: day2.ops.log_scan
    plugin_type: module
"""

EXAMPLES = r"""
- name: Scan
  day2.ops.log_scan:
    paths: [/var/log/auth.log, /var/log/nginx/*.log]
    pattern_sets: [sshd, nginx]
  register: scan

- name: Say when it happened
  ansible.builtin.debug:
    msg: "{{ (scan | day2.ops.log_timeline).splitlines() }}"

# nginx_5xx        130    ▁▁▁▂▂▃▃▅▄▆▆▇█▅
# sshd_failed      420                ▂█
#                       27 Nov 23:30  28 Nov 12:30 UTC
#                       a column is 30 minutes

- name: Draw the severities for a ticket
  ansible.builtin.copy:
    content: "{{ scan | day2.ops.log_timeline('svg', by='severity') }}"
    dest: /tmp/when.svg
    mode: "0644"
  delegate_to: localhost

- name: Fail when the errors of this night are more than a few
  ansible.builtin.assert:
    that: >-
      scan.matches | selectattr('severity', 'in', ['high', 'critical'])
      | day2.ops.log_timeline('buckets', by='all') | map(attribute='count') | max(default=0) < 100
"""

RETURN = r"""
_value:
  description:
    - With O(format=text) and O(format=svg) a string.
    - "With O(format=buckets) a list of columns without a hole, each a dictionary with C(start) and C(end) (ISO 8601, UTC),
      C(count), and C(by): the counts of the rows that have something there, by their names. It is empty when no time is
      known."
  type: raw
"""


def log_timeline(value: Any, format: str = "text", by: str = "pattern", columns: int = 60) -> Any:
    """See DOCUMENTATION."""
    try:
        return rendered(value, format, by, columns)
    except Day2Error as error:
        raise AnsibleFilterError(f"day2.ops.log_timeline: {error}") from error


class FilterModule:
    """The filters of this file."""

    def filters(self) -> Dict[str, Callable[..., Any]]:
        """Their names, and what does them."""
        return {"log_timeline": log_timeline}

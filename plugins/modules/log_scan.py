#!/usr/bin/python
# -*- coding: utf-8 -*-

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: log_scan
short_description: Find what is wrong in the logs of a host, each line once
version_added: "0.1.0"
author:
  - day2.ops contributors (@day2-ops)
description:
  - Reads what is new in logs since its last run, finds what the patterns describe, and tells it once.
  - Logs are followed through every kind of rotation (renamed, dated, moved to another directory, compressed, copied and
    truncated). What was written between two runs is read to its end wherever it has gone since.
  - What could not be read is named with its size and cause in RV(files), never passed over in silence.
  - Results and the state they imply are written in one step before anything is returned, and are returned again until they have
    arrived, so that neither a lost connection nor a killed process loses or repeats a line. See O(ack).
  - Runs on the managed host with nothing but its Python. Where ripgrep, GNU grep, hyperscan or RE2 are found they make it
    faster, with the same results.
extends_documentation_fragment:
  - day2.ops._attributes
attributes:
  check_mode:
    support: full
    details:
      - Reads and reports as the real run would, and moves nothing - the next run finds the same lines again.
  diff_mode:
    support: none
    details:
      - Nothing is changed.
  idempotent:
    support: full
    details:
      - Reading changes nothing on the host, so that C(changed) is always false. A second run tells what is new since the first.
requirements:
  - python >= 3.9
  - zstandard, or the command C(zstd), for rotated logs that are compressed with it and a Python before 3.14
options:
  name:
    description:
      - Name of this scan, of letters, digits and C(. _ -). State is kept by name and log, so that scans of different names read the
        same logs independently.
      - State does not depend on the patterns. Changing one reads nothing again, unless O(backfill) is set.
    type: str
    default: default
  paths:
    description:
      - Logs to read, as absolute paths or globs (C(*), C(?), C([abc]), and C(**) for any depth).
      - Name the log itself, V(/var/log/app.log), not its rotated generations. They are found. A glob that catches them
        (C(app.log*)) does no harm. One that leads to no file is a warning.
      - An entry is text, or a dictionary of C(path), C(format) (V(auto), V(text), V(json) for JSON Lines, V(docker) or V(cri) for
        logs of containers), C(encoding) (such as V(utf-16-le)) and C(olddir), the directory that rotated generations are moved to.
      - Text is compared as the bytes that it is. UTF-16 with a byte order mark is recognised and becomes UTF-8 first, as what is in
        a C(encoding) of its own does.
    type: list
    elements: raw
    default: []
  journal:
    description: Also read the systemd journal, from its cursor on. An empty dictionary means all of it.
    type: dict
    suboptions:
      units:
        description: Units to read, such as V(nginx.service). Empty means all.
        type: list
        elements: str
        default: []
      priority:
        description: Read entries of this priority and worse.
        type: str
        choices: [emerg, alert, crit, err, warning, notice, info, debug]
      matches:
        description: Further fields that entries must have, as V(FIELD=value).
        type: list
        elements: str
        default: []
      directory:
        description: Directory of journal files to read instead of those of the host.
        type: path
  command:
    description: Also read what this command prints, given as a list of its words. All of it is new in every run.
    type: list
    elements: str
    default: []
  patterns:
    description:
      - What to find, by a name for each.
      - A value is a regular expression, or a dictionary of C(regex) (text, or a list of which any may match), C(severity) (V(low),
        V(medium), V(high) or V(critical); V(medium) when not given), C(exclude) (what also matches one of these is no match),
        C(fields) (constants for every match), C(max_samples), C(message) (for people, C({field}) stands for a field), C(multiline)
        (as O(multiline), for this pattern) and C(threshold).
      - A C(threshold) is a dictionary of C(count) and C(per) (a duration by the log's own time, such as V(5m)), or of C(rate)
        (V(10/m)). Below it the matches are told, and do not count for RV(status).
      - Expressions are those of Python's C(re). Named groups become fields.
      - The patterns of a set are called C(set.name). One of that name changes what it says of the shipped one (C(severity),
        C(exclude), C(threshold) …), and C(enabled=false) leaves it out.
    type: dict
    default: {}
  pattern_sets:
    description: Shipped sets of patterns to look for too. The guide lists what is in them.
    type: list
    elements: str
    choices: [apache, auth, docker, java, kernel, kubernetes, mysql, nginx, php, postgresql, python, redis, sshd, syslog, systemd]
    default: []
  multiline:
    description:
      - How lines are joined to records before patterns of O(patterns) are tried - V(python), V(java), V(go), V(dotnet), V(indent) (a
        line that begins with white space belongs to the one before), C(start:) with an expression that the first line of a record
        matches, or C(continue:) with one that its other lines do.
      - Not given, a line is a record. Sets bring their own.
    type: str
  aggregate:
    description: Fields to count the values of, such as V(client_ip). The most frequent are in C(aggregates) of RV(matches).
    type: list
    elements: str
    default: []
  context:
    description: How many lines before and after each sample to show.
    type: int
    default: 0
  max_samples:
    description: How many samples to show for each pattern. All matches are counted.
    type: int
    default: 5
  redact:
    description:
      - What to replace in samples and fields.
      - V(secrets) - passwords, tokens, keys, cookies, credentials in URLs and headers, and card numbers.
      - V(email) - addresses of people.
      - V(ip) - addresses of machines.
      - An empty list shows everything as it is.
    type: list
    elements: str
    choices: [secrets, email, ip]
    default: [secrets]
  since:
    description:
      - Leave out what the log says to be older than this, an ISO 8601 time with offset such as V(2027-03-31T18:00:00Z). In a big
        log the place is found by binary search.
    type: str
  until:
    description: Leave out what the log says to be newer than this, written as O(since).
    type: str
  timezone:
    description: IANA name of the zone of time stamps that name none. Not given, that of the host.
    type: str
  first_run:
    description:
      - Where to begin in a log that this scan has not seen yet.
      - V(end) - at its end, what is there already is RV(files[].skipped).
      - V(beginning) - at its beginning, its rotated generations included.
      - V(since) - at the time of O(since).
      - A log that comes into being after the first run of the scan is always read from its beginning.
    type: str
    choices: [end, beginning, since]
    default: end
  backfill:
    description: Read what was read before once more for patterns that are new since then.
    type: bool
    default: false
  max_bytes:
    description: The most bytes to read in this run. The rest is left for the next, and told in RV(backlog_bytes).
    type: int
  max_seconds:
    description: The most seconds to read in this run, with the same effect.
    type: float
  late_window:
    description:
      - How long a rotated generation is watched for lines that its writer still adds, as a duration (V(30s), V(5m), V(2h), V(1d)).
        A compressed one is complete.
    type: str
    default: 1h
  partial_after:
    description:
      - When a last line without a newline is taken as complete, as a duration since the log was last written to. Before that it
        is left for the next run.
    type: str
    default: 5m
  state_dir:
    description:
      - Directory of the state, made when missing, for its owner alone. Not given, it is C(/var/lib/day2-ops/log_scan) for
        root, and C(~/.local/state/day2-ops/log_scan) for others.
    type: path
  lock_timeout:
    description: How many seconds to wait for another run of the same O(name).
    type: int
    default: 30
  ack:
    description:
      - How a result becomes acknowledged. A result that is not is returned again by the next run, with the same RV(run_id) and
        RV(redelivered) true, and nothing is read before.
      - V(auto) - when it has arrived at the controller. The collection's action plugin leaves a receipt on the host then. In an
        asynchronous task, and where the module runs without the plugin, it is acknowledged at once.
      - V(manual) - not by this run.
      - The RV(run_id) of a result - that result is acknowledged, and this run's is not, as with V(manual).
    type: str
    default: auto
  receipt:
    description: Whether the caller will leave a receipt. Set by the collection's action plugin.
    type: bool
    default: false
  reset:
    description: Forget the state of this O(name) first. Then this is a first run.
    type: bool
    default: false
  engine:
    description:
      - What searches. V(auto) takes the fastest that the host has. All give the same results. One that is named and missing is an error.
    type: str
    choices: [auto, hyperscan, re2, rg, grep, stdlib]
    default: auto
  reports:
    description: Reports to write on the host, with everything that was found.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Path of the report. C({run_id}) and C({date}) are filled in.
        type: str
        required: true
      format:
        description: Format of the report. Taken from the path's ending when not given.
        type: str
        choices: [html, json, csv, markdown]
  max_returned:
    description: The most entries of RV(matches) and RV(files) that the task itself returns. RV(truncated) counts what was left out.
    type: int
    default: 200
  fail_on:
    description:
      - From which RV(status) on the task fails, after everything was done and with the full result. V(warning) includes
        V(critical), V(unknown) includes both.
    type: str
    choices: [never, critical, warning, unknown]
    default: never
  progress_file:
    description: Where the module leaves word of its progress. Set by the collection's action plugin, which shows it.
    type: path
seealso:
  - module: day2.ops.log_scan_merge
"""

EXAMPLES = r"""
- name: What went wrong since the last run
  day2.ops.log_scan:
    paths:
      - /var/log/syslog
      - /var/log/messages
      - /var/log/nginx/*error.log
    pattern_sets: [syslog, kernel, nginx]
  register: scan

- name: Show it
  ansible.builtin.debug:
    msg: "{{ scan.summary.sentence }}"

- name: Patterns of our own, from the beginning, and no report below ten failures in five minutes
  day2.ops.log_scan:
    name: shop
    paths:
      - /var/log/shop/*.log
      - path: /var/log/shop/legacy.txt
        olddir: /var/log/shop/archive
    first_run: beginning
    patterns:
      payment_failed:
        regex: 'payment (?P<order>\d+) failed: (?P<reason>.+)'
        severity: high
        exclude: 'reason: customer cancelled'
        threshold:
          count: 10
          per: 5m
        message: payments fail, {reason}
      slow: 'took (?P<ms>\d{5,})ms'
    aggregate: [reason]
    context: 2
  register: shop

- name: Who tries passwords
  day2.ops.log_scan:
    name: logins
    paths: [/var/log/auth.log]
    pattern_sets: [sshd]
    aggregate: [client_ip, user]
    fail_on: never

- name: An access log of last night, without moving this scan's place in it
  day2.ops.log_scan:
    name: night
    paths: [/var/log/nginx/access.log]
    first_run: since
    since: "2026-11-27T22:00:00+01:00"
    pattern_sets: [nginx]
    reports:
      - path: /tmp/nginx-night.html
  check_mode: true

- name: The output of a command
  day2.ops.log_scan:
    name: disks
    command: [df, --portability]
    patterns:
      full:
        regex: '(?P<percent>9[5-9]|100)% (?P<mount>/.*)$'
        severity: high
        message: '{mount} is full'
"""

RETURN = r"""
schema:
  description: Name and version of this result's shape.
  type: str
  returned: success
  sample: day2.ops/log_scan/1
status:
  description:
    - V(critical) when a pattern of high or critical severity has matched (and met its threshold), V(warning) when another has,
      V(unknown) when none has and something could not be read, else V(ok).
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
      sample: "7 matches of 2 patterns in 3 logs (1.2 MB): 1 critical, 1 medium; 4,096 bytes were lost."
run_id:
  description: Name of the run that this is the result of. A result that is returned again has the same.
  type: str
  returned: success
  sample: 20261128T192007Z-3f9c
redelivered:
  description: Whether this is the result of an earlier run, which was not acknowledged. Nothing was read in this one.
  type: bool
  returned: success
engine:
  description: What searched. V(none) when there was nothing new.
  type: str
  returned: success
  sample: grep
matches:
  description: Each pattern that has matched, the worst first. At most O(max_returned).
  type: list
  elements: dict
  returned: success
  contains:
    pattern:
      description: Its name.
      type: str
      sample: payment_failed
    severity:
      description: V(low), V(medium), V(high) or V(critical).
      type: str
      sample: high
    pattern_set:
      description: The shipped set that it comes from. Empty for one of O(patterns).
      type: str
    message:
      description: Its message. With fields filled in it stands in the samples.
      type: str
    count:
      description: How many records have matched in this run.
      type: int
    met:
      description: Whether its threshold was reached. True without one.
      type: bool
    first:
      description: Time, log, line number and byte offset of the first match. The time is the log's own, null where a line has none.
      type: dict
    last:
      description: The same of the last match.
      type: dict
    samples:
      description: Some of the records, redacted.
      type: list
      elements: dict
      contains:
        path:
          description: Where it stands, a rotated generation by its own name.
          type: str
          sample: /var/log/shop/shop.log.1
        line:
          description: Number of the line, counted from 1. Null where that would mean to read what was never read.
          type: int
        offset:
          description: Offset of the record, in bytes of the uncompressed text.
          type: int
        at:
          description: Its time by the log, ISO 8601.
          type: str
        text:
          description: The record.
          type: str
        cut_bytes:
          description: How many bytes of it are not shown.
          type: int
        message:
          description: The message of the pattern with its fields.
          type: str
        fields:
          description: Its named groups, and the constants of the pattern.
          type: dict
        before:
          description: The lines before it, as O(context) asks.
          type: list
          elements: str
        after:
          description: The lines after it.
          type: list
          elements: str
    threshold:
      description: The threshold with the most matches that were within C(per_seconds). Null without one.
      type: dict
    logs:
      description: The logs with the most matches, each with C(path) and C(count).
      type: list
      elements: dict
    aggregates:
      description: For each field of O(aggregate) its most frequent values, each with C(value) and C(count).
      type: dict
    timeline:
      description: Counts over time, for histograms.
      type: dict
new:
  description: How many matches there are in this run, of all patterns together.
  type: int
  returned: success
files:
  description:
    - What became of every byte that was new. C(appended) is the sum of C(scanned), C(pending) and C(gap). At most O(max_returned), those with
      something to tell first.
  type: list
  elements: dict
  returned: success
  contains:
    path:
      description: The log.
      type: str
    appended:
      description: New bytes.
      type: int
    scanned:
      description: Bytes that were read in this run.
      type: int
    pending:
      description: Bytes that are left for the next run.
      type: int
    pending_cause:
      description: Why, V(partial) for a line or record that is not ended yet, V(budget) for O(max_bytes) and O(max_seconds), or
        V(unreadable). Null when nothing is pending.
      type: str
    gap:
      description: Bytes that were seen or must have been there, and are lost.
      type: int
    gap_causes:
      description: Why they are lost.
      type: list
      elements: str
    skipped:
      description: Bytes that O(first_run) left out.
      type: int
    generations:
      description: How many generations were read.
      type: int
    events:
      description: What happened to the log since the last run, each with C(cause), C(path) and C(detail). Causes are V(rotated), V(truncated), V(rewritten),
        V(restored), V(shrunk), V(vanished), V(unreadable) and V(copytruncate_window).
      type: list
      elements: dict
    unreadable:
      description: Why it could not be read. Empty when it could.
      type: str
problems:
  description: What could not be read or done, and patterns that were disabled, each a sentence.
  type: list
  elements: str
  returned: success
inferred:
  description: What time stamps do not say and was taken for granted, years and time zones, each a sentence.
  type: list
  elements: str
  returned: success
backlog_bytes:
  description: Bytes that are left because of O(max_bytes) or O(max_seconds).
  type: int
  returned: success
bytes_scanned:
  description: Bytes that were read.
  type: int
  returned: success
bytes_per_second:
  description: Of these, how many in a second.
  type: int
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
from ..module_utils._log_scan.arguments import SPEC
from ..module_utils._log_scan.scanning import scan_logs


def main() -> None:
    """Run the module."""
    run(SPEC, scan_logs)


if __name__ == "__main__":
    main()

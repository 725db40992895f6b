# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""systemd: services that fail, hang or are killed, boots that do not come up, and its journal."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, LOW, MEDIUM, PatternSet, Rule

_UNIT = (
    r"(?P<unit>[A-Za-z0-9:_.\\@-]{1,200}\.(?:service|socket|mount|timer|scope|swap|device|target|path|slice"
    r"|automount))"
)

SET = PatternSet(
    "systemd",
    "systemd",
    (
        Rule(
            "unit_failed",
            HIGH,
            rf"(?:^|[ \t]){_UNIT}: (?:Unit entered failed state|Failed with result '(?P<result>[a-z-]{{1,40}})')",
            "{unit} has failed",
            exclude=(r"Failed with result '(?:start-limit-hit|oom-kill|watchdog|timeout)'",),
        ),
        Rule(
            "start_failed",
            HIGH,
            r"\bsystemd(?:\[[0-9]{1,10}\])?: Failed to (?:start|mount|listen on"
            r"|activate(?: swap)?) (?P<unit>[^\r\n]{1,200}?)\.?$",
            "{unit} could not be started",
            exclude=(r"\bFailed to start transient\b",),
        ),
        Rule(
            "start_limit",
            CRITICAL,
            rf"(?:^|[ \t]){_UNIT}: Start request repeated too quickly",
            "{unit} failed too often and is not started any more",
        ),
        Rule(
            "restarting",
            MEDIUM,
            rf"(?:^|[ \t]){_UNIT}: Scheduled restart job, restart counter is at (?P<count>[0-9]{{1,9}})",
            "{unit} is restarted again and again",
            threshold=(5, 600.0),
        ),
        Rule(
            "process_killed",
            MEDIUM,
            rf"(?:^|[ \t]){_UNIT}: (?:Main|Control) process exited, code=(?P<code>killed"
            r"|dumped), status=(?P<signal>[0-9]{1,3}/[A-Z]{2,8})",
            "The process of {unit} was killed by the signal {signal}",
            exclude=(r"status=(?:15/TERM|1/HUP|2/INT|13/PIPE)",),
        ),
        Rule(
            "watchdog",
            HIGH,
            rf"(?:^|[ \t]){_UNIT}: Watchdog timeout \(limit (?P<limit>[^)\r\n]{{1,40}})\)",
            "{unit} has hung: it gave no sign of life for {limit}",
        ),
        Rule(
            "timed_out",
            HIGH,
            rf"(?:^|[ \t]){_UNIT}: (?P<operation>[a-z-]{{3,20}}) operation timed out\.",
            "{unit} took too long: {operation}",
        ),
        Rule(
            "stop_timed_out",
            MEDIUM,
            rf"(?:^|[ \t]){_UNIT}: State '(?P<state>[a-z-]{{3,40}})' timed out\. (?:Killing|Terminating|Skipping)",
            "{unit} did not stop in time and was killed",
        ),
        Rule(
            "dependency_failed",
            HIGH,
            r"\bDependency failed for (?P<unit>[^\r\n]{1,200}?)\.$",
            "{unit} was not started because something that it needs has failed",
        ),
        Rule(
            "oom_killed",
            CRITICAL,
            rf"(?:^|[ \t]){_UNIT}: (?:A process of this unit has been killed by the OOM killer"
            r"|Failed with result 'oom-kill'"
            r"|systemd-oomd killed (?P<count>[0-9]{1,9}) process)",
            "A process of {unit} was killed for want of memory",
            exclude=(r": Failed with result 'oom-kill'",),
        ),
        Rule(
            "memory_pressure",
            CRITICAL,
            r"\bsystemd-oomd(?:\[[0-9]{1,10}\])?: Killed (?P<group>[^ \r\n]{1,300}) due to "
            r"(?P<reason>[^\r\n]{1,200})",
            "{group} was killed for want of memory",
        ),
        Rule(
            "dumped_core",
            HIGH,
            r"\bProcess (?P<pid>[0-9]{1,10}) \((?P<process>[^)\r\n]{1,64})\) of user (?P<uid>[0-9]{1,10}) (?:dumped "
            r"core|terminated abnormally)",
            "{process} (pid {pid}) crashed",
        ),
        Rule(
            "exec_failed",
            HIGH,
            rf"(?:^|[ \t]){_UNIT}: (?:Failed at step (?P<step>[A-Z_]{{2,30}}) spawning (?P<path>[^:\r\n]{{1,300}}): "
            r"|Failed to (?:execute|locate executable) "
            r"[^:\r\n]{1,300}: )(?P<error>[^\r\n]{1,120})",
            "The program of {unit} cannot be started: {error}",
        ),
        Rule(
            "device_missing",
            HIGH,
            r"\bTimed out waiting for device (?P<device>[^\r\n]{1,200}?)\.$",
            "The device {device} did not appear, and what is mounted from it is missing",
        ),
        Rule(
            "emergency",
            CRITICAL,
            r"\b(?:Reached target (?:emergency\.target - )?Emergency Mode"
            r"|Started (?:emergency\.service - )?Emergency Shell|You are in emergency mode)",
            "The host did not come up and waits in emergency mode",
        ),
        Rule(
            "ordering_cycle",
            MEDIUM,
            r"\bFound ordering cycle on (?P<unit>[^ \r\n]{1,200})",
            "Units wait for each other, and one of them was left out of the boot: {unit}",
        ),
        Rule(
            "journal_suppressed",
            MEDIUM,
            r"\bSuppressed (?P<count>[0-9]{1,9}) messages from (?P<unit>[^ \r\n]{1,200})",
            "{unit} wrote too much, and {count} of its messages are lost",
        ),
        Rule(
            "journal_corrupted",
            LOW,
            r"\bFile (?P<file>/[^ \r\n]{1,300}\.journal) corrupted or uncleanly shut down, renaming and replacing",
            "A journal was damaged, as by a crash, and a new one begun",
        ),
        Rule(
            "bad_configuration",
            LOW,
            r"(?:^|[ \t])(?P<file>/[^ :\r\n]{1,300}\.(?:service|socket|mount|timer|target|conf|network|netdev|link"
            r"|slice|path)):(?P<line>[0-9]{1,6}): "
            r"(?P<error>(?:Unknown (?:key|section|lvalue)|Failed to parse|Invalid|Missing '='"
            r"|Unit configuration has fatal error|Assignment outside of section)[^\r\n]{1,200})",
            "{file} line {line} is not understood: {error}",
        ),
        Rule(
            "bad_setting",
            HIGH,
            rf"(?:^|[ \t]){_UNIT}: (?P<error>(?:Service has no Exec\w{{1,20}}= setting"
            r"|Unit configuration has fatal error|Executable path is not absolute"
            r"|Bad unit file setting)[^\r\n]{0,120})",
            "{unit} cannot be used: {error}",
        ),
    ),
)

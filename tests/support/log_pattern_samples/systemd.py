# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set systemd, and what it says of units that come and go as they should."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = "Nov 28 19:20:07 web1 systemd[1]: "

SAMPLES: Mapping[str, Sample] = {
    "unit_failed": sample(
        _AT + "nginx.service: Failed with result 'exit-code'.",
        _AT + "nginx.service: Deactivated successfully.",
        _AT + "nginx.service: Unit entered failed state.",
        unit="nginx.service",
        result="exit-code",
    ),
    "start_failed": sample(
        _AT + "Failed to start nginx.service - A high performance web server and a reverse proxy server.",
        _AT + "Started nginx.service - A high performance web server and a reverse proxy server.",
        _AT + "Failed to mount /srv/data.",
        _AT + "Failed to start The Apache HTTP Server.",
    ),
    "start_limit": sample(
        _AT + "app.service: Start request repeated too quickly.",
        _AT + "app.service: Consumed 1.234s CPU time.",
        unit="app.service",
    ),
    "restarting": sample(
        _AT + "app@7.service: Scheduled restart job, restart counter is at 5.",
        _AT + "Reloading.",
        unit="app@7.service",
        count="5",
    ),
    "process_killed": sample(
        _AT + "app.service: Main process exited, code=killed, status=9/KILL",
        _AT + "app.service: Main process exited, code=killed, status=15/TERM",
        _AT + "app.service: Main process exited, code=dumped, status=11/SEGV",
        unit="app.service",
        signal="9/KILL",
        code="killed",
    ),
    "watchdog": sample(
        _AT + "app.service: Watchdog timeout (limit 30s)!",
        _AT + "Using hardware watchdog 'iTCO_wdt', version 6, device /dev/watchdog0",
        limit="30s",
    ),
    "timed_out": sample(
        _AT + "app.service: start operation timed out. Terminating.",
        _AT + "app.service: Control process exited, code=exited, status=0/SUCCESS",
        operation="start",
    ),
    "stop_timed_out": sample(
        _AT + "app.service: State 'stop-sigterm' timed out. Killing.",
        _AT + "app.service: Stopping timed actions.",
        state="stop-sigterm",
    ),
    "dependency_failed": sample(
        _AT + "Dependency failed for remote-fs.target - Remote File Systems.",
        _AT + "Reached target remote-fs.target - Remote File Systems.",
        unit="remote-fs.target - Remote File Systems",
    ),
    "oom_killed": sample(
        _AT + "app.service: A process of this unit has been killed by the OOM killer.",
        _AT + "app.service: Failed with result 'oom-kill'.",
        _AT + "app.service: systemd-oomd killed 7 process(es) in this unit.",
        unit="app.service",
    ),
    "memory_pressure": sample(
        "Nov 28 19:20:07 web1 systemd-oomd[400]: Killed /user.slice/user-1000.slice/app.scope due to memory pressure for"
        " /user.slice/user-1000.slice being 61.23% > 50.00% for > 20s with reclaim activity",
        "Nov 28 19:20:07 web1 systemd-oomd[400]: Swap is currently not detected; memory pressure usage will be degraded",
        group="/user.slice/user-1000.slice/app.scope",
    ),
    "dumped_core": sample(
        "Nov 28 19:20:07 web1 systemd-coredump[500]: [🡕] Process 4711 (app) of user 1000 dumped core.",
        "Nov 28 19:20:07 web1 systemd-coredump[500]: Removed old coredump core.app.1000.zst.",
        pid="4711",
        process="app",
    ),
    "exec_failed": sample(
        "Nov 28 19:20:07 web1 systemd[4711]: app.service: Failed at step EXEC spawning /usr/bin/app: No such file or directory",
        "Nov 28 19:20:07 web1 systemd[4711]: app.service: Executing: /usr/bin/app",
        "Nov 28 19:20:07 web1 (app)[4711]: app.service: Failed to execute /usr/bin/app: Permission denied",
        error="No such file or directory",
    ),
    "device_missing": sample(
        _AT + "Timed out waiting for device dev-disk-by\\x2duuid-1234.device - /dev/disk/by-uuid/1234.",
        _AT + "Found device dev-sda1.device - QEMU_HARDDISK 1.",
    ),
    "emergency": sample(
        _AT + "Reached target emergency.target - Emergency Mode.",
        _AT + "Reached target multi-user.target - Multi-User System.",
        'You are in emergency mode. After logging in, type "journalctl -xb" to view system logs',
        _AT + "Started Emergency Shell.",
    ),
    "ordering_cycle": sample(
        _AT + "basic.target: Found ordering cycle on app.service/start",
        _AT + "basic.target: no cycle found",
        unit="app.service/start",
    ),
    "journal_suppressed": sample(
        "Nov 28 19:20:07 web1 systemd-journald[300]: Suppressed 12345 messages from app.service",
        "Nov 28 19:20:07 web1 systemd-journald[300]: Time jumped backwards, rotating.",
        count="12345",
        unit="app.service",
    ),
    "journal_corrupted": sample(
        "Nov 28 19:20:07 web1 systemd-journald[300]: File /var/log/journal/1a2b/system.journal corrupted or uncleanly shut down, renaming and replacing.",
        "Nov 28 19:20:07 web1 systemd-journald[300]: System Journal (/var/log/journal/1a2b) is 8.0M, max 4.0G, 3.9G free.",
        file="/var/log/journal/1a2b/system.journal",
    ),
    "bad_configuration": sample(
        _AT + "/etc/systemd/system/app.service:12: Unknown key name 'ExecStrat' in section 'Service', ignoring.",
        _AT + "/usr/lib/systemd/system/plymouth-start.service:17: Unit uses KillMode=none. This is unsafe.",
        _AT + "/etc/systemd/system/app.service:12: Failed to parse service restart specifier, ignoring: allways",
        file="/etc/systemd/system/app.service",
        line="12",
    ),
    "bad_setting": sample(
        _AT
        + "app.service: Service has no ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.",
        _AT + "app.service: Service RestartSec=100ms expired, scheduling restart.",
        _AT + "app.service: Unit configuration has fatal error, unit will not be started.",
        unit="app.service",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _AT + "Starting nginx.service - A high performance web server and a reverse proxy server...",
    _AT + "Started Session 42 of User deploy.",
    _AT + "logrotate.service: Deactivated successfully.",
    _AT + "Finished logrotate.service - Rotate log files.",
    _AT + "app.service: Main process exited, code=exited, status=143/n/a",
    _AT + "app.service: Succeeded.",
    _AT + "Stopping User Manager for UID 1000...",
    _AT + "session-42.scope: Consumed 1.234s CPU time.",
    _AT + "Condition check resulted in Rebuild Hardware Database being skipped.",
    _AT + "Listening on dbus.socket - D-Bus System Message Bus Socket.",
    "Nov 28 19:20:07 web1 systemd-timesyncd[400]: Initial clock synchronization to Sat 2026-11-28 19:20:07 UTC.",
    "Nov 28 19:20:07 web1 systemd-resolved[401]: Server returned error NXDOMAIN, mitigating potential DNS violation DVE-2018-0001",
    "Nov 28 19:20:07 web1 systemd-networkd[402]: eth0: Gained carrier",
    "Nov 28 19:20:07 web1 systemd-udevd[403]: Using default interface naming scheme 'v252'.",
)

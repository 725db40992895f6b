# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What daemons of any kind write to the system's log: space, limits, time, mail, disks, jobs."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, HOST, LOW, MEDIUM, REST, PatternSet, Rule

SET = PatternSet(
    "syslog",
    "System log",
    (
        Rule(
            "disk_full",
            CRITICAL,
            r"\bNo space left on device\b",
            "A file system is full, or has no inodes left",
        ),
        Rule(
            "open_files",
            HIGH,
            r"\bToo many open files\b",
            "A process has as many files and sockets open as it may",
        ),
        Rule(
            "no_memory",
            HIGH,
            r"\bCannot allocate memory\b",
            "A process was refused memory",
        ),
        Rule(
            "read_only",
            HIGH,
            r": Read-only file system\b",
            "Something could not be written because the file system is read-only",
        ),
        Rule(
            "messages_lost",
            MEDIUM,
            r"\bimuxsock\b[^\r\n]{0,80}? lost (?P<count>[0-9]{1,9}) messages from pid (?P<pid>[0-9]{1,10}) due to "
            r"rate-limiting",
            "rsyslog dropped {count} messages of pid {pid}, which wrote too many",
        ),
        Rule(
            "forwarding_suspended",
            HIGH,
            r"\brsyslogd\b[^\r\n]{0,60}?: action '(?P<action>[^'\r\n]{1,80})' suspended\b",
            "rsyslog cannot deliver messages: its action {action} is suspended",
        ),
        Rule(
            "cron_failed",
            MEDIUM,
            r"\bCRON\[(?P<pid>[0-9]{1,10})\]: \((?P<user>[^)\r\n]{1,64})\) error \(grandchild #[0-9]{1,10} failed "
            r"with exit "
            r"status (?P<status>[0-9]{1,3})\)",
            "A cron job of {user} ended with exit status {status}",
        ),
        Rule(
            "cron_refused",
            MEDIUM,
            r"\b(?i:cron)d?\[[0-9]{1,10}\]: \((?P<user>[^)\r\n]{1,64})\) (?P<error>(?:BAD FILE MODE"
            r"|WRONG FILE OWNER"
            r"|WRONG INODE INFO|INSECURE MODE|CAN'T FORK|CAN'T OPEN|FAILED to (?:open PAM|authorize)|ERROR"
            r"|PAM ERROR|NO PASSWD ENTRY|ORPHAN|Authentication token is no longer valid)[^\r\n]{0,120})",
            "cron does not run a table of {user}: {error}",
            exclude=(r"\) ORPHAN \(no passwd entry\)$",),
        ),
        Rule(
            "clock_unsynchronised",
            MEDIUM,
            r"\bchronyd(?:\[[0-9]{1,10}\])?: (?P<error>Can't synchronise: [^\r\n]{1,80}"
            r"|System clock wrong by [^\r\n]{1,80}|System clock was stepped by [^\r\n]{1,80})",
            "The clock is not kept in time: {error}",
        ),
        Rule(
            "no_address",
            HIGH,
            r"\bdhclient(?:\[[0-9]{1,10}\])?: (?P<error>No DHCPOFFERS received"
            r"|No working leases in persistent database)",
            "The DHCP client has got no address: {error}",
        ),
        Rule(
            "smart_failing",
            CRITICAL,
            r"\bsmartd(?:\[[0-9]{1,10}\])?: Device: (?P<device>/dev/[^,\s]{1,64})[^,\r\n]{0,40}, "
            r"(?P<error>FAILED SMART self-check[^\r\n]{0,60}|SMART Failure: [^\r\n]{1,100}"
            r"|Failed SMART usage Attribute: [^\r\n]{1,60}|Critical Warning \(0x[0-9a-fA-F]{2}\)[^\r\n]{0,60})",
            "The disk {device} says that it is failing: {error}",
        ),
        Rule(
            "smart_sectors",
            HIGH,
            r"\bsmartd(?:\[[0-9]{1,10}\])?: Device: (?P<device>/dev/[^,\s]{1,64})[^,\r\n]{0,40}, "
            r"(?P<count>[0-9]{1,9}) "
            r"(?:Currently unreadable \(pending\)|Offline uncorrectable) sectors",
            "The disk {device} has {count} sectors that cannot be read",
        ),
        Rule(
            "raid_event",
            CRITICAL,
            r"\bmdadm(?:\[[0-9]{1,10}\])?: (?P<event>Fail|FailSpare|DegradedArray"
            r"|DeviceDisappeared) event detected on md "
            r"device (?P<array>[^, \r\n]{1,64})",
            "The RAID array {array}: {event}",
        ),
        Rule(
            "paths_lost",
            CRITICAL,
            r"\bmultipathd?(?:\[[0-9]{1,10}\])?: (?P<map>[A-Za-z0-9_.-]{1,128}): remaining active paths: 0\b",
            "The multipath device {map} has lost its last path",
        ),
        Rule(
            "mail_bounced",
            LOW,
            r"\bpostfix[a-z0-9/-]{0,40}\[[0-9]{1,10}\]: (?P<queue_id>[0-9A-Za-z]{5,20}): "
            r"to=<(?P<recipient>[^>\r\n]{1,254})>"
            r"[^\r\n]{1,400}? status=(?P<status>bounced|expired)\b",
            "A mail to {recipient} was not delivered: {status}",
        ),
        Rule(
            "mail_deferred",
            LOW,
            r"\bpostfix[a-z0-9/-]{0,40}\[[0-9]{1,10}\]: (?P<queue_id>[0-9A-Za-z]{5,20}): "
            r"to=<(?P<recipient>[^>\r\n]{1,254})>"
            r"[^\r\n]{1,400}? status=deferred \((?P<error>[^\r\n]{1,300})\)",
            "Mails wait because they cannot be delivered, as one to {recipient}: {error}",
            threshold=(20, 600.0),
        ),
        Rule(
            "mail_fatal",
            HIGH,
            rf"\bpostfix[a-z0-9/-]{{0,40}}\[[0-9]{{1,10}}\]: (?:fatal|panic): (?P<error>{REST})",
            "The mail server has stopped a part of itself: {error}",
        ),
        Rule(
            "power_lost",
            CRITICAL,
            r"\b(?:upsmon(?:\[[0-9]{1,10}\])?: UPS (?P<ups>[^ \r\n]{1,80}) (?:on battery|battery is low)"
            r"|apcupsd(?:\[[0-9]{1,10}\])?: (?:Power failure|Running on UPS batteries))",
            "The power supply runs on battery",
        ),
        Rule(
            "failover",
            HIGH,
            r"\bKeepalived_vrrp(?:\[[0-9]{1,10}\])?: (?:VRRP_Instance)?\(?(?P<instance>[A-Za-z0-9_.-]{1,64})\)"
            r" (?:Entering|Transition to) (?P<state>MASTER|FAULT)(?: STATE)?\b",
            "The virtual address of {instance} has moved: this host is now {state}",
        ),
        Rule(
            "zone_failed",
            MEDIUM,
            r"\bnamed(?:\[[0-9]{1,10}\])?: (?:general: )?(?:error: )?zone "
            rf"(?P<zone>{HOST})/IN(?:/[^:\r\n]{{1,40}})?: "
            r"(?P<error>not loaded due to errors|loading from master file [^\r\n]{1,200} failed[^\r\n]{0,80}"
            r"|refresh: (?:failure|retry limit)[^\r\n]{0,160}|expired)",
            "The DNS zone {zone} is not served or not renewed: {error}",
        ),
        Rule(
            "logrotate_failed",
            MEDIUM,
            rf"\blogrotate(?:\[[0-9]{{1,10}}\])?: (?:ALERT exited abnormally with|error: )(?P<error>{REST})",
            "Logs were not rotated: {error}",
        ),
    ),
)

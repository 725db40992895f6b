# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set syslog, and what daemons say all day."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = "Nov 28 19:20:07 web1 "

SAMPLES: Mapping[str, Sample] = {
    "disk_full": sample(
        _AT
        + "rsyslogd[812]: file '/var/log/syslog'[7] write error - see https://www.rsyslog.com/solving-rsyslog-write-errors/"
        " for help OS error: No space left on device [v8.2302.0 try https://www.rsyslog.com/e/2027 ]",
        _AT + "app[7]: 12 GiB of space left on device /dev/sda1",
    ),
    "open_files": sample(
        _AT + "app[77]: accept: Too many open files",
        _AT + "app[77]: raised the limit of open files to 65536",
    ),
    "no_memory": sample(
        _AT + "cron[55]: fork: Cannot allocate memory",
        _AT + "app[55]: allocated memory for 12 caches",
    ),
    "read_only": sample(
        _AT + "logger[9]: cannot create /var/tmp/x: Read-only file system",
        _AT + "systemd-remount-fs[9]: /boot is a Read-only file system by choice",
    ),
    "messages_lost": sample(
        _AT + "rsyslogd: imuxsock[pid: 4711, name: app]: lost 1234 messages from pid 4711 due to rate-limiting",
        _AT + "rsyslogd: imuxsock: Acquired UNIX socket '/run/systemd/journal/syslog' (fd 3) from systemd.",
        _AT + "rsyslogd-2177: imuxsock lost 188 messages from pid 3311 due to rate-limiting",
        count="1234",
        pid="4711",
    ),
    "forwarding_suspended": sample(
        _AT
        + "rsyslogd[812]: action 'action-1-builtin:omfwd' suspended (module 'builtin:omfwd'), retry 0. There should be messages",
        _AT + "rsyslogd[812]: action 'action-1-builtin:omfwd' resumed (module 'builtin:omfwd') [v8.2302.0]",
        action="action-1-builtin:omfwd",
    ),
    "cron_failed": sample(
        _AT + "CRON[2211]: (backup) error (grandchild #2212 failed with exit status 1)",
        _AT + "CRON[2211]: (backup) CMD (/usr/local/bin/backup --quiet)",
        user="backup",
        status="1",
    ),
    "cron_refused": sample(
        _AT + "cron[611]: (root) BAD FILE MODE (/etc/cron.d/backup)",
        _AT + "cron[611]: (root) RELOAD (crontabs/root)",
        _AT
        + "crond[611]: (backup) FAILED to authorize user with PAM (Authentication token is no longer valid; new one required)",
        _AT + "cron[611]: (*system*backup) WRONG FILE OWNER (/etc/cron.d/backup)",
        user="root",
    ),
    "clock_unsynchronised": sample(
        _AT + "chronyd[501]: Can't synchronise: no selectable sources",
        _AT + "chronyd[501]: Selected source 192.0.2.123 (2.debian.pool.ntp.org)",
        _AT + "chronyd[501]: System clock wrong by 5.123456 seconds",
    ),
    "no_address": sample(
        _AT + "dhclient[404]: No DHCPOFFERS received.",
        _AT + "dhclient[404]: DHCPOFFER of 192.0.2.77 from 192.0.2.1",
    ),
    "smart_failing": sample(
        _AT + "smartd[700]: Device: /dev/sda [SAT], FAILED SMART self-check. BACK UP DATA NOW!",
        _AT
        + "smartd[700]: Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature_Celsius changed from 112 to 111",
        _AT + "smartd[700]: Device: /dev/sdb [SAT], Failed SMART usage Attribute: 5 Reallocated_Sector_Ct.",
        device="/dev/sda",
    ),
    "smart_sectors": sample(
        _AT + "smartd[700]: Device: /dev/sdb [SAT], 8 Currently unreadable (pending) sectors",
        _AT + 'smartd[700]: Device: /dev/sdb [SAT], is SMART capable. Adding to "monitor" list.',
        device="/dev/sdb",
        count="8",
    ),
    "raid_event": sample(
        _AT + "mdadm[300]: DegradedArray event detected on md device /dev/md0",
        _AT + "mdadm[300]: NewArray event detected on md device /dev/md0",
        _AT + "mdadm[300]: Fail event detected on md device /dev/md1, component device /dev/sdb1",
        event="DegradedArray",
        array="/dev/md0",
    ),
    "paths_lost": sample(
        _AT + "multipathd[210]: mpatha: remaining active paths: 0",
        _AT + "multipathd[210]: mpatha: remaining active paths: 3",
        map="mpatha",
    ),
    "mail_bounced": sample(
        _AT
        + "postfix/smtp[991]: 4XyZ1a2b3c: to=<bob@example.com>, relay=mx.example.com[192.0.2.25]:25, delay=1.2, delays=0.1/0/0.5/0.6,"
        " dsn=5.1.1, status=bounced (host mx.example.com[192.0.2.25] said: 550 5.1.1 User unknown)",
        _AT
        + "postfix/smtp[991]: 4XyZ1a2b3c: to=<bob@example.com>, relay=mx.example.com[192.0.2.25]:25, delay=1.2, delays=0.1/0/0.5/0.6,"
        " dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4AbC)",
        recipient="bob@example.com",
        status="bounced",
    ),
    "mail_deferred": sample(
        _AT + "postfix/smtp[991]: 4XyZ1a2b3c: to=<bob@example.com>, relay=none, delay=30, delays=0.1/0/30/0, dsn=4.4.1,"
        " status=deferred (connect to mx.example.com[192.0.2.25]:25: Connection timed out)",
        _AT + "postfix/qmgr[88]: 4XyZ1a2b3c: from=<app@example.com>, size=1234, nrcpt=1 (queue active)",
        recipient="bob@example.com",
    ),
    "mail_fatal": sample(
        _AT + "postfix/master[77]: fatal: bind 0.0.0.0 port 25: Address already in use",
        _AT + "postfix/smtpd[78]: warning: hostname host.example.com does not resolve to address 203.0.113.9",
        _AT + "postfix/postfix-script[76]: fatal: the Postfix mail system is already running",
    ),
    "power_lost": sample(
        _AT + "upsmon[600]: UPS ups@localhost on battery",
        _AT + "upsmon[600]: UPS ups@localhost on line power",
        _AT + "apcupsd[600]: Power failure.",
    ),
    "failover": sample(
        _AT + "Keepalived_vrrp[420]: (VI_1) Entering MASTER STATE",
        _AT + "Keepalived_vrrp[420]: (VI_1) Entering BACKUP STATE",
        _AT + "Keepalived_vrrp[420]: VRRP_Instance(VI_1) Transition to MASTER STATE",
        instance="VI_1",
        state="MASTER",
    ),
    "zone_failed": sample(
        _AT + "named[530]: zone example.com/IN: not loaded due to errors.",
        _AT + "named[530]: zone example.com/IN: loaded serial 2026112801",
        _AT
        + "named[530]: zone example.org/IN: refresh: retry limit for master 192.0.2.53#53 exceeded (source 0.0.0.0#0)",
        zone="example.com",
    ),
    "logrotate_failed": sample(
        _AT + "logrotate[3344]: error: error running shared postrotate script for '/var/log/nginx/*.log '",
        _AT + "logrotate[3344]: rotating pattern: /var/log/nginx/*.log after 1 days (14 rotations)",
        _AT + "logrotate: ALERT exited abnormally with [1]",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _AT + "CRON[4242]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)",
    _AT + "CRON[4242]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
    _AT
    + 'rsyslogd: [origin software="rsyslogd" swVersion="8.2302.0" x-pid="812" x-info="https://www.rsyslog.com"] rsyslogd was HUPed',
    _AT + "dhclient[404]: DHCPACK of 192.0.2.77 from 192.0.2.1",
    _AT + "dhclient[404]: bound to 192.0.2.77 -- renewal in 40000 seconds.",
    _AT
    + "NetworkManager[450]: <info>  [1764357607.1234] device (eth0): state change: activated -> deactivating (reason 'new-activation')",
    _AT + "postfix/smtpd[80]: connect from unknown[203.0.113.9]",
    _AT + "postfix/smtpd[80]: lost connection after EHLO from unknown[203.0.113.9]",
    _AT + "postfix/qmgr[88]: 4XyZ1a2b3c: removed",
    _AT + "dbus-daemon[400]: [system] Successfully activated service 'org.freedesktop.hostname1'",
    _AT + 'snapd[900]: storehelpers.go:769: cannot refresh: snap has no updates available: "core20", "lxd"',
    _AT + "anacron[333]: Job `cron.daily' terminated",
    _AT + "named[530]: client @0x7f12 203.0.113.9#4242 (example.com): query (cache) 'example.com/A/IN' denied",
    _AT + "ntpd[470]: Soliciting pool server 192.0.2.123",
    _AT + "chronyd[501]: Source 192.0.2.123 replaced with 192.0.2.124 (2.debian.pool.ntp.org)",
    _AT + "smartd[700]: Device: /dev/sda [SAT], previous self-test completed without error",
    _AT + "kernel: lo: renamed from tmp",
    _AT + "last message repeated 3 times",
    "<34>1 2026-11-28T19:20:07.003Z web1.example.com app 812 ID47 - Application started without errors",
    _AT + "backup[71]: 0 errors, 0 failed, 1234 files saved",
)

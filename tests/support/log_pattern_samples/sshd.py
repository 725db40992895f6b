# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set sshd, and what a server says of people who sign in as they should."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = "Nov 28 19:20:07 web1 sshd[4711]: "
_SESSION = "2026-11-28T19:20:07.123456+00:00 web1 sshd-session[4711]: "

SAMPLES: Mapping[str, Sample] = {
    "failed_login": sample(
        _AT + "Failed password for invalid user admin from 203.0.113.9 port 50273 ssh2",
        _AT + "Failed publickey for git from 203.0.113.9 port 57904 ssh2: RSA SHA256:abcdefghijklmnopqrstuvwxyz",
        _SESSION + "Failed password for root from 2001:db8::9 port 56502 ssh2",
        _AT + "Failed keyboard-interactive/pam for bob from 203.0.113.9 port 54520 ssh2",
        _AT + "Failed password for invalid user test from 192.0.2.7 port 1 ssh2 from 203.0.113.9 port 58946 ssh2",
        client_ip="203.0.113.9",
        user="admin",
        method="password",
        port="50273",
    ),
    "invalid_user": sample(
        _AT + "Invalid user ftp from 203.0.113.9 port 37220",
        _AT + "input_userauth_request: invalid user ftp [preauth]",
        _SESSION + "Invalid user  from 203.0.113.9 port 37221",
        client_ip="203.0.113.9",
        user="ftp",
    ),
    "too_many_attempts": sample(
        _AT
        + "error: maximum authentication attempts exceeded for invalid user xxx from 203.0.113.9 port 49941 ssh2 [preauth]",
        _AT + "Disconnecting: Too many authentication failures for root [preauth]",
        client_ip="203.0.113.9",
        user="xxx",
    ),
    "not_allowed": sample(
        _AT + "User root from 203.0.113.9 not allowed because not listed in AllowUsers",
        _AT + "User child is on pid 4712",
        _AT + "User root not allowed because account is locked",
        user="root",
        client_ip="203.0.113.9",
        reason="not listed in AllowUsers",
    ),
    "root_refused": sample(
        _AT + "ROOT LOGIN REFUSED FROM 203.0.113.9 port 12345 [preauth]",
        _AT + "PermitRootLogin is set to prohibit-password",
        client_ip="203.0.113.9",
    ),
    "root_login": sample(
        _AT + "Accepted publickey for root from 203.0.113.9 port 4242 ssh2: ED25519 SHA256:abcdefg",
        _AT + "Accepted publickey for rootless from 203.0.113.9 port 4242 ssh2: ED25519 SHA256:abcdefg",
        client_ip="203.0.113.9",
        method="publickey",
    ),
    "probe": sample(
        _AT + 'error: kex_exchange_identification: client sent invalid protocol identifier "GET / HTTP/1.1"',
        _AT + "error: kex_exchange_identification: Connection closed by remote host",
        _AT + "Bad protocol version identification 'GET / HTTP/1.1' from 203.0.113.9 port 31778",
        _AT + "Did not receive identification string from 203.0.113.9 port 35836",
    ),
    "negotiation_failed": sample(
        _AT + "Unable to negotiate with 203.0.113.9 port 4242: no matching key exchange method found. Their offer:"
        " diffie-hellman-group1-sha1 [preauth]",
        _AT + "Connection closed by 203.0.113.9 port 4242 [preauth]",
        client_ip="203.0.113.9",
        what="key exchange method",
    ),
    "throttled": sample(
        _AT + "error: beginning MaxStartups throttling",
        _AT + "exited MaxStartups throttling after 00:01:10, 12 connections dropped",
        _AT + "drop connection #10 from [203.0.113.9]:50312 on [192.0.2.1]:22 past MaxStartups",
    ),
    "penalty": sample(
        _AT + "drop connection #0 from [203.0.113.9]:50312 on [192.0.2.1]:22 penalty: failed authentication",
        _AT + "drop connection #0 from [203.0.113.9]:50312 on [192.0.2.1]:22 past MaxStartups",
        client_ip="203.0.113.9",
        reason="failed authentication",
    ),
    "bind_failed": sample(
        _AT + "error: Bind to port 22 on 0.0.0.0 failed: Address already in use.",
        _AT + "Server listening on 0.0.0.0 port 22.",
        _AT + "error: Bind to port 22 on :: failed: Cannot assign requested address.",
        port="22",
        address="0.0.0.0",
        error="Address already in use",
    ),
    "not_started": sample(
        _AT + "fatal: Cannot bind any address.",
        _AT + "Received signal 15; terminating.",
        "sshd: no hostkeys available -- exiting.",
        _AT + "fatal: /etc/ssh/sshd_config: terminating, 1 bad configuration options",
        "sshd: Missing privilege separation directory: /run/sshd",
    ),
    "bad_option": sample(
        "/etc/ssh/sshd_config line 12: Bad configuration option: PermitRotLogin",
        _AT + "rexec line 12: Deprecated option UsePrivilegeSeparation",
        "/etc/ssh/sshd_config: line 3: Directive 'Ciphers' is not allowed within a Match block",
        file="/etc/ssh/sshd_config",
        line="12",
    ),
    "host_key": sample(
        _AT + "error: Could not load host key: /etc/ssh/ssh_host_ed25519_key",
        _AT + "error: Could not get shadow information for bob",
        _AT + "error: Permissions 0644 for '/etc/ssh/ssh_host_rsa_key' are too open.",
    ),
    "bad_permissions": sample(
        _AT + "Authentication refused: bad ownership or modes for directory /home/bob/.ssh",
        _AT + "Authentication tried for bob with correct key but not from a permitted host",
        path="/home/bob/.ssh",
    ),
    "bad_chroot": sample(
        _AT + 'fatal: bad ownership or modes for chroot directory component "/srv/sftp/"',
        _AT + 'Changed root directory to "/srv/sftp"',
        path="/srv/sftp/",
    ),
    "login_timeout": sample(
        _AT + "fatal: Timeout before authentication for 203.0.113.9 port 55555",
        _AT + "Timeout, client not responding from user bob 203.0.113.9 port 55555",
        _AT + "fatal: Timeout before authentication for connection from 203.0.113.9 to 192.0.2.1, pid = 4712",
        client_ip="203.0.113.9",
    ),
    "corrupted": sample(
        _AT
        + "ssh_dispatch_run_fatal: Connection from 203.0.113.9 port 33738: message authentication code incorrect [preauth]",
        _AT + "ssh_dispatch_run_fatal: Connection from 203.0.113.9 port 33738: Connection reset by peer [preauth]",
        _AT + "Corrupted MAC on input. [preauth]",
        client_ip="203.0.113.9",
    ),
    "crashed_session": sample(
        _AT + "error: fork: Cannot allocate memory",
        _AT + "error: connect_to localhost port 5432: failed.",
        _AT + "fatal: fork of unprivileged child failed",
        _AT + "error: openpty: No such file or directory",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _AT + "Server listening on 0.0.0.0 port 22.",
    _AT + "Accepted publickey for deploy from 192.0.2.7 port 52100 ssh2: ED25519 SHA256:abcdefghijk",
    _SESSION + "Accepted password for bob from 192.0.2.7 port 52100 ssh2",
    _AT + "pam_unix(sshd:session): session opened for user deploy(uid=1000) by (uid=0)",
    _AT + "Received disconnect from 192.0.2.7 port 52100:11: disconnected by user",
    _AT + "Disconnected from user deploy 192.0.2.7 port 52100",
    _AT + "Connection closed by 203.0.113.9 port 46038 [preauth]",
    _AT + "Connection closed by authenticating user root 203.0.113.9 port 46038 [preauth]",
    _AT + "Connection reset by 203.0.113.9 port 14282 [preauth]",
    _AT + "subsystem request for sftp by user deploy",
    _AT + "Postponed publickey for git from 192.0.2.7 port 57904 ssh2 [preauth]",
    _AT + 'Connection from 192.0.2.7 port 62004 on 192.0.2.1 port 22 rdomain ""',
    _AT + "Starting session: command for deploy from 192.0.2.7 port 52100 id 0",
    _AT
    + "error: Received disconnect from 203.0.113.9 port 7736:3: com.jcraft.jsch.JSchException: Auth cancel [preauth]",
    _AT + "User child is on pid 4712",
    _AT + "Received SIGHUP; restarting.",
)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OpenSSH's server: who is refused, who attacks, and what keeps it from working. Since 9.8 it signs as sshd-session."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, HOST, LOW, MEDIUM, PatternSet, Rule

# A name may hold " from … port …" itself, to lead astray; so names are taken greedily, and the last address counts.
_FROM = rf"from (?P<client_ip>{HOST})"
_TAG = r"\bsshd(?:-session|-auth)?(?:\[[0-9]{1,10}\])?: "

SET = PatternSet(
    "sshd",
    "OpenSSH server",
    (
        Rule(
            "failed_login",
            LOW,
            r"\bFailed (?P<method>password|keyboard-interactive/pam|publickey|none|hostbased|gssapi-with-mic) for "
            rf"(?:invalid user )?(?P<user>[^\r\n]{{0,100}}) {_FROM} port (?P<port>[0-9]{{1,5}})",
            "{client_ip} failed to sign in",
            exclude=(r"\bFailed (?:none|publickey) for [^\r\n]{1,80} from ",),
            threshold=(20, 600.0),
        ),
        Rule(
            "invalid_user",
            LOW,
            rf"{_TAG}Invalid user (?P<user>[^\r\n]{{0,100}}) {_FROM}(?: port (?P<port>[0-9]{{1,5}}))?",
            "{client_ip} tried a user that does not exist",
            threshold=(20, 600.0),
        ),
        Rule(
            "too_many_attempts",
            MEDIUM,
            rf"\bmaximum authentication attempts exceeded for (?:invalid user )?(?P<user>[^\r\n]{{0,100}}) {_FROM} "
            r"port ",
            "{client_ip} used up its attempts to sign in on one connection",
        ),
        Rule(
            "not_allowed",
            MEDIUM,
            rf"{_TAG}User (?P<user>[^ \r\n]{{1,64}})(?: {_FROM})? not allowed because (?P<reason>[^\r\n]{{1,120}})",
            "{user} may not sign in: {reason}",
        ),
        Rule(
            "root_refused",
            MEDIUM,
            r"\bROOT LOGIN REFUSED FROM (?P<client_ip>[0-9A-Za-z.:%-]{1,253})",
            "root is not allowed to sign in, and {client_ip} tried to",
        ),
        Rule(
            "root_login",
            MEDIUM,
            rf"\bAccepted (?P<method>[a-z/-]{{1,40}}) for root {_FROM} port (?P<port>[0-9]{{1,5}})",
            "root signed in from {client_ip} by {method}",
        ),
        Rule(
            "probe",
            LOW,
            rf"{_TAG}(?:error: )?(?P<error>Bad protocol version identification '[^\r\n]{{0,200}}?' {_FROM} port "
            r"[0-9]{1,5}"
            r"|kex_exchange_identification: client sent invalid protocol identifier"
            rf"|Did not receive identification string {HOST})",
            "Something that is no SSH client talks to the server",
            threshold=(20, 600.0),
        ),
        Rule(
            "negotiation_failed",
            LOW,
            rf"\bUnable to negotiate with (?P<client_ip>{HOST}) port (?P<port>[0-9]{{1,5}}): no matching "
            r"(?P<what>[a-z ]{3,40}) found\. Their offer: (?P<offer>[^\r\n]{1,300})",
            "{client_ip} has no {what} in common with the server",
        ),
        Rule(
            "throttled",
            HIGH,
            r"\berror: beginning MaxStartups throttling"
            r"|\bdrop connection #[0-9]{1,6} from \[(?P<client_ip>[^\]\r\n]{1,64})\]:"
            r"[0-9]{1,5} on \[[^\]\r\n]{1,64}\]:[0-9]{1,5} past MaxStartups",
            "Connections are dropped because too many wait to be authenticated (MaxStartups)",
        ),
        Rule(
            "penalty",
            LOW,
            r"\bdrop connection #[0-9]{1,6} from \[(?P<client_ip>[^\]\r\n]{1,64})\]:[0-9]{1,5} on "
            r"\[[^\]\r\n]{1,64}\]:"
            r"[0-9]{1,5} penalty: (?P<reason>[^\r\n]{1,120})",
            "{client_ip} is held off: {reason}",
        ),
        Rule(
            "bind_failed",
            HIGH,
            rf"\berror: Bind to port (?P<port>[0-9]{{1,5}}) on (?P<address>{HOST}"
            r"|::) failed: (?P<error>[^\r\n]{1,120}?)\.?$",
            "The server cannot listen on {address} port {port}: {error}",
        ),
        Rule(
            "not_started",
            CRITICAL,
            rf"{_TAG}(?:fatal: |error: )?(?P<error>no hostkeys available -- exiting|Cannot bind any address"
            r"|[^ \r\n]{1,200}: terminating, [0-9]{1,4} bad configuration options"
            r"|Missing privilege separation directory: [^\r\n]{1,200}"
            r"|Privilege separation user [^\r\n]{1,80} does not exist)",
            "The server has not started: {error}",
        ),
        Rule(
            "bad_option",
            HIGH,
            r"(?P<file>/[^ \r\n:]{0,200}sshd_config[^ \r\n:]{0,120}):? line (?P<line>[0-9]{1,6}): "
            r"(?P<error>Bad configuration option: [^\r\n]{1,80}|Bad [A-Za-z0-9 ]{1,40} '[^\r\n]{1,120}'"
            r"|Unsupported option [^\r\n]{1,60}|Directive '[^\r\n]{1,60}' is not allowed within a Match block)",
            "The configuration is wrong in {file}, line {line}: {error}",
            exclude=(r"Unsupported option (?:UsePAM|GSSAPI)",),
        ),
        Rule(
            "host_key",
            MEDIUM,
            r"\berror: (?P<error>Could not load host key: (?P<file>[^ \r\n]{1,300})"
            r"|Permissions 0[0-7]{3} for '[^'\r\n]{1,300}' are too open)",
            "A host key cannot be used: {error}",
        ),
        Rule(
            "bad_permissions",
            MEDIUM,
            r"\bAuthentication refused: bad ownership or modes for (?:file|directory) (?P<path>[^\r\n]{1,300})",
            "Keys are not accepted because others may write {path}",
        ),
        Rule(
            "bad_chroot",
            HIGH,
            r"\bbad ownership or modes for chroot directory (?:component )?\"(?P<path>[^\"\r\n]{1,300})\"",
            "SFTP does not work: the chroot directory {path} must be root's and writable by nobody else",
        ),
        Rule(
            "login_timeout",
            LOW,
            rf"\bfatal: Timeout before authentication for (?:connection from )?(?P<client_ip>{HOST})",
            "{client_ip} connected and did not sign in",
            threshold=(20, 600.0),
        ),
        Rule(
            "corrupted",
            MEDIUM,
            rf"{_TAG}(?:error: |fatal: )?(?P<error>Corrupted MAC on input"
            rf"|ssh_dispatch_run_fatal: Connection {_FROM} port "
            r"[0-9]{1,5}: (?:message authentication code incorrect|Connection corrupted))",
            "A connection was broken off because its data was damaged or forged: {error}",
        ),
        Rule(
            "crashed_session",
            HIGH,
            r"\bsshd(?:\[[0-9]{1,10}\])?: (?:fatal|error): (?P<error>fork of unprivileged child failed"
            r"|fork: [^\r\n]{1,120}"
            r"|mm_request_receive: [^\r\n]{1,80}: Cannot allocate memory|openpty: [^\r\n]{1,120}"
            r"|session_pty_req: session [0-9]{1,6} "
            r"alloc failed)",
            "The server cannot serve a session: {error}",
        ),
    ),
)

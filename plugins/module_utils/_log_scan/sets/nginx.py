# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""nginx: its error log, and the access log where it says that the server failed."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, LOW, MEDIUM, REST, SECRET_SERVED, SERVER_ERROR, PatternSet, Rule

_CLIENT = r", client: (?P<client_ip>[0-9A-Fa-f.:]{2,45}|unix:)"
_SERVER = r", server: (?P<server>[^,\r\n]{0,253})"
_REQUEST = r'(?:, request: "(?P<method>[A-Z]{1,20}) (?P<path>[^" \r\n]{1,2048})[^"\r\n]{0,400}")?'
_UPSTREAM = r'(?:, upstream: "(?P<upstream>[^"\r\n]{1,300})")?'
_WHERE = rf"{_CLIENT}{_SERVER}{_REQUEST}{_UPSTREAM}"

SET = PatternSet(
    "nginx",
    "nginx",
    (
        Rule(
            "upstream_unreachable",
            HIGH,
            r"\bconnect\(\) (?:to [^ \r\n]{1,300} )?failed \((?P<errno>[0-9]{1,4}): "
            r"(?P<error>[^)\r\n]{1,80})\) while "
            rf"connecting to upstream{_WHERE}",
            "The application behind nginx cannot be reached: {error}",
        ),
        Rule(
            "upstream_timeout",
            HIGH,
            rf"\bupstream timed out \([0-9]{{1,4}}: [^)\r\n]{{1,80}}\) while (?P<phase>[a-z -]{{5,60}}){_WHERE}",
            "The application behind nginx did not answer in time while nginx was {phase}",
        ),
        Rule(
            "upstream_closed",
            HIGH,
            r"\b(?:upstream prematurely closed connection"
            r"|recv\(\) failed \(104: Connection reset by peer\)) while reading "
            rf"(?P<phase>response header from upstream|upstream){_WHERE}",
            "The application behind nginx broke off its answer",
        ),
        Rule(
            "no_live_upstreams",
            CRITICAL,
            rf"\bno live upstreams while connecting to upstream{_WHERE}",
            "All servers of an upstream are down, and {client_ip} was refused",
        ),
        Rule(
            "upstream_header",
            MEDIUM,
            r"\bupstream sent (?P<error>too big header|invalid header|no valid HTTP/1\.0 header"
            r"|unexpected [a-zA-Z ]{1,40}) while "
            rf"reading response header from upstream{_WHERE}",
            "The application behind nginx sent an answer that nginx does not take: {error}",
        ),
        Rule(
            "upstream_tls",
            HIGH,
            r"\b(?:SSL_do_handshake\(\) failed \((?P<error>[^\r\n]{1,200}?)\)"
            r"|upstream SSL certificate (?:verify error: "
            r"\([^\r\n]{1,120}?\)"
            rf"|does not match \"[^\"\r\n]{{1,253}}\")) while SSL handshaking to upstream{_WHERE}",
            "nginx could not agree on TLS with the application behind it",
        ),
        Rule(
            "worker_crashed",
            HIGH,
            r"\bworker process (?P<pid>[0-9]{1,10}) exited on signal (?P<signal>[0-9]{1,3})",
            "The worker process {pid} was ended by signal {signal}",
        ),
        Rule(
            "worker_connections",
            CRITICAL,
            r"\b(?P<limit>[0-9]{1,9}) worker_connections are not enough",
            "All {limit} connections of a worker are in use, and further ones are refused",
        ),
        Rule(
            "open_files",
            CRITICAL,
            r"\b(?P<call>accept4?|socket|open|connect|eventfd"
            r"|epoll_create)\(\)[^\r\n]{0,300}? failed \(2[34]: Too many open files",
            "nginx has no file descriptors left: raise worker_rlimit_nofile",
        ),
        Rule(
            "disk_full",
            CRITICAL,
            r"\b(?P<call>p?writev?|mkdir|open|rename)\(\) [^\r\n]{0,300}?failed \(28: No space left on device\)",
            "nginx could not write: the file system is full",
        ),
        Rule(
            "emergency",
            CRITICAL,
            rf"\[emerg\] (?:(?P<pid>[0-9]{{1,10}})#[0-9]{{1,10}}: )?(?P<error>{REST})",
            "nginx did not start or did not take its configuration: {error}",
        ),
        Rule(
            "permission_denied",
            MEDIUM,
            r"\b(?P<call>open|stat|opendir|mkdir"
            r"|connect)\(\) (?:to )?\"?(?P<file>[^\" \r\n]{1,1024})\"? failed \(13: Permission denied\)"
            rf"(?! while connecting to upstream)(?:[^,\r\n]{{0,80}}{_CLIENT})?",
            "nginx may not use {file}",
        ),
        Rule(
            "limited",
            LOW,
            r"\blimiting (?P<what>requests"
            r"|connections)(?:, excess: [0-9.]{1,12})?,? by zone \"(?P<zone>[^\"\r\n]{1,64})\""
            rf"{_CLIENT}",
            "{client_ip} was refused by the limit of the zone {zone}",
            threshold=(100, 600.0),
        ),
        Rule(
            "body_too_large",
            LOW,
            rf"\bclient intended to send too large body: (?P<bytes>[0-9]{{1,20}}) bytes{_CLIENT}{_SERVER}{_REQUEST}",
            "{client_ip} was refused with a body of {bytes} bytes: see client_max_body_size",
        ),
        Rule(
            "wrong_password",
            LOW,
            r"(?: |: )user \"(?P<user>[^\"\r\n]{0,128})\"(?:: password mismatch"
            r"| was not found in \"[^\"\r\n]{1,300}\")"
            rf"{_CLIENT}",
            "{client_ip} failed to sign in as {user}",
            threshold=(20, 600.0),
        ),
        Rule(
            "tls_handshake",
            LOW,
            rf"\bSSL_do_handshake\(\) failed \((?P<error>[^\r\n]{{1,200}}?)\) while SSL handshaking{_CLIENT}",
            "A client and nginx could not agree on TLS: {error}",
            threshold=(100, 600.0),
        ),
        Rule(
            "redirect_loop",
            MEDIUM,
            rf"\brewrite or internal redirection cycle while (?P<phase>[a-z \"/._-]{{5,200}}?){_CLIENT}",
            "The configuration leads a request round in a circle",
        ),
        Rule(
            "server_error",
            MEDIUM,
            SERVER_ERROR,
            "{method} {path} was answered with {status}",
        ),
        Rule(
            "secret_served",
            HIGH,
            SECRET_SERVED,
            "{client_ip} was given {path}, which should never be public",
        ),
    ),
)

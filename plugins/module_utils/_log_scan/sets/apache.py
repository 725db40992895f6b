# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apache httpd: its error log by the numbers of its messages, and the access log where it says that the server failed."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, HOST, LOW, MEDIUM, REST, SECRET_SERVED, SERVER_ERROR, PatternSet, Rule

_CLIENT = r"(?:\[client (?P<client_ip>[0-9A-Fa-f.:\[\]]{2,47}?)(?::[0-9]{1,5})?\] )"

SET = PatternSet(
    "apache",
    "Apache httpd",
    (
        Rule(
            "workers_exhausted",
            HIGH,
            r"\b(?:AH00161|AH00484): server reached (?P<limit>MaxRequestWorkers) setting",
            "All workers are busy, and requests wait: see {limit}",
        ),
        Rule(
            "scoreboard_full",
            HIGH,
            r"\b(?:AH00485: scoreboard is full, not at MaxRequestWorkers|AH00288: scoreboard is full)",
            "No worker can be started because ended ones still serve old connections",
        ),
        Rule(
            "child_crashed",
            HIGH,
            r"\bAH0005[12]: child pid (?P<pid>[0-9]{1,10}) exit signal (?P<signal>[A-Za-z ]{3,40}) \([0-9]{1,3}\)",
            "The process {pid} crashed: {signal}",
        ),
        Rule(
            "backend_unreachable",
            HIGH,
            r"\b(?:AH00957|AH02454|AH01079"
            r"|AH01114): (?P<error>[A-Z]{2,10}: attempt to connect to (?P<backend>[^\r\n]{1,300}?) failed"
            r"|(?:[A-Z]{2,10}: )?failed to make connection to backend: [^\r\n,]{1,253})",
            "The application behind Apache cannot be reached: {error}",
        ),
        Rule(
            "backend_disabled",
            HIGH,
            rf"\bAH00959: ap_proxy_connect_backend disabling worker for \((?P<backend>{HOST})\)",
            "The backend {backend} failed and is left out for a while",
        ),
        Rule(
            "backend_failed",
            HIGH,
            r"\b(?:AH01102: error reading status line from remote server (?P<backend>[^\r\n,]{1,253})"
            r"|AH00898: Error reading from remote server returned by (?P<path>[^\r\n,]{1,1024})"
            r"|AH01075: Error dispatching request to [^:\r\n]{0,253}:|AH01067: Failed to read FastCGI header"
            r"|AH00992: ajp_read_header: ajp_ilink_receive failed)",
            "The application behind Apache broke off its answer, or gave none in time",
        ),
        Rule(
            "script_failed",
            MEDIUM,
            r"\b(?P<error>(?:AH02429: Response header name|AH01215: "
            r"|AH01220: Timeout waiting for output from CGI script"
            r"|End of script output before headers|malformed header from script)[^\r\n]{0,200})",
            "A CGI script failed: {error}",
            exclude=(r"\bAH01215: [^\r\n]{0,200}\b(?i:notice|warning|deprecated)\b",),
        ),
        Rule(
            "application_failed",
            HIGH,
            r"\bmod_wsgi \(pid=(?P<pid>[0-9]{1,10})[^)\r\n]{0,80}\): (?P<error>Exception occurred processing WSGI "
            r"script"
            r"|Failed to exec Python script file|Target WSGI script [^\r\n]{1,300} cannot be loaded"
            r"|Daemon process deadlock timer expired"
            r"|Truncated or oversized response headers)",
            "A Python application in Apache failed: {error}",
        ),
        Rule(
            "not_started",
            CRITICAL,
            r"\b(?P<error>AH00072: make_sock: could not bind to address [^\r\n]{1,80}"
            r"|AH00526: Syntax error on line [^\r\n]{1,300}"
            r"|AH00016: Configuration Failed|AH00015: Unable to open logs"
            r"|AH02572: Failed to configure at least one certificate"
            r"|AH02577: Init: SSLPassPhraseDialog|AH02312: Fatal error initialising mod_ssl)",
            "Apache did not start or did not take its configuration: {error}",
        ),
        Rule(
            "no_resources",
            CRITICAL,
            r"\((?:28\)No space left on device|24\)Too many open files|12\)Cannot allocate memory"
            r"|11\)Resource temporarily unavailable): "
            r"(?P<error>(?:\[client [^\]\r\n]{1,60}\] )?AH[0-9]{5}: [^\r\n]{1,300})",
            "Apache has run out of space, files, memory or processes: {error}",
        ),
        Rule(
            "permission_denied",
            MEDIUM,
            r"\b(?:AH00035: access to (?P<path>[^\r\n]{1,1024}?) denied(?: \(filesystem path '[^'\r\n]{1,1024}'\))? "
            r"because"
            r"|AH00132: file permissions deny server access: (?P<file>[^\r\n,]{1,1024})"
            r"|AH00529: [^\r\n]{1,600} pcfg_openfile: unable"
            r" to check htaccess file)",
            "Apache may not read a file that it is to serve",
        ),
        Rule(
            "denied_by_configuration",
            LOW,
            rf"{_CLIENT}(?:AH0(?:1630|1797): )?client denied by server configuration: (?P<path>[^\r\n,]{{1,1024}})",
            "{client_ip} was refused {path}, as the configuration says",
            threshold=(100, 600.0),
        ),
        Rule(
            "wrong_password",
            LOW,
            rf"{_CLIENT}(?:AH01617: user (?P<user>[^\r\n]{{0,128}}?): authentication failure for "
            r"\"(?P<path>[^\"\r\n]{1,1024})\": Password Mismatch"
            r"|AH01618: user [^\r\n]{0,128}? not found: |AH0179[0-9]: (?:invalid nonce"
            r"|user `[^'\r\n]{0,128}' in realm|user [^\r\n]{1,128}: password mismatch))",
            "{client_ip} failed to sign in",
            threshold=(20, 600.0),
        ),
        Rule(
            "redirect_loop",
            MEDIUM,
            rf"{_CLIENT}AH00124: Request exceeded the limit of (?P<limit>[0-9]{{1,4}}) internal redirects",
            "The configuration leads a request round in a circle ({limit} times)",
        ),
        Rule(
            "attack_blocked",
            MEDIUM,
            r"\bModSecurity: Access denied with (?:code (?P<status>[0-9]{3})"
            r"|connection close) \(phase [0-9]\)\. [^\r\n]{0,2000}?"
            r"\[msg \"(?P<reason>[^\"\r\n]{1,200})\"\]",
            "ModSecurity refused a request: {reason}",
        ),
        Rule(
            "malformed_request",
            LOW,
            rf"{_CLIENT}AH(?:00126: Invalid URI in request|00135: Invalid method in request"
            r"|00566: request failed: malformed request line"
            r"|02031: Hostname [^\r\n]{1,253} provided via SNI"
            r"|10244: invalid URI path) ?(?P<request>[^\r\n]{0,200})",
            "{client_ip} sent what is no proper request",
            threshold=(100, 600.0),
        ),
        Rule(
            "ocsp_failed",
            LOW,
            r"\bAH019(?:41: stapling_renew_response: responder error|80: bad response from OCSP server"
            r"|29: )(?P<error>[^\r\n]{0,200})",
            "The state of the certificate could not be asked for (OCSP)",
            exclude=(r"\bAH01929: (?!OCSP)",),
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
        Rule(
            "mutex",
            HIGH,
            rf"\bAH000(?:23|21|26): Couldn't (?P<what>create|initialize|set permissions on) the (?P<error>{REST})",
            "Apache could not {what} a lock: {error}",
            exclude=(r"\(28\)No space left on device",),
        ),
    ),
)

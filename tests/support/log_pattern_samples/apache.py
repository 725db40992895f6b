# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set apache, and what it writes while all is well."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_DAY = "[Sat Nov 28 19:20:07.123456 2026] "
_PID = "[pid 17512:tid 140123104306944] "
_CLIENT = _PID + "[client 203.0.113.9:51380] "

SAMPLES: Mapping[str, Sample] = {
    "workers_exhausted": sample(
        _DAY
        + "[mpm_prefork:error] [pid 900] AH00161: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting",
        _DAY
        + "[mpm_prefork:notice] [pid 900] AH00163: Apache/2.4.57 (Debian) configured -- resuming normal operations",
        _DAY
        + "[mpm_event:error] [pid 900:tid 1] AH00484: server reached MaxRequestWorkers setting, consider raising it",
    ),
    "scoreboard_full": sample(
        _DAY + "[mpm_event:error] [pid 900:tid 1] AH00485: scoreboard is full, not at MaxRequestWorkers",
        _DAY
        + "[mpm_event:notice] [pid 900:tid 1] AH00489: Apache/2.4.57 (Debian) configured -- resuming normal operations",
    ),
    "child_crashed": sample(
        _DAY + "[core:notice] [pid 900] AH00052: child pid 4711 exit signal Segmentation fault (11)",
        _DAY + "[core:notice] [pid 900] AH00094: Command line: '/usr/sbin/apache2'",
        _DAY
        + "[core:notice] [pid 900] AH00051: child pid 4711 exit signal Aborted (6), possible coredump in /etc/apache2",
        pid="4711",
        signal="Segmentation fault",
    ),
    "backend_unreachable": sample(
        _DAY
        + "[proxy:error] "
        + _PID
        + "(111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (localhost) failed",
        _DAY + "[proxy:debug] " + _PID + "AH00942: HTTP: has acquired connection for (localhost)",
        _DAY + "[proxy_http:error] " + _CLIENT + "AH01114: HTTP: failed to make connection to backend: localhost",
        _DAY
        + "[proxy:error] "
        + _PID
        + "(2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket"
        " /run/php/php8.2-fpm.sock (*) failed",
        _DAY + "[proxy_fcgi:error] " + _CLIENT + "AH01079: failed to make connection to backend: httpd-UDS",
        backend="127.0.0.1:8080 (localhost)",
    ),
    "backend_disabled": sample(
        _DAY + "[proxy:error] " + _PID + "AH00959: ap_proxy_connect_backend disabling worker for (localhost) for 60s",
        _DAY + "[proxy:debug] " + _PID + "AH00933: HTTP: worker for (localhost) has been marked for retry",
        backend="localhost",
    ),
    "backend_failed": sample(
        _DAY
        + "[proxy_http:error] "
        + _CLIENT
        + "(70007)The timeout specified has expired: AH01102: error reading status line from remote server"
        " localhost:8080",
        _DAY + "[proxy_http:debug] " + _CLIENT + "AH01113: HTTP: declining URL http://localhost:8080/",
        _DAY + "[proxy:error] " + _CLIENT + "AH00898: Error reading from remote server returned by /cart",
        _DAY
        + "[proxy_fcgi:error] "
        + _CLIENT
        + "(70007)The timeout specified has expired: AH01075: Error dispatching request to : (polling)",
        backend="localhost:8080",
    ),
    "script_failed": sample(
        _DAY + "[cgi:error] " + _CLIENT + "End of script output before headers: report.cgi",
        _DAY + "[cgid:info] " + _PID + "AH01243: cgid daemon started",
        _DAY
        + "[cgid:error] "
        + _CLIENT
        + "AH01220: Timeout waiting for output from CGI script /usr/lib/cgi-bin/report.cgi",
        _DAY
        + "[http:error] "
        + _CLIENT
        + "AH02429: Response header name 'Oops ' contains invalid characters, aborting request",
    ),
    "application_failed": sample(
        _DAY
        + "[wsgi:error] "
        + _CLIENT
        + "mod_wsgi (pid=4711): Exception occurred processing WSGI script '/srv/app/wsgi.py'.",
        _DAY + "[wsgi:info] " + _PID + "mod_wsgi (pid=4711): Attach interpreter ''.",
        _DAY
        + "[wsgi:error] "
        + _CLIENT
        + "mod_wsgi (pid=4711): Target WSGI script '/srv/app/wsgi.py' cannot be loaded as Python module.",
        pid="4711",
    ),
    "not_started": sample(
        "(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80",
        _DAY + "[core:notice] [pid 900] AH00072 was seen before this start",
        "AH00526: Syntax error on line 12 of /etc/apache2/sites-enabled/shop.conf:",
        _DAY
        + "[ssl:emerg] [pid 900] AH02572: Failed to configure at least one certificate and key for shop.example.com:443",
    ),
    "no_resources": sample(
        _DAY + "[core:emerg] [pid 900] (28)No space left on device: AH00023: Couldn't create the mpm-accept mutex",
        _DAY + "[core:error] " + _CLIENT + "(2)No such file or directory: AH00127: Cannot map GET /x HTTP/1.1 to file",
        _DAY
        + "[mpm_prefork:error] [pid 900] (11)Resource temporarily unavailable: AH00159: fork: Unable to fork new process",
        error="AH00023: Couldn't create the mpm-accept mutex",
    ),
    "permission_denied": sample(
        _DAY
        + "[core:error] "
        + _CLIENT
        + "(13)Permission denied: AH00035: access to /private denied (filesystem path '/srv/www/private')"
        " because search permissions are missing on a component of the path",
        _DAY + "[core:info] " + _CLIENT + "AH00128: File does not exist: /srv/www/private",
        _DAY
        + "[core:error] "
        + _CLIENT
        + "(13)Permission denied: AH00132: file permissions deny server access: /srv/www/a.html",
        path="/private",
    ),
    "denied_by_configuration": sample(
        _DAY + "[authz_core:error] " + _CLIENT + "AH01630: client denied by server configuration: /srv/www/.htaccess",
        _DAY + "[authz_core:debug] " + _PID + "AH01626: authorization result of Require all denied: denied",
        "[Wed Jul 17 23:20:45 2013] [error] [client 203.0.113.9] client denied by server configuration: /srv/www/.htaccess",
        client_ip="203.0.113.9",
        path="/srv/www/.htaccess",
    ),
    "wrong_password": sample(
        _DAY
        + "[auth_basic:error] "
        + _CLIENT
        + 'AH01617: user bob: authentication failure for "/private": Password Mismatch',
        _DAY + "[auth_basic:error] " + _CLIENT + "AH01614: client used wrong authentication scheme: /private",
        _DAY + "[auth_basic:error] " + _CLIENT + "AH01618: user mallory not found: /private",
        _DAY
        + "[auth_digest:error] [pid 1] [client [2001:db8::9]:51396] AH01794: user bob: password mismatch: /private",
        client_ip="203.0.113.9",
        user="bob",
    ),
    "redirect_loop": sample(
        _DAY
        + "[core:error] "
        + _CLIENT
        + "AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error.",
        _DAY + "[rewrite:trace1] " + _CLIENT + "internal redirect with /index.php [INTERNAL REDIRECT]",
        limit="10",
        client_ip="203.0.113.9",
    ),
    "attack_blocked": sample(
        _DAY
        + "[security2:error] "
        + _CLIENT
        + "ModSecurity: Access denied with code 403 (phase 2). Operator GE matched 5 at TX:anomaly_score."
        ' [file "/etc/modsecurity/crs/rules/REQUEST-949.conf"] [line "94"] [id "949110"] [msg "Inbound Anomaly Score Exceeded"]',
        _DAY
        + "[security2:error] "
        + _CLIENT
        + 'ModSecurity: Warning. Pattern match "(?i)union" at ARGS:q. [id "942100"] [msg "SQL Injection"]',
        status="403",
        reason="Inbound Anomaly Score Exceeded",
    ),
    "malformed_request": sample(
        _DAY + "[core:error] " + _CLIENT + "AH00126: Invalid URI in request GET /../../etc/passwd HTTP/1.1",
        _DAY + "[core:debug] " + _CLIENT + "AH00125: Request exceeded nothing",
        client_ip="203.0.113.9",
    ),
    "ocsp_failed": sample(
        _DAY + "[ssl:error] " + _PID + "AH01941: stapling_renew_response: responder error",
        _DAY + "[ssl:info] " + _PID + "AH01942: stapling_renew_response: query response received",
    ),
    "server_error": sample(
        '203.0.113.9 - bob [28/Nov/2026:19:20:07 +0000] "GET /cart HTTP/1.1" 500 612 "-" "Mozilla/5.0"',
        '203.0.113.9 - bob [28/Nov/2026:19:20:07 +0000] "GET /cart HTTP/1.1" 200 502 "-" "Mozilla/5.0"',
        'shop.example.com:443 203.0.113.9 - - [28/Nov/2026:19:20:07 +0000] "GET /cart HTTP/1.1" 503 612 "-" "Mozilla/5.0"',
        client_ip="203.0.113.9",
        status="500",
        path="/cart",
    ),
    "secret_served": sample(
        '203.0.113.9 - - [28/Nov/2026:19:20:07 +0000] "GET /wp-config.php.bak HTTP/1.1" 200 3011 "-" "curl/8.1"',
        '203.0.113.9 - - [28/Nov/2026:19:20:07 +0000] "GET /wp-config.php HTTP/1.1" 200 0 "-" "curl/8.1"',
        path="/wp-config.php.bak",
    ),
    "mutex": sample(
        _DAY + "[core:emerg] [pid 900] (17)File exists: AH00023: Couldn't create the rewrite-map mutex",
        _DAY + "[core:emerg] [pid 900] (28)No space left on device: AH00023: Couldn't create the mpm-accept mutex",
        what="create",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _DAY
    + "[mpm_event:notice] [pid 900:tid 1] AH00489: Apache/2.4.57 (Debian) OpenSSL/3.0.11 configured -- resuming normal operations",
    _DAY + "[core:notice] [pid 900:tid 1] AH00094: Command line: '/usr/sbin/apache2'",
    _DAY + "[mpm_event:notice] [pid 900:tid 1] AH00493: SIGUSR1 received.  Doing graceful restart",
    _DAY + "[mpm_prefork:notice] [pid 900] AH00169: caught SIGTERM, shutting down",
    _DAY
    + "[ssl:warn] [pid 900:tid 1] AH01909: shop.example.com:443:0 server certificate does NOT include an ID which matches the server name",
    _DAY + "[core:info] " + _CLIENT + "AH00128: File does not exist: /srv/www/favicon.ico",
    _DAY + "[php7:notice] " + _CLIENT + "PHP Notice:  Undefined variable: x in /srv/www/index.php on line 12",
    _DAY + "[reqtimeout:info] " + _CLIENT + "AH01382: Request header read timeout",
    "AH00558: apache2: Could not reliably determine the server's fully qualified domain name, using 127.0.1.1.",
    "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok /etc/httpd/conf/workers2.properties",
    'shop.example.com:443 192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "GET / HTTP/1.1" 200 5123 "-" "Mozilla/5.0"',
    '::1 - - [28/Nov/2026:19:20:07 +0000] "OPTIONS * HTTP/1.0" 200 126 "-" "Apache/2.4.57 (Debian) (internal dummy connection)"',
    '192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "\\x16\\x03\\x01" 400 226 "-" "-"',
    '192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "-" 408 - "-" "-"',
)

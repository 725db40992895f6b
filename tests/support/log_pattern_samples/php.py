# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set php, and what it writes while all is well."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = "[28-Nov-2026 19:20:07 UTC] "
_FPM = "[28-Nov-2026 19:20:07] "

SAMPLES: Mapping[str, Sample] = {
    "out_of_memory": sample(
        _AT
        + "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /srv/www/report.php on line 12",
        _AT + "PHP Notice:  memory_limit of 134217728 bytes is set",
        limit="134217728",
        bytes="20480",
        file="/srv/www/report.php",
        line="12",
    ),
    "too_slow": sample(
        _AT + "PHP Fatal error:  Maximum execution time of 30 seconds exceeded in /srv/www/report.php on line 7",
        _AT + "PHP Notice:  max_execution_time is 30 seconds",
        seconds="30",
        file="/srv/www/report.php",
    ),
    "syntax_error": sample(
        _AT + 'PHP Parse error:  syntax error, unexpected token "}", expecting ";" in /srv/www/index.php on line 3',
        _AT
        + "PHP Deprecated:  Optional parameter $a declared before required parameter $b in /srv/www/index.php on line 3",
        file="/srv/www/index.php",
        line="3",
    ),
    "uncaught": sample(
        _AT + "PHP Fatal error:  Uncaught Error: Call to undefined function foo() in /srv/www/index.php:12",
        _AT + 'PHP Warning:  Undefined array key "Uncaught" in /srv/www/index.php on line 12',
        "NOTICE: PHP message: PHP Fatal error:  Uncaught App\\OrderException: no stock in /srv/www/order.php:7",
        exception="Error",
    ),
    "fatal_error": sample(
        _AT
        + "PHP Fatal error:  Cannot redeclare foo() (previously declared in /srv/www/a.php:3) in /srv/www/b.php on line 7",
        _AT + "PHP Notice:  A fatal error is near in /srv/www/b.php on line 7",
        line="7",
        file="/srv/www/b.php",
    ),
    "database_unreachable": sample(
        _AT + "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /srv/www/db.php:7",
        _AT
        + "PHP Warning:  Uncaught PDOException: SQLSTATE[42S02]: Base table or view not found: 1146 Table 'shop.x' in /srv/www/db.php on line 7",
        error="Connection refused in /srv/www/db.php:7",
    ),
    "extension_missing": sample(
        _AT
        + "PHP Warning:  PHP Startup: Unable to load dynamic library 'imagick.so' (tried: /usr/lib/php/imagick.so) in Unknown on line 0",
        _AT + "PHP Notice:  PHP Startup: loaded 'imagick.so'",
        extension="imagick.so",
    ),
    "warning": sample(
        _AT + 'PHP Warning:  Undefined array key "id" in /srv/www/index.php on line 12',
        _AT + "PHP Notice:  Undefined variable: x in /srv/www/index.php on line 12",
        file="/srv/www/index.php",
    ),
    "upload_too_large": sample(
        _AT
        + "PHP Warning:  POST Content-Length of 10485761 bytes exceeds the limit of 8388608 bytes in Unknown on line 0",
        _AT + "PHP Notice:  Content-Length of 12 bytes",
        bytes="10485761",
        limit="8388608",
    ),
    "open_basedir": sample(
        _AT
        + "PHP Warning:  file_exists(): open_basedir restriction in effect. File(/etc/passwd) is not within the allowed path(s): (/srv/www/)"
        " in /srv/www/index.php on line 12",
        _AT + "PHP Notice:  open_basedir is /srv/www/",
        file="/etc/passwd",
    ),
    "session_failed": sample(
        _AT
        + "PHP Warning:  session_start(): Failed to read session data: files (path: /var/lib/php/sessions) in /srv/www/index.php on line 3",
        _AT
        + "PHP Notice:  session_start(): Ignoring session_start() because a session is already active in /srv/www/index.php on line 3",
        path="/var/lib/php/sessions",
        handler="files",
    ),
    "fpm_exhausted": sample(
        _FPM + "WARNING: [pool www] server reached pm.max_children setting (5), consider raising it",
        _FPM + "NOTICE: [pool www] 'user' directive is ignored when FPM is not running as root",
        pool="www",
        limit="5",
    ),
    "fpm_busy": sample(
        _FPM
        + "WARNING: [pool www] seems busy (you may need to increase pm.start_servers, or pm.min/max_spare_servers), spawning 8 children,"
        " there are 0 idle, and 12 total children",
        _FPM + "NOTICE: [pool www] is idle",
        pool="www",
    ),
    "fpm_crashed": sample(
        _FPM + "WARNING: [pool www] child 4711 exited on signal 11 (SIGSEGV) after 12.345678 seconds from start",
        _FPM + "WARNING: [pool www] child 4711 exited on signal 15 (SIGTERM) after 12.345678 seconds from start",
        _FPM + "WARNING: [pool www] child 4711 exited on signal 9 (SIGKILL) after 1.5 seconds from start",
        pid="4711",
        name="SIGSEGV",
        pool="www",
    ),
    "fpm_terminated": sample(
        _FPM
        + "WARNING: [pool www] child 4711, script '/srv/www/index.php' (request: \"GET /index.php?id=7\") execution timed out (30.123456 sec), terminating",
        _FPM + "NOTICE: [pool www] child 4711 stopped for tracing",
        pid="4711",
        request="GET /index.php?id=7",
        seconds="30.123456",
    ),
    "fpm_slow": sample(
        _FPM
        + "WARNING: [pool www] child 4711, script '/srv/www/index.php' (request: \"GET /index.php\") executing too slow (5.123456 sec), logging",
        _FPM + "NOTICE: [pool www] child 4711 started",
        request="GET /index.php",
    ),
    "fpm_not_started": sample(
        _FPM + "ERROR: unable to bind listening socket for address '127.0.0.1:9000': Address already in use (98)",
        _FPM + "NOTICE: fpm is running, pid 900",
        _FPM + "ERROR: FPM initialization failed",
    ),
    "fpm_restarted": sample(
        _FPM + "ERROR: failed processes threshold (10 in 60 sec) is reached, initiating reload",
        _FPM + "NOTICE: Reloading in progress ...",
        count="10",
        seconds="60",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _AT + "PHP Notice:  Undefined variable: x in /srv/www/index.php on line 12",
    _AT + "PHP Deprecated:  Creation of dynamic property Foo::$x is deprecated in /srv/www/index.php on line 12",
    _FPM + "NOTICE: fpm is running, pid 900",
    _FPM + "NOTICE: ready to handle connections",
    _FPM + "NOTICE: systemd monitor interval set to 10000ms",
    _FPM + "NOTICE: [pool www] child 4711 exited with code 0 after 12.345678 seconds from start",
    _FPM + "NOTICE: Terminating ...",
    _FPM + "NOTICE: exiting, bye-bye!",
    "[Sat Nov 28 19:20:07 2026] 127.0.0.1:52100 [200]: GET /",
    "NOTICE: PHP message: order 7 placed without warning",
)

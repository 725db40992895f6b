# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PHP: its error log, and the process manager FPM."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, LOW, MEDIUM, PatternSet, Rule

_PLACE = r" in (?P<file>[^ \r\n:]{1,300})(?: on line |:)(?P<line>[0-9]{1,7})"
_POOL = r"\[pool (?P<pool>[A-Za-z0-9_.-]{1,80})\] "

SET = PatternSet(
    "php",
    "PHP and PHP-FPM",
    (
        Rule(
            "out_of_memory",
            HIGH,
            r"\bAllowed memory size of (?P<limit>[0-9]{1,15}) bytes exhausted(?: at [^\r\n(]{1,80}"
            rf"| )?\(tried to allocate (?P<bytes>[0-9]{{1,15}}) bytes\)(?:{_PLACE})?",
            "A script needed more memory than memory_limit allows ({limit} bytes)",
        ),
        Rule(
            "too_slow",
            HIGH,
            r"\bMaximum execution time of (?P<seconds>[0-9]{1,7})\+?[0-9]{0,7} seconds? exceeded(?: "
            rf"\(terminated\))?(?:{_PLACE})?",
            "A script was ended after {seconds} seconds",
        ),
        Rule(
            "syntax_error",
            HIGH,
            rf"\bPHP Parse error: {{1,2}}(?P<error>[^\r\n]{{1,300}}?){_PLACE}",
            "A source file cannot be read: {error} in {file} line {line}",
        ),
        Rule(
            "uncaught",
            HIGH,
            r"\bPHP Fatal error: {1,2}Uncaught (?:PHP )?(?P<exception>[A-Za-z_\\][\w\\]{0,160})(?:: "
            r"(?P<error>[^\r\n]{1,400}))?",
            "An exception was caught nowhere: {exception}",
            exclude=(r"\bSQLSTATE\[(?:HY000\] \[(?:1040|1203|2002|2003|2006|2013)\]|08)",),
        ),
        Rule(
            "fatal_error",
            HIGH,
            rf"\bPHP (?:Fatal|Core|Compile|Recoverable fatal) error: {{1,2}}(?P<error>[^\r\n]{{1,300}}?)"
            rf"(?:{_PLACE}(?![^\r\n]{{0,300}} on line )|$)",
            "A script ended with a fatal error: {error}",
            exclude=(r"\bUncaught ", r"\bAllowed memory size of ", r"\bMaximum execution time of "),
        ),
        Rule(
            "database_unreachable",
            HIGH,
            r"\bSQLSTATE\[(?:HY000\] \[(?:1040|1203|2002|2003|2006|2013)\]"
            r"|08[0-9A-Z]{3}\](?: \[[0-9]{1,6}\])?) (?P<error>[^\r\n]{1,160})",
            "The database could not be reached: {error}",
        ),
        Rule(
            "extension_missing",
            MEDIUM,
            r"\bPHP Startup: Unable to load dynamic library '(?P<extension>[^'\r\n]{1,200})'",
            "The extension {extension} cannot be loaded",
        ),
        Rule(
            "warning",
            LOW,
            rf"\bPHP Warning: {{1,2}}(?P<error>[^\r\n]{{1,300}}?){_PLACE}",
            "A script warned: {error}",
            exclude=(
                r"\bPHP Startup: ",
                r"\bPOST Content-Length of ",
                r"\bopen_basedir restriction in effect",
                r"\bsession_start\(\): Failed ",
            ),
            threshold=(50, 600.0),
        ),
        Rule(
            "upload_too_large",
            LOW,
            r"\bPOST Content-Length of (?P<bytes>[0-9]{1,15}) bytes exceeds the limit of (?P<limit>[0-9]{1,15}) "
            r"bytes",
            "A form of {bytes} bytes was refused: see post_max_size",
        ),
        Rule(
            "open_basedir",
            MEDIUM,
            r"\bopen_basedir restriction in effect\. File\((?P<file>[^)\r\n]{0,300})\) is not within the allowed "
            r"path",
            "A script tried to use {file}, outside of its directories",
        ),
        Rule(
            "session_failed",
            HIGH,
            r"\bsession_start\(\): Failed to (?P<operation>[a-z ]{3,40}): (?P<handler>[A-Za-z]{2,20}) \(path: "
            r"(?P<path>[^)\r\n]{0,300})\)",
            "Sessions cannot be kept: failed to {operation} ({handler})",
        ),
        Rule(
            "fpm_exhausted",
            HIGH,
            rf"{_POOL}server reached (?:pm\.)?max_children setting \((?P<limit>[0-9]{{1,7}})\)",
            "All {limit} processes of the pool {pool} are busy, and requests wait",
        ),
        Rule(
            "fpm_busy",
            LOW,
            rf"{_POOL}seems busy \(you may need to increase ",
            "The pool {pool} has too few spare processes",
            threshold=(10, 600.0),
        ),
        Rule(
            "fpm_crashed",
            HIGH,
            rf"{_POOL}child (?P<pid>[0-9]{{1,10}}) exited on signal (?P<signal>[0-9]{{1,3}}) "
            r"\((?P<name>SIG[A-Z]{3,6})",
            "The process {pid} of the pool {pool} was killed by {name}",
            exclude=(r"exited on signal (?:15|3|12|10|1|2) ",),
        ),
        Rule(
            "fpm_terminated",
            HIGH,
            rf"{_POOL}child (?P<pid>[0-9]{{1,10}}), script '(?P<file>[^'\r\n]{{1,300}})' \(request: "
            r"\"(?P<request>[^\"\r\n]{1,600})\"\) execution timed out \((?P<seconds>[0-9.]{1,16}) sec\), "
            r"terminating",
            "{request} was ended after {seconds} seconds",
        ),
        Rule(
            "fpm_slow",
            LOW,
            rf"{_POOL}child (?P<pid>[0-9]{{1,10}}), script '(?P<file>[^'\r\n]{{1,300}})' \(request: "
            r"\"(?P<request>[^\"\r\n]{1,600})\"\) executing too slow \((?P<seconds>[0-9.]{1,16}) sec\)",
            "{request} is slow ({seconds} seconds so far)",
            threshold=(20, 600.0),
        ),
        Rule(
            "fpm_not_started",
            CRITICAL,
            r"\bERROR: (?P<error>unable to bind listening socket for address '[^'\r\n]{1,200}'[^\r\n]{0,100}"
            r"|FPM initialization failed|failed to post process the configuration"
            r"|An another FPM instance seems to already listen on [^\r\n]{1,200}|No pool defined[^\r\n]{0,80}"
            r"|\[/[^\r\n]{1,200}:[0-9]{1,6}\] [^\r\n]{1,200})",
            "PHP-FPM did not start: {error}",
        ),
        Rule(
            "fpm_restarted",
            CRITICAL,
            r"\bfailed processes threshold \((?P<count>[0-9]{1,7}) in (?P<seconds>[0-9]{1,7}) sec\) is reached, "
            r"initiating reload",
            "PHP-FPM restarts itself, since {count} processes crashed within {seconds} seconds",
        ),
    ),
)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Java: exceptions with their stack traces as one record, the virtual machine, pools, and what loggers call an error.

A record that a more exact pattern finds is left out by the general ones, so that it counts once.
"""

from __future__ import annotations

from .shape import CRITICAL, HIGH, LOW, MEDIUM, PatternSet, Rule

_LINKAGE = (
    "NoClassDefFoundError|ClassNotFoundException|NoSuchMethodError|NoSuchFieldError|UnsupportedClassVersionError"
    "|IncompatibleClassChangeError|AbstractMethodError|ExceptionInInitializerError"
)
_NETWORK = (
    r"java\.net\.(?:ConnectException|SocketTimeoutException|UnknownHostException|NoRouteToHostException"
    r"|SocketException"
    r"|http\.HttpTimeoutException|http\.HttpConnectTimeoutException)"
)
_SQL = (
    r"java\.sql\.SQL[A-Za-z]{0,60}Exception|org\.postgresql\.util\.PSQLException"
    r"|com\.mysql\.cj\.[a-z.]{0,40}exceptions\.[A-Za-z]{1,60}"
    r"|org\.hibernate\.exception\.[A-Za-z]{1,60}|org\.springframework\.dao\.[A-Za-z]{1,60}"
)
_TLS = r"javax\.net\.ssl\.SSL[A-Za-z]{0,40}Exception|sun\.security\.validator\.ValidatorException|PKIX path (?:building|validation) failed"
_NAMED = (
    r"java\.lang\.(?:OutOfMemoryError|StackOverflowError|NullPointerException)",
    rf"java\.lang\.(?:{_LINKAGE})",
    _NETWORK,
    _SQL,
    _TLS,
    r"java\.net\.BindException",
    r"Exception in thread \"",
    r"Connection is not available, request timed out after",
)
_TRACE = r"\n[ \t]{1,8}at [A-Za-z_$][^(\r\n]{1,300}\("
_THROWN = r"(?:[a-z_][a-z0-9_]{0,40}\.){1,10}[A-Z][A-Za-z0-9_$]{0,80}(?:Exception|Error)"

SET = PatternSet(
    "java",
    "Java",
    (
        Rule(
            "out_of_memory",
            CRITICAL,
            r"\bjava\.lang\.OutOfMemoryError(?:: (?P<error>[^\r\n]{1,120}))?",
            "The Java process ran out of memory and is no longer to be relied on",
        ),
        Rule(
            "stack_overflow",
            HIGH,
            r"\bjava\.lang\.StackOverflowError\b",
            "A recursion has no end",
        ),
        Rule(
            "jvm_crashed",
            CRITICAL,
            r"# A fatal error has been detected by the Java Runtime Environment:",
            "The Java virtual machine crashed; it left a file hs_err_pid….log",
        ),
        Rule(
            "deadlock",
            CRITICAL,
            r"\bFound (?:one|[0-9]{1,4}) Java-level deadlocks?\b",
            "Threads wait for each other for ever",
        ),
        Rule(
            "class_missing",
            HIGH,
            rf"\bjava\.lang\.(?P<exception>{_LINKAGE})(?:: (?P<class>[^\r\n]{{1,200}}))?",
            "A class is missing or does not fit: {exception}",
        ),
        Rule(
            "thread_died",
            HIGH,
            rf"\bException in thread \"(?P<thread>[^\"\r\n]{{1,120}})\" (?P<exception>{_THROWN})(?:: "
            r"(?P<error>[^\r\n]{1,300}))?",
            "The thread {thread} ended by {exception}",
            exclude=(
                r"java\.lang\.(?:OutOfMemoryError|StackOverflowError)",
                rf"java\.lang\.(?:{_LINKAGE})",
                r"java\.net\.BindException",
            ),
        ),
        Rule(
            "port_in_use",
            CRITICAL,
            r"\bjava\.net\.BindException: (?P<error>[^\r\n]{1,120})",
            "The service cannot listen on its port: {error}",
        ),
        Rule(
            "pool_exhausted",
            HIGH,
            r"\b(?P<pool>[A-Za-z0-9_.-]{1,80}) - Connection is not available, request timed out after "
            r"(?P<milliseconds>[0-9]{1,9})ms",
            "The connection pool {pool} had no free connection for {milliseconds} ms",
        ),
        Rule(
            "pool_timeout",
            HIGH,
            r"\b(?:Cannot get a connection, (?:pool error|general error)[^\r\n]{0,120}"
            r"|Timeout: Pool empty\. Unable to fetch a connection in [0-9]{1,6} seconds"
            r"|IJ000655: No managed connections available within configured blocking timeout)",
            "A connection pool had no free connection",
        ),
        Rule(
            "connection_leak",
            MEDIUM,
            r"\b(?:Connection leak detection triggered for (?P<connection>[^ \r\n]{1,160})"
            r"|appears to have started a thread named \[(?P<thread>[^\]\r\n]{1,120})\] "
            r"but has failed to stop it)",
            "Connections or threads are taken and not given back",
        ),
        Rule(
            "connection_failed",
            MEDIUM,
            rf"\b(?P<exception>{_NETWORK})(?:: (?P<error>[^\r\n]{{1,200}}))?",
            "Another service could not be reached: {exception}",
            exclude=(
                r"Exception in thread \"",
                r"Connection is not available, request timed out after",
                _TLS,
                r"\b(?:org\.postgresql|com\.mysql\.cj)\.",
            ),
        ),
        Rule(
            "tls_failed",
            HIGH,
            rf"\b(?P<error>{_TLS})",
            "Another service is not trusted, or does not agree on TLS",
        ),
        Rule(
            "sql_failed",
            MEDIUM,
            rf"\b(?P<exception>{_SQL})(?:: (?P<error>[^\r\n]{{1,300}}))?",
            "A statement failed, or the database could not be reached: {exception}",
            exclude=(r"Connection is not available, request timed out after", r"Exception in thread \"", _TLS),
        ),
        Rule(
            "null_pointer",
            MEDIUM,
            r"\bjava\.lang\.NullPointerException(?:: (?P<error>[^\r\n]{1,300}))?",
            "A null was used as an object, which is a defect of the program",
            exclude=(r"Exception in thread \"",),
        ),
        Rule(
            "long_pause",
            MEDIUM,
            r"\bPause Full \([^)\r\n]{1,60}(?:\([^)\r\n]{0,40}\))?\) [^\r\n]{0,80}? "
            r"(?P<milliseconds>[0-9]{4,9}(?:\.[0-9]{1,6})?)ms"
            r"|\[Full GC \([^)\r\n]{1,60}\)[^\r\n]{0,400}?, (?P<seconds>[1-9][0-9]{0,5}\.[0-9]{1,9}) secs\]",
            "The garbage collector stopped the program for a second or more",
        ),
        Rule(
            "exception",
            MEDIUM,
            rf"(?:^|[\s:(])(?P<exception>{_THROWN})(?:: (?P<error>[^\r\n]{{1,300}}))?{_TRACE}",
            "The program threw {exception}",
            exclude=_NAMED,
        ),
        Rule(
            "error",
            LOW,
            r"(?:^|[\s|\]])\[? ?(?P<level>ERROR|FATAL"
            r"|SEVERE)\]?:? (?:[^\r\n]{0,120}?[ \[(])?(?P<logger>[a-z][a-z0-9_]{0,40}(?:\.[a-z0-9_]{1,40}){0,8}\.[A-Z][A-Za-z0-9_$]{0,80})\]?"
            r" ?(?::| -) (?P<error>[^\r\n]{1,300})",
            "{logger} logged an error: {error}",
            exclude=(*_NAMED, _TRACE),
        ),
    ),
    multiline="java",
)

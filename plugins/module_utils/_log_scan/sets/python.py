# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Python: tracebacks as one record, and the servers and workers that programs in Python run under.

A record that a more exact pattern finds is left out by ``traceback``, so that it counts once.
"""

from __future__ import annotations

from .shape import CRITICAL, HIGH, LOW, MEDIUM, PatternSet, Rule

_TRACEBACK = r"Traceback \(most recent call last\):\n(?:[ \t|+][^\n]{0,2000}\n|[ \t]?\n){1,400}"
_END = r"(?:: (?P<error>[^\r\n]{1,300}))?"
_NAMED = (
    r"\n(?:MemoryError|RecursionError|ModuleNotFoundError|ImportError|SyntaxError|IndentationError|TabError"
    r"|(?:ConnectionRefused|ConnectionReset|Timeout|BrokenPipe)Error|socket\.(?:timeout|gaierror)"
    r"|(?:psycopg2?|MySQLdb|pymysql|sqlite3|sqlalchemy|django\.db|cx_Oracle|asyncpg)\.[\w.]{0,80}(?:Error"
    r"|Exception))\b"
)
_TASK = r"Task exception was never retrieved|raised unexpected: |QueuePool limit of size"

SET = PatternSet(
    "python",
    "Python",
    (
        Rule(
            "out_of_memory",
            CRITICAL,
            rf"{_TRACEBACK}MemoryError\b",
            "A Python program ran out of memory",
        ),
        Rule(
            "recursion",
            HIGH,
            rf"{_TRACEBACK}RecursionError\b{_END}",
            "A recursion has no end",
        ),
        Rule(
            "import_failed",
            HIGH,
            rf"{_TRACEBACK}(?P<exception>ModuleNotFoundError|ImportError){_END}",
            "A module that the program needs cannot be imported",
        ),
        Rule(
            "syntax_error",
            HIGH,
            rf"{_TRACEBACK}(?P<exception>SyntaxError|IndentationError|TabError){_END}",
            "A source file cannot be read: {exception}",
        ),
        Rule(
            "connection_failed",
            MEDIUM,
            rf"{_TRACEBACK}(?P<exception>(?:ConnectionRefused|ConnectionReset|Timeout|BrokenPipe)Error"
            rf"|socket\.(?:timeout|gaierror)){_END}",
            "Another service could not be reached: {exception}",
        ),
        Rule(
            "database_failed",
            HIGH,
            rf"{_TRACEBACK}(?P<exception>(?:psycopg2?|MySQLdb|pymysql|sqlite3|sqlalchemy|django\.db|cx_Oracle"
            rf"|asyncpg)\.[\w.]{{0,80}}(?:Error|Exception)){_END}",
            "A statement failed, or the database could not be reached: {exception}",
        ),
        Rule(
            "traceback",
            MEDIUM,
            r"\bTraceback \(most recent call last\):(?:\n(?:[ \t|+][^\n]{0,2000}\n"
            rf"|[ \t]?\n){{1,400}}(?P<exception>[A-Za-z_][\w.]{{0,160}}){_END})?",
            "The program met an exception that it was not prepared for",
            exclude=(_NAMED, _TASK),
        ),
        Rule(
            "interpreter_crashed",
            CRITICAL,
            r"\bFatal Python error: (?P<error>[^\r\n]{1,200})",
            "The Python interpreter crashed: {error}",
        ),
        Rule(
            "pool_exhausted",
            HIGH,
            r"\bQueuePool limit of size (?P<size>[0-9]{1,6}) overflow (?P<overflow>-?[0-9]{1,6}) reached, "
            r"connection timed out, timeout (?P<seconds>[0-9.]{1,12})",
            "The connection pool had none of its {size} connections free for {seconds} seconds",
        ),
        Rule(
            "gunicorn_timeout",
            HIGH,
            r"\bWORKER TIMEOUT \(pid:(?P<pid>[0-9]{1,10})\)",
            "The gunicorn worker {pid} did not answer in time and was killed, with the requests that it served",
        ),
        Rule(
            "gunicorn_killed",
            CRITICAL,
            r"\bWorker \(pid:(?P<pid>[0-9]{1,10})\) was (?:sent (?P<signal>SIG(?:KILL|SEGV|ABRT|BUS))!"
            r"|terminated due to signal (?:6|7|9|11)\b)",
            "The gunicorn worker {pid} was killed, perhaps for want of memory",
        ),
        Rule(
            "gunicorn_not_started",
            CRITICAL,
            r"\b(?P<error>Worker failed to boot|Connection in use: \([^)\r\n]{1,80}\)"
            r"|Can't connect to \([^)\r\n]{1,80}\))",
            "gunicorn did not start: {error}",
        ),
        Rule(
            "uwsgi_died",
            HIGH,
            r"\bDAMN ! worker (?P<worker>[0-9]{1,6}) \(pid: (?P<pid>[0-9]{1,10})\) died(?:, killed by signal "
            r"(?P<signal>[0-9]{1,3}))?",
            "The uWSGI worker {worker} (pid {pid}) died",
        ),
        Rule(
            "uwsgi_queue_full",
            CRITICAL,
            r"\buWSGI listen queue of socket \"(?P<socket>[^\"\r\n]{1,200})\" \(fd: [0-9]{1,6}\) full !!! "
            r"\((?P<length>[0-9]{1,9})/(?P<limit>[0-9]{1,9})\)",
            "Requests are refused because {length} wait at {socket} already",
        ),
        Rule(
            "uwsgi_harakiri",
            MEDIUM,
            r"\bHARAKIRI ON WORKER (?P<worker>[0-9]{1,6}) \(pid: (?P<pid>[0-9]{1,10}),",
            "A request took too long, and the uWSGI worker {worker} was killed",
        ),
        Rule(
            "celery_task_failed",
            MEDIUM,
            r"\bTask (?P<task>[A-Za-z_][\w.]{0,200})\[(?P<task_id>[0-9A-Za-z-]{1,64})\] raised unexpected: "
            r"(?P<error>[^\r\n]{1,300})",
            "The Celery task {task} failed: {error}",
        ),
        Rule(
            "celery_worker_lost",
            HIGH,
            r"\b(?:WorkerLostError\(?[:'\"]? ?['\"]?Worker exited prematurely: (?P<reason>[^\r\n'\"]{1,80})"
            r"|Process 'ForkPoolWorker-(?P<worker>[0-9]{1,6})' pid:[0-9]{1,10} exited with "
            r"'signal (?:9|11|6) [^\r\n]{1,20}|Hard time limit \([0-9.]{1,12}s\) exceeded for )",
            "A Celery worker was killed while it ran a task",
        ),
        Rule(
            "celery_broker_lost",
            HIGH,
            r"\bconsumer: (?:Cannot connect to (?P<broker>[a-z+]{1,20}://[^ \r\n]{1,300}): "
            r"(?P<error>[^\r\n]{1,200})|Connection to broker lost)",
            "Celery has lost its broker, and no task runs",
        ),
        Rule(
            "django_error",
            MEDIUM,
            r"\bInternal Server Error: (?P<path>/[^ \r\n]{0,2048})$",
            "The request for {path} failed",
        ),
        Rule(
            "django_host",
            LOW,
            r"\bInvalid HTTP_HOST header: '(?P<host>[^'\r\n]{0,253})'",
            "A request named the host {host}, which is not in ALLOWED_HOSTS",
            threshold=(20, 600.0),
        ),
        Rule(
            "task_exception",
            MEDIUM,
            r"\bTask exception was never retrieved\b",
            "A task of asyncio failed, and nobody looked",
        ),
        Rule(
            "slow_callback",
            LOW,
            r"\bExecuting <[^\r\n]{1,400}> took (?P<seconds>[1-9][0-9]{0,5}\.[0-9]{3}) seconds",
            "The event loop stood still for {seconds} seconds",
        ),
        Rule(
            "logged_error",
            LOW,
            r"(?:^|[ \[])(?P<level>ERROR|CRITICAL):(?P<logger>[a-zA-Z_][\w.]{0,120}):(?P<error>[^\r\n]{1,300})"
            r"|^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8},[0-9]{3} - [\w.]{1,120} - (?:ERROR|CRITICAL) - [^\r\n]{1,300}",
            "The program logged an error",
            exclude=(r"Traceback \(most recent call last\):", _TASK),
        ),
    ),
    multiline="python",
)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set python, and what programs in Python write while all is well. A record has its line breaks."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_TRACE = 'Traceback (most recent call last):\n  File "/srv/app/views.py", line 42, in place\n    order.save()\n'
_LOGGED = "2026-11-28 19:20:07,123 - app.views - ERROR - cannot place the order\n"

SAMPLES: Mapping[str, Sample] = {
    "out_of_memory": sample(
        _TRACE + "MemoryError",
        "2026-11-28 19:20:07,123 - app - INFO - MemoryError is handled by the parent",
    ),
    "recursion": sample(
        _TRACE + "RecursionError: maximum recursion depth exceeded",
        "INFO:app:the recursion limit is 1000",
        error="maximum recursion depth exceeded",
    ),
    "import_failed": sample(
        _TRACE + "ModuleNotFoundError: No module named 'yaml'",
        "INFO:app:optional module yaml is not there",
        _TRACE + "ImportError: cannot import name 'x' from 'app' (/srv/app/__init__.py)",
        exception="ModuleNotFoundError",
        error="No module named 'yaml'",
    ),
    "syntax_error": sample(
        'Traceback (most recent call last):\n  File "/srv/app/x.py", line 3\n    def f(:\n          ^\nSyntaxError: invalid syntax',
        "INFO:app:SyntaxError pages are styled",
        exception="SyntaxError",
    ),
    "connection_failed": sample(
        _TRACE + "ConnectionRefusedError: [Errno 111] Connection refused",
        "INFO:app:retrying after ConnectionRefusedError",
        exception="ConnectionRefusedError",
    ),
    "database_failed": sample(
        _TRACE
        + 'psycopg2.OperationalError: connection to server at "db1" (192.0.2.5), port 5432 failed: Connection refused',
        "INFO:app:psycopg2.OperationalError is retried",
        _TRACE + "django.db.utils.IntegrityError: duplicate key value violates unique constraint",
        exception="psycopg2.OperationalError",
    ),
    "traceback": sample(
        _LOGGED + _TRACE + "ValueError: no stock",
        "INFO:app:Traceback is off",
        "Traceback (most recent call last):",
        _TRACE + "app.errors.OrderError",
        exception="ValueError",
        error="no stock",
    ),
    "interpreter_crashed": sample(
        "Fatal Python error: Segmentation fault",
        "INFO:app:faulthandler is on",
        error="Segmentation fault",
    ),
    "pool_exhausted": sample(
        "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00",
        "INFO:sqlalchemy.pool.impl.QueuePool:Pool size: 5  Connections in pool: 1 Current Overflow: -4",
        size="5",
        overflow="10",
        seconds="30.00",
    ),
    "gunicorn_timeout": sample(
        "[2026-11-28 19:20:07 +0000] [77] [CRITICAL] WORKER TIMEOUT (pid:4711)",
        "[2026-11-28 19:20:07 +0000] [4711] [INFO] Worker exiting (pid: 4711)",
        pid="4711",
    ),
    "gunicorn_killed": sample(
        "[2026-11-28 19:20:07 +0000] [77] [ERROR] Worker (pid:4711) was sent SIGKILL! Perhaps out of memory?",
        "[2026-11-28 19:20:07 +0000] [77] [ERROR] Worker (pid:4711) was sent SIGTERM!",
        pid="4711",
        signal="SIGKILL",
    ),
    "gunicorn_not_started": sample(
        "gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>",
        "[2026-11-28 19:20:07 +0000] [77] [INFO] Booting worker with pid: 4711",
        "[2026-11-28 19:20:07 +0000] [77] [ERROR] Connection in use: ('0.0.0.0', 8000)",
    ),
    "uwsgi_died": sample(
        "DAMN ! worker 1 (pid: 4711) died, killed by signal 9 :( trying respawn ...",
        "worker 1 killed successfully (pid: 4711)",
        worker="1",
        pid="4711",
        signal="9",
    ),
    "uwsgi_queue_full": sample(
        '*** uWSGI listen queue of socket "127.0.0.1:3031" (fd: 3) full !!! (101/100) ***',
        "your server socket listen backlog is limited to 100 connections",
        socket="127.0.0.1:3031",
        limit="100",
    ),
    "uwsgi_harakiri": sample(
        "Sat Nov 28 19:20:07 2026 - *** HARAKIRI ON WORKER 1 (pid: 4711, try: 1) ***",
        "Sat Nov 28 19:20:07 2026 - harakiri is set to 30 seconds",
        worker="1",
    ),
    "celery_task_failed": sample(
        "[2026-11-28 19:20:07,123: ERROR/ForkPoolWorker-1] Task app.tasks.bill[8e2f1a2b-0000-4000-8000-1a2b3c4d5e6f] raised unexpected:"
        " ValueError('no stock')\n" + _TRACE + "ValueError: no stock",
        "[2026-11-28 19:20:07,123: INFO/ForkPoolWorker-1] Task app.tasks.bill[8e2f1a2b-0000-4000-8000-1a2b3c4d5e6f] succeeded in 0.12s: None",
        task="app.tasks.bill",
        error="ValueError('no stock')",
    ),
    "celery_worker_lost": sample(
        "billiard.exceptions.WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL) Job: 7.",
        "[2026-11-28 19:20:07,123: INFO/MainProcess] worker: Warm shutdown (MainProcess)",
        "[2026-11-28 19:20:07,123: ERROR/MainProcess] Process 'ForkPoolWorker-7' pid:4711 exited with 'signal 9 (SIGKILL)'",
        "[2026-11-28 19:20:07,123: ERROR/MainProcess] Hard time limit (300.0s) exceeded for app.tasks.bill[8e2f1a2b]",
    ),
    "celery_broker_lost": sample(
        "[2026-11-28 19:20:07,123: ERROR/MainProcess] consumer: Cannot connect to amqp://app:**@mq:5672//: [Errno 111] Connection refused.",
        "[2026-11-28 19:20:07,123: INFO/MainProcess] Connected to amqp://app:**@mq:5672//",
        broker="amqp://app:**@mq:5672//",
    ),
    "django_error": sample(
        "2026-11-28 19:20:07,123 [django.request] Internal Server Error: /orders/7/",
        "2026-11-28 19:20:07,123 [django.request] Not Found: /orders/7/",
        path="/orders/7/",
    ),
    "django_host": sample(
        "[django.security.DisallowedHost] Invalid HTTP_HOST header: '203.0.113.9'. You may need to add '203.0.113.9' to ALLOWED_HOSTS.",
        "ALLOWED_HOSTS is ['shop.example.com']",
        host="203.0.113.9",
    ),
    "task_exception": sample(
        "asyncio: Task exception was never retrieved\nfuture: <Task finished name='Task-7' exception=ValueError('x')>\n"
        + _TRACE
        + "ValueError: x",
        "asyncio: Using selector: EpollSelector",
    ),
    "slow_callback": sample(
        "WARNING:asyncio:Executing <Task pending name='Task-7' coro=<main() running at app.py:7>> took 2.345 seconds",
        "WARNING:asyncio:Executing <Handle cancelled> took 0.123 seconds",
        seconds="2.345",
    ),
    "logged_error": sample(
        "ERROR:app.views:cannot place the order",
        "WARNING:app.views:no ERROR: nothing to do",
        "2026-11-28 19:20:07,123 - app.views - CRITICAL - cannot place the order",
        logger="app.views",
        error="cannot place the order",
    ),
}

HARMLESS: Tuple[str, ...] = (
    'INFO:werkzeug:192.0.2.7 - - [28/Nov/2026 19:20:07] "GET / HTTP/1.1" 200 -',
    "2026-11-28 19:20:07,123 - app.views - INFO - order 7 placed, 0 errors",
    "[2026-11-28 19:20:07 +0000] [77] [INFO] Listening at: http://0.0.0.0:8000 (77)",
    "[2026-11-28 19:20:07 +0000] [77] [INFO] Handling signal: term",
    "INFO:     Application startup complete.",
    "[pid: 4711|app: 0|req: 7/7] 192.0.2.7 () {40 vars in 700 bytes} [Sat Nov 28 19:20:07 2026] GET / => generated 42 bytes in 7 msecs",
    "[2026-11-28 19:20:07,123: WARNING/MainProcess] No hostname was supplied. Reverting to default 'localhost'",
    "/srv/app/x.py:7: DeprecationWarning: datetime.datetime.utcnow() is deprecated",
    "Watching for file changes with StatReloader",
    "Bad Request: /orders/",
    '2026-11-28 19:20:07,123 DEBUG urllib3.connectionpool https://api.example.com:443 "GET /v1/error HTTP/1.1" 200 42',
)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set postgresql, and what it writes while all is well."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = "2026-11-28 19:20:07.123 UTC [4711] "
_APP = "2026-11-28 19:20:07 UTC [4711-3] app@shop "

SAMPLES: Mapping[str, Sample] = {
    "panic": sample(
        _AT + 'PANIC:  could not write to file "pg_wal/xlogtemp.4711": No space left on device',
        _AT + "LOG:  statement: SELECT 'PANIC: nothing'",
    ),
    "process_crashed": sample(
        _AT + "LOG:  server process (PID 4712) was terminated by signal 9: Killed",
        _AT + "LOG:  server process (PID 4712) exited with exit code 1",
        _AT + "LOG:  autovacuum worker (PID 77) was terminated by signal 11: Segmentation fault",
        pid="4712",
        signal="9",
        process="server process",
    ),
    "recovery": sample(
        _AT + "LOG:  database system was not properly shut down; automatic recovery in progress",
        _AT + "LOG:  database system was shut down at 2026-11-28 19:19:00 UTC",
        _AT + "LOG:  database system was interrupted; last known up at 2026-11-28 18:00:00 UTC",
    ),
    "corruption": sample(
        _APP + "ERROR:  invalid page in block 12 of relation base/16384/16397",
        _APP + 'ERROR:  invalid input syntax for type integer: "block 12"',
        _APP + 'ERROR:  could not read block 12 in file "base/16384/16397": read only 0 of 8192 bytes',
        _APP + "ERROR:  missing chunk number 0 for toast value 77 in pg_toast_16397",
        _APP + "WARNING:  page verification failed, calculated checksum 7 but expected 8",
    ),
    "disk_full": sample(
        _APP + 'ERROR:  could not extend file "base/16384/16397": No space left on device',
        _APP + 'ERROR:  could not open file "/srv/import.csv" for reading: No such file or directory',
        _AT + 'LOG:  could not write to file "pg_wal/archive_status/0001.ready": No space left on device',
    ),
    "too_many_connections": sample(
        _APP + "FATAL:  sorry, too many clients already",
        _APP + "LOG:  connection authorized: user=app database=shop",
        _APP + "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
        _APP + 'FATAL:  too many connections for role "app"',
        error="sorry, too many clients already",
    ),
    "wraparound": sample(
        _AT + 'WARNING:  database "shop" must be vacuumed within 9999999 transactions',
        _AT + 'LOG:  automatic aggressive vacuum to prevent wraparound of table "shop.public.orders": index scans: 1',
        _APP + 'ERROR:  database is not accepting commands to avoid wraparound data loss in database "shop"',
        database="shop",
    ),
    "out_of_memory": sample(
        _APP + "ERROR:  out of memory",
        _APP + 'ERROR:  out of range value for column "id"',
        _APP
        + 'ERROR:  could not resize shared memory segment "/PostgreSQL.1" to 67146080 bytes: No space left on device',
    ),
    "deadlock": sample(
        _APP + "ERROR:  deadlock detected",
        _AT + 'LOG:  parameter "deadlock_timeout" changed to "5s"',
    ),
    "wrong_password": sample(
        _APP + 'FATAL:  password authentication failed for user "bob"',
        _APP + 'LOG:  connection authenticated: identity="bob" method=scram-sha-256',
        _APP + 'FATAL:  Peer authentication failed for user "bob"',
        user="bob",
        method="password",
    ),
    "not_in_hba": sample(
        _APP + 'FATAL:  no pg_hba.conf entry for host "203.0.113.9", user "bob", database "shop", no encryption',
        _AT + "LOG:  pg_hba.conf was reloaded",
        _APP
        + 'FATAL:  pg_hba.conf rejects connection for host "2001:db8::9", user "bob", database "shop", SSL encryption',
        client_ip="203.0.113.9",
        user="bob",
    ),
    "unknown_name": sample(
        _APP + 'FATAL:  role "root" does not exist',
        _APP + 'ERROR:  role "root" already exists',
        name="root",
    ),
    "not_available": sample(
        _APP + "FATAL:  the database system is starting up",
        _AT + "LOG:  database system is ready to accept connections",
        state="starting up",
    ),
    "timeout": sample(
        _APP + "ERROR:  canceling statement due to statement timeout",
        _APP + "ERROR:  canceling statement due to user request",
        _APP + "FATAL:  terminating connection due to idle-in-transaction timeout",
        error="canceling statement due to statement timeout",
    ),
    "schema_missing": sample(
        _APP + 'ERROR:  relation "orders" does not exist at character 15',
        _APP + 'NOTICE:  relation "orders" already exists, skipping',
        _APP + 'ERROR:  column "price" does not exist at character 8',
    ),
    "permission_denied": sample(
        _APP + "ERROR:  permission denied for table orders",
        _APP + "STATEMENT:  SELECT 'permission denied for table orders'",
        kind="table",
        name="orders",
    ),
    "replication_failed": sample(
        _AT + "ERROR:  requested WAL segment 000000010000000000000042 has already been removed",
        _AT + "LOG:  started streaming WAL from primary at 0/42000000 on timeline 1",
        _AT + "FATAL:  could not receive data from WAL stream: server closed the connection unexpectedly",
        _AT + "LOG:  terminating walsender process due to replication timeout",
        _AT + 'LOG:  invalidating obsolete replication slot "replica1"',
    ),
    "archive_failed": sample(
        _AT + "LOG:  archive command failed with exit code 1",
        _AT + "DETAIL:  The failed archive command was: cp pg_wal/0001 /mnt/archive/0001",
        _AT
        + 'WARNING:  archiving write-ahead log file "000000010000000000000042" failed too many times, will try again later',
        status="1",
    ),
    "checkpoints_too_frequent": sample(
        _AT + "LOG:  checkpoints are occurring too frequently (12 seconds apart)",
        _AT + "LOG:  checkpoint complete: wrote 42 buffers (0.3%); 0 WAL file(s) added, 0 removed, 0 recycled",
        seconds="12",
    ),
    "slow_statement": sample(
        _APP + "LOG:  duration: 12345.678 ms  statement: SELECT count(*) FROM orders",
        _APP + "LOG:  duration: 5.678 ms  statement: SELECT 1",
        milliseconds="12345.678",
    ),
    "not_started": sample(
        _AT + "FATAL:  could not create any TCP/IP sockets",
        _AT + 'LOG:  listening on IPv4 address "0.0.0.0", port 5432',
        _AT + 'FATAL:  lock file "postmaster.pid" already exists',
        _AT + 'FATAL:  data directory "/var/lib/postgresql/16/main" has invalid permissions',
    ),
}

HARMLESS: Tuple[str, ...] = (
    _AT
    + "LOG:  starting PostgreSQL 16.1 (Debian 16.1-1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit",
    _AT + "LOG:  database system is ready to accept connections",
    _AT + "LOG:  checkpoint starting: time",
    _APP + "LOG:  connection received: host=192.0.2.7 port=52100",
    _APP + "LOG:  disconnection: session time: 0:00:00.123 user=app database=shop host=192.0.2.7 port=52100",
    _APP + 'ERROR:  duplicate key value violates unique constraint "orders_pkey"',
    _APP + "DETAIL:  Key (id)=(7) already exists.",
    _APP + "STATEMENT:  INSERT INTO orders (id) VALUES (7)",
    _APP + "ERROR:  canceling statement due to user request",
    _APP + "LOG:  could not receive data from client: Connection reset by peer",
    _AT + 'LOG:  automatic vacuum of table "shop.public.orders": index scans: 1',
    _AT + "LOG:  received fast shutdown request",
    _APP + "WARNING:  there is already a transaction in progress",
    _AT + 'LOG:  logical replication apply worker for subscription "s" has started',
    _AT + 'LOG:  replication slot "replica1" is active for PID 77',
    _APP + "LOG:  duration: 812.345 ms  statement: SELECT 1",
)

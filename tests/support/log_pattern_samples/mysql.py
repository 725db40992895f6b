# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set mysql, and what the server writes while all is well."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = "2026-11-28T19:20:07.123456Z 113 "
_MARIA = "2026-11-28 19:20:07 42 "

SAMPLES: Mapping[str, Sample] = {
    "access_denied": sample(
        _AT + "[Note] [MY-010926] [Server] Access denied for user 'root'@'203.0.113.9' (using password: YES)",
        _AT + "[Note] [MY-010914] [Server] Got an error reading communication packets",
        _MARIA + "[Warning] Access denied for user 'root'@'203.0.113.9'",
        user="root",
        client="203.0.113.9",
        password="YES",
    ),
    "too_many_connections": sample(
        _AT + "[Warning] [MY-010000] [Server] Too many connections",
        _MARIA + "[Note] Connections: 151",
        _MARIA + "[Warning] Too many connections",
    ),
    "aborted_connection": sample(
        _MARIA
        + "[Warning] Aborted connection 42 to db: 'shop' user: 'app' host: '192.0.2.7' (Got timeout reading communication packets)",
        _MARIA + "[Note] Start binlog_dump to slave_server(2), pos(binlog.000007, 4)",
        _AT
        + "[Note] [MY-010914] [Server] Aborted connection 9 to db: 'unconnected' user: 'app' host: 'web1' (Got an error reading packets).",
        connection="42",
        database="shop",
        user="app",
        client="192.0.2.7",
    ),
    "corruption": sample(
        _AT
        + "[ERROR] [MY-011906] [InnoDB] InnoDB: Database page corruption on disk or a failed file read of page [page id: space=7, page number=4]",
        _AT + "[Note] [MY-012951] [InnoDB] InnoDB: Page cleaner took 4321ms to flush 12 pages",
        _MARIA + "[ERROR] InnoDB: Table `shop`.`orders` is corrupted. Please drop the table and recreate.",
        _MARIA
        + "[ERROR] InnoDB: Corruption of an index tree: table `shop`.`orders` index `PRIMARY`, father ptr page no 7",
    ),
    "future_lsn": sample(
        _MARIA
        + "[ERROR] InnoDB: The page log sequence number 71234 is in the future! Current system log sequence number 12345.",
        _MARIA + "[Note] InnoDB: log sequence number 12345 is the newest",
        current="12345",
    ),
    "assertion": sample(
        "2026-11-28 19:20:07 0x7f1c2d3e  InnoDB: Assertion failure in thread 1397 in file btr0cur.cc line 336",
        "InnoDB: Assertions are compiled in",
        "2026-11-28T19:20:07.123456Z 0 [ERROR] [MY-013183] [InnoDB] InnoDB: Assertion failure: btr0cur.cc:336:index thread 1397",
        source="btr0cur.cc",
    ),
    "crashed": sample(
        "2026-11-28T19:20:07Z UTC - mysqld got signal 11 ;",
        _AT
        + "[System] [MY-013172] [Server] Received SHUTDOWN from user <via user signal>. Shutting down mysqld (Version: 8.0.35).",
        "261128 19:20:07 [ERROR] mariadbd got signal 6 ;",
        signal="11",
    ),
    "crash_recovery": sample(
        _MARIA + "[Note] InnoDB: Starting crash recovery from checkpoint LSN=12345",
        _AT + "[System] [MY-010229] [Server] Starting XA crash recovery...",
        _AT + "[Note] InnoDB: Database was not shutdown normally!",
    ),
    "table_crashed": sample(
        _MARIA + "[ERROR] mariadbd: Table './shop/log' is marked as crashed and should be repaired",
        _MARIA + "[Note] Found 12 of 12 rows when repairing './shop/log'",
        _MARIA + "[ERROR] mysqld: Incorrect key file for table './shop/log.MYI'; try to repair it",
        table="./shop/log",
    ),
    "disk_full": sample(
        _MARIA
        + "[ERROR] mariadbd: Disk is full writing '/tmp/MAI' (Errcode: 28 \"No space left on device\"). Waiting for someone to free space",
        _MARIA + "[ERROR] mariadbd: Can't find file: './shop/x.frm' (errno: 2 \"No such file or directory\")",
        _AT + "[ERROR] [MY-010000] [Server] Could not write to binlog (OS errno 28 - No space left on device)",
        _MARIA + "[ERROR] InnoDB: Error number 28 means 'No space left on device'",
    ),
    "table_full": sample(
        _AT + "[ERROR] [MY-010207] [Repl] The table '/tmp/#sql7_1' is full",
        _AT + "[Note] the table is fully cached",
        table="/tmp/#sql7_1",
    ),
    "open_files": sample(
        _MARIA + '[ERROR] Error in accept: (errno: 24 "Too many open files")',
        _MARIA + "[Note] open files limit is 65535",
        _AT + "[ERROR] [MY-012592] [InnoDB] Operating system error (OS errno 24 - Too many open files)",
    ),
    "replication_failed": sample(
        _AT
        + "[ERROR] [MY-010584] [Repl] Replica SQL for channel '': Worker 1 failed executing transaction 'a:7' at source log binlog.000007,"
        " Error_code: MY-001062",
        _AT
        + "[Note] [MY-010581] [Repl] Replica SQL thread for channel '' initialized, starting replication in log 'binlog.000007'",
        _MARIA
        + "[ERROR] Slave I/O: error connecting to master 'repl@db1:3306' - retry-time: 60  maximum-retries: 100000, Internal MariaDB error code: 2003",
        _MARIA + "[ERROR] Slave SQL: Error 'Duplicate entry '7' for key 'PRIMARY'' on query. Default database: 'shop'",
        thread="SQL",
    ),
    "deadlock": sample(
        _AT + "[Note] [MY-012468] [InnoDB] InnoDB: Transactions deadlock detected, dumping detailed information.",
        _AT + "[Note] innodb_print_all_deadlocks is OFF",
        "LATEST DETECTED DEADLOCK",
    ),
    "semaphore_wait": sample(
        "InnoDB: Semaphore wait has lasted > 600 seconds. We intentionally crash the server because it appears to be hung.",
        "InnoDB: semaphores are initialised",
        _MARIA + "[ERROR] [FATAL] InnoDB: Long wait (77 seconds) for a latch",
        _AT + "[Warning] [MY-012985] [InnoDB] InnoDB: A long semaphore wait:",
        seconds="600",
    ),
    "not_started": sample(
        _AT + "[ERROR] [MY-010119] [Server] Aborting",
        _AT + "[System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.0.35'",
        _MARIA + "[ERROR] Can't start server: Bind on TCP/IP port. Got error: 98: Address already in use",
        _MARIA + "[ERROR] Do you already have another server running on port: 3306 ?",
        _MARIA + "[ERROR] /usr/sbin/mariadbd: unknown variable 'inodb_buffer=1'",
    ),
    "limits_too_low": sample(
        _AT
        + "[Warning] [MY-010140] [Server] Could not increase number of max_open_files to more than 10000 (request: 32190)",
        _AT + "[Note] max_open_files is 65535",
        limit="10000",
    ),
    "cluster_lost": sample(
        _MARIA + "[Warning] WSREP: no nodes coming from prim view, prim not possible",
        _MARIA + "[Note] WSREP: Synchronized with group, ready for connections",
        _MARIA + "[Note] WSREP: Received NON-PRIMARY.",
    ),
    "group_replication": sample(
        _AT
        + "[ERROR] [MY-011505] [Repl] Plugin group_replication reported: 'Member was expelled from the group due to network failures'",
        _AT + "[System] [MY-011565] [Repl] Plugin group_replication reported: 'Setting super_read_only=ON.'",
    ),
    "unsafe_statement": sample(
        _AT
        + "[Warning] [MY-010908] [Server] Unsafe statement written to the binary log using statement format since BINLOG_FORMAT = STATEMENT.",
        _AT + "[Note] binlog format is ROW",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _AT + "[System] [MY-010116] [Server] /usr/sbin/mysqld (mysqld 8.0.35) starting as process 4711",
    _AT + "[System] [MY-013576] [InnoDB] InnoDB initialization has started.",
    _AT + "[System] [MY-013577] [InnoDB] InnoDB initialization has ended.",
    _AT + "[Warning] [MY-010068] [Server] CA certificate ca.pem is self signed.",
    _AT
    + "[Warning] [MY-011810] [Server] Insecure configuration for --pid-file: Location '/tmp' in the path is accessible to all OS users.",
    _AT
    + "[System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.0.35'  socket: '/run/mysqld/mysqld.sock'",
    _MARIA + "[Note] InnoDB: Buffer pool(s) load completed at 261128 19:20:07",
    _MARIA + "[Note] InnoDB: 128 rollback segments are active.",
    _MARIA + "[Note] Reading of all Master_info entries succeeded",
    _MARIA + "[Note] InnoDB: log sequence number 12345; transaction id 77",
    _MARIA + "[Warning] IP address '192.0.2.7' could not be resolved: Name or service not known",
    _MARIA + "[Note] /usr/sbin/mariadbd: Shutdown complete",
    "# Query_time: 12.345678  Lock_time: 0.000123 Rows_sent: 1  Rows_examined: 1234567",
    "SET timestamp=1764357607;",
)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""MySQL and MariaDB: the server's error log, of MySQL 5.6 to 8.4 and MariaDB 10 and 11."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, LOW, REST, PatternSet, Rule

SET = PatternSet(
    "mysql",
    "MySQL and MariaDB",
    (
        Rule(
            "access_denied",
            LOW,
            r"\bAccess denied for user '(?P<user>[^'\r\n]{0,80})'@'(?P<client>[^'\r\n]{1,253})'(?: \(using "
            r"password: (?P<password>YES|NO)\)"
            r"| to database '(?P<database>[^'\r\n]{1,64})')?",
            "{user} could not sign in from {client}",
            threshold=(10, 600.0),
        ),
        Rule(
            "too_many_connections",
            CRITICAL,
            r"\[(?:Warning|ERROR|Note)\] (?:\[MY-[0-9]{6}\] \[Server\] )?Too many connections\b",
            "All connections are in use, and further ones are refused: see max_connections",
        ),
        Rule(
            "aborted_connection",
            LOW,
            r"\bAborted connection (?P<connection>[0-9]{1,20}) to db: '(?P<database>[^'\r\n]{0,64})' user: "
            r"'(?P<user>[^'\r\n]{0,80})' host: "
            r"'(?P<client>[^'\r\n]{0,253})'[^(\r\n]{0,60}\((?P<error>[^)\r\n]{1,120})\)",
            "A connection of {user} from {client} ended early: {error}",
            threshold=(20, 600.0),
        ),
        Rule(
            "corruption",
            CRITICAL,
            r"\bInnoDB: (?P<error>(?:Database page corruption on disk|Corruption of an index|Corrupted page"
            r"|Page [^\r\n]{1,80} log sequence number"
            r"|Table [^\r\n]{1,128} is corrupted|Cannot find the dir slot for record|Trying to access (?:page"
            r"|missing tablespace)"
            r"|Unable to read page|checksum mismatch in|Your database may be corrupt"
            r"|We detected index corruption)[^\r\n]{0,200})",
            "InnoDB found damaged data: {error}",
        ),
        Rule(
            "future_lsn",
            CRITICAL,
            r"\bInnoDB:[^\r\n]{0,120} is in the future[.!]? ?(?:Current system log sequence number "
            r"(?P<current>[0-9]{1,20}))?",
            "InnoDB's data is newer than its log: files of different times were put together",
            exclude=(r"\bInnoDB: Page [^\r\n]{1,80} log sequence number",),
        ),
        Rule(
            "assertion",
            CRITICAL,
            r"\bInnoDB: Assertion failure(?: in thread [0-9]{1,20} in file|:) (?P<source>[a-z0-9_]{1,40}\.(?:cc|ic"
            r"|h|c))",
            "InnoDB stopped the server at a check of its own ({source})",
        ),
        Rule(
            "crashed",
            CRITICAL,
            r"\b(?:mysqld|mariadbd|[Tt]he server)?(?: |^)got (?:signal (?P<signal>[0-9]{1,3}) ;"
            r"|exception 0x[0-9a-fA-F]{1,16})",
            "The server crashed",
        ),
        Rule(
            "crash_recovery",
            HIGH,
            r"\bInnoDB: (?P<error>Starting crash recovery|Database was not shut ?down normally)",
            "The server starts after a crash and recovers",
        ),
        Rule(
            "table_crashed",
            HIGH,
            r"\b(?:Table '(?P<table>[^'\r\n]{1,200})' is marked as crashed and (?:should be repaired"
            r"|last \(automatic\?\) repair failed)"
            r"|Incorrect key file for table '[^'\r\n]{1,200}'"
            r"|Got error 1[23][0-9] (?:[^\r\n]{0,80} )?when reading table)",
            "A table is damaged and must be repaired",
        ),
        Rule(
            "disk_full",
            CRITICAL,
            r"(?P<error>\bDisk is full writing '[^'\r\n]{1,300}'|\(Errcode: 28[^)\r\n]{0,40}\)"
            r"|\(OS errno 28 - [^)\r\n]{1,40}\)"
            r"|\(errno: 28[^)\r\n]{0,40}\)|\bInnoDB: Error number 28 means)",
            "The server could not write: the file system is full",
        ),
        Rule(
            "table_full",
            HIGH,
            r"\b[Tt]he table '(?P<table>[^'\r\n]{1,200})' is full",
            "The table {table} can take no more rows",
        ),
        Rule(
            "open_files",
            HIGH,
            r"\((?:errno|Errcode|OS errno):? ?24(?: -|:)? \"?Too many open files\"?\)",
            "The server has no file descriptors left: see open_files_limit",
        ),
        Rule(
            "replication_failed",
            HIGH,
            r"\b(?:Slave|Replica) (?P<thread>SQL"
            r"|I/O)(?: thread)?(?: for channel '(?P<channel>[^'\r\n]{0,64})')?: (?P<error>(?:Error|error|Could not"
            r"|Worker"
            r"|Got fatal error|Coordinator stopped|Fatal error|The slave|The replica|Query caused|Column"
            r"|Relay log)[^\r\n]{1,400})",
            "Replication has stopped or cannot connect ({thread}): {error}",
        ),
        Rule(
            "deadlock",
            LOW,
            r"\bInnoDB: [Tt]ransactions deadlock detected|\bLATEST DETECTED DEADLOCK\b",
            "Two transactions waited for each other, and one of them was ended",
        ),
        Rule(
            "semaphore_wait",
            CRITICAL,
            r"\bInnoDB: (?:A long semaphore wait|Semaphore wait has lasted > (?P<seconds>[0-9]{1,6}) seconds"
            r"|Long wait \([0-9]{1,6} seconds\)|Long semaphore wait)",
            "InnoDB hangs: a thread has waited minutes for a lock inside the server",
        ),
        Rule(
            "not_started",
            CRITICAL,
            r"\[ERROR\] (?:\[MY-[0-9]{6}\] \[[A-Za-z]{1,20}\] )?(?:/[^ \r\n]{1,80}: )?(?P<error>Aborting\b"
            r"|Can't start server: [^\r\n]{1,120}|Do you already have another "
            r"(?:mysqld|server|mariadbd)[^\r\n]{0,80}|unknown (?:variable|option) '[^'\r\n]{1,120}'"
            r"|Fatal error: [^\r\n]{1,160}"
            r"|Data Dictionary initialization failed|Unknown/unsupported storage engine: [^\r\n]{1,40}"
            r"|Plugin 'InnoDB' init function returned error)",
            "The server did not start: {error}",
        ),
        Rule(
            "limits_too_low",
            LOW,
            r"\b(?:Could not increase number of max_open_files to more than (?P<limit>[0-9]{1,9})"
            r"|Changed limits: (?:max_open_files|max_connections|table_open_cache): [0-9]{1,9})",
            "The server got fewer files or connections than it is set to",
        ),
        Rule(
            "cluster_lost",
            CRITICAL,
            r"\bWSREP: (?P<error>Received NON-PRIMARY|Quorum: No node with complete state"
            r"|no nodes coming from prim view|Node consistency compromised"
            r"|Inconsistency detected|failed to open gcomm backend connection"
            r"|Failed to prepare for (?:incremental )?state transfer)",
            "The Galera node is no longer a working part of its cluster: {error}",
        ),
        Rule(
            "group_replication",
            CRITICAL,
            r"\bPlugin group_replication reported: '(?P<error>(?:Member was expelled"
            r"|This server is not able to reach a majority|The member has left the group"
            r"|Fatal error during)[^\r\n]{0,200})",
            "The member of the replication group is cut off: {error}",
        ),
        Rule(
            "unsafe_statement",
            LOW,
            rf"\bUnsafe statement written to the binary log using statement format since (?P<reason>{REST})",
            "A statement may give other results on a replica",
            threshold=(10, 600.0),
        ),
    ),
)

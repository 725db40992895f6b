# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PostgreSQL, whatever its log_line_prefix: the messages of its server log in English, as lc_messages = C gives them."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, HOST, LOW, MEDIUM, PatternSet, Rule

SET = PatternSet(
    "postgresql",
    "PostgreSQL",
    (
        Rule(
            "panic",
            CRITICAL,
            r"\bPANIC:  (?P<error>[^\r\n]{1,300})",
            "PostgreSQL gave up at once and starts again: {error}",
        ),
        Rule(
            "process_crashed",
            CRITICAL,
            r"\bLOG:  (?P<process>[a-z ]{3,60}) \(PID (?P<pid>[0-9]{1,10})\) was terminated by (?:signal "
            r"(?P<signal>[0-9]{1,3})"
            r"|exception 0x[0-9A-F]{1,16})",
            "A process of the server was killed (pid {pid}), and all connections with it",
        ),
        Rule(
            "recovery",
            HIGH,
            r"\bLOG:  database system was (?:not properly shut down; automatic recovery in progress"
            r"|interrupted while in recovery"
            r"|interrupted; last known up at (?P<last_up>[^\r\n]{1,60}))",
            "PostgreSQL starts after a crash and recovers",
        ),
        Rule(
            "corruption",
            CRITICAL,
            r"\b(?P<error>invalid page in block [0-9]{1,12} of relation [^\r\n]{1,100}"
            r"|could not read blocks? [0-9.]{1,26} in file "
            r"[^\r\n]{1,120}|missing chunk number [0-9]{1,9} for toast value [^\r\n]{1,60}"
            r"|page verification failed, calculated "
            r"checksum [^\r\n]{1,60}|unexpected chunk number [^\r\n]{1,80}"
            r"|could not access status of transaction [0-9]{1,12}"
            r"|index \"[^\"\r\n]{1,64}\" (?:contains unexpected zero page|is not a btree"
            r"|contains corrupted page)[^\r\n]{0,60})",
            "Data is damaged: {error}",
        ),
        Rule(
            "disk_full",
            CRITICAL,
            r"\b(?:ERROR|FATAL|PANIC|LOG|WARNING):  (?P<error>could not (?:extend|write to|write|create"
            r"|fsync) [^\r\n]{1,200}: No space left on device)",
            "PostgreSQL could not write: {error}",
            exclude=(r"\bPANIC:  ",),
        ),
        Rule(
            "too_many_connections",
            CRITICAL,
            r"\bFATAL:  (?P<error>sorry, too many clients already"
            r"|remaining connection slots are reserved for [^\r\n]{1,100}"
            r"|too many connections for (?:role|database) \"[^\"\r\n]{1,64}\""
            r"|number of requested standby connections exceeds [^\r\n]{1,60})",
            "Connections are refused: {error}",
        ),
        Rule(
            "wraparound",
            CRITICAL,
            r"\b(?P<error>database (?:\"(?P<database>[^\"\r\n]{1,64})\""
            r"|with OID [0-9]{1,10}) must be vacuumed within [0-9]{1,12} (?:transactions|more multixact members?)"
            r"|database is not accepting commands (?:that assign new (?:XIDs|transaction IDs"
            r"|MultiXactIds) )?to avoid wraparound data loss)",
            "Transaction numbers run out, and the database will stop writing: {error}",
        ),
        Rule(
            "out_of_memory",
            HIGH,
            r"\b(?:ERROR|FATAL):  (?P<error>out of memory|out of shared memory"
            r"|could not resize shared memory segment [^\r\n]{1,120}"
            r"|could not map anonymous shared memory: Cannot allocate memory)",
            "PostgreSQL could not get memory: {error}",
        ),
        Rule(
            "deadlock",
            MEDIUM,
            r"\bERROR:  deadlock detected",
            "Two transactions waited for each other, and one of them was ended",
        ),
        Rule(
            "wrong_password",
            LOW,
            r"\bFATAL:  (?P<method>password|PAM|LDAP|GSSAPI|certificate|Peer|Ident|RADIUS"
            r"|peer) authentication failed for user \"(?P<user>[^\"\r\n]{0,64})\"",
            "{user} could not sign in ({method})",
            threshold=(10, 600.0),
        ),
        Rule(
            "not_in_hba",
            MEDIUM,
            r"\bFATAL:  (?:no pg_hba\.conf entry"
            r"|pg_hba\.conf rejects (?:replication )?connection) for (?:replication connection from )?"
            rf"host \"(?P<client_ip>{HOST})\", user \"(?P<user>[^\"\r\n]{{1,64}})\"",
            "pg_hba.conf does not let {user} in from {client_ip}",
        ),
        Rule(
            "unknown_name",
            LOW,
            r"\bFATAL:  (?:role|database) \"(?P<name>[^\"\r\n]{1,64})\" does not exist",
            "Somebody connects to a role or database that is not there: {name}",
        ),
        Rule(
            "not_available",
            MEDIUM,
            r"\bFATAL:  the database system is (?P<state>starting up|shutting down|in recovery mode"
            r"|not yet accepting connections)",
            "A connection was refused because the database is {state}",
        ),
        Rule(
            "timeout",
            LOW,
            r"\b(?:ERROR|FATAL):  (?P<error>canceling statement due to (?:statement|lock) timeout"
            r"|terminating connection due to "
            r"(?:idle-in-transaction|idle-session|transaction) timeout"
            r"|canceling statement due to conflict with recovery)",
            "Work was broken off: {error}",
        ),
        Rule(
            "schema_missing",
            MEDIUM,
            r"\bERROR:  (?P<error>(?:relation|schema|function|type) [^\r\n]{1,200} does not exist"
            r"|column [^\r\n]{1,200} does not exist)",
            "An application and the schema do not fit: {error}",
        ),
        Rule(
            "permission_denied",
            MEDIUM,
            r"\bERROR:  permission denied for (?P<kind>table|relation|schema|sequence|function|database|view"
            r"|language|large object) (?P<name>[^ \r\n]{1,128})",
            "An application lacks a right on the {kind} {name}",
        ),
        Rule(
            "replication_failed",
            HIGH,
            r"\b(?P<error>requested WAL segment [0-9A-F]{8,24} has already been removed"
            r"|terminating walsender process due to replication timeout"
            r"|could not (?:receive data from WAL stream|connect to the primary server): [^\r\n]{1,200}"
            r"|invalidating obsolete replication slot \"[^\"\r\n]{1,64}\""
            r"|replication slot \"[^\"\r\n]{1,64}\" has been invalidated"
            r"|logical replication (?:apply |tablesync )?worker for subscription [^\r\n]{1,80} (?:has failed"
            r"|will (?:restart|stop)[^\r\n]{0,60})"
            r"|replication terminated by primary server)",
            "Replication is broken or late: {error}",
        ),
        Rule(
            "archive_failed",
            HIGH,
            r"\b(?:LOG|WARNING|FATAL):  (?:archive command (?:failed with exit code"
            r"|was terminated by signal) (?P<status>[0-9]{1,3})"
            r"|archiving write-ahead log file \"[^\"\r\n]{1,64}\" failed too many times)",
            "WAL files are not archived, and fill the disk",
        ),
        Rule(
            "checkpoints_too_frequent",
            LOW,
            r"\bLOG:  checkpoints are occurring too frequently \((?P<seconds>[0-9]{1,6}) seconds? apart\)",
            "Checkpoints are {seconds} seconds apart: raise max_wal_size",
            threshold=(5, 3600.0),
        ),
        Rule(
            "slow_statement",
            LOW,
            r"\bLOG:  duration: (?P<milliseconds>[0-9]{4,12}\.[0-9]{1,3}) ms  (?:statement|execute|parse|bind|plan)",
            "A statement took {milliseconds} ms",
            threshold=(50, 600.0),
        ),
        Rule(
            "not_started",
            CRITICAL,
            r"\b(?P<error>FATAL:  (?:could not create (?:any TCP/IP sockets|lock file"
            r"|shared memory segment)[^\r\n]{0,160}|data directory [^\r\n]{1,200}"
            r" (?:has (?:invalid permissions|wrong ownership)|does not exist)"
            r"|lock file [^\r\n]{1,120} already exists"
            r"|configuration file [^\r\n]{1,200} contains errors|database files are incompatible with server"
            r"|could not load [^\r\n]{1,200}))",
            "PostgreSQL did not start: {error}",
        ),
    ),
)

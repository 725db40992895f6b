# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Redis, Valkey and Sentinel: persistence, memory, replication, failover, crashes."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, HOST, LOW, MEDIUM, PatternSet, Rule

SET = PatternSet(
    "redis",
    "Redis and Valkey",
    (
        Rule(
            "crashed",
            CRITICAL,
            r"(?:\b(?:Redis|Valkey) (?P<version>[0-9.]{1,16}) crashed by signal: (?P<signal>[0-9]{1,3})"
            r"|=== ASSERTION FAILED(?: CLIENT CONTEXT)? ===)",
            "The server crashed",
            exclude=(r"=== ASSERTION FAILED CLIENT CONTEXT ===",),
        ),
        Rule(
            "cannot_fork",
            CRITICAL,
            r"\b(?:Can't save in background|Can't rewrite append only file in background"
            r"|Can't BGSAVE): fork: (?P<error>[^\r\n]{1,80})",
            "The server cannot save: {error}",
        ),
        Rule(
            "save_failed",
            HIGH,
            r"\b(?P<error>Background (?:saving|AOF rewrite) (?:error|terminated (?:by signal [0-9]{1,3}"
            r"|with error)))",
            "A save or rewrite in the background failed",
        ),
        Rule(
            "write_failed",
            CRITICAL,
            r"\b(?P<error>(?:Failed opening the (?:temp )?RDB file|Error moving temp DB file"
            r"|Write error saving DB on disk|Short write while writing to the AOF file"
            r"|Error writing to the AOF file|AOF write error looks unrecoverable|Can't recover from AOF write error"
            r"|Error trying to (?:save|fsync) the (?:DB|AOF file))[^\r\n]{0,200})",
            "Data could not be written to disk: {error}",
        ),
        Rule(
            "writes_refused",
            CRITICAL,
            r"\bMISCONF (?:Redis|Valkey) is configured to save RDB snapshots, but (?:it's currently unable"
            r"|is currently not able) to persist",
            "The server refuses writes because it cannot save",
        ),
        Rule(
            "out_of_memory",
            CRITICAL,
            r"\b(?:OOM command not allowed when used memory > 'maxmemory'"
            r"|Out Of Memory allocating (?P<bytes>[0-9]{1,20}) bytes)",
            "Memory is used up, and writes are refused",
        ),
        Rule(
            "data_damaged",
            CRITICAL,
            r"\b(?P<error>Bad file format reading the append only file"
            r"|Unexpected end of file reading the append only file|Wrong signature trying to load DB from file"
            r"|Short read or OOM loading DB|Internal error in RDB reading|RDB (?:file )?(?:CRC error"
            r"|checksum mismatch)|Wrong RDB checksum|Terminating server after rdb file reading failure)",
            "The data on disk cannot be read: {error}",
        ),
        Rule(
            "disk_slow",
            MEDIUM,
            r"\bAsynchronous AOF fsync is taking too long \(disk is busy\?\)",
            "The disk is too slow for the append-only file",
            threshold=(5, 600.0),
        ),
        Rule(
            "replication_failed",
            HIGH,
            r"\b(?P<error>(?:Error condition on socket for SYNC: |Timeout connecting to the (?:MASTER|PRIMARY)"
            r"|(?:MASTER|PRIMARY) timeout: no data nor PING received"
            r"|(?:MASTER|PRIMARY) aborted replication |Unable to connect to (?:MASTER|PRIMARY)"
            r"|Failed trying to load the (?:MASTER|PRIMARY) synchronization DB)[^\r\n]{0,160})",
            "The replica cannot follow: {error}",
        ),
        Rule(
            "master_lost",
            HIGH,
            r"\bConnection with (?:master|primary) lost\.",
            "The replica has lost its primary",
        ),
        Rule(
            "replica_lost",
            MEDIUM,
            rf"\b(?:Connection with (?:replica|slave) (?:client id #[0-9]{{1,20}}|(?P<replica>{HOST})) lost\."
            r"|Disconnecting timedout (?:replica|slave)(?: \([a-z ]{1,40}\))?: )",
            "The primary has lost a replica",
        ),
        Rule(
            "subjectively_down",
            HIGH,
            r" # \+sdown (?P<role>master|slave|sentinel"
            rf"|replica) (?P<instance>[^ \r\n]{{1,253}}) (?P<address>{HOST}) (?P<port>[0-9]{{1,5}})",
            "A Sentinel does not reach the {role} {address}:{port}",
        ),
        Rule(
            "objectively_down",
            CRITICAL,
            rf" # \+odown master (?P<name>[^ \r\n]{{1,253}}) (?P<address>{HOST}) (?P<port>[0-9]{{1,5}})",
            "The Sentinels agree that the primary of {name} is down",
        ),
        Rule(
            "failover",
            HIGH,
            rf" # \+switch-master (?P<name>[^ \r\n]{{1,253}}) (?P<old>{HOST}) [0-9]{{1,5}} (?P<new>{HOST}) "
            r"[0-9]{1,5}",
            "The primary of {name} is now {new}, and no longer {old}",
        ),
        Rule(
            "cluster_failed",
            CRITICAL,
            r"\bCluster state changed: fail\b",
            "The cluster does not serve all of its keys any more",
        ),
        Rule(
            "cluster_node_failed",
            HIGH,
            r"\b(?:Marking node (?P<node>[0-9a-f]{40})(?: \([^)\r\n]{0,80}\))? as failing \(quorum reached\)"
            r"|FAIL message received from [0-9a-f]{40}[^\r\n]{0,80} about [0-9a-f]{40})",
            "A node of the cluster has failed",
        ),
        Rule(
            "output_buffer",
            MEDIUM,
            r"\bscheduled to be closed ASAP for overcoming of output buffer limits",
            "A client that reads too slowly was cut off",
        ),
        Rule(
            "clients_exhausted",
            HIGH,
            r"\b(?:max number of clients (?:\+ cluster connections )?reached"
            r"|Accepting client connection: accept: Too many open files)",
            "All connections are in use, and further ones are refused: see maxclients",
        ),
        Rule(
            "attack",
            HIGH,
            r"\bPossible SECURITY ATTACK detected\. It looks like somebody is sending POST or Host: commands",
            "Somebody sends web requests to the server, as an attack by a browser does",
        ),
        Rule(
            "not_started",
            CRITICAL,
            r"(?P<error>\bCould not create server TCP listening socket [^\r\n]{1,200}"
            r"|\bFailed listening on port [0-9]{1,5}[^\r\n]{0,40}|\*\*\* FATAL CONFIG FILE ERROR"
            r"|\bFailed to configure TLS\b[^\r\n]{0,120}|\bCan't open the (?:log file"
            r"|append-only file): [^\r\n]{1,160})",
            "The server did not start: {error}",
            exclude=(r"\bFailed listening on port ",),
        ),
        Rule(
            "host_settings",
            LOW,
            r"\bWARNING:? (?P<setting>overcommit_memory is set to 0!|you have Transparent Huge Pages"
            r"|Memory overcommit must be enabled!|The TCP backlog setting of [0-9]{1,7} cannot be enforced)",
            "The host is not set up as the server wants it: {setting}",
        ),
    ),
)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set redis, and what the server writes while all is well."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_M = "4711:M 28 Nov 2026 19:20:07.123 # "
_S = "4711:S 28 Nov 2026 19:20:07.123 # "
_X = "4711:X 28 Nov 2026 19:20:07.123 # "
_OK = "4711:M 28 Nov 2026 19:20:07.123 * "
_NODE = "1a2b3c4d5e6f1a2b3c4d5e6f1a2b3c4d5e6f1a2b"

SAMPLES: Mapping[str, Sample] = {
    "crashed": sample(
        _M + "Redis 7.2.3 crashed by signal: 11, si_code: 1",
        _OK + "Redis version=7.2.3, bits=64, commit=00000000, modified=0, pid=4711, just started",
        _M + "=== ASSERTION FAILED ===",
        version="7.2.3",
        signal="11",
    ),
    "cannot_fork": sample(
        _M + "Can't save in background: fork: Cannot allocate memory",
        _OK + "Background saving started by pid 4712",
        error="Cannot allocate memory",
    ),
    "save_failed": sample(
        _M + "Background saving error",
        _OK + "Background saving terminated with success",
        _M + "Background saving terminated by signal 9",
        _M + "Background AOF rewrite terminated with error",
    ),
    "write_failed": sample(
        _M + "Write error saving DB on disk(rdbSaveRio): No space left on device",
        _OK + "DB saved on disk",
        _M
        + "Failed opening the temp RDB file temp-4711.rdb (in server root dir /var/lib/redis) for saving: Permission denied",
        _M + "Error writing to the AOF file: No space left on device",
    ),
    "writes_refused": sample(
        "redis.exceptions.ResponseError: MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
        _OK + "Redis is configured to save RDB snapshots every 3600 seconds",
        "(error) MISCONF Valkey is configured to save RDB snapshots, but it's currently unable to persist to disk.",
    ),
    "out_of_memory": sample(
        "redis.exceptions.ResponseError: OOM command not allowed when used memory > 'maxmemory'.",
        _OK + "maxmemory is set to 1073741824 bytes",
        _M + "Out Of Memory allocating 12345 bytes!",
    ),
    "data_damaged": sample(
        _M
        + "Bad file format reading the append only file appendonly.aof.1.incr.aof: make a backup of your AOF file, then use ./redis-check-aof --fix",
        _OK + "Reading RDB base file on AOF loading...",
        _M + "Short read or OOM loading DB. Unrecoverable error, aborting now.",
        _M + "Wrong signature trying to load DB from file",
    ),
    "disk_slow": sample(
        _OK
        + "Asynchronous AOF fsync is taking too long (disk is busy?). Writing the AOF buffer without waiting for fsync to complete",
        _OK + "AOF fsync is set to everysec",
    ),
    "replication_failed": sample(
        _S + "Error condition on socket for SYNC: Connection refused",
        "4711:S 28 Nov 2026 19:20:07.123 * MASTER <-> REPLICA sync started",
        _S + "MASTER timeout: no data nor PING received...",
        _S + "Timeout connecting to the MASTER...",
    ),
    "master_lost": sample(
        "4711:S 28 Nov 2026 19:20:07.123 * Connection with master lost.",
        "4711:S 28 Nov 2026 19:20:07.123 * Connecting to MASTER 192.0.2.7:6379",
    ),
    "replica_lost": sample(
        _OK + "Connection with replica 192.0.2.8:6379 lost.",
        _OK + "Replica 192.0.2.8:6379 asks for synchronization",
        _M + "Disconnecting timedout replica (streaming sync): 192.0.2.8:6379",
        replica="192.0.2.8:6379",
    ),
    "subjectively_down": sample(
        _X + "+sdown master shop 192.0.2.7 6379",
        _X + "-sdown master shop 192.0.2.7 6379",
        _X + "+sdown slave 192.0.2.8:6379 192.0.2.8 6379 @ shop 192.0.2.7 6379",
        role="master",
        address="192.0.2.7",
        port="6379",
    ),
    "objectively_down": sample(
        _X + "+odown master shop 192.0.2.7 6379 #quorum 2/2",
        _X + "-odown master shop 192.0.2.7 6379",
        name="shop",
    ),
    "failover": sample(
        _X + "+switch-master shop 192.0.2.7 6379 192.0.2.8 6379",
        _X + "+failover-state-select-slave master shop 192.0.2.7 6379",
        name="shop",
        old="192.0.2.7",
        new="192.0.2.8",
    ),
    "cluster_failed": sample(
        _M + "Cluster state changed: fail",
        _M + "Cluster state changed: ok",
    ),
    "cluster_node_failed": sample(
        _OK + f"Marking node {_NODE} as failing (quorum reached).",
        _OK + f"Clear FAIL state for node {_NODE}: replica is reachable again.",
        _OK + f"FAIL message received from {_NODE} about {_NODE}",
        node=_NODE,
    ),
    "output_buffer": sample(
        _M
        + "Client id=7 addr=192.0.2.9:52100 laddr=192.0.2.7:6379 fd=9 name= scheduled to be closed ASAP for overcoming of output buffer limits.",
        _OK + "client-output-buffer-limit is set",
    ),
    "clients_exhausted": sample(
        "redis.exceptions.ConnectionError: max number of clients reached",
        _OK + "The max number of clients is 10000",
        _M + "Accepting client connection: accept: Too many open files",
    ),
    "attack": sample(
        _M
        + "Possible SECURITY ATTACK detected. It looks like somebody is sending POST or Host: commands to Redis. Connection from 203.0.113.9:4242 aborted.",
        _OK + "protected-mode is on",
    ),
    "not_started": sample(
        _M + "Warning: Could not create server TCP listening socket *:6379: bind: Address already in use",
        _OK + "Running mode=standalone, port=6379.",
        "*** FATAL CONFIG FILE ERROR (Redis 7.2.3) ***",
    ),
    "host_settings": sample(
        _M
        + "WARNING Memory overcommit must be enabled! Without it, a background save or replication may fail under low memory condition.",
        _OK + "monotonic clock: POSIX clock_gettime",
        _M + "WARNING overcommit_memory is set to 0! Background save may fail under low memory condition.",
        _M
        + "WARNING: The TCP backlog setting of 511 cannot be enforced because /proc/sys/net/core/somaxconn is set to the lower value of 128.",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _OK + "Ready to accept connections tcp",
    _OK + "1 changes in 3600 seconds. Saving...",
    _OK + "Background saving started by pid 4712",
    "4712:C 28 Nov 2026 19:20:07.123 * DB saved on disk",
    "4712:C 28 Nov 2026 19:20:07.123 * Fork CoW for RDB: current 0 MB, peak 0 MB, average 0 MB",
    _OK + "Background saving terminated with success",
    _OK + "Synchronization with replica 192.0.2.8:6379 succeeded",
    "4711:signal-handler (1764357607) Received SIGTERM scheduling shutdown...",
    _OK + "User requested shutdown...",
    _OK + "Background AOF rewrite finished successfully",
    "4711:C 28 Nov 2026 19:20:07.123 # oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo",
    _X + "+monitor master shop 192.0.2.7 6379 quorum 2",
)

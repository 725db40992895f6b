# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set java, and what programs in Java write while all is well. A record has its line breaks."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = "2026-11-28 19:20:07,123 "
_ERROR = _AT + "ERROR [http-nio-8080-exec-1] com.example.shop.OrderService - "
_TRACE = "\n\tat com.example.shop.OrderService.place(OrderService.java:42)\n\tat java.base/java.lang.Thread.run(Thread.java:840)"

SAMPLES: Mapping[str, Sample] = {
    "out_of_memory": sample(
        "java.lang.OutOfMemoryError: Java heap space" + _TRACE,
        _AT + "INFO [main] com.example.Main - Flag -XX:+HeapDumpOnOutOfMemoryError is set",
        'Exception in thread "main" java.lang.OutOfMemoryError: Metaspace' + _TRACE,
        error="Java heap space",
    ),
    "stack_overflow": sample(
        _ERROR + "failed\njava.lang.StackOverflowError: null" + _TRACE,
        _AT + "INFO [main] com.example.StackOverflowErrorTest - started",
    ),
    "jvm_crashed": sample(
        "# A fatal error has been detected by the Java Runtime Environment:",
        "# A fatal error was not detected",
    ),
    "deadlock": sample(
        "Found one Java-level deadlock:",
        "Found no Java-level deadlock.",
        "Found 2 Java-level deadlocks.",
    ),
    "class_missing": sample(
        _ERROR + "cannot start\njava.lang.NoClassDefFoundError: com/example/Missing" + _TRACE,
        _AT + "DEBUG [main] com.example.Loader - trying class com.example.Missing",
        'Exception in thread "main" java.lang.UnsupportedClassVersionError: com/example/Main has been compiled by a more recent version'
        + _TRACE,
        exception="NoClassDefFoundError",
        **{"class": "com/example/Missing"},
    ),
    "thread_died": sample(
        'Exception in thread "worker-7" java.lang.IllegalStateException: queue is closed' + _TRACE,
        _AT + 'INFO [main] com.example.Main - No exception in thread "worker-7"',
        thread="worker-7",
        exception="java.lang.IllegalStateException",
        error="queue is closed",
    ),
    "port_in_use": sample(
        _ERROR + "cannot start\njava.net.BindException: Address already in use" + _TRACE,
        _AT + "INFO [main] com.example.Main - bound to port 8080",
        error="Address already in use",
    ),
    "pool_exhausted": sample(
        _ERROR
        + "failed\njava.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms."
        + _TRACE,
        _AT + "INFO [main] com.zaxxer.hikari.HikariDataSource - HikariPool-1 - Start completed.",
        pool="HikariPool-1",
        milliseconds="30000",
    ),
    "pool_timeout": sample(
        "org.apache.commons.dbcp.SQLNestedException: Cannot get a connection, pool error Timeout waiting for idle object",
        _AT + "INFO [main] com.example.Pool - got a connection from the pool",
        "[http-nio-8080-exec-3] Timeout: Pool empty. Unable to fetch a connection in 30 seconds, none available[size:100; busy:100].",
    ),
    "connection_leak": sample(
        _AT
        + "WARN [HikariPool-1 housekeeper] com.zaxxer.hikari.pool.ProxyLeakTask - Connection leak detection triggered for"
        " org.postgresql.jdbc.PgConnection@1a2b on thread exec-1, stack trace follows",
        _AT + "INFO [main] com.zaxxer.hikari.HikariConfig - leakDetectionThreshold................60000",
        "WARNING [main] org.apache.catalina.loader.WebappClassLoaderBase The web application [shop] appears to have started a thread named [timer-1]"
        " but has failed to stop it.",
    ),
    "connection_failed": sample(
        _ERROR + "failed\njava.net.ConnectException: Connection refused (Connection refused)" + _TRACE,
        _AT + "INFO [main] com.example.Client - connection established",
        _ERROR + "failed\njava.net.SocketTimeoutException: Read timed out" + _TRACE,
        exception="java.net.ConnectException",
    ),
    "tls_failed": sample(
        _ERROR + "failed\njavax.net.ssl.SSLHandshakeException: PKIX path building failed:"
        " sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path" + _TRACE,
        _AT + "DEBUG [main] javax.net.ssl.SSLContext - handshake done",
    ),
    "sql_failed": sample(
        _ERROR + 'failed\norg.postgresql.util.PSQLException: ERROR: relation "orders" does not exist' + _TRACE,
        _AT + "DEBUG [main] org.postgresql.Driver - connecting",
        _ERROR
        + "failed\njava.sql.SQLIntegrityConstraintViolationException: Duplicate entry '7' for key 'PRIMARY'"
        + _TRACE,
        exception="org.postgresql.util.PSQLException",
    ),
    "null_pointer": sample(
        _ERROR + 'failed\njava.lang.NullPointerException: Cannot invoke "Order.id()" because "order" is null' + _TRACE,
        _AT + "INFO [main] com.example.Checks - NullPointerExceptions since start: 0",
    ),
    "long_pause": sample(
        "[12.345s][info][gc] GC(42) Pause Full (G1 Compaction Pause) 4012M->3990M(4096M) 2345.678ms",
        "[12.345s][info][gc] GC(41) Pause Young (Normal) (G1 Evacuation Pause) 512M->128M(4096M) 12.345ms",
        "12.345: [Full GC (Ergonomics) [PSYoungGen: 1K->0K(2K)] 3K->2K(4K), [Metaspace: 5K->5K(6K)], 3.1234567 secs] [Times: user=3.1]",
    ),
    "exception": sample(
        _ERROR + "cannot place the order\ncom.example.shop.OrderException: no stock" + _TRACE,
        _ERROR + "cannot place the order: com.example.shop.OrderException",
        "com.example.shop.OrderException: no stock"
        + _TRACE
        + "\nCaused by: com.example.StockException: empty\n\t... 7 more",
        exception="com.example.shop.OrderException",
        error="no stock",
    ),
    "error": sample(
        _ERROR + "cannot place the order",
        _AT + "INFO [main] com.example.shop.OrderService - no ERROR so far",
        "2026-11-28T19:20:07.123+01:00 ERROR 1234 --- [shop] [nio-8080-exec-1] c.e.shop.OrderController : Failed to place",
        "2026-11-28 19:20:07,123 FATAL org.apache.hadoop.hdfs.server.namenode.NameNode: Failed to start namenode.",
        level="ERROR",
        logger="com.example.shop.OrderService",
        error="cannot place the order",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _AT + "INFO [main] com.example.Main - Started Main in 3.456 seconds (JVM running for 4.1)",
    _AT
    + "WARN [main] org.apache.kafka.clients.consumer.ConsumerConfig - The configuration 'x' was supplied but isn't a known config.",
    _AT + "DEBUG [exec-1] org.hibernate.SQL - select o1_0.id from orders o1_0 where o1_0.state='ERROR'",
    "2026-11-28T19:20:07.123+01:00  INFO 1234 --- [shop] [main] o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat started on port 8080 (http)",
    "28-Nov-2026 19:20:07.123 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [1234] milliseconds",
    "[0.123s][info][gc] Using G1",
    "[12.345s][info][gc] GC(7) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(256M) 3.456ms",
    "081109 203615 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block blk_38865049064139660 terminating",
    "17/06/09 20:10:40 INFO executor.CoarseGrainedExecutorBackend: Registered signal handlers for [TERM, HUP, INT]",
    "OpenJDK 64-Bit Server VM warning: Options -Xverify:none and -noverify were deprecated in JDK 13",
    _AT + "INFO [main] com.example.ErrorHandler - registered handlers for Exception and Error",
)

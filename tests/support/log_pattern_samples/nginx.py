# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set nginx, and what it writes while all is well."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = "2026/11/28 19:20:07 "
_CLIENT = ', client: 203.0.113.9, server: shop.example.com, request: "GET /cart?id=7 HTTP/1.1"'
_UP = _CLIENT + ', upstream: "http://127.0.0.1:8080/cart?id=7", host: "shop.example.com"'

SAMPLES: Mapping[str, Sample] = {
    "upstream_unreachable": sample(
        _AT + "[error] 812#812: *45 connect() failed (111: Connection refused) while connecting to upstream" + _UP,
        _AT
        + "[info] 812#812: *45 client closed connection while waiting for request, client: 203.0.113.9, server: 0.0.0.0:80",
        _AT
        + "[crit] 812#812: *45 connect() to unix:/run/php/php8.2-fpm.sock failed (2: No such file or directory) while connecting to upstream"
        + _UP,
        error="Connection refused",
        client_ip="203.0.113.9",
        server="shop.example.com",
        path="/cart?id=7",
        upstream="http://127.0.0.1:8080/cart?id=7",
    ),
    "upstream_timeout": sample(
        _AT
        + "[error] 812#812: *46 upstream timed out (110: Connection timed out) while reading response header from upstream"
        + _UP,
        _AT
        + "[info] 812#812: *46 client timed out (110: Connection timed out) while waiting for request, client: 203.0.113.9, server: x",
        phase="reading response header from upstream",
        method="GET",
    ),
    "upstream_closed": sample(
        _AT
        + "[error] 812#812: *47 upstream prematurely closed connection while reading response header from upstream"
        + _UP,
        _AT
        + "[info] 812#812: *47 client prematurely closed connection, so upstream connection is closed too while reading upstream"
        + _UP,
        _AT
        + "[error] 812#812: *47 recv() failed (104: Connection reset by peer) while reading response header from upstream"
        + _UP,
        client_ip="203.0.113.9",
    ),
    "no_live_upstreams": sample(
        _AT + "[error] 812#812: *48 no live upstreams while connecting to upstream" + _UP,
        _AT + "[warn] 812#812: *48 upstream server temporarily disabled while connecting to upstream" + _UP,
        client_ip="203.0.113.9",
    ),
    "upstream_header": sample(
        _AT + "[error] 812#812: *49 upstream sent too big header while reading response header from upstream" + _UP,
        _AT
        + "[warn] 812#812: *49 an upstream response is buffered to a temporary file /var/cache/nginx/1 while reading upstream"
        + _UP,
        error="too big header",
    ),
    "upstream_tls": sample(
        _AT
        + "[error] 812#812: *50 upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream"
        + _UP,
        _AT
        + "[info] 812#812: *50 peer closed connection in SSL handshake while SSL handshaking, client: 203.0.113.9, server: 0.0.0.0:443",
        _AT
        + "[error] 812#812: *50 SSL_do_handshake() failed (SSL: error:0A000152:SSL routines::unsafe legacy renegotiation disabled)"
        " while SSL handshaking to upstream" + _UP,
    ),
    "worker_crashed": sample(
        _AT + "[alert] 811#811: worker process 812 exited on signal 11 (core dumped)",
        _AT + "[notice] 811#811: worker process 812 exited with code 0",
        pid="812",
        signal="11",
    ),
    "worker_connections": sample(
        _AT + "[alert] 812#812: 1024 worker_connections are not enough",
        _AT + "[warn] 811#811: 4096 worker_connections exceed open file resource limit: 1024",
        limit="1024",
    ),
    "open_files": sample(
        _AT + "[crit] 812#812: accept4() failed (24: Too many open files)",
        _AT + '[error] 812#812: *51 open() "/srv/www/24" failed (2: No such file or directory)' + _CLIENT,
        _AT + "[alert] 812#812: *51 socket() failed (24: Too many open files) while connecting to upstream" + _UP,
        _AT + '[crit] 812#812: *51 open() "/srv/www/a.css" failed (24: Too many open files)' + _CLIENT,
        call="accept4",
    ),
    "disk_full": sample(
        _AT
        + '[crit] 812#812: *52 pwrite() "/var/cache/nginx/client_temp/0000000001" failed (28: No space left on device)'
        + _CLIENT,
        _AT + '[error] 812#812: *52 open() "/srv/www/disk full" failed (2: No such file or directory)' + _CLIENT,
        call="pwrite",
    ),
    "emergency": sample(
        _AT + "[emerg] 811#811: bind() to 0.0.0.0:80 failed (98: Address already in use)",
        _AT + "[notice] 811#811: signal process started",
        'nginx: [emerg] unknown directive "proxy_pas" in /etc/nginx/sites-enabled/shop:12',
        pid="811",
    ),
    "permission_denied": sample(
        _AT + '[error] 812#812: *53 open() "/srv/www/private.html" failed (13: Permission denied)' + _CLIENT,
        _AT + '[error] 812#812: *53 open() "/srv/www/favicon.ico" failed (2: No such file or directory)' + _CLIENT,
        file="/srv/www/private.html",
        client_ip="203.0.113.9",
    ),
    "limited": sample(
        _AT + '[error] 812#812: *54 limiting requests, excess: 1.852 by zone "one"' + _CLIENT,
        _AT + '[warn] 812#812: *54 delaying request, excess: 0.841, by zone "one"' + _CLIENT,
        _AT + '[error] 812#812: *54 limiting connections by zone "addr"' + _CLIENT,
        zone="one",
        what="requests",
        client_ip="203.0.113.9",
    ),
    "body_too_large": sample(
        _AT + "[error] 812#812: *55 client intended to send too large body: 10485761 bytes" + _CLIENT,
        _AT
        + "[warn] 812#812: *55 a client request body is buffered to a temporary file /var/cache/nginx/client_temp/1"
        + _CLIENT,
        bytes="10485761",
        path="/cart?id=7",
    ),
    "wrong_password": sample(
        _AT + '[error] 812#812: *56 user "bob": password mismatch' + _CLIENT,
        _AT + "[error] 812#812: *56 no user/password was provided for basic authentication" + _CLIENT,
        _AT + '[error] 812#812: *56 user "bob" was not found in "/etc/nginx/.htpasswd"' + _CLIENT,
        user="bob",
        client_ip="203.0.113.9",
    ),
    "tls_handshake": sample(
        _AT
        + "[crit] 812#812: *57 SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share) while SSL handshaking,"
        " client: 203.0.113.9, server: 0.0.0.0:443",
        _AT
        + "[info] 812#812: *57 SSL_read() failed (SSL: error:0A000126:SSL routines::unexpected eof while reading) while keepalive,"
        " client: 203.0.113.9, server: 0.0.0.0:443",
        client_ip="203.0.113.9",
    ),
    "redirect_loop": sample(
        _AT
        + '[error] 812#812: *58 rewrite or internal redirection cycle while internally redirecting to "/index.html"'
        + _CLIENT,
        _AT + '[notice] 812#812: *58 rewritten data: "/index.html", args: ""' + _CLIENT,
        client_ip="203.0.113.9",
    ),
    "server_error": sample(
        '203.0.113.9 - bob [28/Nov/2026:19:20:07 +0000] "POST /cart HTTP/1.1" 502 552 "https://shop.example.com/" "Mozilla/5.0"',
        '203.0.113.9 - - [28/Nov/2026:19:20:07 +0000] "GET /500 HTTP/1.1" 404 552 "-" "Mozilla/5.0 \\" 502 1"',
        'web1 nginx: 2001:db8::9 - - [28/Nov/2026:19:20:07 +0000] "GET / HTTP/2.0" 500 0',
        '203.0.113.9 - - [28/Nov/2026:19:20:07 +0000] "GET / HTTP/1.0" 503 -',
        client_ip="203.0.113.9",
        user="bob",
        method="POST",
        path="/cart",
        status="502",
        bytes="552",
    ),
    "secret_served": sample(
        '203.0.113.9 - - [28/Nov/2026:19:20:07 +0000] "GET /.env HTTP/1.1" 200 812 "-" "curl/8.1"',
        '203.0.113.9 - - [28/Nov/2026:19:20:07 +0000] "GET /.env HTTP/1.1" 404 552 "-" "curl/8.1"',
        '203.0.113.9 - - [28/Nov/2026:19:20:07 +0000] "GET /shop/.git/config HTTP/1.1" 200 92 "-" "curl/8.1"',
        client_ip="203.0.113.9",
        path="/.env",
    ),
}

HARMLESS: Tuple[str, ...] = (
    '192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "GET / HTTP/1.1" 200 5123 "-" "Mozilla/5.0 (X11; Linux x86_64)"',
    '192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "GET /static/app.js HTTP/2.0" 304 0 "https://shop.example.com/" "Mozilla/5.0"',
    '192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "GET /reports/500 HTTP/1.1" 200 500 "-" "Mozilla/5.0"',
    '192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "GET /wp-login.php HTTP/1.1" 404 153 "-" "Mozilla/5.0"',
    '192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "POST /login HTTP/1.1" 401 153 "-" "python-requests/2.31"',
    '192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "GET /docs/error.html?code=500 HTTP/1.1" 200 5123 "-" "Mozilla/5.0"',
    '192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "GET /env?x=/.env HTTP/1.1" 200 5123 "-" "Mozilla/5.0"',
    _AT + "[notice] 811#811: signal 1 (SIGHUP) received from 1, reconfiguring",
    _AT + "[notice] 811#811: start worker processes",
    _AT + "[notice] 811#811: gracefully shutting down",
    _AT + '[error] 812#812: *60 open() "/srv/www/favicon.ico" failed (2: No such file or directory)' + _CLIENT,
    _AT + "[error] 812#812: *61 access forbidden by rule" + _CLIENT,
    _AT + '[error] 812#812: *62 directory index of "/srv/www/" is forbidden' + _CLIENT,
    _AT + "[info] 812#812: *63 client 203.0.113.9 closed keepalive connection",
    _AT
    + "[warn] 812#812: *64 a client request body is buffered to a temporary file /var/cache/nginx/client_temp/0000000002"
    + _CLIENT,
    _AT + '[warn] 811#811: conflicting server name "shop.example.com" on 0.0.0.0:80, ignored',
)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set docker, and what its daemons write while all is well."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = 'time="2026-11-28T19:20:07.123456789Z" '
_ID = "4f5e6d7c8b9a0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778899a"

SAMPLES: Mapping[str, Sample] = {
    "not_started": sample(
        "Nov 28 19:20:07 web1 dockerd[900]: failed to start daemon: Error initializing network controller: list bridge addresses failed",
        _AT + 'level=info msg="Starting up"',
        _AT
        + 'level=fatal msg="Error starting daemon: pid file found, ensure docker is not running or delete /var/run/docker.pid"',
    ),
    "disk_full": sample(
        _AT
        + 'level=error msg="Handler for POST /v1.43/images/create returned error: write /var/lib/docker/tmp/GetImageBlob1: no space left on device"',
        _AT + 'level=info msg="12 GB of space left on device"',
    ),
    "container_not_started": sample(
        _AT
        + 'level=error msg="Handler for POST /v1.43/containers/x/start returned error: failed to create task for container: OCI runtime create failed:'
        ' runc create failed: unable to start container process: exec: \\"app\\": executable file not found in $PATH: unknown"',
        _AT + 'level=info msg="starting OCI runtime runc"',
        operation="create",
    ),
    "container_out_of_memory": sample(
        _AT + f'level=info msg="TaskOOM event &TaskOOM{{ContainerID:{_ID},XXX_unrecognized:[],}}"',
        _AT
        + f'level=info msg="ignoring event" container={_ID} module=libcontainerd namespace=moby topic=/tasks/delete type="*events.TaskDelete"',
        _AT
        + f'level=info msg="ignoring event" container={_ID} module=libcontainerd namespace=moby topic=/tasks/oom type="*events.TaskOOM"',
        _AT + f'level=info msg="TaskOOM event container_id:\\"{_ID}\\""',
    ),
    "container_killed": sample(
        _AT + f'level=info msg="Container failed to exit within 10s of signal 15 - using the force" container={_ID}',
        _AT + f'level=info msg="Container exited within 10s of signal 15" container={_ID}',
        _AT + f'level=info msg="Container {_ID} failed to exit within 10 seconds of signal 15 - using the force"',
        seconds="10",
        signal="15",
    ),
    "unhealthy": sample(
        _AT + f'level=warning msg="Health check for container {_ID} error: context deadline exceeded"',
        _AT + f'level=debug msg="Running health check for container {_ID} ..."',
        container=_ID,
    ),
    "rate_limited": sample(
        _AT
        + 'level=error msg="Handler for POST /v1.43/images/create returned error: toomanyrequests: You have reached your pull rate limit."',
        _AT + 'level=info msg="rate limit of the registry: 100"',
    ),
    "image_not_found": sample(
        _AT
        + 'level=error msg="Handler for POST /v1.43/images/create returned error: pull access denied for example/shop, repository does not exist'
        " or may require 'docker login': denied: requested access to the resource is denied\"",
        _AT + 'level=info msg="Attempting next endpoint for pull after error: Get https://registry/v2/: EOF"',
        _AT + 'level=error msg="Not continuing with pull after error: manifest unknown: manifest unknown"',
        image="example/shop",
    ),
    "port_taken": sample(
        _AT
        + 'level=error msg="Handler for POST /v1.43/containers/x/start returned error: driver failed programming external connectivity on endpoint'
        ' shop: Bind for 0.0.0.0:80 failed: port is already allocated"',
        _AT + 'level=info msg="API listen on 0.0.0.0:2375"',
        "docker-proxy: listen tcp4 0.0.0.0:80: bind: address already in use",
        address="0.0.0.0:80",
    ),
    "addresses_exhausted": sample(
        _AT
        + 'level=error msg="Handler for POST /v1.43/networks/create returned error: could not find an available, non-overlapping IPv4 address pool'
        ' among the defaults to assign to the network"',
        _AT + 'level=info msg="Default bridge (docker0) is assigned with an IP address 172.17.0.0/16."',
    ),
    "firewall_failed": sample(
        _AT
        + 'level=error msg="Handler for POST /v1.43/containers/x/start returned error: driver failed programming external connectivity on endpoint shop:'
        "  (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 80 -j DNAT: iptables: No chain/target/match by that name."
        ' (exit status 1))"',
        _AT + 'level=info msg="Firewalld: interface docker0 already part of docker zone, returning"',
    ),
    "dns_failed": sample(
        _AT
        + 'level=error msg="[resolver] failed to query external DNS server" client-addr="udp:127.0.0.1:4242" error="read udp: i/o timeout"',
        _AT + 'level=info msg="[resolver] external DNS server is 192.0.2.53"',
    ),
    "tls_handshake": sample(
        "2026/11/28 19:20:07 http: TLS handshake error from 203.0.113.9:4242: EOF",
        "2026/11/28 19:20:07 http: Server closed",
        client_ip="203.0.113.9",
        port="4242",
        error="EOF",
    ),
    "thin_pool_low": sample(
        _AT
        + 'level=error msg="devmapper: Thin Pool has 77 free data blocks which is less than minimum required 163840 free data blocks."',
        _AT + 'level=info msg="devmapper: Thin Pool has plenty of blocks"',
        free="77",
    ),
    "containerd_lost": sample(
        _AT
        + 'level=error msg="failed to get event" error="rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing:'
        ' dial unix /run/containerd/containerd.sock: connect: connection refused\\"" module=libcontainerd namespace=moby',
        _AT + 'level=info msg="containerd successfully booted in 0.123456s"',
        'failed to dial "/run/containerd/containerd.sock": context deadline exceeded',
    ),
    "node_lost": sample(
        _AT + 'level=info msg="memberlist: Suspect node2 has failed, no acks received"',
        _AT + 'level=debug msg="memberlist: Initiating push/pull sync with: node2 192.0.2.8:7946"',
        node="node2",
    ),
    "panic": sample(
        "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]\n\n"
        "goroutine 1 [running]:\nmain.main()\n\t/srv/app/main.go:7 +0x1d",
        "panic: no, only a word in a line",
        "fatal error: concurrent map writes\n\ngoroutine 77 [running]:\nmain.f()\n\t/srv/app/main.go:7 +0x1d",
        error="runtime error: invalid memory address or nil pointer dereference",
    ),
    "error": sample(
        _AT
        + 'level=error msg="Error streaming logs" error="invalid character" method="(*Daemon).ContainerLogs" module=daemon',
        _AT + 'level=warning msg="cleaning up after shim disconnected" namespace=moby',
        level="error",
        error="Error streaming logs",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _AT + 'level=info msg="Loading containers: done."',
    _AT + 'level=info msg="Docker daemon" commit=311b9ff graphdriver=overlay2 version=24.0.7',
    _AT + 'level=info msg="API listen on /run/docker.sock"',
    _AT + f'level=info msg="shim disconnected" id={_ID} namespace=moby',
    _AT
    + 'level=info msg="skip loading plugin \\"io.containerd.snapshotter.v1.zfs\\"..." error="path must be a zfs filesystem"',
    _AT + f'level=warning msg="cleaning up after shim disconnected" id={_ID} namespace=moby',
    _AT + 'level=info msg="No non-localhost DNS nameservers are left in resolv.conf. Using default external servers"',
    _AT + 'level=debug msg="Calling GET /v1.43/containers/json"',
    _AT + "level=info msg=\"Processing signal 'terminated'\"",
    '192.0.2.7 - - [28/Nov/2026:19:20:07 +0000] "GET /v2/ HTTP/1.1" 401 87 "" "docker/24.0.7 go/go1.20.10"',
    _AT + 'level=warning msg="Your kernel does not support swap memory limit"',
)

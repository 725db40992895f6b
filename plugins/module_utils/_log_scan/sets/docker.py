# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Docker Engine and containerd: what their daemons log, and programs in Go that panic in a container."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, LOW, MEDIUM, PatternSet, Rule

# logfmt, as logrus writes it: a quote inside of a text is escaped.
_TEXT = r"(?:[^\"\\\r\n]|\\[^\r\n])"
_NAMED = (
    r"(?i:no space left on device)|OCI runtime|toomanyrequests: |port is already allocated"
    r"|rror (?:initializing network controller|starting daemon)"
    r"|non-overlapping IPv4|TLS handshake error|Health check for container|failed to query external DNS"
    r"|iptables failed: |failed to start daemon"
    r"|driver failed programming external connectivity|pull access denied|containerd\.sock|manifest unknown|Thin Pool has"
)

SET = PatternSet(
    "docker",
    "Docker Engine and containerd",
    (
        Rule(
            "not_started",
            CRITICAL,
            r"\b(?:level=fatal msg=\"|dockerd(?:\[[0-9]{1,10}\])?: )(?P<error>(?:[Ff]ailed to (?:start daemon"
            r"|start containerd|load listeners)|Error starting daemon"
            rf"|unable to configure the Docker daemon|containerd: )(?:[ :]){_TEXT}{{1,600}})",
            "The Docker daemon did not start: {error}",
        ),
        Rule(
            "disk_full",
            CRITICAL,
            r"\bno space left on device\b",
            "A file system is full, or has no inodes left",
        ),
        Rule(
            "container_not_started",
            HIGH,
            rf"\bOCI runtime (?P<operation>create|start|exec) failed: (?P<error>{_TEXT}{{1,500}})",
            "A container could not be started: {error}",
        ),
        Rule(
            "container_out_of_memory",
            HIGH,
            r"(?:/tasks/oom\b|\bTaskOOM event (?:&TaskOOM\{ContainerID:"
            r"|container_id:\\?\")(?P<container>[0-9a-f]{12,64}))",
            "A process in a container was killed at its memory limit",
        ),
        Rule(
            "container_killed",
            LOW,
            r"\b[Cc]ontainer (?P<container>[0-9a-f]{12,64} )?failed to exit within "
            r"(?P<seconds>[0-9]{1,6}) ?s(?:econds)? of (?:signal )?(?P<signal>[0-9A-Za-z]{1,12})",
            "A container did not stop when asked and was killed after {seconds} seconds",
            threshold=(10, 600.0),
        ),
        Rule(
            "unhealthy",
            MEDIUM,
            r"\bHealth check for container (?P<container>[0-9a-f]{12,64}) (?:error: |timeout"
            rf"|exceeded)(?P<error>{_TEXT}{{0,300}})",
            "The health check of the container {container} failed",
        ),
        Rule(
            "rate_limited",
            HIGH,
            r"\btoomanyrequests: (?P<error>[^\"\r\n]{1,200})",
            "The registry gives out no more images for now: {error}",
        ),
        Rule(
            "image_not_found",
            MEDIUM,
            r"\b(?:pull access denied for (?P<image>[^ ,\"\r\n]{1,253})"
            r"|manifest for (?P<tag>[^ \"\r\n]{1,253}) not found: manifest unknown"
            r"|manifest unknown: )",
            "An image is not there, or may not be pulled",
        ),
        Rule(
            "port_taken",
            HIGH,
            r"\b(?:Bind for (?P<address>[0-9A-Fa-f.:\[\]]{3,64}) failed: port is already allocated"
            r"|listen tcp4? [0-9A-Fa-f.:\[\]]{3,64}: bind: address already in use)",
            "A container was not started because its port is taken",
        ),
        Rule(
            "addresses_exhausted",
            HIGH,
            r"\b(?:could not find an available, non-overlapping IPv4 address pool"
            r"|all predefined address pools have been fully subnetted|no available IPv4 addresses on this network)",
            "No addresses are left for containers or networks",
        ),
        Rule(
            "firewall_failed",
            HIGH,
            rf"\biptables failed: (?P<command>ip6?tables {_TEXT}{{1,400}}?): (?P<error>{_TEXT}{{1,300}})",
            "Docker could not set a rule of the firewall: its containers cannot be reached",
        ),
        Rule(
            "dns_failed",
            LOW,
            r"\[resolver\] failed to query (?:external )?DNS server\b",
            "A container could not resolve a name",
            threshold=(50, 600.0),
        ),
        Rule(
            "tls_handshake",
            LOW,
            r"\bhttp: TLS handshake error from (?P<client_ip>[0-9A-Fa-f.\[\]:]{3,45}):(?P<port>[0-9]{1,5}): "
            r"(?P<error>[^\"\r\n]{1,200})",
            "{client_ip} and a daemon could not agree on TLS: {error}",
            threshold=(50, 600.0),
        ),
        Rule(
            "thin_pool_low",
            CRITICAL,
            r"\bThin Pool has (?P<free>[0-9]{1,12}) free (?:data blocks"
            r"|metadata blocks) which is less than minimum required",
            "The storage of containers is nearly full ({free} blocks are left)",
        ),
        Rule(
            "containerd_lost",
            CRITICAL,
            r"\b(?:failed to dial \\?\"/(?:var/)?run/[^\"\r\n]{0,60}containerd\.sock"
            r"|containerd did not exit successfully|killing and restarting containerd"
            r"|transport: [Ee]rror while dialing:? (?:dial"
            r"|failed to dial)[^\r\n]{0,20} (?:unix )?\\?\"?/(?:var/)?run/[^\r\n]{0,60}containerd\.sock)",
            "Docker has lost containerd, which runs the containers",
        ),
        Rule(
            "node_lost",
            HIGH,
            r"\bmemberlist: (?:Suspect|Marking) (?P<node>[^ \r\n\"]{1,253}) (?:has failed, no acks received"
            r"|as failed, suspect timeout reached)",
            "A node of the swarm does not answer: {node}",
        ),
        Rule(
            "panic",
            CRITICAL,
            r"(?:^|[ \t])(?:panic|fatal error): (?P<error>[^\r\n]{1,300})\n(?:[^\n]{0,400}\n){0,6}?goroutine "
            r"[0-9]{1,12} [^\r\n]{0,60}\[",
            "A program in Go panicked: {error}",
            multiline="go",
        ),
        Rule(
            "error",
            MEDIUM,
            r"\btime=\"?[0-9TZ:+.-]{10,40}\"? level=(?P<level>error|fatal"
            rf"|panic) msg=\"(?P<error>{_TEXT}{{1,600}})\"",
            "A daemon logged an error: {error}",
            exclude=(_NAMED,),
        ),
    ),
)

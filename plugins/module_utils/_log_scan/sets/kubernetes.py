# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes: kubelet, control plane, etcd, and the words of events, as they stand in logs of nodes and exporters."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, MEDIUM, PatternSet, Rule

_POD = r"\bpod=\"(?P<pod>[a-z0-9.-]{1,253}/[a-z0-9.-]{1,253})\""
_QUOTED = r"(?:[^\"\\\r\n]|\\[^\r\n])"

SET = PatternSet(
    "kubernetes",
    "Kubernetes",
    (
        Rule(
            "crash_loop",
            HIGH,
            r"\b[Bb]ack-off (?P<delay>[0-9hms.]{1,16} )?restarting failed "
            r"container(?:[= ](?P<container>[a-z0-9-]{1,63}))?(?: (?:in )?pod[= ](?P<pod>[a-z0-9.-]{1,253}))?",
            "A container ends again and again after its start",
        ),
        Rule(
            "image_pull",
            HIGH,
            r"(?:\bErrImagePull: \\?\"|\bImagePullBackOff: \\?\"|\bFailed to pull image \\?\""
            r"|\bBack-off pulling image \\?\")(?P<image>[^\"\\\r\n]{1,300})",
            "An image cannot be pulled: {image}",
        ),
        Rule(
            "oom_killed",
            HIGH,
            r"(?:\b[Rr]eason\\?\"?[:=]? ?\\?\"?OOMKilled\b"
            r"|\bSystem OOM encountered, victim process: (?P<process>[^,\r\n]{1,64}), pid: (?P<pid>[0-9]{1,10})"
            r"|\bOOMKilling\b)",
            "A container was killed for want of memory",
        ),
        Rule(
            "evicted",
            HIGH,
            rf"(?:\bpod is evicted successfully\" {_POD}"
            r"|\bThe node was low on resource: (?P<resource>[a-z-]{3,40})"
            r"|\bmust evict pod\(s\) to reclaim\b|\bEvictionThresholdMet\b)",
            "Pods were evicted because the node is short of memory or disk",
        ),
        Rule(
            "probe_failed",
            MEDIUM,
            r"\"Probe failed\" probeType=\"(?P<probe>Liveness"
            rf"|Startup)\" {_POD}(?: podUID=\"?[0-9a-f-]{{36}}\"?)? "
            r"containerName=\"(?P<container>[a-z0-9-]{1,63})\"",
            "The probe of {container} in {pod} failed ({probe}), and it will be restarted",
        ),
        Rule(
            "probe_event",
            MEDIUM,
            r"\b(?P<probe>Liveness|Startup) probe (?:failed|errored): (?P<error>[^\"\r\n]{1,200})",
            "A {probe} probe failed, and its container will be restarted: {error}",
        ),
        Rule(
            "node_not_ready",
            CRITICAL,
            r"(?:\"Node became not ready\" node=\"(?P<node>[A-Za-z0-9.-]{1,253})\""
            r"|\bNode (?P<name>[A-Za-z0-9.-]{1,253}) status is now: NodeNotReady\b"
            r"|\bNode [^ \r\n]{1,253} hasn't been updated for )",
            "A node is not ready: its pods will be moved",
        ),
        Rule(
            "mount_failed",
            HIGH,
            r"\b(?:MountVolume\.(?:SetUp|MountDevice"
            r"|NewMounter initialization) failed for volume \\?\"(?P<volume>[^\"\\\r\n]{1,253})\\?\""
            r"|AttachVolume\.Attach failed for volume \\?\""
            r"|[Uu]nable to (?:attach or )?mount volumes(?: for pod)?[:; ])",
            "A volume could not be mounted, and its pod waits",
        ),
        Rule(
            "sandbox_failed",
            HIGH,
            r"\b(?:CreatePodSandbox for pod failed|Failed to create (?:pod )?sandbox|failed to (?:set ?up"
            r"|destroy) network for sandbox)",
            "A pod has got no network or no sandbox",
        ),
        Rule(
            "not_schedulable",
            HIGH,
            r"\b0/(?P<nodes>[0-9]{1,5}) nodes are available: (?P<reason>[^\"\r\n]{1,300})",
            "A pod fits on none of {nodes} nodes: {reason}",
        ),
        Rule(
            "runtime_unhealthy",
            CRITICAL,
            r"\b(?:PLEG is not healthy: |container runtime is down\b"
            r"|container runtime status check may not have completed yet|Container runtime network not ready\b"
            r"|Container runtime sanity check failed"
            r"|runtime service connection: [^\r\n]{0,200}connection refused)(?P<error>[^\r\n]{0,200})",
            "The container runtime of a node does not work",
            exclude=(r"status check may not have completed yet\"? *$",),
        ),
        Rule(
            "api_unreachable",
            HIGH,
            r"\b(?:Error updating node status, will retry|Unable to update node status"
            r"|[Ff]ailed to (?:ensure lease exists|update lease)|Unable to register node with API server"
            r"|Failed to contact API server"
            r"|The connection to the server [^ \r\n]{1,253} was refused)(?P<error>[^\r\n]{0,200})",
            "A node cannot reach the API server",
            exclude=(r"the object has been modified; please apply your changes to the latest version",),
        ),
        Rule(
            "certificate_expired",
            CRITICAL,
            r"\bx509: certificate has expired or is not yet valid(?:: current time (?P<now>[^ \r\n]{1,40}) is "
            r"(?P<order>after|before) (?P<limit>[^ \"\r\n,\]]{1,40}))?",
            "A certificate has expired, or a clock is wrong",
        ),
        Rule(
            "certificate_unknown",
            HIGH,
            r"\bx509: certificate (?:signed by unknown authority"
            r"|is valid for (?P<valid_for>[^\r\n\"]{1,200}?), not (?P<asked>[^ \"\r\n]{1,253}))",
            "A certificate is not trusted, or is for another name",
        ),
        Rule(
            "forbidden",
            MEDIUM,
            r"\bUser \\?\"(?P<user>[^\"\\\r\n]{1,253})\\?\" cannot (?P<verb>[a-z*]{2,20}) resource "
            r"\\?\"(?P<resource>[^\"\\\r\n]{1,100})\\?\" in API group",
            "{user} may not {verb} {resource}",
        ),
        Rule(
            "unauthenticated",
            MEDIUM,
            r"\bUnable to authenticate the request(?:\" err=\"(?P<error>[^\"\r\n]{1,300}))?",
            "The API server did not accept somebody's credentials",
        ),
        Rule(
            "etcd_failing",
            CRITICAL,
            r"\betcdserver: (?P<error>request timed out|mvcc: database space exceeded|no leader|too many requests"
            r"|leader changed|not healthy for reconfigure)",
            "etcd cannot do what the API server asks: {error}",
        ),
        Rule(
            "etcd_slow",
            MEDIUM,
            r"\b(?P<error>apply request took too long|slow fdatasync|leader failed to send out heartbeat on time"
            r"|lost leader|lost the TCP streaming connection with peer)\b",
            "etcd is slow, or its members lose each other: {error}",
            threshold=(20, 600.0),
        ),
        Rule(
            "leadership_lost",
            HIGH,
            r"\b(?:leaderelection lost\b|failed to renew lease (?P<lease>[a-z0-9./-]{1,253}): )",
            "A controller has lost its leadership and restarts",
        ),
        Rule(
            "webhook_failed",
            HIGH,
            r"\b[Ff]ailed calling webhook(?:,[^\r\n\"]{0,40})? \\?\"(?P<webhook>[^\"\\\r\n]{1,253})\\?\"",
            "An admission webhook does not answer, and may stop every change: {webhook}",
        ),
        Rule(
            "disk_not_freed",
            HIGH,
            r"\b(?:[Ff]ailed to garbage collect required amount of images|Image garbage collection failed (?:once"
            r"|multiple times in a row)|FreeDiskSpaceFailed)\b",
            "The disk of a node is filling up, and no images can be removed",
            exclude=(r"failed once[^\r\n]{0,80}Stats initialization may not have completed yet",),
        ),
        Rule(
            "quota_exceeded",
            MEDIUM,
            r"\bis forbidden: exceeded quota: (?P<quota>[^,\r\n]{1,253}), requested: (?P<requested>[^,\r\n]{1,100})",
            "The quota {quota} leaves no room for {requested}",
        ),
    ),
)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set kubernetes, and what a healthy cluster writes."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_E = "E1128 19:20:07.123456    4711 "
_I = "I1128 19:20:07.123456    4711 "
_UID = "8e2f1a2b-0000-4000-8000-1a2b3c4d5e6f"

SAMPLES: Mapping[str, Sample] = {
    "crash_loop": sample(
        _E
        + 'pod_workers.go:1300] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"app\\" with CrashLoopBackOff:'
        f' \\"back-off 5m0s restarting failed container=app pod=web-7d9c_shop({_UID})\\"" pod="shop/web-7d9c" podUID="{_UID}"',
        _I + 'kuberuntime_manager.go:1] "Container started after back-off" pod="shop/web-7d9c"',
        "Warning  BackOff    pod/web-7d9c   Back-off restarting failed container app in pod web-7d9c_shop",
        container="app",
        delay="5m0s ",
    ),
    "image_pull": sample(
        _E
        + 'pod_workers.go:1300] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"app\\" with ImagePullBackOff:'
        ' \\"Back-off pulling image \\\\\\"example/shop:9\\\\\\"\\"" pod="shop/web-7d9c"',
        _I + 'event.go:1] "Successfully pulled image \\"example/shop:8\\" in 1.2s"',
        'Warning  Failed     pod/web-7d9c   Failed to pull image "example/shop:9": rpc error: code = NotFound',
    ),
    "oom_killed": sample(
        "shop web-7d9c app Last State: Terminated Reason: OOMKilled Exit Code: 137",
        _I + 'oomparser.go:1] "OOM parser started"',
        _E + "watcher.go:1] System OOM encountered, victim process: java, pid: 4712".replace("'", ""),
        "Warning  OOMKilling  node/node1  Memory cgroup out of memory",
    ),
    "evicted": sample(
        _I + 'eviction_manager.go:592] "Eviction manager: pod is evicted successfully" pod="shop/web-7d9c"',
        _I + 'eviction_manager.go:300] "Eviction manager: no pods are evicted"',
        "Warning  Evicted  pod/web-7d9c  The node was low on resource: ephemeral-storage. Container app was using 12Gi, request is 0.",
        pod="shop/web-7d9c",
    ),
    "probe_failed": sample(
        _I
        + f'prober.go:107] "Probe failed" probeType="Liveness" pod="shop/web-7d9c" podUID="{_UID}" containerName="app" probeResult="failure"'
        ' output="HTTP probe failed with statuscode: 503"',
        _I
        + f'prober.go:107] "Probe failed" probeType="Readiness" pod="shop/web-7d9c" podUID="{_UID}" containerName="app" probeResult="failure" output=""',
        _I
        + f'prober.go:116] "Probe failed" probeType="Startup" pod="shop/web-7d9c" podUID={_UID} containerName="app" probeResult="failure" output=""',
        pod="shop/web-7d9c",
        container="app",
        probe="Liveness",
    ),
    "probe_event": sample(
        "Warning  Unhealthy  pod/web-7d9c  Liveness probe failed: HTTP probe failed with statuscode: 503",
        "Warning  Unhealthy  pod/web-7d9c  Readiness probe failed: HTTP probe failed with statuscode: 503",
        probe="Liveness",
        error="HTTP probe failed with statuscode: 503",
    ),
    "node_not_ready": sample(
        _I + 'setters.go:568] "Node became not ready" node="node1" condition={"type":"Ready","status":"False"}',
        _I + 'kubelet_node_status.go:1] "Successfully registered node" node="node1"',
        "Normal  NodeNotReady  node/node1  Node node1 status is now: NodeNotReady",
        node="node1",
    ),
    "mount_failed": sample(
        'Warning  FailedMount  pod/web-7d9c  MountVolume.SetUp failed for volume "config" : configmap "shop" not found',
        _I + 'operation_generator.go:1] "MountVolume.SetUp succeeded for volume \\"config\\" " pod="shop/web-7d9c"',
        _E
        + 'kubelet.go:1] "Unable to attach or mount volumes for pod; skipping pod" err="unmounted volumes=[data]" pod="shop/web-7d9c"',
        volume="config",
    ),
    "sandbox_failed": sample(
        _E + 'kuberuntime_manager.go:1172] "CreatePodSandbox for pod failed" err="rpc error" pod="shop/web-7d9c"',
        _I + 'kuberuntime_manager.go:1] "Creating PodSandbox for pod" pod="shop/web-7d9c"',
        'Warning FailedCreatePodSandBox pod/web-7d9c Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "x"',
    ),
    "not_schedulable": sample(
        "Warning  FailedScheduling  pod/web-7d9c  0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available",
        _I
        + 'scheduler.go:1] "Successfully bound pod to node" pod="shop/web-7d9c" node="node1" evaluatedNodes=3 feasibleNodes=3',
        nodes="3",
    ),
    "runtime_unhealthy": sample(
        _E
        + 'kubelet.go:2855] "Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:not initialized"',
        _I + 'kubelet.go:1] "Container runtime initialized" containerRuntime="containerd" version="1.7.2"',
        _E
        + 'kubelet.go:2300] "Skipping pod synchronization" err="PLEG is not healthy: pleg was last seen active 3m7s ago; threshold is 3m0s"',
    ),
    "api_unreachable": sample(
        _E
        + 'kubelet_node_status.go:540] "Error updating node status, will retry" err="error getting node \\"node1\\": Get'
        ' \\"https://192.0.2.1:6443/api/v1/nodes/node1\\": dial tcp 192.0.2.1:6443: connect: connection refused"',
        _E
        + 'kubelet_node_status.go:540] "Error updating node status, will retry" err="failed to patch status: Operation cannot be fulfilled: the object has'
        ' been modified; please apply your changes to the latest version and try again"',
        _E
        + 'controller.go:146] "Failed to ensure lease exists, will retry" err="context deadline exceeded" interval="7s"',
    ),
    "certificate_expired": sample(
        _E
        + 'authentication.go:73] "Unable to authenticate" err="[x509: certificate has expired or is not yet valid: current time 2026-11-28T19:20:07Z is after'
        ' 2026-11-27T00:00:00Z]"',
        _I + "certificate_manager.go:1] Certificate expiration is 2027-11-28 19:20:07 +0000 UTC",
        order="after",
        limit="2026-11-27T00:00:00Z",
    ),
    "certificate_unknown": sample(
        _E
        + 'reflector.go:1] Failed to watch: Get "https://192.0.2.1:6443": x509: certificate signed by unknown authority',
        _I + 'dynamic_cafile_content.go:1] "Starting controller" name="client-ca-bundle"',
        _E
        + "x.go:1] tls: failed to verify certificate: x509: certificate is valid for kubernetes, kubernetes.default, not api.example.com",
    ),
    "forbidden": sample(
        _E
        + 'reflector.go:150] Failed to watch *v1.Pod: failed to list *v1.Pod: pods is forbidden: User "system:serviceaccount:shop:default" cannot list'
        ' resource "pods" in API group "" at the cluster scope',
        _I + 'rbac.go:1] User "system:serviceaccount:shop:default" can list resource "pods"',
        user="system:serviceaccount:shop:default",
        verb="list",
        resource="pods",
    ),
    "unauthenticated": sample(
        _E
        + 'authentication.go:73] "Unable to authenticate the request" err="[invalid bearer token, service account token has expired]"',
        _I + 'authentication.go:1] "Authenticated the request"',
        error="[invalid bearer token, service account token has expired]",
    ),
    "etcd_failing": sample(
        _E + "status.go:71] apiserver received an error that is not an metav1.Status: etcdserver: request timed out",
        _I + "client.go:1] connected to etcdserver",
        "Error: etcdserver: mvcc: database space exceeded",
        error="request timed out",
    ),
    "etcd_slow": sample(
        '{"level":"warn","ts":"2026-11-28T19:20:07.123Z","caller":"etcdserver/util.go:170","msg":"apply request took too long","took":"312.5ms"}',
        '{"level":"info","ts":"2026-11-28T19:20:07.123Z","caller":"mvcc/index.go:214","msg":"compact tree index","revision":7}',
        '{"level":"warn","ts":"2026-11-28T19:20:07.123Z","caller":"wal/wal.go:805","msg":"slow fdatasync","took":"1.2s","expected-duration":"1s"}',
        error="apply request took too long",
    ),
    "leadership_lost": sample(
        "E1128 19:20:07.123456       1 controllermanager.go:332] leaderelection lost",
        "I1128 19:20:07.123456       1 leaderelection.go:260] successfully acquired lease kube-system/kube-controller-manager",
        "I1128 19:20:07.123456       1 leaderelection.go:285] failed to renew lease kube-system/kube-scheduler: timed out waiting for the condition",
    ),
    "webhook_failed": sample(
        'Error from server (InternalError): Internal error occurred: failed calling webhook "validate.example.com": failed to call webhook: Post: EOF',
        _I + 'dispatcher.go:1] calling webhook "validate.example.com"',
        _E
        + 'dispatcher.go:1] failed calling webhook, failing open "mutate.example.com": EOF'.replace(
            "failing open ", "failing open "
        ),
        webhook="validate.example.com",
    ),
    "disk_not_freed": sample(
        _E
        + 'kubelet.go:1400] "Image garbage collection failed multiple times in a row" err="failed to garbage collect required amount of images.'
        ' Attempted to free 12345 bytes, but only found 0 bytes eligible to free."',
        _E
        + 'kubelet.go:1300] "Image garbage collection failed once. Stats initialization may not have completed yet" err="no stats"',
    ),
    "quota_exceeded": sample(
        'pods "web-7d9c" is forbidden: exceeded quota: shop-quota, requested: cpu=2, used: cpu=7, limited: cpu=8',
        "resourcequota/shop-quota created, requested: cpu=2",
        quota="shop-quota",
        requested="cpu=2",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _I + 'kubelet.go:2347] "SyncLoop ADD" source="api" pods=["shop/web-7d9c"]',
    _I
    + 'kubelet.go:2347] "SyncLoop (PLEG): event for pod" pod="shop/web-7d9c" event={"ID":"1","Type":"ContainerStarted","Data":"2"}',
    _I
    + f'reconciler.go:1] "operationExecutor.VerifyControllerAttachedVolume started for volume \\"config\\" pod \\"web\\" (UID: \\"{_UID}\\")"',
    _I + 'topology_manager.go:1] "Topology Admit Handler" podUID="x" podNamespace="shop" podName="web-7d9c"',
    _I
    + 'pod_startup_latency_tracker.go:104] "Observed pod startup duration" pod="shop/web-7d9c" podStartSLOduration=1.2',
    'I1128 19:20:07.123456       1 garbagecollector.go:1] "Processing object" object="shop/web" kind="ReplicaSet"',
    'I1128 19:20:07.123456       1 trace.go:236] Trace[77]: "List" url:/api/v1/pods (28-Nov-2026 19:20:06.000) (total time: 512ms):',
    '{"level":"info","ts":"2026-11-28T19:20:07.123Z","caller":"etcdserver/server.go:1","msg":"saved snapshot","snapshot-index":7}',
    'Normal   Pulled     pod/web-7d9c   Container image "example/shop:8" already present on machine',
    "Normal   Killing    pod/web-7d9c   Stopping container app",
    "W1128 19:20:07.123456       1 warnings.go:70] policy/v1beta1 PodSecurityPolicy is deprecated in v1.21+, unavailable in v1.25+",
    'Warning  Unhealthy  pod/web-7d9c  Readiness probe failed: Get "http://10.0.0.7:8080/": dial tcp 10.0.0.7:8080: connect: connection refused',
    "2026-11-28T19:20:07.123456789Z stdout F request done in 7 ms",
)

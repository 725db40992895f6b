# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Samples of the set kernel, and what a healthy kernel says."""

from __future__ import annotations

from typing import Mapping, Tuple

from .shape import Sample, sample

_AT = "Nov 28 19:20:07 web1 kernel: [12345.678901] "

SAMPLES: Mapping[str, Sample] = {
    "out_of_memory": sample(
        _AT
        + "Out of memory: Killed process 4711 (java) total-vm:8123456kB, anon-rss:7012345kB, file-rss:0kB, shmem-rss:0kB,"
        " UID:1000 pgtables:15000kB oom_score_adj:0",
        _AT + "java invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0",
        _AT + "Out of memory: Kill process 4711 (java) score 912 or sacrifice child",
        pid="4711",
        process="java",
    ),
    "cgroup_out_of_memory": sample(
        _AT + "Memory cgroup out of memory: Killed process 99 (node) total-vm:1208712kB, anon-rss:523412kB, UID:0",
        _AT + "memory: usage 524288kB, limit 524288kB, failcnt 121",
        _AT + "Memory cgroup out of memory: Kill process 99 (node) score 1000 or sacrifice child",
        process="node",
    ),
    "disk_error": sample(
        _AT
        + "blk_update_request: I/O error, dev sda, sector 123456 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 0",
        _AT + "blk_update_request: I/O error, dev fd0, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0",
        _AT + "critical medium error, dev nvme0n1, sector 99 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2",
        _AT + "I/O error, dev dm-3, sector 2048 op 0x1:(WRITE) flags 0x800 phys_seg 2 prio class 2",
        device="sda",
        sector="123456",
        error="I/O",
    ),
    "buffer_error": sample(
        _AT + "Buffer I/O error on dev sdb1, logical block 17, async page read",
        _AT + "Buffer I/O error on dev sr0, logical block 0, async page read",
        device="sdb1",
        block="17",
    ),
    "ata_error": sample(
        _AT + "ata3.00: failed command: READ FPDMA QUEUED",
        _AT + "ata3.00: configured for UDMA/133",
        _AT + "ata3: hard resetting link",
        _AT + "ata2: SError: { RecovComm PHYRdyChg 10B8B }",
        device="ata3.00",
    ),
    "nvme_error": sample(
        _AT + "nvme nvme0: I/O 123 QID 4 timeout, aborting",
        _AT + "nvme nvme0: 8/0/0 default/read/poll queues",
        _AT + "nvme nvme1: controller is down; will reset: CSTS=0xffffffff, PCI_STATUS=0x10",
        _AT + "nvme nvme0: I/O tag 12 (100c) opcode 0x2 (I/O Cmd) QID 3 timeout, reset controller",
        device="nvme0",
    ),
    "ext4_error": sample(
        _AT + "EXT4-fs error (device sda2): ext4_lookup:1855: inode #131: comm ls: deleted inode referenced: 4711",
        _AT + "EXT4-fs (sda2): mounted filesystem with ordered data mode. Opts: errors=remount-ro",
        device="sda2",
    ),
    "xfs_error": sample(
        _AT + "XFS (dm-0): Metadata corruption detected at xfs_agf_read_verify+0x70/0x120 [xfs], xfs_agf block 0x1",
        _AT + "XFS (dm-0): Ending clean mount",
        _AT + "XFS (sdb1): Corruption of in-memory data (0x8) detected at xfs_defer_finish. Shutting down filesystem.",
        _AT + "XFS (sdb1): Filesystem has been shut down due to log error (0x2).",
        _AT + 'XFS (sdb1): metadata I/O error in "xfs_buf_ioend+0x1" at daddr 0x1 len 1 error 5',
        device="dm-0",
    ),
    "btrfs_error": sample(
        _AT + "BTRFS error (device sdb): bad tree block start, want 30408704 have 0",
        _AT + "BTRFS info (device sdb): disk space caching is enabled",
        _AT + "BTRFS critical (device dm-1): corrupt leaf: root=2 block=1 slot=0",
        device="sdb",
    ),
    "read_only": sample(
        _AT + "EXT4-fs (sda2): Remounting filesystem read-only",
        _AT + "EXT4-fs (sda2): re-mounted. Opts: errors=remount-ro",
        _AT + "BTRFS info (device sdb): forced readonly",
        device="sda2",
    ),
    "hung_task": sample(
        _AT + "INFO: task jbd2/sda1-8:345 blocked for more than 120 seconds.",
        _AT + "INFO: NMI handler (perf_event_nmi_handler) took too long to run: 1.234 msecs",
        process="jbd2/sda1-8",
        pid="345",
        seconds="120",
    ),
    "lockup": sample(
        _AT + "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [kworker/3:1:1234]",
        _AT + "watchdog: CPU#3 enabled",
        _AT + "NMI watchdog: Watchdog detected hard LOCKUP on cpu 1",
        cpu="3",
    ),
    "rcu_stall": sample(
        _AT + "rcu: INFO: rcu_sched self-detected stall on CPU",
        _AT + "rcu: Hierarchical RCU implementation.",
        _AT + "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:",
        flavour="rcu_sched",
    ),
    "panic": sample(
        _AT + "Kernel panic - not syncing: Fatal exception in interrupt",
        _AT + "Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro panic=30",
        error="Fatal exception in interrupt",
    ),
    "oops": sample(
        _AT + "BUG: unable to handle page fault for address: ffffffffc0a81000",
        _AT + "BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 31s!",
        _AT + "kernel BUG at fs/ext4/inode.c:2745!",
        _AT + "general protection fault, probably for non-canonical address 0xdead000000000100: 0000 [#1] SMP PTI",
    ),
    "segfault": sample(
        _AT
        + "nginx[1234]: segfault at 0 ip 00007f1c2d3e4f50 sp 00007ffd1e2f3a40 error 4 in libc-2.31.so[7f1c2d3b0000+178000]",
        _AT + "nginx[1234]: unhandled level 3 translation fault (11) at 0x00000008",
        _AT + "traps: python3[77] general protection fault ip:7f0 sp:7ff error:0 in libpython3.so[7f0+1000]",
        process="nginx",
        pid="1234",
    ),
    "machine_check": sample(
        _AT + "mce: [Hardware Error]: Machine check events logged",
        _AT + "mce: CPU supports 20 MCE banks",
        _AT + "mce: [Hardware Error]: CPU 2: Machine Check Exception: 5 Bank 4: be00000000800400",
        _AT + "{1}[Hardware Error]: event severity: fatal",
    ),
    "memory_corrected": sample(
        _AT + "EDAC MC0: 1 CE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0 page:0x1)",
        _AT + "EDAC MC0: Giving out device to module skx_edac controller Skylake Socket#0 IMC#0",
        controller="MC0",
        count="1",
    ),
    "memory_uncorrected": sample(
        _AT + "EDAC MC1: 2 UE memory read error on unknown memory (page:0x0 offset:0x0 grain:8)",
        _AT + "EDAC MC1: 2 CE memory scrubbing error on CPU_SrcID#1_Ha#0_Chan#0_DIMM#0",
        controller="MC1",
        count="2",
    ),
    "raid_disk_failed": sample(
        _AT + "md/raid1:md0: Disk failure on sda1, disabling device.",
        _AT + "md/raid1:md0: active with 2 out of 2 mirrors",
        array="md0",
        device="sda1",
    ),
    "conntrack_full": sample(
        _AT + "nf_conntrack: nf_conntrack: table full, dropping packet",
        _AT + "nf_conntrack version 0.5.0 (65536 buckets, 262144 max)",
    ),
    "link_down": sample(
        _AT + "e1000e 0000:00:1f.6 eth0: NIC Link is Down",
        _AT + "e1000e 0000:00:1f.6 eth0: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx",
        _AT + "tg3 0000:02:00.0 eno1: Link is down",
        _AT + "mlx5_core 0000:3b:00.0 ens1f0: Link down",
        interface="eth0",
    ),
    "transmit_timeout": sample(
        _AT + "NETDEV WATCHDOG: eth0 (e1000e): transmit queue 0 timed out",
        _AT + "e1000e 0000:00:1f.6 eth0: Reset adapter unexpectedly",
        _AT + "NETDEV WATCHDOG: CPU: 3: ens5 (ena): transmit queue 2 timed out 5632 ms",
        interface="eth0",
        driver="e1000e",
        queue="0",
    ),
    "syn_flood": sample(
        _AT + "TCP: request_sock_TCP: Possible SYN flooding on port 443. Sending cookies.  Check SNMP counters.",
        _AT + "TCP: Hash tables configured (established 65536 bind 65536)",
        _AT + "TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:8080. Sending cookies.",
        port="443",
    ),
    "nfs_not_responding": sample(
        _AT + "nfs: server nas1.example.com not responding, still trying",
        _AT + "nfs: server nas1.example.com OK",
        _AT + "CIFS: VFS: \\\\files01 has not responded in 180 seconds. Reconnecting...",
        server="nas1.example.com",
    ),
    "tcp_memory": sample(
        _AT + "TCP: out of memory -- consider tuning tcp_mem",
        _AT + "TCP: eth0: Driver has suspect GRO implementation, TCP performance may be compromised.",
        _AT + "TCP: too many orphaned sockets",
    ),
    "allocation_failure": sample(
        _AT + "kworker/0:1: page allocation failure: order:5, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)",
        _AT + "Memory: 8012345K/8388608K available (14336K kernel code, 2345K rwdata)",
        order="5",
    ),
    "pid_limit": sample(
        _AT + "cgroup: fork rejected by pids controller in /system.slice/app.service",
        _AT + 'cgroup: cgroup2: unknown option "nsdelegate"',
        group="/system.slice/app.service",
    ),
    "throttled": sample(
        _AT + "CPU3: Core temperature above threshold, cpu clock throttled (total events = 1)",
        _AT + "CPU3: Core temperature/speed normal",
        _AT + "CPU0: Package temperature/speed above threshold, cpu clock throttled (total events = 7)",
        cpu="3",
    ),
}

HARMLESS: Tuple[str, ...] = (
    _AT
    + "Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU ld 2.40)",
    _AT + "pci 0000:00:1f.0: [8086:a0c8] type 00 class 0x060100",
    _AT + "usb 1-1: new high-speed USB device number 2 using xhci_hcd",
    _AT + "usb 1-1: USB disconnect, device number 2",
    _AT + "sd 0:0:0:0: [sda] 1000215216 512-byte logical blocks: (512 GB/477 GiB)",
    _AT + "EXT4-fs (sda1): mounted filesystem with ordered data mode. Quota mode: none.",
    _AT + "EXT4-fs (sda1): recovery complete",
    _AT + "XFS (sdb1): Mounting V5 Filesystem",
    _AT
    + 'audit: type=1400 audit(1764357607.123:45): apparmor="STATUS" operation="profile_load" profile="unconfined" name="lsb_release"',
    _AT + "IPv6: ADDRCONF(NETDEV_CHANGE): eth0: link becomes ready",
    _AT + "docker0: port 1(veth1a2b3c4) entered disabled state",
    _AT + "device veth1a2b3c4 left promiscuous mode",
    _AT
    + "[UFW BLOCK] IN=eth0 OUT= MAC=00:11:22:33:44:55 SRC=203.0.113.9 DST=192.0.2.1 LEN=40 TOS=0x00 PROTO=TCP SPT=4242 DPT=22",
    _AT + "perf: interrupt took too long (2501 > 2500), lowering kernel.perf_event_max_sample_rate to 79750",
    _AT + "ACPI: PCI: Interrupt link LNKA configured for IRQ 11",
    _AT + "md/raid1:md0: active with 2 out of 2 mirrors",
    _AT + "EDAC MC: Ver: 3.0.0",
    _AT + "ata1: SATA link up 6.0 Gbps (SStatus 133 SControl 300)",
    _AT + "ata2: SATA link down (SStatus 4 SControl 300)",
    _AT + "clocksource: Switched to clocksource tsc",
    _AT + "TCP: cubic registered",
    _AT + "nvme nvme0: pci function 0000:01:00.0",
    _AT + "Out of memory handling is set to panic=0",
)

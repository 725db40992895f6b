# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Linux kernel: memory, disks, file systems, hangs, crashes and hardware."""

from __future__ import annotations

from .shape import CRITICAL, HIGH, LOW, MEDIUM, REST, PatternSet, Rule

# Virtual machines have floppy and CD drives without a medium, and loop devices go away under their reader.
_NO_DISK = (r"\bdev(?:ice)? (?:fd|sr|loop)[0-9]",)
_DEVICE = r"(?P<device>[A-Za-z0-9/!_-]{1,64})"

SET = PatternSet(
    "kernel",
    "Linux kernel",
    (
        Rule(
            "out_of_memory",
            CRITICAL,
            r"\bOut of memory: Kill(?:ed)? process (?P<pid>[0-9]{1,10}) \((?P<process>[^)\r\n]{1,64})\)",
            "The host ran out of memory and the kernel killed {process} (pid {pid})",
        ),
        Rule(
            "cgroup_out_of_memory",
            HIGH,
            r"\bMemory cgroup out of memory: Kill(?:ed)? process (?P<pid>[0-9]{1,10}) "
            r"\((?P<process>[^)\r\n]{1,64})\)",
            "{process} (pid {pid}) was killed at the memory limit of its container or service",
        ),
        Rule(
            "disk_error",
            CRITICAL,
            r"\b(?P<error>(?:I/O|critical (?:medium|target|space allocation|nexus)|protection|device resource"
            rf"|recoverable transport|timeout)) error, dev {_DEVICE}, sector (?P<sector>[0-9]{{1,20}})",
            "The disk {device} failed to read or write sector {sector}: {error} error",
            exclude=_NO_DISK,
        ),
        Rule(
            "buffer_error",
            HIGH,
            rf"\bBuffer I/O error on dev(?:ice)? {_DEVICE}, logical block (?P<block>[0-9]{{1,20}})",
            "A block of {device} could not be read or written",
            exclude=_NO_DISK,
        ),
        Rule(
            "ata_error",
            HIGH,
            r"\b(?P<device>ata[0-9]{1,3}(?:\.[0-9]{2})?): (?P<error>failed command: [A-Z /]{3,40}"
            r"|SError: \{[^}\r\n]{0,80}\}|hard resetting link|link is slow to respond|COMRESET failed[^\r\n]{0,40}"
            r"|disabled$)",
            "The SATA device {device} has errors on its link or in itself: {error}",
        ),
        Rule(
            "nvme_error",
            HIGH,
            r"\bnvme (?P<device>nvme[0-9]{1,3}): (?P<error>I/O (?:tag )?[0-9]{1,6}[^\r\n]{0,40} timeout, "
            r"[a-z ]{3,40}"
            r"|controller is down; will reset[^\r\n]{0,80}|Device not ready; aborting [a-z]{3,20}"
            r"|Removing after probe failure[^\r\n]{0,40})",
            "The NVMe controller {device} does not answer: {error}",
        ),
        Rule(
            "ext4_error",
            CRITICAL,
            rf"\bEXT[234]-fs error \(device {_DEVICE}\):? ?(?P<error>{REST})",
            "The ext4 file system on {device} is damaged or cannot be written: {error}",
        ),
        Rule(
            "xfs_error",
            CRITICAL,
            rf"\bXFS \({_DEVICE}\): (?P<error>(?:Metadata (?:corruption|CRC error) detected|Corruption (?:detected"
            r"|of)"
            r"|metadata I/O error|log I/O error|Internal error|Filesystem has been shut down"
            rf"|User initiated shutdown|xfs_do_force_shutdown)[^\r\n]{{0,200}})",
            "The XFS file system on {device} is damaged or shut down: {error}",
        ),
        Rule(
            "btrfs_error",
            CRITICAL,
            rf"\bBTRFS (?:error|critical)(?: \(device {_DEVICE}[^)\r\n]{{0,40}}\))?: (?P<error>{REST})",
            "A Btrfs file system has errors: {error}",
        ),
        Rule(
            "read_only",
            CRITICAL,
            r"\b(?:EXT[234]-fs|F2FS-fs|BTRFS \w{2,10}"
            rf"|FAT-fs) \((?:device )?{_DEVICE}[^)\r\n]{{0,40}}\):?[^\r\n]{{0,80}}?"
            r"(?:Remounting filesystem read-only|forced readonly|Filesystem has been set read-only)",
            "The file system on {device} has become read-only after an error",
        ),
        Rule(
            "hung_task",
            HIGH,
            r"\bINFO: task (?P<process>[^\r\n]{1,64}):(?P<pid>[0-9]{1,10}) blocked for more than "
            r"(?P<seconds>[0-9]{1,6}) seconds",
            "{process} (pid {pid}) has waited in the kernel for more than {seconds} seconds, often for a disk or NFS",
        ),
        Rule(
            "lockup",
            CRITICAL,
            r"\b(?:BUG: soft lockup - CPU#|Watchdog detected hard LOCKUP on cpu ?)(?P<cpu>[0-9]{1,4})",
            "CPU {cpu} has been stuck in the kernel",
        ),
        Rule(
            "rcu_stall",
            HIGH,
            r"\b(?P<flavour>rcu_[a-z]{2,20}) (?:self-)?detected (?:expedited )?stalls? on CPU",
            "The kernel found CPUs or tasks stalled ({flavour}): the host hangs, or its hypervisor is overloaded",
        ),
        Rule(
            "panic",
            CRITICAL,
            rf"\bKernel panic - not syncing: (?P<error>{REST})",
            "The kernel has panicked: {error}",
        ),
        Rule(
            "oops",
            CRITICAL,
            r"\b(?P<error>BUG: unable to handle [^\r\n]{1,120}|kernel BUG at [^\r\n]{1,120}"
            r"|general protection fault, (?:probably|maybe) for [^\r\n]{1,120})",
            "A defect in the kernel or a driver was hit: {error}",
        ),
        Rule(
            "segfault",
            MEDIUM,
            r"(?:^|[ \t])(?P<process>[^\[\r\n\t]{1,32})\[(?P<pid>[0-9]{1,10})\]:? (?P<error>segfault at "
            r"[0-9a-f]{1,16}"
            r"|general protection fault ip:|general protection ip:|trap invalid opcode ip:|trap divide error ip:)",
            "{process} (pid {pid}) crashed: {error}",
        ),
        Rule(
            "machine_check",
            CRITICAL,
            r"\[Hardware Error\]: (?P<error>(?:Machine check events logged"
            r"|CPU [0-9]{1,4}: Machine Check(?: Exception)?:"
            r"|Uncorrected error|event severity: (?:fatal|recoverable))[^\r\n]{0,120})",
            "The hardware has reported an error: {error}",
        ),
        Rule(
            "memory_corrected",
            MEDIUM,
            r"\bEDAC (?P<controller>[A-Za-z]{2,10}[0-9]{1,3}): (?P<count>[0-9]{1,9}) CE ",
            "The memory controller {controller} has corrected {count} errors: a memory module may be failing",
        ),
        Rule(
            "memory_uncorrected",
            CRITICAL,
            r"\bEDAC (?P<controller>[A-Za-z]{2,10}[0-9]{1,3}): (?P<count>[0-9]{1,9}) UE ",
            "The memory controller {controller} has seen {count} errors that it could not correct",
        ),
        Rule(
            "raid_disk_failed",
            CRITICAL,
            rf"\bmd/raid[0-9a-z]{{0,6}}:(?P<array>md[0-9A-Za-z_]{{1,40}}): Disk failure on {_DEVICE}, disabling "
            r"device",
            "The disk {device} of the array {array} has failed",
        ),
        Rule(
            "conntrack_full",
            HIGH,
            r"\bnf_conntrack: (?:nf_conntrack: )?table full, dropping packet",
            "The connection tracking table is full, and packets are dropped: raise nf_conntrack_max",
        ),
        Rule(
            "link_down",
            MEDIUM,
            r"\b(?P<interface>[a-z][A-Za-z0-9._-]{1,30})(?: \([^)\r\n]{1,40}\))?: (?:NIC )?[Ll]ink(?: is)? "
            r"[Dd]own\b",
            "The network link of {interface} is down",
        ),
        Rule(
            "transmit_timeout",
            HIGH,
            r"\bNETDEV WATCHDOG: (?:CPU: [0-9]{1,4}: )?(?P<interface>[A-Za-z0-9._-]{1,31}) "
            r"\((?P<driver>[^)\r\n]{1,40})\): "
            r"transmit queue (?P<queue>[0-9]{1,4}) timed out",
            "The network card {interface} ({driver}) has stopped sending",
        ),
        Rule(
            "syn_flood",
            MEDIUM,
            r"\bPossible SYN flooding on port (?P<port>[0-9A-Fa-f.:\[\]]{1,64}?)\. ",
            "More connections arrive at port {port} than its service accepts: a flood, or too small a backlog",
        ),
        Rule(
            "nfs_not_responding",
            HIGH,
            r"\b(?:nfs: server|CIFS: VFS: \\\\|ceph: mds) ?(?P<server>[A-Za-z0-9_.:%-]{1,253}) (?:not responding"
            r"|has not responded)",
            "The file server {server} does not respond",
        ),
        Rule(
            "tcp_memory",
            HIGH,
            r"\bTCP: (?P<error>out of memory -- consider tuning tcp_mem|too many orphaned sockets)",
            "The network has run out of memory for TCP: {error}",
        ),
        Rule(
            "allocation_failure",
            MEDIUM,
            r"(?:^|[ \t])(?P<process>[^\r\n\t ]{1,64}?): page allocation failure: order:(?P<order>[0-9]{1,3})",
            "The kernel found no free memory of order {order} for {process}",
        ),
        Rule(
            "pid_limit",
            HIGH,
            r"\bcgroup: fork rejected by pids controller in (?P<group>[^ \r\n]{1,300})",
            "{group} has as many processes as it may, and can start no more",
        ),
        Rule(
            "throttled",
            LOW,
            r"\bCPU(?P<cpu>[0-9]{1,4}): (?:Core"
            r"|Package) temperature(?:/speed)? above threshold, cpu clock throttled",
            "CPU {cpu} is too hot and runs slower",
            threshold=(10, 600.0),
        ),
    ),
)

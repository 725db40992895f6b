# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the fake EC2 knows: instances, databases and groups, by account and region; and how they look as XML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, Iterable, List, Optional, Tuple
from xml.sax.saxutils import escape

from .store import ACCESS_KEY, ACCOUNT

REGIONS = ("eu-central-1", "eu-west-1", "us-east-1")
LAUNCHED = "2026-11-02T06:00:00.000Z"
CODES = {"pending": 0, "running": 16, "shutting-down": 32, "terminated": 48, "stopping": 64, "stopped": 80}
USER_STOPPED = ("Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown")
KMS_REASON = ("Client.InternalError", "Client.InternalError: Client error on launch")


@dataclass
class Instance:
    """One instance, and what is to go wrong with it.

    ``on_the_way`` is after how many describes it arrives from ``stopping`` or ``pending``; ``falls_back`` is the reason (code
    and message) for which a start ends in ``stopped``; ``refuses`` answers an action with an error, by the API's name.
    """

    id: str
    state: str = "running"
    tags: Dict[str, str] = field(default_factory=dict)
    type: str = "m5.large"
    zone: str = "eu-central-1a"
    reason: Tuple[str, str] = ("", "")
    spot: bool = False
    instance_store: bool = False
    can_hibernate: bool = False
    on_the_way: int = 0
    falls_back: Optional[Tuple[str, str]] = None
    refuses: Dict[str, Tuple[str, str]] = field(default_factory=dict)
    target: str = ""  # the state to which it is on its way
    left: int = 0  # describes until it is there
    xml: bytes = b""

    def go(self, over: str, to: str, reason: Tuple[str, str]) -> None:
        """Leave for another state; it arrives at once unless ``on_the_way`` says otherwise."""
        self.xml = b""
        self.target, self.left, self.reason = to, self.on_the_way, reason
        self.state = over if self.left else to

    def seen(self) -> None:
        """Somebody looks: it comes one step nearer."""
        if not self.target:
            return
        if self.left:
            self.left -= 1
        else:
            self.state, self.target, self.xml = self.target, "", b""

    def render(self) -> bytes:
        """Its part of the answer of DescribeInstances, with its reservation; kept until something changes."""
        if not self.xml:
            self.xml = _instance(self).encode()
        return self.xml


@dataclass
class Database:
    """A database or a cluster of them."""

    id: str
    status: str = "available"
    engine: str = "postgres"
    tags: Dict[str, str] = field(default_factory=dict)
    cluster: bool = False
    members: Tuple[str, ...] = ()


@dataclass
class Group:
    """An Auto Scaling group."""

    name: str
    sizes: Tuple[int, int, int] = (1, 2, 4)  # minimum, desired, maximum
    tags: Dict[str, str] = field(default_factory=dict)
    members: List[str] = field(default_factory=list)
    suspended: List[str] = field(default_factory=list)


@dataclass
class NodeGroup:
    """A managed node group of EKS; an update leaves it ``UPDATING`` until somebody says otherwise."""

    cluster: str
    name: str
    sizes: Tuple[int, int, int] = (1, 2, 4)  # minimum, desired, maximum
    tags: Dict[str, str] = field(default_factory=dict)
    status: str = "ACTIVE"


@dataclass
class Place:
    """One region of one account."""

    instances: Dict[str, Instance] = field(default_factory=dict)
    databases: Dict[str, Database] = field(default_factory=dict)
    clusters: Dict[str, Database] = field(default_factory=dict)
    groups: Dict[str, Group] = field(default_factory=dict)
    node_groups: Dict[str, NodeGroup] = field(default_factory=dict)  # by cluster/name

    def add(self, *instances: Instance) -> None:
        """Put instances there."""
        self.instances.update((each.id, each) for each in instances)


class Ec2Store:
    """All accounts. ``room`` says how many more instances of a type may be started in a zone; unlimited where it is silent."""

    def __init__(self, regions: Iterable[str] = REGIONS) -> None:
        self.regions = tuple(regions)
        self.accounts: Dict[str, str] = {ACCESS_KEY: ACCOUNT}  # by access key
        self.places: Dict[Tuple[str, str], Place] = {}
        self.room: Dict[Tuple[str, str], int] = {}

    def place(self, region: str = "eu-central-1", account: str = ACCOUNT) -> Place:
        """A region of an account."""
        return self.places.setdefault((account, region), Place())

    def seed(self, count: int, region: str = "eu-central-1", tag: str = "office", state: str = "running") -> None:
        """So many instances of three types in two zones, all with the tag Schedule."""
        types = ("m5.large", "c6i.xlarge", "t3.medium")
        self.place(region).add(
            *(
                Instance(
                    f"i-{number:017x}",
                    state,
                    {"Name": f"web-{number}", "Schedule": tag, "Team": "shop"},
                    types[number % 3],
                    f"{region}{'ab'[number % 2]}",
                )
                for number in range(count)
            )
        )


def tag_set(tags: Dict[str, str]) -> str:
    """Tags as EC2 writes them."""
    items = (f"<item><key>{escape(key)}</key><value>{escape(value)}</value></item>" for key, value in tags.items())
    return f"<tagSet>{''.join(items)}</tagSet>"


def _instance(each: Instance) -> str:
    code, message = each.reason
    reason = f"<stateReason><code>{code}</code><message>{escape(message)}</message></stateReason>" if code else ""
    group = each.tags.get("aws:autoscaling:groupName")
    return (
        f"<item><reservationId>r-{each.id[2:]}</reservationId><ownerId>{ACCOUNT}</ownerId><groupSet/><instancesSet><item>"
        f"<instanceId>{each.id}</instanceId><imageId>ami-0123456789abcdef0</imageId>"
        f"<instanceState><code>{CODES[each.state]}</code><name>{each.state}</name></instanceState>"
        "<privateDnsName>ip-10-0-0-1.ec2.internal</privateDnsName><dnsName/>"
        f"<reason>{'User initiated (2026-11-28 18:00:05 GMT)' if code.startswith('Client.User') else ''}</reason>"
        f"<amiLaunchIndex>0</amiLaunchIndex><productCodes/><instanceType>{each.type}</instanceType>"
        f"<launchTime>{LAUNCHED}</launchTime><placement><availabilityZone>{each.zone}</availabilityZone><groupName/>"
        "<tenancy>default</tenancy></placement><monitoring><state>disabled</state></monitoring>"
        "<subnetId>subnet-0a1b2c3d4e5f60718</subnetId><vpcId>vpc-0a1b2c3d4e5f60718</vpcId>"
        "<privateIpAddress>10.0.0.1</privateIpAddress><sourceDestCheck>true</sourceDestCheck>"
        "<groupSet><item><groupId>sg-0a1b2c3d4e5f60718</groupId><groupName>web</groupName></item></groupSet>"
        f"{reason}<architecture>x86_64</architecture>"
        f"<rootDeviceType>{'instance-store' if each.instance_store else 'ebs'}</rootDeviceType>"
        "<rootDeviceName>/dev/xvda</rootDeviceName><blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs>"
        f"<volumeId>vol-{each.id[2:]}</volumeId><status>attached</status><attachTime>{LAUNCHED}</attachTime>"
        "<deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>"
        "<virtualizationType>hvm</virtualizationType>"
        f"{'<instanceLifecycle>spot</instanceLifecycle>' if each.spot else ''}"
        f"<clientToken/>{tag_set(each.tags)}<hypervisor>xen</hypervisor><networkInterfaceSet/>"
        "<ebsOptimized>false</ebsOptimized><enaSupport>true</enaSupport>"
        f"<hibernationOptions><configured>{'true' if each.can_hibernate else 'false'}</configured></hibernationOptions>"
        f"<metadataOptions><state>applied</state><httpTokens>required</httpTokens></metadataOptions></item></instancesSet>"
        f"{f'<requesterId>{escape(group)}</requesterId>' if group else ''}</item>"
    )

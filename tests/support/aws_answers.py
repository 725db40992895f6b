# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers of AWS as its API references show them, and ways to spoil them: for the tests of reading a fleet."""

from __future__ import annotations

from typing import Mapping
from xml.sax.saxutils import escape

from hypothesis import strategies as st

ACCOUNT, REGION = "123456789012", "eu-west-1"

# "Example response" of DescribeInstances, with the names that a schedule is about; {…} is what the tests differ in.
INSTANCE = """<item><reservationId>r-1234567890abcdef0</reservationId><ownerId>123456789012</ownerId><groupSet/><instancesSet>
<item>
  <instanceId>{id}</instanceId><imageId>ami-bff32ccc</imageId><instanceState><code>16</code><name>{state}</name></instanceState>
  <privateDnsName>ip-192-168-1-88.eu-west-1.compute.internal</privateDnsName>
  <dnsName>ec2-54-194-252-215.eu-west-1.compute.amazonaws.com</dnsName><reason>{reason}</reason><keyName>my_keypair</keyName>
  <amiLaunchIndex>0</amiLaunchIndex><productCodes/><instanceType>{type}</instanceType><launchTime>2026-05-08T16:46:19.000Z</launchTime>
  <placement><availabilityZone>eu-west-1c</availabilityZone><groupName/><tenancy>{tenancy}</tenancy></placement>
  <monitoring><state>disabled</state></monitoring><subnetId>subnet-56f5f633</subnetId><vpcId>vpc-11112222</vpcId>
  <privateIpAddress>192.168.1.88</privateIpAddress><ipAddress>54.194.252.215</ipAddress><sourceDestCheck>true</sourceDestCheck>
  <groupSet><item><groupId>sg-e4076980</groupId><groupName>SecurityGroup1</groupName></item></groupSet>
  <architecture>x86_64</architecture><rootDeviceType>{root}</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>
  <blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-1234567890abcdef0</volumeId><status>attached</status>
    <attachTime>2015-12-22T10:44:09.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>
  <virtualizationType>hvm</virtualizationType><clientToken>xMcwG14507example</clientToken>
  <tagSet>{tags}</tagSet><hypervisor>xen</hypervisor>
  <networkInterfaceSet><item><networkInterfaceId>eni-551ba033</networkInterfaceId><subnetId>subnet-56f5f633</subnetId>
    <vpcId>vpc-11112222</vpcId><description>Primary network interface</description><ownerId>123456789012</ownerId>
    <status>in-use</status><macAddress>02:dd:2c:5e:01:69</macAddress><privateIpAddress>192.168.1.88</privateIpAddress>
    <privateDnsName>ip-192-168-1-88.eu-west-1.compute.internal</privateDnsName><sourceDestCheck>true</sourceDestCheck>
    <groupSet><item><groupId>sg-e4076980</groupId><groupName>SecurityGroup1</groupName></item></groupSet>
    <attachment><attachmentId>eni-attach-39697adc</attachmentId><deviceIndex>0</deviceIndex><status>attached</status>
      <attachTime>2018-05-08T16:46:19.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></attachment>
    <association><publicIp>54.194.252.215</publicIp>
      <publicDnsName>ec2-54-194-252-215.eu-west-1.compute.amazonaws.com</publicDnsName><ipOwnerId>amazon</ipOwnerId></association>
    <privateIpAddressesSet><item><privateIpAddress>192.168.1.88</privateIpAddress>
      <privateDnsName>ip-192-168-1-88.eu-west-1.compute.internal</privateDnsName><primary>true</primary>
      <association><publicIp>54.194.252.215</publicIp>
        <publicDnsName>ec2-54-194-252-215.eu-west-1.compute.amazonaws.com</publicDnsName><ipOwnerId>amazon</ipOwnerId></association>
    </item></privateIpAddressesSet><ipv6AddressesSet/></item></networkInterfaceSet>
  <iamInstanceProfile><arn>arn:aws:iam::123456789012:instance-profile/AdminRole</arn><id>ABCAJEDNCAA64SSD123AB</id></iamInstanceProfile>
  <ebsOptimized>false</ebsOptimized><cpuOptions><coreCount>1</coreCount><threadsPerCore>1</threadsPerCore></cpuOptions>
  <capacityReservationSpecification><capacityReservationPreference>open</capacityReservationPreference></capacityReservationSpecification>
  <hibernationOptions><configured>{hibernation}</configured></hibernationOptions><enclaveOptions><enabled>false</enabled></enclaveOptions>
  <metadataOptions><state>applied</state><httpTokens>required</httpTokens></metadataOptions>{more}
</item></instancesSet></item>"""


def instance(tags: Mapping[str, str], **given: str) -> str:
    """One instance of DescribeInstances, in its reservation."""
    items = "".join(f"<item><key>{escape(k)}</key><value>{escape(v)}</value></item>" for k, v in tags.items())
    fields = {
        "id": "i-1234567890abcdef0",
        "state": "running",
        "reason": "",
        "type": "t2.micro",
        "tenancy": "default",
        "root": "ebs",
        "hibernation": "false",
        "more": "",
        **given,
    }
    return INSTANCE.format(tags=items, **fields)


def instances_answer(*instances: str, token: str = "") -> bytes:
    """The whole of a DescribeInstances answer."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">\n'
        f"<requestId>8f7724cf-496f-496e-8fe3-example</requestId><reservationSet>{''.join(instances)}</reservationSet>"
        f"{f'<nextToken>{token}</nextToken>' if token else ''}</DescribeInstancesResponse>"
    ).encode()


DATABASE = """<DBInstance>
  <AllocatedStorage>20</AllocatedStorage><DBInstanceIdentifier>{id}</DBInstanceIdentifier><DBInstanceStatus>{state}</DBInstanceStatus>
  <DBInstanceArn>arn:aws:rds:eu-west-1:123456789012:db:{id}</DBInstanceArn><DBInstanceClass>db.m6g.large</DBInstanceClass>
  <Engine>{engine}</Engine><MultiAZ>{multi}</MultiAZ><AvailabilityZone>eu-west-1a</AvailabilityZone>
  <Endpoint><Port>3306</Port><Address>x.eu-west-1.rds.amazonaws.com</Address></Endpoint>
  <InstanceCreateTime>2026-01-01T00:00:00.123Z</InstanceCreateTime>{more}
  <TagList><Tag><Key>Schedule</Key><Value>office</Value></Tag><Tag><Key>Empty</Key><Value/></Tag></TagList>
</DBInstance>"""

CLUSTER = """<DBCluster>
  <DBClusterIdentifier>{id}</DBClusterIdentifier><Status>{state}</Status><Engine>{engine}</Engine><EngineMode>{mode}</EngineMode>
  <DBClusterArn>arn:aws:rds:eu-west-1:123456789012:cluster:{id}</DBClusterArn>
  <AvailabilityZones><AvailabilityZone>eu-west-1a</AvailabilityZone><AvailabilityZone>eu-west-1b</AvailabilityZone></AvailabilityZones>
  <DBClusterMembers>{members}</DBClusterMembers>{more}
  <TagList><Tag><Key>Schedule</Key><Value>office</Value></Tag></TagList>
</DBCluster>"""


def database(**given: str) -> str:
    """One database instance of DescribeDBInstances."""
    fields = {"id": "mysql-1", "state": "available", "engine": "mysql", "multi": "false", "more": "", **given}
    return DATABASE.format(**fields)


def cluster(*members: str, **given: str) -> str:
    """One cluster of DescribeDBClusters."""
    listed = "".join(
        f"<DBClusterMember><DBInstanceIdentifier>{each}</DBInstanceIdentifier><IsClusterWriter>true</IsClusterWriter></DBClusterMember>"
        for each in members
    )
    fields = {"id": "sales", "state": "available", "engine": "aurora-mysql", "mode": "provisioned", "more": "", **given}
    return CLUSTER.format(members=listed, **fields)


GROUP = """<member>
  <AutoScalingGroupName>web</AutoScalingGroupName><AutoScalingGroupARN>arn:aws:autoscaling:eu-west-1:123456789012:g:web</AutoScalingGroupARN>
  <MinSize>{minimum}</MinSize><DesiredCapacity>{desired}</DesiredCapacity><MaxSize>{maximum}</MaxSize>
  <HealthCheckType>EC2</HealthCheckType><CreatedTime>2026-05-08T16:46:19.000Z</CreatedTime>
  <Instances>{members}</Instances><SuspendedProcesses>{suspended}</SuspendedProcesses>
  <Tags><member><ResourceId>web</ResourceId><ResourceType>auto-scaling-group</ResourceType><Key>Schedule</Key><Value>office</Value>
    <PropagateAtLaunch>false</PropagateAtLaunch></member>{tags}</Tags>{more}
</member>"""


def member(identity: str, state: str = "InService", more: str = "") -> str:
    """One instance of an Auto Scaling group."""
    return (
        f"<member><InstanceId>{identity}</InstanceId><InstanceType>m5.large</InstanceType><LifecycleState>{state}</LifecycleState>"
        f"<HealthStatus>Healthy</HealthStatus>{more}</member>"
    )


def group(sizes: str, *members: str, suspended: str = "", tags: str = "", more: str = "") -> str:
    """One group of DescribeAutoScalingGroups; sizes and suspended processes as ``1/2/3`` and ``Launch Terminate``."""
    minimum, desired, maximum = sizes.split("/")
    processes = "".join(f"<member><ProcessName>{each}</ProcessName></member>" for each in suspended.split())
    fields = {"minimum": minimum, "desired": desired, "maximum": maximum, "members": "".join(members)}
    return GROUP.format(suspended=processes, tags=tags, more=more, **fields)


def query_answer(operation: str, inner: str, marker: str = "", marker_name: str = "Marker") -> bytes:
    """The answer of RDS or Auto Scaling to one operation."""
    space = "http://rds.amazonaws.com/doc/2014-10-31/"
    more = f"<{marker_name}>{marker}</{marker_name}>" if marker else ""
    return (
        f'<{operation}Response xmlns="{space}"><{operation}Result>{inner}{more}</{operation}Result>'
        f"<ResponseMetadata><RequestId>R</RequestId></ResponseMetadata></{operation}Response>"
    ).encode()


def spoilt(body: bytes) -> "st.SearchStrategy[bytes]":
    """The body with a piece replaced by another: cut off, doubled, or of other bytes."""
    places = st.integers(0, len(body))
    inserts = st.one_of(
        st.binary(max_size=12),
        st.sampled_from(
            [
                b"",
                b"<",
                b"</item>",
                b"<item>",
                b"&x;",
                b"<!-- -->",
                b"<![CDATA[x]]>",
                b"\0",
                b"-1",
                b"9" * 30,
                b"null",
                b"[]",
                b"{",
            ]
        ),
    )
    return st.tuples(places, places, inserts).map(lambda t: body[: min(t[0], t[1])] + t[2] + body[max(t[0], t[1]) :])

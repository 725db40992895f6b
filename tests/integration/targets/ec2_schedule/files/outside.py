# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fleet of a test seen from outside the collection, through boto3: JSON in, JSON out.

``seed`` makes instances, databases, a cluster and a group, each with the tags that its input says. ``show`` tells what they
are: state (or sizes) and tags. ``do`` starts, stops and tags instances as a person does, ``clean`` removes everything.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any, Dict, List

import boto3

REGION = os.environ["AWS_REGION"]
EC2 = boto3.client("ec2", region_name=REGION)
RDS = boto3.client("rds", region_name=REGION)
ASG = boto3.client("autoscaling", region_name=REGION)
MASTER = {"MasterUsername": "tests", "MasterUserPassword": "not-a-secret"}


def as_list(tags: Dict[str, str]) -> List[Dict[str, str]]:
    """Tags as AWS takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def as_dict(tags: List[Dict[str, str]]) -> Dict[str, str]:
    """Tags as people read them."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def instances() -> Dict[str, Any]:
    """All instances that are left, by name."""
    found = [one for page in EC2.describe_instances()["Reservations"] for one in page["Instances"]]
    left = [one for one in found if one["State"]["Name"] != "terminated"]
    return {as_dict(one.get("Tags", [])).get("Name", one["InstanceId"]): one for one in left}


def seed(given: Dict[str, Any]) -> None:
    """Make what is not there yet."""
    image = EC2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    known = instances()
    for name, tags in given.get("instances", {}).items():
        if name not in known:
            spot = {"InstanceMarketOptions": {"MarketType": "spot"}} if tags.pop("spot", "") else {}
            tagged = [{"ResourceType": "instance", "Tags": as_list({"Name": name, **tags})}]
            EC2.run_instances(
                ImageId=image, InstanceType="t3.medium", MinCount=1, MaxCount=1, TagSpecifications=tagged, **spot
            )
    for name, tags in given.get("databases", {}).items():
        kind = {"DBInstanceClass": "db.t3.medium", "Engine": "postgres", "AllocatedStorage": 20}
        RDS.create_db_instance(DBInstanceIdentifier=name, Tags=as_list(tags), **kind, **MASTER)
    for name, tags in given.get("clusters", {}).items():
        RDS.create_db_cluster(DBClusterIdentifier=name, Engine="aurora-mysql", Tags=as_list(tags), **MASTER)
    for name, tags in given.get("groups", {}).items():
        ASG.create_launch_configuration(LaunchConfigurationName=name, ImageId=image, InstanceType="t3.medium")
        ASG.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName=name,
            AvailabilityZones=[f"{REGION}a"],
            MinSize=1,
            DesiredCapacity=2,
            MaxSize=4,
            Tags=[{**tag, "PropagateAtLaunch": True} for tag in as_list(tags)],
        )


def show() -> Dict[str, Any]:
    """What there is."""
    databases = RDS.describe_db_instances()["DBInstances"]
    clusters = RDS.describe_db_clusters()["DBClusters"]
    groups = ASG.describe_auto_scaling_groups()["AutoScalingGroups"]
    return {
        "instances": {
            name: {"id": one["InstanceId"], "state": one["State"]["Name"], "tags": as_dict(one.get("Tags", []))}
            for name, one in instances().items()
        },
        "databases": {
            one["DBInstanceIdentifier"]: {"state": one["DBInstanceStatus"], "tags": as_dict(one["TagList"])}
            for one in databases
        },
        "clusters": {
            one["DBClusterIdentifier"]: {"state": one["Status"], "tags": as_dict(one["TagList"])} for one in clusters
        },
        "groups": {
            one["AutoScalingGroupName"]: {
                "sizes": f"{one['MinSize']}/{one['DesiredCapacity']}/{one['MaxSize']}",
                "tags": as_dict(one["Tags"]),
            }
            for one in groups
        },
    }


def do(given: Dict[str, Any]) -> None:
    """What a person does by hand."""
    known = instances()
    for name in given.get("start", []):
        EC2.start_instances(InstanceIds=[known[name]["InstanceId"]])
    for name in given.get("stop", []):
        EC2.stop_instances(InstanceIds=[known[name]["InstanceId"]])
    for name, tags in given.get("tag", {}).items():
        EC2.create_tags(Resources=[known[name]["InstanceId"]], Tags=as_list(tags))
    for name, tag in given.get("untag", {}).items():
        EC2.delete_tags(Resources=[known[name]["InstanceId"]], Tags=[{"Key": tag}])
    for name, (least, desired, most) in given.get("resize", {}).items():
        ASG.update_auto_scaling_group(AutoScalingGroupName=name, MinSize=least, DesiredCapacity=desired, MaxSize=most)


def clean() -> None:
    """Remove everything."""
    for one in ASG.describe_auto_scaling_groups()["AutoScalingGroups"]:
        ASG.delete_auto_scaling_group(AutoScalingGroupName=one["AutoScalingGroupName"], ForceDelete=True)
    for one in ASG.describe_launch_configurations()["LaunchConfigurations"]:
        ASG.delete_launch_configuration(LaunchConfigurationName=one["LaunchConfigurationName"])
    left = [one["InstanceId"] for one in instances().values()]
    if left:
        EC2.terminate_instances(InstanceIds=left)
    for one in RDS.describe_db_instances()["DBInstances"]:
        RDS.delete_db_instance(DBInstanceIdentifier=one["DBInstanceIdentifier"], SkipFinalSnapshot=True)
    for one in RDS.describe_db_clusters()["DBClusters"]:
        RDS.delete_db_cluster(DBClusterIdentifier=one["DBClusterIdentifier"], SkipFinalSnapshot=True)


def main() -> None:
    """One command; its input follows on stdin, behind a word without which Jinja would take the JSON apart again."""
    command, given = sys.argv[1], json.loads(sys.stdin.read().partition(" ")[2] or "{}")
    if command == "seed":
        seed(given)
    elif command == "do":
        do(given)
    elif command == "clean":
        clean()
    print(json.dumps({} if command == "clean" else show()))


if __name__ == "__main__":
    main()

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fleet of the demo: thirty instances, a database and a group of workers, each with a schedule that somebody would give it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping

import boto3

REGION = "eu-central-1"
PASSWORD = "not-a-secret"  # of a database that exists in memory only
# Named schedules and calendars, as the playbook is given them.
SCHEDULES: Mapping[str, Any] = {
    "office": {
        "description": "People at work, but for the holidays",
        "windows": [{"days": "Mon-Fri", "times": "07:30-19:00"}],
        "timezone": "Europe/Madrid",
        "not": ["holidays"],
    },
    "nightly-batch": "Mon-Fri 22:00-06:00 America/New_York",
}
CALENDARS: Mapping[str, Any] = {"holidays": ["12-08", "12-25", "01-01", "01-06"]}
PRICES: Mapping[str, float] = {
    "t3.medium": 0.048,
    "m6i.large": 0.115,
    "m6i.xlarge": 0.230,
    "c6i.2xlarge": 0.388,
    "r6i.xlarge": 0.304,
    "db.m6i.large": 0.198,
}


@dataclass(frozen=True)
class Group:
    """Instances that are alike."""

    name: str
    count: int
    type: str
    schedule: str  # the tag; empty: nobody gave it one
    tags: Mapping[str, str] = field(default_factory=dict)
    spot: bool = False


FLEET = (
    Group("web-test", 6, "t3.medium", "office"),
    Group("api-test", 5, "m6i.large", "office"),
    Group("etl", 4, "c6i.2xlarge", "nightly-batch"),
    Group("notebook", 4, "r6i.xlarge", "weekdays 09:00-18:00 Europe/London"),
    Group("training", 1, "c6i.2xlarge", "1st-Mon+last-Fri 08:00-20:00 Europe/Madrid"),
    Group("build", 3, "m6i.xlarge", "stop-only daily 21:00 Europe/Berlin"),
    Group("migration", 1, "m6i.large", "office", {"ScheduleOverride": "running until 2099-01-01T00:00+00:00"}),
    Group("old-crm", 1, "m6i.large", "never"),
    Group("typo", 1, "t3.medium", "Mon-Fry 07:30-19:00"),
    Group("crawler", 1, "t3.medium", "office", spot=True),
    Group("shop", 2, "m6i.xlarge", "always"),
    Group("untagged", 1, "t3.medium", ""),
)


def seed(endpoint: str) -> int:
    """Start the fleet; how many instances there are."""
    keys: Dict[str, Any] = {
        "region_name": REGION,
        "endpoint_url": endpoint,
        "aws_access_key_id": "testing",
        "aws_secret_access_key": "testing",
    }
    ec2 = boto3.client("ec2", **keys)
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    for group in FLEET:
        for number in range(1, group.count + 1):
            _run(ec2, image, group, f"{group.name}-{number}" if group.count > 1 else group.name)
    boto3.client("rds", **keys).create_db_instance(
        DBInstanceIdentifier="billing-test",
        DBInstanceClass="db.m6i.large",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="billing",
        MasterUserPassword=PASSWORD,
        Tags=[{"Key": "Schedule", "Value": "office"}],
    )
    return sum(group.count for group in FLEET)


def _run(ec2: Any, image: str, group: Group, name: str) -> None:
    tags: List[Dict[str, str]] = [{"Key": "Name", "Value": name}]
    if group.schedule:
        tags.append({"Key": "Schedule", "Value": group.schedule})
    tags += [{"Key": key, "Value": value} for key, value in group.tags.items()]
    ec2.run_instances(
        ImageId=image,
        InstanceType=group.type,
        MinCount=1,
        MaxCount=1,
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
        **({"InstanceMarketOptions": {"MarketType": "spot"}} if group.spot else {}),
    )


def main() -> None:
    """Start the fleet, and say what the playbook is to be given."""
    variables = {"region": REGION, "schedules": SCHEDULES, "calendars": CALENDARS, "hourly_prices": PRICES}
    print(json.dumps({"instances": seed(sys.argv[1]), "variables": variables}))


if __name__ == "__main__":
    main()

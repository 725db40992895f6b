# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The function as Lambda runs it: the archive alone with botocore, isolated from everything that is installed here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterator, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule_lambda.gateway.services import Services
from ansible_collections.day2.ops.tests.support.deploying import Between, invoked, services_of, started, unpacked

NIGHT: Dict[str, Any] = {"tag": "NightShift", "resources": ["ec2"], "schedules": {"off": "never"}, "wait_timeout": 0}


class Fleet:
    """Instances of moto, tagged so that no other test schedules them."""

    def __init__(self, services: Services, tag: str, count: int) -> None:
        self._services = services
        tags = [{"ResourceType": "instance", "Tags": [{"Key": tag, "Value": "off"}]}]
        wanted = {"ImageId": "ami-12c6146b", "MinCount": count, "MaxCount": count, "TagSpecifications": tags}
        made = services.ask("ec2", "run_instances", "", wanted)["Instances"]
        self.ids = [each["InstanceId"] for each in made]

    def described(self) -> List[Dict[str, Any]]:
        answer = self._services.ask("ec2", "describe_instances", "", {"InstanceIds": self.ids})
        return [instance for reservation in answer["Reservations"] for instance in reservation["Instances"]]

    def states(self) -> List[str]:
        return [instance["State"]["Name"] for instance in self.described()]

    def tags(self) -> List[Dict[str, str]]:
        return [{tag["Key"]: tag["Value"] for tag in instance["Tags"]} for instance in self.described()]

    def end(self) -> None:
        self._services.ask("ec2", "terminate_instances", "", {"InstanceIds": self.ids})


@pytest.fixture(scope="module")
def services(moto_url: str) -> Services:
    return services_of(moto_url)


@pytest.fixture
def fleet(services: Services) -> Iterator[Fleet]:
    made = Fleet(services, NIGHT["tag"], 2)
    yield made
    made.end()


def test_a_dry_run_decides_and_a_run_acts(tmp_path: Path, moto_url: str, fleet: Fleet) -> None:
    folder = unpacked(tmp_path, NIGHT)
    code, lines, err = invoked(folder, moto_url, {"dry_run": True})
    assert (code, fleet.states()) == (0, ["running"] * 2), err
    assert lines[0]["dry_run"] is True
    code, lines, err = invoked(folder, moto_url, {})
    assert (code, fleet.states()) == (0, ["stopped"] * 2), err
    assert sorted(action["resource"] for action in lines[0]["actions"]) == sorted(fleet.ids)
    assert lines[-1]["summary"] == lines[0]["summary"]


def test_what_is_not_understood_fails_and_does_nothing(tmp_path: Path, moto_url: str, fleet: Fleet) -> None:
    code, lines, err = invoked(unpacked(tmp_path, NIGHT), moto_url, {"dryrun": True})
    assert code != 0
    assert "dryrun" in lines[0]["failure"]
    assert "Day2Error" in err
    assert fleet.states() == ["running"] * 2


def test_a_run_that_timed_out_in_the_middle_is_finished_by_the_next(
    tmp_path: Path, moto_url: str, fleet: Fleet
) -> None:
    folder = unpacked(tmp_path, NIGHT)
    with Between(moto_url, lambda body: b"Action=StopInstances" in body) as between:
        process = started(folder, between.url, {})
        while not between.held.wait(0.05):
            assert process.poll() is None, process.communicate()
        process.kill()  # as Lambda ends a run at its time-out
        process.communicate()
    # They were stopped, and nobody could note it.
    assert not any("NightShiftState" in tags for tags in fleet.tags())
    code, _lines, err = invoked(folder, moto_url, {})
    assert (code, fleet.states()) == (0, ["stopped"] * 2), err
    assert all("NightShiftState" in tags for tags in fleet.tags())
    with Between(moto_url, lambda body: False) as between:
        code, lines, err = invoked(folder, between.url, {})
        assert (code, lines[0]["actions"]) == (0, []), err
        assert not any(b"StopInstances" in body or b"CreateTags" in body for body in between.seen)


def test_people_are_told_through_the_topic(tmp_path: Path, moto_url: str, services: Services, fleet: Fleet) -> None:
    topic = services.ask("sns", "create_topic", "", {"Name": "night"})["TopicArn"]
    queue = services.ask("sqs", "create_queue", "", {"QueueName": "night"})["QueueUrl"]
    services.ask(
        "sns",
        "subscribe",
        "",
        {"TopicArn": topic, "Protocol": "sqs", "Endpoint": f"arn:aws:sqs:eu-west-1:{topic.split(':')[4]}:night"},
    )
    code, _lines, err = invoked(unpacked(tmp_path, NIGHT, topic), moto_url, {})
    assert code == 0, err
    (message,) = services.ask("sqs", "receive_message", "", {"QueueUrl": queue})["Messages"]
    assert all(each in message["Body"] for each in fleet.ids)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OCSF report: valid by the published schemas, from the version it states up to a late one."""

from __future__ import annotations

import json
import pathlib
from dataclasses import replace
from typing import Any, Dict, List

import jsonschema
import pytest
from ansible_collections.day2.ops.plugins.module_utils._report import ocsf
from ansible_collections.day2.ops.tests.support import report_samples as samples

SCHEMAS = sorted((pathlib.Path(__file__).parent / "schemas").glob("ocsf-*.json"))


def rendered(findings: List[Any], resource_type: str = "AWS::S3::Bucket") -> List[Dict[str, Any]]:
    info = replace(samples.info(), resource_type=resource_type)
    events: List[Dict[str, Any]] = json.loads(
        "".join(ocsf.render(info, findings, samples.summary(findings))).encode("utf-8", "backslashreplace")
    )
    return events


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.name[5:10])
@pytest.mark.parametrize("resource_type", ["AWS::S3::Bucket", "systemd unit"])
def test_it_is_valid(schema: pathlib.Path, resource_type: str) -> None:
    parsed = json.loads(schema.read_text())
    if "::" not in resource_type:  # without the cloud profile there is no cloud
        parsed["required"].remove("cloud")
    validator = jsonschema.Draft202012Validator(parsed)
    findings = [*samples.account(5, compared=True), *samples.hostile(), samples.finding("my_own")]
    events = rendered(findings, resource_type)
    assert len(events) == len(findings)
    assert [error.message for event in events for error in validator.iter_errors(event)] == []


def test_there_are_schemas() -> None:
    assert len(SCHEMAS) == 2


@pytest.mark.parametrize(
    "status, evidence, compliance, state",
    [
        ("pass", {}, "Pass", "Resolved"),
        ("fail", {}, "Fail", "New"),
        ("unknown", {}, "Unknown", "New"),
        ("exempt", {"verdict": "fail"}, "Fail", "Suppressed"),  # an exemption keeps the verdict
        ("exempt", {"verdict": "pass"}, "Pass", "Suppressed"),
    ],
)
def test_status(status: str, evidence: Dict[str, Any], compliance: str, state: str) -> None:
    (event,) = rendered([samples.finding(status=status, evidence=evidence)])
    assert (event["compliance"]["status"], event["status"]) == (compliance, state)


def test_what_an_event_says() -> None:
    (event,) = rendered([samples.finding("tls_only", "logs", evidence={"denies_http": False})])
    assert event["finding_info"]["uid"] == "aws:123456789012:logs:tls_only"
    assert event["time"] == 1772366400000
    assert event["resources"] == [{"name": "logs", "type": "AWS::S3::Bucket", "region": "eu-central-1"}]
    assert event["cloud"] == {"provider": "AWS", "account": {"uid": "123456789012"}, "region": "eu-central-1"}
    assert event["compliance"]["requirements"][:2] == ["security_hub: S3.5", "cis_3.0: 2.1.1"]
    assert event["compliance"]["standards"][0] == "Security Hub"
    assert event["unmapped"]["evidence"] == {"denies_http": False}
    assert event["severity_id"] == 4

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JUnit report: valid by the published schema, counted right, and XML whatever it is about."""

from __future__ import annotations

import pathlib
import re
from typing import Any, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._report import junit
from ansible_collections.day2.ops.tests.support import report_samples as samples
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

SCHEMA = etree.XMLSchema(file=str(pathlib.Path(__file__).parent / "schemas" / "junit-10.xsd"))


def rendered(findings: List[Any]) -> Any:
    text = "".join(junit.render(samples.info(), findings, samples.summary(findings)))
    return etree.fromstring(text.encode("utf-8"))  # strict: a lone surrogate must not come this far


@pytest.mark.parametrize(
    "findings", [[], list(samples.account(10)), samples.hostile()], ids=["none", "real", "hostile"]
)
def test_it_is_valid(findings: List[Any]) -> None:
    SCHEMA.assertValid(rendered(findings))


def test_counts_are_what_is_in_it() -> None:
    suites = rendered(list(samples.account(40)))
    for suite in suites:
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute)) == len(suite.findall(f"testcase/{tag}"))
    assert int(suites.get("tests")) == len(suites.findall("testsuite/testcase"))
    assert int(suites.get("failures")) == len(suites.findall("testsuite/testcase/failure")) > 0


def test_a_case_is_told_apart_by_account_and_region() -> None:
    twins = [samples.finding(account=account, region=region) for account in "12" for region in ("eu", "us")]
    names = [case.get("name") for case in rendered(twins).iter("testcase")]
    assert names == ["1/eu/billing-invoices", "1/us/billing-invoices", "2/eu/billing-invoices", "2/us/billing-invoices"]


def test_two_findings_of_one_check_and_resource_are_told_apart() -> None:
    ids = ("aws:1::exemption_expired:logs-*:tls_only", "aws:1::exemption_expired:old:kms_key")
    names = [
        case.get("name")
        for case in rendered([samples.finding("exemption_expired", "", id=id) for id in ids]).iter("testcase")
    ]
    assert names == ["123456789012:logs-*:tls_only", "123456789012:old:kms_key"]
    (case,) = rendered([samples.finding("tls_only", "logs", id="an id of another kind")]).iter("testcase")
    assert case.get("name") == "123456789012/eu-central-1/logs"


@settings(derandomize=True, max_examples=tries(100))
@given(st.text(min_size=1), st.text())
def test_any_text_survives_as_far_as_xml_can_hold_it(bucket: str, message: str) -> None:
    suites = rendered([samples.finding(bucket=bucket, message=message)])
    (case,) = suites.iter("testcase")
    not_xml = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    assert case.get("name").split("/", 2)[2] == not_xml.sub("\ufffd", bucket)
    assert case.find("failure").get("message") == not_xml.sub("\ufffd", message)

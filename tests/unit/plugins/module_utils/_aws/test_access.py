# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Dict, Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._aws.access import Access, session_name
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error

KEYS = {"access_key": "AKIDEXAMPLE", "secret_key": "hunter2"}
ROLE = "arn:aws:iam::123456789012:role/audit"


def test_the_options_of_amazon_aws() -> None:
    access = Access.from_options(
        {
            **KEYS,
            "session_token": "hunter3",
            "profile": None,
            "region": "eu-west-1",
            "endpoint_url": "http://127.0.0.1:5000",
            "validate_certs": False,
            "aws_ca_bundle": "/ca.pem",
            "aws_config": {"connect_timeout": 3, "proxies": {"https": "http://u:hunter4@proxy:3128"}},
            "debug_botocore_endpoint_logs": False,
            "assume_role_arn": ROLE,
            "external_id": "hunter5",
            "role_session_name": "nightly audit #7",
            "buckets": ["*"],
        }
    )
    assert (access.access_key, access.secret_key, access.session_token) == ("AKIDEXAMPLE", "hunter2", "hunter3")
    assert (access.region, access.endpoint_url, access.validate_certs) == ("eu-west-1", "http://127.0.0.1:5000", False)
    assert (access.ca_bundle, access.assume_role_arn) == ("/ca.pem", ROLE)
    assert access.role_session_name == "nightly-audit--7"
    assert access.seconds("connect_timeout") == 3.0
    assert access.seconds("read_timeout") is None
    assert "hunter" not in repr(access)


def test_nothing_given_leaves_it_to_the_environment() -> None:
    access = Access.from_options(dict.fromkeys(("access_key", "profile", "region", "aws_config", "validate_certs")))
    assert access == Access()
    assert access.validate_certs is True
    assert access.role_session_name == "day2.ops"


@pytest.mark.parametrize(
    "options, message",
    [
        ({**KEYS, "profile": "p"}, "exclude each other"),
        ({"access_key": "AKIDEXAMPLE"}, "secret_key is missing"),
        ({"secret_key": "s"}, "access_key is missing"),
        ({"session_token": "t"}, "session_token needs"),
        ({"region": "eu west"}, "not the name of an AWS region"),
        ({"assume_role_arn": "audit"}, "not the ARN of a role"),
        ({"assume_role_arn": "arn:aws:iam::123456789012:user/x"}, "not the ARN of a role"),
        ({"assume_role_arn": "arn:aws:sts::123456789012:assumed-role/x"}, "not the ARN of a role"),
        ({"external_id": "e"}, "external_id needs assume_role_arn"),
        ({"aws_config": {"client_cert": "/c.pem"}}, "client_cert is not supported"),
        ({"aws_config": {"proxies_config": {"proxy_ca_bundle": "x"}}}, "proxies_config is not supported"),
        ({"aws_config": {"read_timeout": 0}}, "read_timeout must be a positive number"),
        ({"aws_config": {"read_timeout": "soon"}}, "read_timeout must be a positive number"),
        ({"aws_config": {"connect_timeout": "nan"}}, "connect_timeout must be a positive number"),
        ({"aws_config": {"retries": 5}}, "retries must be a dictionary"),
        ({"aws_config": {"retries": {"max_attempts": "many"}}}, "number of attempts"),
        ({"aws_config": {"retries": {"total_max_attempts": 0}}}, "number of attempts"),
        ({"aws_config": {"proxies": "http://proxy:3128"}}, "proxies must map"),
    ],
)
def test_what_can_only_fail_later_is_refused(options: Dict[str, object], message: str) -> None:
    with pytest.raises(Day2Error, match=message):
        Access.from_options(options)


def test_an_empty_string_sets_the_environment_aside() -> None:
    assert Access.from_options({"access_key": "", "secret_key": "", "profile": "p"}).profile == "p"


@pytest.mark.parametrize(
    "retries, attempts",
    [(None, None), ({}, None), ({"mode": "standard"}, None), ({"max_attempts": 4}, 5), ({"max_attempts": 0}, 1), ({"total_max_attempts": 4}, 4)],
)  # fmt: skip
def test_attempts(retries: object, attempts: Optional[int]) -> None:
    assert Access(config={"retries": retries}).max_attempts() == attempts


@pytest.mark.parametrize(
    "text, name",
    [("job_42", "job_42"), ("Nächtlich / prod", "N-chtlich---prod"), ("x" * 100, "x" * 64), ("a", "a-"), ("a@b.c,d=e+f-g", "a@b.c,d=e+f-g")],
)  # fmt: skip
def test_session_names(text: str, name: str) -> None:
    assert session_name(text) == name

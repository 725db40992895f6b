# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import json
from typing import List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.organizations import list_accounts
from ansible_collections.day2.ops.tests.support.aws.clients import boto_client
from ansible_collections.day2.ops.tests.support.aws.store import ACCOUNT
from ansible_collections.day2.ops.tests.support.collecting import REGION, Scripted, error, with_client


def test_the_accounts_of_an_organisation(moto_url: str) -> None:
    organizations = boto_client(moto_url, "organizations", "us-east-1")
    try:
        organizations.create_organization(FeatureSet="ALL")
    except organizations.exceptions.AlreadyInOrganizationException:
        pass  # another test of the session was first
    made = organizations.create_account(AccountName="organizations-test", Email="test@acme.example")
    accounts = with_client(moto_url, lambda client: list_accounts(client, REGION))
    found = {account.id: account for account in accounts}
    assert ACCOUNT in found
    member = found[made["CreateAccountStatus"]["AccountId"]]
    assert (member.name, member.status) == ("organizations-test", "ACTIVE")


def _page(number: int, token: str = "") -> bytes:
    return json.dumps({"Accounts": [{"Id": str(number) * 12, "State": "ACTIVE"}], "NextToken": token}).encode()


def test_all_pages_are_read() -> None:
    sender = Scripted(ListAccounts=[_page(1, "a"), _page(2, "b"), _page(3)])
    accounts = asyncio.run(list_accounts(sender, REGION))
    assert [account.id[0] for account in accounts] == ["1", "2", "3"]
    assert [json.loads(request.body) for request in sender.requests] == [{}, {"NextToken": "a"}, {"NextToken": "b"}]


@pytest.mark.parametrize(
    "pages, reason",
    [
        ([_page(1, "a"), error("organizations:ListAccounts", "AccessDeniedException", 400)], "AccessDeniedException"),
        ([_page(1, "a"), b"<html/>"], "not JSON"),
        ([_page(1, "a"), b'{"Accounts": [1]}'], "no list of objects"),
        ([_page(1, "a")], "the same page again"),
    ],
)
def test_a_part_of_the_accounts_is_an_error(pages: List[object], reason: str) -> None:
    with pytest.raises(GatewayError, match=f"organizations:ListAccounts.*{reason}"):
        asyncio.run(list_accounts(Scripted(ListAccounts=list(pages)), REGION))

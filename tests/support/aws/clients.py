# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a test's botocore finds a fake, and nothing else."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Dict
from urllib.parse import urlsplit, urlunsplit

from .store import ACCESS_KEY, SECRET_KEY


def environment(url: str, region: str = "eu-west-1", ca: str = "") -> Dict[str, str]:
    """Variables that point botocore and everything built on it to ``url``, with the keys of the default account."""
    found = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
    return {**found, "AWS_CA_BUNDLE": ca} if ca else found


def boto_client(url: str, service: str, region: str = "eu-west-1", **options: Any) -> Any:
    """A boto3 client of ``url`` that does not retry; ``options`` as for ``Session.client``."""
    from botocore.config import Config

    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, proxies={})
    given = {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY, "config": config, **options}
    client = _session().client(service, region_name=region, endpoint_url=url, **given)
    if service == "s3control":
        client.meta.events.register("before-send.s3-control", _without_account_in_host)
    return client


@lru_cache(maxsize=1)
def _session() -> Any:
    """One session for all: it keeps the service models, which take longer to read than most tests to run."""
    import boto3

    return boto3.session.Session()


def _without_account_in_host(request: Any, **_: Any) -> None:
    """S3 Control puts the account before the host, and 123456789012.127.0.0.1 cannot be resolved."""
    parts = urlsplit(request.url)
    request.headers["Host"] = parts.netloc
    request.url = urlunsplit(parts._replace(netloc=parts.netloc.partition(".")[2]))

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A strict, stateful, fast S3 on loopback, with faults on order.

In a test::

    with FakeS3() as fake:
        fake.store.add("acme-logs", "eu-west-1").put("policy", b'{"Statement": []}')
        fake.rules.add(action="GetBucketPolicy", code="AccessDenied")
        fake.client("s3").list_buckets()
        assert fake.counters["s3:ListBuckets"] == 1 and fake.unexpected == []

As a process (one line of JSON on stdout, then it serves until a signal ends it; see also :mod:`process`)::

    python -m ansible_collections.day2.ops.tests.support.aws.fake_s3 --seed-account demo --moto
"""

from __future__ import annotations

import argparse
import contextlib
import json
import ssl
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any, Dict, List, Optional
from typing import Counter as CounterType

from . import clients
from .certificates import Certificates, make_certificates
from .control import Control
from .moto import moto_server
from .rules import Rules, rule_of
from .server import Server, serve_until_told
from .service import Entry, Service, Settings
from .store import Store

NOT_MODELLED: Dict[str, str] = {
    "access control by policies": "an account may do everything to its own buckets and nothing to others'; "
    "`denied` of a bucket and rules deny",
    "presigned URLs, SigV4A, SigV2, POST forms": "501 or refused",
    "ListObjects (v1), ListObjectVersions, versions of objects, delete markers, DeleteObjects": "501",
    "multipart uploads, CopyObject, ranges, object ACLs and tags, object retention": "501",
    "CORS, replication, notification, inventory, analytics, metrics, accelerate, request payment, metadata": "501",
    "access points, directory buckets, Outposts, S3 Express": "501",
    "x-amz-grant-* headers": "501",
    "SSE-C over plain HTTP": "accepted here, refused by S3",
    "KMS keys of objects": "neither looked up nor checked",
    "CRC32C and CRC64NVME checksums": "accepted unchecked",
    "system tags (aws:…)": "only as a seed; PutBucketTagging drops them, S3 keeps them",
    "permissions of a log destination": "not checked",
    "eventual consistency of ListBuckets and of configurations": "all writes are seen at once",
    "signatures of services other than S3": "checked with verify_signatures, for POST / only",
}


class FakeS3(Server):
    """One server. Keyword arguments beyond the named ones are :class:`service.Settings`.

    :param moto: URL of a moto server that answers everything that is not S3.
    :param tls: from :func:`certificates.make_certificates`; without: plain HTTP.
    :param control: whether ``/_control/`` is answered.
    """

    def __init__(
        self,
        *,
        moto: str = "",
        tls: Optional[Certificates] = None,
        host: str = "127.0.0.1",
        port: int = 0,
        control: bool = False,
        store: Optional[Store] = None,
        **settings: Any,
    ) -> None:
        self.settings = Settings(**settings)
        self.store = store or Store()
        self.rules = Rules()
        self.service = Service(self.store, self.rules, self.settings, moto)
        self.ca = ""  # path of what clients must trust
        if control:
            self.service.control = Control(self.service)
        context: Optional[ssl.SSLContext] = None
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.chain, tls.key)
            self.ca = tls.ca
        super().__init__(self.service, host, port, context)

    @property
    def keep_alive_requests(self) -> int:
        """As the settings say now."""
        return self.settings.keep_alive_requests

    # --- looking -----------------------------------------------------------------------------------------------------

    @property
    def counters(self) -> CounterType[str]:
        """Requests by action: ``s3:GetBucketPolicy``, ``s3control:GetPublicAccessBlock``, ``kms:DescribeKey``."""
        return Counter(self.service.counters)

    @property
    def requests(self) -> int:
        """All requests so far."""
        return sum(self.service.counters.values())

    @property
    def log(self) -> List[Entry]:
        """The last 20,000 requests, oldest first."""
        return list(self.service.log)

    @property
    def unexpected(self) -> List[str]:
        """What was asked for and is not modelled. A test that ends with something here has gone wrong."""
        return list(self.service.unexpected)

    @property
    def max_in_flight(self) -> int:
        """Most requests that were being answered at once. Without latency it says little."""
        return self.service.max_in_flight

    def reset(self) -> None:
        """Forget what was counted."""
        self.service.reset()

    def expire_session(self, access_key: str) -> None:
        """From now on the key's requests are refused with ExpiredToken."""
        self.store.keys[access_key].requests = 0

    def environment(self, region: str = "eu-west-1") -> Dict[str, str]:
        """Variables that point botocore and everything built on it here."""
        return clients.environment(self.url, region, self.ca)

    def client(self, service: str = "s3", region: str = "eu-west-1", **options: Any) -> Any:
        """A boto3 client of this server."""
        return clients.boto_client(self.url, service, region, verify=self.ca or None, **options)


# --- as a process ----------------------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """The command line."""
    result = argparse.ArgumentParser(prog="fake_s3", description="A fake S3 on loopback.")
    result.add_argument("--host", default="127.0.0.1")
    result.add_argument("--port", type=int, default=0)
    result.add_argument("--seed-account", default="", help="demo, organization, or a number of buckets")
    result.add_argument("--upstream", default="", help="URL of a moto server for everything that is not S3")
    result.add_argument("--moto", action="store_true", help="start one")
    result.add_argument("--tls-directory", default="", help="serve TLS with certificates made there")
    result.add_argument("--until-eof", action="store_true", help="end when stdin does, e.g. with the parent")
    result.add_argument("--set", action="append", default=[], metavar="NAME=JSON", help="a setting, e.g. latency=0.03")
    result.add_argument("--rule", action="append", default=[], metavar="JSON", help="a fault")
    return result


def _settings(pairs: List[str]) -> Dict[str, Any]:
    known = {entry.name for entry in fields(Settings)}
    found: Dict[str, Any] = {}
    for pair in pairs:
        name, _unused, value = pair.partition("=")
        if name not in known:
            raise SystemExit(f"fake_s3: unknown setting {name}; there are {', '.join(sorted(known))}")
        found[name] = json.loads(value)
    return found


def main(arguments: Optional[List[str]] = None) -> None:
    """Serve until SIGTERM or SIGINT come."""
    given = parser().parse_args(arguments)
    with contextlib.ExitStack() as stack:
        moto = stack.enter_context(moto_server()) if given.moto else given.upstream
        fake = FakeS3(
            moto=moto,
            tls=make_certificates(Path(given.tls_directory)) if given.tls_directory else None,
            host=given.host,
            port=given.port,
            control=True,
            **_settings(given.set),
        )
        fake.rules.rules.extend(rule_of(json.loads(text)) for text in given.rule)
        if given.seed_account:
            from . import account

            account.seed(fake.store, given.seed_account, moto)
        serve_until_told(fake, lambda: {"environment": fake.environment(), "moto": moto}, given.until_eof)


if __name__ == "__main__":
    main()

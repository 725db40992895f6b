# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seeded accounts: sixty buckets in many states for the demo, and thousands for the benchmark.

All of it is deterministic: the same call makes the same account, key ids included (with a fresh moto server).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Dict, List, Mapping, Sequence

from . import documents as doc
from . import policies
from .clients import boto_client
from .keys import Keys, open_policy
from .policies import TLS_VARIANTS
from .store import ACCOUNT, BORN, Bucket, Store, canonical_id

REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-2")
EU, US, AP = REGIONS
DENIED = "acme-board-restricted"  # every call about it is refused
MALFORMED = "acme-legacy-import"  # its policy is no JSON

# Which bucket of the demo shows which way to write a TLS policy.
TLS_BUCKETS: Dict[str, str] = {
    "acme-invoices": "canonical",
    "acme-contracts": "principal_aws_star",
    "acme-payroll": "value_in_list",
    "acme-orders": "json_boolean",
    "acme-crm-exports": "other_case",
    "acme-hr-records": "bool_if_exists",
    "acme-backoffice": "not_action",
    "acme-partner-feed": "tls_version_only",
    "acme-uploads": "only_put",
    "acme-mobile-assets": "one_principal",
    "acme-audit-trail": "only_a_prefix",
    "acme-branch-sync": "extra_ip_condition",
    "acme-legacy-erp": "lone_statement",
    "acme-datalake-raw": "two_statements",
    "acme-telemetry": "tls_version_if_exists",
    "acme-etl-staging": "not_principal",
    "acme-scratch": "no_policy",
}


def denies_http() -> Mapping[str, bool]:
    """The truth about the buckets of :data:`TLS_BUCKETS`: whether they deny every plain-HTTP request."""
    return {bucket: TLS_VARIANTS[variant].denies_http for bucket, variant in TLS_BUCKETS.items()}


_ABORT = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
_EXPIRE = "<Expiration><Days>365</Days></Expiration>"
_NONCURRENT = "<NoncurrentVersionExpiration><NoncurrentDays>90</NoncurrentDays></NoncurrentVersionExpiration>"


def _rule(name: str, actions: str, status: str = "Enabled", where: str = "<Filter><Prefix/></Filter>") -> str:
    return f"<ID>{name}</ID>{where}<Status>{status}</Status>{actions}"


_LIFECYCLE = doc.lifecycle(_rule("tidy", _NONCURRENT + _ABORT))


class _Demo:
    """The account under construction."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self.store = store
        self.keys = keys
        self.owner = canonical_id(ACCOUNT)
        self.key = {region: keys.create(region, "acme-data") for region in REGIONS}

    def well_kept(self, name: str, region: str, **tags: str) -> Bucket:
        """A bucket that passes every check; the others differ from it in what they are there to show."""
        bucket = self.store.add(name, region, created=BORN + timedelta(days=3 * len(self.store.buckets)))
        bucket.put("encryption", doc.encryption("aws:kms", self.key[region], True, ("SSE-C",)))
        bucket.put("policy", policies.tls(name).encode())
        bucket.put("versioning", doc.versioning("Enabled"))
        bucket.put("logging", doc.logging(f"acme-access-logs-{region}", f"{name}/"))
        bucket.put("lifecycle", _LIFECYCLE)
        bucket.put("tagging", doc.tagging({"owner": "platform", "environment": "production", **tags}))
        return bucket

    def logs(self) -> None:
        """Destinations of the access logs: S3 cannot deliver to a bucket that is encrypted with KMS."""
        for region in REGIONS:
            name = f"acme-access-logs-{region}"
            bucket = self.well_kept(name, region).remove("logging")
            bucket.put("encryption", doc.encryption("AES256", blocked=("SSE-C",)))
            bucket.put("policy", policies.log_delivery(name).encode())
            bucket.put("lifecycle", doc.lifecycle(_rule("a-year", _EXPIRE + _ABORT)))
        old = self.well_kept("acme-access-logs-old", US).remove("logging", "policy", "publicAccessBlock")
        old.put("encryption", doc.encryption("AES256")).put("ownershipControls", doc.ownership("ObjectWriter"))
        old.put("acl", doc.acl(self.owner, [("LogDelivery", "WRITE"), ("LogDelivery", "READ_ACP")]))

    def transport(self) -> None:
        """One bucket for each way to write a TLS policy."""
        for number, (name, variant) in enumerate(TLS_BUCKETS.items()):
            bucket = self.well_kept(name, REGIONS[number % 3])
            text = TLS_VARIANTS[variant].policy(name)
            if text is None:
                bucket.remove("policy")
            else:
                bucket.put("policy", text.encode())

    def encryption(self) -> None:
        """Default encryption: algorithm, key in each spelling, state of the key, bucket key, SSE-C."""
        create, plain = self.keys.create, doc.encryption
        disabled = create(EU, "acme-retired", state="Disabled")
        pending = create(US, "acme-doomed", state="PendingDeletion")
        fixed = create(AP, "acme-fixed", rotation=False)
        opened = create(EU, "acme-shared", policy=open_policy(ACCOUNT))
        blocked = ("SSE-C",)
        for name, region, document in (
            ("acme-images", EU, plain("AES256")),
            ("acme-claims", US, plain("aws:kms", self.key[US].rpartition("/")[2], True, blocked)),
            ("acme-cards", EU, plain("aws:kms", "alias/acme-data", True, blocked)),
            ("acme-cards-archive", AP, plain("aws:kms", self.keys.alias_arn(AP, "acme-data"), True, blocked)),
            ("acme-reporting", US, plain("aws:kms", "", True, blocked)),
            ("acme-sessions", AP, plain("aws:kms", self.keys.alias_arn(AP, "aws/s3"), True, blocked)),
            ("acme-vault", EU, plain("aws:kms:dsse", self.key[EU], False, blocked)),
            ("acme-analytics-2019", EU, plain("aws:kms", disabled, True, blocked)),
            ("acme-migration", US, plain("aws:kms", pending, True, blocked)),
            ("acme-warehouse", AP, plain("aws:kms", fixed, True, blocked)),
            ("acme-shared-reports", EU, plain("aws:kms", opened, True, blocked)),
            ("acme-media", US, plain("aws:kms", self.key[US], False, blocked)),
            ("acme-imports", EU, plain("aws:kms", self.keys.missing(EU, "acme-gone"), True, blocked)),
            ("acme-edge-cache", AP, plain("aws:kms", self.key[AP], True, ("NONE",))),
        ):
            self.well_kept(name, region).put("encryption", document)
        self.well_kept("acme-lab", AP).remove("encryption")

    def exposure(self) -> None:
        """Public and half-public buckets."""
        site = self.well_kept("acme-www", US).remove("publicAccessBlock")
        site.put("policy", policies.public("acme-www").encode()).put("website", doc.website("index.html", "404.html"))
        site.put("encryption", doc.encryption()).put_object("index.html", b"<h1>acme</h1>")
        downloads = self.well_kept("acme-downloads", EU).remove("publicAccessBlock")
        downloads.put("policy", policies.public_over_tls("acme-downloads").encode())
        for name, region, grantee, permission in (
            ("acme-press-kit", US, "AllUsers", "READ"),
            ("acme-dropbox", EU, "AllUsers", "WRITE"),
            ("acme-legacy-share", AP, "AuthenticatedUsers", "READ"),
        ):
            shared = self.well_kept(name, region).remove("publicAccessBlock")
            shared.put("ownershipControls", doc.ownership("ObjectWriter"))
            shared.put("acl", doc.acl(self.owner, [(grantee, permission)]))
        half = self.well_kept("acme-newsletter", EU).put("ownershipControls", doc.ownership("BucketOwnerPreferred"))
        half.put("publicAccessBlock", doc.public_access_block(True, True, False, False))
        self.well_kept("acme-intranet", AP).put(
            "publicAccessBlock", doc.public_access_block(False, False, False, False)
        )
        self.well_kept("acme-cdn-origin", US).put("policy", policies.cloudfront("acme-cdn-origin").encode())
        self.well_kept("acme-vendors", EU).put("policy", policies.partner("acme-vendors").encode())
        self.well_kept("acme-old-console", US).remove("ownershipControls", "publicAccessBlock")

    def resilience(self) -> None:
        """Versioning, object lock, lifecycle, logging, and what the objects themselves have."""
        self.well_kept("acme-drafts", EU).put("versioning", doc.versioning("Suspended"))
        ledger = self.well_kept("acme-ledger", US).put("versioning", doc.versioning("Enabled", "Enabled"))
        ledger.put("object-lock", doc.object_lock("COMPLIANCE", years=7))
        self.well_kept("acme-evidence", EU).put("object-lock", doc.object_lock("GOVERNANCE", days=30))
        temporary = self.well_kept("acme-temp", AP).remove("versioning", "logging", "tagging")
        temporary.put("lifecycle", doc.lifecycle(_rule("a-year", _EXPIRE)))
        builds = self.well_kept("acme-builds", US).remove("versioning")
        builds.put("lifecycle", doc.lifecycle(_rule("off", _EXPIRE + _ABORT, "Disabled")))
        prefix = "<Filter><Prefix>tmp/</Prefix></Filter>"
        replicas = self.well_kept("acme-replicas", AP)
        replicas.put("lifecycle", doc.lifecycle(_rule("tmp", _EXPIRE + _ABORT, where=prefix)))
        archive = self.well_kept("acme-archive", EU)
        for year in range(2018, 2027):
            archive.put_object(f"{year}/index.csv", f"year\n{year}\n".encode(), sse="" if year < 2020 else "aws:kms")
        archive.put_object("2021/sealed.bin", b"\0" * 32, customer_key_md5="Q+iZ0sQbzKbKFYLJ4yYjqA==")
        for number in range(12):
            self.store.buckets["acme-invoices"].put_object(
                f"2026/{number + 1:02d}.pdf", b"%PDF-", sse="aws:kms", kms_key=self.key[EU]
            )

    def special(self) -> None:
        """Names, tags and policies that are hard to handle, and a bucket that nobody may look at."""
        self.well_kept("acme.static.example", EU)
        tags = {"Kostenstelle": "Büro Zürich", "責任者": "山田", "note": "a & b < c"}
        self.well_kept("acme-research", AP, **tags)
        stack = {
            "aws:cloudformation:stack-name": "acme-billing",
            "aws:cloudformation:logical-id": "Bucket",
            "aws:cloudformation:stack-id": f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/acme-billing/1",
        }
        managed = self.well_kept("acme-billing-stack", US, **stack).remove("policy")
        managed.put("encryption", doc.encryption())
        state = self.well_kept("acme-terraform-state", EU, ManagedBy="terraform", terraform="true").remove("policy")
        state.put("encryption", doc.encryption())
        self.well_kept(DENIED, EU).denied = ("*",)
        self.well_kept(MALFORMED, US).put("policy", policies.MALFORMED.encode())
        self.well_kept("acme-many-readers", AP).put("policy", policies.large("acme-many-readers").encode())


def demo(store: Store, keys: Keys) -> None:
    """The account of the demo: sixty buckets in three regions, no public access block for the account."""
    account = _Demo(store, keys)
    account.logs()
    account.transport()
    account.encryption()
    account.exposure()
    account.resilience()
    account.special()


def many(store: Store, count: int, keys: Keys, regions: Sequence[str] = REGIONS) -> None:
    """``count`` buckets for benchmarks, named ``acme-data-00000`` and so on.

    A third is encrypted with KMS, of those a tenth without bucket key; half denies plain HTTP; a fifth has no
    complete public access block; a quarter is not versioned; one in a hundred is denied. Eight keys in all.
    """
    arns = {region: [keys.create(region, f"acme-{n}", rotation=n % 2 == 0) for n in range(4)] for region in regions[:2]}
    template = policies.tls("@BUCKET@")
    for number in range(count):
        name = f"acme-data-{number:05d}"
        region = regions[number % len(regions)]
        bucket = store.add(name, region)
        if number % 3 == 0:
            key = arns[region][number // 3 % 4] if region in arns else ""
            bucket.put("encryption", doc.encryption("aws:kms", key, number % 10 != 0, ("SSE-C",)))
        elif number % 3 == 1:
            bucket.put("encryption", doc.encryption("AES256", "", False, ("SSE-C",)))
        if number % 2 == 0:
            bucket.put("policy", template.replace("@BUCKET@", name).encode())
        if number % 5 == 0:
            bucket.put("publicAccessBlock", doc.public_access_block(True, True, number % 10 != 0, False))
        if number % 4:
            bucket.put("versioning", doc.versioning("Enabled"))
        if number % 7:
            bucket.put("lifecycle", _LIFECYCLE)
        if number % 100 == 99:
            bucket.denied = ("*",)


def organization(store: Store, moto: str, count: int = 3) -> List[str]:
    """An organisation in moto with ``count`` member accounts of five buckets each; their ids, in order.

    The default account is the management account. Any role of a member can be assumed, e.g.
    ``arn:aws:iam::<id>:role/OrganizationAccountAccessRole``: the session then sees the member's buckets.
    """
    client = boto_client(moto, "organizations", US)
    client.create_organization(FeatureSet="ALL")
    ids: List[str] = []
    for team in range(count):
        made = client.create_account(AccountName=f"acme-team-{team}", Email=f"team-{team}@acme.example")
        ids.append(made["CreateAccountStatus"]["AccountId"])
        for number in range(5):
            name = f"acme-team-{team}-data-{number}"
            bucket = store.add(name, REGIONS[number % 3], ids[-1])
            if number % 2 == 0:
                bucket.put("policy", policies.tls(name).encode())
    return ids


def seed(store: Store, what: str, moto: str = "") -> None:
    """Seed by name: ``demo``, ``organization`` (needs moto), or a number of buckets.

    :raises ValueError: for anything else.
    """
    keys = Keys(moto)
    if what == "demo":
        demo(store, keys)
    elif what == "organization":
        organization(store, moto)
    else:
        many(store, int(what), keys)

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bucket policies as people write them: the TLS variants with the truth about each, and public ones."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, NamedTuple, Optional

ACCOUNT = "123456789012"
PARTNER = "210987654321"


def _text(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)


def deny_http(bucket: str, **changes: Any) -> Dict[str, Any]:
    """The canonical statement that denies plain HTTP, with some of it changed; ``None`` leaves a key out."""
    statement: Dict[str, Any] = {
        "Sid": "DenyInsecureTransport",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    statement.update(changes)
    return {key: value for key, value in statement.items() if value is not None}


def old_tls(bucket: str, operator: str = "NumericLessThan") -> Dict[str, Any]:
    """The statement that denies TLS before 1.2."""
    condition = {operator: {"s3:TlsVersion": "1.2"}}
    return deny_http(bucket, Sid="DenyOldTls", Condition=condition)


def tls(bucket: str) -> str:
    """What a well-kept bucket has: no plain HTTP, no old TLS."""
    return _text(deny_http(bucket), old_tls(bucket))


def allow(bucket: str, principal: Any = "*", **changes: Any) -> Dict[str, Any]:
    """A statement that lets someone read objects."""
    statement: Dict[str, Any] = {
        "Sid": "AllowRead",
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    return {**statement, **changes}


def public(bucket: str) -> str:
    """Everyone reads."""
    return _text(allow(bucket, Sid="PublicRead"))


def public_over_tls(bucket: str) -> str:
    """Everyone reads, but not over plain HTTP."""
    return _text(allow(bucket, Sid="PublicRead"), deny_http(bucket))


def cloudfront(bucket: str) -> str:
    """One CloudFront distribution reads: not public."""
    source = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1EXAMPLE2ACME"
    condition = {"StringEquals": {"AWS:SourceArn": source}}
    return _text(allow(bucket, {"Service": "cloudfront.amazonaws.com"}, Condition=condition), *_both(bucket))


def partner(bucket: str) -> str:
    """Another account reads."""
    return _text(allow(bucket, {"AWS": f"arn:aws:iam::{PARTNER}:root"}), *_both(bucket))


def log_delivery(bucket: str) -> str:
    """S3 itself writes access logs here."""
    statement = allow(
        bucket,
        {"Service": "logging.s3.amazonaws.com"},
        Sid="S3ServerAccessLogs",
        Action="s3:PutObject",
        Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    )
    return _text(statement, *_both(bucket))


def large(bucket: str, size: int = 20_300) -> str:
    """A policy of ``size`` bytes without white space, just under the limit of 20 KB, that says nothing of TLS."""
    statements: List[Any] = []
    text = ""
    while True:
        number = len(statements)
        reader = {"AWS": f"arn:aws:iam::{PARTNER}:role/reader-{number:04d}"}
        statements.append(
            allow(bucket, reader, Sid=f"Reader{number:04d}", Resource=f"arn:aws:s3:::{bucket}/{number}/*")
        )
        grown = json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
        if len(grown) > size:
            return text
        text = grown


MALFORMED = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", '


def _both(bucket: str) -> List[Dict[str, Any]]:
    return [deny_http(bucket), old_tls(bucket)]


class TlsVariant(NamedTuple):
    """One way to write it, and whether it denies every plain-HTTP request to the bucket and its objects."""

    policy: Callable[[str], Optional[str]]
    denies_http: bool


def _only(**changes: Any) -> Callable[[str], Optional[str]]:
    return lambda bucket: _text(deny_http(bucket, **changes))


TLS_VARIANTS: Dict[str, TlsVariant] = {
    "canonical": TlsVariant(_only(), True),
    "principal_aws_star": TlsVariant(_only(Principal={"AWS": "*"}), True),
    "value_in_list": TlsVariant(_only(Condition={"Bool": {"aws:SecureTransport": ["false"]}}), True),
    "json_boolean": TlsVariant(_only(Condition={"Bool": {"aws:SecureTransport": False}}), True),
    "other_case": TlsVariant(_only(Condition={"Bool": {"AWS:securetransport": "false"}}), True),
    "bool_if_exists": TlsVariant(_only(Condition={"BoolIfExists": {"aws:SecureTransport": "false"}}), True),
    "not_action": TlsVariant(_only(Action=None, NotAction="s3:ListAllMyBuckets"), True),
    "tls_version_only": TlsVariant(lambda bucket: _text(old_tls(bucket)), False),
    "only_put": TlsVariant(_only(Action="s3:PutObject"), False),
    "one_principal": TlsVariant(_only(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/mobile"}), False),
    "only_a_prefix": TlsVariant(
        lambda bucket: _text(deny_http(bucket, Resource=f"arn:aws:s3:::{bucket}/logs/*")), False
    ),
    "extra_ip_condition": TlsVariant(
        _only(
            Condition={
                "Bool": {"aws:SecureTransport": "false"},
                "NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"},
            }
        ),
        False,
    ),
    "lone_statement": TlsVariant(
        lambda bucket: json.dumps({"Version": "2012-10-17", "Statement": deny_http(bucket)}), True
    ),
    "two_statements": TlsVariant(
        lambda bucket: _text(
            deny_http(bucket, Sid="Bucket", Resource=f"arn:aws:s3:::{bucket}"),
            deny_http(bucket, Sid="Objects", Resource=f"arn:aws:s3:::{bucket}/*"),
        ),
        True,
    ),
    "tls_version_if_exists": TlsVariant(lambda bucket: _text(old_tls(bucket, "NumericLessThanIfExists")), True),
    "not_principal": TlsVariant(_only(Principal=None, NotPrincipal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/etl"}), False),
    "objects_only": TlsVariant(lambda bucket: _text(deny_http(bucket, Resource=f"arn:aws:s3:::{bucket}/*")), False),
    "no_policy": TlsVariant(lambda bucket: None, False),
}

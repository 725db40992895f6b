# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The XML documents that S3 takes and gives: their schemas, and the form in which S3 writes them back.

What a PUT sends is parsed, checked and written again in S3's own order, as the service does; elements that are not
in the schema are refused as ``MalformedXML``. Source: the request and response syntax pages of the S3 API reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from .errors import S3Error

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
LOGGING_NAMESPACE = "http://doc.s3.amazonaws.com/2006-03-01"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

GROUPS = {
    "AllUsers": "http://acs.amazonaws.com/groups/global/AllUsers",
    "AuthenticatedUsers": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
    "LogDelivery": "http://acs.amazonaws.com/groups/s3/LogDelivery",
}


@dataclass(frozen=True)
class Element:
    """One element of a schema: with children, or with a text that is free, an enumeration or of a pattern."""

    name: str
    children: Tuple["Element", ...] = ()
    values: Tuple[str, ...] = ()
    pattern: str = ""
    required: bool = False
    many: bool = False
    typed: bool = False  # carries xsi:type
    choice: bool = False  # exactly one of the children, or none


def _bool(name: str, required: bool = False) -> Element:
    return Element(name, values=("true", "false"), required=required)


def _number(name: str, required: bool = False) -> Element:
    return Element(name, pattern=r"-?[0-9]{1,18}", required=required)


_TAG = Element("Tag", (Element("Key", required=True), Element("Value", required=True)), many=True)
_STORAGE = ("STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "GLACIER_IR", "DEEP_ARCHIVE")
_DATE = r"\d{4}-\d\d-\d\d(T[0-9:.]+Z)?"
_SIZES = (_number("ObjectSizeGreaterThan"), _number("ObjectSizeLessThan"))
_GRANTEE = Element(
    "Grantee",
    (Element("ID"), Element("DisplayName"), Element("EmailAddress"), Element("URI")),
    typed=True,
    required=True,
)
_PERMISSIONS = ("FULL_CONTROL", "WRITE", "WRITE_ACP", "READ", "READ_ACP")

SCHEMAS: Dict[str, Element] = {
    "encryption": Element(
        "ServerSideEncryptionConfiguration",
        (
            Element(
                "Rule",
                (
                    Element(
                        "ApplyServerSideEncryptionByDefault",
                        (
                            Element("SSEAlgorithm", values=("AES256", "aws:kms", "aws:kms:dsse"), required=True),
                            Element("KMSMasterKeyID"),
                        ),
                    ),
                    _bool("BucketKeyEnabled"),
                    Element(
                        "BlockedEncryptionTypes",
                        (Element("EncryptionType", values=("SSE-C", "NONE"), many=True),),
                    ),
                ),
                required=True,
                many=True,
            ),
        ),
    ),
    "publicAccessBlock": Element(
        "PublicAccessBlockConfiguration",
        (
            _bool("BlockPublicAcls"),
            _bool("IgnorePublicAcls"),
            _bool("BlockPublicPolicy"),
            _bool("RestrictPublicBuckets"),
        ),
    ),
    "ownershipControls": Element(
        "OwnershipControls",
        (
            Element(
                "Rule",
                (
                    Element(
                        "ObjectOwnership",
                        values=("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"),
                        required=True,
                    ),
                ),
                required=True,
            ),
        ),
    ),
    "acl": Element(
        "AccessControlPolicy",
        (
            Element("Owner", (Element("ID", required=True), Element("DisplayName")), required=True),
            Element(
                "AccessControlList",
                (Element("Grant", (_GRANTEE, Element("Permission", values=_PERMISSIONS, required=True)), many=True),),
                required=True,
            ),
        ),
    ),
    "versioning": Element(
        "VersioningConfiguration",
        (
            Element("Status", values=("Enabled", "Suspended")),
            Element("MfaDelete", values=("Enabled", "Disabled")),
        ),
    ),
    "logging": Element(
        "BucketLoggingStatus",
        (
            Element(
                "LoggingEnabled",
                (
                    Element("TargetBucket", required=True),
                    Element("TargetPrefix", required=True),
                    Element(
                        "TargetGrants",
                        (
                            Element(
                                "Grant",
                                (_GRANTEE, Element("Permission", values=("FULL_CONTROL", "READ", "WRITE"))),
                                many=True,
                            ),
                        ),
                    ),
                    Element(
                        "TargetObjectKeyFormat",
                        (
                            Element("SimplePrefix"),
                            Element(
                                "PartitionedPrefix",
                                (Element("PartitionDateSource", values=("EventTime", "DeliveryTime")),),
                            ),
                        ),
                        choice=True,
                    ),
                ),
            ),
        ),
    ),
    "object-lock": Element(
        "ObjectLockConfiguration",
        (
            Element("ObjectLockEnabled", values=("Enabled",)),
            Element(
                "Rule",
                (
                    Element(
                        "DefaultRetention",
                        (
                            Element("Mode", values=("GOVERNANCE", "COMPLIANCE"), required=True),
                            _number("Days"),
                            _number("Years"),
                        ),
                        required=True,
                    ),
                ),
            ),
        ),
    ),
    "lifecycle": Element(
        "LifecycleConfiguration",
        (
            Element(
                "Rule",
                (
                    Element("ID"),
                    Element("Prefix"),
                    Element(
                        "Filter",
                        (
                            Element("Prefix"),
                            Element("Tag", _TAG.children),
                            *_SIZES,
                            Element("And", (Element("Prefix"), _TAG, *_SIZES)),
                        ),
                        choice=True,
                    ),
                    Element("Status", values=("Enabled", "Disabled"), required=True),
                    Element(
                        "Transition",
                        (
                            Element("Date", pattern=_DATE),
                            _number("Days"),
                            Element("StorageClass", values=_STORAGE, required=True),
                        ),
                        many=True,
                    ),
                    Element(
                        "Expiration",
                        (Element("Date", pattern=_DATE), _number("Days"), _bool("ExpiredObjectDeleteMarker")),
                    ),
                    Element(
                        "NoncurrentVersionTransition",
                        (
                            _number("NoncurrentDays", required=True),
                            _number("NewerNoncurrentVersions"),
                            Element("StorageClass", values=_STORAGE, required=True),
                        ),
                        many=True,
                    ),
                    Element(
                        "NoncurrentVersionExpiration",
                        (_number("NoncurrentDays", required=True), _number("NewerNoncurrentVersions")),
                    ),
                    Element("AbortIncompleteMultipartUpload", (_number("DaysAfterInitiation", required=True),)),
                ),
                required=True,
                many=True,
            ),
        ),
    ),
    "tagging": Element("Tagging", (Element("TagSet", (_TAG,), required=True),)),
    "website": Element(
        "WebsiteConfiguration",
        (
            Element(
                "RedirectAllRequestsTo",
                (Element("HostName", required=True), Element("Protocol", values=("http", "https"))),
            ),
            Element("IndexDocument", (Element("Suffix", required=True),)),
            Element("ErrorDocument", (Element("Key", required=True),)),
        ),
    ),
    "location": Element("CreateBucketConfiguration", (Element("LocationConstraint"),)),
}

Node = ElementTree.Element


def local(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]


def text_of(node: Optional[Node], path: str) -> Optional[str]:
    """The text at ``path`` (``Rule/ObjectOwnership``), whatever its namespace; ``None`` when it is not there."""
    found = nodes_of(node, path)
    return None if not found else (found[0].text or "")


def nodes_of(node: Optional[Node], path: str) -> List[Node]:
    """All nodes at ``path``, whatever their namespace."""
    level = [] if node is None else [node]
    for name in path.split("/"):
        level = [child for parent in level for child in parent if local(child.tag) == name]
    return level


def parse(body: bytes, schema: Element, malformed: str = "MalformedXML") -> Node:
    """The root node of a document of that schema.

    :raises S3Error: ``malformed`` when it is not well-formed, not of the schema, or carries a DTD.
    """
    if b"<!" in body:
        raise S3Error(malformed)
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        raise S3Error(malformed) from None
    if local(root.tag) != schema.name:
        raise S3Error(malformed)
    _check(root, schema, malformed)
    return root


def _check(node: Node, schema: Element, malformed: str) -> None:
    if not schema.children:
        text = node.text or ""
        if len(node) or (schema.values and text not in schema.values):
            raise S3Error(malformed)
        if schema.pattern and not re.fullmatch(schema.pattern, text):
            raise S3Error(malformed)
        return
    seen: Dict[str, int] = {}
    known = {child.name: child for child in schema.children}
    for child in node:
        name = local(child.tag)
        if name not in known:
            raise S3Error(malformed)
        seen[name] = seen.get(name, 0) + 1
        _check(child, known[name], malformed)
    for child_schema in schema.children:
        count = seen.get(child_schema.name, 0)
        if (count > 1 and not child_schema.many) or (count == 0 and child_schema.required):
            raise S3Error(malformed)
    if schema.choice and len(seen) > 1:
        raise S3Error(malformed)
    if schema.typed and f"{{{XSI}}}type" not in node.attrib:
        raise S3Error(malformed)


def write(node: Node, schema: Element, namespace: str = NAMESPACE) -> bytes:
    """The document as S3 writes it: its own order, its own prefixes, no white space."""
    inner = "".join(_write(child) for child in _ordered(node, schema))
    return f'{DECLARATION}<{schema.name} xmlns="{namespace}">{inner}</{schema.name}>'.encode()


Ordered = Tuple[Node, Element]


def _ordered(node: Node, schema: Element) -> List[Ordered]:
    return [(child, part) for part in schema.children for child in node if local(child.tag) == part.name]


def _write(pair: Ordered) -> str:
    node, schema = pair
    attributes = ""
    if schema.typed:
        attributes = f' xmlns:xsi="{XSI}" xsi:type={quoteattr(node.attrib[f"{{{XSI}}}type"])}'
    if schema.children:
        inner = "".join(_write(child) for child in _ordered(node, schema))
    else:
        inner = escape(node.text or "")
    return f"<{schema.name}{attributes}>{inner}</{schema.name}>" if inner else f"<{schema.name}{attributes}/>"


def document(root: str, inner: str, namespace: str = NAMESPACE) -> bytes:
    """A document from its inner XML."""
    body = f">{inner}</{root}>" if inner else "/>"
    return f'{DECLARATION}<{root} xmlns="{namespace}"{body}'.encode()

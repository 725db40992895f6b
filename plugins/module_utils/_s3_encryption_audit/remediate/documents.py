# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configurations between the bytes that AWS sends and takes, and the JSON values that plans, diffs and backups hold.

The conversion knows no schema, so that elements which AWS adds later are kept: an element with children becomes an
object, a repeated one a list, another one its text. It is lossless for the documents of S3, which have no mixed
content and no attribute but ``xsi:type``.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from ..._common.errors import Day2Error
from .model import Aspect, Document

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
CONTROL_NAMESPACE = "http://awss3control.amazonaws.com/doc/2018-08-20/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

TRANSITION_SIZE = "TransitionDefaultMinimumObjectSize"
"""Part of a lifecycle that travels in a header: left out of a PUT, S3 would reset it."""
TRANSITION_SIZE_HEADER = "x-amz-transition-default-minimum-object-size"

FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")

_ROOTS: Mapping[Aspect, str] = {
    Aspect.ENCRYPTION: "ServerSideEncryptionConfiguration",
    Aspect.OWNERSHIP: "OwnershipControls",
    Aspect.VERSIONING: "VersioningConfiguration",
    Aspect.LIFECYCLE: "LifecycleConfiguration",
    Aspect.LOGGING: "BucketLoggingStatus",
    Aspect.PUBLIC_ACCESS_BLOCK: "PublicAccessBlockConfiguration",
    Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK: "PublicAccessBlockConfiguration",
}
# What S3's old SOAP interface calls it, and moto to this day.
_OLD_ROOTS: Mapping[Aspect, str] = {Aspect.VERSIONING: "GetBucketVersioningResponse"}
_BOOLEANS = frozenset((*FLAGS, "BucketKeyEnabled", "ExpiredObjectDeleteMarker"))
_NUMBERS = frozenset(
    (
        "Days",
        "DaysAfterInitiation",
        "NewerNoncurrentVersions",
        "NoncurrentDays",
        "ObjectSizeGreaterThan",
        "ObjectSizeLessThan",
    )
)
# Elements without a text of their own: empty, they are objects. "Rule" is a list where there may be several.
_OBJECTS = frozenset(
    (
        "ApplyServerSideEncryptionByDefault",
        "BlockedEncryptionTypes",
        "Filter",
        "PartitionedPrefix",
        "Rule",
        "SimplePrefix",
        "TargetGrants",
    )
)
_LISTS = frozenset(("EncryptionType", "Grant", "NoncurrentVersionTransition", "Tag", "Transition"))
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*|xsi:type")
_WORD = re.compile(r"[A-Za-z0-9_]{1,100}")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # by XML, and by UTF-8
_DEEPEST = 20
_RULE = re.compile(rb"<Rule>.*?</Rule>", re.DOTALL)


class DocumentError(Day2Error):
    """An answer that is not the document it should be."""


def decode(aspect: Aspect, body: bytes, headers: Mapping[str, str]) -> Document:
    """The configuration in an answer of AWS; ``None`` when it is empty, which is how S3 says "off" of some.

    :raises DocumentError: when the body is something else.
    """
    try:
        if aspect is Aspect.POLICY:
            return body.decode("utf-8")
        if aspect is Aspect.KMS_KEY_ROTATION:
            return {"KeyRotationEnabled": bool(json.loads(body)["KeyRotationEnabled"])}
        root = _parse(body)
    except (ValueError, KeyError, TypeError, ElementTree.ParseError, RecursionError) as error:
        raise DocumentError(f"{aspect.value}: the answer cannot be read: {error}") from error
    if _local(root.tag) not in (_ROOTS[aspect], _OLD_ROOTS.get(aspect)):
        raise DocumentError(f"{aspect.value}: the answer is a {_local(root.tag)}, not a {_ROOTS[aspect]}")
    value = _value(root, aspect is Aspect.LIFECYCLE)
    if aspect is Aspect.LIFECYCLE and isinstance(value, dict) and headers.get(TRANSITION_SIZE_HEADER):
        value[TRANSITION_SIZE] = headers[TRANSITION_SIZE_HEADER]
    return value or None


def encode(aspect: Aspect, document: Document, like: bytes = b"") -> bytes:
    """The body that writes a configuration.

    :param like: the body last read. Lifecycle rules that are in it too are written byte for byte as they stand there.
    """
    if aspect is Aspect.POLICY:
        return str(document).encode("utf-8")
    pieces = _rules(like) if aspect is Aspect.LIFECYCLE else []
    inner = "".join(
        _written(name, value, pieces)
        for name, value in (document or {}).items()
        if name != TRANSITION_SIZE and (name, value) != ("MfaDelete", "Disabled")  # naming MFA asks for the device
    )
    namespace = CONTROL_NAMESPACE if aspect is Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK else NAMESPACE
    root = _ROOTS[aspect]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{namespace}">{inner}</{root}>'.encode()


def identical(aspect: Aspect, one: Document, other: Document) -> bool:
    """Whether two configurations are the same, apart from how they are written.

    Policies are compared as text: S3 gives back what it keeps in one form only.
    """
    if aspect is Aspect.POLICY:
        return bool(one == other)
    return bool(_canonical(aspect, one) == _canonical(aspect, other))


def fulfils(aspect: Aspect, found: Document, wanted: Document) -> bool:
    """Whether what was read back is what was written, given what AWS makes of it.

    S3 writes a policy in its own form (white space, lists of one); without a configuration of its own a bucket is
    encrypted with SSE-S3; what was not said of blocked encryption types and of the least size of transitions S3
    decides itself; versioning that was switched on can be suspended only.
    """
    if identical(aspect, found, wanted):
        return True
    if aspect is Aspect.POLICY and found is not None and wanted is not None:
        return _normal_policy(found) == _normal_policy(wanted)
    if aspect is Aspect.VERSIONING and wanted is None:
        return bool(status_of(found) == "Suspended")
    if aspect is Aspect.LIFECYCLE and found and wanted and TRANSITION_SIZE not in wanted:
        return bool({key: value for key, value in found.items() if key != TRANSITION_SIZE} == wanted)
    if aspect is Aspect.ENCRYPTION:
        said, asked = rule_of(found), rule_of(wanted or _SSE_S3)
        if "BlockedEncryptionTypes" not in asked:
            said.pop("BlockedEncryptionTypes", None)
        return identical(aspect, {"Rule": said}, {"Rule": asked})
    return False


_SSE_S3 = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}}


def rule_of(encryption: Document) -> Dict[str, Any]:
    """A copy of the one rule of a default encryption; empty when there is none."""
    rule = (encryption or {}).get("Rule")
    return dict(rule) if isinstance(rule, dict) else {}


def status_of(versioning: Document) -> str:
    """``Enabled``, ``Suspended``, or nothing when versioning was never switched on."""
    return str((versioning or {}).get("Status", ""))


def check(aspect: Aspect, document: Document) -> None:
    """Make sure that a configuration from elsewhere, a backup, is of the shapes and letters that can be written.

    :raises DocumentError: when it is not, naming the element.
    """
    if document is None:
        return
    if isinstance(document, str) is not (aspect is Aspect.POLICY):
        raise DocumentError(f"not of the kind of a {aspect.value}")
    _check(document, aspect.value, 0)
    if aspect is Aspect.KMS_KEY_ROTATION and not all(isinstance(on, bool) for on in document.values()):
        raise DocumentError("KeyRotationEnabled is neither true nor false")
    if aspect is Aspect.LIFECYCLE and not _WORD.fullmatch(str(document.get(TRANSITION_SIZE, "none"))):
        raise DocumentError(f"{TRANSITION_SIZE} is not one word")
    blocked = rule_of(document).get("BlockedEncryptionTypes", {}) if aspect is Aspect.ENCRYPTION else {}
    types = blocked.get("EncryptionType", []) if isinstance(blocked, dict) else None
    if not isinstance(types, list) or not all(isinstance(one, str) for one in types):
        raise DocumentError("BlockedEncryptionTypes has no list of names")


def _check(value: Any, name: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise DocumentError(f"{name} is nested too deeply")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not _NAME.fullmatch(key):
                raise DocumentError(f"{key[:40]!r} is not the name of an element")
            _check(inner, key, depth + 1)
            if key == "xsi:type" and not isinstance(inner, str):
                raise DocumentError("xsi:type is not a text")
    elif isinstance(value, list):
        for inner in value:
            _check(inner, name, depth + 1)
    elif isinstance(value, str):
        if _UNWRITABLE.search(value):
            raise DocumentError(f"{name} has characters that cannot be written")
    elif not isinstance(value, int):
        raise DocumentError(f"{name} is neither text, number, list nor object")


# --- comparing -------------------------------------------------------------------------------------------------------


def _canonical(aspect: Aspect, document: Document) -> Document:
    if aspect is Aspect.ENCRYPTION and rule_of(document):
        rule = {"BucketKeyEnabled": False, **rule_of(document)}
        blocked = rule.get("BlockedEncryptionTypes")
        if isinstance(blocked, dict):
            rule["BlockedEncryptionTypes"] = sorted(blocked.get("EncryptionType", ()))
        return {**document, "Rule": rule}
    if aspect in (Aspect.PUBLIC_ACCESS_BLOCK, Aspect.ACCOUNT_PUBLIC_ACCESS_BLOCK) and document is not None:
        return {**dict.fromkeys(FLAGS, False), **document}
    if aspect is Aspect.VERSIONING and document is not None:
        return {"MfaDelete": "Disabled", **document}
    return document


def _normal_policy(text: str) -> object:
    try:
        return _normal(json.loads(text))
    except (ValueError, RecursionError):
        return text


def _normal(value: object) -> object:
    if isinstance(value, dict):
        return {key: _normal(inner) for key, inner in value.items()}
    if isinstance(value, list):
        items = [_normal(inner) for inner in value]
        if all(isinstance(item, str) for item in items):
            items.sort(key=str)
        return items[0] if len(items) == 1 else items
    return json.dumps(value) if isinstance(value, (bool, int, float)) else value


# --- XML -------------------------------------------------------------------------------------------------------------


def _parse(body: bytes) -> ElementTree.Element:
    if b"<!" in body:
        raise ValueError("it has a document type or a comment, which AWS does not send")
    return ElementTree.fromstring(body)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _value(node: ElementTree.Element, many_rules: bool) -> Any:
    name = _local(node.tag)
    children = list(node)
    found: Dict[str, Any] = {}
    if f"{{{XSI}}}type" in node.attrib:
        found["xsi:type"] = node.attrib[f"{{{XSI}}}type"]
    if not children and not found and name not in _OBJECTS and name not in _ROOTS.values():
        return _typed(name, node.text or "")
    for child in children:
        key, value = _local(child.tag), _value(child, many_rules)
        if key in found:
            found[key] = [*(found[key] if isinstance(found[key], list) else [found[key]]), value]
        else:
            found[key] = [value] if key in _LISTS or (key == "Rule" and many_rules) else value
    return found


def _typed(name: str, text: str) -> Any:
    if name in _BOOLEANS and text in ("true", "false"):
        return text == "true"
    if name in _NUMBERS and re.fullmatch(r"0|[1-9][0-9]{0,17}", text):
        return int(text)
    return text


def _written(name: str, value: Any, pieces: List[Tuple[Any, str]]) -> str:
    if isinstance(value, list):
        return "".join(_written(name, item, pieces) for item in value)
    if name == "Rule":
        for known, text in pieces:
            if known == value:
                return text
    attribute = ""
    if isinstance(value, dict):
        if "xsi:type" in value:
            attribute = f' xmlns:xsi="{XSI}" xsi:type={quoteattr(value["xsi:type"])}'
        inner = "".join(_written(key, item, pieces) for key, item in value.items() if key != "xsi:type")
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = escape(str(value), {"\r": "&#13;"})
    return f"<{name}{attribute}>{inner}</{name}>"


def _rules(body: bytes) -> List[Tuple[Any, str]]:
    """The rules of a lifecycle, each as its value and as it is written."""
    return list(_spelled(body)) if body else []


def _spelled(body: bytes) -> Iterator[Tuple[Any, str]]:
    for found in _RULE.finditer(body):
        yield _value(ElementTree.fromstring(found[0]), True), found[0].decode("utf-8")


def header_of(aspect: Aspect, document: Document) -> Optional[str]:
    """What of a lifecycle is written in a header, if it says anything of it."""
    if aspect is not Aspect.LIFECYCLE or not isinstance(document, dict):
        return None
    size = document.get(TRANSITION_SIZE)
    return size if isinstance(size, str) else None

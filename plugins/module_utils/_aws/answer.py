# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every answer is read with: XML and JSON of which nothing is believed before it is checked."""

from __future__ import annotations

import json
from typing import Any, Dict, Mapping
from xml.etree import ElementTree

from .._common.errors import Day2Error

Node = ElementTree.Element


class AnswerError(Day2Error):
    """The answer is not what was asked for: cut short, foreign, or malformed."""


def xml_root(body: bytes, *names: str) -> Node:
    """The root of an XML document, its names without namespaces: services differ in which they give.

    :raises AnswerError: when it is not well-formed, carries a DTD, or its root has none of the ``names``.
    """
    if b"\0" in body or b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        # A NUL is UTF-16, in which the declarations would go unseen.
        raise AnswerError("XML with a document type or entity declaration is refused")
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise AnswerError(f"not well-formed XML ({error})") from error
    for node in root.iter():
        tag = node.tag
        if tag[0] == "{":
            node.tag = tag.rpartition("}")[2]
    if root.tag not in names:
        raise AnswerError(f"<{root.tag[:60]}> instead of <{names[0]}>")
    return root


def text_of(node: Node, name: str) -> str:
    """The text of a child that must be there.

    :raises AnswerError: when it is not.
    """
    text = node.findtext(name)
    if text is None:
        raise AnswerError(f"<{name}> is missing in <{node.tag}>")
    return text


def filled_text(node: Node, name: str) -> str:
    """The text of a child that must be there and not empty, without white space around it.

    :raises AnswerError: when it is not, or is empty.
    """
    text = text_of(node, name).strip()
    if not text:
        raise AnswerError(f"<{name}> is empty in <{node.tag}>")
    return text


def flag(node: Node, name: str) -> bool:
    """A boolean; S3 leaves out what was never set, which means false.

    :raises AnswerError: when it is neither true nor false.
    """
    text = (node.findtext(name) or "false").strip().lower()
    if text not in ("true", "false"):
        raise AnswerError(f"<{name}> is neither true nor false: {text[:40]!r}")
    return text == "true"


def number(text: str, name: str) -> int:
    """A number that is not negative.

    :raises AnswerError: when it is none.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        raise AnswerError(f"<{name}> is not a number: {digits[:40]!r}")
    return int(digits)


def json_object(body: bytes) -> Dict[str, Any]:
    """A JSON object.

    :raises AnswerError: when it is none.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise AnswerError(f"not JSON ({error})") from error
    if not isinstance(document, dict):
        raise AnswerError("not a JSON object")
    return document


def member(document: Mapping[str, Any], name: str, kind: type) -> Any:
    """A member that must be there and of this type.

    :raises AnswerError: when it is not.
    """
    value = document.get(name)
    if not isinstance(value, kind):
        raise AnswerError(f"{name!r} is missing or of the wrong type")
    return value

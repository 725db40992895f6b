# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Surgery on the text of a bucket policy: statements are added, and everything else stays as it is, byte for byte.

S3 gives a policy back in the form that people and tools know it by; re-writing it from its parsed form would change
what nobody asked to change (the order of keys, white space, escapes) and hide the one addition in a diff of everything.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ..policy.document import PolicyError

MAX_BYTES = 20 * 1024
"""Size of a bucket policy. S3 counts it without the white space that JSON does not need."""

TLS_SID = "Day2DenyInsecureTransport"
OLD_TLS_SID = "Day2DenyOldTls"

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING_OR_SPACE = re.compile(r'("(?:[^"\\]|\\.)*")|[ \t\n\r]+')
_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Span:
    """A JSON value within a text: ``text[start:end]`` is what is written there."""

    start: int
    end: int
    value: Any


@dataclass(frozen=True)
class Layout:
    """Where the statements of a policy are: ``body`` is the value of ``Statement``, a list or a lone object."""

    body: Span
    statements: Tuple[Span, ...]


def deny_plain_http(partition: str, bucket: str, sid: str = TLS_SID) -> Dict[str, Any]:
    """The statement that denies every request over plain HTTP."""
    return _deny(partition, bucket, sid, {"Bool": {"aws:SecureTransport": "false"}})


def deny_old_tls(partition: str, bucket: str, version: str, sid: str = OLD_TLS_SID) -> Dict[str, Any]:
    """The statement that denies requests over TLS older than ``version``.

    Over plain HTTP the key is absent and the condition does not hold: that is the other statement's business.
    """
    return _deny(partition, bucket, sid, {"NumericLessThan": {"s3:TlsVersion": version}})


def _deny(partition: str, bucket: str, sid: str, condition: Dict[str, Any]) -> Dict[str, Any]:
    arn = f"arn:{partition}:s3:::{bucket}"
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": condition,
    }


def with_denial(text: Optional[str], denial: Mapping[str, Any]) -> str:
    """The policy with a statement of :func:`deny_plain_http` or :func:`deny_old_tls` in it.

    A statement of the same Sid that is such a denial too, but not this one (for another resource, say), is replaced.
    A statement of the same Sid that is something else is left alone, and ours takes the next free Sid.

    :raises PolicyError: when the text is no policy.
    """
    if text is None:
        return json.dumps({"Version": "2012-10-17", "Statement": [denial]})
    layout = locate(text)
    ours = [span for span in layout.statements if _is_ours(span.value, denial)]
    if any(span.value == {**denial, "Sid": span.value["Sid"]} for span in ours):
        return text
    if ours:
        return _replaced(text, layout, ours[0], {**denial, "Sid": ours[0].value["Sid"]})
    return _appended(text, layout, {**denial, "Sid": _free_sid(denial["Sid"], layout.statements)})


def compact_size(text: str) -> int:
    """Bytes of a policy as S3 counts them: without the white space between its tokens."""
    return len(_STRING_OR_SPACE.sub(lambda found: found[1] or "", text).encode("utf-8", "surrogatepass"))


# --- reading ---------------------------------------------------------------------------------------------------------


def locate(text: str) -> Layout:
    """Where the statements of a policy are.

    :raises PolicyError: when the text is not a JSON object with one ``Statement`` that is an object or a list of them.
    """
    try:
        bodies = [span for key, span in _members(text) if key == "Statement"]
        if len(bodies) != 1:
            raise PolicyError(f"the policy has {len(bodies)} members named Statement; it must have one")
        body = bodies[0]
        statements = (body,) if isinstance(body.value, dict) else tuple(_elements(text, body))
    except (ValueError, IndexError, RecursionError) as error:
        raise PolicyError(f"the policy is not JSON: {error}") from error
    if not all(isinstance(span.value, dict) for span in statements):
        raise PolicyError("the policy has a statement that is not a JSON object")
    return Layout(body, statements)


def _members(text: str) -> Iterator[Tuple[str, Span]]:
    position = _expect(text, _skip(text, 0), "{")
    while text[position] != "}":
        key, position = _DECODER.raw_decode(text, position)
        if not isinstance(key, str):
            raise ValueError(f"a key is expected at character {position}")
        start = _expect(text, _skip(text, position), ":")
        value, end = _DECODER.raw_decode(text, start)
        yield key, Span(start, end, value)
        position = _next(text, end, "}")
    if _skip(text, position + 1) != len(text):
        raise ValueError(f"something follows the policy at character {position + 1}")


def _elements(text: str, body: Span) -> Iterator[Span]:
    if not isinstance(body.value, list):
        raise PolicyError("Statement is neither an object nor a list")
    position = _skip(text, body.start + 1)
    while text[position] != "]":
        value, end = _DECODER.raw_decode(text, position)
        yield Span(position, end, value)
        position = _next(text, end, "]")


def _skip(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position


def _expect(text: str, position: int, character: str) -> int:
    """The position of the next token after ``character``, which must be at ``position``."""
    if text[position : position + 1] != character:
        raise ValueError(f"{character!r} is expected at character {position}")
    return _skip(text, position + 1)


def _next(text: str, position: int, closing: str) -> int:
    """The position of the next member after a comma, or of the closing bracket."""
    position = _skip(text, position)
    if text[position] == closing:
        return position
    position = _expect(text, position, ",")
    if text[position] == closing:
        raise ValueError(f"a comma before {closing!r} at character {position}")
    return position


# --- ours or not -----------------------------------------------------------------------------------------------------


def _is_ours(statement: Mapping[str, Any], denial: Mapping[str, Any]) -> bool:
    """Whether a statement is an earlier form of ``denial``, so that nothing is lost when it takes its place.

    It has our Sid, denies, and does so on our condition alone: then whatever it denies, ``denial`` denies too.
    """
    sid, wanted = statement.get("Sid"), denial["Sid"]
    if not isinstance(sid, str) or not re.fullmatch(re.escape(wanted) + r"[0-9]*", sid):
        return False
    if statement.get("Effect") != "Deny":
        return False
    (operator, pairs), *more = _conditions(denial)
    found = _conditions(statement)
    if more or len(found) != 1 or not isinstance(found[0][1], dict):
        return False
    key, value = next(iter(pairs.items()))
    spelled = {str(name).lower(): _lone(values) for name, values in found[0][1].items()}
    # aws:SecureTransport is there in every request, so IfExists adds nothing; s3:TlsVersion is not.
    spellings = ("bool", "boolifexists") if operator == "Bool" else (operator.lower(),)
    if found[0][0].lower() not in spellings or set(spelled) != {key.lower()}:
        return False
    return _covers(value, spelled[key.lower()])


def _conditions(statement: Mapping[str, Any]) -> List[Tuple[str, Any]]:
    condition = statement.get("Condition")
    return list(condition.items()) if isinstance(condition, dict) else []


def _lone(value: Any) -> str:
    """A lone value as text: ``false``, ``"false"`` and ``["false"]`` are the same to AWS."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return json.dumps(value) if isinstance(value, (bool, int, float)) else value if isinstance(value, str) else ""


def _covers(wanted: str, found: str) -> bool:
    """Whether the condition with ``wanted`` holds whenever the one with ``found`` does."""
    if wanted in ("true", "false"):
        return found.lower() == wanted
    try:
        return float(found) <= float(wanted)
    except ValueError:
        return False


def _free_sid(sid: str, statements: Sequence[Span]) -> str:
    taken = {span.value.get("Sid") for span in statements if isinstance(span.value.get("Sid"), str)}
    number = 2
    free = sid
    while free in taken:
        free, number = f"{sid}{number}", number + 1
    return free


# --- writing ---------------------------------------------------------------------------------------------------------


def _replaced(text: str, layout: Layout, old: Span, statement: Mapping[str, Any]) -> str:
    return text[: old.start] + _written(text, layout, old.start, statement) + text[old.end :]


def _appended(text: str, layout: Layout, statement: Mapping[str, Any]) -> str:
    body, statements = layout.body, layout.statements
    if isinstance(body.value, dict):
        new = _written(text, layout, body.start, statement)
        return f"{text[: body.start]}[{text[body.start : body.end]}, {new}]{text[body.end :]}"
    if not statements:
        return text[: body.start] + "[" + json.dumps(statement) + "]" + text[body.end :]
    last = statements[-1]
    # What stands before the last statement, after the comma or the bracket, is how its neighbours are set apart.
    edge = statements[-2].end if len(statements) > 1 else body.start
    gap = text[edge : last.start].partition("," if len(statements) > 1 else "[")[2]
    return text[: last.end] + "," + gap + _written(text, layout, last.start, statement) + text[last.end :]


def _written(text: str, layout: Layout, start: int, statement: Mapping[str, Any]) -> str:
    """The statement in the style of those that are there: on one line, or indented like them."""
    margin = text[text.rfind("\n", 0, start) + 1 : start]
    sample = text[layout.body.start : layout.body.end]
    inner = re.search(r"\{(\r?\n)([ \t]+)\"", sample)
    if inner is None or margin.strip():
        tight = re.search(r"\": ", sample) is None
        return json.dumps(statement, separators=(",", ":") if tight else None)
    newline, deeper = inner.group(1), inner.group(2)
    unit = deeper[len(margin) :] if deeper.startswith(margin) and len(deeper) > len(margin) else "  "
    return json.dumps(statement, indent=unit).replace("\n", newline + margin)

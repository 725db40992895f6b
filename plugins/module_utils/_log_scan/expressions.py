# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regular expressions as people write them, text, as what a log is searched with: expressions over UTF-8 bytes.

An expression that would mean something else over bytes than it says is refused, not guessed at. Several expressions
become one by alternation; each keeps its own flags, and the same group may stand in more than one of them.
"""

from __future__ import annotations

import re
from typing import Dict, FrozenSet, List, Match, Sequence, Set, Tuple
from typing import Pattern as Regex

from .._common.errors import Day2Error

LONGEST = 8192  # characters of one expression

_TOKEN = re.compile(
    r"\\(?P<reference>[1-9][0-9]?)"
    r"|\\[\x00-\x7f]"
    r"|(?P<remark>\(\?\#[^)]*\))"
    r"|\(\?P<(?P<group>[^>]*)>"
    r"|\(\?P=(?P<same>[^)]*)\)"
    r"|\(\?\((?P<condition>[^)]*)\)"
    r"|\(\?(?P<flags>[aiLmsux]+)\)"
    r"|\\?(?P<other>[^\x00-\x7f])"
    r"|(?P<set>\[)"
    r"|.",
    re.DOTALL,
)
# A set of characters: "]" stands for itself where it is the first one.
_SET = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_NUMBERED = re.compile(r"__[0-9]+$")


def compiled(where: str, texts: Sequence[str]) -> "Regex[bytes]":
    """One expression that matches what any of the given ones matches.

    :raises Day2Error: naming ``where`` with what is wrong, and the character at which it begins.
    """
    used: Set[str] = set()
    parts: List[str] = []
    for index, text in enumerate(texts):
        place = f"{where}[{index}]" if len(texts) > 1 else where
        _check(place, text)
        parts.append(_as_bytes(place, text, used, alone=len(texts) == 1))
    return _compiled(where, "|".join(parts).encode("latin-1"))


def group_names(regex: "Regex[bytes]") -> FrozenSet[str]:
    """The fields that a match of it may have."""
    return frozenset(_NUMBERED.sub("", name) for name in regex.groupindex)


def groups_of(found: "Match[bytes]") -> Dict[str, bytes]:
    """The named groups that took part in a match; of one that several alternatives have, the one that did."""
    groups: Dict[str, bytes] = {}
    for name, value in found.groupdict().items():
        if value is not None:
            groups.setdefault(_NUMBERED.sub("", name) if "__" in name else name, value)
    return groups


def _check(where: str, text: str) -> None:
    if not text:
        raise Day2Error(f"{where}: an empty expression matches every line")
    if len(text) > LONGEST:
        raise Day2Error(f"{where}: an expression of {len(text)} characters is longer than {LONGEST}")
    # As text first, since there the place of an error is counted in characters.
    try:
        re.compile(text)
    except re.error as error:
        at = "" if error.pos is None else f" at character {error.pos + 1}"
        raise Day2Error(f"{where}: not a regular expression: {error.msg}{at}: {_around(text, error.pos)}") from error
    except (OverflowError, RecursionError, ValueError) as error:
        raise Day2Error(f"{where}: not a regular expression: {error}") from error


def _around(text: str, position: object) -> str:
    if not isinstance(position, int) or len(text) <= 60:
        return text
    start = max(0, position - 20)
    return f"…{text[start : position + 20]}…"


def _compiled(where: str, regex: bytes) -> "Regex[bytes]":
    try:
        found = re.compile(regex)
    except (re.error, OverflowError, RecursionError, ValueError) as error:
        raise Day2Error(f"{where}: not a regular expression over bytes: {error}") from error
    if found.search(b"") and found.search(b"\x01"):
        raise Day2Error(f"{where}: it matches nothing at all, and so every line; write . for every line with text")
    return found


def _as_bytes(where: str, text: str, used: Set[str], alone: bool) -> str:
    """The expression with every byte as a character, its flags held together, and its groups named apart."""
    flags = ""
    renamed: Dict[str, str] = {}
    pieces: List[str] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:  # the last alternative matches any character
            break
        piece, end = token.group(), token.end()
        if token["set"]:
            piece = _set_at(where, text, position)
            end = position + len(piece)
        elif token["flags"]:
            if position:
                at = f"at character {position + 1}"
                raise Day2Error(f"{where}: {piece} {at}: flags for all of an expression stand at its beginning")
            flags, piece = token["flags"], piece if alone else ""
        elif token["other"]:
            piece = "(?:" + "".join(f"\\x{byte:02x}" for byte in _utf8(token["other"])) + ")"
        elif token["remark"]:
            piece = ""
        elif token["group"] is not None:
            piece = f"(?P<{_named(where, token['group'], used, renamed)}>"
        elif token["same"] is not None:
            piece = f"(?P={renamed.get(token['same'], token['same'])})"
        elif token["condition"] is not None:
            _not_numbered(where, piece, alone or not token["condition"].isdigit())
            piece = f"(?({renamed.get(token['condition'], token['condition'])})"
        elif token["reference"]:
            _not_numbered(where, piece, alone)
        pieces.append(piece)
        position = end
    used.update(renamed.values())
    whole = "".join(pieces)
    if alone:
        return whole
    # The line break ends a comment that a verbose expression may end in.
    return f"(?{flags}:{whole}\n)" if "x" in flags else f"(?{flags}:{whole})"


def _utf8(character: str) -> bytes:
    # A byte that is no UTF-8 comes from Ansible as half of a surrogate.
    return character.encode("utf-8", "surrogateescape" if "\udc80" <= character <= "\udcff" else "surrogatepass")


def _set_at(where: str, text: str, position: int) -> str:
    found = _SET.match(text, position)
    piece = found.group() if found else text[position:]
    beyond = next((character for character in piece if character > "\x7f"), "")
    if beyond:
        problem = f"the set {piece} holds {beyond}, which is more than one byte of UTF-8"
        raise Day2Error(f"{where}: {problem}; write it beside the set, as in (?:{beyond}|[a-z])")
    return piece


def _named(where: str, name: str, used: Set[str], renamed: Dict[str, str]) -> str:
    if not _NAME.fullmatch(name) or _NUMBERED.search(name):
        rule = "letters, digits and _ of ASCII, and do not end in __ and a number"
        raise Day2Error(f"{where}: the group {name!r}: names of groups are made of {rule}")
    taken, count = name, 1
    while taken in used:
        count += 1
        taken = f"{name}__{count}"
    renamed[name] = taken
    return taken


def _not_numbered(where: str, piece: str, fine: bool) -> None:
    if not fine:
        problem = "a group's number is another one when expressions are put together"
        raise Day2Error(f"{where}: {piece}: {problem}; name the group: (?P<x>…) and (?P=x)")


def fields_in(message: str) -> Tuple[str, ...]:
    """The fields that a message speaks of."""
    return tuple(_FIELD.findall(message))


_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")

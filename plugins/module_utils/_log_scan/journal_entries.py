# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The systemd journal as text: what ``journalctl -o json`` says, entry by entry, as the lines that syslog would have."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, Generator, Iterable, Iterator, List, Mapping, Optional, Tuple

from .._common.values import is_integer
from .lines import LONGEST
from .model import Block

# What is asked for of an entry; the names that it has in a result.
FIELDS: Mapping[str, str] = {
    "_SYSTEMD_UNIT": "unit",
    "SYSLOG_IDENTIFIER": "identifier",
    "_COMM": "command",
    "_PID": "pid",
    "SYSLOG_PID": "syslog_pid",
    "_HOSTNAME": "hostname",
    "PRIORITY": "priority",
    "CONTAINER_NAME": "container",
}
MESSAGE = "MESSAGE"
_LONGEST_JSON = 1 << 20  # of an entry: a message of LONGEST bytes has its place, also as a list of numbers
_END_JSON = 1 << 12
_BATCH = 1 << 20
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_FIELD = b'"%s"\\s*:\\s*"([^"\\\\]*)"'
_CUT_MESSAGE = re.compile(rb'"MESSAGE"\s*:\s*(?:"((?:[^"\\]|\\.)*)|\[([0-9,\s]*))', re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """One entry of the journal."""

    cursor: str
    at: datetime  # when the journal received it
    message: bytes
    fields: Mapping[str, str]
    cut: int = 0  # bytes of a long message that are not in it

    def text(self) -> bytes:
        """As rsyslog writes it today: RFC 3339 time, host, program[pid]; the further lines of a message follow bare."""
        fields = self.fields
        program = fields.get("identifier") or fields.get("command") or "unknown"
        pid = fields.get("syslog_pid") or fields.get("pid")
        host = fields.get("hostname") or "localhost"
        head = f"{self.at.isoformat(timespec='microseconds')} {host} {program}{f'[{pid}]' if pid else ''}: "
        return head.encode("utf-8", "replace") + self.message.rstrip(b"\n") + b"\n"


@dataclass(frozen=True)
class Batch:
    """Some entries as a block of lines. ``block.origins`` has for each line the index of its entry in ``entries``."""

    block: Block
    entries: Tuple[Entry, ...]

    @property
    def cursor(self) -> str:
        """The place behind the batch."""
        return self.entries[-1].cursor


def entries_of(chunks: Iterable[bytes]) -> Generator[Entry, None, None]:
    """The entries in the output of ``journalctl -o json``, in bounded memory; what is no entry is passed over."""
    for line, cut in _lines(chunks):
        entry = entry_of(line, cut)
        if entry is not None:
            yield entry


def batches_of(entries: Iterable[Entry]) -> Iterator[Batch]:
    """Entries put together to about 1 MiB of text."""
    offset = size = 0
    pieces: List[bytes] = []
    origins: List[int] = []
    held: List[Entry] = []
    for entry in entries:
        text = entry.text()
        pieces.append(text)
        origins.extend([len(held)] * text.count(b"\n"))
        held.append(entry)
        size += len(text)
        if size >= _BATCH:
            yield Batch(Block(offset, b"".join(pieces), size, tuple(origins)), tuple(held))
            offset, size = offset + size, 0
            pieces, origins, held = [], [], []
    if held:
        yield Batch(Block(offset, b"".join(pieces), size, tuple(origins)), tuple(held))


def entry_of(line: bytes, cut: int = 0) -> Optional[Entry]:
    """One entry; ``cut`` bytes are missing in the middle of its JSON. None for what is none."""
    value = _parsed(line) if not cut else _salvaged(line)
    cursor, stamp = value.get("__CURSOR"), value.get("__REALTIME_TIMESTAMP")
    if not isinstance(cursor, str) or not isinstance(stamp, str) or not stamp.isdigit():
        return None
    message = _bytes(value.get(MESSAGE))
    fields = {
        name: _bytes(value[key]).decode("utf-8", "replace")
        for key, name in FIELDS.items()
        if value.get(key) is not None
    }
    cut += max(0, len(message) - LONGEST)
    try:
        at = _EPOCH + timedelta(microseconds=int(stamp))
    except OverflowError:
        return None
    return Entry(cursor, at, message[:LONGEST], fields, cut)


def later(one: str, other: str) -> str:
    """The one of two places that lies behind the other; an empty one lies before all."""
    if not one or not other:
        return one or other
    left, right = _cursor(one), _cursor(other)
    key = "i" if left.get("s") == right.get("s") else "t"
    return one if left.get(key, 0) >= right.get(key, 0) else other


def lost_between(cursor: str, oldest: str) -> Optional[int]:
    """How many entries, of all units, the journal had between two places; None if they are not of one numbering."""
    left, right = _cursor(cursor), _cursor(oldest)
    if left.get("s") is None or left.get("s") != right.get("s") or "i" not in left or "i" not in right:
        return None
    return max(0, right["i"] - left["i"] - 1)


def _cursor(text: str) -> Dict[str, int]:
    found: Dict[str, int] = {}
    for part in text.split(";"):
        key, _sign, value = part.partition("=")
        try:
            found[key] = int(value, 16)
        except ValueError:
            continue
    return found


def _lines(chunks: Iterable[bytes]) -> Iterator[Tuple[bytes, int]]:
    """Lines, and how many bytes were left out in the middle of a long one."""
    head, tail, cut = bytearray(), bytearray(), 0
    for chunk in chunks:
        begin = 0
        while begin < len(chunk):
            end = chunk.find(b"\n", begin)
            stop = len(chunk) if end < 0 else end
            kept = min(stop, begin + _LONGEST_JSON - len(head))
            head += chunk[begin:kept]
            rest = chunk[kept:stop]
            if rest:
                tail += rest
                if len(tail) > _END_JSON:
                    cut += len(tail) - _END_JSON
                    del tail[:-_END_JSON]
            if end < 0:
                break
            yield bytes(head + tail), cut
            head, tail, cut = bytearray(), bytearray(), 0
            begin = end + 1
    if head:
        yield bytes(head + tail), cut


def _parsed(line: bytes) -> Mapping[str, Any]:
    if not line.startswith(b"{"):
        return {}
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _salvaged(line: bytes) -> Mapping[str, Any]:
    """What can be read of JSON that lacks its middle. Long is the message alone, since its fellows are short ones."""
    found: Dict[str, Any] = {}
    for key in ("__CURSOR", "__REALTIME_TIMESTAMP", *FIELDS):
        match = re.search(_FIELD % key.encode("ascii"), line)
        if match is not None:
            found[key] = match.group(1).decode("utf-8", "replace")
    match = _CUT_MESSAGE.search(line)
    if match is not None:
        text, numbers = match.groups()
        if text is not None:
            found[MESSAGE] = _unquoted(text[: 6 * LONGEST])
        else:
            found[MESSAGE] = [int(each) for each in numbers[: 5 * LONGEST].split(b",")[:-1] if each.strip().isdigit()]
    return found


def _unquoted(text: bytes) -> str:
    """The beginning of a JSON string that may end in the middle of an escape, or of a character."""
    for end in range(len(text), max(-1, len(text) - 16), -1):
        try:
            value = json.loads(b'"' + text[:end] + b'"')
        except ValueError:
            continue
        return str(value)
    return text.decode("utf-8", "replace")


def _bytes(value: Any) -> bytes:
    """A field: text, or a list of bytes where it is none, or a list of such where it stands several times."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, list):
        if all(is_integer(each) and 0 <= each < 256 for each in value):
            return bytes(value)
        return b"\n".join(_bytes(each) for each in value)
    return b""

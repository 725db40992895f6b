# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO, Dict, Iterator, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import GatewayError
from ansible_collections.day2.ops.plugins.module_utils._s3_encryption_audit.gateway.slices import (
    find_slices,
    open_slices,
)


class Shelf:
    """An object store: a dictionary."""

    def __init__(self) -> None:
        self.objects: Dict[Tuple[str, str], bytes] = {}

    def probe(self, bucket: str, key: str) -> None:
        raise AssertionError(bucket, key)

    def put(self, bucket: str, key: str, file: BinaryIO, size: int, media_type: str) -> None:
        self.objects[bucket, key] = file.read(size)

    def keys(self, bucket: str, prefix: str) -> List[str]:
        return [key for name, key in self.objects if name == bucket and key.startswith(prefix)]

    def read(self, bucket: str, key: str) -> Iterator[bytes]:
        yield self.objects[bucket, key]


@pytest.mark.parametrize("place", ["s3://b/slices/one", "S3://b/slices/one", "local"])
def test_slices_are_found_and_read(tmp_path: Path, place: str) -> None:
    shelf = Shelf()
    local = place == "local"
    for name in ("2.jsonl", "1.jsonl", "other.txt"):
        content = "\ufeff".encode() + name.encode() + "\nä".encode()[:-1]
        shelf.put("b", f"slices/one/{name}", io.BytesIO(content), len(content), "")
        (tmp_path / name).write_bytes(content)
    shelf.objects["b", "slices/one-more/3.jsonl"] = b""
    found = find_slices(str(tmp_path) if local else place, shelf)
    assert [slice.rpartition("/")[2] for slice in found] == ["1.jsonl", "2.jsonl"]
    read = [(slice.rpartition("/")[2], list(lines)) for slice, lines in open_slices(found, shelf)]
    assert read == [("1.jsonl", ["1.jsonl", "\ufffd"]), ("2.jsonl", ["2.jsonl", "\ufffd"])]


def test_a_place_without_a_bucket() -> None:
    with pytest.raises(GatewayError, match="list slices in s3:///one: s3://bucket/prefix is expected"):
        find_slices("s3:///one", Shelf())

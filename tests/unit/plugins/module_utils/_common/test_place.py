# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Optional

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._common.place import S3Place, s3_object, s3_place


@pytest.mark.parametrize(
    "text, place",
    [
        ("a/b", None),
        ("/s3://b/k", None),
        ("s3:/b/k", None),
        ("", None),
        ("s3://b/k", S3Place("b", "k")),
        ("S3://b/K/l", S3Place("b", "K/l")),
        ("s3://b", S3Place("b", "")),
        ("s3://b/p/", S3Place("b", "p/")),
    ],
)
def test_a_place(text: str, place: Optional[S3Place]) -> None:
    assert s3_place(text) == place
    assert place is None or s3_place(str(place)) == place


def test_a_place_has_a_bucket_and_an_object_a_name() -> None:
    for text in ("s3://", "s3:///k"):
        with pytest.raises(Day2Error, match=f"^{text}: s3://bucket/key is expected"):
            s3_place(text)
    for text in ("s3://b", "s3://b/", "S3://b/p/"):
        with pytest.raises(Day2Error, match="with the name of an object is expected"):
            s3_object(text)
    assert s3_object("S3://b/k") == S3Place("b", "k")
    assert s3_object("k") is None

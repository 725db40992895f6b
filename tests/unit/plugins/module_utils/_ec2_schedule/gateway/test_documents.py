# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Iterator, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error, GatewayError
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.gateway.documents import (
    fetch_bytes,
    parse_document,
)
from ansible_collections.day2.ops.tests.support.aws.certificates import make_certificates
from ansible_collections.day2.ops.tests.support.aws.fake_lists import HttpsPages
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st


def no_s3() -> Any:
    raise AssertionError("S3 is not asked")


def fetch(place: str, largest: int = 100) -> bytes:
    return fetch_bytes(place, no_s3, "read schedules from", largest)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tuple[HttpsPages, str]]:
    """A server and the file with its authority."""
    certificates = make_certificates(tmp_path_factory.mktemp("tls"))
    with HttpsPages(certificates) as server:
        yield server, certificates.ca


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yml").write_bytes(b"office: always")
    assert fetch(str(tmp_path / "a.yml")) == b"office: always"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert fetch("~/a.yml") == b"office: always"
    with pytest.raises(GatewayError, match=r"^read schedules from .*/b.yml: No such file"):
        fetch(str(tmp_path / "b.yml"))
    with pytest.raises(GatewayError, match="it is larger than 5 bytes"):
        fetch(str(tmp_path / "a.yml"), 5)


def test_https(pages: Tuple[HttpsPages, str], monkeypatch: pytest.MonkeyPatch) -> None:
    server, ca = pages
    monkeypatch.setenv("SSL_CERT_FILE", ca)
    monkeypatch.setenv("no_proxy", "*")
    server.pages.update(
        {
            "/secret/a.yml?b=c": (200, {}, b"office: always"),
            "/moved": (302, {"Location": "/secret/a.yml?b=c"}, b""),
            "/down": (302, {"Location": "http://localhost/a.yml"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/large": (200, {}, b"x" * 101),
        }
    )
    assert fetch(f"{server.url}/secret/a.yml?b=c") == b"office: always"
    assert fetch(f"{server.url.replace('https', 'HTTPS')}/moved") == b"office: always"
    for path, message in {
        "/secret/b.yml": "HTTP status 404",
        "/down": "it redirects to a place that is not https",
        "/file": "HTTP status 302",
        "/large": "it is larger than 100 bytes",
    }.items():
        with pytest.raises(GatewayError, match=message) as caught:
            fetch(f"{server.url}{path}")
        assert str(caught.value).startswith("read schedules from https://localhost/…: ")  # a URL may be a secret


def test_https_with_a_certificate_that_nobody_knows(
    pages: Tuple[HttpsPages, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(GatewayError, match="CERTIFICATE_VERIFY_FAILED"):
        fetch(f"{pages[0].url}/secret/a.yml?b=c")


@pytest.mark.parametrize(
    "url", ["https://", "https://[", "https://user:word@[::1", "https://127.0.0.1:1/x", "https://a b/"]
)
def test_https_that_is_nowhere(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(GatewayError, match="^read schedules from https://") as caught:
        fetch(url)
    assert "word" not in str(caught.value)


YAML = b"""\
office: Mon-Fri 07:30-19:00 Europe/Madrid
lab:
  enforce: yes
  windows:
    - {days: Mon, start: 07:00, stop: 19:00}
    - {dates: 2026-12-24, times: 22:00}
size: 7
price: 0.25
octal: 0700
nothing:
"""


def test_yaml_has_the_scalars_of_json() -> None:
    assert parse_document(YAML, "a.yml") == {
        "office": "Mon-Fri 07:30-19:00 Europe/Madrid",
        "lab": {
            "enforce": True,
            "windows": [
                {"days": "Mon", "start": "07:00", "stop": "19:00"},
                {"dates": "2026-12-24", "times": "22:00"},
            ],
        },
        "size": 7,
        "price": 0.25,
        "octal": "0700",
        "nothing": None,
    }


def test_json() -> None:
    assert parse_document(b'\xef\xbb\xbf {"office": "always", "lab": {"enforce": true}}', "a.json") == {
        "office": "always",
        "lab": {"enforce": True},
    }
    assert parse_document(b"{office: always}", "a.yml") == {"office": "always"}  # YAML that begins so, too


BOMB = b"a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "a mapping of names is expected"),
        (b"[]", "a mapping of names is expected"),
        (b"always", "a mapping of names is expected"),
        (b"no: always", "False is not a text; put the name in quotes"),
        (b"? [a]\n: b", "a text is expected as a name"),
        (b"a: 1\na: 2", "'a' is there twice"),
        (b"x: {a: 1, a: 2}", "'a' is there twice"),
        (b'{"x": {"a": 1, "a": 2}}', "'a' is there twice"),
        (b"a: [", "it is not YAML"),
        (BOMB, "aliases are not taken: write it out"),
        (b"a: &a [*a]", "aliases are not taken"),
        (b"a: !!python/object/apply:os.system [true]", "could not determine a constructor"),
        (b"a: !!int 12x", "it is not YAML"),
        (b"a: !!timestamp x", "it is not YAML"),
        (b"a: \x00", "it is not YAML"),
        (b"a: \xff", "it is not UTF-8"),
        (b"a: " + b"[" * 1_000, "it is nested too deep"),
        (b'{"a": ' + b"[" * 200_000, "it is nested too deep"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_no_document(data: bytes, message: str) -> None:
    with pytest.raises(Day2Error, match=f"^here: .*{message}"):
        parse_document(data, "here")


def test_without_pyyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert parse_document(b'{"office": "always"}', "a.json") == {"office": "always"}
    with pytest.raises(Day2Error, match=r"^a.yml: the Python package PyYAML is needed .*, or write JSON$"):
        parse_document(b"office: always", "a.yml")
    with pytest.raises(Day2Error, match=r"^a.json: it is not JSON \("):
        parse_document(b'{"office": ', "a.json")


@settings(max_examples=tries(60))
@given(st.one_of(st.binary(max_size=30), st.text("{}[]:,&*!?|>-\n\"'a1. #%@<", max_size=30).map(str.encode)))
def test_anything_is_a_document_or_refused(data: bytes) -> None:
    try:
        assert isinstance(parse_document(data, "here"), dict)
    except Day2Error as error:
        assert str(error).startswith("here: ")

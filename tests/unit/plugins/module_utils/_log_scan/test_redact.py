# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must not be shown, and what must still be there when it is gone."""

from __future__ import annotations

import time

import pytest
from ansible_collections.day2.ops.plugins.module_utils._common.errors import Day2Error
from ansible_collections.day2.ops.plugins.module_utils._log_scan.redact import HIDDEN, Redactor
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SECRETS = Redactor()
ALL = Redactor(("secrets", "email", "ip"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("password=hunter2 user=bob", "password=*** user=bob"),
        ("DB_PASSWORD: hunter2, user: bob", "DB_PASSWORD: ***, user: bob"),
        ('{"user":"bob","password":"s3\\"cr,et","n":1}', '{"user":"bob","password":"***","n":1}'),
        ('msg="{\\"password\\":\\"hunter2\\",\\"a\\":1}"', 'msg="{\\"password\\":\\"***\\",\\"a\\":1}"'),
        ("{'token': 'abc', 'x': 1}", "{'token': '***', 'x': 1}"),
        ('password="never closed', 'password="***'),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("curl -H 'Authorization: Basic Zm9vOmJhcg==' https://x", "curl -H 'Authorization: Basic ***' https://x"),
        ("got Bearer abcdef0123456789 from bob", "got Bearer *** from bob"),
        ("X-Api-Key: 0123456789", "X-Api-Key: ***"),
        ("Set-Cookie: session=abc; Path=/", "Set-Cookie: ***"),
        ("GET /a?token=abc123&x=1 HTTP/1.1", "GET /a?token=***&x=1 HTTP/1.1"),
        ("GET /cb?code=4/0AX4XfWh&scope=a", "GET /cb?code=***&scope=a"),
        ("postgres://app:p@ss/w0rd@db:5432/shop", "postgres://app:***@db:5432/shop"),
        ("amqp://guest:guest@mq:5672//", "amqp://guest:***@mq:5672//"),
        ("COMMAND=/usr/bin/mysql -uroot -pS3cret shop", "COMMAND=/usr/bin/mysql -uroot -p*** shop"),
        ("COMMAND=/usr/bin/curl -s -u bob:hunter2 https://x", "COMMAND=/usr/bin/curl -s -u bob:*** https://x"),
        ("app --password hunter2 --token=abc run", "app --password *** --token=*** run"),
        ("CREATE USER bob IDENTIFIED BY 'hunter2'", "CREATE USER bob IDENTIFIED BY ***"),
        ("ALTER ROLE bob PASSWORD 'hunter2'", "ALTER ROLE bob PASSWORD ***"),
        ("AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY.", "AKIA*** ***."),
        ("ghp_0123456789abcdefghij0123456789abcdef", "ghp_***"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_123 ok", "jwt eyJ*** ok"),
        ("bob:$6$saltsalt$abcdefghijklmnop:19000", "bob:$6$***:19000"),
        ("card 4111 1111 1111 1111 refused", "card ***1111 refused"),
        (
            "a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b",
            "a -----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY----- b",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhki", "-----BEGIN PRIVATE KEY-----***"),
    ],
)
def test_what_is_hidden(text: str, shown: str) -> None:
    assert SECRETS.of(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Failed password for invalid user admin from 203.0.113.9 port 4242 ssh2",
        "Access denied for user 'root'@'203.0.113.9' (using password: YES)",
        "pam_unix(passwd:chauthtok): password changed for bob",
        "cat: /etc/passwd: No such file or directory",
        "sudo: bob : TTY=pts/0 ; PWD=/home/bob ; USER=root ; COMMAND=/usr/bin/id",
        'user "bob": password mismatch, client: 203.0.113.9, server: shop.example.com',
        "systemd[1]: app.service: Main process exited, code=killed, status=9/KILL",
        "commit da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "GET http://host:8080/path?mail=a@b.c",
        "order 4111111111111112 at 1764357607123, uuid 8e2f1a2b-0000-4000-8000-1a2b3c4d5e6f",
        "max_tokens=4096 tokens: 12",
        "SyntaxError: Unexpected token: <",
        'FATAL:  password authentication failed for user "bob"',
        "the bypass: closed, compass: north, passenger=7",
        "password=null token: true secret=",
        "Nov 28 19:20:07 web1 kernel: [12345.678901] blk_update_request: I/O error, dev sda, sector 1234567890",
        "mail from bob@example.com at 2001:db8::1",
    ],
)
def test_what_stays(text: str) -> None:
    assert SECRETS.of(text) == text


def test_what_is_hidden_on_demand() -> None:
    text = "bob@example.com came from 203.0.113.9 and 2001:db8::77:1 at 19:20:07"
    assert SECRETS.of(text) == text
    assert Redactor(("email",)).of(text) == "***@example.com came from 203.0.113.9 and 2001:db8::77:1 at 19:20:07"
    assert Redactor(("ip",)).of(text) == "bob@example.com came from 203.0.*.* and 2001:db8:* at 19:20:07"
    assert Redactor(()).of("password=x") == "password=x"


def test_a_rule_that_there_is_not() -> None:
    with pytest.raises(Day2Error, match="^redact: 'mail' is none of secrets, email, ip$"):
        Redactor(("mail",))


# --- a planted secret never survives ---

_ANY = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)
_WORD = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", min_size=20, max_size=60)
_AROUND = st.sampled_from(["", "x ", "2026-11-28 ERROR ", '{"a": 1} ', "user=bob, ", "(", "[app] "])
_NAMES = st.sampled_from(
    [
        "password",
        "Passwd",
        "DB_PASSWORD",
        "secret",
        "clientSecret",
        "api_key",
        "apikey",
        "access-token",
        "aws_secret_access_key",
    ]
)


def _inside(quote: str, secret: str) -> str:
    return secret.replace("\\", "\\\\").replace(quote, "\\" + quote)


@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(_AROUND, _NAMES, st.sampled_from(["=", ": ", " = ", ":", "=>"]), st.sampled_from("\"'"), _ANY)
def test_in_quotes_anything_is_hidden(around: str, name: str, sign: str, quote: str, secret: str) -> None:
    text = f"{around}{name}{sign}{quote}zQ7{_inside(quote, secret)}{quote} end"
    assert "zQ7" not in SECRETS.of(text) and secret not in SECRETS.of(text)
    assert SECRETS.of(text).endswith(" end")


@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(
    _AROUND, _NAMES, st.sampled_from(["=", ": ", ":"]), _WORD, st.sampled_from(["", " end", ", x=1", "&x=1", '"', ")"])
)
def test_without_quotes_a_word_is_hidden(around: str, name: str, sign: str, secret: str, behind: str) -> None:
    shown = SECRETS.of(f"{around}{name}{sign}{secret}{behind}")
    assert secret not in shown and HIDDEN in shown and name in shown


@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(
    _AROUND,
    st.sampled_from(["Authorization: Bearer ", "Authorization: Basic ", "Cookie: ", "X-Vault-Token: ", "Bearer "]),
    _WORD,
)
def test_in_a_header_it_is_hidden(around: str, header: str, secret: str) -> None:
    shown = SECRETS.of(f"{around}{header}{secret}")
    assert secret not in shown and header.rstrip() in shown


@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(_AROUND, st.sampled_from(["https", "postgresql", "redis", "amqp"]), _WORD)
def test_in_an_address_it_is_hidden(around: str, scheme: str, secret: str) -> None:
    assert (
        SECRETS.of(f"{around}{scheme}://bob:{secret}@db.example.com/x")
        == f"{around}{scheme}://bob:***@db.example.com/x"
    )


@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_it_does_not_fail_and_twice_is_once(text: str) -> None:
    once = ALL.of(text)
    assert ALL.of(once) == once


@settings(max_examples=tries(30), suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            ["password", "=", ":", '"', "'", "\\", "***", " ", "Bearer ", "abc123", "@", "://", "token", "\n", "-p "]
        ),
        max_size=12,
    )
)
def test_pieces_of_secrets_do_not_change_twice(pieces: "list[str]") -> None:
    once = ALL.of("".join(pieces))
    assert ALL.of(once) == once


@pytest.mark.parametrize(
    "piece",
    ["a", "1", "password", "password=", 'password="', "password='\\", "a@", "://a:", "http://a:b/", "eyJ", "eyJ.", "-----BEGIN PRIVATE KEY-----",
     "1 ", "4-", "a:", "Bearer ", "$6$", "--token ", "mysql -x ", "curl -x ", "&a", "%3d", ": ", "token:", "Aa1/", "code=", "?", " password is ", "x-key"],
)  # fmt: skip
def test_a_long_line_costs_no_more_than_its_length(piece: str) -> None:
    started = time.process_time()
    ALL.of(piece * (20_000 // len(piece)))
    assert time.process_time() - started < 2.0

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Takes secrets out of log text that is shown, and leaves what says that there was one: ``password=***``.

When in doubt a value goes: a report with one word too few is a nuisance, one with a password is an incident. Every
expression reads a text in steps bounded per character.
"""

from __future__ import annotations

import re
from typing import Callable, List, Mapping, Match, NamedTuple, Optional, Sequence, Tuple, Union
from typing import Pattern as Regex

from .._common.errors import Day2Error

HIDDEN = "***"
RULES: Tuple[str, ...] = ("secrets", "email", "ip")

Replacement = Union[str, Callable[["Match[str]"], str]]
_Expression = Tuple[str, int]


class _Step(NamedTuple):
    """An expression, what stands for what it finds, and words of which one is in every text (in lower case) that it
    finds something in; none: every text is tried."""

    expression: _Expression
    replacement: Replacement
    words: Tuple[str, ...] = ()


class Redactor:
    """Redacts texts by the rules of these names."""

    def __init__(self, rules: Sequence[str] = ("secrets",)) -> None:
        """
        :raises Day2Error: for a rule that there is not.
        """
        for rule in rules:
            if rule not in RULES:
                raise Day2Error(f"redact: {rule!r} is none of {', '.join(RULES)}")
        self._rules = tuple(rule for rule in RULES if rule in rules)
        self._steps: Optional[List[Tuple["Regex[str]", Replacement, Tuple[str, ...]]]] = None

    def of(self, text: str) -> str:
        """The text without what the rules hide. Doing it twice changes nothing more."""
        # Compiled by the first text that is to be shown: most scans find nothing.
        if self._steps is None:
            self._steps = [
                (re.compile(*step.expression), step.replacement, step.words)
                for rule in self._rules
                for step in _STEPS[rule]
            ]
        lower = text.lower()
        for regex, replacement, words in self._steps:
            if not words or any(word in lower for word in words):
                text = regex.sub(replacement, text)
        return text


def _expression(text: str, flags: int = 0) -> _Expression:
    return text, int(flags)


# What a secret is called, in any spelling, behind any prefix: DB_PASSWORD, aws-secret-access-key, AccountKey.
_CALLED = (
    r"(?:passw(?:or)?d|passwrd|passphrase|passcode|(?<![a-z])pass(?=[\"'\s]*[=:])|(?<![a-z])pwd"
    r"|(?<![a-z])pw(?=[\"'\s]*[=:])"
    r"|secret|token|credential|api[_.-]?key|access[_.-]?key|account[_.-]?key|auth[_.-]?key|encryption[_.-]?key"
    r"|master[_.-]?key"
    r"|private[_.-]?key|shared[_.-]?key|signing[_.-]?key|storage[_.-]?key|license[_.-]?key|sess(?:ion)?[_.-]?id"
    r"|connect\.sid"
    r"|(?<![a-z])csrf|(?<![a-z])xsrf|(?<![a-z])otp(?=[\"'\s]*[=:])|(?<![a-z])cv[vc]2?(?=[\"'\s]*[=:])|signature"
    r"|(?<![a-z])jwt)"
)
# A value goes on behind a mark of punctuation, unless that ends it: another name follows, or nothing.
_BARE = r"(?:[^\s\"'&;,<>(){}\[\]|\\]|\\.|[&;,<>(){}\[\]|\"'](?![\w.%-]{0,40}[=:]|[\s&;,<>(){}\[\]|\"'\\]|$))+"
# Behind a \" that opens a value in JSON inside of JSON, the next one closes it.
_VALUE = (
    r"(?:\\\\?\"[^\"\r\n]{0,4096}(?:\"|$)|\"(?:[^\"\\\r\n]|\\.){0,4096}(?:\"|$)?|'(?:[^'\\\r\n]|\\.){0,4096}(?:'"
    r"|$)?"
    rf"|`[^`\r\n]{{0,4096}}`|{_BARE})"
)
_NOT_SECRET = (
    r"(?!(?:chauthtok|auth|account|session)\)|[\"'\\]{0,2}(?:yes|no|true|false|null|none|nil|undefined|empty|redacted|\[redacted\]|<redacted>"
    r"|\[filtered\]|<nil>"
    r"|\*+|required|expired|invalid|missing|incorrect)(?:[\s,;&)}\]\"'\\]"
    r"|$))"
)
_KEYED = _expression(
    rf"(?P<kept>(?<!unexpected )({_CALLED})[\w.-]{{0,40}}(?:\]|%5d)?\\{{0,2}}[\"'`]?[ \t]{{0,3}}"
    r"(?:={1,10}>?|:=?(?!//)|%3d)(?![=>])[ \t]{0,3})"
    r"(?:(?P<scheme>\\{0,2}[\"']?(?:Bearer|Basic|Digest|Token|Negotiate|NTLM|AWS4-HMAC-SHA256"
    r"|ApiKey)[ \t]{1,3})(?P<rest>[^\"'\r\n\\]{1,4096})"
    rf"|{_NOT_SECRET}(?P<value>{_VALUE}))",
    re.IGNORECASE,
)
_HEADER = _expression(
    r"(\b(?:proxy-authorization|authorization|cookie2?|set-cookie2?"
    r"|x-[a-z-]{0,40}(?:key|token|auth|signature|secret)[a-z-]{0,20})\\{0,2}[\"']?[ \t]{0,3}[:=]"
    r"(?![ \t]{0,3}\\{0,2}[\"'\[]{0,2}(?:[A-Za-z0-9-]{3,20}[ \t]{1,3})?\*\*\*(?:[\"'\s,)\]}\\]|$))"
    r"[ \t]{0,3}\\{0,2}[\"'\[]{0,2}(?:(?:Bearer|Basic|Digest|Token|Negotiate|NTLM|AWS4-HMAC-SHA256)[ \t]{1,3})?)"
    r"[^\"'\r\n]{1,8192}",
    re.IGNORECASE,
)
_SCHEME = _expression(
    r"\b((?:Bearer|Basic|Negotiate)[ \t]{1,3})(?=[A-Za-z0-9._~+/=-]{0,400}[0-9A-Z_.~+/=-]"
    r"|[A-Za-z]{16})[A-Za-z0-9._~+/=-]{8,8192}"
)
_PEM = _expression(
    r"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)(?:(?!-----(?:END"
    r"|BEGIN)).)*(-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?",
    re.DOTALL,
)
# A line of a key whose beginning is not in the text: base64 and nothing else, which a hash in hexadecimal is not.
_PEM_LINE = _expression(r"(?m)^(?=[^\n]{0,75}[A-Z])(?=[^\n]{0,75}[g-z])[A-Za-z0-9+/]{60,76}={0,2}\r?$")
# A password may hold a / or an @ that should have been escaped. Digits up to a / are a port, and no password.
_URL = _expression(
    r"(\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s:/?#@\"'<>]{0,256}:)(?!\*\*\*@|[0-9]{1,5}(?:[/?#]|$))"
    r"(?:[^\s\"'<>?#]{1,512}|[^\s\"'<>/]{1,512})@(?=[\w.\[%-])"
)
_QUERY = _expression(
    r"([?&](?:code|state|sig|key|sid|auth|ticket|samlresponse|x-amz-(?:signature|credential|security-token)"
    r"|x-goog-(?:signature|credential))=)"
    r"[^&\s\"'<>#*][^&\s\"'<>#]{3,4096}",
    re.IGNORECASE,
)
_OPTION = _expression(
    r"((?:^|[\s\"'])--?(?:[a-z0-9]{1,20}-){0,4}(?:password|passwd|pass|passphrase|secret|token|api-key|access-key"
    r"|secret-key|auth-token)[ \t]{1,3})"
    rf"(?!-){_VALUE}",
    re.IGNORECASE,
)
_SHORT_OPTION = _expression(
    r"(\b(?:mysql[a-z_]{0,12}|mariadb[a-z-]{0,12}|sshpass|ldap(?:search|modify|add"
    r"|passwd))\b(?:[ \t]+(?!-[pw])[^\s]{1,200}){0,20}[ \t]+-[pw][ \t]?)"
    r"(?!-)[^\s\"';|]{1,256}|(\bcurl\b(?:[ \t]+(?!-u|--user)[^\s]{1,400}){0,20}[ \t]+(?:-u"
    r"|--user)[ =]?[\"']?[^\s:\"']{1,128}:)[^\s\"']{1,256}"
)
_SQL = _expression(
    r"(\b(?:IDENTIFIED[ \t]+(?:WITH[ \t]+[\w\"'`]{1,64}[ \t]+)?(?:BY|AS)(?:[ \t]+PASSWORD)?"
    r"|(?:ENCRYPTED[ \t]+)?PASSWORD)(?:[ \t]{1,3}\(?|\()[ \t]{0,3})"
    r"('(?:[^'\\\r\n]|\\.|''){0,1024}'?|\"(?:[^\"\\\r\n]|\\.){0,1024}\"?)",
    re.IGNORECASE,
)
_PROSE = _expression(
    r"(\b(?:password|passphrase|secret|token) (?:is|was|set to)[ \t]{1,3})([\"'][^\"'\r\n]{1,256}[\"']|(?=\S*[0-9])\S{4,256})",
    re.IGNORECASE,
)
# Tokens that say of themselves what they are.
_TOKENS = _expression(
    r"(?<![A-Za-z0-9])(?:(?P<a>AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"
    r"|(?P<b>gh[pousr]_|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft|soat)-|xox[abeoprs]-|xapp-|[spr]k_(?:live|test)_"
    r"|whsec_|AIza|ya29\.|npm_|pypi-"
    r"|hv[sbr]\.|dckr_(?:pat|oat)_|SG\.|shp(?:at|ca|pa|ss)_|sk-(?:proj-|ant-)?|dop_v1_|tskey-|hf_|rubygems_"
    r"|AGE-SECRET-KEY-1)[A-Za-z0-9._=-]{16,1024}"
    r"|(?P<c>eyJ)[A-Za-z0-9_-]{6,8192}(?:\.[A-Za-z0-9_-]{0,8192}){1,4})"
)
_HASH = _expression(
    r"(\$(?:1|2[abxy]?|5|6|7|y|gy|sha1|apr1|argon2(?:id?|d)|pbkdf2(?:-[a-z0-9]{1,10})?)\$)[./A-Za-z0-9$=,+-]{10,512}"
)
# The secret half of an AWS key pair, and whatever else has its form; a commit's hash has no capitals.
_FORTY = _expression(
    r"(?<![A-Za-z0-9/+=_.-])(?=[A-Za-z0-9/+]{0,39}[A-Z])(?=[A-Za-z0-9/+]{0,39}[a-z])(?=[A-Za-z0-9/+]{0,39}[0-9])[A-Za-z0-9+][A-Za-z0-9/+]{39}"
    r"(?![A-Za-z0-9/+=_-]|\.[A-Za-z0-9])"
)
_WEBHOOK = _expression(
    r"(hooks\.slack\.com/(?:services|workflows)/|discord(?:app)?\.com/api/webhooks/"
    r"|\.webhook\.office\.com/webhookb2/)[A-Za-z0-9/_@-]{10,400}"
)
_CARD = _expression(r"(?<![0-9A-Za-z._-])[2-6](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z_]|[.-][0-9])")
_EMAIL = _expression(r"(?<![A-Za-z0-9._%+*-])[A-Za-z0-9._%+-]{1,64}(@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})")
_IPV4 = _expression(r"(?<![0-9.])([0-9]{1,3}\.[0-9]{1,3})\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9]|\.[0-9])")
_IPV6 = _expression(r"(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Za-z:])")


_NAMES = (
    *("passw", "passphrase", "passcode", "pass", "pwd", "pw", "secret", "token", "credential", "key", "sess"),
    *("connect.sid", "csrf", "xsrf", "otp", "cvv", "cvc", "signature", "jwt"),
)
_PREFIXES = (
    *("akia", "asia", "aroa", "aida", "abia", "acca", "gh", "gl", "xox", "xapp-", "k_live_", "k_test_", "whsec_"),
    *("aiza", "ya29.", "npm_", "pypi-", "hv", "dckr_", "sg.", "shp", "sk-", "dop_v1_", "tskey-", "hf_", "rubygems_"),
    *("age-secret-key-1", "eyj"),
)


def _keyed(found: "Match[str]") -> str:
    if found["scheme"]:
        return f"{found['kept']}{found['scheme']}{HIDDEN}"
    value = found["value"]
    # The working directory has the same name as a password, and a count of tokens is none.
    name = found["kept"].lower()
    if (name.startswith("pwd") and value.startswith("/")) or (name.startswith("tokens") and value.isdigit()):
        return found[0]
    for quote in ('\\\\"', '\\"', '"', "'", "`"):
        if value.startswith(quote):
            return (
                found["kept"]
                + quote
                + HIDDEN
                + (quote if value.endswith(quote[-1]) and len(value) > len(quote) else "")
            )
    return found["kept"] + HIDDEN


def _short_option(found: "Match[str]") -> str:
    return (found[1] or found[2]) + HIDDEN


def _token(found: "Match[str]") -> str:
    return (found["a"] or found["b"] or found["c"]) + HIDDEN


def _card(found: "Match[str]") -> str:
    digits = [int(character) for character in found[0] if character.isdigit()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return f"{HIDDEN}{''.join(map(str, digits[-4:]))}" if (sum(doubled) + sum(digits[-1::-2])) % 10 == 0 else found[0]


def _ipv6(found: "Match[str]") -> str:
    text = found[0]
    if not any(character.isalnum() for character in text) or ("::" not in text and text.count(":") != 7):
        return text
    return ":".join(text.split(":")[:2]) + ":*"


_STEPS: Mapping[str, Tuple[_Step, ...]] = {
    "secrets": (
        _Step(_PEM, rf"\1{HIDDEN}\2", ("private key",)),
        _Step(_PEM_LINE, HIDDEN),
        _Step(_URL, rf"\1{HIDDEN}@", ("://",)),
        _Step(_HEADER, rf"\1{HIDDEN}", ("authorization", "cookie", "x-")),
        _Step(_SCHEME, rf"\1{HIDDEN}", ("bearer", "basic", "negotiate")),
        _Step(_SQL, rf"\1{HIDDEN}", ("identified", "password")),
        _Step(_OPTION, rf"\1{HIDDEN}", ("-pass", "-secret", "-token", "-api-key", "-access-key")),
        _Step(_SHORT_OPTION, _short_option, ("mysql", "mariadb", "sshpass", "ldap", "curl")),
        _Step(_KEYED, _keyed, _NAMES),
        _Step(_QUERY, rf"\1{HIDDEN}", ("?", "&")),
        _Step(_PROSE, rf"\1{HIDDEN}", ("password", "passphrase", "secret", "token")),
        _Step(_TOKENS, _token, _PREFIXES),
        _Step(_HASH, rf"\1{HIDDEN}", ("$",)),
        _Step(_WEBHOOK, rf"\1{HIDDEN}", ("hooks.slack", "discord", "webhook")),
        _Step(_FORTY, HIDDEN),
        _Step(_CARD, _card),
    ),
    "email": (_Step(_EMAIL, rf"{HIDDEN}\1", ("@",)),),
    "ip": (_Step(_IPV4, r"\1.*.*", (".",)), _Step(_IPV6, _ipv6, (":",))),
}

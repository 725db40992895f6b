# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a shipped pattern set is made of: constants, so that nothing is compiled before a set is asked for."""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

from ..._common.verdict import Severity

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL


class Rule(NamedTuple):
    """One pattern of a set, as text.

    A regex begins with a literal or with something of bounded length, and what repeats is bounded or stops at a
    character that it cannot take: a line made to be slow costs no more than any other.
    """

    name: str  # within the set; the pattern is called "set.name"
    severity: Severity
    regex: str
    message: str  # one sentence; {field} stands for a named group that takes part in every match
    exclude: Tuple[str, ...] = ()
    threshold: Optional[Tuple[int, float]] = None  # so many within so many seconds
    multiline: Optional[str] = None  # None: as the set says


class PatternSet(NamedTuple):
    """What an operator of one kind of software wants to know from its logs."""

    name: str
    title: str
    rules: Tuple[Rule, ...]
    multiline: str = ""  # the record rule of its patterns


# Pieces that many sets share. A host is matched by its letters, be it a name or an address.
HOST = r"[0-9A-Za-z_][0-9A-Za-z_.:%-]{0,252}"
REST = r"[^\r\n]{1,500}"  # the rest of the line, as far as a message shows it

# An access log in the common or combined format, which nginx and Apache httpd write alike, up to the request's path.
_ACCESS = (
    rf"(?:^|[ \t])(?P<client_ip>{HOST}) [^ \t\r\n]{{1,64}} (?P<user>[^ \t\r\n]{{1,64}}) \[[^\]\r\n]{{1,40}}\] "
    r'"(?P<method>[A-Z]{1,20}) '
)
# The server failed.
SERVER_ERROR = rf'{_ACCESS}(?P<path>[^" \r\n]{{1,4096}})[^"\r\n]{{0,40}}" (?P<status>5[0-9]{{2}}) (?P<bytes>[0-9]{{1,20}}|-)(?:[ \r]|$)'
# The server handed out what it never should: secrets and version control, left below the document root. An answer
# without a body is none, and neither is one to a path that only ends like that behind a question mark.
SECRET_SERVED = (
    rf'{_ACCESS}(?P<path>[^" ?\r\n]{{0,1024}}/(?:\.env(?:\.[a-z]{{1,20}})?|\.git/(?:config|HEAD|index)'
    r"|\.svn/entries"
    r"|\.aws/credentials|\.ssh/id_[a-z0-9]{1,10}|\.htpasswd|wp-config\.php(?:\.bak|\.old|~)|id_rsa|dump\.sql"
    r'|backup\.sql(?:\.gz)?)) HTTP/[0-9.]{1,3}" (?P<status>200) [1-9][0-9]{0,19}(?:[ \r]|$)'
)

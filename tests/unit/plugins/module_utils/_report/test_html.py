# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report as text: nothing from outside becomes markup, nothing is loaded, and the page stays small."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any, Dict, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._report import html, html_rows
from ansible_collections.day2.ops.plugins.module_utils._report.html_base import THEME
from ansible_collections.day2.ops.plugins.module_utils._report.html_charts import MOST_GRID_ROWS
from ansible_collections.day2.ops.plugins.module_utils._report.html_script import SCRIPT
from ansible_collections.day2.ops.plugins.module_utils._report.html_style import STYLE
from ansible_collections.day2.ops.plugins.module_utils._report.model import ReportInfo, Rule
from ansible_collections.day2.ops.tests.support import report_samples as samples
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as parser


def rendered(findings: List[Any], info: Any = None) -> str:
    text = "".join(html.render(info or samples.info(), findings, samples.summary(findings)))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def parsed(page: str) -> Any:
    return parser.document_fromstring(page.encode("utf-8"), parser=parser.HTMLParser(encoding="utf-8"))


def content(page: str) -> Dict[str, Any]:
    """The findings in the page, read as the script reads them."""
    data: Dict[str, Any] = json.loads(parsed(page).get_element_by_id("data").text)
    return data


def shape(page: str) -> List[Tuple[str, Tuple[str, ...]]]:
    """The elements of a page and the names of their attributes: what a text must never change."""
    return [(element.tag, tuple(element.attrib)) for element in parsed(page).iter() if isinstance(element.tag, str)]


ATTACKS = st.sampled_from(
    ["</script>", "<script>alert(1)</script>", "<!--", "-->", '"', "'", "<", ">", "&", "<img src=x onerror=alert(1)>"]
    + [
        "</script ",
        "</script/x",
        "<!--<script ",
        "]]>",
        "\u2028",
        "javascript:alert(1)",
        '" onclick="x',
        "</style>",
        "</title>",
        "\x00",
        "\ud800",
        "\u202e",
    ]
)
TEXT = st.lists(ATTACKS | st.text(max_size=5), min_size=1, max_size=4).map("".join).filter(lambda text: text.strip())


def attacked(text: str) -> Tuple[ReportInfo, List[Any]]:
    """A report with the text in every place that a text can come to."""
    evidence = {text: [text], "exemption": {"reason": text, "owner": text, "expires": text}}
    rules = [Rule(f"{n}{text}", text, "high", text, text, {text: [text]}, text) for n in range(4)]
    info = samples.info(rules, run_id=text, accounts=[text], regions=[text], version=text)
    findings = [
        samples.finding(
            rule.id, text, status, message=text, region=text, account=text, evidence=evidence, remediation=text, id=text
        )
        for rule, status in zip(rules, ("fail", "unknown", "exempt", "pass"))
    ]
    return info, findings


@settings(derandomize=True, max_examples=tries(40))
@given(TEXT)
def test_no_text_becomes_markup(text: str) -> None:
    info, findings = attacked(text)
    page = rendered(findings, info)
    tame_info, tame = attacked("tame")
    assert shape(page) == shape(rendered(tame, tame_info))
    data = content(page)
    assert data["texts"][data["rows"][0][data["columns"].index("message")]] == text
    assert not set("<>&") & set(parsed(page).get_element_by_id("data").text)


def test_the_policy_allows_this_script_and_style_and_nothing_else() -> None:
    document = parsed(rendered(list(samples.account(3))))
    (policy,) = document.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert directives["default-src"] == ["'none'"]
    for directive, element in (("script-src", "script[not(@type)]"), ("style-src", "style")):
        (text,) = document.xpath(f"//{element}/text()")
        digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
        assert directives[directive] == [f"'sha256-{digest}'"]
    assert not document.xpath("//@style") and not document.xpath("//@*[starts-with(name(), 'on')]")


def test_nothing_is_loaded_from_elsewhere() -> None:
    document = parsed(rendered(list(samples.account(3))))
    for attribute in document.xpath("//@src | //@href | //@*[name()='xlink:href']"):
        assert attribute.startswith(("#", "data:"))
    assert "url(" not in STYLE and "@import" not in STYLE
    assert not re.search(r"fetch\(|XMLHttpRequest|innerHTML|insertAdjacentHTML|document\.write|eval\(", THEME + SCRIPT)
    assert "</" not in THEME + SCRIPT + STYLE


def test_every_text_is_there_once() -> None:
    findings = list(samples.account(60))
    data = content(rendered(findings))
    assert len(data["rows"]) == len(findings)
    assert len(set(data["texts"])) == len(data["texts"])
    ids = set()
    for row in data["rows"]:
        check = data["rules"][row[0]]["id"]
        ids.add(data["texts"][row[-1]].replace("\x01", check))
    assert ids == {finding["id"] for finding in findings}


def test_the_most_urgent_findings_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = list(samples.account(60))
    seen = html_rows.survey(samples.info(), findings, samples.rules())
    chosen = html_rows.choose(seen, most=50)
    fails = {s: sum(f["status"] == "fail" and f["severity"] == s for f in findings) for s in ("critical", "high")}
    assert chosen["fail", "critical"] == fails["critical"] < 50
    assert chosen["fail", "high"] == min(fails["high"], 50 - fails["critical"])
    assert sum(chosen.values()) == 50
    assert chosen["pass", "low"] == 0


def test_a_large_report_makes_a_page_that_says_what_it_leaves_out() -> None:
    findings = list(samples.account(400))
    page = rendered(findings)
    data = content(page)
    assert len(data["rows"]) == html_rows.MOST_ROWS < len(findings)
    assert f"holds the 5,000 most urgent of {len(findings):,} findings" in page
    assert len(page) < 1_000_000
    kept = [data["statuses"][row[4]] for row in data["rows"]]
    assert kept.count("fail") == sum(finding["status"] == "fail" for finding in findings)
    assert f"The {MOST_GRID_ROWS} worst of 400." in page
    assert len(parsed(page).xpath('//table[@class="grid"]/tbody/tr')) == MOST_GRID_ROWS


def test_an_account_of_the_usual_size_makes_a_small_page() -> None:
    assert len(rendered(list(samples.account(60)))) < 300_000


@pytest.mark.parametrize(
    "findings, said",
    [
        ([], "Nothing to judge"),
        (list(samples.account(2, sound=True)), "All clear"),
        ([samples.finding("tls_only")], "Critical"),
        ([samples.finding("mfa_delete")], "Needs work"),
        ([samples.finding("mfa_delete", status="unknown")], "Not all is known"),
    ],
)
def test_the_verdict(findings: List[Any], said: str) -> None:
    assert parsed(rendered(findings)).xpath("//span[contains(@class, 'overall')]/text()") == [said]


def test_exemptions_are_listed_with_owner_reason_and_end() -> None:
    evidence = {"exemption": {"reason": "old scanner", "owner": "team-x", "expires": "2026-09-30"}}
    page = parsed(rendered([samples.finding(status="exempt", evidence=evidence)]))
    cells = page.xpath('//section[@aria-labelledby="exempt-title"]//tbody/tr/*')
    assert [cell.text_content() for cell in cells] == [
        "billing-invoices",
        "Requests without TLS are denied",
        "old scanner",
        "team-x",
        "2026-09-30",
    ]


def test_a_name_cannot_turn_the_direction_of_the_page() -> None:
    evidence = {"exemption": {"reason": "\u202egnp.exe", "owner": "\u2066x", "expires": None}}
    checks = ("tls_only", "kms_key", "versioning")  # enough for every part of the page
    page = rendered([samples.finding(check, "\u202egnp.exe", "exempt", evidence=evidence) for check in checks])
    outside_the_data = re.sub(r'<script type="application/json".*', "", page, flags=re.DOTALL)
    assert not set("\u202e\u2066") & set(outside_the_data)
    assert outside_the_data.count("\\u202egnp.exe") >= 9


def test_the_comparison_is_shown_when_there_is_one() -> None:
    findings = list(samples.account(30, compared=True))
    tiles = parsed(rendered(findings)).xpath("//ul[@class='deltas']//b/text()")
    compared = samples.summary(findings)["comparison"]
    assert tiles == [str(compared[key]) for key in ("new", "fixed", "open", "not_seen")]
    assert "Since the earlier run" not in rendered(list(samples.account(3)))


def test_the_page_reads_without_a_script() -> None:
    """The charts, the checks and the exemptions are in the page itself, with words for those who cannot see them."""
    document = parsed(rendered(list(samples.account(20))))
    assert len(document.xpath("//ul[@class='checks']/li")) == 19
    label = document.xpath("//svg[@class='ring']/@aria-label")[0]
    assert re.fullmatch(r"score [\d.]+ of 100: \d+ fail, \d+ unknown, \d+ exempt, \d+ pass", label)
    assert document.xpath("//noscript")
    unnamed = document.xpath("//svg[not(@aria-label) and not(@aria-hidden)] | //input[not(@aria-label)]")
    assert unnamed == []

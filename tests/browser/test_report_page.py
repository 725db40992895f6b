# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report in a browser: what people click, type and see."""

from __future__ import annotations

import pathlib
import re
from typing import Any, Callable, Iterator, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._report import html
from ansible_collections.day2.ops.tests.support import report_samples as samples
from ansible_collections.day2.ops.tests.support.page_audit import AUDIT, CHROMIUM, FLAGS
from playwright.sync_api import Browser, Page, expect, sync_playwright

REAL = list(samples.account(60, compared=True))
FAILS = [finding for finding in REAL if finding["status"] == "fail"]


@pytest.fixture(scope="module", name="browser")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


Opener = Callable[..., Page]


@pytest.fixture(name="show")
def opener(browser: Browser, tmp_path: pathlib.Path) -> Iterator[Opener]:
    """Opens a page of findings; at the end no page may have said anything, or asked for anything but itself."""
    said: List[str] = []
    contexts = []

    def show(findings: List[Any], width: int = 1280, **context: Any) -> Page:
        path = tmp_path / "report.html"
        text = "".join(html.render(samples.info(), findings, samples.summary(findings)))
        path.write_bytes(text.encode("utf-8", "backslashreplace"))
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **context))
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: said.append(request.url) if not is_own(request.url, path) else None)
        page.goto(path.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    assert said == []


def is_own(url: str, path: pathlib.Path) -> bool:
    return url.startswith(("data:", path.as_uri()))


def rows(page: Page) -> List[List[str]]:
    """The texts of the listed findings: status, severity, check, bucket with its place, message."""
    script = "all => all.map(row => [...row.cells].slice(1).map(cell => cell.innerText.trim()))"
    listed: List[List[str]] = page.eval_on_selector_all("tr.row", script)
    return listed


def number_of(page: Page) -> int:
    """How many findings match, as the page says."""
    said = page.inner_text("#count")
    found = re.match(r"([\d,]+) of [\d,]+ findings match|(?:Showing \d+ of )?([\d,]+) findings", said)
    assert found, said
    return int((found.group(1) or found.group(2)).replace(",", ""))


def chip(page: Page, name: str) -> Any:
    return page.locator(f'.chip[data-value="{name}"]')


def test_the_most_urgent_findings_come_first(show: Opener) -> None:
    page = show(REAL)
    assert page.inner_text("#count") == f"Showing 100 of {len(REAL):,} findings"
    listed = rows(page)
    assert len(listed) == 100
    severities = [row[1] for row in listed]
    assert severities == sorted(severities, key=["critical", "high", "medium", "low"].index)
    assert {row[0] for row in listed} == {"fail"}


def test_more_are_shown_on_request(show: Opener) -> None:
    page = show(REAL)
    page.get_by_role("button", name="Show 100 more").click()
    assert len(rows(page)) == 200
    page.get_by_role("button", name=f"Show all {len(REAL):,}").click()
    assert len(rows(page)) == len(REAL)
    assert page.locator(".pager button").count() == 0


def test_chips_filter_and_can_be_combined(show: Opener) -> None:
    page = show(REAL)
    chip(page, "fail").click()
    assert number_of(page) == len(FAILS)
    chip(page, "high").click()
    high = [finding for finding in FAILS if finding["severity"] == "high"]
    assert number_of(page) == len(high)
    expect(chip(page, "high")).to_have_attribute("aria-pressed", "true")
    chip(page, "medium").click()
    assert number_of(page) == len([finding for finding in FAILS if finding["severity"] in ("high", "medium")])
    chip(page, "medium").click()
    assert number_of(page) == len(high)
    page.get_by_role("button", name="Clear all").click()
    assert number_of(page) == len(REAL)
    expect(chip(page, "high")).to_have_attribute("aria-pressed", "false")


def test_selects_filter(show: Opener) -> None:
    page = show(REAL)
    page.get_by_label("Filter by check").select_option("tls_only")
    assert number_of(page) == sum(finding["check"] == "tls_only" for finding in REAL)
    page.get_by_label("Filter by region").select_option("us-east-1")
    here = [finding for finding in REAL if finding["check"] == "tls_only" and finding["region"] == "us-east-1"]
    assert number_of(page) == len(here)
    page.get_by_role("button", name="Clear all").click()
    page.get_by_label("Filter by comparison").select_option("new")
    assert number_of(page) == sum(finding.get("comparison") == "new" for finding in REAL)


def test_search_wants_every_word_somewhere(show: Opener) -> None:
    page = show(REAL)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("TLS us-east-1")
    expect(page.locator("#active")).to_contain_text("\u201cTLS us-east-1\u201d")
    for row in rows(page):
        assert "tls" in " ".join(row).lower() and "us-east-1" in row[3]
    page.keyboard.press("Escape")
    assert number_of(page) == len(REAL)
    page.fill("#q", "no such thing")
    expect(page.locator(".empty")).to_be_visible()
    expect(page.locator("table.list")).to_be_hidden()


def test_headers_sort_both_ways(show: Opener) -> None:
    page = show(REAL)
    header = page.locator("th.c-resource")
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    up = [row[3].split("\n")[0] for row in rows(page)]
    assert up == sorted(up)
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    down = [row[3].split("\n")[0] for row in rows(page)]
    assert down == sorted(down, reverse=True) and down != up
    assert page.locator("th[aria-sort]").count() == 1


def test_a_row_unfolds_by_keyboard(show: Opener) -> None:
    page = show(REAL)
    page.get_by_label("Filter by check").select_option("tls_only")
    buttons = page.locator("tr.row .more")
    buttons.nth(0).focus()
    page.keyboard.press("ArrowDown")
    assert buttons.nth(1).evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    expect(buttons.nth(1)).to_have_attribute("aria-expanded", "true")
    detail = page.locator("tr.detail")
    assert buttons.nth(1).get_attribute("aria-controls") == detail.get_attribute("id")
    for said in ("open request", "s3:PutObject", "DenyHttp", "What to do", "Security Hub S3.5", ":tls_only"):
        expect(detail).to_contain_text(said)
    expect(detail.get_by_role("link")).to_have_attribute("rel", "noopener noreferrer")
    page.keyboard.press("Enter")
    expect(detail).to_have_count(0)


def test_a_row_unfolds_by_click_and_stays_so_while_sorting(show: Opener) -> None:
    page = show(REAL)
    page.locator("tr.row .c-message").first.click()
    expect(page.locator("tr.detail")).to_have_count(1)
    page.locator("th.c-severity button").click()
    expect(page.locator("tr.detail")).to_have_count(1)


def test_an_exemption_says_who_why_and_until_when(show: Opener) -> None:
    page = show(REAL)
    chip(page, "exempt").click()
    page.locator("tr.row").first.click()
    expect(page.locator(".why")).to_contain_text("The legacy scanner has no TLS until it is replaced")
    expect(page.locator(".why")).to_contain_text("Owner team-scanning@example.com, until 2026-09-30")


def test_an_id_is_shown_whole_when_its_bucket_is_named_after_a_check(show: Opener) -> None:
    page = show(
        [samples.finding("tls_only", "tls_only-logs", status="unknown", evidence={"exemption": {"reason": "x"}})]
    )
    page.locator("tr.row").click()
    expect(page.locator("tr.detail .mono")).to_have_text("aws:123456789012:tls_only-logs:tls_only")
    expect(page.locator(".why")).to_contain_text("Exempt once it fails: x")


def test_charts_lead_to_what_they_count(show: Opener) -> None:
    page = show(REAL)
    summary = samples.summary(REAL)
    for selector, count in (
        (".tally[data-status=unknown]", summary["unknown"]),
        (".sevrow[data-severity=critical]", summary["by_severity"]["critical"]),
        (".check[data-check=tls_only]", sum(summary["by_check"]["tls_only"].values())),
        (".delta[data-comparison=fixed]", summary["comparison"]["fixed"]),
    ):
        page.locator(selector).click()
        assert number_of(page) == count, selector
        assert page.evaluate("document.activeElement.id") == "findings-title"
    mark = page.locator(".grid .mark.v-critical").first
    mark.click()
    assert number_of(page) == 1
    assert rows(page)[0][:2] == ["fail", "critical"]


def test_a_view_can_be_sent_to_someone(show: Opener) -> None:
    page = show(REAL)
    chip(page, "fail").click()
    page.get_by_label("Filter by check").select_option("kms_key")
    page.locator("th.c-resource button").click()
    seen = rows(page)
    address = page.url
    assert address.endswith("#status=fail&check=kms_key&sort=resource")
    page.goto("about:blank")
    page.goto(address)
    assert rows(page) == seen


def test_the_theme_follows_the_system_until_the_reader_says_otherwise(show: Opener) -> None:
    page = show(REAL, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("#theme").click()
    light = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == light
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("findings", [REAL, samples.hostile(), []], ids=["real", "hostile", "none"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_can_be_read(show: Opener, width: int, scheme: str, findings: List[Any]) -> None:
    page = show(findings, width, color_scheme=scheme, reduced_motion="reduce")
    for more in page.locator("tr.row .more").all()[:20]:
        more.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(AUDIT) == []


def test_on_a_phone_rows_are_cards(show: Opener) -> None:
    page = show(REAL, 390)
    expect(page.locator("table.list thead")).to_be_hidden()
    row = page.locator("tr.row").first
    box = row.bounding_box()
    assert box and box["width"] < 390
    assert page.locator("tr.row .more").first.evaluate("button => button.offsetHeight") >= 36


def test_hostile_texts_are_only_texts(show: Opener) -> None:
    """What the pages of ``show`` say or load fails the test at its end."""
    page = show(samples.hostile())
    for more in page.locator("tr.row .more").all():
        more.click()
    assert page.locator("#list script, #list img, #list [onerror]").count() == 0
    assert "</script><script>alert(1)</script>" in page.inner_text("#list")
    assert "\\u202egnp.exe" in page.inner_text("#list")


def test_five_thousand_rows_are_no_burden(show: Opener) -> None:
    page = show(list(samples.account(400)))
    expect(page.locator(".notice").first).to_contain_text("5,000 most urgent")
    milliseconds = page.evaluate(
        """() => { const start = performance.now();
        document.querySelector("th.c-message button").click(); return performance.now() - start }"""
    )
    assert milliseconds < 1000
    page.fill("#q", "thumbnails")
    expect(page.locator("#count")).to_contain_text("of 5,000 findings match")


def test_without_a_script_the_page_still_tells_the_story(show: Opener) -> None:
    page = show(REAL, java_script_enabled=False)
    expect(page.locator("noscript .notice")).to_be_visible()
    expect(page.locator(".checks li")).to_have_count(19)
    expect(page.locator("#tools")).to_be_hidden()

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a log scan in a browser: what people click, type and see."""

from __future__ import annotations

import pathlib
from typing import Any, Callable, Iterator, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan import page as log_page
from ansible_collections.day2.ops.plugins.module_utils._log_scan.report_model import LogReport
from ansible_collections.day2.ops.tests.support import log_reports as samples
from ansible_collections.day2.ops.tests.support.page_audit import AUDIT, CHROMIUM, FLAGS
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

HOST, FLEET = samples.report(), samples.fleet()


@pytest.fixture(scope="module", name="browser")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


Opener = Callable[..., Page]


@pytest.fixture(name="show")
def opener(browser: Browser, tmp_path: pathlib.Path) -> Iterator[Opener]:
    """Opens the page of a report; at the end no page may have said anything, or asked for anything but itself."""
    said: List[str] = []
    contexts = []

    def show(report: LogReport = HOST, width: int = 1280, **context: Any) -> Page:
        path = tmp_path / "logs.html"
        path.write_bytes("".join(log_page.render(report)).encode("utf-8", "backslashreplace"))
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **context))
        page = contexts[-1].new_page()
        page.on("console", lambda message: said.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda request: None if request.url.startswith(("data:", path.as_uri())) else said.append(request.url),
        )
        page.goto(path.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()
    assert said == []


def row(page: Page, name: str) -> Locator:
    return page.locator(".row").filter(has=page.locator(".where bdi", has_text=name)).first


def shown(page: Page) -> List[str]:
    return page.locator(".row:not([hidden]) > summary .where bdi").all_inner_texts()


def test_a_pattern_unfolds_to_its_samples(show: Opener) -> None:
    page = show()
    sshd = row(page, "failed_password")
    expect(sshd.locator(".samples")).to_be_hidden()
    sshd.locator(".what").click()
    expect(sshd.locator(".samples li")).to_have_count(5)
    expect(sshd.locator(".samples li").first).to_contain_text("/var/log/auth.log:")
    expect(sshd.locator(".top-n li").first).to_contain_text("203.0.113.7")
    expect(sshd.locator(".inside > .facts")).to_contain_text("20 matches within 5 minutes")
    sshd.locator(".what").click()
    expect(sshd.locator(".samples")).to_be_hidden()


def test_a_column_tells_what_it_is_and_shows_what_was_in_it(show: Opener) -> None:
    page = show()
    tip = page.locator("#tip")
    highest = page.locator(".col").filter(has=page.locator(".v-high")).last
    highest.locator(".hit").hover()
    expect(tip).to_contain_text("28 Nov, 11:50 – 12:00: ")
    expect(tip).to_contain_text(" high")
    box = tip.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 1280 and box["y"] >= 0
    highest.locator(".hit").click()
    assert "failed_password" in shown(page) and "oom_kill" not in shown(page)
    expect(page.locator("#when")).to_have_text("Only 28 Nov, 11:50 – 12:00 ✕")
    expect(page.locator("#count")).to_contain_text("of 6 patterns")
    expect(page.locator("#logs")).to_be_visible()  # what was lost stays in sight
    page.locator("#when").click()
    assert len(shown(page)) == 6
    expect(page.locator("#when")).to_be_hidden()


def test_only_the_samples_of_that_time_are_shown(show: Opener) -> None:
    page = show()
    trace = row(page, "traceback")
    trace.locator(".what").click()
    expect(trace.locator(".samples li:visible")).to_have_count(5)
    number = trace.locator(".samples li").last.get_attribute("data-c")
    page.locator(f'.col[data-c="{number}"] .hit').click()
    expect(trace.locator(".samples li:visible")).to_have_count(1)


def test_a_tap_on_a_small_column_tells_its_time_and_does_not_unfold(show: Opener) -> None:
    page = show(width=390, has_touch=True)
    oom = row(page, "oom_kill")
    oom.locator(".strip rect").tap(force=True)
    expect(page.locator("#tip")).to_have_text("28 Nov, 11:20 – 11:30: 1")
    assert oom.get_attribute("open") is None


def test_the_keyboard_walks_through_the_columns(show: Opener) -> None:
    page = show()
    page.locator(".plot").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tip")).to_have_text("28 Nov, 12:00 – 12:10: 1 low")
    expect(page.locator("#said")).to_have_text("28 Nov, 12:00 – 12:10: 1 low")  # and so does a screen reader
    page.keyboard.press("Enter")
    assert shown(page) == ["slow_query"]
    page.keyboard.press("Escape")
    assert len(shown(page)) == 6
    expect(page.locator("#tip")).to_be_hidden()


def test_words_find_patterns_by_what_is_in_their_samples(show: Opener) -> None:
    page = show()
    page.keyboard.press("/")
    page.keyboard.type("checkout OOM")
    expect(page.locator("#nothing")).to_be_visible()
    page.fill("#q", "orders.py")
    expect(page.locator("#count")).to_have_text("1 of 6 patterns")
    assert shown(page) == ["traceback"]
    expect(page.locator("#logs")).to_be_hidden()
    page.fill("#q", "kern.log")
    expect(page.locator("#count")).to_have_text("1 of 6 patterns")
    expect(page.locator("#logs tbody tr:visible")).to_have_count(1)
    page.fill("#q", "worker-1")
    expect(page.locator("#logs table")).to_be_hidden()
    expect(page.locator(".quiet-logs")).to_be_visible()
    page.keyboard.press("Escape")
    assert len(shown(page)) == 6


def test_severities_can_be_chosen(show: Opener) -> None:
    page = show()
    page.locator(".chip", has_text="critical").click()
    assert shown(page) == ["oom_kill"]
    page.locator(".chip", has_text="high").click()
    assert shown(page) == ["oom_kill", "failed_password", "disk_full"]
    page.locator(".chip", has_text="critical").click()
    page.locator(".chip", has_text="high").click()
    assert len(shown(page)) == 6


def test_a_view_can_be_sent_to_someone(show: Opener) -> None:
    page = show()
    page.locator(".chip", has_text="high").click()
    page.locator(".col").filter(has=page.locator(".v-high")).last.locator(".hit").click()
    expect(page.locator("#count")).to_have_text("1 of 6 patterns")
    page.fill("#q", "no such & thing")
    expect(page.locator("#count")).to_have_text("0 of 6 patterns")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert page.input_value("#q") == "no such & thing"
    expect(page.locator('.chip[aria-pressed="true"]')).to_have_text("high")
    expect(page.locator("#when")).to_be_visible()
    expect(page.locator("#count")).to_have_text("0 of 6 patterns")


@pytest.mark.parametrize("address", ["#at=999", "#at=x&severity=worst", "#q=%", "#at="])
def test_an_address_that_is_wrong_shows_everything(show: Opener, address: str) -> None:
    page = show()
    url = page.url
    page.goto("about:blank")
    page.goto(url + address)
    page.fill("#q", "")
    assert len(shown(page)) == 6
    expect(page.locator("#when")).to_be_hidden()


def test_hosts_that_did_not_answer_are_named_first(show: Opener) -> None:
    page = show(FLEET)
    rows = page.locator("#hosts tbody tr")
    expect(rows).to_have_count(6)
    expect(rows.nth(0)).to_contain_text("edge-7.example.com")
    expect(rows.nth(1)).to_contain_text("connection timed out")
    page.fill("#q", "web-3")
    expect(page.locator("#hosts tbody tr:visible")).to_have_count(1)


def test_the_theme_follows_the_system_until_the_reader_says_otherwise(show: Opener) -> None:
    page = show(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.locator("#theme").click()
    light = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == light


def test_on_paper(show: Opener) -> None:
    page = show(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") == "rgb(255, 255, 255)"
    expect(page.locator("#tools")).to_be_hidden()
    expect(page.locator(".col .v-high").last).to_be_visible()


@pytest.mark.parametrize(
    "report", [HOST, FLEET, samples.hostile(), samples.quiet()], ids=["host", "fleet", "hostile", "quiet"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_it_can_be_read(show: Opener, width: int, scheme: str, report: LogReport) -> None:
    page = show(report, width, color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(AUDIT) == []


def test_hostile_texts_are_only_texts(show: Opener) -> None:
    """What the pages of ``show`` say or load fails the test at its end."""
    page = show(samples.hostile())
    page.fill("#q", samples.HOSTILE)
    assert page.locator("main img, main script").count() == 0
    assert samples.HOSTILE in page.inner_text("main")


def test_hundreds_of_patterns_are_no_burden(show: Opener) -> None:
    page = show(samples.many())
    milliseconds = page.evaluate(
        """async () => { const input = document.getElementById("q"), start = performance.now();
        input.value = "pattern-0123"; input.dispatchEvent(new Event("input"));
        await new Promise(done => { const look = () => document.getElementById("count").textContent ? done() : setTimeout(look, 5); look() });
        return performance.now() - start }"""
    )
    assert milliseconds < 1500
    expect(page.locator("#count")).to_have_text("1 of 300 patterns")


def test_without_a_script_the_page_still_tells_the_story(show: Opener) -> None:
    page = show(java_script_enabled=False)
    expect(page.locator(".row")).to_have_count(6)
    expect(page.locator("#tools")).to_be_hidden()
    oom = row(page, "oom_kill")
    oom.locator(".what").click()
    expect(oom.locator(".samples li")).to_be_visible()
    expect(page.locator("#logs tbody tr").first).to_contain_text("permission denied")

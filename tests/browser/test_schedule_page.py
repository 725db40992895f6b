# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a scheduling run in a browser: what people click, type and see."""

from __future__ import annotations

import pathlib
from typing import Any, Callable, Iterator, List

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule import page as schedule_page
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.report_model import ScheduleReport
from ansible_collections.day2.ops.tests.support import schedule_samples as samples
from ansible_collections.day2.ops.tests.support.page_audit import AUDIT, CHROMIUM, FLAGS
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

FLEET = samples.report()


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

    def show(report: ScheduleReport = FLEET, width: int = 1280, **context: Any) -> Page:
        path = tmp_path / "schedule.html"
        path.write_bytes("".join(schedule_page.render(report)).encode("utf-8", "backslashreplace"))
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


def lane(page: Page, name: str) -> Locator:
    return page.locator(".lane").filter(has=page.locator(".name bdi", has_text=name)).first


def shown_lanes(page: Page) -> List[str]:
    return page.locator(".lane:not([hidden]) .name bdi").all_inner_texts()


def test_a_lane_unfolds_to_its_resources(show: Opener) -> None:
    page = show()
    office = lane(page, "office")
    expect(office.locator(".members")).to_be_hidden()
    office.locator(".label").click()
    expect(office.locator(".members li")).to_have_count(12)
    expect(office.locator(".members")).to_contain_text("web-test-1")
    expect(office.locator(".edges")).to_contain_text("Wed 2 Dec, 07:30 starts")
    office.locator(".label").click()
    expect(office.locator(".members")).to_be_hidden()


def test_a_bar_tells_its_time_to_the_pointer(show: Opener) -> None:
    page = show()
    tip = page.locator("#tip")
    expect(tip).to_be_hidden()
    lane(page, "office").locator(".strip .r").nth(1).hover()
    expect(tip).to_have_text("Runs Wed 2 Dec, 07:30 – 19:00 Madrid · 11 h 30 min")
    box = tip.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 1280 and box["y"] >= 0
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_a_tap_on_a_bar_tells_its_time_and_does_not_unfold(show: Opener) -> None:
    page = show(width=390, has_touch=True)
    grace = lane(page, "notebook-grace")
    grace.locator(".strip .o").tap()
    expect(page.locator("#tip")).to_have_text("Override: running until Thu 3 Dec, 12:00 London")
    assert grace.get_attribute("open") is None


def test_the_keyboard_reaches_lanes_and_times(show: Opener) -> None:
    page = show()
    page.locator(".lane > summary").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tip")).to_have_text("holidays: Tue 8 Dec")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tip")).to_contain_text("Runs Tue 1 Dec, 07:30 – 19:00 Madrid")
    expect(page.locator("#said")).to_contain_text("Runs Tue 1 Dec")  # and so does a screen reader
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.querySelector('.name bdi').textContent") == "nightly-batch"
    expect(page.locator("#tip")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(lane(page, "nightly-batch").locator(".members")).to_be_visible()
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.querySelector('.name bdi').textContent") == "office"


def test_the_zone_of_the_hours_can_be_chosen(show: Opener) -> None:
    page = show()
    ticks = page.locator(".axis g:not([hidden])")
    expect(ticks).to_have_attribute("data-zone", "Europe/Madrid")
    before = ticks.locator("text").first.bounding_box()
    page.get_by_label("Hours of").select_option("Asia/Tokyo")
    expect(ticks).to_have_attribute("data-zone", "Asia/Tokyo")
    after = ticks.locator("text").first.bounding_box()
    assert before and after and before["x"] != after["x"]
    assert page.locator(".back g:not([hidden])").get_attribute("data-zone") == "Asia/Tokyo"


def test_the_filter_finds_resources_wherever_they_are(show: Opener) -> None:
    page = show()
    page.keyboard.press("/")
    page.keyboard.type("API-test eu-south-2")
    expect(page.locator("#count")).to_have_text("4 of 34 resources")
    assert shown_lanes(page) == ["office"]
    expect(page.locator(".lane:not([hidden]) .count")).to_have_text("4/12")
    lane(page, "office").locator(".label").click()
    expect(page.locator(".members li:not([hidden]) >> visible=true")).to_have_count(4)
    expect(page.locator("#left")).to_be_hidden()
    expect(page.locator("#actions tbody tr:not([hidden])")).to_have_count(1)
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    assert len(shown_lanes(page)) == 12
    expect(page.locator(".lane .count").first).to_have_text("12")
    expect(page.locator("#count")).to_have_text("")


def test_the_filter_knows_schedules_and_reasons(show: Opener) -> None:
    page = show()
    page.fill("#q", "nightly-batch")
    expect(page.locator("#count")).to_have_text("4 of 34 resources")
    page.fill("#q", "spot instance")
    expect(page.locator("#left tbody tr:not([hidden])")).to_have_count(1)
    expect(page.locator("#count")).to_have_text("1 of 34 resources")
    page.fill("#q", "no such thing")
    expect(page.locator("#nothing")).to_be_visible()
    expect(page.locator("#timeline")).to_be_hidden()


def test_a_view_can_be_sent_to_someone(show: Opener) -> None:
    page = show()
    page.fill("#q", "tokyo desk")
    expect(page.locator("#count")).to_contain_text("of 34")
    address = page.url
    assert address.endswith("#q=tokyo%20desk")
    page.goto("about:blank")
    page.goto(address)
    assert shown_lanes(page) == ["tokyo-desk"]


def test_what_is_alike_unfolds_in_the_tables(show: Opener) -> None:
    page = show()
    group = page.locator("#actions details").first
    group.locator("summary").click()
    expect(group.locator("li")).to_have_count(10)


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
    expect(page.locator(".strip .r").first).to_be_visible()


@pytest.mark.parametrize(
    "report",
    [FLEET, samples.hostile(), samples.report([]), samples.report(days=31)],
    ids=["fleet", "hostile", "none", "month"],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_it_can_be_read(show: Opener, width: int, scheme: str, report: ScheduleReport) -> None:
    page = show(report, width, color_scheme=scheme, reduced_motion="reduce")
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(AUDIT) == []


def test_a_week_needs_no_scrolling_on_a_phone(show: Opener) -> None:
    page = show(width=360)
    assert page.evaluate("(reel => reel.scrollWidth <= reel.clientWidth)(document.querySelector('.reel'))")
    for label in page.locator(".axis g:not([hidden]) text:not(.h)").all():
        box = label.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360


def test_hostile_texts_are_only_texts(show: Opener) -> None:
    """What the pages of ``show`` say or load fails the test at its end."""
    page = show(samples.hostile())
    page.fill("#q", "<img src=x onerror=alert(1)>")
    assert page.locator("main img, main script").count() == 0
    assert "<img src=x onerror=alert(1)>" in page.inner_text("main")


def test_two_thousand_resources_are_no_burden(show: Opener) -> None:
    page = show(samples.many(2000))
    milliseconds = page.evaluate(
        """async () => { const input = document.getElementById("q"), start = performance.now();
        input.value = "node-01234"; input.dispatchEvent(new Event("input"));
        await new Promise(done => { const look = () => document.getElementById("count").textContent ? done() : setTimeout(look, 5); look() });
        return performance.now() - start }"""
    )
    assert milliseconds < 1500
    expect(page.locator("#count")).to_have_text("1 of 2,000 resources")


def test_without_a_script_the_page_still_tells_the_story(show: Opener) -> None:
    page = show(java_script_enabled=False)
    expect(page.locator(".lane")).to_have_count(12)
    expect(page.locator("#tools")).to_be_hidden()
    expect(page.locator(".clock > :not([hidden])")).to_have_text("Hours of Madrid")
    office = lane(page, "office")
    office.locator(".label").click()
    expect(office.locator(".members li").first).to_be_visible()

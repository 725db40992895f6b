# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a run as text: nothing from outside becomes markup, nothing is loaded, it says what is so, and stays small."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule import page, page_timeline
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.model import Kind, Resource, State
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.page_script import SCRIPT
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.page_style import STYLE
from ansible_collections.day2.ops.plugins.module_utils._ec2_schedule.report_model import ScheduleReport
from ansible_collections.day2.ops.tests.support import schedule_samples as samples
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as parser


def rendered(report: ScheduleReport) -> str:
    text = "".join(page.render(report))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def parsed(report: ScheduleReport) -> Any:
    return parser.document_fromstring(rendered(report).encode("utf-8"), parser=parser.HTMLParser(encoding="utf-8"))


def shape(report: ScheduleReport) -> List[Tuple[str, Tuple[str, ...]]]:
    """The elements of a page and the names of their attributes: what a text must never change."""
    return [(element.tag, tuple(element.attrib)) for element in parsed(report).iter() if isinstance(element.tag, str)]


FLEET = samples.report()
DOCUMENT = parsed(FLEET)


def texts(path: str, document: Any = DOCUMENT) -> List[str]:
    return [re.sub(r"\s+", " ", element.text_content()).strip() for element in document.xpath(path)]


ATTACKS = st.sampled_from(
    [
        "</script>",
        "<script>alert(1)</script>",
        "<!--",
        '"',
        "'",
        "<",
        ">",
        "&",
        "</title>",
        "</style>",
        "\x00",
        "\ud800",
    ]
    + ['" onclick="x', "<img src=x onerror=alert(1)>", "\u202e", "\u2028", "javascript:alert(1)", "</svg>", "]]>"]
)
TEXT = st.lists(ATTACKS | st.text(max_size=5), min_size=1, max_size=4).map("".join).filter(lambda text: text.strip())


def attacked(text: str) -> ScheduleReport:
    """A report with the text in every place that a text can come to."""
    resources = []
    for number, schedule in enumerate(("office", "no " + text, "office", "office", "stop-only 21:00")):
        tags = {"Schedule": schedule, "Name": text}
        if number == 2:
            tags["ScheduleOverride"] = "no " + text
        if number == 3:
            tags["ScheduleOverride"] = "stopped until 2026-12-05T00:00Z"
        obstacle = text if number == 4 else ""
        resources.append(
            Resource(
                Kind.EC2, f"{text}{number}", text, text, State.RUNNING, tags, text, text, text, text, obstacle=obstacle
            )
        )
    made = samples.report(resources, run_id=text, version=text)
    actions = [{**entry, "outcome": "failed", "error": text, "note": text} for entry in made.actions]
    return replace(made, actions=actions, title=text, currency=text, problems=[*made.problems, text])


@settings(derandomize=True, max_examples=tries(40))
@given(TEXT)
def test_no_text_becomes_markup(text: str) -> None:
    assert shape(attacked(text)) == shape(attacked("tame"))


def test_hostile_texts_are_only_texts() -> None:
    page_text = rendered(samples.hostile())
    assert page_text.count("<script") == 1
    assert not set("\u202e\u2066") & set(page_text)
    assert "&lt;img src=x onerror=alert(1)&gt;" in page_text


def test_the_policy_allows_this_script_and_style_and_nothing_else() -> None:
    (policy,) = DOCUMENT.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";")}
    assert directives["default-src"] == ["'none'"]
    for directive, element in (("script-src", "script"), ("style-src", "style")):
        (text,) = DOCUMENT.xpath(f"//{element}/text()")
        digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
        assert directives[directive] == [f"'sha256-{digest}'"]
    assert not DOCUMENT.xpath("//@style") and not DOCUMENT.xpath("//@*[starts-with(name(), 'on')]")


def test_nothing_is_loaded_from_elsewhere() -> None:
    for attribute in DOCUMENT.xpath("//@src | //@href | //@*[name()='xlink:href']"):
        assert attribute.startswith(("#", "data:"))
    assert "url(" not in STYLE and "@import" not in STYLE
    assert not re.search(r"fetch\(|XMLHttpRequest|innerHTML|insertAdjacentHTML|document\.write|eval\(", SCRIPT)
    assert "</" not in SCRIPT + STYLE


def test_links_within_the_page_lead_somewhere() -> None:
    ids = set(DOCUMENT.xpath("//@id"))
    assert len(ids) == len(DOCUMENT.xpath("//@id"))
    for report in (FLEET, samples.report([]), replace(FLEET, outlook=None)):
        document = parsed(report)
        for link in document.xpath("//a/@href"):
            assert link[1:] in document.xpath("//@id"), link
    assert set(DOCUMENT.xpath("//*[local-name()='use']/@href")) <= {f"#{name}" for name in ids}


@pytest.mark.parametrize(
    "report, said",
    [
        (FLEET, "Critical"),
        (samples.report([]), "Nothing to do"),
        (samples.report(samples.fleet()[:1]), "On schedule"),
        (samples.report([one for one in samples.fleet() if one.name == "typo"]), "Needs a look"),
        (replace(FLEET, status="unknown"), "Not all is known"),
    ],
)
def test_the_verdict(report: ScheduleReport, said: str) -> None:
    document = parsed(report)
    assert texts("//span[contains(@class, 'overall')]", document) == [said]
    assert report.summary["sentence"] in texts("//p[@class='lead']", document)[0]


def test_the_cards() -> None:
    assert texts("//section[@aria-labelledby='now-title']//li") == ["23running", "11stopped"]
    assert "10 running after this run." in texts("//section[@aria-labelledby='now-title']/p")
    assert texts("//section[@aria-labelledby='due-title']//b") == ["2", "12", "2"]
    assert texts("//section[@aria-labelledby='due-title']/p") == ["1 failed, 1 still on the way, 4 left alone."]
    assert texts("//p[@class='big']/b") == ["USD 4,852.34"]
    assert texts("//section[@aria-labelledby='saved-title']/p[2]")[0].startswith(
        "72 % of the hours: 1,502 h of 5,376 h run."
    )


def test_without_prices_hours_are_told() -> None:
    document = parsed(samples.report(priced=False))
    assert texts("//p[@class='big']/b", document) == ["3,874 h"]
    assert "Money" not in texts("//table[contains(@class, 'saved')]//th", document)


def test_nothing_is_said_to_be_done_where_nothing_was() -> None:
    for report, mode in (
        (samples.report(acted=False), "check mode: nothing was done"),
        (samples.report(acted=False, check_mode=False, what_if=True), "what if: nothing was done"),
    ):
        document = parsed(report)
        assert mode in texts("//header//dd", document)
        assert "What a run would do" in texts("//h2", document)
        assert texts("//p[@class='note']", document)[:2] == [
            "11 running if it were done now.",
            "nothing was done, 4 left alone.",
        ]
        assert not texts("//td[@class='outcome']", document)


def lane(name: str, document: Any = DOCUMENT) -> Any:
    (found,) = document.xpath(
        f"//details[@class='lane'][.//span[@class='name'][bdi='{name}']][not(.//*[.='left alone'])]"
    )
    return found


def titles(found: Any, look: str) -> List[str]:
    return [title.text for title in found.xpath(f".//*[local-name()='rect' or local-name()='path'][@class='{look}']/*")]


def test_a_lane_for_each_schedule() -> None:
    named = texts("//details[@class='lane']//span[@class='name']/bdi")
    assert named[:3] == ["office", "nightly-batch", "notebooks"]
    assert named[-2:] == ["office", "typo"]  # what is left alone, and what cannot be read
    assert texts("//span[@class='count']")[:2] == ["12", "4"]
    members = texts(".//ul[@class='members']/li/bdi", lane("office"))
    assert len(members) == 12 and members[0] == "web-test-1"


def test_bars_tell_local_times() -> None:
    assert titles(lane("office"), "r")[1] == "Runs Wed 2 Dec, 07:30 – 19:00 Madrid · 11 h 30 min"
    assert titles(lane("nightly-batch"), "r")[1] == "Runs Tue 1 Dec, 22:00 – 06:00 New York · 8 h"
    assert titles(lane("vpn"), "r") == ["Runs all the time"]
    override = lane("notebook-grace")
    assert titles(override, "o") == ["Override: running until Thu 3 Dec, 12:00 London"]
    assert texts(".//span[contains(@class, 'f-over')]", override) == ["override"]
    (off,) = lane("office").xpath(".//*[@class='off']/*[local-name()='rect']/*")
    assert off.text == "holidays: Tue 8 Dec"
    stops = lane("stop-only 21:00 Europe/Berlin").xpath(".//*[contains(@class, 'to-stopped')]//*[local-name()='title']")
    assert [stop.text for stop in stops][:2] == ["stops Tue 1 Dec, 21:00 Berlin", "stops Wed 2 Dec, 21:00 Berlin"]


def test_a_stop_by_override_is_drawn() -> None:
    tags = {"Schedule": "always", "ScheduleOverride": "stopped until 2026-12-04T00:00+00:00", "Name": "x"}
    document = parsed(samples.report([Resource(Kind.EC2, "i-1", "1", "eu-south-2", State.STOPPED, tags)]))
    assert titles(lane("x", document), "s") == ["Override: stopped until Fri 4 Dec, 00:00 UTC"]


def test_bars_stand_where_their_time_is() -> None:
    assert FLEET.outlook is not None
    start, stop = FLEET.outlook.start, FLEET.outlook.stop
    bars = [rect.attrib for rect in lane("office").xpath(".//*[local-name()='rect'][@class='r']")]
    expected = FLEET.outlook.rows[0].pattern.bars
    assert len(bars) == len(expected)
    for drawn, stripe in zip(bars, expected):
        share = 100 * (stripe.start - start) / (stop - start)
        width = 100 * (stripe.stop - stripe.start) / (stop - start)
        assert abs(float(drawn["x"].rstrip("%")) - share) < 0.01
        assert abs(float(drawn["width"].rstrip("%")) - width) < 0.01


def test_times_are_for_machines_too() -> None:
    stamps = DOCUMENT.xpath("//time/@datetime")
    assert len(stamps) > 50
    for stamp in stamps:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp)
    first = lane("office").xpath(".//ol[@class='edges']/li/time")[0]
    assert (first.get("datetime"), first.text) == ("2026-12-02T06:30:00Z", "Wed 2 Dec, 07:30")
    assert first.get("title") == "2026-12-02T06:30:00Z · Europe/Madrid"


def test_ticks_of_every_zone_one_shown() -> None:
    zones = DOCUMENT.xpath("//div[@class='axis']//*[local-name()='g']/@data-zone")
    assert zones[0] == "Europe/Madrid" and zones[-1] == "UTC" and "Asia/Tokyo" in zones
    shown = DOCUMENT.xpath("//div[@class='axis']//*[local-name()='g'][not(@hidden)]")
    assert [group.get("data-zone") for group in shown] == ["Europe/Madrid"]
    days = [re.sub(r"\s+", " ", label.text_content()) for label in shown[0] if label.get("class") != "h"]
    assert days == ["Tue 1 Dec", "Wed 2", "Thu 3", "Fri 4", "Sat 5", "Sun 6", "Mon 7", "Tue 8"]


def test_days_are_as_long_as_they_are() -> None:
    """On the day on which clocks go back a day is 25 hours wide."""
    now = datetime(2026, 10, 24, 12, tzinfo=timezone.utc)
    report = samples.report(samples.fleet()[:1], now=now, days=4)
    lines = parsed(report).xpath(
        "//*[@class='back']/*[@data-zone='Europe/Madrid']/*[local-name()='line'][not(@class)]/@x1"
    )
    places = [float(line.rstrip("%")) for line in lines]
    assert (places[1] - places[0]) / (places[2] - places[1]) == pytest.approx(25 / 24, rel=0.01)


def test_what_failed_comes_first() -> None:
    rows = texts("//section[@id='actions']//tbody/tr")
    assert "trainer-1" in rows[0] and "failed" in rows[0] and "InsufficientInstanceCapacity" in rows[0]
    assert "on the way" in rows[1]
    assert any(row.startswith("stopweb-test-1, web-test-2, web-test-3 and 7 more") for row in rows)


def test_left_alone_with_reasons_problems_and_what_comes_next() -> None:
    left = texts("//section[@id='left']//tbody/tr")
    assert len(left) == 4 and "a spot instance is not stopped by itself" in left[0]
    assert "did you mean Fri?" in texts("//section[@id='problems']//li")[0]
    coming = texts("//ol[@class='next']/li")
    assert coming[0].startswith("Tue 1 Dec, 21:00Berlinin 1 h 55 minstop") and "build-1" in coming[0]
    assert not any("crawler" in line for line in coming)


def test_savings_are_sorted_by_money() -> None:
    money = [
        float(cell.split()[1].replace(",", "")) for cell in texts("//table[contains(@class, 'saved')]//td[last()]")
    ]
    assert money == sorted(money, reverse=True) and money[0] == 4194.56
    assert sum(money) == pytest.approx(4852.34, abs=0.05)


def test_the_page_reads_without_a_script() -> None:
    assert len(DOCUMENT.xpath("//details[@class='lane']")) == 12
    assert not DOCUMENT.xpath("//noscript")
    unnamed = DOCUMENT.xpath(
        "//*[local-name()='svg'][not(@aria-label) and not(@aria-hidden)] | //input[not(@aria-label)]"
    )
    assert unnamed == []
    (hidden,) = DOCUMENT.xpath("//*[@id='tools']/@hidden")
    assert hidden is not None


def test_no_resources_and_one() -> None:
    document = parsed(samples.report([]))
    assert "No resource carries a schedule." in texts("//section[@id='timeline']/p", document)
    assert "Nothing was due." in texts("//section[@id='actions']/p", document)
    assert not document.xpath("//*[@id='tools']")
    one = parsed(samples.report(samples.fleet()[:1]))
    assert texts("//details[@class='lane']//span[@class='name']/bdi", one) == ["web-test-1"]
    assert texts("//details[@class='lane']//span[contains(@class, 'where cut')]", one)[0].startswith("office: Mon-Fri")


def test_thousands_of_resources_with_few_schedules() -> None:
    report = samples.many(2000)
    page_text = rendered(report)
    assert len(page_text) < 1_500_000
    document = parsed(report)
    assert len(document.xpath("//details[@class='lane']")) == 40
    assert len(document.xpath("//li[@data-member]")) == 2000


def test_a_fleet_of_which_each_has_a_schedule_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says what it leaves out, and what it draws has a bound."""
    report = samples.many(90, schedules=90)
    whole = rendered(report)
    monkeypatch.setattr(page_timeline, "MOST_MARKS", 600)
    document = parsed(report)
    drawn = len(document.xpath("//details[@class='lane']"))
    assert 20 < drawn < 60
    assert len(document.xpath("//*[@class='strip']/*")) + len(document.xpath("//ol[@class='edges']/li")) <= 600
    (note,) = texts("//section[@id='timeline']/p", document)
    assert note.startswith(f"{90 - drawn} further schedules with {90 - drawn} resources are not drawn here.")
    frame = len(rendered(samples.report([])))
    of_a_mark = (len(whole) - frame) / (90 * 21)  # each lane costs five bars, eleven times, and four for itself
    assert of_a_mark * 12_000 < 4_000_000


@pytest.mark.parametrize("days", [0, 1, 14, 31, 90, 366])
def test_spans_of_every_length(days: int) -> None:
    document = parsed(samples.report(days=days))
    labels = document.xpath(
        "//div[@class='axis']//*[local-name()='g'][not(@hidden)]/*[local-name()='text'][not(@class='h')]"
    )
    assert 1 <= len(labels) <= 60
    assert len(document.xpath("//details[@class='lane']")) == 12


def test_the_year_is_that_of_the_zone() -> None:
    now = datetime(2026, 12, 31, 23, 30, tzinfo=timezone.utc)  # in Madrid it is half past midnight already
    document = parsed(samples.report(samples.fleet()[:1], now=now))
    assert "Fri 1 Jan 2027, 00:30 Madrid" in texts("//header//dd", document)

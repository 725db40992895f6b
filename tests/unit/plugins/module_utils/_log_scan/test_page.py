# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a scan as text: nothing from outside becomes markup, nothing is loaded, it says what is so, and stays small."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any, List, Tuple

import pytest
from ansible_collections.day2.ops.plugins.module_utils._log_scan import page
from ansible_collections.day2.ops.plugins.module_utils._log_scan.collect import Collector
from ansible_collections.day2.ops.plugins.module_utils._log_scan.merge import merge
from ansible_collections.day2.ops.plugins.module_utils._log_scan.model import Hit, Place
from ansible_collections.day2.ops.plugins.module_utils._log_scan.page_style import STYLE
from ansible_collections.day2.ops.plugins.module_utils._log_scan.report_model import LogReport
from ansible_collections.day2.ops.tests.support import log_reports as samples
from ansible_collections.day2.ops.tests.support.effort import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as parser


def rendered(report: LogReport) -> str:
    text = "".join(page.render(report))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def parsed(report: LogReport) -> Any:
    return parser.document_fromstring(rendered(report).encode("utf-8"), parser=parser.HTMLParser(encoding="utf-8"))


def texts(path: str, document: Any) -> List[str]:
    return [re.sub(r"\s+", " ", element.text_content()).strip() for element in document.xpath(path)]


def shape(report: LogReport) -> List[Tuple[str, Tuple[str, ...]]]:
    """The elements of a page and the names of their attributes: what a text must never change."""
    return [(element.tag, tuple(element.attrib)) for element in parsed(report).iter() if isinstance(element.tag, str)]


HOST, FLEET = parsed(samples.report()), parsed(samples.fleet())
ATTACKS = st.sampled_from(
    [
        "</script>",
        "<script>alert(1)</script>",
        "<!--",
        '"',
        "'",
        "<",
        "&",
        "</pre>",
        "</svg>",
        "</style>",
        '" onclick="x',
        "\u202e",
        "\x00",
        "]]>",
    ]
)
TEXT = st.lists(ATTACKS | st.text(max_size=5), min_size=1, max_size=4).map(lambda parts: "x" + "".join(parts) + "y")


def attacked(text: str) -> LogReport:
    """A fleet's report with the text in every place that a text can come to."""
    collector = Collector([samples.pattern(text, "high", message=f"{text} {{f}}", pattern_set=text)], ("f",))
    for number in range(2):
        hit = Hit(text, number, text.encode("utf-8", "replace"), {"f": text})
        around = [text.encode("utf-8", "replace")]
        collector.add(hit, Place(text, number, None), samples.NOON.replace(hour=number), around, around)
    event = {"cause": text, "path": text, "detail": text}
    ledger = {**samples.LEDGER, "path": text, "gap": 1, "pending": 1, "pending_cause": text, "gap_causes": [text]}
    result = samples.result(collector, [{**ledger, "events": [event], "unreadable": text}], [text])
    result.update(engine=text, run_id=text, summary={"sentence": text})
    merged = merge({f"host {text}": result}, [f"silent {text}"], {f"silent {text}": text}, text)
    merged["summary"]["sentence"] = text
    return samples.report(merged, host="", name=text, version=text, title=text)


PLAIN_SHAPE = shape(attacked("plain"))


@settings(derandomize=True, max_examples=tries(25))
@given(TEXT)
def test_no_text_is_ever_more_than_text(text: str) -> None:
    report = attacked(text)
    assert shape(report) == PLAIN_SHAPE
    assert "</script><" not in rendered(report).partition("<main")[2].partition("<script>")[0]


def test_the_page_loads_nothing_and_runs_its_own_script_only() -> None:
    text = rendered(samples.report())
    assert not re.search(r'(src|href)="(?!#|data:)', text) and "url(" not in STYLE and "@import" not in STYLE
    digest = base64.b64encode(hashlib.sha256(page.PAGE.scripts.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text and text.count("<script") == 1
    assert " style=" not in text and " on" not in "".join(str(dict(e.attrib)) for e in HOST.iter() if e.tag == "script")


def test_what_is_there_for_ears_and_keyboards() -> None:
    for document in (HOST, FLEET):
        ids = document.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert set(document.xpath("//@aria-labelledby")) <= set(ids)
        assert not document.xpath("//svg[not(@aria-hidden) and not(@aria-label)]")
        assert document.xpath("//a[@class='skip']/@href") == ["#found"]


def test_what_the_cards_say() -> None:
    found, read = texts("//div[@class='cards']/section", HOST)
    assert found == "Found1critical423high135medium0low12 more below the threshold of their pattern."
    assert read.startswith("Read864 MBnew in 21 logs2.1 MB lost before it could be read1 log could not be read")
    assert "2did not answer" in texts("//div[@class='cards']/section", FLEET)[1]


def test_a_row_for_each_pattern_the_worst_first() -> None:
    assert texts("//*[@id='found']//details/summary//span[@class='name']", HOST) == [
        "The kernel killed postgres for want of memory",
        "Failed log-in of ‹user› from ‹client_ip›",
        "No space left on /var",
        "‹status› for ‹path›",
        "AttributeError: 'NoneType' object has no attribute 'items'",
        "A query took 4 s",
    ]
    assert texts("//*[@id='found']//summary/b", HOST) == ["1", "420", "3", "130", "5", "12"]
    assert texts("//summary//*[@class='flag']", HOST) == ["below its threshold"]


def test_a_row_unfolds_to_facts_values_and_samples() -> None:
    row = "//details[.//bdi[text()='failed_password']]"
    assert texts(f"{row}//dd", HOST)[2].startswith("20 matches within 5 minutes; the most were")
    assert texts(f"{row}//*[@class='top-n']/li[1]", HOST)[0].startswith("203.0.113.7")
    assert texts(f"{row}//h3", HOST) == ["client_ip", "Samples 5 of 420"]
    assert len(HOST.xpath(f"{row}//li[@data-member]")) == 5
    assert texts("//details[.//bdi[text()='oom_kill']]//*[@class='around']", HOST) == [
        "kernel: postgres invoked oom-killer: gfp_mask=0x140cca"
    ]


def test_gaps_and_what_cannot_be_read_are_marked_and_come_first() -> None:
    rows = texts("//*[@id='logs']//tbody/tr", HOST)
    assert "unreadable" in rows[0] and "permission denied" in rows[0]
    assert "gap" in rows[1] and "2.1 MB lost: copytruncate window, vanished" in rows[1]
    assert texts("//*[@class='quiet-logs']/summary", HOST) == ["14 logs with nothing new"]


def test_hosts_that_did_not_answer_come_first_and_say_why() -> None:
    rows = texts("//*[@id='hosts']//tbody/tr", FLEET)
    assert len(rows) == 6
    assert rows[1] == "web-3.example.comno answerconnection timed out"
    assert not HOST.xpath("//*[@id='hosts']")


def test_columns_of_the_histogram_have_the_numbers_of_their_samples() -> None:
    columns = set(HOST.xpath("//*[@class='col']/@data-c"))
    assert set(HOST.xpath("//li/@data-c")) <= columns
    assert set(HOST.xpath("//*[contains(@class, 'strip')]//rect/@data-c")) == columns
    assert (
        sum(
            int(re.sub(r"\D", "", text.rpartition(":")[2]))
            for text in texts("//*[contains(@class,'strip')]//title", HOST)
        )
        == 571
    )


def test_a_year_that_is_not_the_usual_one_is_said() -> None:
    document = parsed(samples.hostile())
    assert texts("//*[@id='found']//dl//time", document) == ["28 Nov 1970, 12:00:00", "28 Nov, 12:00:00"]
    assert "1 more than a year earlier" in texts("//*[@id='timeline']/p", document)[0]


def test_nothing_found_is_said() -> None:
    document = parsed(samples.quiet())
    assert texts("//*[@class='overall o-ok']", document) == ["Nothing found"]
    assert texts("//*[@id='found']/p", document) == ["No pattern matched anything that was read."]
    assert not document.xpath("//*[@id='timeline' or @id='tools']")


@pytest.mark.parametrize("more, words", [({"check_mode": True}, "check mode"), ({}, "web-1.example.com")])
def test_the_facts_of_the_run(more: Any, words: str) -> None:
    assert words in texts("//header//dl", parsed(samples.report(**more)))[0]


def test_a_result_that_comes_again_says_so() -> None:
    assert (
        "not acknowledged"
        in texts("//header//dl", parsed(samples.report({**samples.result(), "redelivered": True})))[0]
    )


def test_however_much_there_is_the_page_stays_small() -> None:
    assert len(rendered(samples.many(405, 2))) < 3_500_000
    long = Collector([samples.pattern(f"p{number}") for number in range(140)], (), 6)
    for number in range(140):
        for each in range(6):
            long.add(Hit(f"p{number}", each, b"long " * 1600, {}), Place("/1", each, each), samples.NOON)
    text = rendered(samples.report(samples.result(long)))
    assert len(text) < 3_000_000 and "Its samples are in the JSON report." in text

# Copyright (c) 2026, day2.ops contributors
# GNU General Public License v3.0-or-later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source as ansible-rulebook has it: a file that is run by its path, and a task that is cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import runpy
import shutil
import signal
from pathlib import Path
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, Iterator, List, Optional, Set

import pytest
import yaml
from ansible_collections.day2.ops.plugins.module_utils._log_scan.arguments import PATTERN_SETS
from ansible_collections.day2.ops.plugins.module_utils._log_scan.following import ARGUMENTS
from ansible_collections.day2.ops.plugins.module_utils._log_scan.options import parse_options
from ansible_collections.day2.ops.plugins.module_utils._log_scan.patterns import parse_patterns
from ansible_collections.day2.ops.tests.support.log_place import PATTERN

ROOT = Path(__file__).resolve().parents[4]
SOURCE = ROOT / "extensions/eda/plugins/event_source/log_follow.py"
RULEBOOK = ROOT / "extensions/eda/rulebooks/log_follow.yml"
PATIENCE = 60.0  # seconds for what takes well under one

Event = Dict[str, Any]


class Host:
    """A host with a log that is followed."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "app.log"
        self.args: Dict[str, Any] = {
            "paths": [str(self.log)],
            "patterns": PATTERN,
            "state_dir": str(folder / "state"),
            "first_run": "beginning",
            "interval": 0.02,
        }
        self.source = SOURCE

    def write(self, *words: str) -> None:
        with self.log.open("a", encoding="utf-8") as file:
            file.writelines(f"FOUND {word}\n" for word in words)

    @contextlib.asynccontextmanager
    async def followed(self, room: int = 0, **more: Any) -> AsyncIterator["Followed"]:
        """The source while it runs; ``room``: for so many events on its queue."""
        before = children()
        queue: "asyncio.Queue[Event]" = asyncio.Queue(room)
        main: Callable[..., Awaitable[None]] = runpy.run_path(str(self.source))["main"]
        task = asyncio.ensure_future(main(queue, {**self.args, **more}))
        followed = Followed(queue, task)
        try:
            yield followed
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait_for(task, PATIENCE)
            assert children() == before, "a process was left behind"


class Followed:
    """What a rulebook sees of a source."""

    def __init__(self, queue: "asyncio.Queue[Event]", task: "asyncio.Future[None]") -> None:
        self.queue = queue
        self.task = task

    async def event(self) -> Event:
        return await asyncio.wait_for(self.queue.get(), PATIENCE)

    async def events(self, number: int) -> List[Event]:
        return [await self.event() for _each in range(number)]

    async def acknowledged(self, run_id: str, host: Host) -> None:
        """Wait until a run is known to have arrived."""
        state = Path(host.args["state_dir"])

        async def there() -> None:
            # A receipt, or the state of a later run.
            while not list(state.glob("*.ack")) and run_id in (state / "log_follow.json").read_text(encoding="utf-8"):
                await asyncio.sleep(0.005)

        await asyncio.wait_for(there(), PATIENCE)


def words(events: List[Event]) -> List[str]:
    return [event["fields"]["what"] for event in events]


def children() -> Set[int]:
    """The processes that this one has started and that are still there."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1] == str(os.getpid()):
                found.add(int(stat.parent.name))
    return found


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where compiled files lie, so that each process need not compile the room anew."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture
def host(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(compiled))
    yield Host(tmp_path)


# --- following ----------------------------------------------------------------------------------------------------------


def test_through_rotation_and_restarts(host: Host) -> None:
    """Each line once: written before, while the source runs, and while it does not, wherever it went since."""
    rotated = host.log.with_name("app.log.1")

    async def run() -> List[Event]:
        found: List[Event] = []
        host.write("before")
        async with host.followed() as source:
            found += await source.events(1)
            host.write("running")
            found += await source.events(1)
            host.write("last")
            host.log.rename(rotated)
            host.write("new")
            found += await source.events(2)
            await source.acknowledged(found[-1]["run_id"], host)
        host.write("down")
        rotated.rename(host.log.with_name("app.log.2"))
        host.log.rename(rotated)
        host.write("newer")
        async with host.followed() as source:
            found += await source.events(2)
            await asyncio.sleep(0)
            assert source.queue.empty()
        return found

    events = asyncio.run(run())
    assert words(events) == ["before", "running", "last", "new", "down", "newer"]
    assert not any(event["redelivered"] for event in events)
    assert events[0]["text"] == "FOUND before" and events[0]["line"] == 1
    assert (events[2]["path"], events[2]["offset"]) == (str(rotated), len("FOUND before\nFOUND running\n"))


def test_cancelled_in_mid_way_nothing_is_lost(host: Host) -> None:
    """The queue is full, and some events are on it: all of the run come again, under the ids they had."""
    numbers = [f"n{number}" for number in range(10)]

    async def run() -> "tuple[List[Event], List[Event]]":
        host.write(*numbers)
        async with host.followed(room=1) as source:
            before = await source.events(3)
            while not source.queue.full():
                await asyncio.sleep(0.005)
            before.append(source.queue.get_nowait())
        host.write("after")
        async with host.followed() as source:
            return before, await source.events(len(numbers) + 1)

    before, after = asyncio.run(run())
    assert words(after) == [*numbers, "after"]
    assert [event["id"] for event in before] == [event["id"] for event in after[: len(before)]]
    assert [event["redelivered"] for event in after] == [True] * len(numbers) + [False]
    uuids = [event["meta"]["uuid"] for event in after]
    assert [event["meta"]["uuid"] for event in before] == uuids[: len(before)] and len(set(uuids)) == len(uuids)


def test_with_feedback_events_on_the_queue_have_not_arrived(host: Host) -> None:
    """Only what the rules have been given has; a filter may have made two of one."""

    async def run() -> "tuple[List[Event], List[Event]]":
        host.write("one", "two")
        feedback: "asyncio.Queue[Event]" = asyncio.Queue(1)
        async with host.followed(eda_feedback_queue=feedback, feedback=True) as source:
            lost = await source.events(1)
            await feedback.put(lost[0])
            await feedback.put(lost[0])
            lost += await source.events(1)
        feedback = asyncio.Queue(1)
        found: List[Event] = []
        async with host.followed(eda_feedback_queue=feedback, feedback=True) as source:
            for _each in lost:
                found.append(await source.event())
                assert source.queue.empty()
                await feedback.put(found[-1])
            await source.acknowledged(found[-1]["run_id"], host)
            host.write("three")
            return lost, [*found, await source.event()]

    lost, found = asyncio.run(run())
    assert (words(lost), words(found)) == (["one", "two"], ["one", "two", "three"])
    assert [event["redelivered"] for event in found] == [True, True, False]


def test_cancelled_while_it_searches(host: Host) -> None:
    """It does not wait for an expression that does not end."""
    lock = Path(host.args["state_dir"]) / "log_follow.lock"

    async def run() -> Event:
        host.write("a" * 40 + "!")
        async with host.followed(patterns={"bomb": {"regex": r"FOUND (a+)+$"}}):
            while not lock.exists():
                await asyncio.sleep(0.005)
        host.write("it")
        async with host.followed(patterns={"found": {"regex": r"FOUND (?P<what>it)"}}) as source:
            return await source.event()

    assert words([asyncio.run(run())]) == ["it"]


def test_a_searching_process_that_dies_loses_nothing(host: Host) -> None:
    async def run() -> List[Event]:
        host.write("first")
        others = children()
        async with host.followed() as source:
            first = await source.event()
            await source.acknowledged(first["run_id"], host)
            (child,) = children() - others
            os.kill(child, signal.SIGKILL)
            problem = await source.event()
            host.write("second")
            return [first, problem, await source.event()]

    first, problem, second = asyncio.run(run())
    assert (problem["kind"], problem["name"]) == ("problem", "log_follow") and "ended" in problem["message"]
    assert words([first, second]) == ["first", "second"]
    assert set(problem) >= {"kind", "id", "run_id", "redelivered", "host", "name", "message", "path", "gap", "causes"}


def test_what_was_left_for_want_of_time_follows_at_once(host: Host) -> None:
    """Not after the interval, which is a day here; nor is it only then that events are known to have arrived."""

    async def run() -> List[Event]:
        host.write("one")
        shutil.copyfile(host.log, host.log.with_name("other.log"))
        more = {"paths": [str(host.log.with_name("*.log"))], "max_bytes": 1, "interval": "1d"}
        async with host.followed(**more) as source:
            found = await source.events(2)
            await source.acknowledged(found[-1]["run_id"], host)
        host.write("two")
        async with host.followed(**more) as source:
            return [*found, await source.event()]

    first, second, third = asyncio.run(run())
    assert first["run_id"] != second["run_id"] and first["path"] != second["path"]
    assert words([third]) == ["two"]


def test_more_than_samples_show(host: Host) -> None:
    async def run() -> List[Event]:
        host.write("a", "b", "c", "d", "e")
        async with host.followed(max_samples=2) as source:
            return await source.events(3)

    *samples, count = asyncio.run(run())
    assert words(samples) == ["a", "e"]
    assert (count["kind"], count["pattern"], count["count"], count["samples"]) == ("count", "found", 5, 2)


# --- the event loop -----------------------------------------------------------------------------------------------------


async def ticks(until: "asyncio.Future[Any]") -> int:
    """How often others have their turn until something is done."""
    count = 0
    while not until.done():
        await asyncio.sleep(0.01)
        count += 1
    return count


def test_others_have_their_turn_while_an_expression_does_not_end(host: Host) -> None:
    """It is interrupted after two seconds, which only the main thread of a process can do, and told."""

    async def run() -> "tuple[int, List[Event]]":
        host.write("a" * 40 + "!", "it")
        bomb = {"bomb": {"regex": r"FOUND (a+)+$"}, **PATTERN}
        async with host.followed(patterns=bomb) as source:
            events = asyncio.ensure_future(source.events(3))
            return await ticks(events), await events

    turns, events = asyncio.run(run())
    assert turns >= 20
    assert [event["kind"] for event in events] == ["match", "match", "problem"]
    assert "bomb was disabled" in events[-1]["message"]


def test_others_have_their_turn_between_events_and_when_there_are_none(host: Host) -> None:
    async def run() -> "tuple[int, int]":
        host.write(*map(str, range(200)))
        async with host.followed(max_samples=200) as source:
            first = await source.event()
            left = asyncio.ensure_future(source.events(199))
            turns = 0
            while not left.done():
                await asyncio.sleep(0)
                turns += 1
            await source.acknowledged(first["run_id"], host)
            idle = await ticks(asyncio.ensure_future(asyncio.sleep(0.3)))
            assert source.queue.empty() and not source.task.done()
            return turns, idle

    turns, idle = asyncio.run(run())
    assert turns >= 100 and idle >= 5


# --- what a rulebook gives it -------------------------------------------------------------------------------------------


def test_arguments_that_make_no_sense_end_the_source(host: Host) -> None:
    async def run() -> None:
        async with host.followed(reset=True) as source:
            await asyncio.wait_for(source.task, PATIENCE)

    with pytest.raises(ValueError, match=r"day2\.ops\.log_follow: reset: there is no such option"):
        asyncio.run(run())


def test_it_needs_nothing_but_the_collection(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installed elsewhere, among files that are named as modules of the standard library."""
    shutil.copytree(ROOT / "plugins/module_utils", tmp_path / "day2/ops/plugins/module_utils")
    host.source = tmp_path / "day2/ops" / SOURCE.relative_to(ROOT)
    host.source.parent.mkdir(parents=True)
    shutil.copyfile(SOURCE, host.source)
    for folder in (tmp_path, host.source.parent):
        (folder / "subprocess.py").write_text("raise SystemExit('not that one')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    async def run() -> Event:
        host.write("it")
        async with host.followed() as source:
            return await source.event()

    assert asyncio.run(run())["text"] == "FOUND it"


# --- documentation ------------------------------------------------------------------------------------------------------


def documented() -> Dict[str, Any]:
    found: Dict[str, Any] = yaml.safe_load(runpy.run_path(str(SOURCE))["DOCUMENTATION"])
    return found


def essence(options: Any) -> Any:
    """What documentation and specification both say of options."""
    return {
        name: {
            "type": rules.get("type"),
            "default": rules.get("default"),
            "choices": sorted(rules.get("choices", ())),
            "elements": rules.get("elements"),
            "options": essence(rules.get("suboptions") or rules.get("options") or {}),
        }
        for name, rules in options.items()
    }


def test_documentation_is_what_is_taken() -> None:
    of_rulebook = {"feedback": {"type": "bool", "default": False}}
    assert essence(documented()["options"]) == essence({**ARGUMENTS, **of_rulebook})


@pytest.mark.parametrize("text", [RULEBOOK.read_text("utf-8"), runpy.run_path(str(SOURCE))["EXAMPLES"]])
def test_examples_are_right(text: str) -> None:
    """Their arguments are taken, and their rules speak of patterns and fields that there are."""
    known = {pattern.name for pattern in parse_patterns({}, PATTERN_SETS, "")}
    defaults = {name: rules.get("default") for name, rules in ARGUMENTS.items()}
    spoken = set(re.findall(r"\bC?\(?(\w+)", " ".join(documented()["description"])))
    (rulebook,) = yaml.safe_load(text)
    (source,) = rulebook["sources"]
    given: Optional[Dict[str, Any]] = source["day2.ops.log_follow"]
    assert given and set(given) <= set(ARGUMENTS)
    task = {"lock_timeout": 1, "max_returned": 1, "fail_on": "never", "ack": "manual", "receipt": True}
    rest = {"reset": False, "reports": [], "progress_file": None}
    assert parse_options({**defaults, **task, **rest, **given}).paths
    for rule in rulebook["rules"]:
        assert set(re.findall(r'"(\w+\.\w+)"', rule["condition"])) <= known
        fields = set(re.findall(r"\bevent\.(\w+)", yaml.safe_dump(rule)))
        assert fields and fields <= spoken

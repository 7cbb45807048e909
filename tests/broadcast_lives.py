"""Three broadcasts through bots that die anywhere: one is paused, goes on and is corrected half
way, one is retracted, and one is cancelled for those who wait.

What everybody ends with is read from the phones, and what came to them from the sandbox's own log;
the reports must say the same. Who had the wrong words is told, and so is whoever may have them on a
message that nobody knows of: that one cannot be mended.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, Final

from bot.outbox import AT_ONCE
from bot.sandbox.faults import Cut, Flood, Trouble
from dialogs.announcement import Audience, Circle, Mended, Priority, Stage, State
from dialogs.screens import Card, Line, Own
from storage import subscribers
from tests.outbox_lives import NOW_AND_THEN, lives
from tests.outbox_office import office, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.sandbox import Phone
    from bot.sandbox.faults import Fault
    from bot.sandbox.log import Entry
    from dialogs.announcement import Announcement
    from tests.outbox_lives import Lives
    from tests.outbox_office import Office

SUBSCRIBERS: Final = Audience(Circle.SUBSCRIBERS)
LANGUAGES: Final = ("fi", "fi", "fi", "sv", "en")
"""What people read, in turn."""

CHANGED: Final = ("fi", "sv")
"""The languages that are corrected."""

BLOCKED: Final = 20
"""One of so many has blocked the bot."""


@dataclass
class Toll:
    """What the kills came to, in numbers."""

    people: int = 0
    kills: int = 0
    in_hand: int = 0  # at the kills, together, by the database
    messages: int = 0  # that arrived, by Telegram's own log
    doubled: int = 0  # of them, those that came a second time
    cut: int = 0  # that arrived, and whose answer did not
    edited: int = 0
    deleted: int = 0
    told: int = 0  # of the correction
    left: int = 0  # wrong messages that nobody knows of; their owners were told

    def add(self, other: Toll) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def rows(self) -> list[tuple[str, int]]:
        return [
            ("kills", self.kills),
            ("people", self.people),
            ("messages that arrived", self.messages),
            ("in hand at a kill", self.in_hand),
            ("arrived, with its answer cut off", self.cut),
            ("came twice", self.doubled),
            ("edited where they were received", self.edited),
            ("deleted where they were received", self.deleted),
            ("told of the correction", self.told),
            ("wrong words left, whose reader was told", self.left),
        ]

    def __str__(self) -> str:
        return "broadcasts: " + ", ".join(f"{name} {number}" for name, number in self.rows())


@dataclass
class Crowd:
    """Subscribers, by chat: their phones, and what they read."""

    phones: dict[int, Phone]
    languages: dict[int, str]
    blocked: set[int] = field(default_factory=set)

    @property
    def reached(self) -> set[int]:
        return set(self.phones) - self.blocked


async def crowd(here: Office, people: int) -> Crowd:
    phones = [here.sandbox.phone("Maija", "fi", on_page=False) for _ in range(people)]
    read = {
        phone.chat_id: LANGUAGES[number % len(LANGUAGES)] for number, phone in enumerate(phones)
    }
    await subscribers.add_all(here.store, read.items())
    for phone in phones:
        phone.chat.begun = True
    for phone in phones[::BLOCKED]:
        phone.chat.blocked = True
    blocked = {phone.chat_id for phone in phones[::BLOCKED]}
    return Crowd({phone.chat_id: phone for phone in phones}, read, blocked)


class Broadcasts:
    """What coordinators do meanwhile, each when so many have got what is sent."""

    def __init__(self, here: Office, people: int) -> None:
        self._here = here
        self._people = people
        self.while_held = 0  # that came of the first one nevertheless
        self.before_cancel = 0  # that had come of the last one

    def said(self, *languages: str, name: str, text: str, **more: Any) -> Announcement:
        cards = {
            language: Card(language, ((Line(Own(f"{text} ({language})")),),))
            for language in languages or ("fi", "sv", "en")
        }
        about: dict[str, Any] = {
            "cards": cards,
            "audience": SUBSCRIBERS,
            "priority": Priority.BROADCAST,
        }
        return self._here.announcement(name, **{**about, "only": True, **more})

    def came(self, text: str) -> list[Entry]:
        return [e for e in self._here.sandbox.log.arrived if e.text.startswith(text)]

    async def _when(self, text: str, share: float) -> None:
        """Until so many have got it."""
        await until(lambda: len(self.came(text)) >= share * self._people, 0.02)

    async def begin(self) -> None:
        now = self._here.wall()
        for minutes, name in enumerate(("A", "B", "C")):
            due = now - timedelta(minutes=9 - minutes)
            await self._here.announces(self.said(name=name, text=f"{name}1", due=due))

    async def go(self) -> None:
        here = self._here
        await self._when("A", 0.2)
        await here.holds("A")
        before = len(self.came("A"))
        await self._when("B", 0.2)
        self.while_held = len(self.came("A")) - before
        await here.goes_on("A")
        await self._when("A", 0.5)
        notice = Audience(Circle.RECEIVED, "A")
        await here.changes(
            plan=[self.said(*CHANGED, name="A notice", text="news of A", audience=notice)],
            correct=[self._corrected()],
        )
        await self._when("B", 0.5)
        doubted = Audience(Circle.DOUBTED, "B")
        await here.changes(
            plan=[self.said(name="B notice", text="news of B", audience=doubted)],
            retract=[self.said(name="B", text="B gone", retracts=True)],
        )
        await self._when("C", 0.3)
        await here.withdraws("C")
        self.before_cancel = len(self.came("C"))

    def _corrected(self) -> Announcement:
        new = self.said(name="A", text="A2")
        old = self.said(name="A", text="A1")
        kept = {language: card for language, card in old.cards.items() if language not in CHANGED}
        return self.said(name="A", text="A2", cards={**new.cards, **kept})


async def broadcast(here: Office, those: Lives, chance: Random, *, people: int, kills: int) -> Toll:
    """Raises AssertionError where somebody ends with wrong words and is not told, where more come
    twice than were in hand, or where a report says something else than Telegram's own log."""
    everybody = await crowd(here, people)
    coordinators = Broadcasts(here, people)
    await coordinators.begin()
    toll = Toll(people)
    those.begins()
    working = asyncio.create_task(coordinators.go())

    def over() -> bool:
        if working.done():
            working.result()
        return working.done() and those.done()

    for left in range(kills, 0, -1):
        to_come = max(0, 3.5 * people - _calls(here))
        target = _calls(here) + chance.randrange(1, int(2 * to_come // (left + 1)) + 2)
        await _until_either(partial(_reached, here, target), over)
        await asyncio.sleep(chance.uniform(0, 0.06))
        in_hand = await those.dies()
        assert in_hand <= AT_ONCE
        toll.in_hand += in_hand
        toll.kills += 1
        those.begins()
    await until(over, NOW_AND_THEN)
    await those.dies()
    log = here.sandbox.log
    toll.messages = len(log.arrived)
    toll.cut = sum(entry.fault == "cut after" for entry in log.arrived)
    await _is_right(here, everybody, coordinators, toll)
    return toll


async def _until_either(reached: Callable[[], bool], over: Callable[[], bool]) -> None:
    looks = 0

    def either() -> bool:
        nonlocal looks
        looks += 1
        # Whether all is over is asked of the database: whoever reads it holds up the outbox.
        return reached() or (looks % 100 == 0 and over())

    await until(either, 0.005)


def _reached(here: Office, calls: int) -> bool:
    return _calls(here) >= calls


def _calls(here: Office) -> int:
    return len(here.sandbox.log) + len(here.sandbox.log.changes)


async def _is_right(here: Office, crowd: Crowd, broadcasts: Broadcasts, toll: Toll) -> None:
    came = {
        text: Counter(entry.chat_id for entry in broadcasts.came(text))
        for text in ("A", "A1", "B", "C", "news of A", "news of B")
    }
    toll.doubled = sum(
        sum(chats.values()) - len(chats) for text, chats in came.items() if text != "A1"
    )
    assert toll.doubled <= toll.in_hand + toll.cut
    assert broadcasts.while_held <= AT_ONCE
    assert came["C"].total() - broadcasts.before_cancel <= AT_ONCE
    await _corrected_is_right(here, crowd, came, toll)
    await _retracted_is_right(here, crowd, came, toll)
    report = await here.report("C")
    assert report.stage is Stage.ENDED
    # Who was in hand at a kill and cancelled then may have got it, unheard of.
    assert 0 <= len(came["C"]) - report.number(State.SENT) <= toll.in_hand + toll.cut


async def _corrected_is_right(
    here: Office, crowd: Crowd, came: dict[str, Counter[int]], toll: Toll
) -> None:
    report, notice = await here.report("A"), await here.report("A notice")
    assert set(came["A"]) == crowd.reached
    blocked, reached = len(crowd.blocked), len(crowd.reached)
    assert report.counts == {State.SENT: reached, State.LEFT: blocked}
    for chat in crowd.reached:
        language = crowd.languages[chat]
        changed = language in CHANGED
        shown = [one.text for one in crowd.phones[chat].messages if one.text.startswith("A")]
        right = f"A{2 if changed else 1} ({language})"
        assert right in shown
        wrong = len(shown) - shown.count(right)
        assert wrong < came["A"][chat]  # none but what came twice
        toll.left += wrong
        if changed and came["A1"][chat]:
            assert came["news of A"][chat]
    toll.edited = len({entry.chat_id for entry in _changed(here, "editMessageText")})
    assert report.mended == {Mended.EDITED: toll.edited}
    assert report.doubled >= sum(times > 1 for times in came["A"].values())
    # Who was in hand may not have got the first words, but is told all the same.
    for_nothing = [chat for chat in came["news of A"] if not came["A1"][chat]]
    assert len(for_nothing) <= toll.in_hand + toll.cut
    toll.told = len(came["news of A"])
    assert notice.number(State.SENT) == toll.told


async def _retracted_is_right(
    here: Office, crowd: Crowd, came: dict[str, Counter[int]], toll: Toll
) -> None:
    report, notice = await here.report("B"), await here.report("B notice")
    for chat in crowd.reached:
        shown = [one.text for one in crowd.phones[chat].messages if one.text.startswith("B")]
        toll.left += len(shown)
        assert not shown or came["news of B"][chat]
    toll.deleted = len({entry.chat_id for entry in _changed(here, "deleteMessage")})
    assert report.mended == {Mended.DELETED: toll.deleted}
    assert report.number(State.SENT) == toll.deleted
    assert report.stage is Stage.ENDED
    assert set(report.counts) <= {State.SENT, State.WITHDRAWN, State.LEFT}
    assert notice.number(State.SENT) == len(came["news of B"])
    assert len(came["news of B"]) <= toll.in_hand + toll.cut + len(
        [entry for entry in here.sandbox.log if entry.fault]
    )


def _changed(here: Office, method: str) -> list[Entry]:
    """What was changed so, by Telegram's own log."""
    changes = here.sandbox.log.changes
    return [entry for entry in changes if entry.method == method and not entry.refusal]


async def broadcasted(folder: Path, seed: int, people: int = 1000, kills: int = 20) -> Toll:
    """The long form: the same, in front of a Telegram that has its troubles."""
    chance = Random(seed)
    async with office(folder) as here, lives(here, folder) as those:
        troubles: dict[Fault, float] = {
            Cut(before=False): 0.01,
            Cut(before=True): 0.01,
            Trouble(): 0.01,
            Flood(1): 0.001,
        }
        for method in ("sendMessage", "editMessageText", "deleteMessage"):
            here.sandbox.faults.storm(method, troubles, chance)
        return await broadcast(here, those, chance, people=people, kills=kills)

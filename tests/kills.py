"""People who answer and apply while the bot is killed under their hands.

First somebody goes the whole way undisturbed, deciding from the card alone: a `Walk`, the cards as
they stood and what was done with each. Others then do the same while the bot dies; whenever it is
back and has dealt with what waited, the card that stands last on their phone must be the one that
follows what they did. They have to do nothing again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot import app
from bot.render import Renderer
from dialogs.screens import Say
from storage import applications
from tests.county import BEGINS, HELSINKI
from tests.mortal import mortal
from tests.pool import waiting
from tests.reader import LANGUAGES, Reader, Tap, Write

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence
    from pathlib import Path
    from random import Random

    from bot.sandbox import Message
    from tests.mortal import Mortal, Starter

FAR: Final = 60
"""Deeds; half of them lead to the end."""
BETWEEN: Final = 7
"""Seconds between two things a person does."""
LAST_DAY: Final = "2027-02-08"

OPEN_QUESTIONS: Final = ("means", "what_happened", "change")
"""The survey's, in their order."""
CLOSED: Final = {
    "for_whom": "myself",
    "respected": 1,
    "easy_to_reach": 1,
    "understood": 1,
    "obstacles": ["distance"],
    "unequal": "yes",
    "situation": ["booking"],
    "spoke_up": "helped",
    "age_group": "under_30",
    "area": "jyvaskyla_region",
}
"""What everybody chooses in the survey: always the first."""
APPLIED: Final = {
    "staff": "no",
    "influence_body": "no",
    "old_enough": "yes",
    "commitment": "yes",
    "municipality": "hankasalmi",
    "age_band": "under_18",
    "experience": ["own_health"],
    "consent": True,
}
"""What everybody chooses in the application."""

MARK: Final = "q___"
"""Stands for a person's own mark wherever two people's cards or words are compared."""

HABITS: Final = ("patient", "prompt", "impatient", "twice", "pieces")
"""How people go about it: waiting for an answer each time; going by what stands on the phone,
whether the bot is back or not; typing what they tapped, when nothing comes of it; tapping twice,
quickly; writing each line as a message."""

RENDERER: Final = Renderer(HELSINKI)


class Wrong(AssertionError):  # noqa: N818 - what it is
    """What a person saw, or what was kept, is not what should be."""


@dataclass(frozen=True, slots=True)
class Card:
    """What stands last on a phone, without its person's own mark."""

    text: str
    labels: tuple[str, ...] = ()

    def is_(self, other: Card) -> bool:
        """Whether it is that card, with or without a notice above."""
        paragraphs = self.text.split("\n\n")
        return self.labels == other.labels and all(
            paragraph in paragraphs for paragraph in other.text.split("\n\n")
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the way: the card, how many messages the phone shows there, what is done next,
    and the steps the bot takes for that; at the end nothing is done."""

    card: Card
    shown: int
    deed: Tap | Write | None = None
    steps: tuple[str, ...] = ()


Walk = tuple[Place, ...]


class Resident:
    """Somebody who answers and applies, known by a mark that nobody else has."""

    def __init__(self, county: Mortal, language: str) -> None:
        self.language = language
        self.mark = f"q{len(county.sandbox.telegram.chats):03}"
        self.phone = county.sandbox.phone(self.mark, language)

    @property
    def card(self) -> Card:
        """What stands last of what the bot has said, and can be read."""
        said = [message for message in self.phone.messages if message.sender == "bot"]
        return Card("") if not said else _card(said[-1], self.mark)

    def does(self, deed: Tap | Write, *, habit: str = "patient") -> None:
        match deed:
            case Tap(label):
                last = next(m for m in reversed(self.phone.messages) if m.sender == "bot")
                button = next(b for row in last.rows for b in row if b.label == label)
                for _ in range(2 if habit == "twice" else 1):
                    self.phone.press(button, last.id)
            case Write(text):
                own = text.replace(MARK, self.mark)
                for piece in own.split("\n") if habit == "pieces" else [own]:
                    self.phone.type(piece)


def _number(deed: Tap | Write | None) -> str:
    """What somebody would type instead of the tap; '' where there is nothing to type."""
    numbered = re.match(r"\d+", deed.label) if isinstance(deed, Tap) else None
    return numbered[0] if numbered else ""


def _card(message: Message, mark: str) -> Card:
    labels = tuple(button.label for row in message.rows for button in row)
    return Card(message.text.replace(mark, MARK), labels)


def _words(phrase: str, language: str) -> str:
    return RENDERER.words(Say(phrase), language, BEGINS.date())


def reader(language: str) -> Reader:
    """Each open answer is in two lines; the Swede types the numbers of choices, and the Briton has
    the conversation removed."""
    return Reader(
        LANGUAGES[language],
        name=f"Kalevanpoika {MARK}",
        contact=f"{MARK}@kalevala.fi",
        words=[told(question) for question in (*OPEN_QUESTIONS, "why")],
        types=language == "sv",
        removes=language == "en",
    )


def told(question: str, mark: str = MARK) -> str:
    return f"Vesileima {mark} {question}.\nJa vielä {mark} {question}."


@contextlib.asynccontextmanager
async def living(folder: Path, starter: Starter, *, webhook: bool) -> AsyncIterator[Mortal]:
    """A county with the survey and the call open, and a bot that lives."""
    async with mortal(folder, starter, webhook=webhook) as county:
        await county.open("equality", LAST_DAY)
        await county.open("application", LAST_DAY)
        await county.start()
        yield county


async def walked(county: Mortal) -> dict[str, Walk]:
    """The whole way undisturbed, in each language. Ends the bot."""
    everybody = [Resident(county, language) for language in LANGUAGES]
    walks = {someone.language: await _walk(county, someone) for someone in everybody}
    await nothing_is_wrong(county, everybody)
    return walks


async def _walk(county: Mortal, someone: Resident) -> Walk:
    reads = reader(someone.language)
    places: list[Place] = []
    deed: Tap | Write | None = Write("/start")
    while deed is not None:
        card, shown, before = someone.card, len(someone.phone.messages), len(county.steps())
        someone.does(deed)
        county.clock.passes(seconds=BETWEEN)
        if not await county.settled():
            raise Wrong(f"the bot ended by itself:\n{county.logged()}")
        await county.rests()
        places.append(Place(card, shown, deed, tuple(county.steps()[before:])))
        card = someone.card
        if len(places) > FAR:
            raise Wrong(f"it has no end: {card}")
        deed = reads.next(card.text, card.labels)
    return (*places, Place(someone.card, len(someone.phone.messages)))


@dataclass
class Story:
    """What happened, in numbers."""

    persons: int = 0
    answers: int = 0  # responses, open answers and applications, each as it was given
    kills: Counter[str] = field(default_factory=Counter)  # by the step
    restarts: int = 0
    told_already: int = 0  # people told that their answers had arrived, instead of thanked
    asked_again: int = 0  # deeds that the bot said came before it had shown what they were for
    shown_again: int = 0  # messages beyond those of an undisturbed walk

    def add(self, other: Story) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class Journey:
    """Somebody's way along a walk, on which the bot is killed.

    `fuse` says, for a place, after how many of its steps; 0 is never, and one more than there are
    is when all is acknowledged. `again` says after how many steps the next life is killed too.
    `habit` is one of `HABITS`.
    """

    county: Mortal
    language: str
    walk: Walk
    fuse: Callable[[int], int] = lambda _: 0
    again: Callable[[int], int] = lambda _: 0
    habit: str = "patient"
    story: Story = field(default_factory=Story)

    def __post_init__(self) -> None:
        self.someone = Resident(self.county, self.language)
        self.at = 0
        self.typed_too = False  # what was tapped

    async def goes(self) -> None:
        """To the end. Raises Wrong where a person would not know how to go on."""
        while (deed := self.deed) is not None:
            steps = self.fuse(self.at)
            await self.county.rests()
            self.does(deed, steps)
            deeds = 1
            if not await self.lives(steps):
                deeds += self.goes_on()
                await self.is_back()
            await self.follows(deeds)
        self.ends()

    @property
    def deed(self) -> Tap | Write | None:
        return self.walk[self.at].deed

    def ends(self) -> None:
        self.story.persons += 1
        self.story.shown_again += len(self.someone.phone.messages) - self.walk[-1].shown

    def goes_on(self) -> int:
        """What the person does while the bot is away: how many deeds that is."""
        following = self.walk[self.at + 1]
        if self.habit == "prompt" and following.deed and self.someone.card.is_(following.card):
            self.does(following.deed)
            return 1
        number = _number(self.deed)
        if self.habit == "impatient" and number and self.someone.card == self.walk[self.at].card:
            self.does(Write(number))
            self.typed_too = True
        return 0

    def does(self, deed: Tap | Write, steps: int = 0) -> None:
        self.county.board.fuse = steps
        self.someone.does(deed, habit=self.habit)
        self.county.clock.passes(seconds=BETWEEN)

    async def lives(self, steps: int) -> bool:
        """Whether the bot has dealt with it all and lives."""
        there = self.walk[self.at].steps
        settled = await self.county.settled()
        if settled and 0 < steps <= len(there):
            # The last step of a delivery is after Telegram has its answer.
            settled = not await self.county.ends_soon()
        if settled and steps > len(there):
            await self.county.end()
            self.story.kills["after the acknowledgement"] += 1
        elif not settled:
            self.story.kills[self.county.steps()[-1]] += 1
        self.county.board.fuse = 0
        return self.county.alive

    async def is_back(self) -> None:
        for steps in (self.again(self.at), 0):
            self.story.restarts += 1
            self.county.board.fuse = steps
            await self.county.start()
            settled = await self.county.settled()
            self.county.board.fuse = 0
            if settled and self.county.alive:
                return
            if not steps:
                raise self.wrong("the bot ended by itself")
            self.story.kills[self.county.steps()[-1]] += 1

    async def follows(self, deeds: int) -> None:
        """Where the person is after so many deeds: no further back, and no further. Raises Wrong
        where the card that stands last is another."""
        if self.someone.phone.unanswered:
            raise self.wrong("a tap was left without an answer")
        if self.sending and _words("gone.sent", self.language) in self.someone.card.text:
            await self.goes_round()
            return
        card = self.someone.card
        there = self.walk[self.at + deeds].card
        noticed = deeds == 2 or self.habit == "pieces" or self.typed_too
        self.typed_too = False
        if card == there or (noticed and card.is_(there)):
            self.at += deeds
            return
        # What was done before the bot knew that its card had been seen: asked again, and so told.
        # Nothing is remembered of a menu, so a command that comes again brings it again.
        before = self.walk[self.at + 1].card
        if deeds == 2 and card.is_(before) and (card != before or self.at == 0):
            self.story.asked_again += 1
            self.at += 1
            return
        raise self.wrong("the card is not the one that follows")

    @property
    def sending(self) -> bool:
        says = LANGUAGES[self.language]
        return self.walk[self.at].deed in (Tap(says.send), Tap(says.send_and_remove))

    async def goes_round(self) -> None:
        """From what a tap on Send meets that was carried out before the kill, to the application by
        the menu."""
        self.story.told_already += 1
        apply = LANGUAGES[self.language].apply
        self.does(Tap(_words("button.home", self.language)))
        await self.county.settled()
        self.does(Tap(next(label for label in self.someone.card.labels if label.startswith(apply))))
        await self.county.settled()
        self.at += 2
        if self.someone.card != self.walk[self.at].card:
            raise self.wrong("the menu does not lead to the application")

    def wrong(self, what: str) -> Wrong:
        place = self.walk[self.at]
        last = [*self.county.steps()[-40:]]
        seen = "\n".join(
            f"{message.sender} {message.id}: {_card(message, self.someone.mark)}"
            for message in self.someone.phone.messages[-5:]
        )
        return Wrong(
            f"{what}: {self.language} at {self.at}, {place.deed}\n\n{seen}\n\n"
            f"kills: {self.story.kills}\nlast steps: {last}\n{self.county.logged()[-2000:]}"
        )


async def together(
    county: Mortal, walks: Mapping[str, Walk], chance: Random, story: Story, *, often: float = 0.5
) -> list[Resident]:
    """All at once, each in their language, while the bot is killed at random moments, some of them
    in its first breath; `often` is how likely that is for each thing they do. Raises Wrong."""
    journeys = [
        Journey(
            county,
            language,
            way,
            habit=chance.choice(HABITS),
            story=story,
        )
        for language, way in walks.items()
    ]
    while going := [journey for journey in journeys if journey.deed is not None]:
        deeds = {}
        for journey in going:
            journey.does(journey.deed)
            deeds[journey.language] = 1
        if chance.random() < often:
            await asyncio.sleep(chance.uniform(0, 0.1))
            await county.end()
            story.kills["at a random moment"] += 1
            for journey in going:
                deeds[journey.language] += journey.goes_on()
            while chance.random() < 0.3:
                county.begin()
                await asyncio.sleep(chance.uniform(0, 0.3))
                await county.end()
                story.kills["while starting"] += 1
                story.restarts += 1
            await going[0].is_back()
        elif not await county.settled():
            raise going[0].wrong("the bot ended by itself")
        for journey in going:
            await journey.follows(deeds[journey.language])
    for journey in journeys:
        journey.ends()
    return [journey.someone for journey in journeys]


async def first_start(county: Mortal, steps: int) -> str:
    """The bot is killed after so many steps of its very first start, in which it makes its keys and
    tables; then it starts anew. At which step that was, '' where it takes fewer. Raises Wrong."""
    county.board.fuse = steps
    await county.start()
    county.board.fuse = 0
    if county.alive:
        return ""
    killed = county.steps()[-1]
    someone = Resident(county, "fi")
    someone.does(Write("/start"))
    await county.start()
    if not await county.settled() or not someone.card.labels:
        raise Wrong(f"killed at {killed}, it does not start:\n{county.logged()}")
    await nothing_is_wrong(county, [])
    return killed


async def nothing_is_wrong(county: Mortal, people: Sequence[Resident]) -> int:
    """Ends the bot. Each of its `people` has one response and one application, each answer as it
    was given, and there is nothing else; how many answers that is. Raises Wrong."""
    await county.end()
    log = county.logged()
    if re.search(r"Traceback|^(ERROR|CRITICAL|WARNING)", log, re.MULTILINE):
        raise Wrong(f"the bot had something to say:\n{log[-4000:]}")
    for who in people:
        await _applied(county, who)
    with county.database() as kept:
        rows = {
            name: list(kept.execute(f"SELECT * FROM {name}"))  # noqa: S608 - our own names
            for name in ("drafts", "responses", "open_answers", "applications", "subscribers")
        }
        whole = kept.execute("PRAGMA integrity_check").fetchall()
    given = Counter((name, told(name, who.mark)) for who in people for name in OPEN_QUESTIONS)
    sent = waiting(county.folder)
    expected = {
        "the whole file": [("ok",)],
        "drafts": [],
        "subscribers": [],
        "applications": len(people),
        "out of the mix too early": [],
        "responses": [CLOSED] * len(people),
        "open answers": given,
    }
    found = {
        "the whole file": whole,
        "drafts": rows["drafts"],
        "subscribers": rows["subscribers"],
        "applications": len(rows["applications"]),
        "out of the mix too early": rows["responses"] + rows["open_answers"],
        "responses": [response.answers for response in sent],
        "open answers": Counter((o.question, o.text) for response in sent for o in response.opened),
    }
    if found != expected:
        odd = [name for name in found if found[name] != expected[name]]
        raise Wrong("\n".join(f"{name}: {found[name]}, not {expected[name]}" for name in odd))
    return len(sent) + given.total() + len(rows["applications"])


async def _applied(county: Mortal, who: Resident) -> None:
    async with app.kept(county.settings) as here:
        body = await applications.load(here.store, who.phone.chat_id, "application")
    own = {
        "full_name": f"Kalevanpoika {who.mark}",
        "contact": f"{who.mark}@kalevala.fi",
        "why": told("why", who.mark),
    }
    expected = {"language": who.language, "answers": APPLIED | own}
    if body is None or json.loads(body) != expected:
        raise Wrong(f"{who.mark} applied with {body!r}, not {expected}")

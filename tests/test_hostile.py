"""Whatever is sent, by whomever: nothing breaks, nothing wrong is kept, nothing becomes markup."""

from __future__ import annotations

import asyncio
import html
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from aiogram.types import Update
from hypothesis import given

from bot import adapter, chats, intake
from bot.chats import Chats
from bot.client import Client
from bot.phrases import Phrases
from bot.render import Renderer
from bot.speech import Speaker
from dialogs import answering, cards
from dialogs.buttons import Deed
from dialogs.events import Typed
from dialogs.forms import inputs, walk
from storage import drafts
from tests import hostile
from tests.hostile import HOSTILE, Counts, Words, World, one_of_five, plays, storm, world
from tests.tries import tries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Played = tuple[asyncio.Runner, World]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    with asyncio.Runner() as runner, pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.chats.PATIENCE", 60)  # see the fixture `patient`
        patch.setattr("bot.speech.PATIENCE", 60)
        opening = world(tmp_path_factory.mktemp("hostile"))
        yield runner, runner.run(opening.__aenter__())
        runner.run(opening.__aexit__(None, None, None))


@tries(16)
@given(plays, one_of_five)
def test_nothing_that_is_sent_breaks_the_bot_or_what_it_keeps(
    played: Played, steps: list[Any], finishing: bool
) -> None:
    runner, here = played
    runner.run(here.play(steps, finishing=finishing))


# One play that comes past everything

MARKUP = Words(HOSTILE[0], "before")
TEMPLATE = Words(HOSTILE[3], "after")
PLAY = [
    ("stride", 0, "equality", 15, 0, MARKUP),
    ("press", 0, Deed.CHANGE, 1),
    ("press", 0, Deed.NEXT, 0),
    ("press", 0, Deed.CHANGE, 6),
    ("type", 0, Words("3")),
    ("forward", 0, TEMPLATE),
    ("stride", 1, "safety", 6, 1, TEMPLATE),
    ("press", 1, Deed.BACK, 0),
    ("stride", 2, "application", 40, 2, TEMPLATE),
    ("stride", 0, "participation", 9, 0, MARKUP),
    ("link", 3, "equality"),
    ("stride", 3, "equality", 1, 1, MARKUP),
    ("raw", 3, TEMPLATE, {"caption": None, "quote": None, "reply_to_message": None}),
    ("press", 3, Deed.BACK, 0),
    ("invented", {"update_id": 7, "message": {"message_id": "seven"}}),
    ("type", 1, MARKUP),
    ("deliver",),
    ("changed", ("type", 1, MARKUP), [("aim", 0, ("language_code", "de-AT"))]),
    ("theirs", 1, 0, 5),
    ("old", 2, 3),
    ("edit", 0, 2, TEMPLATE),
    ("data", 3, "a" * 65, 0),
    ("send", 1, "album"),
    ("group", 2, "/start"),
]


def test_what_four_persons_do_comes_past_everything_that_is_looked_at(played: Played) -> None:
    runner, here = played
    before = replace(here.counts)
    runner.run(here.play(PLAY, finishing=True))
    assert here.counts.responses > before.responses
    assert here.counts.applications > before.applications
    assert here.counts.shown > before.shown + 20
    assert here.counts.set_aside == before.set_aside + 1
    assert here.counts.finished == before.finished + 4


@pytest.mark.parametrize("number", [2**31 - 1, 2**40, 2**63, 10**30, -1])
@pytest.mark.parametrize("name", ["message_id", "id"])
def test_numbers_that_telegram_never_gives_are_set_aside_alone(
    played: Played, name: str, number: int
) -> None:
    runner, here = played
    aim = [("aim", place, (name, number)) for place in range(3)]
    with_neighbours = [
        ("stride", 0, "equality", 3, 1, MARKUP),
        ("type", 1, MARKUP),
        ("changed", ("type", 0, MARKUP), aim),
        ("changed", ("tap", 1, 0), aim),
        ("type", 2, MARKUP),
    ]
    runner.run(here.play(with_neighbours, finishing=False))


def test_a_storm_of_one_number_is_always_the_same_and_can_be_gone_on_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hostile, "PLAYS", 1)
    told: list[tuple[int, int]] = []

    def report(number: int, counts: Counts) -> None:
        told.append((number, counts.updates))

    whole = storm(5, 2, report)
    storm(6, 1, report)
    assert [number for number, _ in told] == [5, 6, 6]
    assert told[1] == told[2]
    assert whole.updates == told[0][1] + told[1][1]


# The world complains: a fault put in, and the play that came past it before does not


def changed(of: Any, name: str, by: Callable[[Any], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """Puts `by(what was there)` in the place of `of.name`."""

    def put(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(of, name, by(getattr(of, name)))

    return put


def all_is_bold(card: Any) -> Any:
    def marked(*args: Any) -> Any:
        shown = card(*args)
        last = len(shown.text.encode("utf-16-le")) // 2
        return replace(
            shown, entities=[{"type": "bold", "offset": 0, "length": last}] if last else []
        )

    return marked


def with_html(body: Any) -> Any:
    async def sent(*args: Any) -> Any:
        found = await body(*args)
        return {"json": {**found["json"], "parse_mode": "HTML"}}

    return sent


def logged(handle: Any) -> Any:
    async def handled(here: Any, update: Any) -> None:
        logging.getLogger("raati.chats").info("It is %s", update)
        await handle(here, update)

    return handled


def nothing(_: Any) -> Any:
    async def done(*_: Any) -> None:
        return None

    return done


def in_clear(*_: Any) -> Any:
    return lambda _key, body, *, room, tag: len(body).to_bytes(4, "big") + body.ljust(room, b"\0")


def opened(*_: Any) -> Any:
    return lambda _key, box, *, tag: box[4 : 4 + int.from_bytes(box[:4], "big")]


def with_quotes(written: Any) -> Any:
    def heard(message: Any) -> Any:
        if message.reply_to_message is not None:
            return Typed(message.reply_to_message.text, message.message_id, message.date)
        return written(message)

    return heard


def unguarded(_: Any) -> Any:
    return lambda _, entry: ("message", Update.model_validate(entry))


def later(tapped: Any) -> Any:
    def tapped_later(here: Any, form: Any, draft: Any, press: Any, message: int) -> Any:
        return tapped(here, form, draft, replace(press, revision=press.revision + 1), message)

    return tapped_later


def to_another(read: Any) -> Any:
    def told(update: Any) -> Any:
        happened = read(update)
        if update.callback_query is not None and happened is not None:
            return replace(happened, chat=7_000_000_001)
        return happened

    return told


FAULTS = {
    "a person's words are formatted": (
        changed(Phrases, "_phrase", lambda phrase: lambda *args: phrase(*args).format(limit=1)),
        "a handler failed",
    ),
    "a person's words are escaped": (
        changed(
            Renderer, "words", lambda words: lambda *args: html.escape(words(*args), quote=False)
        ),
        "&lt;b&gt;",
    ),
    "a person's words lose what looks like markup": (
        changed(inputs, "_clean", lambda clean: lambda typed: clean(typed).replace("<b>", "")),
        "lihava",
    ),
    "a person's words are bold": (changed(Renderer, "card", all_is_bold), "shown as markup"),
    "texts are sent as HTML": (changed(Client, "_body", with_html), "TelegramServerError"),
    "a button carries too much": (
        changed(cards, "under", lambda under: lambda *args: under(*args) + ":" + "x" * 64),
        "BUTTON_DATA_INVALID",
    ),
    "updates are logged": (changed(Chats, "handle", logged), "words are in the log"),
    "a language is taken as it comes": (
        changed(adapter, "served", lambda _: lambda code: code),
        "a handler failed",
    ),
    "an unreadable update stops the rest": (
        changed(intake.Intake, "_read", unguarded),
        "validation error",
    ),
    "every chat has the same draft": (
        changed(drafts, "tag", lambda tag: lambda key, purpose, _: tag(key, purpose, 1)),
        r"somebody else's words|lihava|\{name\}",  # any, as the draft's owners come and go
    ),
    "a tap reaches another's draft": (
        changed(chats, "read", to_another),
        "a draft changed in a chat where nothing happened",
    ),
    "drafts are kept in clear": (
        lambda monkeypatch: (
            changed(drafts, "seal", in_clear)(monkeypatch),
            changed(drafts, "unseal", opened)(monkeypatch),
        ),
        "words are in a file",
    ),
    "hidden answers stay": (
        changed(walk, "settle", lambda _: lambda form, answers, today: (dict(answers), ())),
        "a question that was not asked",
    ),
    "a text gets longer than its draft": (
        changed(inputs, "_within", lambda _: lambda row, text: text * 40),
        "a handler failed",
    ),
    "more is kept than was typed": (
        changed(inputs, "_within", lambda _: lambda row, text: f"{text}, siis"),
        "siis",
    ),
    "what was quoted is an answer": (
        changed(adapter, "_written", with_quotes),
        "somebody else's words, or a name",
    ),
    "taps are not answered": (changed(Chats, "_answer", nothing), "a tap was not answered"),
    "nothing is shown": (changed(Speaker, "show", nothing), "whoever wrote was not answered"),
    "every button is old": (
        changed(answering, "tapped", later),
        "nobody gets on from here",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_world_complains(played: Played, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    runner, here = played
    put, complaint = FAULTS[fault]
    put(monkeypatch)
    with pytest.raises(Exception, match=complaint):
        runner.run(here.play(PLAY, finishing=True))

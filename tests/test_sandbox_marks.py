"""Formatting: what people type bold, in italics or with a link behind it, what the bot is told of
it, and the notation in which it is typed on the page and in transcripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.notation import read, written
from bot.sandbox.pictures import png
from tests.bare import Bot, Json, facing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox import Phone

LINK = "https://kysely.example/a"


@pytest.fixture
async def both() -> AsyncIterator[tuple[Phone, Bot]]:
    async with facing() as (sandbox, bot):
        yield sandbox.phone("Kaarina", "fi"), bot


@pytest.fixture
def phone(both: tuple[Phone, Bot]) -> Phone:
    return both[0]


async def newest(bot: Bot) -> tuple[str, Json]:
    """What the bot was told last: the kind of update, and the message."""
    (update,) = await bot.call("getUpdates", offset=-1)
    kind = next(kind for kind in ("message", "edited_message") if kind in update)
    return kind, update[kind]


def mark(kind: str, offset: int, length: int, **more: str) -> Json:
    return {"type": kind, "offset": offset, "length": length, **more}


# The notation


READ: list[tuple[str, str, list[Json]]] = [
    ("Hei", "Hei", []),
    ("on **auki** nyt", "on auki nyt", [mark("bold", 3, 4)]),
    ("😀 **auki** __nyt__", "😀 auki nyt", [mark("bold", 3, 4), mark("italic", 8, 3)]),
    (f"[täällä]({LINK})", "täällä", [mark("text_link", 0, 6, url=LINK)]),
    (
        f"**Lue [täältä]({LINK}) __heti__**",
        "Lue täältä heti",
        [mark("bold", 0, 15), mark("text_link", 4, 6, url=LINK), mark("italic", 11, 4)],
    ),
    ("**a** ja **b**", "a ja b", [mark("bold", 0, 1), mark("bold", 5, 1)]),
]
PLAIN = [
    "2 ** 3 ** 4",
    "**auki",
    "**auki\nnyt**",
    "https://a.example/x__y__z",
    "snake__case__name",
    "*a* _b_ `c`",
    "[sivu](sivu)",
    "[sivu](javascript:alert(1))",
    "<b>a</b>",
    "****",
    "____",
]


@pytest.mark.parametrize(("typed", "text", "entities"), READ)
def test_signs_are_read_and_written_back(typed: str, text: str, entities: list[Json]) -> None:
    assert read(typed) == (text, entities)
    assert written(text, entities) == typed


@pytest.mark.parametrize("typed", PLAIN)
def test_what_does_not_pair_stays_as_it_was_typed(typed: str) -> None:
    assert read(typed) == (typed, [])


@pytest.mark.parametrize(
    "entities",
    [
        [mark("text_link", 0, 4, url=LINK), mark("bold", 0, 4)],
        [mark("bold", 0, 4), mark("italic", 0, 4)],
        [mark("bold", 0, 4), mark("text_link", 0, 2, url=LINK), mark("text_link", 2, 2, url=LINK)],
    ],
)
def test_what_begins_or_ends_together_is_written_one_in_the_other(entities: list[Json]) -> None:
    text, again = read(written("auki", entities))
    assert text == "auki"
    assert sorted(map(str, again)) == sorted(map(str, entities))


def test_other_kinds_are_left_out() -> None:
    assert written("/stop nyt", [mark("bot_command", 0, 5), mark("code", 6, 3)]) == "/stop nyt"


# What the bot is told


async def test_typed_formatting_is_told_beside_what_telegram_finds_itself(
    both: tuple[Phone, Bot],
) -> None:
    phone, bot = both
    phone.type(*read(f"  **Lue** {LINK} tai [täältä]({LINK}), @raati_neuvoo /stop"))
    kind, told = await newest(bot)
    assert kind == "message"
    assert told["text"] == f"Lue {LINK} tai täältä, @raati_neuvoo /stop"
    raw = told["text"].encode("utf-16-le")
    found = [
        (one["type"], raw[2 * one["offset"] :][: 2 * one["length"]].decode("utf-16-le"))
        for one in told["entities"]
    ]
    assert found == [
        ("bold", "Lue"),
        ("url", LINK),
        ("text_link", "täältä"),
        ("mention", "@raati_neuvoo"),
        ("bot_command", "/stop"),
    ]
    assert phone.messages[-1].entities == tuple(told["entities"])


@pytest.mark.parametrize("text", ["a@b", "raati@example.org", "@ab", "@1raati", "/stop@raati_bot"])
async def test_not_every_at_sign_names_somebody(both: tuple[Phone, Bot], text: str) -> None:
    phone, bot = both
    phone.type(text)
    _, told = await newest(bot)
    assert "mention" not in [entity["type"] for entity in told.get("entities", ())]


async def test_an_edit_tells_the_new_formatting_and_only_that(both: tuple[Phone, Bot]) -> None:
    phone, bot = both
    number = phone.type(*read("On **auki**"))
    phone.edit(number, *read("On __kiinni__"))
    kind, told = await newest(bot)
    assert kind == "edited_message"
    assert (told["message_id"], told["text"]) == (number, "On kiinni")
    assert told["entities"] == [mark("italic", 3, 6)]
    phone.edit(number, "On auki")
    _, told = await newest(bot)
    assert "entities" not in told


async def test_a_long_text_is_split_with_its_formatting(both: tuple[Phone, Bot]) -> None:
    phone, _ = both
    words = "😀a " * 1100
    phone.type(words, [mark("bold", 4090, 20), mark("italic", 4396, 4), mark("code", 0, 2)])
    first, second = phone.messages
    cut = len(first.text.encode("utf-16-le")) // 2
    assert cut == 4095
    assert first.entities == (mark("code", 0, 2), mark("bold", 4090, 5))
    assert second.entities == (mark("bold", 0, 4110 - 4096), mark("italic", 4396 - 4096, 3))


async def test_formatting_that_is_out_of_bounds_leaves_no_phone(both: tuple[Phone, Bot]) -> None:
    phone, _ = both
    with pytest.raises(ValueError, match="URL host is empty"):
        phone.type("täällä", [mark("text_link", 0, 6, url="https://")])
    assert phone.messages == []


# Captions


@pytest.mark.parametrize("kind", ["document", "photo"])
async def test_a_files_caption_is_formatted_told_and_edited(
    both: tuple[Phone, Bot], kind: str
) -> None:
    phone, bot = both
    if kind == "document":
        number = phone.send_document("a.pdf", b"a", "application/pdf", *read("**Kutsu**"))
    else:
        number = phone.send_photo(png(20, 10), *read("**Kutsu**"))
    _, sent = await newest(bot)
    assert (sent["caption"], sent["caption_entities"]) == ("Kutsu", [mark("bold", 0, 5)])
    assert phone.messages[-1].entities == (mark("bold", 0, 5),)
    phone.edit(number, *read(f"Uusi __kutsu__ {LINK}"))
    told_as, edited = await newest(bot)
    assert (told_as, edited[kind]) == ("edited_message", sent[kind])
    assert edited["caption"] == f"Uusi kutsu {LINK}"
    assert [entity["type"] for entity in edited["caption_entities"]] == ["italic", "url"]
    phone.edit(number, "")
    _, bare = await newest(bot)
    assert "caption" not in bare
    assert phone.messages[-1].text == ""


async def test_a_phone_sends_no_caption_over_1024_units(phone: Phone) -> None:
    with pytest.raises(ValueError, match="caption is too long"):
        phone.send_photo(png(20, 10), "a" * 1025)
    with pytest.raises(ValueError, match="caption is too long"):
        phone.send_document("a.pdf", b"a", "application/pdf", "a" * 1025)
    voice = phone.send("voice")
    with pytest.raises(ValueError, match="own text"):
        phone.edit(voice, "Sanat")
    assert [message.kind for message in phone.messages] == ["voice"]

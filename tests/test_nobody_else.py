"""Nobody but a coordinator meets the coordinators' side, nobody but a reader what readers see, and
nobody but a member the members'.

Every page of theirs is tried by everybody else, and every button that ever stood in a coordinator's
chat is tapped again in everybody else's. No effect is read from the database; no hint is what a
button that never existed says, and nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot import kept
from dialogs.announcement import Circle
from dialogs.broadcasts.records import Broadcast, Life, Pointer, Target, Wording
from dialogs.panel import links
from dialogs.panel.buttons import Page, panel, read
from dialogs.panel.door import COORDINATORS, LINKED, MEMBERS, READERS
from dialogs.panel.records import Meeting, Role
from storage import records
from storage.tables import metadata
from tests.county import HELSINKI

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox import Phone
    from tests.county import County

STRANGE = "p:fi:nosuchpage"
"""What no button ever carried."""

KEY = bytes(range(16))

OTHERS = ("resident", "member", "reserve", "reader", "removed")
"""Who is no coordinator; the last was one until just now."""

OFFICIAL = frozenset({*COORDINATORS, *READERS, Page.TASK, Page.GO_ON, Page.DROP})

BEGINS = (
    Page.ADD,
    Page.CALL,
    Page.NEW_SURVEY,
    Page.WRITE,
    Page.POINT,
)
"""Pages that begin a task, whose card then has buttons of its own."""


async def answer(county: County, phone: Phone, data: str) -> list[str]:
    """What a phone shows anew when its first card is tapped with `data`."""
    card = phone.messages[-1].id
    before = {(message.id, message.text) for message in phone.messages}
    toasts = len(phone.toasts)
    phone.tap_data(data, card)
    await county.settled()
    new = [m for m in phone.messages if (m.id, m.text) not in before]
    return [
        *(f"{message.text} {message.rows}" for message in new),
        *(toast.text for toast in phone.toasts[toasts:]),
    ]


async def everything(county: County) -> dict[str, list[str]]:
    """All that is in the database."""
    async with kept.kept(county.settings) as here, here.store.reading() as connection:
        return {
            table.name: sorted(map(repr, (await connection.execute(select(table))).all()))
            for table in metadata.sorted_tables
        }


async def begun(county: County, name: str = "Aino") -> Phone:
    phone = county.phone(name)
    phone.type("/start")
    await county.settled()
    return phone


async def at_work(county: County) -> tuple[Phone, Phone]:
    """A county with something of everything, and the phones of its two coordinators. What there
    is one of bears `KEY`, so that a button about it is about something."""
    await county.open("equality", "2027-02-08")
    await county.open("safety")
    kaisa = await county.seat("Kaisa", "fi", "coordinator")
    veikko = await county.seat("Veikko", "fi", "coordinator")
    assert kaisa is not None
    assert veikko is not None
    start = datetime(2027, 3, 18, 17, 0, tzinfo=HELSINKI)
    theme = {"fi": "Turvallisuus"}
    link = "https://teams.microsoft.com/meet/1"
    author = await _key(county, "Kaisa")
    site = "https://hyvinvointialue.example/a"
    one = (
        Meeting(KEY, start, start + timedelta(hours=2), theme, link),
        Pointer(KEY, Target.PAGE, site, {"fi": "Raportti"}, county.wall().date()),
        Broadcast(
            KEY,
            author,
            county.wall().date(),
            Circle.SUBSCRIBERS,
            wordings={code: Wording(f"Hei {code}") for code in ("fi", "sv", "en")},
            pointer=KEY,
            life=Life.ASKED,
            asked_at=county.wall(),
        ),
    )
    async with kept.kept(county.settings) as here:
        assert await records.change(here.store, records.Changed(keep=one))
    return kaisa, veikko


async def _key(county: County, name: str) -> bytes:
    async with kept.kept(county.settings) as here:
        found = await records.panel(here.store, HELSINKI)
    return next(one.key for one in found.coordinators if one.name == name)


async def somebody(county: County, who: str) -> Phone:
    """A phone that is `who`, with the first card on it."""
    if who == "resident":
        return await begun(county)
    if who == "removed":
        phone = await county.seat("Leena", "fi", "coordinator")
        assert phone is not None
        for page in BEGINS:
            await answer(county, phone, panel("fi", page))
        await county.remove("Leena")
    else:
        phone = await county.seat(f"Matti ({who})", "fi", who)
    assert phone is not None
    phone.type("/start")
    await county.settled()
    return phone


async def is_strange(county: County, phone: Phone, each: Iterable[str], strange: str) -> None:
    """Every button is answered as the one that never was, and nothing is changed by it."""
    nobody = await answer(county, phone, strange)
    before = await everything(county)
    for data in each:
        assert await answer(county, phone, data) == nobody, data
    assert await everything(county) == before


def theirs(who: str) -> list[Page]:
    """The pages that are not for them."""
    own = {"member": MEMBERS, "reserve": MEMBERS, "reader": READERS}.get(who, {})
    return [page for page in Page if page not in LINKED and page not in own]


@pytest.mark.parametrize("who", OTHERS)
async def test_every_page_of_others_is_answered_as_if_there_were_none(
    county: County, who: str
) -> None:
    await at_work(county)
    phone = await somebody(county, who)
    about: tuple[bytes | str, ...] = (KEY, "equality")
    tried = [panel("fi", page, one, "surely") for page in theirs(who) for one in about]

    await is_strange(county, phone, tried, STRANGE)


async def test_every_button_that_stood_in_a_coordinator_s_chat_does_nothing_in_another(
    county: County,
) -> None:
    """Also those of what is half made, and of what a colleague is asked."""
    kaisa, veikko = await at_work(county)
    seen: dict[str, None] = {}
    for phone in (kaisa, veikko):
        for page in (one for one in COORDINATORS if one not in _ENDS):
            for about in ("", KEY, "equality"):
                await answer(county, phone, panel("fi", page, about))
                seen |= dict.fromkeys(_data(phone))
                await answer(county, phone, panel("fi", Page.DROP))
    pages = {press.page for data in seen if (press := read(data))}
    assert pages >= {Page.TASK, Page.DROP}, "something was half made"
    assert Page.CONFIRM in pages, "a colleague was asked"

    for who in OTHERS:
        phone = await somebody(county, who)
        not_theirs = set(theirs(who)) & OFFICIAL
        replayed = [data for data in seen if _page(data) in not_theirs]
        assert len(replayed) > 50, "most of what stood there is tried"
        await is_strange(county, phone, replayed, STRANGE)


_ENDS = frozenset({Page.REMOVE_SURELY, Page.ERASE_SURELY, Page.END_SURELY})
"""After these there would be less to see."""


def _data(phone: Phone) -> list[str]:
    return [
        button.data
        for message in phone.messages
        for row in message.rows
        for button in row
        if button.data is not None
    ]


def _page(data: str) -> Page | None:
    press = read(data)
    return None if press is None else press.page


@pytest.mark.parametrize("who", OTHERS)
async def test_no_command_and_nothing_sent_leads_to_the_coordinators_side(
    county: County, who: str
) -> None:
    await at_work(county)
    aino = await begun(county, "Aune")
    phone = await somebody(county, who)
    before = await everything(county)

    async def said(by: Phone, text: str) -> tuple[str, ...]:
        by.type(text)
        await county.settled()
        shown = by.messages[-1]
        return (shown.text, *(button.label for row in shown.rows for button in row))

    unknown = await said(aino, "/nosuchcommand")
    words = ("panel", "coordinator", "admin", "raati", "meetings", "invite", "register", "results")
    for word in (*words, "broadcast", "send", "survey", "surveys", "links", "trail", "stop_all"):
        assert await said(phone, f"/{word}") == unknown, word
    assert await said(phone, "Hei kaikille") == await said(aino, "Hei kaikille")
    for by in (aino, phone):
        by.send("document")
        by.send("photo")
        await county.settled()
    assert phone.messages[-1].text == aino.messages[-1].text
    assert await everything(county) == before


async def test_a_reader_is_told_nothing_that_coordinators_are(county: County) -> None:
    riitta = await county.seat("Riitta", "fi", "reader")
    assert riitta is not None
    kaisa = county.phone("Kaisa")
    heard = len(riitta.messages)
    for link in (await county.invite(), await county.invite(Role.READER)):
        kaisa = county.phone(f"Kaisa {link[-4:]}")
        kaisa.open_link(link)
        await county.settled()

    assert len(riitta.messages) == heard


@pytest.mark.parametrize("of", ["A" * 22, "x-_" * 7 + "y"])
@pytest.mark.parametrize("role", Role)
async def test_a_link_nobody_made_says_no_more_than_one_that_was_used(
    county: County, of: str, role: Role
) -> None:
    used = (await county.invite(role)).removeprefix("i-")
    kaisa = county.phone("Kaisa")
    kaisa.open_link(links.payload(used))
    await county.settled()

    phone = county.phone("Aino")
    phone.open_link(links.payload(used))
    await county.settled()
    told = phone.messages[-1]
    phone.open_link(links.payload(of))
    await county.settled()

    assert (phone.messages[-1].text, phone.messages[-1].rows) == (told.text, told.rows)

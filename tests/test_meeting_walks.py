"""Whatever a coordinator taps and types, in whatever order, on new cards and old ones, while
another one works beside them and days go by: the dialogs of meetings answer, and no link goes out
that was not opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.events import Tapped
from dialogs.panel.buttons import Page, read
from dialogs.panel.records import Coming, Held
from tests.meeting_desk import (
    INVITATION,
    LINK,
    MAIJA,
    MARY,
    NILS,
    OTHER_LINK,
    PAAVO,
    MeetingDesk,
    called,
)

if TYPE_CHECKING:
    from dialogs.announcement import Announcement
    from dialogs.screens import Button

TEXTS = (
    INVITATION,
    LINK,
    OTHER_LINK,
    "http://zoom.example/j/1",
    "18.3.",
    "28.3.",
    "31.10.",
    "perjantai 18.3.",
    "17-19",
    "3.30",
    "3.30-5",
    "4.15",
    "20",
    "Arjen turvallisuus",
    "a" * 400,
    "\u200b",
    "https://raati.example/pohja.pdf",
)
MOVES = st.one_of(
    st.tuples(st.just("tap"), st.integers(0, 11)),
    st.tuples(st.just("tap"), st.integers(0, 11)),
    st.tuples(st.just("tap"), st.integers(0, 11)),
    st.tuples(st.just("old"), st.integers(0, 200)),
    st.tuples(st.just("type"), st.integers(0, len(TEXTS) - 1)),
    st.tuples(st.just("type"), st.integers(0, len(TEXTS) - 1)),
    st.tuples(st.just("file"), st.just(0)),
    st.tuples(st.just("edit"), st.just(0)),
    st.tuples(st.just("days"), st.integers(1, 40)),
    st.tuples(st.just("other"), st.integers(0, 3)),
)
TASK = (Page.TASK, Page.GO_ON, Page.DROP)
PAGES = (
    *TASK,
    *(Page.DESK, Page.CALLED, Page.CALL, Page.ALTER, Page.CANCEL, Page.WHO, Page.TRANSLATE),
)
# Half way to a meeting that is called, changed, cancelled or translated, so that walks go on there.
BEGINNINGS = st.sampled_from(("call", "review", "alter", "cancel", "translate", "desk"))


def begun(how: str) -> MeetingDesk:
    desk = called(MAIJA, NILS, MARY, PAAVO)
    desk.answers(MAIJA, Coming.IN)
    of = desk.called.key
    match how:
        case "call" | "review":
            desk.opens(Page.CALL)
        case "alter":
            desk.opens(Page.ALTER, of)
        case "cancel":
            desk.opens(Page.CANCEL, of)
        case "translate":
            desk.opens(Page.TRANSLATE, of)
        case _:
            desk.opens(Page.DESK)
    if how == "review":
        for text in (LINK, "22.4.", "17-19", "Arki", "Vardag", "Every day"):
            desk.types(text)
        desk.taps("Ei aineistoa")
        desk.taps("Valmis")
    return desk


def tappable(desk: MeetingDesk, message: int) -> list[Button]:
    """Those that go on with meetings."""
    found = [b for b in desk.buttons(desk.cards[message]) if b.data]
    return [b for b in found if (press := read(b.data)) is not None and press.page in PAGES]


def does(desk: MeetingDesk, move: str, which: int) -> None:
    newest = max(desk.cards)
    match move:
        case "tap" if buttons := tappable(desk, newest):
            desk.step(Tapped(buttons[which % len(buttons)].data, newest))
        case "old" if desk.ever:
            data = desk.ever[which % len(desk.ever)]
            press = read(data)
            # Without a task its buttons are like any old one, which is the menu's business.
            known = PAGES if desk.task is not None else PAGES[len(TASK) :]
            if press is not None and press.page in known:
                desk.step(Tapped(data, newest))
        case "type" if desk.task is not None:
            desk.types(TEXTS[which])
        case "file" if desk.task is not None:
            desk.sends_file("pohja.pdf")
        case "edit" if desk.task is not None:
            desk.edits("Toinen")
        case "days":
            desk.now += timedelta(days=which)
        case "other" if desk.panel.meetings:
            meeting = desk.panel.meetings[0]
            held = Held.CANCELLED if which == 3 else meeting.held
            desk.put(replace(meeting, held=held, revision=meeting.revision + 1))


def links_out(desk: MeetingDesk) -> set[str]:
    """The links that members were sent."""

    def of(one: Announcement) -> set[str]:
        return {b.link for card in one.cards.values() for row in card.rows for b in row if b.link}

    return {link for one in desk.planned.values() for link in of(one)}


@settings(deadline=None, max_examples=150)
@given(BEGINNINGS, st.lists(MOVES, max_size=40))
def test_every_walk_is_answered_and_no_link_goes_out_unopened(
    how: str, moves: list[tuple[str, int]]
) -> None:
    desk = begun(how)
    opened = {LINK} if how not in ("call", "review") else set()
    for move, which in moves:
        before = desk.task
        does(desk, move, which)
        after = desk.task
        if before is not None and after is not None:
            told = after.given.get("opened", "")
            if told != before.given.get("opened", ""):
                opened.add(told)
        assert links_out(desk) <= opened | {LINK}
        keys = [one.key for one in desk.panel.meetings]
        assert len(set(keys)) == len(keys)
        for one in desk.panel.meetings:
            assert one.start < one.end
            assert one.theme
            assert one.link
            assert len(one.theme.get("fi", "")) <= 100


@settings(deadline=None, max_examples=60)
@given(BEGINNINGS, st.lists(MOVES, max_size=25))
def test_every_button_on_the_newest_card_does_what_it_says(
    how: str, moves: list[tuple[str, int]]
) -> None:
    """None of them is answered as an old one, as long as nobody else does anything."""
    desk = begun(how)
    for move, which in moves:
        if move in ("days", "other", "old"):
            continue
        newest = max(desk.cards)
        if move == "tap" and (buttons := tappable(desk, newest)):
            outcome = desk.step(Tapped(buttons[which % len(buttons)].data, newest))
            assert outcome.toast is None, buttons[which % len(buttons)]
        else:
            does(desk, move, which)

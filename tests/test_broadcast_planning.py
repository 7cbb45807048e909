"""What a broadcast comes to before it goes out: its cards, when it is due, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.broadcasts import planning
from dialogs.broadcasts.records import Life, Occasion, Ready
from dialogs.events import Commanded, Tapped
from dialogs.panel import door
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Task
from dialogs.screens import Say
from tests.desk import NOW, key
from tests.writing_desk import SAFETY, WritingDesk, broadcast

OPENED = Ready(Occasion.OPENED, "safety", None)


def said(ready: Ready) -> str:
    desk = WritingDesk()
    desk.panel = replace(desk.panel, surveys=(SAFETY,))
    [paragraph] = planning.cards(desk.here, broadcast(wordings={}, ready=ready))["fi"].paragraphs
    words = paragraph[0].words
    assert isinstance(words, Say)
    return words.phrase


def test_ready_words_name_the_last_day_where_there_is_one() -> None:
    day = date(2027, 2, 28)
    assert said(OPENED) == "broadcast.survey_open"
    assert said(replace(OPENED, day=day)) == "broadcast.survey_open_until"
    assert said(Ready(Occasion.CLOSES_SOON, "safety", day)) == "broadcast.survey_closes"


def test_ready_words_need_their_survey() -> None:
    with pytest.raises(ValueError, match="survey"):
        planning.cards(WritingDesk().here, broadcast(wordings={}, ready=Ready(*_GONE)))


_GONE = (Occasion.OPENED, "nosuch", None)


def test_nothing_goes_out_that_nobody_confirmed_or_that_is_for_nobody() -> None:
    desk = WritingDesk()
    with pytest.raises(ValueError, match="nobody has confirmed"):
        planning.announcement(desk.here, broadcast())
    with pytest.raises(ValueError, match="audience"):
        planning.audience(broadcast(circle=None))
    with pytest.raises(ValueError, match="not confirmed"):
        planning.confirmed(desk.here, broadcast(life=Life.RETRACTED), "Kaisa", alone=True)


def test_what_nobody_else_has_seen_waits_for_a_minute() -> None:
    desk = WritingDesk()
    one = broadcast()
    assert planning.due_at(desk.here, one, alone=False) == NOW
    assert planning.due_at(desk.here, one, alone=True) == NOW + timedelta(minutes=1)
    later = replace(one, at=NOW + timedelta(hours=3))
    assert planning.due_at(desk.here, later, alone=True) == later.at


def test_only_what_is_urgent_goes_out_at_night() -> None:
    desk = WritingDesk()
    desk.now = NOW.replace(hour=22, minute=30)
    morning: datetime = planning.due_at(desk.here, broadcast(), alone=False)
    assert (morning.day, morning.hour) == (desk.now.day + 1, desk.here.office.quiet_until.hour)
    assert planning.due_at(desk.here, broadcast(urgent=True), alone=False) == desk.now
    _, urgent = planning.confirmed(desk.here, broadcast(urgent=True), "Kaisa", alone=False)
    assert urgent.priority is Priority.CHANGE


def test_an_announcement_needs_words() -> None:
    with pytest.raises(ValueError, match="text"):
        Announcement("x", Audience(Circle.MEMBERS), {}, NOW, NOW, Priority.BROADCAST)


def test_what_takes_long_is_looked_up_for_the_pages_that_show_it() -> None:
    def wanted(page: Page, task: Task | None = None) -> door.Wants:
        return door.wants(Tapped(panel("fi", page, key("Tiedote")), 1), task)

    mend = Task("mend", "what", given={"broadcast": key("Tiedote").hex()})
    short = key("Tiedote")[:8].hex()
    assert wanted(Page.PANEL) == door.Wants()
    assert wanted(Page.RESULTS) == door.Wants(received=True, broadcasts=True)
    assert wanted(Page.BROADCASTS) == door.Wants(broadcasts=True)
    assert wanted(Page.MEND).mended == short
    assert door.wants(Commanded("start", "", 1), mend).mended == short


def test_a_file_is_read_only_where_it_was_asked_for() -> None:
    assert door.asks_for_file(Task("form", "file"))
    assert not door.asks_for_file(Task("form", "file", active=False))
    assert not door.asks_for_file(Task("broadcast", "file"))
    assert not door.asks_for_file(None)

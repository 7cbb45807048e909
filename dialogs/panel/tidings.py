"""What coordinators are told of a person, unprompted: that something happened, never to whom.

A push is read aloud by a phone on a table. So no name stands in it; a button shows who it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Announcement, Audience, Circle, Priority
from dialogs.languages import LANGUAGES
from dialogs.panel.buttons import Page, panel
from dialogs.screens import Button, Card, Line, Say

if TYPE_CHECKING:
    from datetime import datetime

    from dialogs.outcome import Here
    from dialogs.panel.records import Member

NEWS: Final = timedelta(days=14)
"""So long somebody who was away still hears of it."""

COORDINATORS: Final = Audience(Circle.COORDINATORS)


def tidings(
    here: Here,
    occasion: str,
    said: Say,
    button: Say,
    page: Page,
    about: bytes = b"",
    *,
    audience: Audience = COORDINATORS,
    until: datetime | None = None,
) -> Announcement:
    """Told at once, until `until` at the latest, with one button to the page where more stands."""
    cards = {
        language: Card(
            language,
            ((Line(said),),),
            ((Button(button, panel(language, page, about)),),),
        )
        for language in LANGUAGES
    }
    expires = here.now + NEWS if until is None else until
    return Announcement(occasion, audience, cards, here.now, expires, Priority.CHANGE)


def of_person(
    here: Here, occasion: str, said: Say, member: Member, until: datetime | None = None
) -> Announcement:
    """Something about somebody in the register, whom the button shows."""
    shows = Say("button.show_person")
    return tidings(here, occasion, said, shows, Page.PERSON, member.key, until=until)

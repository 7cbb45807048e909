"""What somebody meets who opens one of the bot's own links: where it points now. Nothing is
remembered of who opened it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs import menu
from dialogs.broadcasts import pointers
from dialogs.broadcasts.records import Target
from dialogs.panel import teams
from dialogs.panel.cards import home
from dialogs.screens import Button, Card, Line, Own, Say, Told

if TYPE_CHECKING:
    from dialogs.outcome import Here


def survey(here: Here, argument: str) -> str:
    """The survey or the call that /start asks for: by its name, or by a link that leads to it."""
    pointer = here.pointer
    if pointers.opened(argument) is None or pointer is None:
        return argument
    return pointer.to if pointer.target is Target.SURVEY else argument


def card(here: Here, argument: str, language: str) -> Card | None:
    """What a link shows that leads to no survey; None of what is no such link."""
    if pointers.opened(argument) is None:
        return None
    pointer = here.pointer
    if pointer is None:
        first = menu.home(here, language)
        nowhere = (Line(Say("pointer.nowhere"), strong=True),)
        return replace(first, paragraphs=(nowhere, *first.paragraphs))
    if pointer.target is Target.SURVEY:
        return None
    host = {"host": Own(teams.host(pointer.to))}
    if pointer.target is Target.STATEMENT:
        said, opens = Say("pointer.opens_statement", host), Say("broadcast.button_statement")
    else:
        said, opens = Say("pointer.opens_page", host), Say("broadcast.button_page")
    return Card(
        language,
        ((Line(Told(pointer.title), strong=True),), (Line(said),)),
        ((Button(opens, link=pointer.to),), home(language)),
    )

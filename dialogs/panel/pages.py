"""What the coordinators' cards share: long lists a page at a time, and the ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.panel.buttons import Page, panel
from dialogs.screens import Button, Say

if TYPE_CHECKING:
    from dialogs.panel.buttons import PanelPress

Row = tuple[Button, ...]


def first(press: PanelPress, total: int, each: int) -> int:
    """The place of the first thing on the page that was asked for (`press.more`), or on the last
    page there is now."""
    asked = int(press.more) if press.more.isdecimal() else 0
    last = max(0, total - 1) // each
    return min(asked // each, last) * each


def turns(language: str, page: Page, at: int, each: int, total: int) -> tuple[Row, ...]:
    """The row of buttons to the page before and after the one that begins at `at`, if any."""
    row = []
    if at:
        row.append(Button(Say("button.page_before"), panel(language, page, "", at - each)))
    if at + each < total:
        row.append(Button(Say("button.page_after"), panel(language, page, "", at + each)))
    return (tuple(row),) if row else ()


def back(language: str, page: Page, about: bytes | str = "", more: str | int = "") -> Row:
    return (Button(Say("button.back"), panel(language, page, about, more)),)


def close(language: str) -> Row:
    """The way back to the panel's card, which shows nothing of a person."""
    return (Button(Say("register.close"), panel(language, Page.CLOSE)),)

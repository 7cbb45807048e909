"""What a button carries: at most 64 bytes, no texts, and enough to be understood for ever.

Buttons of a question: `a:<form>:<language>:<revision>:<deed>`. The revision says which shown
question they stood under; the form and language let an old one be answered when nothing of its
conversation is left. Buttons of the menu: `m:<language>:<page>` or `m:<language>:<page>:<form>`:
nothing is remembered for them, so they stay valid for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dialogs.languages import LANGUAGES

if TYPE_CHECKING:
    from dialogs.forms.draft import Draft


class Deed(StrEnum):
    """What a button under a question or the review does; one letter each, some with a number."""

    CHOOSE = "c"  # the option of that number
    TURN_ON = "+"  # that option of several
    TURN_OFF = "-"
    DONE = "d"  # these are the several
    BACK = "b"
    SKIP = "s"
    NEXT = "n"  # a note was read; an answer stays as it is
    KEEP = "K"  # an answer in which something leads to a person is meant so
    REWRITE = "w"  # no: asks for another
    PAGE = "g"
    LANGUAGE = "l"  # followed by its code
    PAUSE = "p"
    STOP = "x"  # asks whether to erase
    ERASE = "X"
    STAY = "k"  # no: go on
    CHANGE = "e"  # from the review: the row of that number
    SEND = "S"
    SEND_AND_REMOVE = "R"


@dataclass(frozen=True, slots=True)
class Press:
    form: str
    language: str
    revision: int
    deed: Deed
    number: int = 0
    to: str = ""  # the language to change to


class Page(StrEnum):
    """The menu's pages and what its buttons do."""

    HOME = "home"
    ABOUT = "about"
    PRIVACY = "privacy"
    HELP = "help"
    INTRO = "intro"
    BEGIN = "begin"
    BEGIN_SEPARATE = "separate"
    CONTINUE = "continue"
    RESTART = "restart"
    TELL = "tell"
    DO_NOT_TELL = "untell"
    UNSUBSCRIBE = "unsubscribe"  # the same under a broadcast, which stays to be read
    MINE = "mine"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    WITHDRAW_SURELY = "surely"
    SOMEONE_ELSE = "else"


@dataclass(frozen=True, slots=True)
class MenuPress:
    language: str
    page: Page
    form: str = ""


_ANSWER = re.compile(
    r"a:([a-z][a-z0-9_]{0,23}):([a-z]{2}):([0-9]{1,9}):([a-zA-Z+-])([0-9]{1,3}|[a-z]{2})?"
)
_MENU = re.compile(r"m:([a-z]{2}):([a-z]+)(?::([a-z][a-z0-9_]{0,23}))?")


def under(draft: Draft, deed: Deed, number: int | str = "") -> str:
    """The data of a button under the draft's current question."""
    return f"a:{draft.form}:{draft.language}:{draft.revision}:{deed}{number}"


def menu(language: str, page: Page, form: str = "") -> str:
    """The data of a menu's button."""
    return f"m:{language}:{page}:{form}" if form else f"m:{language}:{page}"


def read(data: str) -> Press | MenuPress | None:
    """What a tapped button says; None for what no button of ours ever carried."""
    if (found := _ANSWER.fullmatch(data)) and found[2] in LANGUAGES and found[4] in tuple(Deed):
        more = found[5] or ""
        return Press(
            form=found[1],
            language=found[2],
            revision=int(found[3]),
            deed=Deed(found[4]),
            number=int(more) if more.isdecimal() else 0,
            to=more if more in LANGUAGES else "",
        )
    if (found := _MENU.fullmatch(data)) and found[1] in LANGUAGES and found[2] in tuple(Page):
        return MenuPress(found[1], Page(found[2]), found[3] or "")
    return None

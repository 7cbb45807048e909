"""What the panel's buttons carry: `p:<language>:<page>`, what it is about, and one thing more.

`about` is the beginning of a record's key in hexadecimal digits, or a step of the chat's task;
`more` a reason, an offset, a token, an answer. At most 64 bytes; valid for ever, for whoever it is
for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dialogs.languages import LANGUAGES

SHORT: Final = 8
"""Bytes of a record's key that a button carries: enough to tell some hundred records apart."""


class Page(StrEnum):
    """What a button of the panel shows or does."""

    # whoever was given a link
    JOIN = "join"
    JOIN_NOT = "joinnot"
    MOVE = "move"
    # members
    MEMBER = "member"
    MEETINGS = "meetings"
    MEETING = "meeting"
    ANSWER_IN = "in"
    ANSWER_OUT = "out"
    ANSWER_MAYBE = "maybe"
    HOW_TO_JOIN = "how"
    CANNOT_GET_IN = "cannot"
    MATERIAL = "material"
    MEMBERSHIP = "mine"
    SPEAK = "speak"  # messages in the language `about` from now on
    LEAVE = "leave"
    LEAVE_SURELY = "leavesurely"
    FORGET = "forget"
    FORGET_SURELY = "forgetsurely"
    TAKE_SEAT = "takeseat"
    DECLINE_SEAT = "declineseat"
    # coordinators: the register
    PANEL = "panel"
    CLOSE = "close"
    REGISTER = "register"
    PERSON = "person"
    ADD = "add"
    CORRECT = "correct"
    END = "end"
    END_SURELY = "endsurely"
    ERASE = "erase"
    ERASE_SURELY = "erasesurely"
    OFFER = "offer"
    SEAT = "seat"  # a reserve becomes a member, as was agreed otherwise
    INVITE = "invite"
    INVITATIONS = "invitations"
    TAKE_BACK = "takeback"
    COLLEAGUES = "colleagues"
    REMOVE = "remove"
    REMOVE_SURELY = "removesurely"
    TRAIL = "trail"
    # coordinators: meetings
    DESK = "desk"
    CALLED = "called"
    CALL = "call"
    ALTER = "alter"
    CANCEL = "cancel"
    WHO = "who"
    TRANSLATE = "translate"
    # coordinators, and readers
    RESULTS = "results"
    # coordinators: surveys and calls
    SURVEYS = "surveys"
    ARCHIVE = "archive"
    SURVEY = "survey"
    NEW_SURVEY = "newsurvey"
    TRY = "try"
    OPEN = "open"  # the days, then open it
    LINK = "link"  # its public link, with the QR code
    EXTEND = "extend"
    SHUT = "shut"
    REOPEN = "reopen"
    PUT_AWAY = "putaway"  # into the archive, and out of it
    NEW_FORM = "newform"  # a corrected form for what runs
    DISCARD = "discard"  # a draft
    TELL_OF = "tellof"  # a broadcast that it opened, or closes soon
    # coordinators: broadcasts
    BROADCASTS = "broadcasts"
    BROADCAST = "broadcast"
    WRITE = "write"  # a new one, or one that is half made
    TEST = "test"
    SEND = "send"
    CONFIRM = "confirm"  # a colleague's
    HAND_OVER = "handover"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    MEND = "mend"  # correct it
    RETRACT = "retract"
    MISSED = "missed"  # whom to call
    # coordinators: the bot's own links
    POINTERS = "pointers"
    POINTER = "pointer"
    POINT = "point"  # a new one, or another target
    # whoever is in the midst of a task
    TASK = "task"
    GO_ON = "goon"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class PanelPress:
    language: str
    page: Page
    about: str = ""
    more: str = ""

    def means(self, key: bytes) -> bool:
        """Whether it is about the record of this key."""
        return bool(self.about) and self.about == short(key)


_PRESS: Final = re.compile(
    r"p:([a-z]{2}):([a-z]{1,12})(?::([0-9a-z_]{0,24})(?::([0-9A-Za-z_-]{0,24}))?)?"
)


def short(key: bytes) -> str:
    return key[:SHORT].hex()


def panel(language: str, page: Page, about: bytes | str = "", more: str | int = "") -> str:
    """The data of a button. `about` is a record's whole key, or words of a task."""
    what = short(about) if isinstance(about, bytes) else about
    tail = f":{what}:{more}" if more != "" else f":{what}" if what else ""
    return f"p:{language}:{page}{tail}"


def read(data: str) -> PanelPress | None:
    """What a tapped button says; None for what no button of the panel ever carried."""
    found = _PRESS.fullmatch(data)
    if found is None or found[1] not in LANGUAGES or found[2] not in tuple(Page):
        return None
    return PanelPress(found[1], Page(found[2]), found[3] or "", found[4] or "")

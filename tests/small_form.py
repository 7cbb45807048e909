"""A form of a few rows, each written in a line, and a chat in which it is begun."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.any_form import told
from tests.chat import Chat
from tests.chat import form as read_form

if TYPE_CHECKING:
    from dialogs.forms.model import Form

YES_NO = [{"name": "yes", "label": told("Yes")}, {"name": "no", "label": told("No")}]
DAYS = [
    *({"name": day, "label": told(day.title())} for day in ("mon", "tue", "wed", "thu")),
    {"name": "never", "label": told("Never"), "exclusive": "yes"},
]


def form(
    *rows: dict[str, Any],
    kind: str = "survey",
    lists: dict[str, Any] | None = None,
    **settings: Any,
) -> Form:
    """A form of these rows, each with a label where it has none."""
    given = {
        "name": "any_form",
        "version": "1",
        "kind": kind,
        "title": told("Title"),
        "intro": told("Intro"),
    }
    survey = [{"label": told(each["name"]), **each} for each in rows]
    for each in survey:
        if each["type"] == "calculate":
            del each["label"]
    used = " ".join(row["type"] for row in rows)
    known = {"yes_no": YES_NO, "days": DAYS, **(lists or {})}
    choices = {name: of for name, of in known.items() if name in used}
    return read_form(
        json.dumps(
            {"settings": {**given, **settings}, "survey": survey, "choices": choices},
            ensure_ascii=False,
        )
    )


def row(kind: str, name: str, **more: Any) -> dict[str, Any]:
    if "constraint" in more:
        more["constraint_message"] = told("Not so")
    return {"type": kind, "name": name, **more}


def begun(*rows: dict[str, Any], **settings: Any) -> Chat:
    chat = Chat(form(*rows, **settings))
    chat.begin("any_form")
    return chat


def asked(chat: Chat) -> str | None:
    return chat.question.name if chat.question is not None else None

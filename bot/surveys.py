"""Opening and closing a survey or a call, from the form to the table of its life."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import forms as forming
from dialogs.forms.model import Audience, Role
from dialogs.life import State, Turn, turn
from dialogs.running import doubts as doubting
from dialogs.running.doubts import Doubt
from storage import surveys

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.kept import Kept
    from bot.settings import Settings
    from dialogs.forms.model import Form
    from dialogs.office import Office
    from storage.surveys import Running


class RefusedError(Exception):
    """What was asked is not done; one sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A survey as `raati survey list` tells it; its fields stand outside and do not move."""

    name: str
    state: str
    opens: str  # YYYY-MM-DD
    closes: str | None  # its last day
    received: int
    mixing: int  # received, but not yet mixed in


async def listed(here: Kept, now: datetime) -> list[Listed]:
    """Every survey and call, as it is at `now` (Helsinki wall clock)."""
    found = []
    for kept in await surveys.listed(here.store):
        running = here.forms.running(kept, now)
        last = running.closed_on or running.closes
        received, mixing = await surveys.received(here.store, kept.name)
        found.append(
            Listed(
                name=kept.name,
                state=str(running.state),
                opens=kept.opens.isoformat(),
                closes=last.isoformat() if last is not None else None,
                received=received,
                mixing=mixing,
            )
        )
    return found


async def open_survey(
    here: Kept,
    settings: Settings,
    name: str,
    now: datetime,
    *,
    until: date | None = None,
    audience: Audience | None = None,
) -> Running:
    """Opens the survey or call `name` until the day `until`; an open one gets another last day,
    and one that was closed by mistake is open again while it is closing.

    Raises RefusedError, FormsError.
    """
    if empty := here.office.empty_fields():
        raise RefusedError(f"The office's file is not complete. Write: {', '.join(empty)}.")
    if until is not None and until < now.date():
        raise RefusedError("The last day is in the past. Give today or a later day.")
    kept = await _find(here, name)
    if kept is None:
        source = forming.source(name, settings)
        form = forming.form(source, here.office)
        if form.name != name:
            raise RefusedError(
                f"The form in {name}.yaml calls itself {form.name}: name the file {form.name}.yaml."
            )
        kept = surveys.Running(
            name=form.name,
            source=source,
            kind=str(form.kind),
            audience=str(audience or form.audience),
            state=str(State.OPEN),
            opens=now.date(),
            closes=until,
            closed_on=None,
        )
    else:
        now_state = here.forms.running(kept, now).state
        state = turn(now_state, Turn.OPENED)
        if state is None:
            raise RefusedError(
                f"{name} is closed and cannot be opened again, so that old answers and new ones do "
                "not mix. Copy its form under another name and open that."
            )
        unseen = now_state in (State.DRAFT, State.SCHEDULED)
        closes = until if until is not None else kept.closes
        if closes is not None and closes < now.date():
            raise RefusedError("Its last day has passed. Give a new one with --until.")
        kept = replace(
            kept,
            state=str(state),
            opens=now.date() if unseen else kept.opens,
            closes=closes,
            closed_on=None,
            audience=str(audience or kept.audience),
        )
    form = here.forms.running(kept, now).form
    if form.audience is Audience.MEMBERS and any(row.role is Role.BACKGROUND for row in form.rows):
        raise RefusedError(
            f"{name} asks for background facts, which would tell members apart: "
            "take them out, or open it to everyone."
        )
    await _keep(here, kept)
    return kept


def doubts(form: Form, source: str, office: Office, today: date, closes: date | None) -> list[str]:
    """What the office's file says that a call open on the day `today` until `closes` contradicts: a
    sentence each. A survey raises none."""
    return [
        _sentence(doubt, form, office)
        for doubt in doubting.doubts(form, source, office, today, closes)
    ]


def _sentence(doubt: Doubt, form: Form, office: Office) -> str:
    match doubt:
        case Doubt.HEARD_BEFORE_CLOSING:
            return (
                f"The office's file says that applicants hear by {office.chosen_by}, before the "
                "call closes: mend chosen_by."
            )
        case Doubt.EVENINGS_PAST:
            return "All the evenings in the office's file are past: mend meetings."
    return (
        f"The office's file says {doubt} {getattr(office, doubt)}, which the form {form.name} "
        "never mentions: its texts may promise something else."
    )


async def close_survey(here: Kept, name: str, now: datetime) -> Running:
    """Closes it: nothing new is begun, begun answers end at four next morning. Raises
    RefusedError."""
    kept = await _find(here, name)
    if kept is None or kept.state == State.DRAFT:
        raise RefusedError(f"{name} was never opened. `raati survey list` shows what was.")
    now_state = here.forms.running(kept, now).state
    state = turn(now_state, Turn.CLOSED_BY_HAND)
    if state is None:
        raise RefusedError(f"{name} is {now_state} already.")
    last = now.date() if state is State.CLOSING else None
    kept = replace(kept, state=str(state), closed_on=last)
    await _keep(here, kept)
    return kept


async def _find(here: Kept, name: str) -> Running | None:
    return next((kept for kept in await surveys.listed(here.store) if kept.name == name), None)


async def _keep(here: Kept, kept: Running) -> None:
    """Raises RefusedError."""
    if not await surveys.keep(here.store, kept):
        raise RefusedError(f"Somebody else is changing {kept.name} just now. Try again.")

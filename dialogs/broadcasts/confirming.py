"""Nothing goes to many before somebody has seen once more what it is, to whom and when.

Where there is another coordinator, they are asked; if nobody answers within 15 minutes, whoever
wrote it may confirm alone, and the trail says so. Where there is none, it can be undone for a
minute. Until it is due, it can be taken back and is a draft again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Audience, Circle
from dialogs.broadcasts import audiences, checking, desk, draft, names, planning, underway, waiting
from dialogs.broadcasts.draft import kept_in, meant, others
from dialogs.broadcasts.records import Life, Turn, turn
from dialogs.broadcasts.waiting import BACK, may_alone
from dialogs.outcome import Change, Outcome
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.cards import on_card
from dialogs.panel.records import Panel
from dialogs.panel.tidings import NEWS, tidings
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Line, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.announcement import Announcement
    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.pages import Row
    from dialogs.screens import Paragraph

SURE, YES, NO = "sure", "yes", "no"
"""What buttons carry, each with the revision of what was seen: of another, nothing is confirmed."""


# Whoever wrote it


def _send(here: Here, press: PanelPress, message: int) -> Outcome:
    broadcast = meant(here, press)
    if broadcast is None:
        return desk.gone(here, press)
    if press.more == BACK:
        return _taken_back(here, press, broadcast, message)
    if broadcast.author != draft.me(here) or broadcast.life not in (Life.DRAFT, Life.ASKED):
        return desk.as_it_is(here, press, broadcast, message)
    if broadcast.life is Life.ASKED and not may_alone(here, broadcast):
        return desk.as_it_is(here, press, broadcast, message)
    if _hindered(here, broadcast):
        notice = (Line(Say("compose.not_yet")),)
        shown = desk.card(here, press.language, broadcast, notice)
        return on_card(shown, *draft.rests(here, broadcast, message))
    if press.more != f"{SURE}{broadcast.revision}":
        shown = _review(here, press.language, broadcast)
        outcome = on_card(shown, *draft.rests(here, broadcast, message))
        return replace(outcome, toast=Say("toast.old_button")) if press.more else outcome
    if broadcast.life is Life.DRAFT and others(here):
        return _asked(here, press, broadcast)
    return _confirmed_alone(here, press, broadcast)


def _hindered(here: Here, broadcast: Broadcast) -> bool:
    """Whether something must be done first; a time that passed while a colleague was asked is made
    up for by going out at once."""
    if broadcast.life is Life.DRAFT:
        return bool(draft.lacks(here, broadcast))
    return bool(draft.unready(here, broadcast))


def _review(here: Here, language: str, broadcast: Broadcast) -> Card:
    """What goes out, to whom, and when; what happens if it is confirmed now."""
    people = audiences.reached(here, broadcast).total
    asks = broadcast.life is Life.DRAFT and bool(others(here))
    if asks:
        means, does = Say("compose.asks_colleague"), Say("compose.ask")
    elif broadcast.life is Life.ASKED and others(here):
        means, does = Say("compose.alone_unanswered"), Say("compose.send_to", count=people)
    else:
        means, does = Say("compose.alone"), Say("compose.send_to", count=people)
    sure = panel(language, Page.SEND, broadcast.key, f"{SURE}{broadcast.revision}")
    return Card(
        language,
        (
            (Line(Say("compose.review"), strong=True),),
            *_what(here, language, broadcast),
            (Line(means),),
        ),
        (
            (Button(does, sure),),
            *draft.to_see(language, broadcast),
            pages.back(language, Page.BROADCAST, broadcast.key),
        ),
    )


def _what(here: Here, language: str, broadcast: Broadcast) -> tuple[Paragraph, ...]:
    return (
        (Line(names.named(here.panel or Panel(), broadcast, language)),),
        audiences.numbers(here, broadcast),
        draft.goes(here, broadcast),
        *checking.lines(checking.remarks(here, broadcast)),
    )


def _asked(here: Here, press: PanelPress, broadcast: Broadcast) -> Outcome:
    """Each of the others is asked; and whoever asks is told when nobody has answered."""
    kept = replace(broadcast, life=Life.ASKED, asked_at=here.now)
    asks = tuple(
        _tidings(
            here,
            f"{_asking(kept)}{kept.revision}:{short(one.key)}",
            Say("compose.told_asked"),
            Say("compose.look"),
            Page.CONFIRM,
            kept,
            one.key,
        )
        for one in others(here)
    )
    late = _tidings(
        here,
        f"{_asking(kept)}{kept.revision}:unanswered",
        Say("compose.told_unanswered"),
        Say("compose.open"),
        Page.BROADCAST,
        kept,
        kept.author,
    )
    until = waiting.until(here, kept)
    change = Change(
        keep=(kept,),
        plan=(*asks, replace(late, due=until, expires=until + NEWS)),
        trail=(deed(here, What.BROADCAST_ASKED, kept.key),),
    )
    shown = desk.card(kept_in(here, kept), press.language, kept, (Line(Say("compose.asked_now")),))
    return on_card(shown, change, *draft.ends(here, kept))


def _confirmed_alone(here: Here, press: PanelPress, broadcast: Broadcast) -> Outcome:
    unanswered = broadcast.life is Life.ASKED and bool(others(here))
    what = What.BROADCAST_UNANSWERED if unanswered else What.BROADCAST_CONFIRMED_ALONE
    kept, announced = planning.confirmed(here, broadcast, _name(here), alone=True)
    change = Change(
        keep=(kept,),
        withdraw=(_asking(kept),),
        plan=(announced,),
        trail=(deed(here, what, kept.key),),
    )
    shown = underway.after(kept_in(here, kept), press.language, kept, Say("compose.confirmed"))
    return on_card(shown, change, *draft.ends(here, kept))


def _taken_back(here: Here, press: PanelPress, broadcast: Broadcast, message: int) -> Outcome:
    """Before anybody got it; also by a colleague, once it is confirmed."""
    mine = broadcast.author == draft.me(here)
    life = turn(broadcast.life, Turn.TAKEN_BACK)
    begun = broadcast.due is not None and draft.passed(here, broadcast.due)
    if life is None or begun or (broadcast.life is Life.ASKED and not mine):
        return desk.as_it_is(here, press, broadcast, message)
    kept = replace(broadcast, life=life, asked_at=None, due=None, confirmed_by="", corrections=())
    withdrawn = (_asking(kept),)
    if broadcast.life is Life.CONFIRMED:
        withdrawn = (f"{planning.prefix(kept)}{kept.version}:",)
    told = _answer(here, broadcast, Say("compose.told_taken_back"))
    change = Change(
        keep=(kept,),
        withdraw=withdrawn,
        plan=() if mine else (told,),
        trail=(deed(here, What.BROADCAST_TAKEN_BACK, kept.key),),
    )
    notice = (Line(Say("compose.taken_back")),)
    return on_card(desk.card(kept_in(here, kept), press.language, kept, notice), change)


# A colleague


def _confirm(here: Here, press: PanelPress, message: int) -> Outcome:
    broadcast = meant(here, press)
    if broadcast is None:
        return desk.gone(here, press)
    if broadcast.author == draft.me(here):
        return desk.as_it_is(here, press, broadcast, message)
    if broadcast.life is not Life.ASKED:
        notice = (Line(Say("compose.no_longer_asked")),)
        return on_card(desk.card(here, press.language, broadcast, notice))
    if press.more == f"{NO}{broadcast.revision}":
        return _not_yet(here, press, broadcast)
    ready = not _hindered(here, broadcast)
    if press.more == f"{YES}{broadcast.revision}" and ready:
        return _confirmed(here, press, broadcast)
    messages = tuple(planning.cards(here, broadcast).values())
    outcome = Outcome((*messages, _question(here, press.language, broadcast, ready=ready)))
    return replace(outcome, toast=Say("toast.old_button")) if press.more else outcome


def _question(here: Here, language: str, broadcast: Broadcast, *, ready: bool) -> Card:
    """Below the very messages: to whom and when, and what is to be said to it."""
    yes = panel(language, Page.CONFIRM, broadcast.key, f"{YES}{broadcast.revision}")
    no = panel(language, Page.CONFIRM, broadcast.key, f"{NO}{broadcast.revision}")
    people = audiences.reached(here, broadcast).total
    approve: tuple[Row, ...] = ((Button(Say("compose.approve", count=people), yes),),)
    asks = Say("compose.do_you_approve") if ready else Say("compose.cannot_approve")
    return Card(
        language,
        (
            (Line(Say("compose.look_above"), strong=True),),
            *_what(here, language, broadcast),
            (Line(asks),),
        ),
        (*(approve if ready else ()), (Button(Say("compose.refuse"), no),)),
    )


def _confirmed(here: Here, press: PanelPress, broadcast: Broadcast) -> Outcome:
    kept, announced = planning.confirmed(here, broadcast, _name(here), alone=False)
    change = Change(
        keep=(kept,),
        withdraw=(_asking(kept),),
        plan=(announced, _answer(here, broadcast, Say("compose.told_approved"))),
        trail=(deed(here, What.BROADCAST_CONFIRMED, kept.key),),
    )
    shown = underway.after(kept_in(here, kept), press.language, kept, Say("compose.approved"))
    return on_card(shown, change)


def _not_yet(here: Here, press: PanelPress, broadcast: Broadcast) -> Outcome:
    """It is a draft again."""
    kept = replace(broadcast, life=Life.DRAFT, asked_at=None)
    change = Change(
        keep=(kept,),
        withdraw=(_asking(kept),),
        plan=(_answer(here, broadcast, Say("compose.told_refused")),),
        trail=(deed(here, What.BROADCAST_REFUSED, kept.key),),
    )
    notice = (Line(Say("compose.refused")),)
    return on_card(desk.card(kept_in(here, kept), press.language, kept, notice), change)


def _asking(broadcast: Broadcast) -> str:
    """The beginning of what is said about the asking: none of it is what goes out."""
    return f"asked:{short(broadcast.key)}:"


def _answer(here: Here, broadcast: Broadcast, said: Say) -> Announcement:
    """To whoever wrote it."""
    occasion = f"answered:{short(broadcast.key)}:{broadcast.revision}"
    button = Say("compose.open")
    return _tidings(here, occasion, said, button, Page.BROADCAST, broadcast, broadcast.author)


def _tidings(
    here: Here,
    occasion: str,
    said: Say,
    button: Say,
    page: Page,
    broadcast: Broadcast,
    whom: bytes,
) -> Announcement:
    audience = Audience(Circle.PERSON, whom.hex())
    return tidings(here, occasion, said, button, page, broadcast.key, audience=audience)


def _name(here: Here) -> str:
    return "" if here.coordinator is None else here.coordinator.name


PAGES: Final[Mapping[Page, Press]] = {Page.SEND: _send, Page.CONFIRM: _confirm}

"""A broadcast that is confirmed, on one card: how far it is, and what can still be done about it.

It can be paused, gone on with, and what is left of it cancelled, by one coordinator alone: whoever
has sent something wrong waits for nobody. The card keeps up with the sending by itself; the same
card is the report afterwards.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Stage
from dialogs.broadcasts import audiences, draft, names, planning, report
from dialogs.broadcasts.records import Life, Turn, turn
from dialogs.outcome import Change
from dialogs.panel import pages
from dialogs.panel.buttons import Page, panel
from dialogs.panel.cards import on_card
from dialogs.panel.preview import IN, contact
from dialogs.panel.records import Panel
from dialogs.panel.trail import What, deed, seen
from dialogs.screens import At, Button, Card, Dated, Joined, Line, Say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.broadcasts.records import Broadcast
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.screens import Paragraph

    Row = tuple[Button, ...]

SURELY: Final = "surely"

EACH: Final = 20
"""So many people to call stand on one card."""


def meant(here: Here, press: PanelPress) -> Broadcast | None:
    """Which broadcast the button is about."""
    return next((one for one in (here.panel or Panel()).broadcasts if press.means(one.key)), None)


def gone(language: str) -> Outcome:
    """From an old button: there is no such broadcast any more."""
    said = Line(Say("underway.gone"))
    return on_card(Card(language, ((said,),), (pages.back(language, Page.BROADCASTS),)))


def card(here: Here, language: str, broadcast: Broadcast, notice: Paragraph = ()) -> Card:
    """Of a broadcast that is confirmed, as it is now. It follows the sending while any of its
    figures may change by itself."""
    if broadcast.life in (Life.DRAFT, Life.ASKED):
        return _draft(here, language, broadcast)
    found = report.of(here, broadcast)
    said: list[Paragraph] = [notice, _head(here, language, broadcast), _status(here, broadcast)]
    if found is not None and not is_ahead(here, broadcast):
        said += [
            report.figures(broadcast, found),
            _left(here, broadcast),
            report.mended(broadcast, found),
        ]
    said += [report.news(here, broadcast), _to_be_called(here, broadcast)]
    follows = broadcast.key.hex() if report.is_moving(here, broadcast) else ""
    rows = _ways_on(here, language, broadcast)
    return Card(language, tuple(filter(None, said)), rows, follows=follows)


def as_it_is(here: Here, language: str, broadcast: Broadcast) -> Outcome:
    """From an old button: nothing is changed, and the card of now is shown."""
    return replace(on_card(card(here, language, broadcast)), toast=Say("toast.old_button"))


def numbers(here: Here, broadcast: Broadcast) -> Paragraph:
    """How many have it, and how many would not get it any more."""
    has_it, waits = report.have_it(here, broadcast), report.waiting(here, broadcast)
    has = Say("underway.have_it", count=has_it) if has_it else Say("underway.nobody_has_it")
    waiting = (Line(Say("underway.do_not_get_it", count=waits)),) if waits else ()
    return (Line(has), *waiting)


def after(here: Here, language: str, broadcast: Broadcast, said: Say) -> Card:
    """The card of a broadcast that is being kept by this very step: what comes of it is still to be
    seen."""
    shown = card(here, language, broadcast, (Line(said, strong=True),))
    return replace(shown, follows=broadcast.key.hex())


def _draft(here: Here, language: str, broadcast: Broadcast) -> Card:
    """It was taken back meanwhile, to be changed."""
    return Card(
        language,
        (_head(here, language, broadcast), (Line(Say("underway.draft")),)),
        (
            (Button(Say("underway.open_draft"), panel(language, Page.BROADCAST, broadcast.key)),),
            pages.back(language, Page.BROADCASTS),
        ),
    )


def _head(here: Here, language: str, broadcast: Broadcast) -> Paragraph:
    """What it is called and whom it is for, and the corrections that went out."""
    lines = [Line(names.named(here.panel or Panel(), broadcast, language), strong=True)]
    if broadcast.circle is not None:
        who = audiences.said(here, planning.audience(broadcast))
        lines.append(Line(Say("underway.to", {"audience": who})))
    for one in broadcast.corrections:
        read = Joined(tuple(IN[language] for language in one.languages))
        lines.append(Line(Say("underway.corrected", {"day": Dated(one.on), "languages": read})))
    return tuple(lines)


def is_ahead(here: Here, broadcast: Broadcast) -> bool:
    """Whether it is still to go out, and can be taken back as a whole."""
    found = report.of(here, broadcast)
    planned = found is None or found.stage is Stage.PLANNED
    due = broadcast.due
    return broadcast.life is Life.CONFIRMED and planned and due is not None and here.now < due


def _is_over(here: Here, broadcast: Broadcast) -> bool:
    """Whether it has come to everybody it comes to."""
    found = report.of(here, broadcast)
    if found is not None:
        return not report.is_on_its_way(found)
    return broadcast.due is None or broadcast.due + planning.USEFUL < here.now


def _status(here: Here, broadcast: Broadcast) -> Paragraph:
    match broadcast.life:
        case Life.PAUSED:
            return (Line(Say("underway.paused")),)
        case Life.CANCELLED:
            return (Line(Say("underway.cancelled")),)
        case Life.RETRACTED:
            return (Line(Say("underway.retracted")),)
    when = At(broadcast.due or here.now)
    if is_ahead(here, broadcast):
        return (
            Line(Say("underway.ahead", {"when": when})),
            Line(Say("underway.can_be_taken_back")),
        )
    if _is_over(here, broadcast):
        return (Line(Say("underway.over", {"when": when})),)
    return (Line(Say("underway.sending", {"when": when})), *report.held_back(here, broadcast))


def _left(here: Here, broadcast: Broadcast) -> Paragraph:
    """How many minutes more, unless it waits for the morning, or for somebody to go on with it."""
    found = report.of(here, broadcast)
    if found is None or broadcast.life is Life.PAUSED or report.held_back(here, broadcast):
        return ()
    return report.left(found)


def _to_be_called(here: Here, broadcast: Broadcast) -> Paragraph:
    count = len(report.to_call(here, broadcast))
    return (Line(Say("underway.to_be_called", count=count)),) if count else ()


def _ways_on(here: Here, language: str, broadcast: Broadcast) -> tuple[Row, ...]:
    def to(label: Say, page: Page, more: str = "") -> Button:
        return Button(label, panel(language, page, broadcast.key, more))

    rows: list[Row] = []
    has_it = report.have_it(here, broadcast) > 0
    goes_on = turn(broadcast.life, Turn.CANCELLED) is not None and not _is_over(here, broadcast)
    if is_ahead(here, broadcast):
        rows.append((to(Say("broadcast.take_back"), Page.SEND, "back"),))
    elif broadcast.life is Life.PAUSED:
        rows.append((to(Say("underway.resume"), Page.RESUME),))
    elif goes_on:
        rows.append((to(Say("underway.pause"), Page.PAUSE),))
    if not is_ahead(here, broadcast):
        can_mend = turn(broadcast.life, Turn.CORRECTED) is not None and (has_it or goes_on)
        last = [to(Say("underway.stop"), Page.STOP)] if goes_on else []
        if can_mend:
            rows.append((to(Say("underway.mend"), Page.MEND),))
        if has_it and turn(broadcast.life, Turn.RETRACTED) is not None:
            last.append(to(Say("underway.retract"), Page.RETRACT))
        rows += [(one,) for one in last]
    if report.to_call(here, broadcast):
        rows.append((to(Say("underway.whom_to_call"), Page.MISSED),))
    rows += draft.to_see(language, broadcast)
    return (*rows, pages.back(language, Page.BROADCASTS))


# Pausing, going on, cancelling the rest


def _pause(here: Here, press: PanelPress, message: int) -> Outcome:
    broadcast = meant(here, press)
    if broadcast is None:
        return gone(press.language)
    change = Change(
        hold=(planning.occasion(broadcast),),
        trail=(deed(here, What.BROADCAST_PAUSED, broadcast.key),),
    )
    return _turned(here, press, broadcast, Turn.PAUSED, change, Say("underway.now_paused"))


def _resume(here: Here, press: PanelPress, message: int) -> Outcome:
    broadcast = meant(here, press)
    if broadcast is None:
        return gone(press.language)
    change = Change(
        go_on=(planning.occasion(broadcast),),
        trail=(deed(here, What.BROADCAST_RESUMED, broadcast.key),),
    )
    return _turned(here, press, broadcast, Turn.WENT_ON, change, Say("underway.now_on"))


def _stop(here: Here, press: PanelPress, message: int) -> Outcome:
    """Asks first; then nobody who waits gets it."""
    broadcast = meant(here, press)
    if broadcast is None:
        return gone(press.language)
    language = press.language
    if turn(broadcast.life, Turn.CANCELLED) is None or _is_over(here, broadcast):
        return as_it_is(here, language, broadcast)
    if press.more == SURELY:
        change = Change(
            withdraw=(planning.occasion(broadcast),),
            trail=(deed(here, What.BROADCAST_CANCELLED, broadcast.key),),
        )
        said = Say("underway.now_cancelled")
        return _turned(here, press, broadcast, Turn.CANCELLED, change, said)
    return on_card(
        Card(
            language,
            (
                (Line(Say("underway.stop_ask"), strong=True),),
                numbers(here, broadcast),
                (Line(Say("underway.stop_means")),),
            ),
            (
                (Button(Say("underway.stop"), panel(language, Page.STOP, broadcast.key, SURELY)),),
                pages.back(language, Page.BROADCAST, broadcast.key),
            ),
        )
    )


def _turned(
    here: Here, press: PanelPress, broadcast: Broadcast, happened: Turn, change: Change, said: Say
) -> Outcome:
    """What its life does not allow changes nothing."""
    life = turn(broadcast.life, happened)
    if life is None:
        return as_it_is(here, press.language, broadcast)
    turned = replace(broadcast, life=life)
    return on_card(after(here, press.language, turned, said), replace(change, keep=(turned,)))


# Whom to call


def _missed(here: Here, press: PanelPress, message: int) -> Outcome:
    broadcast = meant(here, press)
    if broadcast is None:
        return gone(press.language)
    language = press.language
    people = report.to_call(here, broadcast)
    at = pages.first(press, len(people), EACH)
    turns = [
        Button(label, panel(language, Page.MISSED, broadcast.key, to))
        for label, to, there in (
            (Say("button.page_before"), at - EACH, at > 0),
            (Say("button.page_after"), at + EACH, at + EACH < len(people)),
        )
        if there
    ]
    named = tuple(Line(contact(one)) for one in people[at : at + EACH])
    shown = Card(
        language,
        (
            (Line(Say("underway.whom_to_call"), strong=True),),
            named or (Line(Say("underway.nobody_to_call")),),
        ),
        (
            *((tuple(turns),) if turns else ()),
            (*pages.back(language, Page.BROADCAST, broadcast.key), *pages.close(language)),
        ),
        private=True,
    )
    return on_card(shown, Change(trail=seen(here, What.REGISTER_SEEN)))


PAGES: Final[Mapping[Page, Press]] = {
    Page.PAUSE: _pause,
    Page.RESUME: _resume,
    Page.STOP: _stop,
    Page.MISSED: _missed,
}

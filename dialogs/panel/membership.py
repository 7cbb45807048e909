"""A member's own card, and what they can do about their membership: see it, leave it, be forgotten.

It speaks the member's language, whatever the phone's. Leaving ends the membership and keeps the
record for the office's days; being forgotten erases it at once. Each takes two taps.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs import survey
from dialogs.buttons import Page as Menu
from dialogs.buttons import menu
from dialogs.cards import NAMES
from dialogs.forms.model import Audience
from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH
from dialogs.outcome import Change, Lay
from dialogs.panel import attending, desk, planning, seats, tidings
from dialogs.panel.attending import whose
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.cards import home, on_card
from dialogs.panel.hours import quiet_hours
from dialogs.panel.records import Coming, Held, Reason, Standing
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Joined, Line, On, Own, Paragraph, Say, Told

if TYPE_CHECKING:
    from dialogs.announcement import Announcement
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Member, Panel

TASK: Final = "joining"
"""The kind of task in which somebody's name and contact may stand half told."""

IN_LANGUAGE: Final = {
    FINNISH: Say("member.in_finnish"),
    SWEDISH: Say("member.in_swedish"),
    ENGLISH: Say("member.in_english"),
}

COMING: Final = {
    Coming.IN: Say("kept.coming_in"),
    Coming.OUT: Say("kept.coming_out"),
    Coming.MAYBE: Say("kept.coming_maybe"),
}

Pairs = tuple[tuple[bytes, bytes], ...]
"""Keys of a meeting and of a member each."""

CARD: Final = "card"  # the button stood on the member's card, and leads back there


def card(here: Here, notice: Paragraph = ()) -> Card:
    """What a member meets first; somebody on the reserve list, or whose membership has ended, what
    is theirs."""
    member, _ = whose(here)
    if member.standing is Standing.MEMBER:
        return _seated(here, notice)
    language = member.language
    first: tuple[Paragraph, ...] = (notice,) if notice else ()
    if member.standing is Standing.RESERVE:
        return Card(
            language,
            (
                *first,
                (Line(Say("member.reserve_title"), strong=True),),
                (Line(Say("member.reserve")), Line(Told(here.office.ask))),
                (Line(Say("member.messages")),),
            ),
            (
                _to_membership(language),
                _to_leave(member),
                home(language),
                _languages(language, CARD),
            ),
        )
    return Card(
        language,
        (
            *first,
            (Line(Say("member.ended_title"), strong=True),),
            (Line(_ended(member)), Line(_erased_on(here, member)), Line(Say("member.thanks"))),
            (Line(Told(here.office.ask)),),
        ),
        (_to_membership(language), _to_forget(language), home(language)),
    )


def _seated(here: Here, notice: Paragraph) -> Card:
    member, panel_ = whose(here)
    language = member.language
    paragraphs: list[Paragraph] = [notice] if notice else []
    paragraphs.append((Line(Say("member.title"), strong=True),))
    rows: list[tuple[Button, ...]] = []
    called = (one for one in attending.ahead(here, panel_) if one.held is Held.CALLED)
    if (meeting := next(called, None)) is not None:
        paragraphs += [
            (
                Line(Say("member.next")),
                Line(Told(meeting.theme), strong=True),
                Line(attending.when(here, meeting)),
            ),
            (Line(attending.answered(member, panel_, meeting)),),
        ]
        rows += [
            *attending.joining(here, meeting),
            *attending.cannot(here, language, meeting),
            *attending.answering(language, member, panel_, meeting),
            (Button(Say("button.meeting"), panel(language, Page.MEETING, meeting.key)),),
        ]
    else:
        paragraphs.append((Line(Say("meetings.none")),))
    said, offered = _surveys(here, language)
    rows += [
        (Button(Say("button.meetings"), panel(language, Page.MEETINGS)),),
        *attending.to_material(here),
        *offered,
        _to_membership(language),
        _to_leave(member),
        home(language),
        _languages(language, CARD),
    ]
    messages: Paragraph = (Line(Say("member.messages")),)
    return Card(language, (*paragraphs, *said, messages), tuple(rows))


def _surveys(here: Here, language: str) -> tuple[list[Paragraph], list[tuple[Button, ...]]]:
    """The surveys that only members are asked."""
    said: list[Paragraph] = []
    rows: list[tuple[Button, ...]] = []
    for one in here.running:
        begun = one.name in here.drafts
        if one.form.audience is not Audience.MEMBERS or not (one.takes_new or begun):
            continue
        title = Told(one.form.title)
        answer = Say("button.answer", {"title": title})
        if begun:
            row = Joined((Say("button.continue"), title), by=": ")
            rows.append((Button(row, menu(language, Menu.CONTINUE, one.name)),))
            until = survey.until(one) if one.takes_new else Say("start.until_four")
        elif here.left(one):
            rows.append((Button(answer, menu(language, Menu.INTRO, one.name)),))
            until = survey.until(one)
        else:
            until = Say("survey.all_answered")
        said.append((Line(Say("member.survey")), Line(title, strong=True), Line(until)))
    return said, rows


def _languages(language: str, to_card: str = "") -> tuple[Button, ...]:
    """Messages in one of the other languages from now on."""
    return tuple(
        Button(Told(dict.fromkeys(LANGUAGES, NAMES[to])), panel(language, Page.SPEAK, to, to_card))
        for to in LANGUAGES
        if to != language
    )


def _to_membership(language: str) -> tuple[Button, ...]:
    return (Button(Say("button.membership"), panel(language, Page.MEMBERSHIP)),)


def _to_leave(member: Member) -> tuple[Button, ...]:
    reserve = member.standing is Standing.RESERVE
    label = Say("button.leave_reserve") if reserve else Say("button.leave")
    return (Button(label, panel(member.language, Page.LEAVE)),)


def _to_forget(language: str) -> tuple[Button, ...]:
    return (Button(Say("button.forget"), panel(language, Page.FORGET)),)


def _to_card(language: str) -> tuple[Button, ...]:
    return (Button(Say("panel.member"), panel(language, Page.MEMBER)),)


def _ended(member: Member) -> Say:
    return Say("member.ended", {"day": On(member.ended_on or member.last_day)})


def _erased_on(here: Here, member: Member) -> Say:
    last = member.ended_on or member.last_day
    return Say("member.erased_on", {"day": On(last + timedelta(days=here.office.member_days))})


def _card(here: Here, press: PanelPress, message: int) -> Outcome:
    return on_card(card(here))


# Everything that is kept


def _membership(here: Here, press: PanelPress, message: int) -> Outcome:
    return on_card(_kept(here))


def _kept(here: Here) -> Card:
    """Everything that is kept of oneself, and the ways to change it."""
    member, panel_ = whose(here)
    language = member.language
    lines = [
        Line(Say("kept.name", {"name": Own(member.name)})),
        Line(Say("kept.contact", {"contact": Own(member.contact)})),
        Line(Say("kept.language", {"language": IN_LANGUAGE[member.language]})),
        Line(Say("kept.chat")),
    ]
    rows: list[tuple[Button, ...]] = [_languages(language)]
    if member.standing is Standing.MEMBER:
        days = {"first": On(member.first_day), "last": On(member.last_day)}
        lines.insert(0, Line(Say("kept.term", days)))
        rows.append(_to_leave(member))
    elif member.standing is Standing.RESERVE:
        lines.insert(0, Line(Say("kept.reserve", {"day": On(member.first_day)})))
        rows.append(_to_leave(member))
    else:
        lines[:0] = [Line(_ended(member)), Line(_erased_on(here, member))]
    paragraphs: list[Paragraph] = [
        (Line(Say("kept.title"), strong=True),),
        tuple(lines),
        *_answers(member, panel_),
        (Line(Say("kept.besides")),),
        (Line(Say("kept.wrong")), Line(Told(here.office.ask))),
    ]
    rows += [_to_forget(language), _to_card(language)]
    return Card(language, tuple(paragraphs), tuple(rows))


def _answers(member: Member, panel_: Panel) -> tuple[Paragraph, ...]:
    """What was answered to each meeting that is kept."""
    lines = tuple(
        Line(Joined((On(one.start.date()), COMING[coming]), by=" – "))
        for one in panel_.meetings
        if (coming := panel_.coming(one, member)) is not None
    )
    return ((Line(Say("kept.answers")), *lines),) if lines else ()


def _speak(here: Here, press: PanelPress, message: int) -> Outcome:
    """Everything is said in that language from now on."""
    member, panel_ = whose(here)
    shown = card if press.more == CARD else _kept
    if press.about not in LANGUAGES or press.about == member.language:
        return on_card(shown(here))
    speaks = replace(member, language=press.about)
    after = with_member(here, panel_, speaks)
    return on_card(shown(after), Change(keep=(speaks,), plan=untranslated(after, panel_, speaks)))


# Leaving


def _leave(here: Here, press: PanelPress, message: int) -> Outcome:
    member, _ = whose(here)
    if member.standing is Standing.ENDED:
        return on_card(card(here))
    language = member.language
    reserve = member.standing is Standing.RESERVE
    ask = Say("leave.ask_reserve") if reserve else Say("leave.ask")
    surely = Say("button.leave_reserve") if reserve else Say("button.leave")
    kept = Say("leave.kept", count=here.office.member_days)
    return on_card(
        Card(
            language,
            ((Line(ask, strong=True),), (Line(kept),)),
            (
                (Button(Say("button.stay_member"), panel(language, Page.MEMBER)),),
                (Button(surely, panel(language, Page.LEAVE_SURELY)),),
            ),
        )
    )


def _left(here: Here, press: PanelPress, message: int) -> Outcome:
    """The membership ends today, and the coordinators hear of it."""
    member, _ = whose(here)
    if member.standing is Standing.ENDED:  # tapped twice
        return on_card(card(here))
    left = replace(member, standing=Standing.ENDED, reason=Reason.LEFT, ended_on=here.today)
    reserve = member.standing is Standing.RESERVE
    said = Say("tidings.left_reserve") if reserve else Say("tidings.left")
    change = Change(
        keep=(left,),
        withdraw=(seats.offers_to(member),),
        plan=(tidings.of_person(here, f"left:{short(member.key)}:{here.today}", said, member),),
        trail=(deed(here, What.MEMBER_LEFT, member.key),),
    )
    done: Paragraph = (Line(Say("leave.done"), strong=True),)
    return on_card(card(replace(here, member=left), done), change)


# Being forgotten


def _forget(here: Here, press: PanelPress, message: int) -> Outcome:
    member, _ = whose(here)
    language = member.language
    ends = {
        Standing.MEMBER: (Line(Say("forget.ends_too")),),
        Standing.RESERVE: (Line(Say("forget.ends_reserve")),),
    }
    too = ends.get(member.standing, ())
    return on_card(
        Card(
            language,
            ((Line(Say("forget.ask"), strong=True),), (*too, Line(Say("forget.means")))),
            (
                (Button(Say("button.keep_kept"), panel(language, Page.MEMBERSHIP)),),
                (Button(Say("button.forget"), panel(language, Page.FORGET_SURELY)),),
            ),
        )
    )


def _forgotten(here: Here, press: PanelPress, message: int) -> Outcome:
    """Nothing of the person is left, nor a link that was made for them. Coordinators hear that a
    seat is free, and not whose."""
    member, panel_ = whose(here)
    links = (one for one in panel_.invitations if one.member == member.key)
    told: tuple[Announcement, ...] = ()
    if member.standing is Standing.MEMBER:
        freed = f"freed:{here.fresh[:8].hex()}"  # a name that leads to nobody
        button = Say("button.show_register")
        told = (tidings.tidings(here, freed, Say("tidings.seat_free"), button, Page.REGISTER),)
    change = Change(
        erase=(member, *links),
        withdraw=(seats.offers_to(member),),
        plan=told,
        trail=(deed(here, What.MEMBER_FORGOTTEN, member.key),),
    )
    half_told = here.task is not None and here.task.kind == TASK
    done = Card(member.language, ((Line(Say("forget.done")),),), (home(member.language),))
    return on_card(done, change, *((Lay(None),) if half_told else ()))


# A seat that is offered


def _take(here: Here, press: PanelPress, message: int) -> Outcome:
    """From the reserve list to a seat, if there still is one."""
    member, panel_ = whose(here)
    if (refused := _not_offered(here)) is not None:
        return refused
    if not seats.vacant(here.office, panel_):
        full: Paragraph = (Line(Say("seat.full"), strong=True),)
        return on_card(card(here, full))
    seated = seats.seated(here.office, here.today, panel_, member)
    anew = asked_anew(here, panel_, seated)
    after = with_member(here, panel_, seated, anew)
    change = Change(
        keep=(seated, *seats.held(panel_)),
        ask_anew=anew,
        withdraw=(seats.offers_to(member),),
        plan=(
            *invited(here, panel_, seated),
            *untranslated(after, panel_, seated),
            tidings.of_person(here, _answer(member), Say("tidings.seat_taken"), member),
        ),
        trail=(deed(here, What.SEAT_TAKEN, member.key),),
    )
    welcome: Paragraph = (Line(Say("seat.taken", {"day": On(seated.last_day)}), strong=True),)
    return on_card(card(after, welcome), change)


def _decline(here: Here, press: PanelPress, message: int) -> Outcome:
    """The seat goes to somebody else; the place on the reserve list stays."""
    member, panel_ = whose(here)
    if (refused := _not_offered(here)) is not None:
        return refused
    listed = replace(member, offered_until=None)
    said = Say("tidings.seat_declined")
    change = Change(
        keep=(listed,),
        withdraw=(seats.offers_to(member),),
        plan=(tidings.of_person(here, _answer(member), said, member),),
        trail=(deed(here, What.SEAT_DECLINED, member.key),),
    )
    declined: Paragraph = (Line(Say("seat.declined"), strong=True),)
    return on_card(card(with_member(here, panel_, listed), declined), change)


def _not_offered(here: Here) -> Outcome | None:
    """The person's own card, where no offer is open that the button could answer."""
    member, _ = whose(here)
    if member.standing is not Standing.RESERVE:
        return on_card(card(here))
    if seats.open_until(member, here.today) is None:
        return on_card(card(here, (Line(Say("seat.too_late"), strong=True),)))
    return None


def _answer(member: Member) -> str:
    """Each offer and each answer raises the revision: no two answers are of one occasion."""
    return f"answer:{short(member.key)}:{member.revision}"


def invited(here: Here, panel_: Panel, member: Member) -> tuple[Announcement, ...]:
    """What is still ahead, for somebody who joins now."""
    quiet = quiet_hours(here.office)
    return tuple(
        invitation
        for one in attending.ahead(here, panel_)
        if one.held is Held.CALLED
        for invitation in planning.late(member, one, here.now, quiet)
    )


def untranslated(after: Here, panel_: Panel, member: Member) -> tuple[Announcement, ...]:
    """What coordinators hear of meetings ahead whose theme lacks this member's language: once of
    each meeting and language. `after` has the member as they are from now on."""
    if member.standing is not Standing.MEMBER:
        return ()
    return tuple(
        tidings.tidings(
            after,
            f"lacking:{short(one.key)}:{member.language}",
            Say(
                "tidings.untranslated",
                {"language": IN_LANGUAGE[member.language], "day": On(one.start.date())},
            ),
            Say("desk.translate"),
            Page.TRANSLATE,
            one.key,
            until=one.end,
        )
        for one in attending.ahead(after, panel_)
        if one.held is Held.CALLED and ("theme", member.language) in desk.lacking(after, one)
    )


def asked_anew(here: Here, panel_: Panel, member: Member) -> Pairs:
    """The answers from an earlier membership to what is ahead: nobody has renewed them."""
    return tuple(
        (one.key, member.key)
        for one in attending.ahead(here, panel_)
        if panel_.coming(one, member) is not None
    )


def with_member(here: Here, panel_: Panel, member: Member, anew: Pairs = ()) -> Here:
    """What is known, with this member as they are from now on; `anew`: not answered any more."""
    others = tuple(one for one in panel_.members if one.key != member.key)
    answers = {pair: coming for pair, coming in panel_.attendance.items() if pair not in anew}
    known = replace(panel_, members=(*others, member), attendance=answers)
    return replace(here, member=member, panel=known)


def _for_seated(page: Press) -> Press:
    """Meetings are the members' of now; anybody else sees their own card."""

    def opened(here: Here, press: PanelPress, message: int) -> Outcome:
        member, _ = whose(here)
        seated = member.standing is Standing.MEMBER
        return page(here, press, message) if seated else on_card(card(here))

    return opened


PAGES: Final[dict[Page, Press]] = {
    Page.MEMBER: _card,
    **{page: _for_seated(shown) for page, shown in attending.PAGES.items()},
    Page.MEMBERSHIP: _membership,
    Page.SPEAK: _speak,
    Page.LEAVE: _leave,
    Page.LEAVE_SURELY: _left,
    Page.FORGET: _forget,
    Page.FORGET_SURELY: _forgotten,
    Page.TAKE_SEAT: _take,
    Page.DECLINE_SEAT: _decline,
}

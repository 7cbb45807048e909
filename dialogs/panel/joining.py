"""Opening a link that somebody was given: becoming a coordinator, joining the panel or its reserve
list, bringing a membership to another account.

Whoever opens a link may not be whom it was meant for. So it shows nothing of anybody, a link that
does not work says the same whatever became of it, and nothing is kept before it was agreed to.
What is told while joining is a task; the link is used only with the last tap.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dialogs.announcement import Audience, Circle
from dialogs.cards import NAMES
from dialogs.events import Edited, Typed
from dialogs.forms.inputs import Refusal
from dialogs.languages import LANGUAGES
from dialogs.outcome import Change, Lay, Outcome, Save
from dialogs.panel import membership, persons, seats, terms, tidings
from dialogs.panel.buttons import Page, panel, short
from dialogs.panel.cards import Steps, asked, home, on_card
from dialogs.panel.membership import TASK
from dialogs.panel.records import Coordinator, Member, Purpose, Role, Standing, Task, Use
from dialogs.panel.trail import What, deed
from dialogs.screens import Button, Card, Line, On, Own, Paragraph, Say, Told

if TYPE_CHECKING:
    from dialogs.events import Sent
    from dialogs.outcome import Here
    from dialogs.panel.buttons import PanelPress
    from dialogs.panel.cards import Press
    from dialogs.panel.records import Invitation, Panel
    from dialogs.screens import Words

LOOK: Final = "look"  # what it means, in the button's language
BEGIN: Final = "begin"  # agreed: the name, then the contact
SURELY: Final = "surely"  # all is told

NAME: Final = "name"
CONTACT: Final = "contact"
REVIEW: Final = "review"

LINK: Final = "link"  # the token that stands in it
TYPED: Final = "_at"  # behind a step's name: the message that it was typed in

BRINGS: Final = {Purpose.MEMBER: Standing.MEMBER, Purpose.RESERVE: Standing.RESERVE}

Usable = tuple["Invitation", "Panel"]


def opened(here: Here, token: str) -> Outcome:
    """/start with a link's token. What was going on in the chat is set aside, so that nothing typed
    from now on lands in it."""
    outcome = _opened(here, token, here.phone)
    paused = tuple(Save(replace(one, active=False)) for one in here.drafts.values() if one.active)
    task = here.task
    laid = (Lay(replace(task, active=False)),) if task is not None and task.active else ()
    return replace(outcome, effects=(*outcome.effects, *paused, *laid))


def _opened(here: Here, token: str, language: str) -> Outcome:
    usable = _usable(here, language)
    if isinstance(usable, Card):
        return Outcome((usable,))
    invitation, panel_ = usable
    if invitation.purpose is Purpose.COORDINATOR:
        return _coordinator(here, invitation, panel_, language)
    if invitation.purpose is Purpose.READER:
        return _reader(here, invitation, panel_, language)
    if invitation.purpose is Purpose.MOVE:
        return Outcome((_moving(token, language),))
    if _full(here, invitation, panel_):
        card, told = _told_full(here, invitation, language)
        return Outcome((card,), (told,))
    return Outcome((_meaning(here, invitation, panel_, token, language),))


# Whether a link opens


def _usable(here: Here, language: str) -> Usable | Card:
    """The invitation, where it can be used here and now; otherwise what is said instead."""
    invitation, panel_ = here.invitation, here.panel
    if invitation is None or panel_ is None:
        return _closed(here, language)
    if (already := _already(here, invitation, language)) is not None:
        return already
    if invitation.use is not Use.OPEN or invitation.expires <= here.now:
        return _closed(here, language)
    if invitation.purpose is Purpose.MOVE:
        if invitation.member is None or panel_.member(invitation.member) is None:
            return _closed(here, language)
        if here.member is not None:
            return _plain(here, language, Say("joining.other_membership"))
    return invitation, panel_


def _closed(here: Here, language: str) -> Card:
    """The same for a link that was used, has run out, was taken back, or never was."""
    return _plain(here, language, Say("joining.closed"))


def _plain(here: Here, language: str, said: Say) -> Card:
    return Card(language, ((Line(said),), (Line(Told(here.office.ask)),)), (home(language),))


def _already(here: Here, invitation: Invitation, language: str) -> Card | None:
    """For whoever already is what the link would make them; the link stays as it is."""
    member = here.member
    if invitation.purpose in (Purpose.COORDINATOR, Purpose.READER):
        if here.coordinator is not None:
            return _to_panel(language, Say("joining.coordinator_already"))
        if here.reader is not None and invitation.purpose is Purpose.READER:
            return _to_results(language, Say("joining.reader_already"))
        return None
    if member is None:
        return None
    if invitation.purpose is Purpose.MOVE:
        here_already = (Line(Say("joining.moved_already"), strong=True),)
        return membership.card(here, here_already) if member.key == invitation.member else None
    if member.standing is Standing.MEMBER:
        return membership.card(here, (Line(Say("joining.member_already"), strong=True),))
    if member.standing is Standing.RESERVE and invitation.purpose is Purpose.RESERVE:
        return membership.card(here, (Line(Say("joining.reserve_already"), strong=True),))
    return None


# A coordinator, or a reader


def _coordinator(here: Here, invitation: Invitation, panel_: Panel, language: str) -> Outcome:
    """A coordinator from now on, also who was a reader until now."""
    known = here.reader or Coordinator(here.fresh[:16], here.name, language, here.chat)
    newcomer = replace(known, name=here.name, language=language, role=Role.COORDINATOR)
    change = _came(here, invitation, panel_, newcomer, What.COORDINATOR_CAME)
    return Outcome((_to_panel(language, Say("joining.coordinator")),), (change,))


def _reader(here: Here, invitation: Invitation, panel_: Panel, language: str) -> Outcome:
    """Sees the results from now on."""
    newcomer = Coordinator(here.fresh[:16], here.name, language, here.chat, role=Role.READER)
    change = _came(here, invitation, panel_, newcomer, What.READER_CAME)
    return Outcome((_to_results(language, Say("joining.reader")),), (change,))


def _came(
    here: Here, invitation: Invitation, panel_: Panel, newcomer: Coordinator, what: What
) -> Change:
    """The coordinators are told at once, and can undo it."""
    name = {"name": Own(newcomer.name)}
    if newcomer.role is Role.READER:
        said, button = Say("tidings.reader_came", name), Say("button.remove_reader")
    else:
        said, button = Say("tidings.coordinator_came", name), Say("button.remove_coordinator")
    told = tuple(
        tidings.tidings(
            here,
            f"{what}:{short(newcomer.key)}:{short(other.key)}",
            said,
            button,
            Page.REMOVE,
            newcomer.key,
            audience=Audience(Circle.PERSON, other.key.hex()),
        )
        for other in panel_.coordinators
    )
    return Change(
        keep=(newcomer, replace(invitation, use=Use.USED)),
        plan=told,
        trail=(deed(here, what, newcomer.name),),
    )


def _to_panel(language: str, said: Say) -> Card:
    button = Button(Say("button.panel"), panel(language, Page.PANEL))
    return Card(language, ((Line(said),),), ((button,),))


def _to_results(language: str, said: Say) -> Card:
    button = Button(Say("results.title"), panel(language, Page.RESULTS))
    return Card(language, ((Line(said),),), ((button,), home(language)))


# A member, or somebody on the reserve list


def _full(here: Here, invitation: Invitation, panel_: Panel) -> bool:
    return invitation.purpose is Purpose.MEMBER and not seats.vacant(here.office, panel_)


def _told_full(here: Here, invitation: Invitation, language: str) -> tuple[Card, Change]:
    """There is no seat. The link stays good, and the coordinators are told, once for each link."""
    last = (invitation.expires - timedelta(seconds=1)).astimezone(here.now.tzinfo).date()
    card = Card(
        language,
        (
            (Line(Say("joining.full")), Line(Say("joining.full_told"))),
            (Line(Say("joining.still_good", {"day": On(last)})),),
            (Line(Told(here.office.ask)),),
        ),
        (home(language),),
    )
    told = tidings.tidings(
        here,
        f"full:{short(invitation.key)}",
        Say("tidings.full", {"seats": here.office.seats}),
        Say("button.show_register"),
        Page.REGISTER,
    )
    return card, Change(plan=(told,))


def _meaning(here: Here, invitation: Invitation, panel_: Panel, token: str, language: str) -> Card:
    """What membership means and what is kept, and whether they agree."""
    office = here.office
    first, last = terms.term(office, here.today, panel_)
    days = {"first": On(first), "last": On(last)}
    if invitation.purpose is Purpose.MEMBER:
        head: Paragraph = (
            Line(Say("joining.member_title"), strong=True),
            Line(Say("joining.term", days)),
        )
    else:
        head = (
            Line(Say("joining.reserve_title"), strong=True),
            Line(Say("joining.reserve")),
        )
    return Card(
        language,
        (
            head,
            (
                Line(Say("application.seats", {"seats": office.seats}, count=office.term_years)),
                Line(Say("joining.meetings", {"hours": Told(office.meeting_hours)})),
                Line(Say("application.no_fee")),
            ),
            (Line(Say("joining.kept")), Line(Say("joining.kept_for", count=office.member_days))),
            (Line(Say("joining.leaving")),),
            (Line(Say("joining.agree")),),
        ),
        (
            (Button(Say("button.join"), panel(language, Page.JOIN, BEGIN, token)),),
            _not_now(language, token),
            _languages(Page.JOIN, language, token),
        ),
    )


def _not_now(language: str, token: str) -> tuple[Button, ...]:
    return (Button(Say("button.join_not"), panel(language, Page.JOIN_NOT, "", token)),)


def _languages(page: Page, language: str, token: str) -> tuple[Button, ...]:
    return tuple(
        Button(Told(dict.fromkeys(LANGUAGES, NAMES[to])), panel(to, page, LOOK, token))
        for to in LANGUAGES
        if to != language
    )


def _join(here: Here, press: PanelPress, message: int) -> Outcome:
    usable = _usable(here, press.language)
    if isinstance(usable, Card):
        return on_card(usable, *_half_told_goes(here))
    invitation, panel_ = usable
    if invitation.purpose not in BRINGS:
        return on_card(_closed(here, press.language))
    if _full(here, invitation, panel_):
        card, told = _told_full(here, invitation, press.language)
        return on_card(card, told)
    task = _task(here, press)
    if press.about == SURELY and task.step == REVIEW:
        return _joined(here, invitation, panel_, task)
    if press.about in (BEGIN, SURELY):
        return asked(_card(here, task), task, message)
    return on_card(_meaning(here, invitation, panel_, press.more, press.language))


def _task(here: Here, press: PanelPress) -> Task:
    """What was told already, with this link; of whoever is known, what is known."""
    task = here.task
    if task is not None and task.kind == TASK and task.given[LINK] == press.more:
        return replace(task, language=press.language)
    given = {LINK: press.more}
    if (known := here.member) is None:
        return Task(TASK, NAME, press.language, given)
    return Task(TASK, REVIEW, press.language, {**given, NAME: known.name, CONTACT: known.contact})


def _half_told_goes(here: Here) -> tuple[Lay, ...]:
    return (Lay(None),) if here.task is not None and here.task.kind == TASK else ()


def _joined(here: Here, invitation: Invitation, panel_: Panel, task: Task) -> Outcome:
    """Kept from now on. Whoever was in the register stays the same record."""
    standing = BRINGS[invitation.purpose]
    seated = standing is Standing.MEMBER
    first, last = terms.term(here.office, here.today, panel_)
    known = here.member or Member(here.fresh[:16], "", "", task.language, standing, first, last)
    member = replace(
        known,
        name=task.given[NAME],
        contact=task.given[CONTACT],
        language=task.language,
        standing=standing,
        first_day=first,
        last_day=last,
        chat=here.chat,
        gone=False,
        reason=None,
        ended_on=None,
        offered_until=None,
    )
    said = Say("tidings.joined") if seated else Say("tidings.joined_reserve")
    anew = membership.asked_anew(here, panel_, member)
    after = membership.with_member(here, panel_, member, anew)
    ahead = membership.invited(here, panel_, member) if seated else ()
    change = Change(
        keep=(
            member,
            replace(invitation, use=Use.USED),
            *(seats.held(panel_) if seated else ()),
        ),
        ask_anew=anew,
        withdraw=(seats.offers_to(member),),
        plan=(
            *ahead,
            *membership.untranslated(after, panel_, member),
            tidings.of_person(here, f"joined:{short(invitation.key)}", said, member),
        ),
        trail=(deed(here, What.MEMBER_JOINED if seated else What.RESERVE_JOINED, member.key),),
    )
    welcome = Say("joining.welcome") if seated else Say("joining.welcome_reserve")
    return on_card(membership.card(after, (Line(welcome, strong=True),)), change, Lay(None))


def _not(here: Here, press: PanelPress, message: int) -> Outcome:
    """Not now: nothing was kept, and the link stays good as long as it is."""
    language = press.language
    card = Card(language, ((Line(Say("joining.not_now")),),), (home(language),))
    return on_card(card, *_half_told_goes(here))


# What is told while joining


def _card(here: Here, task: Task, notice: Words | None = None) -> Card:
    """Asks for the name, then the contact; then shows both."""
    language = task.language
    first: tuple[Paragraph, ...] = () if notice is None else ((Line(notice),),)
    both = NAME in task.given and CONTACT in task.given
    drop = (Button(Say("button.join_drop"), panel(language, Page.DROP)),)
    if task.step == REVIEW:
        token = task.given[LINK]
        return Card(
            language,
            (
                *first,
                (Line(Say("joining.review"), strong=True),),
                (
                    Line(Say("kept.name", {"name": Own(task.given[NAME])})),
                    Line(Say("kept.contact", {"contact": Own(task.given[CONTACT])})),
                    Line(Say("kept.language", {"language": membership.IN_LANGUAGE[language]})),
                ),
                (Line(Say("joining.consent")),),
            ),
            (
                (Button(Say("button.join"), panel(language, Page.JOIN, SURELY, token)),),
                (Button(Say("button.change_name"), _step(task, NAME)),),
                (Button(Say("button.change_contact"), _step(task, CONTACT)),),
                drop,
            ),
        )
    ways = [(Button(Say("button.as_it_was"), _step(task, REVIEW)),)] if both else []
    if task.step == CONTACT:
        asks: Paragraph = (
            Line(Say("joining.contact"), strong=True),
            Line(Say("joining.contact_why")),
        )
        if not both:
            ways.append((Button(Say("button.back"), _step(task, NAME)),))
    else:
        asks = (Line(Say("joining.name"), strong=True), Line(Say("joining.name_why")))
    standing = (
        (Line(Say("joining.now", {"told": Own(task.given[task.step])})),)
        if task.step in task.given
        else ()
    )
    return Card(language, (*first, (*asks, *standing)), (*ways, drop))


def _step(task: Task, to: str) -> str:
    return panel(task.language, Page.TASK, task.step, to)


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    """A name or a contact; an edited message changes what was typed in it."""
    if not isinstance(event, Typed | Edited):
        return asked(_card(here, task, Say("joining.type")), task)
    number = str(event.message)
    typed_in = next((s for s in (NAME, CONTACT) if task.given.get(s + TYPED) == number), None)
    if typed_in is None and (isinstance(event, Edited) or task.step == REVIEW):
        return asked(_card(here, task, Say("joining.tap")), task)
    step = typed_in or task.step
    read = _name(event.text) if step == NAME else persons.contact(event.text)
    if isinstance(read, Refusal):
        return asked(_card(here, task, read.expected), task)
    given = {**task.given, step: read, step + TYPED: number}
    after = replace(task, given=given)
    if typed_in is None:
        after = replace(after, step=REVIEW if CONTACT in given else CONTACT)
    return asked(_card(here, after), after)


def _name(typed: str) -> str | Refusal:
    """A name has letters; a number typed too early is none."""
    read = persons.name(typed)
    if isinstance(read, str) and not any(mark.isalpha() for mark in read):
        return Refusal(Say("joining.expected_name"))
    return read


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    """Back to what was told, to change it; or leaving it as it was."""
    known = press.more in (NAME, CONTACT) or (press.more == REVIEW and CONTACT in task.given)
    after = replace(task, step=press.more) if known else task
    return asked(_card(here, after), after, message)


# A membership that moves


def _moving(token: str, language: str) -> Card:
    """Whose it is, is not said: anybody may have got hold of the link."""
    return Card(
        language,
        (
            (Line(Say("joining.move_title"), strong=True),),
            (Line(Say("joining.move")),),
        ),
        (
            (Button(Say("button.move"), panel(language, Page.MOVE, SURELY, token)),),
            _not_now(language, token),
            _languages(Page.MOVE, language, token),
        ),
    )


def _move(here: Here, press: PanelPress, message: int) -> Outcome:
    """The membership is here from now on; the account before hears nothing any more."""
    usable = _usable(here, press.language)
    if isinstance(usable, Card):
        return on_card(usable)
    invitation, panel_ = usable
    member = panel_.member(invitation.member or b"")
    if member is None:
        return on_card(_closed(here, press.language))
    if press.about != SURELY:
        return on_card(_moving(press.more, press.language))
    moved = replace(member, chat=here.chat, gone=False)
    occasion = f"moved:{short(invitation.key)}"
    change = Change(
        keep=(moved, replace(invitation, use=Use.USED)),
        plan=(tidings.of_person(here, occasion, Say("tidings.moved"), moved),),
        trail=(deed(here, What.MEMBER_MOVED, moved.key),),
    )
    after = membership.with_member(here, panel_, moved)
    card = membership.card(after, (Line(Say("joining.moved"), strong=True),))
    return on_card(card, change)


PAGES: Final[dict[Page, Press]] = {Page.JOIN: _join, Page.JOIN_NOT: _not, Page.MOVE: _move}

TASKS: Final[dict[str, Steps]] = {TASK: Steps(_told, _tapped, _card)}

"""The menu: what one meets at /start, and the pages behind it.

Outside a draft nothing is remembered. Each card of the menu carries its language in its buttons and
changes itself into the page that is tapped; a typed command meets the language of the phone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs import application, survey
from dialogs.buttons import Page, menu
from dialogs.forms.model import Audience, K, Kind
from dialogs.forms.walk import progress
from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH
from dialogs.life import Running, State
from dialogs.panel import door
from dialogs.screens import Button, Card, Joined, Line, On, Paragraph, Say, Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogs.forms.draft import Draft
    from dialogs.outcome import Here
    from dialogs.screens import Words

LANGUAGE_NAMES = {FINNISH: "Suomi", SWEDISH: "Svenska", ENGLISH: "English"}

Rows = list[tuple[Button, ...]]


def greeting(here: Here, language: str) -> tuple[Paragraph, ...]:
    """Who is speaking: the county's automatic service, and where the county says so itself."""
    office = here.office
    lines = [
        Line(Say("start.automatic", {"county": Told(office.name)})),
        Line(Say("start.named_at", {"website": Told(office.website)})),
    ]
    if office.invented:
        lines.append(Line(Say("office.invented")))
    return (tuple(lines),)


def home(here: Here, language: str) -> Card:
    """The first card: what is open, what is unfinished, and everything else a tap away."""
    paragraphs: list[Paragraph] = list(greeting(here, language))
    rows: Rows = list(door.entrances(here, language))
    surveys_first = sorted(here.running, key=lambda one: one.form.kind is not Kind.SURVEY)
    for running in surveys_first:
        if running.form.audience is not Audience.EVERYONE and running.name not in here.drafts:
            continue  # what members are asked is offered on their own card; begun, it waits here
        said, buttons = _offer(here, running, language)
        paragraphs += said
        rows += buttons
    if not any(running.takes_new and here.asks(running) for running in here.running):
        paragraphs.append((Line(Say("start.nothing_open")),))
    if here.subscribed:
        rows.append((Button(Say("button.untell"), menu(language, Page.DO_NOT_TELL)),))
    else:
        rows.append((Button(Say("button.tell"), menu(language, Page.TELL)),))
    rows.append(
        (
            Button(Say("button.about"), menu(language, Page.ABOUT)),
            Button(Say("button.privacy"), menu(language, Page.PRIVACY)),
        )
    )
    return Card(language, tuple(paragraphs), (*rows, languages(Page.HOME)))


def languages(page: Page, form: str = "") -> tuple[Button, ...]:
    """The same page in each language: always one tap away."""
    return tuple(
        Button(Told(dict.fromkeys(LANGUAGES, LANGUAGE_NAMES[to])), menu(to, page, form))
        for to in LANGUAGES
    )


def below(page: Page, form: str, language: str) -> Rows:
    """What stands under every page: the same in the other languages, and the way to the menu."""
    return [languages(page, form), _home(language)]


def about(here: Here, language: str) -> Card:
    office = here.office
    return _page(
        language,
        Page.ABOUT,
        (Line(Say("about.title"), strong=True),),
        *greeting(here, language),
        (Line(Say("about.explained")),),
        (Line(Told(office.ask)), Line(Told(office.other_ways)), Line(Told(office.apply_otherwise))),
        (Line(Told(office.accessibility)),),
    )


def privacy(here: Here, language: str) -> Card:
    office = here.office
    surveys = [one.form for one in here.running if one.form.kind is Kind.SURVEY]
    mixed = min((form.k for form in surveys), default=K)
    return _page(
        language,
        Page.PRIVACY,
        (Line(Say("privacy.title"), strong=True),),
        (Line(Say("privacy.survey", count=mixed)),),
        (Line(Say("privacy.draft", count=office.draft_days)),),
        (Line(Say("privacy.taking_part")),),
        (Line(Say("privacy.application", count=office.application_days)),),
        (Line(Say("privacy.subscription")),),
        *_of_members(here),
        (Line(Say("privacy.telegram")),),
        (
            Line(Told(office.readers)),
            Line(Told(office.legal_basis)),
            Line(Told(office.privacy_notice)),
            Line(Told(office.protection_officer)),
            Line(Told(office.complaint)),
        ),
        *_invented(here),
    )


def help_(here: Here, language: str) -> Card:
    office = here.office
    return _page(
        language,
        Page.HELP,
        (Line(Say("help.title"), strong=True),),
        (Line(Say("help.answering")),),
        (Line(Say("help.commands")),),
        (Line(Told(office.ask)), Line(Told(office.other_ways)), Line(Told(office.apply_otherwise))),
        (Line(Told(office.emergency)), Line(Told(office.crisis))),
        *_invented(here),
    )


def choose_language(language: str) -> Card:
    return Card(language, ((Line(Say("language.choose")),),), (languages(Page.HOME),))


def outside(here: Here, language: str, said: Say) -> Card:
    """Something was sent outside a question: not kept, where to ask, and the emergency number."""
    return Card(
        language,
        (
            (Line(said),),
            (Line(Told(here.office.ask)),),
            (Line(Told(here.office.emergency)), Line(Told(here.office.crisis))),
            *_invented(here),
        ),
        (*_continue(here, here.unfinished, language), _home(language)),
    )


def stopped(here: Here, language: str, ended: Iterable[Draft]) -> Card:
    """/stop: what was unfinished is erased, and what still waits is named; or there was nothing."""
    gone = {draft.form: draft for draft in ended}
    left = [draft for draft in here.unfinished if draft.form not in gone]
    paragraphs: list[Paragraph] = [
        (Line(Say("stop.erased", {"title": Told(here.form(name).title)})), *_sent_stands(draft))
        for name, draft in gone.items()
    ]
    if not gone:
        paragraphs.append((Line(Say("stop.nothing")),))
    paragraphs += [_unfinished(here, draft) for draft in left]
    return Card(language, tuple(paragraphs), (*_continue(here, left, language), _home(language)))


def told(language: str, *, subscribed: bool) -> Card:
    """ "Tell me of the next": what is kept for it, and the way back in one tap."""
    if subscribed:
        undo = Button(Say("button.untell"), menu(language, Page.DO_NOT_TELL))
        return Card(language, ((Line(Say("tell.done")),),), ((undo,), _home(language)))
    return Card(language, ((Line(Say("tell.undone")),),), (_home(language),))


def not_open(here: Here, running: Running | None, language: str) -> Card:
    """What was asked for takes no new answers."""
    paragraphs: list[Paragraph] = []
    if running is not None:
        paragraphs.append((Line(Told(running.form.title), strong=True),))
    if running is None:
        said = Say("start.closed")
    elif running.state is State.SCHEDULED:
        said = Say("start.not_yet_open", {"day": On(running.opens)})
    else:
        said = Say("start.ended")
    paragraphs.append((Line(said),))
    rows: Rows = []
    if not here.subscribed:
        rows.append((Button(Say("button.tell"), menu(language, Page.TELL)),))
    return Card(language, tuple(paragraphs), (*rows, _home(language)))


def _offer(here: Here, running: Running, language: str) -> tuple[list[Paragraph], Rows]:
    """A survey's or a call's lines and buttons on the first card."""
    name = running.name
    title = Told(running.form.title)
    mine = (Button(Say("button.mine"), menu(language, Page.MINE, name)),)
    if (draft := here.drafts.get(name)) is not None:
        number, total = progress(running.form, draft, here.today)
        going_on = Say("button.continue_at", {"number": number, "total": total})
        rows: Rows = [(Button(_of(here, going_on, name), menu(language, Page.CONTINUE, name)),)]
        if draft.amending:
            rows.append(mine)
        elif running.takes_new and here.asks(running):
            again = _of(here, Say("button.restart"), name)
            rows.append((Button(again, menu(language, Page.RESTART, name)),))
        until = () if running.takes_new else (Line(Say("start.until_four")),)
        return [(*_unfinished(here, draft), *until)], rows
    if name in here.applications:
        return [], [mine]
    if not running.takes_new:
        return [], []
    if running.form.kind is Kind.APPLICATION:
        label, lines = Say("button.apply"), application.until(running)
    elif not here.left(running):
        return [(Line(title, strong=True), Line(Say("survey.all_answered")))], []
    elif name in here.taken:
        label = Say("button.answer", {"title": title})
        lines = (Line(survey.until(running)), Line(Say("survey.answered_here")))
    else:
        label, lines = Say("button.answer", {"title": title}), (Line(survey.until(running)),)
    offer = Button(label, menu(language, Page.INTRO, name))
    return [(Line(title, strong=True), *lines)], [(offer,)]


def _page(language: str, page: Page, *paragraphs: Paragraph) -> Card:
    return Card(language, paragraphs, tuple(below(page, "", language)))


def _unfinished(here: Here, draft: Draft) -> Paragraph:
    """What waits to be finished, and at which question."""
    form = here.form(draft.form)
    number, total = progress(form, draft, here.today)
    place = {"number": number, "total": total}
    line = Line(Say("start.unfinished", {"title": Told(form.title), **place}))
    return (line, Line(Say("amending.stands"))) if draft.amending else (line,)


def _sent_stands(draft: Draft) -> Paragraph:
    return (Line(Say("amending.dropped")),) if draft.amending else ()


def _continue(here: Here, drafts: Iterable[Draft], language: str) -> Rows:
    """The way on to each of several unfinished conversations."""
    return [
        (
            Button(
                _of(here, Say("button.continue"), draft.form),
                menu(language, Page.CONTINUE, draft.form),
            ),
        )
        for draft in drafts
    ]


def _of(here: Here, said: Say, name: str) -> Words:
    """A button's words, with the title of its survey where more than one conversation waits."""
    if len(here.drafts) < 2:
        return said
    return Joined((said, Told(here.form(name).title)), by=": ")


def _home(language: str) -> tuple[Button, ...]:
    return (Button(Say("button.home"), menu(language, Page.HOME)),)


def _of_members(here: Here) -> tuple[Paragraph, ...]:
    """What is kept of a membership; said to those who have one."""
    if here.member is None:
        return ()
    return ((Line(Say("privacy.member", count=here.office.member_days)),),)


def _invented(here: Here) -> tuple[Paragraph, ...]:
    return ((Line(Say("office.invented")),),) if here.office.invented else ()

"""The anonymous survey around its questions: what is promised before, and what is said after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.buttons import Deed, Page, Press, menu
from dialogs.forms.draft import plain
from dialogs.forms.model import Form, Kind, Type
from dialogs.forms.walk import minutes
from dialogs.outcome import Finish, Here, Outcome
from dialogs.screens import Button, Card, Line, On, Paragraph, Place, Say, Told

if TYPE_CHECKING:
    from dialogs.answering import Complete
    from dialogs.life import Running


def intro(here: Here, survey: Running, language: str) -> Card:
    """What it is for and what is promised, before the first question; under 900 characters."""
    form = survey.form
    return Card(
        language,
        (
            (Line(Told(form.title), strong=True), Line(until(survey))),
            (Line(Told(form.intro)),),
            (Line(Say("survey.promise")),),
            (Line(Say("survey.draft_kept", count=here.office.draft_days)),),
        ),
        (
            (Button(Say("button.begin"), menu(language, Page.BEGIN, form.name)),),
            (Button(Say("button.begin_separate"), menu(language, Page.BEGIN_SEPARATE, form.name)),),
        ),
    )


def until(survey: Running) -> Say:
    """Until which day, and about how many minutes."""
    length = minutes(survey.form)
    if survey.closes is None:
        return Say("survey.open", count=length)
    return Say("survey.open_until", {"day": On(survey.closes)}, count=length)


def complete(here: Here, survey: Running, done: Complete) -> Outcome:
    """The response is kept, and nothing leads from it to anybody."""
    draft = done.draft
    edit = not done.remove and not draft.separate and draft.card in (None, done.message)
    said: list[Paragraph] = [
        (Line(Say("thanks.title"), strong=True),),
        (Line(Say("thanks.next")),),
    ]
    if done.remove:
        said.append((Line(Say("thanks.removed")),))
    return Outcome(
        cards=(
            Card(
                draft.language,
                tuple(said),
                invitations(here, draft.language, survey),
                Place.EDIT if edit else Place.NEW,
            ),
        ),
        effects=(_finish(survey.form, done),),
        remove=draft.messages if done.remove else (),
    )


def invitations(here: Here, language: str, answered: Running) -> tuple[tuple[Button, ...], ...]:
    """What a person may want after answering: the panel, news of the next, the menu; and the next
    one in the family, whose turn it is on a shared phone."""
    rows = [
        (Button(Say("button.apply"), menu(language, Page.INTRO, call.name)),)
        for call in here.running
        if call.form.kind is Kind.APPLICATION
        and call.takes_new
        and call.name not in here.applications
    ]
    if answered.takes_new and here.left(answered):
        rows.append((somebody_else(answered, language),))
    if not here.subscribed:
        rows.append((Button(Say("button.tell"), menu(language, Page.TELL)),))
    rows.append((Button(Say("button.home"), menu(language, Page.HOME)),))
    return tuple(rows)


def somebody_else(survey: Running, language: str) -> Button:
    """Whoever shares the phone answers too."""
    data = menu(language, Page.INTRO, survey.name)
    return Button(Say("button.somebody_else_answers"), data)


def answered(survey: Running, language: str) -> Card:
    """As many as may have answered from this chat."""
    rows = ((Button(Say("button.home"), menu(language, Page.HOME)),),)
    title = Line(Told(survey.form.title), strong=True)
    return Card(language, ((title, Line(Say("survey.all_answered"))),), rows)


def gone(here: Here, press: Press) -> Outcome:
    """A button of a conversation of which nothing is left: said what has become of it."""
    sent = press.deed in (Deed.SEND, Deed.SEND_AND_REMOVE)
    card = nothing_left(here, here.find(press.form), press.language, sent=sent)
    return Outcome(cards=(card,), toast=None if sent else Say("toast.old_button"))


def nothing_left(here: Here, survey: Running | None, language: str, *, sent: bool = False) -> Card:
    """There are no unfinished answers; `sent`: perhaps because they were sent just now."""
    if survey is None or survey.over:
        said = Say("gone.closed")
    elif sent and survey.form.kind is Kind.SURVEY:
        said = Say("gone.sent")
    else:
        said = Say("gone.erased", count=here.office.draft_days)
    rows = [(Button(Say("button.home"), menu(language, Page.HOME)),)]
    if survey is not None and survey.takes_new and not sent and here.left(survey):
        again = Button(Say("button.begin_again"), menu(language, Page.INTRO, survey.name))
        rows.insert(0, (again,))
    title = (Line(Told(survey.form.title), strong=True),) if survey is not None else ()
    return Card(language, ((*title, Line(said)),), tuple(rows))


def _finish(form: Form, done: Complete) -> Finish:
    """The answers in two parts that no key connects: what was chosen, and each open text."""
    given = {name: value for name, value in done.draft.answers.items() if value is not None}
    texts = {row.name for row in form.rows if row.type is Type.TEXT}
    asked = {row.name for row in form.rows if row.asks}
    return Finish(
        survey=form.name,
        closed={name: plain(v) for name, v in given.items() if name in asked - texts},
        opened={name: str(v) for name, v in given.items() if name in texts},
    )

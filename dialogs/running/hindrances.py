"""Why a survey or a call cannot be opened yet: each with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.forms import loader
from dialogs.forms.complaints import MOST, told
from dialogs.forms.model import Audience
from dialogs.languages import LANGUAGES
from dialogs.panel.buttons import Page, panel
from dialogs.panel.preview import IN
from dialogs.running import desk
from dialogs.running.doubts import Doubt, doubts
from dialogs.screens import Button, Card, Joined, Line, On, Say, Series, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from dialogs.forms.model import Form
    from dialogs.life import Running
    from dialogs.outcome import Here
    from dialogs.screens import Paragraph, Words

FEW: Final = 5
"""So many mistakes of a form are told on a card that tells of the rest, too."""

FIELDS: Final[Mapping[str, Say]] = {
    "name": Say("office_field.name"),
    "website": Say("office_field.website"),
    "ask": Say("office_field.ask"),
    "other_ways": Say("office_field.other_ways"),
    "apply_otherwise": Say("office_field.apply_otherwise"),
    "readers": Say("office_field.readers"),
    "privacy_notice": Say("office_field.privacy_notice"),
    "legal_basis": Say("office_field.legal_basis"),
    "protection_officer": Say("office_field.protection_officer"),
    "complaint": Say("office_field.complaint"),
    "accessibility": Say("office_field.accessibility"),
    "emergency": Say("office_field.emergency"),
    "crisis": Say("office_field.crisis"),
    "meeting_hours": Say("office_field.meeting_hours"),
    "on_the_evening": Say("office_field.on_the_evening"),
    "areas": Say("office_field.areas"),
    "age_bands": Say("office_field.age_bands"),
    "meetings": Say("office_field.meetings"),
}
"""The fields of the office's file that may be empty (`Office.empty_fields`), in words."""


def hindrances(here: Here, survey: Running) -> tuple[Paragraph, ...]:
    """All of them; none where it can be opened."""
    said: list[Paragraph] = []
    if empty := here.office.empty_fields():
        lines = [Line(Say("opening.office_lacks"))]
        said.append((*lines, *(Line(one) for one in _in_words(empty))))
    if lacking := languages_lacking(survey.form):
        languages = Series(tuple(IN[one] for one in lacking))
        said.append((Line(Say("opening.language_lacks", {"languages": languages})),))
    if survey.form.audience is Audience.MEMBERS and desk.asks_background(survey):
        said.append((Line(Say("running.members_background")),))
    form, complaints = loader.read(survey.source, here.office.lists())
    if form is None:
        wrong = [one for one in complaints if one.error]
        most = FEW if said else MOST
        said.append((Line(Say("opening.form_wrong")),))
        said += told(wrong, most)
    return tuple(said)


def remarks(here: Here, survey: Running, first: date, last: date) -> Paragraph:
    """What does not hinder it, and should be looked at before it is open on these days."""
    found = doubts(survey.form, survey.source, here.office, first, last)
    invented = (Line(Say("office.invented")),) if here.office.invented else ()
    return (*(Line(_doubt(here, one)) for one in found), *invented)


def languages_lacking(form: Form) -> tuple[str, ...]:
    return tuple(one for one in LANGUAGES if one not in form.languages)


def card(here: Here, language: str, survey: Running) -> Card | None:
    """Why it cannot be opened, if it cannot."""
    said = hindrances(here, survey)
    if not said:
        return None
    corrected = Say("running.new_form")
    return Card(
        language,
        (
            (Line(Told(survey.form.title), strong=True), Line(Say("opening.not_yet"))),
            *said,
        ),
        (
            (Button(corrected, panel(language, Page.NEW_FORM, survey.name)),),
            desk.back(language, survey.name),
        ),
    )


def _doubt(here: Here, doubt: Doubt) -> Say:
    match doubt:
        case Doubt.HEARD_BEFORE_CLOSING:
            return Say("opening.heard_before_closing", {"day": On(here.office.chosen_by)})
        case Doubt.EVENINGS_PAST:
            return Say("opening.evenings_past")
        case Doubt.LOWEST_AGE:
            return Say("opening.lowest_age", count=here.office.lowest_age)
    return Say("opening.application_days", count=here.office.application_days)


def _in_words(empty: Iterable[str]) -> list[Words]:
    """Each field once; with the languages where it lacks only some."""
    lacking: dict[str, set[str]] = {}
    for name in empty:
        field, *parts = name.split(".")
        lacking.setdefault(field, set()).update(one for one in LANGUAGES if one in parts[-1:])
    return [
        Joined((FIELDS[field], *(IN[one] for one in LANGUAGES if one in languages)))
        for field, languages in lacking.items()
    ]

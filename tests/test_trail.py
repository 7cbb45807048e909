"""The audit trail: every deed in words, in each language, and nobody named in it who was erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogs.languages import LANGUAGES
from dialogs.panel import trail
from dialogs.panel.buttons import Page
from dialogs.panel.records import Deed, Purpose
from dialogs.panel.trail import What
from tests.desk import NOW, Desk, meeting, member
from tests.survey_desk import SurveyDesk, survey

MAIJA = member("Maija Esimerkki")
MEETING = meeting()

ABOUT = {
    What.COORDINATOR_CAME: "Veikko",
    What.COORDINATOR_REMOVED: "Veikko",
    What.COORDINATOR_INVITED: "",
    What.READER_CAME: "Riitta",
    What.READER_REMOVED: "Riitta",
    What.READER_INVITED: "",
    What.TRAIL_EXPORTED: "",
    What.LINK_MADE: "page:https://hyvinvointialue.example/a",
    What.LINK_CHANGED: "page:https://hyvinvointialue.example/a survey:equality",
    What.LINK_ERASED: "survey:equality",
    **{what: "equality" for what in What if what.startswith("survey_")},
    What.SURVEY_OPENED: "equality 2027-01-27 2027-02-08",
    What.SURVEY_EXTENDED: "equality 2027-02-15",
    What.SURVEY_DISCARDED: "Arjen turvallisuus",
    What.REGISTER_SEEN: "",
    What.INVITATION_MADE: str(Purpose.MEMBER),
    What.INVITATION_TAKEN_BACK: str(Purpose.RESERVE),
    **dict.fromkeys(
        (
            What.ATTENDANCE_SEEN,
            What.MEETING_CALLED,
            What.MEETING_CHANGED,
            What.MEETING_CANCELLED,
            What.MEETING_TRANSLATED,
        ),
        MEETING.key.hex(),
    ),
}


def desk(*deeds: Deed, language: str = "fi") -> Desk:
    here = Desk(MAIJA, MEETING, language=language)
    here.panel = replace(here.panel, trail=deeds)
    return here


def done(what: What, who: str = "Kaisa") -> Deed:
    return Deed(NOW, who, str(what), ABOUT.get(what, MAIJA.key.hex()))


def test_a_survey_is_named_by_its_title_and_with_its_days() -> None:
    desk_ = SurveyDesk(survey())
    lines = (What.SURVEY_OPENED, What.SURVEY_EXTENDED, What.SURVEY_CLOSED)
    desk_.panel = replace(desk_.panel, trail=tuple(done(what) for what in lines))
    said = desk_.opens(Page.TRAIL)
    title = "Yhdenvertaisuus palveluissa"
    assert f"Avasi: {title}, ensimmäinen päivä 27.1., viimeinen päivä 8.2.\n" in said
    assert f"Muutti viimeistä päivää: {title}, viimeinen päivä 15.2.\n" in said
    assert said.endswith(f"Sulki: {title}")


def test_every_deed_can_be_said() -> None:
    assert set(trail.DEEDS) | set(trail.OWN_DEEDS) == set(What)
    assert not set(trail.DEEDS) & set(trail.OWN_DEEDS)


@pytest.mark.parametrize("what", What)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_deed_is_said_in_words_in_every_language(what: What, language: str) -> None:
    said = desk(done(what), language=language).opens(Page.TRAIL)
    last = said.split("\n")[-1]
    assert last
    assert what not in said
    assert MAIJA.key.hex() not in said


def test_what_a_coordinator_did_names_them_and_whom() -> None:
    assert (
        desk(done(What.MEMBER_ADDED))
        .opens(Page.TRAIL)
        .endswith("\n\nkeskiviikkona 27.1. klo 12.00, Kaisa\nLisäsi jäsenen: Maija Esimerkki")
    )


def test_what_was_done_from_the_terminal_says_so() -> None:
    said = desk(done(What.COORDINATOR_INVITED, who="")).opens(Page.TRAIL)
    assert "klo 12.00, palvelun ylläpitäjä\nTeki linkin uudelle koordinaattorille" in said


def test_what_people_did_themselves_names_only_them() -> None:
    said = desk(done(What.MEMBER_LEFT, who="Kaisa")).opens(Page.TRAIL)
    assert said.endswith("\n\nkeskiviikkona 27.1. klo 12.00\nLopetti itse: Maija Esimerkki")


def test_a_meeting_is_named_by_its_theme_and_day() -> None:
    said = desk(done(What.MEETING_CALLED)).opens(Page.TRAIL)
    assert said.endswith("Kutsui koolle: Arjen turvallisuus, torstaina 18.3.")


def test_a_meeting_that_moved_later_is_named_by_when_it_was_to_be_held_then() -> None:
    moved = replace(MEETING, start=MEETING.start + timedelta(days=4))
    lines = [
        replace(done(what), about=about)
        for what, about in (
            (What.MEETING_CANCELLED, trail.as_it_is(moved)),
            (What.MEETING_CHANGED, trail.as_it_is(MEETING, moved)),
            (What.MEETING_CHANGED, trail.as_it_is(MEETING, MEETING)),
            (What.MEETING_CALLED, trail.as_it_is(MEETING)),
        )
    ]
    here = desk(*lines)
    here.put(moved)
    said = here.opens(Page.TRAIL)
    first, then = "torstaina 18.3. klo 17.00", "maanantaina 22.3. klo 17.00"
    assert f"Perui kokoontumisen: Arjen turvallisuus, {then}\n" in said
    assert f"Muutti kokoontumista: Arjen turvallisuus. Ennen: {first}. Nyt: {then}\n" in said
    assert f"Muutti kokoontumista: Arjen turvallisuus, {first}\n" in said
    assert said.endswith(f"Kutsui koolle: Arjen turvallisuus, {first}")
    here.erase(MEETING.key)
    assert f"(vanha kokoontuminen). Ennen: {first}. Nyt: {then}\n" in here.opens(Page.TRAIL)


def test_who_was_erased_is_named_nowhere() -> None:
    here = desk(done(What.MEMBER_ADDED), done(What.MEETING_CALLED))
    here.erase(MAIJA.key)
    here.erase(MEETING.key)
    said = here.opens(Page.TRAIL)
    assert "Lisäsi jäsenen: (tiedot poistettu)" in said
    assert "Kutsui koolle: (vanha kokoontuminen)" in said


def test_a_long_trail_goes_by_ten_the_newest_first() -> None:
    deeds = [replace(done(What.COORDINATOR_CAME), about=f"Nro {n}.") for n in range(11)]
    here = desk(*deeds)
    said = here.opens(Page.TRAIL)
    assert "Nro 0." in said
    assert "Nro 10." not in said
    assert "Nro 10." in here.taps("Seuraava sivu")


def test_an_empty_trail_says_so_and_how_long_lines_are_kept() -> None:
    said = desk().opens(Page.TRAIL)
    assert "Rivit säilyvät 730 päivää." in said
    assert "Mitään ei ole vielä tehty." in said


def test_looking_is_a_deed_once_in_a_quarter_of_an_hour_for_each_who_looks() -> None:
    here = desk(done(What.PERSON_SEEN))
    key = MAIJA.key
    assert trail.seen(here.here, What.PERSON_SEEN, key) == ()
    assert trail.seen(here.here, What.ATTENDANCE_SEEN, key) != ()
    assert trail.seen(here.here, What.PERSON_SEEN, b"somebody else's.") != ()
    by_another = replace(here.here.coordinator, name="Veikko")  # type: ignore[type-var]
    assert trail.seen(replace(here.here, coordinator=by_another), What.PERSON_SEEN, key) != ()
    later = replace(here.here, now=NOW + timedelta(minutes=15))
    assert trail.seen(later, What.PERSON_SEEN, key) != ()


def test_a_deed_without_a_coordinator_is_nobody_s() -> None:
    nobody = replace(desk().here, coordinator=None)
    assert trail.deed(nobody, What.MEMBER_LEFT, MAIJA.key).who == ""

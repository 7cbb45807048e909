"""A corrected form for what runs; and trying a form out exactly as a resident will see it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dialogs import buttons
from dialogs.buttons import Deed, menu
from dialogs.events import Commanded, Edited, Matter, Sent, Tapped, Typed
from dialogs.forms.meaning import stamp
from dialogs.life import Running, State
from dialogs.outcome import Lay, Save, Try
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Received
from dialogs.running import replacing, trying
from dialogs.screens import Card
from tests.chat import form, office, source
from tests.survey_desk import SurveyDesk, resident, survey, tapped

if TYPE_CHECKING:
    from dialogs.forms.model import Form

S = State
SMALL = """
settings:
  name: small
  version: "1"
  kind: survey
  title: {fi: Pieni kysely, sv: En liten enkät, en: A small survey}
  intro: {fi: Kysymme kaksi asiaa., sv: Vi frågar två saker., en: We ask two things.}
  languages: [fi, sv, en]
choices:
  yesno:
    - {name: "yes", label: {fi: "Kyllä", sv: "Ja", en: "Yes"}}
    - {name: "no", label: {fi: "Ei", sv: "Nej", en: "No"}}
survey:
  - type: select_one yesno
    name: safe
    label: {fi: "Onko olosi turvallinen?", sv: "Känner du dig trygg?", en: "Do you feel safe?"}
    required: true
  - type: text
    name: why
    label: {fi: "Mistä se johtuu?", sv: "Vad beror det på?", en: "Why is that?"}
"""


def small(state: State = S.OPEN) -> Running:
    return replace(survey(state), form=form(SMALL), source=SMALL)


def words_only() -> str:
    return SMALL.replace('"1"', '"2"', 1).replace("Mistä se johtuu?", "Mistä tämä johtuu?")


# A corrected form


def test_a_corrected_wording_is_taken_while_people_answer_and_nobody_loses_anything() -> None:
    desk = SurveyDesk(small())
    desk.received = {"small": Received(20, 3)}
    tapped_menu(desk, menu("fi", buttons.Page.BEGIN, "small"))
    desk.taps("Kyllä")
    assert "Mistä se johtuu?" in desk.said
    before = max(desk.cards)

    desk.desk("small")
    assert desk.taps("Lähetä korjattu lomake").startswith("Lähetä korjattu lomake tiedostona")
    assert desk.sends_file(words_only()) == (
        "Tarkista korjattu lomake\nPieni kysely\nVersio 1 vaihtuu versioon 2.\n\n"
        "Vain tekstit muuttuvat. Kesken olevat vastaukset jatkuvat, eikä mitään katoa."
    )
    assert desk.find_survey("small").form.version == "1"
    desk.taps("Ota käyttöön")
    assert desk.said.startswith("Korjattu lomake on käytössä.")
    assert "Lomakkeen versio: 2" in desk.said
    assert desk.deeds == ["survey_replaced"]
    assert desk.find_survey("small").source == words_only()

    assert desk.here.drafts["small"].answers == {"safe": "yes"}
    tapped_menu(desk, menu("fi", buttons.Page.CONTINUE, "small"))
    assert "Mistä tämä johtuu?" in desk.said
    assert before in desk.cards


def tapped_menu(desk: SurveyDesk, data: str) -> None:
    """On a card of its own, as of the menu."""
    desk.newest += 1
    desk.cards[desk.newest] = Card("fi", ())
    desk.step(Tapped(data, desk.newest))


DIFFERENT = {
    "Asetus k on toinen.": ("  languages:", "  k: 12\n  languages:"),
    "Asetus responses_per_chat on toinen.": (
        "  languages:",
        "  responses_per_chat: 2\n  languages:",
    ),
    "Rivi why puuttuu.": ("name: why", "name: because"),
    "Rivi because on uusi.": ("name: why", "name: because"),
    "Rivillä safe on muuttunut: required.": ("    required: true\n", ""),
    "Rivillä safe on muuttunut: choices.": ('name: "no"', 'name: "maybe"'),
    "Rivillä why on muuttunut: relevant.": (
        "    name: why\n",
        "    name: why\n    relevant: ${safe} = 'no'\n",
    ),
    "Rivillä why on muuttunut: parameters.": (
        "    name: why\n",
        "    name: why\n    parameters: limit=500\n",
    ),
    "Rivillä why on muuttunut: type, parameters.": (
        "  - type: text\n",
        "  - type: range\n    parameters: start=1 end=5\n",
    ),
}


@pytest.mark.parametrize(("said", "change"), DIFFERENT.items())
def test_anything_else_is_refused_once_somebody_has_answered_and_told_by_row(
    said: str, change: tuple[str, str]
) -> None:
    desk = SurveyDesk(small())
    desk.received = {"small": Received(0, 1)}
    desk.opens(Page.NEW_FORM, "small")
    text = SMALL.replace(change[0], change[1], 1)
    assert text != SMALL
    refused = desk.sends_file(text)
    assert refused.startswith("Tähän on jo vastattu, joten vain tekstejä voi korjata.")
    assert said in refused
    assert "tee lomakkeesta uusi kysely" in refused
    assert desk.find_survey("small").source == SMALL
    assert desk.sends_file(words_only()).startswith("Tarkista korjattu lomake"), "the next may do"


def test_two_forms_that_differ_in_words_only_mean_the_same() -> None:
    old, new = form(SMALL), form(words_only())
    assert old != new
    assert replacing.differences(old, new) == []
    assert stamp(old) == stamp(new)
    for change in DIFFERENT.values():
        other = form(SMALL.replace(change[0], change[1], 1))
        assert replacing.differences(old, other)


def test_rows_in_another_order_are_not_words() -> None:
    old = form(SMALL)
    assert [one.phrase for one in replacing.differences(old, turned(old))] == ["replacing.order"]
    assert stamp(old) != stamp(turned(old))


def turned(of: Form) -> Form:
    return replace(of, rows=of.rows[::-1])


def test_many_differences_are_counted() -> None:
    desk = SurveyDesk(survey(of="safety"))
    desk.received = {"safety": Received(10, 0)}
    desk.opens(Page.NEW_FORM, "safety")
    assert "muuta muutosta." in desk.sends_file(source("participation"))


def test_while_nobody_has_answered_questions_may_change_and_what_is_begun_is_lost() -> None:
    desk = SurveyDesk(small())
    desk.received = {"small": Received(0, 0)}
    tapped_menu(desk, menu("fi", buttons.Page.BEGIN, "small"))
    desk.taps("Kyllä")
    desk.opens(Page.NEW_FORM, "small")
    other = SMALL.replace("name: why", "name: because")
    assert "hänen keskeneräiset vastauksensa katoavat" in desk.sends_file(other)
    desk.taps("Ota käyttöön")
    assert desk.find_survey("small").source == other
    assert desk.here.drafts == {}


def test_an_answer_that_comes_before_the_last_tap_is_looked_at() -> None:
    desk = SurveyDesk(small())
    desk.opens(Page.NEW_FORM, "small")
    desk.sends_file(SMALL.replace("name: why", "name: because"))
    desk.received = {"small": Received(0, 1)}
    assert desk.taps("Ota käyttöön").startswith("Tähän on jo vastattu")
    assert desk.find_survey("small").source == SMALL
    assert desk.task is not None
    assert desk.task.step == "file"


def test_a_survey_never_becomes_a_call() -> None:
    desk = SurveyDesk(survey())
    desk.opens(Page.NEW_FORM, "equality")
    assert desk.sends_file(source("application")).startswith("Kyselystä ei voi tulla hakua")


def test_a_corrected_form_has_all_languages_and_no_mistakes() -> None:
    desk = SurveyDesk(small())
    desk.opens(Page.NEW_FORM, "small")
    others = r', sv: ("[^"]*"|[^,}]*), en: ("[^"]*"|[^,}]*)}'
    finnish = re.sub(others, "}", SMALL).replace("[fi, sv, en]", "[fi]")
    assert "Lomaketta ei ole ruotsiksi ja englanniksi." in desk.sends_file(finnish)
    assert desk.sends_file(SMALL.replace("type: text", "type: txet")).startswith(
        "Lomakkeessa on virheitä"
    )
    assert desk.sends_file(None).startswith("Tiedostoa ei voitu lukea.")


def test_a_draft_s_form_is_changed_for_any_other_and_keeps_its_name_and_audience() -> None:
    desk = SurveyDesk(survey(S.DRAFT))
    desk.desk()
    desk.taps("Vaihda lomake")
    said = desk.sends_file(SMALL)
    assert said == "Tarkista korjattu lomake\nPieni kysely\nVersio 1 vaihtuu versioon 1."
    desk.taps("Ota käyttöön")
    draft = desk.find_survey()
    assert (draft.name, draft.form.title["fi"]) == ("equality", "Pieni kysely")


def test_nothing_but_the_buttons_counts_at_the_review() -> None:
    desk = SurveyDesk(small())
    desk.opens(Page.NEW_FORM, "small")
    desk.sends_file(words_only())
    assert desk.types("kyllä").startswith("Tarkista korjattu lomake")
    tapped(desk, panel("fi", Page.TASK, "review", "x"))
    assert desk.said.startswith("Tarkista korjattu lomake")


def test_a_form_that_an_office_s_change_has_broken_since_is_not_taken() -> None:
    desk = SurveyDesk(survey())
    desk.opens(Page.NEW_FORM, "equality")
    desk.sends_file(source("equality"))
    desk.of = replace(office(), areas=())
    assert desk.opens(Page.GO_ON) == "Tarkista korjattu lomake"
    assert desk.taps("Ota käyttöön").startswith("Lomakkeessa on virheitä")
    assert desk.task is not None
    assert desk.task.step == "file"


def test_of_a_survey_that_closed_meanwhile_nothing_is_replaced() -> None:
    desk = SurveyDesk(small())
    desk.opens(Page.NEW_FORM, "small")
    desk.sends_file(words_only())
    desk.put(replace(desk.find_survey("small"), state=S.CLOSED))
    tapped(desk, panel("fi", Page.TASK, "review", "take"))
    assert desk.task is None
    assert desk.find_survey("small").source == SMALL
    desk.put(small())
    desk.opens(Page.NEW_FORM, "small")
    desk.panel = replace(desk.panel, surveys=())
    assert desk.sends_file(words_only()).startswith("Tätä ei enää ole.")
    assert desk.task is None


def test_while_a_corrected_form_is_waited_for_nothing_is_tapped() -> None:
    desk = SurveyDesk(small())
    desk.opens(Page.NEW_FORM, "small")
    tapped(desk, panel("fi", Page.TASK, "file", "x"))
    assert desk.said.startswith("Lähetä korjattu lomake tiedostona")


# Trying it out


def tried(state: State = S.DRAFT, language: str = "Suomeksi") -> SurveyDesk:
    desk = SurveyDesk(small(state))
    desk.desk("small")
    desk.taps("Kokeile")
    desk.taps(language)
    return desk


def test_a_trial_shows_what_a_resident_sees_and_stores_nothing() -> None:
    desk = tried()
    draft = desk.find_survey("small")
    opened = replace(draft, state=S.OPEN)
    desk.put(opened)
    outcome = resident(desk, Tapped(menu("fi", buttons.Page.INTRO, "small"), 3))
    desk.put(draft)
    assert desk.said == f"Kokeilu: mitään ei tallenneta.\n\n{desk.text(outcome.cards[0])}"
    desk.taps("Aloita")
    assert "Onko olosi turvallinen?" in desk.said
    desk.taps("Kyllä")
    assert "Mistä se johtuu?" in desk.types("Onko") or "Onko" in desk.said
    assert desk.kept == {}
    desk.taps("Lähetä")
    thanks, over = desk.newest_cards(2)
    assert thanks.startswith("Kiitos, vastauksesi on perillä")
    assert over == "Kokeilu on ohi. Mitään ei tallennettu."
    assert desk.trial is None
    assert desk.kept == {}
    assert desk.deeds == []
    assert desk.taps("Kyselyn hallinta").startswith("Pieni kysely\nLuonnos.")


def test_each_language_is_tried_and_the_end_is_told_in_the_coordinator_s_own() -> None:
    desk = tried(language="Ruotsiksi")
    assert desk.said.startswith("På prov: ingenting sparas.\n\nEn liten enkät")
    desk.taps("English")
    assert desk.said.startswith("A trial: nothing is stored.\n\nA small survey")
    desk.taps("Aloita")  # the desk of the test reads every button in Finnish
    assert "Do you feel safe?" in desk.said
    desk.taps("Kyllä")
    desk.types("Because.")
    desk.taps("Lähetä")
    assert desk.newest_cards(2)[1].startswith("Kokeilu on ohi.")
    assert desk.taps("Kokeile uudelleen").endswith("Millä kielellä kokeillaan?")


def test_whatever_is_tapped_in_a_trial_subscribes_to_nothing() -> None:
    desk = tried()
    desk.taps("Aloita")
    desk.taps("Kyllä")
    desk.types("Siksi.")
    tapped(desk, menu("fi", buttons.Page.TELL, "trial"))
    assert "Kerro" in desk.said or "kerromme" in desk.said
    assert desk.trial is not None
    tapped(desk, menu("fi", buttons.Page.PRIVACY, "trial"))
    assert "Tietosuoja" in desk.said


def test_the_menu_of_a_trial_leads_back_to_it_and_to_the_desk() -> None:
    desk = tried()
    desk.taps("Päävalikko")
    assert desk.said == "Tästä asukas palaa päävalikkoon. Kokeilu odottaa."
    assert desk.labels() == ["Kyselyn hallinta"]
    desk = tried()
    desk.taps("Aloita")
    desk.taps("Jatka myöhemmin")
    desk.taps("Päävalikko")
    assert desk.labels() == ["Jatka vastaamista", "Kyselyn hallinta"]
    assert desk.trial is not None
    assert desk.trial.draft is not None
    assert not desk.trial.draft.active
    desk.taps("Jatka")
    assert "Onko olosi turvallinen?" in desk.said
    assert desk.trial.draft.active


def test_stop_ends_a_trial() -> None:
    desk = tried()
    desk.taps("Aloita")
    live = max(desk.cards)
    assert desk.command("stop") == "Kokeilu on ohi. Mitään ei tallennettu."
    assert desk.trial is None
    assert desk.cards[live].rows == ()
    assert "ei ole mitään kesken" in desk.command("stop") or desk.said


def test_erased_in_a_trial_it_can_be_begun_again() -> None:
    desk = tried()
    desk.taps("Aloita")
    tapped_deed(desk, Deed.ERASE)
    assert desk.trial is not None
    assert desk.trial.draft is None


def tapped_deed(desk: SurveyDesk, deed: Deed) -> None:
    assert desk.trial is not None
    assert desk.trial.draft is not None
    desk.step(Tapped(buttons.under(desk.trial.draft, deed), max(desk.cards)))


def test_commands_and_edits_in_a_trial_are_answered_as_to_a_resident() -> None:
    desk = tried()
    desk.taps("Aloita")
    desk.command("help")
    assert "Onko olosi turvallinen?" in desk.said
    desk.newest += 1
    desk.step(Sent(Matter.VOICE, desk.newest))
    assert "Onko olosi turvallinen?" in desk.said
    desk.step(Edited("x", 1))
    assert "Onko olosi turvallinen?" in desk.said
    assert desk.kept == {}


def test_after_a_restart_a_trial_s_buttons_say_that_it_is_over() -> None:
    desk = tried()
    desk.taps("Aloita")
    desk.trial = None
    assert desk.taps("Kyllä") == "Kokeilu on ohi. Mitään ei tallennettu."
    assert desk.labels() == ["Kyselyt ja haut"]
    assert desk.effects == []


def test_a_trial_sets_aside_what_was_under_way_and_is_set_aside_by_the_next() -> None:
    desk = SurveyDesk(small(), survey(S.DRAFT))
    tapped_menu(desk, menu("fi", buttons.Page.BEGIN, "small"))
    desk.opens(Page.OPEN, "equality")
    desk.opens(Page.TRY, "equality")
    desk.taps("Suomeksi")
    desk.taps("Aloita")
    assert desk.task is not None
    assert not desk.task.active
    assert not desk.here.drafts["small"].active
    assert desk.trial is not None
    assert desk.trial.draft is not None
    assert desk.trial.draft.active

    desk.opens(Page.GO_ON)
    assert not desk.trial.draft.active
    desk.types("8.2.")
    assert desk.task.given == {"survey": "equality", "first": "2027-02-08"}

    tapped_trial(desk)
    assert desk.trial.draft.active
    tapped_menu(desk, menu("fi", buttons.Page.CONTINUE, "small"))
    assert not desk.trial.draft.active

    tapped_trial(desk)
    assert desk.trial.draft.active
    desk.command("start")
    assert not desk.trial.draft.active


def tapped_trial(desk: SurveyDesk) -> None:
    desk.newest += 1
    desk.cards[desk.newest] = desk.card
    desk.step(Tapped(menu("fi", buttons.Page.CONTINUE, "trial"), desk.newest))


def test_a_drop_of_a_task_leaves_a_trial_as_it_is() -> None:
    desk = tried()
    desk.taps("Aloita")
    desk.desk("small")
    assert desk.trial is not None
    assert desk.trial.draft is not None
    assert desk.trial.draft.active
    assert not [one for one in desk.effects if isinstance(one, Try | Lay | Save)]


def test_a_call_is_tried_to_its_receipt_and_no_application_is_kept() -> None:
    desk = SurveyDesk(survey(S.DRAFT, "application"))
    desk.opens(Page.TRY, "application")
    desk.taps("Suomeksi")
    assert desk.said.startswith("Kokeilu: mitään ei tallenneta.")
    assert desk.trial is not None
    answers = {row.name: "x" for row in desk.trial.survey.form.rows if row.asks}
    desk.taps("Aloita")
    assert answers
    assert desk.kept == {}


def test_nobody_else_finds_a_trial_in_a_made_up_button() -> None:
    desk = tried()
    for event in (
        Tapped(menu("fi", buttons.Page.INTRO, "trial"), 3),
        Tapped("a:trial:fi:1:d", 3),
    ):
        outcome = resident(desk, event)
        assert "Kokeilu" not in desk.text(outcome.cards[0])
        assert outcome.effects == ()
    assert not trying.concerns(replace(desk.here, coordinator=None), Typed("x", 1, desk.now))
    assert not trying.concerns(desk.here, Commanded("help", "", 1)), "nothing is under way"
    assert not trying.concerns(desk.here, Tapped("nonsense", 1))

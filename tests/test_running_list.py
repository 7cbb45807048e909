"""The list of surveys and calls, their desks, and new ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dialogs.events import Edited, Matter, Sent
from dialogs.forms.model import Audience
from dialogs.life import LIFE, Running, State, Turn, turn
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Received
from dialogs.running import desk as desks
from dialogs.running.beginning import name
from tests.chat import source
from tests.survey_desk import TODAY, SurveyDesk, survey, tapped

S = State

TURNS = {
    (Page.OPEN, ""): (Turn.OPENED, Turn.PLANNED),
    (Page.EXTEND, ""): (Turn.OPENED, Turn.PLANNED),
    (Page.SHUT, ""): (Turn.CLOSED_BY_HAND,),
    (Page.REOPEN, ""): (Turn.OPENED,),
    (Page.PUT_AWAY, desks.IN): (Turn.ARCHIVED,),
    (Page.PUT_AWAY, desks.OUT): (Turn.TAKEN_OUT,),
}


def test_no_button_stands_on_a_desk_that_the_table_of_life_refuses() -> None:
    for state, ways in desks.WAYS.items():
        for page, more, _ in ways:
            turns = TURNS.get((page, more))
            assert turns is None or any(turn(state, one) is not None for one in turns), (
                state,
                page,
            )


def test_every_turn_that_is_not_time_s_has_its_button() -> None:
    by_time = {Turn.FIRST_DAY_CAME, Turn.LAST_DAY_ENDED, Turn.MORNING_CAME}
    for state, happened in LIFE:
        offered = [TURNS.get((page, more), ()) for page, more, _ in desks.WAYS[state]]
        assert happened in by_time or any(happened in turns for turns in offered), (state, happened)


# The list


def test_without_surveys_it_is_said_how_to_begin() -> None:
    desk = SurveyDesk()
    desk.opens(Page.PANEL)
    assert desk.taps("Kyselyt ja haut").endswith("ei ole vielä tehty. Aloita uudesta.")
    assert desk.labels() == ["Uusi kysely tai haku", "Takaisin"]
    assert desk.taps("Takaisin").startswith("Asiakasraati")


def test_drafts_come_first_and_what_is_closed_last_the_newest_first() -> None:
    desk = SurveyDesk(
        survey(S.CLOSED, name="old", opens=date(2026, 5, 1), closes=date(2026, 5, 9)),
        survey(S.CLOSED, name="new", opens=date(2026, 9, 1), closes=None),
        survey(S.ARCHIVED, name="away", opens=date(2025, 9, 1)),
        survey(S.CLOSING, name="closing", closed_on=TODAY),
        survey(S.OPEN, name="open"),
        survey(S.OPEN, name="endless", closes=None, opens=TODAY - timedelta(days=1)),
        survey(S.SCHEDULED, name="ahead", opens=date(2027, 1, 30)),
        survey(S.DRAFT, name="draft"),
    )
    assert desk.opens(Page.SURVEYS) == "Kyselyt ja haut\nValitse kysely tai haku."
    title = "Yhdenvertaisuus palveluissa"
    assert desk.labels() == [
        f"Luonnos: {title}",
        f"Avautuu 30.1.: {title}",
        f"Auki 8.2. asti: {title}",
        f"Auki: {title}",
        f"Sulkeutumassa: {title}",
        f"Päättynyt: {title}",
        f"Päättyi 9.5.2026: {title}",
        "Uusi kysely tai haku",
        "Arkisto",
        "Takaisin",
    ]


def test_long_lists_are_paged() -> None:
    many = [survey(S.CLOSED, name=f"s{n}", opens=date(2026, 1, n + 1)) for n in range(9)]
    away = [survey(S.ARCHIVED, name=f"a{n}", opens=date(2025, 1, n + 1)) for n in range(9)]
    desk = SurveyDesk(*many, *away)
    desk.opens(Page.SURVEYS)
    assert len(desk.labels()) == 12
    desk.taps("Seuraava sivu")
    assert desk.labels()[1:] == ["Edellinen sivu", "Uusi kysely tai haku", "Arkisto", "Takaisin"]
    desk.taps("Arkisto")
    assert len(desk.labels()) == 10
    desk.taps("Seuraava sivu")
    assert desk.labels()[1:] == ["Edellinen sivu", "Takaisin"]


def test_an_empty_archive_is_said() -> None:
    assert "Arkistossa ei ole mitään." in SurveyDesk().opens(Page.ARCHIVE)


# A desk


@pytest.mark.parametrize(
    ("one", "says", "offers"),
    [
        (
            survey(S.DRAFT),
            "Luonnos. Vain koordinaattorit näkevät sen.\n\nKaikille avoin.\nLomakkeen versio: 1",
            ["Kokeile", "Avaa…", "Rajaa raadin jäsenille", "Vaihda lomake", "Poista luonnos"],
        ),
        (
            survey(S.SCHEDULED, opens=date(2027, 1, 30), met=False),
            "Ajastettu. Avautuu lauantaina 30.1. klo 0.00.\nPäättyy maanantaina 8.2. klo 24.",
            [
                "Linkki ja QR-koodi",
                "Kokeile",
                "Muuta päiviä",
                "Muuta viimeistä päivää",
                "Lähetä korjattu lomake",
                "Peru ajastus",
            ],
        ),
        (
            survey(S.OPEN),
            "Auki.\nPäättyy maanantaina 8.2. klo 24.",
            [
                "Linkki ja QR-koodi",
                "Kerro, että tämä on avattu",
                "Kerro, että tämä päättyy pian",
                "Muuta viimeistä päivää",
                "Lähetä korjattu lomake",
                "Kokeile",
                "Sulje nyt…",
            ],
        ),
        (survey(S.OPEN, closes=None), "Auki.\nViimeistä päivää ei ole annettu.", None),
        (
            survey(S.CLOSING, closed_on=TODAY),
            "Suljettu: uusia vastauksia ei enää aloiteta.\n"
            "Aloitetut vastaukset voi lähettää torstaina 28.1. klo 4 asti. Siihen asti "
            "sulkemisen voi perua.",
            ["Peru sulkeminen", "Muuta viimeistä päivää"],
        ),
        (
            survey(S.CLOSED, closes=date(2027, 1, 20)),
            "Suljettu.\nPäättyi keskiviikkona 20.1.",
            ["Siirrä arkistoon"],
        ),
        (survey(S.CLOSED, closes=None), "Suljettu.\n\nKaikille", None),
        (survey(S.CLOSING, closes=None), "aloiteta.\n\nKaikille", None),
        (
            survey(S.ARCHIVED, closed_on=date(2027, 1, 20)),
            "Arkistossa.\nPäättyi keskiviikkona 20.1.",
            ["Palauta arkistosta"],
        ),
        (survey(S.DRAFT, "application"), "Luonnos.", None),
    ],
)
def test_the_desk_tells_the_state_and_offers_what_it_allows(
    one: Running, says: str, offers: list[str] | None
) -> None:
    desk = SurveyDesk(one)
    assert says in desk.desk(one.name)
    if offers is not None:
        assert desk.labels() == [*offers, "Takaisin"]
    desk.taps("Takaisin")
    assert desk.said.startswith("Arkisto" if one.state is S.ARCHIVED else "Kyselyt ja haut")


def test_a_call_is_never_for_members_only() -> None:
    desk = SurveyDesk(survey(S.DRAFT, "application"))
    desk.desk("application")
    assert "Rajaa raadin jäsenille" not in desk.labels()
    desk.opens(Page.SURVEY, "application", Audience.MEMBERS)
    assert desk.said.startswith("Tätä ei voi tehdä nyt.")
    assert desk.find_survey("application").form.audience is Audience.EVERYONE


def test_how_many_have_answered_is_told_as_released_and_one_figure_beside() -> None:
    desk = SurveyDesk(survey(), survey(of="application"))
    desk.received = {"equality": Received(1200, 0), "application": Received(4, 0)}
    assert "Vastauksia: 1\xa0200" in desk.desk()
    assert "sekoitettavana" not in desk.said
    desk.received["equality"] = Received(10, 7)
    assert "Vastauksia: 10\nLisäksi sekoitettavana: 7." in desk.desk()
    assert "Hakemuksia: 4" in desk.desk("application")


def test_the_link_that_nobody_opened_is_pointed_out() -> None:
    desk = SurveyDesk(survey(met=False))
    assert "Linkkiä ei ole vielä avattu." in desk.desk()
    desk = SurveyDesk(survey())
    assert "Linkkiä ei ole vielä avattu." not in desk.desk()


def test_a_draft_without_background_questions_may_be_for_members_and_back() -> None:
    evening = survey(S.DRAFT, "safety")
    plain = replace(
        evening, form=replace(evening.form, rows=tuple(r for r in evening.form.rows if not r.role))
    )
    desk = SurveyDesk(plain)
    desk.desk("safety")
    assert desk.taps("Rajaa raadin jäsenille").startswith("Vain raadin jäsenille.")
    assert desk.find_survey("safety").form.audience is Audience.MEMBERS
    assert desk.deeds == ["survey_audience"]
    desk.taps("Avaa kaikille")
    assert desk.find_survey("safety").form.audience is Audience.EVERYONE


def test_members_are_never_asked_what_would_tell_them_apart() -> None:
    desk = SurveyDesk(survey(S.DRAFT))
    desk.desk()
    assert "niistä jäsenet voisi tunnistaa" in desk.taps("Rajaa raadin jäsenille")
    assert desk.find_survey().form.audience is Audience.EVERYONE


EVERYWHERE = (
    Page.SURVEY,
    Page.TRY,
    Page.OPEN,
    Page.LINK,
    Page.EXTEND,
    Page.SHUT,
    Page.REOPEN,
    Page.PUT_AWAY,
    Page.NEW_FORM,
    Page.DISCARD,
    Page.TELL_OF,
)


@pytest.mark.parametrize("page", EVERYWHERE)
def test_an_old_button_of_a_survey_that_is_gone_shows_the_list(page: Page) -> None:
    desk = SurveyDesk(survey(name="other"))
    desk.opens(page, "gone")
    assert desk.said.startswith("Kyselyt ja haut")
    assert desk.toasts == ["Tämä painike on vanha. Katso uusinta viestiä."]


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("page", EVERYWHERE)
@pytest.mark.parametrize("more", ["", "surely", "in", "out", "opened", "closes", "members"])
def test_what_a_state_does_not_allow_is_refused_and_changes_nothing(
    state: State, page: Page, more: str
) -> None:
    """Every page in every state, as old buttons may ask."""
    one = survey(state, opens=TODAY + timedelta(days=2 if state is S.SCHEDULED else 0))
    desk = SurveyDesk(one)
    desk.desk()
    desk.opens(page, one.name, more)
    allowed = [to for to, how, _ in desks.WAYS[state] if to is page and how in ("", more)]
    if page is not Page.SURVEY and not allowed:
        assert desk.said.startswith("Tätä ei voi tehdä nyt")
        assert desk.find_survey() == one
        assert desk.deeds == []


# A new one


def test_a_form_of_the_library_becomes_a_draft_that_only_coordinators_see() -> None:
    desk = SurveyDesk()
    desk.opens(Page.SURVEYS)
    assert desk.taps("Uusi kysely tai haku").endswith("jonka vain koordinaattorit näkevät.")
    assert desk.labels()[-2:] == ["Lähetä lomaketiedosto", "Takaisin"]
    said = desk.taps("Yhdenvertaisuus palveluissa")
    assert said.startswith("Luonnos on tehty.")
    draft = desk.find_survey()
    assert (draft.state, draft.opens, draft.source) == (S.DRAFT, TODAY, source("equality"))
    assert desk.deeds == ["survey_drafted"]
    assert desk.here.running == ()


def test_the_same_form_tapped_twice_is_one_draft() -> None:
    desk = SurveyDesk()
    desk.opens(Page.NEW_SURVEY, "equality")
    assert desk.opens(Page.NEW_SURVEY, "equality").startswith("Tästä lomakkeesta on jo luonnos.")
    assert len(desk.panel.surveys) == 1


def test_a_form_that_has_run_becomes_a_new_round_and_writes_over_nothing() -> None:
    ran = survey(S.CLOSED)
    desk = SurveyDesk(ran)
    said = desk.opens(Page.NEW_SURVEY, "equality")
    assert said.startswith("Luonnos on tehty. Se on uusi kierros")
    assert desk.find_survey() == ran
    assert desk.find_survey("equality_2").form.name == "equality_2"


@pytest.mark.parametrize(
    ("of", "taken", "made"),
    [
        ("equality", (), "equality"),
        ("equality", ("equality",), "equality_2"),
        ("equality", ("equality", "equality_2"), "equality_3"),
        ("equality_2", ("equality_2",), "equality_3"),
        ("trial", ("trial",), "trial_2"),
        ("a" * 24, ("a" * 24,), "a" * 22 + "_2"),
        ("a" * 24, ("a" * 24, *(f"{'a' * 22}_{n}" for n in range(2, 10))), "a" * 21 + "_10"),
    ],
)
def test_the_next_round_has_a_name_of_its_own(of: str, taken: tuple[str, ...], made: str) -> None:
    assert name(of, frozenset(taken)) == made


def test_no_survey_is_called_as_a_trial_is() -> None:
    desk = SurveyDesk()
    desk.forms = {"trial": source("equality").replace("name: equality", "name: trial", 1)}
    desk.opens(Page.NEW_SURVEY, "trial")
    assert [one.name for one in desk.panel.surveys] == ["trial_2"]


def test_a_form_of_the_office_with_mistakes_is_marked_and_tells_them() -> None:
    desk = SurveyDesk()
    desk.forms = {"broken": source("equality").replace("type: text", "type: txet", 1)}
    desk.opens(Page.NEW_SURVEY)
    assert desk.labels()[0] == "broken, lomakkeessa on virheitä"
    said = desk.taps("broken")
    assert said.startswith("Lomakkeessa on virheitä\nMitään ei vielä tehty.")
    assert "txet" in said
    assert desk.panel.surveys == ()
    desk.taps("Takaisin")
    assert desk.labels()[0] == "broken, lomakkeessa on virheitä"


def test_many_forms_are_paged() -> None:
    desk = SurveyDesk()
    desk.forms = {f"f{n}": source("safety") for n in range(9)}
    desk.opens(Page.NEW_SURVEY)
    assert len(desk.labels()) == 11
    desk.taps("Seuraava sivu")
    assert len(desk.labels()) == 4


def test_a_form_is_sent_as_a_file_and_every_mistake_is_told_before_a_draft_is_made() -> None:
    desk = SurveyDesk()
    desk.opens(Page.NEW_SURVEY)
    assert desk.taps("Lähetä lomaketiedosto").startswith("Lähetä lomake tiedostona")
    wrong = (
        source("equality").replace("type: text", "type: txet").replace("kind: survey", "kind: x")
    )
    said = desk.sends_file(wrong)
    assert said.count("txet") == source("equality").count("type: text")
    assert "Lähetä lomake tiedostona tähän keskusteluun." in said
    assert desk.panel.surveys == ()
    assert "Tiedostoa ei voitu lukea." in desk.sends_file(None)
    assert desk.types("settings:").startswith("Odotan lomaketta tiedostona.")
    desk.newest += 1
    desk.step(Sent(Matter.VOICE, desk.newest))
    assert desk.said.startswith("Odotan lomaketta tiedostona.")
    desk.step(Edited("settings:", 1))
    assert desk.said.startswith("En huomaa muutoksia")
    assert desk.sends_file(source("equality")).startswith("Luonnos on tehty.")
    assert desk.task is None
    assert desk.find_survey().state is S.DRAFT


def test_while_a_file_is_waited_for_nothing_is_tapped() -> None:
    desk = SurveyDesk()
    desk.opens(Page.NEW_SURVEY, "", "file")
    tapped(desk, panel("fi", Page.TASK, "file", "x"))
    assert desk.said.startswith("Lähetä lomake tiedostona")
    assert desk.taps("Keskeytä").startswith("Keskeneräinen on poistettu.")


def test_a_half_made_call_is_not_lost_by_sending_a_form() -> None:
    desk = SurveyDesk(survey(S.DRAFT))
    for page, about, more in (
        (Page.NEW_SURVEY, "", "file"),
        (Page.OPEN, "equality", ""),
        (Page.NEW_FORM, "equality", ""),
    ):
        desk.opens(Page.CALL)
        begun = desk.task
        desk.opens(page, about, more)
        assert "kesken" in desk.said.casefold()
        assert desk.task is not None
        assert begun is not None
        assert desk.task.kind == begun.kind
        desk.taps("Hylkää")
        assert desk.task.kind != begun.kind
        desk.task = None

"""Opening a survey or a call; its link; another last day; closing, and undoing it; the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dialogs.announcement import Circle
from dialogs.broadcasts.records import (
    Broadcast,
    Life,
    Occasion,
    Pointer,
    Ready,
    Target,
    Wording,
)
from dialogs.events import Commanded, Edited, Matter, Sent
from dialogs.forms.model import Audience
from dialogs.life import State
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Received
from dialogs.running import outdated
from dialogs.running.doubts import Doubt, doubts
from dialogs.running.hindrances import FIELDS
from tests.chat import office, source
from tests.desk import HELSINKI, member
from tests.survey_desk import TODAY, SurveyDesk, resident, survey, tapped

S = State
LAST = date(2027, 2, 8)
LINK = "https://t.me/raati_bot?start=equality"


def drafted() -> SurveyDesk:
    desk = SurveyDesk(survey(S.DRAFT))
    desk.desk()
    return desk


# Opening


def test_opened_today_until_a_day_that_is_typed() -> None:
    desk = drafted()
    assert desk.taps("Avaa…") == (
        "Yhdenvertaisuus palveluissa\nMinä päivänä tämä avataan?\n\n"
        "Valitse tai kirjoita päivä, esimerkiksi 8.2. tai maanantai 8.2."
    )
    assert desk.labels() == ["Tänään, heti", "torstaina 28.1.", "Keskeytä"]
    assert "Avautuu keskiviikkona 27.1.\nMikä on viimeinen päivä?" in desk.taps("Tänään")
    assert desk.labels() == ["keskiviikkona 10.2.", "keskiviikkona 24.2.", "Takaisin", "Keskeytä"]
    assert desk.types("ma 8.2.") == (
        "Tarkista ennen avaamista\nYhdenvertaisuus palveluissa\n\n"
        "Avautuu heti, kun painat alla olevaa painiketta.\n"
        "Päättyy maanantaina 8.2. klo 24.\n"
        "Aloitetut vastaukset voi vielä lähettää tiistaina 9.2. klo 4 asti.\n\n"
        "Kaikki voivat vastata.\nKenellekään ei lähde viestiä. Saat linkin ja QR-koodin, ja "
        "tilaajille voit kertoa sen jälkeen.\n\n"
        "Huomaa: tämä toimisto ja sen yhteystiedot ovat keksitty esimerkki."
    )
    assert desk.find_survey().state is S.DRAFT, "nothing is done before it is said"
    desk.taps("Avaa nyt")
    done, link = desk.newest_cards(2)
    assert done.startswith("Nyt se on auki.\n\nYhdenvertaisuus palveluissa\nAuki.\nPäättyy")
    assert link.startswith("Yhdenvertaisuus palveluissa\nAvoinna maanantaina 8.2.")
    opened = desk.find_survey()
    assert (opened.state, opened.opens, opened.closes) == (S.OPEN, TODAY, LAST)
    assert desk.task is None
    assert desk.last_deed.about == "equality 2027-01-27 2027-02-08"
    assert desk.deeds == ["survey_opened"]


def test_planned_it_opens_by_itself_on_its_first_day() -> None:
    desk = drafted()
    desk.taps("Avaa…")
    desk.taps("torstaina 28.1.")
    said = desk.taps("torstaina 11.2.")
    assert "Avautuu itsestään torstaina 28.1. klo 0.00." in said
    desk.taps("Ajasta avautuminen")
    assert desk.newest_cards(2)[0].startswith("Avautuminen on ajastettu.")
    assert desk.deeds == ["survey_planned"]
    assert desk.find_survey().state is S.SCHEDULED
    desk.becomes("2027-01-28 00:00")
    assert desk.find_survey().state is S.OPEN


def test_going_back_and_typing_what_is_no_day() -> None:
    desk = drafted()
    desk.taps("Avaa…")
    assert desk.types("pian").startswith("Kirjoita päivä näin")
    assert desk.types("ti 1.2.").endswith("8.2. tai maanantai 8.2.")
    assert "Tarkoititko, että päivä on maanantaina 1.2.?" in desk.said
    assert desk.types("26.1.").startswith("Se päivä on jo mennyt (tiistaina 26.1.).")
    desk.types("1.2.")
    assert desk.types("31.1.").startswith(
        "Viimeinen päivä olisi sunnuntaina 31.1., mutta tämä avautuu vasta maanantaina 1.2., joten "
        "kirjoita myöhempi päivä."
    )
    desk.types("8.2.")
    assert desk.types("8.2.").startswith("Tähän ei tarvitse kirjoittaa mitään.")
    assert "Mikä on viimeinen päivä?" in desk.taps("Takaisin")
    assert "Minä päivänä" in desk.taps("Takaisin")
    desk.newest += 1
    desk.step(Sent(Matter.VOICE, desk.newest))
    assert desk.said.startswith("Tähän ei tarvitse kirjoittaa mitään.")
    desk.step(Edited("8.2.", 1))
    assert desk.said.startswith("En huomaa muutoksia")
    tapped(desk, panel("fi", Page.TASK, "first", "2030-01-01"))
    assert desk.said.startswith("Yhdenvertaisuus palveluissa\nMinä päivänä")


def test_a_scheduled_one_gets_other_days_or_opens_at_once() -> None:
    desk = SurveyDesk(survey(S.SCHEDULED, opens=date(2027, 2, 1)))
    desk.desk()
    desk.taps("Muuta päiviä")
    desk.taps("Tänään")
    desk.types("10.2.")
    desk.taps("Avaa nyt")
    opened = desk.find_survey()
    assert (opened.state, opened.opens, opened.closes) == (S.OPEN, TODAY, date(2027, 2, 10))


def test_an_empty_field_of_the_office_s_file_is_named_in_words() -> None:
    desk = drafted()
    lacking = {**office().ask, "sv": ""}
    desk.of = replace(office(), ask=lacking, emergency=dict.fromkeys(lacking, ""), meetings=())
    said = desk.taps("Avaa…")
    assert said == (
        "Yhdenvertaisuus palveluissa\nTätä ei voi vielä avata.\n\n"
        "Toimiston tiedostosta puuttuu tietoja. Pyydä ylläpitoa täydentämään nämä:\n"
        "keneltä voi kysyä, ruotsiksi\nhätänumero\nkokoontumispäivät"
    )
    assert desk.labels() == ["Lähetä korjattu lomake", "Takaisin"]
    assert desk.task is None


def test_every_field_that_may_be_empty_is_known_in_words() -> None:
    nothing: dict[str, str] = dict.fromkeys(("fi", "sv", "en"), "")
    texts: dict[str, Any] = {
        field: nothing for field in FIELDS if isinstance(getattr(office(), field), dict)
    }
    bare = replace(office(), areas=(), age_bands=(), meetings=(), **texts)
    assert {one.split(".")[0] for one in bare.empty_fields()} == set(FIELDS)


def test_a_missing_language_and_mistakes_are_refused_with_what_to_do() -> None:
    broken = source("equality").replace("type: text", "type: txet", 1)
    desk = SurveyDesk(survey(S.DRAFT, source=broken))
    form = desk.find_survey().form
    desk.put(replace(desk.find_survey(), form=replace(form, languages=("fi",))))
    said = desk.opens(Page.OPEN, "equality")
    assert "Lomaketta ei ole ruotsiksi ja englanniksi." in said
    assert "Korjaa nämä ja lähetä korjattu lomake:" in said
    assert "txet" in said
    assert desk.taps("Lähetä korjattu lomake").startswith("Lähetä korjattu lomake tiedostona")


def test_members_are_not_asked_for_background_facts() -> None:
    one = survey(S.DRAFT)
    desk = SurveyDesk(replace(one, form=replace(one.form, audience=Audience.MEMBERS)))
    assert "niistä jäsenet voisi tunnistaa" in desk.opens(Page.OPEN, "equality")


def test_what_hinders_it_by_the_last_tap_hinders_it() -> None:
    desk = drafted()
    desk.taps("Avaa…")
    desk.taps("Tänään")
    desk.types("8.2.")
    desk.of = replace(office(), meetings=())
    assert "kokoontumispäivät" in desk.taps("Avaa nyt")
    assert desk.find_survey().state is S.DRAFT
    assert desk.task is None


def test_a_review_that_slept_past_its_first_day_opens_at_once() -> None:
    desk = drafted()
    desk.taps("Avaa…")
    desk.taps("torstaina 28.1.")
    desk.types("29.1.")
    desk.becomes("2027-01-29 09:00")
    desk.taps("Ajasta avautuminen")
    assert desk.find_survey().opens == date(2027, 1, 29)
    assert desk.find_survey().state is S.OPEN


def test_a_review_that_slept_past_its_last_day_asks_another() -> None:
    desk = drafted()
    desk.taps("Avaa…")
    desk.taps("Tänään")
    desk.types("28.1.")
    desk.becomes("2027-01-29 09:00")
    assert desk.taps("Avaa nyt").startswith("Viimeinen päivä olisi torstaina 28.1.")
    assert "Mikä on viimeinen päivä?" in desk.said
    assert desk.find_survey().state is S.DRAFT


def test_what_a_colleague_did_meanwhile_is_not_written_over() -> None:
    desk = drafted()
    desk.taps("Avaa…")
    desk.taps("Tänään")
    desk.types("28.2.")
    desk.put(replace(desk.find_survey(), state=S.OPEN, closes=LAST))
    assert desk.taps("Avaa nyt").startswith("Tätä ei voi tehdä nyt.")
    assert desk.find_survey().closes == LAST
    desk = drafted()
    desk.taps("Avaa…")
    desk.taps("Tänään")
    desk.types("28.2.")
    desk.panel = replace(desk.panel, surveys=())
    assert desk.taps("Avaa nyt").startswith("Tätä ei enää ole.")
    assert desk.task is None


def test_a_members_survey_tells_how_many_it_is_for() -> None:
    one = survey(S.DRAFT, "safety")
    rows = tuple(row for row in one.form.rows if row.role is None)
    desk = SurveyDesk(replace(one, form=replace(one.form, rows=rows, audience=Audience.MEMBERS)))
    desk.put(member("Maija Esimerkki"))
    desk.opens(Page.OPEN, "safety")
    desk.taps("Tänään")
    assert "Vain raadin jäsen voi vastata: 1 jäsen." in desk.types("8.2.")


# A call


def test_a_call_s_review_points_out_what_the_office_s_file_says_otherwise() -> None:
    desk = SurveyDesk(survey(S.DRAFT, "application"))
    desk.of = replace(
        office(),
        chosen_by=date(2027, 2, 1),
        meetings=(date(2026, 3, 19),),
        lowest_age=77,
        application_days=99,
    )
    desk.opens(Page.OPEN, "application")
    desk.taps("Tänään")
    said = desk.types("8.2.")
    assert "valinnoista viimeistään maanantaina 1.2., ennen kuin haku päättyy" in said
    assert "kaikki toimiston tiedoston kokoontumispäivät ovat jo menneet" in said
    assert "alaikäraja on 77 vuotta, mutta lomake ei mainitse sitä" in said
    assert "hakemuksia säilytetään 99 päivää, mutta lomake ei mainitse sitä" in said
    desk.taps("Avaa nyt")
    assert desk.find_survey("application").state is S.OPEN


def test_a_call_that_the_office_s_file_fits_raises_no_doubt() -> None:
    form = survey(of="application").form
    fits = replace(office(), chosen_by=LAST, meetings=(LAST,))
    assert doubts(form, source("application"), fits, TODAY, LAST) == ()
    late = replace(fits, chosen_by=TODAY - timedelta(days=1), meetings=())
    assert doubts(form, source("application"), late, TODAY, None) == (Doubt.HEARD_BEFORE_CLOSING,)
    assert doubts(survey().form, "", late, TODAY, None) == ()


# The link


def test_the_link_comes_with_its_qr_code_and_is_opened_before_anybody_is_told() -> None:
    desk = SurveyDesk(survey(met=False))
    desk.desk()
    said = desk.taps("Linkki ja QR-koodi")
    assert said == (
        "Yhdenvertaisuus palveluissa\nAvoinna maanantaina 8.2. puoleenyöhön asti.\n\n"
        f"{LINK}\n\n"
        "Avaa linkki nyt kerran itse ja katso, että se vie oikeaan paikkaan. Vasta sitten siitä "
        "voi kertoa muille."
    )
    assert desk.card.qr == LINK
    assert desk.card.rows[0][0].link == LINK
    refused = desk.opens(Page.TELL_OF, "equality", "opened")
    assert "Avaa linkki ensin kerran itse." in refused
    assert desk.card.rows[0][0].link == LINK
    assert desk.panel.broadcasts == ()

    works = desk.command("start", "equality")
    assert desk.newest_cards(2)[0].startswith("Yhdenvertaisuus palveluissa\n"), "as a resident"
    assert works == (
        "Linkki toimii. Se vie tänne: Yhdenvertaisuus palveluissa. Yllä näet saman kuin asukas."
    )
    assert desk.find_survey().met
    assert desk.deeds == ["survey_met"]
    assert "Tiedote tilaajille on valmiina" in desk.taps("Kerro, että tämä on avattu")
    before = len(desk.cards)
    desk.command("start", "equality")
    assert len(desk.cards) == before + 2, "the second time it is only what residents see"


def test_somebody_else_s_tap_on_the_link_opens_nothing_for_coordinators() -> None:
    desk = SurveyDesk(survey(met=False))
    outcome = resident(desk, Commanded("start", "equality", 5))
    assert outcome.effects == ()
    assert len(outcome.cards) == 2


def test_the_link_of_a_scheduled_one_can_be_tried_before_it_opens() -> None:
    desk = SurveyDesk(survey(S.SCHEDULED, opens=date(2027, 2, 1), closes=None, met=False))
    assert "Avoinna" not in desk.opens(Page.LINK, "equality")
    desk.command("start", "equality")
    assert desk.find_survey().met
    assert desk.labels() == ["Kyselyn hallinta"]
    assert desk.taps("Kyselyn hallinta").startswith("Yhdenvertaisuus palveluissa\nAjastettu.")


def test_a_draft_or_a_closed_one_is_not_met_by_its_link() -> None:
    for state in (S.DRAFT, S.CLOSED):
        desk = SurveyDesk(survey(state, met=False))
        desk.command("start", "equality")
        assert not desk.find_survey().met


def test_without_the_bot_s_own_address_the_link_is_asked_for_again() -> None:
    desk = SurveyDesk(survey(met=False))
    desk.bot_link = ""
    desk.desk()
    assert desk.taps("Linkki ja QR-koodi").startswith("Linkkiä ei saatu nyt tehtyä.")
    assert desk.opens(Page.TELL_OF, "equality", "opened").endswith("voi kertoa muille.")
    assert desk.labels() == ["Takaisin"]


# Telling of it


def test_that_it_opened_becomes_a_draft_of_a_broadcast_with_a_link_that_can_be_mended() -> None:
    desk = SurveyDesk(survey())
    desk.desk()
    assert desk.taps("Kerro, että tämä on avattu") == (
        "Yhdenvertaisuus palveluissa\n\nTiedote tilaajille on valmiina luonnoksena, kolmella "
        "kielellä. Mitään ei ole vielä lähetetty."
    )
    [told], [led] = desk.panel.broadcasts, desk.panel.pointers
    assert told.ready == Ready(Occasion.OPENED, "equality", LAST)
    assert (told.life, told.circle, told.author) == (Life.DRAFT, Circle.SUBSCRIBERS, desk.me.key)
    assert (led.target, led.to, led.title) == (Target.SURVEY, "equality", {})
    assert told.pointer == led.key
    assert told.key != led.key
    assert desk.deeds == ["survey_told_of"]
    button = desk.card.rows[0][0]
    assert button.data == panel("fi", Page.BROADCAST, told.key)
    assert desk.opens(Page.TELL_OF, "equality", "opened").endswith("Tästä on jo tiedote.")
    assert len(desk.panel.broadcasts) == 1


def test_that_it_closes_soon_goes_to_all_since_nobody_knows_who_has_answered() -> None:
    led = Pointer(b"p" * 16, Target.SURVEY, "equality")
    desk = SurveyDesk(survey())
    desk.put(led)
    desk.desk()
    assert "botti ei tiedä, kuka on vastannut" in desk.taps("Kerro, että tämä päättyy pian")
    [told] = desk.panel.broadcasts
    assert told.ready == Ready(Occasion.CLOSES_SOON, "equality", LAST)
    assert told.pointer == led.key
    assert [one.key for one in desk.panel.pointers] == [led.key]


def test_one_that_was_taken_back_can_be_told_again() -> None:
    desk = SurveyDesk(survey())
    desk.put(
        Broadcast(
            b"b" * 16,
            desk.me.key,
            TODAY,
            ready=Ready(Occasion.OPENED, "equality", LAST),
            life=Life.CANCELLED,
        )
    )
    desk.opens(Page.TELL_OF, "equality", "opened")
    assert len(desk.panel.broadcasts) == 2


def test_without_a_last_day_nothing_closes_soon() -> None:
    desk = SurveyDesk(survey(closes=None))
    assert "Anna ensin viimeinen päivä." in desk.opens(Page.TELL_OF, "equality", "closes")
    desk.taps("Muuta viimeistä päivää")
    assert desk.said.startswith("Yhdenvertaisuus palveluissa\nMikä on uusi viimeinen päivä?")


def test_a_call_s_link_bears_its_name_and_a_members_survey_is_told_to_members() -> None:
    desk = SurveyDesk(survey(of="application"))
    desk.opens(Page.TELL_OF, "application", "opened")
    [led] = desk.panel.pointers
    assert led.title["fi"] == survey(of="application").form.title["fi"]
    one = survey()
    desk = SurveyDesk(replace(one, form=replace(one.form, audience=Audience.MEMBERS)))
    assert "Tiedote raadin jäsenille" in desk.opens(Page.TELL_OF, "equality", "opened")
    assert desk.panel.broadcasts[0].circle is Circle.MEMBERS


# Another last day


def told_of(number: int, life: Life, **more: object) -> Broadcast:
    return Broadcast(bytes([number]) * 16, b"k" * 16, TODAY, life=life, **more)  # type: ignore[arg-type]


def test_another_last_day_and_the_broadcasts_that_named_the_old_one() -> None:
    desk = SurveyDesk(survey())
    ready = Ready(Occasion.OPENED, "equality", LAST)
    desk.put(told_of(1, Life.CONFIRMED, ready=ready))
    desk.put(told_of(2, Life.CONFIRMED, wordings={"fi": Wording("Vastaa 8.2. mennessä.")}))
    desk.put(told_of(3, Life.CONFIRMED, ready=replace(ready, survey="safety")))
    desk.put(told_of(4, Life.DRAFT, ready=ready, tested="seen"))
    desk.put(told_of(5, Life.DRAFT, wordings={"fi": Wording("Vastaa 8.2. mennessä.")}))
    desk.desk()
    assert desk.taps("Muuta viimeistä päivää") == (
        "Yhdenvertaisuus palveluissa\nNyt päättyy maanantaina 8.2. klo 24.\n"
        "Mikä on uusi viimeinen päivä?\n\n"
        "Valitse tai kirjoita päivä, esimerkiksi 8.2. tai maanantai 8.2."
    )
    assert desk.labels() == ["maanantaina 15.2.", "maanantaina 22.2.", "Keskeytä"]
    assert desk.types("8.2.").startswith("Se on jo viimeinen päivä (maanantaina 8.2.).")
    assert desk.types("15.2.") == (
        "Yhdenvertaisuus palveluissa\nNyt päättyy maanantaina 8.2. klo 24.\n"
        "Muutoksen jälkeen päättyy maanantaina 15.2. klo 24.\n\n"
        "Uusi päivä näkyy heti kaikilla korteilla, joita botti näyttää.\n"
        "2 tiedotteessa lukee vanha päivä. Voit korjata ne seuraavaksi.\n\n"
        "Huomaa: tämä toimisto ja sen yhteystiedot ovat keksitty esimerkki."
    )
    assert desk.find_survey().closes == LAST
    desk.taps("Muuta päivä")
    done, listed = desk.newest_cards(2)
    assert done.startswith("Viimeinen päivä on muutettu.")
    assert "Päättyy maanantaina 15.2. klo 24." in done
    assert listed.startswith(
        "Yhdenvertaisuus palveluissa\n\n2 tiedotteessa lukee vielä 8.2.\n"
        "Oikea tieto: päättyy maanantaina 15.2."
    )
    assert [label.split(":")[0] for label in desk.labels()] == [
        "Korjaa",
        "Korjaa",
        "Kyselyn hallinta",
    ]
    assert desk.last_deed.about == "equality 2027-02-15"
    day = date(2027, 2, 15)
    assert desk.find_survey().closes == day
    draft = next(one for one in desk.panel.broadcasts if one.key[0] == 4)
    assert (draft.ready, draft.tested) == (replace(ready, day=day), ""), "looked at anew"
    words = resident(desk, Commanded("start", "equality", 5)).cards[1]
    assert "maanantaina 15.2." in desk.text(words)


def test_many_broadcasts_are_paged_and_those_corrected_are_gone_from_the_list() -> None:
    desk = SurveyDesk(survey(closes=date(2027, 2, 15)))
    texts = {"fi": Wording("Vastaa 8.2. mennessä.")}
    for number in range(1, 9):
        desk.put(told_of(number, Life.CONFIRMED, wordings=texts))
    desk.opens(Page.EXTEND, "equality", "was-20270208-0")
    assert len(desk.labels()) == 8
    desk.taps("Seuraava sivu")
    assert desk.labels()[2:] == ["Edellinen sivu", "Kyselyn hallinta"]
    for number in range(3, 9):
        desk.put(told_of(number, Life.CONFIRMED))
    desk.taps("Edellinen sivu")
    assert len(desk.labels()) == 3
    desk.opens(Page.EXTEND, "equality", "was-20270208-6")
    assert len(desk.labels()) == 3
    desk.opens(Page.EXTEND, "equality", "was-20270209-0")
    assert desk.said.startswith("Yhdenvertaisuus palveluissa\nAuki.")
    for odd in ("was-20271308-0", "was-x"):
        assert outdated.asked(odd) is None


def test_the_desk_leads_to_what_still_names_a_day_that_was_the_last_one() -> None:
    desk = SurveyDesk(survey(), survey(of="safety"))
    texts = {"fi": Wording("Vastaa 15.2. mennessä.")}
    for number in (1, 2):
        desk.put(told_of(number, Life.CONFIRMED, wordings=texts))
    for day in ("15.2.", "22.2."):
        desk.opens(Page.EXTEND, "equality")
        desk.types(day)
        desk.taps("Muuta päivä")
    desk.desk()
    assert desk.labels()[-2:] == ["Korjaa tiedotteet, joissa on 15.2.", "Takaisin"]
    assert "2 tiedotteessa lukee vielä 15.2." in desk.taps("Korjaa tiedotteet")
    for number in (1, 2):
        desk.put(told_of(number, Life.CONFIRMED))
    desk.desk()
    assert "Korjaa tiedotteet, joissa on 15.2." not in desk.labels()
    desk.desk("safety")
    assert not [label for label in desk.labels() if label.startswith("Korjaa tiedotteet")]


def test_only_one_button_names_a_short_page() -> None:
    desk = SurveyDesk(survey(closes=date(2027, 2, 15)))
    for number in range(1, 14):
        desk.put(told_of(number, Life.CONFIRMED, wordings={"fi": Wording("Vastaa 8.2.")}))
    desk.opens(Page.EXTEND, "equality", "was-20270208-6")
    assert desk.labels()[-3:] == ["Edellinen sivu", "Seuraava sivu", "Kyselyn hallinta"]


def test_a_scheduled_one_and_one_without_a_last_day_get_another() -> None:
    desk = SurveyDesk(survey(S.SCHEDULED, opens=date(2027, 2, 1)))
    desk.desk()
    desk.taps("Muuta viimeistä päivää")
    assert desk.types("30.1.").startswith("Viimeinen päivä olisi lauantaina 30.1.")
    desk.taps("maanantaina 15.2.")
    assert "Mikä on uusi" in desk.taps("Takaisin")
    desk.taps("maanantaina 22.2.")
    desk.taps("Muuta päivä")
    assert desk.find_survey().state is S.SCHEDULED
    assert desk.find_survey().closes == date(2027, 2, 22)
    desk = SurveyDesk(survey(closes=None))
    desk.desk()
    desk.taps("Muuta viimeistä päivää")
    desk.taps("keskiviikkona 3.2.")
    assert "Nyt päättyy" not in desk.said
    desk.taps("Muuta päivä")
    assert desk.find_survey().closes == date(2027, 2, 3)


def test_what_is_no_new_last_day_changes_nothing() -> None:
    desk = SurveyDesk(survey())
    desk.opens(Page.EXTEND, "equality")
    assert desk.types("joskus").startswith("Kirjoita päivä näin")
    desk.newest += 1
    desk.step(Sent(Matter.VOICE, desk.newest))
    assert desk.said.startswith("Tähän ei tarvitse kirjoittaa")
    desk.step(Edited("9.2.", 1))
    assert desk.said.startswith("En huomaa muutoksia")
    tapped(desk, panel("fi", Page.TASK, "last", "2030-01-01"))
    assert "Mikä on uusi" in desk.said
    desk.types("9.2.")
    assert desk.types("10.2.").startswith("Tähän ei tarvitse kirjoittaa")
    tapped(desk, panel("fi", Page.TASK, "review", "2030-01-01"))
    assert "Muutoksen jälkeen päättyy tiistaina 9.2." in desk.said
    desk.becomes("2027-02-08 23:59")
    desk.passes(minutes=1, days=1)
    assert desk.find_survey().state is S.CLOSED
    assert desk.taps("Muuta päivä").startswith("Tätä ei voi tehdä nyt, koska tämä on jo päättynyt.")
    assert desk.task is None
    assert desk.find_survey().closes == LAST


def test_a_new_last_day_that_has_passed_since_is_asked_anew() -> None:
    desk = SurveyDesk(survey())
    desk.opens(Page.EXTEND, "equality")
    desk.types("28.1.")
    desk.becomes("2027-01-29 09:00")
    assert desk.taps("Muuta päivä").startswith("Se päivä on jo mennyt (torstaina 28.1.).")
    assert desk.find_survey().closes == LAST


def test_a_survey_that_is_gone_gets_no_last_day() -> None:
    desk = SurveyDesk(survey())
    desk.opens(Page.EXTEND, "equality")
    desk.panel = replace(desk.panel, surveys=())
    tapped(desk, panel("fi", Page.TASK, "last", "2027-02-15"))
    assert desk.said == "Tätä ei enää ole. Joku on poistanut luonnoksen."
    assert desk.task is None
    desk = SurveyDesk(survey())
    desk.opens(Page.EXTEND, "equality")
    desk.panel = replace(desk.panel, surveys=())
    assert desk.types("9.2.") == "Tätä ei enää ole. Joku on poistanut luonnoksen."
    assert desk.task is None


def test_a_day_typed_for_a_survey_that_is_gone_ends_the_task() -> None:
    desk = drafted()
    desk.taps("Avaa…")
    desk.panel = replace(desk.panel, surveys=())
    assert desk.opens(Page.GO_ON).startswith("Tätä ei enää ole.")
    assert desk.types("8.2.").startswith("Tätä ei enää ole.")
    assert desk.task is None


def test_a_half_made_call_is_not_lost_by_another_last_day() -> None:
    desk = SurveyDesk(survey())
    desk.opens(Page.CALL)
    assert "kesken" in desk.opens(Page.EXTEND, "equality")


# Closing


def test_closed_at_once_and_undone_until_four() -> None:
    desk = SurveyDesk(survey())
    desk.desk()
    assert desk.taps("Sulje nyt…") == (
        "Yhdenvertaisuus palveluissa\nSuljetaanko heti?\n\n"
        "Uusia vastauksia ei enää voi aloittaa.\n"
        "Aloitetut vastaukset voi lähettää torstaina 28.1. klo 4 asti. Sen jälkeen keskeneräiset "
        "poistetaan.\n"
        "Voit perua sulkemisen torstaina 28.1. klo 4 asti.\n"
        "Kenellekään ei lähde viestiä."
    )
    assert desk.find_survey().state is S.OPEN
    assert desk.taps("Sulje nyt").startswith("Suljettu.\n\nYhdenvertaisuus")
    closed = desk.find_survey()
    assert (closed.state, closed.closed_on) == (S.CLOSING, TODAY)
    desk.becomes("2027-01-28 03:59")
    assert desk.taps("Peru sulkeminen").startswith("Sulkeminen on peruttu.")
    again = desk.find_survey()
    assert (again.state, again.closed_on, again.closes) == (S.OPEN, None, LAST)
    assert desk.deeds == ["survey_reopened", "survey_closed"]


def test_after_four_a_closing_is_not_undone() -> None:
    desk = SurveyDesk(survey(S.CLOSING, closed_on=TODAY))
    desk.desk()
    desk.becomes("2027-01-28 04:00")
    assert "tee samasta lomakkeesta uusi kysely" in desk.taps("Peru sulkeminen")
    assert desk.find_survey().state is S.CLOSED


def test_undone_after_its_last_day_it_needs_another() -> None:
    desk = SurveyDesk(survey(closes=TODAY))
    desk.becomes("2027-01-28 00:30")
    desk.desk()
    assert "Mikä on uusi viimeinen päivä?" in desk.taps("Peru sulkeminen")
    desk.types("28.1.")
    assert "Samalla se avautuu heti uudelleen." in desk.said
    desk.taps("Muuta päivä")
    assert desk.find_survey().state is S.OPEN
    assert desk.find_survey().closes == date(2027, 1, 28)


def test_the_day_it_has_already_can_open_again_what_was_closed_early() -> None:
    desk = SurveyDesk(survey(S.CLOSING, closed_on=TODAY))
    desk.opens(Page.EXTEND, "equality")
    desk.types("8.2.")
    desk.taps("Muuta päivä")
    assert desk.find_survey().state is S.OPEN
    assert desk.find_survey().closed_on is None


def test_closing_early_offers_to_correct_what_named_the_last_day_and_undoing_it_too() -> None:
    desk = SurveyDesk(survey())
    desk.put(told_of(1, Life.CONFIRMED, ready=Ready(Occasion.OPENED, "equality", LAST)))
    desk.put(told_of(2, Life.CONFIRMED, wordings={"fi": Wording("Avoinna vain 27.1.")}))
    desk.opens(Page.SHUT, "equality", "surely")
    assert "1 tiedotteessa lukee vielä 8.2." in desk.said
    desk.opens(Page.REOPEN, "equality")
    assert "1 tiedotteessa lukee vielä 27.1." in desk.said


def test_a_schedule_is_cancelled_and_becomes_a_draft_that_nobody_has_seen() -> None:
    desk = SurveyDesk(survey(S.SCHEDULED, opens=date(2027, 2, 1)))
    desk.desk()
    assert "Perutaanko ajastus?" in desk.taps("Peru ajastus")
    assert desk.taps("Peru ajastus").startswith("Ajastus on peruttu.")
    assert desk.find_survey().state is S.DRAFT
    assert desk.find_survey().closed_on is None
    assert desk.here.running == ()
    assert desk.deeds == ["survey_unplanned"]


# The archive, and drafts thrown away


def test_what_is_still_mixed_is_not_archived() -> None:
    desk = SurveyDesk(survey(S.CLOSED))
    desk.received = {"equality": Received(10, 3)}
    desk.desk()
    assert desk.taps("Siirrä arkistoon").startswith("3 vastausta sekoitetaan vielä.")
    assert desk.find_survey().state is S.CLOSED
    desk.received = {"equality": Received(13, 0)}
    assert desk.taps("Siirrä arkistoon").startswith("Siirretty arkistoon.")
    assert desk.find_survey().state is S.ARCHIVED
    assert desk.opens(Page.PUT_AWAY, "equality", "in").startswith("Tätä ei voi tehdä nyt")
    assert desk.taps("Palauta arkistosta").startswith("Palautettu arkistosta.")
    assert desk.find_survey().state is S.CLOSED
    assert desk.deeds == ["survey_taken_out", "survey_archived"]


def test_an_archived_survey_is_to_residents_as_a_closed_one() -> None:
    for state in (S.CLOSED, S.ARCHIVED):
        desk = SurveyDesk(survey(state))
        outcome = resident(desk, Commanded("start", "equality", 5))
        assert "on valitettavasti jo päättynyt" in desk.text(outcome.cards[1])


def test_a_draft_is_thrown_away_once_that_is_said_twice() -> None:
    desk = drafted()
    assert desk.taps("Poista luonnos").startswith("Yhdenvertaisuus palveluissa\nPoistetaanko")
    assert desk.panel.surveys
    assert desk.taps("Poista luonnos") == "Luonnos on poistettu."
    assert desk.panel.surveys == ()
    assert (desk.last_deed.what, desk.last_deed.about) == (
        "survey_discarded",
        "Yhdenvertaisuus palveluissa",
    )
    assert desk.taps("Takaisin").startswith("Kyselyt ja haut")


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_card_speaks_each_language(language: str) -> None:
    """`look_at` complains of what cannot be shown."""
    desk = SurveyDesk(survey(S.DRAFT), language=language)
    desk.desk()
    for page, about, more in (
        (Page.SURVEYS, "", ""),
        (Page.NEW_SURVEY, "", ""),
        (Page.OPEN, "equality", ""),
        (Page.TASK, "first", TODAY.isoformat()),
        (Page.TASK, "last", (TODAY + timedelta(weeks=2)).isoformat()),
        (Page.TASK, "review", "open"),
        (Page.TELL_OF, "equality", "opened"),
        (Page.SHUT, "equality", ""),
        (Page.SHUT, "equality", "surely"),
    ):
        desk.opens(page, about, more)
    assert desk.find_survey().closed_on == TODAY
    assert datetime(2027, 1, 28, 4, tzinfo=HELSINKI) > desk.now

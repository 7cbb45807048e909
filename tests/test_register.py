"""The register as a coordinator meets it: the panel's card, the list, a person's sheet, adding and
correcting, ending and erasing, and how a vacant seat is filled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dialogs.announcement import Circle, Priority
from dialogs.events import Tapped
from dialogs.panel import seats
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Attendance, Coming, Held, Reason, Standing
from tests.chat import office
from tests.desk import LAST, NOW, TODAY, Desk, coordinator, key, meeting, member

MAIJA = member("Maija Esimerkki")
VILLE = member("Ville Varainen", Standing.RESERVE, chat=8, language="sv")
PAAVO = member("Paavo Puhelin", chat=None, contact="+358 40 000 0000")
FULL = tuple(member(f"Jäsen {number}", chat=100 + number) for number in range(office().seats))


def former(reason: Reason, **more: object) -> object:
    return member("Eino Entinen", Standing.ENDED, reason=reason, ended_on=date(2027, 1, 20), **more)


# The panel's card


def test_the_panel_s_card_tells_seats_and_reserves_and_names_nobody() -> None:
    desk = Desk(MAIJA, PAAVO, VILLE, former(Reason.MOVED))
    said = desk.opens(Page.PANEL)
    assert "Jäseniä 2, paikkoja 20. Varasijalla 1." in said
    assert "Seuraavaa kokoontumista ei ole vielä kutsuttu koolle." in said
    assert not desk.card.private
    assert desk.labels()[:9] == [
        "Jäsenet",
        "Kokoontumiset",
        "Kyselyt ja haut",
        "Tiedotteet",
        "Tulokset",
        "Palvelun linkit",
        "Kutsut",
        "Koordinaattorit",
        "Mitä on tehty",
    ]


def test_the_panel_s_card_tells_the_next_meeting_that_is_held_and_how_many_come() -> None:
    over = meeting("Mennyt", start=NOW - timedelta(days=9), end=NOW - timedelta(days=9))
    off = meeting("Peruttu", start=NOW + timedelta(days=1), held=Held.CANCELLED)
    called = meeting()
    gone = former(Reason.MOVED)
    coming = [
        Attendance(called.key, MAIJA.key, Coming.IN, 1),
        Attendance(called.key, PAAVO.key, Coming.MAYBE, 1),
        Attendance(called.key, key("Eino Entinen"), Coming.IN, 1),
    ]
    desk = Desk(MAIJA, PAAVO, member("Liisa Vastaamaton"), gone, over, off, called, *coming)
    said = desk.opens(Page.PANEL)
    assert "Seuraava kokoontuminen on torstaina 18.3. klo 17.00–19.00." in said
    assert "Tulossa 1, ehkä 1, vastaamatta 1." in said


def test_a_coordinator_is_told_things_in_the_language_they_look_at_the_panel_in() -> None:
    desk = Desk(language="sv")
    assert desk.opens(Page.PANEL).startswith("Kundrådet")
    assert desk.panel.coordinators[0].language == "sv"
    once = desk.panel.coordinators[0].revision
    desk.opens(Page.PANEL)
    assert desk.panel.coordinators[0].revision == once, "nothing to keep"


# The list


def test_whoever_has_blocked_the_bot_has_it_on_their_sheet() -> None:
    desk = Desk(replace(MAIJA, gone=True))
    assert "On estänyt botin" in desk.opens(Page.PERSON, MAIJA.key)


def test_the_sheet_of_who_is_no_member_any_more_promises_no_messages() -> None:
    desk = Desk(former(Reason.MOVED))
    assert "Telegram" not in desk.opens(Page.PERSON, key("Eino Entinen"))


def test_the_list_tells_members_then_reserves_as_they_came_then_former_members() -> None:
    earlier = member("Yrjö Ensin", Standing.RESERVE, first_day=date(2026, 12, 1))
    desk = Desk(VILLE, earlier, PAAVO, MAIJA, former(Reason.STAFF))
    said = desk.opens(Page.REGISTER)
    assert said == (
        "Raadin jäsenet\n\n"
        "Jäsenet\n1. Maija Esimerkki\n2. Paavo Puhelin, ei Telegramia\n\n"
        "Varasijalista\n3. Yrjö Ensin\n4. Ville Varainen\n\n"
        "Entiset jäsenet\n5. Eino Entinen, tuli hyvinvointialueen työntekijäksi\n\n"
        "Napauta nimeä, niin näet tiedot."
    )
    assert desk.card.private
    assert desk.deeds == ["register_seen"]


def test_who_is_not_reached_is_marked_in_words() -> None:
    desk = Desk(replace(MAIJA, gone=True))
    assert "1. Maija Esimerkki, viestit eivät tavoita" in desk.opens(Page.REGISTER)


def test_looking_again_within_a_quarter_of_an_hour_is_one_deed() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.REGISTER)
    desk.taps("1. Maija Esimerkki")
    desk.taps("Takaisin")
    assert desk.deeds == ["person_seen", "register_seen"]
    desk.now += timedelta(minutes=15)
    desk.opens(Page.REGISTER)
    assert desk.deeds == ["register_seen", "person_seen", "register_seen"]


def test_an_empty_register_says_what_to_do() -> None:
    assert "Raadissa ei ole vielä ketään." in Desk().opens(Page.REGISTER)


def test_a_long_list_goes_by_twenty() -> None:
    desk = Desk(*FULL, VILLE)
    said = desk.opens(Page.REGISTER)
    assert "20. Jäsen 9" in said
    assert "Ville" not in said
    said = desk.taps("Seuraava sivu")
    assert "Varasijalista\n21. Ville Varainen" in said
    assert "Seuraava sivu" not in desk.labels()
    assert "1. Jäsen 0" in desk.taps("Edellinen sivu")
    assert "21. Ville" in desk.opens(Page.REGISTER, "", 9000), "the last page there is"


def test_close_shows_the_panel_s_card() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.REGISTER)
    assert desk.taps("Sulje").startswith("Asiakasraati\n")
    assert not desk.card.private


# A person's sheet


def test_a_member_s_sheet_shows_everything_that_is_kept() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.REGISTER)
    assert desk.taps("Maija Esimerkki") == (
        "Maija Esimerkki\n"
        "Raadin jäsen. Kausi alkoi perjantaina 1.1., ja sunnuntaina 31.12.2028 se päättyy.\n\n"
        "Yhteystieto: maija@posti.example\nKieli: suomi\nSaa viestit Telegramissa"
    )
    assert desk.last_deed.what == "person_seen"
    assert desk.labels() == [
        "Korjaa tietoja",
        "Linkki Telegram-tilille",
        "Päätä jäsenyys",
        "Poista kaikki tiedot",
        "Takaisin",
        "Sulje",
    ]


def test_a_reserve_s_sheet_offers_a_seat_where_one_is_vacant() -> None:
    desk = Desk(VILLE)
    said = desk.opens(Page.PERSON, VILLE.key)
    assert "Varasijalla. Tuli listalle perjantaina 1.1." in said
    assert desk.labels()[0] == "Tarjoa paikkaa"
    assert "Poista varasijalta" in desk.labels()
    full = Desk(*FULL, VILLE)
    full.opens(Page.PERSON, VILLE.key)
    assert "Tarjoa paikkaa" not in full.labels()


def test_a_former_member_s_sheet_says_why_until_when_and_offers_the_way_back() -> None:
    desk = Desk(former(Reason.OTHER))
    said = desk.opens(Page.PERSON, key("Eino Entinen"))
    assert (
        "Päättyi keskiviikkona 20.1. (muu syy). Tiedot poistetaan maanantaina 19.7. kokonaan."
        in said
    )
    assert "Ota jäseneksi" in desk.labels()
    assert "Päätä jäsenyys" not in desk.labels()
    assert "Linkki Telegram-tilille" not in desk.labels()


@pytest.mark.parametrize("page", [Page.PERSON, Page.CORRECT, Page.END, Page.END_SURELY])
def test_a_button_about_somebody_erased_says_so(page: Page) -> None:
    assert "ei ole enää rekisterissä" in Desk().opens(page, MAIJA.key, "moved")


@pytest.mark.parametrize("page", [Page.ERASE, Page.ERASE_SURELY, Page.OFFER, Page.SEAT])
def test_so_does_one_that_would_erase_or_seat_them(page: Page) -> None:
    desk = Desk()
    assert "ei ole enää rekisterissä" in desk.opens(page, MAIJA.key)
    assert desk.deeds == []


# Adding


def test_somebody_without_telegram_is_added_and_nothing_typed_stays() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.REGISTER)
    assert desk.taps("Lisää ilman Telegramia") == "Kirjoita nimi, etunimi ensin."
    assert desk.types("Aune  Esimerkki\n(keksitty)").startswith("Kirjoita puhelinnumero")
    assert desk.types("040 123 4567").startswith("Millä kielellä")
    assert desk.taps("Kieli: ruotsi").startswith("Tuleeko hänestä jäsen")
    assert desk.taps("Jäseneksi").startswith("Jäsen on lisätty.")
    aune = desk.find("Aune Esimerkki (keksitty)")
    assert (aune.contact, aune.language, aune.chat) == ("+358 40 123 4567", "sv", None)
    assert (aune.standing, aune.first_day, aune.last_day) == (Standing.MEMBER, TODAY, LAST)
    assert desk.task is None
    assert desk.deeds[0] == "member_added"
    assert desk.taps("Näytä tiedot").startswith("Aune Esimerkki (keksitty)\nRaadin jäsen.")
    assert "Ei Telegramia: asioista kerrotaan hänelle muuten" in desk.said


def test_a_full_panel_says_so_and_offers_the_reserve_list() -> None:
    desk = Desk(*FULL)
    desk.opens(Page.ADD)
    desk.types("Aune Esimerkki")
    desk.types("aune@posti.example")
    said = desk.taps("Kieli: suomi")
    assert "Raati on täynnä: kaikki paikat (20) ovat käytössä." in said
    assert desk.labels() == ["Varasijalle", "Keskeytä"]
    assert desk.taps("Varasijalle").startswith("Lisätty varasijalle.")
    assert desk.find("Aune Esimerkki").standing is Standing.RESERVE
    assert desk.deeds[0] == "reserve_added"


def test_a_panel_that_filled_meanwhile_is_not_overfilled() -> None:
    desk = Desk(*FULL[1:])
    desk.opens(Page.ADD)
    desk.types("Aune Esimerkki")
    desk.types("aune@posti.example")
    desk.taps("Kieli: suomi")
    desk.keep(replace(FULL[0], revision=0))
    assert "Raati on täynnä" in desk.taps("Jäseneksi")
    assert len(desk.panel.seated) == 20


def test_whoever_sits_down_holds_a_record_that_two_at_one_moment_both_hold() -> None:
    desk = Desk(MAIJA)
    before = desk.find("Maija Esimerkki").revision
    desk.opens(Page.ADD)
    desk.types("Aune Esimerkki")
    desk.types("aune@posti.example")
    desk.taps("Kieli: suomi")
    desk.taps("Jäseneksi")
    assert desk.find("Maija Esimerkki").revision == before + 1


def test_what_is_no_contact_is_refused_with_what_would_be_and_does_not_stay() -> None:
    desk = Desk()
    desk.opens(Page.ADD)
    desk.types("Aune Esimerkki")
    said = desk.types("040 12")
    assert said.startswith("Tarkista puhelinnumero")
    assert "Kirjoita puhelinnumero" in said
    assert desk.sends().startswith("Tähän ei tarvitse kirjoittaa")


def test_text_where_a_button_is_asked_for_changes_nothing() -> None:
    desk = Desk()
    desk.opens(Page.ADD)
    desk.types("Aune Esimerkki")
    desk.types("aune@posti.example")
    assert "napauttamalla" in desk.types("suomi")
    assert desk.task is not None
    assert desk.task.step == "language"
    desk.taps("Kieli: suomi")


def test_a_button_of_another_step_shows_the_step_of_now() -> None:
    desk = Desk()
    desk.opens(Page.ADD)
    assert desk.opens(Page.TASK, "name", "fi") == "Kirjoita nimi, etunimi ensin."
    assert desk.opens(Page.TASK, "standing", "member") == "Kirjoita nimi, etunimi ensin."
    desk.types("Aune Esimerkki")
    desk.types("aune@posti.example")
    assert desk.opens(Page.TASK, "language", "de").startswith("Millä kielellä")
    assert desk.taps("Keskeytä").startswith("Keskeneräinen on poistettu.")
    assert desk.task is None


# Correcting


def test_a_name_is_corrected_by_typing_it() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.PERSON, MAIJA.key)
    assert desk.taps("Korjaa tietoja").endswith("Mitä korjataan?")
    assert desk.taps("Nimi") == "Kirjoita nimi niin kuin sen pitää olla."
    assert not desk.card.private, "the question names nobody"
    assert desk.types("Maija Oikea") == "Korjattu."
    assert desk.find("Maija Oikea").key == MAIJA.key
    assert desk.deeds[0] == "member_corrected"
    assert desk.task is None
    assert desk.taps("Näytä tiedot").startswith("Maija Oikea\n")


def test_a_contact_is_corrected_and_a_wrong_one_refused() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.CORRECT, MAIJA.key)
    desk.taps("Yhteystieto")
    assert "Kirjoita puhelinnumero tai sähköpostiosoite." in desk.types("soita vaan")
    assert desk.types("0401234567") == "Korjattu."
    assert desk.find("Maija Esimerkki").contact == "+358 40 123 4567"


def test_a_language_is_corrected_with_one_tap() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.CORRECT, MAIJA.key)
    assert "Kieli: englanti" in desk.taps("Kieli: englanti")
    assert desk.find("Maija Esimerkki").language == "en"


def test_a_correction_of_somebody_erased_meanwhile_says_so() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.CORRECT, MAIJA.key, "name")
    desk.erase(MAIJA.key)
    assert desk.types("Maija Oikea") == "Tätä henkilöä ei ole enää rekisterissä."
    assert desk.task is None


def test_anything_but_text_is_asked_again() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.CORRECT, MAIJA.key, "name")
    said = desk.sends()
    assert "Kirjoita nimi niin kuin sen pitää olla." in said
    assert desk.opens(Page.TASK, "name") == "Kirjoita nimi niin kuin sen pitää olla."


# Ending


def test_a_membership_ends_with_a_reason_and_the_person_hears_that_it_ended_not_why() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.PERSON, MAIJA.key)
    assert desk.taps("Päätä jäsenyys").endswith("Miksi se päättyy?")
    said = desk.taps("muutti pois alueelta")
    assert "Syy: muutti pois alueelta." in said
    assert "Hän saa botilta viestin, että se on päättynyt. Syytä ei kerrota." in said
    assert desk.find("Maija Esimerkki").standing is Standing.MEMBER, "asked, not done"
    said = desk.taps("Kyllä, päätä")
    assert said.startswith("Päätetty.\n\nMaija Esimerkki\nPäättyi keskiviikkona 27.1. (muutti")
    maija = desk.find("Maija Esimerkki")
    assert (maija.standing, maija.reason, maija.ended_on) == (
        Standing.ENDED,
        Reason.MOVED,
        TODAY,
    )
    (told,) = desk.planned.values()
    assert (told.audience.circle, told.audience.of) == (Circle.PERSON, MAIJA.key.hex())
    text = desk.text(told.cards["fi"])
    assert "Jäsenyytesi asiakasraadissa on päättynyt. Kiitos, että olit mukana." in text
    assert "Tietosi poistetaan maanantaina 26.7. kokonaan." in text
    assert "muutti" not in text
    assert desk.deeds[0] == "member_ended"


def test_nobody_writes_to_somebody_who_died() -> None:
    desk = Desk(MAIJA)
    assert "Botti ei lähetä tästä viestiä." in desk.opens(Page.END, MAIJA.key, Reason.DIED)
    desk.taps("Kyllä, päätä")
    assert desk.find("Maija Esimerkki").reason is Reason.DIED
    assert desk.planned == {}
    assert "Ota jäseneksi" not in desk.labels()


def test_nor_to_somebody_who_is_not_reached() -> None:
    for one in (PAAVO, replace(PAAVO, chat=9, gone=True)):
        desk = Desk(one)
        assert "Botti ei lähetä" in desk.opens(Page.END, one.key, Reason.OTHER)
        desk.taps("Kyllä, päätä")
        assert desk.planned == {}


def test_the_message_waits_until_people_are_awake() -> None:
    desk = Desk(MAIJA, now=NOW.replace(hour=22))
    desk.opens(Page.END_SURELY, MAIJA.key, Reason.STAFF)
    (told,) = desk.planned.values()
    assert (told.due.day, told.due.hour) == (28, 8)
    assert told.priority is Priority.REMINDER


def test_ending_somebody_s_place_on_the_reserve_list_says_so_in_their_words() -> None:
    desk = Desk(VILLE)
    desk.opens(Page.OFFER, VILLE.key)
    desk.opens(Page.END_SURELY, VILLE.key, Reason.OTHER)
    (told,) = desk.planned.values()
    assert "inte längre på kundrådets reservlista" in desk.text(told.cards["sv"])
    assert desk.find("Ville Varainen").standing is Standing.ENDED


def test_with_somebody_on_the_reserve_list_the_seat_is_offered_next() -> None:
    desk = Desk(MAIJA, VILLE)
    desk.opens(Page.END, MAIJA.key, Reason.MOVED)
    said = desk.taps("Kyllä, päätä")
    assert said == "Päätetty.\n\nPaikka on vapaana. Varasijalla on 1 henkilö."
    assert not desk.card.private
    assert desk.taps("Tarjoa paikkaa").startswith("Kenelle paikkaa tarjotaan?")
    assert desk.taps("1. Ville Varainen").startswith("Ville Varainen\nHän saa viestin")


def test_ending_twice_ends_once() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.END_SURELY, MAIJA.key, Reason.MOVED)
    desk.opens(Page.END_SURELY, MAIJA.key, Reason.OTHER)
    assert desk.find("Maija Esimerkki").reason is Reason.MOVED
    assert desk.deeds == ["member_ended"]
    assert "Päättyi" in desk.opens(Page.END, MAIJA.key)


def test_only_reasons_that_a_coordinator_gives_end_a_membership() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.END_SURELY, MAIJA.key, Reason.TERM)
    assert desk.find("Maija Esimerkki").standing is Standing.MEMBER


# Erasing


def test_a_person_is_erased_whole_in_two_taps_with_the_links_made_for_them() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.INVITE, MAIJA.key, "fi")
    assert len(desk.panel.invitations) == 1
    desk.opens(Page.PERSON, MAIJA.key)
    assert "Tietoja ei saa takaisin" in desk.taps("Poista kaikki tiedot")
    assert desk.find("Maija Esimerkki")
    assert desk.taps("Poista kaikki tiedot") == "Kaikki tiedot on poistettu."
    assert desk.panel.members == ()
    assert desk.panel.invitations == ()
    assert "Maija" not in desk.opens(Page.TRAIL)
    assert "Poisti yhden henkilön kaikki tiedot" in desk.said


# Seats


def test_a_seat_is_offered_to_a_reserve_with_a_button_to_take_it() -> None:
    desk = Desk(VILLE)
    desk.opens(Page.PERSON, VILLE.key)
    said = desk.taps("Tarjoa paikkaa")
    assert "Vastausaika päättyy keskiviikkona 3.2." in said
    assert desk.find("Ville Varainen").standing is Standing.RESERVE
    (offer,) = desk.planned.values()
    card = offer.cards["sv"]
    assert "Svara senast onsdag 3.2" in desk.text(card)
    assert [button.data for button in desk.buttons(card)] == [
        panel("sv", Page.TAKE_SEAT, VILLE.key),
        panel("sv", Page.DECLINE_SEAT, VILLE.key),
    ]
    assert desk.find("Ville Varainen").offered_until == date(2027, 2, 3)
    assert desk.deeds == ["seat_offered", "person_seen"]


def test_an_offer_may_be_answered_for_a_week() -> None:
    last = date(2027, 2, 3)
    offered = replace(VILLE, offered_until=last)
    assert seats.open_until(offered, last) == last
    assert seats.open_until(offered, date(2027, 2, 4)) is None
    assert seats.open_until(VILLE, TODAY) is None, "never offered"
    assert seats.open_until(replace(offered, standing=Standing.ENDED), TODAY) is None


def test_an_offer_that_is_open_is_shown_instead_of_made_again() -> None:
    desk = Desk(VILLE)
    desk.opens(Page.OFFER, VILLE.key)
    again = desk.opens(Page.OFFER, VILLE.key)
    assert "Paikkaa on tarjottu, ja keskiviikkona 3.2. vastausaika päättyy." in again
    assert desk.labels()[0] == "Sovittu: anna paikka"
    assert "Tarjoa paikkaa" not in desk.labels()
    assert len(desk.planned) == 1
    assert desk.deeds == ["seat_offered"]


def test_an_offer_that_ran_out_may_be_made_again() -> None:
    desk = Desk(VILLE)
    desk.opens(Page.OFFER, VILLE.key)
    desk.now += timedelta(days=8)
    assert "Paikkaa on tarjottu" not in desk.opens(Page.PERSON, VILLE.key)
    desk.taps("Tarjoa paikkaa")
    assert desk.find("Ville Varainen").offered_until == date(2027, 2, 11)
    assert len(desk.planned) == 2


def test_a_seat_declined_by_mistake_is_offered_again_on_the_same_day() -> None:
    desk = Desk(VILLE)
    desk.opens(Page.OFFER, VILLE.key)
    desk.keep(replace(desk.find("Ville Varainen"), offered_until=None))
    desk.opens(Page.OFFER, VILLE.key)
    assert len(desk.planned) == 2, "another message, whatever the day"
    assert all(one.startswith(seats.offers_to(VILLE)) for one in desk.planned), "withdrawn so"


@pytest.mark.parametrize(
    ("page", "more"), [(Page.SEAT, ""), (Page.END_SURELY, Reason.OTHER)], ids=["seated", "ended"]
)
def test_no_offer_outlives_a_seat_that_is_given_or_an_end(page: Page, more: str) -> None:
    desk = Desk(VILLE)
    desk.opens(Page.OFFER, VILLE.key)
    desk.opens(page, VILLE.key, more)
    assert desk.find("Ville Varainen").offered_until is None


def test_a_reserve_whom_messages_do_not_reach_is_called_and_seated_by_hand() -> None:
    desk = Desk(member("Paavo Puhelin", Standing.RESERVE, chat=None, contact="+358 40 000 0000"))
    said = desk.opens(Page.OFFER, PAAVO.key)
    assert "Yhteystieto: +358 40 000 0000" in said
    assert desk.planned == {}
    assert desk.deeds == []
    said = desk.taps("Sovittu: anna paikka")
    assert said.startswith("Hän on nyt raadin jäsen.")
    assert desk.find("Paavo Puhelin").standing is Standing.MEMBER
    assert desk.deeds[0] == "seat_given"


def test_whoever_gets_a_seat_hears_so_and_is_invited_to_what_is_ahead() -> None:
    over = meeting("Mennyt", start=NOW - timedelta(days=9), end=NOW - timedelta(days=9))
    desk = Desk(VILLE, meeting(), over)
    desk.opens(Page.OFFER, VILLE.key)
    desk.taps("Sovittu: anna paikka")
    ville = desk.find("Ville Varainen")
    assert (ville.first_day, ville.last_day) == (TODAY, date(2029, 1, 26))
    kinds = sorted(occasion.split(":")[0] for occasion in desk.planned)
    assert kinds == ["meeting", "seated"], "the offer is taken back, one meeting is ahead"
    seated = desk.planned[next(one for one in desk.planned if one.startswith("seated"))]
    assert "Du är nu medlem i kundrådet." in desk.text(seated.cards["sv"])
    assert "Raadin jäsen" in desk.opens(Page.SEAT, VILLE.key), "a second tap shows it"
    assert desk.deeds.count("seat_given") == 1


def test_a_membership_ended_by_mistake_is_given_back() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.END_SURELY, MAIJA.key, Reason.OTHER)
    desk.taps("Ota jäseneksi")
    maija = desk.find("Maija Esimerkki")
    assert (maija.standing, maija.reason, maija.ended_on) == (Standing.MEMBER, None, None)
    assert (maija.first_day, maija.last_day) == (MAIJA.first_day, MAIJA.last_day)
    assert not [one for one in desk.planned if one.startswith("ended")], "not told any more"


def test_no_seat_is_offered_or_given_where_none_is_vacant() -> None:
    desk = Desk(*FULL, VILLE)
    for page, about in ((Page.OFFER, ""), (Page.OFFER, VILLE.key), (Page.SEAT, VILLE.key)):
        assert "Raati on täynnä" in desk.opens(page, about)
    assert desk.planned == {}
    assert len(desk.panel.seated) == 20


def test_a_seat_is_offered_only_to_the_reserve_list() -> None:
    desk = Desk(MAIJA)
    assert "Varasijalla ei ole ketään." in desk.opens(Page.OFFER)
    assert "Raadin jäsen." in desk.opens(Page.OFFER, MAIJA.key)
    assert desk.planned == {}


# Nobody else


def test_a_member_s_button_is_not_a_coordinator_s() -> None:
    desk = Desk(MAIJA)
    desk.erase(key("Kaisa"))
    with pytest.raises(AssertionError):
        desk.step(Tapped(panel("fi", Page.REGISTER), 1))


def test_coordinators_are_not_in_the_register() -> None:
    desk = Desk(coordinator("Ville"))
    assert "Raadissa ei ole vielä ketään." in desk.opens(Page.REGISTER)

"""A broadcast that is confirmed: its card while it is sent and afterwards, pausing, cancelling,
retracting, and whom to call.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from dialogs.announcement import Circle, Stage
from dialogs.broadcasts import planning, underway
from dialogs.broadcasts.records import Correction, Life, Turn, turn
from dialogs.languages import LANGUAGES
from dialogs.panel.buttons import Page
from dialogs.panel.records import Standing
from tests.desk import HELSINKI, key, member
from tests.mend_desk import THE_27TH, THE_28TH, MendDesk, broadcast, mended, sent

if TYPE_CHECKING:
    from dialogs.screens import Card

NIGHT = datetime(2027, 1, 28, 23, 0, tzinfo=HELSINKI)
OLD = datetime(2027, 2, 3, 12, 0, tzinfo=HELSINKI)


def shown(desk: MendDesk) -> Card:
    return underway.card(desk.here, "fi", desk.it)


def says(desk: MendDesk) -> str:
    return desk.text(shown(desk)).replace("\xa0", " ")


def offers(desk: MendDesk) -> list[str]:
    """What can be done about it, besides looking at it and going back."""
    return [desk.words(one.label) for one in desk.buttons(shown(desk))][:-2]


# The card


def test_before_it_is_due_it_can_be_taken_back_and_nothing_else() -> None:
    desk = MendDesk(broadcast(due=THE_28TH + timedelta(hours=1)))
    desk.reports(text=sent(stage=Stage.PLANNED))
    assert "Lähtee torstaina 28.1. klo 17.30.\nSiihen asti voit perua lähetyksen" in says(desk)
    assert "Perillä" not in says(desk)
    assert offers(desk) == ["Peru lähetys"]
    assert shown(desk).follows == desk.it.key.hex()


def test_while_it_is_sent_one_card_says_how_far_it_is() -> None:
    desk = MendDesk(broadcast())
    desk.reports(
        text=sent(3210, waiting=1700, sending=8, uncertain=2, left=60, failed=20, stage=Stage.OPEN)
    )
    said = says(desk)
    assert "Vastaanottajat: Uutisten tilaajat" in said
    assert "Lähetys on käynnissä. Se alkoi keskiviikkona 27.1. klo 9.00." in said
    assert "Perillä: 3 210\nOdottaa: 1 710" in said
    assert "on estänyt botin: 60" in said
    assert "Telegram ei ottanut viestiä vastaan: 20" in said
    assert "Yhteensä: 5 000" in said
    assert "Aikaa menee alle minuutti." in said
    assert offers(desk) == [
        "Keskeytä lähetys",
        "Korjaa viestiä",
        "Peru loput",
        "Vedä viesti takaisin",
    ]
    assert shown(desk).follows


def test_the_minutes_left_go_by_thirty_a_second() -> None:
    desk = MendDesk(broadcast())
    for waiting, said in (
        (1799, "alle minuutti"),
        (1800, "noin 1 minuutti"),
        (1801, "noin 2 minuuttia"),
    ):
        desk.reports(text=sent(1, waiting=waiting, stage=Stage.OPEN))
        assert said in says(desk)


def test_the_quiet_hours_hold_it_back_unless_it_is_urgent() -> None:
    desk = MendDesk(broadcast(), now=NIGHT)
    desk.reports(text=sent(1, waiting=2, stage=Stage.OPEN))
    assert "hiljaiset tunnit. Viestit lähtevät perjantaina 29.1. klo 8.00." in says(desk)
    assert "Aikaa menee" not in says(desk)
    desk.put(broadcast(urgent=True))
    assert "hiljaiset" not in says(desk)


def test_afterwards_it_is_the_report_with_each_reason() -> None:
    desk = MendDesk(broadcast())
    desk.reports(text=sent(4900, left=60, failed=20, expired=15, withdrawn=5, doubled=3))
    said = says(desk)
    assert "Lähetetty keskiviikkona 27.1. klo 9.00." in said
    assert "tavoittamattomissa liian pitkään: 15" in said
    assert "viestiä ei ole hänen kielellään: 5" in said
    assert "Saattoi tulla kahdesti, koska yhteys katkesi: 3" in said
    assert "Odottaa" not in said
    assert "Aikaa" not in said
    assert offers(desk) == ["Korjaa viestiä", "Vedä viesti takaisin"]
    assert not shown(desk).follows


def test_what_was_kept_this_moment_has_no_figures_yet() -> None:
    desk = MendDesk(broadcast(due=THE_28TH))
    assert "Lähetys on käynnissä" in says(desk)
    assert offers(desk) == ["Keskeytä lähetys", "Korjaa viestiä", "Peru loput"]


def test_of_what_is_long_past_nothing_is_known_and_nothing_offered() -> None:
    desk = MendDesk(broadcast(due=THE_27TH - timedelta(days=20)))
    assert "Lähetetty torstaina 7.1." in says(desk)
    assert offers(desk) == []
    desk.put(broadcast(due=None, circle=None))
    assert "Lähetetty" in says(desk)


def test_while_it_is_paused_it_can_be_gone_on_with() -> None:
    desk = MendDesk(broadcast(life=Life.PAUSED))
    desk.reports(text=sent(2, waiting=4000, held=True, stage=Stage.OPEN))
    assert "Lähetys on tauolla." in says(desk)
    assert "Aikaa menee" not in says(desk)
    assert offers(desk) == [
        "Jatka lähetystä",
        "Korjaa viestiä",
        "Peru loput",
        "Vedä viesti takaisin",
    ]


def test_what_is_cancelled_can_still_be_corrected_where_it_was_received() -> None:
    desk = MendDesk(broadcast(life=Life.CANCELLED))
    desk.reports(text=sent(2, withdrawn=3))
    assert "Loput lähetyksestä on peruttu." in says(desk)
    assert "lähetys peruttiin sitä ennen: 3" in says(desk)
    assert offers(desk) == ["Korjaa viestiä", "Vedä viesti takaisin"]
    desk.reports(text=sent(withdrawn=5))
    assert offers(desk) == []


def test_of_a_retracted_one_nothing_is_left_to_do() -> None:
    desk = MendDesk(broadcast(life=Life.RETRACTED))
    done = mended(deleted=7, edited=2, failed=1, not_yet=4)
    desk.reports(text=sent(14, mended=done), notice_0=sent(3))
    said = says(desk)
    assert "Tiedote on vedetty takaisin." in said
    assert "Takaisin vetäminen\nPoistettu: 7" in said
    assert "Tilalla rivi, että viesti on vedetty takaisin: 2" in said
    assert "Vielä poistamatta: 4" in said
    assert "Ei voitu poistaa: viesti on jo poistettu tai botti estetty: 1" in said
    assert "Uusi viesti" not in said
    assert offers(desk) == []
    assert shown(desk).follows


def test_how_a_correction_and_its_news_go() -> None:
    correction = Correction(THE_28TH.date(), "Kaisa", ("fi", "sv"), notice=True)
    desk = MendDesk(broadcast(corrections=(correction,)))
    desk.reports(
        text=sent(10, mended=mended(edited=6, failed=1, not_yet=3)),
        notice_1=sent(2, waiting=5, withdrawn=3, stage=Stage.OPEN),
    )
    said = says(desk)
    assert "Korjattu 28.1. (suomeksi, ruotsiksi)" in said
    assert "Korjaus perille tulleissa viesteissä\nKorjattu: 6\nKorjataan vielä: 3" in said
    assert "Ei voitu korjata: viesti on poistettu tai botti estetty: 1" in said
    assert "Uusi viesti korjauksesta\nPerillä: 2\nOdottaa: 5\nAikaa menee" in said
    assert shown(desk).follows
    desk.reports(text=sent(10, mended=mended(edited=10)), notice_1=sent(7))
    assert not shown(desk).follows
    desk.reports(text=sent(10, mended=mended(edited=10)), notice_1=sent())
    assert "Uusi viesti" not in says(desk)


def test_news_that_wait_for_the_morning_say_so() -> None:
    correction = Correction(THE_28TH.date(), "Kaisa", ("fi",), notice=True)
    desk = MendDesk(broadcast(corrections=(correction,)), now=NIGHT)
    desk.reports(text=sent(2), notice_1=sent(stage=Stage.PLANNED))
    assert "Uusi viesti korjauksesta\nNyt on hiljaiset tunnit." in says(desk)
    desk.now = THE_28TH
    assert "Uusi viesti" not in says(desk)
    desk.put(broadcast(corrections=(replace(correction, notice=False),)))
    desk.now = NIGHT
    assert "Uusi viesti" not in says(desk)


def test_a_followed_card_of_what_was_taken_back_leads_to_the_draft() -> None:
    desk = MendDesk(broadcast(life=Life.DRAFT, circle=None))
    assert "otettu takaisin luonnokseksi" in says(desk)
    assert not shown(desk).follows
    assert [desk.words(one.label) for one in desk.buttons(shown(desk))] == [
        "Avaa luonnos",
        "Takaisin",
    ]


# Pausing, going on, cancelling the rest


def under_way(**more: object) -> MendDesk:
    desk = MendDesk(broadcast(**more))
    desk.reports(text=sent(3, waiting=5, stage=Stage.OPEN))
    desk.opens(Page.BROADCAST, desk.it.key)
    return desk


def test_it_is_paused_and_gone_on_with() -> None:
    desk = under_way()
    assert "Lähetys on keskeytetty." in desk.taps("Keskeytä lähetys")
    assert desk.changes[-1].keep[0] == replace(desk.it, revision=1, life=Life.PAUSED)
    assert desk.changes[-1].hold == (planning.occasion(desk.it),)
    assert desk.card.follows
    assert "Lähetys jatkuu." in desk.taps("Jatka lähetystä")
    assert desk.it.life is Life.CONFIRMED
    assert desk.changes[-1].go_on == (planning.occasion(desk.it),)
    assert desk.deeds == ["broadcast_resumed", "broadcast_paused"]


def test_what_is_left_is_cancelled_after_a_question() -> None:
    desk = under_way()
    asked = desk.taps("Peru loput")
    assert "3 henkilöä on jo saanut viestin.\n5 henkilöä odottaa vielä eikä saa sitä." in asked
    assert not desk.changes
    assert "Loput on peruttu." in desk.taps("Peru loput")
    assert desk.it.life is Life.CANCELLED
    assert desk.changes[-1].withdraw == (planning.occasion(desk.it),)
    assert desk.deeds == ["broadcast_cancelled"]


@pytest.mark.parametrize("page", [Page.PAUSE, Page.RESUME, Page.STOP, Page.RETRACT, Page.MEND])
def test_what_its_life_does_not_allow_shows_the_card_of_now(page: Page) -> None:
    desk = under_way(life=Life.RETRACTED)
    assert "Tiedote on vedetty takaisin." in desk.opens(page, desk.it.key)
    assert desk.toasts
    assert not desk.changes


TURNS = {
    Turn.PAUSED: (Page.PAUSE, ""),
    Turn.WENT_ON: (Page.RESUME, ""),
    Turn.CANCELLED: (Page.STOP, "surely"),
    Turn.RETRACTED: (Page.RETRACT, "surely"),
}


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("happened", TURNS)
def test_each_button_does_what_the_table_says_and_nothing_else(life: Life, happened: Turn) -> None:
    desk = MendDesk(broadcast(life=life))
    desk.reports(text=sent(3, waiting=5, stage=Stage.OPEN))
    page, more = TURNS[happened]
    desk.opens(page, desk.it.key, more)
    after = turn(life, happened)
    assert desk.it.life is (after or life)
    assert bool(desk.changes) is (after is not None)


def test_when_everybody_has_it_there_is_nothing_to_cancel() -> None:
    desk = under_way()
    desk.reports(text=sent(8))
    assert "Perutaanko" not in desk.opens(Page.STOP, desk.it.key, "surely")
    assert not desk.changes


@pytest.mark.parametrize(
    "page", [Page.PAUSE, Page.RESUME, Page.STOP, Page.RETRACT, Page.MEND, Page.MISSED]
)
def test_an_old_button_of_what_is_no_more(page: Page) -> None:
    desk = under_way()
    assert "Tätä tiedotetta ei enää ole." in desk.opens(page, key("toinen"))


# Retracting


def test_it_is_retracted_after_a_question() -> None:
    desk = under_way()
    asked = desk.taps("Vedä viesti takaisin")
    assert "3 henkilöä on jo saanut viestin.\n5 henkilöä odottaa vielä" in asked
    assert "Viesti poistetaan puhelimista." in asked
    assert "Viestiä vedetään takaisin." in desk.taps("Vedä takaisin")
    assert desk.it.life is Life.RETRACTED
    (one,) = desk.changes[-1].retract
    assert one.occasion == planning.occasion(desk.it)
    assert one.retracts
    assert set(one.cards) == set(LANGUAGES)
    assert [desk.reads(one.cards[language]) for language in LANGUAGES] == [
        "Tämä viesti on vedetty takaisin. Se ei ole enää voimassa.\n[En halua näitä viestejä]",
        "Det här meddelandet har dragits tillbaka. Det gäller inte längre.\n"
        "[Jag vill inte ha de här meddelandena]",
        "This message has been withdrawn. It no longer applies.\n[Stop these messages]",
    ]
    assert desk.deeds == ["broadcast_retracted"]


def test_after_two_days_a_line_takes_its_place_and_that_is_said() -> None:
    desk = MendDesk(broadcast(), now=OLD)
    desk.reports(text=sent())
    asked = desk.opens(Page.RETRACT, desk.it.key)
    assert "yli kaksi vuorokautta vanha" in asked
    assert "Kukaan ei ole vielä saanut viestiä." in asked
    assert "odottaa" not in asked
    assert "Aikaa" not in asked


def test_the_news_of_its_corrections_are_retracted_too() -> None:
    correction = Correction(THE_28TH.date(), "Kaisa", ("fi",), notice=True)
    desk = under_way(corrections=(correction, correction), circle=Circle.MEMBERS)
    desk.reports(notice_2=sent(3))
    desk.taps("Vedä viesti takaisin")
    desk.taps("Vedä takaisin")
    text, news = desk.changes[-1].retract
    assert news.occasion == planning.occasion(desk.it, "notice-2")
    assert not text.cards["fi"].rows


# Whom to call

MAIJA = member("Maija Esimerkki", chat=11)
NILS = member("Nils Exempel", chat=12, language="sv")
PAAVO = member("Paavo Puhelin", chat=None, contact="040 000 0000")
VARPU = member("Varpu Varalla", Standing.RESERVE, chat=None)


def test_members_whom_it_does_not_reach_are_called() -> None:
    desk = MendDesk(MAIJA, NILS, PAAVO, VARPU, broadcast(circle=Circle.MEMBERS))
    desk.reports(text=sent(1, left=1, missed=(NILS.key,)))
    assert "2 henkilöä viesti ei tavoita. Heille soitetaan." in says(desk)
    desk.opens(Page.BROADCAST, desk.it.key)
    people = desk.taps("Kenelle soitetaan")
    assert "Nils Exempel, nils@posti.example" in people
    assert "Paavo Puhelin, 040 000 0000, ei Telegramia" in people
    assert "Maija" not in people
    assert "Varpu" not in people
    assert desk.card.private
    assert desk.deeds == ["register_seen"]


def test_who_missed_the_news_of_a_correction_is_called_as_well() -> None:
    correction = Correction(THE_28TH.date(), "Kaisa", ("fi",), notice=True)
    desk = MendDesk(MAIJA, broadcast(circle=Circle.MEMBERS, corrections=(correction,)))
    desk.reports(text=sent(1), notice_1=sent(left=1, missed=(MAIJA.key,)))
    assert "1 henkilöä viesti ei tavoita. Hänelle soitetaan." in says(desk)


def test_the_reserve_list_is_called_a_page_at_a_time() -> None:
    many = [
        member(f"Ville Vara{number:02}", Standing.RESERVE, chat=None, contact=f"0400 {number:03}")
        for number in range(25)
    ]
    desk = MendDesk(*many, broadcast(circle=Circle.RESERVE))
    desk.reports(text=sent())
    first = desk.opens(Page.MISSED, desk.it.key)
    assert first.count("Ville") == underway.EACH
    assert desk.taps("Seuraava sivu").count("Ville") == 5
    assert desk.taps("Edellinen sivu") == first


def test_nobody_else_is_called() -> None:
    desk = MendDesk(MAIJA, broadcast())
    desk.reports(text=sent(1, left=1))
    assert "Kenelle soitetaan" not in offers(desk)
    assert "Kenellekään ei tarvitse soittaa." in desk.opens(Page.MISSED, desk.it.key)


def test_the_trail_says_who_did_it() -> None:
    desk = under_way()
    desk.taps("Keskeytä lähetys")
    desk.taps("Jatka lähetystä")
    desk.taps("Peru loput")
    desk.taps("Peru loput")
    desk.taps("Vedä viesti takaisin")
    desk.taps("Vedä takaisin")
    said = desk.opens(Page.TRAIL)
    for line in (
        "Keskeytti tiedotteen lähetyksen: Kysely on auki. Vastaa 8.2…",
        "Jatkoi tiedotteen lähetystä: Kysely",
        "Perui tiedotteen lähetyksen loput: Kysely",
        "Veti tiedotteen takaisin: Kysely",
    ):
        assert line in said

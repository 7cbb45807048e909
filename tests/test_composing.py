"""Writing a broadcast: to whom, in which words, with what, and when; nothing is lost, and nothing
goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dialogs.announcement import Audience, Circle, Reach, Report, Stage, State
from dialogs.broadcasts import audiences, draft, names, planning, timing
from dialogs.broadcasts.records import Broadcast, Life, Occasion, Pointer, Ready, Target, Wording
from dialogs.events import Matter, Typed
from dialogs.life import Running
from dialogs.life import State as Surveys
from dialogs.panel.buttons import Page, short
from dialogs.panel.records import Panel, Task
from dialogs.screens import Mark, Own, Say, Style
from tests.chat import library
from tests.desk import HELSINKI, KAISA, NOW, RENDERER, key
from tests.writing_desk import (
    LINK,
    OLLI,
    REACH,
    SAFETY,
    SUBSCRIBERS,
    TEXTS,
    WritingDesk,
    broadcast,
    pointer,
)

BOLD = (Mark(Style.BOLD, 0, 6),)


def at_words(*kept: object, audience: str = "Uutisten tilaajat") -> WritingDesk:
    desk = WritingDesk(*kept)  # type: ignore[arg-type]
    desk.begins(audience)
    return desk


def drafted(**of: Any) -> WritingDesk:
    """At the draft's card, in the midst of nothing."""
    desk = WritingDesk(broadcast(**of))
    desk.opens(Page.BROADCAST, key("Tiedote"))
    return desk


# To whom


def test_every_audience_stands_there_with_its_exact_number() -> None:
    desk = WritingDesk()
    desk.opens(Page.WRITE)
    assert desk.labels() == [
        "Uutisten tilaajat: 3\xa0210",
        "Raadin jäsenet: 19",
        "Varasijalla olevat: 0",
        f"Hakijat ({library('application').title['fi']}): 41",
        "Keskeytä",
    ]
    assert "Mitään ei lähde vielä." in desk.said
    assert not desk.panel.broadcasts, "nothing is kept before something is told"


def test_the_draft_says_to_whom_to_how_many_and_how_long_it_takes() -> None:
    assert (
        "Vastaanottajat: Uutisten tilaajat\n"
        "Viestin saa 3\xa0210 henkilöä: suomeksi 3\xa0000, ruotsiksi 150, englanniksi 60\n"
        "Lähetys kestää noin 2 minuuttia.\n"
        "Lisäksi 12 henkilöä on estänyt palvelun, eikä viesti tavoita heitä.\n"
    ) in drafted().said
    members = drafted(circle=Circle.MEMBERS).said
    assert "suomeksi 17, ruotsiksi 2\nLähetys kestää alle minuutin.\n" in members
    assert "1 henkilöä ei tavoiteta Telegramissa: hänelle pitää soittaa." in members
    nobody = drafted(circle=Circle.RESERVE).said
    assert "Vastaanottajat: Varasijalla olevat\n\n" in nobody
    assert "Valitse toiset vastaanottajat: näissä ei ole nyt ketään." in nobody
    call = drafted(circle=Circle.APPLICANTS, of="application").said
    assert f"Hakijat ({library('application').title['fi']})" in call
    gone = drafted(circle=Circle.APPLICANTS, of="aiempi").said
    assert "Hakijat (aiempi)" in gone
    assert "Vastaanottajia ei ole vielä valittu." in drafted(circle=None).said


@pytest.mark.parametrize(
    ("people", "minutes"), [(1, 0), (1799, 0), (1800, 1), (1801, 2), (5000, 3), (5400, 3)]
)
def test_thirty_go_out_in_a_second(people: int, minutes: int) -> None:
    said = audiences.duration(people)
    expected = Say("compose.minutes", count=minutes) if minutes else Say("compose.under_a_minute")
    assert said == expected


def test_another_audience_can_be_chosen_and_is_marked() -> None:
    desk = drafted()
    desk.taps("Vastaanottajat")
    assert [one.chosen for one in desk.buttons(desk.card)] == [True, False, False, False, False]
    said = desk.taps("Hakijat")
    assert (desk.draft.circle, desk.draft.of) == (Circle.APPLICANTS, "application")
    assert said.startswith("Tiedotteen luonnos")


def test_an_audience_that_is_not_offered_changes_nothing() -> None:
    desk = WritingDesk()
    desk.opens(Page.WRITE)
    desk.taps_step("COORDINATORS")
    desk.taps_step("hub")
    assert not desk.panel.broadcasts


# In which words


def test_a_language_after_the_other_is_asked_that_somebody_reads() -> None:
    desk = at_words()
    assert desk.said.startswith("Kirjoita viesti suomeksi.")
    said = desk.writes(TEXTS["fi"])
    assert said.startswith("Suomeksi: teksti on tallessa.\n\nKirjoita viesti ruotsiksi.")
    assert desk.writes(TEXTS["sv"]).startswith("Ruotsiksi: teksti on tallessa.")
    assert desk.writes(TEXTS["en"]).startswith("Englanniksi: teksti on tallessa.\n\nTiedotteen")
    assert {one: words.text for one, words in desk.draft.wordings.items()} == TEXTS
    assert desk.draft.author == KAISA.key
    assert (
        at_words(audience="Hakijat").writes("Hei").startswith("Suomeksi: teksti on tallessa.\n\nT")
    )
    assert at_words(audience="Varasijalla").said.startswith("Kirjoita viesti suomeksi.")


def test_bold_and_italics_and_links_are_kept_as_they_were_written() -> None:
    desk = at_words()
    desk.writes("Kysely on auki", BOLD)
    assert desk.draft.wordings["fi"] == Wording("Kysely on auki", BOLD)


def test_a_slip_is_pointed_out_as_soon_as_it_is_written() -> None:
    said = at_words().writes("Tule torstaina 19.3. osoitteeseen www.hyvaks.example")
    assert "kalenterin mukaan perjantaina 19.3. on oikein" in said
    assert "osoite www.hyvaks.example ei ala https://" in said
    assert "Kirjoita viesti ruotsiksi." in said


def test_a_picture_or_a_file_may_come_along_with_the_text_below() -> None:
    desk = at_words()
    desk.sends_picture("Kuvassa on juliste", BOLD)
    assert desk.draft.wordings["fi"] == Wording("Kuvassa on juliste", BOLD, picture="a picture")
    desk.sends_file("ohje.pdf")
    assert desk.draft.wordings["sv"] == Wording("", (), "id of ohje.pdf", "ohje.pdf")
    desk.taps("Takaisin luonnokseen")
    assert "Ruotsiksi: viestissä ei ole tekstiä. Ruudunlukija ei kerro" in desk.said
    desk.taps("Muuta ruotsinkielistä")
    assert "Nyt: Kuva tai tiedosto ilman tekstiä" in desk.said


@pytest.mark.parametrize(
    ("matter", "why"),
    [
        (Matter.VOICE, "Ääniviestiä ei voi lähettää"),
        (Matter.STICKER, "Tarraa ei voi lähettää"),
        (Matter.FORWARD, "Välitettyä viestiä ei voi lähettää"),
        (Matter.PICTURE, "Tätä ei voi lähettää tiedotteena."),  # a video
        (Matter.OTHER, "Tätä ei voi lähettää tiedotteena."),
    ],
)
def test_what_can_not_be_sent_on_is_refused_in_a_sentence(matter: Matter, why: str) -> None:
    desk = at_words()
    said = desk.sends_matter(matter)
    assert said.startswith(why)
    assert "Kirjoita viesti suomeksi." in said
    assert not desk.draft.wordings


def test_what_is_too_long_is_refused_with_the_rest_that_the_phone_splits_off() -> None:
    desk = at_words()
    said = desk.writes("a" * 4096)
    assert said.startswith(
        "Teksti on liian pitkä, 4\xa0096 merkkiä. Yhteen viestiin mahtuu 4\xa0000."
    )
    assert desk.writes("b" * 4096, seconds=1).startswith("Tämä on liian pitkän tekstin loppuosa")
    assert desk.writes("loppu", seconds=1).startswith("Tämä on liian pitkän tekstin loppuosa")
    assert not desk.draft.wordings
    assert desk.writes("lyhyt", seconds=10).startswith("Suomeksi: teksti on tallessa.")
    assert desk.sends_picture("a" * 951).startswith("Teksti on liian pitkä, 951 merkkiä. Kuvan")
    assert desk.writes("ny text", seconds=1).startswith("Ruotsiksi: teksti on tallessa.")


def test_what_is_delivered_twice_is_taken_once() -> None:
    desk = at_words()
    desk.writes(TEXTS["fi"])
    said = desk.types_again(TEXTS["fi"])
    assert said.startswith("Kirjoita viesti ruotsiksi.")
    assert list(desk.draft.wordings) == ["fi"]


def test_editing_the_message_changes_the_words_that_were_written_in_it() -> None:
    desk = at_words()
    desk.writes("Kysely on aki")
    first = desk.typed_in("fi")
    desk.writes(TEXTS["sv"])
    said = desk.changes_message(first, "Kysely on auki", BOLD)
    assert said.startswith("Suomeksi: muutoksesi on tallessa.\n\nKirjoita viesti englanniksi.")
    assert desk.draft.wordings["fi"] == Wording("Kysely on auki", BOLD)
    assert desk.draft.wordings["sv"].text == TEXTS["sv"]
    desk.writes(TEXTS["en"])
    assert desk.changes_message(first, "Uusi").startswith(
        "Suomeksi: muutoksesi on tallessa.\n\nTied"
    )
    assert desk.changes_message(first, "a" * 4001).startswith("Teksti on liian pitkä")
    assert desk.changes_message(9, "Muu").startswith("Tuo muutos ei koske tiedotetta.")
    assert desk.draft.wordings["fi"].text == "Uusi"


def test_an_edit_below_a_picture_keeps_the_picture() -> None:
    desk = at_words()
    desk.sends_picture("Vanha")
    said = desk.changes_message(desk.typed_in("fi"), "Uusi")
    assert said.startswith("Suomeksi: tekstin muutos on tallessa. Kuva tai tiedosto on ennallaan")
    assert desk.draft.wordings["fi"] == Wording("Uusi", picture="a picture")


def test_an_edit_of_a_text_that_was_removed_changes_nothing() -> None:
    desk = at_words()
    desk.writes(TEXTS["fi"])
    message = desk.typed_in("fi")
    desk.taps("Takaisin luonnokseen")
    desk.taps("Muuta suomenkielistä")
    assert desk.said.endswith("Nyt: Kysely on nyt auki. Vastaa…")
    said = desk.taps("Poista tämä kieli")
    assert "Viestiä ei ole vielä kirjoitettu." in said
    assert desk.changes_message(message, "Uusi").startswith("Tuo muutos ei koske tiedotetta.")
    assert desk.taps_step("remove").startswith("Tiedotteen luonnos"), "and no more to remove"
    assert desk.draft.wordings == {}


def test_before_its_audience_is_told_nothing_is_taken() -> None:
    desk = WritingDesk()
    desk.opens(Page.WRITE)
    said = desk.writes("Kysely on auki")
    assert said.startswith("En tallentanut tätä.")
    assert "Kenelle tiedote lähetetään?" in said
    assert desk.changes_message(1, "Kysely").startswith("Tuo muutos ei koske tiedotetta.")
    assert desk.sends_matter(Matter.VOICE).startswith("En tallentanut tätä.")


def test_at_the_draft_nothing_typed_is_taken_for_a_language() -> None:
    desk = at_words()
    desk.writes_all()
    said = desk.writes("Vielä yksi asia")
    assert said.startswith("En tallentanut tätä. Valitse alta")
    assert desk.draft.wordings["en"].text == TEXTS["en"]
    desk.taps("Muuta englanninkielistä")
    desk.opens(Page.BROADCAST, desk.draft.key)
    assert desk.writes("Vielä toinen").startswith("En tallentanut tätä."), "the draft was shown"


def test_own_words_take_the_place_of_ready_ones_in_every_language() -> None:
    ready = Ready(Occasion.OPENED, "safety", date(2027, 2, 28))
    desk = drafted(wordings={}, ready=ready)
    assert "Viestissä on valmiit sanat kaikilla kielillä." in desk.said
    said = desk.taps("Kirjoita ruotsiksi")
    assert "Jos kirjoitat oman tekstin, valmiit sanat jäävät pois" in said
    assert desk.writes("Enkäten är öppen").startswith("Ruotsiksi: teksti on tallessa.\n\nKirjoita")
    assert desk.draft.ready is None
    assert list(desk.draft.wordings) == ["sv"]
    other = drafted(wordings={}, ready=ready)
    other.taps("Vastaanottajat")
    assert other.taps("Raadin jäsenet").startswith("Tiedotteen luonnos"), "nothing is missing"


def test_ready_words_name_the_last_day_as_it_is_now() -> None:
    desk = drafted(wordings={}, ready=Ready(Occasion.OPENED, "safety", date(2027, 2, 14)))
    assert "Valmiissa sanoissa ei ole kyselyn nykyinen viimeinen päivä." in desk.said
    assert "Lähetä testi itselleni" not in desk.labels()
    said = desk.taps("Päivitä päivä")
    assert "viimeinen päivä" not in said
    assert desk.draft.ready == Ready(Occasion.OPENED, "safety", SAFETY.closes)
    assert "Lähetä testi itselleni" in desk.labels()
    desk.taps_old(Page.WRITE, desk.draft.key, "renew")
    assert desk.draft.ready == Ready(Occasion.OPENED, "safety", SAFETY.closes)


# With what


def test_a_button_leads_where_one_of_the_bot_s_links_leads() -> None:
    desk = WritingDesk(broadcast(), pointer(), pointer("Aiempi", made_on=None))
    desk.opens(Page.BROADCAST, desk.draft.key)
    said = desk.taps("Painike")
    assert said.startswith("Mihin viestin alla oleva painike vie?")
    title = SAFETY.form.title["fi"]
    assert desk.labels() == [
        "Ei painiketta",
        f"Uusi painike: {title}",
        "Kannanotto",
        "Aiempi",
        "Palvelun omat linkit",
        "Takaisin luonnokseen",
    ]
    said = desk.taps("Kannanotto")
    assert "Viestin alla on painike: Kannanotto" in said
    assert desk.draft.pointer == pointer().key
    desk.taps("Painike")
    desk.taps("Ei painiketta")
    assert desk.draft.pointer is None


def test_a_link_to_an_open_survey_is_made_right_there() -> None:
    desk = drafted()
    desk.taps("Painike")
    said = desk.taps("Uusi painike")
    (made,) = desk.panel.pointers
    assert (made.target, made.to, made.made_on) == (Target.SURVEY, "safety", desk.now.date())
    assert desk.draft.pointer == made.key
    assert desk.last_deed.what == "link_made"
    assert f"Viestin alla on painike: {SAFETY.form.title['fi']}" in said
    desk.taps("Painike")
    assert not [one for one in desk.labels() if one.startswith("Uusi painike")], "there is one"


def test_many_links_come_a_page_at_a_time() -> None:
    many = [pointer(f"Sivu {number:02}") for number in range(15)]
    desk = WritingDesk(broadcast(), *many)
    desk.opens(Page.BROADCAST, desk.draft.key)
    desk.taps("Painike")
    assert len(desk.labels()) == 1 + 6 + 1 + 2
    seen = desk.labels()[1:7]
    desk.taps("Seuraava")
    seen += desk.labels()[1:7]
    assert len(desk.labels()) == 1 + 6 + 2 + 2
    desk.taps("Seuraava")
    seen += desk.labels()[1:5]
    assert len({*seen}) == 16
    desk.taps("Edellinen")
    desk.taps_step("FROM-99")
    assert desk.draft.pointer is None
    desk.taps_step("FROM-x")
    desk.taps("Sivu")
    assert desk.draft.pointer is not None


def test_a_link_that_is_gone_leads_nowhere() -> None:
    desk = WritingDesk(broadcast(), pointer())
    desk.opens(Page.BROADCAST, desk.draft.key)
    desk.taps("Painike")
    desk.taps_step(f"LINK-{short(key('Muu'))}")
    assert desk.draft.pointer is None


# When


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("28.1. klo 9", "2027-01-28 09:00"),
        ("28.1. 9.00", "2027-01-28 09:00"),
        ("torstaina 28.1.2027 klo 9.30.", "2027-01-28 09:30"),
        ("28.1. kello 10", "2027-01-28 10:00"),
        ("torsdag 28 januari kl. 9", "2027-01-28 09:00"),
        ("Thursday 28 January, 9:00", "2027-01-28 09:00"),
        ("Thu 28th January at 9:15", "2027-01-28 09:15"),
        ("Huomenna klo 10", "2027-01-28 10:00"),
        ("i morgon kl 9", "2027-01-28 09:00"),
        ("tomorrow 9.00", "2027-01-28 09:00"),
        ("ylihuomenna 9", "2027-01-29 09:00"),
        ("tänään klo 17", "2027-01-27 17:00"),
        ("klo 18", "2027-01-27 18:00"),
        ("18.30", "2027-01-27 18:30"),
        ("31.10. klo 3.30", "2027-10-31 03:30"),  # comes twice: the first
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, meant: str) -> None:
    expected = datetime.fromisoformat(meant).replace(tzinfo=HELSINKI)
    assert timing.read(WritingDesk().here, typed) == expected


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ("", "compose.expected_time"),
        ("28.1.", "compose.expected_time"),
        ("10.12", "compose.expected_time"),  # a day, or a time?
        ("ensi viikolla", "compose.expected_time"),
        ("klo 25", "compose.expected_time"),
        ("28.1. klo 9 tai 10", "compose.expected_time"),
        ("31.2. klo 9", "compose.expected_time"),
        ("perjantaina 28.1. klo 9", "compose.weekday_slip"),
        ("26.1. klo 9", "compose.day_is_past"),
        ("klo 9", "compose.time_is_past"),
        ("28.3.2027 klo 3.30", "compose.no_such_time"),
    ],
)
def test_what_is_no_time_ahead_is_refused_and_said_how(typed: str, phrase: str) -> None:
    said = timing.read(WritingDesk().here, typed)
    assert isinstance(said, Say)
    assert said.phrase == phrase


def test_a_moment_needs_a_time_zone() -> None:
    naive = replace(WritingDesk().here, now=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        timing.at(naive, NOW.date(), NOW.time())


def test_a_time_is_typed_or_tapped_and_shown_as_it_will_be() -> None:
    desk = drafted()
    said = desk.taps("Lähetysaika")
    assert said.startswith("Milloin tiedote lähtee?")
    assert desk.labels()[:2] == ["Heti, kun se on vahvistettu", "torstaina 28.1. klo 9.00"]
    assert desk.writes("eilen").startswith("Kirjoita päivä ja kellonaika näin: 19.3. klo 9.00.")
    assert "Lähtee perjantaina 29.1. klo 10.00." in desk.writes("29.1. klo 10")
    desk.taps("Lähetysaika")
    assert "Lähtee torstaina 28.1. klo 9.00." in desk.taps("torstaina 28.1. klo 9.00")
    assert desk.draft.at == datetime(2027, 1, 28, 9, 0, tzinfo=HELSINKI)
    desk.taps("Lähetysaika")
    assert "Lähtee heti, kun lähetys on vahvistettu." in desk.taps("Heti")
    desk.taps("Lähetysaika")
    assert desk.taps_step("2027-01-27").startswith("Milloin"), "no more offered"
    assert desk.sends_matter(Matter.VOICE).startswith("En tallentanut tätä.")


def test_what_would_fall_into_the_night_is_said_before() -> None:
    late = drafted(at=datetime(2027, 1, 27, 22, 0, tzinfo=HELSINKI)).said
    assert "Valitsit ajan keskiviikkona 27.1. klo 22.00, mutta silloin ketään ei häiritä." in late
    assert "Lähtee torstaina 28.1. klo 8.00." in late
    just = drafted(at=datetime(2027, 1, 27, 20, 59, tzinfo=HELSINKI)).said
    assert "Lähtee keskiviikkona 27.1. klo 20.59.\nKaikki eivät ehdi saada sitä ennen yötä." in just
    assert "Loput lähtevät torstaina 28.1. klo 8.00." in just
    now = WritingDesk(broadcast(), now=datetime(2027, 1, 27, 23, 0, tzinfo=HELSINKI))
    said = now.opens(Page.BROADCAST, key("Tiedote"))
    assert "Tähän aikaan ketään ei häiritä. Lähtee torstaina 28.1. klo 8.00." in said


def test_an_urgent_one_goes_out_at_night_without_sound() -> None:
    desk = drafted(at=datetime(2027, 1, 27, 22, 0, tzinfo=HELSINKI))
    said = desk.taps("Kiireelliseksi")
    assert said.startswith("Merkitsin tiedotteen kiireelliseksi.")
    assert "Lähtee keskiviikkona 27.1. klo 22.00.\nKiireellinen: lähtee myös yöllä" in said
    desk.taps_old(Page.WRITE, desk.draft.key, "urgent")
    assert desk.draft.urgent, "tapped twice it is the same"
    assert desk.taps("Ei kiireellinen").startswith("Tiedote ei ole enää kiireellinen.")
    assert not desk.draft.urgent


def test_a_time_that_has_passed_must_be_chosen_anew() -> None:
    desk = drafted(at=NOW - timedelta(minutes=1))
    assert "Valittu lähetysaika on jo mennyt (keskiviikkona 27.1. klo 11.59)." in desk.said
    assert "Valitse uusi lähetysaika." in desk.said
    assert "Lähtee" not in desk.said


# The draft's card


def test_what_is_missing_stands_there_and_what_is_not_possible_has_no_button() -> None:
    desk = drafted(circle=None, wordings={})
    assert desk.said.endswith(
        "Ennen lähettämistä puuttuu vielä:\nValitse vastaanottajat.\nKirjoita viesti.\n"
        "Lähetä testi itsellesi."
    )
    assert desk.labels() == [
        "Kirjoita suomeksi",
        "Kirjoita ruotsiksi",
        "Kirjoita englanniksi",
        "Vastaanottajat",
        "Painike",
        "Lähetysaika",
        "Kiireelliseksi",
        "Poista luonnos",
        "Takaisin",
    ]
    slip = drafted(wordings={**broadcast().wordings, "fi": Wording("www.hyvaks.example")})
    assert "Korjaa yllä mainitut kohdat." in slip.said
    assert "Lähetä testi itselleni" not in slip.labels()


def test_the_message_is_shown_as_it_is_received_in_each_language() -> None:
    desk = drafted(wordings={"fi": Wording("Suomeksi", BOLD), "sv": Wording("På svenska")})
    desk.taps("Katso, miltä näyttää")
    *_, message, below = [desk.cards[one] for one in sorted(desk.cards)]
    assert message == planning.cards(desk.here, desk.draft)["fi"]
    assert desk.text(below).endswith("Sitä ei ole lähetetty kenellekään.")
    assert desk.labels() == ["Ruotsiksi", "Takaisin"]
    desk.taps("Ruotsiksi")
    assert desk.text(desk.cards[max(desk.cards) - 1]) == "På svenska"
    assert desk.taps("Takaisin").startswith("Tiedotteen luonnos")
    desk.taps_old(Page.BROADCAST, desk.draft.key, "see_en")
    assert desk.said.startswith("Tiedotteen luonnos"), "it is not written"
    alone = drafted(wordings={"sv": Wording("På svenska")}, circle=Circle.MEMBERS)
    alone.taps("Katso, miltä näyttää")
    assert alone.labels() == ["Takaisin"]


def test_a_draft_survives_whatever_happens_meanwhile() -> None:
    desk = at_words()
    desk.writes(TEXTS["fi"])
    task = desk.task
    desk.task = None  # the chat forgot what it asked, or was asked something else
    desk.opens(Page.BROADCASTS)
    said = desk.taps("Luonnos: Kysely on nyt auki. Vastaa…, 27.1.")
    assert "Kirjoitettu suomeksi." in said
    desk.task = task
    assert desk.opens(Page.GO_ON).startswith("Kirjoita viesti ruotsiksi.")


def test_another_task_is_not_lost_by_a_tap() -> None:
    desk = WritingDesk(broadcast())
    desk.opens(Page.CALL)
    assert desk.opens(Page.WRITE).startswith("Sinulla on kutsu kesken.")
    assert desk.opens(Page.WRITE, key("Tiedote"), "words_fi").startswith("Sinulla on kutsu kesken.")
    assert desk.taps("Hylkää se").startswith("Tiedotteen luonnos")
    desk.task = Task("adding", "name")
    assert desk.opens(Page.BROADCAST, key("Tiedote")).startswith("Tiedotteen luonnos")
    assert desk.task is not None
    assert desk.task.kind == "adding", "looking at a draft ends nothing"


# Discarding


def test_discarding_asks_first() -> None:
    desk = drafted()
    assert desk.taps("Poista luonnos").startswith("Poistetaanko luonnos?")
    assert desk.panel.broadcasts
    assert desk.taps("Kyllä, poista luonnos") == "Luonnos on poistettu."
    assert not desk.panel.broadcasts
    assert desk.last_deed.what == "broadcast_discarded"
    said = desk.taps_old(Page.WRITE, key("Tiedote"), "surely")
    assert said == "Tiedotteet\nYhtään tiedotetta ei ole vielä tehty."


def test_what_is_typed_for_a_draft_that_is_gone_is_not_taken() -> None:
    desk = at_words()
    desk.erase(desk.draft.key)
    assert desk.opens(Page.GO_ON).startswith("Tätä luonnosta et voi enää muuttaa.")
    assert desk.taps_step("hub").startswith("Tätä luonnosta et voi enää muuttaa.")
    assert desk.task is None
    other = at_words()
    other.task = replace(other.task, card=None) if other.task else None
    other.erase(other.draft.key)
    other.step(Typed("Hei", 99, other.now))
    assert other.said.startswith("Tätä luonnosta et voi enää muuttaa.")
    assert other.labels() == ["Tiedotteet"]
    assert other.task is None
    assert not other.panel.broadcasts


def test_what_is_typed_for_a_draft_that_a_colleague_took_over_is_not_taken() -> None:
    desk = at_words()
    desk.put(replace(desk.draft, author=OLLI.key, revision=2))
    said = desk.writes("Hei")
    assert said.startswith("Tätä luonnosta et voi enää muuttaa. Näin asia on nyt.\n\nTiedotteen")
    assert desk.draft.wordings == {}
    assert desk.task is None


def test_a_button_that_a_step_does_not_have_changes_nothing() -> None:
    desk = at_words()
    desk.taps_step("whatever")
    assert desk.said.startswith("Kirjoita viesti suomeksi.")
    assert desk.opens(Page.WRITE, desk.draft.key, "whatever").startswith("Tiedotteen luonnos")
    assert desk.opens(Page.WRITE, key("Muu")).startswith("Tiedotteet")
    assert desk.opens(Page.BROADCAST, key("Muu")).startswith("Tiedotteet")


# What it is called, and the list


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Kysely", "Kysely"),
        ("Kysely\non  auki", "Kysely on auki"),
        ("Kysely on auki. Tule mukaan ja vastaa.", "Kysely on auki. Tule mukaan ja…"),
        ("a" * 40, "a" * 30 + "…"),
        ("Tämä lause päättyy pisteeseen. Ja jatkuu", "Tämä lause päättyy pisteeseen…"),
    ],
)
def test_a_broadcast_is_called_by_its_first_words(text: str, called: str) -> None:
    assert names.beginning(text) == called
    one = broadcast(wordings={"sv": Wording(text)})
    assert names.named(Panel(), one, "fi") == Own(called)


def test_without_words_it_is_called_by_what_it_has() -> None:
    panel = WritingDesk().panel

    def called(**of: Any) -> str:
        words = names.named(panel, broadcast(**of), "fi")
        return RENDERER.words(words, "fi", NOW.date())

    title = SAFETY.form.title["fi"]
    assert called(wordings={}) == "Ei vielä tekstiä"
    assert called(wordings={"fi": Wording("", picture="p")}) == "Kuva tai tiedosto ilman tekstiä"
    opened = Ready(Occasion.OPENED, "safety", None)
    assert called(wordings={}, ready=opened) == f"{title}: avautuminen"
    closes = Ready(Occasion.CLOSES_SOON, "aiempi", None)
    assert called(wordings={}, ready=closes) == "aiempi: sulkeutuu pian"


def test_the_list_goes_from_drafts_to_what_has_gone_out_the_newest_first() -> None:
    def sent(name: str, days: int, life: Life = Life.CONFIRMED, **more: Any) -> Broadcast:
        due = NOW - timedelta(days=days)
        wordings = {"fi": Wording(name)}
        return broadcast(name, life=life, due=due, wordings=wordings, version=1, **more)

    def written(name: str, **more: Any) -> Broadcast:
        return broadcast(name, wordings={"fi": Wording(name)}, **more)

    desk = WritingDesk(
        sent("Vanha", 20),
        sent("Peruttu", 5, Life.CANCELLED),
        sent("Uusi", 2),
        sent("Pois", 9, Life.RETRACTED),
        sent("Kesken", 0),
        sent("Tauolla", 0, Life.PAUSED),
        sent("Huomenna", -1),
        written("Odottaa", life=Life.ASKED, asked_at=NOW),
        written("Kollegan", author=OLLI.key),
        written("Oma"),
    )
    done = Report({State.SENT: 3}, stage=Stage.ENDED)
    reports = {
        planning.occasion(one): replace(done, counts={State.WAITING: 3}, stage=Stage.OPEN)
        if "Kesken" in one.wordings["fi"].text
        else done
        for one in desk.panel.broadcasts
        if one.due
    }
    desk.panel = replace(desk.panel, reports=reports)
    said = desk.opens(Page.BROADCASTS)
    assert said.startswith("Tiedotteet\nTäällä on 10 tiedotetta")
    assert desk.labels() == [
        "Uusi tiedote",
        "Luonnos: Oma, 27.1.",
        "Kollegan luonnos: Kollegan, 27.1.",
        "Odottaa kollegaa: Odottaa, 27.1.",
        "Ajastettu: Huomenna, 28.1.",
        "Lähdössä: Kesken, 27.1.",
        "Keskeytetty: Tauolla, 27.1.",
        "Lähetetty: Uusi, 25.1.",
        "Peruttu: Peruttu, 22.1.",
        "Seuraava sivu",
        "Takaisin",
    ]
    desk.taps("Seuraava sivu")
    assert desk.labels()[1:3] == ["Vedetty takaisin: Pois, 18.1.", "Lähetetty: Vanha, 7.1."]
    desk.panel = replace(desk.panel, reports={})
    desk.opens(Page.BROADCASTS)
    assert "Lähdössä: Uusi, 25.1." in desk.labels(), "nothing is known of it yet"


def test_a_text_that_says_too_much_is_still_a_card() -> None:
    slips = " ".join(f"www.a{number}.fi" for number in range(40))
    desk = at_words()
    for text in (slips, slips.replace("fi", "se"), slips.replace("fi", "dk")):
        desk.writes(text)
    assert "ja 114 muuta kohtaa" in desk.said


def test_the_numbers_are_of_whoever_reads_the_draft_now() -> None:
    desk = drafted()
    desk.panel = replace(desk.panel, reach={**REACH, SUBSCRIBERS: Reach({"fi": 1})})
    said = desk.opens(Page.BROADCAST, desk.draft.key)
    assert "Viestin saa 1 henkilö: suomeksi 1\n" in said
    assert audiences.reached(desk.here, broadcast(circle=None)).total == 0
    assert audiences.reach(desk.here, Audience(Circle.APPLICANTS, "muu")).total == 0


def test_a_call_that_was_never_opened_has_no_applicants() -> None:
    desk = WritingDesk()
    other = Running(library("participation"), Surveys.DRAFT, date(2027, 1, 1))
    desk.panel = replace(desk.panel, surveys=(*desk.panel.surveys, other))
    assert len(audiences.offered(desk.here)) == 4


def test_a_fingerprint_is_of_all_that_is_received() -> None:
    one = broadcast(pointer=pointer().key)
    desk = WritingDesk(one, pointer())
    seen = draft.fingerprint(desk.here, one)
    assert len(seen) == 24
    others = [
        replace(one, circle=Circle.MEMBERS),
        replace(one, pointer=None),
        replace(one, wordings={**one.wordings, "fi": Wording("Muu")}),
        replace(one, wordings={**one.wordings, "fi": Wording(TEXTS["fi"], BOLD)}),
        replace(one, wordings={**one.wordings, "fi": Wording(TEXTS["fi"], picture="p")}),
        replace(one, wordings={**one.wordings, "fi": Wording("\ud800")}),
        replace(one, wordings={}, ready=Ready(Occasion.OPENED, "safety", None)),
    ]
    prints = {draft.fingerprint(desk.here, other) for other in others}
    assert len(prints) == len(others)
    assert seen not in prints
    same = [replace(one, urgent=True), replace(one, at=NOW), replace(one, life=Life.ASKED)]
    assert {draft.fingerprint(desk.here, other) for other in same} == {seen}
    desk.put(replace(pointer(), to=LINK))
    assert draft.fingerprint(desk.here, one) != seen, "it leads elsewhere"
    assert isinstance(desk.panel.pointers[0], Pointer)

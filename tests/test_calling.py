"""Calling a meeting: every step, every slip, and nothing that goes out before its link was
opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.panel.buttons import Page
from dialogs.panel.records import Held, Task
from tests.desk import HELSINKI, NOW, meeting
from tests.meeting_desk import (
    INVITATION,
    LINK,
    MAIJA,
    NILS,
    OTHER_LINK,
    PAAVO,
    MeetingDesk,
    called,
    walked,
)


def at_day(*seated: object, now: datetime = NOW) -> MeetingDesk:
    """At the day, with the link told."""
    desk = MeetingDesk(*seated, now=now)  # type: ignore[arg-type]
    desk.opens(Page.CALL)
    desk.types(LINK)
    return desk


def at_theme(*seated: object) -> MeetingDesk:
    desk = at_day(*seated)
    desk.types("18.3.")
    desk.types("17-19")
    return desk


# The whole way


def test_a_pasted_invitation_gives_all_that_members_join_by() -> None:
    desk = MeetingDesk(MAIJA)
    assert desk.opens(Page.CALL).startswith("Liitä tähän Teams-kutsun teksti tai pelkkä linkki.")
    assert desk.labels() == ["Keskeytä"]
    said = desk.types(INVITATION)
    assert said.startswith(
        f"Löysin nämä tiedot:\n{LINK}\nKokouksen tunnus: 123 456 789 01\n"
        "Tunnuskoodi: aB3dE6\nPuhelinnumero: +358 9 12345678, 12345678#\n\nMinä päivänä?"
    )


def test_the_review_shows_what_members_will_see_what_goes_out_when_and_to_how_many() -> None:
    desk = walked(MeetingDesk(MAIJA, PAAVO))
    said = desk.said
    assert said.startswith("Näin jäsenet näkevät kutsun:\n\nKutsu: asiakasraati kokoontuu")
    assert "Aihe: Arjen turvallisuus" in said
    assert "torstaina 18.3. klo 17.00–19.00" in said
    assert "Painikkeet: Tulen · En tule · Ehkä · Liity kokoontumiseen" in said
    assert (
        "Kutsu: heti\n"
        "Muistutus, 7 päivää ennen: torstaina 11.3. klo 17.00\n"
        "Kysymys niille, jotka eivät ole vastanneet: maanantaina 15.3. klo 17.00\n"
        "Muistutus, 1 päivä ennen: keskiviikkona 17.3. klo 17.00\n"
        "Muistutus, 1 tunti ennen: torstaina 18.3. klo 16.00\n"
        "Kiitos: torstaina 18.3. klo 19.30"
    ) in said
    assert "Saajia Telegramissa: 1 jäsen." in said
    assert "ei tavoiteta 1 jäsentä" in said


def test_nothing_goes_out_before_the_link_opened_the_right_meeting() -> None:
    desk = walked(MeetingDesk(MAIJA))
    assert "Mitään ei lähde ennen kuin vahvistat sen." in desk.said
    assert desk.link_buttons() == [LINK]
    assert "Lähetä kutsu" not in desk.labels()
    assert desk.task is not None
    desk.taps_old(Page.CALL, bytes.fromhex(desk.task.given["meeting"]), "send")
    assert not desk.panel.meetings, "also not by a button that was made up"
    assert not desk.planned
    desk.taps("Se avasi oikean kokoontumisen")
    assert desk.labels()[:2] == ["Avaa linkki", "Lähetä kutsu"]


def test_sending_keeps_the_meeting_plans_what_goes_out_and_leaves_a_line_in_the_trail() -> None:
    desk = walked(MeetingDesk(MAIJA))
    desk.taps("Se avasi oikean kokoontumisen")
    said = desk.taps("Lähetä kutsu")
    assert said.startswith("Kokoontuminen on kutsuttu koolle.\n\nKokoontuminen\ntorstaina 18.3.")
    kept = desk.called
    assert kept.start == datetime(2027, 3, 18, 17, tzinfo=HELSINKI)
    assert kept.end == datetime(2027, 3, 18, 19, tzinfo=HELSINKI)
    assert kept.theme == {"fi": "Arjen turvallisuus"}
    assert (kept.link, kept.meeting_id, kept.passcode) == (LINK, "123 456 789 01", "aB3dE6")
    assert kept.reminders == (168, 24, 1)
    assert desk.kinds() == [
        "0:invite",
        "0:remind-168",
        "0:nudge",
        "0:remind-24",
        "0:remind-1",
        "0:thanks",
    ]
    assert desk.last_deed.what == "meeting_called"
    assert desk.task is None


def test_sending_twice_sends_once_and_shows_the_meeting() -> None:
    desk = walked(MeetingDesk(MAIJA))
    desk.taps("Se avasi oikean kokoontumisen")
    before = desk.task
    desk.taps("Lähetä kutsu")
    of = desk.called.key
    said = desk.taps_old(Page.CALL, of, "send")
    assert said.startswith("Kokoontuminen\ntorstaina 18.3.")
    assert len(desk.panel.meetings) == 1
    assert desk.deeds.count("meeting_called") == 1
    desk.task = before  # the power went between keeping the meeting and laying the task aside
    desk.taps_old(Page.CALL, of, "send")
    assert len(desk.panel.meetings) == 1
    assert desk.task is None
    desk.opens(Page.CALL)  # another one is begun: the old button does not end it
    desk.taps_old(Page.CALL, of, "send")
    assert desk.task is not None


def test_a_send_of_a_call_that_was_dropped_shows_the_list() -> None:
    desk = walked(MeetingDesk(MAIJA))
    assert desk.task is not None
    of = bytes.fromhex(desk.task.given["meeting"])
    desk.taps("Keskeytä")
    assert desk.task is None
    assert desk.taps_old(Page.CALL, of, "send").startswith("Kokoontumiset\n")
    desk.opens(Page.CALL)
    assert desk.taps_old(Page.CALL, of, "send").startswith("Kokoontumiset\n"), "another call"
    desk.task = Task("adding", "name")
    assert desk.taps_old(Page.CALL, of, "send").startswith("Kokoontumiset\n"), "another task"


# The link


def test_without_a_link_there_is_no_next_step() -> None:
    desk = MeetingDesk()
    desk.opens(Page.CALL)
    assert desk.types("kokous on torstaina").startswith("En löytänyt tekstistä linkkiä.")
    assert desk.types(f"https://teams.microsoft.com/{'a' * 2100}").startswith("En löytänyt")
    assert desk.sends().startswith("En pysty lukemaan tätä.")
    assert desk.task is not None
    assert desk.task.step == "link"


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("http://teams.microsoft.com/l/meetup-join/19", "ei ala https://"),
        ("https://zoom.example/j/123", "Osoite ei ole Teamsin."),
        ("https://teams.microsoft.com.example/l/meetup-join/19", "muistuttaa Teamsin osoitetta"),
        ("https://teams.microsoft.com/_#/calendar", "ei näytä avaavan kokousta"),
    ],
)
def test_an_odd_link_is_asked_about_twice(link: str, why: str) -> None:
    desk = MeetingDesk()
    desk.opens(Page.CALL)
    said = desk.types(link)
    assert said.startswith("Onko tämä linkki varmasti oikea?")
    assert why in said
    assert "Minä päivänä?" in desk.taps("Linkki on oikea")
    assert "Liitä tähän" in desk.taps("Takaisin"), "it is not asked again"
    assert desk.labels() == ["Pidä tämä", "Keskeytä"]
    assert f"Nyt: {link}" in desk.said
    assert desk.taps("Pidä tämä").startswith("Minä päivänä?")


def test_another_link_can_be_given_instead_of_an_odd_one() -> None:
    desk = MeetingDesk()
    desk.opens(Page.CALL)
    desk.types("https://zoom.example/j/123")
    assert f"{LINK}\n" in desk.types(LINK)
    assert desk.task is not None
    assert desk.task.step == "day"
    desk.taps("Takaisin")
    desk.types("https://zoom.example/j/123")
    assert "Liitä tähän" in desk.taps("Takaisin")


def test_the_rest_of_a_long_invitation_adds_what_was_missing() -> None:
    desk = at_day()
    said = desk.types("Kokouksen tunnus: 123 456 789 01\nTunnuskoodi: aB3dE6")
    assert said.startswith("Löysin nämä tiedot:")
    assert "Tunnuskoodi: aB3dE6" in said
    assert "Minä päivänä?" in said
    assert desk.types("Tunnuskoodi: xxxx99").startswith("Kirjoita päivä näin")


# When


def test_the_office_s_evenings_that_have_no_meeting_yet_are_a_tap_away() -> None:
    other = meeting("Muu")
    desk = at_day(other)
    assert desk.labels() == ["torstaina 22.4.", "Takaisin", "Keskeytä"]
    assert desk.taps("torstaina 22.4.").startswith("Mihin aikaan?\n\ntorstaina 22.4.")
    assert "torstaina 18.3." in at_day(replace(other, held=Held.CANCELLED)).labels()


def test_a_slip_of_the_day_is_said_and_the_day_asked_again() -> None:
    desk = at_day()
    assert desk.types("perjantai 18.3.").startswith("Viikonpäivä ja päivämäärä eivät sovi yhteen.")
    assert desk.types("26.1.").startswith("Se päivä on jo mennyt (tiistaina 26.1.).")
    assert "Minä päivänä?" in desk.said
    assert desk.types("ensi viikolla").startswith("Kirjoita päivä näin")
    assert desk.taps_step("2027-01-26").startswith("Se päivä on jo mennyt")


def test_under_a_week_ahead_is_said() -> None:
    assert at_day().types("2.2.").startswith("Siihen on alle viikko")
    assert at_day().types("3.2.").startswith("Mihin aikaan?")


def test_another_meeting_on_the_same_day_is_said() -> None:
    assert "samalle päivälle on jo kutsuttu" in at_day(meeting("Muu")).types("18.3.")


def test_hours_are_tapped_or_typed_whole_or_in_two_steps() -> None:
    desk = at_day()
    desk.types("18.3.")
    assert desk.labels()[0] == "17.00–19.00"
    assert desk.taps("17.00–19.00").startswith("Mikä on aihe suomeksi?")
    assert "Nyt: 17.00–19.00" in desk.taps("Takaisin")
    assert desk.types("klo 16.30").startswith("Mihin asti?")
    assert desk.labels() == ["17.30", "18.00", "18.30", "19.30", "Takaisin", "Keskeytä"]
    assert "Nyt: 16.30" in desk.taps("Takaisin")
    desk.taps("Pidä tämä")
    assert desk.taps("18.30").startswith("Mikä on aihe suomeksi?")
    assert "Nyt: 18.30" in desk.taps("Takaisin")
    assert desk.types("18.45").startswith("Mikä on aihe suomeksi?")


def test_late_in_the_evening_no_end_after_midnight_is_offered() -> None:
    desk = at_day()
    desk.types("18.3.")
    desk.types("22.30")
    assert desk.labels()[0] == "23.30"
    assert desk.labels()[1] == "Takaisin"


def test_the_office_s_hours_are_offered_where_its_words_can_be_read() -> None:
    for words in ("illalla", "klo 17"):
        desk = at_day()
        desk.office = replace(desk.office, meeting_hours={"fi": words})
        desk.types("18.3.")
        assert desk.labels() == ["Takaisin", "Keskeytä"]


def test_an_end_before_the_start_is_refused() -> None:
    desk = at_day()
    desk.types("18.3.")
    later = "Kokoontumisen pitää päättyä samana päivänä myöhemmin"
    assert desk.types("19-17").startswith(later)
    assert desk.types("illalla").startswith("Kirjoita aika näin")
    desk.types("17")
    assert desk.types("17.00").startswith(later)
    assert desk.types("17-19").startswith("Kirjoita päättymisaika näin")
    assert desk.types("myöhään").startswith("Kirjoita päättymisaika näin")


def test_a_time_that_has_passed_today_is_refused() -> None:
    desk = at_day()
    desk.types("27.1.")
    assert desk.types("12-13").startswith("Se aika on jo mennyt.")
    assert desk.types("12.30").startswith("Mihin asti?")


# The night when the clock is turned


def test_a_time_that_does_not_exist_is_asked_about() -> None:
    desk = at_day()
    desk.types("28.3.")
    said = desk.types("3.30-5")
    assert "eikä kello ole lainkaan 3.30" in said
    assert desk.labels() == ["4.30", "Takaisin", "Keskeytä"]
    assert desk.taps_step("0").startswith("Sinä yönä"), "there is no such button"
    desk.taps("4.30")
    assert desk.task is not None
    assert desk.task.step == "theme_fi"
    assert desk.task.given["start"] == "04.30"


def test_an_hour_later_may_come_after_the_end_which_is_then_asked_again() -> None:
    desk = at_day()
    desk.types("28.3.")
    desk.types("3.30-4.15")
    assert desk.taps("4.30").startswith("Mihin asti?")


def test_another_start_can_be_typed_instead_of_the_one_that_does_not_exist() -> None:
    desk = at_day()
    desk.types("28.3.")
    desk.types("3.30")
    assert "lainkaan 3.15" in desk.types("3.15"), "that one is not there either"
    assert desk.types("5").startswith("Mihin asti?")


def test_an_end_that_does_not_exist_is_asked_about() -> None:
    desk = at_day()
    desk.types("28.3.")
    desk.types("2.30")
    assert "lainkaan 3.30" in desk.types("3.30")
    desk.taps("4.30")
    assert desk.task is not None
    assert desk.task.step == "theme_fi"
    assert desk.task.given["end"] == "04.30"


@pytest.mark.parametrize(("label", "hour"), [("Ensimmäinen", 0), ("Toinen", 1)])
def test_of_a_time_that_comes_twice_one_is_chosen(label: str, hour: int) -> None:
    desk = at_day()
    desk.types("31.10.")
    assert "kello on kahdesti 3.30" in desk.types("3.30-5")
    assert desk.taps_step("later").startswith("Sinä yönä"), "there is no such button"
    assert desk.taps(label).startswith("Mikä on aihe suomeksi?")
    desk.types("Yö")
    desk.taps("Ei aineistoa")
    desk.taps("Valmis")
    desk.taps("Se avasi oikean kokoontumisen")
    desk.taps("Lähetä kutsu")
    assert desk.called.start.astimezone(UTC) == datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
    assert desk.called.end.astimezone(UTC) == datetime(2027, 10, 31, 3, tzinfo=UTC)


def test_an_end_that_comes_twice_is_asked_only_where_both_come_after_the_start() -> None:
    desk = at_day()
    desk.types("31.10.")
    desk.types("2.30")
    assert "kahdesti 3.30" in desk.types("3.30")
    assert desk.types("3.45").startswith("Sinä yönä")
    assert desk.taps("Toinen").startswith("Mikä on aihe")
    desk.taps("Takaisin")
    desk.taps("Takaisin")
    desk.types("3.30")
    desk.taps("Toinen")
    assert desk.types("3.45").startswith("Mikä on aihe"), "the first one is before the start"


# What about


def test_the_theme_is_asked_in_every_language_that_members_read_the_own_one_first() -> None:
    desk = MeetingDesk(MAIJA, NILS, language="en")
    desk.opens(Page.CALL)
    desk.types(LINK)
    desk.types("18 March")
    desk.taps("17:00–19:00")
    assert desk.said.startswith("What is the topic in English?")
    assert "Finnish" in desk.types("Safety in everyday life")
    assert "The topic so far: Safety in everyday life" in desk.said
    assert desk.labels() == ["Back", "Never mind"], "an invitation waits for every language"
    assert "Swedish" in desk.types("Arjen turvallisuus")
    desk.types("Trygghet i vardagen")
    desk.taps("No material")
    desk.taps("Done")
    assert desk.labels()[:3] == ["In English", "In Finnish", "In Swedish"]
    assert "Safety in everyday life" in desk.said
    assert "Tema: Trygghet i vardagen" in desk.taps("In Swedish")
    assert "What goes out, and when" in desk.said, "the frame stays in the coordinator's language"
    assert desk.taps_step("in_xx")
    assert desk.taps_step("sv")


def test_a_theme_too_long_or_of_nothing_is_refused() -> None:
    desk = at_theme()
    assert desk.types("a" * 101).startswith("Kirjoita se tekstinä, enintään 100 merkkiä.")
    assert desk.types("\u200b").startswith("Kirjoita se tekstinä")
    assert desk.sends().startswith("Kirjoita vastaus tekstinä tai käytä painikkeita.")
    assert desk.taps_step("later").startswith("Mikä on aihe suomeksi?"), "no such button"
    desk.types("Arjen\nturvallisuus")
    assert desk.task is not None
    assert desk.task.given["theme_fi"] == "Arjen turvallisuus"


def test_who_reads_another_language_meanwhile_is_not_left_out() -> None:
    desk = walked(MeetingDesk(MAIJA))
    desk.taps("Se avasi oikean kokoontumisen")
    desk.put(NILS)
    assert desk.task is not None
    said = desk.taps_old(Page.CALL, bytes.fromhex(desk.task.given["meeting"]), "send")
    assert said.startswith("Mikä on aihe ruotsiksi?")
    assert desk.types("Trygghet i vardagen").startswith("Näin jäsenet näkevät kutsun:")
    desk.task = replace(desk.task, step="review", given={**desk.task.given, "theme_sv": ""})
    desk.task.given.pop("theme_sv")
    assert "Jotakin puuttuu vielä" in desk.opens(Page.GO_ON)
    assert desk.taps("Täydennä").startswith("Mikä on aihe ruotsiksi?")


# Material and reminders


def test_material_is_a_file_or_a_link_the_last_one_counts() -> None:
    desk = at_theme()
    desk.types("Arki")
    assert desk.sends().startswith("Lähetä tiedosto tai https-linkki")
    assert desk.types("http://raati.example/a.pdf").startswith("Lähetä tiedosto tai https-linkki")
    assert desk.types("kohta tulee").startswith("Lähetä tiedosto tai https-linkki")
    desk.types("https://raati.example/pohja.pdf")
    assert "Nyt: https://raati.example/pohja.pdf" in desk.taps("Takaisin")
    desk.sends_file("pohja.pdf")
    assert "Nyt: pohja.pdf" in desk.taps("Takaisin")
    desk.taps("Pidä tämä")
    assert desk.task is not None
    assert "material_link" not in desk.task.given
    assert desk.task.given["material_file"] == "id of pohja.pdf"
    desk.taps("Takaisin")
    desk.taps("Ei aineistoa")
    assert desk.task is not None
    assert "material_file" not in desk.task.given
    desk.taps("Takaisin")
    desk.step_file_without_name()
    assert "Nyt: tiedosto" in desk.taps("Takaisin")
    assert "Onko jäsenillä" in desk.taps_step("nothing")


def test_each_tap_on_a_reminder_says_what_it_does_so_twice_is_once() -> None:
    desk = at_theme()
    desk.types("Arki")
    desk.taps("Ei aineistoa")
    assert desk.labels()[:7] == [
        "14 päivää ennen",
        "7 päivää ennen",
        "3 päivää ennen",
        "2 päivää ennen",
        "1 päivä ennen",
        "3 tuntia ennen",
        "1 tunti ennen",
    ]
    for more in ("on336", "on336", "off168", "off168"):
        desk.taps_step(more)
    assert [b.chosen for b in desk.buttons(desk.card)[:3]] == [True, False, False]
    assert "valitaan painikkeilla" in desk.types("kaikki")
    assert desk.taps_step("on5").startswith("Milloin jäseniä")
    desk.taps("Valmis")
    assert "14 päivää ennen: torstaina 4.3. klo 17.00" in desk.said
    desk.taps("Muuta jotakin")
    desk.taps("Muistutukset")
    for more in ("off336", "off24", "off1"):
        desk.taps_step(more)
    desk.taps("Valmis")
    desk.taps("Se avasi oikean kokoontumisen")
    desk.taps("Lähetä kutsu")
    assert desk.called.reminders == ()
    assert desk.kinds() == ["0:invite", "0:nudge", "0:thanks"]


def test_reminders_that_come_too_late_are_named() -> None:
    desk = walked(MeetingDesk(MAIJA), day="29.1.")
    assert "Ei ehdi enää: 7 päivää ennen." in desk.said


# Changing one's mind


def test_from_the_review_one_thing_can_be_told_anew() -> None:
    desk = walked(MeetingDesk(MAIJA))
    desk.taps("Se avasi oikean kokoontumisen")
    assert desk.taps("Muuta jotakin").startswith("Mitä haluat muuttaa?")
    assert desk.labels()[:5] == ["Päivä ja aika", "Linkki", "Aihe", "Aineisto", "Muistutukset"]
    assert "valitaan painikkeilla" in desk.types("linkki")
    assert desk.taps_step("everything").startswith("Mitä haluat muuttaa?"), "no such button"
    desk.taps("Aihe")
    assert "Nyt: Arjen turvallisuus" in desk.said
    assert desk.taps("Takaisin").startswith("Mitä haluat muuttaa?")
    desk.taps("Aihe")
    assert "Aihe: Osallisuus" in desk.types("Osallisuus")
    desk.taps("Muuta jotakin")
    desk.taps("Linkki")
    desk.types(OTHER_LINK)
    assert "Lähetä kutsu" not in desk.labels(), "the new link has not been opened"
    desk.taps("Muuta jotakin")
    desk.taps("Päivä ja aika")
    desk.taps("Pidä tämä")
    assert desk.types("18-20").startswith("Näin jäsenet näkevät kutsun:")
    assert "klo 18.00–20.00" in desk.said
    desk.taps("Muuta jotakin")
    assert desk.taps("Katso, miltä se näyttää").startswith("Näin jäsenet näkevät kutsun:")


def test_texts_and_edits_at_the_review_change_nothing() -> None:
    desk = walked(MeetingDesk(MAIJA))
    before = desk.task
    assert desk.types("lähetä").startswith("Tässä kohdassa valitaan painikkeilla.")
    assert desk.taps_step("nothing").startswith("Näin jäsenet")
    assert before is not None
    assert desk.task is not None
    assert desk.task.given == before.given
    desk.taps("Muuta jotakin")
    desk.taps("Aihe")
    changed = "En huomaa muutoksia vanhaan viestiin."
    assert desk.edits("Toinen aihe").startswith(changed)
    assert desk.edits("Toinen aihe", desk.heard).startswith(changed), "also the newest one"


def test_what_is_delivered_twice_is_taken_once() -> None:
    desk = at_day()
    desk.types("18.3.")
    assert desk.types_again("18.3.").startswith("Mihin aikaan?")


def test_whom_to_call_is_shown_apart_and_the_review_comes_back() -> None:
    desk = walked(MeetingDesk(MAIJA, PAAVO, replace(NILS, language="fi", gone=True)))
    said = desk.taps("Kenelle pitää soittaa")
    assert "Paavo Puhelin, +358 40 000 0000, ei Telegramia" in said
    assert "Nils Exempel, nils@posti.example, viestit eivät tavoita" in said
    assert "Maija" not in said
    assert desk.card.private
    assert desk.deeds == ["register_seen"]
    assert desk.taps("Takaisin").startswith("Näin jäsenet näkevät kutsun:")


# Half made


def test_a_half_made_call_is_not_lost_by_beginning_another() -> None:
    desk = at_day(MAIJA)
    assert desk.opens(Page.CALL).startswith("Sinulla on kutsu kesken.")
    assert desk.taps("Jatka").startswith("Minä päivänä?")
    desk.opens(Page.CALL)
    assert desk.taps("Hylkää se").startswith("Liitä tähän")
    assert desk.task is not None
    assert "link" not in desk.task.given


def test_a_half_made_call_is_not_lost_by_changing_another_meeting_either() -> None:
    for page in (Page.ALTER, Page.CANCEL, Page.TRANSLATE):
        desk = called(MAIJA, NILS)
        desk.opens(Page.CALL)
        said = desk.opens(page, desk.called.key)
        assert said.startswith("Sinulla on kutsu kesken.")
        desk.taps("Hylkää se")
        assert desk.task is not None
        assert desk.task.kind != "calling"


def test_a_call_left_until_its_day_has_passed_asks_the_day_again() -> None:
    desk = walked(MeetingDesk(MAIJA))
    desk.taps("Se avasi oikean kokoontumisen")
    desk.now += timedelta(days=60)
    assert "aika on jo mennyt" in desk.opens(Page.GO_ON)
    assert desk.labels() == ["Täydennä", "Keskeytä"]
    assert desk.taps("Täydennä").startswith("Minä päivänä?")
    assert desk.task is not None
    of = bytes.fromhex(desk.task.given["meeting"])
    assert desk.taps_old(Page.CALL, of, "send").startswith("Minä päivänä?")
    assert not desk.panel.meetings


def test_a_call_sent_after_its_hour_has_begun_asks_the_time_again() -> None:
    desk = walked(MeetingDesk(MAIJA))
    desk.now = datetime(2027, 3, 18, 17, 0, tzinfo=HELSINKI)
    assert "aika on jo mennyt" in desk.opens(Page.GO_ON)
    assert desk.taps("Täydennä").startswith("Mihin aikaan?")


def test_called_in_quiet_hours_the_invitation_waits_and_the_review_says_until_when() -> None:
    desk = walked(MeetingDesk(MAIJA, now=datetime(2027, 1, 27, 22, 0, tzinfo=HELSINKI)))
    assert "Kutsu: torstaina 28.1. klo 8.00" in desk.said

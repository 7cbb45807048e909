"""Correcting a broadcast where it was received, step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from dialogs.announcement import Circle, Priority, Stage, State
from dialogs.broadcasts import correcting, mending, planning
from dialogs.broadcasts.records import Correction, Life, Pointer, Target, Wording
from dialogs.events import Edited
from dialogs.languages import LANGUAGES
from dialogs.panel.buttons import Page
from dialogs.panel.records import Task
from dialogs.screens import Mark, Style
from tests.desk import HELSINKI, KAISA, key
from tests.mend_desk import (
    EN,
    FI,
    READY,
    RIGHT,
    SV,
    THE_28TH,
    WRONG,
    MendDesk,
    broadcast,
    sent,
)
from tests.survey_desk import survey

THE_8TH, THE_15TH = date(2027, 2, 8), date(2027, 2, 15)
NIGHT = datetime(2027, 1, 28, 23, 0, tzinfo=HELSINKI)


def had(**more: object) -> MendDesk:
    """A desk on the 28th; eight have had the message, two wait."""
    desk = MendDesk(broadcast(**more))
    desk.reports(text=sent(8, waiting=2, stage=Stage.OPEN))
    desk.opens(Page.BROADCAST, desk.it.key)
    return desk


def reviewed(desk: MendDesk, right: str = RIGHT) -> MendDesk:
    """The one wrong link changed, as far as the review."""
    desk.begins()
    desk.taps("Vaihda linkki")
    desk.types(right)
    desk.taps("Linkki avautuu oikein")
    return desk


def rewritten(desk: MendDesk, text: str, language: str = "suomenkielinen") -> MendDesk:
    desk.begins()
    desk.taps(f"Kirjoita {language} uudelleen")
    desk.types(text)
    return desk


# A link


def test_a_wrong_link_is_put_right_in_every_language_at_once() -> None:
    desk = reviewed(had())
    review = desk.said
    assert "Viesti korjataan suomeksi, ruotsiksi ja englanniksi." in review
    assert "Korjaus tulee 8 viestiin, jotka ovat jo perillä" in review
    assert "2 henkilöä odottaa vielä viestiä ja saa vain korjatun." in review
    assert "Korjaus on lähtenyt." in desk.taps("Lähetä korjaus")
    assert desk.task is None
    assert {desk.it.wordings[one].text.rpartition(" ")[2] for one in LANGUAGES} == {RIGHT}
    assert desk.corrected.occasion == planning.occasion(desk.it)
    assert [desk.text(desk.corrected.cards[one]).split("\n")[0] for one in LANGUAGES] == [
        "Korjattu 28.1.",
        "Rättat 28.1",
        "Corrected 28 January",
    ]
    assert desk.deeds == ["broadcast_corrected"]


def test_whoever_had_it_is_told_what_was_wrong_and_what_is_right_with_an_apology() -> None:
    desk = reviewed(had())
    desk.taps("Lähetä korjaus")
    news = desk.news
    assert news.occasion == planning.occasion(desk.it, "notice-1")
    assert news.audience.circle is Circle.RECEIVED
    assert news.audience.of == planning.occasion(desk.it)
    assert (news.due, news.priority, news.only) == (THE_28TH, Priority.BROADCAST, True)
    assert desk.reads(news.cards["fi"]) == (
        "Korjaus viestiimme\n"
        "Viesti alkaa: ”Kysely on auki. Vastaa 8.2…”\n\n"
        f"Viestissä oli väärä linkki:\n{WRONG}\nOikea linkki on tämä:\n{RIGHT}\n\n"
        "Pahoittelemme virhettä.\n"
        "Olemme korjanneet viestin myös ylempänä tässä keskustelussa. Jos näet siellä vielä vanhat "
        "tiedot, nämä ovat oikeat.\n"
        "[Avaa oikea linkki]\n[En halua näitä viestejä]"
    )
    for language, words in (("sv", "Meddelandet hade fel länk:"), ("en", "We are sorry")):
        assert words in desk.text(news.cards[language])
    for card in news.cards.values():
        (line,) = [one for said in card.paragraphs for one in said if WRONG in desk.said_by(one)]
        assert line.code, "a wrong link can be tapped again"
        assert [one.link for one in desk.buttons(card) if one.link] == [RIGHT]


def test_one_of_several_links_is_chosen_with_the_languages_it_stands_in() -> None:
    other = "https://kysely.example/sv"
    desk = had(wordings={"fi": FI, "sv": Wording(f"Svara: {other}"), "en": EN})
    desk.begins()
    listed = desk.taps("Vaihda linkki")
    assert f"1. suomeksi, englanniksi\n{WRONG}\n\n2. ruotsiksi\n{other}" in listed
    desk.taps(other)
    assert other in desk.said
    desk.types(RIGHT)
    desk.taps("Linkki avautuu oikein")
    assert "Viesti korjataan ruotsiksi.\nSe jää ennalleen suomeksi ja englanniksi." in desk.said
    desk.taps("Lähetä korjaus")
    assert set(desk.news.cards) == {"sv"}
    assert "Rättat" not in desk.text(desk.corrected.cards["fi"])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("eikö se toimi", "Lähetä yksi linkki"),
        (f"{RIGHT} tai {RIGHT}/2", "Lähetä yksi linkki"),
        ("http://kysely.example/oikea", "Linkin pitää alkaa https://"),
        (WRONG, "sama linkki"),
    ],
)
def test_what_is_no_right_link_is_refused(typed: str, said: str) -> None:
    desk = had()
    desk.begins()
    desk.taps("Vaihda linkki")
    assert said in desk.types(typed)
    assert "Lähetä yksi linkki" in desk.sends_voice()


def test_a_link_behind_words_is_taken_as_well() -> None:
    desk = had()
    desk.begins()
    desk.taps("Vaihda linkki")
    desk.types("tämä", Mark(Style.LINK, 0, 4, RIGHT))
    assert [one.link for one in desk.buttons(desk.card) if one.link] == [RIGHT]


def test_nothing_goes_out_before_a_new_link_was_opened() -> None:
    desk = rewritten(had(), f"Vastaa: {RIGHT}")
    assert "Avaa linkki ja katso" in desk.said
    assert "Lähetä korjaus" not in desk.labels()
    desk.opens(Page.MEND, desk.it.key, "send")
    assert not desk.changes
    desk.taps("Linkki avautuu oikein")
    assert "Korjaus on lähtenyt." in desk.taps("Lähetä korjaus")


# The bot's own link


def test_where_the_button_leads_is_changed_on_its_own_page() -> None:
    led = Pointer(key("linkki"), Target.PAGE, WRONG)
    desk = MendDesk(led, broadcast(pointer=led.key, wordings={"fi": Wording("Vastaa alta")}))
    desk.reports(text=sent(8))
    desk.begins()
    (button,) = [one for one in desk.buttons(desk.card) if f":{Page.POINTER}:" in one.data]
    assert desk.words(button.label) == "Vaihda, mihin viestin painike vie"
    assert "Vaihda linkki" not in desk.labels()


# A language written anew


def test_wording_alone_tells_nobody_but_whom_it_may_have_reached_unseen() -> None:
    desk = rewritten(had(), f"Kysely on nyt auki. Vastaa 8.2. mennessä: {WRONG}")
    assert "Uutta viestiä ei lähde." in desk.said
    assert "Korjaus tulee enintään 8 viestiin" in desk.said
    desk.taps("Lähetä korjaus")
    assert desk.news.audience.circle is Circle.DOUBTED
    assert set(desk.news.cards) == {"fi"}
    assert "Tarkensimme viestin sanamuotoa." in desk.text(desk.news.cards["fi"])
    (correction,) = desk.it.corrections
    assert (correction.notice, correction.languages) == (False, ("fi",))
    assert correction.was == {"fi": FI}


def test_whether_they_are_told_is_a_tap() -> None:
    desk = rewritten(had(), f"Kysely on nyt auki. Vastaa 8.2. mennessä: {WRONG}")
    assert "Korjaus viestiimme" in desk.taps("Lähetä myös uusi viesti")
    assert "Uutta viestiä ei lähde." in desk.taps("Älä lähetä uutta viestiä")
    desk.taps("Lähetä myös uusi viesti")
    desk.taps("Lähetä korjaus")
    assert desk.news.audience.circle is Circle.RECEIVED


def test_bold_and_links_are_kept_as_they_are_written() -> None:
    bold = Mark(Style.BOLD, 0, 6)
    link = Mark(Style.LINK, 7, 6, WRONG)
    desk = had()
    desk.begins()
    asked = desk.taps("Kirjoita suomenkielinen")
    assert "Kopioi se, korjaa ja lähetä tähän." in asked
    assert FI.text in desk.newest_cards(2)[0]
    desk.types("Vastaa tästä. 8.2.", bold, link)
    desk.taps("Lähetä korjaus")
    assert desk.it.wordings["fi"].marks == (bold, link)


def test_several_languages_one_after_the_other() -> None:
    desk = rewritten(had(), f"Vastaa 9.2. mennessä: {WRONG}")
    desk.taps("Muuta jotakin")
    assert "Tähän mennessä korjattu suomeksi." in desk.said
    desk.taps("Kirjoita ruotsinkielinen")
    desk.types(f"Svara senast 9.2: {WRONG}")
    assert "Viesti korjataan suomeksi ja ruotsiksi." in desk.said
    assert "Rättelse till vårt meddelande" in desk.said
    assert "Korjaus viestiimme" in desk.taps("Suomeksi")
    assert desk.newest_cards(2)[0].startswith("Korjattu 28.1.")
    desk.taps("Lähetä korjaus")
    assert set(desk.news.cards) == {"fi", "sv"}


def test_what_was_just_written_can_be_put_right_in_its_own_message() -> None:
    desk = rewritten(had(), f"Vastaa 9.2. mennessä: {WRONG}")
    desk.edits(f"Vastaa 10.2. mennessä: {WRONG}")
    assert "10.2." in desk.said
    assert "ei enää lueta" in desk.edits("Jotain", message=1)
    desk.taps("Lähetä korjaus")
    assert "10.2." in desk.it.wordings["fi"].text


def test_of_many_differences_the_first_are_told() -> None:
    days = "1.2. ja 2.2. ja 3.2. ja 4.2. ja 5.2."
    desk = had(wordings={"fi": Wording(days)})
    rewritten(desk, days.replace(".2.", ".3."))
    assert desk.said.count("Oikea päivä on:") == mending.MOST
    assert "Viestissä oli muitakin virheitä." in desk.said


def test_what_is_left_out_is_said_to_be() -> None:
    desk = rewritten(had(), "Kysely on auki.")
    assert f"väärä linkki:\n{WRONG}\nSe on poistettu." in desk.said
    long = " ".join(["Pitkäkatu"] * 20)
    desk = rewritten(had(wordings={"fi": Wording("Tule pian")}), f"Tule {long} pian")
    assert "Viestin tiedoissa oli virhe. Lue korjattu viesti." in desk.said
    desk = rewritten(had(wordings={"fi": Wording("Tule pian")}), "Tule Jyväskylään pian")
    assert "Viestistä puuttui:\nJyväskylään" in desk.said


def test_what_was_retracted_is_not_corrected() -> None:
    desk = had()
    found = mending.mending(desk.here, desk.it, {"fi": SV}, None)
    assert found is not None
    gone = replace(found, old=replace(desk.it, life=Life.RETRACTED))
    with pytest.raises(ValueError, match="retracted"):
        mending.kept(desk.here, gone, told=True)


def test_what_is_delivered_twice_is_taken_once() -> None:
    desk = rewritten(had(), f"Vastaa 9.2. mennessä: {WRONG}")
    task = desk.task
    desk.types_again(f"Vastaa 9.2. mennessä: {WRONG}")
    assert task is not None
    assert desk.task is not None
    assert desk.task.given == task.given


def test_a_picture_stays_unless_another_comes() -> None:
    pictured = replace(FI, picture="picture-1")
    desk = rewritten(had(wordings={"fi": pictured}), f"Vastaa 9.2. mennessä: {WRONG}")
    assert desk.cards[max(desk.cards) - 1].picture == "picture-1"
    desk.taps("Muuta jotakin")
    desk.taps("Kirjoita suomenkielinen")
    desk.sends_picture()
    assert desk.cards[max(desk.cards) - 1].picture == "picture-2"
    assert "9.2." in desk.said
    desk.taps("Muuta jotakin")
    desk.taps("Kirjoita suomenkielinen")
    desk.sends_picture(f"Vastaa 11.2. mennessä: {WRONG}", Mark(Style.BOLD, 0, 6))
    desk.taps("Lähetä korjaus")
    assert desk.it.wordings["fi"].picture == "picture-2"
    assert "11.2." in desk.it.wordings["fi"].text
    assert "kuva tai tiedosto oli väärä" in desk.text(desk.news.cards["fi"])


def test_a_picture_without_words_is_shown_without_words() -> None:
    desk = had(wordings={"fi": Wording("", picture="picture-1")})
    desk.begins()
    desk.taps("Kirjoita suomenkielinen")
    assert desk.newest_cards(1)[0].startswith("Kirjoita")
    desk.sends_voice()
    assert "tekstinä, kuvana tai tiedostona" in desk.said


def test_where_the_same_is_written_again_nothing_goes_out() -> None:
    desk = rewritten(had(), FI.text)
    assert "Mitä korjataan?" in desk.said
    assert "Katso, miltä se näyttää" not in desk.labels()
    desk.opens(Page.MEND, desk.it.key, "send")
    assert not desk.changes


def test_what_would_be_wrong_in_the_new_words_is_refused() -> None:
    desk = rewritten(had(), f"Vastaa sunnuntaina 9.2. mennessä: {WRONG}")
    assert "Korjaa ennen lähettämistä" in desk.said
    assert "Lähetä korjaus" not in desk.labels()


# Ready words


def ready(closes: date = THE_15TH) -> MendDesk:
    """The survey was extended since; the message still tells the 8th."""
    desk = MendDesk(survey(closes=closes), broadcast(ready=READY, wordings={}))
    desk.reports(text=sent(8))
    desk.opens(Page.BROADCAST, desk.it.key)
    return desk


def test_the_last_day_of_ready_words_is_changed_in_every_language() -> None:
    desk = ready()
    desk.begins()
    assert "Vaihda linkki" not in desk.labels()
    asked = desk.taps("Vaihda viimeinen päivä")
    assert "Viestissä lukee nyt maanantaina 8.2." in asked
    assert "Kirjoita päivä näin" in desk.sends_voice()
    assert "Kirjoita päivä näin" in desk.types("joskus")
    desk.types("15.2.")
    assert "Viestissä oli väärä päivä:\nmaanantaina 8.2.\nOikea päivä on:\nmaanantaina 15.2." in (
        desk.said
    )
    assert "Viesti koski tätä: " in desk.said
    desk.taps("Lähetä korjaus")
    assert desk.it.ready == replace(READY, day=THE_15TH)
    assert set(desk.news.cards) == set(desk.corrected.cards) == set(LANGUAGES)
    assert "Monday 15 February" in desk.text(desk.corrected.cards["en"])
    assert desk.it.corrections[0].was_day == THE_8TH


def test_the_same_day_is_no_correction() -> None:
    desk = ready()
    desk.begins()
    desk.taps("Vaihda viimeinen päivä")
    assert "Mitä korjataan?" in desk.types("8.2.")


def test_ready_words_without_a_day_have_nothing_to_correct() -> None:
    desk = MendDesk(survey(), broadcast(ready=replace(READY, day=None), wordings={}))
    desk.reports(text=sent(8))
    desk.begins()
    assert desk.labels() == ["Hylkää korjaus"]
    assert "valitaan painikkeilla" in desk.types("8.2.")


# The day of an extended survey


def test_which_broadcasts_name_a_day() -> None:
    assert mending.names_day(broadcast(), THE_8TH)
    assert not mending.names_day(broadcast(), THE_15TH)
    assert mending.names_day(broadcast(ready=READY), THE_8TH)
    for life in (Life.DRAFT, Life.ASKED, Life.RETRACTED):
        assert not mending.names_day(broadcast(life=life), THE_8TH)


def test_an_extended_survey_brings_the_new_day_along_in_each_language() -> None:
    desk = had()
    desk.taps_data(mending.data("fi", desk.it, THE_8TH, THE_15TH))
    assert "Viesti korjataan suomeksi, ruotsiksi ja englanniksi." in desk.said
    assert "8.2.\nOikea päivä on:\n15.2." in desk.said
    desk.taps("Lähetä korjaus")
    assert "15.2. mennessä" in desk.it.wordings["fi"].text
    assert "senast 15.2:" in desk.it.wordings["sv"].text
    assert "15 February" in desk.it.wordings["en"].text


def test_an_extended_survey_corrects_ready_words_too() -> None:
    desk = ready()
    desk.taps_data(mending.data("fi", desk.it, THE_8TH, THE_15TH))
    desk.taps("Lähetä korjaus")
    assert desk.it.ready == replace(READY, day=THE_15TH)


def test_a_button_with_a_day_that_is_none_begins_an_ordinary_correction() -> None:
    desk = had()
    assert "Mitä korjataan?" in desk.opens(Page.MEND, desk.it.key, "20279999_20270215")


def test_a_language_that_does_not_name_the_day_stays_as_it_is() -> None:
    desk = had(wordings={"fi": FI, "sv": Wording("Svara snart")})
    desk.taps_data(mending.data("fi", desk.it, THE_8TH, THE_15TH))
    assert "Se jää ennalleen ruotsiksi." in desk.said


# Before anybody has it


def ahead() -> MendDesk:
    desk = MendDesk(broadcast(due=THE_28TH + timedelta(hours=1)))
    desk.reports(text=sent(stage=Stage.PLANNED))
    desk.opens(Page.BROADCAST, desk.it.key)
    return desk


def test_what_has_not_gone_out_is_taken_back_and_not_corrected() -> None:
    desk = ahead()
    assert "Siihen asti voit perua" in desk.begins()
    assert desk.task is None


def test_a_day_of_it_is_simply_changed() -> None:
    desk = ahead()
    desk.taps_data(mending.data("fi", desk.it, THE_8TH, THE_15TH))
    assert "Kukaan ei ole vielä saanut viestiä." in desk.said
    assert "Korjattu" not in desk.newest_cards(2)[0]
    assert desk.labels()[-2:] == ["Lähetä korjaus", "Hylkää korjaus"]
    assert "Viesti on korjattu." in desk.taps("Lähetä korjaus")
    assert not desk.it.corrections
    assert not desk.changes[-1].plan
    assert "15.2." in desk.text(desk.corrected.cards["fi"])


def test_where_it_went_out_meanwhile_that_is_shown_before_it_is_sent() -> None:
    desk = ahead()
    desk.taps_data(mending.data("fi", desk.it, THE_8TH, THE_15TH))
    desk.reports(text=sent(1, waiting=9, stage=Stage.OPEN))
    assert "Korjaus viestiimme" in desk.taps("Lähetä korjaus")
    assert not desk.changes
    desk.taps("Lähetä korjaus")
    assert desk.it.corrections


def test_of_what_is_paused_before_anybody_has_it_nobody_hears_of_a_correction() -> None:
    desk = had(life=Life.PAUSED)
    desk.reports(text=sent(waiting=10, held=True, stage=Stage.OPEN))
    reviewed(desk)
    assert "Kukaan ei ole vielä saanut viestiä." in desk.said
    assert desk.labels()[-2:] == ["Muuta jotakin", "Hylkää korjaus"]
    desk.taps("Lähetä korjaus")
    assert not desk.it.corrections
    assert desk.it.life is Life.PAUSED


# A correction is corrected


def corrected_once(waiting: int = 0) -> MendDesk:
    desk = reviewed(had())
    desk.taps("Lähetä korjaus")
    desk.reports(notice_1=sent(8, waiting=waiting, stage=Stage.OPEN))
    return desk


def test_a_correction_can_be_corrected() -> None:
    desk = reviewed(corrected_once(), f"{RIGHT}/2")
    desk.taps("Lähetä korjaus")
    assert desk.news.occasion == planning.occasion(desk.it, "notice-2")
    assert desk.changes[-1].withdraw == (planning.occasion(desk.it, "notice-"),)
    told = desk.text(desk.news.cards["fi"])
    assert f"väärä linkki:\n{RIGHT}\n" in told
    assert WRONG not in told


def test_news_that_is_not_out_yet_is_told_by_the_newer_one() -> None:
    desk = corrected_once(waiting=1)
    rewritten(desk, f"Kysely on nyt auki. Vastaa 8.2. mennessä: {RIGHT}")
    assert "kertoo molemmat" in desk.said
    assert "Älä lähetä uutta viestiä" not in desk.labels()
    desk.taps("Lähetä korjaus")
    assert desk.news.audience.circle is Circle.RECEIVED
    assert set(desk.news.cards) == set(LANGUAGES)
    assert f"fel länk:\n{WRONG}\n" in desk.text(desk.news.cards["sv"])


def test_news_for_the_doubted_alone_leave_the_choice() -> None:
    desk = rewritten(had(), f"Kysely on nyt auki. Vastaa 8.2. mennessä: {WRONG}")
    desk.taps("Lähetä korjaus")
    desk.reports(notice_1=sent(waiting=1, stage=Stage.OPEN))
    rewritten(desk, f"Kysely on avoinna. Vastaa 8.2. mennessä: {WRONG}")
    assert "Lähetä myös uusi viesti" in desk.labels()


def test_corrected_back_to_what_it_was_still_says_something() -> None:
    desk = reviewed(corrected_once(waiting=1), WRONG)
    assert f"väärä linkki:\n{RIGHT}\n" in desk.said


def test_a_day_corrected_twice_before_anybody_heard_of_it() -> None:
    def again(to: str) -> str:
        desk = ready()
        desk.taps_data(mending.data("fi", desk.it, THE_8TH, THE_15TH))
        desk.taps("Lähetä korjaus")
        desk.reports(notice_1=sent(stage=Stage.PLANNED))
        desk.put(survey(closes=date(2027, 2, 22)))
        desk.begins()
        desk.taps("Vaihda viimeinen päivä")
        return desk.types(to)

    assert "maanantaina 8.2.\nOikea päivä on:\nmaanantaina 22.2." in again("22.2.")
    assert "maanantaina 15.2.\nOikea päivä on:\nmaanantaina 8.2." in again("8.2.")


# Quiet hours


def test_at_night_the_news_waits_for_the_morning_unless_it_is_urgent() -> None:
    desk = had()
    desk.now = NIGHT
    reviewed(desk)
    assert "Viestit lähtevät perjantaina 29.1. klo 8.00." in desk.said
    assert "heti, äänettömästi" in desk.taps("Lähetä uusi viesti heti")
    assert "Viestit lähtevät" in desk.taps("Lähetä uusi viesti vasta aamulla")
    desk.taps("Lähetä uusi viesti heti")
    desk.taps("Lähetä korjaus")
    assert (desk.news.due, desk.news.priority) == (NIGHT, Priority.CHANGE)


def test_at_night_it_waits() -> None:
    desk = had()
    desk.now = NIGHT
    reviewed(desk).taps("Lähetä korjaus")
    assert desk.news.due == datetime(2027, 1, 29, 8, 0, tzinfo=HELSINKI)


def test_of_an_urgent_broadcast_the_news_is_urgent() -> None:
    desk = had(urgent=True)
    desk.now = NIGHT
    reviewed(desk)
    assert "heti, äänettömästi" in desk.said
    assert "Lähetä uusi viesti vasta aamulla" not in desk.labels()
    desk.taps("Lähetä korjaus")
    assert desk.news.priority is Priority.CHANGE


# How many


def test_how_many_in_each_language() -> None:
    desk = had()
    languages = {"fi": {State.SENT: 1000, State.LEFT: 7}, "sv": {State.UNCERTAIN: 1}, "en": {}}
    desk.reports(text=sent(1800, languages=languages))
    reviewed(desk)
    said = desk.said.replace("\xa0", " ")
    assert (
        "Korjaus tulee 1 001 viestiin, jotka ovat jo perillä.\nsuomeksi 1 000, ruotsiksi 1" in said
    )
    assert "odottaa" not in said
    assert "Aikaa menee noin 2 minuuttia." in said
    desk.taps("Älä lähetä uutta viestiä")
    assert "Aikaa menee alle minuutti." in desk.said


def test_where_nothing_is_known_of_it_nothing_is_counted() -> None:
    desk = MendDesk(broadcast(due=THE_28TH))
    reviewed(desk)
    assert "Korjaus tulee" not in desk.said
    desk.reports(text=sent(waiting=3, stage=Stage.OPEN))
    desk.taps("Ruotsiksi")
    assert "Kukaan ei ole vielä saanut viestiä." in desk.said
    assert "Aikaa" not in desk.said


# Who else works on it, and what is half made


def test_a_pause_meanwhile_is_no_hindrance() -> None:
    desk = reviewed(had())
    desk.put(replace(desk.it, life=Life.PAUSED, revision=2))
    desk.taps("Lähetä korjaus")
    assert desk.it.life is Life.PAUSED
    assert desk.it.corrections


def corrected_elsewhere(desk: MendDesk) -> None:
    """By a colleague, meanwhile."""
    correction = Correction(THE_28TH.date(), "Liisa", ("fi",), notice=False)
    desk.put(replace(desk.it, corrections=(correction,), revision=2))


def test_nothing_is_written_over_what_somebody_else_corrected() -> None:
    for does in ("Lähetä korjaus", "Muuta jotakin", ""):
        desk = reviewed(had())
        corrected_elsewhere(desk)
        said = desk.taps(does) if does else desk.types("jotain")
        assert "Joku muu ehti muuttaa tiedotetta." in said
        assert desk.task is None
        assert not desk.changes
    desk = reviewed(had())
    corrected_elsewhere(desk)
    assert "Joku muu ehti" in desk.opens(Page.GO_ON)


def test_where_it_was_retracted_or_erased_meanwhile() -> None:
    desk = reviewed(had())
    desk.put(replace(desk.it, life=Life.RETRACTED, revision=2))
    assert "Joku muu ehti" in desk.taps("Lähetä korjaus")
    desk = reviewed(had())
    desk.panel = replace(desk.panel, broadcasts=())
    assert "ei enää ole" in desk.types("jotain")


def test_typed_into_a_task_whose_card_is_not_known() -> None:
    desk = reviewed(had())
    assert desk.task is not None
    desk.task = replace(desk.task, card=None)
    corrected_elsewhere(desk)
    assert "Joku muu ehti" in desk.types("jotain")
    desk = reviewed(had())
    assert desk.task is not None
    desk.task = replace(desk.task, card=None, step=correcting.LINK)
    assert "Avaa linkki ja katso" in desk.types(f"{RIGHT}/2")
    desk.task = replace(desk.task, card=None, step="write_fi")
    assert "Yllä on viesti" in desk.types(f"Vastaa 9.2. mennessä: {WRONG}")


def test_sending_twice_does_nothing_twice() -> None:
    desk = reviewed(had())
    desk.taps("Lähetä korjaus")
    assert "Korjattu 28.1." in desk.opens(Page.MEND, desk.it.key, "send")
    assert len(desk.changes) == 1


def test_what_is_half_made_is_asked_about_before_another_takes_its_place() -> None:
    other = broadcast(key=key("toinen"))
    desk = reviewed(had())
    desk.put(other)
    assert "toisen tiedotteen korjaus kesken" in desk.opens(Page.MEND, other.key)
    assert "Yllä on viesti" in desk.taps("Jatka keskeneräistä")
    desk.opens(Page.MEND, other.key, "20270208_20270215")
    assert "Oikea päivä on:\n15.2." in desk.taps("Hylkää se ja aloita tämä")
    assert desk.task is not None
    assert desk.task.given["broadcast"] == other.key.hex()


def test_a_half_made_call_is_asked_about_and_anything_else_is_not() -> None:
    desk = had()
    desk.task = Task("calling", "link")
    assert "Sinulla on kutsu kesken." in desk.begins()
    assert "Mitä korjataan?" in desk.taps("Hylkää se ja aloita tämä")
    desk.task = Task("correcting", "name", given={"person": KAISA.key.hex()})
    assert "Mitä korjataan?" in desk.begins()


def test_going_on_later_shows_what_it_was() -> None:
    desk = reviewed(had())
    desk.opens(Page.BROADCASTS)
    assert "Yllä on viesti" in desk.opens(Page.GO_ON)


def test_the_way_back_and_the_way_out() -> None:
    desk = had()
    desk.begins()
    desk.taps("Vaihda linkki")
    assert "Mitä korjataan?" in desk.taps("Takaisin")
    desk.taps("Hylkää korjaus")
    assert desk.task is None


@pytest.mark.parametrize(
    ("step", "more"),
    [
        ("choice", "links"),
        ("choice", "day"),
        ("choice", "write_xx"),
        ("choice", "review"),
        ("choice", "choice"),
        ("links", "7"),
        ("links", "x"),
        ("opening", "x"),
        ("review", "x"),
        ("day", "x"),
    ],
)
def test_a_button_that_its_step_does_not_have_changes_nothing(step: str, more: str) -> None:
    desk = had(wordings={"fi": Wording("Vastaa pian")})
    desk.begins()
    assert desk.task is not None
    given = {**desk.task.given, "wrong": WRONG, "right": RIGHT}
    desk.task = replace(desk.task, step=step, given=given)
    desk.opens(Page.TASK, step, more)
    assert desk.task.given == given
    assert desk.toasts


def test_buttons_of_the_review_that_it_does_not_have_now() -> None:
    desk = corrected_once(waiting=1)
    reviewed(desk, f"{RIGHT}/2")
    for more in ("untold", "opened"):
        desk.opens(Page.TASK, "review", more)
        assert "kertoo molemmat" in desk.said
    assert desk.toasts == [desk.toasts[0]] * 2


def test_a_language_it_is_not_written_in_is_not_offered() -> None:
    desk = had(wordings={"fi": FI, "sv": SV})
    desk.begins()
    assert "Kirjoita englanninkielinen uudelleen" not in desk.labels()
    desk.opens(Page.TASK, "choice", "write_en")
    assert desk.toasts


def test_an_edit_before_anything_was_written() -> None:
    desk = had()
    desk.begins()
    desk.step(Edited("jotain", 1))
    assert "ei enää lueta" in desk.said


def test_a_restart_loses_nothing_of_it() -> None:
    marks = (Mark(Style.BOLD, 0, 6), Mark(Style.LINK, 7, 2, RIGHT))
    words = Wording("Vastaa 😀", marks, picture="picture-1")
    assert correcting._unpacked(correcting._packed(words)) == words

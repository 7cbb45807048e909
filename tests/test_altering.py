"""A meeting that changes: told as a change, at once, in one language if need be; cancelled; and
translated later, where it was received."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogs.panel.buttons import Page
from dialogs.panel.records import Coming, Held
from dialogs.screens import Own
from tests.desk import HELSINKI, key
from tests.meeting_desk import (
    INVITATION,
    LINK,
    MAIJA,
    MARY,
    NILS,
    OTHER_LINK,
    PAAVO,
    MeetingDesk,
    called,
    sent,
)


def altering(*seated: object, **more: object) -> MeetingDesk:
    desk = called(*seated, **more)  # type: ignore[arg-type]
    desk.opens(Page.CALLED, desk.called.key)
    desk.taps("Muuta")
    return desk


def moved(desk: MeetingDesk, day: str = "23.3.", hours: str = "17-19") -> MeetingDesk:
    desk.taps("Päivä ja aika")
    desk.types(day)
    desk.types(hours)
    return desk


# Moving


def test_a_moved_meeting_is_shown_as_members_will_see_it_and_sent_at_once() -> None:
    desk = altering(MAIJA, PAAVO)
    assert "torstaina 18.3. klo 17.00–19.00\nArjen turvallisuus\n\nMitä muutetaan?" in desk.said
    assert desk.labels() == [
        "Päivä ja aika",
        "Linkki",
        "Aihe",
        "Aineisto",
        "Muistutukset",
        "Keskeytä",
    ]
    desk.answers(MAIJA, Coming.IN)
    said = moved(desk).said
    assert said.startswith("Näin jäsenet näkevät muutoksen:\n\nKokoontuminen on muuttunut")
    assert (
        "Uusi aika on tiistaina 23.3. klo 17.00–19.00. Aiemmin sovittu aika oli torstaina 18.3."
        in (said)
    )
    assert "Muutos: heti" in said
    assert "Muistutus, 1 päivä ennen: maanantaina 22.3. klo 17.00" in said
    assert "kysymme kaikilta uudelleen" in said
    assert desk.link_buttons() == [], "the link is the old one"
    said = desk.taps("Kerro muutos heti")
    assert said.startswith("Muutoksesta kerrotaan jäsenille nyt heti.")
    assert "Tulee 0, ehkä 0, ei tule 0, ei ole vastannut 2." in said
    assert not desk.panel.attendance, "who comes is asked again"
    new = desk.called
    assert new.start == datetime(2027, 3, 23, 17, tzinfo=HELSINKI)
    assert (new.version, new.told) == (1, 1)
    assert desk.kinds()[0] == "1:changed"
    assert desk.last_deed.what == "meeting_changed"
    assert desk.withdrawn
    assert desk.task is None


def test_a_day_moved_alone_keeps_its_hours_by_two_taps() -> None:
    desk = altering(MAIJA)
    desk.taps("Päivä ja aika")
    assert "Nyt: torstaina 18.3." in desk.said
    desk.types("23.3.")
    assert "Nyt: 17.00–19.00" in desk.said
    assert desk.taps("Pidä tämä").startswith("Näin jäsenet näkevät muutoksen:")


def test_sending_a_change_twice_sends_it_once() -> None:
    desk = moved(altering(MAIJA))
    before = desk.task
    desk.taps("Kerro muutos heti")
    of = desk.called.key
    assert desk.taps_old(Page.ALTER, of, "send").startswith("Kokoontuminen\ntiistaina 23.3.")
    desk.task = before  # the power went before the task was laid aside
    assert desk.taps_old(Page.ALTER, of, "send").startswith("Kokoontuminen\ntiistaina 23.3.")
    assert desk.task is None
    assert desk.deeds.count("meeting_changed") == 1
    assert desk.called.version == 1


def test_nothing_changed_sends_nothing() -> None:
    desk = altering(MAIJA)
    desk.taps("Päivä ja aika")
    desk.taps("Pidä tämä")
    assert desk.taps("Pidä tämä").startswith("Mikään ei ole muuttunut.")
    of = desk.called.key
    assert desk.taps_old(Page.ALTER, of, "send").startswith("Mikään ei ole muuttunut.")
    assert desk.taps("Muuta jotakin").endswith("Mitä muutetaan?")
    assert desk.taps_old(Page.ALTER, of, "send").startswith("Mikään ei ole muuttunut.")
    assert desk.deeds == []


def test_a_new_time_that_has_passed_by_when_it_is_sent_is_asked_again() -> None:
    desk = moved(altering(MAIJA), day="10.3.")
    desk.now = datetime(2027, 3, 12, 12, tzinfo=HELSINKI)
    assert "aika on jo mennyt" in desk.opens(Page.GO_ON)
    of = desk.called.key
    assert desk.taps_old(Page.ALTER, of, "send").startswith("Minä päivänä?")


def test_a_change_left_half_told_is_asked_to_its_end_before_it_is_shown() -> None:
    desk = altering(MAIJA)
    desk.taps("Päivä ja aika")
    desk.taps("Pidä tämä")
    assert desk.types("16").startswith("Mihin asti?")
    for _ in range(3):
        desk.taps("Takaisin")
    assert desk.taps("Katso, miltä se näyttää").startswith("Mihin asti?")
    assert desk.types("18").startswith("Näin jäsenet näkevät muutoksen:")


# The link


def test_a_new_link_goes_out_only_when_it_opened_the_right_meeting() -> None:
    desk = altering(MAIJA)
    desk.taps("Linkki")
    desk.types(OTHER_LINK)
    assert "Linkki on uusi." in desk.said
    assert "Mitään ei lähde ennen kuin vahvistat sen." in desk.said
    assert desk.link_buttons() == [OTHER_LINK]
    of = desk.called.key
    assert "Kerro muutos heti" not in desk.labels()
    desk.taps_old(Page.ALTER, of, "send")
    assert desk.called.link == LINK
    desk.taps("Se avasi oikean kokoontumisen")
    assert "Olet vahvistanut" in desk.said
    desk.taps("Kerro muutos heti")
    assert desk.called.link == OTHER_LINK
    assert desk.called.passcode == ""


def test_on_the_evening_itself_the_link_can_still_change() -> None:
    desk = called(MAIJA)
    desk.now = datetime(2027, 3, 18, 17, 5, tzinfo=HELSINKI)
    desk.opens(Page.CALLED, desk.called.key)
    desk.taps("Muuta")
    desk.taps("Linkki")
    desk.types(OTHER_LINK)
    desk.taps("Se avasi")
    desk.taps("Kerro muutos heti")
    assert desk.called.link == OTHER_LINK


def test_a_link_changed_back_to_the_old_one_needs_no_opening() -> None:
    desk = altering(MAIJA)
    desk.taps("Linkki")
    desk.types(OTHER_LINK)
    desk.taps("Se avasi")
    desk.taps("Muuta jotakin")
    desk.taps("Linkki")
    desk.types(INVITATION)
    assert "Tunnus, tunnuskoodi tai puhelinnumero on uusi." in desk.said
    desk.taps("Kerro muutos heti")
    assert desk.called.passcode == "aB3dE6"


# The theme


def test_a_new_theme_may_go_at_once_in_the_own_language_the_others_are_said_to_follow() -> None:
    theme = {"fi": "Arjen turvallisuus", "sv": "Trygghet", "en": "Safety"}
    desk = altering(MAIJA, NILS, MARY, theme=theme)
    desk.taps("Aihe")
    desk.types("Osallisuus")
    assert desk.said.startswith("Mikä on aihe ruotsiksi?\n\nAihe on nyt: Osallisuus")
    assert "Nyt: Trygghet" in desk.said
    desk.taps("Ruotsiksi myöhemmin")
    desk.types("Participation")
    assert "Teksti puuttuu: ruotsiksi." in desk.said
    said = desk.taps("Ruotsiksi")
    assert "översättningen" in said
    desk.taps("Kerro muutos heti")
    assert desk.called.theme == {"fi": "Osallisuus", "en": "Participation"}
    assert "Lisää puuttuva käännös" in desk.labels()


def test_a_coordinator_of_another_language_than_the_theme_may_change_anything_else() -> None:
    desk = called(MAIJA, theme={"fi": "Arjen turvallisuus"})
    desk.language = "sv"
    desk.opens(Page.ALTER, desk.called.key)
    desk.taps("Dag och tid")
    desk.types("23.3.")
    assert desk.types("17-19").startswith("Så här ser medlemmarna ändringen:")
    desk.taps("Ändra något")
    desk.taps("Tema")
    assert desk.said.startswith("Vilket är temat på svenska?")
    desk.types("Trygghet")
    assert "Temat är nu: Trygghet" in desk.said


# Material and reminders


def test_material_alone_is_told_unless_it_is_left_out() -> None:
    desk = altering(MAIJA)
    desk.taps("Aineisto")
    desk.sends_file("pohja.pdf")
    assert desk.said.startswith("Näin jäsenet näkevät muutoksen:")
    assert desk.taps("Älä lähetä tästä viestiä").startswith("Jäsenille ei lähetetä")
    assert desk.taps("Kerro tästä jäsenille").startswith("Näin jäsenet näkevät")
    desk.taps("Kerro muutos heti")
    assert desk.called.material_name == "pohja.pdf"
    assert desk.called.told == 1


def test_material_left_untold_is_put_in_place_in_what_was_and_will_be_sent() -> None:
    desk = altering(MAIJA)
    desk.taps("Aineisto")
    desk.types("https://raati.example/pohja.pdf")
    desk.taps("Älä lähetä tästä viestiä")
    assert desk.taps("Tallenna").startswith("Tallennettu.")
    assert desk.called.material_link == "https://raati.example/pohja.pdf"
    assert (desk.called.version, desk.called.told) == (0, 0)
    assert not desk.planned
    kinds = [occasion.split(":", 2)[2] for occasion in desk.corrected]
    assert kinds[:2] == ["0:invite", "0:remind-1"]
    labels = [b.label for row in next(iter(desk.corrected.values())).cards["fi"].rows for b in row]
    assert "button.material" in [getattr(label, "phrase", "") for label in labels]


def test_material_that_comes_with_a_new_time_is_always_told() -> None:
    desk = altering(MAIJA)
    desk.taps("Aineisto")
    desk.types("https://raati.example/pohja.pdf")
    desk.taps("Älä lähetä tästä viestiä")
    desk.taps("Muuta jotakin")
    moved(desk)
    assert desk.said.startswith("Näin jäsenet näkevät muutoksen:")
    assert "Älä lähetä tästä viestiä" not in desk.labels()


def test_other_reminders_are_planned_anew_in_silence() -> None:
    desk = altering(MAIJA)
    desk.taps("Muistutukset")
    desk.taps_step("off168")
    desk.taps_step("on72")
    desk.taps("Valmis")
    assert desk.said.startswith("Jäsenille ei lähetetä tästä viestiä.\n\nMitä lähtee ja milloin:")
    assert "Muistutus, 3 päivää ennen: maanantaina 15.3. klo 17.00" in desk.said
    assert "Saajia" not in desk.said
    desk.taps("Tallenna")
    assert desk.called.reminders == (72, 24, 1)
    assert (desk.called.version, desk.called.told) == (1, 0)
    assert "1:remind-72" in desk.kinds()
    assert not [kind for kind in desk.kinds() if "changed" in kind]


# Two coordinators


def test_a_change_begun_before_another_s_writes_nothing_over_it() -> None:
    desk = moved(altering(MAIJA))
    desk.somebody_else_changes(link=OTHER_LINK)
    said = desk.taps("Kerro muutos heti")
    assert said.startswith("Kokoontumista on muutettu sillä välin")
    assert "torstaina 18.3." in said
    assert desk.called.link == OTHER_LINK
    assert desk.task is None
    assert not desk.planned


@pytest.mark.parametrize("page", [Page.ALTER, Page.CANCEL, Page.TRANSLATE])
def test_the_next_step_of_what_was_overtaken_shows_the_meeting_as_it_is(page: Page) -> None:
    overtaken = "Kokoontumista on muutettu sillä välin"
    for does in ("types", "taps", "goes on"):
        desk = called(MAIJA, NILS)
        desk.opens(page, desk.called.key)
        desk.somebody_else_changes(passcode="uusi99")
        if does == "types":
            assert desk.types("Jotakin").startswith(overtaken)
            assert desk.task is None
        elif does == "taps":
            assert desk.taps_step("link").startswith(overtaken)
            assert desk.task is None
        else:
            assert desk.opens(Page.GO_ON).startswith(overtaken)


def test_what_is_typed_into_an_overtaken_change_on_a_card_that_was_never_seen() -> None:
    desk = called(MAIJA)
    desk.opens(Page.ALTER, desk.called.key)
    desk.somebody_else_changes(passcode="uusi99")
    assert desk.task is not None
    desk.task = replace(desk.task, card=None)
    assert desk.types("Jotakin").startswith("Kokoontumista on muutettu")


@pytest.mark.parametrize("page", [Page.ALTER, Page.CANCEL, Page.TRANSLATE])
def test_a_send_of_one_meeting_does_nothing_to_another_that_is_under_way(page: Page) -> None:
    desk = called(MAIJA, NILS)
    other = replace(desk.called, key=key("Toinen"), theme={"fi": "Toinen"})
    first = desk.called
    desk.put(other)
    desk.opens(page, other.key)
    if page is Page.CANCEL:
        desk.taps("Ilman syytä")
    under_way = desk.task
    assert "Arjen turvallisuus" in desk.taps_old(page, first.key, "send")
    assert desk.task == under_way
    assert desk.deeds == []


def test_of_a_meeting_that_is_not_there_any_more_the_list_is_shown() -> None:
    for page in (Page.ALTER, Page.CANCEL, Page.TRANSLATE, Page.CALLED, Page.WHO):
        desk = MeetingDesk(MAIJA)
        assert desk.opens(page, key("Mennyt")).startswith("Kokoontumiset\n")
    desk = called(MAIJA)
    desk.opens(Page.ALTER, desk.called.key)
    desk.panel = replace(desk.panel, meetings=())
    assert desk.types("x") == (
        "Kokoontumista on muutettu sillä välin, eikä muutostasi tallennettu. Näin se on nyt:"
    )


def test_what_is_over_or_cancelled_cannot_be_changed() -> None:
    for page in (Page.ALTER, Page.CANCEL):
        desk = called(MAIJA, held=Held.CANCELLED)
        assert desk.opens(page, desk.called.key).startswith("Peruttu kokoontuminen")
        desk = called(MAIJA)
        desk.now += timedelta(days=90)
        assert desk.opens(page, desk.called.key).startswith("Kokoontuminen")
        assert desk.task is None


def test_whom_to_call_is_shown_apart() -> None:
    desk = moved(altering(PAAVO))
    assert "Paavo Puhelin, +358 40 000 0000" in desk.taps("Kenelle pitää soittaa")
    desk = called(PAAVO)
    desk.opens(Page.CANCEL, desk.called.key)
    desk.taps("Ilman syytä")
    assert "Paavo Puhelin, +358 40 000 0000" in desk.taps("Kenelle pitää soittaa")


# Cancelling


def cancelling(*seated: object, **more: object) -> MeetingDesk:
    desk = called(*seated, **more)  # type: ignore[arg-type]
    desk.opens(Page.CALLED, desk.called.key)
    desk.taps("Peru kokoontuminen")
    return desk


def test_cancelling_takes_a_reason_and_two_taps() -> None:
    desk = cancelling(MAIJA, NILS, theme={"fi": "Arki", "sv": "Vardag"})
    assert "Miksi kokoontuminen perutaan?" in desk.said
    said = desk.types("Sairastapaus\nvetäjällä")
    assert said.startswith("Näin jäsenet näkevät peruutuksen:")
    assert "Sairastapaus vetäjällä" in said
    assert "Saajia Telegramissa: 2 jäsentä." in said
    assert "Teksti puuttuu: ruotsiksi." in said
    assert "inställt" in desk.taps("Ruotsiksi")
    assert not desk.planned
    said = desk.taps("Peru kokoontuminen ja kerro heti")
    assert said.startswith("Kokoontuminen on peruttu, ja jäsenille kerrotaan siitä heti.")
    assert "Syy:\nSairastapaus vetäjällä" in said
    assert desk.called.held is Held.CANCELLED
    assert desk.kinds() == ["1:cancelled"]
    assert desk.last_deed.what == "meeting_cancelled"
    assert desk.task is None


def test_cancelling_twice_does_nothing_twice() -> None:
    desk = cancelling(MAIJA)
    desk.taps("Ilman syytä")
    before = desk.task
    desk.taps("Peru kokoontuminen ja kerro heti")
    of = desk.called.key
    assert desk.taps_old(Page.CANCEL, of, "send").startswith("Peruttu kokoontuminen")
    desk.task = before
    assert desk.taps_old(Page.CANCEL, of, "send").startswith("Peruttu kokoontuminen")
    assert desk.task is None
    assert desk.deeds.count("meeting_cancelled") == 1
    assert desk.called.reason == {}


def test_a_reason_can_be_told_anew_or_left_out() -> None:
    desk = cancelling(MAIJA)
    assert desk.types("a" * 301).startswith("Kirjoita syy tekstinä, enintään 300 merkkiä.")
    assert desk.sends().startswith("Kirjoita vastaus tekstinä tai käytä painikkeita.")
    assert "Miksi" in desk.taps_step("nothing")
    desk.types("Sairastapaus")
    assert desk.types("vielä jotakin").startswith("Tässä kohdassa valitaan painikkeilla.")
    assert desk.sends().startswith("Tässä kohdassa")
    assert desk.taps_step("nothing").startswith("Näin jäsenet")
    assert "Miksi" in desk.taps("Takaisin")
    of = desk.called.key
    assert "Miksi" in desk.taps_old(Page.CANCEL, of, "send"), "not before it was seen"
    desk.taps("Ilman syytä")
    assert "Sairastapaus" not in desk.said


def test_a_reason_delivered_twice_is_taken_once() -> None:
    desk = cancelling(MAIJA)
    desk.types("Sairastapaus")
    assert desk.types_again("Sairastapaus").startswith("Näin jäsenet näkevät peruutuksen:")


def test_cancelling_writes_nothing_over_a_change_made_meanwhile() -> None:
    desk = cancelling(MAIJA)
    desk.taps("Ilman syytä")
    desk.somebody_else_changes(link=OTHER_LINK)
    said = desk.taps("Peru kokoontuminen ja kerro heti")
    assert said.startswith("Kokoontumista on muutettu sillä välin")
    assert desk.called.held is Held.CALLED


def test_a_meeting_that_ended_while_it_was_being_cancelled_stays() -> None:
    desk = cancelling(MAIJA)
    desk.taps("Ilman syytä")
    desk.now += timedelta(days=90)
    assert desk.taps("Peru kokoontuminen ja kerro heti").startswith("Kokoontuminen\n")
    assert desk.called.held is Held.CALLED


# Translating


def translating(*seated: object, **more: object) -> MeetingDesk:
    desk = called(*seated, **more)  # type: ignore[arg-type]
    desk.opens(Page.CALLED, desk.called.key)
    desk.taps("Lisää puuttuva käännös")
    return desk


def test_a_missing_translation_is_put_in_place_where_it_was_received() -> None:
    desk = called(MAIJA, NILS, MARY, replace(PAAVO, language="sv"))
    desk.reports(v0_invite=sent(3))
    desk.opens(Page.CALLED, desk.called.key)
    desk.taps("Lisää puuttuva käännös")
    assert desk.said.startswith("Mikä on aihe ruotsiksi?\n\nArjen turvallisuus")
    assert desk.labels() == ["Ohita", "Keskeytä"]
    assert desk.types("Trygghet i vardagen").startswith("Mikä on aihe englanniksi?")
    said = desk.taps("Ohita")
    assert said.startswith("Näin jäsenet näkevät viestin:")
    assert "Korjaamme 3 viestiä, jotka ovat jo perillä." in said
    assert "Tema: Trygghet i vardagen" in desk.taps("Ruotsiksi")
    said = desk.taps("Vie käännös paikalleen")
    assert said.startswith("Käännös on viety paikalleen.")
    assert desk.called.theme == {"fi": "Arjen turvallisuus", "sv": "Trygghet i vardagen"}
    assert (desk.called.version, desk.called.told) == (0, 0)
    assert not desk.planned, "nothing new is sent"
    invite = next(one for name, one in desk.corrected.items() if name.endswith(":0:invite"))
    own = [line.words for part in invite.cards["sv"].paragraphs for line in part]
    assert any(Own("Trygghet i vardagen") in getattr(w, "values", {}).values() for w in own)
    assert desk.last_deed.what == "meeting_translated"
    assert "Lisää puuttuva käännös" in desk.labels(), "English is still missing"


def test_the_reason_of_a_cancelled_meeting_is_translated_too() -> None:
    desk = translating(
        NILS, theme={"fi": "Arki"}, held=Held.CANCELLED, reason={"fi": "Sairastapaus"}, told=0
    )
    desk.types("Vardag")
    assert desk.said.startswith("Mikä on syy ruotsiksi?\n\nSairastapaus")
    assert desk.types("x" * 301).startswith("Kirjoita se tekstinä, enintään 300 merkkiä.")
    desk.types("Sjukdomsfall")
    assert "Viestejä ei ole vielä perillä." in desk.said
    assert "Mikä on syy" in desk.taps("Takaisin")
    desk.types("Ett sjukdomsfall")
    desk.taps("Vie käännös paikalleen")
    assert desk.called.reason == {"fi": "Sairastapaus", "sv": "Ett sjukdomsfall"}
    assert "Lisää puuttuva käännös" not in desk.labels()


def test_who_did_not_get_the_message_is_not_counted_as_edited() -> None:
    other = replace(NILS, key=key("Other"), name="Stina Exempel", chat=14)
    desk = called(NILS, other)
    desk.reports(v0_invite=replace(sent(1, left=1), missed=(other.key,)))
    desk.opens(Page.TRANSLATE, desk.called.key)
    assert "Korjaamme 1 viestin" in desk.types("Trygghet")


def test_skipping_everything_puts_nothing_in_place() -> None:
    desk = translating(NILS)
    assert desk.taps("Ohita").startswith("Et lisännyt mitään.")
    of = desk.called.key
    assert desk.taps_old(Page.TRANSLATE, of, "send").startswith("Et lisännyt mitään.")
    assert desk.types("Trygghet").startswith("Tässä kohdassa valitaan painikkeilla.")
    desk.taps("Takaisin")
    assert desk.sends().startswith("Kirjoita vastaus tekstinä")
    assert desk.taps_step("nothing").startswith("Mikä on aihe ruotsiksi?")
    assert desk.taps_step("back").startswith("Mikä on aihe ruotsiksi?"), "it is the first"


def test_a_translation_is_put_in_place_once() -> None:
    desk = translating(NILS)
    desk.types("Trygghet")
    assert desk.types_again("Trygghet").startswith("Näin jäsenet näkevät viestin:")
    before = desk.task
    desk.taps("Vie käännös paikalleen")
    of = desk.called.key
    assert desk.taps_old(Page.TRANSLATE, of, "send").startswith("Kokoontuminen\n")
    desk.task = before
    assert desk.taps_old(Page.TRANSLATE, of, "send").startswith("Kokoontuminen\n")
    assert desk.task is None
    assert desk.deeds.count("meeting_translated") == 1
    assert desk.opens(Page.TRANSLATE, of).startswith("Kokoontuminen\n"), "nothing is missing"


def test_a_translation_writes_nothing_over_a_change_made_meanwhile() -> None:
    desk = translating(NILS)
    desk.types("Trygghet")
    desk.somebody_else_changes(theme={"fi": "Osallisuus"})
    said = desk.taps("Vie käännös paikalleen")
    assert said.startswith("Kokoontumista on muutettu sillä välin")
    assert desk.called.theme == {"fi": "Osallisuus"}


def test_a_meeting_that_nobody_has_heard_of_yet_is_cancelled_without_a_word() -> None:
    desk = cancelling(MAIJA, asked_at=datetime(2027, 1, 28, 8, tzinfo=HELSINKI))
    said = desk.taps("Ilman syytä")
    assert "Kutsu ei ole vielä lähtenyt kenellekään" in said
    said = desk.taps("Peru kokoontuminen ja kerro heti")
    assert said.startswith("Kokoontuminen on peruttu. Kutsua ei lähetetä.")
    assert desk.kinds() == []
    assert desk.called.held is Held.CANCELLED

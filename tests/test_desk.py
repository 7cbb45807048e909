"""The meetings as coordinators see them: the list, a meeting's desk, who comes, what was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dialogs.announcement import Report, State
from dialogs.panel.buttons import Page
from dialogs.panel.records import Coming, Held
from tests.desk import NOW, meeting, member
from tests.meeting_desk import MAIJA, MARY, NILS, PAAVO, MeetingDesk, called, sent

# The list


def test_the_list_has_what_is_ahead_and_the_way_to_call_one() -> None:
    desk = MeetingDesk(MAIJA)
    assert desk.opens(Page.DESK).startswith("Kokoontumiset\nYhtään kokoontumista ei ole kutsuttu")
    assert desk.labels() == ["Kutsu kokoontuminen koolle", "Takaisin"]
    desk.put(meeting())
    assert desk.opens(Page.DESK) == "Kokoontumiset\nValitse kokoontuminen."
    assert desk.labels()[0] == "torstaina 18.3., Arjen turvallisuus"
    assert desk.taps("torstaina 18.3.").startswith("Kokoontuminen\ntorstaina 18.3. klo 17.00")
    assert desk.taps("Takaisin").startswith("Kokoontumiset")
    assert desk.taps("Takaisin").startswith("Asiakasraati")


def test_past_and_cancelled_meetings_stand_apart_the_latest_first() -> None:
    over = [
        meeting(f"Ilta {number}", start=NOW - timedelta(days=number), end=NOW - timedelta(number))
        for number in range(1, 23)
    ]
    desk = MeetingDesk(meeting("Peruttu", held=Held.CANCELLED), *over)
    assert "Yhtään" in desk.opens(Page.DESK)
    desk.taps("Menneet ja perutut")
    assert desk.labels()[:2] == ["torstaina 18.3., peruttu", "tiistaina 26.1., Ilta 1"]
    assert len(desk.labels()) == 12
    desk.taps("Seuraava sivu")
    assert desk.labels()[-3:] == ["Edellinen sivu", "Seuraava sivu", "Takaisin"]
    desk.taps("Seuraava sivu")
    assert desk.labels()[-2:] == ["Edellinen sivu", "Takaisin"]
    desk.taps("Edellinen sivu")
    desk.taps("Edellinen sivu")
    assert desk.labels()[0] == "torstaina 18.3., peruttu"
    assert desk.taps("Takaisin").startswith("Kokoontumiset")


# A meeting's desk


def test_the_desk_tells_when_what_how_to_join_and_how_many_come() -> None:
    desk = called(
        MAIJA,
        NILS,
        MARY,
        theme={"sv": "Trygghet", "fi": "Arki", "en": "Safety"},
        passcode="aB3dE6",
        material_link="https://raati.example/pohja.pdf",
        reminders=(24, 168),
    )
    desk.answers(MAIJA, Coming.IN)
    desk.answers(NILS, Coming.MAYBE)
    assert desk.opens(Page.CALLED, desk.called.key) == (
        "Kokoontuminen\ntorstaina 18.3. klo 17.00–19.00\n"
        "Suomeksi: Arki\nRuotsiksi: Trygghet\nEnglanniksi: Safety\n\n"
        "Avaa kokoontuminen Teamsissa\nTunnuskoodi: aB3dE6\n\n"
        "Aineisto\nMuistutukset: 7 päivää ennen ja 1 päivä ennen\n\n"
        "Tulee 1, ehkä 1, ei tule 0, ei ole vastannut 1."
    )
    assert not desk.card.private
    assert desk.labels() == [
        "Ketkä tulevat",
        "Lähetetyt viestit",
        "Muuta",
        "Peru kokoontuminen",
        "Takaisin",
    ]


def test_the_material_s_file_is_named() -> None:
    desk = called(material_file="id", material_name="pohja.pdf", reminders=())
    assert "Aineisto: pohja.pdf\n\nTulee 0" in desk.opens(Page.CALLED, desk.called.key)
    desk = called(material_file="id")
    assert "Aineisto: tiedosto" in desk.opens(Page.CALLED, desk.called.key)


def test_a_missing_translation_is_offered_while_it_can_be_of_use() -> None:
    desk = called(MAIJA, NILS)
    desk.opens(Page.CALLED, desk.called.key)
    assert "Lisää puuttuva käännös" in desk.labels()
    desk.now += timedelta(days=90)
    desk.opens(Page.CALLED, desk.called.key)
    assert desk.labels() == ["Ketkä tulevat", "Lähetetyt viestit", "Takaisin"]


def test_a_cancelled_meeting_s_desk_tells_why_and_cannot_be_changed() -> None:
    desk = called(MAIJA, PAAVO, held=Held.CANCELLED, reason={"fi": "Sairastapaus"})
    said = desk.opens(Page.CALLED, desk.called.key)
    assert said == (
        "Peruttu kokoontuminen\ntorstaina 18.3. klo 17.00–19.00\nArjen turvallisuus\n"
        "Syy:\nSairastapaus\n\n1 jäsentä ei ole tavoitettu: hänelle pitää soittaa."
    )
    assert desk.labels() == ["Ketkä tulevat", "Lähetetyt viestit", "Takaisin"]


def test_a_cancelled_meeting_of_which_everybody_heard_counts_nobody() -> None:
    desk = called(MAIJA, held=Held.CANCELLED)
    assert desk.opens(Page.CALLED, desk.called.key).endswith("Arjen turvallisuus")


def test_what_expired_is_named_on_the_desk() -> None:
    desk = called(MAIJA)
    desk.reports(v0_invite=sent(1), v0_remind_24=sent(0, expired=1))
    said = desk.opens(Page.CALLED, desk.called.key)
    assert said.endswith("Vanheni ennen kuin ehti perille: Muistutus, 1 päivä ennen.")


# Who comes


def test_who_comes_is_named_in_groups_on_a_private_card() -> None:
    more = [member("Olli Oikea", chat=15), member("Sari Suora", chat=16)]
    desk = called(MAIJA, NILS, MARY, *more)
    desk.answers(MAIJA, Coming.IN)
    desk.answers(NILS, Coming.OUT)
    desk.answers(MARY, Coming.MAYBE)
    desk.opens(Page.CALLED, desk.called.key)
    assert desk.taps("Ketkä tulevat") == (
        "Ketkä tulevat\ntorstaina 18.3. klo 17.00–19.00\n\n"
        "Tulevat\nMaija Esimerkki\n\nEhkä\nMary Example\n\nEivät tule\nNils Exempel\n\n"
        "Eivät ole vastanneet\nOlli Oikea\nSari Suora"
    )
    assert desk.card.private
    assert desk.deeds == ["attendance_seen"]
    desk.taps("Takaisin")
    desk.taps("Ketkä tulevat")
    assert desk.deeds == ["attendance_seen"], "looking again at once is one deed"
    assert desk.taps("Sulje").startswith("Asiakasraati")


def test_whom_to_call_stands_with_contact_and_with_what_they_missed() -> None:
    desk = called(MAIJA, NILS, PAAVO, replace(MARY, gone=True))
    desk.reports(
        v0_invite=replace(sent(1, left=2), missed=(NILS.key, MARY.key)),
        v0_remind_168=replace(sent(1, failed=1), missed=(NILS.key,)),
    )
    assert "3 jäsentä ei ole tavoitettu" in desk.opens(Page.CALLED, desk.called.key)
    said = desk.taps("Ketkä tulevat")
    assert said.endswith(
        "Näille pitää soittaa\n"
        "Mary Example, mary@posti.example, viestit eivät tavoita: Kutsu\n"
        "Nils Exempel, nils@posti.example: Kutsu ja Muistutus, 7 päivää ennen\n"
        "Paavo Puhelin, +358 40 000 0000, ei Telegramia"
    )


def test_who_missed_only_what_is_not_true_any_more_need_not_be_called() -> None:
    desk = called(NILS, version=1, told=1)
    desk.reports(v0_invite=replace(sent(0, left=1), missed=(NILS.key,)), v1_changed=sent(1))
    assert "soittaa" not in desk.opens(Page.CALLED, desk.called.key)


def test_who_got_a_later_message_of_it_need_not_be_called() -> None:
    desk = called(MAIJA, NILS)
    missed = replace(sent(1, expired=1), missed=(NILS.key,))
    desk.reports(v0_invite=sent(2), v0_remind_168=missed, v0_nudge=missed, v0_remind_24=sent(2))
    assert "soittaa" not in desk.opens(Page.CALLED, desk.called.key)
    assert "soittaa" not in desk.taps("Ketkä tulevat")


def test_who_missed_the_nudge_after_the_last_reminder_is_still_to_be_called() -> None:
    desk = called(MAIJA, NILS)
    missed = replace(sent(0, expired=1), missed=(NILS.key,))
    desk.reports(v0_invite=sent(2), v0_remind_168=sent(2), v0_nudge=missed, v0_remind_24=Report({}))
    desk.opens(Page.CALLED, desk.called.key)
    assert desk.taps("Ketkä tulevat").endswith(
        "Nils Exempel, nils@posti.example: Kysymys niille, jotka eivät ole vastanneet"
    )


def test_a_nudge_to_others_reaches_nobody_who_missed_the_invitation() -> None:
    desk = called(MAIJA, NILS)
    desk.reports(v0_invite=replace(sent(1, failed=1), missed=(NILS.key,)), v0_nudge=sent(1))
    assert "1 jäsentä ei ole tavoitettu" in desk.opens(Page.CALLED, desk.called.key)


def test_what_expired_stands_on_a_line_each_and_each_once() -> None:
    desk = called(MAIJA, version=1)
    late = sent(0, expired=1)
    desk.reports(v0_remind_24=late, v0_remind_168=late, v1_remind_24=late)
    assert desk.opens(Page.CALLED, desk.called.key).endswith(
        "Vanheni ennen kuin ehti perille: Muistutus, 7 päivää ennen.\n"
        "Vanheni ennen kuin ehti perille: Muistutus, 1 päivä ennen."
    )


def test_only_reminders_that_are_still_ahead_stand_on_the_desk() -> None:
    desk = called(MAIJA, reminders=(168, 24))
    desk.now = desk.called.start - timedelta(days=7)
    assert "Muistutukset: 1 päivä ennen\n" in desk.opens(Page.CALLED, desk.called.key)
    desk.now = desk.called.start - timedelta(hours=2)
    assert "Muistutukset" not in desk.opens(Page.CALLED, desk.called.key)


def test_a_panel_without_members_is_said() -> None:
    desk = called()
    assert "Raadissa ei ole nyt jäseniä." in desk.opens(Page.WHO, desk.called.key)


# What was sent


def test_nothing_sent_yet_is_said() -> None:
    desk = called(MAIJA)
    desk.opens(Page.CALLED, desk.called.key)
    assert "ei ole vielä lähetetty mitään" in desk.taps("Lähetetyt viestit")
    assert desk.taps("Takaisin").startswith("Kokoontuminen")


def test_each_message_tells_what_became_of_it() -> None:
    desk = called(MAIJA, version=2, told=1)
    late = {"v0_late:aa": sent(1), "v0_late:bb": sent(0, waiting=1)}
    desk.reports(
        v0_invite=Report(
            {
                State.SENT: 12,
                State.WAITING: 1,
                State.SENDING: 1,
                State.UNCERTAIN: 1,
                State.LEFT: 2,
                State.FAILED: 1,
                State.WITHDRAWN: 1,
            },
            doubled=2,
        ),
        v0_remind_168=sent(17),
        v0_remind_24=Report({}),
        v1_changed=sent(19),
        v1_thanks=Report({}),
        v2_remind_24=sent(0, expired=19),
        v2_remind_1=Report({}),
        v2_thanks=Report({}),
        **late,
    )
    desk.opens(Page.CALLED, desk.called.key)
    assert desk.taps("Lähetetyt viestit") == (
        "Lähetetyt viestit\ntorstaina 18.3. klo 17.00–19.00\n\n"
        "Kutsu: perillä 12, odottaa 3, ei mennyt perille 3, otettu takaisin 1, "
        "2 sai ehkä kahdesti\n"
        "Kutsu myöhemmin tulleelle: perillä 1, odottaa 1\n"
        "Muistutus, 7 päivää ennen: perillä 17\n"
        "Muutos: perillä 19\n"
        "Muistutus, 1 päivä ennen: vanheni 19\n"
        "Muistutus, 1 tunti ennen: ei vielä lähetetty\n"
        "Kiitos: ei vielä lähetetty"
    )


def test_the_desk_speaks_each_language() -> None:
    for language, title in (("sv", "Möte\ntorsdag 18.3 kl. 17.00–19.00"), ("en", "Meeting\n")):
        desk = called(MAIJA)
        desk.language = language
        assert desk.opens(Page.CALLED, desk.called.key).startswith(title)

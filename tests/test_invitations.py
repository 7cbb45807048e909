"""Invitations: a link is shown once, in the message that is forwarded; listed, and taken back."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from dialogs.panel import links
from dialogs.panel.buttons import Page
from dialogs.panel.records import Invitation, Purpose, Reason, Standing, Use
from dialogs.screens import Place
from tests.desk import HELSINKI, NOW, TODAY, Desk, key, member

MAIJA = member("Maija Esimerkki")


def link(name: str, purpose: Purpose = Purpose.MEMBER, **more: object) -> Invitation:
    known: dict[str, object] = {
        "expires": NOW + timedelta(days=5),
        "made_on": TODAY,
        "made_by": "Kaisa",
        **more,
    }
    return Invitation(key(name), purpose, revision=1, **known)  # type: ignore[arg-type]


def test_an_invitation_is_made_in_a_language_and_shown_once_to_be_forwarded() -> None:
    desk = Desk()
    desk.opens(Page.INVITATIONS)
    assert desk.said == "Kutsut\n\nKutsuja ei ole tehty."
    assert "Millä kielellä viesti kirjoitetaan?" in desk.taps("Kutsu jäseneksi")
    below = desk.taps("På svenska")
    tapped = desk.text(desk.cards[min(desk.cards)])
    assert tapped.startswith("Linkki on seuraavassa viestissä. Lähetä se edelleen.")
    assert "http" not in tapped
    assert below.startswith("Du har valts till välfärdsområdets kundråd.")
    assert "senast onsdag 10.2" in below
    assert desk.card.place is Place.NEW
    assert desk.card.rows == (), "it is forwarded as it is"
    found = re.search(r"https://t\.me/raati_bot\?start=(\S+)", below)
    assert found is not None
    (made,) = desk.panel.invitations
    token = links.opened(found[1])
    assert token is not None
    assert made.key == links.digest(token)
    assert (made.purpose, made.use, made.made_on, made.made_by) == (
        Purpose.MEMBER,
        Use.OPEN,
        TODAY,
        "Kaisa",
    )
    assert made.expires == datetime(2027, 2, 11, 0, 0, tzinfo=HELSINKI), "the whole last day"
    assert desk.deeds == ["invitation_made"]
    assert token not in desk.opens(Page.INVITATIONS)


def test_what_is_kept_does_not_open_anything() -> None:
    desk = Desk()
    said = desk.opens(Page.INVITE, "reserve", "fi")
    assert "varasijalle" in said
    (made,) = desk.panel.invitations
    assert made.key.hex() not in said
    assert made.purpose is Purpose.RESERVE


def test_each_link_is_another() -> None:
    desk = Desk()
    desk.opens(Page.INVITE, "member", "fi")
    desk.opens(Page.INVITE, "member", "fi")
    assert len({one.key for one in desk.panel.invitations}) == 2


def test_while_telegram_does_not_tell_the_bot_s_name_no_link_is_made() -> None:
    desk = Desk()
    desk.bot_link = ""
    said = desk.opens(Page.INVITE, "member", "fi")
    assert said == "Linkkiä ei saatu nyt tehtyä. Yritä hetken päästä uudelleen."
    assert desk.panel.invitations == ()
    desk.bot_link = "https://t.me/raati_bot"
    assert "Millä kielellä" in desk.taps("Yritä uudelleen")


def test_a_link_moves_somebody_s_membership_to_another_account() -> None:
    desk = Desk(MAIJA)
    desk.opens(Page.PERSON, MAIJA.key)
    said = desk.taps("Linkki Telegram-tilille")
    assert said.startswith("Maija Esimerkki\nLinkillä hänen jäsenyytensä siirtyy")
    assert "Tällä linkillä siirrät" in desk.taps("Suomeksi")
    (made,) = desk.panel.invitations
    assert (made.purpose, made.member) == (Purpose.MOVE, MAIJA.key)
    assert desk.last_deed.what == "move_invited"
    assert desk.last_deed.about == MAIJA.key.hex()


def test_nobody_s_membership_is_moved_that_has_ended_or_is_erased() -> None:
    ended = member("Eino Entinen", Standing.ENDED, reason=Reason.MOVED, ended_on=TODAY)
    desk = Desk(ended)
    assert "Päättyi" in desk.opens(Page.INVITE, ended.key, "fi")
    assert "ei ole enää rekisterissä" in desk.opens(Page.INVITE, MAIJA.key, "fi")
    assert "ei ole enää rekisterissä" in desk.opens(Page.INVITE, "", "fi")
    assert desk.panel.invitations == ()


def test_the_list_tells_of_each_what_for_by_whom_until_when_and_what_became_of_it() -> None:
    midnight = datetime(2027, 2, 11, 0, 0, tzinfo=HELSINKI)
    desk = Desk(
        link("open", expires=midnight),
        link("used", Purpose.RESERVE, use=Use.USED, expires=NOW + timedelta(days=9)),
        link("back", Purpose.MOVE, use=Use.WITHDRAWN, expires=NOW + timedelta(days=8)),
        link("old", Purpose.COORDINATOR, made_by="", expires=NOW - timedelta(days=1)),
    )
    assert desk.opens(Page.INVITATIONS) == (
        "Kutsut\n\n"
        "1. Kutsu jäseneksi\nTehty keskiviikkona 27.1., tekijä Kaisa.\n"
        "Avoin, toimii keskiviikkona 10.2. puoleenyöhön asti.\n\n"
        "2. Kutsu varasijalle\nTehty keskiviikkona 27.1., tekijä Kaisa.\nKäytetty.\n\n"
        "3. Linkki uudelle Telegram-tilille\nTehty keskiviikkona 27.1., tekijä Kaisa.\nPeruttu.\n\n"
        "4. Linkki koordinaattorille\nTehty keskiviikkona 27.1., tekijä palvelun ylläpitäjä.\n"
        "Vanhentui tiistaina 26.1. keskiyöllä."
    )
    assert [label for label in desk.labels() if label.startswith("Peru")] == ["Peru kutsu 1"]


def test_an_open_link_is_taken_back_with_a_tap() -> None:
    desk = Desk(link("open"), link("other", Purpose.RESERVE))
    desk.opens(Page.INVITATIONS)
    said = desk.taps("Peru kutsu 1")
    assert said.count("Peruttu.") == 1
    assert [label for label in desk.labels() if label.startswith("Peru")] == ["Peru kutsu 1"]
    assert desk.deeds == ["invitation_taken_back"]


@pytest.mark.parametrize(
    "there",
    [
        (),
        (link("open", use=Use.USED),),
        (link("open", use=Use.WITHDRAWN),),
        (link("open", expires=NOW),),
    ],
    ids=["erased", "used", "withdrawn", "run out"],
)
def test_a_link_that_does_not_work_any_more_is_not_taken_back(
    there: tuple[Invitation, ...],
) -> None:
    desk = Desk(*there)
    desk.opens(Page.TAKE_BACK, key("open"))
    assert desk.panel.invitations == there
    assert desk.deeds == []


def test_a_long_list_goes_by_eight_with_what_works_first() -> None:
    used = [link(f"used {n}", use=Use.USED, expires=NOW + timedelta(days=9)) for n in range(8)]
    desk = Desk(*used, link("open"))
    assert "1. Kutsu jäseneksi\nTehty" in desk.opens(Page.INVITATIONS)
    assert desk.said.count("Käytetty.") == 7
    assert desk.taps("Seuraava sivu").count("Käytetty.") == 1


def test_made_on_another_day_names_it() -> None:
    desk = Desk(link("open", made_on=date(2026, 12, 24)))
    assert "Tehty torstaina 24.12.2026" in desk.opens(Page.INVITATIONS)

"""What is found in a pasted Teams invitation, and which addresses are asked about twice. Every
sample is invented; labels and layout are those of invitations of several years."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.panel.teams import Doubt, Found, doubts, found, host
from tests.tries import tries

JOIN = (
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_S2Vrc2l0dHk%40thread.v2/0"
    "?context=%7b%22Tid%22%3a%2200000000-1111-2222-3333-444444444444%22%2c%22Oid%22"
    "%3a%2255555555-6666-7777-8888-999999999999%22%7d"
)
MEET = "https://teams.microsoft.com/meet/34567890123456?p=KeKsItTyKeKsItTy"

FINNISH = f"""\
Hei, tässä torstain linkki.
________________________________________________________________________________
Microsoft Teams Tarvitsetko apua?<https://aka.ms/JoinTeamsMeeting?omkt=fi-FI>
Liity kokoukseen nyt<{JOIN}>
Kokouksen tunnus: 345 678 901 234 56
Tunnuskoodi: aB3cD4
________________________________
Soita sisään puhelimella
+358 14 000 0000,,123456789#<tel:+358140000000,,123456789#> Finland, Helsinki
Etsi paikallinen numero<https://dialin.teams.microsoft.com/00000000-1111?id=123456789>
Puhelinneuvottelun tunnus: 123 456 789#
Järjestäjille: Kokousasetukset<https://teams.microsoft.com/meetingOptions/?organizerId=55>\
 | Palauta puhelinliittymän PIN-koodi<https://dialin.teams.microsoft.com/usp/pstnconferencing>
________________________________________________________________________________
"""

SWEDISH = f"""\
________________________________________________________________________________
Microsoft Teams Behöver du hjälp?<https://aka.ms/JoinTeamsMeeting?omkt=sv-SE>
Anslut till mötet nu<{JOIN}>
Mötes-ID: 345 678 901 23
Lösenord: xY9zQ2
________________________________
Ring in via telefon
+358 14 000 0000,,987654321# Finland, Helsinki
Telefonkonferens-ID: 987 654 321#
För organisatörer: Mötesalternativ<https://teams.microsoft.com/meetingOptions/?organizerId=55>
"""

ENGLISH = f"""\
________________________________________________________________________________
Microsoft Teams Need help?<https://aka.ms/JoinTeamsMeeting?omkt=en-US>
Join the meeting now<{MEET}>
Meeting ID: 345 678 901 234 56
Passcode: aBc123
________________________________
Dial in by phone
+358 14 000 0000,,123456789#<tel:+358140000000,,123456789#> Finland, Helsinki
Find a local number<https://dialin.teams.microsoft.com/00000000-1111?id=123456789>
Phone conference ID: 123 456 789#
Join on a video conferencing device
Tenant key: teams@video.example
Video ID: 111 222 333 4
For organizers: Meeting options<https://teams.microsoft.com/meetingOptions/?organizerId=55>
"""

OLDER_FINNISH = f"""\
Microsoft Teams -kokous
Liity tietokoneella, mobiilisovelluksella tai huonelaitteella
Liity kokoukseen napsauttamalla tätä <{JOIN}>
Kokouksen tunnus: 345 678 901 234
Salasana: KekSit
Lataa Teams <https://www.microsoft.com/en-us/microsoft-teams/download-app> | Liity verkossa\
 <https://www.microsoft.com/microsoft-teams/join-a-meeting>
Tai soita sisään (vain ääni)
+358 14 000 0000,,123456789#   Finland, Helsinki
Puhelinneuvottelun tunnus: 123 456 789#
"""

OLDER_ENGLISH = f"""\
Microsoft Teams meeting
Join on your computer, mobile app or room device
Click here to join the meeting ({JOIN})
Meeting ID: 345 678 901 234
Passcode: KekSit
Download Teams (https://www.microsoft.com/en-us/microsoft-teams/download-app) | Join on the web\
 (https://www.microsoft.com/microsoft-teams/join-a-meeting)
Join with a video conferencing device
123456@video.example
Video Conference ID: 999 888 777 6
Alternate VTC instructions
Or call in (audio only)
+358 14 000 0000   Finland, Helsinki
Phone Conference ID: 123 456 789#
"""

PRIVATE = """\
Jasmin kutsuu sinut kokoukseen
https://teams.live.com/meet/9312345678901?p=KeKsItTy
"""


def wrapped(address: str, region: str = "eur02") -> str:
    """As a mail filter hands an address on."""
    inner = quote(address, safe="")
    return (
        f"https://{region}.safelinks.protection.outlook.com/ap/t-59584e83/?url={inner}"
        "&data=05%7C02%7C&sdata=abc%3D&reserved=0"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FINNISH, Found(JOIN, "345 678 901 234 56", "aB3cD4", "+358 14 0000000, 123 456 789#")),
        (SWEDISH, Found(JOIN, "345 678 901 23", "xY9zQ2", "+358 14 0000000, 987 654 321#")),
        (ENGLISH, Found(MEET, "345 678 901 234 56", "aBc123", "+358 14 0000000, 123 456 789#")),
        (OLDER_FINNISH, Found(JOIN, "345 678 901 234", "KekSit", "+358 14 0000000, 123 456 789#")),
        (OLDER_ENGLISH, Found(JOIN, "345 678 901 234", "KekSit", "+358 14 0000000, 123 456 789#")),
        (PRIVATE, Found("https://teams.live.com/meet/9312345678901?p=KeKsItTy", "9312345678901")),
    ],
    ids=["finnish", "swedish", "english", "older finnish", "older english", "private"],
)
def test_an_invitation_is_read_whatever_its_language_and_year(text: str, expected: Found) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("text", [FINNISH, SWEDISH, ENGLISH, OLDER_FINNISH, OLDER_ENGLISH])
def test_it_is_read_the_same_from_phones_and_mail_programs(text: str) -> None:
    expected = found(text)
    assert found(text.replace("\n", "\r\n")) == expected
    assert found(text.replace("\n", "\n\n")) == expected
    assert found("> " + text.replace("\n", "\n> ")) == expected
    spaced = found(text.replace(": ", ":\u00a0"))
    assert (spaced.meeting_id, spaced.passcode) == (expected.meeting_id, expected.passcode)


@pytest.mark.parametrize(
    ("label", "id_"),
    [
        ("Kokouksen tunnus:", "345 678 901 23"),
        ("Kokoustunnus:", "345 678 901 23"),
        ("KOKOUKSEN TUNNUS :", "345 678 901 23"),
        ("Mötes-ID:\n", "345 678 901 23"),
        ("Mötes-id:", "345 678 901 23"),
        ("Meeting ID:", "34567890123"),
    ],
)
def test_the_meeting_id_is_known_by_its_label(label: str, id_: str) -> None:
    assert found(f"{label} {id_}\nmuuta").meeting_id == id_


def test_without_a_label_the_meeting_id_stands_in_the_link() -> None:
    assert found(MEET).meeting_id == "34567890123456"
    assert found(JOIN).meeting_id == ""


def test_what_a_video_device_keys_in_is_no_meeting_id_and_no_number_to_call() -> None:
    for label in ("Video Conference ID", "Videoneuvottelun tunnus", "Videokonferens-ID"):
        assert found(f"{label}: 999 888 777 6\nPuhelin +358 14 000 0000") == Found()


def test_the_number_to_call_is_known_by_what_is_keyed_in() -> None:
    dialled = "+358 14 000 0000,,123456789#"
    assert found(dialled).phone == "+358 14 0000000, 123456789#"
    assert found(f"Maija, p. +358 40 000 0000\n{dialled}").phone == "+358 14 0000000, 123456789#"
    assert found("Phone conference ID: 123 456 789#").phone == ""


def test_a_line_below_an_empty_passcode_is_none() -> None:
    assert found("Passcode: \n________________\nDial in").passcode == ""


def test_a_number_in_a_signature_is_not_the_number_to_call() -> None:
    assert found(f"{MEET}\nTerveisin Maija, p. +358 14 000 0000").phone == ""


@pytest.mark.parametrize("number", ["+999 123 456 789", "+358 9 1"])
def test_a_number_that_cannot_be_is_left_out(number: str) -> None:
    assert found(f"{number},,123456789#").phone == ""
    assert found(f"{number}\nPhone conference ID: 123 456 789#").phone == ""


# The link


@pytest.mark.parametrize(
    "text",
    [
        JOIN,
        f"  {JOIN}\n",
        f"<{JOIN}>",
        f"< {JOIN} >",
        f"({JOIN}).",
        f"Linkki: {JOIN}, tervetuloa",
        f'"{JOIN}"',
        f"<{JOIN[:70]}\n{JOIN[70:140]}\r\n {JOIN[140:]}>",  # broken into lines
        f"[Liity kokoukseen]({JOIN})",
        JOIN.removeprefix("https://"),
        f"https://www.example.fi/ohje {JOIN} https://teams.microsoft.com/meetingOptions/?x=1",
        wrapped(JOIN),
        wrapped(wrapped(JOIN), "nam11"),
        f"<{wrapped(JOIN)}>",
        f"https://statics.teams.cdn.office.net/evergreen-assets/safelinks/2/atp-safelinks.html"
        f"?url={quote(JOIN, safe='')}&locale=fi-fi",
    ],
)
def test_the_link_is_found_and_taken_out_of_its_wrappings(text: str) -> None:
    assert found(text).link == JOIN
    assert doubts(found(text).link) == ()


def test_a_link_that_was_wrapped_as_it_is_comes_out_as_an_address() -> None:
    bare = f"https://eur02.safelinks.protection.outlook.com/?url={JOIN}&data=05"
    assert found(bare).link == JOIN.replace("%40", "@").replace("%3a", ":").replace(
        "%2c", ","
    ).replace("%7b", "%7B").replace("%7d", "%7D")
    assert doubts(found(bare).link) == ()


def test_a_filter_that_wraps_nothing_or_too_much_is_shown_as_it_is() -> None:
    empty = "https://eur02.safelinks.protection.outlook.com/?data=05"
    script = "https://eur02.safelinks.protection.outlook.com/?url=javascript%3Aalert"
    assert found(empty).link == empty
    assert found(script).link == script
    deep = JOIN
    for _ in range(7):
        deep = wrapped(deep)
    assert doubts(found(deep).link) == (Doubt.NOT_TEAMS,)


def test_what_only_looks_like_a_filter_is_not_opened() -> None:
    fake = f"https://safelinks.protection.outlook.com.evil.example/?url={quote(JOIN, safe='')}"
    assert host(found(fake).link) == "safelinks.protection.outlook.com.evil.example"


def test_a_meeting_elsewhere_is_found_too_and_asked_about() -> None:
    text = "Ohje: https://aka.ms/JoinTeamsMeeting Kokous: https://zoom.example/j/123456"
    assert found(text).link == "https://zoom.example/j/123456"


def test_the_true_link_goes_before_a_look_alike() -> None:
    fake = JOIN.replace("microsoft.com", "microsoft.com.evil.example")
    assert found(f"{fake}\n{JOIN}").link == JOIN
    assert found(f"https://example.fi/ohje\n{fake}").link == fake


@pytest.mark.parametrize(
    "text",
    [
        *("", "torstaina klo 17", "https://", "http://localhost/meet/1", "ftp://teams.example/x"),
        *("https://teams..example/x", "https://.example/x", "https://[fe80::1]/meet/345"),
        *(
            "javascript:alert(1)",
            "maija@teams.microsoft.com",
            "https://[::1",
            "tg://resolve?domain=x",
        ),
    ],
)
def test_what_a_phone_cannot_open_as_a_page_is_no_link(text: str) -> None:
    assert found(text).link == ""


# Doubts


@pytest.mark.parametrize(
    "link",
    [
        *(JOIN, MEET, "https://teams.live.com/meet/9312345678901?p=x"),
        *("https://teams.cloud.microsoft/meet/34567890123", "HTTPS://TEAMS.MICROSOFT.COM/meet/345"),
        "https://teams.microsoft.com:443/meet/345",
    ],
)
def test_a_meeting_in_teams_is_not_asked_about(link: str) -> None:
    assert doubts(link) == ()


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (JOIN.replace("https", "http"), (Doubt.NOT_HTTPS,)),
        ("https://zoom.example/j/1", (Doubt.NOT_TEAMS,)),
        ("http://zoom.example/j/1", (Doubt.NOT_HTTPS, Doubt.NOT_TEAMS)),
        ("torstaina klo 17", (Doubt.NOT_HTTPS, Doubt.NOT_TEAMS)),
        ("https://[::1", (Doubt.NOT_HTTPS, Doubt.NOT_TEAMS)),
        ("javascript:alert(1)", (Doubt.NOT_HTTPS, Doubt.NOT_TEAMS)),
        ("https://teams.microsoft.com/", (Doubt.NOT_A_MEETING,)),
        ("https://teams.microsoft.com/meetingOptions/?x=/l/meetup-join/", (Doubt.NOT_A_MEETING,)),
        ("http://teams.microsoft.com/", (Doubt.NOT_HTTPS, Doubt.NOT_A_MEETING)),
        *(
            (f"https://{host}/l/meetup-join/19", (Doubt.LOOK_ALIKE,))
            for host in (
                "teams.microsoft.com.evil.example",
                "teams-microsoft.example",
                "teamsmicrosoft.com",
                "sub.teams.microsoft.com",
                "gov.teams.microsoft.us",
                "teams.microsoft.com@evil.example",
                "evil.example@teams.microsoft.com",
                "teams.microsoft.com:8443",
                "teams.microsoft.com\\@evil.example",
                "teams.microsoft.com.",
                "teams.mіcrosoft.com",  # a Cyrillic i
                "xn--tems-eva.example",
                "tеams.example",  # a Cyrillic e
                "maija:salasana@evil.example",
            )
        ),
    ],
)
def test_anything_else_is(link: str, expected: tuple[Doubt, ...]) -> None:
    assert doubts(link) == expected


def test_who_is_asked_is_shown_where_it_leads() -> None:
    assert host("https://teams.microsoft.com@Evil.example:8443/l/meetup-join/") == "evil.example"
    assert host(JOIN) == "teams.microsoft.com"
    assert host("torstaina") == ""


# Whatever is pasted

pieces = st.sampled_from(
    [
        *(
            "https://",
            "http://",
            "teams.",
            "<",
            ">",
            "Meeting ID: ",
            "1",
            "123 ",
            "Passcode: ",
            "+",
        ),
        *("+358 14 000 0000", ",,", "#", "?url=", "%", "@", "[", "]", "\\", "\n", "\u00a0", " "),
        *(JOIN, wrapped(JOIN), "konferens-ID: ", ".safelinks.protection.outlook.com/", "a", "ä"),
    ]
)


@tries(300)
@given(st.one_of(st.text(max_size=200), st.lists(pieces, max_size=20).map("".join)))
def test_nothing_that_is_pasted_breaks_it(text: str) -> None:
    there = found(text)
    doubts(text)
    host(text)
    assert there.link == "" or there.link.lower().startswith(("https://", "http://"))
    if there.link:
        assert there.link.isascii() or not host(there.link).isascii()
        assert found(f"<{there.link}>").link == there.link


@pytest.mark.parametrize(
    "piece", ["<https://", "1 ", "https://a", "+1 ", "teams.live.", ",", "Meeting ID: 1"]
)
def test_a_long_paste_is_read_at_once(piece: str) -> None:
    found(piece * (8192 // len(piece)))

"""What members read of a meeting: each announcement as it is seen, in each language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pytest

from bot.letters import LONGEST_CAPTION, written
from dialogs.languages import LANGUAGES
from dialogs.panel import notices, planning
from dialogs.panel.buttons import Page, PanelPress, read
from dialogs.panel.hours import Quiet
from dialogs.panel.notices import Part, differing
from dialogs.panel.records import Held, Meeting, Was
from dialogs.panel.teams import found
from dialogs.screens import Button, Card, units
from tests.chat import HELSINKI, RENDERER

if TYPE_CHECKING:
    from bot.render import Rendered

KEY = bytes(range(16))
LINK = "https://teams.microsoft.com/meet/34567890123?p=keksitty"
TODAY = date(2026, 3, 10)
NIGHT = Quiet(time(21), time(8))

THEME = {
    "fi": "Yhdenvertaisuus palveluissa",
    "sv": "Likabehandling i tjänsterna",
    "en": "Equality in the services",
}
ONLY_FINNISH = {"fi": "Yhdenvertaisuus palveluissa"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HELSINKI)


MEETING = Meeting(
    KEY,
    at("2026-03-19 17:00"),
    at("2026-03-19 19:00"),
    THEME,
    LINK,
    meeting_id="345 678 901 23",
    passcode="aBc123",
    phone="+358 14 0000000, 123 456 789#",
)
WAS = Was(
    start=MEETING.start,
    end=MEETING.end,
    theme=THEME,
    link=LINK,
    meeting_id=MEETING.meeting_id,
    passcode=MEETING.passcode,
    phone=MEETING.phone,
    material_link="",
    material_file="",
)
DUE = at("2026-03-10 12:00")
MOVED = replace(MEETING, start=at("2026-03-24 17:00"), end=at("2026-03-24 19:00"))
CANCELLED = replace(MEETING, held=Held.CANCELLED, reason={"fi": "Vetäjä on sairastunut."})


def shown(card: Card, today: date = TODAY) -> Rendered:
    return RENDERER.card(card, today)


def text(card: Card, today: date = TODAY) -> str:
    return shown(card, today).text


def buttons(card: Card) -> list[Button]:
    return [button for row in card.rows for button in row]


def pages(card: Card) -> list[Page]:
    return [press.page for button in buttons(card) if (press := read(button.data)) is not None]


def links(card: Card) -> list[str]:
    return [button.link for button in buttons(card) if button.link]


def every_card(meeting: Meeting, was: Was, language: str) -> list[Card]:
    """All that is said of a meeting."""
    return [
        notices.invitation(meeting, DUE, language),
        notices.reminder(meeting, at("2026-03-12 17:00"), language),
        notices.invitation(meeting, meeting.start, language),
        notices.reminder(meeting, meeting.start, language),
        notices.reminder(meeting, at("2026-03-16 17:00"), language, asks=True),
        notices.nudge(meeting, language),
        notices.thanks(meeting, meeting, language),
        notices.thanks(meeting, None, language),
        notices.changed(meeting, was, DUE, language),
        notices.changed(meeting, was, meeting.start, language),
        notices.cancelled(replace(meeting, held=Held.CANCELLED), language),
    ]


# The invitation


def test_an_invitation_says_what_when_and_how() -> None:
    assert text(notices.invitation(MEETING, DUE, "fi")).split("\n") == [
        "Kutsu: asiakasraati kokoontuu",
        "Aihe: Yhdenvertaisuus palveluissa",
        "Aika: torstaina 19.3. klo 17.00–19.00 (Suomen aikaa)",
        "",
        *text(Card("fi", (notices.ways_in(MEETING),))).split("\n"),
        "",
        "Pääsetkö mukaan? Vastaa alla olevilla painikkeilla. Voit muuttaa vastaustasi myöhemmin.",
        "Liitteenä olevasta tiedostosta saat kokoontumisen kalenteriisi.",
    ]


@pytest.mark.parametrize(
    ("language", "when"),
    [
        ("fi", "Aika: torstaina 19.3. klo 17.00–19.00 (Suomen aikaa)"),
        ("sv", "Tid: torsdag 19.3 kl. 17.00–19.00 (finsk tid)"),
        ("en", "Time: Thursday 19 March, 17:00–19:00 (Helsinki time)"),
    ],
)
def test_the_time_is_said_as_people_say_it_and_whose_time_it_is(language: str, when: str) -> None:
    assert when in text(notices.invitation(MEETING, DUE, language))


def test_a_year_is_named_where_it_is_another() -> None:
    said = text(notices.invitation(MEETING, DUE, "fi"), date(2025, 12, 1))
    assert "torstaina 19.3.2026 klo 17.00–19.00" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invitation_asks_in_out_or_maybe(language: str) -> None:
    card = notices.invitation(MEETING, DUE, language)
    assert pages(card) == [
        Page.ANSWER_IN,
        Page.ANSWER_OUT,
        Page.ANSWER_MAYBE,
        Page.HOW_TO_JOIN,
    ]
    assert links(card) == [LINK]
    for button in buttons(card):
        if button.data:
            press = read(button.data)
            assert isinstance(press, PanelPress)
            assert press.means(KEY)
            assert press.language == language


@pytest.mark.parametrize(
    "there", [{"material_link": "https://example.fi/pohja"}, {"material_file": "id"}]
)
def test_material_has_a_button_where_there_is_any(there: dict[str, str]) -> None:
    assert pages(notices.invitation(replace(MEETING, **there), DUE, "fi"))[-1] is Page.MATERIAL


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_before_the_meeting_carries_the_link_and_what_teams_asks_for(
    language: str,
) -> None:
    *all_but_cancelled, _ = every_card(MEETING, WAS, language)
    for card in all_but_cancelled:
        if Page.MEETINGS in pages(card) or pages(card) == [Page.MEETING]:
            continue  # thanks
        (link,) = (e.url for e in shown(card).entities if e.type == "text_link")
        assert link == LINK
        for detail in (MEETING.meeting_id, MEETING.passcode, MEETING.phone):
            assert detail in text(card)
        assert Page.HOW_TO_JOIN in pages(card)


def test_what_a_meeting_does_not_have_is_not_named() -> None:
    bare = replace(MEETING, meeting_id="", passcode="", phone="")
    assert len(notices.ways_in(bare)) == 1


# Reminders


@pytest.mark.parametrize(
    ("due", "language", "title"),
    [
        ("2026-03-12 17:00", "fi", "Raati kokoontuu torstaina 19.3. klo"),
        ("2026-03-12 17:00", "sv", "Kundrådet träffas torsdag 19.3 kl."),
        ("2026-03-12 17:00", "en", "The panel meets on Thursday 19 March, 17:00"),
        ("2026-03-17 17:00", "fi", "Raati kokoontuu torstaina 19.3. klo"),
        ("2026-03-16 17:00", "sv", "Kundrådet träffas torsdag 19.3 kl."),
        ("2026-03-16 17:00", "en", "The panel meets on Thursday 19 March, 17:00"),
        ("2026-03-18 17:00", "fi", "Raati kokoontuu huomenna, torstaina 19.3. klo 17.00"),
        ("2026-03-18 00:00", "sv", "Kundrådet träffas i morgon, torsdag 19.3 kl. 17.00"),
        ("2026-03-18 23:59", "en", "The panel meets tomorrow, Thursday 19 March, 17:00"),
        ("2026-03-19 16:00", "fi", "Raati kokoontuu tänään, torstaina 19.3. klo 17.00"),
        ("2026-03-19 08:00", "sv", "Kundrådet träffas i dag, torsdag 19.3 kl. 17.00"),
        ("2026-03-19 16:00", "en", "The panel meets today, Thursday 19 March, 17:00"),
    ],
)
def test_a_reminder_counts_days_only_where_it_cannot_come_late(
    due: str, language: str, title: str
) -> None:
    card = notices.reminder(MEETING, at(due), language)
    assert text(card).startswith(title)
    (bold,) = (e for e in shown(card).entities if e.type == "bold")
    assert bold.offset == 0
    assert THEME[language] in text(card)


def test_only_on_the_day_one_joins_with_a_tap_or_says_that_it_does_not_work() -> None:
    before = notices.reminder(MEETING, at("2026-03-18 17:00"), "fi")
    assert links(before) == []
    assert pages(before) == [Page.HOW_TO_JOIN, Page.MEETING]
    today = notices.reminder(MEETING, at("2026-03-19 16:00"), "fi")
    assert links(today) == [LINK]
    assert buttons(today)[0].link == LINK
    assert pages(today) == [Page.CANNOT_GET_IN, Page.HOW_TO_JOIN, Page.MEETING]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_is_told_of_a_meeting_on_its_day_can_also_say_that_it_does_not_open(
    language: str,
) -> None:
    for card in (
        notices.invitation(MEETING, at("2026-03-19 00:00"), language),
        notices.changed(MEETING, replace(WAS, link="old"), at("2026-03-19 17:30"), language),
    ):
        assert pages(card)[3:] == [Page.CANNOT_GET_IN, Page.HOW_TO_JOIN]
        assert links(card) == [LINK]
    for card in (
        notices.invitation(MEETING, at("2026-03-18 23:59"), language),
        notices.changed(MEETING, replace(WAS, link="old"), at("2026-03-18 23:59"), language),
    ):
        assert Page.CANNOT_GET_IN not in pages(card)


def test_a_meeting_over_midnight_is_still_the_one_of_that_day() -> None:
    late = replace(MEETING, end=at("2026-03-20 01:00"))
    assert Page.CANNOT_GET_IN in pages(notices.invitation(late, at("2026-03-20 00:10"), "fi"))


def test_a_reminder_in_place_of_the_nudge_asks_who_has_not_answered() -> None:
    card = notices.reminder(MEETING, at("2026-03-16 17:00"), "fi", asks=True)
    assert text(card).startswith("Raati kokoontuu torstaina 19.3. klo")
    assert text(card).endswith("Jos et ole vielä vastannut kutsuun, kerro alla, pääsetkö mukaan.")
    assert pages(card) == [
        Page.ANSWER_IN,
        Page.ANSWER_OUT,
        Page.ANSWER_MAYBE,
        Page.HOW_TO_JOIN,
        Page.MEETING,
    ]


# The nudge, thanks


def test_who_has_not_answered_is_asked_once_more() -> None:
    card = notices.nudge(MEETING, "fi")
    assert text(card).startswith("Pääsetkö mukaan? Et ole vielä vastannut kutsuun.\nAihe: ")
    assert pages(card)[:3] == [Page.ANSWER_IN, Page.ANSWER_OUT, Page.ANSWER_MAYBE]


def test_thanks_say_what_comes_next() -> None:
    card = notices.thanks(MEETING, MOVED, "fi")
    assert text(card, date(2026, 3, 19)) == (
        "Kiitos kaikille, jotka olivat torstaina 19.3. mukana raadin kokoontumisessa.\n"
        "\n"
        "Seuraavaksi kokoonnumme:\n"
        "Aihe: Yhdenvertaisuus palveluissa\n"
        "Aika: tiistaina 24.3. klo 17.00–19.00 (Suomen aikaa)"
    )
    assert pages(card) == [Page.MEETING]


def test_thanks_say_that_nothing_is_set_yet() -> None:
    card = notices.thanks(MEETING, None, "en")
    assert "once its day is set" in text(card)
    assert pages(card) == [Page.MEETINGS]


# Changes


def test_a_move_says_when_it_is_and_what_that_replaces_and_asks_again() -> None:
    said = text(notices.changed(MOVED, WAS, DUE, "fi"))
    assert said.startswith(
        "Kokoontuminen on muuttunut\n"
        "Uusi aika on tiistaina 24.3. klo 17.00–19.00. "
        "Aiemmin sovittu aika oli torstaina 19.3. klo 17.00–19.00.\n"
        "\n"
        "Näin se on nyt:\n"
        "Aihe: Yhdenvertaisuus palveluissa\n"
        "Aika: tiistaina 24.3. klo 17.00–19.00 (Suomen aikaa)\n"
        "\n"
    )
    assert "Aika muuttui, joten kysymme uudelleen: pääsetkö mukaan?" in said
    assert (
        "The new time is Tuesday 24 March, 17:00–19:00. "
        "The time agreed earlier was Thursday 19 March, 17:00–19:00."
    ) in text(notices.changed(MOVED, WAS, DUE, "en"))
    assert (
        "Den nya tiden är tisdag 24.3 kl. 17.00–19.00. "
        "Tiden som var bestämd tidigare var torsdag 19.3 kl. 17.00–19.00."
    ) in text(notices.changed(MOVED, WAS, DUE, "sv"))


@pytest.mark.parametrize(
    ("new", "part", "line"),
    [
        ({"link": LINK + "x"}, Part.LINK, "Linkki on uusi. Käytä vain tämän viestin linkkiä."),
        ({"passcode": "uusi1"}, Part.DETAILS, "Tunnus, tunnuskoodi tai puhelinnumero on uusi."),
        (
            {"theme": {"fi": "Arjen turvallisuus"}},
            Part.THEME,
            "Aihe on uusi. Aiempi aihe oli: Yhdenvertaisuus palveluissa",
        ),
        ({"material_file": "id"}, Part.MATERIAL, "Aineisto on päivitetty."),
        ({"material_link": "https://example.fi"}, Part.MATERIAL, "Aineisto on päivitetty."),
    ],
)
def test_only_what_changed_is_told_and_nobody_is_asked_again(
    new: dict[str, object], part: Part, line: str
) -> None:
    meeting = replace(MEETING, **new)
    assert differing(WAS, meeting) == {part}
    title, *lines = text(notices.changed(meeting, WAS, DUE, "fi")).split("\n\n")[0].split("\n")
    assert title == "Kokoontuminen on muuttunut"
    assert len(lines) == 1
    assert lines[0].startswith(line)
    assert "kysymme uudelleen" not in text(notices.changed(meeting, WAS, DUE, "fi"))
    assert "vastauksesi on voimassa" in text(notices.changed(meeting, WAS, DUE, "fi"))


def test_a_new_link_with_a_new_passcode_is_told_once() -> None:
    meeting = replace(MEETING, link=LINK + "x", passcode="uusi1")
    assert differing(WAS, meeting) == {Part.LINK, Part.DETAILS}
    assert "puhelinnumero on uusi" not in text(notices.changed(meeting, WAS, DUE, "fi"))


def test_a_theme_that_only_came_in_another_language_is_no_change() -> None:
    assert not differing(replace(WAS, theme=ONLY_FINNISH), MEETING)
    assert differing(WAS, replace(MEETING, theme=ONLY_FINNISH)) == {Part.THEME}
    assert not differing(WAS, MEETING)


# Cancelled


def test_a_cancellation_says_what_when_and_why() -> None:
    assert text(notices.cancelled(CANCELLED, "fi")) == (
        "Kokoontuminen on peruttu\n"
        "Raati ei kokoonnu torstaina 19.3. klo 17.00–19.00.\n"
        "Aihe: Yhdenvertaisuus palveluissa\n"
        "Syy: Vetäjä on sairastunut.\n"
        "\n"
        "Jos lisäsit kokoontumisen kalenteriisi, poista se sieltä. Monissa kalentereissa "
        "liitteenä oleva tiedosto tekee sen puolestasi."
    )
    assert pages(notices.cancelled(CANCELLED, "fi")) == [Page.MEETINGS]


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "fi",
            "Raati ei kokoonnu tiistaina 24.3. klo 17.00–19.00 "
            "eikä aiemmin sovittuna aikana torstaina 19.3. klo 17.00.",
        ),
        (
            "sv",
            "Kundrådet träffas inte tisdag 24.3 kl. 17.00–19.00 "
            "och inte heller på den tidigare bestämda tiden torsdag 19.3 kl. 17.00.",
        ),
        (
            "en",
            "The panel will not meet on Tuesday 24 March, 17:00–19:00, "
            "nor at the time first agreed, Thursday 19 March, 17:00.",
        ),
    ],
)
def test_a_cancellation_also_names_the_time_that_the_meeting_was_first_called_for(
    language: str, line: str
) -> None:
    moved = replace(MOVED, held=Held.CANCELLED, first_start=MEETING.start)
    assert text(notices.cancelled(moved, language)).split("\n")[1] == line
    back = replace(moved, start=MEETING.start, end=MEETING.end)
    assert notices.cancelled(back, language) == notices.cancelled(
        replace(back, first_start=None), language
    )


@pytest.mark.parametrize("reason", [{}, {"fi": ""}])
def test_a_reason_need_not_be_told(reason: dict[str, str]) -> None:
    assert "Syy" not in text(notices.cancelled(replace(CANCELLED, reason=reason), "fi"))


# Where a translation is missing


@pytest.mark.parametrize(
    ("language", "theme", "reason"),
    [
        (
            "sv",
            "Tema (än så länge bara på finska, översättningen kommer): Yhdenvertaisuus palveluissa",
            "Orsak (än så länge bara på finska, översättningen kommer): Vetäjä on sairastunut.",
        ),
        (
            "en",
            "Topic (only in Finnish so far, a translation follows): Yhdenvertaisuus palveluissa",
            "Reason (only in Finnish so far, a translation follows): Vetäjä on sairastunut.",
        ),
    ],
)
def test_a_ready_sentence_stands_where_a_text_is_missing(
    language: str, theme: str, reason: str
) -> None:
    meeting = replace(CANCELLED, theme=ONLY_FINNISH)
    lines = text(notices.cancelled(meeting, language)).split("\n")
    assert theme in lines
    assert reason in lines
    assert theme in text(notices.invitation(meeting, DUE, language)).split("\n")


def test_the_language_that_is_there_is_named() -> None:
    for theme, language, name in (
        ({"sv": "Trygghet"}, "fi", "ruotsiksi"),
        ({"fi": "", "en": "Safety"}, "fi", "englanniksi"),
        ({"en": "Safety"}, "sv", "på engelska"),
        ({"sv": "Trygghet", "en": "Safety"}, "fi", "ruotsiksi"),
    ):
        assert name in text(notices.invitation(replace(MEETING, theme=theme), DUE, language))


# What Telegram takes

DETAILS = found(
    f"Meeting ID: {' '.join('9' * 15)} Passcode: {'W' * 24} "
    f"+358 14 000 0000,,1# Phone conference ID: {' '.join('9' * 12)}#"
)
LONGEST = {
    "theme": dict.fromkeys(LANGUAGES, "w" * notices.LONGEST_THEME),
    "reason": dict.fromkeys(LANGUAGES, "w" * notices.LONGEST_REASON),
    "meeting_id": DETAILS.meeting_id,
    "passcode": DETAILS.passcode,
    "phone": DETAILS.phone,
    "start": at("2026-12-30 17:00"),  # "keskiviikkona 30.12.2026", "Wednesday 30 December 2026"
    "end": at("2026-12-30 19:00"),
    "first_start": at("2026-12-23 17:00"),
    "material_file": "id",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("one_language", [False, True])
def test_the_longest_fits_under_a_file(language: str, *, one_language: bool) -> None:
    meeting = replace(MEETING, **LONGEST)
    was = replace(
        WAS,
        theme=dict.fromkeys(LANGUAGES, "x" * notices.LONGEST_THEME),
        start=at("2026-12-30 15:00"),
        end=at("2026-12-30 17:00"),
        passcode="old",
        link="https://old.example/",
    )
    if one_language:
        only = LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]
        meeting = replace(
            meeting, theme={only: meeting.theme[only]}, reason={only: meeting.reason[only]}
        )
    for card in every_card(meeting, was, language):
        assert units(text(card, date(2025, 12, 1))) <= LONGEST_CAPTION


def test_the_longest_can_be_sent_with_its_file() -> None:
    meeting = replace(MEETING, **LONGEST)
    now = at("2026-12-01 12:00")
    called = planning.call(meeting, (), now, NIGHT)
    moved = replace(meeting, start=at("2026-12-29 17:00"), end=at("2026-12-29 19:00"))
    changed = planning.change(meeting, moved, (meeting,), now, NIGHT)
    cancelled = planning.cancel(changed.meeting, meeting.reason, (), now, NIGHT)
    for announcement in (*called.plan, *changed.plan, *cancelled.plan):
        sent = written(announcement, RENDERER, TODAY)
        assert set(sent) == set(LANGUAGES)
        files = [letter.file is not None for letter in sent.values()]
        assert files == [announcement.calendar is not None] * len(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_is_within_telegrams_limits(language: str) -> None:
    for card in every_card(replace(MEETING, **LONGEST), WAS, language):
        for button in buttons(card):
            assert bool(button.data) != bool(button.link)
            assert len(button.data.encode()) <= 64


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_speaks_its_language(language: str) -> None:
    for card in every_card(MEETING, WAS, language):
        assert card.language == language
        presses = [read(button.data) for button in buttons(card) if button.data]
        assert {press.language for press in presses if press} == {language}
        assert "news." not in text(card)


# The calendar's entry


def test_the_calendar_keeps_the_meeting_by_its_key_and_counts_what_was_told() -> None:
    entry = notices.calendar(replace(MEETING, version=3, told=2))
    assert (entry.uid, entry.sequence, entry.link) == (KEY.hex(), 2, LINK)
    assert (entry.start, entry.end, entry.cancelled) == (MEETING.start, MEETING.end, False)
    assert notices.calendar(CANCELLED).cancelled
    first, *details = (RENDERER.words(one, "fi", TODAY) for one in entry.details)
    assert first.startswith("Asiakasraadin kokoontuminen Microsoft Teamsissa.")
    assert len(details) == 3
    summary = RENDERER.words(entry.summary, "sv", TODAY)
    assert summary == "Kundrådet: Likabehandling i tjänsterna"

"""What is shown: that it fits, that it says what was answered, and which ways lead on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.render import LONGEST
from dialogs.buttons import Deed, Page, menu
from dialogs.cards import CLIPPED, brief
from dialogs.forms.model import Audience, Form, Kind
from dialogs.languages import LANGUAGES, served
from dialogs.life import State
from dialogs.menu import greeting, help_, privacy
from dialogs.outcome import Erase, Here, Subscribe, Unsubscribe, Withdraw
from dialogs.screens import Number, Own, Place, Told, units
from dialogs.survey import intro
from tests.any_form import told
from tests.chat import NOW, Chat, library, names, office, opened, rendered, said
from tests.small_form import begun, form, row

APPLIED = {
    "staff": "no",
    "influence_body": "no",
    "old_enough": "yes",
    "commitment": "yes",
    "municipality": "joutsa",
    "age_band": None,
    "experience": ("own_health", "close_social"),
    "full_name": "Aino Esimerkki",
    "contact": "aino@example.fi",
    "why": "x" * 1000,
    "consent": True,
}


def here(*forms: Form) -> Here:
    running = tuple(opened(each) for each in forms)
    return Here(office(), running, drafts={}, now=NOW, chance=7, phone="fi")


def labels(chat: Chat) -> list[str]:
    """The buttons of the newest card, as they read."""
    newest = max(chat.cards)
    language = chat.cards[newest].language
    return [chat.label(button, language) for button, at in chat.buttons() if at == newest]


def applicant(state: State = State.OPEN) -> Chat:
    """Somebody who has applied; the call is in this state by now."""
    chat = Chat(library("application"))
    chat.begin("application")
    for deed, number in ((Deed.CHOOSE, 1), (Deed.CHOOSE, 1), (Deed.CHOOSE, 0), (Deed.CHOOSE, 0)):
        chat.deed(deed, number)
    for text in ("Joutsa", "3", "1 4", "Aino Esimerkki", "aino@example.fi", "x" * 1000, "kyllä"):
        chat.type(text)
    chat.deed(Deed.SEND)
    assert chat.applications
    chat.becomes(state)
    return chat


# Length


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in names() if library(name).kind is Kind.SURVEY])
def test_what_comes_before_the_first_question_is_under_900_characters(
    name: str, language: str
) -> None:
    world = here(library(name))
    text = said(intro(world, world.running[0], language), NOW.date())
    assert len(text) < 900


def test_a_long_answer_is_repeated_in_part_where_its_question_is_long_too() -> None:
    chat = begun(
        row("text", "why", label=told("L" * 2800), parameters="limit=3000"), row("note", "end")
    )
    chat.type("x" * 3000)
    chat.deed(Deed.BACK)
    assert units(chat.text) <= LONGEST
    assert f"{'x' * 299}…" in chat.text


def test_an_answer_of_a_thousand_characters_is_repeated_whole() -> None:
    chat = Chat(library("equality"))
    chat.begin("equality")
    chat.deed(Deed.CHOOSE, 0)
    chat.type("x" * 1000)
    chat.deed(Deed.BACK)
    assert "x" * 1000 in chat.text


def test_a_card_holds_whatever_was_chosen_of_the_longest_list() -> None:
    places = [{"name": f"c{n}", "label": told(f"{n:03}{'x' * 50}")} for n in range(200)]
    chat = Chat(form(row("select_multiple many", "q"), row("note", "end"), lists={"many": places}))
    chat.begin("any_form")
    chat.type("1-200")
    assert len(chat.answers["q"]) == 200
    chat.deed(Deed.BACK)
    assert units(chat.text) <= LONGEST
    assert "…" in chat.text


def test_a_review_of_long_texts_in_emoji_fits_one_message() -> None:
    rows = [row("text", f"q{n}", label=told("🧓" * 150), parameters="limit=200") for n in range(14)]
    chat = begun(*rows)
    for _ in rows:
        chat.type("🧓" * 100)
    assert chat.question is None
    assert "14. " in chat.text
    assert units(chat.text) <= LONGEST


def test_a_longer_review_has_pages() -> None:
    rows = [row("integer", f"q{n}") for n in range(16)]
    chat = begun(*rows)
    for number in range(16):
        chat.type(str(number))
    assert "15. " not in chat.text
    chat.deed(Deed.PAGE, 1)
    assert "15. " in chat.text
    chat.deed(Deed.CHANGE, 15)
    assert chat.question == chat.form("any_form").row("q15")


@pytest.mark.parametrize("language", LANGUAGES)
def test_my_application_with_the_longest_answers_fits_one_message(language: str) -> None:
    chat = applicant()
    chat.press(menu(language, Page.MINE, "application"))
    text = said(replace(chat.cards[chat.newest], language=language), NOW.date())
    assert "x" * 1000 in text
    assert units(text) <= LONGEST


def test_my_application_repeats_long_texts_in_part() -> None:
    texts = [row("text", f"q{n}", parameters="limit=700") for n in range(3)]
    chat = begun(*texts, kind="application")
    for _ in texts:
        chat.type("y" * 700)
    chat.deed(Deed.SEND)
    chat.press(menu("fi", Page.MINE, "any_form"))
    assert f"{'y' * (CLIPPED - 1)}…" in chat.text


def test_a_text_is_cut_between_signs_and_never_within_one() -> None:
    assert brief(Own("🧓" * 100), 120) == Own("🧓" * 59 + "…")
    assert brief(Told({"fi": "ä" * 121, "sv": "å"})) == Told({"fi": "ä" * 119 + "…", "sv": "å"})
    assert brief(Number(3)) == Number(3)


# What was answered


@pytest.mark.parametrize(
    ("kind", "typed", "shown"),
    [
        ("decimal", "0,12345", "0,12345"),
        ("decimal", "1 234,5", "1 234,5"),
        ("integer", "-3", "-3"),
        ("date", "8.2.2027", "maanantaina 8.2."),
        ("date", "8.2.2028", "tiistaina 8.2.2028"),
        ("text", "  Hei  ", "Hei"),
    ],
)
def test_an_answer_is_shown_as_it_was_typed(kind: str, typed: str, shown: str) -> None:
    chat = begun(row(kind, "q"), row("note", "end"))
    chat.type(typed)
    chat.deed(Deed.BACK)
    assert f"Vastauksesi: {shown}" in chat.text.replace("\u2212", "-").replace("\xa0", " ")


def test_a_suggestion_is_shown_until_there_is_an_answer() -> None:
    chat = begun(row("date", "day", default="2027-02-08"))
    assert "maanantaina 8.2." in chat.text
    assert "Seuraava" in labels(chat)


def test_a_choice_among_short_ones_stands_side_by_side_and_is_marked() -> None:
    chat = begun(row("select_one yes_no", "sure"), row("note", "end"))
    assert next(len(each) for each in chat.live.rows) == 2
    chat.deed(Deed.CHOOSE, 1)
    chat.deed(Deed.BACK)
    assert [button.chosen for button in chat.live.rows[0]] == [False, True]


def test_an_acknowledgement_is_shown_as_given() -> None:
    chat = begun(row("acknowledge", "consent", required="yes"), kind="application")
    chat.deed(Deed.CHOOSE, 0)
    assert "Kyllä" in chat.text


def test_a_long_list_is_turned_page_by_page() -> None:
    chat = Chat(library("application"))
    chat.begin("application")
    for deed, number in ((Deed.CHOOSE, 1), (Deed.CHOOSE, 1), (Deed.CHOOSE, 0), (Deed.CHOOSE, 0)):
        chat.deed(deed, number)
    assert chat.question == chat.form("application").row("municipality")
    first = chat.text
    chat.deed(Deed.PAGE, 1)
    assert "11. " in chat.text
    chat.deed(Deed.PAGE, 0)
    assert chat.text == first


def test_of_a_long_list_what_may_be_meant_is_offered_and_the_whole_list_stays_a_tap_away() -> None:
    chat = Chat(library("application"))
    chat.begin("application")
    for deed, number in ((Deed.CHOOSE, 1), (Deed.CHOOSE, 1), (Deed.CHOOSE, 0), (Deed.CHOOSE, 0)):
        chat.deed(deed, number)
    chat.type("k")
    offered = labels(chat)
    chat.type("ka")
    assert labels(chat) != offered
    assert chat.answers.get("municipality") is None


# The menu and its pages


@pytest.mark.parametrize("page", Page)
@pytest.mark.parametrize("name", ["", "equality", "application", "nothing"])
def test_every_page_can_be_tapped_with_nothing_begun_and_says_something(
    page: Page, name: str
) -> None:
    chat = Chat(library("equality"), library("application"))
    chat.command("start")
    card = chat.press(menu("sv", page, name)).cards[0]
    below = page is Page.UNSUBSCRIBE or (page is Page.BEGIN_SEPARATE and card.live)
    assert card.place is (Place.NEW if below else Place.EDIT)


@pytest.mark.parametrize("page", Page)
@pytest.mark.parametrize("state", State)
def test_every_page_can_be_tapped_by_an_applicant_in_every_state_of_the_call(
    page: Page, state: State
) -> None:
    chat = applicant(state)
    chat.press(menu("en", page, "application"))
    if page is Page.WITHDRAW_SURELY:
        assert not chat.applications
    else:
        assert chat.applications


@pytest.mark.parametrize("state", State)
def test_the_menu_names_what_is_open_and_nothing_else(state: State) -> None:
    chat = Chat(library("equality"), library("application"))
    chat.becomes(state)
    chat.command("start")
    is_open = state is State.OPEN
    assert ("Yhdenvertaisuus" in chat.text) is is_open
    assert ("ei ole" in chat.text.split("\n\n")[-1]) is not is_open


def test_what_is_for_members_is_not_shown_to_others() -> None:
    members = replace(library("equality"), audience=Audience.MEMBERS)
    chat = Chat(members)
    chat.command("start", "equality")
    assert "Yhdenvertaisuus" not in chat.text
    for page in (Page.INTRO, Page.BEGIN):
        chat.press(menu("fi", page, "equality"))
        assert not chat.kept
        assert "Yhdenvertaisuus" not in chat.text


def test_without_a_last_day_no_day_is_named() -> None:
    chat = Chat(library("equality"), library("application"))
    chat.running = tuple(replace(each, closes=None) for each in chat.running)
    chat.command("start")
    texts = [chat.text]
    for name in ("equality", "application"):
        chat.press(menu("fi", Page.INTRO, name))
        texts.append(chat.text)
    assert not any("puoleenyöhön" in text for text in texts)


def test_an_office_that_is_not_invented_is_not_marked_as_invented() -> None:
    world = replace(here(library("equality")), office=replace(office(), invented=False))
    invented = said(help_(here(), "en"), NOW.date())
    real = said(help_(world, "en"), NOW.date())
    assert len(real) < len(invented)
    assert len(greeting(world, "en")[0]) == 2


def test_whoever_wants_news_is_offered_the_way_back() -> None:
    chat = Chat()
    chat.command("start")
    assert chat.press(menu("fi", Page.TELL)).effects == (Subscribe("fi"),)
    assert chat.subscribed
    chat.command("start")
    assert chat.press(menu("fi", Page.DO_NOT_TELL)).effects == (Unsubscribe(),)
    assert not chat.subscribed


def test_an_application_is_withdrawn_with_its_unfinished_change() -> None:
    chat = applicant()
    chat.press(menu("fi", Page.AMEND, "application"))
    assert chat.draft.amending
    outcome = chat.press(menu("fi", Page.WITHDRAW_SURELY, "application"))
    assert outcome.effects == (Erase("application"), Withdraw("application"))
    again = chat.press(menu("fi", Page.WITHDRAW_SURELY, "application"))
    assert not chat.applications
    assert again.cards[0].paragraphs == outcome.cards[0].paragraphs


def test_stopping_erases_the_active_conversation_and_names_the_one_that_waits() -> None:
    chat = Chat(library("equality"), library("application"))
    chat.begin("application")
    chat.begin("equality")
    outcome = chat.command("stop")
    assert outcome.effects == (Erase("equality"),)
    assert "Hakemus asiakasraatiin" in chat.text
    assert chat.command("stop").effects == (Erase("application"),)
    assert chat.command("stop").effects == ()


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("fi", "fi"),
        ("sv-FI", "sv"),
        ("en_GB", "en"),
        ("EN", "en"),
        ("de", "fi"),
        ("", "fi"),
        (None, "fi"),
    ],
)
def test_a_phone_in_another_language_begins_in_finnish(code: str | None, language: str) -> None:
    assert served(code) == language


def test_a_survey_that_was_never_opened_has_no_form() -> None:
    world = here(library("equality"))
    assert world.form("equality") == library("equality")
    with pytest.raises(KeyError):
        world.form("nothing")


def test_entities_mark_the_strong_words_whatever_stands_before_them() -> None:
    chat = begun(row("text", "why", label=told("🧓🏽 Miksi?")))
    shown = rendered(chat.live, NOW.date())
    (strong,) = shown.entities
    words = shown.text.encode("utf-16-le")[2 * strong.offset : 2 * (strong.offset + strong.length)]
    assert words.decode("utf-16-le") == "🧓🏽 Miksi? fi"


def test_after_the_day_by_which_applicants_hear_that_day_is_not_named() -> None:
    chat = applicant()
    for after, named in ((0, True), (400, False)):
        chat.passes(days=after)
        chat.press(menu("fi", Page.MINE, "application"))
        mine = chat.text
        chat.press(f"a:application:fi:1:{Deed.SEND}")
        assert [str(office().chosen_by.day) + "." in text for text in (mine, chat.text)] == [
            named
        ] * 2


def test_a_change_that_was_begun_is_gone_on_with_and_the_sent_one_stands_meanwhile() -> None:
    chat = applicant()
    chat.press(menu("fi", Page.AMEND, "application"))
    chat.deed(Deed.CHANGE, 3)
    chat.deed(Deed.CHOOSE, 2)
    changed = chat.answers
    chat.command("start")
    assert "Oma hakemukseni" in " ".join(labels(chat))
    chat.press(menu("sv", Page.MINE, "application"))
    chat.press(menu("sv", Page.AMEND, "application"))
    assert (chat.answers, chat.draft.language) == (changed, "sv")
    assert chat.application("application")["commitment"] == "yes"
    chat.becomes(State.CLOSING)
    chat.command("start")
    chat.press(menu("sv", Page.MINE, "application"))
    chat.press(menu("sv", Page.AMEND, "application"))
    chat.deed(Deed.SEND)
    assert chat.application("application") == changed


def test_starting_over_from_a_menu_of_before_costs_no_answers() -> None:
    chat = Chat(library("equality"))
    chat.begin("equality")
    chat.command("start")
    old = chat.newest
    chat.press(menu("fi", Page.CONTINUE, "equality"))
    chat.deed(Deed.CHOOSE, 0)
    chat.type("Kaikille samaa")
    before = chat.answers
    chat.press(menu("fi", Page.RESTART, "equality"), old)
    assert chat.answers == before
    chat.press(menu("fi", Page.RESTART, "equality"))
    assert chat.answers == {}


def test_begun_answers_can_be_finished_while_the_survey_closes_and_not_begun_again() -> None:
    chat = Chat(library("equality"))
    chat.begin("equality")
    chat.becomes(State.CLOSING)
    chat.command("start")
    assert not any(label.startswith("Aloita alusta") for label in labels(chat))
    chat.press(menu("fi", Page.CONTINUE, "equality"))
    assert chat.question == chat.form("equality").row("for_whom")


def test_privacy_names_the_least_number_that_any_survey_mixes() -> None:
    many, few = library("equality"), replace(library("safety"), k=4)
    application = replace(library("application"), k=2)  # never mixed
    for forms, least in ((), 10), ((many,), 10), ((many, few, application), 4):
        assert f"at least {least} at a time" in said(privacy(here(*forms), "en"), NOW.date())


def test_nobody_who_asked_for_news_is_asked_again() -> None:
    chat = Chat(library("equality"))
    chat.subscribed = True
    chat.becomes(State.CLOSED)
    chat.press(menu("fi", Page.INTRO, "equality"))
    assert labels(chat) == ["Päävalikko"]
    chat = begun(row("note", "end"), row("integer", "q"))
    chat.subscribed = True
    chat.deed(Deed.NEXT)
    chat.type("4")
    chat.deed(Deed.SEND)
    assert labels(chat) == ["Päävalikko"]


def test_old_buttons_say_what_became_of_the_answers() -> None:
    chat = Chat(library("equality"))
    said_so = set()
    for state in (State.OPEN, State.CLOSED):
        chat.becomes(state)
        for deed in (Deed.SEND, Deed.SKIP):
            chat.press(f"a:equality:fi:1:{deed}")
            said_so.add(chat.text.split("\n")[1])
    assert len(said_so) == 3

"""The menu and the commands: what whoever asks is shown, or comes too early or too late."""

from __future__ import annotations

import pytest

from dialogs.buttons import Deed, Page, menu
from dialogs.languages import LANGUAGES
from dialogs.life import State
from dialogs.screens import Place
from tests.chat import Chat, library
from tests.small_form import asked, begun, row

HELP = "Näin palvelu toimii"
PRIVACY = "Mitä säilytämme ja mitä emme"
UNKNOWN = "Tällaista komentoa ei ole"


def labels(chat: Chat) -> list[str]:
    """Of the newest card's buttons, from the top."""
    newest = chat.cards[max(chat.cards)]
    return [chat.label(button, newest.language) for line in newest.rows for button in line]


def sent() -> Chat:
    """A chat that has answered as often as it may."""
    chat = begun(row("select_one yes_no", "sure"))
    chat.deed(Deed.CHOOSE, 0)
    chat.deed(Deed.SEND)
    return chat


# Commands


@pytest.mark.parametrize(
    ("command", "told"), [("help", HELP), ("privacy", PRIVACY), ("crystal_ball", UNKNOWN)]
)
def test_a_command_is_answered_anywhere_and_midway_the_question_stands_under_it(
    command: str, told: str
) -> None:
    chat = begun(row("integer", "age"))
    chat.command("start")
    chat.command(command)
    assert chat.text.startswith(told)
    assert labels(chat)[-1] == "Päävalikko"
    chat.press(menu("fi", Page.CONTINUE, "any_form"))
    answer, question = chat.command(command).cards
    assert answer.rows == ()
    assert question.live
    chat.type("7")
    assert chat.answers == {"age": 7}


def test_a_language_is_chosen_from_the_three_and_midway_the_question_comes_in_it() -> None:
    chat = begun(row("integer", "age"))
    chat.command("language")
    assert labels(chat) == ["Suomeksi", "På svenska", "In English"]
    chat.tap("In English")
    assert (chat.draft.language, asked(chat)) == ("en", "age")
    chat.deed(Deed.STOP)
    chat.deed(Deed.ERASE)
    chat.command("language")
    assert labels(chat) == ["Suomi", "Svenska", "English"]
    chat.tap("Svenska")
    assert chat.cards[max(chat.cards)].language == "sv"


def test_a_link_leads_to_its_survey_and_a_wrong_one_to_the_menu() -> None:
    chat = Chat(library("equality"))
    greeting, intro = chat.command("start", "equality").cards
    assert greeting.rows == ()
    assert labels(chat)[0] == "Aloita vastaaminen"
    assert intro.rows
    [home] = chat.command("start", "nothing").cards
    assert home.rows[0][0].data == menu("fi", Page.INTRO, "equality")


@pytest.mark.parametrize("page", [Page.BEGIN, Page.BEGIN_SEPARATE])
def test_what_is_stopped_and_erased_is_told_on_its_card_or_under_it(page: Page) -> None:
    chat = Chat(library("equality"))
    chat.begin("equality", page=page)
    chat.deed(Deed.STOP)
    [card] = chat.deed(Deed.ERASE).cards
    assert card.place is (Place.EDIT if page is Page.BEGIN else Place.NEW)
    assert "on poistettu" in chat.text
    assert chat.kept == {}


# Too early, too late, often enough


@pytest.mark.parametrize("page", [Page.INTRO, Page.BEGIN])
@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State.SCHEDULED, "Tämä avataan vasta perjantaina 1.1."),
        (State.CLOSING, "jo päättynyt"),
        (State.CLOSED, "jo päättynyt"),
    ],
)
def test_what_takes_no_new_answers_says_so_and_is_not_in_the_menu(
    page: Page, state: State, told: str
) -> None:
    chat = Chat(library("equality"))
    chat.becomes(state)
    chat.command("start")
    assert labels(chat)[0] == "Kerro uusista kyselyistä"
    chat.press(menu("fi", page, "equality"))
    assert told in chat.text
    assert chat.kept == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", [Page.INTRO, Page.BEGIN])
def test_who_has_answered_as_often_as_may_be_is_told_so(page: Page, language: str) -> None:
    chat = sent()
    chat.press(menu(language, page, "any_form"))
    assert chat.kept == {}
    assert len(labels(chat)) == 1, "there is only the way home"


def test_the_menu_names_a_survey_that_was_answered_as_often_as_may_be_without_a_button() -> None:
    chat = sent()
    chat.command("start")
    assert "Title fi" in chat.text
    assert not any("any_form" in button.data for button, _ in chat.buttons())


def test_a_call_is_offered_in_the_menu() -> None:
    chat = Chat(library("application"))
    chat.command("start")
    assert labels(chat)[0].startswith("Hae asiakasraatiin")

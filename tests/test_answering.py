"""Answering question by question: what stands, what is asked again, whose answer a message is."""

from __future__ import annotations

import json

import pytest

from dialogs.buttons import Deed, Page, menu
from dialogs.events import Matter, Sent, Tapped, Typed
from dialogs.outcome import Apply, Erase, Finish, Save
from dialogs.screens import Place
from tests.any_form import told
from tests.chat import Chat, library, units
from tests.chat import form as read_form
from tests.small_form import asked, begun, row

# What stands, and what is asked again


def test_an_answer_that_a_change_further_up_has_spoilt_is_asked_again() -> None:
    chat = begun(row("integer", "least"), row("integer", "most", constraint=". > ${least}"))
    chat.type("1")
    chat.type("5")
    assert asked(chat) is None
    chat.deed(Deed.CHANGE, 0)
    chat.type("9")
    assert asked(chat) == "most"
    chat.deed(Deed.NEXT)
    assert (asked(chat), chat.text.split("\n")[0]) == ("most", "Not so fi")
    chat.type("10")
    assert asked(chat) is None
    assert chat.answers == {"least": 9, "most": 10}


def test_a_gate_that_a_change_further_up_has_closed_is_met_again() -> None:
    gate = row(
        "select_one yes_no",
        "sure",
        role="gate",
        ends=". = 'yes' and ${age} < 15",
        end_text=told("Bye"),
    )
    chat = begun(row("integer", "age"), gate, kind="application")
    chat.type("40")
    chat.deed(Deed.CHOOSE, 0)
    assert asked(chat) is None
    chat.deed(Deed.CHANGE, 0)
    chat.type("12")
    assert asked(chat) == "sure"
    outcome = chat.deed(Deed.NEXT)
    assert outcome.effects == (Erase("any_form"),)
    assert chat.text.startswith("Bye fi")


def test_a_constraint_may_look_at_what_is_calculated() -> None:
    chat = begun(
        row("integer", "rooms"),
        row("calculate", "twice", calculation="${rooms} * 2"),
        row("integer", "beds", constraint=". <= ${twice}"),
    )
    chat.type("2")
    chat.type("5")
    assert asked(chat) == "beds"
    chat.type("4")
    assert chat.answers == {"rooms": 2, "beds": 4}


def test_several_choices_are_not_sent_before_there_are_enough() -> None:
    chat = begun(row("note", "hello"), row("select_multiple days", "days", parameters="min=2"))
    chat.deed(Deed.NEXT)
    chat.deed(Deed.TURN_ON, 0)
    chat.deed(Deed.DONE)
    assert asked(chat) == "days"
    chat.deed(Deed.BACK)
    chat.deed(Deed.NEXT)
    assert asked(chat) == "days"
    chat.deed(Deed.TURN_ON, 4)
    chat.deed(Deed.DONE)
    assert (asked(chat), chat.answers["days"]) == (None, ("never",))


def test_required_choices_cannot_be_passed_by_turning_them_on_and_off() -> None:
    chat = begun(row("note", "hello"), row("select_multiple days", "days", required="yes"))
    chat.deed(Deed.NEXT)
    chat.deed(Deed.TURN_ON, 0)
    chat.deed(Deed.TURN_OFF, 0)
    chat.deed(Deed.DONE)
    assert asked(chat) == "days"
    chat.deed(Deed.BACK)
    chat.deed(Deed.NEXT)
    assert asked(chat) == "days"


def test_optional_choices_done_with_none_are_skipped() -> None:
    chat = begun(row("select_multiple days", "days"))
    chat.deed(Deed.DONE)
    assert chat.answers == {"days": None}


def test_one_choice_too_many_is_told_and_not_taken() -> None:
    chat = begun(row("select_multiple days", "days", parameters="max=1"))
    chat.deed(Deed.TURN_ON, 0)
    chat.deed(Deed.TURN_ON, 1)
    assert chat.answers == {"days": ("mon",)}
    assert "Voit valita enintään" in chat.text


def test_an_exclusive_choice_stands_alone_whichever_comes_first() -> None:
    chat = begun(row("select_multiple days", "days"))
    chat.deed(Deed.TURN_ON, 0)
    chat.deed(Deed.TURN_ON, 4)
    assert chat.answers == {"days": ("never",)}
    chat.deed(Deed.TURN_ON, 1)
    assert chat.answers == {"days": ("tue",)}


def test_choices_that_a_form_suggests_are_chosen_to_begin_with() -> None:
    chat = begun(row("select_multiple days", "days", default="mon tue"))
    assert "mon" not in chat.answers
    chat.deed(Deed.TURN_OFF, 0)
    assert chat.answers == {"days": ("tue",)}
    chat = begun(row("select_multiple days", "days", default="mon tue"))
    chat.deed(Deed.DONE)
    assert chat.answers == {"days": ("mon", "tue")}


def test_a_suggested_answer_is_taken_with_next() -> None:
    chat = begun(row("integer", "people", default="4"))
    chat.deed(Deed.NEXT)
    assert chat.answers == {"people": 4}


def test_an_answer_that_the_form_refuses_is_not_taken_from_a_button_either() -> None:
    chat = begun(row("select_one yes_no", "sure", constraint=". = 'yes'"))
    chat.deed(Deed.CHOOSE, 1)
    assert chat.answers == {}
    assert chat.text.startswith("Not so fi")


def test_back_from_the_first_question_goes_nowhere() -> None:
    chat = begun(row("integer", "people"))
    before = chat.draft
    chat.deed(Deed.BACK)
    assert chat.draft == before


def test_a_form_of_which_nothing_is_asked_today_has_only_its_review() -> None:
    chat = begun(row("integer", "later", relevant="today() > date('2030-01-01')"))
    assert asked(chat) is None
    chat.deed(Deed.BACK)
    assert asked(chat) is None


def test_changing_an_answer_drops_what_it_hides_and_says_so_in_few_words() -> None:
    more = {"relevant": "${more} = 'yes'", "parameters": "limit=20"}
    hidden = [row("text", f"q{n}", label=told("L" * 300), **more) for n in range(9)]
    chat = begun(row("select_one yes_no", "more"), *hidden)
    chat.deed(Deed.CHOOSE, 0)
    for _ in hidden:
        chat.type("hei")
    chat.deed(Deed.CHANGE, 0)
    chat.deed(Deed.CHOOSE, 1)
    assert chat.answers == {"more": "no"}
    assert chat.draft.pieces == {}
    assert "LLL…" in chat.text


# Whose answer a message is


def test_the_pieces_of_a_text_become_one_answer() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.burst("ensin", "sitten", "lopuksi")
    assert chat.answers == {"why": "ensin\nsitten\nlopuksi"}
    assert asked(chat) == "else"


def test_each_piece_of_an_answer_can_be_edited_by_itself() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.burst("eka 🧓🏽", "toka", "kolmas")
    first, second, third = chat.texts
    chat.edit(second, "TOKA, PIDEMPI")
    chat.edit(first, "EKA")
    chat.edit(third, "K")
    assert chat.answers == {"why": "EKA\nTOKA, PIDEMPI\nK"}


def test_editing_a_piece_into_itself_changes_nothing() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.burst("  yksi ", "kaksi\n\n\n\ntoinen", "ko\u0308lme")
    before = chat.answers
    for message, text in chat.texts.items():
        chat.edit(message, text)
        assert chat.answers == before


def test_beyond_four_pieces_the_last_are_one_that_no_edit_finds() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.burst(*"abcdef")
    assert chat.answers == {"why": "a\nb\nc\nd\ne\nf"}
    chat.edit(list(chat.texts)[5], "F")
    assert chat.answers == {"why": "a\nb\nc\nd\ne\nf"}
    chat.edit(list(chat.texts)[1], "BBB")
    assert chat.answers == {"why": "a\nBBB\nc\nd\ne\nf"}


def test_pieces_that_together_are_too_long_are_told_and_none_replaces_the_answer() -> None:
    chat = begun(row("text", "why", parameters="limit=20"), row("text", "else"))
    chat.burst("a" * 15, "b" * 10, "ja vielä")
    assert chat.answers == {"why": "a" * 15}
    assert asked(chat) == "why"


def test_the_rest_of_a_text_too_long_that_a_phone_has_split_is_no_answer_of_its_own() -> None:
    chat = begun(row("text", "why", parameters="limit=20"), row("text", "else"))
    chat.type("a" * 4096)
    chat.type("loppu")
    assert chat.answers == {}
    chat.passes(seconds=3)
    chat.type("lyhyemmin")
    assert chat.answers == {"why": "lyhyemmin"}


def test_a_piece_that_the_form_refuses_is_told_and_not_joined() -> None:
    short = row("text", "why", constraint="string-length(.) < 10")
    chat = begun(short, row("text", "else"))
    chat.burst("12345", "67890")
    assert chat.answers == {"why": "12345"}
    assert chat.text.startswith("Not so fi")
    assert asked(chat) == "why"


def test_of_two_answers_sent_at_once_to_a_choice_the_second_is_not_kept() -> None:
    chat = begun(row("select_one yes_no", "first"), row("select_one yes_no", "second"))
    chat.burst("1", "2")
    assert chat.answers == {"first": "yes"}
    assert "ennen kuin tämä kysymys" in chat.text


def test_a_second_try_sent_before_the_refusal_was_seen_is_an_answer() -> None:
    chat = begun(row("integer", "people"), row("integer", "rooms"))
    chat.burst("monta", "4")
    assert chat.answers == {"people": 4}


def test_after_a_tap_nothing_is_joined_to_the_text_before() -> None:
    chat = begun(row("text", "why"), row("select_one yes_no", "sure"), row("text", "else"))
    chat.type("siksi")
    chat.shows = False
    chat.deed(Deed.CHOOSE, 0)
    chat.type("toinen")
    assert chat.answers == {"why": "siksi", "sure": "yes"}


def test_a_refused_message_is_no_try_at_a_question_that_was_never_seen() -> None:
    chat = begun(row("integer", "people"), row("integer", "rooms"))
    chat.type("monta")
    chat.shows = False
    chat.deed(Deed.SKIP)
    chat.type("4")
    assert chat.answers == {"people": None}


def test_at_the_review_only_the_number_of_an_answer_is_understood() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.type("siksi")
    chat.type("muuta")
    for words in ("0", "3", "00021", "-1", "²", "kaksi", "9" * 4000):
        chat.type(words)
        assert asked(chat) is None
    chat.type(" 2. ")
    assert asked(chat) == "else"


def test_what_is_sent_with_a_number_at_the_review_is_no_answer() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.type("siksi")
    chat.type("muuta")
    chat.burst("1", "uusi teksti")
    assert chat.answers == {"why": "siksi", "else": "muuta"}
    assert asked(chat) == "why"


def test_a_message_delivered_twice_counts_once() -> None:
    chat = begun(row("integer", "people"), row("integer", "rooms"))
    chat.type("4")
    outcome = chat.do(Typed("4", max(chat.texts), chat.now))
    assert chat.answers == {"people": 4}
    assert outcome.cards == (), "its card stands"


def test_a_message_delivered_twice_shows_the_card_that_may_not_have_been_seen() -> None:
    chat = begun(row("integer", "people"), row("text", "why"), row("text", "else"))
    chat.shows = False
    chat.type("4")
    chat.shows = True
    outcome = chat.do(Typed("4", max(chat.texts), chat.now))
    assert len(outcome.cards) == 1
    assert (chat.answers, asked(chat)) == ({"people": 4}, "why")


def test_a_sticker_delivered_twice_is_spoken_of_once() -> None:
    chat = begun(row("text", "why"))
    chat.send(Matter.STICKER)
    seen = max(chat.draft.messages[:-1])
    outcome = chat.do(Sent(Matter.STICKER, seen))
    assert outcome.cards == ()
    assert asked(chat) == "why"


# Edited messages


def test_editing_a_typed_answer_changes_it_and_says_which() -> None:
    chat = begun(row("integer", "people"), row("text", "why"))
    chat.type("4")
    chat.edit(max(chat.texts), "5")
    assert chat.answers == {"people": 5}
    assert "people fi" in chat.text.split("\n")[0]
    assert asked(chat) == "why"


def test_an_edit_that_is_no_answer_leaves_the_answer_and_opens_the_question() -> None:
    chat = begun(row("integer", "people", constraint=". < 10"), row("text", "why"))
    chat.type("4")
    for wrong in ("monta", "40"):
        chat.edit(max(chat.texts), wrong)
        assert chat.answers == {"people": 4}
        assert asked(chat) == "people"


def test_a_refused_message_that_is_edited_is_the_answer() -> None:
    chat = begun(row("integer", "people", constraint=". < 10"), row("text", "why"))
    for wrong in ("monta", "40"):
        chat.type(wrong)
        assert chat.answers == {}
    chat.edit(max(chat.texts), "4")
    assert chat.answers == {"people": 4}


def test_a_refused_message_edited_into_another_refused_one_can_still_be_mended() -> None:
    chat = begun(row("integer", "people"), row("text", "why"))
    chat.type("monta")
    chat.edit(max(chat.texts), "monta monta")
    chat.edit(max(chat.texts), "4")
    assert chat.answers == {"people": 4}


def test_editing_an_older_refused_message_changes_nothing() -> None:
    chat = begun(row("integer", "people"), row("text", "why"))
    chat.type("monta")
    chat.passes(minutes=1)
    chat.type("useita")
    chat.edit(min(chat.texts), "4")
    assert chat.answers == {}
    assert "ei ole" in chat.text


def test_a_skipped_question_is_not_answered_by_editing_what_was_written_before() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.type("siksi")
    chat.deed(Deed.BACK)
    chat.deed(Deed.SKIP)
    chat.edit(max(chat.texts), "silti")
    assert chat.answers == {"why": None}
    assert "ei ole" in chat.text


def test_an_edit_can_close_a_gate() -> None:
    gate = row("integer", "age", role="gate", ends=". < 15", end_text=told("Bye"))
    chat = begun(gate, row("text", "why"), kind="application")
    chat.type("40")
    outcome = chat.edit(max(chat.texts), "12")
    assert outcome.effects == (Erase("any_form"),)


# Languages, sending, two conversations


def test_a_form_is_asked_in_a_language_that_it_has() -> None:
    swedish = {"sv": "Ja?"}
    of = read_form(
        json.dumps(
            {
                "settings": {
                    "name": "any_form",
                    "version": "1",
                    "kind": "survey",
                    "title": swedish,
                    "intro": swedish,
                    "languages": ["sv"],
                },
                "survey": [{"type": "select_one l", "name": "q", "label": swedish}],
                "choices": {"l": [{"name": "a", "label": swedish}]},
            }
        )
    )
    chat = Chat(of)
    chat.begin("any_form", "fi")
    assert chat.draft.language == "sv"
    chat.deed(Deed.LANGUAGE, "fi")
    assert chat.draft.language == "sv"
    chat.deed(Deed.CHOOSE, 0)
    chat.deed(Deed.SEND)
    assert chat.finished == [Finish("any_form", {"q": "a"}, {})]


def test_open_answers_go_apart_from_the_rest_and_skipped_ones_not_at_all() -> None:
    chat = begun(
        row("note", "hello"),
        row("decimal", "hours"),
        row("date", "day"),
        row("select_multiple days", "days"),
        row("text", "why"),
        row("text", "else"),
        row("calculate", "sum", calculation="${hours} + 1"),
    )
    chat.deed(Deed.NEXT)
    for text in ("3,5", "8.2.2027", "1 2", "siksi"):
        chat.type(text)
    chat.deed(Deed.SKIP)
    outcome = chat.deed(Deed.SEND)
    closed = {"hours": "3.5", "day": "2027-02-08", "days": ["mon", "tue"]}
    assert outcome.effects == (Finish("any_form", closed, {"why": "siksi"}),)


def test_sending_and_removing_takes_every_remembered_message_away() -> None:
    chat = begun(row("text", "why"))
    chat.type("siksi")
    messages = chat.draft.messages
    assert set(chat.texts) < set(messages)
    outcome = chat.deed(Deed.SEND_AND_REMOVE)
    assert outcome.remove == messages
    assert outcome.cards[0].place is Place.NEW


def test_an_application_keeps_the_language_it_was_sent_in() -> None:
    chat = begun(row("text", "full_name"), kind="application")
    chat.deed(Deed.LANGUAGE, "sv")
    chat.type("Aino Esimerkki")
    outcome = chat.deed(Deed.SEND)
    assert outcome.effects == (Apply("any_form", "sv", {"full_name": "Aino Esimerkki"}),)


def test_beginning_another_conversation_pauses_the_first() -> None:
    chat = Chat(library("equality"), library("application"))
    chat.begin("equality")
    chat.begin("application")
    active = {name: draft.active for name, draft in chat.drafts().items()}
    assert active == {"equality": False, "application": True}


def test_a_tap_in_a_paused_conversation_goes_on_with_it_and_pauses_the_other() -> None:
    chat = Chat(library("equality"), library("application"))
    chat.begin("equality")
    card = chat.draft.card
    data = f"a:equality:fi:{chat.draft.revision}:c0"
    chat.begin("application")
    outcome = chat.do(Tapped(data, card or 0))
    assert [type(effect) for effect in outcome.effects] == [Save, Save]
    active = {name: draft.active for name, draft in chat.drafts().items()}
    assert active == {"equality": True, "application": False}


@pytest.mark.parametrize("page", [Page.BEGIN, Page.BEGIN_SEPARATE])
def test_a_conversation_can_be_a_new_message_for_each_question(page: Page) -> None:
    chat = Chat(library("equality"))
    chat.begin("equality", page=page)
    separate = page is Page.BEGIN_SEPARATE
    before = max(chat.cards)
    outcome = chat.deed(Deed.CHOOSE, 0)
    assert outcome.cards[0].place is (Place.NEW if separate else Place.EDIT)
    assert (max(chat.cards) > before) is separate
    assert chat.text.startswith("Kysymys 2" if separate else "2/")


def test_going_on_from_the_menu_takes_up_where_it_was_left() -> None:
    chat = Chat(library("equality"))
    chat.begin("equality")
    chat.deed(Deed.CHOOSE, 0)
    chat.type("Kaikille samaa")
    before = chat.answers
    chat.deed(Deed.PAUSE)
    chat.command("start")
    chat.press(menu("sv", Page.CONTINUE, "equality"))
    assert (chat.answers, chat.draft.language, asked(chat)) == (before, "sv", "respected")


def test_a_text_of_the_worst_characters_is_taken_up_to_its_limit() -> None:
    chat = begun(row("text", "why", parameters="limit=400"))
    chat.type("🧓🏽" * 101)
    assert chat.answers == {}
    chat.passes(seconds=10)
    chat.type("🧓🏽" * 100)
    assert units(str(chat.answers["why"])) == 400


def test_while_it_is_asked_whether_to_stop_nothing_typed_is_an_answer() -> None:
    chat = begun(row("text", "why"))
    chat.deed(Deed.STOP)
    assert chat.draft.aside
    chat.type("kyllä, lopeta")
    assert (chat.answers, chat.draft.aside) == ({}, False)
    chat.type("siksi")
    assert chat.answers == {"why": "siksi"}


def test_while_a_language_is_chosen_nothing_typed_is_an_answer() -> None:
    chat = begun(row("text", "why"))
    chat.command("language")
    chat.type("svenska")
    assert chat.answers == {}

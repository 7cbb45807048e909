"""An open answer in which something leads to a person: it counts only when they have kept it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.buttons import Deed, Page, menu, under
from dialogs.events import Matter, Tapped, Typed
from dialogs.forms.model import Type
from tests.chat import Chat, library, units
from tests.small_form import asked, begun, form, row
from tests.test_properties import Person, deeds, prepared
from tests.tries import tries

CALL = "Soittakaa 040 123 4567."
WARNED = "Tämä näyttää puhelinnumerolta: 040 123 4567"


def waiting(text: str = CALL) -> Chat:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.type(text)
    return chat


def labels(chat: Chat) -> list[str]:
    return [chat.label(button, "fi") for line in chat.live.rows for button in line]


def sent(chat: Chat) -> dict[str, str]:
    chat.deed(Deed.SEND)
    return dict(chat.finished[0].opened)


# What is asked


def test_the_part_and_the_reason_are_told_and_nothing_stands_between() -> None:
    chat = waiting()
    assert asked(chat) == "why"
    assert chat.text == (
        f"{WARNED}\nSiitä voi päätellä, kuka olet tai kenestä kerrot.\n\n"
        f"1/2\n\nwhy fi\n\nVastauksesi: {CALL}\n\nHaluatko jättää vastauksen näin?"
    )
    assert labels(chat)[:3] == ["Jätä näin", "Muuta vastausta", "Poista vastaus"]
    assert "Seuraava" not in labels(chat)


def test_an_answer_in_which_nothing_is_found_leads_straight_on() -> None:
    chat = waiting("Kävin 12.3.2026 klo 17.00, ja huoneessa 2134 oli kylmä.")
    assert asked(chat) == "else"
    assert chat.draft.unconfirmed == frozenset()


def test_each_kind_is_named_once_with_all_its_parts() -> None:
    chat = waiting("040 123 4567, 050 765 4321 ja\naino@posti.example, Kauppakatu 12")
    assert chat.text.split("\n")[:3] == [
        "Tämä näyttää puhelinnumerolta: 040 123 4567 · 050 765 4321",
        "Tämä näyttää sähköpostiosoitteelta: aino@posti.example",
        "Tämä näyttää katuosoitteelta: Kauppakatu 12",
    ]


def test_several_parts_are_spoken_of_as_several() -> None:
    chat = waiting("040 123 4567, aino@posti.example, Kauppakatu 12")
    for language, told in (
        ("fi", "Näistä 3 kohdasta voi päätellä, kuka olet"),
        ("sv", "De här 3 uppgifterna kan avslöja vem du är"),
        ("en", "These 3 details could show who you are"),
    ):
        chat.deed(Deed.LANGUAGE, language)
        assert told in chat.text


def test_keep_and_change_stand_side_by_side() -> None:
    chat = waiting()
    first = [chat.label(button, "fi") for button in chat.live.rows[0]]
    assert first == ["Jätä näin", "Muuta vastausta"]


def test_where_each_question_is_a_message_its_place_is_told_first() -> None:
    chat = Chat(form(row("text", "why")))
    chat.begin("any_form", page=Page.BEGIN_SEPARATE)
    chat.type(CALL)
    assert chat.text.startswith(f"Kysymys 1, yhteensä 1\n\n{WARNED}")


def test_the_card_is_told_in_every_language() -> None:
    chat = waiting("131052-9085")
    assert "henkilötunnukselta: 131052-9085" in chat.text
    chat.deed(Deed.LANGUAGE, "sv")
    assert chat.text.startswith("Det här ser ut som en personbeteckning: 131052-9085")
    chat.deed(Deed.LANGUAGE, "en")
    assert chat.text.startswith("This looks like a personal identity code: 131052-9085")
    assert asked(chat) == "why"


def test_a_long_answer_full_of_parts_fits_on_its_card() -> None:
    chat = begun(row("text", "why", parameters="limit=1000"))
    chat.type("040 123 4567, a@posti.example, Kauppakatu 12, @aino_e " * 18)
    assert asked(chat) == "why"
    assert units(chat.text) < 2500


def test_an_application_is_identified_by_choice_and_is_not_asked() -> None:
    chat = begun(row("text", "why"), row("text", "else"), kind="application")
    chat.type(CALL)
    assert asked(chat) == "else"


def test_what_the_office_names_itself_is_nobodys() -> None:
    chat = waiting("Soitin numeroihin 09 2525 0111 ja +358 14 000 0000, turhaan.")
    assert asked(chat) == "else"


# Keep


def test_a_kept_answer_counts_as_it_was_written() -> None:
    chat = waiting()
    chat.tap("Jätä näin")
    assert asked(chat) == "else"
    chat.deed(Deed.SKIP)
    assert sent(chat) == {"why": CALL}


@pytest.mark.parametrize("words", ["Jätä näin", "kyllä", "Ja tack", "keep it", "ok"])
def test_it_can_be_kept_in_words(words: str) -> None:
    chat = waiting()
    chat.type(words)
    assert (asked(chat), chat.answers) == ("else", {"why": CALL})


def test_a_kept_answer_is_not_asked_about_again() -> None:
    chat = waiting()
    chat.deed(Deed.KEEP)
    chat.deed(Deed.BACK)
    assert WARNED not in chat.text
    chat.deed(Deed.NEXT)
    assert asked(chat) == "else"
    chat.deed(Deed.BACK)
    chat.type(CALL)
    assert asked(chat) == "else"


def test_nor_are_the_parts_kept_once_when_the_words_around_them_change() -> None:
    chat = waiting()
    chat.deed(Deed.KEEP)
    chat.edit(max(chat.texts), "Soittakaa numeroon +358401234567, kiitos.")
    assert asked(chat) == "else"
    chat.edit(max(chat.texts), "Soittakaa 040 123 4567 tai 050 765 4321.")
    assert asked(chat) == "why"


def test_a_shown_keep_button_keeps_only_what_stood_above_it() -> None:
    chat = waiting()
    old = under(chat.draft, Deed.KEEP)
    chat.type("Kirjoittakaa aino@posti.example.")
    chat.do(Tapped(old, max(chat.cards)))
    assert asked(chat) == "why"
    assert chat.draft.unconfirmed == {"why"}


# Change


def test_whoever_wants_to_change_it_is_told_how_and_may_still_keep_it() -> None:
    chat = waiting()
    chat.tap("Muuta vastausta")
    assert chat.text.startswith("Kirjoita vastaus kokonaan uudelleen, tai muokkaa")
    assert WARNED in chat.text
    assert labels(chat)[:2] == ["Jätä näin", "Poista vastaus"]
    chat.type("Soittakaa takaisin.")
    assert (asked(chat), chat.answers) == ("else", {"why": "Soittakaa takaisin."})


@pytest.mark.parametrize("words", ["Ei", "muuta vastausta", "nej", "Change my answer"])
def test_that_can_be_said_in_words_too_and_the_answer_stays(words: str) -> None:
    chat = waiting()
    chat.type(words)
    assert (asked(chat), chat.answers) == ("why", {"why": CALL})
    assert chat.text.startswith("Kirjoita vastaus kokonaan uudelleen")


def test_another_text_is_looked_at_anew() -> None:
    chat = waiting()
    chat.type("Kirjoittakaa aino@posti.example.")
    assert asked(chat) == "why"
    assert "sähköpostiosoitteelta: aino@posti.example" in chat.text
    assert "040" not in chat.text
    chat.type("Kirjoittakaa kirje.")
    assert asked(chat) == "else"


def test_editing_the_message_changes_it_and_is_looked_at_anew() -> None:
    chat = waiting()
    chat.edit(max(chat.texts), "Soittakaa 050 765 4321.")
    assert asked(chat) == "why"
    assert "050 765 4321" in chat.text
    chat.edit(max(chat.texts), "Soittakaa.")
    assert (asked(chat), chat.answers) == ("else", {"why": "Soittakaa."})


def test_an_edit_brings_back_the_question_that_was_passed() -> None:
    chat = begun(row("text", "why"), row("integer", "people"), row("text", "else"))
    for text in ("siksi", "4", "muuta"):
        chat.type(text)
    chat.deed(Deed.CHANGE, 1)
    chat.edit(min(chat.texts), CALL)
    assert asked(chat) == "why"
    chat.deed(Deed.KEEP)
    assert asked(chat) is None


def test_an_edit_that_is_refused_leaves_it_waiting() -> None:
    chat = begun(row("text", "why", parameters="limit=40"), row("text", "else"))
    chat.type(CALL)
    chat.edit(max(chat.texts), "x" * 41)
    assert (asked(chat), chat.answers) == ("why", {"why": CALL})
    assert WARNED in chat.text


def test_removing_the_answer_needs_no_choice() -> None:
    chat = waiting()
    chat.tap("Poista vastaus")
    assert (asked(chat), chat.answers) == ("else", {"why": None})
    assert chat.draft.unconfirmed == frozenset()


def test_a_required_answer_can_be_kept_or_changed_only() -> None:
    chat = begun(row("text", "why", required="yes"))
    chat.type(CALL)
    assert labels(chat)[:2] == ["Jätä näin", "Muuta vastausta"]
    assert "Poista vastaus" not in labels(chat)
    chat.deed(Deed.SKIP)
    assert asked(chat) == "why"


# Pieces


def test_pieces_are_looked_at_together() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.burst("Soittakaa 040 123", "4567, kiitos.")
    assert asked(chat) == "why"
    assert "puhelinnumerolta: 040 123 4567" in chat.text
    assert "Lisäsimme viestisi edelliseen vastaukseesi." in chat.text


def test_the_rest_of_an_answer_that_waits_belongs_to_it() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.burst(CALL, "Kiitos.")
    assert (asked(chat), chat.answers) == ("why", {"why": f"{CALL}\nKiitos."})
    chat.deed(Deed.KEEP)
    assert asked(chat) == "else"


def test_a_piece_that_comes_late_brings_the_question_back() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.type("siksi")
    chat.type("muuta")
    chat.deed(Deed.CHANGE, 0)
    chat.burst("Siksi vain.", CALL)
    assert asked(chat) == "why"
    assert WARNED in chat.text


def test_nor_does_a_late_piece_hide_behind_a_question_come_back_to() -> None:
    chat = begun(row("integer", "people"), row("text", "why"), row("text", "else"))
    chat.type("4")
    chat.type("siksi")
    chat.newest += 1
    late = chat.newest
    chat.edit(min(chat.texts), "monta")
    assert asked(chat) == "people"
    chat.do(Typed(CALL, late, chat.now))
    assert (asked(chat), chat.answers["why"]) == ("why", f"siksi\n{CALL}")


def test_a_piece_in_which_nothing_is_found_leaves_the_question_where_it_was() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    chat.burst("siksi", "juuri")
    assert (asked(chat), chat.answers) == ("else", {"why": "siksi\njuuri"})


# Nothing passes it


def test_next_passes_no_answer_that_waits() -> None:
    chat = begun(row("text", "first"), row("text", "why"), row("text", "else"))
    chat.type("ensin")
    chat.type(CALL)
    chat.deed(Deed.NEXT)
    assert asked(chat) == "why"
    chat.deed(Deed.BACK)
    assert asked(chat) == "first"
    for _ in range(3):
        chat.deed(Deed.NEXT)
        assert asked(chat) == "why"


def test_nor_does_it_where_a_question_before_is_asked_again() -> None:
    chat = begun(
        row("integer", "least"),
        row("integer", "most", constraint=". > ${least}"),
        row("text", "why", parameters="limit=40"),
        row("text", "else"),
        row("text", "last"),
    )
    for text in ("1", "5", "siksi", "muuta"):
        chat.type(text)
    least, _, why, _ = chat.texts
    chat.edit(why, CALL)
    chat.edit(least, "9")
    assert asked(chat) == "most"
    chat.edit(why, "x" * 41)
    assert asked(chat) == "why"
    chat.deed(Deed.NEXT)
    assert asked(chat) == "most"
    chat.type("10")
    assert asked(chat) == "why"


def test_it_waits_through_pause_start_a_file_and_another_language() -> None:
    chat = waiting()
    chat.deed(Deed.PAUSE)
    chat.command("start")
    assert "kysymys 1/2" in chat.text
    chat.press(menu("fi", Page.CONTINUE, "any_form"))
    assert chat.text.startswith(WARNED)
    chat.send(Matter.VOICE)
    assert WARNED in chat.text
    chat.command("help")
    assert chat.text.startswith(WARNED)
    chat.deed(Deed.STOP)
    chat.deed(Deed.STAY)
    assert chat.text.startswith(WARNED)
    chat.deed(Deed.LANGUAGE, "en")
    assert (asked(chat), chat.answers) == ("why", {"why": CALL})


def test_keep_and_change_do_nothing_where_nothing_waits() -> None:
    chat = begun(row("text", "why"), row("text", "else"))
    for deed in (Deed.KEEP, Deed.REWRITE):
        chat.deed(deed)
        assert (asked(chat), chat.answers) == ("why", {})
    chat.type("kyllä")
    assert chat.answers == {"why": "kyllä"}


def test_an_answer_that_a_change_hides_waits_no_longer() -> None:
    chat = begun(
        row("select_one yes_no", "more"),
        row("text", "why", relevant="${more} = 'yes'"),
        row("text", "else"),
    )
    chat.deed(Deed.CHOOSE, 0)
    chat.type(CALL)
    chat.deed(Deed.BACK)
    chat.deed(Deed.CHOOSE, 1)
    assert (asked(chat), chat.draft.unconfirmed) == ("else", frozenset())


pieces = st.sampled_from([CALL, "131052-9085", "siksi", "aino@posti.example", "Kauppakatu 12 B 4"])
writing = st.one_of(
    deeds,
    st.tuples(st.just("type"), pieces),
    st.tuples(st.just("burst"), st.lists(pieces, min_size=2, max_size=3)),
    st.tuples(st.just("edit"), st.integers(0, 99), pieces),
    st.tuples(st.just("deed"), st.sampled_from([Deed.KEEP, Deed.REWRITE]), st.just(0)),
)


@tries(60)
@given(
    st.sampled_from(["equality 1", "equality 6", "equality review"]),
    st.lists(writing, min_size=3, max_size=25),
)
def test_whatever_one_does_nothing_that_waits_is_ever_sent(
    begun: str, sequence: list[tuple]
) -> None:
    """`tests.chat.whole` looks at each draft that is sent, `fits` at each that is kept."""
    person = Person(prepared(begun, "fi").copy())
    for deed in sequence:
        person.does(deed)
    for draft in person.chat.drafts().values():
        of = library(draft.form)
        assert all(of.row(name).type is Type.TEXT for name in draft.unconfirmed)

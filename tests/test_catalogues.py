"""Every phrase the code asks for is there in each language, fits where it is seen, and keeps the
promises made of it."""

from __future__ import annotations

import string
from datetime import date
from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from bot.render import Renderer
from dialogs import office, survey
from dialogs.forms import loader
from dialogs.forms.model import K
from dialogs.languages import LANGUAGES
from dialogs.life import Running, State
from dialogs.screens import On, Say, units
from tests import catalogues

TEXTS = {language: catalogues.texts(catalogues.read(language)) for language in LANGUAGES}
CALLS = tuple(catalogues.asked())

NAMED = {
    "card.several": "button.done",
    "card.several_at_most": "button.done",
    "card.suggested": "button.next",
    "help.answering": "button.begin_separate",
    "notice.review": "button.send",
    "receipt.mine": "button.mine",
    "review.remove_explained": "button.send_and_remove",
}
"""Texts that tell the reader which button to tap."""

LONGEST_DAY = date(2026, 12, 30)  # "keskiviikkona 30.12.2026", "Wednesday 30 December 2026"
LONG_BEFORE = date(2025, 12, 30)  # so that the year is named


def said(key: str, language: str) -> str:
    (text,) = TEXTS[language][key]
    return text


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_phrase_has_a_text_in_each_language_and_nothing_else_is_there() -> None:
    assert catalogues.check() == []


def test_every_key_stands_where_it_is_said_and_is_collected() -> None:
    assert {call.key for call in CALLS} == catalogues.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_collecting_again_would_change_nothing(language: str) -> None:
    file = catalogues.path(language).read_text("utf-8")
    assert catalogues.written(language, catalogues.read(language)) == file


def test_every_text_says_where_it_is_seen_alike_in_each_language() -> None:
    notes = [
        {str(message.id): message.auto_comments for message in catalogues.read(language)}
        for language in LANGUAGES
    ]
    assert all(note for key, note in notes[0].items() if key)
    assert notes[0] == notes[1] == notes[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_written_for_people(language: str) -> None:
    for key, forms in TEXTS[language].items():
        for text in forms:
            assert text != key
            assert "!" not in text, key
            assert "  " not in text, key
            assert text == text.lstrip(), key
            assert text == text.rstrip() or key == "mark.chosen"  # which stands before a choice


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_a_place_for_every_value_and_for_no_other(language: str) -> None:
    for call in CALLS:
        if call.key is None or call.values is None:
            continue
        forms = TEXTS[language][call.key]
        whole = call.values | ({"count"} if call.counted else set())
        assert placeholders(forms[-1]) == whole, call
        # One may go without its number: "this question", "these 3 questions".
        assert placeholders(forms[0]) | {"count"} == call.values | {"count"}, call


def test_the_values_of_every_phrase_can_be_seen_in_the_code() -> None:
    assert [call.place for call in CALLS if call.values is None] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_telegram_shows_of_the_bot_is_within_its_limits(language: str) -> None:
    # Bot API: setMyDescription, setMyShortDescription, answerCallbackQuery.
    assert units(said("bot.description", language)) <= 512
    assert units(said("bot.short_description", language)) <= 120
    assert units(said("toast.old_button", language)) <= 200
    for key in TEXTS[language]:
        if key.startswith("command."):
            assert len(said(key, language)) <= 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_fits_a_narrow_phone(language: str) -> None:
    for key in TEXTS[language]:
        if key.startswith("button.") and key != "button.answer":  # which bears a title
            assert len(said(key, language)) <= 28, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_buttons_side_by_side_fit_a_narrow_phone(language: str) -> None:
    for key in ("button.keep", "button.rewrite", "button.pause", "button.stop"):
        assert len(said(key, language)) <= 16, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_that_stand_together_have_different_names(language: str) -> None:
    together = [
        ("button.back", "button.skip", "button.next", "button.done", "button.pause", "button.stop"),
        ("button.stay", "button.erase"),
        ("button.amend", "button.withdraw", "button.someone_else", "button.home"),
        ("button.keep", "button.rewrite", "button.clear"),
        ("button.keep_application", "button.withdraw"),
        ("button.send", "button.send_and_remove", "button.back"),
    ]
    for group in together:
        assert len({said(key, language) for key in group}) == len(group)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "button"), NAMED.items())
def test_a_text_names_a_button_as_the_button_does(text: str, button: str, language: str) -> None:
    assert said(button, language) in said(text, language)


def test_the_promise_says_what_is_kept_and_who_sees() -> None:
    assert said("survey.promise", "en").startswith(
        "Your answers are stored without anything that names you. "
        "Telegram sees this chat, and your own words may reveal you."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_promised_on_paper_is_what_the_bot_says(language: str) -> None:
    paper = (catalogues.ROOT / "docs" / "anonymity.md").read_text("utf-8")
    written = " ".join(paper.replace("\n>", "\n").split())
    for key, count in (
        ("privacy.survey", K),
        ("privacy.draft", _office().draft_days),
        ("privacy.taking_part", None),
    ):
        assert TEXTS[language][key][-1].format(count=count) in written


def test_a_finnish_day_stands_in_the_case_its_sentences_are_written_for() -> None:
    renderer = Renderer(ZoneInfo("Europe/Helsinki"))
    for day, name in (
        (16, "maanantaina 16.3."),
        (18, "keskiviikkona 18.3."),
        (22, "sunnuntaina 22.3."),
    ):
        phrase = Say("application.open_until", {"day": On(date(2026, 3, day))})
        words = renderer.words(phrase, "fi", date(2026, 3, 1))
        assert words == f"Voit hakea vielä {name} puoleenyöhön asti."


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_promised_before_a_survey_leaves_room_for_the_survey_itself(language: str) -> None:
    form, _ = loader.read(_library("equality"), _office().lists())
    assert form is not None
    running = Running(form, State.OPEN, opens=LONG_BEFORE, closes=LONGEST_DAY)
    renderer = Renderer(ZoneInfo("Europe/Helsinki"))
    ours = [
        survey.until(running),
        Say("survey.promise"),
        Say("survey.draft_kept", count=_office().draft_days),
    ]
    words = [renderer.words(each, language, LONG_BEFORE) for each in ours]
    assert sum(len(each) for each in words) <= 400


def test_a_key_that_is_not_literal_is_named_with_its_place(tmp_path) -> None:
    _write(tmp_path, 'from dialogs.screens import Say\n\nx = Say("a.b" if True else "a.c")\n')
    (complaint,) = catalogues.unseen(tmp_path)
    assert complaint.startswith("dialogs/new.py:3: ")


def test_a_new_phrase_comes_empty_into_every_catalogue_and_an_old_one_goes(tmp_path) -> None:
    _write(tmp_path, 'a = Say("a.new")\nb = Say("a.kept", {"day": d}, count=n)\n')
    for language in LANGUAGES:
        path = catalogues.path(language, tmp_path)
        path.parent.mkdir(parents=True)
        path.write_text(
            catalogues.HEADER.format(language=language)
            + '#. A note.\nmsgid "a.kept"\nmsgstr "Kept {count} {day}"\n\n'
            + 'msgid "a.old"\nmsgstr "Old"\n',
            "utf-8",
        )
    catalogues.collect(tmp_path)
    for language in LANGUAGES:
        catalogue = catalogues.read(language, tmp_path)
        kept = "Kept {count} {day}"
        assert catalogues.texts(catalogue) == {"a.kept": (kept, kept), "a.new": ("",)}
        assert catalogue["a.kept"].auto_comments == ["A note."]
        assert catalogue["a.new"].auto_comments == ["Said in dialogs/new.py."]
    assert catalogues.check(tmp_path) == [f"{each}: a.new has no text." for each in LANGUAGES]


def _write(root, source: str) -> None:
    (root / "bot").mkdir()
    (root / "dialogs").mkdir()
    (root / "dialogs" / "new.py").write_text(source, "utf-8")


def _office() -> office.Office:
    read, _ = office.read(resources.files("dialogs").joinpath("office.yaml").read_text("utf-8"))
    assert read is not None
    return read


def _library(name: str) -> str:
    return (
        resources.files("dialogs").joinpath("forms", "library", f"{name}.yaml").read_text("utf-8")
    )

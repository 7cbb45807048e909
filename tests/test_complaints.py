"""Every mistake of a form can be told to a coordinator, in their language, on one card."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.render import Renderer
from dialogs.forms.complaints import (
    LISTED,
    MOST,
    NAMING,
    QUOTED,
    SENTENCE,
    WIDTH,
    Complaint,
    figure,
    listed,
    marked,
    quoted,
    told,
)
from dialogs.forms.expressions import Malformed, parse
from dialogs.forms.infer import infer
from dialogs.forms.loader import read
from dialogs.languages import LANGUAGES
from dialogs.screens import Card, Joined, Line, Number, Own, Say, units
from tests import catalogues
from tests.test_expressions import MALFORMED, MEANINGLESS, SHAPES
from tests.test_forms_check import (
    APPLICATION,
    APPLICATION_MISTAKES,
    LABEL,
    MISTAKES,
    NO_FORMS,
    OFFICE,
    SURVEY,
    changed,
    survey_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.screens import Value

RENDERER = Renderer(ZoneInfo("Europe/Helsinki"))
TODAY = date(2027, 1, 27)
TEXTS = {language: catalogues.texts(catalogues.read(language)) for language in LANGUAGES}

HEAD = SURVEY[: SURVEY.index("survey:\n")]
NUMBER = f"  - {{type: integer, name: number, {LABEL}}}\n"
MANY = "".join(
    f"    - {{name: as_long_as_a_name_is_{n}, label: {{fi: a{n}, sv: a{n}, en: a{n}}}}}\n"
    for n in range(100, 210)
)

BROKEN = [
    *(changed(SURVEY, old, new) for old, new, *_ in MISTAKES),
    *(changed(APPLICATION, old, new) for old, new, *_ in APPLICATION_MISTAKES),
    *(source for source, *_ in NO_FORMS),
    changed(SURVEY, "[fi, sv, en]", "[fi, sv]"),
    changed(SURVEY, "'close'\"", '’close’"'),
    changed(SURVEY, "start=1 end=5", "start=1"),
    changed(SURVEY, "start=1 end=5", "start=5 end=1"),
    changed(SURVEY, "start=1 end=5", "start=1 end=12"),
    SURVEY + "  spare:\n    - {name: a, label: {fi: a, sv: b, en: c}}\n",
    f"{HEAD}survey: []\n",
    f"{HEAD}survey: words\n",
    survey_of(*(f"  - {{type: note, name: n{n}, {LABEL}}}\n" for n in range(201))),
    survey_of(*["  - {type: begin_group, name: g}\n"] * 9, NUMBER),
    survey_of(*(f"  - {{type: integer, name: n{n}, {LABEL}}}\n" for n in range(15))).replace(
        "kind: survey", "kind: application"
    ),
    survey_of(*(f"  - {{type: select_multiple many, name: q{n}, {LABEL}}}\n" for n in range(3)))
    + f"choices:\n  many:\n{MANY}",
    changed(
        SURVEY,
        "choices:\n",
        f"  - {{type: select_one who, name: again, required: yes, {LABEL},\n"
        "     constraint: \". != 'close' and ${for_whom} != 'myself'\",\n"
        "     constraint_message: {fi: a, sv: b, en: c}}\nchoices:\n",
    ),
]


def complaints() -> Iterator[Complaint]:
    """All that the checker ever complains of, each with what it quotes from a form."""
    for source in BROKEN:
        yield from read(source, OFFICE)[1]
    yield from read(SURVEY, {})[1]
    for source, *_ in MALFORMED:
        with pytest.raises(Malformed) as malformed:
            parse(source)
        excerpt = marked(source, malformed.value.at)
        yield Complaint(1, "row", malformed.value.said, excerpt=excerpt)
    for source, *_ in MEANINGLESS:
        for fault in infer(parse(source), SHAPES, None, condition=True)[1]:
            yield Complaint(1, "row", fault.said, excerpt=marked(source, fault.at))


ALL = tuple(complaints())


def phrases(words: Value) -> Iterator[Say]:
    """Every phrase in what is said."""
    if isinstance(words, Say):
        yield words
        for value in words.values.values():
            yield from phrases(value)
    elif isinstance(words, Joined):
        for part in words.parts:
            yield from phrases(part)


def in_words(of: tuple[Complaint, ...], language: str) -> str:
    card = Card(language, told(of))
    return RENDERER.card(card, TODAY).text


def test_every_complaint_of_the_catalogues_is_made_of_some_form() -> None:
    said = {
        phrase.phrase
        for complaint in ALL
        for (place, *_) in told((complaint,))[-1:]
        for phrase in phrases(place.words)
    }
    known = {key for key in TEXTS["fi"] if key.startswith(("complaint.", "naming.", "unreadable."))}
    assert said == known


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_complaint_is_told_whole_in_each_language(language: str) -> None:
    for complaint in ALL:
        text = in_words((complaint,), language)
        keys = [phrase.phrase for phrase in phrases(complaint.said)]
        assert keys
        assert not any(key in text for key in keys), text
        for value in (value for each in phrases(complaint.said) for value in each.values.values()):
            assert not isinstance(value, Own) or value.text in text
        assert str(complaint.line) in text
        assert complaint.row in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_a_complaint_is_longer_than_a_card_reckons_with(language: str) -> None:
    for key, forms in TEXTS[language].items():
        if key.startswith("complaint."):
            assert max(map(units, forms)) <= SENTENCE, key
        if key.startswith("naming."):
            assert max(map(units, forms)) <= NAMING, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_of_complaints_leaves_room_for_the_rest_whatever_the_form(language: str) -> None:
    rows = [
        f"  - {{type: {'💥' * 70}, name: {'n' * 30}{n}, relevant: {'$' * 90}}}\n"
        for n in range(200)
    ]
    worst = read(survey_of(*rows), OFFICE)[1]
    assert len(worst) > 200
    for some in (worst, ALL, ALL[::-1]):
        assert 700 < units(in_words(some, language)) <= 3400


def test_what_must_be_mended_is_told_before_what_may_be_meant() -> None:
    source = changed(changed(SURVEY, "'close'\"", '’close’"'), "[fi, sv, en]", "[fi, sv]")
    lines = in_words(read(source, OFFICE)[1][:6], "en").split("\n")
    heading = lines.index("Please look at these too. They do not stop the form from being used.")
    assert all("is not among the form's languages" in line for line in lines[:heading] if line)
    assert lines[heading + 2].startswith("Line 7: languages: whoever speaks en is served")


def test_a_mistake_is_told_with_its_line_its_row_and_the_place_in_the_expression() -> None:
    source = changed(SURVEY, "${yearly} > 100", "${weekly} > 100")
    assert in_words(read(source, OFFICE)[1], "fi") == (
        "Rivi 63, often: relevant: Kysymystä nimeltä weekly ei ole.\n${weekly} > 100\n^"
    )
    rendered = RENDERER.card(Card("fi", told(read(source, OFFICE)[1])), TODAY)
    (code,) = rendered.entities
    assert (code.type, code.length) == ("pre", len("${weekly} > 100\n^"))


def test_as_many_are_told_as_fit_and_the_rest_is_counted() -> None:
    mistakes = [Complaint(n, "", Say("complaint.asks_nothing")) for n in range(1, 25)]
    assert in_words(tuple(mistakes[:MOST]), "en").count("Line ") < MOST
    lines = [RENDERER.words(line.words, "en", TODAY) for (line,) in told(mistakes, most=2)]
    assert lines == [
        "Line 1: The form asks nothing: a question is missing.",
        "Line 2: The form asks nothing: a question is missing.",
        "And 22 more. Mend these first, then send the file again.",
    ]


def test_no_warning_takes_the_room_of_a_mistake() -> None:
    doubtful = [Complaint(n, "", Say("complaint.stuck"), error=False) for n in range(1, 9)]
    wrong = Complaint(9, "", Say("complaint.asks_nothing"))
    ((first,), (heading,), *_) = told([*doubtful, wrong], most=2)
    assert RENDERER.words(first.words, "en", TODAY).startswith("Line 9: ")
    assert heading == Line(Say("complaints.warnings"), strong=True)


def test_nothing_is_told_of_a_good_form() -> None:
    assert told(()) == ()


@pytest.mark.parametrize("at", [0, 1, 15, 31, 32, 40, 97, 99, 100])
def test_on_a_phone_the_caret_stands_under_its_sign(at: int) -> None:
    source = "".join(chr(0x100 + n) for n in range(100))
    complaint = Complaint(1, "", Say("complaint.end_missing"), excerpt=marked(source, at))
    ((_, excerpt),) = told((complaint,))
    assert isinstance(excerpt.words, Own)
    shown, caret = excerpt.words.text.split("\n")
    assert len(shown) == WIDTH
    assert caret == " " * (len(caret) - 1) + "^"
    assert shown[len(caret) - 1 : len(caret)] == source[at : at + 1]


def test_what_is_quoted_is_short_and_can_be_seen() -> None:
    assert quoted("liikunta") == Own("liikunta")
    assert quoted("a\nb\u202ec\x9bd") == Own("a b c d")
    assert quoted("x" * QUOTED) == Own("x" * QUOTED)
    assert quoted("x" * (QUOTED + 1)) == Own("x" * (QUOTED - 1) + "…")
    assert len(listed(f"choice{n}" for n in range(200)).text) == LISTED
    assert figure(3000) == Own("3000")


def test_whatever_else_is_said_is_reckoned_with() -> None:
    said = Say("complaint.form_full", {"most": Number(200)})
    assert len(told([Complaint(1, "", said)])) == 1

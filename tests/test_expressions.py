"""What expressions mean, function by function, and that nothing they say does harm."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forms import english
from dialogs.forms import expressions, values
from dialogs.forms.expressions import Malformed, both, evaluate, holds, parse
from dialogs.forms.infer import Shape, Sort, infer

if TYPE_CHECKING:
    from dialogs.forms.answers import Answer

TODAY = date(2026, 2, 1)
ANSWERS: dict[str, Answer] = {
    "one": "dental",
    "several": ("dental", "rescue"),
    "none_chosen": (),
    "scale": 4,
    "unsure": "cant_say",
    "words": "kiitos",
    "age": 41,
    "share": Decimal("2.50"),
    "born": date(1984, 5, 17),
    "consent": True,
    "skipped": None,
}


def value(source: str, this: Answer = None) -> object:
    return evaluate(parse(source), ANSWERS, this, TODAY)


CASES: list[tuple[str, object]] = [
    # Numbers, and what binds tighter.
    ("1 + 2 * 3", 7),
    ("(1 + 2) * 3", 9),
    ("7 - 2 - 1", 4),
    ("7 div 2", Decimal("3.5")),
    ("7 mod 4", 3),
    ("-7 mod 4", -3),
    ("- - 2", 2),
    ("-(1 + 1)", -2),
    (".5 + 2.", Decimal("2.5")),
    ("0.1 + 0.2 = 0.3", True),
    ("2 * ${age}", 82),
    ("${share} + 1", Decimal("3.5")),
    # Nothing divides by zero and nothing is made of a text.
    ("string-length(concat(1 div 0))", 3),
    ("concat(1 div 0, ' ', 0 div 0, ' ', 5 mod 0)", "NaN NaN NaN"),
    ("concat('a' + 1)", "NaN"),
    ("concat(-" + "9" * 400 + ")", "-Infinity"),
    # Equality.
    ("${one} = 'dental'", True),
    ("${one} != 'dental'", False),
    ("${scale} = 4", True),
    ("${scale} = '4'", True),
    ("${unsure} = 'cant_say'", True),
    ("${unsure} = 4", False),
    ("${unsure} != 4", True),
    ("${skipped} = ''", True),
    ("${never_asked} = ''", True),
    ("${skipped} = 0", False),
    ("${consent} = true()", True),
    ("${consent} = 'OK'", True),
    ("${skipped} = 'OK'", False),
    ("true() = 1", True),
    # Order.
    ("${scale} < 5", True),
    ("${scale} <= 4", True),
    ("${scale} >= 5", False),
    ("${scale} > 4", False),
    ("${skipped} < 5", False),
    ("${skipped} >= 5", False),
    ("1 < ${unsure}", False),
    # Dates.
    ("${born} < '2000-01-01'", True),
    ("'2000-01-01' > ${born}", True),
    ("${born} = '1984-05-17'", True),
    ("${born} != '1984-02-30'", True),
    ("${born} < today()", True),
    ("today() - date('2026-01-31')", 1),
    ("date(today() + 7) = date('2026-02-08')", True),
    # And, or.
    ("${scale} = 4 and ${one} = 'dental'", True),
    ("${scale} = 1 or ${one} = 'dental'", True),
    ("false() and true() or true()", True),
    ("true() or true() and false()", True),
    # selected, count-selected.
    ("selected(${several}, 'rescue')", True),
    ("selected(${several}, 'resc')", False),
    ("selected(${one}, 'dental')", True),
    ("selected(${skipped}, 'dental')", False),
    ("count-selected(${several})", 2),
    ("count-selected(${none_chosen})", 0),
    ("count-selected(${skipped})", 0),
    # string-length.
    ("string-length(${words})", 6),
    ("string-length(${skipped})", 0),
    # regex.
    ("regex(${words}, 'k.*s')", True),
    ("regex(${words}, 'kiito')", False),
    ("regex('40100', '[0-9]{5}')", True),
    ("regex('a', '(')", False),
    ("regex('a', 'a{2000}')", False),
    ("regex('\ud800', 'a')", False),
    ("regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', '(a+)+')", False),
    # if, coalesce, concat.
    ("if(${scale} > 3, 'high', 'low')", "high"),
    ("if('', 1, 2)", 2),
    ("if(0 div 0, 1, 2)", 2),
    ("if(${born}, 1, 2)", 1),
    ("coalesce(${skipped}, ${words})", "kiitos"),
    ("coalesce('', '')", ""),
    ("concat(${words}, ' ', 3.0, ' ', true(), ' ', ${born})", "kiitos 3 true 1984-05-17"),
    ("concat(1 - 1, false(), 100)", "0false100"),
    # today, int, number, round, date.
    ("today()", TODAY),
    ("int(2.7)", 2),
    ("int(-2.7)", -2),
    ("number('12.5') + 1", Decimal("13.5")),
    ("number(' -3 ')", -3),
    ("number(true())", 1),
    ("number(date('1970-01-02'))", 1),
    ("number('1e5') = number('1e5')", False),
    ("round(2.5)", 3),
    ("round(-2.5)", -2),
    ("round(-2.6)", -3),
    ("round(2.345, 2)", Decimal("2.35")),
    ("round(1234, -2)", 1200),
    ("concat(round(1, 'x'), round('x'))", "NaNNaN"),
    ("round(1 div 3, 99) > 0.33", True),
    ("concat(round(" + "9" * 400 + "))", "Infinity"),
    ("date('2026-02-08')", date(2026, 2, 8)),
    ("date(${born})", date(1984, 5, 17)),
    ("date('8.2.2026')", ""),
    ("date('2026-02-30')", ""),
    ("date(" + "9" * 200 + ")", ""),
    ("date(1 div 0)", ""),
    ("date(true())", ""),
    # true, false, not.
    ("true()", True),
    ("false()", False),
    ("not(false())", True),
    ("not(${words})", False),
]


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_an_expression_comes_to(source: str, expected: object) -> None:
    assert value(source) == expected


def test_a_dot_is_the_answer_being_given() -> None:
    assert holds(parse(". >= 18 and . < 120"), {}, 40, TODAY)
    assert not holds(parse(". >= 18"), {}, None, TODAY)
    assert parse(". > 1").uses_this
    assert not parse("1.5 > 1").uses_this


def test_every_function_is_in_the_table_above() -> None:
    for function in values.FUNCTIONS:
        assert any(f"{function}(" in source for source, _ in CASES), function


def test_an_expression_knows_the_names_it_rests_on() -> None:
    parsed = parse("${ a } = 'x' and selected(${b_2}, 'y')")
    assert parsed.references == {"a", "b_2"}
    assert parsed.source == "${ a } = 'x' and selected(${b_2}, 'y')"


def test_both_hold_together() -> None:
    a, b = parse("${a} = 'x'"), parse(". > 1")
    joined = both(a, b)
    assert joined is not None
    assert joined.references == {"a"}
    assert joined.uses_this
    assert holds(joined, {"a": "x"}, 2, TODAY)
    assert not holds(joined, {"a": "x"}, 1, TODAY)
    assert both(a, None) is a
    assert both(None, b) is b
    assert both(None, None) is None


@pytest.mark.parametrize("source", ["${one} = ‘dental’", "${one} = “dental”", "${one}=„dental”"])
def test_typographic_quotes_are_taken_with_a_warning(source: str) -> None:
    parsed = parse(source)
    assert holds(parsed, ANSWERS, None, TODAY)
    (warning,) = parsed.warnings
    assert "quote" in english(warning.said)
    assert source[warning.at] in "‘“„"


def test_one_warning_is_enough_for_many_quotes() -> None:
    assert len(parse("‘a’ = ‘b’").warnings) == 1


def test_a_typographic_quote_inside_plain_ones_is_a_sign_like_others() -> None:
    parsed = parse('concat("it’s")')
    assert parsed.warnings == ()
    assert evaluate(parsed, {}, None, TODAY) == "it’s"


# What is no expression; the place it is told at; a piece of the sentence.
MALFORMED = [
    ("", 0, "Nothing is written"),
    ("   ", 0, "Nothing is written"),
    ("1 +", 3, "missing at the end"),
    ("1 2", 2, "an operator is missing"),
    ("1)", 1, "closed too early"),
    ("(1", 0, "never closed"),
    ("'abc", 0, "never closed"),
    ("“abc'", 0, "never closed"),
    ("= 1", 0, "something is missing"),
    ("and 1", 0, "something is missing"),
    ("1 == 1", 2, "Write one ="),
    ("1 && 1", 2, "Write and"),
    ("1 || 1", 2, "Write or"),
    ("1 <> 1", 2, "Write !="),
    ("!true()", 0, "not("),
    ("4 / 2", 2, "div"),
    ("4 % 2", 2, "mod"),
    ("$name", 0, "${name}"),
    ("${na-me}", 0, "${name}"),
    ("4 – 2", 2, "hyphen"),
    ("4 ≤ 2", 2, "<="),
    ("4 # 2", 2, "no meaning"),
    ("name = 1", 0, "Write ${name}"),
    ("not true()", 0, "written not("),
    ("selekted(${a}, 'b')", 0, "Did you mean selected?"),
    ("xyz(1)", 0, "There are: selected"),
    ("today(1)", 0, "written today()"),
    ("if(1, 2)", 0, "written if("),
    ("selected(${a} 'b')", 8, "never closed"),
    ("(" * 40 + "1" + ")" * 40, 32, "brackets inside each other"),
    ("-" * 40 + "1", 32, "brackets inside each other"),
    ("1" + "+1" * 200, 301, "150 operators"),
    ("1" * 3000, 2000, "2000 characters"),
]


@pytest.mark.parametrize(("source", "at", "piece"), MALFORMED)
def test_what_is_no_expression_is_told_with_its_place(source: str, at: int, piece: str) -> None:
    with pytest.raises(Malformed) as told:
        parse(source)
    assert told.value.at == at
    assert piece in english(told.value.said)


# Pieces that make up expressions, so that many of the random sources can be parsed.
PIECES = [
    *(f"{function}(" for function in values.FUNCTIONS),
    *("(", ")", ")", ",", ".", "+", "-", "*", "=", "!=", "<", ">=", " and ", " or ", " div "),
    *(" mod ", "${one}", "${several}", "${age}", "${born}", "${nobody}", "''", "'a'", "1", "0"),
    *("0.5", "99999999999999999999", "'2026-02-08'", "'('", "'(a+)+'", "“x”", " "),
]
OPERATORS = ["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
OPERANDS = ["${one}", "${several}", "${age}", "${born}", "${nobody}", "''", "'a'", "1", "0", "0.5"]
OPERANDS += ["99999999999999999999", "'2026-02-08'", "'('", "'(a+)+'", "today()", "."]
SOURCES = st.recursive(
    st.sampled_from(OPERANDS),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(OPERATORS), inner),
        st.builds("-{}".format, inner),
        st.builds(
            lambda function, arguments: f"{function}({','.join(arguments)})",
            st.sampled_from(sorted(values.FUNCTIONS)),
            st.lists(inner, min_size=1, max_size=3),
        ),
    ),
    max_leaves=12,
)
ANY_ANSWER = (
    st.none()
    | st.booleans()
    | st.text(max_size=20)
    | st.integers()
    | st.decimals()
    | st.dates()
    | st.lists(st.text(max_size=5), max_size=3).map(tuple)
)


def parsed_or_malformed(source: str) -> expressions.Expression | Malformed:
    try:
        return parse(source)
    except Malformed as malformed:
        return malformed


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_is_an_expression_or_malformed(source: str) -> None:
    parsed = parsed_or_malformed(source)
    if isinstance(parsed, Malformed):
        assert 0 <= parsed.at <= len(source)
        assert english(parsed.said)
    else:
        holds(parsed, ANSWERS, None, TODAY)
        infer(parsed, {}, condition=True)


@given(SOURCES, st.dictionaries(st.sampled_from(sorted(ANSWERS)), ANY_ANSWER), ANY_ANSWER)
def test_nothing_raises_whatever_the_answers(
    source: str, answers: dict[str, Answer], this: Answer
) -> None:
    parsed = parsed_or_malformed(source)
    if isinstance(parsed, Malformed):
        return
    result = evaluate(parsed, answers, this, TODAY)
    assert isinstance(result, (str, Decimal, bool, date))
    assert isinstance(holds(parsed, answers, this, TODAY), bool)
    values.string(result)
    infer(parsed, SHAPES, Shape(Sort.ANY))


@given(st.text(max_size=12), st.text(max_size=30))
def test_no_pattern_raises(pattern: str, text: str) -> None:
    values.pattern_fault(pattern)
    answers: dict[str, Answer] = {"pattern": pattern, "text": text}
    assert holds(parse("regex(${text}, ${pattern})"), answers, None, TODAY) in (True, False)


def test_the_deepest_expression_is_walked_without_trouble() -> None:
    deep = parse("1" + "+1" * (expressions.PARTS - 1))
    assert evaluate(deep, {}, None, TODAY) == expressions.PARTS
    nested = "(" * expressions.NESTING + "1" + ")" * expressions.NESTING
    assert evaluate(parse(nested), {}, None, TODAY) == 1
    infer(deep, {})


def test_a_pattern_that_cannot_be_read_is_explained() -> None:
    assert values.pattern_fault("[a-z]+") is None
    for pattern, piece in [
        ("(", ") is missing"),
        ("[a", "] is missing"),
        ("a**", "'**'"),
        ("a{1001}", "'{1001}'"),
        ("\ud800", "' '"),
    ]:
        fault = values.pattern_fault(pattern)
        assert fault is not None
        assert piece in english(fault)


SHAPES = {
    "one": Shape(Sort.CHOICE, ("dental", "rescue")),
    "coded": Shape(Sort.CHOICE, ("1", "2")),
    "several": Shape(Sort.CHOICES, ("dental", "rescue")),
    "scale": Shape(Sort.STEP, ("1", "2", "3", "cant_say")),
    "words": Shape(Sort.TEXT),
    "age": Shape(Sort.NUMBER),
    "born": Shape(Sort.DATE),
    "consent": Shape(Sort.CONDITION),
}


@pytest.mark.parametrize(
    "source",
    [
        "${one} = 'dental' or 'rescue' = ${one}",
        "${one} != ''",
        "${one} = ${words}",
        "${coded} = 1 and ${coded} < 2",
        "${scale} > 2 or ${scale} = 'cant_say' or ${scale} = 3",
        "${scale} = ${age}",
        "${several} != ''",
        "selected(${several}, 'rescue') and count-selected(${several}) > 1",
        "selected(${one}, ${words})",
        "${words} = 'x' and string-length(${words}) > 3",
        "regex(${words}, '[a-z]+') or regex(${age}, '1.')",
        "${age} = '41' or ${age} + 1 > -2",
        "${born} < today() - 365 and today() - ${born} > 365",
        "7 + ${born} > '2026-01-01'",
        "${born} = '2026-01-01' and ${born} != date('2026-01-01')",
        "date(${words}) < date(${born})",
        "${consent} or ${consent} = 'OK' or ${consent} = true()",
        "not(${consent}) and if(${consent}, true(), false())",
        "if(${consent}, 1, 2) > int(2.5) + round(2.5, 0)",
        "coalesce(${words}, 'x') = concat('x', ${age})",
        "coalesce(${words}, 1) = 3",
        "number(${words}) > 1",
        "${unknown} = 'anything' and ${unknown} > 1 and ${unknown}",
        ". = 3 and . != 'cant_say'",
    ],
)
def test_what_makes_sense_is_left_in_peace(source: str) -> None:
    _, faults = infer(parse(source), SHAPES, SHAPES["scale"], condition=True)
    assert faults == ()


# What can never mean anything; the place it is told at; a piece of the sentence.
MEANINGLESS = [
    ("${one}", 0, "${one} is one of its choices, and a condition is wanted"),
    ("${age} and true()", 0, "a condition is wanted"),
    ("not('x')", 4, "'x' is a text, and a condition"),
    ("if(1, true(), true())", 3, "a condition is wanted"),
    ("${one} = 'dentist'", 9, "not among the answers to ${one}: dental, rescue"),
    ("'dentist' = ${one}", 0, "not among the answers"),
    ("${several} = 'dental'", 0, "ask selected(${several}"),
    ("${one} = ${several}", 9, "ask selected(${several}"),
    ("selected(${several}, 'dentist')", 21, "not among the answers"),
    ("selected(${words}, 'x')", 9, "a set of choices is wanted"),
    ("selected(${one}, today())", 17, "a text is wanted"),
    ("${scale} = 4", 11, "'4' is not among"),
    ("${words} = 4", 11, "write '4'"),
    ("${age} = 'old'", 9, "'old' is not"),
    ("${consent} = 'yes'", 13, "either true or false"),
    ("${born} = 'yesterday'", 10, "written '2026-02-08'"),
    ("${born} < 2000", 10, "a date is wanted"),
    ("${born} = ${age}", 10, "${age} is a number, and a date is wanted"),
    ("${one} = ${age}", 7, "one of its choices, on the right a number"),
    ("${one} > 1", 0, "a number is wanted"),
    ("${words} + 1 > 1", 0, "${words} is a text"),
    ("${several} > 1", 0, "count-selected()"),
    ("-${consent} > 1", 1, "a number is wanted"),
    ("${born} * 2 > 1", 0, "is a date, and a number"),
    ("${born} + ${born} > 1", 8, "Only days"),
    ("1 - ${born} > 1", 2, "Only days"),
    ("${born} + ${words} > today()", 10, "a number is wanted"),
    ("${words} + ${born} > today()", 0, "a number is wanted"),
    ("${age} div 0 > 1", 11, "divided by zero"),
    ("1 < 2 < 3", 2, "This is either true or false, and a number"),
    ("concat('a', 1) > 1", 0, "concat() is a text"),
    ("count-selected(${one}) = 1", 15, "a set of choices is wanted"),
    ("string-length(${age}) = 1", 14, "a text is wanted"),
    ("regex(${born}, 'x')", 6, "a text is wanted"),
    ("regex(${words}, '(')", 16, "cannot be read: ) is missing"),
    ("regex(${words}, 'a**')", 16, "cannot be read. Look at '**'"),
    ("regex(${words}, ${words})", 16, "written out here"),
    ("${scale}", 0, "${scale} is a step of its scale"),
    ("date('2026-02-30') < today()", 5, "no such day"),
    ("date(${one}) < today()", 5, "a date is wanted"),
    (". = 3", 0, "no answer for . to mean"),
    ("int(${words}) = 1", 4, "a number is wanted"),
    ("1 + 1", 2, "This is a number, and a condition is wanted"),
    ("5", 0, "5 is a number"),
]


@pytest.mark.parametrize(("source", "at", "piece"), MEANINGLESS)
def test_what_can_never_mean_anything_is_told(source: str, at: int, piece: str) -> None:
    _, faults = infer(parse(source), SHAPES, None, condition=True)
    assert [fault.at for fault in faults] == [at]
    assert piece in english(faults[0].said)


def test_a_dot_is_judged_like_the_question_it_stands_for() -> None:
    _, faults = infer(parse(". > 1"), {}, Shape(Sort.TEXT), condition=True)
    assert ". is a text" in english(faults[0].said)


def test_a_calculation_has_a_shape() -> None:
    for source, sort in [
        ("1 + ${age}", Sort.NUMBER),
        ("-1", Sort.NUMBER),
        ("${born} + 1", Sort.DATE),
        ("concat('a')", Sort.TEXT),
        ("'a'", Sort.TEXT),
        ("${one}", Sort.CHOICE),
        ("1 = 1", Sort.CONDITION),
        ("if(true(), 'a', 'b')", Sort.TEXT),
        ("if(true(), 'a', 1)", Sort.ANY),
        ("date('2026-01-01') - today()", Sort.NUMBER),
    ]:
        shape, faults = infer(parse(source), SHAPES)
        assert (shape.sort, faults) == (sort, ())

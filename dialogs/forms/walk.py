"""How a form is walked: which questions a person meets, and which one now.

Everything here is a function of the form and the answers. The current question is the one the
cursor points at, else the first that is relevant and has no answer that stands, else none: then it
is time to review. An answer that waits for its writer's word does not stand. A skipped question is
answered with None; a note that was read, with True.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs.forms.expressions import evaluate, holds
from dialogs.forms.model import Form, Row, Type

if TYPE_CHECKING:
    from datetime import date

    from dialogs.forms.answers import Answer, Answers
    from dialogs.forms.draft import Draft


def path(form: Form, answers: Answers, today: date) -> tuple[Row, ...]:
    """The rows this person meets, in order: relevant in the light of the answers before them."""
    met, _ = _walked(form, answers, today)
    return tuple(met)


def _walked(form: Form, answers: Answers, today: date) -> tuple[list[Row], dict[str, Answer]]:
    """The rows met, and what is known by name: their answers, and what is calculated."""
    known: dict[str, Answer] = {}
    met: list[Row] = []
    for row in form.rows:
        if row.relevant is not None and not holds(row.relevant, known, None, today):
            continue
        if row.calculation is not None:
            value = evaluate(row.calculation, known, None, today)
            known[row.name] = None if value == "" else value
            continue
        met.append(row)
        if row.name in answers:
            known[row.name] = answers[row.name]
    return met, known


def settle(form: Form, answers: Answers, today: date) -> tuple[dict[str, Answer], tuple[Row, ...]]:
    """The answers that still stand, and the answered questions that a change has hidden."""
    met = {row.name for row in path(form, answers, today)}
    kept = {name: answer for name, answer in answers.items() if name in met}
    hidden = tuple(
        row
        for row in form.rows
        if row.name not in met and row.asks and answers.get(row.name) is not None
    )
    return kept, hidden


def current(form: Form, draft: Draft, today: date) -> Row | None:
    """The question to show now; None when all are answered."""
    met, known = _walked(form, draft.answers, today)
    for row in met:
        if row.name == draft.cursor:
            return row
    for row in met:
        waits = row.name not in known or row.name in draft.unconfirmed
        if waits or not _stands(row, known, today):
            return row
    return None


def _stands(row: Row, known: Answers, today: date) -> bool:
    """Whether the answer to `row` can be sent as it is. A change further up may have made it one
    that the form refuses; and of several choices there may not be enough yet."""
    answer = known[row.name]
    if isinstance(answer, tuple):
        alone = any(choice.exclusive and choice.name in answer for choice in row.choices)
        if len(answer) < (1 if alone else row.parameters.minimum or 1):
            return False
    return _allows(row, answer, known, today) and not _ends(row, answer, known, today)


def before(form: Form, draft: Draft, today: date) -> Row | None:
    """The row that Back leads to from the current one, or from the review; None at the first."""
    met = path(form, draft.answers, today)
    here = current(form, draft, today)
    if here is None:
        return met[-1] if met else None
    place = met.index(here)
    return met[place - 1] if place else None


def progress(form: Form, draft: Draft, today: date) -> tuple[int, int]:
    """Which question is current and how many there are, as in "4/9"; notes do not count."""
    asked = [row for row in path(form, draft.answers, today) if row.asks]
    here = current(form, draft, today)
    passed = sum(
        1 for row in asked if here is None or form.rows.index(row) <= form.rows.index(here)
    )
    return max(passed, 1), len(asked)


def meets_constraint(form: Form, row: Row, answer: Answer, answers: Answers, today: date) -> bool:
    """Whether an answer is one the form allows; a skipped question is not constrained."""
    return _allows(row, answer, _walked(form, answers, today)[1], today)


def _allows(row: Row, answer: Answer, known: Answers, today: date) -> bool:
    return answer is None or row.constraint is None or holds(row.constraint, known, answer, today)


def ends(form: Form, row: Row, answer: Answer, answers: Answers, today: date) -> bool:
    """Whether this answer at a gate ends the conversation."""
    return _ends(row, answer, _walked(form, answers, today)[1], today)


def _ends(row: Row, answer: Answer, known: Answers, today: date) -> bool:
    return row.ends is not None and holds(row.ends, {**known, row.name: answer}, answer, today)


def take(
    form: Form, draft: Draft, row: Row, answer: Answer, today: date
) -> tuple[Draft, tuple[Row, ...]]:
    """The draft with `answer` to `row`, the cursor let go, and the answered questions this hid."""
    answers, hidden = settle(form, {**draft.answers, row.name: answer}, today)
    given = {name for name, kept in answers.items() if kept is not None}
    now = replace(
        draft,
        answers=answers,
        unconfirmed=draft.unconfirmed & given,
        pieces={name: kept for name, kept in draft.pieces.items() if name in given},
        cursor=None,
    )
    return now, hidden


def minutes(form: Form) -> int:
    """About how long the form takes: twenty seconds a question, a minute and a half for an open
    one, rounded up."""
    seconds = sum(
        90 if row.type is Type.TEXT and not row.role else 20 for row in form.rows if row.asks
    )
    return max(1, -(-seconds // 60))

"""The cards of a conversation that answers a form: the question, the review, pausing, stopping.

A card is a function of the form, the draft and the day. Choices stand numbered and whole in the
message; the buttons below repeat them. Whatever a button says, the message says too.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from dialogs.buttons import Deed, Page, menu, under
from dialogs.forms.answers import Answer
from dialogs.forms.model import CANT_SAY, Form, Kind, Row, Type
from dialogs.forms.walk import before, current, path, progress
from dialogs.identifiers import Identifier, telling
from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH, Text
from dialogs.screens import (
    Button,
    Card,
    Joined,
    Line,
    Number,
    On,
    Own,
    Paragraph,
    Place,
    Say,
    Told,
    Words,
    units,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dialogs.forms.draft import Draft
    from dialogs.office import Office

PAGE: Final = 10
"""So many choices of a long list stand on one card."""

REVIEWED: Final = 14
"""So many answers of a review stand on one card: what a whole form of ours asks at most."""

SHORT: Final = 12
"""Buttons stand side by side when every label is at most so many characters."""

CLIPPED: Final = 120
"""So many UTF-16 units of a question or an answer are repeated in the review; all of `REVIEWED`
then fit in a message (4096, Bot API, sendMessage)."""

REPEATED: Final = 2000
REPEATED_LEAST: Final = 300
"""So many UTF-16 units of a question and its answer together, but at least so many of the answer,
stand on the question's card when one comes back to it."""

NAMES: Final[Text] = {FINNISH: "Suomeksi", SWEDISH: "På svenska", ENGLISH: "In English"}

Option = tuple[Answer, Words, int | None]
"""What can be chosen: the answer it gives, its words, and its number unless it is one itself."""


def options(row: Row) -> tuple[Option, ...]:
    """Everything that can be chosen for a row, in order; buttons name them by place, from 0."""
    if row.type is Type.ACKNOWLEDGE:
        return ((True, Say("button.acknowledge"), None),)
    if row.type is not Type.RANGE:
        return tuple(
            (choice.name, Told(choice.label), number)
            for number, choice in enumerate(row.choices, 1)
        )
    first, last = row.parameters.start or 0, row.parameters.end or 0
    labels = {choice.name: choice.label for choice in row.choices}
    steps: list[Option] = [(step, Number(step), None) for step in range(first, last + 1)]
    if CANT_SAY in labels:
        steps.append((CANT_SAY, Told(labels[CANT_SAY]), None))
    return tuple(steps)


def shown(row: Row, answer: Answer) -> Words:
    """An answer as the person sees it."""
    labels = {choice.name: choice.label for choice in row.choices}
    if answer is None or answer == ():
        return Say("answer.skipped")
    if isinstance(answer, tuple):
        # A label may hold a comma of its own.
        return Told(joined([labels[name] for name in answer], by="; "))
    if answer is True:
        return Say("answer.acknowledged")
    if isinstance(answer, str):
        return (
            Told(labels[answer]) if answer in labels and row.type is not Type.TEXT else Own(answer)
        )
    if isinstance(answer, date):
        return On(answer)
    if str(answer) in labels:
        return Joined((Number(answer), Told(labels[str(answer)])), by=" – ")
    return Number(answer)


def chosen(row: Row, draft: Draft) -> tuple[str, ...]:
    """Which of several choices are chosen by now; to begin with, those the form suggests."""
    answer = draft.answers.get(row.name, row.default)
    return answer if isinstance(answer, tuple) else ()


def question(
    office: Office,
    form: Form,
    draft: Draft,
    today: date,
    *,
    notice: Paragraph = (),
    page: int = 0,
    near: Sequence[int] = (),
    rewriting: bool = False,
) -> Card:
    """The live card: the current question, or the review when none is left. Where an answer waits
    for its writer's word, that is asked; `rewriting`: they want to write another.

    `near` are the places of choices that a typed word may have meant; of a long list they are
    offered instead of a page of it.
    """
    row = current(form, draft, today)
    if row is None:
        return _review(form, draft, today, notice=notice, page=page)
    waits = row.name in draft.unconfirmed
    paragraphs: list[Paragraph] = [notice]
    if waits:
        how = (Line(Say("identifier.rewrite")),) if rewriting else ()
        paragraphs += [how, _leading(office, row, draft)]
    if row.asks:
        number, total = progress(form, draft, today)
        place = {"number": number, "total": total}
        if draft.separate:  # begins each message: one hears at once which question it is
            paragraphs.insert(0, (Line(Say("card.progress_aloud", place)),))
        else:
            paragraphs.append((Line(Say("card.progress", place)),))
    paragraphs.append((Line(Told(row.label), strong=True),))
    if waits:
        return _waiting(form, row, draft, today, paragraphs, rewriting=rewriting)
    paragraphs.append(_told(row.hint))
    near = near if row.long_list else ()
    paragraphs += _how(office, form, row, draft, page, near)
    return _live(
        draft,
        paragraphs,
        [
            *_choice_rows(row, draft, page, near),
            _around(form, row, draft, today),
            *_furniture(form, draft),
        ],
    )


def stopping(form: Form, draft: Draft) -> Card:
    """Asks before erasing: Stop stands where a thumb can slip."""
    return _live(
        draft,
        [(Line(Say("stop.ask", {"title": Told(form.title)})),)],
        [
            [Button(Say("button.stay"), under(draft, Deed.STAY))],
            [Button(Say("button.erase"), under(draft, Deed.ERASE))],
        ],
    )


def paused(form: Form, draft: Draft, kept: Say) -> Card:
    """`kept` says how long the answers wait."""
    return Card(
        draft.language,
        (
            (Line(Say("pause.done", {"title": Told(form.title)})),),
            (Line(kept), *_sent(draft)),
        ),
        (
            (Button(Say("button.continue"), menu(draft.language, Page.CONTINUE, form.name)),),
            (Button(Say("button.home"), menu(draft.language, Page.HOME)),),
        ),
        Place.NEW if draft.separate else Place.EDIT,
    )


def erased(form: Form, draft: Draft) -> Card:
    dropped = (Line(Say("amending.dropped")),) if draft.amending else ()
    return Card(
        draft.language,
        ((Line(Say("stop.erased", {"title": Told(form.title)})), *dropped),),
        ((Button(Say("button.home"), menu(draft.language, Page.HOME)),),),
    )


def language_choice(form: Form, draft: Draft) -> Card:
    """/language in the middle of answering: the answers go on in the language chosen."""
    return _live(
        draft,
        [(Line(Say("language.choose")),)],
        [[_language(draft, to)] for to in form.languages],
    )


def _review(form: Form, draft: Draft, today: date, *, notice: Paragraph, page: int) -> Card:
    asked = [row for row in path(form, draft.answers, today) if row.asks]
    here = list(enumerate(asked, 1))[page * REVIEWED : (page + 1) * REVIEWED]
    explained = Say("review.amending") if draft.amending else Say("review.explained")
    paragraphs: list[Paragraph] = [
        notice,
        (Line(Say("review.title"), strong=True), Line(explained), *_sent(draft)),
    ]
    for number, row in here:
        label = brief(Told(row.label))
        paragraphs.append(
            (
                Line(Joined((Number(number), label), by=". "), strong=True),
                Line(brief(shown(row, draft.answers[row.name]))),
            )
        )
    changes = [
        Button(
            Say("button.change", {"number": number}),
            under(draft, Deed.CHANGE, form.rows.index(row)),
        )
        for number, row in here
    ]
    rows: list[list[Button]] = [changes[at : at + 3] for at in range(0, len(changes), 3)]
    rows += _pages(draft, page, len(asked), REVIEWED)
    rows.append([Button(Say("button.send"), under(draft, Deed.SEND))])
    if form.kind is Kind.SURVEY:
        paragraphs.append((Line(Say("review.remove_explained")),))
        rows.append([Button(Say("button.send_and_remove"), under(draft, Deed.SEND_AND_REMOVE))])
    rows.append([Button(Say("button.back"), under(draft, Deed.BACK))])
    return _live(draft, paragraphs, [*rows, *_furniture(form, draft)])


def _live(draft: Draft, paragraphs: Iterable[Paragraph], rows: Iterable[Sequence[Button]]) -> Card:
    return Card(
        draft.language,
        tuple(paragraph for paragraph in paragraphs if paragraph),
        tuple(tuple(row) for row in rows if row),
        live=draft.form,
    )


_LOOKS_LIKE: Final = {
    Identifier.CODE: Say("identifier.code"),
    Identifier.PHONE: Say("identifier.phone"),
    Identifier.EMAIL: Say("identifier.email"),
    Identifier.IBAN: Say("identifier.iban"),
    Identifier.ADDRESS: Say("identifier.address"),
    Identifier.NAME: Say("identifier.name"),
}


def _leading(office: Office, row: Row, draft: Draft) -> Paragraph:
    """Which parts of an answer lead to a person, and why that is said."""
    text = str(draft.answers[row.name])
    parts: dict[Identifier, list[str]] = {}
    leading = telling(office, text)
    for one in leading:
        parts.setdefault(one.kind, []).append(" ".join(text[one.start : one.end].split()))
    found = (
        Line(Joined((_LOOKS_LIKE[kind], brief(Own(" · ".join(some)))), by=" "))
        for kind, some in parts.items()
    )
    return (*found, Line(Say("identifier.why", count=len(leading))))


def _waiting(
    form: Form,
    row: Row,
    draft: Draft,
    today: date,
    paragraphs: list[Paragraph],
    *,
    rewriting: bool,
) -> Card:
    """Asks whether an answer may stay as it is. Nothing else stands here that could be read
    instead. Keep and Change stand side by side: no phone shows the one without the other."""
    answer = brief(shown(row, draft.answers[row.name]), REPEATED_LEAST)
    paragraphs.append((Line(Say("card.answered", {"answer": answer})),))
    choices = [Button(Say("button.keep"), under(draft, Deed.KEEP))]
    if not rewriting:
        paragraphs.append((Line(Say("identifier.keep")),))
        choices.append(Button(Say("button.rewrite"), under(draft, Deed.REWRITE)))
    around = _around(form, row, draft, today)
    return _live(draft, paragraphs, [choices, around, *_furniture(form, draft)])


def _sent(draft: Draft) -> Paragraph:
    """That what was sent before stands while it is being changed."""
    return (Line(Say("amending.stands")),) if draft.amending else ()


def _told(text: Text) -> Paragraph:
    return (Line(Told(text)),) if text else ()


def _how(
    office: Office, form: Form, row: Row, draft: Draft, page: int, near: Sequence[int]
) -> list[Paragraph]:
    """What can be chosen, what is chosen, and how to answer by typing."""
    paragraphs: list[Paragraph] = []
    answer = draft.answers.get(row.name)
    asked = max(units(row.label[to]) + units(row.hint.get(to, "")) for to in form.languages)
    room = max(REPEATED_LEAST, REPEATED - asked)
    if row.type in (Type.SELECT_ONE, Type.SELECT_MULTIPLE):
        listed = options(row)
        if near:
            listed = tuple(listed[place] for place in near)
        elif row.long_list:
            listed = listed[page * PAGE : (page + 1) * PAGE]
        paragraphs.append(
            tuple(
                Line(Joined((Number(number or 0), words), by=". ")) for _, words, number in listed
            )
        )
    if row.type is Type.RANGE:
        paragraphs.append(
            tuple(
                Line(Told(choice.label))
                if choice.name == CANT_SAY
                else Line(Joined((Number(int(choice.name)), Told(choice.label)), by=" – "))
                for choice in row.choices
            )
        )
    if row.long_list and not near:
        last = -(-len(row.choices) // PAGE)
        paragraphs.append((Line(Say("card.type_name", {"page": page + 1, "last": last})),))
    if row.type is Type.SELECT_MULTIPLE:
        most = row.parameters.maximum
        paragraphs.append(
            (
                Line(Say("card.several_at_most", {"most": most}) if most else Say("card.several")),
                Line(
                    Say("card.chosen", {"answer": brief(shown(row, several), room)})
                    if (several := chosen(row, draft))
                    else Say("card.none_chosen")
                ),
            )
        )
    elif answer is not None and row.asks:
        paragraphs.append(
            (Line(Say("card.answered", {"answer": brief(shown(row, answer), room)})),)
        )
    elif row.default is not None:
        suggested = brief(shown(row, row.default), room)
        paragraphs.append((Line(Say("card.suggested", {"answer": suggested})),))
    if row.type is Type.TEXT and row.role is None:
        paragraphs.append((Line(Say("card.write", {"limit": row.limit})),))
    if row.type in (Type.INTEGER, Type.DECIMAL):
        paragraphs.append((Line(Say("card.write_number")),))
    if row.type is Type.DATE:
        paragraphs.append((Line(Say("card.write_date")),))
    if row.type is Type.TEXT and form.kind is Kind.SURVEY:
        paragraphs.append(
            (Line(Say("card.unread")), Line(Told(office.emergency)), Line(Told(office.crisis)))
        )
    return paragraphs


def _choice_rows(row: Row, draft: Draft, page: int, near: Sequence[int]) -> list[list[Button]]:
    several = row.type is Type.SELECT_MULTIPLE
    answered = chosen(row, draft) if several else draft.answers.get(row.name)
    if row.type not in (Type.SELECT_ONE, Type.SELECT_MULTIPLE, Type.RANGE, Type.ACKNOWLEDGE):
        return []
    listed = list(enumerate(options(row)))
    if near:
        listed = [listed[place] for place in near]
    elif row.long_list:
        listed = listed[page * PAGE : (page + 1) * PAGE]
    buttons = []
    for place, (answer, words, number) in listed:
        on = answer in answered if isinstance(answered, tuple) else answer == answered
        deed = (Deed.TURN_OFF if on else Deed.TURN_ON) if several else Deed.CHOOSE
        buttons.append(
            Button(
                words,
                under(draft, deed, place),
                chosen=on,
                number=number,
            )
        )
    rows = _beside(buttons, draft.language)
    if near:
        rows.append([Button(Say("button.whole_list"), under(draft, Deed.PAGE, 0))])
    elif row.long_list:
        rows += _pages(draft, page, len(row.choices), PAGE)
    if several:
        rows.append([Button(Say("button.done"), under(draft, Deed.DONE))])
    return rows


def _beside(buttons: list[Button], language: str) -> list[list[Button]]:
    """Buttons side by side while all are short, one a row otherwise."""
    numbers = [button for button in buttons if isinstance(button.label, Number)]
    others = [button for button in buttons if button not in numbers]
    short = all(
        isinstance(button.label, Told) and len(button.label.text[language]) <= SHORT
        for button in others
    )
    width = 3 if short and len(others) > 1 else 1
    rows = [numbers[at : at + 6] for at in range(0, len(numbers), 6)]
    return rows + [others[at : at + width] for at in range(0, len(others), width)]


def _pages(draft: Draft, page: int, count: int, each: int) -> list[list[Button]]:
    turns = []
    if page:
        turns.append(Button(Say("button.page_before"), under(draft, Deed.PAGE, page - 1)))
    if (page + 1) * each < count:
        turns.append(Button(Say("button.page_after"), under(draft, Deed.PAGE, page + 1)))
    return [turns]


def _around(form: Form, row: Row, draft: Draft, today: date) -> list[Button]:
    """Back, Skip, Next: the ways from this question to its neighbours."""
    ways = []
    if before(form, draft, today):
        ways.append(Button(Say("button.back"), under(draft, Deed.BACK)))
    answered = draft.answers.get(row.name) not in (None, ())
    if row.asks and not row.required:
        skip = Say("button.clear") if answered else Say("button.skip")
        ways.append(Button(skip, under(draft, Deed.SKIP)))
    suggested = answered or row.default is not None
    if row.name in draft.unconfirmed:
        return ways  # nobody passes before they have chosen
    if row.type is Type.NOTE or (suggested and row.type is not Type.SELECT_MULTIPLE):
        ways.append(Button(Say("button.next"), under(draft, Deed.NEXT)))
    return ways


def _furniture(form: Form, draft: Draft) -> list[list[Button]]:
    """What stands under every question: the other languages, pause, stop."""
    return [
        [_language(draft, to) for to in form.languages if to != draft.language],
        [
            Button(Say("button.pause"), under(draft, Deed.PAUSE)),
            Button(Say("button.stop"), under(draft, Deed.STOP)),
        ],
    ]


def _language(draft: Draft, to: str) -> Button:
    return Button(Told(dict.fromkeys(LANGUAGES, NAMES[to])), under(draft, Deed.LANGUAGE, to))


def joined(texts: Sequence[Text], by: str) -> Text:
    """Several texts as one, in each language they have."""
    return {code: by.join(text[code] for text in texts) for code in texts[0]}


def brief(words: Words, most: int = CLIPPED) -> Words:
    """A text repeated, at most so many UTF-16 units of it."""
    match words:
        case Own(text):
            return Own(_clipped(text, most))
        case Told(text):
            return Told({code: _clipped(one, most) for code, one in text.items()})
    return words


def _clipped(text: str, most: int) -> str:
    if units(text) <= most:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)]
    return kept.decode("utf-16-le", "ignore").rstrip() + "…"

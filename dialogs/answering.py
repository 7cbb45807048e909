"""Answering a form, question by question: what taps, typed answers and edits do to a draft.

A button under a question carries the revision of the question it stood under. The revision changes
when another question is shown, not at every tap: three quick taps on one card all count, a tap on
an old card changes nothing and shows the current one.

What a person writes into a survey may lead to them. It is found before the answer counts: the
answer waits, its question stands, and they are shown which part and asked whether to keep it.
Nothing is taken out for them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from dialogs import cards, identifiers, pieces
from dialogs.buttons import Deed, Press
from dialogs.events import Edited, Matter, Sent, Typed
from dialogs.forms import inputs
from dialogs.forms.draft import Draft, LastTyped, Piece
from dialogs.forms.model import Form, Kind, Row, Type
from dialogs.forms.walk import before, current, ends, meets_constraint, path, take
from dialogs.outcome import Erase, Here, Outcome, Save
from dialogs.screens import Card, Line, Paragraph, Place, Say, Told, units

if TYPE_CHECKING:
    from dialogs.forms.answers import Answer

HIDDEN: Final = 200
"""So many UTF-16 units of the questions that a change has hidden are named."""

_NOT_KEPT: Final = {
    Matter.VOICE: Say("notice.voice"),
    Matter.PICTURE: Say("notice.picture"),
    Matter.STICKER: Say("notice.sticker"),
    Matter.FORWARD: Say("notice.forward"),
    Matter.FILE: Say("notice.file"),
    Matter.OTHER: Say("notice.other"),
}


@dataclass(frozen=True, slots=True)
class Complete:
    """All is answered, reviewed, and to be sent; `remove`: and the conversation taken away."""

    draft: Draft
    message: int  # the card that was tapped
    remove: bool


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """The answer at this gate ends the conversation."""

    draft: Draft
    row: Row
    message: int | None  # the card that was tapped; None when the answer was typed


Decision = Outcome | Complete | TurnedAway


def tapped(here: Here, form: Form, draft: Draft, press: Press, message: int) -> Decision:
    """A button under a question, the review, or the question whether to stop."""
    was = draft
    now = replace(draft, active=True, last=None).with_messages(message)
    row = current(form, draft, here.today)
    if press.revision != draft.revision:
        return _stale(here, form, was, now, message)
    match press.deed:
        case Deed.LANGUAGE if press.to in form.languages:
            return _show(here, form, was, replace(now, language=press.to), message)
        case Deed.PAUSE:
            return _pause(here, form, was, now, message)
        case Deed.STOP:
            return _show(here, form, was, now, message, aside=cards.stopping(form, now))
        case Deed.ERASE:
            return erased(form, now, message)
        case Deed.STAY:
            return _show(here, form, was, now, message)
        case Deed.PAGE:
            return _show(here, form, was, now, message, page=press.number)
        case Deed.BACK if (previous := before(form, draft, here.today)) is not None:
            return _show(here, form, was, replace(now, cursor=previous.name), message)
    if row is None:
        return _reviewed(here, form, was, now, press, message)
    match press.deed:
        case Deed.KEEP if row.name in draft.unconfirmed:
            return _kept(here, form, was, now, row, message)
        case Deed.REWRITE if row.name in draft.unconfirmed:
            return _show(here, form, was, now, message, rewriting=True)
        case Deed.NEXT | Deed.SKIP if _stays(here, form, row, draft, press.deed):
            return _show(here, form, was, _onward(here, form, now, row), message)
        case Deed.NEXT if draft.answers.get(row.name) is not None:
            return _answered(here, form, was, now, row, draft.answers[row.name], message)
        case Deed.NEXT if row.type is Type.NOTE:
            return _answered(here, form, was, now, row, True, message)
        case Deed.NEXT if row.default is not None:
            return _answered(here, form, was, now, row, row.default, message)
        case Deed.SKIP if row.asks and not row.required:
            return _answered(here, form, was, now, row, None, message)
        case Deed.CHOOSE if row.type is not Type.SELECT_MULTIPLE and press.number < len(
            cards.options(row)
        ):
            answer = cards.options(row)[press.number][0]
            return _answered(here, form, was, now, row, answer, message)
        case Deed.TURN_ON | Deed.TURN_OFF if (
            row.type is Type.SELECT_MULTIPLE and press.number < len(row.choices)
        ):
            return _turned(here, form, was, now, row, press, message)
        case Deed.DONE if row.type is Type.SELECT_MULTIPLE:
            return _done(here, form, was, now, row, message)
    return _stale(here, form, was, now, message)


def typed(here: Here, form: Form, draft: Draft, event: Typed) -> Decision:
    """A text message while this draft is the active one."""
    if event.message in draft.messages:
        return _delivered_again(here, form, draft)
    now = draft.with_messages(event.message)
    if draft.aside:
        return _show(here, form, draft, now, notice=(Line(Say("notice.aside")),))
    row = current(form, draft, here.today)
    last = draft.last
    unseen = pieces.sent_before_card(draft, event) or pieces.sent_before_turn(here, draft, event)
    if last is not None and pieces.goes_on_too_long(form, last, event, unseen=unseen):
        return _too_long(here, form, draft, now, event, last)
    again = last is not None and not last.taken and row == form.row(last.question)
    if unseen and not again:
        return _early(here, form, draft, now, event)
    if row is None:
        return _typed_at_review(here, form, draft, now, event)
    if row.name in draft.unconfirmed and (keep := inputs.keeps(event.text)) is not None:
        now = replace(now, last=None)
        if keep:
            return _kept(here, form, draft, now, row, None)
        return _show(here, form, draft, now, rewriting=True)
    now = replace(now, last=pieces.noted(row, event))
    return _read(here, form, draft, now, row, event)


def _delivered_again(here: Here, form: Form, draft: Draft) -> Outcome:
    """After a crash: nothing is taken twice. Where the card that followed is known, it stands, and
    what came below it is an answer to it. Where none is known, it may have been seen all the same,
    and is shown again."""
    if draft.card is not None:
        return Outcome(draft=draft)
    return _show(here, form, draft, draft.in_doubt())


def _read(
    here: Here, form: Form, was: Draft, now: Draft, row: Row, event: Typed | Edited
) -> Decision:
    """What was typed answers `row`, or it is said what would."""
    read = _understood(here, form, was, row, event.text)
    if isinstance(read, inputs.Refusal):
        last = now.last and replace(now.last, units=units(event.text), taken=False)
        notice = (Line(read.expected),)
        return _show(here, form, was, replace(now, last=last), notice=notice, near=read.near)
    last = now.last and replace(now.last, taken=True)
    length = units(read) if isinstance(read, str) else 0
    made_of = {**now.pieces, row.name: (Piece(event.message, length),)}
    return _answered(here, form, was, replace(now, last=last, pieces=made_of), row, read, None)


def _understood(
    here: Here, form: Form, draft: Draft, row: Row, text: str
) -> Answer | inputs.Refusal:
    """What a text answers to `row`, where the form allows it."""
    read = inputs.read(row, text, draft.language, here.today)
    if isinstance(read, inputs.Refusal):
        return read
    if not meets_constraint(form, row, read, draft.answers, here.today):
        return inputs.Refusal(Told(row.constraint_message))
    return read


def edited(here: Here, form: Form, draft: Draft, event: Edited) -> Decision:
    """An earlier message was changed: so is the answer it was."""
    for name, made_of in draft.pieces.items():
        if any(piece.message == event.message for piece in made_of):
            return _changed(here, form, draft, form.row(name), event)
    last, row = draft.last, current(form, draft, here.today)
    if last is not None and row is not None and not last.taken:
        mended = (last.message, last.question) == (event.message, row.name)
        if mended:  # it was refused just now: changed, it is the answer
            return _read(here, form, draft, draft, row, event)
    return _show(here, form, draft, draft, notice=(Line(Say("notice.edit_unknown")),))


def other(here: Here, form: Form, draft: Draft, event: Sent) -> Outcome:
    """A voice message, a picture, a forward: said that it is not kept, and the question again."""
    if event.message in draft.messages:
        return _delivered_again(here, form, draft)
    notice = (Line(_NOT_KEPT[event.matter]),)
    return _show(here, form, draft, draft.with_messages(event.message), notice=notice)


def interrupted(here: Here, form: Form, draft: Draft, message: int, *said: Card) -> Outcome:
    """Something else was asked midway: it is told, and the question stands below it again."""
    outcome = _show(here, form, draft, replace(draft, last=None).with_messages(message))
    return replace(outcome, cards=(*said, *outcome.cards))


def choosing_language(here: Here, form: Form, draft: Draft, message: int) -> Outcome:
    """/language midway: three buttons; the question comes back in the language chosen."""
    now = replace(draft, last=None).with_messages(message)
    return _show(here, form, draft, now, aside=cards.language_choice(form, draft))


def shown(
    here: Here, form: Form, draft: Draft, message: int | None = None, *, notice: Paragraph = ()
) -> Outcome:
    """The conversation begun or gone on with: its question, on the card tapped or a new one."""
    spoken = draft.language if draft.language in form.languages else form.languages[0]
    now = replace(draft, active=True, language=spoken, last=None)
    return _show(here, form, draft, now, message, notice=notice, save=True)


def erased(form: Form, draft: Draft, message: int | None) -> Outcome:
    """The unfinished answers are gone, and the person is told."""
    card = cards.erased(form, draft)
    place = Place.EDIT if message is not None and not draft.separate else Place.NEW
    return Outcome(
        cards=(replace(card, place=place),),
        effects=(Erase(draft.form),),
        close=_left(draft, message if place is Place.EDIT else None),
    )


def _show(
    here: Here,
    form: Form,
    was: Draft,
    now: Draft,
    message: int | None = None,
    *,
    notice: Paragraph = (),
    page: int = 0,
    near: tuple[int, ...] = (),
    rewriting: bool = False,
    aside: Card | None = None,
    save: bool = False,
) -> Outcome:
    """Keep `now` and show where it stands: on the card `message` that was tapped, else on a new
    one, which closes the old. `aside` is shown instead of the question, for a while."""
    if _asked(here, form, was) != _asked(here, form, now):
        now = replace(now, revision=was.revision + 1)
    # Not above the live card, which a crash may have shown twice: one reads what stands last.
    edit = message is not None and not now.separate and message >= (was.card or 0)
    now = replace(now, card=message if edit else None, aside=aside is not None)
    card = aside or cards.question(
        here.office,
        form,
        now,
        here.today,
        notice=notice,
        page=page,
        near=near,
        rewriting=rewriting,
    )
    return Outcome(
        cards=(replace(card, place=Place.EDIT if edit else Place.NEW),),
        effects=(*_others_paused(here, now), *((Save(now),) if save or now != was else ())),
        draft=now,
        close=_left(was, now.card),
    )


def _asked(here: Here, form: Form, draft: Draft) -> tuple[Row | None, Answer]:
    """The question, and the answer that it is asked whether to keep: Keep under an earlier one
    must not mean a later one."""
    row = current(form, draft, here.today)
    waits = row is not None and row.name in draft.unconfirmed
    return row, draft.answers[row.name] if row is not None and waits else None


def _left(draft: Draft, card: int | None) -> tuple[int, ...]:
    """The live card that is live no more; where each question is a message nothing is edited."""
    return () if draft.separate or draft.card in (None, card) else (draft.card,)


def _others_paused(here: Here, draft: Draft) -> tuple[Save, ...]:
    return tuple(
        Save(replace(other, active=False))
        for other in here.drafts.values()
        if other.active and other.form != draft.form
    )


def _stale(here: Here, form: Form, was: Draft, now: Draft, message: int) -> Outcome:
    """An old button: nothing changes. On the live card it was a second quick tap; from further up
    the current question comes below."""
    if message == was.card or was.card is None:
        return _show(here, form, was, replace(now, messages=was.messages), message)
    outcome = _show(here, form, was, now, notice=(Line(Say("notice.old_button")),))
    return replace(
        outcome,
        close=() if was.separate else (*outcome.close, message),
        toast=Say("toast.old_button"),
    )


def _pause(here: Here, form: Form, was: Draft, now: Draft, message: int) -> Outcome:
    now = replace(now, active=False)
    running = here.find(form.name)
    ending = running is not None and not running.takes_new
    kept = Say("start.until_four") if ending else Say("pause.kept", count=here.office.draft_days)
    return Outcome(
        cards=(cards.paused(form, now, kept),),
        effects=(Save(now),),
        draft=now,
        close=_left(was, message),
    )


def _answered(
    here: Here,
    form: Form,
    was: Draft,
    now: Draft,
    row: Row,
    answer: Answer,
    message: int | None,
    *,
    notice: Paragraph = (),
) -> Decision:
    if not meets_constraint(form, row, answer, now.answers, here.today):
        return _show(here, form, was, now, message, notice=(Line(Told(row.constraint_message)),))
    if ends(form, row, answer, now.answers, here.today):
        return TurnedAway(now, row, message)
    now, hidden = _taken(here, form, now, row, answer)
    return _show(here, form, was, now, message, notice=(*notice, *_hidden(hidden)))


def _taken(
    here: Here, form: Form, now: Draft, row: Row, answer: Answer
) -> tuple[Draft, tuple[Row, ...]]:
    """As `take`. A text of a survey in which something leads to a person waits for its writer's
    word; what they have kept once is not asked about again."""
    before = now.answers.get(row.name)
    waited = row.name in now.unconfirmed
    now, hidden = take(form, now, row, answer, here.today)
    if form.kind is not Kind.SURVEY or not isinstance(answer, str) or answer == before:
        return now, hidden
    leads = _leads(here, row, answer)
    kept = frozenset() if waited else _leads(here, row, before)
    others = now.unconfirmed - {row.name}
    return replace(now, unconfirmed=others | {row.name} if leads - kept else others), hidden


def _leads(here: Here, row: Row, answer: Answer) -> frozenset[str]:
    if row.type is not Type.TEXT or not isinstance(answer, str):
        return frozenset()
    return identifiers.parts(here.office, answer)


def _kept(
    here: Here, form: Form, was: Draft, now: Draft, row: Row, message: int | None
) -> Decision:
    """The answer counts as it is: its writer has seen what leads to a person, and wants it so."""
    now = replace(now, unconfirmed=now.unconfirmed - {row.name})
    return _answered(here, form, was, now, row, now.answers[row.name], message)


def _hidden(rows: tuple[Row, ...]) -> Paragraph:
    if not rows:
        return ()
    gone = Told(cards.joined([row.label for row in rows], by=" · "))
    shown = cards.brief(gone, HIDDEN)
    return (Line(Say("notice.hidden", {"questions": shown}, count=len(rows))),)


def _turned(
    here: Here, form: Form, was: Draft, now: Draft, row: Row, press: Press, message: int
) -> Decision:
    """One of several choices turned on or off; an exclusive one stands alone."""
    names = set(cards.chosen(row, now))
    choice = row.choices[press.number]
    alone = {other.name for other in row.choices if other.exclusive}
    if press.deed is Deed.TURN_OFF:
        names -= {choice.name}
    elif choice.exclusive:
        names = {choice.name}
    else:
        names = names - alone | {choice.name}
    most = row.parameters.maximum
    page = press.number // cards.PAGE
    if most is not None and len(names) > most:
        notice = (Line(Say("notice.at_most", {"most": most})),)
        return _show(here, form, was, now, message, notice=notice, page=page)
    answer = tuple(other.name for other in row.choices if other.name in names)
    now, _ = take(form, now, row, answer, here.today)
    return _show(here, form, was, replace(now, cursor=row.name), message, page=page)


def _stays(here: Here, form: Form, row: Row, draft: Draft, deed: Deed) -> bool:
    """Whether the answer given stays as it is: Next leaves it, and what was skipped is skipped.
    Not an answer that waits for its writer's word, or that a change further up has spoilt."""
    if row.name not in draft.answers or row.name in draft.unconfirmed:
        return False
    if current(form, replace(draft, cursor=None), here.today) == row:
        return False
    return (draft.answers[row.name] is None) is (deed is Deed.SKIP)


def _onward(here: Here, form: Form, now: Draft, row: Row) -> Draft:
    """One question further, the way Back came; to the review if that is all that is left."""
    met = path(form, now.answers, here.today)
    after = met[met.index(row) + 1 :]
    left = any(other.name not in now.answers for other in met)
    again = after and left and after[0].name in now.answers
    return replace(now, cursor=after[0].name if again else None)


def _done(here: Here, form: Form, was: Draft, now: Draft, row: Row, message: int) -> Decision:
    chosen = cards.chosen(row, now)
    if not chosen and not row.required:
        return _answered(here, form, was, now, row, None, message)
    if not chosen:
        return _show(here, form, was, now, message, notice=(Line(Say("notice.choose_one")),))
    read = inputs.several(
        row, [place for place, choice in enumerate(row.choices) if choice.name in chosen]
    )
    if isinstance(read, inputs.Refusal):
        return _show(here, form, was, now, message, notice=(Line(read.expected),))
    return _answered(here, form, was, now, row, read, message)


def _reviewed(
    here: Here, form: Form, was: Draft, now: Draft, press: Press, message: int
) -> Decision:
    met = path(form, now.answers, here.today)
    match press.deed:
        case Deed.SEND | Deed.SEND_AND_REMOVE:
            return Complete(now, message, press.deed is Deed.SEND_AND_REMOVE)
        case Deed.CHANGE if press.number < len(form.rows) and form.rows[press.number] in met:
            return _show(
                here, form, was, replace(now, cursor=form.rows[press.number].name), message
            )
    return _stale(here, form, was, now, message)


def _typed_at_review(here: Here, form: Form, was: Draft, now: Draft, event: Typed) -> Outcome:
    """At the review a number opens that answer; anything else is told what to do."""
    asked = [row for row in path(form, now.answers, here.today) if row.asks]
    now = replace(now, last=None)
    number = event.text.strip().rstrip(".")
    if number in (places := [str(place) for place in range(1, len(asked) + 1)]):
        return _show(here, form, was, replace(now, cursor=asked[places.index(number)].name))
    return _show(here, form, was, now, notice=(Line(Say("notice.review")),))


def _too_long(
    here: Here, form: Form, was: Draft, now: Draft, event: Typed, last: LastTyped
) -> Outcome:
    row = form.row(last.question)
    length = last.units + units(event.text)
    said = Say("expected.shorter", {"limit": row.limit, "length": length})
    now = replace(now, last=replace(pieces.noted(row, event, last), units=length, taken=False))
    return _show(here, form, was, now, notice=(Line(said),))


def _early(here: Here, form: Form, was: Draft, now: Draft, event: Typed) -> Decision:
    """Sent before the question was there: the rest of an open answer, or nothing we can place."""
    last = was.last
    before_text = was.answers.get(last.question) if last is not None else None
    goes_on = last is not None and last.taken and pieces.goes_with(last, event)
    row = form.row(last.question) if last is not None and goes_on else None
    if row is None or row.type is not Type.TEXT or not isinstance(before_text, str):
        return _show(here, form, was, now, notice=(Line(Say("notice.early")),))
    read = _understood(here, form, was, row, f"{before_text}\n{event.text}")
    if isinstance(read, inputs.Refusal):
        length = units(before_text) + 1 + units(event.text)
        longer = Say("notice.not_joined", {"limit": row.limit, "length": length})
        said = longer if length > row.limit else read.expected
        last = replace(pieces.noted(row, event, last), units=length, taken=False)
        return _show(
            here, form, was, replace(now, last=last, cursor=row.name), notice=(Line(said),)
        )
    added = units(str(read)) - units(before_text) - 1
    made_of = pieces.joined(now.pieces.get(row.name, ()), Piece(event.message, added))
    last = pieces.noted(row, event, last)
    now = replace(now, pieces={**now.pieces, row.name: made_of}, last=last)
    cursor = now.cursor
    now, _ = _taken(here, form, now, row, read)
    if row.name not in now.unconfirmed:
        now = replace(now, cursor=cursor)
    return _show(here, form, was, now, notice=(Line(Say("notice.joined")),))


def _changed(here: Here, form: Form, was: Draft, row: Row, event: Edited) -> Decision:
    """The answer that an edited message was, anew; a refused change leaves it as it stood."""
    text = pieces.replaced(was, row, event)
    read = _understood(here, form, was, row, text)
    if isinstance(read, inputs.Refusal):
        now = replace(was, cursor=row.name)
        return _show(here, form, was, now, notice=(Line(read.expected),), near=read.near)
    # What is typed next goes with no message before: its card may be shown twice by a crash.
    made_of = pieces.repieced(was, row, event, read)
    now = replace(was, pieces={**was.pieces, row.name: made_of}, last=None)
    notice = (Line(Say("notice.changed", {"question": cards.brief(Told(row.label))})),)
    return _answered(here, form, was, now, row, read, None, notice=notice)

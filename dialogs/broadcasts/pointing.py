"""Making one of the bot's own links, or pointing it somewhere else, step by step.

It may stand in thousands of phones already. So where it led and where it will lead are shown
together before anything changes, and an address is opened before anybody is sent there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import leading
from dialogs.broadcasts.records import Pointer, Target
from dialogs.events import Edited, Typed
from dialogs.forms import inputs
from dialogs.forms.inputs import Refusal
from dialogs.forms.model import Parameters, Row, Type
from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH
from dialogs.life import State
from dialogs.outcome import Change, Lay
from dialogs.panel import pages, teams, telling, underway
from dialogs.panel.buttons import Page, PanelPress, panel
from dialogs.panel.cards import Steps, asked, on_card
from dialogs.panel.details import given_with
from dialogs.panel.records import Panel, Task
from dialogs.panel.telling import drop, is_heard, option, stale
from dialogs.panel.trail import What, deed
from dialogs.running.results import standing
from dialogs.screens import Button, Card, Joined, Line, Own, Say, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.events import Sent
    from dialogs.life import Running
    from dialogs.outcome import Here, Outcome
    from dialogs.panel.cards import Press
    from dialogs.panel.details import Given
    from dialogs.screens import Paragraph

    Buttons = tuple[Button, ...]

KIND: Final = "point"

TARGET: Final = "target"
SURVEY: Final = "survey"
ADDRESS: Final = "address"
REVIEW: Final = "review"
TITLES: Final = {f"title_{language}": language for language in LANGUAGES}
"""The steps at which a page is named."""

KEEP: Final = "keep"
BACK: Final = "go-back"  # a survey may be called anything without a hyphen
AT: Final = "from-"  # followed by the place of the first survey that is shown
OPENED: Final = "opened"
LATER: Final = "later"

PAGE: Final = 8
"""So many surveys stand on one card."""

LONGEST_ADDRESS: Final = 500
LONGEST_TITLE: Final = 60
"""UTF-16 units: a title stands on a button."""

_TITLE: Final = Row(Type.TEXT, "title", 0, parameters=Parameters(limit=LONGEST_TITLE))

_CHOICES: Final[Mapping[Target, Say]] = {
    Target.SURVEY: Say("pointer.choose_survey"),
    Target.PAGE: Say("pointer.choose_page"),
    Target.STATEMENT: Say("pointer.choose_statement"),
}
_ASKS_ADDRESS: Final[Mapping[str, Say]] = {
    Target.PAGE: Say("pointer.page_address"),
    Target.STATEMENT: Say("pointer.statement_address"),
}
_ASKS_TITLE: Final[Mapping[str, Mapping[str, Say]]] = {
    Target.PAGE: {
        FINNISH: Say("pointer.page_title_fi"),
        SWEDISH: Say("pointer.page_title_sv"),
        ENGLISH: Say("pointer.page_title_en"),
    },
    Target.STATEMENT: {
        FINNISH: Say("pointer.statement_title_fi"),
        SWEDISH: Say("pointer.statement_title_sv"),
        ENGLISH: Say("pointer.statement_title_en"),
    },
}
_WITHOUT: Final[Mapping[str, Say]] = {
    FINNISH: Say("pointer.without_fi"),
    SWEDISH: Say("pointer.without_sv"),
    ENGLISH: Say("pointer.without_en"),
}

_OFFERED: Final = (State.OPEN, State.CLOSING, State.SCHEDULED, State.CLOSED)
"""Surveys that a link may lead to, in this order."""


def _point(here: Here, press: PanelPress, message: int) -> Outcome:
    """Begun, for a new link or for one that is there; or kept."""
    if press.more == KEEP:
        return _keep(here, press, message)
    pointer = leading.meant(here, press)
    if press.about and pointer is None:
        return leading.gone(here, press)
    if (shown := underway.half_made(here, press)) is not None:
        return on_card(shown)
    task = Task(KIND, TARGET, press.language, _given(here, pointer))
    return asked(_card(here, task), task, message)


def _given(here: Here, pointer: Pointer | None) -> Given:
    """What would have been told for it."""
    if pointer is None:
        return {"pointer": here.fresh[:16].hex()}
    return given_with(
        {f"title_{language}": title for language, title in pointer.title.items()},
        pointer=pointer.key.hex(),
        revision=str(pointer.revision),
        target=str(pointer.target),
        to=pointer.to,
    )


# What is told


def _told(here: Here, task: Task, event: Typed | Edited | Sent) -> Outcome:
    """An address or a title; what is delivered twice is taken once."""
    if _is_overtaken(here, task):
        return _overtaken(here, task)
    if is_heard(task, event):
        return asked(_card(here, task), task)
    read = _read(here, task, event)
    if isinstance(read, Say):
        return asked(_card(here, task, (Line(read),)), task)
    after = _forward(replace(task, given=given_with(read, heard=str(event.message))))
    return asked(_card(here, after), after)


def _read(here: Here, task: Task, event: Typed | Edited | Sent) -> Given | Say:
    if task.step not in (ADDRESS, *TITLES) or not isinstance(event, Typed):
        typed_here = not isinstance(event, Edited) and task.step in (ADDRESS, *TITLES)
        return Say("call.type_or_tap") if typed_here else telling.refused(_choosing(task), event)
    if task.step == ADDRESS:
        link = _address(here, event.text)
        return link if isinstance(link, Say) else given_with(task.given, to=link)
    title = inputs.read(_TITLE, event.text, FINNISH, here.today)
    if isinstance(title, Refusal):
        return title.expected if isinstance(title.expected, Say) else Say("expected.text")
    return given_with(task.given, **{task.step: " ".join(str(title).split())})


def _address(here: Here, typed: str) -> str | Say:
    """The address of a page, out of what a mail program wrapped it in."""
    words = typed.split()
    link = teams.found(words[0]).link if len(words) == 1 else ""
    if not link or "@" in link.split("/")[2]:
        return Say("pointer.expected_address")
    if not link.startswith("https://"):
        return Say("pointer.not_https")
    if here.bot_link and link.lower().startswith(here.bot_link.lower()):
        return Say("pointer.own_address")
    if len(link) > LONGEST_ADDRESS:
        return Say("pointer.long_address", count=LONGEST_ADDRESS)
    return link


# What is tapped


def _tapped(here: Here, task: Task, press: PanelPress, message: int) -> Outcome:
    """A button that the step does not have now changes nothing."""
    if _is_overtaken(here, task):
        return _overtaken(here, task, message)
    more = press.more
    if task.step == SURVEY and more.startswith(AT):
        at = PanelPress(task.language, Page.TASK, task.step, more.removeprefix(AT))
        return asked(_surveys(here, task, (), at), task, message)
    after = _back(task) if more == BACK and task.step != TARGET else _after(here, task, more)
    if after is None:
        return stale(here, task, message, _card)
    return asked(_card(here, after), after, message)


def _after(here: Here, task: Task, more: str) -> Task | None:
    given = task.given
    match task.step:
        case "target" if more in tuple(Target):
            same = more == given.get("target")
            kept = given if same else {k: v for k, v in given.items() if k in _IT}
            return _forward(replace(task, given=given_with(kept, target=more)))
        case "survey" if more in [one.name for one in _offered(here)]:
            return _forward(replace(task, given=given_with(given, to=more)))
        case "review" if more == OPENED and _is_page(task):
            return replace(task, given=given_with(given, opened=given["to"]))
        case "address" if more == KEEP and "to" in given:
            return _forward(task)
        case step if step in TITLES and more == KEEP and step in given:
            return _forward(task)
        case step if step in TITLES and more == LATER and TITLES[step] != task.language:
            return _forward(replace(task, given=given_with(given, **{step: ""})))
    return None


_IT: Final = ("pointer", "revision")
"""Of what is told: which link it is."""


def _is_page(task: Task) -> bool:
    return task.given["target"] != Target.SURVEY


def _way(task: Task) -> tuple[str, ...]:
    """The steps, in their order; a page is named in the coordinator's own language first."""
    if not _is_page(task):
        return (TARGET, SURVEY, REVIEW)
    own = f"title_{task.language}"
    return (TARGET, ADDRESS, own, *(step for step in TITLES if step != own), REVIEW)


def _forward(task: Task) -> Task:
    way = _way(task)
    return replace(task, step=way[way.index(task.step) + 1])


def _back(task: Task) -> Task:
    way = _way(task)
    return replace(task, step=way[way.index(task.step) - 1])


def _choosing(task: Task) -> Task:
    """As a step at which buttons are wanted."""
    return replace(task, step=REVIEW)


# The cards


def _card(here: Here, task: Task, notice: Paragraph = ()) -> Card:
    if _is_overtaken(here, task):
        return _as_it_is(here, task)
    if task.step == TARGET:
        return _choice(here, task, notice)
    if task.step == SURVEY:
        return _surveys(here, task, notice, PanelPress(task.language, Page.TASK))
    if task.step == REVIEW:
        return _review(here, task, notice)
    given = task.given
    rows: list[Buttons] = []
    if task.step == ADDRESS:
        asks = (Line(_ASKS_ADDRESS[given["target"]], strong=True),)
        explained, now = Say("pointer.address_explained"), given.get("to")
    else:
        language = TITLES[task.step]
        asks = (Line(_ASKS_TITLE[given["target"]][language], strong=True),)
        explained = Say("pointer.title_explained", count=LONGEST_TITLE)
        now = given.get(task.step)
        if language != task.language:
            rows.append((option(task, _WITHOUT[language], LATER),))
    told: Paragraph = ()
    if now is not None:
        told = (Line(Say("call.now", {"told": Own(now)})),)
        rows.insert(0, (option(task, Say("call.keep"), KEEP),))
    return Card(
        task.language,
        tuple(filter(None, (notice, asks, (Line(explained),), told))),
        (*rows, _around(task)),
    )


def _choice(here: Here, task: Task, notice: Paragraph) -> Card:
    """What the link is to lead to; and what it leads to now."""
    now = _now(here, task)
    chosen = task.given.get("target")
    return Card(
        task.language,
        tuple(filter(None, (notice, now, (Line(Say("pointer.choose"), strong=True),)))),
        (
            *(
                (option(task, label, str(target), chosen=target == chosen),)
                for target, label in _CHOICES.items()
            ),
            (drop(task),),
        ),
    )


def _now(here: Here, task: Task) -> Paragraph:
    old = _old(here, task)
    return () if old is None else (Line(Say("pointer.leads_now")), *leading.where(here, old))


def _surveys(here: Here, task: Task, notice: Paragraph, press: PanelPress) -> Card:
    """Surveys and calls by their titles, with their days: a new round has the same title."""
    offered = _offered(here)
    at = pages.first(press, len(offered), PAGE)
    around = []
    if at:
        around.append(option(task, Say("button.page_before"), f"{AT}{at - PAGE}"))
    if at + PAGE < len(offered):
        around.append(option(task, Say("button.page_after"), f"{AT}{at + PAGE}"))
    asks = Line(Say("pointer.which_survey"), strong=True)
    none = () if offered else (Line(Say("pointer.no_surveys")),)
    return Card(
        task.language,
        tuple(filter(None, (notice, (asks, *none)))),
        (
            *(
                (
                    option(
                        task,
                        Joined((Told(one.form.title), standing(one)), by=": "),
                        one.name,
                        chosen=one.name == task.given.get("to"),
                    ),
                )
                for one in offered[at : at + PAGE]
            ),
            *((tuple(around),) if around else ()),
            _around(task),
        ),
    )


def _offered(here: Here) -> list[Running]:
    known = [one for one in (here.panel or Panel()).surveys if one.state in _OFFERED]
    return sorted(known, key=lambda one: (_OFFERED.index(one.state), -one.opens.toordinal()))


def _review(here: Here, task: Task, notice: Paragraph) -> Card:
    """Where it will lead, beside where it leads now; a page is opened first."""
    old, new = _old(here, task), _new(here, task)
    said: list[Paragraph] = [notice]
    if old is None:
        said += [(Line(Say("pointer.review")),), leading.where(here, new)]
    elif _same(old, new):
        said += [(Line(Say("pointer.leads_now")), *leading.where(here, old))]
        said += [(Line(Say("pointer.nothing_changes")),)]
        return Card(task.language, tuple(filter(None, said)), (_around(task),))
    else:
        said += [
            (Line(Say("pointer.leads_now")), *leading.where(here, old)),
            (Line(Say("pointer.will_lead")), *leading.where(here, new)),
            leading.uses(here, task.language, old),
            (Line(Say("pointer.changes")), *_labels(here, old, new)),
        ]
    rows: list[Buttons] = []
    if _is_page(task):
        rows.append((Button(Say("call.open_link"), link=new.to),))
    if _is_opened(task):
        keeps = Say("pointer.make") if old is None else Say("pointer.surely_change")
        rows.append((Button(keeps, panel(task.language, Page.POINT, new.key, KEEP)),))
    else:
        said.append((Line(Say("pointer.open_first")),))
        rows.append((option(task, Say("pointer.opened"), OPENED),))
    return Card(task.language, tuple(filter(None, said)), (*rows, _around(task)))


def _labels(here: Here, old: Pointer, new: Pointer) -> Paragraph:
    """A button that has gone out keeps its words."""
    same = (old.target, old.title) == (new.target, new.title)
    return () if same or not leading.used_in(here, old) else (Line(Say("pointer.label_stays")),)


def _around(task: Task) -> Buttons:
    return (option(task, Say("button.back"), BACK), drop(task))


def _is_opened(task: Task) -> bool:
    """Whether it may be kept: a survey is the bot's own."""
    return not _is_page(task) or task.given.get("opened") == task.given["to"]


# What it comes to


def _old(here: Here, task: Task) -> Pointer | None:
    """The link that is changed, as it is now; None of a new one."""
    key = bytes.fromhex(task.given["pointer"])
    return next((one for one in (here.panel or Panel()).pointers if one.key == key), None)


def _new(here: Here, task: Task) -> Pointer:
    """The link as it was told."""
    given = task.given
    old = _old(here, task) or Pointer(
        bytes.fromhex(given["pointer"]), Target.SURVEY, "", made_on=here.today
    )
    title = {language: given[step] for step, language in TITLES.items() if step in given}
    return replace(
        old,
        target=Target(given["target"]),
        to=given["to"],
        title=leading.in_every_language(title, task.language) if _is_page(task) else {},
    )


def _same(old: Pointer, new: Pointer) -> bool:
    return (old.target, old.to, old.title) == (new.target, new.to, new.title)


def _is_overtaken(here: Here, task: Task) -> bool:
    """Whether the link has changed since this was begun, or is not there any more."""
    old = _old(here, task)
    return (None if old is None else str(old.revision)) != task.given.get("revision")


def _as_it_is(here: Here, task: Task) -> Card:
    """The link as it is now, in place of what was begun."""
    old = _old(here, task)
    if old is None:
        back = pages.back(task.language, Page.POINTERS)
        return Card(task.language, ((Line(Say("pointer.gone"), strong=True),),), (back,))
    return leading.card(here, task.language, old, (Line(Say("pointer.overtaken"), strong=True),))


def _overtaken(here: Here, task: Task, message: int | None = None) -> Outcome:
    """Nothing is written over: what was begun is dropped, and the link shown."""
    shown = _as_it_is(here, task)
    if message is not None:
        return on_card(shown, Lay(None))
    return replace(asked(shown, task), effects=(Lay(None),))


def _keep(here: Here, press: PanelPress, message: int) -> Outcome:
    pointer = leading.meant(here, press)
    task = here.task
    if task is None or task.kind != KIND or not press.means(bytes.fromhex(task.given["pointer"])):
        # Kept already, by the first of two taps.
        if pointer is None:
            return leading.gone(here, press)
        return on_card(leading.card(here, press.language, pointer))
    if task.step != REVIEW or (not _is_overtaken(here, task) and not _is_opened(task)):
        return asked(_card(here, task), task, message)
    new = _new(here, task)
    if pointer is not None and _same(pointer, new):  # kept, and then the power went
        return on_card(leading.card(here, press.language, pointer), Lay(None))
    if _is_overtaken(here, task):
        return _overtaken(here, task, message)
    if pointer is None:
        line, said = deed(here, What.LINK_MADE, leading.about(new)), Say("pointer.made")
    else:
        line = deed(here, What.LINK_CHANGED, leading.about(pointer, new))
        said = Say("pointer.changed")
    shown = leading.card(here, press.language, new, (Line(said, strong=True),))
    return on_card(shown, Change(keep=(new,), trail=(line,)), Lay(None))


PAGES: Final[Mapping[Page, Press]] = {Page.POINT: _point}

TASKS: Final[Mapping[str, Steps]] = {KIND: Steps(_told, _tapped, _card)}

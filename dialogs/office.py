"""The office behind the bot: who it is, whom to ask, where it lies, and by which numbers it works.

Everything that differs from one county to the next stands in one YAML file (the setting
RAATI_OFFICE; `office.yaml` beside this file is the invented default). Here its text becomes an
`Office`, or a list of sentences that say what to mend. A text that is still *missing* is not a
mistake: `Office.empty_fields` names it, and nothing opens before it is written.

All scalars are read as strings and converted here, so that `no` is a name where a name belongs and
21:00 is not a number in base sixty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date, time
from typing import TYPE_CHECKING, Final, TypeVar

from dialogs.forms.model import Choice
from dialogs.forms.nodes import Items, Node, Scalar, Table, Unreadable, compose
from dialogs.languages import FINNISH, LANGUAGES, Text
from dialogs.screens import Joined, Own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dialogs.screens import Words

TEXTS: Final = (
    "name",
    "website",
    "ask",
    "other_ways",
    "apply_otherwise",
    "readers",
    "privacy_notice",
    "legal_basis",
    "protection_officer",
    "complaint",
    "accessibility",
    "emergency",
    "crisis",
    "meeting_hours",
    "on_the_evening",
)
"""The fields that are one text in each language."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,23}")
_WHOLE = re.compile(r"[1-9][0-9]{0,3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")

_Plain = str | list["_Plain"] | dict[str, "_Plain"]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the county, coarse enough for an anonymous answer."""

    name: str
    label: Text
    municipalities: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """`name`, `website` and `meeting_hours` are phrases that fit inside a sentence; the other texts
    are whole sentences. Every text holds every language, '' where it is not yet written."""

    invented: bool  # an example, to be marked as such wherever it is shown
    name: Text  # the county's
    website: Text  # where the county names this bot, so that it can be told from a fake
    ask: Text
    other_ways: Text  # to answer
    apply_otherwise: Text
    readers: Text
    privacy_notice: Text
    legal_basis: Text
    protection_officer: Text
    complaint: Text
    accessibility: Text
    emergency: Text
    crisis: Text
    areas: tuple[Area, ...]
    age_bands: tuple[Choice, ...]
    draft_days: int  # how long an unfinished answer is kept
    application_days: int  # how long an application is kept once the call has closed
    lowest_age: int  # of a panel member, in years
    quiet_from: time  # Helsinki time; the bot says nothing unprompted until `quiet_until`
    quiet_until: time
    seats: int
    term_years: int
    meetings: tuple[date, ...]  # the evenings known by now, earliest first
    meeting_hours: Text
    on_the_evening: Text  # whom to call when one cannot get into a meeting
    chosen_by: date  # the day by which applicants hear
    member_days: int  # how long a former member is kept after the end
    trail_days: int  # how long it is kept what coordinators have done

    def empty_fields(self) -> tuple[str, ...]:
        """What is still to be written, as in the file: `ask` where it lacks every language,
        `ask.sv` where it lacks one, `areas.north.laukaa.sv` for a choice."""
        empty: list[str] = []
        for name in TEXTS:
            empty += _missing(name, getattr(self, name))
        for area in self.areas:
            empty += _missing(f"areas.{area.name}", area.label)
            if not area.municipalities:
                empty.append(f"areas.{area.name}.municipalities")
            for choice in area.municipalities:
                empty += _missing(f"areas.{area.name}.{choice.name}", choice.label)
        for band in self.age_bands:
            empty += _missing(f"age_bands.{band.name}", band.label)
        empty += [name for name in ("areas", "age_bands", "meetings") if not getattr(self, name)]
        return tuple(empty)

    def lists(self) -> Mapping[str, tuple[Choice, ...]]:
        """The lists a form may name without defining them (`model.OFFICE_LISTS`)."""
        municipalities = [choice for area in self.areas for choice in area.municipalities]
        # By code point ä and ö come after z, as a Finnish reader expects.
        municipalities.sort(key=lambda choice: choice.label[FINNISH].casefold())
        return {
            "municipalities": tuple(municipalities),
            "areas": tuple(Choice(area.name, area.label) for area in self.areas),
            "age_bands": self.age_bands,
        }


def read(source: str) -> tuple[Office | None, tuple[Words, ...]]:
    """The office a file describes, and a sentence for each mistake in it: in English, for whoever
    keeps the machine. With any mistake there is no office. Raises nothing, whatever the text."""
    reading = _Reading()
    reading.take(source)
    if reading.complaints:
        return None, tuple(reading.complaints)
    office = reading.office()
    return (None if reading.complaints else office), tuple(reading.complaints)


class _Reading:
    """One reading of a file. What cannot be read leaves a complaint and a stand-in, so that the
    reading goes on and finds every mistake at once."""

    def __init__(self) -> None:
        self.fields: dict[str, _Plain] = {}
        self.complaints: list[Words] = []

    def take(self, source: str) -> None:
        try:
            root = compose(source)
        except Unreadable as refused:
            self.complaints.append(Joined((Own(f"Line {refused.line}"), refused.said), ": "))
            return
        if isinstance(root, Table):
            self.fields = self.table(root)
        else:
            self.complain("The office's file must hold fields, such as `seats: 20`.")

    def table(self, table: Table) -> dict[str, _Plain]:
        fields: dict[str, _Plain] = {}
        for key, value in table.pairs:
            if key.text in fields:
                self.complain(f"Line {key.line}: `{key.text}` stands here a second time.")
            fields[key.text] = self.plain(value)
        return fields

    def plain(self, node: Node) -> _Plain:
        if isinstance(node, Scalar):
            return node.text
        if isinstance(node, Items):
            return [self.plain(item) for item in node.items]
        return self.table(node)

    def complain(self, sentence: str) -> None:
        self.complaints.append(Own(sentence))

    def office(self) -> Office:
        clock = "a time such as 21:00"
        self.refuse_strangers("", self.fields, tuple(field.name for field in fields(Office)))
        office = Office(
            invented=self.value("invented", _yes, False, "yes or no"),
            name=self.text("name"),
            website=self.text("website"),
            ask=self.text("ask"),
            other_ways=self.text("other_ways"),
            apply_otherwise=self.text("apply_otherwise"),
            readers=self.text("readers"),
            privacy_notice=self.text("privacy_notice"),
            legal_basis=self.text("legal_basis"),
            protection_officer=self.text("protection_officer"),
            complaint=self.text("complaint"),
            accessibility=self.text("accessibility"),
            emergency=self.text("emergency"),
            crisis=self.text("crisis"),
            areas=self.areas(),
            age_bands=self.choices("age_bands", self.fields.get("age_bands", "")),
            draft_days=self.number("draft_days"),
            application_days=self.number("application_days"),
            lowest_age=self.number("lowest_age"),
            quiet_from=self.value("quiet_from", _clock, time.min, clock),
            quiet_until=self.value("quiet_until", _clock, time.min, clock),
            seats=self.number("seats"),
            term_years=self.number("term_years"),
            meetings=self.meetings(),
            meeting_hours=self.text("meeting_hours"),
            on_the_evening=self.text("on_the_evening"),
            chosen_by=self.day("chosen_by", self.fields.get("chosen_by", "")),
            member_days=self.number("member_days"),
            trail_days=self.number("trail_days"),
        )
        municipalities = [choice.name for area in office.areas for choice in area.municipalities]
        self.refuse_twins("areas", [area.name for area in office.areas])
        self.refuse_twins("age_bands", [band.name for band in office.age_bands])
        self.refuse_twins("municipalities", municipalities)
        return office

    def text(self, name: str) -> Text:
        return self.words(name, self.fields.get(name, ""))

    def words(self, where: str, given: _Plain) -> Text:
        text = dict.fromkeys(LANGUAGES, "")
        if not isinstance(given, dict):
            if given:
                self.complain(f"`{where}` must be one text in each language: fi, sv and en.")
            return text
        self.refuse_strangers(f"{where}.", given, LANGUAGES)
        for language in LANGUAGES:
            written = given.get(language, "")
            if isinstance(written, str):
                text[language] = written
            else:
                self.complain(f"`{where}.{language}` must be a text.")
        return text

    def number(self, name: str) -> int:
        return self.value(name, _whole, 1, "a whole number from 1 to 9999")

    def value(self, name: str, convert: Callable[[str], _T], stand_in: _T, wanted: str) -> _T:
        return self.converted(name, self.fields.get(name, ""), convert, stand_in, wanted)

    def day(self, where: str, given: _Plain) -> date:
        return self.converted(where, given, _day, date.min, "a day such as 2027-02-28")

    def converted(
        self, where: str, given: _Plain, convert: Callable[[str], _T], stand_in: _T, wanted: str
    ) -> _T:
        try:
            return convert(given if isinstance(given, str) else "")
        except ValueError:
            self.complain(f"`{where}` must be {wanted}.")
            return stand_in

    def meetings(self) -> tuple[date, ...]:
        items = self.items("meetings", self.fields.get("meetings", ""))
        return tuple(sorted(self.day(f"meetings, item {n}", item) for n, item in items))

    def areas(self) -> tuple[Area, ...]:
        areas = []
        known = ("name", "label", "municipalities")
        for where, name, item in self.named("areas", self.fields.get("areas", ""), known):
            choices = self.choices(f"{where}.municipalities", item.get("municipalities", ""))
            areas.append(Area(name, self.words(f"{where}.label", item.get("label", "")), choices))
        return tuple(areas)

    def choices(self, where: str, given: _Plain) -> tuple[Choice, ...]:
        return tuple(
            Choice(name, self.words(f"{place}.label", item.get("label", "")))
            for place, name, item in self.named(where, given, ("name", "label"))
        )

    def named(
        self, where: str, given: _Plain, known: tuple[str, ...]
    ) -> Iterator[tuple[str, str, dict[str, _Plain]]]:
        """Of each item with a usable name: its place, its name and its fields."""
        for number, item in self.items(where, given):
            name = item.get("name", "") if isinstance(item, dict) else ""
            if isinstance(item, dict) and isinstance(name, str) and _NAME.fullmatch(name):
                self.refuse_strangers(f"{where}.{name}.", item, known)
                yield f"{where}.{name}", name, item
            else:
                self.complain(
                    f"`{where}`, item {number}, must have a `name` of small letters a to z, digits "
                    "and _, at most 24, such as `aanekoski`."
                )

    def items(self, where: str, given: _Plain) -> Iterator[tuple[int, _Plain]]:
        if isinstance(given, list):
            yield from enumerate(given, start=1)
        elif given:
            self.complain(f"`{where}` must be a list.")

    def refuse_strangers(
        self, prefix: str, fields: Mapping[str, _Plain], known: tuple[str, ...]
    ) -> None:
        for name in fields:
            if name not in known:
                self.complain(f"`{prefix}{name}` is not known here; these are: {', '.join(known)}.")

    def refuse_twins(self, where: str, names: list[str]) -> None:
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.complain(f"`{where}` has `{name}` more than once.")


def _whole(given: str) -> int:
    return int(_shaped(_WHOLE, given))


def _clock(given: str) -> time:
    return time.fromisoformat(_shaped(_CLOCK, given))


def _day(given: str) -> date:
    return date.fromisoformat(_shaped(_DAY, given))


def _yes(given: str) -> bool:
    return ("no", "yes").index(given) == 1


def _shaped(pattern: re.Pattern[str], given: str) -> str:
    """`given`, if the pattern matches it whole: the standard converters take more than one way of
    writing, among them digits of other scripts and numbers too long to convert."""
    if not pattern.fullmatch(given):
        raise ValueError(given)
    return given


def _missing(name: str, text: Text) -> list[str]:
    lacking = [language for language in LANGUAGES if not text[language]]
    if len(lacking) == len(LANGUAGES):
        return [name]
    return [f"{name}.{language}" for language in lacking]

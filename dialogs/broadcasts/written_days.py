"""Days and times as they stand in what somebody wrote: found, and put right in the same spelling.

"maanantaina 8.2.", "måndagen den 8 februari", "8th of February", "klo 17–19". Months are known in
all three languages, weekdays in the text's own one: "to" is a Thursday in Finnish alone. Nothing
inside an address is a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import written_links
from dialogs.languages import ENGLISH, FINNISH, LANGUAGES, SWEDISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from dialogs.broadcasts.rewriting import Edit

    Ways = tuple[tuple[str, ...], ...]

_FINNISH_WEEK: Final = (
    *("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
)
_FINNISH_CASES: Final = {
    "": "keskiviikko",
    "n": "keskiviikon",
    "na": "keskiviikkona",
    "ta": "keskiviikkoa",
    "sta": "keskiviikosta",
    "hin": "keskiviikkoon",
    "lle": "keskiviikolle",
    "ksi": "keskiviikoksi",
}
"""What Finnish adds to its weekdays; "keskiviikko" changes inside."""

_SWEDISH_WEEK: Final = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_ENGLISH_WEEK: Final = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)

WEEKS: Final[Mapping[str, Ways]] = {
    FINNISH: tuple(
        tuple(wednesday if one == "keskiviikko" else one + ending for one in _FINNISH_WEEK)
        for ending, wednesday in _FINNISH_CASES.items()
    ),
    SWEDISH: (_SWEDISH_WEEK, tuple(f"{one}en" for one in _SWEDISH_WEEK)),
    ENGLISH: (_ENGLISH_WEEK,),
}
"""Each way to say the seven days of the week."""

SHORT: Final[Mapping[str, Ways]] = {
    FINNISH: (("ma", "ti", "ke", "to", "pe", "la", "su"),),
    SWEDISH: (("mån", "tis", "ons", "tors", "fre", "lör", "sön"),),
    ENGLISH: (("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),),
}
"""Shortened, only just before a date; English ones only with a capital, as "sat" is a verb."""

_FINNISH_MONTHS: Final = (
    *("tammi", "helmi", "maalis", "huhti", "touko", "kesä"),
    *("heinä", "elo", "syys", "loka", "marras", "joulu"),
)

MONTHS: Final[Mapping[str, Ways]] = {
    FINNISH: tuple(
        tuple(one + ending for one in _FINNISH_MONTHS) for ending in ("kuuta", "kuun", "kuu")
    ),
    SWEDISH: (
        (
            *("januari", "februari", "mars", "april", "maj", "juni"),
            *("juli", "augusti", "september", "oktober", "november", "december"),
        ),
        (
            *("jan", "feb", "mars", "apr", "maj", "juni"),
            *("juli", "aug", "sept", "okt", "nov", "dec"),
        ),
    ),
    ENGLISH: (
        (
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        (
            *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
            *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        ),
    ),
}
"""Each way to say the twelve months; English ones only with a capital, as "may" is a verb."""


def _any(ways: Ways) -> str:
    """A pattern of any of them; in small letters, also with a capital."""
    names = {name for way in ways for name in way}
    names |= {name.capitalize() for name in names}
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


_MONTH: Final = _any(tuple(way for ways in MONTHS.values() for way in ways))
_YEAR: Final = r"(?:\.?,?\s?(?P<year>(?:19|20)\d\d)(?!\d))?"
_ORDINAL: Final = r"(?P<ordinal>st|nd|rd|th|:e|:a)?"
_FROM: Final = r"(?:(?<![\d.,:])(?P<first>\d{1,2})(?P<stop>\.?)\s?[–—-]\s?)?"

_DATES: Final = (
    re.compile(r"(?<![\d.-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])"),
    re.compile(
        rf"{_FROM}(?<![\d.,:])(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})"
        r"(?:\.\s?(?P<year>(?:19|20)\d\d)(?!\d)|(?P<dot>\.)(?!\d)|(?!\d|:\d|[.,]\d|\s?[%€]))"
    ),
    re.compile(
        rf"{_FROM}(?<![\d.,:])(?P<day>\d{{1,2}}){_ORDINAL}\.?\s(?:of\s|päivä\s)?"
        rf"(?P<word>{_MONTH})(?![^\W\d_]){_YEAR}"
    ),
    re.compile(
        rf"(?<![^\W_])(?P<word>{_MONTH})\.?\s(?P<day>\d{{1,2}}){_ORDINAL}"
        rf"(?!\d|:\d|\.\d|\s?%|\s[^\W\d_]){_YEAR}"
    ),
)
"""2026-02-08; 8.2., 8.2, 1.–8.2.2026; 8. helmikuuta, den 8 februari, 8th of February; February 8,
but not "in May 20 people"."""

_WEEKDAY: Final = {
    language: re.compile(rf"(?<![^\W_])(?:{_any(ways)})(?![^\W_])")
    for language, ways in WEEKS.items()
}
_BEFORE: Final = {
    language: re.compile(
        rf"(?<![^\W_])({_any((*WEEKS[language], *SHORT[language]))})[.,]?\s(?:den\s|the\s)?$"
    )
    for language in LANGUAGES
}
"""The weekday that stands just before a date."""

_HOUR: Final = r"(?:[01]?\d|2[0-3])"
_TIME: Final = rf"{_HOUR}(?:[.:][0-5]\d)?"
_TILL: Final = rf"(?:\s?(?:[–—-]|to|till)\s?{_TIME})?"
_HALF: Final = r"(?:\s?(?P<half>[apAP])(?:[mM]|\.[mM]\.)(?![^\W_]))"
_AFTER: Final = r"(?!\d|[.,:]\d)"
_TIMES: Final = (
    re.compile(
        rf"(?<![^\W_])(?:[Kk]lo|[Kk]ello|[Kk]l\.?)\s?(?P<times>{_TIME}{_TILL}){_AFTER}{_HALF}?"
    ),
    re.compile(rf"(?<![\d.,:])(?P<times>{_HOUR}[.:][0-5]\d{_TILL}){_AFTER}(?!\.?\s?[%€]){_HALF}?"),
    re.compile(rf"(?<![\d.,:])(?P<times>{_TIME}{_TILL}){_HALF}"),
)
"""klo 17, kl. 17.00–19.00; 17:00; 5 pm. What stands after a word for the clock is no date."""

_ONE_TIME: Final = re.compile(r"(\d{1,2})(?:[.:](\d\d))?")


@dataclass(frozen=True, slots=True)
class Named:
    """A day that a text names, from `start` until `end`, in letters. `weekday` is the one that
    stands before it, Monday 0; `since` the day of a range's beginning, where its month is this one
    as well. Whether there is such a day is not looked at."""

    day: int
    month: int
    year: int | None
    weekday: int | None
    since: int | None
    start: int
    end: int
    said: str
    parts: Mapping[str, tuple[int, int]] = field(repr=False)  # what stands where

    def is_of(self, day: date) -> bool:
        """Whether it is this one; without a year it may be of any."""
        return (self.day, self.month) == (day.day, day.month) and self.year in (None, day.year)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time that a text names, or from when until when: hours and minutes."""

    moments: tuple[tuple[int, int], ...]
    start: int
    end: int
    said: str


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday that stands without a date, Monday 0."""

    weekday: int
    start: int
    end: int
    said: str


def found(text: str, language: str) -> tuple[Named, ...]:
    """The days that are named, in their order."""
    bare = masked(text)
    taken = [match.span() for match in _TIMES[0].finditer(bare)]
    days: list[Named] = []
    for pattern in _DATES:
        for match in pattern.finditer(bare):
            named = _named(bare, match, language)
            if named is not None and _is_free(match.span(), taken):
                taken.append(match.span())
                days.append(named)
    return tuple(sorted(days, key=lambda one: one.start))


def clocks(text: str, language: str) -> tuple[Clock, ...]:
    """The times that are named, in their order; what is a date is none."""
    bare = masked(text)
    taken = [(one.start, one.end) for one in found(text, language)]
    times: list[Clock] = []
    for pattern in _TIMES:
        for match in pattern.finditer(bare):
            if _is_free(match.span(), taken):
                taken.append(match.span())
                times.append(Clock(tuple(_moments(match)), *match.span(), match[0]))
    return tuple(sorted(times, key=lambda one: one.start))


def weekdays(text: str, language: str) -> tuple[Weekday, ...]:
    """Those that stand by themselves."""
    days = [(one.start, one.end) for one in found(text, language)]
    return tuple(
        Weekday(_place(WEEKS[language], match[0])[1], *match.span(), match[0])
        for match in _WEEKDAY[language].finditer(masked(text))
        if _is_free(match.span(), days)
    )


def edits(text: str, language: str, old: date, new: date) -> tuple[Edit, ...]:
    """What to change so that the text names `new` where it named `old`: the weekday with it, and
    where a range ends there in another month than before, the month of its beginning."""
    changed = [
        edit
        for named in found(text, language)
        if named.is_of(old)
        for edit in _edits(text, named, language, new)
    ]
    return tuple(sorted(changed))


def masked(text: str) -> str:
    """The text, with spaces where addresses stand."""
    for start, end in written_links.spans(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _is_free(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return not any(start < span[1] and span[0] < end for start, end in taken)


def _named(bare: str, match: re.Match[str], language: str) -> Named | None:
    """None of numbers that are no date: "3.25", and in English "2.5"."""
    said = {name: words for name, words in match.groupdict().items() if words}
    word = said.get("word", "")
    day = int(said["day"])
    month = _place(_ways(language), word)[1] + 1 if word else int(said["month"])
    short = not word and "year" not in said
    loose = short and (language == ENGLISH or ("dot" not in said and _half_padded(said)))
    if not (1 <= day <= 31 and 1 <= month <= 12) or loose:
        return None
    start = match.start()
    parts = {name: match.span(name) for name in said}
    weekday = None
    before = _BEFORE[language].search(bare, 0, start)
    if before is not None and "first" not in said:
        ways = (*WEEKS[language], *SHORT[language])
        start, weekday = before.start(1), _place(ways, before[1])[1]
        parts["weekday"] = before.span(1)
    return Named(
        day,
        month,
        int(said["year"]) if "year" in said else None,
        weekday,
        int(said["first"]) if "first" in said else None,
        start,
        match.end(),
        bare[start : match.end()],
        parts,
    )


def _half_padded(said: Mapping[str, str]) -> bool:
    """As 17.05, which is a time; 08.02 is a day."""
    return said["month"].startswith("0") and not said["day"].startswith("0")


def _ways(language: str) -> Ways:
    """Those of the months, the language's own first."""
    return (*MONTHS[language], *(way for one in LANGUAGES for way in MONTHS[one]))


def _place(ways: Ways, said: str) -> tuple[int, int]:
    """In which way it is said, and which of them it is."""
    return next(
        (way, names.index(one))
        for way, names in enumerate(ways)
        for one in (said, said.lower())
        if one in names
    )


def _moments(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    half = (match["half"] or "").lower()
    for hour, minute in _ONE_TIME.findall(match["times"]):
        at = int(hour)
        if half:
            at = at % 12 + (12 if half == "p" else 0)
        yield at, int(minute or 0)


def _edits(text: str, named: Named, language: str, new: date) -> Iterator[Edit]:
    def at(part: str, words: str) -> Edit:
        return (*named.parts[part], words)

    def like(part: str, word: str) -> str:
        start, _ = named.parts[part]
        return word.capitalize() if text[start].isupper() else word

    parts = named.parts
    months: Ways = ()
    if "weekday" in parts:
        ways = (*WEEKS[language], *SHORT[language])
        way, _ = _place(ways, text[slice(*parts["weekday"])])
        yield at("weekday", like("weekday", ways[way][new.weekday()]))
    if "word" in parts:
        months = _ways(language)
        way, _ = _place(months, text[slice(*parts["word"])])
        yield at("word", like("word", months[way][new.month - 1]))
    else:
        yield at("month", _padded(text[slice(*parts["month"])], new.month))
    if "first" in parts and new.month != named.month:
        _, end = parts["first"]
        behind = parts.get("stop", (end, end))[1]
        if months:
            yield (behind, behind, f" {months[way][named.month - 1]}")
        else:
            yield (end, behind, f".{named.month}{text[end:behind]}")
    yield at("day", _padded(text[slice(*parts["day"])], new.day))
    if "ordinal" in parts:
        yield at("ordinal", _ordinal(text[slice(*parts["ordinal"])], new.day))
    if "year" in parts:
        yield at("year", str(new.year))


def _padded(old: str, number: int) -> str:
    return f"{number:02}" if old.startswith("0") else str(number)


def _ordinal(old: str, day: int) -> str:
    """ "1st", "2nd", "3rd", "11th"; "1:a", "3:e"."""
    if old.startswith(":"):
        return ":a" if day in (1, 2, 21, 22, 31) else ":e"
    ending = {1: "st", 2: "nd", 3: "rd"}
    return "th" if day in (11, 12, 13) else ending.get(day % 10, "th")

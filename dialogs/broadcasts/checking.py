"""What can be seen of a broadcast before anybody gets it: what must be mended, and what is only
pointed out.

A slip that no reader could make right (a link that opens nothing, a Thursday that is a Wednesday, a
language somebody reads and nobody wrote) keeps it from going out. What may be meant so is said, and
left to whoever writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from dialogs.broadcasts import audiences, planning, written_days, written_links
from dialogs.broadcasts.records import Target
from dialogs.cards import brief
from dialogs.languages import LANGUAGES
from dialogs.life import State
from dialogs.panel.dates import LATELY
from dialogs.panel.preview import IN, NAMES
from dialogs.panel.records import Panel
from dialogs.screens import Dated, Joined, Line, On, Own, Say, Series, Told, units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from dialogs.broadcasts.records import Broadcast, Ready, Wording
    from dialogs.broadcasts.written_days import Named
    from dialogs.outcome import Here
    from dialogs.screens import Paragraph, Words

LONGEST: Final = 4000
"""UTF-16 units of a text. Telegram takes 4096 (Bot API, sendMessage), and clients split what is
longer; between lies room for the mark of a correction."""

LONGEST_BELOW: Final = 950
"""The same of what stands below a picture or a file, of which Telegram takes 1024 (sendPhoto)."""

LISTED: Final = 6
"""So many things are listed under one title."""

NAMED: Final = 3
"""So many things that differ are named in each language."""

_HTTPS: Final = "https://"
_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}")
_TONGUES: Final = frozenset({"fi", "sv", "en", "se", "fin", "swe", "eng", "suomi", "svenska"})
"""What tells the languages of a site apart, in its address."""


_T = TypeVar("_T", str, date)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to be seen; `mend`: nothing goes out before it is put right."""

    said: Words
    mend: bool = True


def remarks(here: Here, broadcast: Broadcast) -> tuple[Doubt, ...]:
    """Everything that can be seen in it now."""
    wordings: dict[str, Wording] = {
        one: broadcast.wordings[one] for one in LANGUAGES if one in broadcast.wordings
    }
    return (
        *_missing(here, broadcast),
        *(
            Doubt(Joined((NAMES[language], doubt.said), by=": "), doubt.mend)
            for language, wording in wordings.items()
            for doubt in of_wording(wording, language, here.now.date())
        ),
        *_differing_links(wordings),
        *_differing_days(wordings, here.now.date()),
        *_differing_times(wordings),
        *((Doubt(Say("compose.ready_outdated")),) if outdated(here, broadcast) else ()),
        *_leads_nowhere(here, broadcast),
    )


def of_wording(wording: Wording, language: str, today: date) -> tuple[Doubt, ...]:
    """What can be seen in one language alone."""
    doubts: list[Doubt] = []
    if (refused := too_long(wording)) is not None:
        doubts.append(Doubt(refused))
    if not wording.text:
        doubts.append(Doubt(Say("compose.no_text"), mend=False))
    doubts += (Doubt(said) for one in addresses(wording) if (said := _unsound(one)))
    for named in written_days.found(wording.text, language):
        doubts += _of_day(named, today)
    return tuple(one for at, one in enumerate(doubts) if one not in doubts[:at])


def too_long(wording: Wording) -> Say | None:
    """That it is longer than what is sent as one message."""
    below = bool(wording.picture or wording.file)
    length = units(wording.text)
    if below and length > LONGEST_BELOW:
        return Say("compose.too_long_below", {"length": length}, count=LONGEST_BELOW)
    if not below and length > LONGEST:
        return Say("compose.too_long", {"length": length}, count=LONGEST)
    return None


def lines(doubts: Iterable[Doubt]) -> tuple[Paragraph, ...]:
    """What must be mended, then what is pointed out."""
    found = tuple(doubts)
    paragraphs = (
        (Say("compose.to_mend"), [one.said for one in found if one.mend]),
        (Say("compose.to_see"), [one.said for one in found if not one.mend]),
    )
    return tuple((Line(title, strong=True), *_listed(said)) for title, said in paragraphs if said)


def _listed(said: Sequence[Words]) -> Iterator[Line]:
    """The first of them, and how many more there are: a card holds no more."""
    for one in said[:LISTED]:
        yield Line(Joined((Own("•"), one), by=" "))
    if len(said) > LISTED:
        yield Line(Say("compose.and_more", count=len(said) - LISTED))


def links(broadcast: Broadcast) -> tuple[str, ...]:
    """Each address that its words open, once."""
    written = (broadcast.wordings[one] for one in LANGUAGES if one in broadcast.wordings)
    return tuple(dict.fromkeys(link for one in written for link in addresses(one)))


def links_differ(broadcast: Broadcast) -> bool:
    """Whether the languages lead to different places, by their words."""
    return len({frozenset(addresses(one)) for one in broadcast.wordings.values()}) > 1


def addresses(wording: Wording) -> tuple[str, ...]:
    """What it opens; an address that only stands there as the words of another link opens that."""
    text = wording.text
    behind = [(one.offset, one.offset + one.length) for one in wording.marks if one.url]
    opens = {one.url for one in wording.marks}
    for start, end in written_links.spans(text):
        first, last = units(text[:start]), units(text[:end])
        if not any(begins <= first and last <= ends for begins, ends in behind):
            opens.add(text[start:end])
    return tuple(one for one in written_links.links(wording) if one in opens)


def _missing(here: Here, broadcast: Broadcast) -> Iterator[Doubt]:
    """Languages that somebody reads and that are not written; while nothing is, there is nothing
    to compare."""
    if broadcast.ready is not None or not broadcast.wordings:
        return
    read = audiences.reached(here, broadcast).languages
    for one in audiences.languages(here, broadcast):
        if one not in broadcast.wordings:
            yield Doubt(Say("compose.missing", {"language": IN[one]}, count=read[one]))


# Links


def _unsound(link: str) -> Say | None:
    """Why a link would not do."""
    if not link.lower().startswith(_HTTPS):
        return Say("compose.not_https", {"link": _address(link)})
    if _HOST.fullmatch(_host(link)):
        return None
    return Say("compose.no_address", {"link": _address(link)})


def _host(link: str) -> str:
    """As name servers are asked (RFC 3490): "hyvaks.fi", "xn--…"; '' of what is no address."""
    try:
        return (urlsplit(link).hostname or "").encode("idna").decode()
    except ValueError:  # also what cannot be encoded
        return ""


def _differing_links(wordings: Mapping[str, Wording]) -> Iterator[Doubt]:
    each = {language: frozenset(addresses(one)) for language, one in wordings.items()}
    apart = _apart(each, _address, Say("compose.no_link"))
    if (
        apart is not None
        and len({frozenset(map(_without_language, s)) for s in each.values()}) == 1
    ):
        yield Doubt(Say("compose.links_by_language"), mend=False)
    elif apart is not None:
        yield Doubt(Say("compose.links_differ", {"links": apart}), mend=False)


def _address(link: str) -> Words:
    return brief(Own(link))


def _without_language(link: str) -> tuple[str, ...]:
    """What remains of an address where it does not say in which language its page is."""
    return tuple(one for one in re.split(r"[/.?&=_#-]", link) if one.casefold() not in _TONGUES)


def _apart(
    each: Mapping[str, frozenset[_T]], said: Callable[[_T], Words], nothing: Say
) -> Words | None:
    """What each language says that not all of them say; None where all say the same."""
    if len(set(each.values())) < 2:
        return None
    shared = frozenset.intersection(*each.values())
    own = {one: tuple(said(it) for it in sorted(each[one] - shared)[:NAMED]) for one in each}
    return Joined(
        tuple(Joined((IN[one], Series(own[one]) if own[one] else nothing), by=" ") for one in own),
        by="; ",
    )


# Days and times


def meant(named: Named, today: date) -> date | None:
    """The day that is meant: without a year the one ahead, unless it was lately; None where the
    calendar has none."""
    years = (named.year,) if named.year else (today.year, today.year + 1)
    days = [day for one in years if (day := _calendar(one, named.month, named.day)) is not None]
    near = (day for day in days if named.year or (today - day).days <= LATELY)
    return next(near, days[-1] if days else None)


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_day(named: Named, today: date) -> Iterator[Doubt]:
    day = meant(named, today)
    if day is None:
        said = Say("compose.no_such_day", {"said": Own(named.said)})
        yield Doubt(said, mend=named.weekday is not None)
        return
    if named.weekday is not None and day.weekday() != named.weekday:
        yield Doubt(Say("compose.wrong_weekday", {"said": Own(named.said), "day": On(day)}))
    if day < today:
        yield Doubt(Say("compose.day_past", {"day": On(day)}), mend=False)


def _differing_days(wordings: Mapping[str, Wording], today: date) -> Iterator[Doubt]:
    each = {
        language: frozenset(
            day
            for one in written_days.found(wording.text, language)
            if (day := meant(one, today)) is not None
        )
        for language, wording in wordings.items()
    }
    apart = _apart(each, Dated, Say("compose.no_day"))
    if apart is not None:
        yield Doubt(Say("compose.days_differ", {"days": apart}), mend=False)


def _differing_times(wordings: Mapping[str, Wording]) -> Iterator[Doubt]:
    each = {
        language: frozenset(
            f"{hour:02}.{minute:02}"
            for one in written_days.clocks(wording.text, language)
            for hour, minute in one.moments
        )
        for language, wording in wordings.items()
    }
    apart = _apart(each, Own, Say("compose.no_time"))
    if apart is not None:
        yield Doubt(Say("compose.times_differ", {"times": apart}), mend=False)


# Surveys


def outdated(here: Here, broadcast: Broadcast) -> Ready | None:
    """The ready words with the last day as it is now, where they name another."""
    ready = broadcast.ready
    if ready is None:
        return None
    surveys = (here.panel or Panel()).surveys
    lasts = [one.closes for one in surveys if one.name == ready.survey and one.closes != ready.day]
    return replace(ready, day=lasts[0]) if lasts else None


def _leads_nowhere(here: Here, broadcast: Broadcast) -> Iterator[Doubt]:
    """A button, or ready words, about a survey that is not open now."""
    pointer = planning.leads_to(here, broadcast.pointer)
    names = {pointer.to} if pointer is not None and pointer.target is Target.SURVEY else set()
    if broadcast.ready is not None:
        names.add(broadcast.ready.survey)
    for one in (here.panel or Panel()).surveys:
        if one.name not in names or one.state is State.OPEN:
            continue
        title = {"title": Told(one.form.title)}
        if one.state is State.SCHEDULED:
            said = Say("compose.opens_later", {**title, "day": On(one.opens)})
        else:
            said = Say("compose.not_open", title)
        yield Doubt(said, mend=False)

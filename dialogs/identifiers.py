"""What in a text leads to a person: identity codes, numbers, addresses, names with an @.

Where a checksum or a numbering plan can decide, it decides. A street is known by the word before
its number and by what follows: "Kauppakatu 12" is a home, "Kauppakatu 7.30" and "valtatie 9" are
not. A false alarm teaches people to tap alarms away, so what is in doubt is left alone.

Every pattern begins where a word or a number begins and looks a bounded way ahead, so that the time
grows with the text and not with its square.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final

from email_validator import EmailNotValidError, validate_email
from phonenumbers import Leniency, PhoneNumberMatcher, PhoneNumberType, number_type
from stdnum import iban
from stdnum.fi import hetu
from stdnum.iso7064 import mod_97_10

from dialogs.office import TEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.office import Office


class Identifier(StrEnum):
    """A kind of what leads to a person; where two kinds meet, the one that stands first here."""

    IBAN = "iban"
    EMAIL = "email"
    CODE = "code"  # the Finnish personal identity code
    PHONE = "phone"
    ADDRESS = "address"  # of a street, with its number
    NAME = "name"  # in Telegram and elsewhere, with an @


@dataclass(frozen=True, slots=True)
class Found:
    kind: Identifier
    start: int
    end: int


def find(text: str) -> tuple[Found, ...]:
    """What in `text` leads to a person, in order, no two in one place. Raises nothing."""
    flat = text.replace("\n", " ")  # a client splits long texts anywhere, also in a number
    found: list[Found] = []
    for one in chain(_ibans(flat), _emails(flat), _codes(flat)):
        _add(found, one)
    for one in chain(_phones(flat, found), _addresses(text), _names(text)):
        _add(found, one)
    return tuple(sorted(found, key=lambda one: one.start))


def telling(office: Office, text: str) -> tuple[Found, ...]:
    """As `find`, without what the office itself names: the crisis line's number is nobody's."""
    found = find(text)
    if not found:
        return ()
    said = "\n".join(one for field in TEXTS for one in getattr(office, field).values())
    return tuple(one for one in found if _bare(text, one) not in _named(said))


@lru_cache(maxsize=1)
def _named(said: str) -> frozenset[str]:
    """What an office names. Only its own words are remembered, never a person's."""
    return frozenset(_bare(said, one) for one in find(said))


def parts(office: Office, text: str) -> frozenset[str]:
    """What `telling` finds, to be compared with what it finds in another text."""
    return frozenset(_bare(text, one) for one in telling(office, text))


_ABROAD: Final = re.compile(r"(?:\+|00)358")


def _bare(text: str, one: Found) -> str:
    """A part without its spaces and dashes, and a Finnish number as it is dialled in Finland."""
    part = _ABROAD.sub("0", text[one.start : one.end]).casefold()
    return "".join(mark for mark in part if mark.isalnum())


def _add(found: list[Found], one: Found) -> None:
    if all(one.end <= other.start or other.end <= one.start for other in found):
        found.append(one)


# By checksum

_CODE: Final = re.compile(
    r"(?<!\d)(?P<day>[0-9]{6})(?: ?(?P<sign>[-+–−‐‑YXWVUABCDEF]) ?| )"
    r"(?P<number>[0-9]{3}) ?(?P<check>[0-9A-Z])(?!\w)",
    re.IGNORECASE,
)
_DASHES: Final = str.maketrans("–−‐‑", "----")
_IBAN_BEGINS: Final = re.compile(r"(?<!\w)[A-Za-z]{2} ?[0-9]{2}(?=[ -]?[A-Za-z0-9])")
_NO_GAPS: Final = str.maketrans("", "", " -")
_IBAN_LONGEST: Final = 34  # ISO 13616
_WORD_END: Final = re.compile(r"(?<=\w)(?!\w)")


def _codes(text: str) -> Iterator[Found]:
    """Personal identity codes, also of those who have a temporary one; every sign between the day
    of birth and the number that is valid since 2023 (Government Decree 690/2022)."""
    for match in _CODE.finditer(text):
        sign = (match["sign"] or "-").translate(_DASHES)
        code = f"{match['day']}{sign}{match['number']}{match['check']}"
        if hetu.is_valid(code, allow_temporary=True):
            yield Found(Identifier.CODE, *match.span())


def _ibans(text: str) -> Iterator[Found]:
    """Account numbers of any country, in one piece or in fours."""
    for match in _IBAN_BEGINS.finditer(text):
        start = match.start()
        for end in _WORD_END.finditer(text, match.end(), start + 2 * _IBAN_LONGEST):
            number = text[start : end.start()].translate(_NO_GAPS).upper()
            # The second looks the country up, which takes longer.
            if mod_97_10.is_valid(number[4:] + number[:4]) and iban.is_valid(
                number, check_country=False
            ):
                yield Found(Identifier.IBAN, start, end.start())
                break


_EMAIL: Final = re.compile(
    r"(?<![\w.+%-])(?P<who>[\w.+%-]{1,64})(?:@| ?[(\[] ?(?:at|ät) ?[)\]] ?)"
    r"(?P<where>[\w-]{1,63}(?:\.[\w-]{2,63}){1,4})",
    re.IGNORECASE,
)


def _emails(text: str) -> Iterator[Found]:
    """E-mail addresses, also with an "(at)"."""
    for match in _EMAIL.finditer(text):
        try:
            validate_email(f"{match['who']}@{match['where']}", check_deliverability=False)
        except EmailNotValidError:
            continue
        yield Found(Identifier.EMAIL, *match.span())


# Phones

_PHONE_LEAST: Final = 9
"""So many digits at least, with the 0 before: shorter ones are months, hours and doses."""

_PRIVATE: Final = (
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.VOIP,
)
"""A switchboard (010, 020, 029) and what is free or dear to call are nobody's own."""

_YEAR: Final = r"(?:19|20)[0-9]{2}"
_NO_PHONE: Final = re.compile(
    r"(?<![\d.])(?:"
    r"[0-9]{1,2}\. ?[0-9]{1,2}\.(?: ?[0-9]{2,4})?"  # 12.3.2026
    rf"|{_YEAR}-[0-9]{{2}}-[0-9]{{2}}"
    r"|[0-9]{1,2}[.:][0-9]{2}(?![\d.:]?\d)"  # 17.00
    rf"|[0-9]{{1,2}} ?[-–] ?[0-9]{{1,2}}[ ./]{_YEAR}"  # 06-12 2025
    rf"|[0-9]{{1,2}}/{_YEAR}"
    r"|[0-9]{1,10}/[0-9.]{1,20}/[0-9]{2,4}"  # a case, a day
    r")(?!\d)"
)
_IN_PAIRS: Final = re.compile(r"[0-9]{2}(?:\W{1,3}[0-9]{2})+")
_MONEY: Final = re.compile(
    r" ?(?:€|(?:eur|euro(?:a|n|s|ja)?|mk|markkaa|kr|kronor)(?!\w))", re.IGNORECASE
)


def _phones(text: str, others: list[Found]) -> Iterator[Found]:
    """Phone numbers of people: Finnish ones, and others with + and their country."""
    if sum(mark.isdigit() for mark in text) < _PHONE_LEAST:
        return
    shown = _NO_PHONE.sub(lambda match: ";" * len(match[0]), text)
    for other in others:
        shown = shown[: other.start] + ";" * (other.end - other.start) + shown[other.end :]
    for match in PhoneNumberMatcher(shown, "FI", Leniency.VALID):
        digits = "".join(mark for mark in match.raw_string if mark.isdigit())
        enough = len(digits) >= _PHONE_LEAST and digits.startswith(("0", "358"))
        whole = enough and not _IN_PAIRS.fullmatch(match.raw_string)  # 05 11 17 23 31: a row
        whole = whole and not _MONEY.match(shown, match.end)  # 050 000 000 euroa: the end of a sum
        if (whole or "+" in match.raw_string) and number_type(match.number) in _PRIVATE:
            yield Found(Identifier.PHONE, match.start, match.end)


# Streets

_NUMBER: Final = (
    r"[0-9]{1,3}(?: ?[-–] ?[0-9]{1,3}(?!\w))?"  # 12, 12–14
    r"(?: ?[A-HJ-P](?!\w)(?: ?[0-9]{1,3}(?!\w))?"  # 12 B 34
    r"| ?[a-h](?: ?[0-9]{1,3}(?!\w)|(?=[.,;!?)\n]|$))"  # 12 b 34, and 12 b before a full stop
    r"|[a-h](?!\w)"
    r"| (?:as|bst|lgh)\.? ?[0-9]{1,3}(?!\w))?(?!\w)"
)
_NUMBERED: Final = re.compile(
    rf"(?<![\w'’-])(?P<word>[^\W\d_][\w'’-]{{2,40}})[ \n]{_NUMBER}", re.MULTILINE
)
_CASE: Final = r"(?:n|l[lt][aä]|lle|s[st][aä])"  # -n, -lla, -lta, -lle, -ssa, -sta
_FINNISH: Final = re.compile(
    rf"(?P<name>.*?)(?:katu|tie|polku|raitti|puistikko|kuja"
    rf"|(?:kadu|tie|polu|raiti|puistiko|kuja){_CASE}"
    rf"|(?P<rare>väylä|aukio|ranta|kaari|rinne|bulevardi"
    rf"|(?:väylä|aukio|ranna|kaare|rintee|bulevardi){_CASE}))",
    re.IGNORECASE,
)
_SWEDISH: Final = re.compile(
    r"(?P<name>.*?)(?:gatan|vägen|stigen|gränd(?:en)?"
    r"|(?P<rare>esplanaden|bulevarden|allén|stranden|backen|torget|bågen|kajen))",
    re.IGNORECASE,
)
_OTHER_WAYS: Final = frozenset(
    (
        # roads and ways of no home
        *("valta", "kanta", "seutu", "yhdys", "maan", "moottori", "moottoriliikenne", "pää"),
        *("kehä", "rauta", "ohitus", "pyörä", "kävely", "sora", "asfaltti", "sivu"),
        *("yksityis", "metsäauto", "auto", "paikallis", "ostos", "joukkoliikenne", "uima"),
        *("kolmos", "nelos", "vitos", "kutos", "seiska", "ysi", "kymppi", "laiva", "luonto"),
        *("motor", "riks", "stam", "lands", "huvud", "cykel", "gång", "järn", "luft"),
        *("bad", "genom", "om", "av", "ut", "in"),
        # parks of no home
        *("leikki", "kansallis", "huvi", "terveys", "teknologia", "yritys", "tiede", "urheilu"),
        *("eläin", "perhe", "koira"),
        # what services and bodies have
        *("hoito", "palvelu", "asiakas", "potilas", "koulutus", "kuntoutus", "ura", "opinto"),
        *("elämän", "kunto", "yhteydenotto", "asiointi", "virtsa", "hengitys", "sappi"),
        *("vård", "service", "kund", "klient", "patient", "studie", "livs", "urin"),
    )
)
_DOUBTFUL: Final = frozenset(("hiekka", "piha", "ring"))
"""A sandy way or a Hiekkatie: a street where it has a capital letter that begins no sentence."""

_ALONE: Final = re.compile(rf"Bulevardi{_CASE}?|Bulevarden|Esplanaden")
"""Streets whose name is the word for one."""

_WITHIN: Final = re.compile(r"[\w,:;(][ \n]\Z")
_PLACE: Final = re.compile(
    r"(?P<name>.{3,}?)(?:(?P<park>puisto|penger|laita)"
    r"|väylä|aukio|ranta|kaari|rinne|bulevardi|mäki|pelto|lampi|niemi|lahti|harju)",
    re.IGNORECASE,
)
"""What may be a street, and a park, a village or a surname as well."""

_LIVING: Final = re.compile(
    r"(?<!\w)(?:(?:asu(?:n|u|in|imme|mme)|muuti(?:n|mme)|kotini on|bor|bodde|adress(?:en)?(?: är)?)"
    r"|(?:koti|lähi|katu)?osoit(?:e|teeni|teessa|teesta|teeseen)(?: on)?"
    r"|(?:bor|bodde) (?:på|vid)|(?:lived?|lives|living) (?:at|on|in)|moved to|address(?: is)?)"
    r":?[ \n]\Z",
    re.IGNORECASE,
)
"""Says that an address follows. Then it may be in small letters, and be named after a place."""

_PLURAL: Final = re.compile(r"(?:al|kul|su|.*k|(?:.*[^u])?lu)kuja", re.IGNORECASE)
"""No lanes: alkuja, kulkuja, sukuja, liikkuja, lukuja. But a Koulukuja is one."""

_WHOSE: Final = re.compile(r"(?<![\w-])[A-ZÅÄÖ][\w-]{2,40}n[ \n]\Z")
_ANYBODYS: Final = re.compile(
    r"(?:[mth]eidän|[ms]inun|hänen|tämän|saman|oman|toisen|kunnan|kaupungin|valtion"
    r"|naapurin|kylän|suljetun|asun|asuin|muutin)\s",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(
    r"[.,:][0-9]"  # 12.3., 7.30, 2,5
    r"|\. ?(?:kerro|krs|päiv|luok|vuo|viik|kuu|våning)"  # the fifth floor
    r"|[ \n]?(?:[%€]|(?:km|m|cm|min|h|t|v|kk|vk|pv|kpl|e|euro\w*|mil|år|st|dygn|gång(?:er)?)(?!\w)"
    r"|(?:minuut|tun[tn]i|kilometr|metr|vuo[dtrs]|vuosi|viik|kuukau|päivä|kert|timm|dag|veck|månad)"
    r"|(?:minut|hour|day|week|month|year|time|mile|metre|kilomet))"
)
_SOME_FINNISH: Final = re.compile(r"[ \n](?![\wåäö]*(?:ss|ll|lt|n|v)[aä]\b)[a-zåäö]{3,40}[aä]\b")
"""A noun in the partitive: three shops, two cars. Not "in the house", "living"."""

_SOME_SWEDISH: Final = re.compile(
    r"[ \n](?!eller|efter|under|ligger|kommer|sedan)[a-zåäö]{3,40}(?:ar|er|or)\b"
)
_ENGLISH: Final = re.compile(
    r"(?<![\w.,:/–-])[0-9]{1,3}[A-Za-z]?[ \n](?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"\w{0,6}[ \n])(?:[A-Z][\w'’-]{1,20}[ \n]){1,3}"
    r"(?:[Ss]treet|[Rr]oad|[Ll]ane|[Aa]venue|[Dd]rive|[Cc]rescent|[Tt]errace|[Gg]ardens|Close|Court"
    r"|St|Rd|Ave)(?!\w)"
)
_SOME_ENGLISH: Final = re.compile(
    r"[ \n](?!(?:was|has|does|goes|gets|needs|lacks|seems|looks|feels|stays|stands|always|sometimes"
    r"|perhaps|unless|across|plus|towards|upstairs|downstairs)\b)(?:[a-z]{3,40}s|people|children)\b"
)
"""Two pharmacies of Main Street, and no house of it."""


def _addresses(text: str) -> Iterator[Found]:
    """Streets with a number, in three languages: "Kauppakadulla 12", "Skolgatan 3 B 4",
    "12 High Street"."""
    for match in _NUMBERED.finditer(text):
        word, start, after = match["word"], match.start(), text[match.end() : match.end() + 50]
        if _COUNTED.match(after):
            continue
        before = text[max(0, start - 43) : start]
        living = _LIVING.search(before) is not None
        sure = living or (word[0].isupper() and _WITHIN.search(before) is not None)
        owner, some = "", _SOME_FINNISH
        home = _ALONE.fullmatch(word) is not None or _is_place(word, living=living, sure=sure)
        if (way := _FINNISH.fullmatch(word)) is not None and not home:
            owner = "" if way["name"] else _owner(text, start)
            home = bool(owner) or _is_home(way, word, least=3, sure=sure)
        elif (way := _SWEDISH.fullmatch(word)) is not None:
            some = _SOME_SWEDISH
            home = home or _is_home(way, word, least=2, sure=sure)
        if home and not some.match(after):
            yield Found(Identifier.ADDRESS, start - len(owner), match.end())
    for match in _ENGLISH.finditer(text):
        if not _SOME_ENGLISH.match(text[match.end() : match.end() + 50]):
            yield Found(Identifier.ADDRESS, *match.span())


def _is_home(way: re.Match[str], word: str, *, least: int, sure: bool) -> bool:
    """Whether people may live at such a way: it has a name, and one that no road has."""
    name = way["name"].lower()
    if len(name) < least or name in _OTHER_WAYS or name.endswith("t"):  # "Lottie 5"
        return False
    if name in _DOUBTFUL:
        return sure
    if way["rare"] is not None:
        return word[0].isupper()
    return not _PLURAL.fullmatch(word)


def _is_place(word: str, *, living: bool, sure: bool) -> bool:
    """Whether a street is called after a place, where the words before it say so."""
    way = _PLACE.fullmatch(word)
    if way is None or way["name"].lower() in _OTHER_WAYS:
        return False
    return living or (sure and way["park"] is not None)


def _owner(text: str, start: int) -> str:
    """The name before a way that has none in itself: "Esimerkin katu"."""
    whose = _WHOSE.search(text, max(0, start - 43), start)
    return "" if whose is None or _ANYBODYS.fullmatch(whose[0]) else whose[0]


_NAME: Final = re.compile(r"(?<![\w@.+-])(?:@|t\.me/)(?P<name>[A-Za-z][A-Za-z0-9_]{4,31})(?![\w@])")


def _names(text: str) -> Iterator[Found]:
    """Names in Telegram: 5 to 32 of a-z, 0-9 and the underscore (Telegram FAQ, usernames)."""
    for match in _NAME.finditer(text):
        yield Found(Identifier.NAME, *match.span())

"""Every mistake a form can hold, with the line it is told on; and that no text does harm."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.forms import english
from dialogs import forms
from dialogs.forms.complaints import Complaint, marked
from dialogs.forms.draft import BOX_MOST, longest
from dialogs.forms.expressions import holds, parse
from dialogs.forms.loader import read
from dialogs.forms.model import (
    TEXT_LIMIT,
    Audience,
    Choice,
    Form,
    K,
    Kind,
    Parameters,
    Role,
    Type,
)
from dialogs.forms.reach import EFFORT, UNKNOWN, Worlds, domain, fold

if TYPE_CHECKING:
    from dialogs.forms.answers import Answer

TODAY = date(2026, 2, 1)
LIBRARY = Path(forms.__file__).parent / "library"


def in_each(text: str) -> dict[str, str]:
    return {language: f"{text} {language}" for language in ("fi", "sv", "en")}


OFFICE = {
    "municipalities": tuple(
        Choice(f"{code}", in_each(f"Place {code}")) for code in range(100, 122)
    ),
    "areas": tuple(Choice(name, in_each(name)) for name in ("north", "middle", "south")),
    "age_bands": tuple(Choice(name, in_each(name)) for name in ("u18", "u30", "u65", "older")),
}

SURVEY = """\
settings:
  name: visits
  version: "1"
  kind: survey
  title: {fi: Käynnit, sv: Besök, en: Visits}
  intro: {fi: Mistä on kyse, sv: Vad det gäller, en: What it is for}
  languages: [fi, sv, en]
  audience: everyone
  responses_per_chat: 3
  k: 10
survey:
  - type: select_one who
    name: for_whom
    label: {fi: Kenestä, sv: För vem, en: For whom}
    required: yes
  - type: begin_group
    name: close_one
    relevant: "${for_whom} = 'close'"
  - type: select_one ages
    name: close_age
    label: {fi: Ikä, sv: Ålder, en: Age}
    hint: {fi: Arvio riittää, sv: Ungefär, en: A guess will do}
    default: older
  - type: end_group
  - type: select_multiple services
    name: used
    label: {fi: Mitä käytit, sv: Vad använde du, en: What did you use}
    parameters: "min=1 max=2"
    default: dental rescue
  - type: range
    name: treated
    label: {fi: Kohtelu, sv: Bemötande, en: Treatment}
    required: yes
    parameters: "start=1 end=5 labels=steps"
    default: 3
  - type: text
    name: why
    label: {fi: Miksi, sv: Varför, en: Why}
    relevant: "${treated} < 3 and selected(${used}, 'dental')"
    parameters: "limit=500"
  - type: integer
    name: times
    label: {fi: Kuinka usein, sv: Hur ofta, en: How often}
    constraint: ". >= 0 and . < 100"
    constraint_message: {fi: Luku, sv: Ett tal, en: A number}
    default: 2
  - type: decimal
    name: cost
    label: {fi: Hinta, sv: Pris, en: Price}
    default: "2.50"
  - type: date
    name: last
    label: {fi: Milloin, sv: När, en: When}
    constraint: ". <= today()"
    constraint_message: {fi: Mennyt päivä, sv: Förfluten dag, en: A day gone by}
    default: 2026-01-31
  - type: calculate
    name: yearly
    calculation: "${times} * 12"
  - type: note
    name: often
    label: {fi: Usein, sv: Ofta, en: Often}
    relevant: "${yearly} > 100"
  - type: select_one areas
    name: area
    label: {fi: Alue, sv: Område, en: Area}
    role: background
  - type: acknowledge
    name: understood
    label: {fi: Ymmärrän, sv: Jag förstår, en: I understand}
    required: yes
choices:
  who:
    - {name: myself, label: {fi: Itsestäni, sv: Om mig, en: Myself}}
    - {name: close, label: {fi: Läheisestä, sv: Om en närstående, en: Someone close}}
  ages:
    - {name: young, label: {fi: Nuori, sv: Ung, en: Young}}
    - {name: older, label: {fi: Vanhempi, sv: Äldre, en: Older}}
  services:
    - {name: dental, label: {fi: Hammashoito, sv: Tandvård, en: Dental care}}
    - {name: rescue, label: {fi: Pelastus, sv: Räddning, en: Rescue}}
    - {name: nothing, label: {fi: En mitään, sv: Inget, en: Nothing}, exclusive: yes}
  steps:
    - {name: "1", label: {fi: Huonosti, sv: Dåligt, en: Badly}}
    - {name: "5", label: {fi: Hyvin, sv: Bra, en: Well}}
    - {name: cant_say, label: {fi: En osaa sanoa, sv: Kan inte säga, en: Can't say}}
"""

APPLICATION = """\
settings:
  name: join
  version: "1"
  kind: application
  title: {fi: Hae, sv: Ansök, en: Apply}
  intro: {fi: Mistä on kyse, sv: Vad det gäller, en: What it is for}
survey:
  - type: select_one yes_no
    name: staff
    label: {fi: Töissä, sv: Anställd, en: Employed}
    required: yes
    role: gate
    ends: "${staff} = 'yes'"
    end_text: {fi: Kiitos, sv: Tack, en: Thank you}
  - type: select_one municipalities
    name: home
    label: {fi: Kunta, sv: Kommun, en: Municipality}
    role: background
  - type: text
    name: phone
    label: {fi: Puhelin, sv: Telefon, en: Phone}
    parameters: "limit=100"
    role: contact
choices:
  yes_no:
    - {name: yes, label: {fi: Kyllä, sv: Ja, en: Yes}}
    - {name: no, label: {fi: Ei, sv: Nej, en: No}}
"""


def changed(source: str, old: str, new: str) -> str:
    assert source.count(old) == 1, f"{old!r} is there {source.count(old)} times"
    return source.replace(old, new)


def line_of(source: str, piece: str) -> int:
    assert source.count(piece) >= 1, piece
    return source.count("\n", 0, source.index(piece)) + 1


def sentence(complaint: Complaint) -> str:
    return english(complaint.said)


def errors(source: str) -> list[Complaint]:
    form, complaints = read(source, OFFICE)
    wrong = [complaint for complaint in complaints if complaint.error]
    assert (form is None) == bool(wrong)
    return wrong


def good(source: str) -> Form:
    form, complaints = read(source, OFFICE)
    assert complaints == ()
    assert form is not None
    return form


def test_a_good_survey_becomes_a_form() -> None:
    form = good(SURVEY)
    assert (form.name, form.version, form.kind) == ("visits", "1", Kind.SURVEY)
    assert form.title == {"fi": "Käynnit", "sv": "Besök", "en": "Visits"}
    assert (form.languages, form.audience) == (("fi", "sv", "en"), Audience.EVERYONE)
    assert (form.responses_per_chat, form.k) == (3, 10)
    assert [row.name for row in form.rows][:3] == ["for_whom", "close_age", "used"]
    assert form.row("for_whom").line == line_of(SURVEY, "- type: select_one who")
    assert form.row("for_whom").required
    assert form.row("used").parameters == Parameters(minimum=1, maximum=2)
    assert [choice.exclusive for choice in form.row("used").choices] == [False, False, True]
    assert form.row("treated").parameters == Parameters(start=1, end=5)
    assert [choice.name for choice in form.row("treated").choices] == ["1", "5", "cant_say"]
    assert form.row("why").limit == 500
    assert form.row("area").choices == OFFICE["areas"]
    assert form.row("area").role is Role.BACKGROUND
    assert form.row("yearly").type is Type.CALCULATE
    assert form.row("close_age").hint["en"] == "A guess will do"
    with pytest.raises(KeyError, match="nobody"):
        form.row("nobody")


def test_defaults_are_answers_of_their_types() -> None:
    form = good(SURVEY)
    assert {row.name: row.default for row in form.rows if row.default is not None} == {
        "close_age": "older",
        "used": ("dental", "rescue"),
        "treated": 3,
        "times": 2,
        "cost": Decimal("2.50"),
        "last": date(2026, 1, 31),
    }
    assert good(changed(SURVEY, "default: 3\n", "default: cant_say\n")).row("treated").default == (
        "cant_say"
    )
    assert good(changed(SURVEY, "dental rescue", "nothing")).row("used").default == ("nothing",)
    worded = changed(SURVEY, '    parameters: "limit=500"\n', "    default: Kiva\n")
    assert good(worded).row("why").default == "Kiva"
    assert good(worded).row("why").limit == TEXT_LIMIT


def test_a_good_application_becomes_a_form() -> None:
    form = good(APPLICATION)
    assert form.kind is Kind.APPLICATION
    assert (form.audience, form.responses_per_chat, form.k) == (Audience.EVERYONE, 1, 10)
    staff = form.row("staff")
    assert staff.role is Role.GATE
    assert staff.ends is not None
    assert holds(staff.ends, {"staff": "yes"}, "yes", TODAY)
    assert staff.end_text["sv"] == "Tack"
    assert form.row("home").long_list
    assert not staff.long_list


def test_a_gate_may_write_a_dot_for_its_own_answer() -> None:
    good(changed(APPLICATION, "\"${staff} = 'yes'\"", "\". = 'yes'\""))


def test_a_group_gives_its_condition_to_its_rows() -> None:
    nested = changed(
        SURVEY,
        "    default: older\n",
        "    default: older\n"
        "  - {type: begin_group, name: inner, relevant: \"${close_age} = 'young'\"}\n"
        "  - {type: text, name: story, label: {fi: a, sv: b, en: c}, relevant: \"'x' = 'x'\"}\n"
        "  - {type: text, name: more, label: {fi: a, sv: b, en: c}}\n"
        "  - {type: end_group, name: inner}\n"
        "  - {type: begin_group, name: plain}\n"
        "  - {type: integer, name: number, label: {fi: a, sv: b, en: c}}\n"
        "  - {type: end_group}\n",
    )
    form = good(nested)

    def shown(name: str, answers: dict[str, Answer]) -> bool:
        relevant = form.row(name).relevant
        return relevant is None or holds(relevant, answers, None, TODAY)

    assert shown("close_age", {"for_whom": "close"})
    assert not shown("close_age", {"for_whom": "myself"})
    for name in ("story", "more"):
        assert shown(name, {"for_whom": "close", "close_age": "young"})
        assert not shown(name, {"for_whom": "close", "close_age": "older"})
        assert not shown(name, {"for_whom": "myself", "close_age": "young"})
    assert shown("number", {"for_whom": "close"})
    assert not shown("number", {"for_whom": "myself"})
    assert shown("used", {})


LONG = "x" * 61
LABEL = "label: {fi: a, sv: b, en: c}"

# What is changed in a good survey; where the mistake is told (a piece of that line, in the changed
# text); the row it is told of; a piece of the sentence.
MISTAKES = [
    # Parts and settings.
    ("settings:\n", "setings:\n", "setings", "", "'setings'. Did you mean settings?"),
    ("  name: visits\n", "", "settings:", "", "name is missing"),
    ("name: visits", "name: Visits", "Visits", "", "a letter first; 'Visits' is not"),
    ('  version: "1"\n', "", "settings:", "", "version is missing"),
    ("kind: survey", "kind: poll", "poll", "", "kind is one of survey, application"),
    ("kind: survey", "kind: [survey]", "kind:", "", "kind is a single value"),
    ("  kind: survey\n", "", "settings:", "", "kind is missing"),
    ("  title: {fi: Käynnit, sv: Besök, en: Visits}\n", "", "settings:", "", "title is missing"),
    ("sv: Besök,", "", "title:", "", "title is missing in sv"),
    ("en: Visits", "en: ''", "title:", "", "title in en is empty"),
    ("fi: Käynnit", f"fi: {LONG}", LONG, "", "title in fi is 61 characters; there is room for 60"),
    ("{fi: Käynnit, sv: Besök, en: Visits}", "Visits", "title:", "", "in each language"),
    ("fi: Mistä on kyse", "fi: " + "x" * 421, "intro:", "", "room for 420"),
    ("en: Visits", "en: Visits, de: Besuche", "title:", "", "no language 'de'"),
    ("en: Visits", "en: Visits, en: Calls", "title:", "", "en is given twice"),
    ("[fi, sv, en]", "[fi, se]", "languages:", "", "languages are among fi, sv, en"),
    ("[fi, sv, en]", "[fi, fi]", "languages:", "", "each once"),
    ("[fi, sv, en]", "[]", "languages:", "", "languages are among"),
    ("audience: everyone", "audience: all", "audience:", "", "everyone, members"),
    ("k: 10", "k: many", "k: many", "", "k is a whole number from 1 to 1000"),
    ("k: 10", "k: 0", "k: 0", "", "from 1 to 1000"),
    ("k: 10", "k: 9", "k: 9", "", "fewer than 10 responses do not hide whose they are"),
    ("responses_per_chat: 3", "responses_per_chat: 99", "responses_", "", "from 1 to 20"),
    ("k: 10", "key: 10", "key:", "", "no setting 'key'. There are: name, version,"),
    ("k: 10", "k: 10\n  k: 10", "  k: 10\nsurvey", "", "k is given twice"),
    # Names and types.
    ("    name: why\n", "", "- type: text", "", "name is missing"),
    ("name: why", "name: Why", "name: Why", "Why", "a letter first"),
    ("name: why", f"name: {'w' * 25}", "w" * 25, "w" * 24, "at most 24"),
    ("name: why", "name: treated", "- type: text", "treated", "the name of line 30 already"),
    ("name: why", "name: close_one", "- type: text", "close_one", "the name of line 16 already"),
    ("name: why", "name: [why]", "name: [why]", "", "name is a single value"),
    ("- type: text\n    name", "- name", "- name: why", "why", "type is missing"),
    ("type: text\n", "type: txt\n", "txt", "why", "no type 'txt'. Did you mean text?"),
    ("type: text\n", "type: photo\n", "photo", "why", "no type 'photo'. There are: note, "),
    ("type: text\n", "type: text words\n", "- type: text", "why", "takes nothing after it"),
    ("  - type: text\n", "  - text\n  - type: text\n", "- text\n", "", "names with values"),
    # Columns.
    ("required: yes\n    parameters", "requird: yes\n    parameters", "requird", "treated",
     "no column 'requird' here. Did you mean required?"),
    ("required: yes\n    parameters", "required: maybe\n    parameters", "maybe", "treated",
     "required is yes or no"),
    ("calculation: ", "hint: {fi: a, sv: b, en: c}\n    calculation: ", "hint: {fi: a", "yearly",
     "calculate has no hint"),
    ("name: often\n", "name: often\n    required: yes\n", "required: yes\n    label: {fi: U",
     "often", "note has no required"),
    ("name: understood\n", "name: understood\n    default: yes\n", "default: yes", "understood",
     "acknowledge has no default"),
    ("name: close_one\n", f"name: close_one\n    {LABEL}\n", LABEL, "close_one",
     "no column 'label' here"),
    ("    label: {fi: Miksi, sv: Varför, en: Why}\n", "", "- type: text", "why",
     "label is missing"),
    ("fi: Miksi, ", "", "sv: Varför", "why", "label is missing in fi"),
    ("sv: Ungefär, ", "", "Arvio", "close_age", "hint is missing in sv"),
    ('    calculation: "${times} * 12"\n', "", "- type: calculate", "yearly",
     "calculation is missing"),
    ("role: background", "role: backround", "backround", "area", "role is one of background,"),
    # Constraints and gates.
    ("    constraint_message: {fi: Luku, sv: Ett tal, en: A number}\n", "", "- type: integer",
     "times", "constraint_message is missing"),
    ('    constraint: ". <= today()"\n', "", "- type: date", "last", "and no constraint"),
    ("fi: Mennyt päivä", "fi: " + "x" * 401, "x" * 401, "last", "there is room for 400"),
    ("name: cost\n", "name: cost\n    ends: \". > 1\"\n", "ends:", "cost",
     "Only role: gate has ends"),
    # Parameters.
    ("limit=500", "limit", '"limit"', "why", "written name=value; 'limit' is not"),
    ("limit=500", "limit=", '"limit="', "why", "written name=value"),
    ("limit=500", "rows=5", "rows=5", "why", "no parameter 'rows'. There are: limit"),
    ("limit=500", "limit=5 limit=6", "limit=6", "why", "limit is given twice"),
    ("limit=500", "limit=many", "- type: text", "why", "limit is a whole number"),
    ("limit=500", "limit=3001", "- type: text", "why", "limit is from 1 to 3000"),
    ('"min=1 max=2"', '"min=2 max=1"', "- type: select_multiple", "used",
     "min=2 is more than max=1"),
    ('"min=1 max=2"', '"min=0"', "- type: select_multiple", "used", "from 1 to 200"),
    ('"min=1 max=2"', '"min=1 max=999"', "- type: select_multiple", "used", "from 1 to 200"),
    ('"min=1 max=2"', '"max=3"', "- type: select_multiple", "used",
     "3 are to be chosen, and 2 can be"),
    ("name: cost\n", "name: cost\n    parameters: limit=1\n", "limit=1\n", "cost",
     "decimal has no parameters"),
    # Lists.
    ("select_one who", "select_one", "- type: select_one\n", "for_whom", "name of a list"),
    ("select_one ages", "select_one age", "- type: select_one age\n", "close_age",
     "mend the name. Did you mean ages?"),
    ("labels=steps", "labels=services", "- type: range", "treated", "'dental' is the label of no"),
    ("labels=steps", "labels=stops", "- type: range", "treated", "no list 'stops'"),
    ("name: young,", "name: older,", "name: older, label: {fi: Vanhempi", "ages",
     "has a choice older already"),
    ("name: young,", "name: yo ung,", "yo ung", "ages", "'yo ung' is not"),
    ("{name: young, ", "{", "{label: {fi: Nuori", "ages", "'' is not"),
    ("sv: Ung,", "", "name: young", "ages", "label of young is missing in sv"),
    ("fi: Nuori", f"fi: {LONG}", LONG, "ages", "label of young in fi is 61 characters"),
    ("fi: Nuori", "fi: vanhempi", "name: older, label", "ages", "In fi older reads the same as y"),
    ("  ages:\n", "  Ages: []\n  ages:\n", "Ages: []", "Ages", "a letter first; 'Ages' is not"),
    ("exclusive: yes", "exclusive: x", "exclusive: x", "services", "exclusive is yes or no"),
    ("exclusive: yes", "alone: yes", "alone", "services", "no column of a choice 'alone'"),
    ("  ages:\n", "  areas: []\n  ages:\n", "areas: []", "areas", "comes from the office's file"),
    ("en: Young}}", "en: Young}, exclusive: yes}", "- type: select_one ages", "close_age",
     "only select_multiple has that"),
    # Defaults.
    ("default: older", "default: old", "default: old", "close_age", "'old' is no answer"),
    ("default: 3\n", "default: 6\n", "default: 6", "treated", "'6' is no answer"),
    ("default: 3\n", "default: high\n", "default: high", "treated", "'high' is no answer"),
    ("default: 2\n", "default: 2.5\n", "default: 2.5", "times", "'2.5' is no answer"),
    ("default: 2\n", "default: 200\n", "- type: integer", "times",
     "does not pass the row's own constraint"),
    ('default: "2.50"', "default: 2,50", "default: 2,50", "cost", "'2,50' is no answer"),
    ("default: 2026-01-31", "default: 2026-02-30", "2026-02-30", "last", "'2026-02-30' is no"),
    ("default: 2026-01-31", "default: 31.1.2026", "31.1.2026", "last", "'31.1.2026' is no"),
    ("default: dental rescue", "default: dental nothing", "default: dental n", "used",
     "is no answer"),
    ("default: dental rescue", "default: dental dental", "default: dental d", "used",
     "is no answer"),
    ("default: dental rescue", "default: dental surgery", "default: dental s", "used",
     "is no answer"),
    # Groups.
    ("  - type: end_group\n", "", "- type: begin_group", "close_one", "is never closed"),
    ("  - type: begin_group\n    name: close_one\n    relevant: \"${for_whom} = 'close'\"\n", "",
     "- type: end_group", "", "ends a group that never began"),
    ("- type: end_group\n", "- type: end_group\n    name: other\n", "- type: end_group", "other",
     "The group that ends here is close_one"),
    ("  - type: end_group\n", "  - type: end_group\n  - {type: begin_group, name: g}\n"
     "  - {type: end_group}\n", "name: g}", "g", "Nothing stands in this group"),
    # Expressions.
    ("${yearly} > 100", "${yearly} > ", "relevant: \"${yearly}", "often",
     "relevant: Something is missing at the end"),
    ('relevant: "${yearly} > 100"', "relevant: ''", "relevant: ''", "often", "relevant is empty"),
    ("${yearly} > 100", "${weekly} > 100", "${weekly}", "often", "no question called weekly"),
    ("${yearly} > 100", "${close_one} = 1", "${close_one}", "often", "close_one} is a group"),
    ("${times} * 12", "${treated} * 12 + ${area}", "${area}", "yearly",
     "answered only later, on line 64"),
    ("${treated} < 3 and", "${why} != '' and", "${why}", "why", "only later"),
    (". >= 0 and", "${times} >= 0 and", "${times} >= 0", "times",
     "A constraint writes . for its own answer"),
    ("${yearly} > 100", ". > 100", "relevant: \". > 100", "often", "There is no answer for ."),
    ("role: background", "role: background\n    relevant: \"${often} = ''\"", "${often}", "area",
     "${often} is a note"),
    ("${yearly} > 100", "${why} > 100", "${why} > 100", "often", "${why} is a text"),
    ("${yearly} > 100", "${for_whom}", '"${for_whom}"', "often", "a condition is wanted here"),
    ("${yearly} > 100", "${yearly} = 'much'", "${yearly} =", "often", "'much' is not"),
    ("'close'\"", "'clsoe'\"", "clsoe", "close_one", "'clsoe' is not among the answers"),
    ("${times} * 12", "${why} * 12", "${why} * 12", "yearly", "${why} is a text"),
    (". >= 0 and", "regex(., '[') and", "regex(", "times", "pattern cannot be read"),
    ("${treated} < 3 and", "${treated} = 9 and", "${treated} = 9", "why", "'9' is not among"),
    # What can never be.
    ("${yearly} > 100", "false()", "false()", "often", "This is never true"),
    ("${yearly} > 100", "${for_whom} = 'myself' and ${close_age} = 'young'", "'young'\"", "often",
     "This is never true"),
    ("${yearly} > 100", "${treated} > 5", "${treated} > 5", "often", "This is never true"),
    ("${yearly} > 100", "count-selected(${used}) = 3", "count-selected", "often",
     "This is never true"),
    ("${yearly} > 100", "selected(${used}, 'nothing') and selected(${used}, 'dental')",
     "'nothing') and", "often", "This is never true"),
    ("${yearly} > 100", "${for_whom} = ''", "${for_whom} = ''", "often", "This is never true"),
    ("${yearly} > 100", "not(${why} = '' or true())", "not(${why}", "often", "This is never true"),
    ("${yearly} > 100", "if(true(), ${for_whom} = '', ${why} = '')", "if(true()", "often",
     "This is never true"),
    ("${times} * 12", "1 * 12", "${yearly} > 100", "often", "This is never true"),
    (". >= 0 and . < 100", ". < 100 and 1 = 2", "- type: integer", "times",
     "No answer can ever pass"),
    # Anonymity.
    ("limit=500\"", "limit=500\"\n    role: contact", "- type: text", "why",
     "A survey is anonymous"),
    ("    role: background\n", "", "- type: select_one areas", "area", "tells who one is"),
    ("select_one areas", "select_one municipalities", "- type: select_one muni", "area",
     "tells 22 backgrounds apart"),
    ("audience: everyone", "audience: members", "- type: select_one areas", "area",
     "a members' survey asks no background"),
    ('default: "2.50"', 'default: "2.50"\n    role: background', "- type: decimal", "cost",
     "chosen from a short list"),
    ("default: dental rescue", "default: dental\n    role: background",
     "- type: select_multiple", "used", "chosen from a short list"),
    # Room.
    ("fi: Miksi", "fi: " + "x" * 2897, "- type: text", "why", "is 1 characters too long for one"),
    ("fi: Arvio riittää", "fi: " + "x" * 3500, "- type: select_one ages", "close_age",
     "In fi this is"),
    ("limit=500\"", "limit=2000\"\n  - {type: text, name: more, parameters: limit=1500, "
     + LABEL + "}", "name: more", "more", "have room for 3351 characters"),
]  # fmt: skip


def told_once(source: str, at: str, row: str, piece: str) -> None:
    told = errors(source)
    place = (line_of(source, at), row)
    here = [each for each in told if (each.line, each.row) == place and piece in sentence(each)]
    assert len(here) == 1, told


@pytest.mark.parametrize(("old", "new", "at", "row", "piece"), MISTAKES)
def test_a_mistake_is_told_where_it_stands(
    old: str, new: str, at: str, row: str, piece: str
) -> None:
    told_once(changed(SURVEY, old, new), at, row, piece)


# The same for an application.
APPLICATION_MISTAKES = [
    (
        "    ends: \"${staff} = 'yes'\"\n",
        "",
        "- type: select_one yes_no",
        "staff",
        "A gate needs ends",
    ),
    (
        "    end_text: {fi: Kiitos, sv: Tack, en: Thank you}\n",
        "",
        "- type: select_one yes_no",
        "staff",
        "A gate needs end_text",
    ),
    ("sv: Tack,", "", "end_text", "staff", "end_text is missing in sv"),
    ("fi: Kiitos", "fi: " + "x" * 3001, "end_text", "staff", "there is room for 3000"),
    ("= 'yes'", "= 'maybe'", "ends:", "staff", "'maybe' is not among"),
    ("= 'yes'", "= 'yes' and false()", "- type: select_one yes", "staff", "it is no gate"),
    ("= 'yes'", "!= ''", "- type: select_one yes", "staff", "Every answer to this ends"),
    ("${staff} =", "${home} =", "ends:", "staff", "answered only later"),
    ("kind: application", "kind: application\n  audience: members", "audience", "", "already"),
    ("- type: text", "- type: integer", "- type: integer", "phone", "A contact is asked as text"),
    ("kind: application", "kind: survey", "- type: text", "phone", "A survey is anonymous"),
    (
        "role: background",
        "role: background\n    relevant: \"${staff} = 'yes'\"",
        "relevant",
        "home",
        "This is never true",
    ),
]


@pytest.mark.parametrize(("old", "new", "at", "row", "piece"), APPLICATION_MISTAKES)
def test_a_mistake_in_an_application_is_told_where_it_stands(
    old: str, new: str, at: str, row: str, piece: str
) -> None:
    told_once(changed(APPLICATION, old, new), at, row, piece)


def test_every_mistake_is_told_at_once_in_the_order_of_lines() -> None:
    source = changed(SURVEY, "kind: survey", "kind: poll")
    source = changed(source, "sv: Varför, ", "")
    source = changed(source, "${yearly} > 100", "${weekly} >> 100")
    source = changed(source, "fi: Nuori", f"fi: {LONG}")
    told = errors(source)
    assert [complaint.line for complaint in told] == [
        line_of(source, piece) for piece in ("poll", "Miksi", "weekly", LONG)
    ]


def test_the_same_mistake_twice_on_one_line_is_told_once() -> None:
    nameless = "{label: {fi: %s, sv: %s, en: %s}}"
    twice = ", ".join(nameless % (letter, letter, letter) for letter in "ab")
    (told,) = errors(SURVEY + f"  spare: [{twice}]\n")
    assert "'' is not" in sentence(told)


def test_a_bad_expression_is_shown_with_a_caret_under_the_place() -> None:
    (told,) = errors(changed(SURVEY, "${yearly} > 100", "${yearly} > 100 and"))
    assert told.excerpt == "${yearly} > 100 and\n                   ^"
    (told,) = errors(changed(SURVEY, "${yearly} > 100", "1 = 1 or ${ weekly } > 100"))
    assert told.excerpt == "1 = 1 or ${ weekly } > 100\n         ^"


def test_a_long_expression_is_shown_around_the_place() -> None:
    excerpt = marked("1 +\n" * 100 + "!", 200)
    shown, caret = excerpt.split("\n")
    assert len(shown) == 100
    assert caret == " " * 60 + "^"


def test_a_row_that_could_not_be_read_is_not_called_unknown() -> None:
    (told,) = errors(changed(SURVEY, "type: integer", "type: intger"))
    assert "Did you mean integer?" in sentence(told)


def test_what_is_never_shown_is_told_once_at_the_group() -> None:
    source = changed(SURVEY, "= 'close'\"", "= 'close' and false()\"")
    source = changed(source, "    default: older", "    relevant: \"${for_whom} = 'close'\"")
    (told,) = errors(source)
    assert (told.row, told.line) == ("close_one", line_of(source, "and false()"))


def test_conditions_that_only_together_can_never_hold_are_told() -> None:
    source = changed(SURVEY, "    default: older", "    relevant: \"${for_whom} = 'myself'\"")
    (told,) = errors(source)
    assert (told.row, "never true" in sentence(told)) == ("close_age", True)


def test_a_required_question_that_can_become_unanswerable_is_told() -> None:
    row = (
        "choices:\n",
        "  - type: select_one who\n    name: again\n    required: yes\n"
        "    label: {fi: a, sv: b, en: c}\n"
        "    constraint: \". != 'close' and ${for_whom} != 'myself'\"\n"
        "    constraint_message: {fi: a, sv: b, en: c}\nchoices:\n",
    )
    source = changed(SURVEY, *row)
    (told,) = errors(source)
    assert told.row == "again"
    assert "After some answers" in sentence(told)
    good(changed(source, "required: yes\n    label: {fi: a", "label: {fi: a"))
    shown = "    relevant: \"${for_whom} = 'close'\"\n    constraint: \". != 'close'"
    good(changed(source, "    constraint: \". != 'close'", shown))


def test_a_question_that_need_not_be_reached_leaves_the_form_good() -> None:
    good(changed(SURVEY, "${yearly} > 100", "${close_age} = '' and ${treated} = 'cant_say'"))
    good(changed(SURVEY, "${yearly} > 100", "${last} < today()"))


def test_background_of_fifteen_cells_is_as_much_as_a_survey_may_tell_apart() -> None:
    five = "".join(
        f"    - {{name: a{n}, label: {{fi: a{n}, sv: b{n}, en: c{n}}}}}\n" for n in range(5)
    )
    row = (
        "  - {type: select_one five, name: five, role: background, "
        "label: {fi: a, sv: b, en: c}}\nchoices:\n  five:\n"
    )
    fifteen = changed(SURVEY, "choices:\n", row + five)
    good(fifteen)
    sixth = "    - {name: a5, label: {fi: a5, sv: b5, en: c5}}\n"
    (told,) = errors(changed(fifteen, five, five + sixth))
    assert (told.row, "tells 18 backgrounds" in sentence(told)) == ("five", True)
    scale = (
        "  - {type: range, name: scale, parameters: start=1 end=5, role: background, "
        "label: {fi: a, sv: b, en: c}}\nchoices:\n"
    )
    good(changed(SURVEY, "choices:\n", scale))


def test_an_application_may_ask_for_background_as_it_needs() -> None:
    good(
        changed(
            APPLICATION,
            "role: background",
            "role: background\n  - {type: select_one age_bands, name: age, role: background, "
            "label: {fi: a, sv: b, en: c}}",
        )
    )


def warnings(source: str) -> list[Complaint]:
    form, complaints = read(source, OFFICE)
    assert form is not None
    assert not any(complaint.error for complaint in complaints)
    return list(complaints)


def test_typographic_quotes_are_a_warning_and_the_form_is_good() -> None:
    source = changed(SURVEY, "${for_whom} = 'close'", "${for_whom} = ’close’")
    (told,) = warnings(source)
    assert (told.line, told.row) == (line_of(source, "’close’"), "close_one")
    assert "quote" in sentence(told)
    assert told.excerpt == "${for_whom} = ’close’\n              ^"


def test_a_list_that_no_row_uses_is_a_warning() -> None:
    extra = "  spare:\n    - {name: a, label: {fi: a, sv: b, en: c}}\n"
    source = SURVEY + extra
    (told,) = warnings(source)
    assert (told.row, told.line) == ("spare", line_of(source, "name: a,"))
    assert "No row uses the list spare" in sentence(told)


def test_fewer_languages_are_a_warning_and_only_their_texts_are_asked_for() -> None:
    source = changed(SURVEY, "[fi, sv, en]", "[sv, fi]")
    for line in source.splitlines():
        if ", en: " in line:
            source = source.replace(line, line.split(", en: ")[0] + "}" * line.count("}"), 1)
    form, complaints = read(source.replace("}, exclusive: yes}", "}}"), OFFICE)
    assert form is not None
    assert form.languages == ("fi", "sv")
    (told,) = complaints
    assert "whoever speaks en" in sentence(told)


def test_a_text_in_a_language_the_form_does_not_have_is_told() -> None:
    told = errors(changed(SURVEY, "[fi, sv, en]", "[fi, sv]"))
    assert len(told) > 10
    assert all("not among the form's languages" in sentence(complaint) for complaint in told)


def test_without_the_setting_a_form_has_all_three_languages() -> None:
    assert good(changed(SURVEY, "  languages: [fi, sv, en]\n", "")).languages == ("fi", "sv", "en")


def test_a_list_the_office_does_not_give_is_told() -> None:
    form, complaints = read(SURVEY, {})
    assert form is None
    (told,) = complaints
    assert (told.row, sentence(told)) == ("area", "The office's file gives no list areas.")


@pytest.mark.parametrize(
    ("parameters", "piece"),
    [
        ("start=1", "A range needs parameters"),
        ("end=5", "A range needs parameters"),
        ("start=5 end=1", "start=5 end=1 does not"),
        ("start=1 end=1", "A range starts below its end"),
        ("start=1 end=12", "at most 11 steps"),
        ("start=one end=5", "start is a whole number"),
        ("start=1 end=5 step=2", "no parameter 'step'"),
    ],
)
def test_a_range_is_told_what_is_wrong_with_its_steps(parameters: str, piece: str) -> None:
    source = changed(SURVEY, "start=1 end=5 labels=steps", parameters + " labels=steps")
    told = [complaint for complaint in errors(source) if piece in sentence(complaint)]
    assert [complaint.row for complaint in told] == ["treated"]


def test_a_range_without_parameters_is_told() -> None:
    source = changed(SURVEY, '    parameters: "start=1 end=5 labels=steps"\n', "")
    assert any("A range needs" in sentence(complaint) for complaint in errors(source))


# What is no form at all; the line it is told on; a piece of the sentence.
NO_FORMS = [
    ("", 1, "The file is empty"),
    ("# only a word", 1, "The file is empty"),
    ("a: b: c", 1, "This is not YAML: there is a colon"),
    ("a: 1\nb: 'open", 2, "This is not YAML"),
    ("a: 1\nb: \x07", 2, "no screen can show"),
    ('a: 1\nb: "\\x07"', 2, "no screen can show"),
    ('a: "\\ud800"', 1, "no screen can show"),
    ("a: \ud800", 1, "no screen can show"),
    ('a: "\\UFFFFFFFF"', 1, "a number that means nothing"),
    ("%YAML 1." + "9" * 5000 + "\n---\na", 1, "a number that means nothing"),
    ("a: &x 1\nb: *x", 1, "write the text itself"),
    ("b: *x", 1, "write the text itself"),
    ("a: !!python/object:os.system x", 1, "needs quotes"),
    ("--- a\n--- b", 2, "A second document begins"),
    ("? [a, b]\n: c", 1, "A name is expected"),
    ("a: " + "[" * 20 + "]" * 20, 1, "deeper or longer"),
    ("[" + "a," * 20_001 + "]", 1, "deeper or longer"),
    ("a" * 300_000, 1, "room for 256 KB"),
    ("just words", 1, "names with values are expected"),
    ("- settings", 1, "names with values are expected"),
    ("a: 'open\nb: 2", 1, "a text in quotes begins here"),
    ('a: "C:\\q"', 1, "a backslash has a meaning of its own"),
    ("a: [1\nb: 2", 1, "is never closed"),
    ("{fi: 'it's'}", 1, "a comma or quote is missing"),
    ("a:\n\tb: 1", 2, "such as a tab"),
    ("a: >x\n b", 1, "a sign that none can begin with"),
    ("a: 1\nb", 2, "a colon is missing after the name"),
    ("a:\n  b: 1\n c: 2", 3, "indented with spaces as much as others"),
    ("a: *ä", 1, "write the text itself"),
    ("a: &", 1, "write the text itself"),
    ("a: !<", 1, "needs quotes"),
]


@pytest.mark.parametrize(("source", "line", "piece"), NO_FORMS)
def test_what_is_no_form_at_all_is_refused_with_its_line(
    source: str, line: int, piece: str
) -> None:
    form, complaints = read(source, OFFICE)
    assert form is None
    assert complaints[0].line == line
    assert piece in sentence(complaints[0])


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(50))
    form, complaints = read(bomb, OFFICE)
    assert form is None
    assert len(complaints) == 1


@pytest.mark.parametrize(
    ("survey", "piece"),
    [
        ("survey: []", "The form asks nothing"),
        ("survey:", "survey is a list"),
        ("survey: []\nchoices: []", "names with values are expected"),
        ("survey: []\nchoices: {a: []}", "at least one choice"),
        ("survey: [{}]", "type is missing"),
        (
            "survey: [{type: note, name: only, label: {fi: a, sv: b, en: c}}]",
            "The form asks nothing",
        ),
        ("", "survey is missing"),
    ],
)
def test_a_form_that_asks_nothing_is_told(survey: str, piece: str) -> None:
    source = SURVEY[: SURVEY.index("survey:\n")] + survey
    assert any(piece in sentence(complaint) for complaint in errors(source))


def test_a_form_of_too_many_rows_is_told() -> None:
    row = "  - {{type: {1}, name: n{0}, label: {{fi: a, sv: b, en: c}}}}\n"
    source = SURVEY[: SURVEY.index("survey:\n")] + "survey:\n"
    source += "".join(row.format(n, "note" if n else "integer") for n in range(201))
    (told,) = errors(source)
    assert (told.line, sentence(told)) == (line_of(source, "n200"), "A form has room for 200 rows.")


def test_groups_too_deep_are_told_and_still_closed() -> None:
    source = SURVEY[: SURVEY.index("survey:\n")] + "survey:\n"
    source += "".join(f"  - {{type: begin_group, name: g{n}}}\n" for n in range(9))
    source += "  - {type: integer, name: n, label: {fi: a, sv: b, en: c}}\n"
    source += "  - {type: end_group}\n" * 9
    (told,) = errors(source)
    assert (told.row, sentence(told)) == ("g8", "No more than 8 groups inside each other.")


def a_text(name: str, limit: int) -> str:
    return f"  - {{type: text, name: {name}, parameters: limit={limit}, {LABEL}}}\n"


def survey_of(*rows: str) -> str:
    return SURVEY[: SURVEY.index("survey:\n")] + "survey:\n" + "".join(rows)


def test_open_answers_may_be_as_long_as_is_told_and_not_a_character_longer() -> None:
    too_long = survey_of(a_text("one", 3000), a_text("two", 100), a_text("three", 3000))
    (told,) = errors(too_long)
    assert (told.row, told.line) == ("three", line_of(too_long, "name: three"))
    room = int(sentence(told).split(" characters")[0].split()[-1])
    assert 'such as parameters: "limit=500"' in sentence(told)
    form = good(survey_of(a_text("one", 3000), a_text("two", 100), a_text("three", room - 3100)))
    assert BOX_MOST - 2 < longest(form) <= BOX_MOST
    over = survey_of(a_text("one", 3000), a_text("two", 100), a_text("three", room - 3099))
    assert [each.row for each in errors(over)] == ["three"]


def test_choices_that_do_not_fit_in_one_response_are_told_where_they_overstep() -> None:
    """A response holds each choice by its name; an application is kept elsewhere, and does not."""
    rows = [
        f"  - {{type: select_multiple many, name: q{number}, {LABEL}}}\n" for number in range(3)
    ]
    choice = "    - {{name: as_long_as_a_name_is_{0}, label: {{fi: a{0}, sv: a{0}, en: a{0}}}}}\n"
    many = "".join(choice.format(number) for number in range(100, 210))
    source = survey_of(*rows) + "choices:\n  many:\n" + many
    (told,) = errors(source)
    assert (told.row, told.line) == ("q2", line_of(source, "name: q2"))
    assert "do not fit in 8192 bytes" in sentence(told)
    assert "fewer choices with shorter names" in sentence(told)
    good(changed(source, "kind: survey", "kind: application"))


def test_a_form_too_wrong_to_be_measured_is_told_what_is_wrong() -> None:
    rows = "".join(f"  - {{type: select_one nowhere, name: q{n}, {LABEL}}}\n" for n in range(200))
    assert any("no list 'nowhere'" in sentence(each) for each in errors(survey_of(rows)))


def test_one_page_of_a_long_list_is_what_a_card_must_hold() -> None:
    long_names = tuple(
        Choice(str(n), dict.fromkeys(("fi", "sv", "en"), f"{n} " + "x" * 260)) for n in range(30)
    )
    form, _ = read(SURVEY, {**OFFICE, "areas": long_names[:3]})
    assert form is not None
    _, complaints = read(APPLICATION, {**OFFICE, "municipalities": long_names})
    assert complaints == ()
    _, complaints = read(APPLICATION, {**OFFICE, "municipalities": long_names[:12]})
    assert [complaint.row for complaint in complaints] == ["home"] * 3
    assert "too long for one card" in sentence(complaints[0])


def test_an_application_whose_answers_do_not_fit_one_card_is_refused() -> None:
    rows = "".join(
        f"  - type: integer\n    name: q{number}\n    label: {{fi: a, sv: a, en: a}}\n"
        for number in range(15)
    )
    start = SURVEY[: SURVEY.index("survey:\n")].replace("kind: survey", "kind: application")
    form, complaints = read(f"{start}survey:\n{rows}", OFFICE)
    assert form is None
    assert [(each.row, sentence(each)) for each in complaints] == [
        ("q14", "An application has room for 14 questions.")
    ]


def test_a_complaint_stays_short_whatever_it_quotes() -> None:
    told = errors(changed(SURVEY, "type: text", "type: " + "x" * 5000))
    assert all(len(sentence(complaint)) <= 400 for complaint in told)


def form_of(rows: str) -> Form:
    return good(SURVEY[: SURVEY.index("survey:\n")] + rows)


def test_worlds_are_given_up_when_they_are_too_many() -> None:
    rows = "survey:\n" + "".join(
        f"  - {{type: range, name: r{n}, parameters: start=1 end=9, {LABEL}}}\n" for n in range(6)
    )
    form = form_of(rows)
    worlds = Worlds(form.rows)
    impossible = parse(" + ".join(f"${{r{n}}}" for n in range(6)) + " > 100")
    assert worlds.possible(impossible)
    assert not worlds.possible(parse("${r0} + ${r1} > 100"))
    worlds.effort = 0
    assert worlds.possible(parse("${r0} + ${r1} > 100"))
    assert EFFORT > 0


def test_what_a_world_does_not_know_stays_unknown() -> None:
    for source, expected in [
        ("${x}", UNKNOWN),
        ("-${x}", UNKNOWN),
        ("${x} = 1", UNKNOWN),
        ("${x} = 1 and false()", False),
        ("${x} = 1 or true()", True),
        ("${x} = 1 or false()", UNKNOWN),
        ("today() > '2026-01-01'", UNKNOWN),
        ("if(${x} = 1, 1, 2)", UNKNOWN),
        ("if(false(), ${x}, -2)", Decimal(-2)),
        ("concat(${x}, 'a')", UNKNOWN),
        ("concat(., 'a')", UNKNOWN),
    ]:
        assert fold(parse(source).tree, {}) == expected


def test_the_answers_to_try_are_those_the_row_allows() -> None:
    form = good(SURVEY)
    assert domain(form.row("used")) == [
        "dental",
        "rescue",
        "dental rescue",
        "nothing",
    ]
    assert domain(form.row("treated")) == [*map(Decimal, range(1, 6)), "cant_say"]
    assert domain(form.row("why")) is None
    assert domain(form.row("understood")) == [True]
    assert domain(good(APPLICATION).row("home")) is not None


@given(st.text(max_size=200))
def test_no_text_raises(source: str) -> None:
    form, complaints = read(source, OFFICE)
    assert form is None
    assert complaints


LINES = SURVEY.splitlines(keepends=True)
SCRAPS = st.sampled_from(
    [
        *(
            "",
            ":",
            "[",
            "]",
            "{",
            "}",
            "'",
            '"',
            "*",
            "&a",
            "!",
            "%",
            "- ",
            "  ",
            "\n",
            "\t",
            "|",
            "#",
        ),
        *("yes", "-1", "99999999999", "${why}", ". = 1", "begin_group", "select_one who", "range"),
        *("start=1 end=2", "type", "[]", "{}", "fi", "\x00", "\ud800", "ä", "role: gate", "\x85"),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_of_a_good_form_raises(data: st.DataObject) -> None:
    source = SURVEY
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(source)))
        end = data.draw(st.integers(start, min(len(source), start + 30)))
        source = source[:start] + data.draw(SCRAPS | st.text(max_size=4)) + source[end:]
    form, complaints = read(source, OFFICE)
    assert (form is None) == any(complaint.error for complaint in complaints)
    assert all(complaint.line >= 1 for complaint in complaints)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_no_shuffling_of_a_good_form_raises(lines: list[str]) -> None:
    read("".join(lines), OFFICE)


SCALARS = st.sampled_from(
    ["", "yes", "x", "1", "-3", "text", "select_one who", "${x}", ". > 1", "begin_group", "note"]
) | st.text(st.characters(min_codepoint=32, max_codepoint=382), max_size=8)
COLUMNS = st.sampled_from(
    [
        "type",
        "name",
        "label",
        "hint",
        "required",
        "relevant",
        "constraint",
        "constraint_message",
        "default",
        "parameters",
        "calculation",
        "role",
        "ends",
        "end_text",
    ]
)


def written(node: object) -> str:
    """Nested lists and mappings in YAML's flow style."""
    if isinstance(node, dict):
        return "{" + ", ".join(f"{key}: {written(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(map(written, node)) + "]"
    return "'" + str(node).replace("'", "''") + "'"


ROWS = st.lists(
    st.dictionaries(
        COLUMNS,
        SCALARS
        | st.dictionaries(st.sampled_from(["fi", "sv", "en", "x"]), SCALARS)
        | st.lists(SCALARS, max_size=2),
    ),
    max_size=5,
)


@settings(max_examples=100, deadline=None)
@given(ROWS, SCALARS | st.dictionaries(st.sampled_from(["who", "x"]), SCALARS | ROWS))
def test_no_shape_of_rows_and_lists_raises(rows: object, lists: object) -> None:
    head = SURVEY[: SURVEY.index("survey:\n")]
    source = f"{head}survey: {written(rows)}\nchoices: {written(lists)}\n"
    _, complaints = read(source, OFFICE)
    assert "not YAML" not in "".join(sentence(complaint) for complaint in complaints)


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_form_of_the_library_passes(path: Path) -> None:
    assert good(path.read_text("utf-8")).name == path.stem


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_survey_of_the_library_mixes_as_many_as_is_told_and_serves_a_family(path: Path) -> None:
    form = good(path.read_text("utf-8"))
    survey = form.kind is Kind.SURVEY
    assert (form.k, form.responses_per_chat) == (K, 3 if survey else 1)


@pytest.mark.parametrize(
    ("condition", "possible"),
    [
        ("${n} > 5 and ${n} < 2", False),
        ("5 < ${n} and 2 > ${n} and ${m} > 1", False),
        ("not(${n} > 1 or ${n} < 2 or ${n} = '')", True),
        ("not(${n} > 1) and ${n} > 1 and ${m} > 1", False),
        ("${n} > 5 and ${n} < 7", True),
        ("${n} = 5 and ${n} < 7", True),
        ("${n} * 2 > 5 and ${n} < 2", True),
        ("-${n} > 5 and ${n} > 2", True),
        ("${n} = '' and ${m} = 3", True),
    ],
)
def test_a_number_cannot_be_two_things_at_once(condition: str, *, possible: bool) -> None:
    told = {"fi": "Mitä", "sv": "Vad", "en": "What"}
    settings = {"name": "numbers", "version": "1", "kind": "survey", "title": told, "intro": told}
    rows = [{"type": "integer", "name": name, "label": told} for name in ("n", "m")]
    asked = {"type": "note", "name": "shown", "label": told, "relevant": condition}
    _, complaints = read(json.dumps({"settings": settings, "survey": [*rows, asked]}), {})
    never = [told for told in complaints if "never true" in sentence(told)]
    assert bool(never) is not possible

"""The bot's own links: made step by step, opened before they lead anywhere, pointed elsewhere after
they have gone out, and erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.announcement import Circle
from dialogs.broadcasts import pointers
from dialogs.broadcasts.records import (
    Broadcast,
    Life,
    Occasion,
    Pointer,
    Ready,
    Target,
    Wording,
)
from dialogs.events import Edited, Matter, Sent, Tapped, Typed
from dialogs.life import Running, State
from dialogs.outcome import Change, Here, Lay, Outcome
from dialogs.panel import door
from dialogs.panel.buttons import Page, panel
from dialogs.panel.records import Panel, Task
from dialogs.panel.trail import What
from dialogs.screens import Mark, Place, Style
from tests.chat import NOW, RENDERER, library
from tests.in_panel import TODAY, coordinator, does, here, key, text, words

if TYPE_CHECKING:
    from dialogs.events import Event
    from dialogs.screens import Button, Card

BOT = "https://t.me/raati_bot"
SITE = "https://hyvinvointialue.example/yhdenvertaisuus"
OTHER = "https://hyvinvointialue.example/osallisuus"
NAMES = {"fi": "Yhdenvertaisuus", "sv": "Likabehandling", "en": "Equality"}
EQUALITY = Running(library("equality"), State.OPEN, date(2027, 1, 27), date(2027, 2, 8))
SAFETY = Running(library("safety"), State.CLOSED, date(2026, 8, 1), closed_on=date(2026, 9, 30))
CALL = Running(library("application"), State.SCHEDULED, date(2027, 2, 1), date(2027, 2, 28))
DRAFT = Running(library("participation"), State.DRAFT, date(2027, 1, 20))


def page(number: int = 1, to: str = SITE, **also: Any) -> Pointer:
    given: dict[str, Any] = {"target": Target.PAGE, "title": NAMES, "made_on": TODAY, "revision": 1}
    return Pointer(key(number), to=to, **{**given, **also})


def to_survey(number: int = 2, name: str = "equality", **also: Any) -> Pointer:
    return Pointer(key(number), Target.SURVEY, name, made_on=TODAY, revision=1, **also)


def broadcast(number: int, **also: Any) -> Broadcast:
    given: dict[str, Any] = {"wordings": {"fi": Wording(f"Tiedote {number}")}}
    return Broadcast(key(number), key(50), TODAY, Circle.SUBSCRIBERS, **{**given, **also})


class Desk:
    """Kaisa's chat: what she does is kept as storage would keep it. `shown` is the newest card."""

    def __init__(self, *known: Pointer | Running | Broadcast, language: str = "fi") -> None:
        kinds = (Pointer, Running, Broadcast)
        kept = {kind: tuple(one for one in known if isinstance(one, kind)) for kind in kinds}
        me = coordinator()
        self.language = language
        self.at: Here = here(
            coordinator=me,
            phone=language,
            panel=Panel(
                coordinators=(me,),
                pointers=kept[Pointer],  # type: ignore[arg-type]
                surveys=kept[Running],  # type: ignore[arg-type]
                broadcasts=kept[Broadcast],  # type: ignore[arg-type]
            ),
        )
        self.newest = 20
        self.last = Outcome()

    def opens(self, what: Page, about: bytes | str = "", more: str = "") -> str:
        return self.step(Tapped(panel(self.language, what, about, more), 10))

    def taps(self, label: str) -> str:
        return self.step(Tapped(self.button(label).data, 10))

    def types(self, typed: str) -> str:
        self.newest += 1
        return self.step(Typed(typed, self.newest, NOW))

    def step(self, event: Event) -> str:
        self.last = does(self.at, event)
        for effect in self.last.effects:
            if isinstance(effect, Change):
                self.change(effect)
            if isinstance(effect, Lay):
                self.at = replace(self.at, task=effect.task)
        return text(self.last)

    def change(self, change: Change) -> None:
        known = self.at.panel
        assert known is not None
        there = {one.key: one for one in known.pointers}
        for record in change.keep:
            assert isinstance(record, Pointer)
            assert there.get(record.key, replace(record, revision=0)).revision == record.revision
            there[record.key] = replace(record, revision=record.revision + 1)
        for gone in change.erase:
            assert isinstance(gone, Pointer)
            del there[gone.key]
        trail = (*reversed(change.trail), *known.trail)
        after = replace(known, pointers=tuple(there.values()), trail=trail)
        self.at = replace(self.at, panel=after)

    @property
    def pointers(self) -> tuple[Pointer, ...]:
        assert self.at.panel is not None
        return self.at.panel.pointers

    @property
    def trail(self) -> list[tuple[str, str]]:
        assert self.at.panel is not None
        return [(deed.what, deed.about) for deed in self.at.panel.trail]

    @property
    def shown(self) -> Card:
        return self.last.cards[-1]

    def said(self) -> str:
        """The trail's newest line."""
        return self.opens(Page.TRAIL).split("\n\n")[1]

    def button(self, label: str) -> Button:
        found = [b for b in self.buttons() if self.label(b).startswith(label)]
        assert found, f"no button {label!r}: {self.labels()}"
        return found[0]

    def buttons(self) -> list[Button]:
        return [one for row in self.shown.rows for one in row]

    def label(self, button: Button) -> str:
        return RENDERER.words(button.label, self.language, TODAY)

    def labels(self) -> list[str]:
        return [self.label(one) for one in self.buttons()]

    def reviews(self, address: str = SITE) -> str:
        """A new link to a page, told up to the review."""
        self.opens(Page.POINT)
        self.taps("Verkkosivulle")
        self.types(address)
        self.types("Yhdenvertaisuus")
        self.types("Likabehandling")
        return self.types("Equality")


# The list, and one of them


def test_links_are_listed_with_where_they_lead_and_the_link_to_copy() -> None:
    desk = Desk(page(), to_survey(), EQUALITY)
    said = desk.opens(Page.POINTERS)
    assert "1. Kysely tai haku: Yhdenvertaisuus palveluissa\n" in said
    assert f"2. Verkkosivu: Yhdenvertaisuus\n{SITE}\n{pointers.link(BOT, page())}" in said
    assert desk.labels()[0] == "Tee uusi linkki"


def test_without_links_that_is_said() -> None:
    assert "Linkkejä ei ole vielä." in Desk().opens(Page.POINTERS)


def test_a_long_list_goes_by_six_the_newest_first() -> None:
    days = [TODAY - timedelta(days=number) for number in range(7)]
    many = [page(n + 1, f"{SITE}/{n}", made_on=day) for n, day in enumerate(days)]
    desk = Desk(*many, replace(page(9, f"{SITE}/uusin"), made_on=None))
    said = desk.opens(Page.POINTERS)
    assert f"{SITE}/0" in said
    assert f"{SITE}/uusin" in said
    assert f"{SITE}/5" not in said
    assert f"{SITE}/6" in desk.taps("Seuraava sivu")
    assert f"{SITE}/0" in desk.taps("Edellinen sivu")


def test_a_very_long_address_is_cut_in_the_list_and_whole_on_its_own_card() -> None:
    long = page(to=f"{SITE}/{'a' * 400}")
    desk = Desk(long)
    assert long.to not in desk.opens(Page.POINTERS)
    assert long.to in desk.opens(Page.POINTER, long.key)


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (page(), f"Verkkosivu: Yhdenvertaisuus\n{SITE}"),
        (page(target=Target.STATEMENT), f"Kannanotto: Yhdenvertaisuus\n{SITE}"),
        (to_survey(), "Auki, 27.1.–8.2."),
        (to_survey(name="safety"), "Suljettu, 1.8.2026–30.9.2026"),
        (to_survey(name="old"), "Kysely tai haku: old\nKyselyä ei enää ole."),
    ],
)
def test_a_link_s_card_says_where_it_leads(one: Pointer, says: str) -> None:
    assert says in Desk(one, EQUALITY, SAFETY).opens(Page.POINTER, one.key)


def test_a_link_that_is_not_there_any_more_shows_those_that_are() -> None:
    for what in (Page.POINTER, Page.POINT):
        said = Desk(to_survey(), EQUALITY).opens(what, key(7))
        assert said.startswith("Linkki on poistettu.")
        assert "Kysely tai haku: Yhdenvertaisuus" in said


def test_the_qr_code_is_a_picture_of_the_link_in_a_message_of_its_own() -> None:
    desk = Desk(page())
    desk.opens(Page.POINTER, page().key)
    desk.taps("Näytä QR-koodi")
    assert desk.shown.qr == pointers.link(BOT, page())
    assert desk.shown.place is Place.NEW
    assert words(desk.shown) == f"Yhdenvertaisuus\n{desk.shown.qr}"


def test_while_the_bot_s_name_is_not_known_no_link_is_shown() -> None:
    desk = Desk(page())
    desk.at = replace(desk.at, bot_link="")
    assert "Linkkiä ei saatu nyt näkyviin." in desk.opens(Page.POINTER, page().key)
    assert "Näytä QR-koodi" not in desk.labels()
    desk.opens(Page.POINTER, page().key, "qr")
    assert not desk.shown.qr
    assert "Linkkiä ei saatu nyt näkyviin." in desk.opens(Page.POINTERS)


# What it stands in


def test_a_link_s_card_names_the_broadcasts_it_stands_in() -> None:
    link = pointers.link(BOT, page())
    marked = (Mark(Style.LINK, 0, 4, link),)
    desk = Desk(
        page(),
        EQUALITY,
        broadcast(10, pointer=page().key),
        broadcast(11, wordings={"sv": Wording(f"Mötet: {link}")}, life=Life.CONFIRMED, due=NOW),
        broadcast(12, wordings={"fi": Wording("Lue\ntästä", marked)}, life=Life.RETRACTED),
        broadcast(13, wordings={}, pointer=page().key, life=Life.ASKED),
        broadcast(
            14,
            wordings={},
            ready=Ready(Occasion.OPENED, "equality", None),
            pointer=page().key,
            life=Life.PAUSED,
        ),
        broadcast(15, pointer=key(3)),
        broadcast(16),
    )
    said = desk.opens(Page.POINTER, page().key)
    assert "Linkki on näissä tiedotteissa:\n" in said
    for line in (
        "Tiedote 10 (27.1., kesken)",
        "(27.1., lähetetty)",
        "Lue tästä (27.1., vedetty takaisin)",
        "(27.1., odottaa toista koordinaattoria)",
        "(27.1., tauolla)",
    ):
        assert line in said
    assert "Tiedote 15" not in said
    assert "Tiedote 16" not in said


def test_a_broadcast_that_waits_for_its_time_says_so() -> None:
    tomorrow = NOW + timedelta(days=1)
    waits = broadcast(10, pointer=page().key, life=Life.CONFIRMED, due=tomorrow)
    said = Desk(page(), waits).opens(Page.POINTER, page().key)
    assert "Tiedote 10 (28.1., odottaa lähetystä)" in said


def test_of_many_broadcasts_five_are_named_and_the_rest_counted() -> None:
    desk = Desk(page(), *(broadcast(n, pointer=page().key) for n in range(10, 17)))
    said = desk.opens(Page.POINTER, page().key)
    assert "Tiedote 14" in said
    assert "Tiedote 15" not in said
    assert "ja lisäksi 2 muussa" in said


def test_a_link_that_stands_nowhere_says_so() -> None:
    said = Desk(page(), broadcast(10)).opens(Page.POINTER, page().key)
    assert "Linkkiä ei ole missään tiedotteessa." in said


# Making one


def test_a_link_to_a_page_is_made_only_when_the_page_was_opened() -> None:
    desk = Desk()
    said = desk.reviews()
    assert f"Linkki johtaa tänne:\n\nVerkkosivu: Yhdenvertaisuus\n{SITE}" in said
    assert "Avaa sivu ja katso, että se on oikea." in said
    assert desk.button("Avaa linkki").link == SITE
    assert "Tee linkki" not in desk.labels()
    desk.taps("Avautuu oikein")
    assert desk.taps("Tee linkki").startswith("Linkki on valmis.")
    (made,) = desk.pointers
    assert (made.target, made.to, made.title) == (Target.PAGE, SITE, NAMES)
    assert made.made_on == TODAY
    assert pointers.link(BOT, made) in text(desk.last)
    assert desk.at.task is None
    assert desk.trail == [(What.LINK_MADE, f"page:{SITE}")]
    assert desk.said().endswith(f"Kaisa\nTeki linkin. Verkkosivu: {SITE}\n[Sulje]")


def test_what_is_kept_twice_is_kept_once() -> None:
    desk = Desk()
    desk.reviews()
    desk.taps("Avautuu oikein")
    data = desk.button("Tee linkki").data
    begun = desk.at.task
    desk.step(Tapped(data, 10))
    assert len(desk.pointers) == 1
    said = desk.step(Tapped(data, 10))
    assert f"Verkkosivu: Yhdenvertaisuus\n{SITE}" in said
    desk.at = replace(desk.at, task=begun)  # kept, and then the power went
    desk.step(Tapped(data, 10))
    assert len(desk.trail) == 1
    assert desk.at.task is None


def test_a_button_that_would_keep_a_link_nobody_told_of_shows_the_list() -> None:
    desk = Desk()
    assert "Linkki on poistettu." in desk.opens(Page.POINT, key(9), "keep")
    desk.opens(Page.POINT)
    assert "Linkki on poistettu." in desk.opens(Page.POINT, key(9), "keep")
    assert desk.at.task is not None


def test_the_button_from_before_the_page_was_opened_keeps_nothing() -> None:
    desk = Desk()
    desk.reviews()
    assert desk.at.task is not None
    told = bytes.fromhex(desk.at.task.given["pointer"])
    assert "Avaa sivu ja katso" in desk.opens(Page.POINT, told, "keep")
    desk.taps("Takaisin")
    assert "Mikä on sivun nimi englanniksi?" in desk.opens(Page.POINT, told, "keep")
    assert desk.pointers == ()


def test_a_statement_is_asked_for_as_one() -> None:
    desk = Desk()
    desk.opens(Page.POINT)
    assert "Missä osoitteessa kannanotto on luettavana?" in desk.taps("Raadin kannanottoon")
    assert "Mikä on kannanoton otsikko suomeksi?" in desk.types(SITE)
    assert "Mikä on kannanoton otsikko ruotsiksi?" in desk.types("Kannanotto turvallisuudesta")
    desk.taps("Ei nimeä ruotsiksi")
    assert "Kannanotto: Kannanotto turvallisuudesta" in desk.taps("Ei nimeä englanniksi")
    desk.taps("Avautuu oikein")
    desk.taps("Tee linkki")
    (made,) = desk.pointers
    assert made.target is Target.STATEMENT
    assert made.title == dict.fromkeys(("fi", "sv", "en"), "Kannanotto turvallisuudesta")


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("fi", ["suomeksi", "ruotsiksi", "englanniksi"]),
        ("sv", ["på svenska", "på finska", "på engelska"]),
        ("en", ["in English", "in Finnish", "in Swedish"]),
    ],
)
def test_the_own_language_comes_first_and_is_not_skipped(language: str, asked: list[str]) -> None:
    desk = Desk(language=language)
    desk.opens(Page.POINT)
    desk.step(Tapped(panel(language, Page.TASK, "target", "page"), 10))
    first = desk.types(SITE)
    assert asked[0] in first
    assert len(desk.labels()) == 2, "back, and drop it"
    desk.step(Tapped(panel(language, Page.TASK, f"title_{language}", "later"), 10))
    assert desk.last.toast is not None, "an old button"
    assert asked[1] in desk.types("Esimerkki")
    assert asked[2] in desk.types("Esimerkki")


def test_a_survey_is_chosen_by_its_title_and_its_days() -> None:
    desk = Desk(EQUALITY, SAFETY, CALL, DRAFT)
    desk.opens(Page.POINT)
    desk.taps("Kyselyyn tai hakuun")
    assert [label.rpartition(": ")[2] for label in desk.labels()[:-2]] == [
        "Auki, 27.1.–8.2.",
        "Avautuu myöhemmin, 1.2.–28.2.",
        "Suljettu, 1.8.2026–30.9.2026",
    ]
    said = desk.taps("Yhdenvertaisuus")
    assert "Kysely tai haku: Yhdenvertaisuus" in said
    assert desk.labels() == ["Tee linkki", "Takaisin", "Keskeytä"], "there is nothing to open"
    desk.taps("Tee linkki")
    (made,) = desk.pointers
    assert (made.target, made.to, made.title) == (Target.SURVEY, "equality", {})
    assert "Teki linkin. Kysely tai haku: Yhdenvertaisuus" in desk.said()


def test_without_a_survey_to_lead_to_that_is_said() -> None:
    desk = Desk(DRAFT)
    desk.opens(Page.POINT)
    assert "Yhtään kyselyä ei ole auki" in desk.taps("Kyselyyn tai hakuun")
    assert desk.labels() == ["Takaisin", "Keskeytä"]


def test_many_surveys_go_by_eight() -> None:
    form = library("equality")
    many = [
        Running(replace(form, name=f"equality_{n}"), State.CLOSED, TODAY - timedelta(days=n))
        for n in range(9)
    ]
    desk = Desk(*many)
    desk.opens(Page.POINT)
    desk.taps("Kyselyyn tai hakuun")
    assert len(desk.labels()) == 8 + 1 + 2
    desk.taps("Seuraava sivu")
    assert len(desk.labels()) == 1 + 1 + 2
    desk.taps("Yhdenvertaisuus")
    assert desk.at.task is not None
    assert desk.at.task.given["to"] == "equality_8"
    desk.taps("Takaisin")
    desk.taps("Seuraava sivu")
    assert desk.button("Yhdenvertaisuus").chosen
    desk.taps("Edellinen sivu")
    assert len(desk.labels()) == 8 + 1 + 2


# Addresses and titles


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("katso sivu", "ei löytynyt yhtä verkko-osoitetta"),
        ("hyvinvointialue.example", "ei löytynyt yhtä verkko-osoitetta"),
        (f"{SITE} {OTHER}", "ei löytynyt yhtä verkko-osoitetta"),
        ("https://hyvinvointialue.example@huijaus.example/a", "ei löytynyt yhtä verkko-osoitetta"),
        ("http://hyvinvointialue.example/sivu", "yhteys ole silloin suojattu"),
        ("https://T.me/raati_bot?start=equality", "tämän palvelun oma linkki"),
        (f"{SITE}/{'a' * 500}", "Siinä saa olla enintään 500 merkkiä."),
    ],
)
def test_what_is_no_address_of_a_page_is_refused_with_what_would_do(typed: str, says: str) -> None:
    desk = Desk()
    desk.opens(Page.POINT)
    desk.taps("Verkkosivulle")
    said = desk.types(typed)
    assert says in said
    assert "Mikä on sivun osoite?" in said, "asked again"
    assert "Mikä on sivun nimi" in desk.types(SITE)


def test_an_address_that_a_mail_program_wrapped_is_taken_out_of_it() -> None:
    wrapped = f"https://eur01.safelinks.protection.outlook.com/?url={SITE}&data=05"
    desk = Desk()
    desk.reviews(wrapped)
    assert desk.button("Avaa linkki").link == SITE


@pytest.mark.parametrize(
    ("typed", "says"), [("\u200b", "Kirjoita"), ("Nimi " * 13, "60")], ids=["nothing", "too long"]
)
def test_what_is_no_title_is_refused_with_what_would_do(typed: str, says: str) -> None:
    desk = Desk()
    desk.opens(Page.POINT)
    desk.taps("Verkkosivulle")
    desk.types(SITE)
    said = desk.types(typed)
    assert says in said
    assert "Mikä on sivun nimi suomeksi?" in said


def test_a_title_stands_on_one_line() -> None:
    desk = Desk()
    desk.opens(Page.POINT)
    desk.taps("Verkkosivulle")
    desk.types(SITE)
    desk.types("Yhdenvertaisuus \n palveluissa")
    assert desk.at.task is not None
    assert desk.at.task.given["title_fi"] == "Yhdenvertaisuus palveluissa"


# The way from step to step


def test_what_was_told_can_be_kept_on_the_way_back() -> None:
    desk = Desk()
    desk.reviews()
    for _ in range(4):
        desk.taps("Takaisin")
    assert "Mikä on sivun osoite?" in text(desk.last)
    assert f"Nyt: {SITE}" in text(desk.last)
    desk.taps("Takaisin")
    assert desk.button("Verkkosivulle").chosen
    desk.taps("Verkkosivulle")
    desk.taps("Pidä tämä")
    assert "Nyt: Yhdenvertaisuus" in text(desk.last)
    desk.taps("Pidä tämä")
    desk.taps("Ei nimeä ruotsiksi")
    desk.taps("Pidä tämä")
    desk.taps("Avautuu oikein")
    desk.taps("Tee linkki")
    (made,) = desk.pointers
    assert made.title == {**NAMES, "sv": "Yhdenvertaisuus"}


def test_another_kind_of_target_is_told_from_the_start() -> None:
    desk = Desk(EQUALITY)
    desk.reviews()
    for _ in range(5):
        desk.taps("Takaisin")
    desk.taps("Kyselyyn tai hakuun")
    desk.taps("Takaisin")
    desk.taps("Verkkosivulle")
    assert "Pidä tämä" not in desk.labels()


def test_another_address_must_be_opened_anew() -> None:
    desk = Desk()
    desk.reviews()
    desk.taps("Avautuu oikein")
    for _ in range(4):
        desk.taps("Takaisin")
    desk.types(OTHER)
    for _ in range(3):
        desk.taps("Pidä tämä")
    assert "Avautuu oikein" in desk.labels()
    assert "Tee linkki" not in desk.labels()


def test_what_is_delivered_twice_is_taken_once() -> None:
    desk = Desk()
    desk.opens(Page.POINT)
    desk.taps("Verkkosivulle")
    desk.types(SITE)
    said = desk.step(Typed(SITE, desk.newest, NOW))
    assert "Mikä on sivun nimi suomeksi?" in said


@pytest.mark.parametrize(
    ("step", "event", "says"),
    [
        ("target", Typed("Hei", 30, NOW), "Tässä kohdassa valitaan painikkeilla."),
        ("target", Sent(Matter.VOICE, 30), "Tässä kohdassa valitaan painikkeilla."),
        ("address", Sent(Matter.PICTURE, 30), "Kirjoita vastaus tekstinä tai käytä painikkeita."),
        ("address", Edited(SITE, 5), "En huomaa muutoksia vanhaan viestiin."),
        ("target", Edited(SITE, 5), "En huomaa muutoksia vanhaan viestiin."),
    ],
)
def test_what_a_step_does_not_take_is_answered_with_what_it_does(
    step: str, event: Event, says: str
) -> None:
    desk = Desk()
    desk.opens(Page.POINT)
    if step == "address":
        desk.taps("Verkkosivulle")
    assert says in desk.step(event)
    assert desk.at.task is not None
    assert desk.at.task.step == step


@pytest.mark.parametrize(
    ("step", "more"),
    [
        ("target", "go-back"),
        ("target", "nowhere"),
        ("survey", "no_such_survey"),
        ("address", "keep"),
        ("title_fi", "keep"),
        ("review", "nonsense"),
    ],
)
def test_a_button_that_the_step_does_not_have_changes_nothing(step: str, more: str) -> None:
    desk = Desk(EQUALITY)
    desk.reviews()
    task = desk.at.task
    assert task is not None
    told = {"pointer": task.given["pointer"], "target": "page"}
    if step == "survey":
        told["target"] = "survey"
    given = task.given if step == "review" else told
    desk.at = replace(desk.at, task=Task("point", step, "fi", given))
    desk.step(Tapped(panel("fi", Page.TASK, step, more), 10))
    assert desk.last.toast is not None
    assert desk.at.task is not None
    assert (desk.at.task.step, desk.at.task.given) == (step, given)


def test_of_a_survey_nothing_is_opened() -> None:
    desk = Desk(EQUALITY)
    desk.opens(Page.POINT)
    desk.taps("Kyselyyn tai hakuun")
    desk.taps("Yhdenvertaisuus")
    desk.step(Tapped(panel("fi", Page.TASK, "review", "opened"), 10))
    assert desk.last.toast is not None


def test_a_half_made_call_is_not_lost_by_a_tap() -> None:
    desk = Desk()
    desk.at = replace(desk.at, task=Task("calling", "link", "fi", {"meeting": "00" * 16}))
    assert "Sinulla on kutsu kesken." in desk.opens(Page.POINT)
    assert "Mihin linkki johtaa?" in desk.opens(Page.POINT, "", "anew")


# Another target


def test_the_target_is_changed_with_both_shown_and_the_new_one_opened_first() -> None:
    desk = Desk(page(), EQUALITY, broadcast(10, pointer=page().key, life=Life.CONFIRMED, due=NOW))
    desk.opens(Page.POINTER, page().key)
    said = desk.taps("Vaihda, mihin linkki johtaa")
    assert f"Nyt linkki johtaa tänne:\nVerkkosivu: Yhdenvertaisuus\n{SITE}" in said
    assert desk.button("Verkkosivulle").chosen
    desk.taps("Verkkosivulle")
    desk.types(OTHER)
    desk.taps("Pidä tämä")
    desk.taps("Pidä tämä")
    said = desk.taps("Pidä tämä")
    assert f"Nyt linkki johtaa tänne:\nVerkkosivu: Yhdenvertaisuus\n{SITE}" in said
    assert f"Vaihdon jälkeen se johtaa tänne:\nVerkkosivu: Yhdenvertaisuus\n{OTHER}" in said
    assert "Tiedote 10 (27.1., lähetetty)" in said
    assert "Vaihto koskee heti kaikkia" in said
    assert desk.button("Avaa linkki").link == OTHER
    assert "Vaihda nyt" not in desk.labels()
    desk.taps("Avautuu oikein")
    assert desk.taps("Vaihda nyt").startswith("Linkki johtaa nyt uuteen paikkaan.")
    (changed,) = desk.pointers
    assert changed == replace(page(), to=OTHER, revision=2)
    assert pointers.link(BOT, changed) == pointers.link(BOT, page()), "the link stays"
    assert desk.trail == [(What.LINK_CHANGED, f"page:{SITE} page:{OTHER}")]
    assert (
        f"Vaihtoi, mihin linkki johtaa. Ennen: Verkkosivu: {SITE}. Nyt: Verkkosivu: {OTHER}"
    ) in desk.said()


def test_a_page_becomes_a_survey_with_no_page_to_open() -> None:
    desk = Desk(page(), EQUALITY)
    desk.opens(Page.POINT, page().key)
    desk.taps("Kyselyyn tai hakuun")
    desk.taps("Yhdenvertaisuus")
    desk.taps("Vaihda nyt")
    (changed,) = desk.pointers
    assert (changed.target, changed.to, changed.title) == (Target.SURVEY, "equality", {})


def test_a_button_that_has_gone_out_keeps_its_words_and_that_is_said() -> None:
    stays = "Jo lähteneissä viesteissä painikkeen teksti pysyy entisenä"
    for known, says in ((broadcast(10, pointer=page().key), True), (broadcast(10), False)):
        desk = Desk(page(), EQUALITY, known)
        desk.opens(Page.POINT, page().key)
        desk.taps("Kyselyyn tai hakuun")
        assert (stays in desk.taps("Yhdenvertaisuus")) == says


def test_the_same_target_again_is_no_change() -> None:
    desk = Desk(to_survey(), EQUALITY)
    desk.opens(Page.POINT, to_survey().key)
    desk.step(Tapped(panel("fi", Page.TASK, "target", "survey"), 10))
    said = desk.step(Tapped(panel("fi", Page.TASK, "survey", "equality"), 10))
    assert "Tämä on sama kuin nyt, joten mikään ei muutu." in said
    assert desk.labels() == ["Takaisin", "Keskeytä"]
    desk.opens(Page.POINT, to_survey().key, "keep")
    assert desk.trail == []


@pytest.mark.parametrize("gone", [False, True])
def test_a_link_that_changed_meanwhile_is_not_written_over(gone: bool) -> None:
    changed = page(to=f"{SITE}/muualla", revision=2)
    after = () if gone else (changed,)
    events: list[Event] = [
        Typed(OTHER, 40, NOW),
        Tapped(panel("fi", Page.TASK, "review", "opened"), 10),
        Tapped(panel("fi", Page.POINT, page().key, "keep"), 10),
        Tapped(panel("fi", Page.GO_ON), 10),
    ]
    for event in events:
        desk = Desk(page())
        desk.opens(Page.POINT, page().key)
        desk.step(Tapped(panel("fi", Page.TASK, "target", "page"), 10))
        desk.types(OTHER)
        for _ in range(3):
            desk.taps("Pidä tämä")
        desk.taps("Avautuu oikein")
        assert desk.at.panel is not None
        desk.at = replace(desk.at, panel=replace(desk.at.panel, pointers=after))
        said = desk.step(event)
        if gone:
            assert said.startswith("Linkki on poistettu.")
        else:
            assert said.startswith("Linkkiä on muutettu sillä välin")
            assert changed.to in said
        assert desk.pointers == after
        assert desk.trail == []


# Erasing


def test_a_link_is_erased_in_two_taps_and_it_is_said_what_whoever_opens_it_meets() -> None:
    desk = Desk(page(), broadcast(10, pointer=page().key))
    desk.opens(Page.POINTER, page().key)
    said = desk.taps("Poista linkki")
    assert said.startswith("Poistetaanko tämä linkki?")
    assert "Jos joku avaa linkin poistamisen jälkeen, hän näkee päävalikon" in said
    assert "Tiedote 10" in said
    assert [one.key for one in desk.pointers] == [page().key]
    assert "Takaisin" in desk.labels()
    assert "Se ei johda enää mihinkään." in desk.taps("Kyllä, poista")
    assert desk.pointers == ()
    assert desk.trail == [(What.LINK_ERASED, f"page:{SITE}")]
    assert f"Poisti linkin. Verkkosivu: {SITE}" in desk.said()
    assert "Linkki on poistettu." in desk.opens(Page.POINTER, page().key, "surely")


def test_a_link_s_old_line_in_the_trail_is_said_by_its_name_once_the_survey_is_gone() -> None:
    desk = Desk(to_survey(name="old"))
    desk.opens(Page.POINTER, to_survey().key, "surely")
    assert "Poisti linkin. Kysely tai haku: old" in desk.said()


# Nobody else


@pytest.mark.parametrize("what", [Page.POINTERS, Page.POINTER, Page.POINT])
def test_nobody_else_meets_the_links(what: Page) -> None:
    stranger = here(panel=Panel(pointers=(page(),)))
    reader = replace(stranger, reader=coordinator())
    for who in (stranger, reader):
        assert door.step(who, Tapped(panel("fi", what, page().key, "surely"), 10)) is None

"""A broadcast is tested, reviewed, seen by a second coordinator, handed on, and taken back: and at
each step nothing goes out that nobody has said should."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.announcement import Circle, Priority, Reach
from dialogs.broadcasts import draft, planning, waiting
from dialogs.broadcasts.records import LIFE, Life, Turn, Wording, turn
from dialogs.panel import trail
from dialogs.panel.buttons import Page, short
from dialogs.panel.hours import quiet_hours
from dialogs.panel.trail import What
from dialogs.screens import Own
from tests.desk import HELSINKI, KAISA, NOW, key
from tests.writing_desk import (
    LINK,
    OLLI,
    REACH,
    SUBSCRIBERS,
    TEXTS,
    WritingDesk,
    broadcast,
    pointer,
)

if TYPE_CHECKING:
    from dialogs.broadcasts.records import Broadcast
    from dialogs.panel.records import Record

KEY = key("Tiedote")


def ready(*kept: Record, now: datetime = NOW, **of: Any) -> WritingDesk:
    """Kaisa at a draft that has been tested."""
    desk = WritingDesk(*kept, now=now)
    one = broadcast(**of)
    desk.put(one)
    desk.put(replace(one, tested=draft.fingerprint(desk.here, one)))
    desk.opens(Page.BROADCAST, KEY)
    return desk


def asked(**of: Any) -> tuple[WritingDesk, WritingDesk]:
    """Kaisa has asked Olli; each one's desk."""
    mine = ready(OLLI, **of)
    mine.sends()
    his = mine.beside(OLLI)
    his.opens(Page.CONFIRM, KEY)
    return mine, his


# The test


def test_a_test_brings_every_message_as_it_is_received_and_every_link_to_be_opened() -> None:
    more = {**TEXTS, "en": f"{TEXTS['en']} https://hyvaks.example/toinen"}
    wordings = {language: Wording(text) for language, text in more.items()}
    desk = WritingDesk(broadcast(wordings=wordings, pointer=pointer().key), pointer())
    desk.opens(Page.BROADCAST, KEY)
    desk.taps("Lähetä testi itselleni")
    *_, fi, sv, en, asks = [desk.cards[one] for one in sorted(desk.cards)]
    assert [fi, sv, en] == list(planning.cards(desk.here, desk.draft).values())
    assert desk.text(asks).startswith("Tämä oli testi vain sinulle.\n\nYllä olevat viestit ovat")
    assert "Linkit ovat eri kielillä erilaiset" in desk.text(asks)
    assert desk.link_buttons()[:2] == [LINK, "https://hyvaks.example/toinen"]
    assert desk.link_buttons()[2].startswith("https://t.me/raati_bot?start=g-")
    assert desk.labels()[3:] == ["Linkit avautuvat oikein, ja ero on tarkoitus", "Takaisin"]
    assert not draft.is_tested(desk.here, desk.draft)
    assert desk.taps("Linkit").startswith("Testi on tehty.\n\nTiedotteen luonnos")
    assert draft.is_tested(desk.here, desk.draft)


def test_without_links_it_is_only_to_be_looked_at() -> None:
    desk = WritingDesk(broadcast(wordings={one: Wording("Hei") for one in TEXTS}))
    desk.opens(Page.BROADCAST, KEY)
    said = desk.taps("Lähetä testi itselleni")
    assert "Lue ne vielä kerran." in said
    assert desk.labels() == ["Näyttää oikealta", "Takaisin"]
    desk.taps("Näyttää oikealta")
    assert draft.is_tested(desk.here, desk.draft)


def test_whatever_changes_afterwards_asks_for_the_test_again() -> None:
    desk = ready()
    assert "Kaikki on valmiina. Paina Tarkista ja lähetä." in desk.said
    desk.taps("Muuta suomenkielistä")
    said = desk.writes(f"Toinen teksti: {LINK}")
    assert "Lähetä testi uudelleen: viesti on muuttunut testin jälkeen." in said
    assert "Tarkista ja lähetä" not in desk.labels()
    said = desk.taps_old(Page.SEND, KEY)
    assert said.startswith("Tätä ei voi vielä lähettää.")
    desk.taps("Lähetä testi uudelleen")
    old = desk.card
    desk.opens(Page.WRITE, KEY, "words_fi")
    desk.writes(f"Kolmas teksti: {LINK}")
    desk.cards[max(desk.cards)] = old
    assert desk.taps("Linkit").startswith("Viesti on muuttunut testin jälkeen.")
    assert not draft.is_tested(desk.here, desk.draft)
    desk.tests()
    assert "Kaikki on valmiina." in desk.said


def test_what_must_be_mended_is_mended_before_the_test() -> None:
    desk = WritingDesk(broadcast(wordings={"fi": Wording("Hei")}))
    said = desk.opens(Page.TEST, KEY)
    assert said.startswith("Testin voi lähettää, kun alla luetellut kohdat ovat kunnossa.")
    assert "Viesti puuttuu ruotsiksi" in said
    assert desk.opens(Page.TEST, key("Muu")).startswith("Tiedotteet")


def test_a_test_in_the_midst_of_writing_keeps_what_was_typed_where() -> None:
    desk = WritingDesk()
    desk.begins("Hakijat")
    desk.writes("Hei")
    message = desk.typed_in("fi")
    desk.tests()
    desk.changes_message(message, "Hei hei")
    assert desk.draft.wordings["fi"].text == "Hei hei"
    assert "Lähetä testi uudelleen" in desk.said


# Alone


def test_alone_it_goes_out_in_a_minute_and_can_be_taken_back_until_then() -> None:
    desk = ready()
    said = desk.taps("Tarkista ja lähetä")
    assert said.startswith("Tarkista vielä kerran\n\nKysely on nyt auki.")
    assert "Viestin saa 3\xa0210 henkilöä: suomeksi 3\xa0000, ruotsiksi 150, englanniksi 60" in said
    assert "Toista koordinaattoria ei ole" in said
    assert not desk.going_out()
    said = desk.taps("Lähetä 3\xa0210 henkilölle")
    assert said.startswith("Lähetys on vahvistettu. Voit vielä perua sen.")
    (announced,) = desk.going_out()
    assert announced.due == NOW + timedelta(minutes=1)
    assert announced.priority is Priority.BROADCAST
    assert announced.audience == SUBSCRIBERS
    assert desk.draft.confirmed_by == "Kaisa"
    assert desk.last_deed.what == "broadcast_confirmed_alone"
    desk.passes(seconds=59)
    said = desk.taps("Peru lähetys")
    assert said.startswith("Lähetys on peruttu, eikä kukaan saanut viestiä.")
    assert not desk.going_out()
    assert (desk.draft.life, desk.draft.due, desk.draft.confirmed_by) == (Life.DRAFT, None, "")
    assert desk.last_deed.what == "broadcast_taken_back"
    desk.sends()
    (announced,) = desk.going_out()
    assert announced.occasion.endswith(":2:text"), "what was withdrawn stays so"


def test_after_the_minute_it_is_too_late_to_take_it_back() -> None:
    desk = ready()
    desk.sends()
    desk.passes(seconds=60)
    desk.taps_old(Page.SEND, KEY, "back")
    assert desk.going_out()
    assert desk.draft.life is Life.CONFIRMED


def test_one_for_later_can_be_taken_back_until_then_also_by_a_colleague() -> None:
    desk = ready(at=NOW + timedelta(days=1))
    assert "Lähtee torstaina 28.1. klo 12.00." in desk.taps("Tarkista ja lähetä")
    desk.taps("Lähetä")
    desk.put(OLLI)
    his = desk.beside(OLLI)
    his.opens(Page.BROADCAST, KEY)
    his.passes(hours=23)
    his.taps("Peru lähetys")
    assert not desk.going_out()
    assert desk.told(KAISA) == [
        "Kollegasi perui tiedotteen lähetyksen. Se on taas luonnos, eikä kukaan saanut viestiä."
    ]
    assert his.said.startswith("Lähetys on peruttu")
    assert "Tämä on kollegasi luonnos." in his.said


def test_quiet_hours_are_kept_unless_it_is_urgent() -> None:
    evening = datetime(2027, 1, 27, 22, 0, tzinfo=HELSINKI)
    morning = datetime(2027, 1, 28, 8, 0, tzinfo=HELSINKI)
    desk = ready(now=evening)
    desk.sends()
    (announced,) = desk.going_out()
    assert announced.due == morning
    urgent = ready(now=evening, urgent=True)
    urgent.sends()
    (announced,) = urgent.going_out()
    assert announced.due == evening + timedelta(minutes=1)
    assert announced.priority is Priority.CHANGE, "without sound at night"
    assert quiet_hours(desk.here.office).ends == morning.time()


# With a second coordinator


def test_the_others_are_asked_at_once_and_nothing_goes_out() -> None:
    desk = ready(OLLI, replace(OLLI, key=key("Pois"), name="Pois", gone=True))
    said = desk.taps("Tarkista ja lähetä")
    assert "Jos kukaan ei vastaa 15 minuutissa, voit vahvistaa lähetyksen yksin." in said
    said = desk.taps("Pyydä kollegaa katsomaan")
    assert said.startswith("Pyyntö on lähetetty. Mitään ei lähde ennen kuin kollega hyväksyy.")
    assert "viimeistään keskiviikkona 27.1. klo 12.15, voit vahvistaa" in said
    assert not desk.going_out()
    assert desk.told(OLLI) == ["Kollegasi pyytää sinua katsomaan tiedotteen ennen kuin se lähtee."]
    assert len(desk.planned) == 2, "who has left is not asked"
    assert desk.last_deed.what == "broadcast_asked"
    assert desk.labels() == ["Ota takaisin luonnokseksi", "Katso, miltä näyttää", "Takaisin"]


def test_the_colleague_sees_the_messages_and_the_numbers_and_approves() -> None:
    mine, his = asked()
    *messages, asks = [his.cards[one] for one in sorted(his.cards)][-4:]
    assert messages == list(planning.cards(mine.here, mine.draft).values())
    assert "Viestin saa 3\xa0210 henkilöä" in his.text(asks)
    assert his.labels() == ["Hyväksy lähetys 3\xa0210 henkilölle", "Ei vielä"]
    his.passes(minutes=5)
    said = his.taps("Hyväksy lähetys")
    assert said.startswith("Hyväksyit lähetyksen. Kollegasi saa siitä tiedon.")
    (announced,) = mine.going_out()
    assert announced.due == mine.now, "a colleague has looked at it: no minute more"
    assert mine.draft.confirmed_by == "Olli"
    assert mine.told(KAISA) == ["Kollegasi hyväksyi tiedotteen lähetyksen."]
    assert (mine.last_deed.what, mine.last_deed.who) == ("broadcast_confirmed", "Olli")
    mine.passes(minutes=15)
    assert len(mine.told(KAISA)) == 1, "nobody is told that nobody answered"
    assert not mine.told(OLLI)


def test_not_yet_makes_it_a_draft_again() -> None:
    mine, his = asked()
    said = his.taps("Ei vielä")
    assert said.startswith("Mitään ei lähtenyt. Tiedote on taas kollegasi luonnos")
    assert mine.draft.life is Life.DRAFT
    assert mine.told(KAISA) == [
        "Kollegasi ei vielä hyväksynyt tiedotetta. Se on taas luonnos, eikä mitään lähtenyt."
    ]
    assert mine.last_deed.what == "broadcast_refused"
    mine.passes(minutes=20)
    assert len(mine.told(KAISA)) == 1
    mine.opens(Page.BROADCAST, KEY)
    mine.sends()
    assert len(mine.told(OLLI)) == 1, "asked again it is another asking"


def test_after_fifteen_minutes_unanswered_it_may_be_confirmed_alone_and_the_trail_says_so() -> None:
    mine, his = asked()
    mine.passes(minutes=14, seconds=59)
    said = mine.opens(Page.SEND, KEY)
    assert said.startswith("Tiedote odottaa toista koordinaattoria")
    assert "Vahvista yksin" not in mine.labels()
    assert not mine.told(KAISA)
    mine.passes(seconds=1)
    assert mine.told(KAISA) == [
        "Kukaan ei ole vastannut 15 minuutissa. Voit nyt vahvistaa tiedotteen lähetyksen yksin."
    ]
    said = mine.opens(Page.BROADCAST, KEY)
    assert "Kukaan ei ole vastannut 15 minuutissa. Voit odottaa vielä" in said
    said = mine.taps("Vahvista yksin")
    assert "Kukaan ei ole vastannut, joten vahvistat lähetyksen yksin. Siitä jää merkintä." in said
    mine.taps("Lähetä 3\xa0210 henkilölle")
    (announced,) = mine.going_out()
    assert announced.due == mine.now + timedelta(minutes=1)
    assert mine.last_deed.what == "broadcast_unanswered"
    said = his.taps("Hyväksy lähetys")
    assert said.startswith("Vastausta ei enää tarvita. Näin tiedotteen laita on nyt.")
    assert "Lähtee keskiviikkona 27.1. klo 12.16." in said
    assert his.taps_old(Page.CONFIRM, KEY, "no2").startswith("Vastausta ei enää tarvita.")
    assert mine.draft.life is Life.CONFIRMED


def test_when_the_others_have_left_meanwhile_nobody_is_waited_for() -> None:
    mine, _ = asked()
    mine.put(replace(OLLI, gone=True))
    said = mine.opens(Page.BROADCAST, KEY)
    assert "Toista koordinaattoria ei enää ole. Voit vahvistaa lähetyksen yksin." in said
    assert "Toista koordinaattoria ei ole" in mine.taps("Vahvista yksin")
    mine.taps("Lähetä")
    assert mine.last_deed.what == "broadcast_confirmed_alone"


def test_whoever_asked_may_take_it_back_and_the_asking_is_over() -> None:
    mine, his = asked()
    said = mine.taps("Ota takaisin luonnokseksi")
    assert said.startswith("Lähetys on peruttu")
    assert mine.draft.life is Life.DRAFT
    assert not mine.planned
    assert his.taps("Hyväksy lähetys").startswith("Vastausta ei enää tarvita.")
    assert not mine.going_out()


def test_an_approval_is_of_what_was_seen() -> None:
    mine, his = asked()
    mine.taps("Ota takaisin luonnokseksi")
    mine.opens(Page.WRITE, KEY, "words_fi")
    mine.writes(f"Aivan toinen teksti {LINK}")
    mine.tests()
    mine.sends()
    old = his.card
    his.taps("Ei vielä")
    assert mine.draft.life is Life.ASKED, "a refusal is, too"
    his.cards[max(his.cards)] = old
    his.taps("Hyväksy lähetys")
    assert not mine.going_out()
    assert his.text(his.cards[max(his.cards) - 3]).startswith("Aivan toinen teksti")
    his.taps("Hyväksy lähetys")
    assert mine.going_out()


def test_two_who_answer_at_once_are_answered_one_after_the_other() -> None:
    mine, his = asked()
    before = his.panel
    his.taps("Hyväksy lähetys")
    after = his.panel
    his.wall.panel = before  # decided on what was there before
    with pytest.raises(AssertionError, match="it has changed since"):
        _kept_over(his, after)
    his.wall.panel = after
    assert his.taps_old(Page.CONFIRM, KEY, "no2").startswith("Vastausta ei enää tarvita.")
    assert mine.draft.life is Life.CONFIRMED


def _kept_over(desk: WritingDesk, after: object) -> None:
    """The refusal is decided on the old panel, and kept on the new one, as storage would."""
    keep = desk.keep

    def late(record: Record) -> None:
        desk.wall.panel = after  # type: ignore[assignment]
        keep(record)

    desk.keep = late  # type: ignore[method-assign]
    try:
        desk.taps_old(Page.CONFIRM, KEY, "no2")
    finally:
        del desk.keep


def test_what_came_to_be_wrong_meanwhile_is_not_approved() -> None:
    wordings = {one: Wording(TEXTS[one]) for one in ("fi", "sv")}
    mine, his = asked(circle=Circle.MEMBERS, wordings=wordings)
    english = Reach({"fi": 17, "sv": 2, "en": 1})
    mine.panel = replace(mine.panel, reach={**REACH, planning.audience(mine.draft): english})
    his.opens(Page.CONFIRM, KEY)
    assert "Viesti puuttuu englanniksi: sen lukee 1 henkilö." in his.said
    assert his.labels() == ["Ei vielä"]
    his.taps_old(Page.CONFIRM, KEY, f"yes{mine.draft.revision}")
    assert not mine.going_out()
    mine.passes(minutes=16)
    assert mine.opens(Page.SEND, KEY).startswith("Tätä ei voi vielä lähettää.")


def test_a_time_that_passes_while_a_colleague_is_asked_means_at_once() -> None:
    mine, his = asked(at=NOW + timedelta(minutes=5))
    mine.passes(minutes=6)
    said = his.opens(Page.CONFIRM, KEY)
    assert "Valittu lähetysaika on jo mennyt (keskiviikkona 27.1. klo 12.05)." in said
    assert "Lähtee heti, kun lähetys on vahvistettu." in said
    his.taps("Hyväksy lähetys")
    (announced,) = mine.going_out()
    assert announced.due == mine.now


def test_a_colleague_looks_and_may_not_answer_for_whoever_asked() -> None:
    mine, his = asked()
    said = his.opens(Page.BROADCAST, KEY)
    assert "Kollegasi pyytää, että joku katsoo tiedotteen" in said
    assert his.labels() == ["Katso tiedote", "Katso, miltä näyttää", "Takaisin"]
    his.taps_old(Page.SEND, KEY, "back")
    his.taps_old(Page.SEND, KEY)
    assert mine.draft.life is Life.ASKED
    mine.taps_old(Page.CONFIRM, KEY, f"yes{mine.draft.revision}")
    assert mine.draft.life is Life.ASKED, "nobody approves their own"
    assert his.opens(Page.CONFIRM, key("Muu")).startswith("Tiedotteet")


def test_an_old_button_of_the_review_shows_the_review_of_now() -> None:
    desk = ready()
    desk.taps("Tarkista ja lähetä")
    desk.taps_old(Page.SEND, KEY, "sure0")
    assert desk.said.startswith("Tarkista vielä kerran")
    assert not desk.going_out()
    assert desk.opens(Page.SEND, key("Muu")).startswith("Tiedotteet")


def test_waiting_begins_when_it_is_asked() -> None:
    here = WritingDesk().here
    assert waiting.until(here, broadcast(life=Life.ASKED)) == NOW + timedelta(minutes=15)


# Handing over


def test_a_draft_is_handed_to_a_colleague_who_goes_on_with_it() -> None:
    desk = WritingDesk(OLLI)
    desk.begins()
    desk.writes(TEXTS["fi"])
    desk.taps("Takaisin luonnokseen")
    of = desk.draft.key
    said = desk.taps("Anna kollegalle")
    assert said.startswith("Kenelle annat luonnoksen?")
    assert desk.card.private
    said = desk.taps("Olli")
    assert said.startswith("Luonnos on nyt kollegallasi, ja hän saa siitä viestin.")
    assert desk.task is None
    assert desk.last_deed.what == "broadcast_handed_over"
    assert desk.told(OLLI) == [
        "Kollegasi antoi sinulle tiedotteen luonnoksen. Voit jatkaa siitä, mihin hän jäi."
    ]
    his = desk.beside(OLLI)
    his.opens(Page.BROADCAST, of)
    his.taps("Kirjoita ruotsiksi")
    his.writes(TEXTS["sv"])
    assert list(desk.draft.wordings) == ["fi", "sv"]
    desk.taps_old(Page.WRITE, of, "urgent")
    assert not desk.draft.urgent, "only whoever has it changes it"
    pia = replace(OLLI, key=key("Pia"), name="Pia")
    desk.put(pia)
    desk.taps_old(Page.HAND_OVER, of, short(pia.key))
    assert desk.draft.author == OLLI.key, "nor hands it on"
    desk.taps_old(Page.TEST, of)
    assert desk.said.startswith("Tiedotteen luonnos")


def test_a_colleague_reads_a_draft_and_takes_it_over() -> None:
    desk = WritingDesk(OLLI, broadcast())
    his = desk.beside(OLLI)
    his.opens(Page.BROADCASTS)
    said = his.taps("Kollegan luonnos")
    assert "Tämä on kollegasi luonnos. Voit lukea sitä" in said
    assert his.labels() == ["Katso, miltä näyttää", "Ota luonnos itsellesi", "Takaisin"]
    assert his.taps("Ota luonnos").startswith("Luonnos on nyt sinulla.")
    assert desk.draft.author == OLLI.key
    assert desk.told(KAISA) == ["Kollegasi otti tiedotteesi luonnoksen ja jatkaa sitä."]
    assert his.last_deed.what == "broadcast_taken_over"
    his.taps_old(Page.HAND_OVER, KEY, "mine")
    assert len(desk.told(KAISA)) == 1, "tapped twice it is theirs already"


def test_what_cannot_be_handed_over_is_shown_as_it_is() -> None:
    desk = WritingDesk(broadcast())
    desk.opens(Page.HAND_OVER, KEY)
    assert desk.said.startswith("Tiedotteen luonnos"), "there is nobody"
    assert desk.opens(Page.HAND_OVER, key("Muu")).startswith("Tiedotteet")
    mine, his = asked()
    his.taps_old(Page.HAND_OVER, KEY, "mine")
    assert mine.draft.author == KAISA.key, "it is not a draft now"
    empty = WritingDesk(OLLI, broadcast(wordings={}))
    his = empty.beside(OLLI)
    his.opens(Page.BROADCAST, KEY)
    assert his.labels() == ["Ota luonnos itsellesi", "Takaisin"]


# Its life, cell by cell


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize("happened", Turn)
def test_each_pair_of_the_table_turns_as_it_says_and_every_other_is_refused(
    life: Life, happened: Turn
) -> None:
    expected = {
        (Life.DRAFT, Turn.ASKED_FOR): Life.ASKED,
        (Life.DRAFT, Turn.CONFIRMED): Life.CONFIRMED,
        (Life.ASKED, Turn.CONFIRMED): Life.CONFIRMED,
        (Life.ASKED, Turn.TAKEN_BACK): Life.DRAFT,
        (Life.CONFIRMED, Turn.TAKEN_BACK): Life.DRAFT,
        (Life.CONFIRMED, Turn.PAUSED): Life.PAUSED,
        (Life.CONFIRMED, Turn.CORRECTED): Life.CONFIRMED,
        (Life.CONFIRMED, Turn.CANCELLED): Life.CANCELLED,
        (Life.CONFIRMED, Turn.RETRACTED): Life.RETRACTED,
        (Life.PAUSED, Turn.WENT_ON): Life.CONFIRMED,
        (Life.PAUSED, Turn.CORRECTED): Life.PAUSED,
        (Life.PAUSED, Turn.CANCELLED): Life.CANCELLED,
        (Life.PAUSED, Turn.RETRACTED): Life.RETRACTED,
        (Life.CANCELLED, Turn.CORRECTED): Life.CANCELLED,
        (Life.CANCELLED, Turn.RETRACTED): Life.RETRACTED,
    }
    assert turn(life, happened) is expected.get((life, happened))
    assert expected == LIFE


def of_life(life: Life, **more: Any) -> tuple[WritingDesk, Broadcast]:
    desk = ready(OLLI, life=life, **more)
    return desk, desk.draft


@pytest.mark.parametrize("life", Life)
def test_asking_or_confirming_by_whoever_wrote_it_turns_only_where_the_table_does(
    life: Life,
) -> None:
    due = NOW + timedelta(hours=1) if life not in (Life.DRAFT, Life.ASKED) else None
    asked_at = NOW - timedelta(minutes=20) if life is Life.ASKED else None
    desk, one = of_life(life, due=due, asked_at=asked_at)
    desk.taps_old(Page.SEND, KEY, f"sure{one.revision}")
    becomes = {Life.DRAFT: Life.ASKED, Life.ASKED: Life.CONFIRMED}
    assert desk.draft.life is becomes.get(life, life)
    assert bool(desk.going_out()) == (life is Life.ASKED)
    if life not in becomes:
        assert desk.draft == one


@pytest.mark.parametrize("life", Life)
def test_taking_back_turns_only_where_the_table_does(life: Life) -> None:
    due = NOW + timedelta(hours=1) if life not in (Life.DRAFT, Life.ASKED) else None
    desk, one = of_life(life, due=due, asked_at=NOW if life is Life.ASKED else None)
    desk.taps_old(Page.SEND, KEY, "back")
    assert desk.draft.life is (turn(life, Turn.TAKEN_BACK) or life)
    if turn(life, Turn.TAKEN_BACK) is None:
        assert desk.draft == one


@pytest.mark.parametrize("life", Life)
@pytest.mark.parametrize(("more", "happened"), [("yes", Turn.CONFIRMED), ("no", Turn.TAKEN_BACK)])
def test_a_colleague_s_answer_counts_only_where_they_were_asked(
    life: Life, more: str, happened: Turn
) -> None:
    due = NOW + timedelta(hours=1) if life not in (Life.DRAFT, Life.ASKED) else None
    desk, one = of_life(life, due=due, asked_at=NOW if life is Life.ASKED else None)
    his = desk.beside(OLLI)
    his.opens(Page.CONFIRM, KEY, f"{more}{one.revision}")
    if life is Life.ASKED:
        assert desk.draft.life is turn(life, happened)
    else:
        assert desk.draft == one
        assert not desk.planned


# The trail


def test_the_trail_says_who_did_what_with_which_broadcast() -> None:
    desk = WritingDesk(broadcast())
    said = []
    for what in (
        What.BROADCAST_ASKED,
        What.BROADCAST_CONFIRMED,
        What.BROADCAST_CONFIRMED_ALONE,
        What.BROADCAST_UNANSWERED,
        What.BROADCAST_REFUSED,
        What.BROADCAST_TAKEN_BACK,
        What.BROADCAST_HANDED_OVER,
        What.BROADCAST_TAKEN_OVER,
    ):
        spoken = trail.spoken(desk.panel, trail.deed(desk.here, what, KEY))
        said.append(desk.words(spoken.what))
        assert spoken.by == Own("Kaisa")
    assert all(one.endswith(": Kysely on nyt auki. Vastaa…") for one in said)
    assert len(set(said)) == len(said)
    desk.erase(KEY)
    spoken = trail.spoken(desk.panel, trail.deed(desk.here, What.BROADCAST_ASKED, KEY))
    assert desk.words(spoken.what).endswith(": poistettu tiedote")
    gone = trail.spoken(desk.panel, trail.deed(desk.here, What.BROADCAST_DISCARDED, KEY))
    assert desk.words(gone.what) == "Poisti tiedotteen luonnoksen"

"""What was said is corrected where it was received, told to those who had it, or taken back; and
while it goes out it can be held."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from bot.outbox import AT_ONCE
from bot.sandbox.faults import Cut, Delay, Flood, Trouble
from bot.sandbox.pictures import png
from dialogs.announcement import Audience, Circle, Mended, Priority, Stage, State
from dialogs.languages import LANGUAGES
from dialogs.panel.records import Role, Standing
from dialogs.screens import Button, Card, Line, Own
from storage import announcements, applications, deliveries, records
from storage.tables import deliveries as rows
from tests.outbox_office import Office, Person, office, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from dialogs.announcement import Announcement

SUBSCRIBERS = Audience(Circle.SUBSCRIBERS)
HAD_IT = Audience(Circle.RECEIVED, "tiedote")
IN_DOUBT = Audience(Circle.DOUBTED, "tiedote")


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as one:
        yield one


def cards(text: str, *languages: str, **more: Any) -> dict[str, Card]:
    return {
        language: Card(language, ((Line(Own(f"{text} ({language})")),),), **more)
        for language in languages
    }


def news(here: Office, occasion: str = "huomio", circle: Audience = HAD_IT) -> Announcement:
    return here.announcement(occasion, audience=circle, only=True)


async def corrected(here: Office, occasion: str = "tiedote", text: str = "oikein") -> None:
    """Corrected, and whoever had it is told, as one change."""
    await here.changes(
        plan=[news(here, circle=Audience(Circle.RECEIVED, occasion))],
        correct=[here.announcement(occasion, text)],
    )


async def in_hand(here: Office, count: int = AT_ONCE) -> None:
    """So many are on their way to Telegram, whose answer takes a while."""
    here.sandbox.faults.meet("sendMessage", *[Delay(0.2)] * count)
    await here.start()
    await until(lambda: len(here.outbox._sending) == count)


async def ends(here: Office, person: Person) -> None:
    """Their membership is over."""
    member, _ = await records.find(here.store, person.phone.chat_id)
    assert member is not None
    over = replace(member, standing=Standing.ENDED)
    assert await records.change(here.store, records.Changed(keep=[over]))


def edits(here: Office) -> list[tuple[str, int]]:
    """What was tried of edits and deletions: by method, to which chat."""
    return [(entry.method, entry.chat_id) for entry in here.sandbox.log.changes]


# whom it is for


async def test_the_reserve_applicants_of_a_call_and_coordinators_are_circles_of_their_own(
    here: Office,
) -> None:
    member, reserve = await here.member(), await here.member(standing=Standing.RESERVE)
    coordinator, reader = await here.coordinator(), await here.coordinator(role=Role.READER)
    applicant, other = await here.applicant(), await here.applicant("application2")
    for circle in (Circle.RESERVE, Circle.COORDINATORS):
        await here.announces(here.announcement(circle, audience=Audience(circle)))
    call = Audience(Circle.APPLICANTS, "application")
    await here.announces(here.announcement("applicants", audience=call))
    await here.rests()
    persons = (member, reserve, coordinator, reader, applicant, other)
    heard = [person.heard for person in persons]
    assert heard == [[], ["reserve (fi)"], ["coordinators (fi)"], [], ["applicants (fi)"], []]


async def test_whoever_reads_a_language_that_is_not_written_gets_nothing(here: Office) -> None:
    persons = [await here.subscriber(language) for language in ("fi", "sv", "en")]
    about: dict[str, Any] = {"audience": SUBSCRIBERS, "cards": cards("nytt", "sv")}
    await here.announces(here.announcement("tiedote", only=True, **about))
    await here.announces(here.announcement("kutsu", **about))
    await here.rests()
    assert [sorted(person.heard) for person in persons] == [
        ["nytt (sv)"],
        ["nytt (sv)", "nytt (sv)"],
        ["nytt (sv)"],
    ]
    assert await here.states("tiedote") == {"sent": 1, "withdrawn": 2}


async def test_many_who_have_nothing_to_read_do_not_hold_up_the_few_who_have(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "LOOKED_AT", 16)
    finns = [await here.subscriber() for _ in range(60)]
    swede = await here.subscriber("sv")
    about: dict[str, Any] = {"audience": SUBSCRIBERS, "cards": cards("nytt", "sv"), "only": True}
    await here.announces(here.announcement("tiedote", **about))
    await here.rests()
    assert swede.heard == ["nytt (sv)"]
    assert not any(person.heard for person in finns)
    assert await here.states("tiedote") == {"sent": 1, "withdrawn": 60}


async def test_an_applicant_leaves_and_comes_back(here: Office) -> None:
    person = await here.applicant()
    call = Audience(Circle.APPLICANTS, "application")
    await here.outbox.left(person.phone.chat_id)
    await here.announces(here.announcement("haku", audience=call))
    await here.rests()
    assert (person.heard, await here.states("haku")) == ([], {"left": 1})
    await here.outbox.came_back(person.phone.chat_id)
    await here.rests()
    assert person.heard == ["haku (fi)"]


@pytest.mark.parametrize("whole_call", [False, True])
async def test_an_erased_application_takes_along_what_it_was_sent(
    here: Office, whole_call: bool
) -> None:
    person, other = await here.applicant(), await here.applicant("application2")
    for call in ("application", "application2"):
        audience = Audience(Circle.APPLICANTS, call)
        await here.announces(here.announcement(call, audience=audience))
    await here.rests()
    if whole_call:
        await applications.erase_call(here.store, "application")
    else:
        await applications.erase(here.store, person.phone.chat_id, "application")
    assert await here.states("application") == {}
    assert await here.states("application2") == {"sent": 1}
    assert other.heard == ["application2 (fi)"]


# corrections


async def test_only_those_are_edited_whose_text_has_changed(here: Office) -> None:
    persons = {language: await here.member(language) for language in LANGUAGES}
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    right = {**cards("tiedote", "fi", "en"), **cards("rätt", "sv")}
    await here.corrects(here.announcement("tiedote", cards=right))
    await here.rests()
    assert {language: person.heard for language, person in persons.items()} == {
        "fi": ["tiedote (fi)"],
        "sv": ["rätt (sv)"],
        "en": ["tiedote (en)"],
    }
    assert edits(here) == [("editMessageText", persons["sv"].phone.chat_id)]
    assert (await here.report("tiedote")).mended == {Mended.EDITED: 1}


async def test_a_second_correction_loses_nothing_of_the_first(here: Office) -> None:
    persons = {language: await here.member(language) for language in LANGUAGES}
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    first = {**cards("tiedote", "fi", "en"), **cards("rätt", "sv")}
    await here.corrects(here.announcement("tiedote", cards=first))
    second = {**first, **cards("oikein", "fi")}
    await here.corrects(here.announcement("tiedote", cards=second))
    assert (await here.report("tiedote")).mended == {Mended.NOT_YET: 3}
    await here.rests()
    assert [person.heard for person in persons.values()] == [
        ["oikein (fi)"],
        ["rätt (sv)"],
        ["tiedote (en)"],
    ]
    assert (await here.report("tiedote")).mended == {Mended.EDITED: 2}


async def test_who_was_being_sent_the_first_edition_meanwhile_gets_both_corrections(
    here: Office,
) -> None:
    swede, *finns = [await here.member("sv"), *await here.members(AT_ONCE - 1)]
    await here.announces(here.announcement("tiedote"))
    await in_hand(here)
    first = {**cards("tiedote", "fi", "en"), **cards("rätt", "sv")}
    await here.corrects(here.announcement("tiedote", cards=first))
    second = {**first, **cards("oikein", "fi")}
    await here.corrects(here.announcement("tiedote", cards=second))
    await here.rests()
    assert swede.heard == ["rätt (sv)"]
    assert [person.heard for person in finns] == [["oikein (fi)"]] * (AT_ONCE - 1)


async def test_many_whose_text_stands_do_not_hold_up_the_few_whose_does_not(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "LOOKED_AT", 16)
    finns = await here.members(60)
    swede = await here.member("sv")
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    right = {**cards("tiedote", "fi", "en"), **cards("rätt", "sv")}
    await here.corrects(here.announcement("tiedote", cards=right))
    await here.rests()
    assert swede.heard == ["rätt (sv)"]
    assert edits(here) == [("editMessageText", swede.phone.chat_id)]
    assert {*map(str, finns[0].heard)} == {"tiedote (fi)"}
    assert await announcements.current(here.store, here.wall()) != []  # still of use
    assert (await here.report("tiedote")).mended == {Mended.EDITED: 1}


async def test_who_reads_what_is_not_written_any_more_reads_what_there_is(here: Office) -> None:
    person = await here.member("sv")
    await here.announces(here.announcement("kutsu"))
    await here.rests()
    await here.corrects(here.announcement("kutsu", cards=cards("oikein", "fi")))
    await here.rests()
    assert person.heard == ["oikein (fi)"]


async def test_of_a_broadcast_that_loses_a_language_its_readers_keep_what_they_have(
    here: Office,
) -> None:
    finn, swede = await here.subscriber(), await here.subscriber("sv")
    about: dict[str, Any] = {"audience": SUBSCRIBERS, "only": True}
    await here.announces(here.announcement("tiedote", **about))
    await here.rests()
    await here.corrects(here.announcement("tiedote", cards=cards("oikein", "fi"), **about))
    await here.rests()
    assert (finn.heard, swede.heard) == (["oikein (fi)"], ["tiedote (sv)"])
    assert edits(here) == [("editMessageText", finn.phone.chat_id)]


async def test_the_report_tells_what_became_of_a_correction(here: Office) -> None:
    edited, gone, blocked, left = await here.members(4)
    later = await here.subscriber()
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    assert (await here.report("tiedote")).mended == {}
    gone.phone.chat.messages.clear()
    blocked.phone.chat.blocked = True
    await here.outbox.left(left.phone.chat_id)
    await here.corrects(here.announcement("tiedote", "oikein"))
    await here.rests()
    report = await here.report("tiedote")
    assert report.mended == {Mended.EDITED: 1, Mended.FAILED: 3}
    assert (report.stage, report.held) == (Stage.OPEN, False)
    assert (edited.heard, later.heard) == (["oikein (fi)"], [])


async def test_who_was_away_when_it_was_corrected_finds_it_corrected_also_when_it_has_ended(
    here: Office,
) -> None:
    person = await here.member()
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    await here.outbox.left(person.phone.chat_id)
    await here.corrects(here.announcement("tiedote", "oikein"))
    here.clock.passes(hours=25)
    await here.rests()
    assert (await here.report("tiedote")).stage is Stage.ENDED
    await here.outbox.came_back(person.phone.chat_id)
    await here.rests()
    assert person.heard == ["oikein (fi)"]
    assert (await here.report("tiedote")).mended == {Mended.EDITED: 1}
    assert (await here.report("tiedote")).stage is Stage.ENDED


async def test_who_was_away_finds_their_language_corrected_though_another_was_corrected_since(
    here: Office,
) -> None:
    finn, swede = await here.member(), await here.member("sv")
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    await here.outbox.left(finn.phone.chat_id)
    first = {**cards("tiedote", "sv", "en"), **cards("oikein", "fi")}
    await here.corrects(here.announcement("tiedote", cards=first))
    await here.rests()
    second = {**first, **cards("rätt", "sv")}
    await here.corrects(here.announcement("tiedote", cards=second))
    await here.rests()
    assert (finn.heard, swede.heard) == (["tiedote (fi)"], ["rätt (sv)"])
    await here.outbox.came_back(finn.phone.chat_id)
    await here.rests()
    assert (finn.heard, swede.heard) == (["oikein (fi)"], ["rätt (sv)"])


async def test_who_has_left_the_circle_since_has_the_message_and_gets_it_corrected(
    here: Office,
) -> None:
    person = await here.member()
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    await ends(here, person)
    await corrected(here)
    await here.rests()
    assert person.heard == ["oikein (fi)", "huomio (fi)"]


# who had it is told


async def test_whoever_had_it_is_told_and_whoever_waits_gets_only_the_new_one(
    here: Office,
) -> None:
    persons = [await here.subscriber() for _ in range(3 * AT_ONCE)]
    persons[0].phone.chat.blocked = True
    await here.announces(here.announcement("tiedote", audience=SUBSCRIBERS))
    await in_hand(here)
    await corrected(here)
    await here.rests()
    had_it = {entry.chat_id for entry in here.sandbox.log.arrived if entry.text == "tiedote (fi)"}
    assert len(had_it) >= AT_ONCE - 1
    for person in persons[1:]:
        told = ["huomio (fi)"] if person.phone.chat_id in had_it else []
        assert person.heard == ["oikein (fi)", *told]
    assert persons[0].heard == []
    report = await here.report("tiedote")
    assert report.mended == {Mended.EDITED: len(had_it)}
    assert await here.states("huomio") == {"sent": len(had_it)}


async def test_who_is_told_is_not_settled_while_the_old_words_are_on_their_way(
    here: Office,
) -> None:
    await here.members(AT_ONCE)
    await here.announces(here.announcement("tiedote"))
    await in_hand(here)
    await corrected(here)
    [notice] = [
        one
        for one in await announcements.current(here.store, here.wall())
        if one.circle is Circle.RECEIVED
    ]
    assert not await announcements.is_known(here.store, notice)
    assert await here.states("huomio") == {}
    await here.rests()
    assert await here.states("huomio") == {"sent": AT_ONCE}


async def test_who_may_have_it_is_told_even_where_nobody_else_is(here: Office) -> None:
    persons = await here.members(6)
    here.sandbox.faults.meet("sendMessage", *[Cut(before=False)] * 2)
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    unknown = next(person for person in persons if len(person.heard) == 1)
    async with here.store.writing() as connection:  # Telegram did not say which message it is
        said = update(rows).where(rows.c.person == unknown.key).values(message=None)
        await connection.execute(said)
    await here.changes(
        plan=[news(here, circle=IN_DOUBT)], correct=[here.announcement("tiedote", "oikein")]
    )
    await here.rests()
    doubted = [person for person in persons if "huomio (fi)" in person.heard]
    assert len(doubted) == 3
    assert unknown in doubted
    assert unknown.heard == ["tiedote (fi)", "huomio (fi)"]
    twice = [person for person in doubted if person is not unknown]
    assert all(sorted(p.heard) == ["huomio (fi)", "oikein (fi)", "tiedote (fi)"] for p in twice)


async def test_who_got_only_the_corrected_words_in_doubt_is_not_told_of_the_wrong_ones(
    here: Office,
) -> None:
    early = await here.member()
    here.clock.becomes("2027-01-27 22:00")
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    await corrected(here)
    here.sandbox.faults.meet("sendMessage", Trouble())
    here.clock.becomes("2027-01-28 08:00")
    await here.rests()
    assert early.heard == ["oikein (fi)"]
    assert (await here.report("tiedote")).doubled == 1
    assert await here.states("huomio") == {}


async def test_a_correction_is_corrected_and_told_to_all_who_had_either(here: Office) -> None:
    here.clock.becomes("2027-01-27 21:30")
    urgent: dict[str, Any] = {"priority": Priority.CHANGE}
    first = await here.member()
    await here.announces(here.announcement("tiedote", **urgent))
    await here.rests()
    await here.corrects(here.announcement("tiedote", "melkein", **urgent))
    await here.rests()
    await here.changes(
        plan=[here.announcement("huomio", audience=HAD_IT, **urgent)],
        correct=[here.announcement("tiedote", "oikein", **urgent)],
    )
    await here.rests()
    assert first.heard == ["oikein (fi)", "huomio (fi)"]
    notice = Audience(Circle.RECEIVED, "huomio")
    await here.changes(
        plan=[here.announcement("toinen", audience=notice, **urgent)],
        correct=[here.announcement("huomio", "huomio 2", **urgent)],
    )
    await here.rests()
    assert first.heard == ["oikein (fi)", "huomio 2 (fi)", "toinen (fi)"]


async def test_nobody_had_what_was_never_announced(here: Office) -> None:
    person = await here.member()
    await here.announces(news(here, circle=Audience(Circle.RECEIVED, "ei mikään")))
    await here.rests()
    assert (person.heard, await here.states("huomio")) == ([], {})


async def test_whoever_reads_another_language_is_not_told_of_a_correction_in_one(
    here: Office,
) -> None:
    finn, swede = await here.member(), await here.member("sv")
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    right = {**cards("tiedote", "fi", "en"), **cards("rätt", "sv")}
    told = here.announcement("huomio", audience=HAD_IT, cards=cards("fel", "sv"), only=True)
    await here.changes(plan=[told], correct=[here.announcement("tiedote", cards=right)])
    await here.rests()
    assert (finn.heard, swede.heard) == (["tiedote (fi)"], ["rätt (sv)", "fel (sv)"])


async def test_who_is_to_be_told_is_written_in_batches(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "BATCH", 4)
    persons = await here.members(10)
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    await here.stop()
    await corrected(here)
    [notice] = [
        one
        for one in await announcements.current(here.store, here.wall())
        if one.circle is Circle.RECEIVED
    ]
    assert await announcements.write_out(here.store, notice, None) is not None
    assert await here.states("huomio") == {"waiting": 4}
    await here.rests()
    assert [person.heard for person in persons] == [["oikein (fi)", "huomio (fi)"]] * 10


async def dies_with(here: Office, count: int) -> None:
    """A process claims so many, and is gone."""
    async with here.lease.taken():
        for one in await announcements.current(here.store, here.wall()):
            await announcements.write_out(here.store, one, None)
        these = await announcements.current(here.store, here.wall())
        await deliveries.go_on(here.store, here.lease, [], these, most=count, but=())


async def test_what_a_dead_process_had_in_hand_may_be_the_old_words(here: Office) -> None:
    persons = await here.members(12)
    await here.announces(here.announcement("tiedote"))
    await dies_with(here, 8)
    soon = here.wall() + timedelta(hours=1)
    told = here.announcement("huomio", audience=IN_DOUBT, due=soon)
    await here.changes(plan=[told], correct=[here.announcement("tiedote", "oikein")])
    await here.rests()
    assert [person.heard for person in persons] == [["oikein (fi)"]] * 12
    assert (await here.report("tiedote")).doubled == 8
    here.clock.passes(hours=1)
    await here.rests()
    assert sorted(len(person.heard) for person in persons) == [1] * 4 + [2] * 8


async def test_what_a_dead_process_had_in_hand_of_the_new_words_are_not_the_old_ones(
    here: Office,
) -> None:
    persons = await here.members(12)
    await here.announces(here.announcement("tiedote"))
    soon = here.wall() + timedelta(hours=1)
    told = here.announcement("huomio", audience=HAD_IT, due=soon)
    await here.changes(plan=[told], correct=[here.announcement("tiedote", "oikein")])
    await dies_with(here, 8)
    await here.rests()
    here.clock.passes(hours=1)
    await here.rests()
    assert [person.heard for person in persons] == [["oikein (fi)"]] * 12
    assert (await here.report("tiedote")).doubled == 8


# taking back what was received


async def test_what_is_retracted_is_deleted_and_whoever_waits_gets_nothing(here: Office) -> None:
    persons = [await here.subscriber() for _ in range(3 * AT_ONCE)]
    left = await here.subscriber()
    await here.outbox.left(left.phone.chat_id)
    await here.announces(here.announcement("tiedote", audience=SUBSCRIBERS))
    await in_hand(here)
    await here.retracts("tiedote", audience=SUBSCRIBERS)
    await here.rests()
    assert not any(person.heard for person in persons)
    sent = len(here.sandbox.log.arrived)
    assert AT_ONCE <= sent < 3 * AT_ONCE
    report = await here.report("tiedote")
    assert report.counts == {State.SENT: sent, State.WITHDRAWN: 3 * AT_ONCE + 1 - sent}
    assert (report.mended, report.stage) == ({Mended.DELETED: sent}, Stage.ENDED)
    await here.outbox.came_back(left.phone.chat_id)
    await here.rests()
    assert left.heard == []


async def test_what_telegram_does_not_delete_says_that_it_was_withdrawn(here: Office) -> None:
    with_words, with_file, with_picture = await here.members(3)
    photo = with_words.phone.send_photo(png(40, 30))
    paper = with_words.phone.send_document("ohje.pdf", b"%PDF-1.4", "application/pdf")
    mine = {message.id: message for message in with_words.phone.messages}
    picture, document = mine[photo].photo, mine[paper].document
    assert picture is not None
    assert document is not None
    rows_ = ((Button(Own("Avaa"), link="https://kysely.example/a"),),)
    for number, (person, more) in enumerate(
        [
            (with_words, {}),
            (with_file, {"file": document.file_id}),
            (with_picture, {"picture": picture.file_id}),
        ]
    ):
        about = Audience(Circle.PERSON, person.key.hex())
        shown = cards("väärin", "fi", rows=rows_, **more)
        await here.announces(here.announcement(f"tiedote {number}", audience=about, cards=shown))
    await here.rests()
    kinds = [person.phone.messages[-1].kind for person in (with_words, with_file, with_picture)]
    assert kinds == ["text", "document", "photo"]
    here.clock.passes(hours=49)
    for number in range(3):
        gone = cards("poistettu", "fi")
        await here.retracts(f"tiedote {number}", cards=gone)
    await here.rests()
    for person in (with_words, with_file, with_picture):
        last = person.phone.messages[-1]
        assert (last.text, last.rows) == ("poistettu (fi)", ())
    for person in (with_file, with_picture):
        last = person.phone.messages[-1]
        assert last.photo is None
        assert last.document is not None
        assert last.document.name == "poistettu.txt"
        assert last.document.content == b"poistettu (fi)"
    for number in range(3):
        assert (await here.report(f"tiedote {number}")).mended == {Mended.EDITED: 1}


async def test_a_deletion_that_is_not_heard_of_is_tried_again_and_counts(here: Office) -> None:
    persons = await here.members(4)
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    here.sandbox.faults.meet("deleteMessage", Cut(before=False), Trouble(), Flood(1))
    await here.retracts("tiedote")
    await here.rests()
    assert not any(person.heard for person in persons)
    assert (await here.report("tiedote")).mended == {Mended.DELETED: 4}


async def test_who_was_away_when_it_was_retracted_does_not_find_it(here: Office) -> None:
    person = await here.member()
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    await here.outbox.left(person.phone.chat_id)
    await here.retracts("tiedote")
    await here.rests()
    report = await here.report("tiedote")
    assert (report.mended, report.stage) == ({Mended.FAILED: 1}, Stage.ENDED)
    await here.outbox.came_back(person.phone.chat_id)
    await here.rests()
    assert person.heard == []
    assert (await here.report("tiedote")).mended == {Mended.DELETED: 1}


async def test_what_is_retracted_before_it_is_due_never_comes(here: Office) -> None:
    person = await here.member()
    await here.holds("tiedote")
    await here.announces(here.announcement("tiedote"))
    await here.retracts("tiedote")
    await here.rests()
    assert (person.heard, (await here.report("tiedote")).stage) == ([], Stage.ENDED)


async def test_words_that_take_something_back_are_never_sent_as_new_ones(here: Office) -> None:
    """Retracted between the claim and the sending."""
    person = await here.member()
    await here.announces(here.announcement("tiedote"))
    text, goes = here.outbox._text, asyncio.Event()

    async def slow(one: Any) -> Any:
        await goes.wait()
        return await text(one)

    here.outbox._text = slow  # type: ignore[method-assign]
    await here.start()
    await until(lambda: bool(here.outbox._hands))
    await here.retracts("tiedote")
    goes.set()
    await here.rests()
    assert (person.heard, here.sandbox.log.arrived) == ([], [])
    assert await here.states("tiedote") == {"withdrawn": 1}


# holding


async def test_what_is_held_waits_and_goes_on(here: Office) -> None:
    persons = await here.members(4 * AT_ONCE)
    await here.announces(here.announcement("tiedote"), here.announcement("kutsu"))
    await in_hand(here)
    await here.holds("tiedote")
    await here.rests()
    sent = (await here.report("tiedote")).number(State.SENT)
    assert sent <= AT_ONCE
    report = await here.report("tiedote")
    assert (report.held, report.number(State.WAITING)) == (True, 4 * AT_ONCE - sent)
    assert await here.states("kutsu") == {"sent": 4 * AT_ONCE}
    await here.goes_on("tiedote")
    await here.rests()
    assert not (await here.report("tiedote")).held
    assert [sorted(person.heard) for person in persons] == [
        ["kutsu (fi)", "tiedote (fi)"]
    ] * 4 * AT_ONCE


async def test_nothing_is_claimed_of_what_was_held_taken_back_or_corrected_since_it_was_looked_at(
    here: Office,
) -> None:
    await here.members(3)
    await here.announces(*(here.announcement(name) for name in ("a", "b", "c")))
    async with here.lease.taken():
        for one in await announcements.current(here.store, here.wall()):
            await announcements.write_out(here.store, one, None)
        looked_at = await announcements.current(here.store, here.wall())
        await here.holds("a")
        await here.withdraws("b")
        await here.corrects(here.announcement("c", "oikein"))
        claimed, _ = await deliveries.go_on(here.store, here.lease, [], looked_at, most=9, but=())
    assert {one.edition for one in claimed} == {2}
    assert len(claimed) == 3
    assert await here.states("a") == {"waiting": 3}
    assert await here.states("b") == {"waiting": 3}


async def test_what_is_held_is_not_written_out_but_expires(here: Office) -> None:
    person = await here.member()
    await here.announces(here.announcement("tiedote"))
    await here.holds("tiedote")
    await here.rests()
    assert await here.states("tiedote") == {}
    here.clock.passes(hours=25)
    await here.rests()
    assert (person.heard, await here.states("tiedote")) == ([], {"expired": 1})


async def test_what_was_held_while_it_was_written_out_goes_on_from_there(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcements, "BATCH", 4)
    persons = await here.members(10)
    await here.announces(here.announcement("tiedote"))
    [one] = await announcements.current(here.store, here.wall())
    after = await announcements.write_out(here.store, one, None)
    await here.holds("tiedote")
    assert await announcements.write_out(here.store, one, after) is None
    await here.rests()
    assert await here.states("tiedote") == {"waiting": 4}
    await here.goes_on("tiedote")
    await here.rests()
    assert [person.heard for person in persons] == [["tiedote (fi)"]] * 10


async def test_what_is_held_is_corrected_all_the_same(here: Office) -> None:
    persons = await here.members(2)
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    await here.holds("tiedote")
    await here.corrects(here.announcement("tiedote", "oikein"))
    await here.rests()
    assert [person.heard for person in persons] == [["oikein (fi)"]] * 2


# pictures and files


async def test_a_picture_comes_with_its_words_and_is_corrected(here: Office) -> None:
    person = await here.member()
    phone = person.phone
    sent = [phone.send_photo(png(40, 30, colour)) for colour in ((1, 2, 3), (4, 5, 6))]
    photos = {one.id: one.photo for one in phone.messages}
    wrong, right = (photos[one] for one in sent)
    assert wrong is not None
    assert right is not None
    shown = cards("väärin", "fi", picture=wrong.file_id)
    await here.announces(here.announcement("tiedote", cards=shown))
    await here.rests()
    last = phone.messages[-1]
    assert (last.kind, last.text) == ("photo", "väärin (fi)")
    for picture, text in ((wrong, "sanat"), (right, "kuva")):
        shown = cards(text, "fi", picture=picture.file_id)
        await here.corrects(here.announcement("tiedote", cards=shown))
        await here.rests()
        last = phone.messages[-1]
        assert last.photo is not None
        assert (last.text, last.photo.content) == (f"{text} (fi)", picture.content)


async def test_words_may_become_a_picture(here: Office) -> None:
    person = await here.member()
    mine = person.phone.send_photo(png(40, 30))
    [photo] = [one.photo for one in person.phone.messages if one.id == mine]
    assert photo is not None
    await here.announces(here.announcement("tiedote"))
    await here.rests()
    shown = cards("oikein", "fi", picture=photo.file_id)
    await here.corrects(here.announcement("tiedote", cards=shown))
    await here.rests()
    last = person.phone.messages[-1]
    assert (last.kind, last.text, len(person.heard)) == ("photo", "oikein (fi)", 1)


# the report


async def test_nobody_but_the_panel_is_called_by_phone(here: Office) -> None:
    persons = [await here.member(), await here.subscriber(), await here.applicant()]
    for person in persons:
        await here.outbox.left(person.phone.chat_id)
    call = Audience(Circle.APPLICANTS, "application")
    for number, audience in enumerate((Audience(Circle.MEMBERS), SUBSCRIBERS, call)):
        await here.announces(here.announcement(f"tiedote {number}", audience=audience))
    await here.rests()
    missed = [(await here.report(f"tiedote {number}")).missed for number in range(3)]
    assert missed == [(persons[0].key,), (), ()]
    assert [await here.states(f"tiedote {number}") for number in range(3)] == [{"left": 1}] * 3

"""What a transcript can say of documents, links, silence and several phones at once: the language
itself, on a bot that does as it is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.telegram import FIRST_PERSON
from tests.bare import Bot, Json, facing
from tests.transcript import replay

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox import Phone, Sandbox

JOIN = "https://t.me/raati_demo_bot?start=join"
TEAMS = "https://teams.example/keksitty"


class Stage:
    """Stands where a county stands: its bot meets what people write with the calls in `says`."""

    def __init__(self, sandbox: Sandbox, bot: Bot, says: dict[str, list[tuple[str, Json]]]) -> None:
        self.sandbox = sandbox
        self.clock = self
        self._bot = bot
        self._says = says
        self._offset = 0

    def passes(self, seconds: float) -> None:
        """It stands still here."""

    def phone(self, name: str, language: str | None) -> Phone:
        return self.sandbox.phone(name, language)

    async def settled(self) -> None:
        for update in await self._bot.call("getUpdates", offset=self._offset):
            self._offset = update["update_id"] + 1
            message = update["message"]
            heard = message.get("text") or message["document"]["file_name"]
            for method, parameters in self._says.get(heard, ()):
                await self._does(method, {"chat_id": message["chat"]["id"], **parameters})

    async def _does(self, method: str, parameters: Json) -> None:
        if (file := parameters.pop("file", None)) is not None:
            part = "document" if method == "sendDocument" else "new"
            done = await self._bot.upload(method, part, *file, **parameters)
        else:
            done = await self._bot.call(method, **parameters)
        assert not isinstance(done, str), done


@pytest.fixture
async def both() -> AsyncIterator[tuple[Sandbox, Bot]]:
    async with facing() as both:
        yield both


async def goes(both: tuple[Sandbox, Bot], says: dict[str, Any], script: str) -> None:
    """It goes as it is written, also when it is not yet written what is seen."""
    deeds = re.sub(r"(?m)^([~-]?\||@ ).*\n", "", script)
    assert deeds != script
    stage: Any = Stage(*both, says)
    assert await replay(deeds, stage) == script


async def test_documents_links_and_silence_are_written(both: tuple[Sandbox, Bot]) -> None:
    link = {"type": "text_link", "offset": 6, "length": 6, "url": TEAMS}
    invited: Json = {
        "file": ("kutsu.ics", b"1"),
        "caption": "Liity täältä.",
        "caption_entities": [link],
        "disable_notification": True,
        "reply_markup": {"inline_keyboard": [[{"text": "Liity", "url": TEAMS}]]},
    }
    bare: Json = {"file": ("muistio.pdf", b"1")}
    says = {"/start": [("sendDocument", invited), ("sendDocument", bare)]}
    await goes(both, says, """\
phone: Aino, fi

> /start
| (silent)
| (file kutsu.ics)
| Liity täältä <https://teams.example/keksitty>.
| [Liity -> https://teams.example/keksitty]
| (file muistio.pdf)
""")  # fmt: skip


async def test_links_are_followed_and_files_sent(both: tuple[Sandbox, Bot]) -> None:
    markup = {"inline_keyboard": [[{"text": "Mukaan", "url": JOIN}]]}
    says = {
        "/start": [("sendMessage", {"text": f"Lue {TEAMS}", "reply_markup": markup})],
        "/start join": [("sendMessage", {"text": "Tervetuloa"})],
        "asialista.pdf": [("sendMessage", {"text": "Kiitos"})],
    }
    await goes(both, says, """\
phone: Aino, fi
> /start
| Lue https://teams.example/keksitty
| [Mukaan -> https://t.me/raati_demo_bot?start=join]
> (follows https://teams.example/keksitty)
> (follows Mukaan)
| Tervetuloa
> (sends the file asialista.pdf)
| Kiitos
""")  # fmt: skip


async def test_after_each_deed_every_other_phone_tells_its_news(both: tuple[Sandbox, Bot]) -> None:
    aino, _, emma = range(FIRST_PERSON, FIRST_PERSON + 3)
    said = [("sendMessage", {"chat_id": chat, "text": "Tiedote"}) for chat in (aino, emma)]
    says = {"/start": [("sendMessage", {"text": "Hei"})], "kaikille": said}
    await goes(both, says, """\
phone: Aino, fi
> /start
| Hei
phone: Elin, sv
phone: Emma, en
> /start
| Hei
> kaikille
| Tiedote
@ Aino
| Tiedote
phone: Aino
> kaikille
| Tiedote
@ Emma
| Tiedote
> hiljaa
""")  # fmt: skip


async def test_a_document_that_holds_something_else_has_changed(both: tuple[Sandbox, Bot]) -> None:
    new = {"type": "document", "media": "attach://new"}
    moved = {"message_id": 2, "file": ("kutsu.ics", b"2"), "media": new}
    says = {
        "/start": [("sendDocument", {"file": ("kutsu.ics", b"1")})],
        "siirrä": [("editMessageMedia", moved)],
        "poista": [("deleteMessage", {"message_id": 2})],
    }
    await goes(both, says, """\
phone: Aino, fi
> /start
| (file kutsu.ics)
> siirrä
~| (file kutsu.ics)
> poista
-| gone: kutsu.ics
""")  # fmt: skip

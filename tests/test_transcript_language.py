"""What a transcript can say of documents, links, silence and several phones at once: the language
itself, on a bot that does as it is told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.pictures import png
from bot.sandbox.telegram import FIRST_PERSON
from tests.bare import TOKEN, Bot, Json, facing
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
        self.heard: list[Json] = []

    def passes(self, seconds: float) -> None:
        """It stands still here."""

    def phone(self, name: str, language: str | None) -> Phone:
        return self.sandbox.phone(name, language)

    async def settled(self) -> None:
        for update in await self._bot.call("getUpdates", offset=self._offset):
            self._offset = update["update_id"] + 1
            message = update.get("message") or update["edited_message"]
            self.heard.append(message)
            heard = (
                message.get("text") or message.get("caption") or message["document"]["file_name"]
            )
            for method, parameters in self._says.get(heard, ()):
                await self._does(method, {"chat_id": message["chat"]["id"], **parameters})

    async def _does(self, method: str, parameters: Json) -> None:
        if (file := parameters.pop("file", None)) is not None:
            part = {"sendDocument": "document", "sendPhoto": "photo"}.get(method, "new")
            done = await self._bot.upload(method, part, *file, **parameters)
        else:
            done = await self._bot.call(method, **parameters)
        assert not isinstance(done, str), done


@pytest.fixture
async def both() -> AsyncIterator[tuple[Sandbox, Bot]]:
    async with facing() as both:
        yield both


async def goes(both: tuple[Sandbox, Bot], says: dict[str, Any], script: str) -> list[Json]:
    """It goes as it is written, also when it is not yet written what is seen. What the bot was
    told."""
    deeds = re.sub(r"(?m)^([~-]?\||@ ).*\n", "", script)
    assert deeds != script
    stage: Any = Stage(*both, says)
    assert await replay(deeds, stage) == script
    heard: list[Json] = stage.heard
    return heard


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


async def test_a_link_that_is_drawn_by_chance_is_written_without_it_and_can_be_opened(
    both: tuple[Sandbox, Bot],
) -> None:
    link = "https://t.me/raati_demo_bot?start=g-AbCdEfGhIj_-"
    heard = await goes(both, {"/start": [("sendMessage", {"text": f"Lue {link}"})]}, """\
phone: Aino, fi
> /start
| Lue https://t.me/raati_demo_bot?start=g-…
phone: Emma, en
> (opens the link that Aino was shown)
""")  # fmt: skip
    assert heard[-1]["text"] == "/start g-AbCdEfGhIj_-"


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


MARKED: Json = {
    "text": "On auki täällä",
    "entities": [
        {"type": "bold", "offset": 3, "length": 4},
        {"type": "text_link", "offset": 8, "length": 6, "url": TEAMS},
    ],
}


async def test_formatting_is_typed_and_shown_where_the_transcript_says_so(
    both: tuple[Sandbox, Bot],
) -> None:
    says = {"On auki täällä": [("sendMessage", MARKED)]}
    heard = await goes(both, says, """\
formatting: on
phone: Aino, fi
> On **auki** [täällä](https://teams.example/keksitty)
| On **auki** täällä <https://teams.example/keksitty>
> (edits On) On __kiinni__
> (types at once) **a** / __b__
""")  # fmt: skip
    marks = [[entity["type"] for entity in message["entities"]] for message in heard]
    assert marks == [["bold", "text_link"], ["italic"], ["bold"], ["italic"]]


async def test_elsewhere_signs_are_signs_and_the_bold_is_plain(both: tuple[Sandbox, Bot]) -> None:
    typed = "On **auki** [täällä](https://teams.example/keksitty)."
    heard = await goes(both, {typed: [("sendMessage", MARKED)]}, f"""\
phone: Aino, fi
> {typed}
| On auki täällä <https://teams.example/keksitty>
""")  # fmt: skip
    assert [entity["type"] for entity in heard[0]["entities"]] == ["url"]


async def test_pictures_are_sent_and_shown_with_captions(both: tuple[Sandbox, Bot]) -> None:
    photo: Json = {"file": ("qr", png(9, 9)), "caption": "Koodi"}
    other: Json = {
        "message_id": 2,
        "file": ("qr", png(5, 5)),
        "media": {"type": "photo", "media": "attach://new", "caption": "Koodi"},
    }
    says = {
        "Katso": [("sendPhoto", photo), ("sendPhoto", {"file": ("qr", png(9, 9))})],
        "vaihda": [("editMessageMedia", other)],
    }
    heard = await goes(both, says, """\
phone: Aino, fi
formatting: on
> (sends the picture kuva.png) **Katso**
| (photo)
| Koodi
| (photo)
> vaihda
~| (photo)
~| Koodi
""")  # fmt: skip
    assert heard[0]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert heard[0]["photo"][-1]["width"] == 240


async def test_a_file_that_lies_here_is_sent_as_it_is(both: tuple[Sandbox, Bot]) -> None:
    says = {"evening.yaml": [("sendMessage", {"text": "Kiitos"})]}
    heard = await goes(both, says, """\
phone: Aino, fi
> (sends the file evening.yaml)
| Kiitos
> (sends the file ../bare.py) Katso tätä
""")  # fmt: skip
    sandbox, bot = both
    form = (Path(__file__).parent / "forms" / "evening.yaml").read_bytes()
    found = await bot.call("getFile", file_id=heard[0]["document"]["file_id"])
    async with bot.http.get(f"{bot.url}/file/bot{TOKEN}/{found['file_path']}") as response:
        assert await response.read() == form
    assert heard[1]["caption"] == "Katso tätä"
    invented = sandbox.telegram.files[heard[1]["document"]["file_id"]].file
    assert invented.content.startswith(b"%PDF")

"""The bot speaks the Bot API, not the sandbox: `raati run` against a server written only for this.

The server knows seven methods and answers 404 to all others, as a thin stand-in for Telegram would.
Three people answer and apply over it, each in a language, as quickly as one can: what they do next
comes in the very moment a card has come. They go by what stands on the cards alone. A fourth one
writes in the moment the bot is told to stop.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.reader import LANGUAGES, Reader, Tap, Write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "424242:another_server-s_token"
GENEROUS = 60
"""Seconds for what takes a moment: only a broken bot makes the test wait so long."""

KNOWN_LINES = re.compile(
    r"[\d-]+ [\d:,]+ WARNING raati Telegram did not take the bot's commands or descriptions "
    r"\(TelegramNotFound\); the next start tries again\."
    r"|[\d-]+ [\d:,]+ (DEBUG|INFO) raati\.\w+ .*"
)


class Refused(Exception):  # noqa: N818 - the server's word
    """A call the server does not do: its code and description."""


class Server(ThreadingHTTPServer):
    """The state behind the Bot API, and the people's end of it."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection broken off is no news: a bot may end at any moment."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.happened = threading.Condition()
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.shown: dict[int, int] = {}  # how often a chat was shown something
        self.updates: list[dict[str, Any]] = []
        self.offset = 0
        self.taps: set[str] = set()
        self.unknown: list[str] = []
        self.holding = False  # the next thing the bot says waits for `let_go`
        self.held = threading.Event()
        self.let_go = threading.Event()
        self._message = 8_000_000
        self._update = 17
        self.closing = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    # The people's end

    def write(self, person: dict[str, Any], text: str) -> None:
        content: dict[str, Any] = {"from": person, "text": text}
        if text.startswith("/"):
            length = len(text.split()[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        with self.happened:
            self._tell({"message": self._post(person["id"], content)})

    def tap(self, person: dict[str, Any], message: dict[str, Any], label: str) -> None:
        rows = message["reply_markup"]["inline_keyboard"]
        data = next(b["callback_data"] for row in rows for b in row if b["text"] == label)
        with self.happened:
            number = f"tap{self._update}"
            self.taps.add(number)
            query = {"id": number, "from": person, "message": message, "chat_instance": "-5"}
            self._tell({"callback_query": {**query, "data": data}})

    def card(self, chat: int, after: int) -> dict[str, Any]:
        """The newest message with buttons, once the chat was shown more than `after` things."""
        with self.happened:
            if not self.happened.wait_for(lambda: self.shown.get(chat, 0) > after, GENEROUS):
                raise TimeoutError("the bot shows nothing")
            return max(
                (m for (of, _), m in self.messages.items() if of == chat and "reply_markup" in m),
                key=lambda message: message["message_id"],
            )

    def says(self, chat: int, text: str) -> bool:
        """Whether a message of the chat holds this text."""
        with self.happened:
            return any(of == chat and text in m["text"] for (of, _), m in self.messages.items())

    def acknowledged(self) -> None:
        """Waits until every update is."""
        with self.happened:
            newest = self._update - 1
            if not self.happened.wait_for(lambda: self.offset > newest, GENEROUS):
                raise TimeoutError("the bot does not acknowledge")

    def _tell(self, update: dict[str, Any]) -> None:
        self.updates.append({"update_id": self._update, **update})
        self._update += 1
        self.happened.notify_all()

    def _post(self, chat: int, content: dict[str, Any]) -> dict[str, Any]:
        self._message += 3
        message = {
            "message_id": self._message,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "Somebody"},
            **content,
        }
        self.messages[chat, self._message] = message
        return message

    # The bot's end

    def call(self, token: str, method: str, asked: dict[str, Any]) -> Any:
        if token != TOKEN:
            raise Refused(401, "Unauthorized")
        if self.holding and method == "sendMessage":
            self.held.set()
            self.let_go.wait(GENEROUS)
        with self.happened:
            known = getattr(self, f"do_{method}", None)
            if known is None:
                self.unknown.append(method)
                raise Refused(404, "Not Found")
            result = known(asked)
            self.happened.notify_all()
            return result

    def do_getMe(self, _: dict[str, Any]) -> Any:  # noqa: N802 - the Bot API's name, as below
        return {"id": 424242, "is_bot": True, "first_name": "R", "username": "another_bot"}

    def do_getUpdates(self, asked: dict[str, Any]) -> Any:  # noqa: N802
        self.offset = max(self.offset, asked.get("offset", 0))
        self.updates = [u for u in self.updates if u["update_id"] >= self.offset]
        self.happened.notify_all()
        self.happened.wait_for(lambda: self.updates or self.closing, asked.get("timeout", 0))
        return self.updates[: asked.get("limit", 100)]

    def do_sendMessage(self, asked: dict[str, Any]) -> Any:  # noqa: N802
        chat = asked["chat_id"]
        if not any(of == chat for of, _ in self.messages):
            raise Refused(400, "Bad Request: chat not found")
        self.shown[chat] = self.shown.get(chat, 0) + 1
        return self._post(chat, {"from": self.do_getMe({}), **_content(asked)})

    def do_editMessageText(self, asked: dict[str, Any]) -> Any:  # noqa: N802
        chat, old = asked["chat_id"], self._own(asked)
        content = _content(asked)
        if all(old.get(name) == content.get(name) for name in ("text", "reply_markup")):
            raise Refused(400, "Bad Request: message is not modified")
        self.shown[chat] = self.shown.get(chat, 0) + 1
        return self._edited(old, content)

    def do_editMessageReplyMarkup(self, asked: dict[str, Any]) -> Any:  # noqa: N802
        old = self._own(asked)
        markup = {"reply_markup": asked["reply_markup"]} if asked.get("reply_markup") else {}
        return self._edited(old, {"text": old["text"], **markup})

    def do_answerCallbackQuery(self, asked: dict[str, Any]) -> Any:  # noqa: N802
        if asked["callback_query_id"] not in self.taps:
            raise Refused(400, "Bad Request: query is too old")
        self.taps.remove(asked["callback_query_id"])
        return True

    def do_deleteMessages(self, asked: dict[str, Any]) -> Any:  # noqa: N802
        for number in asked["message_ids"]:
            self.messages.pop((asked["chat_id"], number), None)
        return True

    def _own(self, asked: dict[str, Any]) -> dict[str, Any]:
        message = self.messages.get((asked["chat_id"], asked["message_id"]))
        if message is None:
            raise Refused(400, "Bad Request: message to edit not found")
        if not message["from"]["is_bot"]:
            raise Refused(400, "Bad Request: message can't be edited")
        return message

    def _edited(self, old: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        kept = {name: old[name] for name in ("message_id", "date", "chat", "from")}
        message = {**kept, "edit_date": int(time.time()), **content}
        self.messages[old["chat"]["id"], old["message_id"]] = message
        return message


def _content(asked: dict[str, Any]) -> dict[str, Any]:
    """What a message holds. Refused where Telegram would not take it."""
    if not asked.get("text"):
        raise Refused(400, "Bad Request: message text is empty")
    if len(asked["text"].encode("utf-16-le")) // 2 > 4096:
        raise Refused(400, "Bad Request: message is too long")
    rows = asked.get("reply_markup", {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if not button["text"] or not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    return {name: asked[name] for name in ("text", "entities", "reply_markup") if asked.get(name)}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer: dict[str, Any]
        try:
            token, method = self.path.removeprefix("/bot").split("/")
            result = self.server.call(token, method, json.loads(body or b"{}"))
            answer = {"ok": True, "result": result}
        except Refused as refused:
            code, description = refused.args
            answer = {"ok": False, "error_code": code, "description": description}
        raw = json.dumps(answer).encode()
        with contextlib.suppress(OSError):  # who asked has gone: as a stopped bot does
            self.send_response(answer.get("error_code", 200))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    serving = Server()
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield serving
    with serving.happened:
        serving.closing = True
        serving.happened.notify_all()
    serving.shutdown()
    thread.join()
    serving.server_close()


class Raati:
    """The command as an office runs it: processes of their own, set by the environment."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.environment = {
            **kept,
            "RAATI_TOKEN": TOKEN,
            "RAATI_API_URL": url,
            "RAATI_DATA_DIR": str(folder / "data"),
            "RAATI_KEY_DIR": str(folder / "keys"),
            "RAATI_LOG_LEVEL": "debug",
        }

    def do(self, *command: str) -> str:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "bot", *command],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=GENEROUS,
            check=True,
        )
        assert done.stderr == ""
        return done.stdout

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def answer_and_apply(server: Server, person: dict[str, Any], reader: Reader) -> int:
    """From /start to the receipt of the application; how many things the person did."""
    chat = person["id"]
    server.write(person, "/start")
    card = server.card(chat, 0)
    menu = [button["text"] for button in card["reply_markup"]["inline_keyboard"][-1]]
    assert menu == ["Suomi", "Svenska", "English"]
    if not card["reply_markup"]["inline_keyboard"][0][0]["text"].startswith(reader.language.survey):
        before = server.shown[chat]
        server.tap(person, card, "English")
        card = server.card(chat, before)
    deeds = 0
    while True:
        rows = card["reply_markup"]["inline_keyboard"]
        deed = reader.next(card["text"], [button["text"] for row in rows for button in row])
        before = server.shown[chat]
        match deed:
            case Tap(label):
                server.tap(person, card, label)
            case Write(text):
                server.write(person, text)
            case None:
                return deeds
        deeds += 1
        assert deeds < 100, f"no end is in sight; the card says: {card['text']}"
        card = server.card(chat, before)


def test_people_answer_and_apply_in_three_languages_over_another_server(
    tmp_path: Path, server: Server
) -> None:
    raati = Raati(tmp_path, server.url)
    assert "equality is open until 2099-12-31." in raati.do(
        "survey", "open", "equality", "--until", "2099-12-31"
    )
    raati.do("survey", "open", "application", "--until", "2099-12-31")
    running = raati.start()
    try:
        for chat, (code, phone) in enumerate([("fi", "fi"), ("sv", "sv-FI"), ("en", "et")], 5):
            person = {"id": chat, "is_bot": False, "first_name": "Somebody", "language_code": phone}
            reader = Reader(
                LANGUAGES[code],
                name=f"Invented Person {chat}",
                contact="invented@raati.fi" if code == "fi" else "040 123 4567",
                words=[f"{code}: my words {number}." for number in range(4)],
                types=code == "sv",
                removes=code == "en",
            )
            assert answer_and_apply(server, person, reader) > 25
            assert reader.words == []
            assert server.says(chat, f"{code}: my words 0.") == (code != "en")
        server.acknowledged()
        assert server.taps == set(), "every tap is answered"

        server.holding = True
        server.write({"id": 9, "is_bot": False, "first_name": "Somebody"}, "/start")
        assert server.held.wait(GENEROUS)
        running.send_signal(signal.SIGTERM)
        server.let_go.set()
        said, complaints = running.communicate(timeout=GENEROUS)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 0, complaints
    assert said == ""
    assert [line for line in complaints.splitlines() if not KNOWN_LINES.fullmatch(line)] == []
    for secret in ("Somebody", "Invented", "my words", "invented@", "123 4567", TOKEN):
        assert secret not in complaints
    server.acknowledged()
    assert server.shown[9] == 1, "who wrote last was answered, too"
    assert set(server.unknown) <= {
        "deleteWebhook",
        "setMyCommands",
        "setMyDescription",
        "setMyShortDescription",
    }

    listed = {survey["name"]: survey for survey in json.loads(raati.do("survey", "list", "--json"))}
    assert {name: survey["received"] for name, survey in listed.items()} == {
        "equality": 3,
        "application": 3,
    }
    assert {survey["state"] for survey in listed.values()} == {"open"}

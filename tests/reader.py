"""A person who answers by reading: what they do next is worked out from the card alone.

Nothing here knows a form, a draft or a button's data: only what stands on the screen, in the
language of the person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Language:
    """What the person looks for on a screen; labels by how they begin."""

    survey: str
    begin: str
    done: str
    chosen: str
    write: str
    send: str
    send_and_remove: str
    arrived: str
    apply: str
    begin_application: str
    applied: str
    tell: str
    gates: tuple[str, ...]  # questions that a resident who may apply answers with no
    no: str
    name: str
    contact: str


LANGUAGES: Final[Mapping[str, Language]] = {
    "fi": Language(
        survey="Vastaa: ",
        begin="Aloita vastaaminen",
        done="Valmis",
        chosen="✓ valittu: ",
        write="Kirjoita vastauksesi viestinä",
        send="Lähetä",
        send_and_remove="Lähetä ja poista keskustelu",
        arrived="Kiitos, vastauksesi on perillä",
        apply="Hae asiakasraatiin",
        begin_application="Aloita hakemus",
        applied="Kiitos, hakemuksesi on perillä",
        tell="Kerro uusista",
        gates=("Oletko töissä", "Oletko nuorisovaltuuston"),
        no="2. Ei",
        name="Mikä on nimesi?",
        contact="Miten saamme sinuun yhteyden?",
    ),
    "sv": Language(
        survey="Svara: ",
        begin="Börja svara",
        done="Klar",
        chosen="✓ valt: ",
        write="Skriv ditt svar som ett meddelande",
        send="Skicka",
        send_and_remove="Skicka och ta bort chatten",
        arrived="Tack, ditt svar har kommit fram",
        apply="Ansök till kundrådet",
        begin_application="Börja ansökan",
        applied="Tack, din ansökan har kommit fram",
        tell="Berätta om nya",
        gates=("Arbetar du vid", "Är du medlem i ungdomsfullmäktige"),
        no="2. Nej",
        name="Vad heter du?",
        contact="Hur får vi kontakt med dig?",
    ),
    "en": Language(
        survey="Answer: ",
        begin="Start answering",
        done="Done",
        chosen="✓ chosen: ",
        write="Write your answer as a message",
        send="Send",
        send_and_remove="Send and remove conversation",
        arrived="Thank you, your answers have arrived",
        apply="Apply to the panel",
        begin_application="Start my application",
        applied="Thank you, we have your application",
        tell="Tell me about",
        gates=("Do you work for", "Are you a member of the youth council"),
        no="2. No",
        name="What is your name?",
        contact="How can we reach you?",
    ),
}


@dataclass(frozen=True, slots=True)
class Tap:
    label: str


@dataclass(frozen=True, slots=True)
class Write:
    text: str


@dataclass(slots=True)
class Reader:
    """One person. `types` is somebody who writes the number of a choice instead of tapping it.
    `words` are what they have to tell; each open question gets the next of them. `removes` is
    somebody who has the conversation taken away when it is sent."""

    language: Language
    name: str
    contact: str
    words: list[str]
    types: bool = False
    removes: bool = False

    def next(self, text: str, labels: Sequence[str]) -> Tap | Write | None:
        """What to do with a card, from the menu to the receipt of the application; None there."""
        says = self.language
        if says.applied in text:
            return None
        if says.arrived in text:
            return Tap(_one(labels, says.apply))
        for start in (says.survey, says.begin, says.begin_application):
            if any(label.startswith(start) for label in labels):
                return Tap(_one(labels, start))
        if self.removes and says.send_and_remove in labels:
            return Tap(says.send_and_remove)
        if says.send in labels:
            return Tap(says.send)
        if says.name in text:
            return Write(self.name)
        if says.contact in text:
            return Write(self.contact)
        if says.write in text:
            return Write(self.words.pop(0))
        if any(label.startswith(says.chosen) for label in labels) and says.done in labels:
            return Tap(says.done)
        if any(gate in text for gate in says.gates):
            return Tap(says.no)
        if self.types and re.search(r"^1[. ]", text, re.MULTILINE):
            return Write("1")
        return Tap(labels[0])


def _one(labels: Sequence[str], start: str) -> str:
    return next(label for label in labels if label.startswith(start))

"""The coordinators' guides say what the bot says: every button they name is one, their pictures are
there, and neither is longer than people read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
GUIDES = {"fi": "koordinaattori.md", "en": "coordinator.md"}
TELEGRAMS = {"fi": "Aloita", "en": "Start"}
"""The one button that is Telegram's own."""

LONGEST = 1000
"""Words: two pages."""
HEAVIEST = 60_000
"""Bytes of a picture."""

guide = pytest.mark.parametrize("language", GUIDES)


def text(language: str) -> str:
    return (ROOT / "docs" / GUIDES[language]).read_text(encoding="utf-8")


def labels(language: str) -> set[str]:
    """Everything the bot says, as a button bears it."""
    file = ROOT / "locales" / language / "LC_MESSAGES" / "raati.po"
    with file.open("rb") as catalogue:
        said = {str(one.string) for one in read_po(catalogue) if isinstance(one.string, str)}
    return {one.rstrip("…") for one in said} | {TELEGRAMS[language]}


@guide
def test_every_button_it_names_is_one(language: str) -> None:
    bold = re.findall(r"\*\*(.+?)\*\*", text(language))
    named = [" ".join(one.split()).rstrip(".") for many in bold for one in many.split(" → ")]
    assert len(named) > 20
    assert [one for one in named if one not in labels(language)] == []


@guide
def test_its_pictures_are_there_and_light_and_told_in_words(language: str) -> None:
    pictures = re.findall(r'<img src="([\w-]+\.png)" [^>]*alt="([^"]+)">', text(language))
    assert len(pictures) == text(language).count("<img") == 4
    for name, told in pictures:
        assert (ROOT / "docs" / name).stat().st_size < HEAVIEST, name
        assert len(told) > 20


@guide
def test_it_is_two_pages(language: str) -> None:
    assert len(re.sub(r"<img[^>]*>", "", text(language)).split()) <= LONGEST


def test_both_have_the_same_chapters_and_pictures() -> None:
    shapes = [
        [line[:2] for line in re.findall(r"(?m)^(?:#+|\d\.|-|\||<img)", text(one))]
        for one in GUIDES
    ]
    assert shapes[0] == shapes[1]
    sources = [re.findall(r'src="([^"]+)"', text(one)) for one in GUIDES]
    assert sources[0] == sources[1]


def test_the_readme_leads_to_both() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"docs/{file}" in readme for file in GUIDES.values())

"""The phrases the code asks for, and the catalogues that hold them in each language.

The code asks with `Say("button.begin")`: a key, never a text, so that no language is the original.
`python -m tests.catalogues` brings new keys, empty, into every catalogue, takes away those nobody
asks for, and names what is still to be written. Only a key that stands there literally can be
collected; any other is an error, because its text could go missing unseen.
"""

from __future__ import annotations

import ast
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from dialogs.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog, Message

ROOT: Final = Path(__file__).parents[1]
SOURCES: Final = ("bot", "dialogs")

HEADER: Final = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
"""No dates and no names of tools: a catalogue changes only when a text does."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One `Say(…)` in the code."""

    place: str  # "dialogs/menu.py:27"
    key: str | None  # None where it is not a literal
    values: frozenset[str] | None  # the names of its values; None where they cannot be seen
    counted: bool  # asks for a plural form


def keys(root: Path = ROOT) -> set[str]:
    """Every key the code asks for."""
    return {
        message
        for source in SOURCES
        for _, _, message, _, _ in extract_from_dir(
            root / source, [("**.py", "python")], keywords={"Say": (1,)}
        )
        if isinstance(message, str)
    }


def asked(root: Path = ROOT) -> Iterator[Asked]:
    """Every `Say(…)` in the code, as it is called."""
    for source in SOURCES:
        for path in sorted((root / source).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            named = _named_dicts(tree)
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _is_say(node.func):
                    place = f"{path.relative_to(root).as_posix()}:{node.lineno}"
                    yield _asked(node, place, named)


def _is_say(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name == "Say"


def _asked(call: ast.Call, place: str, named: dict[str, ast.Dict | None]) -> Asked:
    given = dict(zip(("phrase", "values", "count"), call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
    first = call.args[0] if call.args else None
    return Asked(
        place,
        first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None,
        _names(given["values"], named) if "values" in given else frozenset(),
        "count" in given,
    )


def _named_dicts(tree: ast.Module) -> dict[str, ast.Dict | None]:
    """The dicts that have a name in a module; None where one name stands for several."""
    named: dict[str, ast.Dict | None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    named[target.id] = None if target.id in named else node.value
    return named


def _names(values: ast.expr, named: dict[str, ast.Dict | None]) -> frozenset[str] | None:
    if isinstance(values, ast.Name):
        found = named.get(values.id)
        return _names(found, named) if found is not None else None
    if not isinstance(values, ast.Dict):
        return None
    names: set[str] = set()
    for key, value in zip(values.keys, values.values, strict=True):
        if key is None:  # {**place}
            inner = _names(value, named)
            if inner is None:
                return None
            names |= inner
        elif isinstance(key, ast.Constant):
            names.add(str(key.value))
    return frozenset(names)


def path(language: str, root: Path = ROOT) -> Path:
    return root / "locales" / language / "LC_MESSAGES" / "raati.po"


def read(language: str, root: Path = ROOT) -> Catalog:
    with path(language, root).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def written(language: str, catalogue: Catalog) -> str:
    """A catalogue as its file: in the order of keys, nothing in it that changes by itself."""
    body = io.BytesIO()
    write_po(body, catalogue, width=100, omit_header=True, sort_output=True)
    return HEADER.format(language=language) + body.getvalue().decode()


def texts(catalogue: Catalog) -> dict[str, tuple[str, ...]]:
    """The texts by key: one, or the singular and the plural."""
    return {_key(message): _forms(message) for message in catalogue if message.id}


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def check(root: Path = ROOT) -> list[str]:
    """A sentence for everything that would leave somebody without a text."""
    complaints = unseen(root)
    calls = list(asked(root))
    wanted = keys(root)
    counted = {call.key for call in calls if call.counted}
    for language in LANGUAGES:
        there = texts(read(language, root))
        complaints += [
            f"{language}: {key} has no text."
            for key in sorted(wanted)
            if not all(there.get(key, ("",)))
        ]
        complaints += [
            f"{language}: nothing asks for {key}." for key in sorted(there.keys() - wanted)
        ]
        complaints += [
            f"{language}: {key} is asked for {'with' if key in counted else 'without'} a count."
            for key in sorted(wanted & there.keys())
            if (len(there[key]) > 1) != (key in counted)
        ]
    return complaints


def unseen(root: Path = ROOT) -> list[str]:
    """Every `Say` whose key does not stand there literally."""
    return [
        f'{call.place}: write the key of a phrase where it is said, as in Say("button.begin").'
        for call in asked(root)
        if call.key is None
    ]


def collect(root: Path = ROOT) -> None:
    """Brings every catalogue to the keys the code asks for."""
    wanted = keys(root)
    places = {call.key: call.place.partition(":")[0] for call in asked(root)}
    counted = {call.key for call in asked(root) if call.counted}
    for language in LANGUAGES:
        catalogue = read(language, root)
        there = texts(catalogue)
        for key in there.keys() - wanted:
            catalogue.delete(key)
        for key in wanted:
            plural = key in counted
            if key in there and (len(there[key]) > 1) == plural:
                continue
            kept = there.get(key, ("",))[-1]
            notes = catalogue[key].auto_comments if key in there else [f"Said in {places[key]}."]
            catalogue.delete(key)
            if plural:
                catalogue.add((key, key), (kept, kept), auto_comments=notes)
            else:
                catalogue.add(key, kept, auto_comments=notes)
        path(language, root).write_text(written(language, catalogue), "utf-8")


def main() -> int:
    complaints = unseen()
    if not complaints:  # a key that cannot be seen would be taken for one that nobody asks for
        collect()
        complaints = check()
    sys.stdout.writelines(f"{complaint}\n" for complaint in complaints)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())

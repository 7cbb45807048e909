"""`raati forms check`: every mistake in forms, at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot import forms as forming
from bot.commands import words
from bot.settings import read
from dialogs.forms import loader

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from dialogs.forms.model import Choice


def add(commands: words.Commands) -> None:
    forms = words.below(
        commands.add_parser(
            "forms",
            help="check forms",
            description="A survey or an application is one YAML file, in XLSForm's vocabulary.",
        )
    )
    check = forms.add_parser(
        "check",
        help="name every mistake in forms",
        description="Names every mistake in each form at once, with file and line. Exits with 1 "
        "if there is any; warnings alone are no mistakes.",
    )
    check.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a YAML file or a folder of them"
    )
    check.set_defaults(do=_check)


def _check(options: argparse.Namespace) -> int:
    lists = forming.office(read()).lists()
    mistakes = 0
    for path in options.paths:
        files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not files:
            print(f"{path}: there are no forms here, no file whose name ends in .yaml.")
            mistakes += 1
        for file in files:
            mistakes += _check_form(file, lists)
    return 1 if mistakes else 0


def _check_form(file: Path, lists: Mapping[str, tuple[Choice, ...]]) -> int:
    """Prints what is wrong with one form; how many mistakes there were."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        print(f"{file}: cannot be read as a text file in UTF-8.")
        return 1
    form, complaints = loader.read(text, lists)
    for complaint in complaints:
        place = f"{file}:{complaint.line}"
        row = f" {complaint.row}:" if complaint.row else ""
        weight = "" if complaint.error else " warning:"
        print(f"{place}:{weight}{row} {forming.english(complaint.said)}")
        if complaint.excerpt:
            print(complaint.excerpt)
    if form is not None and f"{form.name}.yaml" != file.name:
        print(
            f"{file}: warning: the form calls itself {form.name}: it is opened only from a file "
            f"{form.name}.yaml."
        )
    elif not complaints:
        print(f"{file}: no mistakes.")
    return sum(complaint.error for complaint in complaints)

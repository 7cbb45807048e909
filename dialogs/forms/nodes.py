"""A form's YAML as plain nodes that know their lines, and nothing else of YAML.

Every scalar is a text: `yes`, `1` and `2026-02-08` mean what the form's reader makes of them. What
a form has no need of is refused before it can do harm: aliases (a few of them unfold to gigabytes),
tags, deep nesting, large files, characters that no screen shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

from dialogs.forms.complaints import figure
from dialogs.screens import Say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.screens import Words

SIZE: Final = 256 * 1024
"""How large a file may be, in bytes of UTF-8."""
NODES: Final = 20_000
DEPTH: Final = 12

_UNSHOWN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Unreadable(Exception):  # noqa: N818 - it is a finding about a file, told to its writer
    """The text is no YAML of ours. `said` is what to do; `line` is from 1."""

    def __init__(self, said: Words, line: int) -> None:
        super().__init__(said)
        self.said = said
        self.line = line


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping, in the order written; a key may stand twice, which the reader complains of."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int


Node = Scalar | Items | Table


def compose(source: str) -> Node:
    """The one document in `source`. Raises `Unreadable`, and nothing else."""
    if len(source.encode(errors="surrogatepass")) > SIZE:
        raise Unreadable(Say("unreadable.file_large", {"most": figure(SIZE // 1024)}), 1)
    events = _events(source)
    builder = _Builder(events)
    root = builder.node(next(events), 0)
    more = next(events)
    if not isinstance(more, yaml.StreamEndEvent):
        raise Unreadable(Say("unreadable.second_document"), _line(more))
    return root


def _events(source: str) -> Iterator[yaml.Event]:
    """What stands in the stream, without where it and its documents begin and end."""
    framing = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
    try:
        events = yaml.parse(source, Loader=yaml.BaseLoader)
        yield from (event for event in events if not isinstance(event, framing))
    except yaml.MarkedYAMLError as refused:
        raise _refusal(refused) from None
    except yaml.reader.ReaderError as refused:
        line = source.count("\n", 0, refused.position) + 1
        raise Unreadable(Say("unreadable.not_shown"), line) from None
    except (ValueError, OverflowError):  # PyYAML's own, of "\UFFFFFFFF" and of %YAML 1.999…
        raise Unreadable(Say("unreadable.yaml_number"), 1) from None


_SLIPS: Final = (
    ("mapping values are not allowed", Say("unreadable.yaml_colon")),
    ("escape", Say("unreadable.yaml_backslash")),
    ("quoted scalar", Say("unreadable.yaml_quote")),
    ("cannot start any token", Say("unreadable.yaml_beginning")),
    ("a block scalar", Say("unreadable.yaml_beginning")),
    ("an alias", Say("unreadable.alias")),
    ("an anchor", Say("unreadable.alias")),
    ("a tag", Say("unreadable.tag")),
    ("a flow ", Say("unreadable.yaml_bracket")),
    ("could not find expected ':'", Say("unreadable.yaml_no_colon")),
)
"""What PyYAML says of the slips that happen most, and what we say."""


def _refusal(refused: yaml.MarkedYAMLError) -> Unreadable:
    """Told where what is wrong begins: that a quote or bracket is never closed is seen only at the
    end of the file or on another line."""
    reason = f"{refused.problem} {refused.context}"
    said = next((said for piece, said in _SLIPS if piece in reason), Say("unreadable.not_yaml"))
    mark = refused.problem_mark if "block" in reason else refused.context_mark
    mark = mark or refused.problem_mark
    return Unreadable(said, mark.line + 1 if mark else 1)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


class _Builder:
    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.nodes = 0

    def node(self, event: yaml.Event, depth: int) -> Node:
        """The node that begins with `event`, deep or shallow."""
        line = _line(event)
        self.nodes += 1
        if depth > DEPTH or self.nodes > NODES:
            raise Unreadable(Say("unreadable.file_deep"), line)
        if isinstance(event, yaml.StreamEndEvent):
            raise Unreadable(Say("unreadable.file_empty"), line)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise Unreadable(Say("unreadable.alias"), line)
        if getattr(event, "tag", None) is not None:
            raise Unreadable(Say("unreadable.tag"), line)
        if isinstance(event, yaml.ScalarEvent):
            if _UNSHOWN.search(event.value):
                raise Unreadable(Say("unreadable.not_shown"), line)
            return Scalar(event.value.strip(), line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self.until(yaml.SequenceEndEvent, depth)), line)
        parts = list(self.until(yaml.MappingEndEvent, depth))
        pairs = []
        for key, value in zip(parts[::2], parts[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise Unreadable(Say("unreadable.name_before_colon"), key.line)
            pairs.append((key, value))
        return Table(tuple(pairs), line)

    def until(self, end: type[yaml.Event], depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), end):
            yield self.node(event, depth + 1)

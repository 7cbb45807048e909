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

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE: Final = 256 * 1024
"""How large a file may be, in bytes of UTF-8."""
NODES: Final = 20_000
DEPTH: Final = 12

_UNSHOWN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Unreadable(Exception):  # noqa: N818 - it is a finding about a file, told to its writer
    """The text is no YAML of ours. `sentence` says what to do; `line` is from 1."""

    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
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
        raise Unreadable(f"The file is too large: a form has room for {SIZE // 1024} KB.", 1)
    events = _events(source)
    builder = _Builder(events)
    root = builder.node(next(events), 0)
    more = next(events)
    if not isinstance(more, yaml.StreamEndEvent):
        raise Unreadable("A second document begins here; a file is one form.", _line(more))
    return root


def _events(source: str) -> Iterator[yaml.Event]:
    """What stands in the stream, without where it and its documents begin and end."""
    framing = (yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
    try:
        events = yaml.parse(source, Loader=yaml.BaseLoader)
        yield from (event for event in events if not isinstance(event, framing))
    except yaml.MarkedYAMLError as refused:
        mark = refused.problem_mark or refused.context_mark
        raise Unreadable(
            f"This is not YAML: {refused.problem or refused.context}. "
            "A text with a colon or a # in it needs quotes around it.",
            mark.line + 1 if mark else 1,
        ) from None
    except yaml.reader.ReaderError as refused:
        line = source.count("\n", 0, refused.position) + 1
        raise Unreadable("There is a character here that no screen can show.", line) from None
    except (ValueError, OverflowError):  # PyYAML's own, of "\UFFFFFFFF" and of %YAML 1.999…
        raise Unreadable("This is not YAML: it holds a number that means nothing.", 1) from None


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
            raise Unreadable("The file is deeper or longer than any form.", line)
        if isinstance(event, yaml.StreamEndEvent):
            raise Unreadable("The file is empty.", line)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise Unreadable("& and * have no place in a form; write the text itself.", line)
        if getattr(event, "tag", None) is not None:
            raise Unreadable("A text that begins with ! needs quotes around it.", line)
        if isinstance(event, yaml.ScalarEvent):
            if _UNSHOWN.search(event.value):
                raise Unreadable("There is a character here that no screen can show.", line)
            return Scalar(event.value.strip(), line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self.until(yaml.SequenceEndEvent, depth)), line)
        parts = list(self.until(yaml.MappingEndEvent, depth))
        pairs = []
        for key, value in zip(parts[::2], parts[1::2], strict=True):
            if not isinstance(key, Scalar):
                raise Unreadable("A name is expected before the colon.", key.line)
            pairs.append((key, value))
        return Table(tuple(pairs), line)

    def until(self, end: type[yaml.Event], depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), end):
            yield self.node(event, depth + 1)

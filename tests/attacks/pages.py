"""SQLite's files as bytes: at which page and offset each row lies, and what lies where no row is.

After "Database File Format" of the SQLite project: the b-tree pages (section 1.6), records (2.1),
tables WITHOUT ROWID (2.4) and the write-ahead log (4). A thief has no reason to let SQLite open the
files: it would show the newest rows only, and no places. Here every commit that still lies in the
log is a moment of its own, and every version of a page can be looked at, also of pages and bytes
that nothing uses any more.
"""

from __future__ import annotations

import re
import sqlite3
import struct
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Value: TypeAlias = "int | float | str | bytes | None"

MAGIC: Final = b"SQLite format 3\0"
_LOGS: Final = (0x377F0682, 0x377F0683)
_TREES: Final = {0x02: "index inner", 0x05: "table inner", 0x0A: "index leaf", 0x0D: "table leaf"}


@dataclass(frozen=True, slots=True)
class Row:
    """A row and where it lies. `rowid` is None in a table that has none."""

    values: Mapping[str, Value]
    rowid: int | None
    page: int
    offset: int


class _Cell(NamedTuple):
    offset: int
    left: int  # the page left of it, in an inner page; else 0
    rowid: int | None
    size: int  # of the payload, 0 where there is none
    local: bytes
    overflow: int  # first page of the rest; 0: there is no rest


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` in the order in which a row holds them; `number` stands for the rowid, if any."""

    name: str
    root: int
    columns: tuple[str, ...]
    number: str | None


class Database:
    """One file at one moment."""

    def __init__(self, pages: Mapping[int, bytes]) -> None:
        self.pages = pages
        self.usable = len(pages[1]) - pages[1][20] if 1 in pages else 0
        self.tables = {table.name: table for table in self._schema()} if 1 in pages else {}

    def rows(self, table: str, *, whole: bool = True) -> list[Row]:
        """All rows of `table` in the order of its tree; none if there is no such table. Where not
        `whole`, what lies on overflow pages is left out: such a value is None."""
        if table not in self.tables:
            return []
        return list(self._rows(self.tables[table], whole))

    def _rows(self, table: Table, whole: bool) -> Iterator[Row]:
        for page, cell in self._cells(table.root):
            if not cell.size:
                continue
            payload = self._payload(cell) if whole and cell.overflow else cell.local
            values = dict(zip(table.columns, record(payload), strict=False))
            if table.number:
                values[table.number] = cell.rowid
            yield Row(values, cell.rowid, page, cell.offset)

    def _cells(self, root: int) -> Iterator[tuple[int, _Cell]]:
        waiting = [root]
        while waiting:
            number = waiting.pop()
            page = self.pages.get(number)
            if page is None:
                continue
            cells, right = read_cells(page, 100 if number == 1 else 0, self.usable)
            inner = [cell.left for cell in cells if cell.left]
            waiting += reversed([*inner, *([right] if right else [])])
            for cell in cells:
                yield number, cell

    def _payload(self, cell: _Cell) -> bytes:
        held, at = cell.local, cell.overflow
        while at and len(held) < cell.size and at in self.pages:
            page = self.pages[at]
            held += page[4 : self.usable]
            at = int.from_bytes(page[:4], "big")
        return held[: cell.size]

    def _schema(self) -> Iterator[Table]:
        columns = ("type", "name", "tbl_name", "rootpage", "sql")
        for row in self._rows(Table("sqlite_schema", 1, columns, None), whole=True):
            root, sql = row.values["rootpage"], row.values["sql"]
            if row.values["type"] == "table" and isinstance(root, int) and isinstance(sql, str):
                name = str(row.values["name"])
                yield Table(name, root, *_columns(sql, name))


def newest(folder: Path) -> Database:
    """The database in `folder` as SQLite would show it."""
    *_, last = Moments().of(folder)
    return last


class Moments:
    """What several copies of one database show, one after another, of its life in between."""

    def __init__(self) -> None:
        self._salt = b""  # of the log that was read last
        self._read = 0  # frames of it
        self._held = b"", b""  # the files themselves

    def of(self, folder: Path) -> Iterator[Database]:
        """The database in `folder`: the file alone, then with each commit that still lies in its
        log, in their order; of a log that an earlier copy had, what has come since."""
        file, log = _files(folder)
        held = file.read_bytes(), log.read_bytes() if log.exists() else b""
        if held == self._held:
            return
        self._held = held
        frames = list(_frames(held[1]))
        salt = frames[0].salt if frames else b""
        # What comes after has another salt: it is left of an earlier log.
        frames = [frame for frame in frames if frame.salt == salt]
        known = self._read if salt and salt == self._salt else 0
        self._salt, self._read = salt, len(frames)
        pages = _cut(held[0])
        if pages and not known:
            yield Database(pages)
        coming: dict[int, bytes] = {}
        for place, frame in enumerate(frames, 1):
            coming[frame.number] = frame.page
            if frame.size and place >= known:
                pages = {**pages, **coming}
                pages = {number: page for number, page in pages.items() if number <= frame.size}
                coming = {}
                yield Database(pages)


def versions(folder: Path) -> dict[int, list[bytes]]:
    """Every version of every page that the files in `folder` hold, used or not."""
    file, log = _files(folder)
    found: dict[int, list[bytes]] = defaultdict(list)
    for number, page in _cut(file.read_bytes()).items():
        found[number].append(page)
    for frame in _frames(log.read_bytes() if log.exists() else b""):
        found[frame.number].append(frame.page)
    return found


def left_over(folder: Path, table: str) -> Iterator[dict[str, Value]]:
    """Rows of `table` that lie anywhere in the files: in old versions of pages in the log, on free
    pages, in free bytes, as well as the live ones.

    A row is known by the end of its record's header, because the first four bytes of an erased cell
    are overwritten. Where a row goes on over other pages, each version of those is tried.
    """
    database = newest(folder)
    if table not in database.tables:
        return
    columns = database.tables[table].columns
    shape = _shape(columns)
    every = versions(folder)
    for kept in every.values():
        for page in kept:
            for match in shape.finditer(page):
                yield from _carved(page, match, columns, database.usable, every)


def _shape(columns: tuple[str, ...]) -> re.Pattern[bytes]:
    """The end of a record's header: a key of 16 bytes, a name, a box of more than 57 bytes, a day.
    The first of them may be lost; what lies before it always may."""
    kinds = {"tag": b"\x2c", "key": b"\x2c", "expires": b"\x21"}
    kinds |= dict.fromkeys(("form", "survey"), rb"[\x0f-\x3d]")
    first, *others = (kinds.get(column, rb"[\x81-\xff]{1,2}[\x00-\x7f]") for column in columns)
    return re.compile(b"(?=(?P<head>(?:" + first + b")?" + b"".join(others) + b"))", re.DOTALL)


def _carved(
    page: bytes,
    match: re.Match[bytes],
    columns: tuple[str, ...],
    usable: int,
    every: Mapping[int, list[bytes]],
) -> Iterator[dict[str, Value]]:
    head = match["head"]
    types = []
    at = 0
    while at < len(head):
        kind, at = varint(head, at)
        types.append(kind)
    if len(types) == len(columns) - 1:
        # The first serial type is lost: the name's length, which the name itself tells.
        start = match.start("head") + len(head)
        named = re.compile(rb"[a-z][a-z0-9_]{0,23}").match(page, start)
        if columns[0] in ("form", "survey") and named:
            options = [[13 + 2 * size, *types] for size in range(1, len(named[0]) + 1)]
        else:
            options = [[44, *types]]
    else:
        options = [types]
    for tried in options:
        sizes = [_size(kind) for kind in tried]
        header = 1 + sum(len(_varint(kind)) for kind in tried)
        total = header + sum(sizes)
        start = match.start("head") + len(head)
        local = _local(total, usable, table=False)
        end = start + local - header
        if end + 4 > len(page) or total > 1 << 16:
            continue
        bodies = [page[start:end]]
        if local < total:
            pointer = int.from_bytes(page[end : end + 4], "big")
            bodies = [
                bodies[0] + rest for rest in _chains(pointer, total - local, usable, every, 8)
            ]
        for body in bodies:
            values: dict[str, Value] = {}
            place = 0
            for column, kind, size in zip(columns, tried, sizes, strict=True):
                values[column] = _value(kind, body[place : place + size])
                place += size
            yield values


def _chains(
    pointer: int, size: int, usable: int, every: Mapping[int, list[bytes]], deep: int
) -> Iterator[bytes]:
    """What may lie on the pages from `pointer` on, in all their versions."""
    if not deep:
        return
    for page in every.get(pointer, ()):
        held = page[4:usable][:size]
        if len(held) == size:
            yield held
        else:
            following = int.from_bytes(page[:4], "big")
            for rest in _chains(following, size - len(held), usable, every, deep - 1):
                yield held + rest


class _Frame(NamedTuple):
    number: int
    size: int  # of the database in pages after this commit; 0: no commit here
    salt: bytes
    page: bytes


def _files(folder: Path) -> tuple[Path, Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix not in (".db-wal", ".db-shm"):
            with file.open("rb") as opened:
                head = opened.read(16)
            beside = file.with_name(f"{file.name}-wal")
            if head == MAGIC or (not head and beside.exists()):
                return file, beside
    raise ValueError(f"there is no database in {folder}")


def _cut(held: bytes) -> dict[int, bytes]:
    if held[:16] != MAGIC:
        return {}
    size = int.from_bytes(held[16:18], "big")
    size = 1 << 16 if size == 1 else size
    whole = range(0, len(held) - size + 1, size)
    return {number: held[at : at + size] for number, at in enumerate(whole, 1)}


def _frames(held: bytes) -> Iterator[_Frame]:
    """What the log `held` holds."""
    if len(held) < 32 or int.from_bytes(held[:4], "big") not in _LOGS:
        return
    size = int.from_bytes(held[8:12], "big")
    # The head's own salt comes first: whatever has another is of an earlier log.
    for at in range(32, len(held) - size - 23, size + 24):
        number, after = struct.unpack(">II", held[at : at + 8])
        salt = held[at + 8 : at + 16]
        if at == 32 and salt != held[16:24]:
            after = 0
        yield _Frame(number, after, salt, held[at + 24 : at + 24 + size])


@lru_cache(maxsize=20_000)
def read_cells(page: bytes, start: int, usable: int) -> tuple[tuple[_Cell, ...], int]:
    """The cells of a b-tree page whose head is at `start`, and its rightmost page (0: a leaf)."""
    kind = _TREES.get(page[start])
    if kind is None:
        return (), 0
    inner = kind.endswith("inner")
    count = int.from_bytes(page[start + 3 : start + 5], "big")
    right = int.from_bytes(page[start + 8 : start + 12], "big") if inner else 0
    first = start + (12 if inner else 8)
    places = struct.unpack_from(f">{count}H", page, first)
    return tuple(_cell(page, place, kind, usable) for place in places), right


def _cell(page: bytes, offset: int, kind: str, usable: int) -> _Cell:
    at, left, rowid = offset, 0, None
    if kind.endswith("inner"):
        left = int.from_bytes(page[at : at + 4], "big")
        at += 4
    if kind == "table inner":
        return _Cell(offset, left, None, 0, b"", 0)
    size, at = varint(page, at)
    if kind == "table leaf":
        rowid, at = varint(page, at)
    local = _local(size, usable, table=kind == "table leaf")
    held = page[at : at + local]
    more = int.from_bytes(page[at + local : at + local + 4], "big") if local < size else 0
    return _Cell(offset, left, rowid, size, held, more)


def _local(size: int, usable: int, *, table: bool) -> int:
    """How many bytes of a payload of `size` lie in the cell itself (section 1.6)."""
    most = usable - 35 if table else (usable - 12) * 64 // 255 - 23
    least = (usable - 12) * 32 // 255 - 23
    if size <= most:
        return size
    spread = least + (size - least) % (usable - 4)
    return spread if spread <= most else least


def record(payload: bytes) -> list[Value]:
    """The values of a record; None for one that its bytes do not reach."""
    header, at = varint(payload, 0)
    kinds = []
    while at < header:
        kind, at = varint(payload, at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        size = _size(kind)
        values.append(_value(kind, payload[at : at + size]))
        at += size
    return values


def varint(held: bytes, at: int) -> tuple[int, int]:
    """SQLite's number at `at`, and where it ends."""
    number = 0
    for place in range(8):
        byte = held[at + place]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, at + place + 1
    return number << 8 | held[at + 8], at + 9


def _varint(number: int) -> bytes:
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


_SIZES: Final = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)


def _size(kind: int) -> int:
    return _SIZES[kind] if kind < 10 else 0 if kind < 12 else (kind - 12) // 2


def _value(kind: int, held: bytes) -> Value:
    if len(held) < _size(kind) or kind == 0:
        return None
    if kind == 7:
        return float(struct.unpack(">d", held)[0])
    if kind in (8, 9):
        return kind - 8
    if kind < 8:
        return int.from_bytes(held, "big", signed=True)
    return held if kind % 2 == 0 else held.decode("utf-8", "replace")


@lru_cache(maxsize=1000)
def _columns(sql: str, table: str) -> tuple[tuple[str, ...], str | None]:
    """The columns as a row holds them, and the one that stands for the rowid."""
    beside = sqlite3.connect(":memory:")
    try:
        beside.execute(sql)
        named = beside.execute("SELECT name, type, pk FROM pragma_table_info(?)", (table,))
        about = list(named)
    except sqlite3.Error:
        return (), None  # SQLite's own, such as sqlite_sequence, may not be made by hand
    finally:
        beside.close()
    keys = [name for name, _, place in sorted(about, key=lambda one: one[2]) if place]
    if re.search(r"WITHOUT\s+ROWID", sql, re.IGNORECASE):
        return (*keys, *(name for name, _, place in about if not place)), None
    number = keys[0] if len(keys) == 1 else None
    if number and not any(name == number and kind.upper() == "INTEGER" for name, kind, _ in about):
        number = None
    return tuple(name for name, *_ in about), number

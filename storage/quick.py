"""The short way of a tapped answer: one statement, one step of the driver's thread.

SQLAlchemy's asyncio crosses to the driver's thread and back for the cursor, the statement, the
rows and the commit, each time: ten crossings where a tap needs two. A statement that is its own
transaction needs none of that. It is written in Core like every other, compiled once, and handed
to the driver whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.sql.expression import ClauseElement

_DIALECT: Final = SQLiteDialect_aiosqlite(paramstyle="qmark")


class Quick:
    """A compiled statement. Rows come as the database has them: bytes, text and whole numbers are
    what they are, a date would be text."""

    def __init__(self, statement: ClauseElement) -> None:
        compiled = _DIALECT.statement_compiler(_DIALECT, statement)
        self.sql: Final = compiled.string
        self._binds: Final = [
            (name, compiled.binds[name].type.dialect_impl(_DIALECT).bind_processor(_DIALECT))
            for name in compiled.positiontup or ()
        ]

    def bind(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """`values`, by name, as the driver wants them. Raises KeyError for a missing one."""
        return tuple(
            values[name] if process is None else process(values[name])
            for name, process in self._binds
        )

"""A table of states, walked in SQL: rows go where the table says, and others stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import case, update

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from sqlalchemy import Table, Update

State = TypeVar("State", bound="StrEnum")
Event = TypeVar("Event", bound="StrEnum")


def walked(table: Table, life: Mapping[tuple[State, Event], State], happened: Event) -> Update:
    """The statement by which `happened` happens to rows of `table`, by the states of their `life`;
    to which rows the caller adds."""
    after = {str(before): str(then) for (before, event), then in life.items() if event is happened}
    state = table.c.state
    return update(table).where(state.in_(list(after))).values(state=case(after, value=state))

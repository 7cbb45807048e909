"""Every page and every task of broadcasts, for `dialogs.panel.door`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.broadcasts import (
    confirming,
    correcting,
    desk,
    handing,
    leading,
    pointing,
    retracting,
    testing,
    underway,
    writing,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.panel.buttons import Page
    from dialogs.panel.cards import Press, Steps

PAGES: Final[Mapping[Page, Press]] = {
    **desk.PAGES,
    **writing.PAGES,
    **testing.PAGES,
    **confirming.PAGES,
    **handing.PAGES,
    **leading.PAGES,
    **pointing.PAGES,
    **underway.PAGES,
    **correcting.PAGES,
    **retracting.PAGES,
}

TASKS: Final[Mapping[str, Steps]] = {**writing.TASKS, **pointing.TASKS, **correcting.TASKS}

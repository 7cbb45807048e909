"""Every page and every task of surveys and calls, for `dialogs.panel.door`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.running import (
    beginning,
    closing,
    desk,
    extending,
    linking,
    opening,
    replacing,
    telling,
    trying,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.panel.buttons import Page
    from dialogs.panel.cards import Press, Steps

PAGES: Final[Mapping[Page, Press]] = {
    **desk.PAGES,
    **beginning.PAGES,
    **trying.PAGES,
    **opening.PAGES,
    **linking.PAGES,
    **telling.PAGES,
    **extending.PAGES,
    **replacing.PAGES,
    **closing.PAGES,
}

FILES: Final = (("form", "file"), ("newform", "file"))
"""The steps of tasks at which a file is sent to be read."""

TASKS: Final[Mapping[str, Steps]] = {
    **beginning.TASKS,
    **opening.TASKS,
    **extending.TASKS,
    **replacing.TASKS,
}

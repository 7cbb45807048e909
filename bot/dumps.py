"""No core dumps: what a crashed process held in memory stays out of files.

A dump would hold keys, answers in hand and the bot's token. A limit of 0 keeps the kernel from
writing one into a folder, but not from piping it to a collector such as systemd-coredump, which
ignores the limit (core(5)); a process that is not dumpable is spared by both. It also gives the
process's files under /proc to root, so that others of the same user cannot read its memory there.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4  # linux/prctl.h


def forbid() -> None:
    """Forbid this process core dumps, for good. Raises OSError where the system refuses."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

"""How often a property is tried: as often as a minute allows and always the same examples, or, with
RAATI_TRIES=5000 in the environment, so many new ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

TRIES = int(os.environ.get("RAATI_TRIES", "0"))


def tries(usually: int) -> settings:
    return settings(
        max_examples=TRIES or usually,
        derandomize=not TRIES,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )

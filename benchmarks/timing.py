"""Time of the processor, all threads together, so that other work on the machine hardly counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def best(work: Callable[[], Result], repeat: int) -> tuple[float, Result]:
    """Least processor time of several runs in seconds, and the last result."""
    times = []
    for _ in range(repeat):
        start = time.process_time()
        result = work()
        times.append(time.process_time() - start)
    return min(times), result

"""What every picture shares: its axes, its labels, its empty state, and numbers that keep apart."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from risk.display import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["amount", "axes_of", "empty", "heading", "rows_of", "spread", "waterfall_height", "wrapped"]

NEUTRAL = "#555555"
LINE_LENGTH, LINES = 58, 2
INCHES_A_ROW = 0.36


def axes_of(ax: Axes | None, height: float, width: float = 10) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt  # loaded on first use: `import risk` stays light

    return plt.subplots(figsize=(width, height), layout="constrained")[1]


def waterfall_height(rows: int) -> float:
    """
    Inches a waterfall of some rows needs to keep its two-line labels apart.

    Examples
    --------
    >>> waterfall_height(16) > waterfall_height(5) > 2
    True
    """
    return 1.1 + INCHES_A_ROW * max(rows, 3)


def wrapped(date: object, text: object, *, line: int = LINE_LENGTH, lines: int = LINES) -> str:
    """A day and a text, wrapped between words and cut with an ellipsis after the last line that fits."""
    text = visible(text) if pd.isna(date) else f"{date:%Y-%m-%d}  {visible(text)}"
    return textwrap.fill(text, line, max_lines=lines, placeholder=" …", drop_whitespace=True)


def amount(value: float) -> str:
    """
    Three digits with a true minus; a plain 0 where they would all be 0.

    Examples
    --------
    >>> amount(-0.25), amount(0.0001)
    ('−0.250', '0')
    """
    return f"{value:+.3f}".replace("-", "−") if abs(value) >= 0.0005 else "0"


def heading(ax: Axes, title: str, pad: float = 6.0) -> None:
    ax.set_title(visible(title), loc="left", fontsize=11, parse_math=False, pad=pad)


def rows_of(ax: Axes, labels: list[str]) -> None:
    """Rows from top to bottom, each with its label."""
    ax.set_yticks(np.arange(len(labels)), labels, fontsize=8, linespacing=1.1)
    for tick in ax.get_yticklabels():
        tick.set_parse_math(False)
    ax.tick_params(axis="y", length=0)
    ax.invert_yaxis()
    ax.grid(axis="x", color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right", "left"]].set_visible(False)


def empty(ax: Axes, title: str) -> Axes:
    ax.text(0.5, 0.5, "nothing on record", ha="center", va="center", transform=ax.transAxes, color=NEUTRAL)
    heading(ax, title)
    ax.set_axis_off()
    return ax


def spread(places: np.ndarray, gap: float) -> np.ndarray:
    """
    Ordered places moved apart, as little as needed, so that no two are closer than ``gap``.

    Each run of crowded places is laid out around its own mean; runs that then touch are merged.

    Examples
    --------
    >>> spread(np.array([0.1, 0.5, 0.5]), gap=0.1).round(2).tolist()
    [0.1, 0.45, 0.55]
    """
    runs: list[list[float]] = []  # the sum of its places, and how many they are
    for place in np.asarray(places, dtype=float):
        runs.append([place, 1.0])
        while len(runs) > 1 and _end_of(runs[-2], gap) + gap > _start_of(runs[-1], gap):
            total, length = runs.pop()
            runs[-1] = [runs[-1][0] + total, runs[-1][1] + length]
    return np.concatenate([_start_of(run, gap) + gap * np.arange(run[1]) for run in runs])


def _start_of(run: list[float], gap: float) -> float:
    return run[0] / run[1] - gap * (run[1] - 1) / 2


def _end_of(run: list[float], gap: float) -> float:
    return run[0] / run[1] + gap * (run[1] - 1) / 2

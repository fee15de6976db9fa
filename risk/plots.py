"""Pictures of result tables: each function draws a frame and returns the axes; readable in grey, no computation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from risk.display import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_change", "plot_contributions", "plot_exposure", "plot_history"]

FRIENDLY, HOSTILE, NEUTRAL, BAND = "#2b6ca3", "#b5482a", "#555555", "#c9d6e2"
LABEL_LENGTH = 56


def _axes(ax: Axes | None, height: float) -> Axes:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt  # loaded on first use: `import risk` stays light

    return plt.subplots(figsize=(9.5, height), layout="constrained")[1]


def _label(date: object, text: object, length: int = LABEL_LENGTH) -> str:
    text = visible(text)
    text = text if len(text) <= length else text[: length - 1] + "…"
    return text if pd.isna(date) else f"{date:%Y-%m-%d}  {text}"


def _waterfall(ax: Axes, labels: list[str], steps: np.ndarray, start: float, end: float, title: str) -> Axes:
    """Horizontal steps from ``start`` to ``end``, top to bottom, hatched where they go down."""
    left = start + np.concatenate([[0], np.cumsum(steps)[:-1]])
    rows = np.arange(len(steps))
    bars = ax.barh(
        rows,
        steps,
        left=left,
        height=0.66,
        color=np.where(steps >= 0, FRIENDLY, HOSTILE).tolist(),
        edgecolor="white",
        linewidth=0.6,
    )
    span = max(np.ptp(np.concatenate([left, left + steps, [start, end]])), 1e-9)
    for bar, step, begin in zip(bars, steps, left, strict=True):
        if step < 0:
            bar.set_hatch("////")
        edge = begin + max(step, 0)
        ax.text(
            edge + 0.012 * span, bar.get_y() + 0.33, f"{step:+.3f}", va="center", fontsize=8, color=NEUTRAL
        )
    ax.axvline(end, color="black", linewidth=1.2)
    ax.axvline(start, color=NEUTRAL, linewidth=0.8, linestyle=":")
    ax.set_yticks(rows, labels, fontsize=8.5)
    for tick in ax.get_yticklabels():
        tick.set_parse_math(False)
    ax.invert_yaxis()
    ax.margins(x=0.1)
    ax.grid(axis="x", color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_xlabel("score, from -1 (opposed) to +1 (aligned)")
    ax.set_title(visible(title), loc="left", fontsize=11, parse_math=False)
    ax.spines[["top", "right", "left"]].set_visible(False)
    return ax


def _heaviest(table: pd.DataFrame, top: int, title: str) -> tuple[list[str], np.ndarray]:
    shown, rest = table.head(top), table.iloc[top:]
    labels = [_label(date, text) for date, text in zip(shown["date"], shown[title], strict=True)]
    steps = shown["share"].to_numpy(dtype=float)
    if len(rest):
        labels.append(f"{len(rest)} further rows")
        steps = np.append(steps, rest["share"].sum())
    return labels, steps


def plot_contributions(
    table: pd.DataFrame, value: float, ax: Axes | None = None, *, top: int = 15, title: str = ""
) -> Axes:
    """
    Waterfall of contributions from 0 to the score.

    Parameters
    ----------
    table : pandas.DataFrame
        Contributions, heaviest first: ``date, title, share``.
    value : float
        The score they add up to.
    ax : matplotlib axes, optional
    top : int
        Rows shown one by one; the rest are one bar.
    title : str

    Returns
    -------
    matplotlib.axes.Axes
    """
    labels, steps = _heaviest(table, top, "title")
    ax = _axes(ax, 1.3 + 0.3 * max(len(steps), 3))
    if not len(steps):
        return _empty(ax, title)
    return _waterfall(ax, labels, steps, 0.0, value, title)


def plot_change(
    table: pd.DataFrame, start: float, end: float, ax: Axes | None = None, *, top: int = 12, title: str = ""
) -> Axes:
    """Waterfall of a change, from the earlier score to the later; see :func:`plot_contributions`."""
    labels, steps = _heaviest(table, top, "title")
    ax = _axes(ax, 1.3 + 0.3 * max(len(steps), 3))
    if not len(steps):
        return _empty(ax, title)
    return _waterfall(ax, labels, steps, start, end, title)


def _empty(ax: Axes, title: str) -> Axes:
    ax.text(0.5, 0.5, "nothing on record", ha="center", va="center", transform=ax.transAxes, color=NEUTRAL)
    ax.set_title(visible(title), loc="left", fontsize=11, parse_math=False)
    ax.set_axis_off()
    return ax


def plot_history(
    table: pd.DataFrame,
    events: pd.DataFrame | None = None,
    ax: Axes | None = None,
    *,
    title: str = "",
    marks: int = 6,
) -> Axes:
    """
    A score over time with its interval band and numbered marks at the heaviest events.

    Parameters
    ----------
    table : pandas.DataFrame
        Index of days; ``value, low, high``.
    events : pandas.DataFrame, optional
        ``date, title, weight``, heaviest of them marked.
    marks : int
        How many events to mark.
    """
    ax = _axes(ax, 4.4)
    known = table[table["value"].notna()]
    ax.fill_between(
        known.index, known["low"], known["high"], color=BAND, linewidth=0, label="90 % evidence interval"
    )
    ax.plot(known.index, known["value"], color="black", linewidth=1.6, label="alignment")
    ax.axhline(0, color=NEUTRAL, linewidth=0.8)
    if events is not None and len(known):
        _mark(ax, known, events, marks)
    ax.set_ylim(-1, 1)
    ax.set_ylabel("alignment, -1 to +1")
    ax.set_title(visible(title), loc="left", fontsize=11, parse_math=False)
    ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(loc="lower left", fontsize=8, frameon=False)
    return ax


def _mark(ax: Axes, known: pd.DataFrame, events: pd.DataFrame, marks: int) -> None:
    inside = events[events["date"].notna() & (events["date"] >= known.index[0])]
    chosen = inside.reindex(inside["weight"].abs().sort_values(ascending=False, kind="stable").index[:marks])
    chosen = chosen.sort_values("date")
    for number, (date, text) in enumerate(zip(chosen["date"], chosen["title"], strict=True), start=1):
        at = known.index.get_indexer([date], method="nearest")[0]
        height = known["value"].iloc[at]
        ax.plot([date], [height], marker="o", markersize=4, color="black")
        ax.annotate(
            str(number), (date, height), xytext=(0, 7), textcoords="offset points", ha="center", fontsize=8
        )
        ax.text(
            0.0,
            -0.13 - 0.055 * number,
            f"{number}  {_label(date, text, 2 * LABEL_LENGTH)}",
            transform=ax.transAxes,
            fontsize=8,
            color="#333333",
            parse_math=False,
        )


def plot_exposure(
    in_force: pd.DataFrame, partners: pd.DataFrame, axes=None, *, title: str = "", top: int = 12
):
    """
    Exposure by measure and by path, side by side.

    Parameters
    ----------
    in_force : pandas.DataFrame
        ``sender, authority, instrument, share``.
    partners : pandas.DataFrame
        ``path, amount``.
    axes : pair of matplotlib axes, optional

    Returns
    -------
    pair of matplotlib axes
    """
    if axes is None:
        import matplotlib.pyplot as plt

        axes = plt.subplots(1, 2, figsize=(12, 4.6), layout="constrained")[1]
    counted = in_force[in_force["share"] > 0].sort_values("share", ascending=False)
    names = [f"{row.sender}  {row.authority} ({row.instrument})" for row in counted.head(top).itertuples()]
    _bars(axes[0], names, counted["share"].head(top), f"{title}\nby measure", "share of severity in force")
    _bars(
        axes[1],
        list(partners["path"].head(top)),
        partners["amount"].head(top),
        "by path",
        "amount through partners",
    )
    return axes


def _bars(ax: Axes, names: list[str], amounts: pd.Series, title: str, unit: str) -> None:
    if not names:
        _empty(ax, title)
        return
    ax.barh(np.arange(len(names)), amounts.to_numpy(dtype=float), color=NEUTRAL, height=0.66)
    ax.set_yticks(np.arange(len(names)), [_label(pd.NaT, name) for name in names], fontsize=8)
    for tick in ax.get_yticklabels():
        tick.set_parse_math(False)
    ax.invert_yaxis()
    ax.set_xlabel(unit)
    ax.set_title(visible(title), loc="left", fontsize=10.5, parse_math=False)
    ax.spines[["top", "right"]].set_visible(False)

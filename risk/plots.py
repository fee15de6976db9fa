"""Pictures of result tables: each function draws a frame and returns the axes; readable in grey, no computation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from risk.display import visible
from risk.drawing import NEUTRAL, amount, axes_of, empty, heading, rows_of, spread, waterfall_height, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "plot_change",
    "plot_contributions",
    "plot_exposure",
    "plot_history",
    "plot_what_if",
]
FRIENDLY, HOSTILE, BAND = "#2b6ca3", "#b5482a", "#c9d6e2"
SMALLEST_SHOWN = 0.0005  # a bar that would be labelled 0.000 goes into the last one


def _waterfall(ax: Axes, labels: list[str], steps: np.ndarray, start: float, end: float, title: str) -> Axes:
    """Horizontal steps from ``start`` to ``end``, top to bottom, hatched where they go down."""
    left = start + np.concatenate([[0], np.cumsum(steps)[:-1]])
    bars = ax.barh(
        np.arange(len(steps)),
        steps,
        left=left,
        height=0.62,
        color=np.where(steps >= 0, FRIENDLY, HOSTILE).tolist(),
        edgecolor="white",
        linewidth=0.6,
    )
    ax.axvline(end, color="black", linewidth=1.2, zorder=0.9)
    ax.axvline(start, color=NEUTRAL, linewidth=1.2, linestyle=":", zorder=0.9)
    for row, (bar, step, begin) in enumerate(zip(bars, steps, left, strict=True)):
        if step < 0:
            bar.set_hatch("////")
        ax.annotate(
            amount(step),
            (begin + max(step, 0), row),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color="#333333",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
    rows_of(ax, labels)
    ax.margins(x=0.1)
    ax.locator_params(axis="x", nbins=7)
    ax.set_xlabel(f"score, from −1 (opposed) to +1 (aligned); dotted: {amount(start)}, solid: {amount(end)}")
    heading(ax, title)
    return ax


def _heaviest(table: pd.DataFrame, top: int, title: str) -> tuple[list[str], np.ndarray]:
    shown, rest = table.head(top), table.iloc[top:]
    labels = [wrapped(date, text) for date, text in zip(shown["date"], shown[title], strict=True)]
    steps = shown["share"].to_numpy(dtype=float)
    if len(rest):
        labels.append("1 further row" if len(rest) == 1 else f"{len(rest)} further rows together")
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
    ax = axes_of(ax, waterfall_height(len(steps)))
    if not len(steps):
        return empty(ax, title)
    return _waterfall(ax, labels, steps, 0.0, value, title)


def plot_change(
    table: pd.DataFrame, start: float, end: float, ax: Axes | None = None, *, top: int = 12, title: str = ""
) -> Axes:
    """Waterfall of a change, from the earlier score to the later; see :func:`plot_contributions`."""
    labels, steps = _heaviest(table, top, "title")
    ax = axes_of(ax, waterfall_height(len(steps)))
    if not len(steps):
        return empty(ax, title)
    return _waterfall(ax, labels, steps, start, end, title)


def plot_what_if(
    steps: pd.DataFrame,
    remainder: float,
    start: float,
    end: float,
    ax: Axes | None = None,
    *,
    title: str = "",
) -> Axes:
    """
    Waterfall of what-if steps, from the score as it is to the score with all of them.

    Parameters
    ----------
    steps : pandas.DataFrame
        ``step, effect``: what each does alone.
    remainder : float
        What they do together beyond that; shown where it is not nil.
    start, end : float
        The score before, and with every step taken.
    """
    labels = [wrapped(pd.NaT, step) for step in steps["step"]]
    effects = steps["effect"].to_numpy(dtype=float)
    if abs(remainder) >= 1e-12:
        labels, effects = [*labels, "together, beyond the sum"], np.append(effects, remainder)
    ax = axes_of(ax, waterfall_height(len(effects)))
    if not len(effects) or not np.isfinite([start, end]).all():
        return empty(ax, title)
    return _waterfall(ax, labels, effects, start, end, title)


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
        ``date, title, weight``, heaviest of them marked; their weights are those of the day they happened.
    marks : int
        How many events to mark.
    """
    known = table[table["value"].notna()]
    chosen = _to_mark(known, events, marks)
    ax = axes_of(ax, 4.2 + 0.2 * len(chosen))
    if known.empty:
        return empty(ax, title)
    ax.fill_between(
        known.index, known["low"], known["high"], color=BAND, linewidth=0, label="90% evidence interval"
    )
    ax.plot(known.index, known["value"], color="black", linewidth=1.6, label="alignment")
    ax.axhline(0, color=NEUTRAL, linewidth=0.8)
    ax.set_ylim(-1, 1)
    ax.set_yticks([-1, -0.5, 0, 0.5, 1], ["−1", "−0.5", "0", "+0.5", "+1"])
    ax.set_ylabel("alignment, −1 to +1")
    ax.margins(x=0.01)
    ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(
        loc="lower right", bbox_to_anchor=(1.0, 1.045), ncols=2, fontsize=8, frameon=False, borderaxespad=0
    )
    heading(ax, title, pad=18)
    _mark(ax, known, chosen)
    return ax


def _to_mark(known: pd.DataFrame, events: pd.DataFrame | None, marks: int) -> pd.DataFrame:
    """The heaviest events within the days shown, in order of their days."""
    if events is None or known.empty:
        return pd.DataFrame(columns=["date", "title"])
    inside = events[events["date"].between(known.index[0], known.index[-1])]
    heaviest = inside["weight"].abs().sort_values(ascending=False, kind="stable").index[:marks]
    return inside.loc[heaviest].sort_values("date", kind="stable")


def _mark(ax: Axes, known: pd.DataFrame, chosen: pd.DataFrame) -> None:
    """Numbers in a strip above the plot, each with a hair line down to its day; what they are, below it."""
    if chosen.empty:
        return
    from matplotlib.dates import date2num

    days = date2num(chosen["date"])
    left, right = ax.get_xlim()
    places = spread((days - left) / (right - left), gap=0.022)
    for number, (day, place) in enumerate(zip(days, places, strict=True), start=1):
        ax.axvline(day, color=NEUTRAL, linewidth=0.6, linestyle=(0, (3, 3)), zorder=1.5)
        ax.text(place, 1.012, str(number), transform=ax.transAxes, ha="center", va="bottom", fontsize=8)
    told = (
        f"{number}  {wrapped(date, text, line=120, lines=1)}"
        for number, (date, text) in enumerate(zip(chosen["date"], chosen["title"], strict=True), start=1)
    )
    ax.annotate(
        "\n".join(told),
        (0, 0),
        xycoords="axes fraction",
        xytext=(0, -26),
        textcoords="offset points",
        va="top",
        fontsize=8,
        linespacing=1.45,
        color="#333333",
        parse_math=False,
    )


def plot_exposure(
    in_force: pd.DataFrame, partners: pd.DataFrame, axes=None, *, title: str = "", top: int = 12
):
    """
    Exposure by measure and by path, side by side; parallel measures carry no share and are not drawn.

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
    counted = in_force[in_force["share"] > 0].sort_values("share", ascending=False, kind="stable")
    paths = partners[partners["amount"] > 0]
    if axes is None:
        import matplotlib.pyplot as plt

        rows = max(min(len(counted), top), min(len(paths), top)) + 1
        axes = plt.subplots(1, 2, figsize=(12, waterfall_height(rows) + 0.4), layout="constrained")[1]
        axes[0].figure.suptitle(visible(title), x=0.01, ha="left", fontsize=11, parse_math=False)
    elif title:
        axes[0].figure.suptitle(visible(title), fontsize=11, parse_math=False)
    names = [
        f"{row.sender}: {row.authority} ({row.instrument.replace('_', ' ')})" for row in counted.itertuples()
    ]
    _bars(axes[0], names, counted["share"], top, "Measures in force", "share of F, the severity in force")
    _bars(
        axes[1], list(paths["path"]), paths["amount"], top, "Through partners", "amount of E, by path of ties"
    )
    return axes


def _bars(ax: Axes, names: list[str], amounts: pd.Series, top: int, title: str, unit: str) -> None:
    """Bars of the largest amounts, the rest of them in one."""
    if not names:
        empty(ax, title)
        return
    lengths = amounts.to_numpy(dtype=float)
    top = min(top, max(int((lengths >= SMALLEST_SHOWN).sum()), 1))
    if len(names) > top:
        rest = lengths[top:].sum()
        names, lengths = [*names[:top], f"{len(names) - top} further"], np.append(lengths[:top], rest)
    bars = ax.barh(np.arange(len(names)), lengths, color=NEUTRAL, height=0.62)
    ax.bar_label(bars, [f"{length:.3f}" for length in lengths], padding=4, fontsize=8, color="#333333")
    rows_of(ax, [wrapped(pd.NaT, name, line=40) for name in names])
    ax.margins(x=0.12)
    ax.locator_params(axis="x", nbins=5)
    ax.set_xlabel(unit)
    heading(ax, title)

"""Choices that a reasonable person could have made otherwise, and the scores of dyads under draws of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from risk.days import day_number
from risk.entries import Entries
from risk.kernels import net_ratio
from risk.recipe import SCALES
from risk.scorer import Scorer
from risk.stocks import entry_memory

__all__ = ["DEFAULT_CHOICES", "Choices", "Dyads", "bounds_of", "drawn_scores"]


@dataclass(frozen=True)
class Choices:
    """
    Ranges within which a reasonable person could have chosen otherwise.

    ``kappa`` and the half-lives are drawn log-uniformly, every family's weight is multiplied by a log-uniform factor in
    ``weight``, the scale is drawn from the codebook's.
    """

    kappa: tuple[float, float] = (0.5, 2.0)
    fast: tuple[float, float] = (182.6, 730.5)
    slow: tuple[float, float] = (1826.2, 7305.0)
    weight: tuple[float, float] = (0.5, 2.0)
    prior: tuple[float, float] = (0.5, 1.5)


DEFAULT_CHOICES = Choices()


def bounds_of(scorer: Scorer, choices: Choices) -> dict[str, tuple[float, float]]:
    """The range of every number of a draw, in the order that :meth:`Dyads.values` takes them."""

    def logs(pair: tuple[float, float]) -> tuple[float, float]:
        return float(np.log2(pair[0])), float(np.log2(pair[1]))

    families = scorer._ledger.index.books.families
    return {
        "kappa": logs(choices.kappa),
        "fast clock": logs(choices.fast),
        "slow clock": logs(choices.slow),
        "prior": choices.prior,
        "scale": (0.0, 1.0),
        **{f"weight of {family}": logs(choices.weight) for family in families},
    }


class Dyads:
    """The entries of dyads on a day, side by side, ready to be scored under many choices at once."""

    def __init__(self, scorer: Scorer, dyads: Sequence[tuple[str, str]], day: int):
        ledger = scorer._ledger
        index, scale = ledger.index, ledger.recipe.scale
        parts = [index.all_of(index.pair(a, b)) for a, b in dyads]
        entries = reduce(Entries.join, parts)
        place = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        alive = entry_memory(entries, day, day, index.fast, index.slow) > 0
        self.entries, self.place, self.day, self.n = entries.take(alive), place[alive], day, len(parts)
        self.prior = scorer.panel([np.datetime64(day, "D")], dyads)["prior"].to_numpy()
        types = ledger.records(self.entries.row)["event_type"] if alive.any() else []
        strength = [np.abs(ledger.codebook.intensity(types, scale=name)) for name in (scale, *SCALES)]
        self.by_scale = [other / strength[0] for other in strength[1:]]

    def values(self, draw: np.ndarray) -> np.ndarray:
        """A of every dyad under one draw: log2 of kappa and clocks, prior, scale, log2 factors by family."""
        kappa, fast, slow = 2 ** draw[:3]
        factor = (2 ** draw[5:])[self.entries.family]
        kept = entry_memory(self.entries, self.day, self.day, fast, slow)
        u = self.entries.weight * kept * self.by_scale[int(draw[4] >= 0.5)] * factor
        friendly = self.entries.sign > 0
        cooperation, conflict = (
            np.bincount(self.place[side], u[side], self.n) for side in (friendly, ~friendly)
        )
        return net_ratio(cooperation, conflict, kappa, np.clip(self.prior * draw[3], -0.99, 0.99))


def drawn_scores(
    scorer: Scorer,
    dyads: Sequence[tuple[str, str]],
    as_of: object,
    rng: np.random.Generator,
    choices: Choices,
    draws: int,
) -> np.ndarray:
    """A of every dyad under random choices: one row per draw, one column per dyad."""
    bounds = bounds_of(scorer, choices)
    low, high = np.array(list(bounds.values())).T
    points = rng.uniform(low, high, size=(draws, len(bounds)))
    ready = Dyads(scorer, dyads, day_number(as_of))
    return np.array([ready.values(point) for point in points])

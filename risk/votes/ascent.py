"""EM for ideal points: one round, its safeguards, and the climb to the stopping rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from risk.votes.items import first_items, log_prior, raise_items
from risk.votes.ordinal import Cells, Expectations, expect
from risk.votes.walk import Smoothed, Walk

__all__ = ["Ascent", "Fit"]

# A bound is a sum of a million terms: this much of it is rounding, not a fall.
_ROUNDING = 1e-11


@dataclass(frozen=True)
class Fit:
    """Where the climb stands: roll calls, posterior of the positions, variance of a step, and the bound."""

    items: np.ndarray
    paths: Smoothed
    weight: np.ndarray
    signal: np.ndarray
    drift: float
    bound: float
    sums: Expectations

    @property
    def mean(self) -> np.ndarray:
        return self.paths.mean.ravel()

    @property
    def spread(self) -> np.ndarray:
        return np.sqrt(self.paths.variance).ravel()


@dataclass(frozen=True)
class Ascent:
    """
    The votes, the walk and how to share out the work; ``innovation`` None estimates the variance of a step.

    The E-step is Gaussian: evidence on each position is the slope and curvature of the expected log likelihood
    (Newton's step for the best normal approximation), put through the smoother. The M-step is Newton's for each roll
    call. Either is shortened until the bound does not fall.
    """

    cells: Cells
    walk: Walk
    run: Callable
    innovation: float | None

    def start(self, mean: np.ndarray, items: np.ndarray | None = None) -> Fit:
        """Roll calls for given first positions, then one round without safeguards."""
        voted = self.walk.voted
        spread = np.where(voted, 0.2, 0).ravel()
        guess = first_items(self.cells) if items is None else items
        for _ in range(4 if items is None else 2):
            sums = expect(self.cells, guess, mean.ravel(), spread, want="items", run=self.run)
            guess, sums = raise_items(self.cells, guess, sums, mean.ravel(), spread, self.run)
        weight, signal = self._evidence(sums, mean.ravel())
        drift = 0.1 if self.innovation is None else self.innovation
        return self._settle(guess, weight, signal, drift)

    def _evidence(self, sums: Expectations, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        slope, bend = sums.by_cell.T
        shape = self.walk.voted.shape
        return bend.reshape(shape), (bend * mean + slope).reshape(shape)

    def _settle(self, items: np.ndarray, weight: np.ndarray, signal: np.ndarray, drift: float) -> Fit:
        """The state for given evidence, with its bound; ``sums`` are those the roll calls' step needs."""
        paths = self.walk.smooth(weight, signal, drift)
        mean, spread = paths.mean.ravel(), np.sqrt(paths.variance).ravel()
        sums = expect(self.cells, items, mean, spread, want="items", run=self.run)
        fit = Fit(items, paths, weight, signal, drift, -np.inf, sums)
        return self._bounded(fit)

    def _bounded(self, fit: Fit) -> Fit:
        prior = float(log_prior(fit.items).sum()) + self.walk.log_prior(fit.paths, fit.drift)
        return replace(fit, bound=fit.sums.total + prior + fit.paths.entropy)

    def round(self, fit: Fit) -> Fit:
        """Positions, then the variance of a step, then roll calls; the bound never falls."""
        weight, signal = self._evidence(fit.sums, fit.mean)
        new = self._settle(fit.items, weight, signal, fit.drift)
        share = 1.0
        while new.bound < fit.bound - _ROUNDING * abs(fit.bound) and share > 1e-3:
            share /= 2
            new = self._settle(
                fit.items,
                fit.weight + share * (weight - fit.weight),
                fit.signal + share * (signal - fit.signal),
                fit.drift,
            )
        if new.bound < fit.bound - _ROUNDING * abs(fit.bound):
            new = self._settle(fit.items, fit.weight, fit.signal, fit.drift)
        return self._items_up(self._drift_up(new))

    def _drift_up(self, fit: Fit) -> Fit:
        if self.innovation is not None:
            return fit
        moved = self._bounded(replace(fit, drift=self.walk.best_drift(fit.paths)))
        return moved if moved.bound > fit.bound else fit

    def _items_up(self, fit: Fit) -> Fit:
        items, sums = raise_items(self.cells, fit.items, fit.sums, fit.mean, fit.spread, self.run)
        return self._bounded(replace(fit, items=items, sums=sums))

    def leap(self, first: Fit, second: Fit, third: Fit) -> Fit:
        """
        Extrapolate two rounds along the roll calls, and keep the leap if the bound after it is higher.

        References
        ----------
        Varadhan & Roland (2008), Scandinavian Journal of Statistics 35(2), 335-353 (SQUAREM, scheme S3),
        doi:10.1111/j.1467-9469.2007.00585.x.
        """
        change = second.items - first.items
        bend = third.items - second.items - change
        turn = float(np.linalg.norm(bend))
        length = max(1.0, float(np.linalg.norm(change)) / turn) if turn > 0 else 1.0
        items = first.items + 2 * length * change + length**2 * bend
        closed = items[:, 2] - items[:, 1] <= 0
        items[closed] = third.items[closed]
        sums = expect(self.cells, items, third.mean, third.spread, want="cells", run=self.run)
        weight, signal = self._evidence(sums, third.mean)
        leapt = self._items_up(self._settle(items, weight, signal, third.drift))
        return leapt if leapt.bound > third.bound else third

    def climb(
        self, fit: Fit, tol: float, max_iter: int, tell: Callable[[Fit], None]
    ) -> tuple[Fit, list[float], bool]:
        """
        Rounds until one gains less than ``tol`` per vote and moves no position by 100 times that root.

        Returns
        -------
        fit : Fit
        path : list of float
            The bound after every round.
        converged : bool
        """
        fit = self._items_up(fit)
        path, recent = [fit.bound], [fit]
        for _ in range(max_iter):
            new = self.round(recent[-1])
            gain, move = new.bound - recent[-1].bound, np.abs(new.mean - recent[-1].mean).max()
            recent.append(new)
            path.append(new.bound)
            tell(new)
            if gain < tol * self.cells.vote.size and move < 10 * np.sqrt(tol):
                return new, path, True
            if len(recent) == 3:
                recent = [self.leap(*recent)]
                if recent[0].bound > path[-1]:
                    path.append(recent[0].bound)
        return recent[-1], path, False

"""Random walks in time: a Kalman filter forward and a Rauch-Tung-Striebel smoother backward, all states at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

__all__ = ["Smoothed", "Walk"]


@dataclass(frozen=True)
class Smoothed:
    """
    Positions given all evidence, one row per state and one column per period.

    ``step`` is the expected squared step from the period before, divided by the time between; ``entropy`` that of
    all paths together.
    """

    mean: np.ndarray
    variance: np.ndarray
    step: np.ndarray
    entropy: float


@dataclass(frozen=True)
class Walk:
    r"""
    Prior of positions in time: steps of a random walk, and a standard normal wherever a state voted.

    .. math:: \log p(\theta_i) = \text{const} - \tfrac12\sum_{t:\,\text{voted}}\theta_{it}^2
              - \tfrac12\sum_t (\theta_{it}-\theta_{i,t-1})^2 / (\tau^2 \Delta_t)

    The normal term holds the scale for good. (Bailey, Strezhnev & Voeten standardise all positions again in every
    sweep; a term of the prior does the same and leaves a bound that can be followed.) Between a state's first and last
    period the walk runs through periods without votes; outside them the state does not exist.

    Parameters
    ----------
    voted : bool ndarray of shape (n_states, n_periods)
        Where a state cast at least one vote; every row has one.
    gap : ndarray of shape (n_periods,)
        Time since the period before; the first entry is not used.
    """

    voted: np.ndarray
    gap: np.ndarray

    @cached_property
    def alive(self) -> np.ndarray:
        """From a state's first period with votes to its last."""
        entered = np.maximum.accumulate(self.voted, axis=1)
        remains = np.maximum.accumulate(self.voted[:, ::-1], axis=1)[:, ::-1]
        return entered & remains

    @cached_property
    def linked(self) -> np.ndarray:
        """Whether a position continues that of the period before."""
        alive = self.alive
        linked = np.zeros_like(alive)
        linked[:, 1:] = alive[:, 1:] & alive[:, :-1]
        return linked

    def smooth(self, weight: np.ndarray, signal: np.ndarray, drift: float) -> Smoothed:
        r"""
        Positions given normal evidence :math:`e^{h\theta-\lambda\theta^2/2}`: filter forward, smooth backward.

        Parameters
        ----------
        weight, signal : ndarray of shape (n_states, n_periods)
            :math:`\lambda \ge 0` and :math:`h`, without the prior.
        drift : float
            :math:`\tau^2`, variance of a step per unit of time, > 0.

        Returns
        -------
        Smoothed

        References
        ----------
        Rauch, Tung & Striebel (1965), AIAA Journal 3(8), 1445-1450, doi:10.2514/3.3166.
        """
        mean, variance, ahead = self._forward(weight + self.voted, signal, drift)
        return self._backward(mean, variance, ahead)

    def _forward(self, weight: np.ndarray, signal: np.ndarray, drift: float):
        mean, variance = np.zeros(weight.shape), np.ones(weight.shape)
        ahead = np.full(weight.shape, np.inf)
        alive, linked = self.alive, self.linked
        for t in range(weight.shape[1]):
            if t:
                ahead[:, t] = np.where(linked[:, t], variance[:, t - 1] + drift * self.gap[t], np.inf)
            precision = np.where(alive[:, t], 1 / ahead[:, t] + weight[:, t], 1)
            before = mean[:, t - 1] if t else 0
            variance[:, t] = 1 / precision
            mean[:, t] = np.where(alive[:, t], (before / ahead[:, t] + signal[:, t]) / precision, 0)
        return mean, variance, ahead

    def _backward(self, mean: np.ndarray, variance: np.ndarray, ahead: np.ndarray) -> Smoothed:
        alive = self.alive
        left, step = variance.copy(), np.zeros(mean.shape)
        for t in range(mean.shape[1] - 2, -1, -1):
            gain = variance[:, t] / ahead[:, t + 1]
            left[:, t] = variance[:, t] * (1 - gain)
            mean[:, t] += gain * (mean[:, t + 1] - mean[:, t])
            between = gain * variance[:, t + 1]
            variance[:, t] = left[:, t] + gain * between
            square = (mean[:, t + 1] - mean[:, t]) ** 2 + variance[:, t + 1] + variance[:, t] - 2 * between
            step[:, t + 1] = np.where(gain > 0, square / self.gap[t + 1], 0)
        entropy = 0.5 * np.log(2 * np.pi * np.e * left[alive]).sum()
        return Smoothed(mean, np.where(alive, variance, 0), step, float(entropy))

    def precision(self, drift: float) -> tuple[np.ndarray, np.ndarray]:
        """Diagonal of the prior's precision, and minus the entries that link each period to the one before."""
        link = np.where(self.linked, 1 / (drift * np.where(self.gap > 0, self.gap, 1)), 0)
        diagonal = self.voted + link
        diagonal[:, :-1] += link[:, 1:]
        return diagonal, link

    def log_determinant(self, drift: float) -> float:
        """Log determinant of the prior's precision, by the pivots of a tridiagonal matrix."""
        diagonal, link = self.precision(drift)
        alive = self.alive
        pivot = np.ones(diagonal.shape[0])
        total = 0.0
        for t in range(diagonal.shape[1]):
            pivot = np.where(alive[:, t], diagonal[:, t] - link[:, t] ** 2 / pivot, 1)
            total += np.log(pivot).sum()
        return float(total)

    def log_prior(self, paths: Smoothed, drift: float) -> float:
        """Expected log density of the paths."""
        square = (paths.mean**2 + paths.variance)[self.voted].sum() + paths.step.sum() / drift
        return 0.5 * float(self.log_determinant(drift) - square - self.alive.sum() * np.log(2 * np.pi))

    def best_drift(self, paths: Smoothed) -> float:
        """The drift under which these paths are most probable (golden section on its logarithm)."""
        low, high, shrink = np.log(1e-4), np.log(10.0), (np.sqrt(5) - 1) / 2
        while high - low > 1e-5:
            a, b = high - shrink * (high - low), low + shrink * (high - low)
            if self.log_prior(paths, np.exp(a)) < self.log_prior(paths, np.exp(b)):
                low = a
            else:
                high = b
        return float(np.exp((low + high) / 2))

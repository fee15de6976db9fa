"""Ordered probit of three votes: log likelihood, slopes and curvatures, averaged over a normal position."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import ndtr

__all__ = ["Cells", "Expectations", "cross_information", "expect", "threads", "vote_probabilities"]

# Five nodes integrate polynomials of degree nine exactly; the log likelihood of one vote, seen over the spread of
# one position, is far smoother than that (halving or doubling the nodes moves no position by 1e-4).
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_ROOT_2PI = np.sqrt(2 * np.pi)
_CHUNK = 40_000
_TINY = 1e-300


@dataclass(frozen=True)
class Cells:
    """
    Votes as the model sees them, sorted by vote and roll call.

    One entry per vote: ``vote`` (1 yes, 2 abstain, 3 no), ``item`` (index of the roll call or bridged group)
    and ``cell`` (index of the state in its period).
    """

    vote: np.ndarray
    item: np.ndarray
    cell: np.ndarray
    n_items: int
    n_cells: int

    def chunks(self) -> list[slice]:
        """Blocks of one kind of vote each; fixed, so that results do not depend on the number of threads."""
        edges = np.flatnonzero(np.diff(self.vote)) + 1
        bounds = np.concatenate([[0], edges, [self.vote.size]])
        return [
            slice(start, min(start + _CHUNK, stop))
            for low, stop in pairwise(bounds)
            for start in range(int(low), int(stop), _CHUNK)
            if stop > low
        ]


@dataclass(frozen=True)
class Expectations:
    """
    Sums over votes of the expected log likelihood and its derivatives.

    ``by_item`` has one row per roll call, ``by_cell`` one per state in its period. Columns of ``by_item``: log
    likelihood; slope in discrimination, lower and upper cutpoint; negative curvature (bb, b1, b2, 11, 12, 22).
    Columns of ``by_cell``: slope and negative curvature in the position.
    """

    total: float
    by_item: np.ndarray
    by_cell: np.ndarray


def _tail(u: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log of the normal distribution function at ``u``, its slope, and its negative curvature."""
    probability = np.maximum(ndtr(u), _TINY)
    slope = np.exp(-0.5 * u * u) / (_ROOT_2PI * probability)
    return np.log(probability), slope, slope * (u + slope)


def _middle(low: np.ndarray, high: np.ndarray):
    """Log probability of an abstention between two cutpoints, slopes and negative curvatures in both."""
    flip = low + high > 0
    near, far = np.where(flip, -high, low), np.where(flip, -low, high)
    probability = np.maximum(ndtr(far) - ndtr(near), _TINY)
    at_low = np.exp(-0.5 * low * low) / (_ROOT_2PI * probability)
    at_high = np.exp(-0.5 * high * high) / (_ROOT_2PI * probability)
    return (
        np.log(probability),
        -at_low,
        at_high,
        at_low * (at_low - low),
        -at_low * at_high,
        at_high * (at_high + high),
    )


def _votes(vote: int, position: np.ndarray, slope: np.ndarray, low: np.ndarray, high: np.ndarray):
    """Per vote and node: log likelihood, slopes in (low, high), negative curvatures (11, 12, 22)."""
    reach = slope * position
    zero = np.zeros(())
    if vote == 1:
        log_p, d1, w11 = _tail(low - reach)
        return log_p, d1, zero, w11, zero, zero
    if vote == 3:
        log_p, d2, w22 = _tail(reach - high)
        return log_p, zero, -d2, zero, zero, w22
    return _middle(low - reach, high - reach)


def _chunk(cells: Cells, part: slice, items: np.ndarray, mean: np.ndarray, spread: np.ndarray, want: str):
    item, cell = cells.item[part], cells.cell[part]
    slope, low, high = (items[item, k][:, None] for k in range(3))
    position = mean[cell][:, None] + spread[cell][:, None] * _NODES
    log_p, d1, d2, w11, w12, w22 = _votes(int(cells.vote[part.start]), position, slope, low, high)
    pull, bend = d1 + d2, w11 + 2 * w12 + w22
    columns = [log_p @ _WEIGHTS]
    if want == "cells":
        columns += [-(pull @ _WEIGHTS) * slope[:, 0], (bend @ _WEIGHTS) * slope[:, 0] ** 2]
    elif want == "items":
        weighted = position * _WEIGHTS
        columns += [
            -(pull * weighted).sum(1),
            d1 @ _WEIGHTS if d1.ndim else d1,
            d2 @ _WEIGHTS if d2.ndim else d2,
        ]
        columns += [(bend * position * weighted).sum(1)]
        columns += [-((w11 + w12) * weighted).sum(1), -((w12 + w22) * weighted).sum(1)]
        columns += [w @ _WEIGHTS if w.ndim else w for w in (w11, w12, w22)]
    return item, cell, columns


def expect(cells: Cells, items: np.ndarray, mean, spread, *, want: str, run: Callable = map) -> Expectations:
    r"""
    Expected log likelihood of all votes when each position is normal, with its derivatives.

    .. math:: \Pr(\text{yes}) = \Phi(\gamma_1 - \beta\theta),\quad
              \Pr(\text{no}) = \Phi(\beta\theta - \gamma_2),\quad
              \theta \sim N(m, s^2)

    Parameters
    ----------
    cells : Cells
        The votes.
    items : ndarray of shape (n_items, 3)
        Discrimination, lower and upper cutpoint of each roll call.
    mean, spread : ndarray of shape (n_cells,)
        Mean and standard deviation of each position.
    want : {"total", "cells", "items"}
        Which derivatives to sum.
    run : callable
        ``map`` or the ``map`` of an executor; the result does not depend on it.

    Returns
    -------
    Expectations
    """
    by_item = np.zeros((10 if want == "items" else 1, cells.n_items))
    by_cell = np.zeros((2 if want == "cells" else 0, cells.n_cells))
    work = run(lambda part: _chunk(cells, part, items, mean, spread, want), cells.chunks())
    for item, cell, columns in work:
        on_item = columns if want == "items" else columns[:1]
        for k, column in enumerate(on_item):
            if np.ndim(column):
                by_item[k] += np.bincount(item, column, cells.n_items)
        for k in range(by_cell.shape[0]):
            by_cell[k] += np.bincount(cell, columns[1 + k], cells.n_cells)
    return Expectations(float(by_item[0].sum()), by_item.T, by_cell.T)


def cross_information(cells: Cells, items: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """
    How each vote ties its position to its roll call: negative curvature in (position, item), Gauss-Newton form.

    Returns
    -------
    ndarray of shape (n_votes, 3)
        Columns: with the discrimination, the lower and the upper cutpoint.
    """
    out = np.empty((cells.vote.size, 3))
    for part in cells.chunks():
        item, cell = cells.item[part], cells.cell[part]
        slope, low, high = (items[item, k][:, None] for k in range(3))
        position = mean[cell][:, None] + spread[cell][:, None] * _NODES
        _, _, _, w11, w12, w22 = _votes(int(cells.vote[part.start]), position, slope, low, high)
        bend_low, bend_high = (
            np.broadcast_to(w11 + w12, position.shape),
            np.broadcast_to(w12 + w22, position.shape),
        )
        out[part, 0] = ((bend_low + bend_high) * position) @ _WEIGHTS
        out[part, 1], out[part, 2] = -(bend_low @ _WEIGHTS), -(bend_high @ _WEIGHTS)
    return out * items[cells.item, :1]


def threads(n_jobs: int) -> ThreadPoolExecutor:
    """A pool of threads; NumPy lets go of the interpreter inside its loops, so threads share the votes."""
    if n_jobs != -1 and n_jobs < 1:
        raise ValueError(f"n_jobs: {n_jobs!r} is neither at least 1 nor -1 (all cores)")
    return ThreadPoolExecutor(max_workers=(os.cpu_count() or 1) if n_jobs == -1 else n_jobs)


def vote_probabilities(items: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """
    Probabilities of yes, abstain and no, averaged over a normal position.

    Parameters
    ----------
    items : ndarray of shape (n, 3)
        Discrimination, lower and upper cutpoint.
    mean, variance : ndarray of shape (n,)
        Position and its variance.

    Returns
    -------
    ndarray of shape (n, 3)
        Rows sum to one.

    Examples
    --------
    >>> vote_probabilities(np.array([[1.0, 0.0, 0.5]]), np.array([0.0]), np.array([0.0])).round(3).tolist()
    [[0.5, 0.191, 0.309]]
    """
    slope, low, high = items.T
    scale = np.sqrt(1 + slope**2 * variance)
    yes = ndtr((low - slope * mean) / scale)
    no = ndtr((slope * mean - high) / scale)
    return np.column_stack([yes, np.clip(1 - yes - no, 0, 1), no])

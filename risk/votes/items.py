"""Roll calls of the ideal point model: their priors, their Newton step, their scale."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtri

from risk.votes.ordinal import Cells, Expectations, expect

__all__ = ["bend_of_prior", "first_items", "log_prior", "raise_items", "rescale"]

# Discrimination is standard normal, as in Bailey, Strezhnev & Voeten (2017). Their cutpoints are uniform on (-7, 7);
# a normal with that spread (7 / sqrt 3) is smooth. The gamma term on the room for abstentions between the cutpoints
# keeps it open on roll calls without any; it is worth half a vote.
_CUT_VARIANCE = 49 / 3
_ROOM_SHAPE, _ROOM_RATE = 0.5, 0.05


def log_prior(items: np.ndarray) -> np.ndarray:
    """Log prior density (up to a constant) of each roll call: rows of discrimination, lower, upper cutpoint."""
    slope, low, high = items.T
    room = np.maximum(high - low, 1e-300)
    normal = -0.5 * (slope**2 + (low**2 + high**2) / _CUT_VARIANCE)
    return normal + _ROOM_SHAPE * np.log(room) - _ROOM_RATE * room


def _pull_of_prior(items: np.ndarray) -> np.ndarray:
    slope, low, high = items.T
    push = _ROOM_SHAPE / (high - low) - _ROOM_RATE
    return np.column_stack([-slope, -low / _CUT_VARIANCE - push, -high / _CUT_VARIANCE + push])


def bend_of_prior(items: np.ndarray) -> np.ndarray:
    """Negative curvature of the log prior: one 3 x 3 matrix per roll call."""
    bend = np.zeros((len(items), 3, 3))
    room = _ROOM_SHAPE / (items[:, 2] - items[:, 1]) ** 2
    bend[:, 0, 0] = 1
    bend[:, 1, 1] = bend[:, 2, 2] = 1 / _CUT_VARIANCE + room
    bend[:, 1, 2] = bend[:, 2, 1] = -room
    return bend


def bend_of_votes(sums: Expectations) -> np.ndarray:
    """Negative curvature of the expected log likelihood: one 3 x 3 matrix per roll call."""
    bend = np.empty((len(sums.by_item), 3, 3))
    places = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    for column, (row, other) in enumerate(places, start=4):
        bend[:, row, other] = bend[:, other, row] = sums.by_item[:, column]
    return bend


def first_items(cells: Cells) -> np.ndarray:
    """Roll calls that tell nobody apart: cutpoints from the shares of yes and no."""
    counts = (
        np.array([np.bincount(cells.item, cells.vote == vote, cells.n_items) for vote in (1, 2, 3)]) + 0.5
    )
    shares = counts / counts.sum(axis=0)
    return np.column_stack([np.zeros(cells.n_items), ndtri(shares[0]), ndtri(shares[0] + shares[1])])


def _newton(items: np.ndarray, sums: Expectations) -> tuple[np.ndarray, np.ndarray]:
    """Newton's direction for each roll call and the length at which its cutpoints stay in order."""
    slope = sums.by_item[:, 1:4] + _pull_of_prior(items)
    bend = bend_of_votes(sums) + bend_of_prior(items)
    direction = np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
    closing = direction[:, 1] - direction[:, 2]
    room = items[:, 2] - items[:, 1]
    return direction, np.where(closing > 0, np.minimum(1, 0.9 * room / np.maximum(closing, 1e-12)), 1.0)


def raise_items(cells: Cells, items: np.ndarray, sums: Expectations, mean, spread, run: Callable):
    """
    One Newton step for every roll call, shortened for those whose own bound would fall.

    Parameters
    ----------
    sums : Expectations
        Of ``want="items"`` at the current roll calls and positions.

    Returns
    -------
    items : ndarray
    sums : Expectations
        Of ``want="cells"`` at the new roll calls.
    """
    direction, length = _newton(items, sums)
    floor = sums.by_item[:, 0] + log_prior(items)
    for _ in range(12):
        moved = items + length[:, None] * direction
        after = expect(cells, moved, mean, spread, want="cells", run=run)
        fell = after.by_item[:, 0] + log_prior(moved) < floor - 1e-12 * np.abs(floor)
        if not fell.any():
            return moved, after
        length = np.where(fell, np.where(length > 1e-4, length / 4, 0), length)
    moved = np.where(fell[:, None], items, moved)
    return moved, expect(cells, moved, mean, spread, want="cells", run=run)


def rescale(items: np.ndarray, centre: float, half: float) -> np.ndarray:
    """Roll calls for positions p = (theta - centre) / half, so that no probability changes."""
    slope, low, high = items.T
    return np.column_stack([slope * half, low - slope * centre, high - slope * centre])

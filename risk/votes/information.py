"""Standard errors of anchored positions, from the information of states and roll calls together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from risk.votes.ascent import Fit
from risk.votes.items import bend_of_prior, bend_of_votes
from risk.votes.ordinal import Cells, cross_information, expect
from risk.votes.table import VoteError
from risk.votes.walk import Smoothed, Walk

__all__ = ["Scale", "standard_errors"]

# Positions spread with variance near 1; anchors nearer than this are one.
_ONE_PLACE = 1e-6


@dataclass(frozen=True)
class Scale:
    """
    From the walk's axis to the anchors': position = (theta - centre) / half.

    ``centre`` and ``half`` are ``to_centre`` and ``to_half`` times theta: averages over the anchors' periods.
    """

    centre: float
    half: float
    to_centre: np.ndarray
    to_half: np.ndarray

    @classmethod
    def of(cls, walk: Walk, paths: Smoothed, positive: np.ndarray, negative: np.ndarray) -> Scale:
        sides = []
        for rows in (positive, negative):
            share = np.zeros(walk.voted.shape)
            share[rows] = walk.voted[rows]
            sides.append(share / share.sum())
        to_centre, to_half = (sides[0] + sides[1]) / 2, (sides[0] - sides[1]) / 2
        centre, half = float((to_centre * paths.mean).sum()), float((to_half * paths.mean).sum())
        if abs(half) < _ONE_PLACE:
            raise VoteError(
                "anchors: those with +1 and those with -1 vote as if they stood at one place, so they give no scale; "
                "name states that vote apart"
            )
        return cls(centre, half, to_centre, to_half)

    def place(self, theta: np.ndarray) -> np.ndarray:
        return (theta - self.centre) / self.half


class _Chain:
    """
    Inverse of a symmetric positive matrix whose blocks (one per period) touch only their neighbours.

    The neighbours are tied state by state: block t, t - 1 is minus a diagonal of ``link``.
    """

    def __init__(self, blocks: list[np.ndarray], link: np.ndarray):
        self.link = link
        self.factors: list[tuple[np.ndarray, bool]] = []
        for t, block in enumerate(blocks):
            if t:
                tie = link[:, t]
                block = block - tie[:, None] * cho_solve(self.factors[-1], np.diag(tie))
            self.factors.append(cho_factor(block, lower=True))

    def solve(self, right: np.ndarray) -> np.ndarray:
        """Solution for right hand sides of shape (n_states, n_periods, k)."""
        out = right.copy()
        last = len(self.factors) - 1
        for t in range(1, last + 1):
            out[:, t] += self.link[:, t, None] * cho_solve(self.factors[t - 1], out[:, t - 1])
        for t in range(last, -1, -1):
            ahead = self.link[:, t + 1, None] * out[:, t + 1] if t < last else 0
            out[:, t] = cho_solve(self.factors[t], out[:, t] + ahead)
        return out

    def diagonal(self) -> np.ndarray:
        """Diagonal of the inverse, shape (n_states, n_periods), by the backward recursion of its blocks."""
        n_states = self.link.shape[0]
        out, below = np.empty((n_states, len(self.factors))), np.zeros((n_states, n_states))
        for t in range(len(self.factors) - 1, -1, -1):
            inverse = cho_solve(self.factors[t], np.eye(n_states))
            if t < len(self.factors) - 1:
                carried = inverse * self.link[:, t + 1]
                below = inverse + carried @ below @ carried.T
            else:
                below = inverse
            out[:, t] = np.diagonal(below)
        return out


def _scaled_ties(cells: Cells, fit: Fit, run: Callable) -> np.ndarray:
    """Ties of each vote's position to its roll call, divided by the root of the roll call's information."""
    sums = expect(cells, fit.items, fit.mean, fit.spread, want="items", run=run)
    root = np.linalg.cholesky(bend_of_votes(sums) + bend_of_prior(fit.items))
    ties = cross_information(cells, fit.items, fit.mean, fit.spread)
    return np.einsum("jkl,jl->jk", np.linalg.inv(root)[cells.item], ties)


def _bridged(cells: Cells, n_periods: int) -> np.ndarray:
    """Whether votes on a roll call fall in more than one period."""
    period = cells.cell % n_periods
    first = np.full(cells.n_items, n_periods)
    last = np.full(cells.n_items, -1)
    np.minimum.at(first, cells.item, period)
    np.maximum.at(last, cells.item, period)
    return first != last


def _blocks(cells: Cells, walk: Walk, fit: Fit, ties: np.ndarray, bridged: np.ndarray) -> list[np.ndarray]:
    """Information of the positions of each period once the roll calls of that period alone are allowed for."""
    n_states, n_periods = walk.voted.shape
    prior, _ = walk.precision(fit.drift)
    own = fit.sums.by_cell[:, 1].reshape(walk.voted.shape) + np.where(walk.alive, prior, 1)
    row, period = cells.cell // n_periods, cells.cell % n_periods
    blocks = []
    order = np.argsort(period, kind="stable")
    edges = np.searchsorted(period[order], np.arange(n_periods + 1))
    for t in range(n_periods):
        here = order[edges[t] : edges[t + 1]]
        here = here[~bridged[cells.item[here]]]
        local, at = np.unique(cells.item[here], return_inverse=True)
        wide = np.zeros((n_states, max(local.size, 1), 3))
        wide[row[here], at] = ties[here]
        flat = wide.reshape(n_states, -1)
        blocks.append(np.diag(own[:, t]) - flat @ flat.T)
    return blocks


def _bridges(cells: Cells, shape: tuple[int, int], ties: np.ndarray, bridged: np.ndarray) -> np.ndarray:
    """Ties of bridged roll calls, shape (n_states, n_periods, 3 x number of them)."""
    label = np.cumsum(bridged) - 1
    votes = np.flatnonzero(bridged[cells.item])
    wide = np.zeros((shape[0] * shape[1], int(bridged.sum()), 3))
    wide[cells.cell[votes], label[cells.item[votes]]] = ties[votes]
    return wide.reshape(*shape, -1)


def standard_errors(cells: Cells, walk: Walk, fit: Fit, scale: Scale, run: Callable) -> np.ndarray:
    r"""
    Standard errors of anchored positions, one per state and period.

    The information of positions and roll calls, :math:`\begin{pmatrix} A & B \\ B' & C \end{pmatrix}`, is inverted
    exactly: roll calls of one period leave a dense block in it, the walk ties neighbouring periods, and roll calls
    bridged over periods enter by Woodbury's identity. Anchoring is carried through by the delta method:
    :math:`dp = (d\theta - d c - p\,dh) / h`.

    Returns
    -------
    ndarray of shape (n_states, n_periods)
    """
    ties = _scaled_ties(cells, fit, run)
    bridged = _bridged(cells, walk.voted.shape[1])
    _, link = walk.precision(fit.drift)
    chain = _Chain(_blocks(cells, walk, fit, ties, bridged), link)
    variance = chain.diagonal()
    anchors = np.stack([scale.to_centre, scale.to_half], axis=-1)
    shared = chain.solve(anchors)
    if bridged.any():
        bridges = _bridges(cells, walk.voted.shape, ties, bridged)
        variance, shared = _with_bridges(chain, bridges, variance, shared, anchors)
    return _carried(scale, fit.paths.mean, variance, shared, anchors)


def _with_bridges(
    chain: _Chain, bridges: np.ndarray, variance: np.ndarray, shared: np.ndarray, anchors: np.ndarray
):
    """Woodbury: the inverse of chain - bridges bridges', its diagonal and its products with the anchors."""
    reach = chain.solve(bridges)
    flat, wide = bridges.reshape(-1, bridges.shape[2]), reach.reshape(-1, reach.shape[2])
    middle = np.eye(flat.shape[1]) - flat.T @ wide
    root = np.linalg.cholesky((middle + middle.T) / 2)
    half = np.linalg.solve(root, wide.T)
    shared_flat = shared.reshape(-1, 2) + half.T @ (half @ anchors.reshape(-1, 2))
    return variance + (half**2).sum(axis=0).reshape(variance.shape), shared_flat.reshape(shared.shape)


def _carried(scale: Scale, theta: np.ndarray, variance: np.ndarray, shared: np.ndarray, anchors: np.ndarray):
    """The delta method for p = (theta - c) / h; ``shared`` holds the covariances of every theta with c and h."""
    place = scale.place(theta)
    with_centre, with_half = shared[..., 0], shared[..., 1]
    among = np.einsum("stk,stl->kl", anchors, shared)
    spread = variance - 2 * with_centre - 2 * place * with_half
    spread = spread + among[0, 0] + 2 * place * among[0, 1] + place**2 * among[1, 1]
    return np.sqrt(np.maximum(spread, 0)) / abs(scale.half)

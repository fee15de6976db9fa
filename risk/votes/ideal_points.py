"""Ideal points: where states stand on one dimension, session by session, told from how they vote."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted
from tqdm import tqdm

from risk.votes.ascent import Ascent, Fit
from risk.votes.information import Scale, standard_errors
from risk.votes.items import first_items, rescale
from risk.votes.layout import Layout, agreement_start, roll_call_frame
from risk.votes.ordinal import threads, vote_probabilities
from risk.votes.table import VoteError, check_votes

__all__ = ["IdealPoints"]


class IdealPoints(BaseEstimator):
    r"""
    Dynamic ordinal ideal points from roll calls.

    A state i in period t has a position :math:`\theta_{it}`, a roll call j a discrimination :math:`\beta_j` and two
    cutpoints:

    .. math:: \Pr(\text{yes}) = \Phi(\gamma_{j1} - \beta_j\theta_{it}),\quad
              \Pr(\text{no}) = \Phi(\beta_j\theta_{it} - \gamma_{j2}),\quad
              \theta_{it} - \theta_{i,t-1} \sim N(0, \tau^2\Delta_t)

    with abstention between. Fitted by variational EM: a forward-backward smoother for the positions, Newton's step
    for every roll call, each safeguarded so that the bound on the log likelihood never falls.

    Parameters
    ----------
    anchors : mapping of state to +1 or -1, optional
        Named states that give the axis its sign and scale: over all their periods, those with +1 average +1 and those
        with -1 average -1. Default: the first two states in order, which is seldom what you want.
    period : str
        Column of the roll-call table that orders time (numbers).
    innovation : float or "estimate"
        :math:`\tau^2`, variance of a step of the walk per unit of time before anchoring (positions spread with
        variance near 1). 0.25 is Bailey, Strezhnev & Voeten's; "estimate" finds the one that raises the bound most,
        better for a small assembly whose members move fast.
    tol : float
        The stopping rule: a round gains less than ``tol`` times the number of votes, and no position moves by more
        than ``10 sqrt(tol)``.
    max_iter : int
        Most rounds; a fit that ends there warns (``sklearn.exceptions.ConvergenceWarning``).
    n_jobs : int
        Threads; -1 takes all cores. Results do not depend on it.
    warm_start : bool
        Begin from the last fit: where states, periods and roll calls come back, so do their values.
    progress : bool
        Show a progress bar.

    Attributes
    ----------
    positions_ : pandas.DataFrame
        ``state, period, position, se, n_votes``: one row per state and period with votes.
    roll_calls_ : pandas.DataFrame
        ``rcid, period, discrimination, cut_yes, cut_no, n_votes, bridge``: on the axis of ``positions_``,
        P(yes) = Phi(cut_yes - discrimination x position), P(no) = Phi(discrimination x position - cut_no).
    bounds_ : ndarray
        The bound on the log likelihood (plus the log prior of the roll calls) at the start and after every step; it
        never falls.
    innovation_ : float
        :math:`\tau^2` on the axis of ``positions_``.
    n_iter_ : int
        Steps: rounds, and extrapolations between them that were kept.
    converged_ : bool
        Whether the stopping rule was reached.

    Notes
    -----
    Standard errors are from the **observed information** of states and roll calls together (Gauss-Newton form,
    inverted exactly over all sessions, then carried through the anchoring by the delta method): they contain the
    uncertainty of the roll calls and of the anchors. They are not the variances of the variational posterior, which
    take the roll calls as known and are too small.

    Of scikit-learn's contract it keeps ``get_params``, ``set_params``, ``clone``, no work in ``__init__``, ``fit``
    returning self, learned names ending in ``_``, and ``NotFittedError``. It takes two tables, so the checks that feed
    a numeric matrix do not apply, and it has neither ``predict`` nor ``score``.

    References
    ----------
    Bailey, Strezhnev & Voeten (2017), Journal of Conflict Resolution 61(2), 430-456,
    doi:10.1177/0022002715595700. Imai, Lo & Olmsted (2016), American Political Science Review 110(4), 631-656,
    doi:10.1017/S000305541600037X (EM for ideal points).

    Examples
    --------
    >>> votes = pd.DataFrame(
    ...     [(j, s, v) for j in range(30) for s, v in zip("ABCD", [(1, 1, 2, 3), (3, 2, 1, 1), (1, 2, 3, 3)][j % 3])],
    ...     columns=["rcid", "state", "vote"],
    ... )
    >>> roll_calls = pd.DataFrame({"rcid": range(30), "session": [1 + j // 15 for j in range(30)]})
    >>> model = IdealPoints({"A": 1, "D": -1}).fit(votes, roll_calls)
    >>> model.positions_.query("period == 2").sort_values("position")["state"].tolist()
    ['D', 'C', 'B', 'A']
    """

    def __init__(
        self,
        anchors: Mapping[Hashable, int] | None = None,
        *,
        period: str = "session",
        innovation: float | str = 0.25,
        tol: float = 1e-6,
        max_iter: int = 300,
        n_jobs: int = 2,
        warm_start: bool = False,
        progress: bool = False,
    ):
        self.anchors = anchors
        self.period = period
        self.innovation = innovation
        self.tol = tol
        self.max_iter = max_iter
        self.n_jobs = n_jobs
        self.warm_start = warm_start
        self.progress = progress

    def fit(self, votes: pd.DataFrame, roll_calls: pd.DataFrame) -> IdealPoints:
        """
        Learn positions and roll calls.

        Parameters
        ----------
        votes : pandas.DataFrame
            ``rcid, state, vote`` with 1 yes, 2 abstain, 3 no; an absence is no row.
        roll_calls : pandas.DataFrame
            ``rcid``, the period (numbers), and optionally ``bridge``: roll calls with the same value share one
            discrimination and one pair of cutpoints (the same text put to the vote again; see
            :func:`bridge_by_title`). A missing value is the roll call's own ``rcid``.

        Returns
        -------
        IdealPoints
            Itself.

        Raises
        ------
        VoteError
            For tables that cannot be used, and anchors that do not vote or vote as one.
        """
        if not self.tol >= 0 or not self.max_iter >= 1:
            raise ValueError(f"tol {self.tol!r} must be at least 0 and max_iter {self.max_iter!r} at least 1")
        layout = Layout.of(check_votes(votes, roll_calls, self.period), roll_calls)
        positive, negative = self._anchor_rows(layout)
        with threads(self.n_jobs) as pool:
            ascent = Ascent(layout.cells, layout.walk, pool.map, self._innovation())
            first = ascent.start(*self._beginning(layout, positive, negative))
            with tqdm(
                total=self.max_iter, disable=not self.progress, desc="ideal points", unit="round"
            ) as bar:

                def tell(now: Fit) -> None:
                    bar.update()
                    bar.set_postfix(bound=f"{now.bound:.1f}")

                found, path, self.converged_ = ascent.climb(first, self.tol, self.max_iter, tell)
            self._learn(layout, found, Scale.of(layout.walk, found.paths, positive, negative), pool.map)
        self.bounds_, self.n_iter_ = np.array(path), len(path) - 1
        if not self.converged_:
            warnings.warn(
                f"the stopping rule was not reached in {self.max_iter} rounds; raise max_iter or tol",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def _innovation(self) -> float | None:
        if self.innovation == "estimate":
            return None
        if isinstance(self.innovation, str) or not self.innovation > 0:
            raise ValueError(f"innovation: {self.innovation!r} is neither above 0 nor 'estimate'")
        return float(self.innovation)

    def _anchor_rows(self, layout: Layout) -> tuple[np.ndarray, np.ndarray]:
        anchors = dict(zip(layout.states[:2], (1, -1))) if self.anchors is None else dict(self.anchors)
        silent = [state for state in anchors if state not in layout.states]
        if silent:
            raise VoteError(f"anchors: {', '.join(map(str, silent))} cast no vote; name states of the table")
        if set(anchors.values()) != {1, -1}:
            raise VoteError(f"anchors: {anchors!r} must give +1 to at least one state and -1 to at least one")
        rows = [
            layout.states.get_indexer([s for s, sign in anchors.items() if sign == side]) for side in (1, -1)
        ]
        return rows[0], rows[1]

    def _beginning(self, layout: Layout, positive: np.ndarray, negative: np.ndarray):
        """First positions (agreement with one anchor minus the other's), or those of the fit before."""
        mean = agreement_start(layout, positive, negative)
        if not (self.warm_start and hasattr(self, "_theta_")):
            return mean, None
        known = self._theta_.reindex(index=layout.states, columns=layout.periods)
        carried = self._theta_.reindex(
            index=layout.states, columns=self._theta_.columns.union(layout.periods)
        )
        carried = carried.ffill(axis=1).bfill(axis=1)[layout.periods]
        mean = np.where(known.notna(), known, np.where(carried.notna(), carried, mean)) * layout.walk.voted
        items = self._items_.reindex(layout.items).to_numpy()
        return mean, np.where(np.isnan(items), first_items(layout.cells), items)

    def _learn(self, layout: Layout, found: Fit, scale: Scale, run) -> None:
        theta = found.paths.mean
        errors = standard_errors(layout.cells, layout.walk, found, scale, run)
        row, column = np.nonzero(layout.walk.voted)
        self.positions_ = pd.DataFrame(
            {
                "state": layout.states[row],
                "period": layout.periods[column],
                "position": scale.place(theta)[row, column],
                "se": errors[row, column],
                "n_votes": layout.n_votes[row, column],
            }
        )
        self.roll_calls_ = roll_call_frame(layout, rescale(found.items, scale.centre, scale.half))
        self.innovation_ = found.drift / scale.half**2
        alive = layout.walk.alive
        self._theta_ = pd.DataFrame(np.where(alive, theta, np.nan), layout.states, layout.periods)
        self._spread_ = pd.DataFrame(
            np.where(alive, found.paths.variance, np.nan), layout.states, layout.periods
        )
        self._items_ = pd.DataFrame(found.items, layout.items)

    def predict_proba(self, votes: pd.DataFrame) -> np.ndarray:
        """
        Probabilities of yes, abstain and no for votes the model need not have seen.

        Parameters
        ----------
        votes : pandas.DataFrame
            ``rcid`` (a roll call of the fit) and ``state``; other columns are not read.

        Returns
        -------
        ndarray of shape (n, 3)
            NaN where the state was not a member in that period. Positions enter with their uncertainty.

        Raises
        ------
        VoteError
            For a roll call that was not in the fit.
        """
        check_is_fitted(self, "roll_calls_")
        lacking = [column for column in ("rcid", "state") if column not in votes.columns]
        if lacking:
            raise VoteError(f"votes: no column {', '.join(lacking)}")
        table = self.roll_calls_.set_index("rcid")
        unknown = ~votes["rcid"].isin(table.index).to_numpy()
        if unknown.any():
            raise VoteError(
                f"rcid: {votes['rcid'][unknown].iloc[0]!r} was not in the fit; its cutpoints are not known"
            )
        asked = table.loc[votes["rcid"].to_numpy()]
        row = self._theta_.index.get_indexer(votes["state"])
        column = self._theta_.columns.get_indexer(asked["period"])
        mean = np.where(row >= 0, self._theta_.to_numpy()[row, column], np.nan)
        variance = np.where(row >= 0, self._spread_.to_numpy()[row, column], np.nan)
        items = self._items_.loc[asked["bridge"].to_numpy()].to_numpy()
        return vote_probabilities(items, mean, variance)

    def distance(self, a: Hashable, b: Hashable, period: Hashable) -> float:
        """
        Distance of two states in a period, in anchor units; NaN where one of them cast no vote.

        Raises
        ------
        VoteError
            For a state or period that was not in the fit.
        """
        check_is_fitted(self, "positions_")
        table = self.positions_
        for name, value, known in (
            ("state", a, "state"),
            ("state", b, "state"),
            ("period", period, "period"),
        ):
            if not (table[known] == value).any():
                raise VoteError(f"{name}: {value!r} was not in the fit")
        here = table[table["period"] == period].set_index("state")["position"]
        return float(abs(here.get(a, np.nan) - here.get(b, np.nan)))

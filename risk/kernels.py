"""The formulas, numpy in and numpy out: weight, memory, net ratio, attributions, severity and path sums."""

from __future__ import annotations

import numpy as np

__all__ = [
    "aumann_shapley",
    "beta_parameters",
    "change_shares",
    "decay",
    "event_weight",
    "leave_one_out",
    "log_shares",
    "memory",
    "merged_confidence",
    "net_ratio",
    "noisy_or",
    "partner_exposure",
    "standing_memory",
    "weight_needed",
]


def decay(age, half_life):
    r"""
    Weight left to an event after ``age`` days.

    .. math:: w = 2^{-\text{age} / h} \text{ if age} \ge 0 \text{, else } 0

    An event that has not happened yet weighs nothing, so no caller can look ahead by mistake.

    Parameters
    ----------
    age : array-like
        Days from the event to the as-of date.
    half_life : array-like
        Days until half of the weight is gone, > 0; ``inf`` never forgets.

    Returns
    -------
    weight : ndarray
        Same shape as ``age``, between 0 and 1.

    Examples
    --------
    >>> decay([0, 30, 60, -1], half_life=30).tolist()
    [1.0, 0.5, 0.25, 0.0]
    """
    age = np.asarray(age, dtype=float)
    return np.where(age >= 0, np.exp2(-np.maximum(age, 0) / np.asarray(half_life, dtype=float)), 0.0)


def memory(age, persistence, fast, slow):
    r"""
    Memory of an act on two clocks.

    .. math:: K(d) = (1 - p)\, 2^{-d / h_{fast}} + p\, 2^{-d / h_{slow}}, \quad d \ge 0

    Parameters
    ----------
    age : array-like
        Days since the act; negative ages weigh 0.
    persistence : array-like
        Share p of the weight that runs on the slow clock, in [0, 1].
    fast, slow : float
        Half-lives in days, > 0.

    Returns
    -------
    K : ndarray
        In [0, 1].

    Examples
    --------
    >>> memory([0, 365.25], persistence=0.0, fast=365.25, slow=3652.5).tolist()
    [1.0, 0.5]
    """
    persistence = np.asarray(persistence, dtype=float)
    return (1 - persistence) * decay(age, fast) + persistence * decay(age, slow)


def standing_memory(age, since_end, persistence, standing, fast, slow):
    r"""
    Memory of a state of affairs: it stands while in force and ages from its end.

    In force :math:`K = r + (1 - r)\, 2^{-d / h_{slow}}`; after the end, the value at the end times :func:`memory`
    of the days since.

    Parameters
    ----------
    age : array-like
        Days since the start.
    since_end : array-like
        Days since the end; negative while in force.
    persistence, standing : array-like
        Share p on the slow clock after the end; share r that never fades while in force. Both in [0, 1].
    fast, slow : float
        Half-lives in days, > 0.

    Returns
    -------
    K : ndarray
        In [0, 1]; 0 before the start.

    Examples
    --------
    >>> standing_memory([3652.5, 3652.5], [-1, 0], 0.0, [1.0, 0.25], 365.25, 3652.5).tolist()
    [1.0, 0.625]
    """
    age, since_end = np.asarray(age, dtype=float), np.asarray(since_end, dtype=float)
    standing = np.asarray(standing, dtype=float)
    ended = since_end >= 0
    in_force = standing + (1 - standing) * np.exp2(
        -np.maximum(np.where(ended, age - since_end, age), 0) / slow
    )
    after = np.where(ended, memory(since_end, persistence, fast, slow), 1.0)
    return np.where(age >= 0, in_force * after, 0.0)


def event_weight(intensity, fraction, magnitude, confidence):
    """
    Signed weight of an event, ``x = g f m q``.

    Parameters
    ----------
    intensity : array-like
        g in [-1, 1], from the codebook under a named scale.
    fraction : array-like
        f in [0, 1], the stage's share of its act.
    magnitude : array-like
        m >= 0.
    confidence : array-like
        q in (0, 1].

    Returns
    -------
    x : ndarray

    Examples
    --------
    >>> float(event_weight(0.8, 0.5, 1.0, 0.5))
    0.2
    """
    return np.asarray(intensity, dtype=float) * fraction * magnitude * confidence


def merged_confidence(confidences):
    """
    Confidence in one event told by independent sources, ``1 - prod(1 - q)``.

    Examples
    --------
    >>> merged_confidence([0.5, 0.5])
    0.75
    """
    return float(1 - np.prod(1 - np.asarray(confidences, dtype=float)))


def net_ratio(cooperation, conflict, kappa, prior):
    r"""
    Alignment of two states from their stocks.

    .. math:: A = (\kappa m_0 + C - D) / (\kappa + C + D)

    Bounded in (-1, 1), strictly increasing in C, strictly decreasing in D; without events it is the prior.

    Parameters
    ----------
    cooperation, conflict : array-like
        Stocks C, D >= 0.
    kappa : float
        Weight of the prior, > 0, in full events.
    prior : array-like
        m0 in (-1, 1).

    Returns
    -------
    A : ndarray

    Examples
    --------
    >>> float(net_ratio(1.0, 0.0, kappa=1.0, prior=0.0))
    0.5
    """
    cooperation, conflict = np.asarray(cooperation, dtype=float), np.asarray(conflict, dtype=float)
    return (kappa * np.asarray(prior, dtype=float) + cooperation - conflict) / (
        kappa + cooperation + conflict
    )


def leave_one_out(weight, sign, alignment, total):
    r"""
    What the score loses without each event, in closed form.

    .. math:: A - A_{\setminus e} = uK (s - A) / (Z - uK)

    Parameters
    ----------
    weight : array-like
        Decayed weights uK >= 0.
    sign : array-like
        s, +1 friendly and -1 hostile.
    alignment, total : float
        A and Z = kappa + C + D.

    Returns
    -------
    effect : ndarray

    Examples
    --------
    >>> leave_one_out([1.0], [1], 0.5, 2.0).tolist()
    [0.5]
    """
    weight = np.asarray(weight, dtype=float)
    return weight * (np.asarray(sign, dtype=float) - alignment) / (total - weight)


def aumann_shapley(weight, sign, kappa, prior):
    r"""
    Attribution of the score along the straight path from no events to all of them.

    With V = C + D, M = C - D, L = ln((kappa + V)/kappa), J1 = L/V, J2 = (1/kappa - 1/(kappa+V))/V and
    J3 = (L - V/(kappa+V))/V^2, an event gets :math:`uK (s J_1 - \kappa m_0 J_2 - M J_3)`; these and m0 add up to A.

    Source: R. Aumann and L. Shapley, *Values of Non-Atomic Games* (1974), applied to the net ratio.

    Parameters
    ----------
    weight, sign : array-like
        Decayed weights uK >= 0 and signs.
    kappa, prior : float

    Returns
    -------
    phi : ndarray

    Examples
    --------
    >>> phi = aumann_shapley([1.0, 2.0], [1, -1], kappa=1.0, prior=0.1)
    >>> bool(abs(0.1 + phi.sum() - net_ratio(1.0, 2.0, 1.0, 0.1)) < 1e-12)
    True
    """
    weight, sign = np.asarray(weight, dtype=float), np.asarray(sign, dtype=float)
    volume, net = weight.sum(), (weight * sign).sum()
    j1, j2, j3 = _path_integrals(volume, kappa)
    return weight * (sign * j1 - kappa * prior * j2 - net * j3)


def _path_integrals(volume: float, kappa: float) -> tuple[float, float, float]:
    """J1, J2, J3 of Aumann-Shapley; a series where the closed forms lose digits."""
    ratio, total = volume / kappa, kappa + volume
    if ratio < 1e-3:
        powers = (-ratio) ** np.arange(8)
        n = np.arange(8)
        return (
            float((powers / (n + 1)).sum() / kappa),
            1 / (kappa * total),
            float((powers * (n + 1) / (n + 2)).sum() / kappa**2),
        )
    log = np.log1p(ratio)
    return log / volume, 1 / (kappa * total), (log - volume / total) / volume**2


def weight_needed(alignment, total, delta):
    """
    Weight of one more event that moves the score by ``delta``.

    Friendly weight for a rise, ``dA Z / (1 - A - dA)``; hostile weight for a fall, ``|dA| Z / (1 + A - |dA|)``.

    Parameters
    ----------
    alignment, total : float
        A and Z.
    delta : float
        Change wanted; A + delta must stay inside (-1, 1).

    Returns
    -------
    weight : float
        Not negative. Friendly if ``delta > 0``, hostile if ``delta < 0``.

    Raises
    ------
    ValueError
        If the score is NaN or no finite weight reaches it.

    Examples
    --------
    >>> weight_needed(0.0, 1.0, 0.5)
    1.0
    """
    if np.isnan(alignment):
        raise ValueError("a score that is not covered has no weight that moves it")
    target = alignment + delta
    if not -1 < target < 1:
        raise ValueError(
            f"no event can move the score from {alignment:+.3f} by {delta:+.3f}: it stays inside (-1, 1)"
        )
    return float(abs(delta) * total / (1 - np.sign(delta) * target))


def beta_parameters(cooperation, conflict, kappa, prior, rho):
    """
    Parameters of the evidence interval: p = (A + 1)/2 ~ Beta(alpha, beta).

    ``alpha = kappa (1 + m0)/2 + C/rho``, ``beta = kappa (1 - m0)/2 + D/rho``.

    Returns
    -------
    alpha, beta : ndarray

    Examples
    --------
    >>> [float(v) for v in beta_parameters(1.0, 0.0, kappa=1.0, prior=0.0, rho=1.0)]
    [1.5, 0.5]
    """
    prior = np.asarray(prior, dtype=float)
    alpha = kappa * (1 + prior) / 2 + np.asarray(cooperation, dtype=float) / rho
    beta = kappa * (1 - prior) / 2 + np.asarray(conflict, dtype=float) / rho
    return alpha, beta


def change_shares(signed, absolute, mean_alignment, mean_total):
    """
    What each item adds to a change of the score, exact and free of order.

    ``(D(xK) - Abar D(uK)) / Zbar`` with D the difference and bars the means of both ends. For a prior row pass
    ``kappa D(m0_row)`` as `signed` and 0 as `absolute`.

    Examples
    --------
    >>> float(change_shares(1.0, 1.0, 0.25, 1.5))
    0.5
    """
    return (np.asarray(signed, dtype=float) - mean_alignment * np.asarray(absolute, dtype=float)) / mean_total


def noisy_or(severity):
    """
    Severity of several instruments together, ``1 - prod(1 - sigma)``.

    Examples
    --------
    >>> float(noisy_or([0.5, 0.5]))
    0.75
    """
    return 1 - np.prod(1 - np.asarray(severity, dtype=float), axis=-1)


def log_shares(severity):
    """
    Shares of instruments in their joint severity, exact on the log scale.

    ``F ln(1 - sigma_i) / sum ln(1 - sigma)``; they add up to F.

    Examples
    --------
    >>> log_shares([0.5, 0.5]).tolist()
    [0.375, 0.375]
    """
    logs = np.log1p(-np.asarray(severity, dtype=float))
    total = logs.sum()
    return np.zeros_like(logs) if total == 0 else -np.expm1(total) * logs / total


def partner_exposure(ties, severity, pass_through, removed=None):
    r"""
    Exposure that reaches each state through its partners.

    .. math:: E = (1 - g) \sum_l g^{l-1} W^l F = (1 - g) W (I - gW)^{-1} F

    Parameters
    ----------
    ties : ndarray, shape (n, n)
        W, row i holds the tie shares of state i with each partner; rows sum to at most 1.
    severity : ndarray, shape (n,)
        F of each state, in [0, 1).
    pass_through : float
        g in [0, 1); 0 is the one-hop answer.
    removed : int, optional
        State taken out of the network (its own sanctions do not echo back to it).

    Returns
    -------
    E : ndarray, shape (n,)

    Examples
    --------
    >>> W = np.array([[0.0, 0.5], [0.0, 0.0]])
    >>> partner_exposure(W, np.array([0.0, 0.8]), 0.0).tolist()
    [0.4, 0.0]
    """
    ties, severity = np.array(ties, dtype=float), np.asarray(severity, dtype=float)
    if removed is not None:
        ties[:, removed] = 0.0
    reached = np.linalg.solve(np.eye(len(ties)) - pass_through * ties, severity)
    return (1 - pass_through) * ties @ reached

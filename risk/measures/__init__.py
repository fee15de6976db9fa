"""Rival measures of alignment on one interface, and by which events they part from ours."""

from risk.measures.comparison import Disagreement, disagreement
from risk.measures.measure import Measure
from risk.measures.of_events import alliance, gge, goldstein_mean, goldstein_sum, net_ratio
from risk.measures.of_votes import kappa, vote_distance

__all__ = [
    "Disagreement",
    "Measure",
    "alliance",
    "disagreement",
    "gge",
    "goldstein_mean",
    "goldstein_sum",
    "kappa",
    "net_ratio",
    "vote_distance",
]

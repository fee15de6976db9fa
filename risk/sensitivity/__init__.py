"""How far a score depends on choices and single rows: tornado, Sobol, rank intervals, pivots, coding error."""

from risk.sensitivity.choices import Choices
from risk.sensitivity.indices import sobol, sobol_of_score
from risk.sensitivity.ranks import rank_intervals, swap_probability
from risk.sensitivity.rows import coding_error, pivots
from risk.sensitivity.steps import tornado

__all__ = [
    "Choices",
    "coding_error",
    "pivots",
    "rank_intervals",
    "sobol",
    "sobol_of_score",
    "swap_probability",
    "tornado",
]

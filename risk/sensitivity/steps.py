"""One choice at a time made larger or smaller: the tornado."""

from __future__ import annotations

import pandas as pd

from risk.scorer import Scorer

__all__ = ["tornado"]


def tornado(scorer: Scorer, a: str, b: str, *, as_of: object, change: float = 0.25) -> pd.DataFrame:
    """
    What the score would be with one choice at a time made larger or smaller.

    Types' weights and kappa move in closed form (the net ratio is linear in them over linear); clocks and prior
    weights are scored anew.

    Parameters
    ----------
    scorer : Scorer
    a, b : str
    as_of : day
    change : float
        Relative step, in (0, 1).

    Returns
    -------
    pandas.DataFrame
        ``parameter, low, high, swing``, widest first; ``low`` with the choice made smaller.

    Examples
    --------
    >>> table = tornado(Scorer(), "VEN", "RUS", as_of="2025-10-15")
    >>> bool(table["swing"].is_monotonic_decreasing)
    True
    """
    if not 0 < change < 1:
        raise ValueError(f"change: {change!r} must be in (0, 1)")
    score = scorer.alignment(a, b, as_of=as_of)
    events = score.contributions.query("family != 'prior'")
    net, total = score.value * (score.kappa + score.volume), score.kappa + score.volume
    decayed = events["weight"] * events["memory"]
    rows = []
    for kind, x in decayed.groupby(events["event_type"]):
        moved = [(net + step * x.sum()) / (total + step * x.abs().sum()) for step in (-change, change)]
        rows.append((kind, *moved))
    pull = [
        (net + step * score.kappa * score.prior) / (total + step * score.kappa) for step in (-change, change)
    ]
    rows.append(("kappa", *pull))
    for name, low, high in _scored_anew(scorer, change):
        rows.append(
            (name, *(scorer.under(recipe).alignment(a, b, as_of=as_of).value for recipe in (low, high)))
        )
    table = pd.DataFrame(rows, columns=["parameter", "low", "high"])
    table["swing"] = (table["high"] - table["low"]).abs()
    return table.sort_values(["swing", "parameter"], ascending=[False, True], ignore_index=True)


def _scored_anew(scorer: Scorer, change: float):
    recipe = scorer.recipe
    for clock, days in recipe.clocks.items():
        yield f"clocks.{clock}", *(recipe.replace(clocks={clock: days * (1 + s)}) for s in (-change, change))
    for row, weight in recipe.prior_weights.items():
        if weight:
            yield (
                f"prior_weights.{row}",
                *(recipe.replace(prior_weights={row: weight * (1 + s)}) for s in (-change, change)),
            )

"""The prior of a dyad: declared rows, each with what it says, its weight and its source."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from risk.days import day_stamp
from risk.ledger import Ledger
from risk.votes import known_through, vote_prior, vote_prior_matrix

__all__ = ["PriorRow", "prior_of", "priors_of_pairs"]

NOT_AUTONOMOUS = ("UN",)


@dataclass(frozen=True)
class PriorRow:
    """
    One row of the prior: ``amount`` = weight times what it says; ``basis`` says from what, in a sentence.

    ``note`` is what a reader of the score must be told of it, mostly nothing.
    """

    name: str
    amount: float
    basis: str
    note: str = ""


def prior_of(ledger: Ledger, a: str, b: str, as_of: int, known_on: int) -> tuple[PriorRow, ...]:
    """
    The rows of the prior of two states.

    ``base`` is the recipe's constant; ``votes`` is 1 - 2 distance / reference distance of UN ideal points, fading
    with their age; ``shared_pressure`` is the largest min(F_a, F_b) among autonomous senders outside the dyad.

    Returns
    -------
    tuple of PriorRow
        Rows whose weight is above 0 and that have something to say.
    """
    recipe, weights = ledger.recipe, ledger.recipe.prior_weights
    rows = []
    if weights.get("base", 0) and recipe.base:
        rows.append(PriorRow("base", weights["base"] * recipe.base, "base rate of the recipe"))
    votes = _votes(ledger, a, b, as_of, known_on) if weights.get("votes", 0) else None
    if votes:
        rows.append(votes)
    if weights.get("shared_pressure", 0) and len(ledger.measures.frame):
        severity, sender = shared_pressure(ledger, a, b, as_of, known_on)
        if severity > 0:
            basis = (
                f"measures of {sender} in force against both {a} and {b} as of {day_stamp(as_of):%Y-%m-%d}"
            )
            rows.append(PriorRow("shared_pressure", weights["shared_pressure"] * severity, basis))
    return tuple(rows)


def _votes(ledger: Ledger, a: str, b: str, as_of: int, known_on: int) -> PriorRow | None:
    recipe = ledger.recipe
    found = vote_prior(
        ledger.positions, a, b, as_of, recipe.reference_distance, recipe.clocks["slow"], known_on=known_on
    )
    if found is None:
        return None
    value, age, session = found
    through = known_through(ledger.positions)
    late = through is not None and as_of > through
    origin = f"session {session}, {age} day{'' if age == 1 else 's'} old"
    return PriorRow(
        "votes",
        recipe.prior_weights["votes"] * value,
        f"distance of UN ideal points after {origin}" + (", carried forward" if late else ""),
        f"UN votes carried forward from {origin}" if late else "",
    )


def shared_pressure(ledger: Ledger, a: str, b: str, as_of: int, known_on: int) -> tuple[float, str]:
    """The largest min(F_a, F_b) over autonomous senders outside the dyad, and that sender."""
    table = ledger.measures.by_sender(as_of, known_on)
    senders = [sender for sender in table.index if sender not in (a, b, *NOT_AUTONOMOUS)]
    if a not in table.columns or b not in table.columns or not senders:
        return 0.0, ""
    both = table.loc[senders, [a, b]].min(axis=1)
    return float(both.max()), str(both.idxmax())


def priors_of_pairs(
    ledger: Ledger, states: np.ndarray, first: np.ndarray, second: np.ndarray, dates: np.ndarray
) -> np.ndarray:
    """
    m0 of many dyads at many dates, each as known on its own date; shape (dates, dyads).

    The votes row of all states is one matrix per session known; shared pressure is worked out anew only when a
    measure begins or ends.
    """
    weights = ledger.recipe.prior_weights
    out = np.full((len(dates), len(first)), weights.get("base", 0) * ledger.recipe.base)
    pressure, pressed = np.zeros(len(first)), b""
    for at, date in enumerate(dates):
        if weights.get("votes", 0) and len(ledger.positions):
            votes = vote_prior_matrix(
                ledger.positions,
                states,
                int(date),
                ledger.recipe.reference_distance,
                ledger.recipe.clocks["slow"],
            )
            out[at] += weights["votes"] * np.nan_to_num(votes[first, second])
        if weights.get("shared_pressure", 0) and len(ledger.measures.frame):
            now = ledger.measures.standing(int(date), int(date)).tobytes()
            if pressed != now:
                pressure, pressed = _pressures(ledger, states, first, second, int(date)), now
            out[at] += weights["shared_pressure"] * pressure
    return out


def _pressures(
    ledger: Ledger, states: np.ndarray, first: np.ndarray, second: np.ndarray, date: int
) -> np.ndarray:
    table = ledger.measures.by_sender(date, date).reindex(columns=list(states), fill_value=0.0)
    out = np.zeros(len(first))
    for sender, severity in zip(table.index, table.to_numpy(), strict=True):
        if sender not in NOT_AUTONOMOUS and severity.any():
            outside = (states[first] != sender) & (states[second] != sender)
            np.maximum(out, np.where(outside, np.minimum(severity[first], severity[second]), 0), out=out)
    return out

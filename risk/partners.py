"""Exposure through partners: what of other states' measures reaches a state along its ties, path by path."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.days import day_stamp
from risk.kernels import partner_exposure
from risk.ledger import Ledger

__all__ = ["ThroughPartners", "through_partners"]

PATH_LENGTH = 3


@dataclass(frozen=True, eq=False)
class ThroughPartners:
    """
    E of a state, and what it is made of.

    Attributes
    ----------
    E, E_upper : float
        What arrives, and the same with unlisted partners taken as fully sanctioned; NaN and 1 where no tie is known.
    tie_coverage : float
        The share of the state's ties that is listed.
    paths : pandas.DataFrame
        One row per path; ``amount`` adds up to E.
    notes : tuple of str
    """

    E: float
    E_upper: float
    tie_coverage: float
    paths: pd.DataFrame
    notes: tuple[str, ...]


def through_partners(
    ledger: Ledger, state: str, as_of: int, known_on: int, senders: Sequence[str]
) -> ThroughPartners:
    """
    What reaches a state through its ties; the state itself is taken out, so that its own measures do not echo back.

    ``E = (1 - g) W (I - g W)^-1 F``; see :func:`risk.kernels.partner_exposure`.

    Parameters
    ----------
    ledger : Ledger
    state : str
        Code.
    as_of, known_on : int
        Days; ties count from the day they were published.
    senders : sequence of str
        Whose measures make F.
    """
    g, latest = ledger.recipe.pass_through, ledger.ties.latest(min(as_of, known_on))
    states = sorted({state, *latest["state"], *latest["partner"]})
    ties, notes = ledger.ties.matrix(min(as_of, known_on), states)
    at = states.index(state)
    listed = float(ties[at].sum())
    if listed == 0:
        paths = _paths(ties, np.zeros(len(states)), g, at, states, math.nan)
        note = f"no tie of {state} was published by {day_stamp(min(as_of, known_on)):%Y-%m-%d}"
        return ThroughPartners(math.nan, 1.0, 0.0, paths, (note,))
    severity = ledger.measures.joint(as_of, known_on, senders).reindex(states, fill_value=0.0).to_numpy()
    through = float(partner_exposure(ties, severity, g, removed=at)[at])
    unlisted = np.zeros((len(states) + 1, len(states) + 1))
    unlisted[:-1, :-1] = ties
    unlisted[:-1, -1] = 1 - ties.sum(axis=1)
    unlisted[-1, -1] = 1.0
    upper = float(partner_exposure(unlisted, np.append(severity, 1.0), g, removed=at)[at])
    years = ", ".join(str(year) for year in sorted(latest.loc[latest["state"] == state, "year"].unique()))
    notes.append(f"the ties of {state} are those of {years}")
    paths = _paths(ties, severity, g, at, states, through)
    return ThroughPartners(through, min(upper, 1.0), listed, paths, tuple(notes))


def _paths(
    ties: np.ndarray, severity: np.ndarray, g: float, at: int, states: list[str], total: float
) -> pd.DataFrame:
    """Every path of up to PATH_LENGTH ties with its amount, heaviest first, and what longer ones add."""
    ties = ties.copy()
    ties[:, at] = 0.0
    names = np.array(states, dtype=object)
    ends, weight, label = np.array([at]), np.array([1 - g]), np.array([states[at]], dtype=object)
    first = np.array([""], dtype=object)
    frames = []
    for length in range(1, PATH_LENGTH + 1):
        path, partner = np.nonzero(ties[ends])
        weight = weight[path] * ties[ends[path], partner] * (g if length > 1 else 1.0)
        label = label[path] + " > " + names[partner]
        first = names[partner] if length == 1 else first[path]
        ends = partner
        frames.append(
            pd.DataFrame(
                {
                    "path": label,
                    "length": length,
                    "partner": first,
                    "end": names[ends],
                    "tie": weight,
                    "F": severity[ends],
                    "amount": weight * severity[ends],
                }
            )
        )
        if g == 0:
            break
    table = pd.concat(frames, ignore_index=True)
    table = table[table["amount"] > 0].sort_values(
        ["amount", "path"], ascending=[False, True], ignore_index=True
    )
    rest = total - math.fsum(table["amount"])
    if g > 0 and not math.isnan(total):
        table.loc[len(table)] = [
            f"longer than {PATH_LENGTH} ties",
            PATH_LENGTH + 1,
            "",
            "",
            math.nan,
            math.nan,
            rest,
        ]
    return table

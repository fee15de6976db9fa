"""What the onset model is to foresee, and the guard between what it may see and what it must foresee."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from risk.days import as_days
from risk.ledger import Ledger
from risk.onset.features import FEATURES, HORIZON_MONTHS, Feature, features_at

__all__ = ["LeakageError", "guard", "new_measures", "training_table"]

LABEL_TYPES = ("sanction.measure",)


class LeakageError(ValueError):
    """Features that are made of the outcome itself, at a time when the outcome is still open."""


def guard(features: Mapping[str, Iterable[str]], labels: Iterable[str], lags: Mapping[str, int]) -> None:
    """
    Refuse features made of the outcome's own event types without a lag.

    Parameters
    ----------
    features : mapping of str to types
        Event types or families of each feature.
    labels : iterable of str
        Event types of the outcome.
    lags : mapping of str to int
        Days between the last day that a feature looks at and the first day of the outcome; absent means 0.

    Raises
    ------
    LeakageError
        Naming feature and type.

    Examples
    --------
    >>> guard({"hostile": ["pressure"]}, ["sanction.measure"], {})
    >>> guard({"hostile": ["sanction"]}, ["sanction.measure"], {})
    Traceback (most recent call last):
    ...
    risk.onset.outcome.LeakageError: feature 'hostile' is made of sanction.measure, which is the outcome, without a \
lag; end it at least a day before the outcome begins, or leave that type out
    """
    for name, types in features.items():
        for label in labels:
            same = [
                one
                for one in types
                if label == one or label.startswith(f"{one}.") or one.startswith(f"{label}.")
            ]
            if same and lags.get(name, 0) < 1:
                raise LeakageError(
                    f"feature {name!r} is made of {label}, which is the outcome, without a lag; end it at least a day "
                    "before the outcome begins, or leave that type out"
                )


def new_measures(
    ledger: Ledger, sender: str, index: pd.MultiIndex, months: int = HORIZON_MONTHS
) -> pd.DataFrame:
    """
    Whether the sender begins a measure against each target in the months after each date.

    Parameters
    ----------
    index : pandas.MultiIndex
        ``(as_of, target)``.

    Returns
    -------
    pandas.DataFrame
        Same index; ``happened`` (a first spell of a measure on the whole state begins in (as_of, as_of + months]) and
        ``label_from``, the first day that the outcome looks at.
    """
    frame = ledger.measures.frame
    own = frame[(frame["sender"] == sender) & (frame["spell"] == 1)]
    starts = {target: np.sort(as_days(rows["start"])) for target, rows in own.groupby("target")}
    as_of = index.get_level_values("as_of")
    first, last = as_days(pd.Series(as_of)), as_days(pd.Series(as_of + pd.DateOffset(months=months)))
    empty = np.zeros(0, dtype=np.int32)
    happened = np.zeros(len(index), dtype=np.int64)
    for at, target in enumerate(index.get_level_values("target")):
        low, high = np.searchsorted(starts.get(target, empty), [first[at], last[at]], side="right")
        happened[at] = int(high > low)
    columns = {"happened": happened, "label_from": as_of + pd.Timedelta(days=1)}
    return pd.DataFrame(columns, index=index)


def training_table(
    ledger: Ledger,
    sender: str,
    dates: Iterable[object],
    task: str = "any",
    features: Mapping[str, Feature] = FEATURES,
    stocks: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Features and outcome of every state at every date, leakage refused.

    Parameters
    ----------
    task : {"any", "first"}
        ``"first"`` keeps only states that the sender was not known to have sanctioned by the date.
    stocks : pandas.DataFrame, optional
        As :func:`risk.onset.features.features_at` takes them.

    Returns
    -------
    pandas.DataFrame
        Index ``(as_of, target)``; the features, ``happened`` and ``label_from``.
    """
    if task not in ("any", "first"):
        raise ValueError(f"task {task!r}: use 'any' or 'first'")
    made_of = {name: feature.families for name, feature in features.items()}
    guard(made_of, LABEL_TYPES, {name: feature.lag for name, feature in features.items()})
    table = features_at(ledger, sender, dates, stocks=stocks)
    table = table.join(new_measures(ledger, sender, table.index))
    return table if task == "any" else table[table["sanctioned_before"] == 0]

"""Onset for one state and day: the frame that an exposure shows, and the events behind a log stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from risk.days import day_stamp
from risk.exposure import SENDERS
from risk.kernels import decay
from risk.ledger import Ledger
from risk.onset.features import (
    HORIZON_DAYS,
    SANCTION_FAMILY,
    dyad_stocks,
    features_at,
    recipe_part,
    targets_of,
)
from risk.onset.model import TASKS, OnsetModel, load_model

__all__ = ["COLUMNS", "event_shares", "forecast", "log_stock_shares"]

COLUMNS = ["sender", "task", "probability", "low", "high", "base_rate", "horizon", "model"]


def forecast(
    ledger: Ledger,
    state: str,
    as_of: int,
    known_on: int,
    senders: Sequence[str] = SENDERS,
    models: Mapping[str, OnsetModel] | None = None,
) -> pd.DataFrame | None:
    """
    Probability of a new measure within the horizon, by sender, from what was known on the day.

    Parameters
    ----------
    ledger : Ledger
    state : str
        Code.
    as_of, known_on : int
        Days; features are those of the earlier of the two.
    senders : sequence of str
    models : mapping of str to OnsetModel, optional
        Models of one's own by sender. None: the embedded one, which holds for the embedded record under the choices of
        recipe that it was fitted with, and for nothing else; of its vintages the one that was closed by the day.

    Returns
    -------
    pandas.DataFrame or None
        ``sender, task`` (``first`` where the sender never sanctioned the state, else ``any``), ``probability, low,
        high, base_rate, horizon`` (days), ``model``. A sender and task for which the model lost to a naive baseline
        has no row, and without any row the answer is None: no probability is printed that was not shown to be worth
        printing.
    """
    day = min(as_of, known_on)
    if models is None and ledger.version.startswith("own"):
        return None
    rows, stocks = [], None
    for sender in senders:
        known = _is_shown(sender, day) if models is None else sender in models
        if not known or state not in targets_of(sender, day):
            continue
        stocks = dyad_stocks(ledger, [day_stamp(day)]) if stocks is None else stocks
        values = features_at(ledger, sender, [day_stamp(day)], [state], stocks).iloc[0].to_dict()
        task = "any" if values["sanctioned_before"] else "first"
        model = _embedded(ledger, sender, task, day) if models is None else models[sender]
        if model is not None:
            horizon = int(model.card.get("horizon_days", HORIZON_DAYS))
            said = model.probability(values)
            rows.append([sender, task, *said, model.base_rate, horizon, model.name])
    return pd.DataFrame(rows, columns=COLUMNS) if rows else None


def _is_shown(sender: str, day: int) -> bool:
    """Whether the embedded model has anything to say of a sender, before features are worked out for it."""
    return any(load_model(sender, task, as_of=day) is not None for task in TASKS)


def _embedded(ledger: Ledger, sender: str, task: str, day: int) -> OnsetModel | None:
    """The embedded model, if it is shown for the task and was fitted under the ledger's choices."""
    found = load_model(sender, task, as_of=day)
    fits = found is not None and found.card.get("recipe_part") == recipe_part(ledger.recipe)
    return found if fits else None


def log_stock_shares(weights: np.ndarray, coefficient: float) -> np.ndarray:
    r"""
    What each event adds to the log odds through one log stock: :math:`(d_e / D)\, b \log(1 + D)`.

    Examples
    --------
    >>> log_stock_shares(np.array([1.0, 3.0]), coefficient=2.0).round(4).tolist()
    [0.8047, 2.4142]
    """
    weights = np.asarray(weights, dtype=float)
    total = weights.sum()
    return weights / total * coefficient * np.log1p(total) if total > 0 else np.zeros_like(weights)


def event_shares(ledger: Ledger, model: OnsetModel, sender: str, state: str, as_of: int) -> pd.DataFrame:
    """
    The events behind the four log stocks of a state toward a sender.

    Returns
    -------
    pandas.DataFrame
        ``feature, event_id, date, title, stock, share``; within a feature the shares (log odds) add up to coefficient
        times value. Heaviest first.
    """
    fast, slow = ledger.recipe.clocks["fast"], ledger.recipe.clocks["slow"]
    entries, memory = ledger.index.dyad(ledger.index.pair(sender, state), as_of, as_of)
    families = np.array(ledger.index.books.families, dtype=object)[entries.family]
    kept = families != SANCTION_FAMILY
    entries, memory = entries.take(kept), memory[kept]
    on_fast = entries.weight * _fast_memory(entries, as_of, memory, fast, slow)
    on_slow = entries.weight * memory - on_fast
    records = pd.DataFrame(ledger.records(entries.row))[["event_id", "date", "title"]]
    frames = []
    for sign, word in ((-1, "hostile"), (1, "friendly")):
        for clock, stock in (("fast", on_fast), ("slow", on_slow)):
            name = f"{word}_{clock}"
            mine = entries.sign == sign
            if name in model.features:
                beta = float(model.coefficients[model.features.index(name)])
                shares = log_stock_shares(stock[mine], beta)
                frames.append(records[mine].assign(feature=name, stock=stock[mine], share=shares))
    table = (
        pd.concat(frames, ignore_index=True) if frames else records.assign(feature="", stock=0.0, share=0.0)
    )
    order = np.argsort(-table["share"].abs().to_numpy(), kind="stable")
    return table.iloc[order][["feature", "event_id", "date", "title", "stock", "share"]].reset_index(
        drop=True
    )


def _fast_memory(entries, as_of: int, memory: np.ndarray, fast: float, slow: float) -> np.ndarray:
    """The part of each entry's memory on the fast clock: acts and what has ended; what stands has none."""
    state = ~np.isnan(entries.standing)
    ended = state & (entries.end <= as_of) & (entries.end_known <= as_of)
    age = as_of - np.where(ended, entries.end, entries.day)
    on_fast = (1 - entries.persistence) * decay(age, fast)
    both = on_fast + entries.persistence * decay(age, slow)
    share = np.divide(on_fast, both, out=np.zeros(len(age)), where=both > 0)
    return np.where(state & ~ended, 0.0, share * memory)

"""The embedded record as a backtest: every state of the world toward four senders, year ends, one scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from risk.ledger import Ledger
from risk.onset.features import FEATURES, dyad_stocks
from risk.onset.outcome import training_table
from risk.panel import panel
from risk.validation.report import Report
from risk.validation.rolling import Model, backtest, boosting, climatology, persistence, scorecard, single

__all__ = ["FIRST_TEST", "NOTE", "TASKS", "YEARS", "own_predictions", "own_report", "own_table", "year_ends"]

YEARS = range(1998, 2025)  # the record begins in 1999; the last outcome closes at the end of 2025
FIRST_TEST = "2009-12-31"
BEGINS = {"USA": 1998, "EU": 1998, "UN": 1998, "GBR": 2020}
"""The first year end of each sender: Britain acted through the Union until its own regulations of 2020-12-31."""
FIRST_TESTS = {"GBR": "2021-12-31"}
TASKS = {"any": "any new measure", "first": "first measure against a state never sanctioned"}
SIGNS = {name: feature.sign for name, feature in FEATURES.items()}
NOTE = (
    "Our own record of events is a selection made with today's knowledge of which dyads mattered, so figures that rest "
    "on event stocks are an upper bound; the sanctions measures are legal acts with their days."
)


def year_ends(years: Iterable[int] = YEARS) -> list[str]:
    """Last days of years, as text."""
    return [f"{year}-12-31" for year in years]


def own_table(
    ledger: Ledger, years: Iterable[int] = YEARS, senders: Iterable[str] = tuple(BEGINS)
) -> pd.DataFrame:
    """
    Features, outcome and net score of every state toward every sender at every year end.

    Senders are pooled: what comes before sanctions is taken to be alike, and the propensity feature carries a sender's
    mood. One sender has too few events to tell fourteen features apart.

    Returns
    -------
    pandas.DataFrame
        Index ``(as_of, sender, target)``; the features, ``happened``, ``label_from`` and ``net_score``.
    """
    years = list(years)
    tables: dict[str, pd.DataFrame] = {}
    stocks: dict[tuple[str, ...], pd.DataFrame] = {}  # senders with the same year ends share them
    for sender in senders:
        ends = tuple(year_ends(year for year in years if year >= BEGINS.get(sender, min(years))))
        if ends:
            stocks[ends] = stocks[ends] if ends in stocks else dyad_stocks(ledger, ends)
            tables[sender] = _of_sender(ledger, sender, ends, stocks[ends])
    table = pd.concat(tables, names=["sender"]).reorder_levels(["as_of", "sender", "target"])
    return table.sort_index()


def _of_sender(ledger: Ledger, sender: str, ends: Sequence[str], stocks: pd.DataFrame) -> pd.DataFrame:
    table = training_table(ledger, sender, ends, stocks=stocks)
    targets = table.index.get_level_values("target")
    values = panel(ledger, ends, sorted({(sender, target) for target in targets}))["value"]
    values = values.fillna(0.0).reset_index()
    values["target"] = values["a"].where(values["b"] == sender, values["b"])
    net = values.drop_duplicates(["as_of", "target"]).set_index(["as_of", "target"])["value"]
    return table.assign(net_score=net.reindex(table.index).fillna(0.0))


def own_predictions(table: pd.DataFrame, *, ceiling: bool = True) -> pd.DataFrame:
    """What the pooled scorecard (and the black box) said of every row from the first test year on."""
    models: dict[str, Model] = {"scorecard": scorecard(SIGNS)}
    if ceiling:
        models["boosting (ceiling)"] = boosting(list(FEATURES))
    return backtest(table, models, first=FIRST_TEST)


def own_report(
    table: pd.DataFrame,
    said: pd.DataFrame,
    sender: str,
    task: str,
    rng: np.random.Generator,
    *,
    draws: int = 200,
) -> Report:
    """
    The rolling backtest of one sender and task.

    The naive baselines learn from the rows of this sender and task alone, the scorecard from all senders' rows.

    Parameters
    ----------
    table, said : pandas.DataFrame
        From :func:`own_table` and :func:`own_predictions`.
    sender : str
    task : {"any", "first"}

    Raises
    ------
    ValueError
        If a baseline has no past rows of both classes to learn from.
    """
    if task not in TASKS:
        raise ValueError(f"task {task!r}: use one of {', '.join(TASKS)}")
    rows = table.xs(sender, level="sender", drop_level=False)
    if task == "first":
        rows = rows[rows["sanctioned_before"] == 0]
    naive: Mapping[str, Model] = {
        "climatology": climatology,
        "persistence": persistence("recent_measures" if task == "any" else "other_senders"),
        "net score": single("net_score"),
    }
    first = FIRST_TESTS.get(sender, FIRST_TEST)
    found = backtest(rows, naive, first=first)
    predictions = found.join(said.drop(columns="happened"))
    years = predictions.index.get_level_values("as_of").year
    title = f"{sender}: {TASKS[task]} within 12 months; own record, year ends {years.min()}-{years.max()}"
    return Report.of(title, predictions, rng, note=NOTE, draws=draws)

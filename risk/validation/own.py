"""The embedded record as a backtest: every state of the world, four senders, year ends."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from risk.ledger import Ledger
from risk.onset.features import FEATURES
from risk.onset.outcome import training_table
from risk.panel import panel
from risk.validation.report import Report
from risk.validation.rolling import backtest, boosting, climatology, persistence, scorecard, single

__all__ = ["FIRST_TEST", "NOTE", "YEARS", "own_report", "own_table", "year_ends"]

YEARS = range(1998, 2025)  # the record begins in 1999; the last outcome closes at the end of 2025
FIRST_TEST = "2009-12-31"
SIGNS = {name: feature.sign for name, feature in FEATURES.items()}
NOTE = (
    "Our own record of events is a selection made with today's knowledge of which dyads mattered, so figures that rest "
    "on event stocks are an upper bound; the sanctions measures are legal acts with their days."
)


def year_ends(years: Iterable[int] = YEARS) -> list[str]:
    """Last days of years, as text."""
    return [f"{year}-12-31" for year in years]


def own_table(ledger: Ledger, sender: str, task: str, years: Iterable[int] = YEARS) -> pd.DataFrame:
    """Features, outcome and net score of every state at every year end."""
    table = training_table(ledger, sender, year_ends(years), task)
    targets = table.index.get_level_values("target")
    dyads = sorted({(sender, target) for target in targets})
    values = panel(ledger, year_ends(years), dyads)["value"].fillna(0.0).reset_index()
    values["target"] = values["a"].where(values["b"] == sender, values["b"])
    net = values.drop_duplicates(["as_of", "target"]).set_index(["as_of", "target"])["value"]
    as_of = table.index.get_level_values("as_of")
    return table.assign(
        net_score=net.reindex(table.index).fillna(0.0), label_from=as_of + pd.Timedelta(days=1)
    )


def own_report(
    ledger: Ledger,
    sender: str,
    task: str,
    rng: np.random.Generator,
    *,
    ceiling: bool = True,
    draws: int = 200,
) -> Report:
    """The rolling backtest of one sender and task on the embedded record."""
    models = {
        "climatology": climatology,
        "persistence": persistence("recent_measures" if task == "any" else "other_senders"),
        "net score": single("net_score"),
        "scorecard": scorecard(SIGNS),
    }
    if ceiling:
        models["boosting (ceiling)"] = boosting(list(FEATURES))
    predictions = backtest(own_table(ledger, sender, task), models, first=FIRST_TEST)
    what = "any new measure" if task == "any" else "first measure ever"
    title = f"{sender}: {what} within 12 months; own record, year ends {FIRST_TEST[:4]}-{max(YEARS)}"
    predictions = pd.concat({sender: predictions}, names=["sender"])
    return Report.of(title, predictions, rng, note=NOTE, draws=draws)

"""Fit the shipped scorecard on the embedded record, and say for which senders and tasks it is worth showing.

    python datasets/onset/build.py [--out FOLDER]

Needs nothing but the repository: events, measures, triggers and positions are the embedded tables. A vintage holds what
was known by the end of its year, so that a score as of a day uses no coefficient from later. ``skill.csv`` holds the
rolling backtest by sender and task; where a naive baseline is as good, or events are too few to tell, the scorecard is
not shown.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from risk import datasets
from risk.exposure import SENDERS
from risk.ledger import Ledger, open_ledger
from risk.onset.features import FEATURES, HORIZON_DAYS, recipe_part
from risk.onset.model import OnsetModel
from risk.onset.scorecard import OnsetScorecard
from risk.validation.own import NOTE, SIGNS, TASKS, YEARS, own_predictions, own_report, own_table
from risk.validation.report import Report

HERE = Path(__file__).resolve().parent
DATA = ("events/events.csv", "sanctions/sanctions.csv", "triggers/triggers.csv", "positions/positions.csv")
SEED = 20251231
FIRST_VINTAGE = 2009  # the first year that the backtest says
MIN_EVENTS = 10  # fewer outcomes in the backtest decide nothing, however well they were foretold
METRICS = [
    "auc",
    "auc_low",
    "auc_high",
    "average_precision",
    "brier",
    "skill",
    "skill_low",
    "skill_high",
    "log_loss",
]


def data_digest() -> str:
    """SHA-256 over the digests of the tables that the features and outcomes come from."""
    digests = [hashlib.sha256(datasets.path(*name.split("/")).read_bytes()).hexdigest() for name in DATA]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def fitted(ledger: Ledger, table: pd.DataFrame, skill: dict, vintage: int) -> OnsetModel:
    """The scorecard of outcomes closed by the end of a year, with where it comes from and how its backtest went."""
    rows = table[table.index.get_level_values("as_of").year < vintage]
    scorecard = OnsetScorecard(signs=SIGNS).fit(
        rows[list(FEATURES)],
        rows["happened"],
        groups=rows.index.get_level_values("target"),
        time=rows.index.get_level_values("as_of").to_numpy(),
    )
    return scorecard.to_model(
        senders=", ".join(sorted(set(rows.index.get_level_values("sender")))),
        outcome="a new measure of the sender on the whole state begins within 12 months",
        horizon_days=HORIZON_DAYS,
        data=ledger.version,
        data_sha256=data_digest(),
        vintage=f"{vintage}-12-31",
        window=f"year ends {min(YEARS)}-{vintage - 1}",
        recipe_digest=ledger.recipe.digest,
        recipe_part=recipe_part(ledger.recipe),
        skill=skill,
        note=NOTE,
    )


def of_report(report: Report) -> dict:
    """The figures of a report by model, rounded."""
    return {
        name: {key: round(float(row[key]), 6) for key in METRICS} for name, row in report.table.iterrows()
    }


def skill_row(sender: str, task: str, report: Report) -> dict:
    """One line of skill.csv."""
    mine = report.table.loc[report.model]
    names = ("auc", "auc_low", "auc_high", "skill", "skill_low", "skill_high")
    lost = [*report.lost_to, *([f"fewer than {MIN_EVENTS} events"] if mine["events"] < MIN_EVENTS else [])]
    return {
        "sender": sender, "task": task, "rows": int(mine["n"]), "events": int(mine["events"]),
        **{name: round(float(mine[name]), 4) for name in names},
        "lost_to": ";".join(lost), "shown": "no" if lost else "yes",
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE)
    out = parser.parse_args().out
    ledger = open_ledger()
    table = own_table(ledger)
    said, rng = own_predictions(table, ceiling=False), np.random.default_rng(SEED)
    rows, skill = [], {}
    for sender in SENDERS:
        for task in TASKS:
            try:
                report = own_report(table, said, sender, task, rng)
            except ValueError as reason:
                rows.append(
                    {"sender": sender, "task": task, "lost_to": f"not tested: {reason}", "shown": "no"}
                )
                continue
            rows.append(skill_row(sender, task, report))
            skill[f"{sender} {task}"] = of_report(report)
            print(sender, task, report.verdict, flush=True)
    for file in out.glob("*.json"):
        if file.name != "datapackage.json":
            file.unlink()
    for vintage in range(FIRST_VINTAGE, max(YEARS) + 2):
        fitted(ledger, table, skill, vintage).save(out / f"scorecard-{vintage}.json")
    frame = pd.DataFrame(rows).astype({"rows": "Int64", "events": "Int64"})
    frame.to_csv(out / "skill.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()

"""Fit the shipped scorecards on the embedded record, and ship those that beat every naive baseline.

    python datasets/onset/build.py [--out FOLDER]

Needs nothing but the repository: events, measures and positions are the embedded tables. A vintage holds what was
known by the end of its year, so that a score as of a day uses no coefficient from later. A sender and task whose model
loses to a naive baseline in the rolling backtest gets no file; ``skill.csv`` says so with its figures.
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
from risk.onset.scorecard import OnsetScorecard
from risk.validation.own import NOTE, SIGNS, YEARS, own_report, own_table
from risk.validation.report import Report

HERE = Path(__file__).resolve().parent
DATA = ("events/events.csv", "sanctions/sanctions.csv", "positions/positions.csv")
SEED = 20251231
FIRST_VINTAGE = 2009  # the first year that the backtest says


def data_digest() -> str:
    """SHA-256 over the digests of the tables that the features and outcomes come from."""
    digests = [hashlib.sha256(datasets.path(*name.split("/")).read_bytes()).hexdigest() for name in DATA]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def fitted(ledger: Ledger, sender: str, task: str, report: Report, vintage: int):
    """The model of outcomes closed by the end of a year, with where it comes from and how its backtest went."""
    table = own_table(ledger, sender, task, range(min(YEARS), vintage))
    index = table.index
    scorecard = OnsetScorecard(signs=SIGNS).fit(
        table[list(FEATURES)],
        table["happened"],
        groups=index.get_level_values("target"),
        time=index.get_level_values("as_of").to_numpy(),
    )
    names = [
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
    skill = {name: {key: round(float(row[key]), 6) for key in names} for name, row in report.table.iterrows()}
    return scorecard.to_model(
        sender=sender,
        task=task,
        outcome="a new measure of the sender on the whole state begins within 12 months",
        horizon_days=HORIZON_DAYS,
        data=ledger.version,
        data_sha256=data_digest(),
        vintage=f"{vintage}-12-31",
        window=f"year ends {min(YEARS)}-{vintage - 1}",
        recipe_digest=ledger.recipe.digest,
        recipe_part=recipe_part(ledger.recipe),
        backtest=report.title,
        skill=skill,
        note=NOTE,
    )


def skill_row(sender: str, task: str, report: Report) -> dict:
    """One line of skill.csv."""
    mine = report.table.loc[report.model]
    names = ("auc", "auc_low", "auc_high", "skill", "skill_low", "skill_high")
    return {
        "sender": sender, "task": task, "rows": int(mine["n"]), "events": int(mine["events"]),
        **{name: round(float(mine[name]), 4) for name in names},
        "lost_to": ";".join(report.lost_to), "shipped": "no" if report.lost_to else "yes",
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE)
    out = parser.parse_args().out
    ledger = open_ledger()
    rows = []
    for sender in SENDERS:
        for task in ("any", "first"):
            for file in out.glob(f"{sender}-{task}-*.json"):
                file.unlink()
            try:
                report = own_report(ledger, sender, task, np.random.default_rng(SEED), ceiling=False)
            except ValueError as reason:
                rows.append(
                    {"sender": sender, "task": task, "lost_to": f"not tested: {reason}", "shipped": "no"}
                )
                continue
            rows.append(skill_row(sender, task, report))
            if not report.lost_to:
                for vintage in range(FIRST_VINTAGE, max(YEARS) + 2):
                    fitted(ledger, sender, task, report, vintage).save(
                        out / f"{sender}-{task}-{vintage}.json"
                    )
            print(sender, task, report.verdict, flush=True)
    table = pd.DataFrame(rows).astype({"rows": "Int64", "events": "Int64"})
    table.to_csv(out / "skill.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()

"""Replication bundles: a result with everything needed to get it again, in one folder of plain files."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from risk.exports import to_csv
from risk.ledger import Ledger

__all__ = ["save_bundle"]


TABLES = ("contributions", "events", "sanctions", "positions", "ties", "coverage")
NAMES = {*(f"{name}.csv" for name in TABLES), "result.json", "recipe.toml", "CITE.txt"}


def save_bundle(
    path: str | Path,
    result: dict,
    table: pd.DataFrame,
    ledger: Ledger,
    *,
    reports: np.ndarray,
    states: Collection[str],
    citation: str,
) -> Path:
    """
    Write what a result is, its contributions, and every table and choice that a scorer needs to get it again.

    ``events.csv`` has every report that counted; ``sanctions.csv`` and ``ties.csv`` are whole, because pressure and
    partners run through all states; ``positions.csv`` and ``coverage.csv`` are about the states of the result.

    Parameters
    ----------
    path : path
        A folder; made if missing, refused if it holds other files.
    result : dict
        Ready for JSON.
    table : pandas.DataFrame
        Contributions.
    ledger : Ledger
    reports : ndarray of int
        Rows of the events that went in.
    states : collection of str
        Codes the result is about.
    citation : str

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    FileExistsError
        If the folder holds files that are not a bundle's.
    """
    folder = Path(path).expanduser().resolve()
    if folder.exists() and {item.name for item in folder.iterdir()} - NAMES:
        raise FileExistsError(f"{folder} holds other files; give an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    positions, coverage = ledger.positions, ledger.coverage_table
    tables = (
        table,
        ledger.events.iloc[np.unique(reports)],
        ledger.sanctions,
        positions[positions["state"].isin(states)],
        ledger.ties_table,
        coverage[coverage["a"].isin(states) & coverage["b"].isin(states)],
    )
    for name, frame in zip(TABLES, tables, strict=True):
        to_csv(frame, folder / f"{name}.csv")
    text = json.dumps(result, indent=2, allow_nan=False, ensure_ascii=False)
    (folder / "result.json").write_text(text + "\n", encoding="utf-8")
    (folder / "recipe.toml").write_text(ledger.recipe.to_toml(), encoding="utf-8")
    (folder / "CITE.txt").write_text(citation + "\n", encoding="utf-8")
    return folder

"""Replication bundles: a result with everything needed to get it again, in one folder of plain files."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from risk.exports import to_csv
from risk.ledger import Ledger

__all__ = ["save_bundle"]


def save_bundle(
    path: str | Path,
    result: dict,
    table: pd.DataFrame,
    ledger: Ledger,
    events: Collection[str],
    citation: str,
) -> Path:
    """
    Write ``result.json``, ``contributions.csv``, ``events.csv``, ``sanctions.csv``, ``recipe.toml``, ``CITE.txt``.

    Parameters
    ----------
    path : path
        A folder; made if missing, refused if it holds other files.
    events : collection of str
        Ids of the events that went in.

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
    names = {"result.json", "contributions.csv", "events.csv", "sanctions.csv", "recipe.toml", "CITE.txt"}
    if folder.exists() and {item.name for item in folder.iterdir()} - names:
        raise FileExistsError(f"{folder} holds other files; give an empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=2, allow_nan=False, ensure_ascii=False)
    (folder / "result.json").write_text(text + "\n", encoding="utf-8")
    to_csv(table, folder / "contributions.csv")
    to_csv(ledger.events[ledger.events["event_id"].isin(events)], folder / "events.csv")
    to_csv(ledger.sanctions, folder / "sanctions.csv")
    (folder / "recipe.toml").write_text(ledger.recipe.to_toml(), encoding="utf-8")
    (folder / "CITE.txt").write_text(citation + "\n", encoding="utf-8")
    return folder

"""Keys of a table: exact copies are kept once, one key with two contents is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.reading.draft import DUPLICATE, Draft

__all__ = ["check_key"]


def check_key(draft: Draft) -> None:
    """Exact copies are kept once; one key with two contents is refused wherever it stands. Done once."""
    if draft.keyed:
        return
    draft.keyed = True
    key = list(draft.schema.key)
    keys = pd.DataFrame({name: draft.columns[name] for name in key})
    doubled = keys.duplicated(keep=False).to_numpy() & draft.sound()
    if not doubled.any():
        return
    positions = np.flatnonzero(doubled)
    same = draft.table().iloc[positions].astype(object)
    same = same.where(same.notna(), "")
    copies = same.astype(str).duplicated().to_numpy()
    first = same.astype(str).groupby(list(same.columns), sort=False).ngroup().to_numpy()
    origin = pd.Series(positions).groupby(first).transform("first").to_numpy()
    _refuse_copies(draft, positions[copies], origin[copies], key)
    rest = positions[~copies]
    clashing = rest[keys.iloc[rest].duplicated(keep=False).to_numpy()]
    _refuse_clashes(draft, clashing, key)


def _refuse_copies(draft: Draft, positions: np.ndarray, origins: np.ndarray, key: list[str]) -> None:
    messages = [f"an exact copy of row {row}" for row in draft.rows[origins]]
    draft.problems.add(positions, key[0], DUPLICATE, messages, draft.raw(positions, key[0]))
    draft.note(DUPLICATE, len(positions), "exact copies of other rows, kept once")


def _refuse_clashes(draft: Draft, positions: np.ndarray, key: list[str]) -> None:
    if not len(positions):
        return
    cells = {name: draft.columns[name].iloc[positions] for name in key}
    values = pd.DataFrame({name: part.astype("str").mask(part.isna(), "") for name, part in cells.items()})
    rows = pd.Series(draft.rows[positions], index=values.index)
    listed = rows.astype(str).groupby([values[name] for name in key]).transform(", ".join)
    shown = values.agg(" / ".join, axis=1)
    messages = [
        f"{text!r} stands in rows {where} with different content" for text, where in zip(shown, listed)
    ]
    draft.problems.add(positions, key[0], f"{key[0]}.conflict", messages, draft.raw(positions, key[0]))

"""The codebook's tables: what a row must hold, and how many texts are looked up through few."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = [
    "CodebookError",
    "checked_stages",
    "checked_types",
    "factor",
    "factor_rows",
    "numbers",
    "plain",
    "same_length",
    "translate",
]

_NUMBERS = ["goldstein", "plover", "persistence", "standing", "default_magnitude", "typical_value"]
_NEEDED = ["sign", "kind", "directed", "goldstein", "plover", "persistence"]
_SIGNS = {"friendly": 1.0, "hostile": -1.0}
_DIRECTED = {"yes": True, "no": False, True: True, False: False}


class CodebookError(ValueError):
    """An event type, stage, scale or code that the codebook cannot use; ``code`` is stable, for programs."""

    def __init__(self, message: str, code: str = "type.invalid"):
        super().__init__(message)
        self.code = code


def checked_types(frame: pd.DataFrame) -> pd.DataFrame:
    """
    A type table with index ``event_type``, numbers as numbers and every rule of the codebook met.

    Raises
    ------
    CodebookError
        Naming the type, the column and the rule; the caller's frame is never changed.
    """
    listed = "event_type" in frame.columns
    types = frame.set_index("event_type") if listed else frame.rename_axis("event_type")
    missing = [name for name in _NEEDED if name not in types.columns]
    if missing:
        raise CodebookError(f"columns missing from the types: {', '.join(missing)}")
    types = types.assign(**{name: _as_numbers(types, name) for name in _NUMBERS})
    types["default_magnitude"] = types["default_magnitude"].fillna(1.0)
    directed = [_DIRECTED.get(value) for value in types["directed"]]
    names = pd.Series([str(name) for name in types.index], index=types.index)
    types["family"] = names.str.split(".").str[0].astype(object)
    misnamed = ~names.str.fullmatch(r"[a-z]+\.[a-z_]+")
    _refuse(types, "event_type", misnamed, "a name is family.type in lower case")
    _refuse(types, "event_type", pd.Series(types.index.duplicated(), types.index), "a type is listed once")
    _refuse(types, "directed", pd.Series([value is None for value in directed], types.index), "yes or no")
    types["directed"] = np.array(directed, dtype=bool)
    _check_values(types)
    return types


def _check_values(types: pd.DataFrame) -> None:
    _refuse(types, "sign", ~types["sign"].isin(list(_SIGNS)), "friendly or hostile")
    _refuse(types, "kind", ~types["kind"].isin(["act", "state"]), "act or state")
    sign = types["sign"].map(_SIGNS).astype(float)
    for scale in ("goldstein", "plover"):
        rule = "an intensity is over 0 and at most 1 in size, with the type's sign"
        _refuse(types, scale, ~(sign * types[scale]).between(0, 1, inclusive="right"), rule)
    state = types["kind"] == "state"
    _refuse(types, "persistence", ~types["persistence"].between(0, 1), "a share between 0 and 1")
    unsaid = state & ~types["standing"].between(0, 1)
    _refuse(types, "standing", unsaid, "a state of affairs needs one, 0 to 1")
    _refuse(types, "standing", ~state & types["standing"].notna(), "an act has none")
    for name in ("default_magnitude", "typical_value"):
        wrong = types[name].notna() & ~((types[name] > 0) & np.isfinite(types[name]))
        _refuse(types, name, wrong, "over 0 and finite, or blank")


def checked_stages(stages: pd.DataFrame, known: pd.Index) -> pd.DataFrame:
    """A stage table whose types exist and whose fractions, over 0, sum to at most 1 per type."""
    table = stages.set_index("event_type")
    table = table.assign(fraction=_as_numbers(table, "fraction"))
    unknown = pd.Series(~table.index.isin(known), table.index)
    _refuse(table, "event_type", unknown, "not a type of this codebook")
    _refuse(table, "stage", table["stage"].isin(["", None]), "a stage has a name")
    _refuse(table, "fraction", ~(table["fraction"] > 0), "over 0")
    repeated = pd.Series(stages.duplicated(["event_type", "stage"]).to_numpy(), table.index)
    _refuse(table, "stage", repeated, "a stage is listed once")
    total = table["fraction"].groupby(level=0).transform("sum")
    _refuse(table, "fraction", total > 1 + 1e-9, "the fractions of a type sum to at most 1")
    return table.reset_index()


def _as_numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame.columns:
        return pd.Series(np.nan, index=frame.index)
    text = frame[name].astype(object)
    values = pd.to_numeric(text.where(text != "", None), errors="coerce").astype(float)
    _refuse(frame, name, values.isna() & text.notna() & (text != ""), "a number, or blank")
    return values


def _refuse(types: pd.DataFrame, column: str, wrong: pd.Series, rule: str) -> None:
    places = np.flatnonzero(wrong.fillna(True).to_numpy(dtype=bool))
    if len(places):
        name = types.index[places[0]]
        cell = types[column].iloc[places[0]] if column in types.columns else name
        shown = repr(cell) if isinstance(cell, str) else str(cell)
        raise CodebookError(f"event type {name!r}, column {column}: {shown} - {rule}")


def factor(values) -> tuple[np.ndarray, np.ndarray]:
    """Codes and distinct values of n texts; code -1 is missing. A Categorical is read from its own codes."""
    if isinstance(values, str):
        values = [values]
    if isinstance(getattr(values, "dtype", None), pd.CategoricalDtype):
        data = pd.Categorical(values)
        return data.codes.astype(np.intp), np.asarray(data.categories, dtype=object)
    if isinstance(values, pd.api.extensions.ExtensionArray):
        values = pd.Series(values)  # pandas 2 warns where an extension array of objects is factorised bare
    elif not isinstance(values, pd.Series | pd.Index):
        values = np.asarray(values, dtype=object)
    codes, distinct = pd.factorize(values)
    return codes, np.asarray(distinct, dtype=object)


def same_length(left: np.ndarray, right: np.ndarray, what: str) -> None:
    """Refuse columns that do not belong to the same rows."""
    if len(left) != len(right):
        raise CodebookError(f"{len(right)} {what} for {len(left)} rows", "length.differs")


def numbers(values, n: int, name: str, above_zero: bool) -> np.ndarray:
    """The n numbers of a column, NaN where not given; text, infinite or negative ones are an error."""
    if values is None:
        return np.full(n, np.nan)
    try:
        found = np.broadcast_to(pd.Series(np.atleast_1d(values)).to_numpy(float, na_value=np.nan), n)
    except (TypeError, ValueError) as error:
        raise CodebookError(f"{name}: {error}", f"{name}.not_number") from error
    wrong = ~np.isnan(found) & ~(np.isfinite(found) & ((found > 0) if above_zero else (found >= 0)))
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        rule = "over 0" if above_zero else "at least 0"
        message = f"{name} {float(found[at])!r} (position {at}): a {name} is finite and {rule}"
        raise CodebookError(message, f"{name}.invalid")
    return found


def factor_rows(parts: Sequence[tuple[np.ndarray, np.ndarray | pd.Index]]) -> tuple[np.ndarray, list[tuple]]:
    """Codes and distinct rows of several factored columns together; a missing text reads as blank."""
    shape = [len(names) + 1 for _, names in parts]
    flat = np.ravel_multi_index([codes % size for (codes, _), size in zip(parts, shape)], shape)
    codes, distinct = pd.factorize(flat)
    columns = zip(parts, np.unravel_index(distinct, shape))
    return codes, list(zip(*([[*names, ""][place] for place in places] for (_, names), places in columns)))


def translate(
    codes: np.ndarray,
    pairs: Sequence[tuple[str, str]],
    values: pd.DataFrame,
    note: str,
    *,
    mapped: bool = False,
) -> tuple[np.ndarray, pd.DataFrame]:
    """
    Types of n rows from the (type, note) of their distinct values, and a table of the notes with counts.

    Code -1 takes the last pair. The table holds the values without a type, or, with ``mapped``, every
    value that has a note.
    """
    found = np.array([event_type for event_type, _ in pairs], dtype=object)
    notes = np.array([text for _, text in pairs], dtype=object)
    counts = np.bincount(codes % max(len(pairs), 1), minlength=len(pairs))
    table = values.assign(event_type=found) if mapped else values
    table = table.assign(**{note: notes, "count": counts})
    shown = (counts > 0) & ((notes != "") if mapped else (found == ""))
    return found[codes], table[shown].reset_index(drop=True)


def plain(table: pd.DataFrame) -> str:
    """A table as one text that does not depend on the pandas version: what a digest is made of."""
    rows = [list(table.columns), *table.itertuples(index=False, name=None)]
    cells = ([repr(float(cell)) if isinstance(cell, float) else str(cell) for cell in row] for row in rows)
    return "\x1e".join("\x1f".join(row) for row in cells)

"""The distinct cells of a column: every rule is applied once to each of them, not once per row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk.reading.problems import Problems, quoted

__all__ = ["Cells"]

Verdicts = Mapping[int, tuple[str, str]]
_SAMPLE = 2000
_CUTS_AT_NUL = int(pd.__version__.split(".")[0]) < 3  # its table of texts takes "x\0" and "x" for one


@dataclass(frozen=True)
class Cells:
    """
    A column as its distinct cells.

    Attributes
    ----------
    codes : ndarray of int
        For each row, the place of its cell in ``values``.
    values : list
        Distinct raw cells; None stands for a missing one. Equal numbers of different type stay apart.
    single : bool
        Whether ``values`` are the cells of all rows in turn, of a column of text that hardly repeats itself.

    Examples
    --------
    >>> cells = Cells.of(pd.Series(["CUB", "RUS", "CUB", None]))
    >>> cells.values
    ['CUB', 'RUS', None]
    """

    codes: np.ndarray
    values: list[object]
    single: bool = False

    @classmethod
    def of_text(cls, series: pd.Series) -> Cells:
        """The distinct cells, or all cells where nearly every one is its own: to find that out costs more."""
        if len(series) < _SAMPLE or isinstance(series.dtype, pd.CategoricalDtype):
            return cls.of(series)
        sample = series.iloc[:: len(series) // _SAMPLE].tolist()
        if len({cell for cell in sample if isinstance(cell, str)}) < 0.9 * len(sample):
            return cls.of(series)
        cells = cls.each(series)
        return cells if set(map(type, cells.values)) == {str} else cls.of(series)

    @classmethod
    def each(cls, series: pd.Series) -> Cells:
        """The cells of all rows in turn, however often they repeat each other."""
        return cls(np.arange(len(series)), series.tolist(), single=True)

    @classmethod
    def of(cls, series: pd.Series) -> Cells:
        """The distinct cells of ``series``; of a categorical column, only the levels in use."""
        if isinstance(series.dtype, pd.CategoricalDtype):
            return cls._of_levels(series)
        if series.dtype == object and pd.api.types.infer_dtype(series, skipna=True) not in (
            "string",
            "empty",
        ):
            return cls._of_mixed(series)
        if _CUTS_AT_NUL and series.dtype == object and "\0" in "".join(series[series.notna()]):
            return cls._of_mixed(series)
        codes, values = pd.factorize(series)
        return cls._with_missing(codes.astype(np.int64), values.tolist())

    @classmethod
    def _of_levels(cls, series: pd.Series) -> Cells:
        codes, levels = series.cat.codes.to_numpy(np.int64), series.cat.categories
        used = np.bincount(codes[codes >= 0], minlength=len(levels)) > 0
        place = np.append(np.cumsum(used) - 1, -1)  # the last for -1, a missing cell
        return cls._with_missing(place[codes], levels[used].tolist())

    @classmethod
    def _with_missing(cls, codes: np.ndarray, values: list[object]) -> Cells:
        missing = codes < 0
        if missing.any():
            codes, values = np.where(missing, len(values), codes), [*values, None]
        return cls(codes, values)

    @classmethod
    def _of_mixed(cls, series: pd.Series) -> Cells:
        places: dict[tuple[type, object], int] = {}
        values: list[object] = []
        codes = np.empty(len(series), np.int64)
        for row, cell in enumerate(series):
            value = None if _is_missing(cell) else cell
            key = (type(value), value if value is None or value.__hash__ else repr(value))
            place = places.setdefault(key, len(values))
            if place == len(values):
                values.append(value)
            codes[row] = place
        return cls(codes, values)

    def rows(self, places: Iterable[int]) -> np.ndarray:
        """Rows whose cell is one of ``places``, in order."""
        chosen = np.zeros(len(self.values), dtype=bool)
        chosen[list(places)] = True
        return np.flatnonzero(chosen[self.codes])

    def refuse(self, problems: Problems, column: str, verdicts: Verdicts) -> None:
        """Refuse every row whose cell has a verdict: place -> (code, message)."""
        if not verdicts:
            return
        rows = self.rows(verdicts)
        places = self.codes[rows]
        problems.add(
            rows,
            column,
            [verdicts[place][0] for place in places],
            [verdicts[place][1] for place in places],
            [shown(self.values[place]) for place in places],
        )


def _is_missing(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and cell != cell)


def shown(value: object) -> str:
    """Raw text of a cell, control characters made visible."""
    if value is None:
        return ""
    return value if isinstance(value, str) and value.isprintable() else quoted(value)

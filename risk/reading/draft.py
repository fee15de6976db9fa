"""A table while it is being checked: what was brought, what came out of each column, what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from risk.reading.cells import Cells
from risk.reading.options import Options
from risk.reading.problems import Problems, RowError, storable
from risk.reading.report import Note, Reading, Report
from risk.reading.schema import Schema
from risk.reading.spread import Columns

__all__ = ["Draft"]

DUPLICATE = "duplicate.exact"


@dataclass
class Draft:
    """
    The workspace of the checks, and what a table's own rule is given.

    Attributes
    ----------
    frame : DataFrame
        What was brought, with a plain index; never changed.
    rows : ndarray of int
        Row numbers as the file counts them.
    columns : mapping of str to Series
        Checked columns so far.
    spans : dict of str to (first, last)
        For date columns: the days each cell may mean, as arrays of datetime64[D].
    faults : list of RowError
        Rows of the file that could not be split into cells; they are not in ``frame``.
    """

    frame: pd.DataFrame
    schema: Schema
    options: Options
    rows: np.ndarray
    columns: Columns = field(default_factory=Columns)
    spans: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    faults: list[RowError] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    unmapped: dict[tuple[str, str], int] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    name: str = ""
    digest: str = ""
    keyed: bool = False
    _notes: dict[str, tuple[int, str, list[str]]] = field(default_factory=dict)
    _cells: dict[str, Cells] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.frame)

    def has(self, name: str) -> bool:
        """Whether the column was brought."""
        return name in self.frame.columns

    def cells(self, name: str) -> Cells:
        """The cells of a column as brought, told apart once; of a column that hardly repeats itself, row by row."""
        if name not in self._cells:
            self._cells[name] = Cells.of_text(self.frame[name])
        return self._cells[name]

    def note(self, code: str, count: int, text: str, column: str = "") -> None:
        """Remember something that refuses no row; ``text`` goes on after the count."""
        if count:
            before, _, columns = self._notes.get(code, (0, "", []))
            columns = columns if not column or column in columns else [*columns, column]
            self._notes[code] = (before + int(count), text, columns)

    def refuse(self, where: np.ndarray, column: str, code: str, message: str | Sequence[str]) -> None:
        """Refuse the rows where the mask is true; the raw text is the cell of ``column``."""
        positions = np.flatnonzero(where)
        if len(positions):
            self.problems.add(positions, column, code, message, self.raw(positions, column))

    def raw(self, positions: np.ndarray, column: str) -> list[str]:
        """Cells as they were brought, as text."""
        if column not in self.frame.columns:
            return [""] * len(positions)
        cells = self.frame[column].iloc[positions].astype(object)
        return ["" if _is_missing(cell) else storable(cell) for cell in cells]

    def sound(self, *columns: str) -> np.ndarray:
        """True for each row without a problem (in one of ``columns``, or anywhere)."""
        return ~self.problems.mask(len(self), *columns)

    def table(self) -> pd.DataFrame:
        """All rows, the schema's columns first, then the others as brought."""
        extra = [name for name in self.frame.columns if name not in self.schema.names]
        made = [name for name in self.columns if name not in self.schema.names and name not in extra]
        data = {name: self.columns[name] for name in (*self.schema.names, *made)}
        data |= {name: self.columns.get(name, self.frame[name]) for name in extra}
        return pd.DataFrame(data, copy=False)

    def reading(self) -> Reading:
        """The finished reading; raises where rows are refused and the options say so."""
        rejected, report = self.verdict()
        sound = self.sound()
        table = self.table()
        accepted = table if sound.all() else table[sound].reset_index(drop=True)
        return Reading(accepted, rejected, report, name=self.name)

    def verdict(self) -> tuple[pd.DataFrame, Report]:
        """What is refused, and the counts; raises where rows are refused and the options say so."""
        found = self.problems.table(self.rows)
        if self.faults:
            found = pd.concat([found, pd.DataFrame(self.faults)]).sort_values(
                "row", kind="stable", ignore_index=True
            )
        n_rows = len(self) + len(self.faults)
        errors = found[found["code"] != DUPLICATE]
        if self.options.errors == "raise" and len(errors):
            listed = [RowError(*entry) for entry in errors.itertuples(index=False, name=None)]
            bad, out = errors["row"].nunique(), found["row"].nunique()
            words = (self.schema.noun, self.schema.remedy)
            raise self.schema.error.of_rows(listed, n_rows, bad, words, rows_used=n_rows - out)
        rejected = _one_per_row(found)
        report = Report(
            rows_read=n_rows,
            accepted=int(self.sound().sum()),
            rejected=len(rejected),
            unmapped=tuple((column, text, count) for (column, text), count in self.unmapped.items()),
            notes=self._all_notes(),
            policies=tuple(self.policies.items()),
            digest=self.digest,
        )
        return rejected, report

    def _all_notes(self) -> tuple[Note, ...]:
        made = []
        for code, (count, text, columns) in self._notes.items():
            where = f" (column{'s' * (len(columns) > 1)} {', '.join(columns)})" if columns else ""
            made.append(Note(code, count, f"{count} {text}{where}"))
        return tuple(made)


def _is_missing(cell: object) -> bool:
    return bool(pd.api.types.is_scalar(cell) and pd.isna(cell))


def _one_per_row(found: pd.DataFrame) -> pd.DataFrame:
    """The first problem of each row, with the messages of its other ones in ``more``."""
    first = found.drop_duplicates("row").assign(more="")
    others = found[found.duplicated("row")]
    if len(others):
        told = others["column"] + ": " + others["message"]
        joined = told.groupby(others["row"]).agg("; ".join)
        first["more"] = first["row"].map(joined).fillna("").astype("str")
    return first.reset_index(drop=True)

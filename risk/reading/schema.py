"""What a table must look like, said once and read by every check."""

from __future__ import annotations

from dataclasses import dataclass

from risk.reading.problems import TableError

__all__ = ["Column", "Schema"]

KINDS = ("text", "code", "date", "number", "state", "states", "type")


@dataclass(frozen=True)
class Column:
    """
    One column of a checked table.

    Parameters
    ----------
    name : str
        Header.
    kind : {"text", "code", "date", "number", "state", "states", "type"}
        text: free words; code: an identifier; states: several states split by ``;``; type: an event type of
        the codebook.
    required : bool
        Whether the column must be there.
    blank : bool
        Whether a cell may be empty.
    default : str or float
        What every row gets where the column is missing (reported).
    choices : tuple of str
        The only words allowed (an empty cell is judged by ``blank``).
    pattern : str
        Regular expression a code must match in full.
    on : str
        For states: the date column that says when the state must have existed.
    above, low, high : float or None
        For numbers: ``above`` is excluded, ``low`` and ``high`` are allowed. No ``high``: ``Options.limit``.
    policy : str
        For dates: where a month or year is placed; empty: ``Options.date_policy``.

    Examples
    --------
    >>> Column("confidence", "number", blank=False, default=1.0, above=0, high=1).kind
    'number'
    """

    name: str
    kind: str = "text"
    required: bool = False
    blank: bool = True
    default: str | float = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    on: str = ""
    above: float | None = None
    low: float | None = None
    high: float | None = None
    policy: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"column {self.name}: kind must be one of {KINDS}, not {self.kind!r}")


@dataclass(frozen=True)
class Schema:
    """
    Columns in the order of the checked table, and the words its errors use.

    Parameters
    ----------
    columns : tuple of Column
        Date columns come before the state columns that are read ``on`` them.
    key : tuple of str
        Columns whose values name a row; repeated with other content is an error.
    noun : str
        What a row is, in the plural: ``events``.
    reader : str
        Name of the public reader, for the advice in the error text; empty: there is none.
    error : type
        The TableError raised.

    Examples
    --------
    >>> Schema((Column("id", "code"),), key=("id",), noun="measures").names
    ('id',)
    """

    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    noun: str = "rows"
    reader: str = "read_table"
    error: type[TableError] = TableError

    @property
    def names(self) -> tuple[str, ...]:
        """Headers in order."""
        return tuple(column.name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def remedy(self) -> str:
        """What the user can do about a refused row."""
        if not self.reader:
            return "Fix the cell."
        return f'Fix the cell, or {self.reader}(..., errors="quarantine") and see .rejected.'

"""A file that lists states, as an analyst's portfolio does."""

from __future__ import annotations

from os import PathLike

import numpy as np

from risk.days import day_number
from risk.reading import Column, Draft, Schema, read_table
from risk.states import resolve_states

__all__ = ["read_state_list"]

_SCHEMA = Schema((Column("state", "code", required=True, blank=False),), reader="")


def read_state_list(path: str | PathLike[str], as_of: str) -> list[str]:
    """
    The states of a file, each of them a state on the day.

    Parameters
    ----------
    path : str or path
        A table with a column ``state`` of names or codes; other columns are not read.
    as_of : str
        The day on which each must exist.

    Returns
    -------
    list of str
        As they stand in the file.

    Raises
    ------
    TableError
        Naming row and reason: nothing is shifted, skipped or guessed.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "states.csv")
    ...     _ = file.write_text("state,desk\\nVenezuela,A\\nCUB,B\\n")
    ...     read_state_list(file, "2025-10-15")
    ['Venezuela', 'CUB']
    """
    day_number(as_of)

    def rule(draft: Draft) -> None:
        names = draft.columns["state"].tolist()
        for missed in resolve_states(names, on=as_of)[1]:
            here = draft.sound("state") & np.isin(np.arange(len(draft)), missed.rows)
            draft.refuse(here, "state", missed.error.code, str(missed.error).removesuffix("."))

    return read_table(path, _SCHEMA, rule).table["state"].tolist()

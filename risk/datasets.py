"""Where the embedded tables live, and how a reviewed table is read as text."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd

__all__ = ["describe", "path", "read_text_file", "read_text_table"]

_PACKAGE = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """
    Path of an embedded data file.

    In an installed wheel the tables are inside the package; in a checkout they are the folder ``datasets``.

    Parameters
    ----------
    *parts : str
        Folder and file, as in ``path("codebook", "types.csv")``.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    FileNotFoundError
        If the package has been installed without its data.

    Examples
    --------
    >>> path("codebook").name
    'codebook'
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent / "datasets"):
        if root.is_dir():
            return root.joinpath(*parts)
    raise FileNotFoundError(f"the embedded data is missing beside {_PACKAGE}; reinstall geopolitical-risk")


def read_text_table(*parts: str) -> pd.DataFrame:
    """
    An embedded table, every cell as the text it is.

    Codes stay text (``NA`` is Namibia, ``010`` is not 10) and an empty cell is ``""``.

    Returns
    -------
    pandas.DataFrame
        One row per record, all columns text.

    Examples
    --------
    >>> bool((read_text_table("codebook", "types.csv")["event_type"] == "drill.joint").any())
    True
    """
    return read_text_file(path(*parts))


def read_text_file(file: Path) -> pd.DataFrame:
    """Any comma-separated UTF-8 file in the same way: every cell as the text it is."""
    return pd.read_csv(file, dtype=str, keep_default_na=False, na_filter=False, encoding="utf-8")


@cache
def describe(name: str) -> dict:
    """
    The data package description of an embedded table: title, source, licence, coverage, assertions.

    Examples
    --------
    >>> describe("codebook")["name"]
    'codebook'
    """
    return json.loads(path(name, "datapackage.json").read_text(encoding="utf-8"))

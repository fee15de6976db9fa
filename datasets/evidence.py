"""What the checks of the records share: the outside files, official numbers and days, tables in a README."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
BEGIN, END = "<!-- begin: python {script} --write -->", "<!-- end -->"
ORDER = re.compile(r"(?:E\.O\.|Executive Orders?) (\d{5})")
DOCUMENT = re.compile(r"[Dd]ocument (\d{4}-\d{5}|\d{2}-\d{2,6}|[A-Z]\d-\d{4,5})")


class AbsentData(FileNotFoundError):
    """The outside data a check compares with is not at hand."""


def raw_folder() -> Path:
    """
    Folder of the outside data: ``RISK_DATA``, or ``../shared/data`` beside the checkout.

    Raises
    ------
    AbsentData
        If there is no such folder.
    """
    folder = Path(os.environ.get("RISK_DATA", HERE.parents[1] / "shared" / "data"))
    if not folder.is_dir():
        raise AbsentData(f"no outside data in {folder}: set RISK_DATA to its folder; nothing was compared")
    return folder


def fingerprint(file: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def read_text(file: Path, **options) -> pd.DataFrame:
    """A comma-separated file with every cell as text."""
    return pd.read_csv(file, dtype=str, keep_default_na=False, na_filter=False, **options)


def read_orders(folder: Path) -> pd.DataFrame:
    """
    Executive Orders in the exports of the Federal Register.

    Returns
    -------
    pandas.DataFrame
        Index ``number``; ``signed`` and ``document``. The first export that holds a number gives its row.
    """
    parts = []
    for name in ("tecna7", "ucb", "nara"):
        part = read_text(folder / "exec_orders" / f"{name}.csv")
        part = part.rename(columns={"executive_order_number": "number", "signing_date": "signed"})
        signed = pd.to_datetime(part["signed"].str.strip(), format="mixed", errors="coerce")
        part = part.assign(number=part["number"].str.strip(), signed=signed.dt.strftime("%Y-%m-%d"))
        parts.append(part.assign(document=part["document_number"].str.strip()))
    orders = pd.concat(parts)[["number", "signed", "document"]]
    return orders[orders["number"] != ""].drop_duplicates("number").set_index("number")


def read_documents(folder: Path) -> pd.Series:
    """Day of publication of Federal Register documents, by number."""
    table = read_text(folder / "federal_register" / "sanctions_documents_2020_2026.csv")
    return table.drop_duplicates("document_number").set_index("document_number")["published"]


def markdown(table: pd.DataFrame) -> str:
    """A frame as a markdown table, its index left out."""
    lines = [list(map(str, table.columns)), ["---"] * table.shape[1], *table.astype(str).to_numpy().tolist()]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)


def percent(hits: int, of: int) -> str:
    """A share as text: ``3 of 4 (75 %)``."""
    return f"{hits} of {of} ({100 * hits / of:.0f} %)" if of else "0 of 0"


def share(flags: pd.Series) -> str:
    """How many of the known flags are true, as text."""
    known = flags.dropna()
    return percent(int(known.sum()), len(known))


def wide(table: pd.DataFrame, times: int) -> pd.DataFrame:
    """A narrow table laid side by side."""
    height = -(-len(table) // times)
    parts = [table.iloc[i * height : (i + 1) * height].reset_index(drop=True) for i in range(times)]
    return pd.concat([part.astype(str) for part in parts], axis=1).fillna("")


def put_between(readme: Path, script: str, text: str) -> None:
    """
    Replace what stands between the markers of a script in a README.

    Raises
    ------
    ValueError
        If the markers are not there.
    """
    begin = BEGIN.format(script=script)
    old = readme.read_text(encoding="utf-8")
    if begin not in old or END not in old:
        raise ValueError(f"{readme} lacks the markers {begin} and {END}")
    head, rest = old.split(begin, 1)
    tail = rest.split(END, 1)[1]
    readme.write_text(f"{head}{begin}\n\n{text.strip()}\n\n{END}{tail}", encoding="utf-8")

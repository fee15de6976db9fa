"""The scores against orderings that published sources state plainly."""

from __future__ import annotations

import csv
import datetime
import re

import pandas as pd
import pytest

import risk
from risk.datasets import describe, path, read_text_table

COLUMNS = [
    "ordering_id", "kind", "above_a", "above_b", "above_as_of", "below_a", "below_b", "below_as_of",
    "because", "publisher", "source", "url", "note",
]  # fmt: skip
SIDES = ("above", "below")
TABLE = read_text_table("orderings", "orderings.csv")


def failing(note: str) -> str:
    """The reason a row is known to fail, or an empty text."""
    return note.split("fails:", 1)[1].strip() if note.startswith("fails:") else ""


def cases() -> list:
    """One parameter a row; a known failure must fail, or the test breaks."""
    return [
        pytest.param(
            row,
            id=row["ordering_id"],
            marks=[pytest.mark.xfail(strict=True, raises=AssertionError, reason=failing(row["note"]))]
            if failing(row["note"])
            else [],
        )
        for row in TABLE.to_dict("records")
    ]


@pytest.fixture(scope="module")
def scorer() -> risk.Scorer:
    return risk.Scorer()


def level(scorer: risk.Scorer, row: dict, side: str) -> float:
    a, b, day = row[f"{side}_a"], row[f"{side}_b"], row[f"{side}_as_of"]
    if row["kind"] == "exposure":
        return scorer.exposure(a, as_of=day).F
    return scorer.alignment(a, b, as_of=day).value


def test_the_file_is_plain_text_of_the_agreed_columns():
    raw = path("orderings", "orderings.csv").read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8").splitlines()))
    assert rows[0] == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert all(cell == cell.strip() for row in rows for cell in row)


def test_there_are_enough_rows_of_each_kind():
    wanted = describe("orderings")["assertions"]
    assert len(TABLE) >= wanted["min_rows"]
    assert set(TABLE["kind"]) == {"alignment", "exposure"}
    assert (TABLE["kind"] == "alignment").sum() >= wanted["min_alignment"]
    assert (TABLE["kind"] == "exposure").sum() >= wanted["min_exposure"]
    assert TABLE["note"].str.contains(r"\bcore\b").sum() == wanted["core"]


def test_keys_and_claims_are_unique():
    assert TABLE["ordering_id"].is_unique
    assert TABLE["ordering_id"].str.fullmatch(r"[a-z0-9-]+").all()
    assert not TABLE.duplicated(COLUMNS[1:8]).any()


def test_no_row_contradicts_another():
    above, below = ([f"{side}_{part}" for part in ("a", "b", "as_of")] for side in SIDES)
    claims = set(TABLE[["kind", *above, *below]].itertuples(index=False, name=None))
    reversed_claims = set(TABLE[["kind", *below, *above]].itertuples(index=False, name=None))
    assert not claims & reversed_claims


@pytest.mark.parametrize("side", SIDES)
def test_codes_and_days_are_valid(side):
    known = set(risk.load_states()["code"])
    exposure = TABLE["kind"] == "exposure"
    assert set(TABLE[f"{side}_a"]) <= known
    assert set(TABLE.loc[~exposure, f"{side}_b"]) <= known
    assert (TABLE.loc[exposure, f"{side}_b"] == "").all()
    assert (TABLE.loc[~exposure, f"{side}_a"] < TABLE.loc[~exposure, f"{side}_b"]).all()
    assert all(datetime.date.fromisoformat(day).isoformat() == day for day in TABLE[f"{side}_as_of"])


def test_every_row_says_why_and_who_said_so():
    for column in ("because", "publisher", "source", "url"):
        assert (TABLE[column] != "").all(), column
    assert TABLE["url"].map(lambda url: bool(re.match(r"https?://[^\s/]+/\S*", url))).all()
    assert not TABLE["note"].str.fullmatch(r"fails:\s*").any(), "a failure needs its reason"


@pytest.mark.parametrize("row", cases())
def test_ordering_holds(row, scorer):
    above, below = (level(scorer, row, side) for side in SIDES)
    assert not pd.isna([above, below]).any(), f"not covered: {above} and {below}"
    assert above > below, f"{above:.4f} is not above {below:.4f}, though {row['because']}"

"""Rows of a lake with their weights: GDELT's and the event table's, as expressions."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from risk.codebook import Codebook
from risk.lake.maps import actor_codes, beside, code_table, type_table
from risk.lake.shapes import REFUSED, LakeError

__all__ = ["actor_table", "event_rows", "faults", "gdelt_columns", "gdelt_rows", "needs_ledger", "typed"]

ROW = ("actor", "recipient", "event_type", "persistence", "day", "known_on", "weight")
LEDGER_COLUMNS = ("act_id", "stage", "measure_id", "participants")
LIMIT = 1e6  # as in `check_events`


def gdelt_rows(frame: nw.LazyFrame, book: Codebook, scale: str, actors: pd.DataFrame | None) -> nw.LazyFrame:
    given = gdelt_columns(frame).filter(nw.col("actor_code") != nw.col("recipient_code"))
    rows = given.join(beside(frame, code_table(book, scale)), on="code")
    for side in ("actor", "recipient"):
        rows = rows.join(beside(frame, actor_table(actors, side)), on=f"{side}_code")
    return rows.filter(nw.col("actor") != nw.col("recipient")).select(*ROW)


def gdelt_columns(frame: nw.LazyFrame) -> nw.LazyFrame:
    schema = frame.collect_schema()
    if schema["EventCode"] != nw.String:
        raise LakeError(
            f"EventCode is {schema['EventCode']}: read CAMEO codes as text, since '010' is not '10'"
        )
    added = "DATEADDED" if "DATEADDED" in schema.names() else "SQLDATE"
    return frame.select(
        actor_code=nw.col("Actor1CountryCode"),
        recipient_code=nw.col("Actor2CountryCode"),
        code=nw.col("EventCode"),
        day=nw.col("SQLDATE").cast(nw.String).str.slice(0, 8),
        known_on=nw.col(added).cast(nw.String).str.slice(0, 8),
    )


def actor_table(actors: pd.DataFrame | None, side: str) -> pd.DataFrame:
    table = actors if actors is not None else actor_codes()
    if missing := [name for name in ("code", "state") if name not in table]:
        raise LakeError(f"actors has no column {missing[0]}; it needs code and state")
    if (twice := table["code"].duplicated()).any():
        code = table.loc[twice, "code"].iloc[0]
        raise LakeError(f"actors has {code!r} twice: its rows would count twice; give each code one state")
    return table[["code", "state"]].rename(columns={"code": f"{side}_code", "state": side})


def event_rows(frame: nw.LazyFrame, book: Codebook, scale: str) -> nw.LazyFrame:
    rows = typed(frame, book, scale)
    rows = rows.filter(
        ~needs_ledger(rows),
        nw.col("actor") != nw.col("recipient"),
        nw.col("actor") != "",
        nw.col("recipient") != "",
    )
    day, known = _day(rows, "date"), _day(rows, "known_on")
    weight = nw.col("intensity") * _magnitude(rows) * _number(rows, "confidence", nw.lit(1.0))
    unusable = nw.any_horizontal(*(holds for holds, _, _ in faults(rows)), ignore_nulls=True)
    return rows.select(
        "actor",
        "recipient",
        "event_type",
        day=day,
        known_on=known,
        persistence=nw.col("persistence").fill_null(0.0),
        weight=nw.when(unusable).then(nw.lit(REFUSED)).otherwise(weight),
    )


def faults(rows: nw.LazyFrame) -> list[tuple[nw.Expr, str, nw.Expr]]:
    """What makes a row unusable, as `check_events` has it: condition, reason, and the cell to show."""
    schema = rows.collect_schema()
    date = nw.col("date")
    blank = date.is_null() | (date == "") if schema["date"] == nw.String else date.is_null()
    found = [
        (nw.col("persistence").is_null(), "type unknown", nw.col("event_type").fill_null("")),
        (blank, "not a day", nw.lit("")),
    ]
    inside = {
        "magnitude": lambda number: (number >= 0.0) & (number <= LIMIT),
        "confidence": lambda number: (number > 0.0) & (number <= 1.0),
        "value": lambda number: (number > 0.0) & (number < float("inf")),
    }
    for name, holds in inside.items():
        if name in schema.names():
            number = _number(rows, name, nw.lit(1.0))
            found.append((~holds(number), f"{name} out of range", nw.col(name).cast(nw.String)))
    return found


def typed(frame: nw.LazyFrame, book: Codebook, scale: str) -> nw.LazyFrame:
    return frame.join(
        beside(frame, type_table(book, scale)), left_on="event_type", right_on="of_type", how="left"
    )


def needs_ledger(rows: nw.LazyFrame) -> nw.Expr:
    """Whether a row needs the ledger."""
    whole = nw.col("standing").fill_null(0.0) > 0
    schema = rows.collect_schema()
    for name in LEDGER_COLUMNS:
        if name in schema.names() and schema[name] != nw.Unknown:
            text = nw.col(name).cast(nw.String).fill_null("")
            given = text != ""
            if schema[name].is_numeric():  # pandas' missing number
                given = given & (text.str.to_lowercase() != "nan")
            whole = whole | given
    return whole


def _day(rows: nw.LazyFrame, name: str) -> nw.Expr:
    """The day of a column, as it is grouped by: a text of eight or ten characters, or a date."""
    schema = rows.collect_schema()
    if name not in schema.names():
        return _day(rows, "date")
    column = nw.col(name) if schema[name] == nw.String else nw.col(name).cast(nw.Date)
    if name == "date":
        return column
    if schema[name] != schema["date"]:
        raise LakeError(f"{name} is {schema[name]} but date is {schema['date']}: write both days in one form")
    given = ~column.is_null() if schema[name] != nw.String else ~column.is_null() & (column != "")
    return nw.when(given).then(column).otherwise(_day(rows, "date"))


def _number(rows: nw.LazyFrame, name: str, default: nw.Expr) -> nw.Expr:
    """The numbers of a column where given, else the default."""
    schema = rows.collect_schema()
    if name not in schema.names():
        return default
    text = schema[name] == nw.String
    column = (nw.when(nw.col(name) != "").then(nw.col(name)) if text else nw.col(name)).cast(nw.Float64)
    given = ~column.is_null() & ~column.is_nan().fill_null(True)
    return nw.when(given).then(column).otherwise(default)


def _magnitude(rows: nw.LazyFrame) -> nw.Expr:
    """The codebook's m: given, else from the money, else the type's default."""
    money = _number(rows, "value", nw.lit(-1.0))
    priced = (money > 0) & (nw.col("typical_value") > 0)
    ratio = nw.when(priced).then(money / nw.col("typical_value")).otherwise(nw.lit(1.0))
    from_value = (1.0 + ratio.log(10)).clip(0.25, 10.0)
    return _number(rows, "magnitude", nw.when(priced).then(from_value).otherwise(nw.col("default_magnitude")))

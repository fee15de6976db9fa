"""The small tables a lake is joined with, and how each engine takes them in."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import narwhals as nw
import pandas as pd

from risk.codebook import Codebook
from risk.lake.shapes import LakeError
from risk.sources.coded_events import countries
from risk.states import load_states

__all__ = [
    "actor_codes", "arrow_batches", "as_lazy", "beside", "code_table", "collected", "spell_table", "told",
    "type_table",
]  # fmt: skip

_MARK = "|"
ALWAYS = ("00000000", "99999999")


def as_lazy(lake) -> nw.LazyFrame:
    """Any engine's frame as one lazy narwhals frame; frames in memory run on DuckDB."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Dask support is moving", category=FutureWarning)
        try:
            frame = nw.from_native(lake)
        except TypeError as error:
            raise LakeError(
                f"a lake is a path or a frame of DuckDB, Polars, Dask, PySpark, pandas: {error}"
            ) from None
    if isinstance(frame, nw.LazyFrame):
        return frame
    return nw.from_native(frame.to_arrow(), eager_only=True).lazy("duckdb")


def beside(frame: nw.LazyFrame, table: pd.DataFrame) -> nw.LazyFrame:
    """A small table of texts and numbers on the engine (and in the session) of a lazy frame."""
    native, engine = frame.to_native(), frame.implementation
    names = [str(name) for name in table.columns]
    rows = [tuple(row) for row in table.itertuples(index=False, name=None)]
    if engine.is_duckdb():
        return as_lazy(native.query("lake", "SELECT " + ", ".join(_unnested(table[name]) for name in names)))
    if engine.is_pyspark() or engine.is_pyspark_connect():
        return as_lazy(native.sparkSession.createDataFrame(rows, names).hint("broadcast"))
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    if engine.is_dask():
        from dask.dataframe import from_pandas

        return as_lazy(from_pandas(pd.DataFrame(columns), npartitions=1))
    return nw.from_dict(columns, backend=engine).lazy()


def arrow_batches(frame: nw.LazyFrame, n_rows: int):
    """A lazy frame's rows as arrow record batches, none empty: streamed from DuckDB, collected from the others."""
    if frame.implementation.is_duckdb():
        relation = frame.to_native()
        reader = (
            getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader
        )  # the name before 1.4
        with told():
            yield from (batch for batch in reader(n_rows) if batch.num_rows)
    else:
        yield from (batch for batch in collected(frame).to_batches(n_rows) if batch.num_rows)


def collected(frame: nw.LazyFrame):
    """A lazy frame's rows as one arrow table."""
    with told():
        return frame.collect("pyarrow").to_native()


@contextmanager
def told() -> Iterator[None]:
    """What DuckDB cannot read is a LakeError that names line and cell; without its advice to read on leniently."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("duckdb", "_duckdb"):
            raise
        what = str(error).partition("Possible fixes:")[0].strip()
        raise LakeError(
            f"the lake cannot be read as it is (left_out(lake) counts days that are none): {what}"
        ) from error


def _unnested(column: pd.Series) -> str:
    """A column as SQL: one text that is split, since a list of hundreds of constants is slow to plan."""
    text = _MARK.join(str(cell) if isinstance(cell, str) else repr(float(cell)) for cell in column)
    kind = "VARCHAR" if isinstance(column.iloc[0], str) else "DOUBLE"
    quoted = text.replace("'", "''")
    return f"unnest(string_split('{quoted}', '{_MARK}'))::{kind} AS {column.name}"


def type_table(codebook: Codebook, scale: str) -> pd.DataFrame:
    """Event types with what their rows weigh: ``of_type, intensity, persistence`` and so on."""
    types = codebook.types
    names = types.index.to_numpy(dtype=object)
    return pd.DataFrame(
        {
            "of_type": names,
            "intensity": codebook.intensity(names, scale),
            "persistence": codebook.persistence(names),
            "default_magnitude": codebook.default_magnitude(names),
            "typical_value": types["typical_value"].fillna(-1.0).to_numpy(float),
            "standing": codebook.is_state(names).astype(float),
        }
    )


def code_table(codebook: Codebook, scale: str) -> pd.DataFrame:
    """CAMEO codes that are an act's: ``code, event_type, weight`` (of one report) and ``persistence``."""
    cameo = codebook.cameo
    mapped = cameo[cameo["event_type"] != ""]
    names = mapped["event_type"].to_numpy(dtype=object)
    table = pd.DataFrame(
        {
            "code": mapped["code"].to_numpy(dtype=object),
            "event_type": names,
            "weight": codebook.intensity(names, scale) * codebook.default_magnitude(names),
            "persistence": codebook.persistence(names),
        }
    )
    return table[~codebook.is_state(names)].reset_index(drop=True)


def actor_codes() -> pd.DataFrame:
    """
    Three-letter actor codes and the states they mean: ``code, state``.

    CAMEO's country codes as `risk.sources.read_gdelt` reads them, and our own codes that CAMEO does not have (ISO
    3166-1 alpha-3 and its withdrawn ones). A code that is not here is no state's: its rows are left out and counted
    by `left_out`. Add rows for codes of your own and hand the table over as ``actors``.

    Examples
    --------
    >>> table = actor_codes()
    >>> table.loc[table["code"].isin(["EUR", "ROM", "SUN"]), "state"].tolist()
    ['ROU', 'SUN']
    """
    own = {code: code for code in load_states()["code"] if len(code) == 3}
    table = pd.Series(own | countries("cameo"), dtype=object)
    table = table[table != ""].sort_index()
    return pd.DataFrame({"code": table.index.to_numpy(dtype=object), "state": table.to_numpy(dtype=object)})


def spell_table(side: str) -> pd.DataFrame:
    """When each state existed: ``<side>_state, <side>_from, <side>_to``, half-open, ``YYYYMMDD``."""
    states = load_states()
    first = states["valid_from"].str.replace("-", "").replace("", ALWAYS[0])
    last = states["valid_to"].str.replace("-", "").replace("", ALWAYS[1])
    return pd.DataFrame({f"{side}_state": states["code"], f"{side}_from": first, f"{side}_to": last})

"""Made-up event files of any size, in GDELT's shape or our own, for tests and benchmarks."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from io import BufferedWriter
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from risk.codebook import Codebook, load_codebook
from risk.days import day_number
from risk.lake.shapes import GDELT_2
from risk.states import load_states

__all__ = ["generate"]

CHUNK = 250_000


def generate(
    path: str | PathLike[str],
    n_rows: int,
    *,
    rng: np.random.Generator,
    shape: str = "gdelt",
    start: str = "2015-01-01",
    n_days: int = 3652,
    n_states: int = 190,
    exponent: float = 1.0,
    domestic: float = 0.3,
    late: float = 0.02,
    first_id: int = 1,
) -> Path:
    """
    Write a file of made-up events whose dyads follow Zipf's law.

    The k-th dyad (in an order drawn at random) gets a share proportional to ``k ** -exponent``, the k-th
    event code likewise. Rows come in the order of the day they became known; a share ``late`` tells of a
    day up to a year before. The texts are fillers as long as GDELT's, about 440 bytes per row in all.

    Parameters
    ----------
    path : path
        The kind of file by its ending: ``.parquet``, ``.gz`` (packed text), anything else plain text.
    n_rows : int
    rng : numpy.random.Generator
    shape : {"gdelt", "events"}
        61 tab-separated columns without a header, or the event table's ``event_id, date, known_on, actor,
        recipient, event_type``, comma-separated with a header.
    start, n_days
        The first day, and how many.
    n_states : int
        How many of today's states act.
    exponent : float
        Zipf's exponent, >= 0.
    domestic : float
        Share of GDELT rows in which a state acts upon itself; as many have no second actor.
    late : float
        Share of rows told later than they happened.
    first_id : int
        Id of the first row; ids ascend.

    Returns
    -------
    pathlib.Path

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = generate(Path(folder, "made_up.csv"), 3, rng=np.random.default_rng(0))
    ...     [line.count("\\t") for line in file.read_text().splitlines()]
    [60, 60, 60]
    """
    if shape not in ("gdelt", "events"):
        raise ValueError(f"shape must be 'gdelt' or 'events', not {shape!r}")
    world = _World.of(
        load_codebook(), rng, n_states, exponent, day_number(start), n_days, domestic, late, shape
    )
    sizes = [CHUNK] * (n_rows // CHUNK) + [n_rows % CHUNK] * (n_rows % CHUNK > 0)
    firsts = np.cumsum([0, *sizes])[:-1]
    columns = (world.columns(rng, size, int(first), n_rows, first_id) for first, size in zip(firsts, sizes))
    _write(Path(path), columns, header=shape == "events")
    return Path(path)


@dataclass(frozen=True)
class _World:
    """What rows are drawn from: dyads and codes with their shares, and the stretch of days."""

    states: np.ndarray
    dyads: np.ndarray
    dyad_shares: np.ndarray
    codes: np.ndarray
    code_shares: np.ndarray
    first_day: int
    n_days: int
    domestic: float
    late: float
    shape: str

    @classmethod
    def of(
        cls,
        book: Codebook,
        rng,
        n_states: int,
        exponent: float,
        first: int,
        n_days: int,
        domestic,
        late,
        shape,
    ):
        table = load_states()
        until = str(np.datetime64(first - 366, "D"))
        today = table[
            (table["status"] == "state") & (table["valid_to"] == "") & (table["valid_from"] < until)
        ]
        states = rng.permutation(today["code"].unique())[:n_states]
        pairs = rng.permutation(np.argwhere(~np.eye(len(states), dtype=bool)))
        acts = book.types.query("kind == 'act'").index if shape == "events" else book.cameo["code"]
        codes = rng.permutation(np.asarray(acts, dtype=object))
        return cls(
            states, pairs, _zipf(len(pairs), exponent), codes, _zipf(len(codes), exponent), first, n_days,
            domestic, late, shape,
        )  # fmt: skip

    def columns(self, rng, size: int, first: int, total: int, first_id: int) -> dict[str, object]:
        """One chunk of rows as named arrow arrays."""
        one, two = self.dyads[np.searchsorted(self.dyad_shares, rng.random(size))].T
        known = self.first_day + (np.arange(first, first + size) * self.n_days) // total
        day = known - np.where(rng.random(size) < self.late, rng.integers(1, 366, size), 0)
        ids = np.arange(first_id + first, first_id + first + size)
        code = np.searchsorted(self.code_shares, rng.random(size))
        if self.shape == "events":
            return self._events(ids, day, known, one, two, code)
        draw = rng.random(size)
        second = np.select([draw < self.domestic, draw < 2 * self.domestic], [one, len(self.states)], two)
        return self._gdelt(rng, ids, day, known, one, second, code)

    def _events(self, ids, day, known, one, two, code) -> dict[str, object]:
        return {
            "event_id": _texts(ids),
            "date": _dates(day),
            "known_on": _dates(known),
            "actor": _picked(self.states, one),
            "recipient": _picked(self.states, two),
            "event_type": _picked(self.codes, code),
        }

    def _gdelt(self, rng, ids, day, known, one, two, code) -> dict[str, object]:
        states = np.append(self.states, "")
        stamps, first = _stamps(day.min(), known.max()), day.min()
        text = {name: _picked([""], np.zeros(len(ids), dtype=np.int64)) for name in GDELT_2}
        places = [f"District of {state}, Province {n}, {state}" for n, state in enumerate(self.states)]
        numbers = [f"{value:.4f}" for value in np.linspace(-90, 90, 997)]
        draw = rng.integers(0, 1 << 30, (len(ids), 4))
        text |= {
            "GLOBALEVENTID": _texts(ids),
            "SQLDATE": _picked(stamps, day - first),
            "MonthYear": _picked([stamp[:6] for stamp in stamps], day - first),
            "Year": _picked([stamp[:4] for stamp in stamps], day - first),
            "FractionDate": _picked([f"{stamp[:4]}.{stamp[4:]}" for stamp in stamps], day - first),
            "DATEADDED": _picked([f"{stamp}120000" for stamp in stamps], known - first),
            "SOURCEURL": _picked(_addresses(), draw[:, 0] % 5003),
        }
        for name, side in (("Actor1", one), ("Actor2", two)):
            text[f"{name}Code"] = text[f"{name}CountryCode"] = _picked(states, side)
            text[f"{name}Name"] = _picked(
                [f"GOVERNMENT OF {state}" if state else "" for state in states], side
            )
        for n, name in enumerate(("EventCode", "EventBaseCode", "EventRootCode")):
            text[name] = _picked([full[: 4 - n] for full in self.codes], code)
        for n, name in enumerate(("IsRootEvent", "QuadClass", "NumMentions", "NumSources", "NumArticles")):
            text[name] = _picked(
                [str(value) for value in range(1, 11)], draw[:, 0] // 7 ** (n + 1) % (2, 4, 10, 3, 10)[n]
            )
        text["GoldsteinScale"] = _picked([f"{value / 2:.1f}" for value in range(-20, 21)], draw[:, 1] % 41)
        text["AvgTone"] = _picked([f"{value:.14f}" for value in np.linspace(-10, 10, 991)], draw[:, 1] % 991)
        for n, name in enumerate(("Actor1", "Actor2", "Action")):
            where = draw[:, n + 1] % len(places)
            text[f"{name}Geo_FullName"] = _picked(places, where)
            text[f"{name}Geo_Type"] = _picked(["1", "3", "4"], where % 3)
            text[f"{name}Geo_Lat"] = _picked(numbers, draw[:, n + 1] % 997)
            text[f"{name}Geo_Long"] = _picked(numbers, draw[:, n + 1] // 1000 % 997)
            for part, length in (("CountryCode", 2), ("ADM1Code", 4), ("ADM2Code", 5), ("FeatureID", 8)):
                text[f"{name}Geo_{part}"] = _picked([f"{value:08d}"[-length:] for value in range(997)], where)
        return text


def _zipf(n: int, exponent: float) -> np.ndarray:
    """Cumulated shares of n ranks."""
    shares = np.cumsum(np.arange(1, n + 1, dtype=float) ** -exponent)
    shares /= shares[-1]
    shares[-1] = 1.0
    return shares


def _picked(values, places: np.ndarray):
    import pyarrow as pa

    return pa.array(list(values), pa.string()).take(pa.array(places))


def _texts(numbers: np.ndarray):
    import pyarrow as pa

    return pa.array(numbers).cast(pa.string())


def _dates(days: np.ndarray):
    import pyarrow as pa

    return pa.array(days.astype(np.int32), pa.int32()).cast(pa.date32())


def _stamps(first: int, last: int) -> list[str]:
    days = np.arange(int(first), int(last) + 1).astype("datetime64[D]")
    return pd.DatetimeIndex(days).strftime("%Y%m%d").tolist()


def _addresses() -> list[str]:
    return [f"https://news.example/{n:04d}/a-made-up-headline-of-no-consequence" for n in range(5003)]


def _opened(path: Path) -> gzip.GzipFile | BufferedWriter:
    return gzip.open(path, "wb", compresslevel=1) if path.suffix == ".gz" else path.open("wb")


def _write(path: Path, chunks: Iterator[dict[str, object]], header: bool) -> None:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    with ExitStack() as stack:
        writer = None
        for columns in chunks:
            table = pa.table(columns)
            if writer is None and path.suffix == ".parquet":
                writer = pa.parquet.ParquetWriter(
                    path, table.schema, compression="zstd", write_page_checksum=True
                )
            elif writer is None:
                file = stack.enter_context(_opened(path))
                style = {"delimiter": "," if header else "\t", "quoting_style": "none"}
                options = pa.csv.WriteOptions(include_header=header, **style)
                writer = pa.csv.CSVWriter(file, table.schema, write_options=options)
            writer.write_table(table)
        if writer is not None:
            writer.close()

"""
ICEWS events: the raw tab-separated years, and the form actor - act - actor - day in which they are passed on.

Documents: "ICEWS Coded Event Data" and "ICEWS Dictionaries" (Boschee and others, Harvard Dataverse, DVN/28075).

Quirks of the publisher, and what is done:

- The country of an actor stands in brackets behind it: ``Foreign Affairs (Bangladesh)``. The last bracket counts
  (``Member of Legislative (Govt) (Nigeria)``); it may hold brackets (``Government (Holy See (Vatican City State))``)
  or no state (``Militant (Boko Haram)``). A state itself has no bracket: ``China``. Persons have none either: in the
  raw form their country stands in a column, in the short form they have no country and are refused.
- ``Congo`` is Brazzaville; Kinshasa is ``Democratic Republic of Congo``.
- Codes are text. Some exports of the raw form lost the leading zero of CAMEO codes: ``Event Text`` restores it.
- Symmetric acts are told twice, once from each side (see :mod:`risk.sources.told_once`).
- The days are those of the stories, so an event is known on its day. ``NULL`` and blank mean none.
- ``Intensity`` (ICEWS's own Goldstein table) is not read: intensities are the codebook's, whose scale ``goldstein`` is
  GDELT's table; the two differ on 016, 022, 164 and 165.
- The numbered form is a folder of ``train.txt``, ``valid.txt`` and ``test.txt`` (actor, act, actor, hours since the
  first day, an unused column) with ``entity2id.txt`` and ``relation2id.txt``; names have ``_`` for spaces.
"""

from __future__ import annotations

from functools import lru_cache, partial
from hashlib import sha256
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from risk.codebook import Codebook, load_codebook
from risk.datasets import read_text_table
from risk.events import EVENTS
from risk.reading import Options, Reading, Schema
from risk.sources.coded_events import Act, Party, acts_of_cameo, agents, days_of, distinct, sides_of
from risk.sources.feed import Feed, FeedError, Layout, open_feed
from risk.sources.told_once import Publisher, Told, events_told
from risk.states.book import open_book
from risk.states.text import keys_of

__all__ = ["read_icews"]

_RAW = {
    "record": ("Event ID",), "day": ("Event Date",), "actor": ("Source Name",), "actor_sectors": ("Source Sectors",),
    "actor_country": ("Source Country",), "act": ("Event Text",), "code": ("CAMEO Code",),
    "recipient": ("Target Name",), "recipient_sectors": ("Target Sectors",),
    "recipient_country": ("Target Country",), "newspaper": ("Publisher",),
}  # fmt: skip
_SHORT = {"actor": 0, "act": 1, "recipient": 2, "day": 3}
LAYOUT = Layout("ICEWS", _RAW, optional=("newspaper",), positions={4: _SHORT, 5: {**_SHORT, "unused": 4}})
_PAIRS = Layout("ICEWS names", {"name": ("name",), "id": ("id",)}, positions={2: {"name": 0, "id": 1}})
_PARTS = ("train.txt", "valid.txt", "test.txt")
_NAMES = {"Congo": "COG"}


def read_icews(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    actors: str = "state",
    merge: bool = True,
    confidence: float = 0.75,
    start: str = "2014-01-01",
    encoding: str = "utf-8",
    codebook: Codebook | None = None,
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    ICEWS events between two states as a checked event table.

    Parameters
    ----------
    path : str or path
        The raw form (tabs or commas, with header); actor - act - actor - day (tabs, no header); or the folder, or a
        file of the folder, of the numbered form. Plain, gz or zip.
    errors : {"raise", "quarantine"}
        What to do with broken rows; ``scope.*`` and ``duplicate.*`` are counted in ``rejected`` and never raise.
    actors : {"state", "any"}
        Sides that act for their state (government, forces, courts, parliament); or any with a country in brackets.
    merge : bool
        Whether reports of the same sides, type and day become one event.
    confidence : float
        In one report. Our choice, not an estimate: that of one source in the ledger.
    start : str
        First day of the numbered form.
    encoding, codebook, max_rows, max_bytes
        As in :func:`risk.read_events`.

    Returns
    -------
    Reading
        The event table with ``code`` (CAMEO) and ``n_reports`` at the end. Ids are ``icews:<Event ID>``, or of sides,
        type and day where the form has none. Rows of a folder are counted on from file to file.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "events.txt")
    ...     _ = file.write_text("Foreign Affairs (Bangladesh)\\tConsult\\tVietnam\\t2014-06-01\\n")
    ...     read_icews(file).table[["actor", "recipient", "event_type"]].to_numpy().tolist()
    [['BGD', 'VNM', 'diplomacy.meeting']]
    """
    if actors not in ("state", "any"):
        raise ValueError(f"actors must be 'state' or 'any', not {actors!r}")
    options = Options(
        errors=errors, encoding=encoding, codebook=codebook, max_rows=max_rows, max_bytes=max_bytes,
        before="predecessor",
    )  # fmt: skip
    feed = _open(path, options, start)
    feed.policies |= {"actors": actors}
    raw = feed.has("code")
    day = days_of(feed, "day", "%Y-%m-%d", 10)
    kind, kinds, code = _acts(feed, raw, codebook or load_codebook())
    told = Told(
        day=day,
        known=day,
        actor=_side(feed, "actor", raw, day, actors),
        recipient=_side(feed, "recipient", raw, day, actors),
        kind=kind,
        kinds=kinds,
        code=code,
        sources=np.ones(len(feed)),
        origin=feed.frame["newspaper"] if feed.has("newspaper") else None,
        record=feed.frame["record"] if raw else None,
        note="story published by " + feed.frame["newspaper"] if feed.has("newspaper") else None,
    )
    return events_told(feed, told, Publisher("icews", "ICEWS", "ICEWS Coded Event Data", confidence, merge))


def _open(path: str | PathLike[str], options: Options, start: str) -> Feed:
    place = Path(path)
    if place.is_dir() and (place / "entity2id.txt").is_file():
        parts = [
            open_feed(place / name, LAYOUT, EVENTS, options) for name in _PARTS if (place / name).is_file()
        ]
        if not parts:
            raise FeedError(f"{place} holds none of {', '.join(_PARTS)}", "file.missing")
        return _named(_joined(parts, place.name), place, start)
    feed = open_feed(path, LAYOUT, EVENTS, options)
    return _named(feed, place.parent, start) if feed.has("unused") else feed


def _joined(parts: list[Feed], name: str) -> Feed:
    """Parts as one feed, rows counted on."""
    first = parts[0]
    last = [max([0, *part.rows.tolist()[-1:], *(fault.row for fault in part.faults)]) for part in parts]
    ends = np.cumsum([0, *last])
    rows = [part.rows + end for part, end in zip(parts, ends)]
    joined = Feed(
        pd.concat([part.frame for part in parts], ignore_index=True), first.schema, first.options,
        np.concatenate(rows), name=name, digest=sha256("".join(part.digest for part in parts).encode()).hexdigest(),
    )  # fmt: skip
    joined.faults = [
        fault._replace(row=fault.row + int(end)) for part, end in zip(parts, ends) for fault in part.faults
    ]
    joined.standing = np.ones(len(joined), dtype=bool)
    return joined


def _named(feed: Feed, folder: Path, start: str) -> Feed:
    """The numbered form in words: actors and acts by their lists, hours as days."""
    frame, lists = feed.frame, {}
    for column, file in (
        ("actor", "entity2id.txt"),
        ("recipient", "entity2id.txt"),
        ("act", "relation2id.txt"),
    ):
        if file not in lists:
            pairs = open_feed(folder / file, _PAIRS, Schema(()), Options(allow_empty=True)).frame
            lists[file] = dict(zip(pairs["id"], pairs["name"].str.replace("_", " ")))
        named = frame[column].map(lists[file])
        told = f"the number is not in {file}"
        feed.reject(named.isna().to_numpy(), column, f"{column}.unknown", told)
        frame = frame.assign(**{column: named.fillna("").astype("str")})
    hours = pd.to_numeric(frame["day"], errors="coerce").to_numpy(float)
    feed.reject(~(hours >= 0), "day", "date.invalid", "hours since the first day are not a number")
    days = np.datetime64(start, "D") + (np.nan_to_num(hours, nan=0) // 24).astype(np.int64)
    place, distinct_days = pd.factorize(days)
    texts = np.array([str(day) for day in distinct_days.astype("M8[D]")], dtype=object)
    feed.frame = frame.assign(day=pd.Series(texts[place], dtype="str")).drop(columns="unused")
    feed.policies["first day"] = start
    return feed


@lru_cache(maxsize=1)
def _act_codes() -> dict[str, str]:
    table = read_text_table("actors", "icews_acts.csv")
    return dict(zip(table["name"].str.casefold(), table["code"]))


def _acts(feed: Feed, raw: bool, codebook: Codebook) -> tuple[np.ndarray, list[Act], pd.Series]:
    """Place of each row's act among the distinct ones, what they mean, and the CAMEO code of each row."""
    columns = ["code", "act"] if raw else ["act"]
    place, contents = distinct([feed.frame[name] for name in columns])
    named = [_act_codes().get(content[-1].casefold(), "") for content in contents]
    given = [content[0] if raw else "" for content in contents]
    codes = [_restored(code, name) for code, name in zip(given, named)]
    acts = acts_of_cameo(codes, codebook)
    acts = [
        act if code else Act("", False, "scope.unknown_type", f"{content[-1]!r}: not an act we know")
        for act, code, content in zip(acts, codes, contents)
    ]
    lost = np.array([code != written for code, written in zip(codes, given)])[place]
    feed.note(
        "code.zeros", int(lost.sum()) if raw else 0, "CAMEO codes had lost a zero; the event text restored it"
    )
    return place, acts, pd.Series(np.array(codes, dtype=object)[place], name="act").astype("str")


def _restored(code: str, named: str) -> str:
    """
    The CAMEO code of a row from what was written and what the event text means.

    Examples
    --------
    >>> _restored("10", "010"), _restored("10", "10"), _restored("", "040"), _restored("040", "")
    ('010', '10', '040', '040')
    """
    return named if named and code in ("", named.lstrip("0")) else code


def _side(feed: Feed, side: str, raw: bool, day: np.ndarray, actors: str) -> np.ndarray:
    columns = [side, f"{side}_sectors", f"{side}_country"] if raw else [side]
    read = _raw_party if raw else _short_party
    return sides_of(feed, side, columns, day, partial(read, actors))


def split_actor(text: str) -> tuple[str, str]:
    """
    What stands before the last bracket of an actor's name, and what stands in it.

    Examples
    --------
    >>> split_actor("Member of Legislative (Govt) (Nigeria)")
    ('Member of Legislative (Govt)', 'Nigeria')
    >>> split_actor("Government (Holy See (Vatican City State))"), split_actor("China")
    (('Government', 'Holy See (Vatican City State)'), ('China', ''))
    """
    depth = 0
    for at in range(len(text) - 1, -1, -1) if text.endswith(")") else ():
        depth += {")": 1, "(": -1}.get(text[at], 0)
        if depth == 0:
            return text[:at].strip(), text[at + 1 : -1].strip()
    return text, ""


def _is_state(name: str) -> bool:
    return name in _NAMES or any(key in open_book().names for key in keys_of(name))


def _short_party(actors: str, text: str) -> Party:
    role, country = split_actor(text)
    if not text:
        return Party("", "scope.no_actor", "no one is named")
    if not country:
        told = f"{text!r} has no country in brackets"
        return Party(_NAMES.get(text, text)) if _is_state(text) else Party("", "scope.no_country", told)
    if not _is_state(country):
        return Party("", "scope.no_country", f"{country!r} is no state")
    if actors == "state" and role.lower() not in agents("icews_role"):
        return Party("", "scope.sub_state", f"{text!r} does not act for its state")
    return Party(_NAMES.get(country, country))


def _raw_party(actors: str, text: str, sectors: str, country: str) -> Party:
    country = "" if country == "NULL" else country
    if not country:
        return _short_party(actors, text)
    if not _is_state(country):
        return Party("", "scope.unknown_country", f"{country!r} is no state we know")
    itself = not split_actor(text)[1] and _is_state(text)
    acts = itself or any(part.strip().lower() in agents("icews_sector") for part in sectors.split(","))
    if actors == "state" and not acts:
        return Party("", "scope.sub_state", f"{text!r} does not act for its state")
    return Party(_NAMES.get(country, country))

"""What happened: event types, their intensity, stages and memory, and what CAMEO and PLOVER codes become."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property, lru_cache
from hashlib import sha256

import numpy as np
import pandas as pd

from risk.codebook_tables import (
    CodebookError,
    checked_stages,
    checked_types,
    factor,
    factor_rows,
    numbers,
    plain,
    same_length,
    translate,
)
from risk.datasets import describe, read_text_table

__all__ = ["MAGNITUDE_BOUNDS", "SCALES", "Codebook", "CodebookError", "load_codebook"]

SCALES = ("goldstein", "plover")
MAGNITUDE_BOUNDS = (0.25, 10.0)  # DESIGN: one event of great value must not drown a decade of others


@dataclass(frozen=True, eq=False, repr=False)
class Codebook:
    """
    The event types and every number a type carries.

    Made by `load_codebook`; a user's own by `with_types`. Array methods take n event types (a list, array,
    Series; fastest as a pandas Categorical) and return n values; an unknown or missing type is a
    `CodebookError`, never NaN. One text counts as n = 1.

    Examples
    --------
    >>> load_codebook()
    Codebook 1.0: 95 event types in 11 families
    """

    _types: pd.DataFrame
    _stages: pd.DataFrame
    _aliases: pd.DataFrame
    _cameo: pd.DataFrame
    _plover: pd.DataFrame
    version: str

    def __repr__(self) -> str:
        return f"Codebook {self.version}: {len(self._types)} event types in {len(self.families)} families"

    @property
    def types(self) -> pd.DataFrame:
        """Copy of the type table, index ``event_type``; the README of the data explains the columns."""
        return self._types.copy()

    @property
    def stages(self) -> pd.DataFrame:
        """Copy of the stage table: ``event_type, stage, fraction, order, definition``."""
        return self._stages.copy()

    @property
    def aliases(self) -> pd.DataFrame:
        """Copy of the other names: ``alias, event_type, reason, version``."""
        return self._aliases.copy()

    @property
    def cameo(self) -> pd.DataFrame:
        """Copy of the CAMEO mapping, one row per code; ``swap``: actor and recipient change places."""
        return self._cameo.copy()

    @property
    def plover(self) -> pd.DataFrame:
        """Copy of the PLOVER mapping, one row per (event, mode, context); blank context: any other."""
        return self._plover.copy()

    @cached_property
    def families(self) -> tuple[str, ...]:
        """Names of the families, sorted."""
        return tuple(sorted(set(self._types["family"])))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all tables and the version: what a result says it was made with."""
        tables = (self._types.reset_index(), self._stages, self._aliases, self._cameo, self._plover)
        text = "\x1d".join([self.version, *(plain(table) for table in tables)])
        return sha256(text.encode("utf-8")).hexdigest()

    def intensity(self, event_types, scale: str = "goldstein") -> np.ndarray:
        """
        Signed strength g in [-1, 1] under a scale: ``"goldstein"`` (GDELT's table / 10) or ``"plover"``.

        Goldstein (1992), doi:10.1177/0022002792036002007, for WEIS; carried to CAMEO codes by its authors.

        Examples
        --------
        >>> load_codebook().intensity(["treaty.partnership", "sanction.impose"]).tolist()
        [0.8, -0.8]
        """
        if scale not in SCALES:
            message = f"scale {scale!r} is not known; use one of {', '.join(SCALES)}"
            raise CodebookError(message, "scale.unknown")
        return self._look_up(scale, event_types)

    def persistence(self, event_types) -> np.ndarray:
        """Share p in [0, 1] of the weight that runs on the slow clock."""
        return self._look_up("persistence", event_types)

    def standing(self, event_types) -> np.ndarray:
        """Share r in [0, 1] that does not age while a state of affairs is in force; NaN for acts."""
        return self._look_up("standing", event_types)

    def default_magnitude(self, event_types) -> np.ndarray:
        """Magnitude m of an event that gives neither magnitude nor a usable value: 1, or 10 for war."""
        return self._look_up("default_magnitude", event_types)

    def is_state(self, event_types) -> np.ndarray:
        """Whether the type is a state of affairs: only then is ``end`` read."""
        return self._look_up("kind", event_types) == "state"

    def is_directed(self, event_types) -> np.ndarray:
        """Whether actor did it to recipient; otherwise the type is mutual and stored once."""
        return self._look_up("directed", event_types)

    def family(self, event_types) -> np.ndarray:
        """Family of each type, as text."""
        return self._look_up("family", event_types)

    def stage_fraction(self, event_types, stages) -> np.ndarray:
        """
        Share f of the act's budget that a stage earns; a blank stage is the whole act, 1.

        Examples
        --------
        >>> load_codebook().stage_fraction(["treaty.partnership"] * 2, ["signed", ""]).tolist()
        [0.4, 1.0]
        """
        rows = self._rows(event_types)
        codes, names = factor(stages)
        same_length(rows, codes, "stages")
        pairs, distinct = factor_rows([(rows, self._types.index), (codes, names)])
        return np.array([self._fraction(*pair) for pair in distinct], dtype=float)[pairs]

    def magnitude(self, event_types, magnitude=None, value=None) -> np.ndarray:
        r"""
        Magnitude m of each event; a given one wins, then the money, then the type's default.

        .. math:: m = \mathrm{clip}(1 + \log_{10}(\text{value} / \text{typical}),\ 0.25,\ 10)

        Parameters
        ----------
        event_types : array-like of str
        magnitude : array-like of float, optional
            NaN where not given; at least 0.
        value : array-like of float, optional
            Money in US$ million, NaN where not given; over 0. Ignored for types without a typical value.

        Examples
        --------
        >>> load_codebook().magnitude(["arms.contract"] * 2, [np.nan, 3], value=[5000, 5000]).tolist()
        [2.0, 3.0]
        """
        rows = self._rows(event_types)
        given = numbers(magnitude, len(rows), "magnitude", above_zero=False)
        money = numbers(value, len(rows), "value", above_zero=True)
        with np.errstate(invalid="ignore"):
            ratio = np.log10(money) - np.log10(self._column("typical_value")[rows])
        from_value = np.clip(1.0 + ratio, *MAGNITUDE_BOUNDS)
        default = self._column("default_magnitude")[rows]
        return np.where(~np.isnan(given), given, np.where(np.isnan(from_value), default, from_value))

    def resolve_type(self, name: str) -> str:
        """
        The type of a name, following listed older and other names; anything else is an error.

        Examples
        --------
        >>> load_codebook().resolve_type("defense.base")
        'defence.base'
        """
        found = self.resolve_types([name])[0][0]
        if not found:
            raise CodebookError(self._unknown(name), "type.unknown")
        return found

    def resolve_types(self, names) -> tuple[np.ndarray, pd.DataFrame]:
        """
        Types of many names (``""`` where unknown), and a note per name that is not itself a type.

        Returns
        -------
        types : ndarray of str
        notes : DataFrame
            ``name, event_type, note, count``, one row per distinct name that was mapped or is unknown.
        """
        codes, found = factor(names)
        listed = self._aliases.set_index("alias")
        table = {name: (name, "") for name in self._types.index}
        for alias, row in zip(listed.index, listed.itertuples()):
            note = f"{row.reason} of {row.event_type} (since codebook {row.version})"
            table.setdefault(alias, (row.event_type, note))
        pairs = [table[name] if name in table else ("", self._unknown(name)) for name in [*found, None]]
        return translate(codes, pairs, pd.DataFrame({"name": [*found, ""]}), "note", mapped=True)

    def from_cameo(self, codes) -> tuple[np.ndarray, pd.DataFrame]:
        """
        Event types of CAMEO codes (``""`` where refused), and why the others are refused.

        Codes are text: ``"010"`` is a comment, ``"10"`` a demand. Numbers are an error.

        Returns
        -------
        types : ndarray of str
        refused : DataFrame
            ``code, refusal, count``, one row per distinct refused code.

        Examples
        --------
        >>> types, refused = load_codebook().from_cameo(["057", "010", "10"])
        >>> types.tolist(), refused["code"].tolist()
        (['treaty.agreement', '', 'pressure.demand'], ['010'])
        """
        places, names = factor(codes)
        if any(not isinstance(name, str) for name in names):
            message = f"CAMEO code {names[0]!r} is not text: read codes as text, since '010' is not '10'"
            raise CodebookError(message, "cameo.not_text")
        columns = zip(self._cameo["code"], self._cameo["event_type"], self._cameo["refusal"])
        table = {code: (event_type, refusal) for code, event_type, refusal in columns}
        pairs = [table.get(name, ("", "not a published CAMEO code")) for name in names]
        pairs.append(("", "no code given"))
        return translate(places, pairs, pd.DataFrame({"code": [*names, ""]}), "refusal")

    def from_plover(self, events, modes=None, contexts=None) -> tuple[np.ndarray, pd.DataFrame]:
        """
        Event types of PLOVER events with mode and contexts (``""`` where refused), and why.

        The first of the contexts (separated by ``;``) that the mapping knows decides; else the mode alone.

        Returns
        -------
        types : ndarray of str
        refused : DataFrame
            ``event, mode, context, refusal, count``, one row per distinct refused triple.

        Examples
        --------
        >>> load_codebook().from_plover(["AID", "PROTEST"], ["", "demo"], ["military", ""])[0].tolist()
        ['arms.donation', '']
        """
        parts = [factor(events)]
        n = len(parts[0][0])
        for given, what in ((modes, "modes"), (contexts, "contexts")):
            parts.append((np.full(n, -1), np.array([], dtype=object)) if given is None else factor(given))
            same_length(parts[0][0], parts[-1][0], what)
        codes, triples = factor_rows(parts)
        pairs = [self._plover_type(*triple) for triple in triples]
        columns = pd.DataFrame(triples, columns=["event", "mode", "context"], dtype=object)
        return translate(codes, pairs, columns, "refusal")

    def with_types(self, frame: pd.DataFrame, stages: pd.DataFrame | None = None) -> Codebook:
        """
        A new codebook with types added or replaced; this one stays as it is.

        Parameters
        ----------
        frame : DataFrame
            A row per type, named by the column or index ``event_type``; needs ``sign, kind, directed,
            goldstein, plover, persistence``, and ``standing`` for states of affairs. Other columns of
            `types` are optional; the family is the part of the name before the point.
        stages : DataFrame, optional
            Stages of the types in ``frame``: ``event_type, stage, fraction``.

        Examples
        --------
        >>> own = load_codebook().types.loc[["drill.joint"]].assign(goldstein=0.5)
        >>> load_codebook().with_types(own).intensity(["drill.joint"]).tolist()
        [0.5]
        """
        own = checked_types(frame)
        kept = self._types.drop(index=own.index, errors="ignore")
        types = pd.concat([kept, own.reindex(columns=kept.columns)])
        book_stages = self._stages
        if stages is not None:
            others = book_stages[~book_stages["event_type"].isin(own.index)]
            book_stages = checked_stages(pd.concat([others, stages], ignore_index=True), types.index)
        version = self.version if self.version.endswith("+own") else f"{self.version}+own"
        return replace(self, _types=types, _stages=book_stages, version=version)

    def _column(self, name: str) -> np.ndarray:
        return self._types[name].to_numpy()

    def _look_up(self, column: str, event_types) -> np.ndarray:
        return self._column(column)[self._rows(event_types)]

    def _rows(self, event_types) -> np.ndarray:
        """Row in the type table of each event type; the texts are looked up once per distinct value."""
        codes, names = factor(event_types)
        rows = np.append(self._types.index.get_indexer(pd.Index(names, dtype=object)), -1)[codes]
        if rows.min(initial=0) < 0:
            bad = np.flatnonzero(rows < 0)
            name = names[codes[bad[0]]] if codes[bad[0]] >= 0 else None
            raise CodebookError(f"{len(bad)} of {len(rows)} rows: {self._unknown(name)}", "type.unknown")
        return rows

    def _unknown(self, name) -> str:
        if not isinstance(name, str) or not name.strip():
            return "event type is missing"
        known = dict(zip(self._aliases["alias"], self._aliases["event_type"]))
        if name in known:
            return f"event type {name!r} is another name of {known[name]}; map it with resolve_type first"
        near = get_close_matches(name.strip().lower(), list(self._types.index), n=3, cutoff=0.6)
        hint = f"nearest: {', '.join(near)}" if near else f"families: {', '.join(self.families)}"
        return f"event type {name!r} is not in codebook {self.version}; {hint}"

    def _fraction(self, event_type: str, stage: str) -> float:
        listed = self._stages[self._stages["event_type"] == event_type].set_index("stage")["fraction"]
        if stage == "":
            return 1.0
        if stage not in listed.index:
            hint = f"use one of {', '.join(listed.index)}, or" if len(listed) else "it has none;"
            message = f"stage {stage!r} is not a stage of {event_type}; {hint} leave it blank"
            raise CodebookError(message, "stage.unknown")
        return float(listed[stage])

    @cached_property
    def _plover_table(self) -> dict[tuple[str, str, str], tuple[str, str]]:
        rows = self._plover[["event", "mode", "context", "event_type", "refusal"]].itertuples(index=False)
        return {(event, mode, context): (found, refusal) for event, mode, context, found, refusal in rows}

    def _plover_type(self, event: str, mode: str, context: str) -> tuple[str, str]:
        keys = [(event, mode, part.strip()) for part in f"{context};".split(";")]
        found = next((self._plover_table[key] for key in keys if key in self._plover_table), None)
        return found or ("", "not a PLOVER event and mode")


@lru_cache(maxsize=1)
def load_codebook() -> Codebook:
    """
    The embedded codebook: 95 event types in 11 families, both scales, both mappings.

    Examples
    --------
    >>> load_codebook().is_state(["treaty.in_force", "drill.joint"]).tolist()
    [True, False]
    """
    names = ("types", "stages", "aliases", "cameo", "plover")
    tables = {name: read_text_table("codebook", f"{name}.csv") for name in names}
    types = checked_types(tables["types"])
    stages = checked_stages(tables["stages"], types.index)
    version = describe("codebook")["version"]
    return Codebook(types, stages, tables["aliases"], tables["cameo"], tables["plover"], version)

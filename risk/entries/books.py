"""The books opened: an entry for every event and for every spell of a measure, under a recipe."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.codebook import Codebook
from risk.days import FAR, as_days
from risk.entries.acts import merged, silenced
from risk.entries.dyads import dyads_of, numbered
from risk.entries.entry import MEASURE_TYPE, Books, Entries
from risk.kernels import event_weight
from risk.recipe import Recipe
from risk.sanctions import Measures

__all__ = ["open_books"]


def open_books(events: pd.DataFrame, measures: Measures, codebook: Codebook, recipe: Recipe) -> Books:
    """
    Entries of a checked event table and of the sanctions measures, under a recipe.

    Reports of one act and stage are merged (the first known gives day and weight, each independent one raises the
    confidence from its own ``known_on``); a row in force silences the earlier stages of its act; an event that
    names a measure of the sanctions table weighs nothing, because the measure itself stands in the books.

    Parameters
    ----------
    events : pandas.DataFrame
        From :func:`risk.check_events`; not changed.
    measures : Measures
    codebook : Codebook
    recipe : Recipe

    Returns
    -------
    Books
    """
    a, b, acts = dyads_of(events, _of_events(events, measures, codebook, recipe), recipe)
    held, standing = _of_measures(measures, codebook, recipe, first_row=len(events))
    sides = measures.frame[["sender", "target", "start"]].iloc[held].assign(participants="")
    sides.columns = pd.Index(["actor", "recipient", "date", "participants"])
    sender, target, standing = dyads_of(sides, standing, recipe)
    states, first, second, pair = numbered([a, sender], [b, target])
    acts = acts.replace(pair=pair[: len(acts)])
    if _any_text(events, "act_id"):
        acts = silenced(events, merged(events, acts))
    entries = acts.join(standing.replace(pair=pair[len(acts) :]))
    if not entries.weight.all():
        entries = entries.take(np.flatnonzero(entries.weight))
    return Books(entries, states, first, second, tuple(codebook.families))


def _of_events(events: pd.DataFrame, measures: Measures, codebook: Codebook, recipe: Recipe) -> Entries:
    """One entry per row of the event table, its dyad not yet numbered."""
    code, types = pd.factorize(events["event_type"])
    types = pd.Index(types).astype(str)
    stage = (
        codebook.stage_fraction(events["event_type"], events["stage"]) if _any_text(events, "stage") else 1.0
    )
    if events[["magnitude", "value"]].notna().any(axis=None):
        magnitude = codebook.magnitude(events["event_type"], events["magnitude"], events["value"])
    else:
        magnitude = codebook.default_magnitude(types)[code]
    intensity = codebook.intensity(types, scale=recipe.scale)
    x = event_weight(intensity[code], stage, magnitude, events["confidence"].to_numpy(dtype=float))
    if _any_text(events, "measure_id"):
        x = np.where(events["measure_id"].isin(set(measures.frame["measure_id"])), 0.0, x)
    state = codebook.is_state(types)
    standing = np.where(state, codebook.standing(types), np.nan)
    families = pd.Index(codebook.families).get_indexer(list(codebook.family(types))).astype(np.int8)
    rows, nothing = np.arange(len(events), dtype=np.int32), np.full(len(events), FAR, dtype=np.int32)
    open_ended = not events["end"].notna().any()
    return Entries(
        row=rows,
        report=rows,
        pair=np.zeros(len(events), dtype=np.int64),
        sign=np.where(x < 0, -1, 1).astype(np.int8),
        weight=np.abs(x),
        day=as_days(events["date"]),
        known=as_days(events["known_on"]),
        end=nothing if open_ended else as_days(events["end"], empty=FAR),
        end_known=nothing if open_ended else as_days(events["end_known_on"].fillna(events["end"]), empty=FAR),
        cut=nothing,
        cut_known=nothing,
        persistence=codebook.persistence(types)[code],
        standing=standing[code],
        family=families[code],
    )


def _any_text(events: pd.DataFrame, column: str) -> bool:
    return bool((events[column] != "").any())


def _of_measures(
    measures: Measures, codebook: Codebook, recipe: Recipe, first_row: int
) -> tuple[np.ndarray, Entries]:
    """The spells of the measures and what later spells take back: which spell each belongs to, and its entry."""
    held, fraction, cut, cut_known = measures.takeovers()
    kind = [MEASURE_TYPE]
    intensity = float(codebook.intensity(kind, scale=recipe.scale)[0])
    family = list(codebook.families).index(str(codebook.family(kind)[0]))
    shape = np.ones(len(held))
    whole = np.abs(event_weight(intensity, 1.0, measures.severity[held], 1.0))
    # parts in whole spacings of the weight add up to it, and to nothing once all is taken back, without rounding
    spacing = np.spacing(whole)
    return held, Entries(
        row=first_row + held,
        report=first_row + held,
        pair=np.zeros(len(held), dtype=np.int64),
        sign=np.full(len(held), -1, dtype=np.int8),
        weight=np.round(whole * fraction / spacing) * spacing,
        day=measures.start[held],
        known=measures.known[held],
        end=measures.end[held],
        end_known=measures.end_known[held],
        cut=cut,
        cut_known=cut_known,
        persistence=shape * float(codebook.persistence(kind)[0]),
        standing=shape * float(codebook.standing(kind)[0]),
        family=np.full(len(held), family),
    )

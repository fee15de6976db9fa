"""The dossier: one self-contained, printable page about two states and the exposure of both."""

from __future__ import annotations

import base64
import io
import math
from pathlib import Path
from urllib.parse import urlsplit

import pandas as pd

from risk import __version__
from risk.alignment import Alignment
from risk.change import Change
from risk.days import day_number, day_stamp
from risk.display import plain, records, signed, visible
from risk.exposure import Exposure
from risk.scorer import Scorer
from risk.states import StateError, state_name

__all__ = ["CORRECTIONS", "dossier", "write_dossier"]

CORRECTIONS = (
    "open an issue in the project's repository with the event_id or measure_id and a published source; "
    "CONTRIBUTING.md says what a correction needs."
)
YEAR = 365
HISTORY_YEARS = 25
TOP = 20


def dossier(scorer: Scorer, a: str, b: str, *, as_of: object) -> str:
    """
    The dossier of two states as of a day, as one HTML page.

    Parameters
    ----------
    scorer : Scorer
    a, b : str
        Names or codes; the exposure of both is shown.
    as_of : day

    Returns
    -------
    str
        A page without scripts or outside resources; every text from the data is escaped.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # loaded on first use

    day = day_number(as_of)
    alignment = scorer.alignment(a, b, as_of=as_of)
    change = scorer.change(a, b, start=day_stamp(day - YEAR), end=as_of)
    exposures = [scorer.exposure(state, as_of=as_of) for state in (alignment.a, alignment.b)]
    other = next(scale for scale in ("goldstein", "plover") if scale != scorer.recipe.scale)
    rescaled = scorer.under(scorer.recipe.replace(scale=other, name=other)).alignment(a, b, as_of=as_of)
    page = Environment(loader=PackageLoader("risk"), autoescape=True, undefined=StrictUndefined)
    names = [state_name(alignment.a), state_name(alignment.b)]
    return page.get_template("dossier.html.j2").render(
        title=f"{names[0]} and {names[1]}: alignment and sanctions exposure as of {alignment.as_of:%Y-%m-%d}",
        names=names,
        a=alignment.a,
        b=alignment.b,
        summary=_summary(alignment, change, exposures, names),
        history_years=HISTORY_YEARS,
        as_of=f"{alignment.as_of:%Y-%m-%d}",
        data_through=f"{alignment.data_through:%Y-%m-%d}",
        alignment=_alignment(alignment),
        scales=[_scale(scorer.recipe.scale, alignment), _scale(other, rescaled)],
        exposures=[_exposure(one, name) for one, name in zip(exposures, names, strict=True)],
        pictures=_pictures(scorer, alignment, day),
        contributions=_rows(alignment.contributions.head(TOP)),
        n_contributions=len(alignment.contributions),
        families=plain(alignment.by("family")),
        change=_change(change),
        recipe=scorer.recipe.to_toml(),
        digest=scorer.recipe.digest,
        data_version=scorer.data_version,
        software=f"geopolitical-risk {__version__}",
        citations=[alignment.cite(), *(one.cite() for one in exposures)],
        corrections=CORRECTIONS,
    )


def write_dossier(scorer: Scorer, a: str, b: str, *, as_of: object, out: str | Path) -> Path:
    """Write the dossier to a file and return its path."""
    path = Path(out).expanduser().resolve()
    path.write_text(dossier(scorer, a, b, as_of=as_of), encoding="utf-8")
    return path


def _summary(one: Alignment, change: Change, exposures: list[Exposure], names: list[str]) -> str:
    """What the page says, in three sentences."""
    acts = one.contributions[one.contributions["family"] != "prior"]
    if math.isnan(one.value):
        first = (
            f"The record holds no act between {names[0]} and {names[1]} by {one.as_of:%Y-%m-%d} and claims no "
            "coverage of them, so no score is given."
        )
    else:
        first = (
            f"On a scale from -1 (opposed) to +1 (aligned) the record puts {names[0]} and {names[1]} at "
            f"{signed(one.value)} as of {one.as_of:%Y-%m-%d}; a year before it was {signed(change.start.value)}. "
            f"That rests on {len(acts)} {'act' if len(acts) == 1 else 'acts'} on record."
        )
    against = " and ".join(
        f"{len(state.in_force)} against {name} (severity {state.F:.3f})"
        if state.F
        else f"none against {name}"
        for name, state in zip(names, exposures, strict=True)
    )
    return f"{first} Sanctions measures in force on that day: {against}; severity runs from 0 towards 1."


def _alignment(one: Alignment) -> dict:
    return {
        "value": plain(one.value),
        "prior": plain(one.prior),
        "centre": plain(one.centre) if abs(one.centre - one.value) > 5e-4 else None,
        "low": plain(one.interval[0]),
        "high": plain(one.interval[1]),
        "level": f"{one.interval_level:.0%}",
        "coverage": "; ".join((one.coverage, *one.notes)),
        "cooperation": one.cooperation,
        "conflict": one.conflict,
        "standing": one.standing,
    }


def _scale(name: str, one: Alignment) -> dict:
    return {"scale": name, **_alignment(one)}


def _exposure(one: Exposure, name: str) -> dict:
    measures = one.in_force.sort_values("share", ascending=False, kind="stable")
    return {
        "name": name,
        "F": one.F,
        "E": plain(one.E),
        "E_upper": one.E_upper,
        "ties": f"{one.tie_coverage:.0%}",
        "senders": list(one.F_by_sender.items()),
        "standing": one.standing,
        "outlook": one.outlook,
        "asked": ", ".join(one.senders),
        "measures": _rows(measures),
        "territories": _rows(one.territories),
        "paths": _paths(one.partners),
        "notes": one.notes,
    }


def _paths(table: pd.DataFrame, top: int = 10) -> list[dict]:
    """The largest paths with states by name, and all others in one row, so that the rows add up."""
    shown, rest = table.head(top), table.iloc[top:]
    rows = [
        {"path": " → ".join(_named(code) for code in path.split(" > ")), "amount": plain(amount)}
        for path, amount in zip(shown["path"], shown["amount"], strict=True)
    ]
    if len(rest):
        rows.append({"path": "all further paths", "amount": float(rest["amount"].sum())})
    return rows


def _named(code: str) -> str:
    try:
        return state_name(code)
    except StateError:  # a row that is no path of states, or a state of the caller's own
        return visible(code)


def _change(one: Change) -> dict:
    return {
        "start": f"{one.start.as_of:%Y-%m-%d}",
        "covered": not (math.isnan(one.start.value) and math.isnan(one.end.value)),
        "value_start": one.value_start,
        "value_end": one.value_end,
        "total": one.total,
        "parts": plain(one.parts[one.parts["n"] > 0]),
        "rows": _rows(one.contributions.head(12)),
        "n_rows": len(one.contributions),
    }


def _rows(table: pd.DataFrame) -> list[dict]:
    """Records with a day as text, who did what to whom, and a link only where it is a web address."""
    rows = records(table)
    for row in rows:
        row["date"] = row.get("date") or ""
        row["link"] = web_address(row.get("url") or "")
        sides = " → ".join(part for part in (row.get("actor"), row.get("recipient")) if part)
        row["who"] = sides or ("several states" if row.get("family") != "prior" else "")
        for name in ("title", "source", "path"):
            if row.get(name):
                row[name] = visible(row[name])
    return rows


def web_address(text: str) -> str:
    """
    The address if it is a plain http or https one, else an empty text.

    Examples
    --------
    >>> web_address("javascript:alert(1)"), web_address("https://example.org/a")
    ('', 'https://example.org/a')
    """
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc and visible(text) == text else ""


def _pictures(scorer: Scorer, alignment: Alignment, day: int) -> dict[str, str]:
    """The history and the waterfall as PNG text; an empty text where there is nothing to draw."""
    from matplotlib.figure import Figure

    from risk.drawing import waterfall_height
    from risk.plots import plot_history

    start = max(day - HISTORY_YEARS * YEAR, day_number("1950-01-01"))
    history = scorer.history(alignment.a, alignment.b, start=day_stamp(start), end=day_stamp(day))
    parts = alignment.contributions
    over_time = Figure(figsize=(10, 5.4), layout="constrained")
    plot_history(history, parts, ax=over_time.add_subplot(), title=f"Alignment {alignment.a}-{alignment.b}")
    made_of = Figure(figsize=(10, waterfall_height(min(len(parts), 16))), layout="constrained")
    alignment.plot(ax=made_of.add_subplot())
    return {
        "history": _png(over_time) if history["value"].notna().any() else "",
        "contributions": _png(made_of) if len(parts) else "",
    }


def _png(figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return base64.b64encode(buffer.getvalue()).decode()

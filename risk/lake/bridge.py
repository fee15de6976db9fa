"""From daily sums to a checked event table that scores like the rows behind them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.codebook import Codebook, load_codebook
from risk.events import check_events
from risk.lake.sums import refuse

__all__ = ["as_events"]


def as_events(
    sums: pd.DataFrame,
    whole: pd.DataFrame | None = None,
    *,
    codebook: Codebook | None = None,
    scale: str = "goldstein",
) -> pd.DataFrame:
    r"""
    Daily sums as a checked event table that scores like the rows behind them.

    .. math:: m = \text{weight} / g

    One event per sum, whose magnitude carries the rows' magnitudes and confidences; weight, sign, memory
    and the day known are then the rows' own, so every stock, alignment and panel is too. m does not depend
    on the scale: the table serves recipes of either.

    Parameters
    ----------
    sums : pandas.DataFrame
        From `daily_sums`, or `lazy_daily_sums` written to Parquet and read back.
    whole : pandas.DataFrame, optional
        From `kept_whole`: rows that stay as they are.
    codebook, scale
        Those of the sums.

    Returns
    -------
    pandas.DataFrame
        For :class:`risk.Scorer`.

    Raises
    ------
    LakeError
        If a sum holds rows that cannot be used.

    Examples
    --------
    >>> from risk.lake import daily_sums
    >>> rows = pd.DataFrame({"date": ["2024-05-01"] * 2, "actor": ["RUS", "VEN"], "recipient": ["VEN", "RUS"],
    ...                      "event_type": "drill.joint"})
    >>> as_events(daily_sums(rows))[["event_id", "magnitude"]].to_numpy().tolist()
    [['rus-ven-2024-05-01-drill-joint', 2.0]]
    """
    refuse(sums["weight"].to_numpy(float), int(sums[["day", "known_on"]].isna().to_numpy().sum()))
    book = codebook if codebook is not None else load_codebook()
    on, told = (pd.to_datetime(sums[name]) for name in ("day", "known_on"))
    day, known = (days.dt.strftime("%Y-%m-%d").astype(object) for days in (on, told))
    # engines have text types of their own
    a, b, kind = (sums[name].astype(object) for name in ("a", "b", "event_type"))
    slug = kind.str.replace(r"[._]", "-", regex=True)
    late = ("-known-" + known).where(known != day, "")
    table = pd.DataFrame(
        {
            "event_id": (a + "-" + b + "-").str.lower() + day + "-" + slug + late,
            "date": on,
            "actor": a,
            "recipient": b,
            "event_type": kind,
            "magnitude": sums["weight"].to_numpy(float) / book.intensity(kind, scale),
            "confidence": 1.0,
            "known_on": told,
            "note": sums["n_events"].astype(str) + " rows of the lake",
        }
    )
    if whole is None or not len(whole):
        return check_events(table, limit=np.inf)
    rest = check_events(
        whole if "event_id" in whole else whole.assign(event_id=[f"whole-{n}" for n in range(len(whole))])
    )
    return check_events(pd.concat([table, rest], ignore_index=True), limit=np.inf)

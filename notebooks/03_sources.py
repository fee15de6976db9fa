# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Do machine-coded events and the ledger tell the same story?
#
# ICEWS coded news stories by machine; the embedded ledger is small and was curated by hand. We read a random tenth of
# ICEWS 2005-2015, score the same dyads from both, and look at where they part and why. The ICEWS file is not part of this
# project: point `RISK_DATA` at a folder that holds it. Without it the notebook shows the ledger alone and says so.

# %%
import os
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import risk
from risk.sources import read_icews

folder = Path(os.environ.get("RISK_DATA", "../../shared/data"))
file = folder / "icews" / "icews_2005_2015_tenth_a.txt"
reading = read_icews(file, actors="any") if file.is_file() else None
reading if reading is not None else f"no ICEWS file at {file}: the ledger alone is shown"

# %% [markdown]
# What the reader refused, by reason: most rows are not acts between two states.

# %%
reading.rejected["code"].value_counts() if reading is not None else "not read"

# %% [markdown]
# ## The same dyads from both
#
# Half-lives, prior and scale are the same; only the events differ. The sanctions record is left out on both sides, because
# ICEWS has no legal acts.

# %%
DYADS = [("RUS", "VEN"), ("USA", "VEN"), ("IRN", "USA"), ("CHN", "RUS"), ("IND", "PAK"), ("RUS", "UKR")]
START, END = "2006-01-01", "2015-12-01"
empty = risk.load_sanctions().head(0)
ledger = risk.Scorer(risk.load_events(), empty)
machine = risk.Scorer(reading.table, empty, data_through="2015-12-31") if reading is not None else None

# %%
figure, axes = plt.subplots(2, 3, figsize=(13, 6), sharex=True, sharey=True, layout="constrained")
for (a, b), ax in zip(DYADS, axes.flat, strict=True):
    for scorer, style, label in ((ledger, "-", "ledger"), (machine, "--", "ICEWS, a tenth")):
        if scorer is not None:
            table = scorer.history(a, b, start=START, end=END)
            ax.plot(table.index, table["value"], style, color="black", label=label)
    ax.axhline(0, color="grey", linewidth=0.7)
    ax.set_title(f"{a}-{b}", loc="left")
    ax.set_ylim(-1, 1)
    ax.set_xticks(pd.to_datetime(["2006-01-01", "2009-01-01", "2012-01-01", "2015-01-01"]), [2006, 2009, 2012, 2015])
axes[0, 0].set_ylabel("alignment")
axes[1, 0].set_ylabel("alignment")
_ = axes[0, 0].legend(frameon=False, fontsize=8, loc="lower left")

# %% [markdown]
# ## Where they part

# %%
def said(scorer, a, b, name):
    """What one source says of a dyad at the end of 2014."""
    if scorer is None:
        return {name: float("nan"), f"events, {name}": 0, f"heaviest, {name}": ""}
    score = scorer.alignment(a, b, as_of="2014-12-31")
    events = score.contributions.query("family != 'prior'")
    heaviest = events.groupby("family")["share"].sum().abs().sort_values(ascending=False)
    return {name: score.value, f"events, {name}": len(events), f"heaviest, {name}": next(iter(heaviest.index), "")}


pd.DataFrame(
    [{"dyad": f"{a}-{b}", **said(ledger, a, b, "ledger"), **said(machine, a, b, "ICEWS")} for a, b in DYADS]
).round(2)

# %% [markdown]
# ## The same act told by both
#
# `risk.reconcile` groups reports of one event: same dyad, same family, a few days apart. Each report keeps the day it became
# known, and only the confidence rises.

# %%
if reading is not None:
    mine = risk.load_events()
    window = mine[(mine["date"] >= "2005-01-01") & (mine["date"] < "2016-01-01")]
    reconciled = risk.reconcile({"ledger": window, "icews": reading.table})
    sizes = reconciled.table.groupby("cluster_id")["told_by"].nunique()
    print(reconciled)
    print(f"{int((sizes > 1).sum())} acts are told by both; {len(window)} are in the ledger for these years")
else:
    print("nothing to reconcile with")

# %% [markdown]
# ## In words
#
# Where both have many events, they agree on the sign. They part in two ways. Machine coding sees talk: meetings and
# statements dominate, so a dyad that quarrels in words all year looks worse, and one that trades quietly looks thinner, than
# in the ledger. And a random tenth misses what happens once: a treaty, a contract, a break. The ledger in turn is silent
# about what nobody curated. Neither is the truth; a score from either says which events it stands on.

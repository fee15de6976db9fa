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
# # Where did Venezuela stand between Washington and Moscow, 1946 to 2020, and do its votes agree with its acts?
#
# Votes in the UN General Assembly are a second, independent construct of alignment. They are not a substitute for
# events: we show both, and never average them.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import risk
import risk.votes

positions = risk.load_positions()
last = positions[positions["vintage"] == positions["vintage"].max()]
MOSCOW = ["SUN", "RUS"]
paths = {
    "Washington": last[last["state"] == "USA"].set_index("session"),
    "Moscow": last[last["state"].isin(MOSCOW)].set_index("session"),
    "Caracas": last[last["state"] == "VEN"].set_index("session"),
}
print(
    f"{len(last):,} positions, votes to {positions['known_on'].max():%d %B %Y}; nothing later is known here"
)

# %% [markdown]
# ## Paths and bands
#
# One dimension; the United States average +1 and the Soviet Union and Russia -1. A session begins in
# September: session s is that of autumn 1945 + s. Bands are 90 % intervals, from the observed information.

# %%
STYLES = {"Washington": ("black", "-"), "Caracas": ("tab:orange", "-"), "Moscow": ("0.45", "--")}


def plot_paths(paths, ax):
    """Paths of positions by year, each with its 90 % band."""
    for name, table in paths.items():
        color, line = STYLES[name]
        year = 1945 + table.index
        half = 1.645 * table["se"]
        ax.plot(year, table["position"], line, color=color, label=name)
        ax.fill_between(
            year, table["position"] - half, table["position"] + half, color=color, alpha=0.2, lw=0
        )
    ax.set_xlabel("Autumn in which the session began")
    ax.set_ylabel("Position (anchor units)")
    ax.legend(frameon=False)
    return ax


_, ax = plt.subplots(figsize=(9, 4))
plot_paths(paths, ax).set_title("Positions in the UN General Assembly, sessions 1 to 75")
plt.show()

# %% [markdown]
# ## The place between
#
# 0 is Moscow, 1 is Washington, one half is halfway; below 0 is beyond Moscow.

# %%
between = pd.DataFrame({name: table["position"] for name, table in paths.items()}).dropna()
between["place"] = (between["Caracas"] - between["Moscow"]) / (between["Washington"] - between["Moscow"])
between.index = 1945 + between.index
between.loc[[1946, 1958, 1974, 1984, 1990, 1998, 2005, 2012, 2020]].round(2)

# %%
eras = [(1946, 1957), (1958, 1989), (1990, 1998), (1999, 2012), (2013, 2020)]
pd.DataFrame({f"{a}-{b}": between.loc[a:b].mean() for a, b in eras}).T.round(2)

# %% [markdown]
# ## Votes beside events
#
# What votes say of a pair on a day, as it could have been known on that day, against the alignment of the
# event record with the votes row of its prior switched off. Both run from -1 to 1, but they are different
# things measured in different ways.

# %%
recipe = risk.DEFAULT_RECIPE
events_only = risk.Recipe(prior_weights={**recipe.prior_weights, "votes": 0.0})
scorer = risk.Scorer(recipe=events_only)
days = pd.date_range("2000-12-31", "2021-12-31", freq="YE")


def both(a: str, b: str) -> pd.DataFrame:
    """Votes and events of a pair on the last day of each year."""
    rows = []
    for day in days:
        found = risk.votes.vote_prior(positions, a, b, day.strftime("%Y-%m-%d"))
        score = scorer.alignment(a, b, as_of=day.strftime("%Y-%m-%d"))
        votes, age = (np.nan, np.nan) if found is None else found[:2]
        rows.append((day.year, votes, age, score.value, score.coverage))
    return pd.DataFrame(rows, columns=["year", "votes", "votes_age_days", "events", "coverage"]).set_index(
        "year"
    )


pairs = {"Venezuela - United States": both("VEN", "USA"), "Venezuela - Russia": both("VEN", "RUS")}
pd.concat(pairs, axis=1).iloc[::3].round(2)

# %%
_, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True)
for ax, (name, table) in zip(axes, pairs.items()):
    ax.plot(table.index, table["events"], "-", color="black", label="events")
    ax.plot(table.index, table["votes"], "--", color="tab:orange", label="votes")
    ax.axhline(0, color="0.8", lw=1)
    ax.set_title(name)
    ax.set_xlabel("Last day of the year")
axes[0].set_ylabel("Alignment, -1 to 1")
axes[0].legend(frameon=False)
plt.show()

# %% [markdown]
# ## Where they disagree

# %%
apart = pd.concat({name: (t["votes"] - t["events"]) for name, t in pairs.items()}, axis=1)
apart.describe().loc[["mean", "min", "max"]].round(2)

# %% [markdown]
# Against Washington the votes row is near its floor for about four in ten states since the 1980s, so it tells little there; the distance
# itself, beside everybody else's, tells more.

# %%
own = positions[positions["vintage"] == positions["session"]].set_index(["session", "state"])["position"]


def beside_others(session: int) -> dict[str, float]:
    """Distances from Washington in a session as known at its end: Caracas, and the states beyond and at the floor."""
    apart = (own[session] - own[session, "USA"]).abs().drop("USA")
    return {
        "distance of Caracas": apart["VEN"],
        "median of all states": apart.median(),
        "states further than Caracas, %": 100 * (apart > apart["VEN"]).mean(),
        "states at -1, %": 100 * (apart >= risk.DEFAULT_RECIPE.reference_distance).mean(),
    }


pd.DataFrame({1945 + s: beside_others(s) for s in (30, 40, 45, 53, 55, 60, 65, 70, 75)}).T.round(2)

# %% [markdown]
# **Answer.** By its votes Venezuela stood nearer to Washington than to Moscow until 1980 (0.79 of the way in
# 1946-1957) and nearer to Moscow from 1981. It has been beyond Moscow since 1990, and the crossing was Moscow's move,
# not its own: between 1984 and 1990 Caracas went from -0.52 to -0.58 and Moscow from -1.50 to -0.43. From 1999
# Caracas moved by itself, to about -1.5 in 2019 and 2020, further from Washington than ever before.
#
# Votes and events agree in sign on Washington since 2002 and in strength since 2005, but the votes did not tell first:
# they read -0.97 at the end of 2000, when the event record had nothing, and so they did for Colombia and Mexico. About
# four in ten pairs with Washington are at the floor of -1 since the 1980s. The distance says more: more than a
# third of all states were further from Washington than Caracas in 2000, four in a hundred in 2010, one in a hundred in 2020.
#
# They disagree on Moscow: events say +0.9 since 2008 (arms, loans, oil, visits), votes fall from +0.58 in 2001 to -0.23
# in 2020. The two governments traded and armed; in the Assembly Russia voted like a great power and Venezuela with the far
# end of the non-aligned. An opponent would say that one dimension holds Russia's place badly after 1991, and that
# the votes of 2021 are those of March carried forward: the column of ages says how old each is, and small teeth in the lines of
# votes are partly that ageing, no act of anyone. Neither number corrects the other.

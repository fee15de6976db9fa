"""A backtest as people look at it: the table, the pictures, and the worst misses by name."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from risk.display import html_table, plain, visible
from risk.states import StateError, state_name
from risk.validation.metrics import recalibrated, score_table
from risk.validation.rolling import NAIVE

__all__ = ["Report"]

SHOWN = [
    "auc", "auc_low", "auc_high", "average_precision", "brier", "skill", "skill_low", "skill_high", "log_loss",
    "miscalibration", "discrimination", "uncertainty",
]  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """
    One task, said by several models year by year.

    Attributes
    ----------
    title : str
        Task, data and window.
    note : str
        What a reader must know before believing a figure.
    model : str
        The one that is judged.
    consequence : str
        What follows where it loses; "" where nothing does.
    table : pandas.DataFrame
        Metrics by model; naive baselines first.
    predictions : pandas.DataFrame
        What each model said, and what happened.
    """

    title: str
    note: str
    model: str
    consequence: str
    _table: pd.DataFrame = field(repr=False)
    _predictions: pd.DataFrame = field(repr=False)

    @classmethod
    def of(
        cls,
        title: str,
        predictions: pd.DataFrame,
        rng: np.random.Generator,
        *,
        model: str = "scorecard",
        note: str = "",
        consequence: str = "not shown by default",
        cluster: str = "target",
        draws: int = 200,
    ) -> Report:
        """A report from the predictions of :func:`risk.validation.backtest`."""
        clusters = predictions.index.get_level_values(cluster)
        table = score_table(predictions, clusters=clusters, rng=rng, draws=draws)
        return cls(title, note, model, consequence, table, predictions)

    @property
    def table(self) -> pd.DataFrame:
        """Metrics by model."""
        return self._table.copy()

    @property
    def predictions(self) -> pd.DataFrame:
        """What each model said, and what happened."""
        return self._predictions.copy()

    @property
    def lost_to(self) -> tuple[str, ...]:
        """The naive baselines that are as good as the model, by area under the curve or by Brier score."""
        mine = self._table.loc[self.model]
        rivals = self._table.loc[[name for name in NAIVE if name in self._table.index]]
        better = (rivals["brier"] <= mine["brier"]) | (rivals["auc"] >= mine["auc"])
        return tuple(rivals.index[better])

    @property
    def verdict(self) -> str:
        """In a sentence: does the model beat every naive baseline?"""
        mine = self._table.loc[self.model]
        told = f"AUC {mine['auc']:.3f}, Brier skill {mine['skill']:+.3f}"
        if self.lost_to:
            then = f": {self.consequence}" if self.consequence else ""
            return f"{self.model} loses to {', '.join(self.lost_to)} ({told}){then}."
        return f"{self.model} beats every naive baseline ({told})."

    def worst_misses(self, n: int = 10) -> pd.DataFrame:
        """
        Where the model was most wrong, by the log loss of the row.

        Returns
        -------
        pandas.DataFrame
            ``as_of, sender, target, happened, probability, log_loss``, worst first; states by name.
        """
        rows = self._predictions.reset_index()
        p = rows[self.model].clip(1e-9, 1 - 1e-9)
        loss = -np.log(p.where(rows["happened"] > 0, 1 - p))
        names = [name for name in ("sender", "target") if name in rows]
        table = rows[["as_of", *names, "happened"]].assign(probability=p, log_loss=loss)
        table = table.sort_values(["log_loss", "as_of"], ascending=[False, True], kind="stable").head(n)
        return table.assign(**{name: table[name].map(_named) for name in names}).reset_index(drop=True)

    def plot(self, ax=None):
        """The reliability diagram of the model; returns the axes."""
        return plot_reliability(self.reliability(), ax=ax, title=self.title)

    def reliability(self, model: str | None = None) -> pd.DataFrame:
        """
        The CORP reliability curve: what was said, and how often it came true after isotonic recalibration.

        Returns
        -------
        pandas.DataFrame
            ``said, came_true, n``, one row per step of the curve.
        """
        said = self._predictions[model or self.model].to_numpy()
        true = recalibrated(self._predictions["happened"], said)
        table = pd.DataFrame({"said": said, "came_true": true, "n": 1})
        return table.groupby("came_true", as_index=False).agg(said=("said", "mean"), n=("n", "sum"))[
            ["said", "came_true", "n"]
        ]

    def to_dict(self) -> dict:
        """Everything but the single predictions, as plain numbers and texts."""
        return {
            "title": self.title,
            "note": self.note,
            "verdict": self.verdict,
            "table": plain(self._table.reset_index()),
            "worst_misses": plain(self.worst_misses()),
        }

    def to_markdown(self, misses: int = 5) -> str:
        """The report as Markdown."""
        first = self._table.iloc[0]
        lines = [
            f"### {self.title}",
            "",
            f"{first['n']:,.0f} rows, {first['events']:.0f} events, base rate {first['base_rate']:.4f}. {self.note}",
            "",
            "| model | AUC (90 %) | avg. precision | Brier | skill (90 %) | log loss | miscal. | discr. | uncert. |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for name, row in self._table.iterrows():
            lines.append(
                f"| {name} | {row['auc']:.3f} ({row['auc_low']:.3f}, {row['auc_high']:.3f}) | "
                f"{row['average_precision']:.3f} | {row['brier']:.5f} | {row['skill']:+.3f} ({row['skill_low']:+.3f}, "
                f"{row['skill_high']:+.3f}) | {row['log_loss']:.4f} | {row['miscalibration']:.5f} | "
                f"{row['discrimination']:.5f} | {row['uncertainty']:.5f} |"
            )
        lines += ["", f"**{self.verdict}**"]
        if misses:
            worst = [
                f"{getattr(row, 'sender', '')} against {row.target} after {row.as_of:%Y-%m-%d}: said "
                f"{row.probability:.3f}, {'happened' if row.happened else 'did not happen'}".removeprefix(" ")
                for row in self.worst_misses(misses).itertuples()
            ]
            lines += ["", "Worst misses: " + "; ".join(worst) + "."]
        return "\n".join(lines) + "\n"

    def __repr__(self) -> str:
        return f"<Report {self.title}: {self.verdict}>"

    def _repr_html_(self) -> str:
        table = self._table.reset_index()[["model", *SHOWN[:8]]]
        return html_table(
            table.columns, table.itertuples(index=False), f"{self.title}. {self.verdict} {self.note}"
        )


def _named(code: str) -> str:
    try:
        return state_name(code)
    except StateError:
        return code


def plot_reliability(table: pd.DataFrame, ax=None, *, title: str = ""):
    """
    Reliability curve against the diagonal, with the number of rows at each step as the size of its point.

    Parameters
    ----------
    table : pandas.DataFrame
        ``said, came_true, n``.
    """
    if ax is None:
        import matplotlib.pyplot as plt  # loaded on first use: validation runs without a screen

        ax = plt.subplots(figsize=(5.4, 4.8), layout="constrained")[1]
    top = max(float(table[["said", "came_true"]].to_numpy().max()), 0.05) * 1.05
    ax.plot([0, top], [0, top], color="#555555", linewidth=0.8, linestyle=":", label="as said")
    ax.plot(table["said"], table["came_true"], color="black", linewidth=1.2, drawstyle="steps-mid")
    ax.scatter(
        table["said"], table["came_true"], s=8 + 12 * np.log1p(table["n"]), color="#2b6ca3", label="came true"
    )
    ax.set_xlabel("probability said")
    ax.set_ylabel("share that came true (isotonic)")
    ax.set_title(visible(title), loc="left", fontsize=10, parse_math=False)
    ax.legend(loc="upper left", fontsize=8, frameon=False)
    ax.spines[["top", "right"]].set_visible(False)
    return ax

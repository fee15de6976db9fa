"""Draw the pictures of the front page from the embedded record: ``python docs/images/draw.py``."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import risk

HERE = Path(__file__).resolve().parent
AS_OF = "2025-10-15"


def main() -> None:
    """Write each picture beside this file; without a date or version inside, so that equal data gives equal files."""
    scorer = risk.Scorer()
    pictures = {
        "history.png": scorer.plot_history("VEN", "RUS", start="2000-01-01", end=AS_OF),
        "contributions.png": scorer.alignment("UKR", "RUS", as_of=AS_OF).plot(top=6),
    }
    for name, ax in pictures.items():
        ax.figure.savefig(HERE / name, dpi=100, metadata={"Software": None})


if __name__ == "__main__":
    main()

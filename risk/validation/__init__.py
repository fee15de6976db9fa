"""Is it right? Backtests with rolling origin, naive baselines beside every figure, and alignment against the world."""

from __future__ import annotations

from importlib import import_module

_HOME = {
    "LeakageError": "risk.onset.outcome",
    "Report": "risk.validation.report",
    "average_precision": "risk.validation.metrics",
    "backtest": "risk.validation.rolling",
    "brier": "risk.validation.metrics",
    "card": "risk.validation.summary",
    "coverage_by_rho": "risk.validation.intervals",
    "docs_card": "risk.validation.summary",
    "corp": "risk.validation.metrics",
    "empirical_auc": "risk.validation.metrics",
    "guard": "risk.onset.outcome",
    "log_loss": "risk.validation.metrics",
    "outside_data": "risk.validation.summary",
    "score_table": "risk.validation.metrics",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'risk.validation' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__():
    return __all__

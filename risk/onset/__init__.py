"""
Onset: the probability that a sender imposes a new measure within a horizon.

``OnsetScorecard`` learns (scikit-learn's contract); ``OnsetModel`` is what is shipped and read, numbers in JSON;
``features_at`` lays out what both eat; ``forecast`` answers for one state and day.
"""

from __future__ import annotations

from importlib import import_module

_HOME = {
    "FEATURES": "risk.onset.features",
    "HORIZON_DAYS": "risk.onset.features",
    "LeakageError": "risk.onset.outcome",
    "ModelError": "risk.onset.model",
    "OnsetModel": "risk.onset.model",
    "OnsetScorecard": "risk.onset.scorecard",
    "event_shares": "risk.onset.outlook",
    "features_at": "risk.onset.features",
    "forecast": "risk.onset.outlook",
    "guard": "risk.onset.outcome",
    "load_model": "risk.onset.model",
    "log_stock_shares": "risk.onset.outlook",
    "training_table": "risk.onset.outcome",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'risk.onset' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__

"""Outside data as our tables: one reader per publisher, each ``read_<source>(path) -> Reading``. No network."""

from __future__ import annotations

from importlib import import_module

_HOME = {
    "read_gdelt": "risk.sources.gdelt",
    "read_icews": "risk.sources.icews",
    "read_phoenix": "risk.sources.phoenix",
    "read_polecat": "risk.sources.polecat",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'risk.sources' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__():
    return __all__

"""Event lakes too big for memory: daily sums on any engine, months on disk, and the way back to scores."""

try:
    import narwhals  # noqa: F401
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "risk.lake needs the extra `lake`: pip install 'geopolitical-risk[lake]'"
    ) from error

from risk.lake.bridge import as_events
from risk.lake.generate import generate
from risk.lake.maps import actor_codes
from risk.lake.months import append_days, check_months
from risk.lake.opening import open_lake
from risk.lake.panel import lake_panel
from risk.lake.remainder import kept_whole, left_out
from risk.lake.shapes import LakeError
from risk.lake.sums import daily_sums, lazy_daily_sums

__all__ = [
    "LakeError",
    "actor_codes",
    "append_days",
    "as_events",
    "check_months",
    "daily_sums",
    "generate",
    "kept_whole",
    "lake_panel",
    "lazy_daily_sums",
    "left_out",
    "open_lake",
]

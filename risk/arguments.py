"""Arguments and options that the shell commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["AsOf", "Events", "Json", "KnownOn", "RecipeFile", "Sanctions", "State"]

AsOf = Annotated[str, typer.Option("--as-of", metavar="DAY", help="The end of this day is the present.")]
KnownOn = Annotated[
    str | None,
    typer.Option(
        "--known-on", metavar="DAY", help="Count only what was public by this day; default: --as-of."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Events = Annotated[
    Path | None,
    typer.Option(
        "--events", metavar="FILE", help="Your own event table (csv, json, ...); default: embedded."
    ),
]
Sanctions = Annotated[
    Path | None,
    typer.Option("--sanctions", metavar="FILE", help="Your own sanctions table; default: embedded."),
]
RecipeFile = Annotated[
    Path | None, typer.Option("--recipe", metavar="FILE", help="A recipe in TOML; default: the shipped one.")
]
State = Annotated[str, typer.Argument(help="Name or code of a state.")]

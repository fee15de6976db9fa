"""The shell: the scorer's questions as commands; JSON everywhere, exit 2 on bad input."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="How aligned are two states, how exposed is one to sanctions: as of any date, with the evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

AsOf = Annotated[str, typer.Option("--as-of", help="The end of this day is the present, YYYY-MM-DD.")]
KnownOn = Annotated[str | None, typer.Option("--known-on", help="Count only what was public by this day.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Events = Annotated[
    Path | None, typer.Option("--events", help="Your own event table (csv); default: embedded.")
]
Sanctions = Annotated[Path | None, typer.Option("--sanctions", help="Your own sanctions table (csv).")]
RecipeFile = Annotated[Path | None, typer.Option("--recipe", help="A recipe in TOML.")]
State = Annotated[str, typer.Argument(help="Name or code.")]


def _scorer(events: Path | None, sanctions: Path | None, recipe: Path | None):
    import risk

    return risk.Scorer(
        risk.read_events(events).table if events else None,
        _read_sanctions(sanctions) if sanctions else None,
        risk.load_recipe(recipe) if recipe else None,
    )


def _read_sanctions(path: Path):
    from risk.sanctions import read_sanctions

    return read_sanctions(path).table


def _emit(data: object) -> None:
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


UNSIGNED = {"F", "F_since", "E", "E_upper", "tie_coverage", "amount", "share of F"}  # no sign: never below 0


def _print_table(frame, columns: list[str], title: str, rows: int = 12) -> None:
    """The first rows as a table, and how many there are if not all are shown."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from risk.display import cell, visible

    if frame.empty:
        typer.echo(f"{visible(title)}: nothing on record")
        return
    more = f" (first {rows} of {len(frame)})" if len(frame) > rows else ""
    typer.echo(visible(title) + more)
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in columns:
        table.add_column(
            Text(name), overflow="fold", justify="right" if frame[name].dtype.kind == "f" else "left"
        )
    for row in frame[columns].head(rows).itertuples(index=False):
        cells = (cell(value, sign=name not in UNSIGNED) for name, value in zip(columns, row, strict=True))
        table.add_row(*(Text(visible(text)) for text in cells))
    Console(width=None if sys.stdout.isatty() else 132, highlight=False).print(table)


@app.command()
def alignment(
    a: State,
    b: State,
    as_of: AsOf,
    known_on: KnownOn = None,
    events: Events = None,
    sanctions: Sanctions = None,
    recipe: RecipeFile = None,
    as_json: Json = False,
) -> None:
    """Alignment of two states and what adds up to it."""
    result = _scorer(events, sanctions, recipe).alignment(a, b, as_of=as_of, known_on=known_on)
    if as_json:
        _emit(result.to_dict())
        return
    typer.echo(repr(result)[1:-1])
    typer.echo(result.standing)
    _print_table(
        result.contributions, ["date", "event_type", "title", "share", "source"], "Heaviest contributions"
    )


@app.command()
def exposure(
    state: Annotated[str | None, typer.Argument(help="Name or code.")] = None,
    as_of: AsOf = ...,  # type: ignore[assignment]
    known_on: KnownOn = None,
    states: Annotated[Path | None, typer.Option("--states", help="A csv with a column `state`.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Say what changed since; exit 1 if anything.")
    ] = None,
    events: Events = None,
    sanctions: Sanctions = None,
    recipe: RecipeFile = None,
    as_json: Json = False,
) -> None:
    """Sanctions exposure of a state, or of --states."""
    if (state is None) == (states is None):
        raise typer.BadParameter("give one state, or --states FILE")
    scorer = _scorer(events, sanctions, recipe)
    if states is not None or since is not None:
        _portfolio(scorer, _names(states) if states is not None else [str(state)], as_of, since, as_json)
        return
    result = scorer.exposure(str(state), as_of=as_of, known_on=known_on)
    if as_json:
        _emit(result.to_dict())
        return
    typer.echo(repr(result)[1:-1])
    typer.echo(result.standing)
    _print_exposure(result, 30, 12)


def _print_exposure(result, measures: int, paths: int) -> None:
    """Measures in force, those that count first, and the heaviest paths."""
    table = result.in_force.sort_values("share", ascending=False, kind="stable").rename(
        columns={"share": "share of F"}
    )
    table["share of F"] = [
        "parallel" if row.parallel else f"{amount:.4f}"
        for row, amount in zip(table.itertuples(), table["share of F"], strict=True)
    ]
    columns = ["sender", "authority", "instrument", "scope", "start", "share of F"]
    _print_table(table, columns, "In force; a parallel one repeats an instrument and adds nothing", measures)
    _print_table(result.partners, ["path", "amount"], "Through partners", paths)


def _names(path: Path) -> list[str]:
    from risk.datasets import read_text_file

    table = read_text_file(path)
    if "state" not in table.columns:
        raise ValueError(f"{path}: no column `state`; found {', '.join(table.columns)}")
    return list(table["state"])


def _numbers(table) -> list[str]:
    """The columns of a portfolio that fit a line; what began and ended is told below it."""
    return [name for name in table.columns if name not in ("begun", "ended")]


def _portfolio(scorer, states: list[str], as_of: str, since: str | None, as_json: bool) -> None:
    from risk.display import plain, visible

    table = scorer.portfolio(states, as_of=as_of, since=since)
    if as_json:
        _emit(plain(table))
    else:
        _print_table(table, _numbers(table), f"Exposure as of {as_of}", len(table))
        for row in table.itertuples() if since is not None else ():
            for word in ("begun", "ended"):
                if getattr(row, word):
                    typer.echo(f"{row.state} {word} since {since}: {visible(getattr(row, word))}")
    if since is not None and bool(table["changed"].any()):
        raise typer.Exit(1)


@app.command()
def change(
    a: State,
    b: State,
    start: Annotated[str, typer.Option("--start", help="First day, YYYY-MM-DD.")],
    end: Annotated[str, typer.Option("--end", help="Last day, YYYY-MM-DD.")],
    events: Events = None,
    sanctions: Sanctions = None,
    recipe: RecipeFile = None,
    as_json: Json = False,
) -> None:
    """What moved an alignment between two days."""
    result = _scorer(events, sanctions, recipe).change(a, b, start=start, end=end)
    if as_json:
        _emit(result.to_dict())
        return
    typer.echo(repr(result)[1:-1])
    _print_table(result.contributions, ["part", "date", "event_type", "title", "share"], "Heaviest changes")


@app.command()
def ranking(
    as_of: AsOf,
    partner: Annotated[str | None, typer.Option("--partner", help="Only dyads of this state.")] = None,
    events: Events = None,
    sanctions: Sanctions = None,
    recipe: RecipeFile = None,
    draws: Annotated[
        int, typer.Option("--draws", min=20, help="Recipes drawn for the interval of each rank.")
    ] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Of these draws.")] = 1,
    as_json: Json = False,
) -> None:
    """Dyads by alignment, with the interval of each rank."""
    import numpy as np

    from risk.display import plain
    from risk.sensitivity import rank_intervals

    table = rank_intervals(
        _scorer(events, sanctions, recipe),
        as_of=as_of,
        partner=partner,
        rng=np.random.default_rng(seed),
        draws=draws,
    )
    if as_json:
        _emit(plain(table))
    else:
        shown = ["rank", "rank_low", "rank_high", "a", "b", "value", "low", "high", "coverage"]
        _print_table(table, shown, f"As of {as_of}", len(table))


@app.command()
def dossier(
    a: State,
    b: State,
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", help="File to write.")] = Path("dossier.html"),
    events: Events = None,
    sanctions: Sanctions = None,
    recipe: RecipeFile = None,
    as_json: Json = False,
) -> None:
    """One page to print about two states."""
    from risk.report import write_dossier

    path = write_dossier(_scorer(events, sanctions, recipe), a, b, as_of=as_of, out=out)
    if as_json:
        _emit({"dossier": str(path)})
    else:
        typer.echo(f"wrote {path}")


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="An event table.")],
    as_json: Json = False,
    rejected: Annotated[Path | None, typer.Option("--rejected", help="Write the rejected rows here.")] = None,
) -> None:
    """Check an event table; exit 2 if a row is rejected."""
    import risk
    from risk.display import plain
    from risk.exports import to_csv

    reading = risk.read_events(path, errors="quarantine")
    if rejected is not None:
        to_csv(reading.rejected, rejected)
    if as_json:
        _emit({"report": plain(dict(reading.report)), "rejected": plain(reading.rejected)})
    else:
        typer.echo(repr(reading)[1:-1])
        if len(reading.rejected):
            _print_table(reading.rejected, ["row", "column", "code", "message"], "Rejected", 50)
    if len(reading.rejected):
        raise typer.Exit(2)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", help="Where the dossier goes.")] = Path("dossier.html"),
    as_json: Json = False,
) -> None:
    """The first story: Venezuela and Russia in 2025."""
    from risk.report import write_dossier

    scorer = _scorer(None, None, None)
    one = scorer.alignment("Venezuela", "Russia", as_of="2025-10-15")
    past = scorer.change("Venezuela", "Russia", start="2024-10-15", end="2025-10-15")
    exposed = scorer.exposure("Venezuela", as_of="2025-10-15")
    path = write_dossier(scorer, "Venezuela", "Russia", as_of="2025-10-15", out=out)
    if as_json:
        results = {"alignment": one.to_dict(), "change": past.to_dict(), "exposure": exposed.to_dict()}
        _emit({**results, "dossier": str(path)})
        return
    columns = ["date", "event_type", "title", "share", "source"]
    typer.echo(repr(one)[1:-1] + "\n" + one.standing)
    _print_table(one.contributions, columns, "Heaviest contributions; all of them add up to the score", 10)
    typer.echo("\n" + repr(past)[1:-1])
    _print_table(past.contributions, ["part", *columns], "What changed over the last year, and why", 10)
    typer.echo("\n" + repr(exposed)[1:-1] + "\n" + exposed.standing)
    _print_exposure(exposed, 12, 8)
    typer.echo(
        f"\nThe record runs through {one.data_through:%Y-%m-%d}. Research output, not legal advice or screening; codes "
        "imply no view on legal status; accusations are attributed, never asserted."
    )
    typer.echo(f"wrote {path}")


def main() -> None:
    """Run the shell command; bad input ends with exit code 2 and one line on standard error."""
    try:
        app(standalone_mode=True)
    except (ValueError, KeyError, OSError) as error:
        text = error.args[0] if isinstance(error, KeyError) and error.args else error
        sys.stderr.write(f"risk: {text}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()

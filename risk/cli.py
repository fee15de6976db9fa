"""The shell: the scorer's questions as commands; JSON everywhere, exit 2 on bad input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from risk.arguments import AsOf, Events, Json, KnownOn, RecipeFile, Sanctions, State
from risk.terminal import emit, open_streams, print_table, tell

app = typer.Typer(
    help="How aligned are two states, how exposed is one to sanctions: as of any date, with the evidence.\n\n"
    "States are names or codes (Venezuela, VEN), days are YYYY-MM-DD; nothing here uses the network.\n\n"
    "Exit codes: 0 done, 1 something changed (exposure --since), 2 bad input.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _scorer(events: Path | None, sanctions: Path | None, recipe: Path | None):
    import risk
    from risk.sanctions import read_sanctions

    return risk.Scorer(
        risk.read_events(events).table if events else None,
        read_sanctions(sanctions).table if sanctions else None,
        risk.load_recipe(recipe) if recipe else None,
    )


def _print_version(asked: bool) -> None:
    if asked:
        from risk import __version__

        typer.echo(f"risk {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    """Options before the command; the text that users read is the app's own help."""


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
        emit(result.to_dict())
        return
    typer.echo(repr(result)[1:-1])
    typer.echo(result.standing)
    print_table(
        result.contributions, ["date", "event_type", "title", "share", "source"], "Heaviest contributions"
    )


@app.command()
def exposure(
    state: Annotated[str | None, typer.Argument(help="Name or code of a state.")] = None,
    as_of: AsOf = ...,  # type: ignore[assignment]
    known_on: KnownOn = None,
    states: Annotated[
        Path | None,
        typer.Option(
            "--states", metavar="FILE", help="Many states: a table (csv, ...) with a column `state`."
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DAY", help="Say what changed since; exit 1 if anything.")
    ] = None,
    events: Events = None,
    sanctions: Sanctions = None,
    recipe: RecipeFile = None,
    as_json: Json = False,
) -> None:
    """Sanctions exposure of a state, or of --states."""
    if (state is None) == (states is None):
        raise typer.BadParameter("give one state, or --states FILE")
    if known_on is not None and (states is not None or since is not None):
        raise typer.BadParameter(
            "--known-on is for one state on one day; with --states or --since leave it out"
        )
    if states is not None or since is not None:
        from risk.state_list import read_state_list

        named = read_state_list(states, as_of) if states is not None else [str(state)]
        _portfolio(_scorer(events, sanctions, recipe), named, as_of, since, as_json)
        return
    scorer = _scorer(events, sanctions, recipe)
    result = scorer.exposure(str(state), as_of=as_of, known_on=known_on)
    if as_json:
        emit(result.to_dict())
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
    print_table(table, columns, "In force; a parallel one repeats an instrument and adds nothing", measures)
    print_table(result.partners, ["path", "amount"], "Through partners", paths)
    typer.echo("\n" + result.outlook)


def _numbers(table) -> list[str]:
    """The columns of a portfolio that fit a line; what began and ended is told below it."""
    return [name for name in table.columns if name not in ("begun", "ended")]


def _portfolio(scorer, states: list[str], as_of: str, since: str | None, as_json: bool) -> None:
    from risk.display import plain, visible

    table = scorer.portfolio(states, as_of=as_of, since=since)
    if as_json:
        emit(plain(table))
    else:
        print_table(table, _numbers(table), f"Exposure as of {as_of}", len(table))
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
    start: Annotated[str, typer.Option("--start", metavar="DAY", help="First day.")],
    end: Annotated[str, typer.Option("--end", metavar="DAY", help="Last day.")],
    events: Events = None,
    sanctions: Sanctions = None,
    recipe: RecipeFile = None,
    as_json: Json = False,
) -> None:
    """What moved an alignment between two days."""
    result = _scorer(events, sanctions, recipe).change(a, b, start=start, end=end)
    if as_json:
        emit(result.to_dict())
        return
    typer.echo(repr(result)[1:-1])
    print_table(result.contributions, ["part", "date", "event_type", "title", "share"], "Heaviest changes")


@app.command()
def ranking(
    as_of: AsOf,
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="STATE", help="Only dyads of this state.")
    ] = None,
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
        emit(plain(table))
    else:
        shown = ["rank", "rank_low", "rank_high", "a", "b", "value", "low", "high", "coverage"]
        print_table(table, shown, f"As of {as_of}", len(table))


@app.command()
def dossier(
    a: State,
    b: State,
    as_of: AsOf,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Page to write.")] = Path("dossier.html"),
    events: Events = None,
    sanctions: Sanctions = None,
    recipe: RecipeFile = None,
    as_json: Json = False,
) -> None:
    """One page to print about two states."""
    from risk.report import write_dossier

    path = write_dossier(_scorer(events, sanctions, recipe), a, b, as_of=as_of, out=out)
    if as_json:
        emit({"dossier": str(path)})
    else:
        typer.echo(f"wrote {path}")


@app.command()
def check(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An event table: csv, json, parquet or xlsx.")],
    as_json: Json = False,
    rejected: Annotated[
        Path | None, typer.Option("--rejected", metavar="FILE", help="Write the rejected rows here (csv).")
    ] = None,
) -> None:
    """Check an event table; exit 2 if a row is rejected."""
    import risk
    from risk.display import plain
    from risk.exports import to_csv

    reading = risk.read_events(path, errors="quarantine")
    if rejected is not None:
        to_csv(reading.rejected, rejected)
    if as_json:
        emit({"report": plain(dict(reading.report)), "rejected": plain(reading.rejected)})
    else:
        typer.echo(repr(reading)[1:-1])
        if len(reading.rejected):
            print_table(reading.rejected, ["row", "column", "code", "message"], "Rejected", 50)
    if len(reading.rejected):
        raise typer.Exit(2)


@app.command()
def demo(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the dossier goes.")] = Path(
        "dossier.html"
    ),
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
        emit({**results, "dossier": str(path)})
        return
    columns = ["date", "event_type", "title", "share", "source"]
    typer.echo(repr(one)[1:-1] + "\n" + one.standing)
    print_table(one.contributions, columns, "Heaviest contributions; all of them add up to the score", 10)
    typer.echo("\n" + repr(past)[1:-1])
    print_table(past.contributions, ["part", *columns], "What changed over the last year, and why", 10)
    typer.echo("\n" + repr(exposed)[1:-1] + "\n" + exposed.standing)
    _print_exposure(exposed, 12, 8)
    typer.echo(
        f"\nThe record runs through {one.data_through:%Y-%m-%d}. Research output, not legal advice or screening; codes "
        "imply no view on legal status; accusations are attributed, never asserted."
    )
    typer.echo(f"wrote {path}")


@app.command()
def validate(
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="FOLDER",
            help="Outside data; default: RISK_DATA, or shared/data beside the checkout.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where the card goes; in a checkout: docs/validation.md."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Test what is claimed, beside naive baselines."""
    from risk.validation import card, docs_card, outside_data

    folder = outside_data(data)
    where = out if out is not None or folder is None else docs_card()
    text = card(folder, out=where, echo=None if as_json else typer.echo)
    if as_json:
        emit({"card": text, "wrote": None if where is None else str(where)})
    elif where is not None:
        typer.echo(f"wrote {where}")


def main() -> None:
    """Run the shell command; bad input ends with exit code 2 and one line on standard error."""
    open_streams()
    try:
        app(standalone_mode=True, prog_name="risk")
    except (ValueError, KeyError, OSError, ImportError) as error:
        tell(error)
        sys.exit(2)


if __name__ == "__main__":
    main()

"""
Execute every notebook from its reviewed text, and fail on the first error.

    python notebooks/execute.py [--pair] [NAME.py ...]

The executed copies, with their pictures, go to ``notebooks/executed`` (not kept under version control). The paired
``.ipynb`` files hold the same cells without outputs; ``--pair`` writes them anew from the text, and without it a pair
that says something else than its text is an error.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import jupytext
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def read(text: Path):
    """The notebook of a text file."""
    notebook = jupytext.read(text)
    notebook.metadata["kernelspec"] = KERNEL
    return notebook


def cells(notebook) -> list[tuple[str, str]]:
    """What a notebook says, without outputs."""
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def pair(text: Path, write: bool) -> None:
    """Write the paired notebook, or hold it against its text."""
    other = text.with_suffix(".ipynb")
    if write:
        notebook = read(text)
        for number, cell in enumerate(notebook.cells):
            cell.id = f"cell-{number}"
        jupytext.write(notebook, other)
    elif cells(jupytext.read(other)) != cells(read(text)):
        raise SystemExit(
            f"{other.name} says something else than {text.name}: python notebooks/execute.py --pair"
        )


def execute(text: Path) -> None:
    """Run a notebook in a kernel of its own and keep the executed copy."""
    notebook = read(text)
    NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(FOLDER)}}).execute()
    (FOLDER / "executed").mkdir(exist_ok=True)
    jupytext.write(notebook, FOLDER / "executed" / f"{text.stem}.ipynb")


def main() -> None:
    """Pair and run the notebooks named, or all of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pair", action="store_true", help="only write the paired .ipynb files")
    parser.add_argument("names", nargs="*", type=Path)
    asked = parser.parse_args()
    for text in asked.names or sorted(FOLDER.glob("[0-9]*.py")):
        pair(text, asked.pair)
        if not asked.pair:
            print(f"executing {text.name}", flush=True)
            execute(text)


if __name__ == "__main__":
    main()

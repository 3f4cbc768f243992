"""What can be done from the command line? One file per subject; `main` turns errors into one sentence and a code."""

import sqlite3
import sys

import typer

from api.cli import asking, care, items, models, orders, planning, remote, review, serving, snapshots
from engine.errors import BadInput, LifestyleError

EXIT_CODES = """Exit codes: 0 done, 1 it failed (corrupt or missing snapshot, gate refused), 2 bad input."""

app = typer.Typer(
    name="lifestyle",
    help=f"Lifestyle search: items in, snapshot published, query understood, ranked and answered.\n\n{EXIT_CODES}",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",
)
for subject in (items, snapshots, remote, models, orders, asking, serving, care, review, planning):
    subject.add(app)


def main() -> None:
    """The `lifestyle` command."""
    try:
        app()
    except BadInput as error:
        _fail(error, 2)
    except LifestyleError as error:
        _fail(error, 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        _fail(f"{error.filename}: {error.strerror}", 2)
    except OSError as error:
        _fail(f"{error.filename or 'the system'}: {error.strerror or error}", 1)
    except UnicodeDecodeError as error:
        _fail(f"a file is not UTF-8 text (byte {error.start}: {error.reason})", 2)
    except UnicodeEncodeError as error:
        _fail(f"an argument is not UTF-8 text (character {error.start}: {error.reason})", 2)
    except RecursionError:
        _fail("a file is nested too deep to be read", 2)
    except sqlite3.Error as error:
        _fail(f"a store cannot be used: {error}; 'lifestyle doctor' says how it is", 1)


def _fail(what: object, code: int) -> None:
    sentence = " ".join(str(what).split())
    sys.stderr.write(f"lifestyle: {sentence}\n")
    sys.exit(code)

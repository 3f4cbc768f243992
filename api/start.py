"""How does the `lifestyle` command begin? The collector rests while modules load."""

from api import heap


def main() -> None:
    """The `lifestyle` command."""
    with heap.settled():
        from api import cli  # noqa: PLC0415  # a collection walks all that is loaded again and again: a tenth of the time

    cli.main()

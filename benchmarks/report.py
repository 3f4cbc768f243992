"""Do the tables of README and docs/feed.md say what was measured? Blocks are written from figures.json, or compared.

A block is `<!-- figures: NAME -->`, anything, `<!-- end -->`. `python -m benchmarks.report` writes, `--check` compares,
`--take FILE` first records the JSON of pytest-benchmark as the figure "latency".
"""

import argparse
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from api.printing import say
from benchmarks import figures
from benchmarks.figures import Figure
from engine.errors import BadInput

README: Final = Path(__file__).parents[1] / "README.md"
#: Other pages with blocks.
DOCS: Final = (README.parent / "docs" / "feed.md",)
_BLOCK: Final = re.compile(r"(<!-- figures: ([\w.-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
_INDEXES: Final = {"sample": "sample", "scaled": "10k synthetic items, hash vectors"}
_START: Final = re.compile(r"<!-- figures: ")


def filled(text: str, known: Mapping[str, Figure]) -> str:
    """The text with every block written anew; BadInput for an unknown figure or a block without an end."""
    starts, blocks = len(_START.findall(text)), list(_BLOCK.finditer(text))
    if starts != len(blocks) or any(_START.search(block[3]) for block in blocks):
        raise BadInput(f"{starts} blocks begin, {len(blocks)} are whole: each needs a name and its <!-- end -->")

    def write(block: re.Match[str]) -> str:
        if block[2] not in known:
            raise BadInput(f"no figure is called '{block[2]}'; there are {', '.join(known) or 'none'}")
        return f"{block[1]}{table(known[block[2]])}{block[4]}"

    return _BLOCK.sub(write, text)


def table(figure: Figure) -> str:
    """A Markdown table, then how to get it again."""
    columns = list(figure.rows[0])
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cell(row.get(name)) for name in columns) + " |" for row in figure.rows]
    source = f"`{figure.command}`, {figure.date}, {figure.machine}."
    return "\n".join([*lines, "", " ".join(part for part in (figure.note, source) if part), ""])


def _cell(value: str | int | float | None) -> str:
    return "" if value is None else str(value).replace("|", "\\|")


def latency(report: Mapping[str, Any]) -> list[dict[str, str | int | float | None]]:
    """The rows of a pytest-benchmark report, milliseconds; groups in the order they ran."""
    return [
        {
            "stage": run["group"],
            "index": _INDEXES[(run.get("params") or {}).get("bench", "sample")],
            "case": ", ".join(str(v) for k, v in (run.get("params") or {}).items() if k != "bench"),
            "median ms": round(run["stats"]["median"] * 1000, 2),
            "p90 ms": round(run["extra_info"]["p90_ms"], 2),
            "p99 ms": round(run["extra_info"]["p99_ms"], 2),
        }
        for run in report["benchmarks"]
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write or check the pages; -> the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.report", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when pages and figures differ")
    parser.add_argument("--take", type=Path, help="a JSON report of pytest-benchmark to record first")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.take is not None:
            report = msgspec.json.decode(chosen.take.read_bytes())
            figures.record("latency", "make bench", latency(report), path=figures.PATH)
        return max(_bring_up(page, chosen.check) for page in (README, *DOCS))
    except (BadInput, FileNotFoundError) as error:
        say(f"report: {error}")
        return 2


def _bring_up(page: Path, check: bool) -> int:
    old = page.read_text("utf-8")
    new = filled(old, figures.load(figures.PATH))
    if check and new != old:
        say(f"{page.name} differs from figures.json; run python -m benchmarks.report")
        return 1
    if not check:
        page.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

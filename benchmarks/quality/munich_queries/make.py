"""Which places are right for every query? `python -m benchmarks.quality.munich_queries.make OUT.jsonl` writes it.

The gold is derived from the data, so it is worked out where it is needed and not kept in the project.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.quality.munich_queries import oracle

QUERIES = Path(__file__).parent / "queries.jsonl"


def queries(path: Path = QUERIES) -> list[dict[str, Any]]:
    """The queries with their predicates, in file order."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def judged(where: Path) -> list[Mapping[str, Any]]:
    """GeoJSON folder -> {id, query, lang, kinds, near, now, grades: {item id: 1.0}, slots} of every query, in order."""
    elements = oracle.load(where)
    points = oracle.places(elements)
    kept = ("id", "query", "lang", "near", "now", "slots")
    return [
        {
            **{name: query[name] for name in kept},
            "kinds": ["poi"],
            "grades": dict.fromkeys(oracle.gold(query, elements, points), 1.0),
        }
        for query in queries()
    ]


def main() -> None:
    """Write the judged queries as JSONL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", type=Path, default=oracle.folder(), help="folder of the GeoJSON files")
    given = parser.parse_args()
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in judged(given.data))
    given.out.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()

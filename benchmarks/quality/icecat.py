"""The Icecat set: a whole catalogue of electronics, and graded relevance for short shop queries."""

import csv
from collections import defaultdict
from pathlib import Path

from api.judged import JudgedSet
from benchmarks.quality.data import need, tables
from engine.types import Kind
from ranking.evaluate import JudgedQuery

SOURCES = (("icecat", ["icecat/products.jsonl.gz"]),)


def load(queries: Path | None, cache: Path) -> JudgedSet:
    """Grades 0 to 3; queries without any relevant product have no nDCG and are left out of its mean."""
    path = queries or need("icecat/judgments_dev.csv")[0]
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            grades[row["query"]][f"icecat-{row['docid']}"] = float(row["rating"])
    asked = [JudgedQuery(text, text, "en", graded) for text, graded in grades.items()]
    kinds: tuple[Kind, ...] = ("product",)
    return JudgedSet("icecat", tables(cache, SOURCES), asked, kinds, binary=False, learns=True)

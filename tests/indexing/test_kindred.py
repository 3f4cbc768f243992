"""Does a build made before somebody was forgotten lose what behaviour taught when it is published?"""

import json
from pathlib import Path

import numpy as np
import pytest

from indexing.arrays import save
from indexing.jobs import publish
from indexing.kindred import Behaviour
from indexing.publish import Publisher
from tests.contracts import corpus


@pytest.mark.parametrize(("now", "kept"), [(2, True), (3, False), (None, True)])
def test_what_may_rest_on_somebody_forgotten_is_not_published(tmp_path: Path, now: int | None, kept: bool) -> None:
    built, root = tmp_path / "built", tmp_path / "root"
    save({"gram": np.eye(2, dtype=np.float32)}, built / "kindred")
    (built / "facts.json").write_text(json.dumps({"forgotten": 2}))
    publisher = Publisher(root)
    publish(built, "demo", publisher, now)
    assert (publisher.current("demo") / "kindred" / "gram.npy").exists() is kept


def test_rows_that_point_outside_are_refused(tmp_path: Path) -> None:
    corpus.write(tmp_path, corpus.POIS, corpus.PRODUCTS, corpus.NOTES)
    counts = {"note": len(corpus.NOTES), "product": len(corpus.PRODUCTS), "poi": len(corpus.POIS)}
    arrays = dict(Behaviour.open(tmp_path, counts).arrays)  # type: ignore[arg-type]
    for name, spoilt in (
        ("poi_near", arrays["poi_near"] + 1000),
        ("poi_kinds", arrays["poi_kinds"] + 7),
        ("note_starts", arrays["note_starts"] + 1),
        ("gram", arrays["gram"][:1]),
    ):
        save({**arrays, name: spoilt}, tmp_path / "kindred")
        with pytest.raises(ValueError, match="does not fit"):
            Behaviour.open(tmp_path, counts)  # type: ignore[arg-type]

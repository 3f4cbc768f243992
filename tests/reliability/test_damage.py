"""Does the snapshot before serve, whichever byte of the newest is damaged?"""

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from indexing import manifest
from indexing.publish import Publisher
from tests.api.world import deploy, rows, running


@pytest.mark.promise(4)
def test_a_hundred_damages_of_the_newest_of_three(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    for count in (8, 9, 10):
        deploy(tmp_path, {"poi": rows()["poi"][:count]})
    folder, rng, fallen = tmp_path / "default" / "snapshots" / "00000003", Random(4), 0
    sound = Path(shutil.copytree(folder, tmp_path / "sound"))
    for number in range(100):
        path = folder / rng.choice(sorted(manifest.files_in(folder)))
        data = bytearray(path.read_bytes())
        data[rng.randrange(len(data))] ^= rng.randint(1, 255)
        path.unlink()
        path.write_bytes(data)
        opened = Publisher(tmp_path).open("default", lambda f, _: f.name)
        assert opened.value == "00000002"
        assert opened.reason is not None and path.name in opened.reason
        if number % 25 == 0:  # through the whole application too
            with running(tmp_path) as client:
                answer = client.post("/v1/search", json={"q": "咖啡店"}).json()
            fallen += answer["versions"]["snapshot"] == "00000002" and bool(answer["hits"])
        shutil.copy(sound / path.relative_to(folder), path)
    assert fallen == 4
    record_property("figure", "100 of 100 fall back to the snapshot before")

"""Does a tenant ever see anything of another's, whatever it asks?"""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.api.world import bearer, neighbouring

WORDS = (
    "同名",
    "咖啡",
    "草坪",
    "二店",
    "cafe",
    "lawn",
    "附近",
    "的",
    "有",
    "不要",
    "left",
    "right",
    "cafe-1",
    "人均",
    "50",
)


@pytest.mark.promise(22)
@pytest.mark.parametrize("count", [10_000])
def test_no_answer_of_ten_thousand_holds_a_foreign_id(
    tmp_path: Path, count: int, record_property: Callable[[str, object], None]
) -> None:
    rng, foreign = Random(22), 0
    with neighbouring(tmp_path, 12) as client:
        for _ in range(count):
            mine, theirs = rng.sample(("left", "right"), 2)
            text = "".join(rng.choices(WORDS, k=rng.randint(1, 6)))
            name = f"{theirs}-cafe-{rng.randrange(12)}"
            method, path, body = rng.choice(
                [
                    ("POST", "/v1/search", {"q": text, "explain": True}),
                    ("POST", "/v1/feed", {"user_id": "u", "personalize": True}),
                    ("GET", f"/v1/suggest?q={text}", None),
                    ("GET", f"/v1/similar/{name}", None),
                    ("GET", f"/v1/items/{name}", None),
                    ("GET", f"/v1/items/{name}/evidence", None),
                ]
            )
            reply = client.request(method, path, json=body, headers=bearer(mine))
            assert reply.status_code == (404 if name in path else 200), reply.text
            said = reply.text.replace(name, "").replace(text, "")
            foreign += f"{theirs}-" in said
    assert foreign == 0
    record_property("figure", f"{count} requests, {foreign} foreign ids")

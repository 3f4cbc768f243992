"""Do answers say which places are open at this moment, and keep what a person insists on?"""

from starlette.testclient import TestClient

from indexing.sample.files import load_tables

HOURS = {row["id"]: row.get("opening_hours") for row in load_tables()["poi"]}


def test_places_say_whether_they_are_open_now(reader: TestClient) -> None:
    """The clock of the tests stands at Sunday 20:00 in China."""
    hits = reader.post("/v1/search", json={"q": "杭州 咖啡馆", "kinds": ["poi"], "limit": 50}).json()["hits"]
    told = {hit["id"]: hit["open_now"] for hit in hits if "open_now" in hit}
    assert True in told.values()
    assert False in told.values()
    for item, is_open in told.items():
        until = (HOURS[item] or "").removeprefix("Mo-Su 10:00-")
        if len(until) == len("21:00"):
            assert is_open == (until > "20:00" or until < "10:00"), item  # past midnight is late, too


def test_nothing_else_says_so(reader: TestClient) -> None:
    hits = reader.post("/v1/search", json={"q": "咖啡", "kinds": ["note", "product"], "limit": 20}).json()["hits"]
    assert hits
    assert not any("open_now" in hit for hit in hits)


def test_what_is_insisted_on_gives_way_no_longer(reader: TestClient) -> None:
    body = {"q": "杭州 咖啡馆 人均5元以内", "limit": 50}
    relaxed = reader.post("/v1/search", json=body).json()
    given = [each["constraint"] for each in relaxed["relaxed"]]
    assert given
    firm = reader.post("/v1/search", json=body | {"insist": given}).json()
    assert not set(given) & {each["constraint"] for each in firm["relaxed"]}
    assert firm["parse"]["constraints"] == relaxed["parse"]["constraints"]


def test_an_insisted_place_is_a_small_number(reader: TestClient) -> None:
    reply = reader.post("/v1/search", json={"q": "咖啡", "insist": [64]})
    assert reply.status_code == 422
    assert reply.json()["error"]["field"] == "insist.0"

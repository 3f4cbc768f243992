"""Are landmarks and the middles of quarters found, and used where nobody's data says where things are?"""

from datetime import UTC, datetime

from engine.types import Query
from engine.understand.gazetteer import gazetteer
from engine.understand.ground import ground
from engine.understand.landmarks import landmarks
from engine.understand.names import NO_NAMES
from engine.understand.parse import understand

NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)


def test_a_landmark_is_known_in_every_spelling() -> None:
    places = landmarks()
    assert places.where("Marienplatz") == places.where("玛利亚广场") == ((48.1374, 11.5755),)
    assert places.where("München Hauptbahnhof") and not places.where("nowhere at all")


def test_a_large_park_has_several_points() -> None:
    assert len(landmarks().where("Englischer Garten")) > 2


def test_a_distance_from_a_landmark_is_not_one_from_the_person() -> None:
    for text in ("Marienplatz 500米以内的咖啡馆", "Marienplatz 附近500米的咖啡馆", "cafes within 500 m of Marienplatz"):
        (found,) = [c for c in understand(Query("t", text), NO_NAMES, NOW).constraints if c.slot != "category"]
        assert (found.slot, found.value) == ("place.named", {"name": "marienplatz", "km": 0.5}), text


def test_a_quarter_is_grounded_to_the_circle_around_its_middle() -> None:
    query = Query("t", "cafes in Schwabing")
    said = ground(understand(query, NO_NAMES, NOW), query, NOW, lambda name: [])
    (value,) = [c.value for c in said.constraints if c.slot == "place.admin"]
    ((lat, lon, km),) = gazetteer().centres("Schwabing")
    assert value["points"] == [[lat, lon]] and value["km"] == km

"""How is GeoJSON read? Each feature gives its properties, and "@lat" and "@lon" of a point that stands for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import BadInput, BadRow
from indexing.sources.opened import opened


def read(path: Path) -> Iterator[tuple[int, dict[str, Any] | BadRow]]:
    """A FeatureCollection -> (number of the feature from 1, properties), or the reason why it cannot be read.

    Lines and areas stand at the middle of their bounding box. Coordinates come as the file has them: lon, lat.
    """
    with opened(path) as stream:
        try:
            document = msgspec.json.decode(stream.read())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise BadInput(f"{path.name} is no JSON document: {error}") from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise BadInput(f"{path.name} is no GeoJSON FeatureCollection: it has no list of features")
    for number, feature in enumerate(features, 1):
        yield number, _feature(path.name, number, feature)


def _feature(file: str, number: int, feature: Any) -> dict[str, Any] | BadRow:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return BadRow(file, number, "properties", "must be an object")
    geometry = feature.get("geometry")
    if geometry is None:
        return properties
    try:
        points = list(_points(geometry["coordinates"]))
        lons, lats = [float(point[0]) for point in points], [float(point[1]) for point in points]
        return {**properties, "@lat": (min(lats) + max(lats)) / 2, "@lon": (min(lons) + max(lons)) / 2}
    except (KeyError, TypeError, IndexError, ValueError):
        return BadRow(file, number, "geometry", "must have coordinates: [lon, lat], or lists of such")


def _points(coordinates: Any) -> Iterator[list[float]]:
    if isinstance(coordinates[0], int | float):
        yield coordinates
    else:
        for inner in coordinates:
            yield from _points(inner)

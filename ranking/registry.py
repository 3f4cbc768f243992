"""Where do models live, and which one serves? models/1, models/2, ... and a file CURRENT that names one of them.

Guarantee: a model appears as a whole or not at all; CURRENT changes at once; older models stay for rollback.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from engine.errors import BadInput, ModelError
from engine.trial import HOWS, Trial
from ranking.model import CARD_FILE, MODEL_FILE, LightGbmRanker

CURRENT: Final = "CURRENT"
TRIAL: Final = "TRIAL.json"


class Registry:
    """Models below one folder. One writer at a time; readers need no lock."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def feeds(self) -> "Registry":
        """The models that order feeds, below those that order searches."""
        return Registry(self.root / "feeds")

    def numbers(self) -> list[int]:
        """The models kept, oldest first."""
        if not self.root.is_dir():
            return []
        return sorted(int(path.name) for path in self.root.iterdir() if path.name.isdecimal() and path.is_dir())

    def current(self) -> int | None:
        """The number of the serving model; None before the first. Raises ModelError when CURRENT is damaged."""
        try:
            text = (self.root / CURRENT).read_text("ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise ModelError(f"{self.root.name}/{CURRENT} cannot be read ({error})") from error
        if not text.isdecimal() or int(text) not in self.numbers():
            raise ModelError(f"{self.root.name}/{CURRENT} names model {text[:20]!r}, which is not there; roll back")
        return int(text)

    def load(self) -> LightGbmRanker | None:
        """The serving model, checked; None before the first. Raises ModelError."""
        number = self.current()
        return None if number is None else LightGbmRanker.load(self.folder(number))

    def folder(self, number: int) -> Path:
        """Where a model's files are."""
        return self.root / str(number)

    def card(self, number: int) -> Mapping[str, Any]:
        """What is known of a model: data, schema, metrics, settings, versions, date."""
        card: Mapping[str, Any] = json.loads((self.folder(number) / CARD_FILE).read_bytes())
        return card

    def add(self, model: str, card: Mapping[str, Any], plots: Mapping[str, bytes] | None = None) -> int:
        """Write a model beside the others, without serving it; -> its number. The card receives the digest.

        `plots`: files to lie beside the card, by name.
        """
        number = max(self.numbers(), default=0) + 1
        data = model.encode("ascii")
        full = {**card, "number": number, "sha256": hashlib.sha256(data).hexdigest()}
        building = self.root / f".tmp-{number}"
        shutil.rmtree(building, ignore_errors=True)  # what a crash left
        building.mkdir(parents=True)
        _write(building / MODEL_FILE, data)
        _write(building / CARD_FILE, json.dumps(full, indent=1, ensure_ascii=False).encode())
        for name, image in (plots or {}).items():
            _write(building / name, image)
        _sync(building)
        building.rename(self.folder(number))
        _sync(self.root)
        return number

    def promote(self, number: int) -> None:
        """Serve this model from now on; it must load."""
        LightGbmRanker.load(self.folder(number))
        _write(self.root / f"{CURRENT}.tmp", f"{number}\n".encode())
        os.replace(self.root / f"{CURRENT}.tmp", self.root / CURRENT)
        _sync(self.root)

    def trial(self) -> Mapping[str, Any] | None:
        """What is on trial: {"name", "how", "model", "share"}; None when nothing is. Raises ModelError."""
        try:
            said = json.loads((self.root / TRIAL).read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise ModelError(f"{self.root.name}/{TRIAL} cannot be read ({error}); end the trial") from error
        if not isinstance(said, dict) or not {"name", "how", "model", "share"} <= said.keys():
            raise ModelError(f"{self.root.name}/{TRIAL} describes no trial; end the trial")
        return said

    def challenger(self, said: Mapping[str, Any]) -> Trial:
        """The trial that `trial` described, with its model, checked. Raises ModelError."""
        rival = LightGbmRanker.load(self.folder(int(said["model"])))
        return Trial(str(said["name"]), said["how"], rival, float(said["share"]))

    def begin(self, number: int, how: str, share: float, at: datetime) -> str:
        """Put a model on trial beside the one that serves, in place of the trial before; -> the trial's name."""
        if how not in HOWS or not 0 < share <= 1:
            raise BadInput(f"a trial is one of {', '.join(HOWS)} with a share in (0, 1], not {how!r} with {share}")
        if number == self.current():
            raise BadInput(f"model {number} serves already; put another on trial")
        LightGbmRanker.load(self.folder(number))
        name = f"{at:%Y%m%dT%H%M%S}-{how}-{number}"
        said = {"name": name, "how": how, "model": number, "share": share}
        _write(self.root / f"{TRIAL}.tmp", json.dumps(said).encode())
        os.replace(self.root / f"{TRIAL}.tmp", self.root / TRIAL)
        _sync(self.root)
        return name

    def end(self) -> None:
        """End the trial; nothing when there is none."""
        (self.root / TRIAL).unlink(missing_ok=True)

    def rollback(self) -> int:
        """Serve the newest usable model older than the current one (of all, when CURRENT is damaged); -> its number."""
        try:
            current = self.current()
        except ModelError:
            current = max(self.numbers(), default=0) + 1
        for number in reversed([n for n in self.numbers() if current is not None and n < current]):
            try:
                self.promote(number)
            except ModelError:
                continue
            return number
        raise ModelError("no older model that can be used is kept; train again")


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

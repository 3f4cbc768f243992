"""Which learnt order serves, and which one is tried? Looked up anew whenever a view is made; a bad one harms nobody."""

import logging
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from engine.errors import ModelError
from engine.ports import Ranker
from engine.trial import Trial
from ranking.registry import Registry

_LOG = logging.getLogger(__name__)
ByHand = TypeVar("ByHand", bound=Ranker | None)


class Orders(Generic[ByHand]):
    """What one registry serves. `by_hand`: in the place of a model, before the first or when it cannot be used."""

    def __init__(self, name: str, registry: Registry, by_hand: ByHand) -> None:
        self._name, self._registry, self._by_hand = name, registry, by_hand
        self._model: tuple[int | None, Ranker | ByHand] = (None, by_hand)
        self._trial: tuple[Mapping[str, Any] | None, Trial | None] = (None, None)

    @property
    def last(self) -> Ranker | ByHand:
        """As it was looked up last."""
        return self._model[1]

    def ranker(self) -> Ranker | ByHand:
        """The promoted model, or what serves in its place."""
        try:
            number = self._registry.current()
            if number != self._model[0]:
                self._model = (number, self._registry.load() or self._by_hand)
        except ModelError as error:
            if self._model[1] is not self._by_hand:
                _LOG.error("the ranking model of %s cannot be used: %s", self._name, error)
                self._model = (None, self._by_hand)
        return self._model[1]

    def rival(self) -> Trial | None:
        """The challenger that is on trial; none when it cannot be used."""
        try:
            said = self._registry.trial()
            if said != self._trial[0]:
                self._trial = (said, None if said is None else self._registry.challenger(said))
        except ModelError as error:
            if self._trial[1] is not None or self._trial[0] is None:
                _LOG.error("the trial of %s cannot run: %s", self._name, error)
            self._trial = ({}, None)
        return self._trial[1]

"""How is a language model asked to refine a parse? Any OpenAI-compatible endpoint; off unless its address is set.

One request, one answer, bounded in time and size. What comes back is judged elsewhere (engine/refine.py); here it need
only be a JSON object.
"""

import http.client
import json
import time
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from api.settings import Settings
from api.traces import onward
from engine import vocabulary
from engine.errors import LifestyleError

#: Bytes of an answer that are read; a parse is a hundredth of it.
LARGEST: Final = 256 * 1024
#: Questions in flight. A slow endpoint holds these threads, which only wait, and never those that search.
_THREADS: Final = 4
_PROMPT: Final = Path(__file__).with_name("refiner.toml")


class RefinerError(LifestyleError):
    """The endpoint gave no answer that can be read; says which way it failed."""


class ChatRefiner:
    """A ports.Refiner over POST {url}/chat/completions."""

    def __init__(self, url: str, model: str, key: str | None, timeout_ms: float) -> None:
        self.timeout_ms = timeout_ms
        self._url, self._model, self._key = urlsplit(url), model, key
        self._threads = ThreadPoolExecutor(_THREADS, "refiner")

    def refine(self, text: str, parse: Mapping[str, Any], timeout_ms: float) -> Any:
        """-> the JSON object that the model wrote. Raises RefinerError, TimeoutError or OSError."""
        seconds = min(timeout_ms, self.timeout_ms) / 1000
        if seconds <= 0:
            raise TimeoutError("no time is left to ask")
        asked = self._threads.submit(self._post, self._request(text, parse), seconds, onward())
        try:
            body = asked.result(seconds)
        except TimeoutError:
            asked.cancel()  # where it still waits for a thread, nobody needs its answer
            raise
        try:
            return json.loads(json.loads(body)["choices"][0]["message"]["content"])
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise RefinerError(f"the endpoint's answer is no parse: {type(error).__name__}") from None

    def _request(self, text: str, parse: Mapping[str, Any]) -> bytes:
        asked = json.dumps({"query": text, "parse": parse}, ensure_ascii=False)
        messages = [{"role": "system", "content": prompt()}, {"role": "user", "content": asked}]
        request = {"model": self._model, "temperature": 0, "response_format": {"type": "json_object"}}
        return json.dumps({**request, "messages": messages}).encode()

    def _post(self, body: bytes, seconds: float, onward: Mapping[str, str]) -> bytes:
        secure = self._url.scheme == "https"
        connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = connect(self._url.hostname or "", self._url.port, timeout=seconds)
        headers = {**onward, "Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        deadline = time.monotonic() + seconds
        try:
            connection.request("POST", self._url.path.rstrip("/") + "/chat/completions", body, headers)
            with connection.getresponse() as response:  # closed too when it is not read to its end
                return _answer(response, deadline)
        except http.client.HTTPException as error:
            raise RefinerError(f"the endpoint speaks no HTTP: {type(error).__name__}") from None
        finally:
            connection.close()


def _answer(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The body, as far as it comes in time."""
    if response.status != http.client.OK:
        raise RefinerError(f"the endpoint answered {response.status}")
    body = b""
    while chunk := response.read1(LARGEST):
        body += chunk
        if len(body) > LARGEST:
            raise RefinerError(f"the endpoint's answer is larger than {LARGEST} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError("the endpoint's answer came too slowly")
    return body


@cache
def prompt() -> str:
    """What the model is told (refiner.toml), with the vocabulary filled in."""
    system: str = tomllib.loads(_PROMPT.read_text("utf-8"))["system"]
    filled = {"{intents}": ", ".join(vocabulary.INTENTS), "{sorts}": ", ".join(vocabulary.SORTS)}
    for place, words in {**filled, "{slots}": vocabulary.__doc__ or ""}.items():
        system = system.replace(place, words)
    return system.strip()


def refiner_of(settings: Settings) -> ChatRefiner | None:
    """The refiner that the settings name; None when they name none."""
    if settings.refiner_url is None:
        return None
    key = settings.refiner_key.get_secret_value() if settings.refiner_key else None
    return ChatRefiner(str(settings.refiner_url), settings.refiner_model, key, settings.refiner_timeout_ms)

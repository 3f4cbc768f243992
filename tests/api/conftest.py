"""What several suites of the API need: a language model's endpoint that answers while a test runs."""

from collections.abc import Iterator
from threading import Thread

import pytest

from tests.api.chat import Endpoint


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    thread = Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.stop.set()
    made.server.shutdown()
    made.server.server_close()
    thread.join()

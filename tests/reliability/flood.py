"""How is a server flooded? Requests come at times of their own, whatever becomes of those before."""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Final

from api.settings import DEMO_KEY

HEADERS: Final = {"Authorization": f"Bearer {DEMO_KEY}", "Content-Type": "application/json"}


@dataclass
class Flood:
    """What came back: (status, milliseconds, Retry-After) of each request."""

    replies: list[tuple[int, float, str | None]] = field(default_factory=list)

    def of(self, status: int) -> list[float]:
        """Milliseconds of the answers with this status."""
        return [spent for got, spent, _ in self.replies if got == status]

    def run(self, port: int, body: Any, rate: float, seconds: float, connections: int) -> None:
        """Send `rate` requests a second over so many connections; a late one is sent at once."""
        due = iter([n / rate for n in range(int(rate * seconds))])
        lock, began, sent = threading.Lock(), time.perf_counter(), json.dumps(body)

        def loop() -> None:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            while True:
                with lock:
                    at = next(due, None)
                if at is None or time.perf_counter() - began > seconds:
                    break
                time.sleep(max(0.0, began + at - time.perf_counter()))
                start = time.perf_counter()
                line.request("POST", "/v1/search", sent, HEADERS)
                reply = line.getresponse()
                reply.read()
                spent = (time.perf_counter() - start) * 1000
                self.replies.append((reply.status, spent, reply.getheader("Retry-After")))
            line.close()

        threads = [threading.Thread(target=loop) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

"""Does a reader ever see a mixture of two versions?"""

import threading

from engine.live import Live


def test_swap_returns_the_old_value() -> None:
    live = Live("one")
    assert live.swap("two") == "one"
    assert live.now() == "two"


def test_readers_see_whole_versions_only() -> None:
    live = Live((0, 0))
    broken: list[tuple[int, int]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            a, b = live.now()
            if a != b:
                broken.append((a, b))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for version in range(2000):
        live.swap((version, version))
    stop.set()
    for reader in readers:
        reader.join()
    assert broken == []

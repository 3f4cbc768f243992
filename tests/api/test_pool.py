"""Does the pool shed what it cannot hold, and cut what hangs?"""

import asyncio
import threading

import faiss
import pytest

from api.pool import Pool
from engine.errors import Overloaded
from indexing.threads import alone


def test_work_beyond_workers_and_queue_is_refused_at_once() -> None:
    pool, gate = Pool(workers=1, queue=1), threading.Event()

    async def scene() -> str:
        busy = [asyncio.create_task(pool.run(gate.wait, 10)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded, match="2 searches"):
            await pool.run(lambda: None, 10)
        gate.set()
        await asyncio.gather(*busy)
        return await pool.run(lambda: "room again", 10)

    assert asyncio.run(scene()) == "room again"
    pool.close()


def test_a_hang_is_cut_and_keeps_its_place_until_it_ends() -> None:
    pool, gate = Pool(workers=1, queue=0), threading.Event()

    async def scene() -> None:
        with pytest.raises(TimeoutError):
            await pool.run(gate.wait, 0.01)
        assert pool.inside == 1
        with pytest.raises(Overloaded):
            await pool.run(lambda: None, 1)

    asyncio.run(scene())
    gate.set()
    pool.close()
    assert pool.inside == 0


def test_native_code_starts_no_threads_of_its_own_on_any_worker() -> None:
    async def both() -> list[int]:
        pool = Pool(2, 0, alone)
        meet = threading.Barrier(2)

        def threads() -> int:
            meet.wait(timeout=10)  # so that each worker answers once
            return int(faiss.omp_get_max_threads())

        try:
            return await asyncio.gather(*(pool.run(threads, timeout_s=10) for _ in range(2)))
        finally:
            pool.close()

    assert asyncio.run(both()) == [1, 1]

"""Does the pool shed what it cannot hold, and cut what hangs?"""

import asyncio
import threading

import pytest

from api.pool import Pool
from engine.errors import Overloaded


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

"""How are bytes damaged? As disks, editors and attackers do it."""

from random import Random


def mutated(data: bytes, rng: Random) -> bytes:
    """Some bytes changed, cut, repeated or overwritten with numbers that are too large."""
    if not data:
        return b"\x00" * rng.randint(1, 64)
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 4, 16))):
        at = rng.randrange(len(out))
        what = rng.randrange(6)
        if what == 0:
            out[at] ^= 1 << rng.randrange(8)
        elif what == 1:
            out[at] = rng.randrange(256)
        elif what == 2:
            out[at : at + 8] = rng.choice((b"\xff" * 8, b"\x00" * 8, b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80"))
        elif what == 3 and len(out) > 8:
            del out[at:]
            out += b"\x00" if not out else b""
        elif what == 4:
            out[at:at] = out[at : at + rng.randint(1, 64)]
        else:
            out[at : at + 4] = rng.randrange(2**32).to_bytes(4, "little")
    return bytes(out)

"""What do 32 rows score by their 4-bit codes? One of FAISS's blocks, read where FAISS keeps it, in machine code.

A query becomes a table of 16 octets for each number of a code (`table`); one instruction looks 32 numbers up (AVX2).
The intrinsics are LLVM code, for what numba cannot say.
"""

from functools import cache
from typing import Any, Final

import llvmlite.binding as llvm
import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from engine.cache import default_cache

setattr(numba.config, "CACHE_DIR", str(default_cache() / "kernels"))  # noqa: B010  declared nowhere

ROWS: Final = 32  # of a block
#: The sums of a code's table entries stay below 16 bits.
MOST: Final = np.float32(65_000)
_OCTET: Final = np.float32(255)
_I8, _I16, _I32, _I64 = (ir.IntType(bits) for bits in (8, 16, 32, 64))
_OCTETS, _SUMS = ir.VectorType(_I8, 32), ir.VectorType(_I16, 16)


@cache
def supported() -> bool:
    """Has this processor the instructions? Asked once: LLVM takes half a millisecond to say."""
    return bool(llvm.get_host_cpu_features().get("avx2"))


@intrinsic  # type: ignore[untyped-decorator]
def pointer(context: Any, address: Any) -> Any:
    """What lies at an address, for numba.carray. Whoever calls holds what lies there."""

    def made(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.inttoptr(given[0], cgutils.voidptr_t)

    return types.voidptr(types.int64), made


@intrinsic  # type: ignore[untyped-decorator]
def lowest(context: Any, bits: Any) -> Any:
    """The place of the lowest bit that is set."""

    def made(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.cttz(given[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.int64), made


@intrinsic  # type: ignore[untyped-decorator]
def block(context: Any, codes: Any, table: Any, pairs: Any, least: Any, out: Any) -> Any:
    """The bits of the rows of one block whose sum is at least `least`; the sums, uint16[32], at the address `out`."""

    def made(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        codes, table, pairs, least, out = given
        entry, loop, done = builder.basic_block, *(builder.append_basic_block(name) for name in ("pairs", "done"))
        builder.branch(loop)
        builder.position_at_end(loop)
        at, sums = builder.phi(_I64), [builder.phi(_SUMS) for _ in range(4)]
        offset = builder.shl(at, ir.Constant(_I64, 5))
        values, code = (_load(builder, builder.add(base, offset)) for base in (table, codes))
        added, after = _looked_up(builder, values, code, sums), builder.add(at, ir.Constant(_I64, 1))
        at.add_incoming(ir.Constant(_I64, 0), entry)
        at.add_incoming(after, loop)
        for phi, total in zip(sums, added, strict=True):
            phi.add_incoming(ir.Constant(_SUMS, None), entry)
            phi.add_incoming(total, loop)
        builder.cbranch(builder.icmp_unsigned("<", after, pairs), loop, done)
        builder.position_at_end(done)
        low, high = _folded(builder, *added[:2]), _folded(builder, *added[2:])
        bits = []
        for half, total in enumerate((low, high)):
            where = builder.inttoptr(builder.add(out, ir.Constant(_I64, ROWS * half)), _SUMS.as_pointer())
            builder.store(total, where, align=1)
            passed = builder.icmp_unsigned(">=", total, _spread(builder, least))
            bits.append(builder.zext(builder.bitcast(passed, _I16), _I64))
        return builder.or_(bits[0], builder.shl(bits[1], ir.Constant(_I64, 16)))

    return types.int64(types.int64, types.int64, types.int64, types.int64, types.int64), made


def _load(builder: Any, address: Any) -> Any:
    return builder.load(builder.inttoptr(address, _OCTETS.as_pointer()), align=1)


def _each(value: int) -> Any:
    return ir.Constant(_SUMS, [value] * 16)


def _spread(builder: Any, number: Any) -> Any:
    """A number in all 16 places."""
    empty = ir.Constant(_SUMS, ir.Undefined)
    first = builder.insert_element(empty, builder.trunc(number, _I16), ir.Constant(_I32, 0))
    return builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(_I32, 16), [0] * 16))


def _looked_up(builder: Any, values: Any, code: Any, sums: Any) -> list[Any]:
    """The sums with two more numbers of each row. An octet of `code` holds those of rows r and r + 16.

    sums: of rows 0..15 (low octets carrying over into high ones; high octets alone), then of rows 16..31.
    """
    kind = ir.FunctionType(_OCTETS, [_OCTETS, _OCTETS])
    lookup = cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.avx2.pshuf.b")
    nibble = ir.Constant(_OCTETS, [15] * 32)
    upper = builder.bitcast(builder.lshr(builder.bitcast(code, _SUMS), _each(4)), _OCTETS)
    added = []
    for which, numbers in ((0, code), (2, upper)):
        found = builder.bitcast(builder.call(lookup, [values, builder.and_(numbers, nibble)]), _SUMS)
        added += [builder.add(sums[which], found), builder.add(sums[which + 1], builder.lshr(found, _each(8)))]
    return added


def _folded(builder: Any, both: Any, odd: Any) -> Any:
    """Of 16 rows in their order: even and odd numbers of the code added, even and odd octets apart."""
    even = builder.sub(both, builder.shl(odd, _each(8)))
    places = [[*range(8), *range(24, 32)], [*range(8, 16), *range(16, 24)]]
    picked = [builder.shuffle_vector(even, odd, ir.Constant(ir.VectorType(_I32, 16), each)) for each in places]
    return builder.add(*picked)


@numba.njit(cache=True, nogil=True, fastmath=True)  # type: ignore[untyped-decorator]
def table(words: Any, vector: Any, out: Any) -> Any:
    """What each value of each number adds, uint8[numbers, 16]; -> octets a unit of score, and the score of all 0."""
    numbers, width, values = words.shape
    exact = np.empty((numbers, values), np.float32)
    base = widest = total = numba.float32(0)
    for m in range(numbers):
        here = exact[m]
        for c in range(values):
            here[c] = words[m, 0, c] * vector[m * width]
        for d in range(1, width):
            for c in range(values):
                here[c] += words[m, d, c] * vector[m * width + d]
        low = high = here[0]
        for c in range(values):
            low, high = min(low, here[c]), max(high, here[c])
        for c in range(values):
            here[c] -= low
        base, total, widest = base + low, total + (high - low), max(widest, high - low)
    scale = min(_OCTET / max(widest, numba.float32(1e-20)), MOST / max(total, numba.float32(1e-20)))
    for m in range(numbers):
        for c in range(values):
            out[m, c] = np.uint8(exact[m, c] * scale + numba.float32(0.5))
    return scale, base

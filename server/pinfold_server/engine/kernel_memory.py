# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="call-arg, unreachable, var-annotated"
"""What numba does not say in Python: arrays at an address, and the upper half of a product."""

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # has no types
from numba import njit, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array

ADDRESS, ROWS = 0, 1
"""Of a table as it is handed over: where it lies in memory, and how many rows it has."""


@intrinsic
def array_at(_context, _address, _length, kind):
    """The array of so many elements of a type that lies at an address. What `numba.carray` gives, which does not
    compile where references are not counted.
    """
    array = types.Array(kind.instance_type, 1, "C")

    def code(context, builder, _signature, arguments):
        made = make_array(array)(context, builder)
        element = context.get_data_type(array.dtype)
        size = context.get_constant(types.intp, context.get_abi_sizeof(element))
        data = builder.inttoptr(arguments[0], element.as_pointer())
        populate_array(made, data=data, shape=[arguments[1]], strides=[size], itemsize=size, meminfo=None)
        return made._getvalue()

    return array(types.int64, types.int64, kind), code


@intrinsic
def _high_product(_context, _one, _other):
    """The upper 64 bits of the product of two uint64: one instruction, where a division takes several times as long."""

    def code(_context, builder, _signature, arguments):
        wide = ir.IntType(128)
        one, other = (builder.zext(argument, wide) for argument in arguments)
        return builder.trunc(builder.lshr(builder.mul(one, other), ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), code


@njit(inline="always")
def key_table(multipliers, slots, keys):
    """Multipliers, slots and keys of a `KeyTable`, unsigned, and what `remainder` needs for the lengths of the first
    two. Arguments: int64 [address, rows].
    """
    full = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
    return (
        array_at(multipliers[ADDRESS], multipliers[ROWS], np.uint64),
        array_at(slots[ADDRESS], slots[ROWS], np.int32),
        array_at(keys[ADDRESS], keys[ROWS], np.uint64),
        full // np.uint64(multipliers[ROWS]),
        full // np.uint64(slots[ROWS]),
    )


@njit(inline="always")
def remainder(value, divisor, ratio):
    """Remainder of uint64 numbers, where ratio is (2**64 - 1) // divisor.

    The quotient by it is the right one or one too small: 2**64 - ratio * divisor <= divisor, so that value * ratio /
    2**64 is less than 1 below value / divisor.
    """
    rest = value - _high_product(value, ratio) * divisor
    return rest - divisor if rest >= divisor else rest

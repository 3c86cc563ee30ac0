# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="call-arg, unreachable, var-annotated"
"""Arrays at an address, which is what compiled code is handed."""

import numpy as np
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


@njit(inline="always")
def key_table(multipliers, slots, keys):
    """Multipliers, slots and keys of a `KeyTable`; remainders of unsigned numbers are cheaper, and no key is negative
    but that of row 0, which no key equals. Arguments: int64 [address, rows].
    """
    return (
        array_at(multipliers[ADDRESS], multipliers[ROWS], np.uint64),
        array_at(slots[ADDRESS], slots[ROWS], np.int32),
        array_at(keys[ADDRESS], keys[ROWS], np.uint64),
    )

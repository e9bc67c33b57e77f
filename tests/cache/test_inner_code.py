"""Inner code: compiled into its callers, which compute what Python computes; by itself it is no machine code."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba.extending import register_jitable

from sim.cache.inner_code import InnerCode, InnerCompiler

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

INNER: dict[str, Any] = {"pipeline_class": InnerCompiler, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


@register_jitable(**INNER)
def _halved(x: int) -> int:
    return x // 2


@numba.njit(**INNER)
def _next_of(x: int) -> int:
    return 3 * x + 1 if x % 2 else _halved(x)


@numba.njit
def _steps_to_one(x: int) -> int:
    steps = 0
    while x != 1:
        x = _next_of(x)
        steps += 1
    return steps


@given(st.integers(1, 10**6))
def test_an_entry_computes_what_python_computes(x: int) -> None:
    at, steps = x, 0
    while at != 1:
        at, steps = (3 * at + 1 if at % 2 else at // 2), steps + 1
    assert _steps_to_one(x) == steps


def test_inner_code_is_for_callers_alone() -> None:
    assert _steps_to_one(27) == 111  # Collatz's best known start
    inner, outer = (next(iter(function.overloads.values())) for function in (_next_of, _steps_to_one))
    assert isinstance(inner.library, InnerCode)
    assert not isinstance(outer.library, InnerCode)
    has_machine_code = outer.library.codegen._engine.is_symbol_defined
    assert has_machine_code(outer.fndesc.llvm_func_name)
    assert not has_machine_code(inner.fndesc.llvm_func_name)


def test_each_type_of_argument_has_its_own() -> None:
    @numba.njit(**INNER)
    def doubled(x: Any) -> Any:
        return x + x

    @numba.njit
    def both(x: int, y: float) -> tuple[int, float]:
        return doubled(x), doubled(y)

    assert both(3, 0.25) == (6, 0.5)
    assert both(np.int64(3), np.float64(0.25)) == (6, 0.5)

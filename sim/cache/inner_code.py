"""Functions that are only compiled into the functions that call them.

numba optimises each function with all that it calls, and makes machine code of it, though nobody calls inner ones from
outside: what lies deep is optimised over and over. Here inner functions stay as they were translated, and the outermost
one optimises all of them at once. It computes the same, and the engine compiles in two thirds of the time. (numba
documents custom compilers as its way to be extended.)
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager
from numba.core.typed_passes import InlineOverloads, NopythonRewrites
from numba.core.untyped_passes import DeadBranchPrune, InlineClosureLikes, WithLifting

NOT_WANTED = (WithLifting, InlineClosureLikes, DeadBranchPrune, InlineOverloads, NopythonRewrites)
"""numba's passes for what inner code does not have: ``with``, nested functions, array expressions, constant branches.
They are a tenth of the compiling."""


class InnerCode(JITCodeLibrary):
    """The LLVM module of one function and of those that it calls, to be linked into its callers."""

    @property
    def codegen(self) -> InnerCode:
        """What numba gives the function's environment to: nothing needs it before there is machine code."""
        return self

    def set_env(self, name: str, environment: Any) -> None:
        """Do nothing: callers link their own."""

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002
        """Return 0: the function cannot be called from outside."""
        self._ensure_finalized()
        return 0

    def _optimize_final_module(self) -> None:
        """Leave it to the outermost function."""

    def _finalize_final_module(self) -> None:
        """End without machine code."""
        self._finalized = True


class InnerCompiler(CompilerBase):
    """numba's compiler, as ``pipeline_class`` of functions that become inner code."""

    def define_pipelines(self) -> list[Any]:
        """The usual passes but for those not wanted, into another library."""
        state = self.state
        if state.library is None:
            state.library = InnerCode(state.targetctx.codegen(), state.func_id.func_qualname)
        steps = PassManager("inner")
        for step, description in DefaultPassBuilder.define_nopython_pipeline(state).passes:
            if step not in NOT_WANTED:
                steps.add_pass(step, description)
        steps.finalize()
        return [steps]


AS_INNER: dict[str, Any] = {
    "pipeline_class": InnerCompiler,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
"""Options of `numba.njit` for inner functions; a division by zero gives what it gives in numpy."""

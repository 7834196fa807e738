"""The kinds of clauses, one file each: what a file in this folder defines, rulebooks may use."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

from cim_core.rules.clause import Clause


@cache
def kinds() -> Mapping[str, type[Clause]]:
    """Every kind by its name in rulebooks: the class that each file of this folder calls `KIND`."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    classes = [importlib.import_module(f"{__name__}.{name}").KIND for name in names]
    return {kind.kind: kind for kind in classes}

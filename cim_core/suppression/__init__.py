"""What others than those who have the files may see: small groups are left out before anything is said.

Nothing is masked at the edge. The data are made public first (`public`), everything is worked out from those,
and of what was left out only the placement that it led to is known (`known`). So nothing that is shown can
depend on a hidden count, whatever page, file or sentence shows it. Which counts are hidden by themselves:
`cim_core.data.small_groups`; where a total or a neighbor would give one back, more is hidden, until `WIDTH`
values are possible at least.
"""

from __future__ import annotations

from cim_core.suppression.code_names import code_names, with_code_names
from cim_core.suppression.known import as_known, changed
from cim_core.suppression.public import public

__all__ = ["as_known", "changed", "code_names", "public", "with_code_names"]

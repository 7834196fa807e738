"""Write the arrays of the shipped statewide file anew, beside it: `python -m sample_data.pack`."""

from __future__ import annotations

from cim_core.data import packed, shipped, writing
from cim_core.placing import checked_files

if __name__ == "__main__":
    source = shipped.STATEWIDE.read_bytes()
    read = checked_files.take(source, shipped.STATEWIDE.name)
    writing.write(packed.path_of(shipped.STATEWIDE), packed.dumps(read.dataset, source))

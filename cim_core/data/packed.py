"""A dataset as one file of arrays, which opens in a fraction of the time that reading its CSV takes.

The shipped statewide data are read at every start. Their arrays stand beside the CSV, made by
`python -m cim_core.data.packed`; a test compares them with what reading the CSV gives.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import fields
from pathlib import Path

import numpy as np

from cim_core.data.dataset import Dataset
from cim_core.data.facts import Origin

_ABOUT = "about"
_DATE = (2026, 1, 1, 0, 0, 0)
"""In the archive instead of the time, so that equal data are equal bytes."""


def path_of(source: Path) -> Path:
    """Where the arrays of a file stand."""
    return source.with_suffix(".npz")


def dumps(dataset: Dataset, source: bytes) -> bytes:
    """The dataset that was read from `source`. Raises ValueError for one with counts by race."""
    if dataset.counts is not None or dataset.worked_out is not None or dataset.assumed_none:
        raise ValueError("only indicators and facts can be packed")
    arrays = {name: np.asarray(getattr(dataset, name)) for name in sorted(_names_of_arrays())}
    about = {
        "source": hashlib.sha256(source).hexdigest(),
        "name": dataset.name,
        "digest": dataset.digest,
        "columns": sorted(dataset.columns),
        "origins": [[one.file, one.collection] for one in dataset.origins],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{_ABOUT}.json", _DATE), json.dumps(about))
        for name, array in arrays.items():
            content = io.BytesIO()
            np.save(content, array, allow_pickle=False)
            member = zipfile.ZipInfo(f"{name}.npy", _DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content.getvalue())
    return out.getvalue()


def loads(content: bytes, source: bytes) -> Dataset | None:
    """The dataset; None where it was made of another source or by another version, or is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            about = json.loads(archive.read(f"{_ABOUT}.json"))
            arrays = {
                name.removesuffix(".npy"): np.load(io.BytesIO(archive.read(name)), allow_pickle=False)
                for name in archive.namelist()
                if name.endswith(".npy")
            }
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError):
        return None
    if about["source"] != hashlib.sha256(source).hexdigest() or set(arrays) != _names_of_arrays():
        return None
    return Dataset(
        name=about["name"],
        digest=about["digest"],
        columns=frozenset(about["columns"]),
        origins=tuple(Origin(*one) for one in about["origins"]),
        **arrays,
    )


def _names_of_arrays() -> set[str]:
    apart = {
        "name",
        "digest",
        "columns",
        "assumed_none",
        "altered",
        "counts",
        "worked_out",
        "origins",
        "mine",
        "audience",
    }
    return {one.name for one in fields(Dataset)} - apart

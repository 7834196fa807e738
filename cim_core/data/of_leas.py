"""A dataset of some LEAs alone: nothing of the others is in it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import fields, replace
from typing import Any

import numpy as np

from cim_core.data.dataset import Dataset
from cim_core.data.race_counts import STATE, Counts


def only(dataset: Dataset, keys: Collection[str]) -> Dataset:
    """The rows of some LEAs (by key), their counts by race, and those of the whole state."""
    mine = np.isin(dataset.lea_key, sorted(keys))
    arrays: dict[str, Any] = {
        each.name: value[mine]
        for each in fields(dataset)
        if isinstance(value := getattr(dataset, each.name), np.ndarray) and len(value) == len(dataset)
    }
    told = f"{dataset.digest} {sorted(keys)}".encode()
    worked_out = None if dataset.worked_out is None else dataset.worked_out.at(np.flatnonzero(mine))
    counts = None if dataset.counts is None else _counts(dataset.counts, keys)
    return replace(
        dataset, counts=counts, worked_out=worked_out, digest=hashlib.sha256(told).hexdigest(), **arrays
    )


def _counts(counts: Counts, keys: Collection[str]) -> Counts:
    mine = np.isin(counts.lea_key, sorted({*keys, STATE}))
    return Counts(*(getattr(counts, each.name)[mine] for each in fields(counts)))

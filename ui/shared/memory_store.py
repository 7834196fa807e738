"""What this process keeps in memory: uploads by the hash of their bytes, and small texts beside them."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

import streamlit as st

OWN, LARGE, SET, LIST = "own-", "file-", "set-", "list-"
"""Kinds of small texts: own rulebooks, scenarios too large for an address, bundles of files, lists of
LEAs."""

_MOST_BYTES = 300 * 2**20
_MOST_FILES = 200
_MOST_TEXTS = 4_000

_Kept = OrderedDict[str, tuple[str, bytes]]


class Shelf:
    """Uploads and small texts; what was used longest ago leaves first. Small texts never push out uploads."""

    def __init__(self) -> None:
        self._files: _Kept = OrderedDict()
        self._texts: _Kept = OrderedDict()
        self._lock = Lock()

    def put(self, name: str, content: bytes, kind: str = "") -> str:
        """Keep an upload (no kind) or a small text; returns its kind and the hash of its bytes."""
        digest = kind + hashlib.sha256(content).hexdigest()
        self._keep(digest, name, content, self._texts if kind else self._files)
        return digest

    def get(self, key: str) -> tuple[str, bytes] | None:
        """Name and bytes; None when it is not (or no longer) here."""
        with self._lock:
            kept = self._texts if key in self._texts else self._files
            if key not in kept:
                return None
            kept.move_to_end(key)
            return kept[key]

    def find(self, start: str) -> str | None:
        """The hash of an upload that begins like this; None when there is none, or more than one."""
        with self._lock:
            found = [digest for digest in self._files if digest.startswith(start)]
        return found[0] if len(found) == 1 else None

    def _keep(self, key: str, name: str, content: bytes, kept: _Kept) -> None:
        with self._lock:
            kept[key] = (name, content)
            kept.move_to_end(key)
            while len(self._texts) > _MOST_TEXTS:
                self._texts.popitem(last=False)
            size = sum(len(content) for _, content in self._files.values())
            while len(self._files) > 1 and (size > _MOST_BYTES or len(self._files) > _MOST_FILES):
                _, (_, oldest) = self._files.popitem(last=False)
                size -= len(oldest)


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """The one shelf of this process."""
    return Shelf()

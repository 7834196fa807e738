"""The store with 1,000 datasets and 100,000 lines of the log: open, save, list, and the size on the disk.

`python -m benchmarks.store`: wall time, the median of several rounds, all in one run. Opening a version whose
file is on the disk alone stands beside opening one whose file is in memory.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, insert

from cim_core.data import shipped
from cim_core.intake.bundle import Bundle, loads
from cim_core.store import ids
from cim_core.store.database import FILE, Database
from cim_core.store.logbook import Deed, Thing
from cim_core.store.schema import log
from cim_core.store.store import Store
from cim_core.words.sizes import size_said
from ui.shared.shelf import SET, NewVersion, Shelf

DATASETS, LINES, ROUNDS = 1_000, 100_000, 15
LARGE = 10 * 2**20
FILE_SIZE = 20_000


def filled(store: Store) -> None:
    """1,000 datasets with a file each, and a log of 100,000 lines."""
    for number in range(DATASETS):
        content = f"{number}\n".encode() * (FILE_SIZE // 5)
        digest = ids.digest(content)
        bundle = Bundle().with_file(f"{number}.csv", digest).dumps()
        store.keep_version(f"Region {number}", bundle, {digest: (f"{number}.csv", content)})
    with store.database.writing() as connection:
        line = {
            "workspace": store.workspace, "at": ids.now(), "who": store.who, "what": Deed.SAVED.value,
            "kind": Thing.DATASET.value, "object": "x" * 16, "said": "Region 7 (3)",
        }  # fmt: skip
        connection.execute(insert(log), [line] * (LINES - len(store.log())))


def opened(shelf: Shelf, key: str) -> int:
    """What opening a version asks of the store: its bundle, and the bytes of its files."""
    held = shelf.get(key)
    assert held is not None
    found = [shelf.get(part.digest) for part in loads(held[1].decode()).parts]
    return sum(len(each[1]) for each in found if each is not None)


def median(work: Callable[[int], object]) -> float:
    """Milliseconds of one round; it is told its number."""
    took = []
    for number in range(ROUNDS):
        begun = time.perf_counter()
        work(number)
        took.append((time.perf_counter() - begun) * 1_000)
    return statistics.median(took)


def main() -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        store = Store(Database(URL.create("sqlite", database=str(path))))
        filled(store)
        keys = [SET + of.newest for of in store.datasets()]
        large = [shipped.STATEWIDE.read_bytes() + b" " * LARGE + str(n).encode() for n in range(ROUNDS + 1)]

        def new(number: int) -> NewVersion:
            digest = ids.digest(large[number])
            files = {digest: ("state.csv", large[number])}
            return NewVersion("state", Bundle().with_file("state.csv", digest).dumps(), files)

        saving = Shelf(lambda: store)
        lines = {
            "start: database opened": median(lambda _: Store(Database(store.database.url)).database.close()),
            "list of datasets": median(lambda _: store.datasets()),
            "newest 100 lines of the log": median(lambda _: store.log(most=100)),
            "100 of the lines with a word": median(lambda _: store.log(searched="region 7", most=100)),
            "all lines of the log": median(lambda _: store.log()),
            "save: an answer": median(lambda n: store.keep_version("Region", answered(store, keys[n]))),
            "save: a file of 10 MB": median(lambda number: saving.put_version(new(number))),
            "open: file of 10 MB on the disk": 0.0,
            "open: file of 10 MB in memory": 0.0,
        }
        key = saving.put_version(new(ROUNDS))
        lines["open: file of 10 MB on the disk"] = median(lambda _: opened(Shelf(lambda: store), key))
        lines["open: file of 10 MB in memory"] = median(lambda _: opened(saving, key))
        for name, took in lines.items():
            print(f"{name:36} {took:9.1f} ms")
        more = lines["open: file of 10 MB on the disk"] - lines["open: file of 10 MB in memory"]
        print(f"{'more than from memory':36} {more:9.1f} ms (at most 200)")
        store.database.close()
        print(f"size on the disk: {size_said(path.stat().st_size)}, of which files {size_said(store.size())}")
        print("load of the machine:", " ".join(f"{one:.1f}" for one in os.getloadavg()))


def answered(store: Store, key: str) -> str:
    """The bundle of a version with one more answer."""
    version = store.version(key.removeprefix(SET))
    assert version is not None
    bundle = loads(version.bundle)
    return bundle.answered(bundle.parts[0].digest, "rates", ids.fresh()).dumps()


if __name__ == "__main__":
    main()

"""Who is like an LEA, and what their rates are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from cim_core.data.dataset import Dataset, Floats, Ints, lea_key
from cim_core.data.indicators import INDICATORS, POSITION, Indicator, Unit
from cim_core.placing.placement import Placements, place
from cim_core.placing.ranking import WITHIN, Reference, ReferenceKind
from cim_core.rules.tiers import NOT_PLACED, Placement
from cim_core.why.clauses import rate, students
from cim_core.why.region import RELIABLE
from cim_core.words.messages import Kind, Message, Quantity, message
from cim_core.words.numbers import together
from cim_core.words.rounding import half_away

COUNT = 10
"""How many peers are looked for unless another number is asked."""
LEAST_TO_STAND_OUT = 3
"""With fewer peers that have data, a difference from their median is no finding."""
_LIKE = Fraction(2)
_COUNTY_OFFICE = re.compile(
    r"\bcoe\b|\bcounty (?:office|department) of ed|\bcounty superintendent\b|\bcounty offices?$"
)


class PeerSource(StrEnum):
    """Where peers come from: the statewide reference, or the file itself, which is not the state."""

    STATEWIDE = "statewide"
    FILE = "file"


class Lacking(StrEnum):
    """Why no peers can be found."""

    SWD_UNKNOWN = "swd_unknown"
    NO_STUDENTS = "no_students"
    NO_YEAR = "no_year"
    NOBODY = "nobody"


_STANDING = {
    ("label", True): "peers.standing.label",
    ("label", False): "peers.standing.label_unsure",
    ("ranking", True): "peers.standing.ranking",
    ("ranking", False): "peers.standing.ranking_unsure",
    ("too_little", True): "peers.standing.too_little",
    ("too_little", False): "peers.standing.too_little",
}
"""By what a peer's placement rests on (`Peer.standing`), and whether it is settled."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer and why it is one. `row` is its position in the pool's dataset.

    `ratio` is its number of students with disabilities ÷ this LEA's; `like_size` says that it lies between
    half and twice; `same_type` is None where either type is not known. `counted` elements of `elements` have
    data; `by_ranking`: a clause about a percentile decides. `added`: a person put it on the list.
    """

    row: int
    lea_code: str
    lea_name: str
    swd: Quantity | None
    ratio: Quantity | None
    like_size: bool | None
    lea_type: str
    same_type: bool | None
    enrollment: Quantity | None
    placement: Placement
    firm: bool
    counted: int
    elements: int
    by_ranking: bool
    added: bool

    @property
    def standing(self) -> str:
        """`label`, or, where no element has data, `ranking` (placed by that alone) or `too_little`."""
        if self.counted == 0 and self.placement == NOT_PLACED:
            return "too_little"
        return "ranking" if self.counted == 0 and self.by_ranking else "label"

    @property
    def placed(self) -> Message:
        """Where it is placed, and whether that says anything; “?” where it could still be another."""
        return message(_STANDING[self.standing, self.firm], placement=self.placement.label)


@dataclass(frozen=True, slots=True)
class Compared:
    """One indicator: this LEA, the peers that have data (`each`, by place in the list), and their median.

    All values are rounded at the rulebook's precision before the median is taken, so that it can be redone
    from what is printed. `gap` is here − median in points, `better` whether that is good (None: the same);
    `spread` is the median of the peers' distances from their median.
    """

    indicator: Indicator
    here: Quantity | None
    each: tuple[tuple[int, Quantity], ...]
    median: Quantity
    gap: Quantity | None
    better: bool | None
    spread: Quantity

    @property
    def reliable(self) -> bool:
        """Whether this LEA's value rests on enough students, as far as that is known."""
        return self.here is not None and (self.here.group is None or self.here.group >= RELIABLE)

    @property
    def apart(self) -> Fraction | None:
        """The size of the gap in spreads; None without a gap or where the peers do not differ."""
        return abs(self.gap.value) / self.spread.value if self.gap and self.spread.value else None


@dataclass(frozen=True, slots=True, eq=False)
class Peers:
    """LEAs like one row of `placements`, in order of likeness.

    `pool` holds everybody they were chosen from, placed by the same rulebook: the reference ranked within
    itself, which is among all LEAs of the state, or the file. `year` is the pool's year, None where it has
    none; `found` are the codes before anybody changed the list; `lacking` says why nobody could be found.
    """

    placements: Placements
    row: int
    reference: Reference
    source: PeerSource
    year: str | None
    pool: Placements
    count: int
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    found: tuple[str, ...]
    each: tuple[Peer, ...]
    compared: tuple[Compared, ...]
    lacking: Lacking | None

    @property
    def edited(self) -> bool:
        """Whether a person has changed the list."""
        return {one.lea_code for one in self.each} != set(self.found)

    @property
    def older(self) -> bool:
        """Whether the peers' data are of another year than this LEA's."""
        return self.year is not None and self.year != str(self.placements.dataset.year[self.row])

    @property
    def standing_out(self) -> Compared | None:
        """The indicator with the largest gap to the median relative to the peers' spread, if there is one.

        Only where `LEAST_TO_STAND_OUT` peers, and half of them, have data that differ, and this LEA's rate
        does not rest on fewer than `RELIABLE` students.
        """
        least = max(LEAST_TO_STAND_OUT, (len(self.each) + 1) // 2)
        fit = [one for one in self.compared if one.apart and one.reliable and len(one.each) >= least]
        return max(fit, key=lambda one: one.apart or 0, default=None)


def statewide(reference: Reference) -> Dataset | None:
    """The reference's dataset where it stands for the state; None where the file itself must do."""
    return reference.dataset if reference.kind is ReferenceKind.STATEWIDE else None


def place_pool(placements: Placements, reference: Reference) -> Placements:
    """Everybody peers may come from, placed by the same rulebook.

    A statewide reference is ranked among all its own LEAs; without one the file's own placements stand.
    """
    state = statewide(reference)
    return placements if state is None else place(state, placements.rulebook, WITHIN)


def peers(
    placements: Placements,
    row: int,
    reference: Reference,
    count: int = COUNT,
    added: Iterable[str] = (),
    dropped: Iterable[str] = (),
    pool: Placements | None = None,
) -> Peers:
    """The `count` LEAs most like a row, without those `dropped` and with those `added` (codes, any spelling).

    Nobody moves up for one that was dropped; an LEA both dropped and added is there.
    `pool` may be handed in where `place_pool` has already made it. Raises ValueError for an added LEA that
    is not among the candidates (see `candidates`); the LEA itself never is.
    """
    pool = place_pool(placements, reference) if pool is None else pool
    source = PeerSource.FILE if statewide(reference) is None else PeerSource.STATEWIDE
    year, rows = _candidates(placements, row, pool)
    key = pool.dataset.lea_key
    put, out = tuple(dict.fromkeys(map(lea_key, added))), tuple(dict.fromkeys(map(lea_key, dropped)))
    unknown = set(put) - set(key[rows].tolist())
    if unknown:
        raise ValueError(f"not among the LEAs to choose from: {', '.join(sorted(unknown))}")
    order, known = _order(placements, row, pool.dataset, rows)
    nearest = order[: min(count, known)].tolist()
    wanted = ({key[one] for one in nearest} - set(out)) | set(put)
    chosen = [one for one in order.tolist() if key[one] in wanted]
    each = tuple(_peer(placements, row, pool, one, str(key[one]) in put) for one in chosen)
    compared = _compared(placements, row, pool.dataset, chosen)
    lacking = _lacking(int(placements.dataset.swd[row]), year, known)
    found = tuple(pool.dataset.lea_code[nearest].tolist())
    return Peers(
        placements, row, reference, source, year, pool, count, put, out, found, each, compared, lacking
    )


def add(one: Peers, lea_code: str) -> Peers:
    """The list with one more LEA. Raises ValueError when it is not among the candidates."""
    key = lea_key(lea_code)
    return _again(one, (*one.added, key), [code for code in one.dropped if code != key])


def drop(one: Peers, lea_code: str) -> Peers:
    """The list without an LEA; nobody takes its place."""
    key = lea_key(lea_code)
    return _again(one, [code for code in one.added if code != key], (*one.dropped, key))


def changed_to(one: Peers, lea_codes: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What to add to and drop from the list as it was found, so that exactly these LEAs are on it."""
    wanted, found = {lea_key(code) for code in lea_codes}, {lea_key(code) for code in one.found}
    return tuple(sorted(wanted - found)), tuple(sorted(found - wanted))


def candidates(one: Peers) -> tuple[int, ...]:
    """Rows of the pool's dataset that may be put on the list, by name, then code."""
    data = one.pool.dataset
    rows = _candidates(one.placements, one.row, one.pool)[1]
    order = np.lexsort((data.lea_code[rows], data.lea_name[rows]))
    return tuple(rows[order].tolist())


def _again(one: Peers, added: Iterable[str], dropped: Iterable[str]) -> Peers:
    return peers(one.placements, one.row, one.reference, one.count, added, dropped, one.pool)


def _candidates(placements: Placements, row: int, pool: Placements) -> tuple[str | None, Ints]:
    """The year of the pool at or before the row's that is over, and its rows without the LEA itself."""
    data = pool.dataset
    own = str(placements.dataset.year[row])
    over = np.flatnonzero(~data.in_progress & (data.year <= own))
    if not len(over):
        return None, np.empty(0, np.int64)
    year = max(set(data.year[over].tolist()))
    rows = over[data.year[over] == year]
    return year, rows[data.lea_key[rows] != placements.dataset.lea_key[row]]


def _order(placements: Placements, row: int, data: Dataset, rows: Ints) -> tuple[Ints, int]:
    """All candidates from the most to the least alike, and how many of them can be compared in size.

    Those who cannot stand last: they are never found, only added.
    """
    here = placements.dataset
    factor = _factor(data.swd[rows], int(here.swd[row]))
    known = np.isfinite(factor)
    enrolled = _factor(data.enrollment[rows], int(here.enrollment[row]))
    factor = np.where(known & np.isfinite(enrolled), np.maximum(factor, enrolled), factor)
    kind = _folded(here.lea_type[row])
    another = [bool(kind) and _folded(one) != kind for one in data.lea_type[rows].tolist()]
    county = county_office(here, row)
    differ = [county_office(data, one) is not county for one in rows.tolist()]
    keys = (
        data.lea_key[rows], data.lea_name[rows], factor,
        np.array(differ, np.bool_), np.array(another, np.bool_), ~known,
    )  # fmt: skip
    return rows[np.lexsort(keys)], int(known.sum())


def _factor(counts: Ints, own: int) -> Floats:
    """Larger ÷ smaller of each count and one's own; infinite where either is unknown or nobody."""
    out = np.full(len(counts), np.inf)
    fit = counts > 0
    if own > 0:
        out[fit] = np.maximum(counts[fit], own) / np.minimum(counts[fit], own)
    return out


def _lacking(swd: int, year: str | None, known: int) -> Lacking | None:
    if swd <= 0:
        return Lacking.SWD_UNKNOWN if swd < 0 else Lacking.NO_STUDENTS
    if known:
        return None
    return Lacking.NO_YEAR if year is None else Lacking.NOBODY


def _peer(placements: Placements, row: int, pool: Placements, at: int, added: bool) -> Peer:
    data, here = pool.dataset, placements.dataset
    swd, own = int(data.swd[at]), int(here.swd[row])
    ratio = Fraction(swd, own) if swd > 0 and own > 0 else None
    kinds = _folded(data.lea_type[at]), _folded(here.lea_type[row])
    enrollment, decided = int(data.enrollment[at]), pool.clause(at)
    return Peer(
        row=at,
        lea_code=str(data.lea_code[at]),
        lea_name=str(data.lea_name[at]),
        swd=students(swd) if swd >= 0 else None,
        ratio=None if ratio is None else Quantity(ratio, Kind.COUNT, 2, min(swd, own)),
        like_size=None if ratio is None else 1 / _LIKE <= ratio <= _LIKE,
        lea_type=str(data.lea_type[at]),
        same_type=kinds[0] == kinds[1] if all(kinds) else None,
        enrollment=students(enrollment) if enrollment >= 0 else None,
        placement=pool.placement(at),
        firm=bool(pool.firm[at]),
        counted=int(pool.counted[at]),
        elements=len(pool.rulebook.elements.indicators),
        by_ranking=decided is not None and bool(decided.evaluation),
        added=added,
    )


def _compared(placements: Placements, row: int, data: Dataset, chosen: Sequence[int]) -> tuple[Compared, ...]:
    """Every indicator that a peer has data for, in catalogue order."""
    decimals = placements.rulebook.precision
    found = []
    for indicator in INDICATORS:
        all_of_them = [printed(data, at, indicator, decimals) for at in chosen]
        each = tuple((at, one) for at, one in enumerate(all_of_them) if one is not None)
        if each:
            here = printed(placements.dataset, row, indicator, decimals)
            found.append(_one(indicator, here, each, decimals))
    return tuple(found)


def _one(
    indicator: Indicator, here: Quantity | None, each: tuple[tuple[int, Quantity], ...], decimals: int
) -> Compared:
    decimals = 1 if indicator.unit is Unit.COUNT else decimals  # half an area lies between two counts
    middle = half_away(_median([one.value for _, one in each]), decimals)
    off = _median([abs(one.value - middle) for _, one in each])
    kind = each[0][1].kind
    points = Kind.COUNT if kind is Kind.COUNT else Kind.POINTS
    gap = None if here is None else here.value - middle
    median = Quantity(middle, kind, decimals, _least_group(one for _, one in each))
    if here is not None:
        here, median = together(here, median)
    return Compared(
        indicator=indicator,
        here=here,
        each=each,
        median=median,
        gap=None if gap is None or here is None else Quantity(gap, points, decimals, here.group),
        better=None if not gap else (gap > 0) is indicator.higher_is_better,
        spread=Quantity(off, points, decimals),
    )


def printed(data: Dataset, row: int, indicator: Indicator, decimals: int) -> Quantity | None:
    """A value as it is printed; None where it is missing."""
    value = data.exact(row, indicator.code)
    if value is None:
        return None
    students_behind = int(data.denominator[row, POSITION[indicator.code]])
    one = rate(value, indicator, decimals, students_behind if students_behind >= 0 else None)
    return Quantity(half_away(one.value, one.decimals), one.kind, one.decimals, one.group)


def _median(values: Sequence[Fraction]) -> Fraction:
    """The middle of the values in order; of an even number the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _least_group(each: Iterable[Quantity]) -> int | None:
    """The fewest students behind any of the values; None where one does not say."""
    groups = [one.group for one in each]
    return min((group for group in groups if group is not None), default=None) if None not in groups else None


def county_office(data: Dataset, row: int) -> bool:
    """Whether an LEA is a county office: by its type, or by its name where no type is given."""
    return bool(_COUNTY_OFFICE.search(_folded(data.lea_type[row]) or _folded(data.lea_name[row])))


def _folded(kind: str) -> str:
    return " ".join(str(kind).casefold().split())

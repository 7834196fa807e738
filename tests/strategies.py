"""Random LEA-years with missing values, ties and edges."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from cim_core.data.dataset import Cell, Facts, LeaYear, Missing
from cim_core.data.indicators import CODES, Unit, get
from cim_core.rules import rulebook_file
from cim_core.rules.evaluations import Evaluation, RankAmong
from cim_core.rules.rulebook import Elements, Rulebook

YEARS = ("2022-23", "2023-24")
REASONS = [one for one in Missing if one is not Missing.PRESENT]
EDGES = {"1": "90", "5a": "53.2", "5b": "20.6", "5c": "4", "11": "100", "8": "94", "ela_dfs": "0"}
FEW = ("1", "5a", "5b", "5c", "11", "8", "ela_dfs", "math_dfs", "susp", "chronic", "7A1", "6b", "9", "3d_ela")


@st.composite
def cells(draw: st.DrawFn, code: str) -> Cell:
    kind = draw(st.sampled_from(["missing", "counts", "rate", "edge", "both"]))
    indicator = get(code)
    if kind == "missing":
        return Cell(missing=draw(st.sampled_from(REASONS)))
    denominator = draw(st.sampled_from([0, 1, 10, 11, 29, 30, 31, 100, 1000, 446]))
    if indicator.unit is Unit.COUNT:
        return Cell(rate=Decimal(draw(st.integers(0, 2))))
    if indicator.unit is Unit.POINTS:
        rate = draw(st.decimals(-150, 50, places=draw(st.integers(0, 3)), allow_nan=False))
        return Cell(rate=rate, denominator=draw(st.sampled_from([None, denominator])))
    if kind in ("counts", "both"):
        numerator = draw(st.integers(0, denominator))
        rate = draw(st.sampled_from([None, Decimal("12.5")])) if kind == "both" else None
        return Cell(rate=rate, numerator=numerator, denominator=denominator)
    edge = Decimal(EDGES.get(code, "50"))
    steps = draw(st.sampled_from(["-1", "-0.01", "-0.005", "-0.0051", "0", "0.005", "0.0049", "0.01", "1"]))
    if kind == "edge":
        return Cell(rate=min(Decimal(100), max(Decimal(0), edge + Decimal(steps))))
    rate = draw(st.decimals(0, 100, places=draw(st.integers(0, 4)), allow_nan=False))
    return Cell(rate=rate, denominator=draw(st.sampled_from([None, denominator])))


facts = st.builds(
    Facts,
    swd=st.sampled_from([None, 0, 99, 100, 101, 250]),
    disproportionate_years=st.sampled_from([None, 0, 1, 2, 3]),
    newly_disproportionate=st.sampled_from([None, True, False]),
    sig_dis=st.sampled_from([None, True, False]),
    cceis=st.sampled_from([None, None, True, False]),
    minor_findings=st.sampled_from([None, 0, 1, 4]),
    percentile=st.sampled_from(
        [None, None, None, *map(Decimal, ("0", "4", "8", "10", "10.01", "20", "20.1"))]
    ),
    preschool_percentile=st.sampled_from([None, None, Decimal("10"), Decimal("15"), Decimal("20.5")]),
    lea_type=st.sampled_from(["", "", "high", "elementary", "unified"]),
)


@st.composite
def lea_years(
    draw: st.DrawFn, most: int = 8, prefix: str = "99", codes: tuple[str, ...] = FEW
) -> list[LeaYear]:
    rows = []
    for at in range(draw(st.integers(1, most))):
        for year in draw(st.sampled_from([YEARS[:1], YEARS[1:], YEARS])):
            held = draw(st.sets(st.sampled_from(codes), max_size=len(codes)))
            filled = {code: draw(cells(code)) for code in sorted(held, key=CODES.index)}
            code = f"{prefix}{at:05d}0000000"
            rows.append(LeaYear(code, year, f"LEA {at}", "S", draw(facts), filled))
    return rows


@st.composite
def elements_of(draw: st.DrawFn, rulebook: Rulebook) -> Elements:
    """The elements of a rulebook, some of them perhaps counted as findings when they are missed."""
    late = draw(st.sampled_from([(), ("11",), ("11", "12", "13")]))
    one = rulebook.elements
    kept = tuple(code for code in one.indicators if code not in late)
    nc_is_met = draw(st.sampled_from([(), ("5a", "8")]))
    return replace(one, indicators=kept, as_findings=late, nc_is_met=nc_is_met)


@st.composite
def rulebooks(draw: st.DrawFn) -> Rulebook:
    """A shipped rulebook with some of its numbers changed, small enough for small references."""
    rulebook = rulebook_file.load(draw(st.sampled_from(rulebook_file.available())))

    def change(one: Evaluation) -> Evaluation:
        return replace(
            one,
            min_reference_values=draw(st.sampled_from([1, 3, 100])),
            min_denominator=draw(st.sampled_from([0, 30])),
            min_domains=draw(st.sampled_from([1, 2])),
            rank_among=draw(st.sampled_from([RankAmong.ALL, RankAmong.ALL, RankAmong.TYPE])),
        )

    return replace(
        rulebook,
        targets=tuple(
            replace(one, named=draw(st.sampled_from(["leavers", "leavers", "cohort"])))
            if one.indicator in ("1", "2")
            else one
            for one in rulebook.targets
        ),
        precision=draw(st.sampled_from([0, 1, 2, 2])),
        min_elements=draw(st.sampled_from([1, 1, 3])),
        minimum_n=draw(st.sampled_from([0, 0, 11])),
        evaluations=tuple(change(one) for one in rulebook.evaluations),
        elements=draw(elements_of(rulebook)),
    )

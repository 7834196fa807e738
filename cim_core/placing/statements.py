"""Statements about disproportionality that exclude one another: reported, and asked where a person can say.

A yes to "significant" beside years or a "newly" that exclude it has three readings: the LEA is still in the
plan (CCEIS) that an earlier year led to, it is significant this year and the other column is wrong, or the
yes is wrong. Until one of them is chosen nothing that rests on these facts is settled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum

import numpy as np

from cim_core.data.dataset import NONE, Bools, Dataset, Ints, Missing
from cim_core.data.indicators import POSITION, get
from cim_core.intake.assembly.gathering import GatheredRows, Groups
from cim_core.intake.problems import Problem, Severity, Values
from cim_core.intake.questions import Answers, Ask, Question
from cim_core.placing import contradictions
from cim_core.placing.contradictions import AREAS, Contradiction
from cim_core.placing.from_counts import filled
from cim_core.rules import rulebook_file
from cim_core.rules.outcome import FLAG_NAMED
from cim_core.words.messages import HowMany, Message, message


class SigDisReading(StrEnum):
    """How a contradicted "significantly disproportionate: yes" may be meant."""

    IN_PLAN = "in_plan"
    THIS_YEAR = "this_year"
    WRONG = "wrong"


_MOST_NAMED = 9
_OPTIONS = tuple(one.value for one in SigDisReading)


def answered(
    dataset: Dataset, groups: Groups, answers: Mapping[str, Answers]
) -> tuple[Dataset, dict[str, list[Question]]]:
    """The dataset with contradictions settled as a person said, and the questions, by file.

    `answers` are those of each file. One answer (`sig_dis`) holds for all LEAs of a file; where several are
    asked about, `sig_dis:CODE YEAR` is for one of them and wins.
    """
    rows = np.flatnonzero(contradictions.found(dataset)[Contradiction.SIG_DIS]).tolist()
    by_file: dict[str, list[int]] = {}
    for row in rows:
        by_file.setdefault(_place(dataset, groups, row, "sig_dis")[0], []).append(row)
    questions: dict[str, list[Question]] = {}
    chosen: dict[int, str] = {}
    for file, of_file in by_file.items():
        given = answers.get(file, {})
        for row in of_file:
            own = f"{Ask.SIG_DIS.value}:{_who(dataset, row)}"
            said = [given.get(name, "") for name in (own, Ask.SIG_DIS.value)]
            chosen[row] = next((one for one in said if one in _OPTIONS), "")
        asked = [_question(dataset, of_file, given)]
        if len(of_file) > 1:
            waiting = not all(chosen[row] for row in of_file)
            asked = [replace(asked[0], needed=waiting)]
            asked += [_question(dataset, [row], given, alone=True) for row in of_file]
        questions[file] = asked
    return _settled(dataset, chosen), questions


def _question(dataset: Dataset, rows: list[int], given: Answers, alone: bool = False) -> Question:
    about = _who(dataset, rows[0]) if alone else ""
    answer = given.get(f"{Ask.SIG_DIS.value}:{about}" if alone else Ask.SIG_DIS.value, "")
    shown, more = rows[:_MOST_NAMED], len(rows) - _MOST_NAMED
    named = [
        message(
            "question.sig_dis.lea",
            lea=str(dataset.lea_name[row]),
            year=str(dataset.year[row]),
            written=_written(dataset, row),
        )
        for row in shown
    ]
    others = [message("question.sig_dis.more", n=HowMany(more))] if more > 0 else []
    values = {"leas": (*named, *others)}
    taken = answer if answer in _OPTIONS else ""
    return Question(Ask.SIG_DIS, _OPTIONS, taken, about, values, needed=not alone)


def _who(dataset: Dataset, row: int) -> str:
    return f"{dataset.lea_code[row]} {dataset.year[row]}"


def _settled(dataset: Dataset, chosen: Mapping[int, str]) -> Dataset:
    def of(reading: SigDisReading) -> Ints:
        return np.array([row for row, answer in chosen.items() if answer == reading.value], np.int64)

    if not any(chosen.values()):
        return dataset
    years, newly = dataset.disproportionate_years.copy(), dataset.newly_disproportionate.copy()
    sig_dis, in_plan = dataset.sig_dis.copy(), dataset.cceis.copy()
    in_plan[of(SigDisReading.IN_PLAN)] = 1
    sig_dis[of(SigDisReading.WRONG)] = 0
    years[of(SigDisReading.THIS_YEAR)], newly[of(SigDisReading.THIS_YEAR)] = NONE, NONE
    return replace(
        dataset, disproportionate_years=years, newly_disproportionate=newly, sig_dis=sig_dis, cceis=in_plan
    )


def problems(dataset: Dataset, groups: Groups) -> Iterator[Problem]:
    """Every contradiction that stands, at the cell of the statement that the others exclude.

    Areas above 0 are also held against years that counts give, by the default rulebook's threshold.
    """
    found = contradictions.found(dataset)
    full = filled(dataset, rulebook_file.load())
    areas = found[Contradiction.AREAS] | contradictions.found(full)[Contradiction.AREAS]
    for row in np.flatnonzero(found[Contradiction.SIG_DIS]):
        written = {"written": _written(dataset, int(row))}
        yield _of_fact(dataset, groups, int(row), "sig_dis", Contradiction.SIG_DIS.value, written)
    two = (dataset.sig_dis == 1) & (dataset.cceis != 1) & (dataset.disproportionate_years == 2)
    for row in np.flatnonzero(two):
        yield _of_fact(dataset, groups, int(row), "sig_dis", "sig_dis_two_years", {}, Severity.NOTE)
    for kind in (Contradiction.NEWLY_LATE, Contradiction.NEWLY_EXPECTED):
        for row in np.flatnonzero(found[kind]):
            values = {"years": HowMany(dataset.disproportionate_years[row])}
            yield _of_fact(dataset, groups, int(row), "newly_disproportionate", kind.value, values)
    for row in np.flatnonzero(areas):
        yield _of_areas(dataset, groups, int(row), Contradiction.AREAS.value, Severity.WARNING)
    yield from _without_years(full, groups)


def _without_years(dataset: Dataset, groups: Groups) -> Iterator[Problem]:
    """One note a file: areas above 0 while nothing is known of disproportionality."""
    above = np.zeros(len(dataset), np.bool_)
    for code in AREAS:
        above |= _above(dataset, code)
    rows = np.flatnonzero(above & ~dataset.knows_disproportionality & (dataset.sig_dis != 1))
    by_file: dict[str, list[int]] = {}
    for row in rows:
        by_file.setdefault(_place(dataset, groups, int(row), "")[0], []).append(int(row))
    for of_file in by_file.values():
        problem = _of_areas(dataset, groups, of_file[0], "areas_without_years", Severity.NOTE)
        yield replace(problem, values={**problem.values, "n": HowMany(len(of_file))})


def _above(dataset: Dataset, code: str) -> Bools:
    at = POSITION[code]
    return np.asarray((dataset.missing[:, at] == Missing.PRESENT) & (np.nan_to_num(dataset.value[:, at]) > 0))


def _written(dataset: Dataset, row: int) -> Message:
    """What stands beside a yes to "significant"."""
    years, newly = int(dataset.disproportionate_years[row]), int(dataset.newly_disproportionate[row])
    known = message("statements.blank") if years == NONE else str(years)
    return message("statements.beside", years=known, newly=message(FLAG_NAMED[newly]))


def _group(dataset: Dataset, groups: Groups, row: int) -> GatheredRows:
    return groups[str(dataset.lea_key[row]), str(dataset.year[row])]


def _place(dataset: Dataset, groups: Groups, row: int, name: str) -> tuple[str, str, int, str]:
    group = _group(dataset, groups, row)
    place = group.place_of_fact(name)
    return place.table.file, place.table.sheet, place.row, group.headers.get(name, name)


def _of_fact(
    dataset: Dataset,
    groups: Groups,
    row: int,
    name: str,
    kind: str,
    values: Values,
    severity: Severity = Severity.WARNING,
) -> Problem:
    found = message(FLAG_NAMED[int(getattr(dataset, name)[row])])
    who = str(dataset.lea_code[row]), str(dataset.year[row])
    return Problem(severity, kind, *_place(dataset, groups, row, name), found, values, *who)


def _of_areas(dataset: Dataset, groups: Groups, row: int, kind: str, severity: Severity) -> Problem:
    above = [code for code in AREAS if _above(dataset, code)[row]]
    group = _group(dataset, groups, row)
    place = group.place_of_cell(above[0])
    labels = tuple(get(code).label for code in above)
    where = place.table.file, place.table.sheet, place.row, place.column or above[0]
    number = f"{dataset.value[row, POSITION[above[0]]]:.4g}"
    who = group.lea_code, group.year, above[0]
    return Problem(severity, kind, *where, number, {"labels": labels}, *who)

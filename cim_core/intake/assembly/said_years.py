"""The years of a file's rows: what its column says in any spelling, and what a person says where it does not.

One finding for each text that cannot be read, however many rows it stands in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cim_core.data.race_counts import STATE
from cim_core.intake.assembly.identity import aside
from cim_core.intake.meanings import cell_text, years
from cim_core.intake.meanings.layout import Reading, Record, canonical
from cim_core.intake.meanings.written_years import Rule, Written, parse_year, rule_of
from cim_core.intake.problems import Problem, Severity, shown
from cim_core.intake.questions import Answers, Ask, Question
from cim_core.words.messages import Value, message

_MOST_ASKED = 8
_NUMBERS, _UNREAD = "year_number", "year_unread"


@dataclass
class _Texts:
    """The texts about years of one file that are not school years as they stand, with their rows."""

    rows: dict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    plain: bool = False
    read: dict[str, Written] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> list[int]:
        """The calendar years whose school year the texts do not tell, ascending."""
        return sorted({one.number for one in self.read.values() if not one.year})

    def meant(self, rule: Rule | None) -> dict[str, str]:
        """The school year of each text that tells one, single calendar years by a rule where there is one."""
        found = {text: written.year for text, written in self.read.items() if written.year}
        if rule is not None:
            found |= {
                text: rule.year(written.number) for text, written in self.read.items() if not written.year
            }
        return found

    def said(self, asked: bool) -> set[str]:
        """The texts of which it is said how they were read; of those asked about the question says it."""
        return {text for text, written in self.read.items() if written.said or not (written.year or asked)}

    def take(self, at: int, reading: Reading) -> None:
        """The rows and targets of one reading whose years are not school years as they stand."""
        for record in reading.records:
            code, written = record.identity.get("lea_code", ""), record.identity.get("year", "")
            if canonical(code) == "lea_code":
                break  # the header once more, or that of a second table
            if cell_text.school_year(written) == written:
                self.plain = True
            elif _about_an_lea(record):
                self.rows[at, written].append(record.row)
        for target in reading.targets:
            if cell_text.school_year(target.year) is None and target.row not in self.rows[at, target.year]:
                self.rows[at, target.year].append(target.row)


def understood(readings: Sequence[Reading], answers: Answers) -> tuple[list[Reading], tuple[Question, ...]]:
    """The readings of one file with a school year in every row that has one, and what is to be asked.

    Rows whose year stays unknown are left out, each text reported once in the reading's problems.
    """
    texts = _texts(readings)
    if not texts.rows:
        return list(readings), ()
    rule, questions = _numbers(texts, readings, answers)
    told, asked = _unread(texts, answers, hidden=any(reading.table.unsure for reading in readings))
    meant = texts.meant(rule) | told
    said = texts.said(asked=bool(questions))
    found = []
    for at, reading in enumerate(readings):
        mine = {text: rows for (of, text), rows in texts.rows.items() if of == at}
        found.append(_with_years(reading, mine, meant, said) if mine else reading)
    return found, (*questions, *asked)


def _texts(readings: Sequence[Reading]) -> _Texts:
    found = _Texts()
    for at, reading in enumerate(readings):
        if "year" in reading.headers:
            found.take(at, reading)
    distinct = list(dict.fromkeys(text for _, text in found.rows))
    said = {text: parse_year(text) for text in distinct}
    known = {text: one for text, one in said.items() if one is not None}
    compact = any(one.compact and not one.number for one in known.values())
    for text, one in known.items():
        both = one.compact and one.number and not compact
        found.read[text] = one._replace(year="") if both else one
    found.unread = [text for text in distinct if text not in known]
    return found


def _about_an_lea(record: Record) -> bool:
    if aside(record, ""):
        return False
    counted = record.counted
    values = [part for raw in record.cells.values() for part in raw[:3]]
    values += [*record.facts.values(), *((counted.cell, counted.total) if counted else ())]
    code = record.identity.get("lea_code", "")
    return code == STATE or years.holds_data(code, values)


def _numbers(
    texts: _Texts, readings: Sequence[Reading], answers: Answers
) -> tuple[Rule | None, tuple[Question, ...]]:
    """Whether single calendar years are starts or ends of school years: the header says it, or a person."""
    numbers = texts.numbers
    if not numbers:
        return None, ()
    rules = {rule_of(reading.headers.get("year", "")) for reading in readings}
    if len(rules) == 1 and (rule := rules.pop()) is not None:
        return rule, ()
    values = {"numbers": ", ".join(map(str, numbers))}
    values |= {way.value: ", ".join(way.year(number) for number in numbers) for way in Rule}
    every = Question(Ask.YEAR)
    mine = replace(every, about=values["numbers"]) if _asked(readings, every) else every
    answer = (answers.get(mine.id) or answers.get(every.id, "")).strip()
    year = cell_text.school_year(answer) or answer
    by_year = {Rule.END.year(numbers[0]): Rule.END, Rule.START.year(numbers[-1]): Rule.START}
    rule = Rule(answer) if answer in list(Rule) else by_year.get(year)
    options = tuple(by_year) if len(numbers) == 1 else tuple(way.value for way in Rule)
    taken = "" if rule is None else year
    return rule, (replace(mine, options=options, taken=taken, values=values, wording=_NUMBERS),)


def _asked(readings: Sequence[Reading], question: Question) -> bool:
    """Whether a layout asks the very same question for itself."""
    return any(asked.id == question.id for reading in readings for asked in reading.questions)


def _unread(texts: _Texts, answers: Answers, hidden: bool) -> tuple[dict[str, str], tuple[Question, ...]]:
    """The years that a person gives for texts that say none; `--answer year=` is for a column without any.

    Where other rows have a year, a text is more likely a slip: then an answer is possible, and not awaited.
    Texts that may be persons' (`hidden`) are asked about all at once, and not named.
    """
    if not texts.unread:
        return {}, ()
    alone = not (texts.plain or texts.read)
    plain = cell_text.school_year(answers.get(Ask.YEAR.value, "")) or ""
    every = plain if alone else ""
    together = alone and (len(texts.unread) == 1 or bool(every))
    if together or (hidden and alone):
        named = {"texts": "…"} if hidden else _of(texts.unread)
        told = dict.fromkeys(texts.unread, every) if every else {}
        return told, (Question(Ask.YEAR, (), every, needed=alone, wording=_UNREAD, values=named),)
    if hidden:
        return {}, ()
    return _each_asked(texts.unread[:_MOST_ASKED], answers, needed=alone)


def _each_asked(
    unread: Sequence[str], answers: Answers, needed: bool
) -> tuple[dict[str, str], tuple[Question, ...]]:
    """The year of each text that a person gives, and a question for each."""
    told, questions = {}, []
    for text in unread:
        question = Question(Ask.YEAR, about=text or "–", needed=needed, wording=_UNREAD, values=_of([text]))
        year = cell_text.school_year(answers.get(question.id, "")) or ""
        questions.append(replace(question, taken=year))
        if year:
            told[text] = year
    return told, tuple(questions)


def _of(texts: Sequence[str]) -> dict[str, Value]:
    return {"texts": tuple(shown(text) or message("question.year_unread.blank") for text in texts)}


def _with_years(
    reading: Reading, mine: Mapping[str, list[int]], meant: Mapping[str, str], said: set[str]
) -> Reading:
    """One reading with the years that are known; the others are reported and their rows left out."""
    without = set(mine) - set(meant)
    lost = {row for text in without for row in mine[text]}
    changed: dict[int, dict[str, str]] = {}

    def who(identity: Mapping[str, str]) -> Mapping[str, str]:
        year = meant.get(identity.get("year", ""))
        if year is None:
            return identity
        if id(identity) not in changed:
            changed[id(identity)] = {**identity, "year": year}
        return changed[id(identity)]

    known = {row for text, rows in mine.items() if text in meant for row in rows}
    return replace(
        reading,
        records=[
            record._replace(identity=who(record.identity)) if record.row in known else record
            for record in reading.records
            if record.row not in lost or record.identity.get("year", "") not in without
        ],
        targets=tuple(
            replace(one, year=meant.get(one.year, one.year))
            for one in reading.targets
            if one.row not in lost or one.year not in without
        ),
        problems=[*reading.problems, *_reported(reading, mine, meant, said)],
    )


def _reported(
    reading: Reading, mine: Mapping[str, list[int]], meant: Mapping[str, str], said: set[str]
) -> Iterator[Problem]:
    """The texts that tell no year, then how the others were read."""
    for text, rows in mine.items():
        if text not in meant:
            kind = "year_which" if parse_year(text) is not None else "bad_year"
            yield _problem(reading, kind, text, rows)
    interpreted = [text for text in mine if text in meant and text in said]
    if interpreted:
        table = reading.table
        told = ((table.told(shown(text)), meant[text]) for text in interpreted)
        listed = "; ".join(f"{text} → {year}" if text else year for text, year in told)
        yield replace(table.problem("year_read_as", Severity.NOTE), values={"years": listed})


def _problem(reading: Reading, kind: str, text: str, rows: Sequence[int]) -> Problem:
    table = reading.table
    return Problem(
        Severity.ERROR, kind, table.file, table.sheet, rows[0], reading.headers["year"],
        table.told(shown(text)),
        also=tuple(rows[1:]),
    )  # fmt: skip

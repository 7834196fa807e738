"""Which columns of an unknown file are likely to be which of ours: proposals that a person confirms.

Nothing here is ever applied by itself, and where a guess is not sure there is none: a wrong one is worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import islice

from cim_core.data import indicators
from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cell_text, column_evidence, person_columns, spellings, student_groups
from cim_core.intake.meanings.layout import HEADER_WITHIN
from cim_core.intake.meanings.our_columns import LONG, PIECES, WHOSE, WIDE
from cim_core.intake.problems import shown
from cim_core.intake.tying.mapping import Mapping, names

_ROWS = 300
_EXAMPLES = 3
_MOST_CHOICES = 40
_MOST_VALUES = 80
_LONGEST_NAME = 150


class By(StrEnum):
    """What a guess rests on."""

    NAME = "name"
    VALUES = "values"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """One column of the file: its name, some values, our column (`""`: not used), how sure (0–100)."""

    header: str
    examples: tuple[str, ...]
    column: str = ""
    score: int = 0
    by: By = By.NOTHING


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a table may be; `at_row` is the index of its header, `row` the same as a person counts.

    In a table with one row per indicator, `values` ties its names of indicators to ours; `unknown` are those
    for which there is no good guess. `only` are the values of the rows to read, by column: students with
    disabilities, where the table names groups; `choices` the values of columns that hold few.
    """

    at_row: int
    row: int
    columns: tuple[Guess, ...]
    values: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def used(self) -> int:
        """How many columns have a guess."""
        return sum(bool(guess.column) for guess in self.columns)

    @property
    def mapping(self) -> Mapping:
        """The guesses as a mapping, for a person to confirm."""
        tied = {guess.header: guess.column for guess in self.columns if guess.column}
        return Mapping(tuple(guess.header for guess in self.columns), tied, {}, self.values, self.only)


def propose(table: Table) -> Proposal:
    """The likely header of a table, and a guess for each of its named columns.

    Where the rows may be persons, no value is repeated, and no row that may be one of theirs is a header.
    """
    at_row = header_row(table)
    if table.unsure and table.rows and person_columns.looks_like_data(table.rows[at_row]):
        return Proposal(at_row, table.first_row + at_row, ())
    header = names(table.rows[at_row]) if table.rows else ()
    below = table.rows[at_row + 1 : at_row + 1 + _ROWS]
    columns = {
        at: [row[at] for row in below if at < len(row) and row[at]] for at, name in enumerate(header) if name
    }
    indicator = _indicator_column(header, columns)
    taken = _assigned(header, columns, indicator)
    proposal = Proposal(
        at_row,
        table.first_row + at_row,
        tuple(
            replace(taken.get(at, Guess(header[at], ())), examples=() if table.unsure else _examples(values))
            for at, values in columns.items()
        ),
    )
    if table.unsure or not table.rows:
        return proposal
    return _with_values(proposal, table, header, taken, indicator)


def _with_values(
    proposal: Proposal, table: Table, header: Sequence[str], taken: dict[int, Guess], indicator: int | None
) -> Proposal:
    """The proposal with what values mean: names of indicators, and the rows to read."""
    at_row = proposal.at_row
    texts = _distinct(table, at_row, indicator) if indicator is not None else []
    meant = {text: spellings.indicator(text)[0] for text in texts}
    tied = {text: code for text, code in meant.items() if code and indicators.find(text) is None}
    unknown = tuple(text for text, code in meant.items() if not code)
    choices = _choices(table, at_row, header)
    only = _only(table, at_row, header, taken) if choices else {}
    return replace(proposal, values=tied, unknown=unknown, only=only, choices=choices)


def _examples(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(shown(text, 30) for text in islice(dict.fromkeys(values), _EXAMPLES))


def _choices(table: Table, at_row: int, header: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The values of the columns by which rows can be chosen: words or codes, few of them."""
    found = {}
    for at, distinct in student_groups.distinct(table, at_row).items():
        decimals = sum("." in one or "%" in one for one in distinct)
        if header[at] and len(distinct) <= _MOST_CHOICES and 2 * decimals <= len(distinct):
            found[header[at]] = tuple(distinct)
    return found


def _only(
    table: Table, at_row: int, header: Sequence[str], taken: dict[int, Guess]
) -> dict[str, tuple[str, ...]]:
    """The conditions for rows of students with disabilities, where columns name groups."""
    codes_at = next((at for at, guess in taken.items() if guess.column == "lea_code"), None)
    whose = {at for at, guess in taken.items() if guess.column in WHOSE}
    conditions = student_groups.conditions(table, at_row, codes_at, whose)
    return {header[at]: values for at, values in conditions.items()}


def header_row(table: Table) -> int:
    """The index of the likeliest header: many different names that are no values, above filled columns."""
    best, most = 0, float("-inf")
    for at, row in enumerate(table.rows[:HEADER_WITHIN]):
        filled = {place for one in table.rows[at + 1 : at + 21] for place, cell in enumerate(one) if cell}
        score, distinct = 0.0, set()
        for place, cell in enumerate(row):
            if not cell or cell in distinct:
                continue
            distinct.add(cell)
            score += _like_a_name(cell) * (1 if place in filled else 0.3)
        if len(distinct) > 1 and score > most:
            best, most = at, score
    return best


def _like_a_name(cell: str) -> int:
    if len(cell) > _LONGEST_NAME:
        return 0
    if spellings.meanings(cell):
        return 4
    value = cell_text.number(cell) is not None or cell_text.school_year(cell) is not None
    return -3 if value else 1


def _indicator_column(header: Sequence[str], columns: dict[int, list[str]]) -> int | None:
    """The column that holds names of indicators, one row each; None in a table with a column for each."""
    for at, values in columns.items():
        called = any(column == "indicator" for column, _ in spellings.meanings(header[at]))
        texts = list(dict.fromkeys(values))[:_MOST_VALUES]
        spoken = [text for text in texts if not text.replace(".", "").isdigit()]
        known = sum(bool(spellings.indicator(text)[0]) for text in texts)
        enough = bool(texts) and 2 * known >= len(texts)
        if header[at].casefold() == "indicator" or (called and (known or not texts)):
            return at
        if enough and len(texts) > 1 and 2 * len(spoken) >= len(texts):
            return at
    return None


def _assigned(
    header: Sequence[str], columns: dict[int, list[str]], indicator: int | None
) -> dict[int, Guess]:
    """One guess a column, none of ours twice: the surest first."""
    open_guesses: list[Guess] = []
    places: list[int] = []
    found_in = {at: column_evidence.kinds(values) for at, values in columns.items()}
    for at in columns:
        for guess in _guesses(header[at], found_in[at], at == indicator, indicator is not None):
            open_guesses.append(guess)
            places.append(at)
    order = sorted(range(len(places)), key=lambda one: (-open_guesses[one].score, places[one]))
    taken: dict[int, Guess] = {}
    for one in order:
        guess, at = open_guesses[one], places[one]
        if at not in taken and all(guess.column != other.column for other in taken.values()):
            taken[at] = guess
    if indicator is None:
        _shared_totals(header, found_in, taken)
    return _sensible(taken)


def _guesses(header: str, found: frozenset[str] | None, is_indicator: bool, long: bool) -> list[Guess]:
    meanings = spellings.meanings(header)
    if is_indicator:
        sure = max((score for column, score in meanings if column == "indicator"), default=0)
        return [Guess(header, (), "indicator", sure or 80, By.NAME if sure else By.VALUES)]
    fitting = [
        Guess(header, (), column, score, By.NAME)
        for column, score in meanings
        if (column not in WIDE if long else column not in LONG) and column_evidence.can_be(column, found)
    ]
    if fitting:
        return fitting
    column, score = column_evidence.by_values(found)
    return [Guess(header, (), column, score, By.VALUES)] if column else []


def _shared_totals(
    header: Sequence[str], found_in: dict[int, frozenset[str] | None], taken: dict[int, Guess]
) -> None:
    """A total that several indicators could share belongs to the only one of them that is there."""
    for at, found in found_in.items():
        about, part = spellings.base(header[at])
        if at in taken or part != 2 or about not in spellings.TOTALS:
            continue
        ours = {guess.column for guess in taken.values()}
        there = {WIDE[column][0] for column in ours & set(WIDE)} & set(spellings.TOTALS[about])
        column = f"{min(there)}_d" if len(there) == 1 else ""
        if column and column not in ours and column_evidence.can_be(column, found):
            taken[at] = Guess(header[at], (), column, 80, By.NAME)


def _sensible(taken: dict[int, Guess]) -> dict[int, Guess]:
    """Without guesses that only make sense beside others that are not there."""
    ours = {guess.column for guess in taken.values()}
    dropped: set[str] = set()
    if "lea_code" in ours or "district_code" not in ours:
        dropped |= set(PIECES)
    elif "county_code" not in ours:
        dropped.add("school_code")
    wide = [guess for guess in taken.values() if guess.column in WIDE]
    if all(guess.header.isdigit() for guess in wide):
        dropped |= {guess.column for guess in wide}
    return {at: guess for at, guess in taken.items() if guess.column not in dropped}


def _distinct(table: Table, at_row: int, place: int) -> list[str]:
    """The different texts of a column, the first `_MOST_VALUES` of them."""
    texts = (row[place] for row in table.rows[at_row + 1 :] if place < len(row) and row[place])
    return list(dict.fromkeys(texts))[:_MOST_VALUES]

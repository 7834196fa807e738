"""Which column of a wide table is what: our own names first, then sure guesses, then what a person says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cim_core.data.dataset import FACT_COLUMNS
from cim_core.data.indicators import get
from cim_core.intake.files.tables import Table
from cim_core.intake.layouts import partners, wide_targets
from cim_core.intake.layouts.wide_places import WideColumns
from cim_core.intake.layouts.wide_targets import PrintedInColumns
from cim_core.intake.meanings import column_evidence, header_years, our_columns, spellings
from cim_core.intake.meanings.layout import IDENTITY, body, canonical, unused
from cim_core.intake.meanings.our_columns import WIDE
from cim_core.intake.problems import Severity
from cim_core.intake.questions import NOT_USED, Answers, Ask, Question

_ROWS = 300
_MOST_OPTIONS = 6


def assign(table: Table, at_row: int, answers: Answers) -> WideColumns:
    """What each column under a header is; guesses are said, doubts asked, nothing is dropped quietly."""
    found = WideColumns(table.rows[at_row])
    rows = [row for _, row in zip(range(_ROWS), (row for _, row in body(table, at_row)), strict=False)]
    look = _Look(table, found, rows, answers)
    open_columns = [at for at, cell in enumerate(found.header) if cell and not look.known(at)]
    open_columns = [at for at in open_columns if not look.sure(at)]
    bare = [at for at in open_columns if look.of_no_indicator(at)]
    for at in open_columns:
        if at not in bare:
            look.doubtful(at)
    for at, options in partners.doubts(found, rows, answered=look.answered):
        look.ask(at, options)
    for header in partners.lonely(found):
        found.problems.append(table.problem("column_partner", Severity.WARNING, header))
        found.unread.append(header)
    look.of_the_only_one(bare)
    look.results_alone()
    return found


class _Look:
    """The columns of one table, looked at one after the other."""

    def __init__(self, table: Table, found: WideColumns, rows: list[list[str]], answers: Answers) -> None:
        self.table, self.found, self.rows, self.answers = table, found, rows, answers
        self.of_only: list[int] = []

    def known(self, at: int) -> bool:
        """Whether a column is one by its own name, or by an answer; then it is taken."""
        header, found = self.found.header[at], self.found
        answer = self._answer(at)
        if answer:
            self._question(at, self._options(header), answer)
            if answer != NOT_USED:
                found.put(answer, header_years.split(header)[0], at)
            return True
        name = canonical(header)
        if name in IDENTITY:
            if name in found.identity:
                found.problems.append(unused(self.table, header, twice=True))
            found.identity.setdefault(name, at)
            return True
        year, rest = header_years.split(header)
        name = canonical(rest)
        if name in FACT_COLUMNS:
            found.put(str(name), year, at)
            return True
        exact = our_columns.column(rest)
        if exact is not None:
            found.put_part(*exact, year, at)
        return exact is not None

    def sure(self, at: int) -> bool:
        """Whether a column is without doubt one of ours, or a target of one; then it is taken and said."""
        header, found = self.found.header[at], self.found
        year, rest = header_years.split(header)
        ours = self._sure(rest, at)
        if ours:
            found.put(ours, year, at)
            note = self.table.problem("column_read", Severity.NOTE, header, column=our_columns.label(ours))
            found.problems.append(note)
            return True
        target = wide_targets.about(rest)
        if target is None:
            return False
        code, kind = target
        printed = found.targets.setdefault((code, year), PrintedInColumns(code))
        printed.at.setdefault(kind, []).append(at)
        return True

    def of_no_indicator(self, at: int) -> bool:
        """Whether a column is a target or a result, and does not say of what."""
        return bool(wide_targets.of_no_indicator(header_years.split(self.found.header[at])[1]))

    def of_the_only_one(self, places: Iterable[int]) -> None:
        """Columns of targets and results without an indicator: those of the only one that the table has."""
        found = self.found
        for at in places:
            header = found.header[at]
            year = header_years.split(header)[0]
            told = [one for one in found.parts if not year or one[1] in ("", year)]
            if len({code for code, _ in found.parts}) == len(told) == 1 and not found.unread:
                code, of_values = told[0]
                printed = found.targets.setdefault((code, year or of_values), PrintedInColumns(code))
                kind = wide_targets.of_no_indicator(header_years.split(header)[1])
                printed.at.setdefault(kind, []).append(at)
                self.of_only.append(at)
            else:
                found.problems.append(unused(self.table, header, twice=False))

    def results_alone(self) -> None:
        """Say which columns were read as those of the only indicator; a result without a target is none."""
        found = self.found
        for dated, printed in list(found.targets.items()):
            for at in (at for places in printed.at.values() for at in places):
                if "target" not in printed.at:
                    found.problems.append(unused(self.table, found.header[at], twice=False))
                elif at in self.of_only:
                    label = get(printed.code).label
                    note = self.table.problem("target_of", Severity.NOTE, found.header[at], label=label)
                    found.problems.append(note)
            if "target" not in printed.at:
                del found.targets[dated]

    def doubtful(self, at: int) -> None:
        """A column that is none of ours for sure: asked about where it looks like an indicator."""
        header, found = self.found.header[at], self.found
        year, rest = header_years.split(header)
        options = [one for one in self._options(rest) if column_evidence.can_be(one, self._kinds(at))]
        lacking = [one for one in options if not self._is_read(WIDE[one][0], year)]
        if not any(row[at] for row in self.rows) or not lacking:
            found.problems.append(unused(self.table, header, twice=False))
            return
        self.ask(at, options)

    def ask(self, at: int, options: Iterable[str]) -> None:
        """Ask what a column is; until that is said it is not used, and nothing is settled."""
        header = self.found.header[at]
        self.found.take_away(at)
        self._question(at, tuple(options), "")
        self.found.problems.append(self.table.problem("column_asked", Severity.WARNING, header))
        self.found.unread.append(header)

    def answered(self, at: int) -> bool:
        """Whether a person has said what a column is."""
        return bool(self._answer(at))

    def _about(self, at: int) -> str:
        """How a question names a column: by its header, and the second of two by its number too."""
        header = " ".join(self.found.header[at].split())
        before = sum(" ".join(one.split()) == header for one in self.found.header[:at])
        return f"{header} ({before + 1})" if before else header

    def _answer(self, at: int) -> str:
        said = self.answers.get(f"{Ask.COLUMN.value}:{self._about(at)}", "").strip()
        return said if said in WIDE or said in FACT_COLUMNS or said == NOT_USED else ""

    def _question(self, at: int, options: Sequence[str], taken: str) -> None:
        offered = tuple(dict.fromkeys((*options[:_MOST_OPTIONS], *filter(None, [taken]), NOT_USED)))
        about = self._about(at)
        self.found.questions.append(Question(Ask.COLUMN, offered, taken, about, {"column": about}))

    def _kinds(self, at: int) -> frozenset[str] | None:
        return column_evidence.kinds([row[at] for row in self.rows if row[at]])

    def _sure(self, rest: str, at: int) -> str:
        """Our column that a header names without doubt, and that its values can be; empty for none."""
        code, part = spellings.sure(rest)
        if code:
            name = next((one for one, what in WIDE.items() if what == (code, part or 0)), "")
        else:
            meant = spellings.meanings(rest)
            name = meant[0][0] if meant and meant[0][1] == 100 and meant[0][0] in FACT_COLUMNS else ""
        return name if name and column_evidence.can_be(name, self._kinds(at)) else ""

    def _options(self, header: str) -> tuple[str, ...]:
        """Our columns that a header may mean, the likeliest first."""
        part = spellings.base(header)[1]
        order = sorted(range(3), key=lambda one: (one != (part or 0), one))
        codes = spellings.likely(header)
        wanted = [(code, place) for place in order for code in codes]
        named = {what: column for column, what in WIDE.items()}
        return tuple(named[one] for one in wanted if one in named)

    def _is_read(self, code: str, year: str) -> bool:
        """Whether an indicator is there without this column: its rate, or both its counts."""
        rate, numerator, denominator = self.found.parts.get((code, year), ((), (), ()))
        return bool(rate or (numerator and denominator))

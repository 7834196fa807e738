"""Problems as the shell prints them: a line each, of many of one kind the first ones and a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cim_core.data.outside import quoted
from cim_core.intake.problems import SEVERITY_NAMED, Problem, Severity
from cim_core.words import messages
from cim_core.words.messages import HowMany

MOST_OF_A_KIND, FEW = 20, 3


def problem_lines(problems: Sequence[Problem], *, every: bool = False, brief: bool = False) -> Iterator[str]:
    """Each problem in a line; of many of one severity and kind the first ones and a count, unless `every`.

    `brief`: where problems are not what was asked for, many that are no errors are only counted.
    """
    counted = Counter((one.severity, one.kind) for one in problems)
    seen: Counter[tuple[Severity, str]] = Counter()
    beyond: dict[tuple[Severity, str], Problem] = {}
    for problem in problems:
        key = problem.severity, problem.kind
        seen[key] += 1
        if every or seen[key] <= _most(counted[key], problem.severity, brief):
            yield problem.sentence()
        else:
            beyond[key] = problem
    for (severity, kind), alike in beyond.items():
        shown = _most(counted[severity, kind], severity, brief)
        name = messages.text(SEVERITY_NAMED[severity])
        text = "printed.shell.more" if shown else "printed.shell.counted"
        more = counted[severity, kind] - shown
        yield messages.text(
            text, severity=name, title=alike.title(), n=HowMany(more), file=quoted(alike.file)
        )


def _most(number: int, severity: Severity, brief: bool) -> int:
    """How many of so many of one kind are printed."""
    if brief and severity is not Severity.ERROR:
        return number if number <= FEW else 0
    return FEW if severity is Severity.NOTE and number > MOST_OF_A_KIND // 2 else MOST_OF_A_KIND

"""CDE files that are known and not needed, told by their headers, so that a person need not puzzle over them.

Structure: the "File Structure" pages at cde.ca.gov/ds/ad/ and the research files of caaspp-elpac.ets.org. An
LEA's codes and years stand in all of them, but no indicator.
"""

from __future__ import annotations

import re

from cim_core.intake.files.tables import Table
from cim_core.intake.meanings import cde
from cim_core.intake.meanings.layout import HEADER_WITHIN
from cim_core.intake.problems import Problem, Severity
from cim_core.words.messages import MessageFamily, message

_FIXED = re.compile(r"\A\d{14} *+20\d\d[\d ]{3}(?:[\d *]{10}|[\d ]*+[A-Z][\d *]{10})", re.ASCII)
"""A CDS code, filler, the test year, and numbers without anything between them."""
_LOOKED_AT = 20
_WHERE = ({"countycode", "districtcode"}, {"cdscode"}, {"cds"})
"""How such a file says which LEA a row is about: any of these."""
_FILES = {
    "absence_reasons": (r"averagedaysabsent|totaldaysabsent|excusedabsences.*",),
    "stability": (r"(?:non)?stabilityrate.*|(?:non)?stability(?:count|percent)",),
    "college_going": (r"collegegoingrate.*",),
    "five_year_graduation": (r"reportingyear", r"cohortstudents|(?:five|5)year.*"),
    "one_year_graduates": (r"oneyeargraduate.*",),
    "expulsion": (r"expulsion(?:ratetotal|counttotal.*)|totalexpulsions",),
    "meals": (r"frpmcount.*|freemealcount.*",),
    "reclassified": (r"reclass.*", r"el|fep|\A(?>.*?englishlearner).*+"),
    "english_learners": (r"(?:total)?elasenr.*|totalel|ltel.*|\Aatrisk(?>.*?ltel).*+",),
    "staff": (
        r"stafftype|staffschool.*|totalstaffcount|teacherassignment.*|clearfte.*|totalteachingfte"
        r"|\A(?>.*?outoffield).*+",
    ),
    "class_size": (r"averageclasssize|classcount",),
    "physical_fitness": (r"\A(?>.*?(?:hfz|healthyfitness)).*+",),
    "english_proficiency": (r"overallperflvl\d.*|overallperformancelevel.*",),
    "science": (r"earthandspacesciencesdomain.*|lifesciencesdomain.*",),
    "college_career": (r"currprep.*|currappreparedrate",),
    "cumulative_enrollment": (r"cumulativeenrollment",),
    "enrollment": (r"gr(?:ade)?_?(?:tk|kn?|0?1|12)|kdgn|enrtotal|totalenr(?:ollment)?", r"gr(?:ade)?_?\d+"),
    "enrollment_day": (r"totalenr",),
    "special_education_enrollment": (r"spedenrn?",),
    "entities": (r"typeid", r"zipcode|schoolname|districtname", r"testyear"),
    "directory": (r"statustype|opendate", r"docnc|doctype|soc(?:type)?|phone|street.*"),
}
"""Each file with what its compact header holds, a pattern for each column that has to be there."""
_NAMED = MessageFamily("other_file.{}", tuple(_FILES))


def named(table: Table) -> str:
    """Which of the files a table is (a key of the words `other_file.*`); empty for none."""
    for row in table.rows[:HEADER_WITHIN]:
        header = {cde.compact(cell) for cell in row if cell and len(cell) <= 100}
        if any(where <= header for where in _WHERE):
            return _of(header)
    return ""


def _of(header: set[str]) -> str:
    for name, patterns in _FILES.items():
        if all(any(re.fullmatch(pattern, cell) for cell in header) for pattern in patterns):
            return name
    return ""


def is_fixed_width(table: Table) -> bool:
    """Whether a text is CDE's kind of file without headers or delimiters, in which places tell the fields."""
    rows = [row for row in table.rows[:_LOOKED_AT] if any(row)]
    fixed = [row for row in rows if _FIXED.match(" ".join(filter(None, row)))]
    return bool(rows) and not table.sheet and len(fixed) == len(rows)


def problem(table: Table, name: str) -> Problem:
    """That a file is known and holds nothing that is needed."""
    found = message(_NAMED[name])
    return Problem(Severity.ERROR, "other_file", table.file, table.sheet, found=found)

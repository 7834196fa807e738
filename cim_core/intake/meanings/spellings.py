"""How people write the names of our columns: a header → what it may mean, and how alike the two are.

Words are brought into one form first, then compared by rapidfuzz. Numbers and subjects must be the same in
both: `LRE < 40` is never `LRE > 80`, and ELA never math.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from rapidfuzz import fuzz

from cim_core.data import indicators
from cim_core.data.indicators import INDICATORS, Indicator
from cim_core.intake.meanings import layout, our_columns
from cim_core.intake.meanings.our_columns import ALL, WIDE
from cim_core.words.disclosure import Disclosure

_ENGLISH = Disclosure(language="en")
"""Files of CDE and of SELPAs have English headers, whatever the language of the reader."""
_LEAST, _LEAST_OF_SHORT, _SHORT = 85, 95, 8
"""From this likeness on (0–100) a name is taken for one of ours; one short word is soon like another."""
_OTHERS = {
    "lea_code": "lea code|cds number|cds id|lea id|agency id|district cds code|county district code",
    "lea_name": "lea name|dist name|dist|school district|member district|name of lea|name of district",
    "selpa": "selpa|selpa code|name of selpa",
    "year": "school yr|sy|academic yr",
    "county_code": "county code|co code|county number|county cd",
    "district_code": "district code|district number|district cd",
    "school_code": "school code|charter school code|school number",
    "swd": "total swd|swd total|number of swd|swd n|swd enrollment|swd census count|sped enrollment|"
    "sped count|total sped|special ed enrollment|special education count|cumulative swd",
    "sig_dis": "sigdis|sig dis status|significant disproportionality status",
    "cceis": "cceis|cceis plan|in cceis|still in cceis|still in a cceis plan|cceis status|cceis lea",
    "disproportionate_years": "years disproportionate|disproportionality years|"
    "consecutive years disproportionate|years in a row disproportionate",
    "newly_disproportionate": "newly identified as disproportionate|newly disproportionate lea",
    "minor_findings": "compliance findings|noncompliance findings|number of findings|"
    "findings of noncompliance|minor compliance issues",
    "percentile": "percentile from worst|percent from the worst",
    "determination": "annual determination|lea determination|determination level",
    "lea_type": "type of lea|district type|type of agency",
    "indicator": "indicator|indicators|measure|metric|sppi|spp indicator|indicator name|indicator number|"
    "performance indicator|element",
    "rate": "rate|value|percent|percentage|result|lea rate|indicator rate|actual",
    "numerator": "numerator|num|n|count|number",
    "denominator": "denominator|den|denom|total|n size|group size",
    "note": "note|notes|comment|comments|reason|flag",
    "target": "target|state target|spp target|target rate",
    "source": "source|data source|source of data",
}
_INDICATORS = {
    "1": "graduation|4 year graduation|4 yr graduation|four year graduation|graduated with a diploma",
    "2": "dropout|drop out|dropped out|4 year dropout|four year dropout",
    "3a_ela": "ela participation|ela assessment participation|ela tested",
    "3a_math": "math participation|math assessment participation|math tested",
    "3b_ela": "ela proficiency|ela proficient|ela met or exceeded standard|ela met standard",
    "3b_math": "math proficiency|math proficient|math met or exceeded standard|math met standard",
    "3c_ela": "ela alternate proficiency|ela alternate assessment proficient|ela caa proficient",
    "3c_math": "math alternate proficiency|math alternate assessment proficient|math caa proficient",
    "3d_ela": "ela gap|ela proficiency gap",
    "3d_math": "math gap|math proficiency gap",
    "4a": "suspended > 10 days|suspension > 10 days|suspended or expelled > 10 days|suspended 10 + days",
    "5a": "lre >80|lre 80|lre 80 or more|lre regular class 80 or more|regular class 80|regular class >80|"
    "in regular class >80|inside regular class 80 or more|inside regular class >80 of the day|gen ed >80|"
    "regular education 80 or more|lre regular class >80",
    "5b": "lre <40|lre less than 40|lre regular class <40|regular class <40|in regular class <40|"
    "inside regular class <40|inside regular class less than 40 of the day|gen ed <40",
    "5c": "lre separate|lre separate school|separate school|separate schools|separate placement|"
    "separate facilities|lre separate schools|separate settings",
    "6a": "preschool lre regular|preschool regular|preschool regular program|"
    "preschool regular early childhood program",
    "6b": "preschool lre separate|preschool separate|preschool separate class",
    "6c": "preschool home|preschool at home",
    "8": "parent involvement|parent input|parent survey",
    "11": "60 day timeline|60 day evaluation|60 day initial evaluation|initial evaluation within 60 days|"
    "60 day timelines|evaluation timeline|child find|timely evaluation|timely evaluations|"
    "timely initial evaluation|timely initial evaluations|eligibility evaluation|initial evaluation",
    "12": "part c to b|part c to part b|part c to b transition|early childhood transition|third birthday",
    "13": "secondary transition|transition goals|transition plan|transition plans",
    "14a": "higher ed|enrolled in higher education|post school higher education|higher education",
    "chronic": "chronic absenteeism|chronically absent|chronic absence|chronic absent",
    "susp": "suspension|suspended|suspended at least once|one or more suspensions",
    "ela_dfs": "ela dfs|ela distance from standard|dfs ela|ela distance",
    "math_dfs": "math dfs|math distance from standard|dfs math|math distance",
    "overdue": "overdue ieps|overdue|overdue plans and reviews|overdue annuals and triennials",
}
TOTALS = {"lre": ("5a", "5b", "5c"), "preschool lre": ("6a", "6b", "6c")}
"""Denominators that several indicators share, by the words that their headers are left with."""

_ALSO = {
    "lea_code": "district_code", "district_code": "lea_code", "lea_name": "district_code",
    "county": "county_code",
}  # fmt: skip
"""What a name may mean instead, where the values say so."""
_FORMS = (
    (r"\b(\d{1,2})\s?\(([a-d])\)", r"\1\2"),
    (r"\b(7[abc])\s?\(([12])\)", r"\1\2"),
    (r"\b(?:19|20)\d\d\s?[-–/]\s?(?:20)?\d\d\b", " "),
    (
        r"(?:≥|>\s*+=?|\bat least|\bgreater than(?: or equal to)?|\bmore than|\bover|\babove)\s*+(\d+)",
        r" ge\1 ",
    ),
    (r"\b(\d++)\s*+(?:%\s*+)?(?:\+|or (?:more|greater|higher|above)\b)", r" ge\1 "),
    (r"(?:≤|<\s*+=?|\bless than(?: or equal to)?|\bunder|\bbelow|\bfewer than)\s*+(\d+)", r" lt\1 "),
    (r"\b(\d++)\s*+(?:%\s*+)?or (?:less|fewer)\b", r" lt\1 "),
    (r"\bn[\s_-]*size\b", " denominator "),
    (r"(?<=\d)\s*%", " "),
    (r"%", " percent "),
    (r"#", " number "),
    (r"english[ /-]*language arts|\benglish\b", " ela "),
    (r"students? with disabilit(?:y|ies)|\bswds\b", " swd "),
)
_SAME = {
    other: word
    for word, others in {
        "math": "mathematics maths",
        "percent": "pct perc percentage",
        "graduation": "grad grads graduated graduates graduating",
        "suspension": "susp suspended suspensions",
        "absence": "absenteeism absent absences abs",
        "chronic": "chronically",
        "dropout": "dropouts",
        "district": "dist",
        "enrollment": "enrolled enrolment enr",
        "disproportionate": "disproportionality",
        "preschool": "prek preschoolers",
    }.items()
    for other in others.split()
}
_PARTS = (
    "rate percent",
    "n num numerator number count no",
    "d den denom denominator total enrollment eligible population",
)
_PART = {word: part for part, words in enumerate(_PARTS) for word in words.split()}
_NOTHING = "the of a in or and for to with who were at their swd student students indicator sppi spp ind"
_EMPTY = frozenset(_NOTHING.split())
_SUBJECTS = {"ela", "math"}


def _bracketless(text: str) -> str:
    """A lower-case header with codes as we write them: `5(a)` → `5a`, `7a(1)` → `7a1`."""
    for found, form in _FORMS[:2]:
        text = re.sub(found, form, text)
    return text


@lru_cache(maxsize=2**14)
def plain_words(written: str) -> tuple[str, ...]:
    """The words of a header in one form: no years, comparisons as `ge80` and `lt40`, no abbreviations."""
    text = written[:200].casefold()
    for found, form in _FORMS:
        text = re.sub(found, form, text)
    return tuple(_SAME.get(word, word) for word in re.findall(r"[a-z0-9]+", text))


def base(written: str) -> tuple[str, int | None]:
    """What a header is about, without the words that tell its part, and that part (None: not told)."""
    words = plain_words(written)
    parts = {_PART[word] for word in words if word in _PART}
    part = 2 if 2 in parts else 0 if 0 in parts else 1 if parts else None
    return " ".join(word for word in words if word not in _PART and word not in _EMPTY), part


def _fixed(words: Iterable[str]) -> frozenset[str]:
    """What must be the same in two names that mean the same."""
    return frozenset(word for word in words if word in _SUBJECTS or any(map(str.isdigit, word)))


_Index = Mapping[frozenset[str], Mapping[str, str]]


@cache
def _columns() -> _Index:
    """How our columns are called; whom "enrolled" counts only the exact name of the column tells."""
    known: dict[frozenset[str], dict[str, str]] = defaultdict(dict)
    pairs = [(name, one) for one, name in layout.spellings().items() if name != "enrollment"]
    pairs += [(name, one) for name, others in _OTHERS.items() for one in others.split("|")]
    for name, spelling in pairs:
        words = plain_words(spelling)
        known[_fixed(words)].setdefault(" ".join(words), name)
    return known


def _english(entry: Indicator) -> tuple[str, str, str]:
    """Label, name and title of an indicator."""
    return _ENGLISH.say(entry.label), _ENGLISH.say(entry.name), _ENGLISH.say(entry.title)


@cache
def _of_indicators() -> _Index:
    known: dict[frozenset[str], dict[str, str]] = defaultdict(dict)
    for entry in INDICATORS:
        label, *names = _english(entry)
        named = [*names, *_INDICATORS.get(entry.code, "").split("|")]
        for spelling in (entry.code, label, *named, *(f"{entry.code} {one}" for one in named)):
            about = base(spelling)[0]
            if about and about not in TOTALS:
                known[_fixed(about.split())].setdefault(about, entry.code)
    return known


def _best(known: _Index, written: str) -> tuple[str, int]:
    """What a text is most like, and how much (0–100); two equally like are none."""
    scores: dict[str, float] = {}
    for spelling, meant in known.get(_fixed(written.split()), {}).items():
        scores[meant] = max(scores.get(meant, 0), fuzz.token_sort_ratio(written, spelling))
    least = _LEAST if len(written) >= _SHORT else _LEAST_OF_SHORT
    ranked = sorted(scores.items(), key=lambda one: -one[1])
    if not ranked or ranked[0][1] < least or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return "", 0
    return ranked[0][0], int(ranked[0][1])


@lru_cache(maxsize=2**14)
def indicator(written: str) -> tuple[str, int]:
    """The code of the indicator that a text names, and how sure that is; an empty code for none."""
    code = indicators.find(written)
    return (code, 100) if code is not None else _best(_of_indicators(), base(written)[0])


@lru_cache(maxsize=2**14)
def meanings(header: str) -> tuple[tuple[str, int], ...]:
    """Our columns that a header may mean, each with how sure that is (0–100), the surest first.

    A header that names an indicator and no part of it means its rate, or if that cannot be its numerator.
    """
    known = our_columns.column(header)
    if known is not None:
        columns = {place: column for column, (of, place) in WIDE.items() if of == known[0]}
        found = [(columns[known[1]], 100)] if known[1] in columns else []
        numerator = columns.get(1) if not known[1] else None
        return tuple(found + [(numerator, 88)] if numerator else found)
    name, words = layout.plain(header), plain_words(header)
    found = [(name, 100)] if name in ALL else [_best(_columns(), " ".join(words))]
    for one, other in _ALSO.items():
        if found[0][0] == one and (one != "lea_name" or "district" in words):
            found.append((other, found[0][1] - (one != "district_code")))
    about, part = base(header)
    code, score = _best(_of_indicators(), about)
    if code:
        found += _parts(code, part, score)
    return tuple(sorted((one for one in found if one[0]), key=lambda one: -one[1]))


def _parts(code: str, part: int | None, score: int) -> tuple[tuple[str, int], ...]:
    columns = {place: column for column, (of, place) in WIDE.items() if of == code}
    if part is not None:
        return ((columns[part], score),) if part in columns else ()
    guesses = [(columns[0], score - 3)]
    return tuple(guesses + [(columns[1], score - 12)] if 1 in columns else guesses)


_CODE = re.compile(
    r"(?<![a-z0-9])(?P<called>(?:(?:indicators?|ind|sppi?)[\s.:#_-]*+){1,4}|#)?"
    r"(?P<code>\d{1,2}(?:[a-d](?:[.\-\s]?[12])?)?)(?![a-z0-9])"
)
_NEUTRAL_WORDS = (
    "lre data value result lea district school age ages year sy ytd percentage score final official day "
    "least restrictive environment sppi spp ind indicator indicators dashboard dataquest apr"
)
_NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
"""Words that say nothing against an indicator whose code stands beside them."""
LIKELY = 75
"""From this likeness on (0–100) a header looks like an indicator, though it may be none."""


@lru_cache(maxsize=2**14)
def codes_in(written: str) -> tuple[str, ...]:
    """The indicators whose codes stand in a text: with a letter (`5a`, `3b ELA`), or called so (`SPP 11`)."""
    text = re.sub(
        r"english[ /-]*language[ /-]*arts|\benglish\b", "ela", _bracketless(written[:200].casefold())
    )
    text = re.sub(r"mathematics|\bmaths\b", "math", text).replace("_", " ")
    subjects = [one for one in ("ela", "math") if re.search(rf"\b{one}\b", text)]
    found: dict[str, None] = {}
    for match in _CODE.finditer(text):
        code = re.sub(r"[.\-\s]", "", match["code"])
        if match["called"] is None and code.isdecimal():
            continue
        exact = indicators.find(code)
        several = [
            known.code
            for known in INDICATORS
            if re.fullmatch(rf"{code}(?:_\w+|[12])", known.code, re.IGNORECASE) and not code.isdecimal()
        ]
        if len(subjects) == 1:
            several = [
                known for known in several if not known[2:] or known.endswith(f"_{subjects[0]}")
            ] or several
        found |= dict.fromkeys([exact] if exact else several)
    return tuple(found)


@cache
def _vocabulary(code: str) -> frozenset[str]:
    """All words in which an indicator is spelled."""
    named = [code, *_english(indicators.get(code)), *_INDICATORS.get(code, "").split("|")]
    return frozenset(word for spelling in named for word in plain_words(spelling)) | _NEUTRAL


def _no_code(found: re.Match[str]) -> str:
    """What is left of a code in a header: nothing; a bare number is none."""
    return found[0] if found["called"] is None and found["code"].isdecimal() else " "


@lru_cache(maxsize=2**14)
def sure(header: str) -> tuple[str, int | None]:
    """The indicator that a header names without doubt, and the part that it tells; an empty code for none.

    Without doubt: in exactly the words of one of its spellings, or by its code with no word beside it that
    could tell of something else (`5a - LRE`, never `5a all students` or `5a LRE < 40%`).
    """
    about, part = base(header)
    code, score = _best(_of_indicators(), about)
    named = codes_in(header)
    if code and score == 100 and (not named or code in named):
        return code, part
    if len(named) == 1:
        beside = base(_CODE.sub(_no_code, _bracketless(header.casefold()).replace("_", " ")))[0].split()
        if _vocabulary(named[0]).issuperset(beside):
            return named[0], part
    return "", part


@lru_cache(maxsize=2**14)
def likely(header: str) -> tuple[str, ...]:
    """The indicators that a header may be about: by a code, by words like its own, or by all of its words."""
    about = base(header)[0]
    words = frozenset(about.split())
    found = dict.fromkeys(codes_in(header))
    best: dict[str, float] = {}
    for spellings in _of_indicators().values():
        for spelling, code in spellings.items():
            own = spelling.split()
            if not spelling.isdecimal() and words.issuperset(own):
                best[code] = max(best.get(code, 0), 100 + len(own))
    for spelling, code in _of_indicators().get(_fixed(words), {}).items():
        alike = fuzz.token_sort_ratio(about, spelling)
        if alike >= LIKELY and len(about) >= _SHORT:
            best[code] = max(best.get(code, 0), alike)
    return tuple(found | dict.fromkeys(sorted(best, key=lambda code: -best[code])[:3]))

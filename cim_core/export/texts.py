"""What `explain` prints for a reader: the same rows as its JSON, line by line."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from cim_core.data.indicators import get
from cim_core.data.measures import MEASURE_NAMED
from cim_core.data.race_counts import AREA_NAMED, GROUP_NAMED, Area, Group
from cim_core.outlook import WAY_TITLED, Borderline, Way
from cim_core.placing.placement import RESULT_NAMED, Result
from cim_core.rules.outcome import OUTCOME_NAMED, Outcome
from cim_core.rules.rulebook import Comparator, Target
from cim_core.rules.sources import STATUS_NAMED, Provenance, Status
from cim_core.why import clauses
from cim_core.words.disclosure import Disclosure
from cim_core.words.messages import HowMany, Kind, Quantity
from cim_core.words.numbers import exactly, together
from cim_core.words.rounding import count

_DECIMALS = 2
_BORDERLINE = {
    Borderline.ONE_STUDENT.word: "outlook.shell.one_student",
    Borderline.STANDARD_ERROR.word: "outlook.shell.standard_error",
}


def text(told: dict[str, object], gate: Disclosure) -> str:
    """The rows of `explain` (see `cim_core.export.rows` and `cim_core.export.outlook_rows`) as text."""
    lines = [str(_part(told, "letter")["sentence"]), str(told["headline"]), ""]
    lines += [f"- {reason}" for reason in _list(told["reasons"])]
    lines += ["", gate.say_id("shell.ladder")]
    for clause in _list(told["clauses"]):
        mark = "→" if clause["deciding"] else " "
        outcome = gate.say_id(OUTCOME_NAMED[Outcome[clause["outcome"].upper()]])
        lines.append(f"{mark} {clause['placement']}: {clause['sentence']} – {outcome}: {clause['detail']}")
        lines.append(f"    {clause['source']}")
    lines += ["", gate.say_id("shell.indicators")]
    for each in _list(told["indicators"]):
        if each["result"] == "missing" and not each["element"]:
            continue
        counted = each["numerator"] is not None and each["denominator"] is not None and not each["inferred"]
        counts = f" ({count(each['numerator'])} / {count(each['denominator'])})" if counted else ""
        aim = _target_of(each)
        rate = _rate(each["indicator"], each["rate"], aim)
        target = ""
        if aim is not None:
            status = gate.say_id(STATUS_NAMED[Status(each["target_status"])])
            target = f", {aim.beside(rate)} ({_set_for(each, gate)}, {status})"
        value = each["missing"] if rate is None else f"{gate.number(rate)}{counts}"
        of_state = _rate(each["indicator"], each["ranked_with_state_value"], aim)
        if of_state is not None:
            value = gate.say_id("rank.with_state", value=value, rate=gate.number(of_state))
        result = gate.say_id(RESULT_NAMED[Result[each["result"].upper()]])
        lines.append(f"  {each['indicator']:<9}{value}{target}: {result}{_near(each, gate)}")
    lines += _beyond(told, gate)
    lines += ["", *(str(part) for part in _list(told["support"]))]
    lines += ["", f"{gate.say_id('lag.title')} {told['lag']}"] if told["lag"] else []
    return "\n".join(lines) + "\n"


def _rate(code: str, value: float | None, target: Target | None = None) -> Quantity | None:
    """A value of a row as it is written everywhere; None where there is none."""
    if value is None:
        return None
    return clauses.rate(Fraction(str(value)), get(code), _DECIMALS, None, target)


def _target_of(each: dict[str, object]) -> Target | None:
    """The target of a row; None where it has no value."""
    if each["target"] is None:
        return None
    value = Decimal(str(each["target"])).normalize()
    status = Status(str(each["target_status"]))
    return Target(
        str(each["indicator"]), Comparator(str(each["comparator"])), value, "", Provenance("", status)
    )


def _set_for(each: dict[str, object], gate: Disclosure) -> str:
    """The year of a target, its measure, and that of the value where it is another one."""
    said = str(each["vintage"])
    if each["target_measure"] is None:
        return said
    target, value = (gate.say_id(MEASURE_NAMED[str(each[name])]) for name in ("target_measure", "measure"))
    said = gate.say_id("target.of_measure", vintage=said, measure=target)
    return said if target == value else gate.say_id("target.beside", vintage=said, value=value)


def _near(each: dict[str, object], gate: Disclosure) -> str:
    """Students, or points where there are none, to the other side of the target, and what is borderline."""
    said = ""
    if each["students_to_target"] is not None:
        said = gate.say_id("outlook.shell.students", n=str(each["students_to_target"]))
    elif each["points_to_target"] is not None:
        away = exactly(Quantity(Fraction(str(each["points_to_target"])), Kind.POINTS, _DECIMALS))
        said = gate.say_id("outlook.shell.points", points=gate.number(away))
    near = each["borderline"]
    return said if near == "no" else said + gate.say_id(_BORDERLINE[str(near)])


def _beyond(told: dict[str, object], gate: Disclosure) -> list[str]:
    """What would move it, how sure, since when, counts by race, beside whom, the edges of the ranking; of a
    year that is not over what each count can still do."""
    if told["so_far"] is not None:
        each = [f"  {one['indicator']:<9}{one['sentence']}" for one in _list(told["so_far"])]
        return ["", gate.say_id("so_far.title"), *each]
    lines = ["", gate.say_id("outlook.shell.moves")]
    exposed = _part(told, "exposure")["sentence"]
    for way, found in _part(told, "smallest_change").items():
        late = exposed if way == "more" else None
        said = [late, found["sentence"] if late is None or found["why_none"] is None else None]
        lines.append(f"  {gate.say_id(WAY_TITLED[Way(way)])}: {' '.join(one for one in said if one)}")
        lines += [f"    {one}" for one in found.get("base_rates", [])]
        for one in found.get("others", []):
            lines.append(f"    {gate.say_id('outlook.shell.or')} {one['sentence']}")
            lines += [f"      {each}" for each in one["base_rates"]]
    return [
        *lines,
        *_sure(told, gate),
        *_since(told),
        *_counts(told, gate),
        *_peers(told, gate),
        *_edges(told, gate),
    ]


def _sure(told: dict[str, object], gate: Disclosure) -> list[str]:
    certainty = _part(told, "certainty")
    lines = ["", f"{gate.say_id('outlook.shell.certainty')} {certainty['sentence']}"]
    lines += [f"  {one}" for one in (*certainty["beside"], *certainty["next_year"]["sentences"])]
    lines += ["", f"{gate.say_id('outlook.shell.chance')} {certainty['chance']}"]
    lines += [f"  {one}" for one in (*certainty["notice"], *certainty["held_fixed"])]
    for each in certainty["indicators"]:
        if each["wilson"] is None:
            continue
        low, high = each["wilson"]
        drawn = each["missed"] is not None and each["redrawn"]
        kind = "outlook.shell.range_missed" if drawn else "outlook.shell.range"
        values: dict[str, str | HowMany] = {
            "low": gate.bare(_rate(each["indicator"], low)),
            "high": gate.bare(_rate(each["indicator"], high)),
            "n": HowMany(each["missed"] or 0),
            "draws": HowMany(certainty["draws"]),
        }
        lines.append(f"  {each['indicator']:<9}{gate.say_id(kind, **values)}")
    return lines


def _since(told: dict[str, object]) -> list[str]:
    since = _part(told, "since")
    return ["", str(since["sentence"]), *(f"  {one['sentence']}" for one in since["steps"])]


def _counts(told: dict[str, object], gate: Disclosure) -> list[str]:
    """The sentence, and every ratio that could be worked out."""
    counts = _part(told, "disproportionality")
    lines = ["", str(counts["sentence"])]
    for line in counts["ratios"]:
        ratio = line["risk_ratio"] if line["risk_ratio"] is not None else line["alternate_risk_ratio"]
        if ratio is not None:
            names = ("cell", "total", "others_cell", "others_total")
            values = {name: "–" if line[name] is None else count(line[name]) for name in names}
            values["ratio"] = gate.number(Quantity(Fraction(str(ratio)), Kind.RATIO, _DECIMALS))
            group, area = Group[line["group"].upper()], Area[line["area"].upper()]
            who = f"{gate.say_id(GROUP_NAMED[group])}, {gate.say_id(AREA_NAMED[area])}"
            lines.append(f"  {who}: {gate.say_id('outlook.shell.ratio', **values)}")
    return lines


def _peers(told: dict[str, object], gate: Disclosure) -> list[str]:
    peers = _part(told, "peers")
    lines = ["", str(peers["sentence"]), *(f"  {one}" for one in peers["remarks"])]
    lines += [f"  {one['lea_name']} ({one['lea_code']}): {one['placement']}" for one in peers["leas"]]
    for each in peers["medians"]:
        here, median = (_rate(each["indicator"], each[name]) for name in ("here", "median"))
        if here is not None and median is not None:
            here, median = together(here, median)
        said = ["–" if rate is None else gate.number(rate) for rate in (here, median)]
        values: dict[str, str | HowMany] = {"here": said[0], "median": said[1], "n": HowMany(each["leas"])}
        lines.append(f"  {each['indicator']:<9}{gate.say_id('outlook.shell.median', **values)}")
    return lines


def _edges(told: dict[str, object], gate: Disclosure) -> list[str]:
    edges = _list(told["edges"])
    lines = ["", gate.say_id("outlook.shell.edges")] if edges else []
    for one in edges:
        lines.append(f"  {one['sentence']}")
        lines += [f"    {gate.say_id('outlook.shell.alone')} {each}" for each in one["alone"]]
    return lines


def _part(told: dict[str, object], name: str) -> dict:  # type: ignore[type-arg]
    found = told[name]
    assert isinstance(found, dict)
    return found


def _list(value: object) -> list:  # type: ignore[type-arg]
    assert isinstance(value, list)
    return value

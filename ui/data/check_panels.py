"""Worth a check: what was found in the files by kind, to be accepted or mended, downloaded, marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

import streamlit as st

from cim_core.export import rows as export
from cim_core.intake import bundle as bundles
from cim_core.intake.assembly.opening import Upload
from cim_core.intake.problems import SEVERITY_NAMED, Problem, Severity
from cim_core.words.messages import HowMany
from ui.data import cell_panels
from ui.shared import downloads, open_files, parts, tables
from ui.shared.reader import apart
from ui.shared.results import View
from ui.shared.shelf import shelf
from ui.shared.words_on_screen import gate, head_of, md, t

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_MOST_SHOWN = 200
_MOST_SINGLE = 200


def card(view: View) -> None:
    """Findings by kind, the worst first, each with its list; the accepted, the cells, downloads."""
    still = view.open_problems
    with st.container(border=True, key="card_checks"):
        parts.show(parts.heading(t("data.read.checks_title"), beside=_said(view, len(still))))
        for of_kind in _by_kind(still):
            _group(view, of_kind)
        accepted = [problem for problem in view.intake.problems if view.bundle.accepts(problem)]
        if accepted:
            _accepted(view, accepted)
        if len(view.intake.dataset):
            cell_panels.fold(view, still)
        if view.intake.problems:
            _downloads(view)


def _said(view: View, still: int) -> str:
    """How many findings there are, or that there are none, and about whom."""
    if not view.intake.problems:
        said = t("data.no_problems")
    else:
        said = t("data.problems", n=HowMany(still)) if still else t("data.all_accepted")
    return f"{said} {t('mine.problems')}" if view.looking.mine else said


def _accepted(view: View, accepted: Sequence[Problem]) -> None:
    title = t("data.accepted", n=HowMany(len(accepted)))
    fold = st.expander(title, key="checks_accepted", on_change="rerun")
    if not fold.open:
        return
    with fold:
        for of_kind in _by_kind(accepted):
            st.markdown(md(f"{of_kind[0].title(gate())} ({len(of_kind)})"))
            parts.show(parts.table(_head(), tables.problems(of_kind[:_MOST_SHOWN])))
            _take_back(view, of_kind)


def _by_kind(found: Sequence[Problem]) -> list[list[Problem]]:
    ordered = sorted(found, key=lambda one: (_ORDER.index(one.severity), one.kind))
    groups = [list(each) for _, each in groupby(ordered, key=lambda one: (one.severity, one.kind))]
    return sorted(groups, key=lambda each: (_ORDER.index(each[0].severity), -len(each)))


def _head() -> list[str]:
    return head_of("head.severity", "head.where", "head.found", "head.expected", "head.mend")


def _group(view: View, of_kind: list[Problem]) -> None:
    first = of_kind[0]
    severity = t(SEVERITY_NAMED[first.severity])
    title = t("data.problem_kind", severity=severity, title=first.title(gate()), n=HowMany(len(of_kind)))
    fold = st.expander(
        md(title), expanded=first.severity is Severity.ERROR, key=f"check_{first.severity}_{first.kind}",
        on_change="rerun",
    )  # fmt: skip
    if not fold.open:
        return
    with fold:
        parts.show(parts.table(_head(), tables.problems(of_kind[:_MOST_SHOWN])))
        if len(of_kind) > _MOST_SHOWN:
            st.caption(t("data.more_problems", n=HowMany(len(of_kind)), shown=HowMany(_MOST_SHOWN)))
        if first.severity is not Severity.WARNING or not view.bundle.parts:
            return
        st.button(
            t("data.accept_kind", n=HowMany(len(of_kind))), key=f"accept_{first.kind}", on_click=_accept,
            args=(_keys(view, of_kind),),
        )  # fmt: skip
        if len(of_kind) > 1:
            _single(of_kind, "accept", _accept_chosen)


def _keys(view: View, of_kind: list[Problem]) -> tuple[str, ...]:
    """What accepts these findings only: one by one where they are few, else the kind in its files."""
    if len(of_kind) <= _MOST_SINGLE:
        return tuple(one.key for one in of_kind)
    files = {one.file for one in of_kind}
    return tuple(
        bundles.of_kind(of_kind[0].kind, part.digest) for part in view.bundle.parts if part.file in files
    )


_SINGLE = {"accept": "data.accept_single", "take_back": "data.take_back_single"}
_CHOSEN = {"accept": "data.accept_chosen", "take_back": "data.take_back_chosen"}


def _single(of_kind: list[Problem], what: str, on_click: Callable[[str], None]) -> None:
    """Choose some findings of a kind by place, and do it with these only."""
    names = {one.key: f"{one.where(gate())}: {one.shown(gate())}" for one in of_kind[:_MOST_SINGLE]}
    key = f"{what}_some_{of_kind[0].kind}"
    st.multiselect(
        t(_SINGLE[what]), list(names), format_func=lambda one: names[one], key=key,
        placeholder=t("data.choose"),
    )  # fmt: skip
    st.button(t(_CHOSEN[what]), key=f"{what}_single_{of_kind[0].kind}", on_click=on_click, args=(key,))


def _take_back(view: View, of_kind: list[Problem]) -> None:
    kind = of_kind[0].kind
    every = {one.key for one in of_kind} | {bundles.of_kind(kind, part.digest) for part in view.bundle.parts}
    st.button(t("data.take_back"), key=f"withdraw_{kind}", on_click=_withdraw, args=(tuple(every),))
    singly = [one for one in of_kind if one.key in view.bundle.accepted]
    if len(singly) > 1:
        _single(singly, "take_back", _withdraw_chosen)


def _accept(keys: tuple[str, ...]) -> None:
    now = open_files.bundle()
    if now is not None:
        open_files.open_bundle(now.accept(keys))


def _accept_chosen(key: str) -> None:
    _accept(tuple(st.session_state.get(key, ())))


def _withdraw_chosen(key: str) -> None:
    _withdraw(tuple(st.session_state.get(key, ())))


def _withdraw(keys: tuple[str, ...]) -> None:
    now = open_files.bundle()
    if now is not None:
        open_files.open_bundle(now.withdraw(keys))


def _downloads(view: View) -> None:
    with st.container(horizontal=True):
        downloads.button(
            t("data.download_problems"),
            partial(_problems_csv, view),
            file_name="problems.csv",
            mime="text/csv",
            key="problems_export",
        )
        for part, about in view.files:
            kept = shelf().get(part.digest)
            if kept is None or not about.layout:
                continue
            of_file = Upload(part.file, kept[1])
            made = partial(_marked, of_file, view.intake.problems)
            downloads.button(
                md(t("data.download_marked", name=part.file)),
                made,
                file_name=f"{part.file.rsplit('.', 1)[0]}_marked.xlsx",
                mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                key=f"marked_{part.digest[:12]}",
                on_click="ignore",
            )


def _problems_csv(view: View) -> bytes:
    columns = ("severity", "kind", "file", "sheet", "row", "column", "found", "expected", "mend", "accepted")
    rows: list[dict[str, export.Plain]] = [
        {
            "severity": problem.severity.value,
            "kind": problem.title(gate()),
            "file": problem.file,
            "sheet": problem.sheet,
            "row": problem.row,
            "column": problem.column,
            "found": problem.shown(gate()),
            "expected": problem.expected(gate()),
            "mend": problem.mend(gate()),
            "accepted": view.bundle.accepts(problem),
        }
        for problem in view.intake.problems
    ]
    return export.csv_bytes(rows, columns)


def _marked(upload: Upload, problems: Sequence[Problem]) -> bytes:
    """The copy of a workbook with its problems marked, made in a worker."""
    from cim_core.export import marked_copy  # imported here: most sessions never ask for a copy

    return apart().run(marked_copy.marked, upload, problems, gate())

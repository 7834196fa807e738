"""LEAs like this one: who they are, where they are placed, their rates beside."""

from __future__ import annotations

import streamlit as st

from cim_core import peers as likes
from cim_core.data.dataset import Missing, lea_key
from cim_core.data.facts import MISSING_IN_SHORT
from cim_core.data.indicators import POSITION
from cim_core.intake.questions import collection_name
from cim_core.peers import Compared, Peer, Peers, PeerSource
from cim_core.placing.placement import Placements
from cim_core.placing.ranking import Reference
from cim_core.whatif import scenario as scenarios
from cim_core.why import region
from cim_core.words.messages import HowMany, Quantity, message
from ui.shared import drawing, html_parts, parts, peers_drawing, region_spread, results, tables
from ui.shared.kept import kept
from ui.shared.results import View
from ui.shared.words_on_screen import gate, md, t

_EDITS = "peers_edits"
_DIFFERENCE = {None: "peers.same", True: "peers.better", False: "peers.worse"}


def peers(view: View, row: int) -> None:
    """The block, folded under its finding: list, change of the list, rates beside, method.

    Whoever may see some LEAs alone is shown how the region is spread in its place.
    """
    if view.seen.leas:
        region_spread.show(view, row)
        return
    found = _found(view, row)
    with st.expander(md(gate().say(likes.finding(found))), key="peers"):
        _block(view, found)


def beside(view: View, row: int) -> None:
    """The same block unfolded, where an LEA is looked at beside those like it."""
    if view.seen.leas:
        region_spread.show(view, row)
        return
    found = _found(view, row)
    st.header(md(gate().say(likes.finding(found))), anchor=False)
    _block(view, found)


def _block(view: View, found: Peers) -> None:
    for remark in _remarks(found):
        st.markdown(md(remark))
    if found.each:
        html_parts.table(*_who(found))
    _change(view, found)
    if found.each and not found.compared:
        st.markdown(md(t("peers.rates_none")))
    elif found.each:
        _rates(found, gate().say(likes.finding(found)))
    st.caption(md(t("peers.method")))
    if found.source is PeerSource.STATEWIDE:
        st.caption(md(t("peers.assumed_swd")))


def _found(view: View, row: int) -> Peers:
    """The peers of a row with this session's changes to its list; LEAs not there now are left out."""
    written = "" if view.scenario.is_empty else scenarios.dumps(view.scenario)
    among = pool(view.placements, view.reference, written)
    added, dropped = st.session_state.get(_EDITS, {}).get(_key(view, row), ((), ()))
    plain_list = likes.peers(view.placements, row, view.reference, pool=among)
    if not (added or dropped):
        return plain_list
    there = {str(among.dataset.lea_key[at]) for at in likes.candidates(plain_list)}
    for code in (one for one in added if one in there):
        plain_list = likes.add(plain_list, code)
    for code in dropped:
        plain_list = likes.drop(plain_list, code)
    return plain_list


def pool(placements: Placements, against: Reference, scenario: str = "") -> Placements:
    """Everybody peers may come from, under a scenario as text."""
    if likes.statewide(against) is None:
        return placements
    return _placed(results.rulebook_id(), scenario, placements, against)


@kept
def _placed(rulebook_id: str, scenario: str, _placements: Placements, _against: Reference) -> Placements:
    """The state placed by the rules that run; rulebook and scenario, as text, say all that it depends on."""
    return likes.place_pool(_placements, _against)


def _key(view: View, row: int) -> str:
    return f"{view.reference.kind.value} {view.placements.dataset.lea_key[row]}"


def _remarks(found: Peers) -> list[str]:
    """What to know about the list: size, placements, years, sources, that it is no statewide list."""
    each_said = (likes.illustration(found), likes.size(found), likes.placed(found))
    said = [gate().say(each) for each in each_said if each is not None]
    if found.older and found.each:
        here = str(found.placements.dataset.year[found.row])
        said.append(t("peers.years_differ", theirs=found.year or "", here=here))
    said += filter(None, (_other_collections(found, each) for each in found.compared))
    if found.source is PeerSource.FILE:
        said.append(t("peers.within"))
    if found.edited and found.found:
        said.append(t("peers.edited", n=HowMany(len(found.found))))
    return said


def _other_collections(found: Peers, each: Compared) -> str | None:
    """That an indicator comes from another public collection for the peers than here, where it does."""
    code = each.indicator.code
    here = found.placements.dataset.origin_of(found.row, code)
    if here is None or each.here is None or not here.collection:
        return None
    origins = (found.pool.dataset.origin_of(peer.row, code) for peer in found.each)
    apart = sorted({origin.collection for origin in origins if origin} - {here.collection, ""})
    if not apart:
        return None
    names = tuple(collection_name(other) for other in apart)
    mine, title = collection_name(here.collection), each.indicator.title
    return t("peers.collections_differ", title=title, here=mine, theirs=names)


def _who(found: Peers) -> tuple[list[str], list[list[html_parts.Cell]], list[int]]:
    """The list as head, lines and the columns that are numbers; type and enrollment only where known."""
    typed = any(peer.lea_type for peer in found.each)
    enrolled = any(peer.enrollment is not None for peer in found.each)
    head = [t("head.lea"), t("head.swd"), t("peers.size_head")]
    head += [t("head.type")] * typed + [t("peers.enrollment")] * enrolled
    bases = [t("peers.based", k=HowMany(peer.counted), m=HowMany(peer.elements)) for peer in found.each]
    apart = len(set(bases)) > 1  # the same for all is said above the list
    head += [t("head.placement")] + [t("peers.basis_head")] * apart
    lines = []
    for peer, basis in zip(found.each, bases, strict=True):
        ratio = t("peers.unknown") if peer.ratio is None else t("peers.times", ratio=peer.ratio)
        line: list[html_parts.Cell] = [_name(found, peer), gate().bare(peer.swd), ratio]
        line += [peer.lea_type or "–"] * typed + [gate().bare(peer.enrollment)] * enrolled
        line += [gate().say(peer.placed)]
        line += [basis] * apart
        lines.append(line)
    return head, lines, [1, 2, *([4 if typed else 3] if enrolled else [])]


def _name(found: Peers, peer: Peer) -> html_parts.Cell:
    """A name, with the code where others of the pool's year share it; in the file a link to its why."""
    if found.source is PeerSource.FILE and not peer.added:
        return tables.lea_link(found.pool, peer.row)
    name = _named(found, peer)
    return t("with_note", what=name, note=message("peers.by_hand")) if peer.added else name


def _named(one: Peers, peer: Peer) -> str:
    data = one.pool.dataset
    same = (data.lea_name == peer.lea_name) & (data.year == one.year)
    return f"{peer.lea_name} ({peer.lea_code})" if same.sum() > 1 else peer.lea_name


def _change(view: View, found: Peers) -> None:
    """A box with everybody who may be on the list; what is chosen is kept for each LEA of the session."""
    if not st.toggle(t("peers.edit"), key="peers_edit"):
        return
    data = found.pool.dataset
    names = {
        str(data.lea_key[at]): f"{data.lea_name[at]} ({data.lea_code[at]})" for at in likes.candidates(found)
    }
    key = _key(view, found.row)
    widget = "peers_list"

    def keep() -> None:
        st.session_state.setdefault(_EDITS, {})[key] = likes.changed_to(found, st.session_state[widget])

    def forget() -> None:
        st.session_state.setdefault(_EDITS, {}).pop(key, None)

    st.session_state[widget] = [lea_key(peer.lea_code) for peer in found.each]
    st.multiselect(
        t("peers.edit_label"),
        list(names),
        format_func=names.__getitem__,
        key=widget,
        help=t("peers.edit_help"),
        on_change=keep,
    )
    if found.edited:
        st.button(t("peers.edit_back"), key="peers_back", on_click=forget)


def _rates(found: Peers, said: str) -> None:
    """Rates beside theirs: a strip for each, one table for all, and each LEA's own on demand."""
    parts.show(parts.heading(t("peers.rates_head"), level=3))
    heard = t("peers.alt_chart", finding=said)
    file = f"peers_{found.placements.dataset.lea_code[found.row]}"
    wide, narrow = (peers_drawing.drawn(found.compared, heard, wide) for wide in (True, False))
    drawing.picture(wide, "peers_rates", t("peers.read"), narrow, save=file)
    html_parts.table(*_beside(found))
    if st.toggle(t("peers.show_each"), key="peers_each"):
        head = [t("head.lea"), *(gate().say(each.indicator.title) for each in found.compared)]
        html_parts.table(head, _each(found), range(1, len(head)), css="cim-first")


def _beside(found: Peers) -> tuple[list[str], list[list[str]], list[int]]:
    """This LEA, the median with all that it is made of, and the difference, as head, lines and numbers."""
    head = [t("head.indicator"), t("peers.this"), t("peers.median"), t("peers.difference")]
    head += [t("peers.with_data"), t("peers.sorted")]
    lines = []
    for each in found.compared:
        ordered = sorted((value for _, value in each.each), key=lambda value: value.value)
        lines.append(
            [
                gate().say(each.indicator.title),
                _here(found, each),
                gate().number(each.median),
                _difference(each),
                str(len(each.each)),
                " · ".join(gate().bare(value) for value in ordered),
            ]
        )
    return head, lines, [1, 2, 3, 4]


def _here(found: Peers, each: Compared) -> str:
    if each.here is not None:
        if not each.reliable:
            few = message("lea.few", n=HowMany(region.RELIABLE))
            return t("with_note", what=each.here, note=few)
        return gate().number(each.here)
    return _missing(found.placements, found.row, each)


def _missing(placements: Placements, row: int, each: Compared) -> str:
    reason = Missing(int(placements.dataset.missing[row, POSITION[each.indicator.code]]))
    return t(MISSING_IN_SHORT[reason])


def _difference(each: Compared) -> str:
    gap = gate().value(each.gap)
    if gap is None:
        return "–"
    word = t(_DIFFERENCE[each.better])
    sign = "+" if gap > 0 else ""
    return t("with_note", what=f"{sign}{gate().bare(each.gap)}", note=word) if gap else word


def _each(found: Peers) -> list[list[str]]:
    """Every peer's own rate, one line for each LEA, this one first."""
    lines = [[t("peers.this"), *(_here(found, each) for each in found.compared)]]
    for at, peer in enumerate(found.each):
        values: list[Quantity | None] = [dict(each.each).get(at) for each in found.compared]
        cells = [
            gate().number(value) if value is not None else _missing(found.pool, peer.row, each)
            for value, each in zip(values, found.compared, strict=True)
        ]
        lines.append([_named(found, peer), *cells])
    return lines

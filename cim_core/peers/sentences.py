"""What is said of the LEAs like one: the finding, their sizes, where they are placed."""

from __future__ import annotations

from collections import Counter

from cim_core.peers.search import Lacking, Peers, PeerSource, county_office
from cim_core.why.clauses import students
from cim_core.words.messages import HowMany, Message, MessageFamily, message

_NONE = MessageFamily("peers.none.{}", tuple(Lacking))
_WHO_EDITED = MessageFamily("peers.who.edited.{}", tuple(PeerSource))
_WHO = {
    (True, False): MessageFamily("peers.who.like.{}", tuple(PeerSource)),
    (True, True): MessageFamily("peers.who.like_county.{}", tuple(PeerSource)),
    (False, False): MessageFamily("peers.who.nearest.{}", tuple(PeerSource)),
    (False, True): MessageFamily("peers.who.nearest_county.{}", tuple(PeerSource)),
}
"""By whether all are of like size, and whether all are county offices."""
_TALLY = {
    "label": "peers.tally.label",
    "ranking": "peers.tally.ranking",
    "too_little": "peers.tally.too_little",
}
_PLACED = {PeerSource.STATEWIDE: "peers.placed.statewide", PeerSource.FILE: "peers.placed.file"}


def _who(peers: Peers) -> MessageFamily[PeerSource]:
    if peers.edited:
        return _WHO_EDITED
    like = all(peer.like_size for peer in peers.each)
    return _WHO[like, all(county_office(peers.pool.dataset, peer.row) for peer in peers.each)]


def finding(peers: Peers) -> Message:
    """One sentence: what differs most from the peers' median, or why nothing can be said."""
    if not peers.each:
        return message("peers.none.dropped" if peers.lacking is None else _NONE[peers.lacking])
    who = message(_who(peers)[peers.source], n=HowMany(len(peers.each)))
    most = peers.standing_out
    if most is None or most.here is None:
        compared = any(each.gap for each in peers.compared)
        return message("peers.finding_none_apart" if compared else "peers.finding_nothing", who=who)
    kind = "peers.finding_better" if most.better else "peers.finding_worse"
    return message(kind, who=who, title=most.indicator.title, here=most.here, median=most.median)


def illustration(one: Peers) -> Message | None:
    """That placements of the state's LEAs are not CDE's; None where peers come from the file."""
    return message("peers.illustration") if one.each and one.source is PeerSource.STATEWIDE else None


def size(peers: Peers) -> Message | None:
    """How alike in size they are, in words; None where this LEA's or everybody's number is not known."""
    known = [peer.swd for peer in peers.each if peer.ratio is not None and peer.swd is not None]
    if not known:
        return None
    here = students(int(peers.placements.dataset.swd[peers.row]))
    low, *_, high = sorted([*known, known[0]], key=lambda one: one.value)
    like = sum(bool(peer.like_size) for peer in peers.each)
    kind = "peers.size_all" if like == len(peers.each) else "peers.size_some"
    return message(kind, here=here, low=low, high=high, n=HowMany(like), all=HowMany(len(peers.each)))


def placed(peers: Peers) -> Message | None:
    """How many peers are in each placement, most intensive first, and on how many elements that rests."""
    if not peers.each:
        return None
    counts = Counter((peer.placement, peer.standing) for peer in peers.each)
    ordered = sorted(counts.items(), key=lambda each: (-each[0][0].severity, each[0][1]))
    tally = tuple(
        message(_TALLY[standing], n=HowMany(n), placement=which.label) for (which, standing), n in ordered
    )
    counted = [peer.counted for peer in peers.each]
    low, high, total = min(counted), max(counted), peers.each[0].elements
    basis = message(
        "peers.basis_same" if low == high else "peers.basis_range",
        low=HowMany(low),
        high=HowMany(high),
        m=HowMany(total),
    )
    open_still = [peer for peer in peers.each if not peer.firm and peer.standing != "too_little"]
    unsure = len(open_still)
    said = message(_PLACED[peers.source], tally=tally, basis=basis, year=peers.year or "")
    if not unsure:
        return said
    return message("peers.unsure", said=said, n=HowMany(unsure), all=HowMany(len(peers.each)))

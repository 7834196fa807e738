"""What one version of a dataset has that another has not, in words a person said or did it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cim_core.data.facts import FACT_NAMED, Fact
from cim_core.data.outside import quoted
from cim_core.data.typed_lines import TypedLine
from cim_core.intake import my_leas
from cim_core.intake.bundle import Bundle, BundleFile
from cim_core.intake.questions import Ask
from cim_core.letters import entered
from cim_core.outlook import entered_counts
from cim_core.words.messages import HowMany, Message, MessageFamily, message

Content = Callable[[str], bytes]
"""The bytes of a file by their SHA-256; none for a file that is not here."""
_ASKED: MessageFamily[str] = MessageFamily("store.asked.{}", tuple(Ask))
_MOST_ANSWER = 40
_LIST = "list-"
"""How the key of a long list begins that is kept beside the dataset."""


def differences(before: Bundle, after: Bundle, content: Content) -> tuple[Message, ...]:
    """What was done from one version to the other, one sentence each; nothing where they are the same."""
    return (*_files(before, after, content), *_answers(before, after), *_choices(before, after))


def _files(before: Bundle, after: Bundle, content: Content) -> Iterator[Message]:
    was, now = _by_name(before), _by_name(after)
    for name in sorted(was.keys() | now.keys()):
        old, new = was.get(name), now.get(name)
        if old is not None and new is not None and old.digest == new.digest:
            continue
        typed = _typed(name, old, new, content)
        if typed is not None:
            yield typed
        elif old is None:
            yield message("store.change.added", name=quoted(name))
        elif new is None:
            yield message("store.change.removed", name=quoted(name))
        else:
            yield message("store.change.replaced", name=quoted(name))


def _typed(name: str, old: BundleFile | None, new: BundleFile | None, content: Content) -> Message | None:
    """For what was typed: about which LEAs; None for any other file, or where its lines are the same."""
    readers: tuple[tuple[str, Callable[[bytes], tuple[TypedLine, ...]], str], ...] = (
        (entered.FILE, entered.loads, "store.change.letters"),
        (entered_counts.FILE, entered_counts.loads, "store.change.counts"),
    )
    for file, read, said in readers:
        if name.startswith(file):
            was, now = (set(read(content(part.digest))) if part else set() for part in (old, new))
            names = sorted({line.lea_name or line.lea_code for line in was ^ now})
            return message(said, each=tuple(names)) if names else None
    return None


def _answers(before: Bundle, after: Bundle) -> Iterator[Message]:
    was, now = _by_name(before), _by_name(after)
    for name in sorted(was.keys() & now.keys()):
        yield from _answered(name, was[name].answers, now[name].answers)
        if was[name].mapping != now[name].mapping:
            yield message("store.change.mapping", name=quoted(name))


def _answered(name: str, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Message]:
    for question in sorted(was.keys() | now.keys()):
        if was.get(question) == now.get(question):
            continue
        kind = question.partition(":")[0]
        about = message(_ASKED[kind]) if kind in set(Ask) else message("store.asked.other")
        answer = now.get(question)
        if answer is None:
            yield message("store.change.open_again", name=quoted(name), about=about)
        else:
            yield message(
                "store.change.answered", name=quoted(name), about=about, answer=quoted(answer, _MOST_ANSWER)
            )


def _choices(before: Bundle, after: Bundle) -> Iterator[Message]:
    if more := after.accepted - before.accepted:
        yield message("store.change.accepted", n=HowMany(len(more)))
    if less := before.accepted - after.accepted:
        yield message("store.change.withdrawn", n=HowMany(len(less)))
    if before.mine != after.mine:
        yield _chosen(after.mine)
    if before.assume != after.assume:
        facts = [message(FACT_NAMED[Fact(kind)]) for kind in after.assume.split(",") if kind in set(Fact)]
        if facts:
            yield message("store.change.assume", each=tuple(facts))
        else:
            yield message("store.change.assume_nothing")


def _chosen(mine: str) -> Message:
    """Whose LEAs are looked at; a long list is kept elsewhere, by a key without a sign between its parts."""
    if not mine:
        return message("store.change.everybody")
    choice = my_leas.from_link(mine)
    if mine.startswith(_LIST) or choice.is_empty:
        return message("store.change.mine_list")
    leas = [message("store.change.leas", n=HowMany(len(choice.leas)))] if choice.leas else []
    return message("store.change.mine", each=(*choice.selpas, *choice.counties, *leas))


def _by_name(bundle: Bundle) -> dict[str, BundleFile]:
    return {part.file: part for part in bundle.parts}

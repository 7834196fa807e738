"""Whose LEAs are looked at: the choice as text, and data and placements that look at them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cim_core.data.dataset import Dataset, lea_key
from cim_core.intake import Intake, my_leas
from cim_core.intake.my_leas import Choice, LeasOfFile
from cim_core.placing.placement import Placements
from ui.shared.kept import kept
from ui.shared.shelf import LIST, shelf

MOST_IN_A_LINK = 800
"""Characters of a choice that an address carries; a longer one stays on the shelf of this process."""


@dataclass(frozen=True, slots=True)
class Looking:
    """Whose LEAs are looked at: all of the files (`leas`), what was chosen among them, and what is shown.

    `asked` is the choice as text, empty where nobody chose; `mine` the same, empty where everybody is looked
    at, as are `keys` then. `whole`: a person said to look at all in the file.
    """

    leas: LeasOfFile
    choice: Choice = field(default_factory=Choice)
    asked: str = ""
    whole: bool = False

    @property
    def chosen(self) -> frozenset[str]:
        """The keys of those that were chosen and are in the files."""
        return self.leas.keys(self.choice)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of those that are looked at; empty for everybody."""
        return frozenset() if self.whole else self.chosen

    @property
    def mine(self) -> str:
        """The choice as text where it is looked at."""
        return self.asked if self.keys else ""

    @property
    def is_open(self) -> bool:
        """Whether one may ask whose LEAs they are, and nobody has answered."""
        return self.leas.are_many and not self.asked and not self.whole

    def among(self, whole: Placements, *key: str) -> Placements:
        """Placements that look at them; the very same for everybody. `key` says what they are."""
        return _among(key, self.mine, whole, self.keys) if self.mine else whole

    def taken(self, whole: Intake, *key: str) -> Intake:
        """What the files held, looked at likewise, without what was found about other LEAs alone."""
        return _taken(key, self.mine, whole, self.keys, frozenset(self.leas.names)) if self.mine else whole


def looking(where: str, asked: str, whole: bool, dataset: Dataset) -> Looking:
    """Whose LEAs of the files at `where` are looked at, by the text of an address."""
    return Looking(_of_file(where, dataset), read(asked), asked, whole)


def written(choice: Choice) -> str:
    """A choice for an address: the text itself, or where a long one is kept."""
    text = choice.in_link()
    return text if len(text) <= MOST_IN_A_LINK else shelf().put(choice.name, text.encode(), LIST)


def read(text: str) -> Choice:
    """The choice of an address; an empty one where its list is no longer kept."""
    if not text.startswith(LIST):
        return my_leas.from_link(text)
    held = shelf().get(text)
    return Choice() if held is None else my_leas.from_link(held[1].decode())


@kept
def _of_file(where: str, _dataset: Dataset) -> LeasOfFile:
    return LeasOfFile(_dataset)


@kept
def _among(key: tuple[str, ...], mine: str, _whole: Placements, _keys: frozenset[str]) -> Placements:
    return _whole.looking_at(_keys)


@kept
def _taken(
    key: tuple[str, ...], mine: str, _whole: Intake, _keys: frozenset[str], _all: frozenset[str]
) -> Intake:
    others = _all - _keys
    about = tuple(one for one in _whole.problems if lea_key(one.lea_code) not in others)
    return replace(_whole, dataset=_whole.dataset.looking_at(_keys), problems=about)

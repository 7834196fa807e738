"""A TOML table whose every value is asked for by name and type; what nobody asked for is refused.

Unknown keys are refused as firmly as missing ones, and TOML itself refuses a key written twice: a threshold
that is silently ignored would be worse than an error.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal

from cim_core.data import indicators, outside
from cim_core.data.outside import NamesMeetError, TooDeepError, listed, quoted, quoted_value

Raw = dict[str, object]
"""The plain values of a TOML file: tables as dicts, numbers with a point as Decimal."""

_LARGEST = 1_000_000
_FINEST = Decimal("0.000001")
MOST_LETTERS = 1_000_000
"""Characters of a TOML file; the largest of ours has a hundredth of that."""


class SchemaError(ValueError):
    """A TOML file that cannot be used: says the file, the key, what was found and what was expected."""

    def __init__(self, file: str, key: str, found: str, expected: str) -> None:
        self.file, self.key, self.found = quoted(file), quoted(key), quoted(found)
        self.expected = outside.shortened(expected)
        super().__init__(f"{self.file}, key {self.key}: found {self.found}, expected {self.expected}")


def parse(content: str, file: str, *, as_it_is: bool = False) -> dict[str, object]:
    """TOML text as plain values, numbers with a point as Decimal. Raises SchemaError.

    Invisible characters are taken out of names and texts, unless they are to stay `as_it_is`: names of
    columns have to be those of the file.
    """
    if len(content) > MOST_LETTERS:
        raise SchemaError(file, "(file)", f"{len(content):,} characters", f"at most {MOST_LETTERS:,}")
    try:
        outside.check_text(content)
        values = tomllib.loads(content.removeprefix("\ufeff"), parse_float=Decimal)
        outside.check_depth(values)
        made = values if as_it_is else outside.plain_values(values)
    except (ValueError, ArithmeticError, RecursionError) as error:
        # tomllib's own words name line and column; what other faults say is about Python.
        said = isinstance(error, tomllib.TOMLDecodeError | TooDeepError | NamesMeetError)
        found = str(error) if said else "a number or date that cannot be"
        raise SchemaError(file, "(file)", found, "valid TOML with each key once") from error
    assert isinstance(made, dict)
    return made


class TomlTable:
    """One table of a file; `path` is its key from the top, empty for the top itself."""

    def __init__(self, raw: Mapping[str, object], file: str, path: str) -> None:
        self.raw, self.file, self.path = raw, file, path
        self.asked: set[str] = set()

    def key(self, name: str) -> str:
        """The full key of a name in this table."""
        return f"{self.path}.{name}" if self.path else name

    def fail(self, name: str, expected: str) -> SchemaError:
        """The error for a name: what was found there, and what was expected."""
        found = quoted_value(self.raw[name]) if name in self.raw else "nothing"
        return SchemaError(self.file, self.key(name), found, expected)

    def has(self, name: str) -> bool:
        """Whether the name is given."""
        return name in self.raw

    def text(self, name: str, default: str | None = None) -> str:
        """A text; without a default it must be there and not blank."""
        value = self._take(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.fail(name, "text in quotes")
        return value

    def whole(self, name: str, least: int = 0, default: int | None = None) -> int:
        """A whole number of at least `least`."""
        value = self._take(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _LARGEST:
            raise self.fail(name, f"a whole number from {least} to {_LARGEST:,}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """True or false."""
        value = self._take(name, default)
        if not isinstance(value, bool):
            raise self.fail(name, "true or false")
        return value

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        """A number of usual size, exact."""
        value = self._take(name, default)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise self.fail(name, "a number")
        number = Decimal(value)
        if number and not _FINEST <= number.copy_abs() <= _LARGEST:
            raise self.fail(name, f"a number no larger than {_LARGEST:,} and no finer than a millionth")
        return number

    def choice(self, name: str, choices: Mapping[str, object], default: str | None = None) -> str:
        """One of the given words."""
        value = self._take(name, default)
        if not isinstance(value, str) or value not in choices:
            raise self.fail(name, f"one of: {listed(choices)}")
        return value

    def codes(self, name: str, least: int = 0) -> tuple[str, ...]:
        """Indicator codes; at least `least` of them."""
        value = self._take(name, [])
        listed = value if isinstance(value, list) else [None]
        known = all(isinstance(one, str) and one in indicators.POSITION for one in listed)
        if not known or len(set(listed)) != len(listed):
            raise self.fail(name, "a list of indicator codes, each once: " + ", ".join(indicators.CODES))
        if len(listed) < least:
            raise self.fail(name, "at least one indicator code")
        return tuple(listed)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; none where the name is not given."""
        value = self._take(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.fail(name, "a list of texts in quotes")
        return tuple(value)

    def table(self, name: str) -> TomlTable:
        """A table inside this one."""
        value = self._take(name, None)
        if not isinstance(value, dict):
            raise self.fail(name, f"a table [{self.key(name)}]")
        return TomlTable(value, self.file, self.key(name))

    def tables(self, name: str) -> Iterator[TomlTable]:
        """The tables of a list, each with its id or position in its path."""
        value = self._take(name, None)
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            raise self.fail(name, f"one or more tables [[{self.key(name)}]]")
        for position, one in enumerate(value):
            yield TomlTable(one, self.file, f"{self.key(name)}[{one.get('id', position)}]")

    def done(self) -> None:
        """Refuse whatever nobody asked for."""
        for name in self.raw:
            if name not in self.asked:
                raise self.fail(name, f"no such key; known here: {listed(sorted(self.asked))}")

    def _take(self, name: str, default: object) -> object:
        self.asked.add(name)
        if name not in self.raw and default is None:
            raise self.fail(name, "this key, which is missing")
        return self.raw.get(name, default)

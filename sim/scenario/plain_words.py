"""Words of the command line that are so plain that they can be read without a parser.

Hydra's own parser takes a tenth of a second to load. Most words need none of it: a key, and a number, a name or a path.
What is told of them here is what Hydra tells; all other words are left to it.
"""

from __future__ import annotations

import re

_NAME, _WHOLE = r"[A-Za-z_][A-Za-z0-9_]*", r"(?:0|[1-9][0-9]{0,17})"
_PLAIN = re.compile(
    rf"(?P<key>{_NAME}(?:\.(?:{_NAME}|{_WHOLE}))*)="
    rf"(?:(?P<whole>-?{_WHOLE})|(?P<decimal>-?{_WHOLE}\.[0-9]{{1,18}})|(?P<text>[A-Za-z_/][A-Za-z0-9_./-]*))"
)
_NO_TEXT = {"true", "false", "null", "nan", "inf"}


def plain_word(word: str) -> tuple[str, int | float | str] | None:
    """Key and value of a plain ``KEY=VALUE``; None for any other.

    Examples
    --------
    >>> plain_word("outpost.range_km=7.5"), plain_word("output=/tmp/here"), plain_word("outpost.range_km='7.5'")
    (('outpost.range_km', 7.5), ('output', '/tmp/here'), None)
    """
    found = _PLAIN.fullmatch(word)
    if found is None:
        return None
    key, whole, decimal, text = found.groups()
    if whole is not None:
        return key, int(whole)
    if decimal is not None:
        return key, float(decimal)
    return None if text.lower() in _NO_TEXT else (key, text)

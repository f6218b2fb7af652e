"""What can be a name: of a case, of an entry, of a system."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 200


def can_be_kept(text: str) -> bool:
    r"""Whether every database keeps it: not empty nor too long, no character zero, no half characters.

    >>> can_be_kept("EXT-17"), can_be_kept(" "), can_be_kept("a\x00")
    (True, False, False)
    """
    if len(text) > LONGEST or not text or text.isspace():
        return False
    return (text.isascii() and text.isprintable()) or not any(_is_no_text(sign) for sign in text)


def _is_no_text(sign: str) -> bool:
    return sign == "\x00" or "\ud800" <= sign <= "\udfff"

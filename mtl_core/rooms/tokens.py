"""What a room is called, and how those in it are: a short code to be typed, and names that lead to nobody."""

from __future__ import annotations

import hashlib
import secrets

from mtl_core.spec.view import ROOM_LETTERS

__all__ = ["anonymous", "new_code", "new_secret"]

_LENGTH = 5
_NAME = 16  # characters


def new_code() -> str:
    """A code for a room: five letters, none of which looks like another or like a digit, and no vowels, so no words."""
    return "".join(secrets.choice(ROOM_LETTERS) for _place in range(_LENGTH))


def new_secret() -> str:
    """What only one browser knows: a salt, or the key of whoever leads a room."""
    return secrets.token_urlsafe(16)


def anonymous(salt: str, token: str) -> str:
    """The name of a token's holder in one room: the same each time there, another in every other room.

    Parameters
    ----------
    salt : str
        The room's; it is forgotten with the room, and from then on nobody can tell whose name it was.
    token : str
        What only its holder and the app know.
    """
    return hashlib.sha256(f"{salt} {token}".encode()).hexdigest()[:_NAME]

"""A room: a class that follows its teacher and votes. A pure state machine, and what pages read of it."""

from mtl_core.rooms.room import LEAST, Papers, Room
from mtl_core.rooms.tokens import anonymous, new_code, new_secret

__all__ = ["LEAST", "Papers", "Room", "anonymous", "new_code", "new_secret"]

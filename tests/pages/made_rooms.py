"""Rooms without a scheduler: what a page says is so at once."""

import time

from mtl_core.jobs.rooms import Rooms
from mtl_core.rooms import Room, machine


class MadeRooms(Rooms):
    """The rooms of one process, which keeps them itself."""

    def __init__(self) -> None:
        super().__init__(None)
        self.store: dict = {}

    def look(self, code: str) -> Room:
        super().look(code)
        self._wake()
        return super().look(code)

    def _wake(self) -> None:
        if not getattr(self, "_answering", False):
            self._answering = True
            message, sent = self.message()
            self.take(machine.answer(self.store, message, time.time()), sent)
            self._answering = False

    def only(self) -> str:
        """The code of the one room there is."""
        (code,) = self.store
        return code

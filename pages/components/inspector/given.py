"""What a visitor gives: a file or a pasted text, read and kept small; nothing of it is run or turned into objects.

What is kept is the architecture's JSON or the program's text, compressed, in this session's memory: no file, no store, no
link has it. The upload itself is let go as soon as it was read. Graphs are made anew from what is kept; those in use wait
in a cache that is bounded by their size, not by their number.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import threading
import zlib
from dataclasses import dataclass
from typing import BinaryIO

import cachetools
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.config.file import MAX_CONFIG_BYTES, NoConfigError, config_of_file
from mtl_core.graph.config.untrusted import shown, step
from mtl_core.graph.program import NoModelError, Program, Remark, read_file
from mtl_core.inspect.description import describe
from mtl_core.language import _

log = logging.getLogger(__name__)

__all__ = ["MAX_CACHED", "Given", "NotReadError", "let_go", "program_of", "read"]

MAX_CACHED = 104_000_000
"""Most bytes of graphs that are kept ready, over all sessions, by estimate: the two largest that one visitor can compare."""

_BYTES_A_CALL, _BYTES_AN_ARROW, _BYTES_A_PAIR = 1_100, 220, 0.75
"""Of a graph of which all was asked: each call, each arrow, and each pair of a call and an input or a head.

Measured: 23 MB of 9,500 calls, 26,800 arrows and 1,000 inputs and heads; 34 of 9,000 calls and 126,000 arrows.
"""

MOST_REASONS = 6
"""Most lines that are named where a program makes no model."""


class NotReadError(ModelFileError):
    """No model could be read; `remarks` say more of a program, a line each."""

    def __init__(self, sentence: str, remarks: tuple[Remark, ...] = ()) -> None:
        super().__init__(sentence)
        self.remarks = remarks


@dataclass(frozen=True, slots=True)
class Given:
    """A model or a program as it is kept.

    Parameters
    ----------
    name : str
        The file's, or what stands for a pasted text.
    packed : bytes
        Compressed: JSON of a config, or the text of a program.
    digest : str
        Of what is packed.
    """

    name: str
    packed: bytes
    digest: str


def read(name: str, file: bytes | BinaryIO) -> Given:
    """Read what a visitor gives, and keep what is needed of it.

    Raises
    ------
    NotReadError
        If there is no model in it that can be read.
    """
    try:
        with step():
            given = _kept(name, io.BytesIO(file) if isinstance(file, bytes) else file)
            program = program_of(given)
        _describe(program)
    except NoModelError as error:
        raise NotReadError(str(error), _reasons(error.remarks)) from None
    except ModelFileError as error:
        raise NotReadError(str(error)) from None
    except Exception as error:
        # Each cause that is known has its own sentence; this is the door for those that are not.
        what = f"{type(error).__name__}: {shown(error)}"
        log.exception("What a visitor gave raised %s", what)
        sentence = _(
            "Something in it is not as Keras writes it, or not known to this app yet ({what}). Try the text that "
            "model.to_json() returns."
        )
        raise NotReadError(sentence.format(what=what)) from None
    return given


def _kept(name: str, file: BinaryIO) -> Given:
    """What is kept of a file: the config's JSON, or the text if it is no config."""
    try:
        kept = json.dumps(config_of_file(file), ensure_ascii=False, separators=(",", ":")).encode()
    except RecursionError:  # just short of what the JSON reader refuses
        raise ModelFileError(_("The JSON is nested too deeply to be a model.")) from None
    except NoConfigError:
        file.seek(0)
        kept = file.read(MAX_CONFIG_BYTES)
    packed = zlib.compress(kept, level=1)
    return Given(name, packed, hashlib.sha256(packed).hexdigest())


def _describe(program: Program) -> None:
    """Say and draw what the page will, once: a model about which this raises would break the page at every look.

    One that only takes too long is kept. The page says so in the place of what takes long.
    """
    with contextlib.suppress(ModelFileError), step():
        for graph in reversed(program.models.values()):  # the last one is shown first
            describe(graph)
            graph.to_dot()


def _reasons(remarks: tuple[Remark, ...]) -> tuple[Remark, ...]:
    """Why a program makes no model: what Keras would refuse before what could not be followed."""
    return tuple(sorted(remarks, key=lambda remark: remark.kind != "refused")[:MOST_REASONS])


def let_go(upload: UploadedFile) -> None:
    """Free an upload; Streamlit itself would keep it until the visitor leaves, also when its widget is gone."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, upload.file_id)


def _size(program: Program) -> int:
    return len(program.text) + sum(map(_size_of_graph, program.models.values()))


def _size_of_graph(graph: CallGraph) -> int:
    calls, arrows, ends = len(graph.calls), sum(len(call.reads) for call in graph.calls), (graph.inputs, graph.heads)
    return int(_BYTES_A_CALL * calls + _BYTES_AN_ARROW * arrows + _BYTES_A_PAIR * calls * sum(map(len, ends)))


_cache: cachetools.LRUCache[str, Program] = cachetools.LRUCache(MAX_CACHED, getsizeof=_size)


@cachetools.cached(_cache, key=lambda given: given.digest, lock=threading.Lock())
def program_of(given: Given) -> Program:
    """The models of what was given; raises `ModelFileError` if there are none."""
    return read_file(zlib.decompress(given.packed))

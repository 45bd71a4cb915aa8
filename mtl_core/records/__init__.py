"""What comes back from a run: plain data that any process can hold, and the files that keep it."""

from mtl_core.records.archive import Head, decode_head, encode, pack, split
from mtl_core.records.bounds import BoundLines, Pair
from mtl_core.records.former_store import FORMER_FILE, read_over
from mtl_core.records.gallery import Gallery
from mtl_core.records.intervals import MOST_SAMPLES, Estimate, Verdict, difference_of_means, mean_and_interval
from mtl_core.records.kept import MAX_SNAPSHOT_BYTES, MAX_SNAPSHOTS, kept_epochs
from mtl_core.records.measures import Epoch, HeadMetrics, Pull, Response, TrainingDiverged, WhatIf
from mtl_core.records.plain import epoch_from_plain, epoch_to_plain
from mtl_core.records.run import Answer, Outcome, Run, RunState
from mtl_core.records.run_folder import RunFolder
from mtl_core.records.score import Score
from mtl_core.records.versions import ENGINE_VERSION, PACKAGES, run_key, versions

__all__ = [
    "ENGINE_VERSION",
    "FORMER_FILE",
    "MAX_SNAPSHOTS",
    "MAX_SNAPSHOT_BYTES",
    "MOST_SAMPLES",
    "PACKAGES",
    "Answer",
    "BoundLines",
    "Epoch",
    "Estimate",
    "Gallery",
    "Head",
    "HeadMetrics",
    "Outcome",
    "Pair",
    "Pull",
    "Response",
    "Run",
    "RunFolder",
    "RunState",
    "Score",
    "TrainingDiverged",
    "Verdict",
    "WhatIf",
    "decode_head",
    "difference_of_means",
    "encode",
    "epoch_from_plain",
    "epoch_to_plain",
    "kept_epochs",
    "mean_and_interval",
    "pack",
    "read_over",
    "run_key",
    "split",
    "versions",
]

"""What an experiment is, what is looked at, what is compared, and how they travel in a link."""

from mtl_core.spec.arrays import Float32, Float64
from mtl_core.spec.cost import DATA_BYTES_LIMIT, MEMORY_LIMIT, STEP_LIMIT, UPDATE_LIMIT, WORK_LIMIT
from mtl_core.spec.experiment import ExperimentSpec
from mtl_core.spec.factors import FACTORS, Factor
from mtl_core.spec.fields import VERSION, knob, knobs
from mtl_core.spec.layers import ENCODERS, HIDDEN, INPUTS, MERGED, OUTPUTS, OWN_INPUT, other_input
from mtl_core.spec.link import unknown_keys
from mtl_core.spec.parts import NUMBERS_ONLY, WORDS_SHAPE, DataSpec, ModelSpec, TrainSpec
from mtl_core.spec.presets import PRESETS, Preset
from mtl_core.spec.sweep import BETWEEN, MEASURES, SweepSpec
from mtl_core.spec.view import INSPECTED, ROOM_LETTERS, WORD_CODES, ViewSpec

__all__ = [
    "BETWEEN",
    "DATA_BYTES_LIMIT",
    "ENCODERS",
    "FACTORS",
    "HIDDEN",
    "INPUTS",
    "INSPECTED",
    "MEASURES",
    "MEMORY_LIMIT",
    "MERGED",
    "NUMBERS_ONLY",
    "OUTPUTS",
    "OWN_INPUT",
    "PRESETS",
    "ROOM_LETTERS",
    "STEP_LIMIT",
    "UPDATE_LIMIT",
    "VERSION",
    "WORDS_SHAPE",
    "WORD_CODES",
    "WORK_LIMIT",
    "DataSpec",
    "ExperimentSpec",
    "Factor",
    "Float32",
    "Float64",
    "ModelSpec",
    "Preset",
    "SweepSpec",
    "TrainSpec",
    "ViewSpec",
    "knob",
    "knobs",
    "other_input",
    "unknown_keys",
]

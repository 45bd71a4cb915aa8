"""Dotted paths of imported names, whichever Keras or TensorFlow they are of, in today's form."""

from __future__ import annotations

import re

__all__ = ["PLAIN", "is_foreign", "normal_path"]

PLAIN = frozenset({
    "numpy", "pandas", "sklearn", "os", "sys", "time", "random", "json", "matplotlib", "seaborn", "PIL", "cv2",
    "scipy", "h5py", "re", "pickle", "argparse", "logging", "datetime", "glob", "pathlib", "tqdm", "math", "string",
    "warnings", "gc", "nltk", "gensim", "jieba", "typing", "abc", "io", "shutil", "urllib", "requests", "csv",
    "operator", "skimage", "tensorboard", "wandb", "mlflow", "optuna", "joblib", "subprocess", "threading",
    "multiprocessing", "struct", "collections", "itertools", "functools", "tensorflow_datasets", "tensorflow_text",
    "keras_preprocessing", "absl", "dataclasses", "enum", "contextlib", "__future__", "codecs", "statistics",
})  # fmt: skip
"""Modules whose objects are no tensors and no layers."""

_KERAS = re.compile(
    r"^(?:tensorflow\.(?:compat\.v[12]\.|python\.|_api\.v\d\.|contrib\.)?keras|tf_keras|keras\.(?:api|src)|tensorflow\.keras\.api)"
    r"(?:\.(?:api|src|_v\d))*(?=\.|$)"
)


def normal_path(path: str) -> str:
    """A dotted path in today's form: "tensorflow.keras.layers.Dense" -> "keras.layers.Dense"."""
    path = _KERAS.sub("keras", path, count=1)
    return re.sub(r"^tensorflow\.(compat\.v[12]|python|_api\.v\d)\.", "tensorflow.", path)


def is_foreign(path: str) -> bool:
    """Whether something is of another package or file, which may hold tensors and layers."""
    root = normal_path(path).partition(".")[0]
    return root not in PLAIN and root not in ("keras", "tensorflow", "builtins")

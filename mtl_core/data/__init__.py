"""Two synthetic tweets and two labels, made so that what each tweet knows about each label is known exactly."""

from mtl_core.data.labels import Labels, Part, Split, Task, Tweet, label_logit, label_probability
from mtl_core.data.numbers import make_labels, make_task, tweets_with_evidence

__all__ = [
    "Labels",
    "Part",
    "Split",
    "Task",
    "Tweet",
    "label_logit",
    "label_probability",
    "make_labels",
    "make_task",
    "tweets_with_evidence",
]

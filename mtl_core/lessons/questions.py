"""Questions that people ask about training a model with several outputs, each with an answer, a program and its sources.

Every statement of an answer is one that its program shows: a test runs each program, and holds what it prints to what is
recorded beside it (`python x.py > x.txt` in that folder records it anew). All texts are untranslated: pass them through `_` where they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mtl_core.language import N_
from mtl_core.spec import ExperimentSpec

__all__ = ["FOLDER", "QUESTIONS", "TrainingQuestion"]

FOLDER = Path(__file__).parents[2] / "assets" / "programs" / "questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingQuestion:
    """One question.

    Parameters
    ----------
    id : str
        Name of its program in `FOLDER`, without its ending.
    title : str
        The question.
    answer : tuple of str
        A paragraph each.
    sources : tuple of str
        Citations, or pages of the Keras manual.
    experiment : ExperimentSpec or None
        What the playground shows of it; None where it has no setting for it.
    look : str
        What to look at there.
    chart : str
        The chart that shows it: a choice of `ViewSpec.chart`.
    """

    id: str
    title: str
    answer: tuple[str, ...]
    sources: tuple[str, ...]
    experiment: ExperimentSpec | None = None
    look: str = ""
    chart: str = "learning"

    @property
    def program(self) -> str:
        """The program, complete and runnable, without its first line for this repository."""
        return (FOLDER / f"{self.id}.py").read_text(encoding="utf-8").split('"""', 2)[2].lstrip()

    @property
    def printed(self) -> str:
        """What the program prints."""
        return (FOLDER / f"{self.id}.txt").read_text(encoding="utf-8")


_ONE_UNIT = ExperimentSpec().replace(
    tweets="numbers",
    merge="none",
    lstm_units=1,
    mixing_deg=0.0,
    feature_angle_deg=90.0,
    n_train=1024,
    learning_rate=0.02,
    loss_weights=(1.0, 0.0),
)

_COMPILE = "https://keras.io/api/models/model_training_apis/"

QUESTIONS = (
    TrainingQuestion(
        id="loss_weights",
        title=N_("What do `loss_weights` do?"),
        answer=(
            N_(
                "They multiply each head’s loss in the sum that training makes smaller. The losses that are logged for each head, "
                "such as `predictions2_loss`, are not multiplied."
            ),
            N_(
                "A weight of 0 leaves that loss out of the sum: its head is not trained, and a shared layer learns from the other "
                "task alone."
            ),
        ),
        sources=(
            _COMPILE,
            "Kendall, A., Gal, Y. and Cipolla, R. (2018). Multi-Task Learning Using Uncertainty to Weigh Losses for Scene "
            "Geometry and Semantics. CVPR, arXiv:1705.07115.",
        ),
        experiment=_ONE_UNIT,
        look=N_("Loss weights 1 and 0 with one shared unit: head 1 learns, and head 2 stays where it began."),
    ),
    TrainingQuestion(
        id="gradients_add",
        title=N_("How does one update serve two losses?"),
        answer=(
            N_(
                "The loss that is differentiated is a sum, and the gradient of a sum is the sum of the gradients. So a shared weight "
                "gets one update from both tasks, and a head’s own weight gets one from its task alone."
            ),
            N_(
                "The two parts may point the same way or against each other. How far they do is a diagnostic, and does not by "
                "itself tell whether sharing hurts."
            ),
        ),
        sources=(
            "Yu, T. et al. (2020). Gradient Surgery for Multi-Task Learning. NeurIPS 33, arXiv:2001.06782.",
            "Kurin, V. et al. (2022). In Defense of the Unitary Scalarization for Deep Multi-Task Learning. NeurIPS 35, "
            "arXiv:2201.04122.",
        ),
        experiment=ExperimentSpec(),
        look=N_("*Task pulls*: the two gradients in the shared LSTM, epoch by epoch."),
        chart="pulls",
    ),
    TrainingQuestion(
        id="loss_in_the_log",
        title=N_("What is `loss` in the log?"),
        answer=(
            N_(
                "The weighted sum of the heads’ losses, plus what regularisers add. So it need not be the sum of "
                "the other losses in the log."
            ),
            N_(
                "While `fit` runs it is a mean over the batches so far, while the weights change. `evaluate`, and `val_loss`, use the "
                "weights as they are at the end."
            ),
        ),
        sources=(_COMPILE, "https://keras.io/getting_started/faq/"),
    ),
    TrainingQuestion(
        id="trainable",
        title=N_("When does `trainable = False` take effect?"),
        answer=(
            N_(
                "`fit` builds its update step once, at the first fit after a `compile`, from the weights that are trainable then. "
                "What you freeze or release later changes nothing until you compile again."
            ),
        ),
        sources=("https://keras.io/guides/transfer_learning/",),
        experiment=ExperimentSpec().replace(detach="both"),
        look=N_("Both losses stop before the encoders: as with a frozen LSTM, only the heads learn."),
    ),
    TrainingQuestion(
        id="early_stopping",
        title=N_("Can each head stop early by itself?"),
        answer=(
            N_(
                "Validation losses are logged for each head, as `val_predictions1_loss`. `EarlyStopping` watches one of them, and stops "
                'the whole model. Say `mode="min"`: Keras 3 cannot tell by the name that less is better.'
            ),
            N_(
                "For each head by itself, save the weights at its own best epoch: one `ModelCheckpoint` a head. At prediction time "
                "each head then has a model of its own."
            ),
        ),
        sources=(
            "https://keras.io/api/callbacks/early_stopping/",
            "https://keras.io/api/callbacks/model_checkpoint/",
            "Prechelt, L. (1998). Early Stopping — But When? In: Neural Networks: Tricks of the Trade, LNCS 1524.",
        ),
        experiment=ExperimentSpec().replace(merge="none", encoder="separate", mixing_deg=0.0, n_train=128, epochs=40),
        look=N_(
            "128 training pairs and 40 epochs: with *Losses* on, each head’s loss is lowest at an epoch of its own."
        ),
    ),
    TrainingQuestion(
        id="taking_turns",
        title=N_("What if each task has a data set of its own?"),
        answer=(
            N_(
                "Make one model for each task and let them share the layer; then train them by turns. What one task’s batch changes in "
                "the shared layer, the other task sees at once."
            ),
            N_(
                "Or keep one model and give a row a sample weight of 0 for a task that has no label for it. Such rows still count in "
                "the mean: with half of the labels, that loss is half as large."
            ),
        ),
        sources=(
            "Collobert, R. and Weston, J. (2008). A Unified Architecture for Natural Language Processing. ICML, doi:10.1145/1390156.1390177.",
            _COMPILE,
        ),
        experiment=ExperimentSpec().replace(merge="none", schedule="alternate"),
        look=N_("By turns: each batch trains one task, task 1 first."),
    ),
    TrainingQuestion(
        id="two_metrics",
        title=N_("How do I name metrics and losses for two outputs?"),
        answer=(
            N_(
                'With two outputs, Keras 3 refuses `metrics=["accuracy"]`, and one loss with a list of `loss_weights`. Give a list '
                "with an entry for each output, or a dict by the output layer’s name."
            ),
        ),
        sources=(_COMPILE,),
    ),
    TrainingQuestion(
        id="conditional_biasing",
        title=N_("What is `concatenate` before a Dense layer called?"),
        answer=(
            N_(
                "Conditional biasing: the Dense layer reads one input as it would alone, and the other input moves its bias. "
                "`multiply` is conditional scaling. Both together, from layers of the other input, are FiLM."
            ),
        ),
        sources=(
            "Dumoulin, V. et al. (2018). Feature-wise Transformations. Distill, doi:10.23915/distill.00011.",
            "Perez, E. et al. (2018). FiLM: Visual Reasoning with a General Conditioning Layer. AAAI, arXiv:1709.07871.",
        ),
        experiment=ExperimentSpec().replace(rule="match", mixing_deg=90.0, merge="multiply", epochs=6),
        look=N_("`multiply` where only the match counts: a moved bias cannot answer this, a scale can."),
    ),
    TrainingQuestion(
        id="task_descriptor",
        title=N_("What else do people concatenate in multi-task learning?"),
        answer=(
            N_(
                "The task itself. One head answers every task, and columns that name the task stand beside its inputs. Told another "
                "task, the same weights answer another question."
            ),
        ),
        sources=(
            "Silver, D., Poirier, R. and Currie, D. (2008). Inductive Transfer with Context-Sensitive Neural Networks. Machine "
            "Learning 73, 313–336.",
        ),
    ),
)
"""In an order in which they can be read."""

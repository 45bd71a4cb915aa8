"""The words of the app: the plain name first, then the one to look up elsewhere, what it means, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mtl_core.language import N_

__all__ = ["GLOSSARY", "Term"]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the app; all but `source` are untranslated: pass them through `_` where shown.

    Parameters
    ----------
    plain : str
        What the pages say.
    formal : str
        What the literature and Keras say; empty if it is the same.
    definition : str
        One to three sentences.
    source : str
        A citation, or the page of the Keras manual; empty for words that need none.
    """

    plain: str
    formal: str
    definition: str
    source: str = ""


GLOSSARY: Mapping[str, Term] = {
    "multi_task": Term(
        N_("multi-task learning"),
        N_("multitask learning"),
        N_(
            "Learning several tasks together with one model that has an output and a loss for each. So what one task teaches can "
            "serve another; the merge has nothing to do with it."
        ),
        "Caruana, R. (1997). Multitask Learning. Machine Learning 28, 41–75.",
    ),
    "head": Term(
        N_("head"),
        N_("output layer of a task"),
        N_(
            "The last layer or layers of one task. Here: one Dense unit with a sigmoid, behind a hidden layer if there is one."
        ),
    ),
    "encoder": Term(
        N_("encoder"),
        "",
        N_("The part that turns a tweet into a short list of numbers, its encoding. Here it is an LSTM."),
        "Hochreiter, S. and Schmidhuber, J. (1997). Long Short-Term Memory. Neural Computation 9, 1735–1780.",
    ),
    "call": Term(
        N_("call"),
        N_("node of a layer; call graph"),
        N_(
            "One use of a layer. shared_lstm is called twice, once on each tweet: two calls, one set of weights. A drawing with a "
            "box for each call shows what can reach what; one with a box for each layer does not."
        ),
        "https://keras.io/guides/functional_api/",
    ),
    "sharing": Term(
        N_("sharing weights"),
        N_("hard parameter sharing"),
        N_(
            "Several tasks use the same weights in some layers, the shared layers, and each has a head of its own. It ties the "
            "tasks while they learn. It does not take one tweet to the other tweet’s head."
        ),
        "Caruana (1997); the name: Ruder, S. (2017). An Overview of Multi-Task Learning in Deep Neural Networks. arXiv:1706.05098.",
    ),
    "merge": Term(
        N_("merge"),
        N_("merging layer"),
        N_(
            "A layer with several inputs and one output. It is where a head can get to know more than one tweet. Concatenate keeps "
            "both encodings, side by side. Add and multiply put them together number by number: where one LSTM made both, a head can "
            "then not tell whose tweet is whose."
        ),
        "https://keras.io/api/layers/merging_layers/",
    ),
    "concatenate": Term(
        N_("concatenate"),
        N_("concatenation along an axis"),
        N_(
            "Lays lists of numbers end to end: two encodings of 16 numbers become one of 32. It has no weights and computes nothing."
        ),
        "https://keras.io/api/layers/merging_layers/concatenate/",
    ),
    "hidden": Term(
        N_("hidden layer"),
        N_("fully connected layer"),
        N_(
            "A Dense layer between what a head reads and its output. With one, a head can learn how two tweets match; without, it "
            "only adds up what it takes from each."
        ),
        "https://keras.io/api/layers/core_layers/dense/",
    ),
    "reads": Term(
        N_("what each head can read"),
        N_("dependence; reachability in the call graph"),
        N_(
            "Whether a path of calls leads from an input to a head. Without one, the input cannot change the head’s answer by "
            "one bit; with one, it may."
        ),
    ),
    "may_depend": Term(
        N_("may depend"),
        N_("global (structural) dependence"),
        N_(
            "A path of calls leads from the input to the head: for some weights and some rows the answer changes. "
            "Example: in case 1, predictions1 may depend on tweet_b, whatever its weights are today."
        ),
        "Griewank, A. and Walther, A. (2008). Evaluating Derivatives, 2nd ed., chapter 7.",
    ),
    "cannot": Term(
        N_("cannot depend"),
        N_("structural independence"),
        N_(
            "No path of calls leads from the input to the head: for no weights and no rows does one bit of the answer change. "
            "Example: in case 2, predictions1 cannot depend on tweet_b, whatever was learned."
        ),
    ),
    "moved_here": Term(
        N_("moved by 0.00 here"),
        N_("local dependence"),
        N_(
            "A measurement: with these weights and on these rows, changing the input did not change the answer visibly. "
            "Example: in case 1 with a weight of 0 for tweet_b, predictions1 moved by 0.00 here, and still may depend on it. "
            "After one more epoch it can move."
        ),
        "Griewank and Walther (2008), chapter 7.",
    ),
    "not_known": Term(
        N_("not known"),
        N_("unresolved dependence"),
        N_(
            "Something on the way was not read: a class of one’s own, or code that is not in the text. "
            "Example: in Dense(1)(attend(x)), with no attend in the text, it is not known whether the head depends on x. "
            "That is never called “cannot”."
        ),
    ),
    "epoch": Term(
        N_("epoch"),
        "",
        N_("One pass over all training pairs. Epoch 0 is the model before any update."),
    ),
    "unseen": Term(
        N_("unseen pairs"),
        N_("test set"),
        N_(
            "Pairs of tweets on which the model is not trained, so that it cannot know their answers by heart. The training pairs "
            "are those it learns from."
        ),
    ),
    "by_heart": Term(
        N_("by heart"),
        N_("overfitting"),
        N_(
            "A model learns pairs by heart when it gets better on them and worse on unseen ones: it has learned what is so in those "
            "few only. It happens the sooner, the fewer pairs there are."
        ),
    ),
    "loss": Term(
        N_("loss"),
        N_("binary cross-entropy"),
        N_(
            "How wrong a head’s answers are, as one number. It is 0 if the head is always right and sure of it, and the larger, the "
            "surer it is of wrong answers. Training makes the loss on the training pairs smaller."
        ),
        "https://keras.io/api/losses/probabilistic_losses/",
    ),
    "loss_weight": Term(
        N_("loss weight"),
        N_("task weighting"),
        N_(
            "How much a task’s loss counts in the sum that training lowers. With weight 0 a task changes no weight of the model, "
            "as if it were not there."
        ),
        "https://keras.io/api/models/model_training_apis/",
    ),
    "nats": Term(
        N_("nat"),
        N_("natural unit of information"),
        N_(
            "The unit of the loss: the mean of −ln(chance given to what was right). Saying “one half” every time costs "
            "ln 2 = 0.693 nats; 1 nat is 1.44 bits."
        ),
        "Cover, T. and Thomas, J. (2006). Elements of Information Theory, 2nd ed., chapter 2.",
    ),
    "chance": Term(
        N_("guessing"),
        N_("uninformed baseline; chance"),
        N_("Saying one half every time, whatever the tweets are: right on 50 in 100, at a loss of ln 2."),
    ),
    "logit": Term(
        N_("log odds"),
        N_("logit"),
        N_(
            "The number that a sigmoid turns into a probability p: ln(p / (1 − p)). 0 is one half, and each step of 1 multiplies the odds by e."
        ),
        "Berkson, J. (1944). Application of the Logistic Function to Bio-Assay. JASA 39, 357–365.",
    ),
    "evidence": Term(
        N_("evidence"),
        N_("sufficient statistic"),
        N_(
            "What a tweet says, as one number: positive speaks for yes, negative for no. In a tweet of words it is the sum of what "
            "its words say. It is measured in standard deviations (sd), the usual distance from its mean."
        ),
        "Cover and Thomas (2006), section 2.9.",
    ),
    "angle": Term(
        N_("angle"),
        N_("mixing angle of the label rule"),
        N_(
            "Which tweet a head’s label follows: at 0° its own tweet only, at 45° both alike, at 90° the other tweet only. Under the "
            "match rule, 90° means that it only counts whether the two agree."
        ),
    ),
    "match_rule": Term(
        N_("match rule"),
        N_("interaction; XOR"),
        N_(
            "A label that follows whether the two tweets agree, both yes or both no. Under the additive rule it follows what the two "
            "say together, one added to the other."
        ),
        "Minsky, M. and Papert, S. (1969). Perceptrons.",
    ),
    "best_possible": Term(
        N_("best possible"),
        N_("Bayes risk; Bayes accuracy"),
        N_(
            "How often anything at all can be right, or how low its loss can be: with both tweets, or with a head’s own tweet only. "
            "It is not 100 in 100, because the labels themselves are partly chance."
        ),
        "Cover and Thomas (2006), section 2.2; Berger, J. (1985). Statistical Decision Theory and Bayesian Analysis, chapter 4.",
    ),
    "worth": Term(
        N_("what the other tweet is worth"),
        N_("conditional mutual information I(y; other | own), where it is counted in nats"),
        N_(
            "How much better the best possible is with the other tweet than without it: in right answers, or in loss. It is a fact "
            "of the data, whatever the model."
        ),
        "Cover and Thomas (2006), section 2.5.",
    ),
    "shuffling": Term(
        N_("cost of shuffling"),
        N_("permutation importance; model reliance"),
        N_(
            "Tweets are shuffled when each pair gets another pair’s tweet. The cost is how much a trained head then loses: right "
            "answers, or loss. It can be far more than the tweet is worth, because it misleads a head that learned to trust it. A "
            "cost of about 0 says that the tweet is of no use to the head here, not that the head ignores it."
        ),
        "Breiman, L. (2001). Random Forests. Machine Learning 45, 5–32; Fisher, A., Rudin, C. and Dominici, F. (2019). "
        "All Models are Wrong, but Many are Useful. JMLR 20 (177), 1–81.",
    ),
    "interval": Term(
        N_("95 % interval"),
        N_("confidence interval"),
        N_(
            "A range from a procedure whose ranges hold the true value 95 times in 100. On the playground it covers the luck of the "
            "random shuffles, not the choice of the pairs. Where seeds are compared it covers the luck of seeds."
        ),
        "Student (1908). The Probable Error of a Mean. Biometrika 6, 1–25.",
    ),
    "seed": Term(
        N_("seed"),
        N_("seed of the random number generator"),
        N_(
            "A number from which all chance in a run follows: the rows, the first weights, the order of batches. The same seed gives the "
            "same run; another one shows how much of a result was luck."
        ),
        "Bouthillier, X. et al. (2021). Accounting for Variance in Machine Learning Benchmarks. MLSys 3, 747–769.",
    ),
    "paired": Term(
        N_("seed by seed"),
        N_("paired difference; common random numbers"),
        N_(
            "Two settings are compared with the same seed, and the differences are averaged. What a seed does to both falls out, so a few "
            "seeds show a small difference."
        ),
        "Student (1908). The Probable Error of a Mean. Biometrika 6, 1–25.",
    ),
    "pull": Term(
        N_("pull"),
        N_("negative gradient of a task’s loss"),
        N_(
            "The direction and the strength in which one task’s loss asks a weight to change, so that this loss falls fastest. "
            "Where a weight is shared, training follows the sum of both pulls, each times its loss weight."
        ),
        "Yu, T. et al. (2020). Gradient Surgery for Multi-Task Learning. NeurIPS 33, arXiv:2001.06782; that a conflict of pulls "
        "alone does not tell whether sharing hurts: Kurin, V. et al. (2022). In Defense of the Unitary Scalarization for Deep "
        "Multi-Task Learning. NeurIPS 35, arXiv:2201.04122.",
    ),
    "cosine": Term(
        N_("cosine"),
        N_("cosine similarity"),
        N_(
            "How far two pulls go the same way, whatever their strengths: a cosine of 1 is the same direction, 0 a right angle, −1 the "
            "opposite."
        ),
    ),
}
"""By short key, in an order in which they can be read."""

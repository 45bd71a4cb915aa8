"""Every layer of Keras in a few tiny forms: what is checked, and what `docs/limits.md` is made of.

Written for Keras 3; `tests/data/keras2/make_layers.py` records what Keras 2 makes of those that it has.
"""

from collections import defaultdict
from dataclasses import dataclass

import keras
from keras import layers

IMAGE, OPEN_IMAGE, CHANNELS_FIRST = (12, 11, 4), (None, 11, 4), (4, 12, 11)
SEQUENCE, OPEN_SEQUENCE, VOLUME, FEATURES = (6, 4), (None, 4), (8, 7, 6, 4), (6,)
BY_RANK = {1: SEQUENCE, 2: IMAGE, 3: VOLUME}
OPEN_BY_RANK = {1: OPEN_SEQUENCE, 2: OPEN_IMAGE, 3: (8, None, 6, 4)}
FILM = (3, 12, 11, 4)


@dataclass(frozen=True)
class Case:
    """A layer, and the shapes and the kind of what it is called on.

    `how`: "together", all tensors as the first argument; "apart", each an argument; "states", a step and then the states.
    """

    layer: layers.Layer
    shapes: tuple
    dtype: str = "float32"
    how: str = "together"
    batch: int | None = None

    @property
    def read(self):
        """Shapes of the tensors in the first argument."""
        return [(self.batch, *shape) for shape in (self.shapes if self.how == "together" else self.shapes[:1])]

    def model(self):
        inputs = [keras.Input(shape, batch_size=self.batch, dtype=self.dtype) for shape in self.shapes]
        together = inputs if len(inputs) > 1 else inputs[0]
        given = {"together": [together], "apart": inputs, "states": [inputs[0], inputs[1:]]}[self.how]
        return keras.Model(inputs, self.layer(*given))

    def __str__(self):
        told = ("strides", "padding", "axis", "axes", "data_format", "output_mode", "merge_mode", "equation", "stateful",
                "dilation_rate", "output_padding", "return_state", "use_bias", "reset_after", "groups")  # fmt: skip
        config = self.layer.get_config()
        return " ".join(
            [type(self.layer).__name__, str(self.shapes), *(f"{k}={config[k]}" for k in told if k in config)]
        )


def name_of(cls):
    """The name of a class as a config has it: the public one."""
    return {"GroupedQueryAttention": "GroupQueryAttention"}.get(cls.__name__, cls.__name__)


def _on(shapes, *made, **options):
    shapes = (shapes,) if not isinstance(shapes[0], tuple) else shapes
    return [Case(layer, shapes, **options) for layer in made if isinstance(layer, layers.Layer)]


def _vision(name, *arguments, **keywords):
    return _on((*IMAGE[:2], 3), getattr(layers, name)(*arguments, **keywords))


def _cells():
    return [layers.LSTMCell(3), layers.GRUCell(4, reset_after=False), layers.SimpleRNNCell(2, use_bias=False)]


def _convolutions(n):
    def made(name):
        return getattr(layers, name.format(n))

    rest = (1,) * (n - 1)
    for make in (made("Conv{}D"), made("Conv{}DTranspose")):
        for shapes in (BY_RANK, OPEN_BY_RANK):
            yield from _on(
                shapes[n],
                make(6, 3),
                make(6, 2, strides=2, padding="same", use_bias=False),
                make(5, (2, *rest), strides=3),
                make(5, 2, dilation_rate=2),
                make(5, 3, dilation_rate=2, padding="same"),
            )
        yield from _on((4, *BY_RANK[n][:-1]), make(6, 3, padding="same", data_format="channels_first"))
    yield from _on(BY_RANK[n], made("Conv{}D")(6, 3, groups=2))
    transposed = made("Conv{}DTranspose")
    yield from _on(
        BY_RANK[n],
        transposed(3, 3, strides=2, output_padding=1),
        transposed(3, 2, strides=3, output_padding=0, padding="same"),
    )
    if n == 3:
        return
    for make in (made("DepthwiseConv{}D"), lambda *a, **k: made("SeparableConv{}D")(5, *a, **k)):
        for shapes in (BY_RANK, OPEN_BY_RANK):
            yield from _on(
                shapes[n], make(3), make(3, depth_multiplier=2, padding="same", use_bias=False), make(2, strides=2)
            )
        yield from _on((4, *BY_RANK[n][:-1]), make(3, data_format="channels_first"))


def _pools(n):
    for shapes in (BY_RANK, OPEN_BY_RANK):
        for kind in ("Average", "Max"):
            pool = getattr(layers, f"{kind}Pooling{n}D")
            yield from _on(
                shapes[n], pool(2), pool(3, strides=1, padding="same"), pool(3, strides=2), pool(2, padding="same")
            )
            everything = getattr(layers, f"Global{kind}Pooling{n}D")
            yield from _on(shapes[n], everything(), everything(keepdims=True), everything(data_format="channels_first"))
    for kind in ("Average", "Max"):
        yield from _on(BY_RANK[n], getattr(layers, f"Adaptive{kind}Pooling{n}D")(3))


def _reshapes(n):
    spaces = [(1, 2)] * n if n > 1 else (1, 2)
    for shapes in (BY_RANK, OPEN_BY_RANK):
        yield from _on(
            shapes[n],
            *(getattr(layers, f"{name}{n}D")() for name in ("UpSampling", "ZeroPadding", "Cropping")),
            getattr(layers, f"UpSampling{n}D")(3),
            getattr(layers, f"ZeroPadding{n}D")(spaces),
            getattr(layers, f"Cropping{n}D")(spaces),
        )
        if n > 1:
            yield from _on(
                (4, *shapes[n][:-1]),
                *(
                    getattr(layers, f"{name}{n}D")(data_format="channels_first")
                    for name in ("UpSampling", "ZeroPadding", "Cropping")
                ),
            )


def _core():
    yield from _on(SEQUENCE, layers.Dense(3), layers.Embedding(7, 5))
    yield from _on(FEATURES, layers.Dense(3, use_bias=False), layers.Embedding(7, 5), layers.RepeatVector(3))
    yield from _on(FEATURES, layers.ReversibleEmbedding(7, 5), layers.ReversibleEmbedding(7, 5, tie_weights=False))
    yield from _on(
        SEQUENCE,
        layers.EinsumDense("abc,cd->abd", output_shape=(None, 5), bias_axes="d"),
        layers.EinsumDense("abc,cde->abde", output_shape=(None, 5, 3), bias_axes="de"),
        layers.EinsumDense("...x,xy->...y", output_shape=5),
        layers.EinsumDense("abc,bd->adc", output_shape=(5, None)),
    )
    yield from _on(OPEN_SEQUENCE, layers.EinsumDense("abc,cd->abd", output_shape=(None, 5), bias_axes="d"))
    yield from _on(FEATURES, layers.EinsumDense("ab,bc->ac", output_shape=5, bias_axes="c"))
    yield from _on(IMAGE, layers.EinsumDense("abcd,cde->abe", output_shape=(None, 5)))
    for shape in (SEQUENCE, OPEN_SEQUENCE):
        yield from _on(
            shape,
            layers.Activation("relu"),
            layers.ActivityRegularization(l2=0.1),
            layers.AlphaDropout(0.2),
            layers.Dropout(0.2),
            layers.ELU(),
            layers.GaussianDropout(0.2),
            layers.GaussianNoise(0.2),
            layers.Identity(),
            layers.LeakyReLU(),
            layers.Masking(),
            layers.ReLU(),
            layers.Softmax(),
            layers.SpatialDropout1D(0.2),
            layers.Flatten(),
            layers.Permute((2, 1)),
            layers.PReLU(shared_axes=[1]),
            layers.Reshape((-1, 2)),
        )
    yield from _on(IMAGE, layers.SpatialDropout2D(0.2), layers.PReLU(), layers.PReLU(shared_axes=[1, 2]))
    yield from _on(VOLUME, layers.SpatialDropout3D(0.2), layers.Flatten(), layers.Flatten(data_format="channels_first"))
    yield from _on(SEQUENCE, layers.Reshape((4, 6)), layers.Reshape((24,)), layers.Reshape((2, 3, -1)))
    yield from _on(SEQUENCE, layers.Lambda(lambda x: x * 2), layers.Lambda(lambda x: x[:, 0], output_shape=(4,)))


def _merges():
    for name in ("Add", "Average", "Maximum", "Minimum", "Multiply", "Subtract"):
        make = getattr(layers, name)
        for shapes in (((5, 3), (5, 3)), ((5, 3), (1, 3)), ((5, 3), (3,)), ((None, 3), (5, 1))):
            yield from _on(shapes, make())
    yield from _on(((5, 3), (5, 3), (5, 3)), layers.Add(), layers.Average(), layers.Maximum(), layers.Minimum())
    yield from _on(((5, 3), (4, 3)), layers.Concatenate(axis=1))
    yield from _on(((5, 3), (5, 3), (5, 2)), layers.Concatenate())
    yield from _on(((None, 3), (None, 1)), layers.Concatenate(axis=2), layers.Concatenate(axis=-1))
    yield from _on(((None, 3), (4, 3)), layers.Concatenate(axis=1))
    yield from _on(((5, 3), (5, 2)), layers.Dot(axes=1), layers.Dot(axes=(1, 1), normalize=True))
    yield from _on(((3,), (3,)), layers.Dot(axes=-1))
    yield from _on(((5, 3), (2, 3)), layers.Dot(axes=2), layers.Dot(axes=-1), layers.Dot(axes=(-1, 2)))


def _normalisations():
    for shape in (SEQUENCE, OPEN_SEQUENCE):
        yield from _on(
            shape,
            layers.BatchNormalization(),
            layers.BatchNormalization(center=False, scale=False),
            layers.GroupNormalization(2),
            layers.LayerNormalization(),
            layers.LayerNormalization(scale=False),
            layers.LayerNormalization(rms_scaling=True),
            layers.Normalization(),
            layers.RMSNormalization(),
            layers.UnitNormalization(),
        )
    yield from _on(
        IMAGE,
        layers.BatchNormalization(axis=1),
        layers.LayerNormalization(axis=[1, 2]),
        layers.LayerNormalization(axis=[-1, 1], rms_scaling=True),
        layers.GroupNormalization(-1, center=False),
        layers.RMSNormalization(axis=[1, 2]),
        layers.Normalization(axis=None),
        layers.Normalization(axis=(1, -1)),
        layers.Normalization(mean=1.0, variance=2.0),
        layers.UnitNormalization(axis=(1, 2)),
    )


def _attentions():
    query, value, key = (5, 4), (7, 4), (7, 4)
    yield from _on(
        (query, value),
        *(layer(use_scale=scale) for layer in (layers.Attention, layers.AdditiveAttention) for scale in (False, True)),
        layers.Attention(score_mode="concat"),
    )
    yield from _on((query, (7, 3), key), layers.Attention(), layers.Attention(use_scale=True, score_mode="concat"))
    yield from _on(((None, 4), (None, 3), (None, 4)), layers.Attention(), layers.AdditiveAttention())
    yield from _on(
        (query, (7, 3), (7, 6)),
        layers.MultiHeadAttention(2, 3),
        layers.MultiHeadAttention(2, 3, value_dim=5, use_bias=False),
        layers.MultiHeadAttention(2, 3, value_dim=5, output_shape=6),
        layers.MultiHeadAttention(2, 3, output_shape=(2, 5)),
        layers.MultiHeadAttention(2, 3, value_dim=5, use_gate=True),
        how="apart",
    )
    yield from _on(
        ((None, 4), (None, 4)), layers.MultiHeadAttention(2, 3), layers.GroupQueryAttention(3, 4, 2), how="apart"
    )
    yield from _on(((5, 6, 4), (5, 6, 4)), layers.MultiHeadAttention(2, 3, attention_axes=(2,)), how="apart")
    yield from _on(
        (query, value, (7, 6)),
        layers.GroupQueryAttention(3, 4, 2, use_bias=False),
        layers.GroupQueryAttention(3, 2, 2, use_gate=True),
        how="apart",
    )


def _recurrent():
    for make in (layers.LSTM, layers.GRU, layers.SimpleRNN):
        for shape in (SEQUENCE, OPEN_SEQUENCE):
            yield from _on(
                shape,
                make(5),
                make(5, return_sequences=True, return_state=True),
                make(3, return_state=True, use_bias=False),
            )
        yield from _on(SEQUENCE, make(5, stateful=True), batch=2)
        yield from _on(
            OPEN_SEQUENCE,
            *(layers.Bidirectional(make(3), merge_mode=mode) for mode in ("concat", "sum", "mul", "ave", None)),
            layers.Bidirectional(make(3, return_sequences=True, return_state=True)),
        )
    yield from _on(SEQUENCE, layers.GRU(5, reset_after=False), layers.GRU(5, use_bias=False))
    yield from _on(SEQUENCE, layers.Bidirectional(layers.LSTM(3), backward_layer=layers.LSTM(3, go_backwards=True)))
    yield from _on(SEQUENCE, layers.Bidirectional(layers.LSTM(3, stateful=True)), batch=2)
    for cell in _cells():
        yield from _on(SEQUENCE, layers.RNN(cell), layers.RNN(type(cell)(3), return_sequences=True, return_state=True))
    yield from _on(
        OPEN_SEQUENCE,
        layers.RNN(layers.StackedRNNCells(_cells())),
        layers.RNN(_cells()[:2], return_sequences=True),
        layers.RNN(layers.StackedRNNCells([layers.StackedRNNCells(_cells()[2:]), layers.GRUCell(4)])),
        layers.Bidirectional(layers.RNN(layers.GRUCell(3))),
    )
    yield from _on(((4,), (3,)), layers.GRUCell(3), layers.SimpleRNNCell(3), how="apart")
    yield from _on(((4,), (3,), (3,)), layers.LSTMCell(3), how="states")
    yield from _on(((4,), (4,), (2,)), layers.StackedRNNCells(_cells()[1:]), how="states")
    for n in (1, 2, 3):
        make = getattr(layers, f"ConvLSTM{n}D")
        film = (3, *BY_RANK[n])
        yield from _on(
            film,
            make(5, 3),
            make(5, 2, padding="same", return_sequences=True, use_bias=False),
            make(5, 2, strides=2, return_state=True),
        )
        yield from _on((3, 4, *BY_RANK[n][:-1]), make(5, 2, data_format="channels_first"))
        yield from _on(film, make(2, 3, stateful=True, strides=2), batch=2)
    yield from _on(FILM, layers.Bidirectional(layers.ConvLSTM2D(5, 3, padding="same", return_sequences=True)))


def _wrappers():
    for film in (FILM, (None, 12, 11, 4)):
        yield from _on(
            film,
            layers.TimeDistributed(layers.Conv2D(5, 3)),
            layers.TimeDistributed(layers.Flatten()),
            layers.TimeDistributed(layers.TimeDistributed(layers.Conv1D(5, 3))),
            layers.TimeDistributed(layers.GlobalAveragePooling2D()),
        )
    yield from _on(
        SEQUENCE, layers.TimeDistributed(layers.Dense(3)), layers.TimeDistributed(layers.BatchNormalization())
    )
    yield from _on(FILM, layers.TimeDistributed(layers.Bidirectional(layers.ConvLSTM1D(3, 2))))
    yield from _on(
        SEQUENCE,
        layers.SpectralNormalization(layers.Dense(3)),
        layers.SpectralNormalization(layers.Conv1D(3, 2)),
        layers.SpectralNormalization(layers.EinsumDense("abc,cd->abd", output_shape=(None, 5), bias_axes="d")),
    )
    yield from _on(
        IMAGE,
        layers.SpectralNormalization(layers.Conv2DTranspose(3, 2)),
        layers.SpectralNormalization(layers.DepthwiseConv2D(3)),
    )
    yield from _on(FEATURES, layers.SpectralNormalization(layers.Embedding(7, 3)))
    yield from _on(IMAGE, layers.Pipeline([layers.Rescaling(2.0), layers.Resizing(5, 6)]))


def _preprocessing():
    for name in ("AutoContrast", "RandAugment", "AugMix", "CutMix", "MixUp", "Solarization",
                 "RandomGrayscale", "RandomElasticTransform", "RandomErasing", "ContrastLimitedAdaptiveHistogramEqualization",
                 "RandomColorJitter", "RandomPerspective", "RandomFlip"):  # fmt: skip
        yield from _vision(name)
    for name in ("RandomBrightness", "RandomColorDegeneration", "RandomContrast", "RandomHue", "RandomRotation",
                 "RandomSaturation", "RandomSharpness", "RandomZoom"):  # fmt: skip
        yield from _vision(name, 0.2)
    yield from _vision("RandomGaussianBlur")
    yield from _vision("RandomInvert", 0.5)
    yield from _vision("RandomPosterization", 4)
    yield from _vision("RandomShear", 0.2, 0.1)
    yield from _vision("RandomTranslation", 0.2, 0.1)
    for name in ("CenterCrop", "RandomCrop", "Resizing"):
        yield from _vision(name, 5, 6)
    yield from _on((3, 12, 11), layers.Resizing(5, 6, data_format="channels_first"))
    yield from _on(IMAGE, layers.Rescaling(2.0), layers.Rescaling([1.0, 2.0, 3.0, 4.0], offset=1.0))
    for mode in ("one_hot", "multi_hot", "count"):
        yield from _on((1,), layers.CategoryEncoding(7, output_mode=mode), dtype="int32")
        yield from _on(FEATURES, layers.CategoryEncoding(7, output_mode=mode), dtype="int32")
    for mode in ("int", "one_hot", "multi_hot", "count"):
        for shape in ((1,), FEATURES):
            yield from _on(shape, layers.Discretization([1.0, 2.0], output_mode=mode))
            yield from _on(shape, layers.Hashing(5, output_mode=mode), dtype="int32")
            yield from _on(shape, layers.IntegerLookup(vocabulary=[3, 4, 5], output_mode=mode), dtype="int64")
            yield from _on(shape, layers.StringLookup(vocabulary=["a", "b"], output_mode=mode), dtype="string")
    yield from _on(
        FEATURES, layers.Discretization(num_bins=4), layers.Discretization(num_bins=4, output_mode="one_hot")
    )
    yield from _on(
        (1,), layers.StringLookup(max_tokens=9, output_mode="multi_hot", pad_to_max_tokens=True), dtype="string"
    )
    for mode in ("int", "one_hot"):
        yield from _on(((1,), (1,)), layers.HashedCrossing(5, output_mode=mode), dtype="int32")
    yield from _on(
        (1,),
        layers.TextVectorization(),
        layers.TextVectorization(output_sequence_length=8),
        layers.TextVectorization(output_mode="multi_hot", max_tokens=9, pad_to_max_tokens=True),
        layers.TextVectorization(output_mode="count", vocabulary=["a", "b"]),
        layers.TextVectorization(output_mode="multi_hot"),
        dtype="string",
    )
    yield from _on((16000,), layers.MelSpectrogram())
    yield from _on((None,), layers.MelSpectrogram(sequence_stride=100, num_mel_bins=20))
    yield from _on(
        (400, 1),
        layers.STFTSpectrogram(),
        layers.STFTSpectrogram(mode="real", frame_length=64, frame_step=16, expand_dims=True),
    )
    yield from _on((None, 2), layers.STFTSpectrogram(mode="stft", frame_length=64, fft_length=128, padding="same"))


def all_cases():
    """All cases by the name of the class."""
    by_name = defaultdict(list)
    groups = [_core(), _merges(), _normalisations(), _attentions(), _recurrent(), _wrappers(), _preprocessing()]
    groups += [make(n) for make in (_convolutions, _pools, _reshapes) for n in (1, 2, 3)]
    for group in groups:
        for case in group:
            by_name[name_of(type(case.layer))].append(case)
    return by_name

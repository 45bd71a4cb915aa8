"""Which inputs does each head of my model rely on? Shuffle one input at a time, and see what it costs each head."""

import keras
import numpy as np


def shuffle_test(model, inputs, targets, loss, repeats=8, seed=0, batch_size=256):
    """What shuffling each input between the rows costs each head.

    model    any keras.Model
    inputs   as for model.predict: a list of arrays, or a dict of arrays by name; rows that it was not trained on
    targets  an array for each output, in the same list or dict as model.predict gives them
    loss     the name of a Keras loss, or a function (y_true, y_pred) that gives one; or a list or dict with one for each
    returns  {(head, input): (mean, low, high)}: the rise of the loss, and its 95 % interval over the shuffles
    """
    generator = np.random.default_rng(seed)
    names = {key: key if isinstance(inputs, dict) else model.inputs[key].name for key in _keys(inputs)}

    def losses(rows):
        outputs = model.predict(rows, batch_size=batch_size, verbose=0)
        if not isinstance(outputs, (list, dict)):
            outputs, wanted = [outputs], [targets[0] if isinstance(targets, list) else targets]
        else:
            wanted = targets
        values = {}
        for key in _keys(outputs):
            name = key if isinstance(outputs, dict) else getattr(model, "output_names", ["output"])[key]
            function = keras.losses.get(loss[key] if isinstance(loss, (list, dict)) else loss)
            values[name] = float(np.mean(keras.ops.convert_to_numpy(function(wanted[key], outputs[key]))))
        return values

    untouched, costs = losses(inputs), {}
    for key, name in names.items():
        rises = {head: [] for head in untouched}
        for _ in range(repeats):
            shuffled = inputs.copy()
            shuffled[key] = np.asarray(inputs[key])[generator.permutation(len(inputs[key]))]
            for head, value in losses(shuffled).items():
                rises[head].append(value - untouched[head])
        for head, rise in rises.items():
            mean, error = np.mean(rise), np.std(rise, ddof=1) / np.sqrt(repeats)
            costs[head, name] = float(mean), float(mean - 1.96 * error), float(mean + 1.96 * error)
    return costs


def _keys(arrays):
    return list(arrays) if isinstance(arrays, dict) else range(len(arrays))


# Example: replace model, x_test and y_test with your own.
# for (head, name), (mean, low, high) in shuffle_test(model, x_test, y_test, "binary_crossentropy").items():
#     print(f"{head} without {name}: {mean:+.3f} ({low:+.3f} to {high:+.3f})")
# A cost of exactly 0 in every shuffle means that no path leads from the input to the head, or that its weights are 0.

"""The models of the programs, and what makes two graphs the same although their layers have other names."""

import keras


def models_of(path):
    """The models that Keras makes when the program is run, by variable. Our own programs only: nobody else's is run."""
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(0)
    today = path.with_suffix(".today.py")
    source = today if today.exists() else path
    names = {"__name__": "__main__"}
    exec(compile(source.read_text(), str(source), "exec"), names)
    return {name: value for name, value in names.items() if isinstance(value, keras.Model)}


def form(graph):
    """A graph without its names: calls numbered by their place on the way back from the heads, each with what it reads."""
    number, layers, lines = {}, {}, []
    position = {call.id: call for call in graph.calls}
    stack = [(head.call, False) for head in reversed(graph.heads)]
    while stack:
        call_id, done = stack.pop()
        if call_id in number:
            continue
        call = position[call_id]
        if not done:
            stack.append((call_id, True))
            stack += [(source, False) for source in reversed(call.reads)]
            continue
        number[call_id] = len(number)
        layer = layers.setdefault(call.layer, len(layers))
        groups = tuple(group.rpartition("#")[2] for group in call.groups)
        reads = tuple(number[source] for source in call.reads)
        lines.append((number[call_id], layer, call.class_name, call.parameters, reads, len(groups), call.shape))
    inputs = [number.get(name) for name in graph.inputs]
    return lines, inputs, [number[head.call] for head in graph.heads]


def agrees(ours, keras_s):
    """Whether two forms are the same; a shape or a count that one of them doesn't tell agrees with any."""
    (our_lines, *our_ends), (their_lines, *their_ends) = ours, keras_s
    if our_ends != their_ends or len(our_lines) != len(their_lines):
        return False
    for our, their in zip(our_lines, their_lines, strict=True):
        for i, (one, other) in enumerate(zip(our, their, strict=True)):
            if one != other and not (i in (3, 6) and None in (one, other)):
                return False
    return True

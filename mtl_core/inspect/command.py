"""Which inputs can each head of a model see, and which weights can its loss change? A command, and a check for CI.

    which-inputs model.keras
    which-inputs model.h5 --format svg > model.svg
    which-inputs train.py --model model --require price:photo --forbid price:seller_id
    which-inputs train.py --trains price:head --frozen price:base

`python -m mtl_core.inspect` is the same command. Only the architecture is read: nothing is deserialised, a program is not
executed, and neither Keras nor TensorFlow is needed. The exit status is 0 if
all that was required and forbidden holds, 1 if something doesn't, and 2 if the file or the arguments are no good.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path

import graphviz

from mtl_core.graph import CallGraph, ModelFileError
from mtl_core.graph.config.untrusted import shown, step
from mtl_core.graph.draw.training import training_dot
from mtl_core.graph.program import Program, read_file
from mtl_core.graph.training_words import fits_a_table, headline, loss, obstacle, training_findings, training_table
from mtl_core.graph.words import findings, in_words, table
from mtl_core.inspect.everything import as_json, within_limit
from mtl_core.inspect.model_explorer import model_explorer
from mtl_core.language import _

__all__ = ["command", "main", "readings"]

HELD, BROKEN, NO_GOOD = 0, 1, 2

MOST_TOLD = 100
"""Most sentences on training below the table."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        graph = _chosen(_read(options.file), options.model)
        rules = [(*_pair(graph, text), True) for text in options.require]
        rules += [(*_pair(graph, text), False) for text in options.forbid]
        changes = [(*_head_and_layers(graph, text), True) for text in options.trains]
        changes += [(*_head_and_layers(graph, text), False) for text in options.frozen]
        text = within_limit([_FORMATS[options.format](graph, options)])
        complaints = [_complaint(graph, head, name, required) for head, name, required in rules]
        complaints += [_training_complaint(graph, head, layers, required) for head, layers, required in changes]
    except (ModelFileError, _BadArgumentError) as error:
        print(error, file=sys.stderr)
        return NO_GOOD
    except Exception:  # Python's own end would be the status of a broken rule.
        traceback.print_exc()
        return NO_GOOD
    _print(text)
    broken = [text for text in complaints if text]
    print(*broken, sep="\n", end="\n" if broken else "", file=sys.stderr)
    return BROKEN if broken else HELD


def command() -> None:
    """The installed command: ends the process with the status."""
    sys.exit(main())


class _BadArgumentError(Exception):
    """An argument that doesn't fit the model, or this machine."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="which-inputs",
        description=_("Which inputs can each head of a Keras model see, and which layers can its loss change?"),
        epilog=_("Exit status: 0 all rules hold, 1 a rule is broken, 2 the file or the arguments are no good."),
    )
    parser.add_argument(
        "file",
        help=_(
            "a .keras or .h5 file, JSON or YAML of a model, keras_metadata.pb, a program or a notebook; - reads standard input"
        ),
    )
    parser.add_argument(
        "--model", metavar="NAME", help=_("which model of a program: the variable it is assigned to (the last)")
    )
    parser.add_argument("--format", choices=tuple(_FORMATS), default="table", help=_("what to print (table)"))
    parser.add_argument(
        "--view", choices=("calls", "layers", "training"), default="calls",
        help=_("draw one box a call, one a layer as plot_model does, or what each loss changes (calls)"),
    )  # fmt: skip
    parser.add_argument(
        "--highlight", metavar="NAME", help=_("light up what reaches this head, or what this input reaches")
    )
    parser.add_argument(
        "--collapse", metavar="NAME", action="append", default=[], help=_("draw a nested model as one box")
    )
    parser.add_argument("--explain", action="store_true", help=_("mark the paths of the layers view that do not exist"))
    parser.add_argument("--dark", action="store_true", help=_("draw for a dark page"))
    for flag, help_text in (
        ("--require", _("fail unless this head may depend on this input")),
        ("--forbid", _("fail if this head may depend on this input")),
    ):
        parser.add_argument(flag, metavar="HEAD:INPUT", action="append", default=[], help=help_text)
    for flag, help_text in (
        ("--trains", _("fail unless this head's loss may change this layer, or any layer of this nested model")),
        ("--frozen", _("fail if this head's loss may change this layer, or any layer of this nested model")),
    ):
        parser.add_argument(flag, metavar="HEAD:LAYER", action="append", default=[], help=help_text)
    return parser


def _read(name: str) -> Program:
    if name == "-":
        return read_file(sys.stdin.buffer.read())
    try:
        with Path(name).open("rb") as file:
            return read_file(file)
    except (OSError, ValueError) as error:
        if isinstance(error, ModelFileError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise ModelFileError(_("{file} can't be read: {reason}.").format(file=shown(name), reason=reason)) from None


def _chosen(program: Program, name: str | None) -> CallGraph:
    """The model of this name, or the last one; what could not be followed goes to standard error."""
    for remark in program.remarks:
        print(_("line {line}: {text}").format(line=remark.line, text=remark.text), file=sys.stderr)
    if name is None:
        return list(program.models.values())[-1]
    if name not in program.models:
        raise _BadArgumentError(
            _("There is no model “{name}”; the models are {names}.").format(
                name=shown(name), names=", ".join(map(shown, program.models))
            )
        )
    return program.models[name]


def readings(text: str, heads: Container[str], names: Container[str]) -> list[tuple[str, str]]:
    """All heads and names of which "head:name" may be made; a colon may be part of a name."""
    return [(head, name) for head, name in _pairs(text) if head in heads and name in names]


def _pairs(text: str) -> list[tuple[str, str]]:
    """All that may stand before and behind a colon."""
    return [(text[:position], text[position + 1 :]) for position, letter in enumerate(text) if letter == ":"]


def _only(text: str, found: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The one pair that is meant; nobody should believe that a rule holds which is another's."""
    if len(found) == 1:
        return found[0]
    ways = "; ".join(_("{head} and {name}").format(head=shown(head), name=shown(name)) for head, name in found)
    sentence = _("“{text}” can be read in {n} ways: {ways}. Give one of them a name without a colon.")
    raise _BadArgumentError(sentence.format(text=shown(text), n=len(found), ways=ways))


def _pair(graph: CallGraph, text: str) -> tuple[str, str]:
    """Head and input of "head:input"."""
    if found := readings(text, graph.outputs, graph.inputs):
        return _only(text, found)
    sentence = _("“{text}” is not HEAD:INPUT. The heads are {heads}; the inputs are {inputs}.")
    names = {key: ", ".join(map(shown, values)) for key, values in (("heads", graph.outputs), ("inputs", graph.inputs))}
    raise _BadArgumentError(sentence.format(text=shown(text), **names))


def _head_and_layers(graph: CallGraph, text: str) -> tuple[str, tuple[str, ...]]:
    """Head and layers of "head:layer"; the name of a nested model stands for all layers in it that have weights."""
    called = {call.layer for call in graph.calls}
    meant = {
        name: (name,) if name in called else tuple(x for x in graph.layers_with_weights if x.startswith(f"{name}/"))
        for _head, name in _pairs(text)
    }
    if found := readings(text, graph.outputs, [name for name, layers in meant.items() if layers]):
        head, name = _only(text, found)
        return head, meant[name]
    sentence = _("“{text}” is not HEAD:LAYER. The heads are {heads}; the layers with weights are {layers}.")
    names = {"heads": ", ".join(map(shown, graph.outputs)), "layers": in_words(graph.layers_with_weights) or _("none")}
    raise _BadArgumentError(sentence.format(text=shown(text), **names))


def _training_complaint(graph: CallGraph, head: str, layers: tuple[str, ...], required: bool) -> str:
    """What is wrong with a rule about training; empty if it holds. What is not known is no proof either way."""
    statuses = {layer: graph.training_status(head, layer) for layer in layers}
    wrong, right = ("cannot", "may") if required else ("may", "cannot")
    if required and right in statuses.values():
        return ""
    for status in (wrong, "unknown") if not required else ("unknown", wrong):
        layer = next((layer for layer in layers if statuses[layer] == status), None)
        if layer is None:
            continue
        names = {"loss": loss(graph, head), "layer": shown(layer)}
        if status == "unknown":
            return _("Not known whether {loss} changes {layer}: something on the way could not be read.").format(
                **names
            )
        if required:
            return _("Required, but {loss} cannot change {layer}: {why}.").format(
                why=obstacle(graph, head, layer), **names
            )
        way = " ← ".join(map(shown, graph.way_back(head, layer)))
        return _("Must stay frozen, but {loss} may change {layer}: {way}.").format(way=way, **names)
    return ""


def _complaint(graph: CallGraph, head: str, name: str, required: bool) -> str:
    """What is wrong with a rule; empty if it holds. What is not known is no proof either way."""
    status = graph.status(head, name)
    names = {"name": shown(name), "head": shown(head)}
    if status == "unknown":
        return _("Not known whether {head} depends on {name}: something on the way could not be read.").format(**names)
    if required and status == "cannot":
        return _("Required, but no path leads from {name} to {head}.").format(**names)
    if not required and status == "may":
        return _("Forbidden, but {head} may depend on {name}.").format(**names)
    return ""


@step()
def _as_table(graph: CallGraph, options: argparse.Namespace) -> str:
    blocks = [[*_columns(table(graph))], findings(graph)]
    if graph.layers_with_weights:
        too_large = _("The table of losses and layers is too large here; --format json has all of it.")
        rows = [*_columns(training_table(graph))] if fits_a_table(graph) else [too_large]
        told = training_findings(graph, most=MOST_TOLD + 1)
        more = [_("There is more to say of training.")] * (len(told) > MOST_TOLD)
        blocks += [rows, [headline(graph) + ".", *told[:MOST_TOLD], *more]]
    return "\n\n".join("\n".join(block) for block in blocks)


def _columns(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Rows as lines of text under their columns' names."""
    columns = list(rows[0])
    width = {column: max(len(column), *(len(row[column]) for row in rows)) for column in columns}
    head = "  ".join(column.ljust(width[column]) for column in columns).rstrip()
    yield from (head, "-" * len(head))
    for row in rows:
        yield "  ".join(cell.ljust(width[column]) for column, cell in row.items()).rstrip()


def _as_dot(graph: CallGraph, options: argparse.Namespace) -> str:
    names = {*graph.inputs, *graph.outputs}
    if options.highlight is not None and options.highlight not in names:
        raise _BadArgumentError(_("The model has no head and no input “{name}”.").format(name=shown(options.highlight)))
    if options.view == "training":
        losses = [options.highlight] if options.highlight in graph.outputs else []
        return training_dot(graph, losses=losses, dark=options.dark, collapsed=options.collapse)
    return graph.to_dot(
        options.view,
        highlight=options.highlight,
        dark=options.dark,
        collapsed=options.collapse,
        explain=options.explain,
    )


def _as_json(graph: CallGraph, options: argparse.Namespace) -> str:
    return as_json(graph)


def _as_svg(graph: CallGraph, options: argparse.Namespace) -> str:
    try:
        return str(graphviz.Source(_as_dot(graph, options)).pipe(format="svg", encoding="utf-8"))
    except graphviz.ExecutableNotFound:
        raise _BadArgumentError(
            _("SVG needs Graphviz's program “dot”, which is not installed here. --format dot needs nothing.")
        ) from None


def _as_model_explorer(graph: CallGraph, options: argparse.Namespace) -> str:
    return model_explorer(graph)


_FORMATS = {
    "table": _as_table,
    "dot": _as_dot,
    "json": _as_json,
    "svg": _as_svg,
    "model-explorer": _as_model_explorer,
}


def _print(text: str) -> None:
    """Print, also where the terminal lacks a character, and to a reader that stops listening (`| head`)."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""Labels stay readable however close their curves are."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.figures.panel import Axis, Panel, spread
from mtl_core.palette import LIGHT

LABELS = st.lists(st.tuples(st.floats(0, 200), st.sampled_from([14.0, 28.0])), max_size=7)


@given(LABELS)
def test_no_label_covers_another(labels):
    centres = spread([y for y, _ in labels], [h for _, h in labels], 200)
    boxes = sorted((y - h / 2, y + h / 2) for y, (_, h) in zip(centres, labels, strict=True))
    assert all(below[1] <= above[0] + 1e-9 for below, above in itertools.pairwise(boxes))


@given(LABELS)
def test_labels_keep_the_order_of_what_they_name_and_end_within_the_panel(labels):
    wanted = [y for y, _ in labels]
    centres = spread(wanted, [h for _, h in labels], 200)
    assert sorted(range(len(labels)), key=wanted.__getitem__) == sorted(range(len(labels)), key=centres.__getitem__)
    assert all(y <= 200 + 1e-9 for y in centres)


@given(st.permutations([10.0, 60.0, 110.0, 190.0]))
def test_a_label_with_room_stays_where_it_belongs(wanted):
    assert spread(wanted, [14.0] * 4, 200) == pytest.approx(wanted)


def test_an_axis_of_categories_has_their_names_broken_into_lines_or_tilted_where_they_need_room():
    def axis_of(*names):
        axis = Axis(title="merge", low=-0.4, high=len(names) - 0.6, names=names)
        layout = Panel("", axis, Axis(title="loss", low=0, high=1), LIGHT).figure()["layout"]
        assert layout["xaxis"]["tickvals"] == [*range(len(names))]
        return layout["xaxis"]["ticktext"], layout["margin"]["b"]

    short, broken = ("no merge", "add", "all"), ("not connected", "concatenated", "multiplied")
    tilted = ("weight 0", "weight 10", "detached", "unrelated", "other feature", "few labels", "noise")
    room = axis_of("1", "2")[1]
    assert axis_of(*short) == ([*short], room)
    assert axis_of(*broken) == (["not<br>connected", "concatenated", "multiplied"], room + 14)
    assert axis_of(*tilted)[0] == [*tilted]
    assert axis_of(*tilted)[1] > room + 30

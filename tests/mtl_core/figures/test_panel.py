"""Labels stay readable however close their curves are."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_core.figures.panel import spread

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

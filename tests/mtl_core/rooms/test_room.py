"""What pages read of a room: only its teacher leads it, and names lead to nobody."""

from mtl_core.rooms import Room, anonymous, machine, new_code, new_secret
from mtl_core.spec import ViewSpec
from tests.mtl_core.rooms.made_rooms import BALLOT, after, command, votes


def test_only_whoever_has_the_key_leads_a_room():
    secret = new_secret()
    event = {"room": "KMPQR", "salt": "salt", "keys": [anonymous("salt", secret)], "ballot": BALLOT}
    room = Room.of(machine.view(machine.opened(event, 0.0)), ahead=0.0)
    assert room.led_by("", secret)
    assert not room.led_by("", "another")


def test_a_room_says_where_the_class_is_and_what_became_of_each_vote():
    event = {"room": "KMPQR", "salt": "salt", "keys": ["k"], "ballot": BALLOT}
    state = after(
        machine.opened(event, 0.0),
        *votes(0, 1, 1, 1, 3),
        command("reveal", key="k", on=True),
        command("step", key="k", step=2),
        *votes(0, 0, question=1),
        command("timer", key="k", seconds=30),
    )
    room = Room.of(machine.view(state), ahead=1000.0)
    assert (room.step, room.voting, room.round, room.ends) == (2, True, 1, 1030.0)
    assert room.revealed == {1}
    assert room.voted == {(0, 1): 5, (1, 1): 2, (2, 1): 0}
    assert room.counts == {(0, 1): (1, 3, 0, 1)}


def test_a_name_is_the_same_in_its_room_and_another_in_every_other():
    assert anonymous("one", "a phone") == anonymous("one", "a phone") != anonymous("two", "a phone")
    assert "a phone" not in anonymous("one", "a phone")


def test_codes_can_be_written_into_a_link_and_hardly_meet():
    codes = {new_code() for _ in range(100)}
    assert len(codes) > 95
    for code in codes:
        view = ViewSpec.from_query({"room": code})
        assert view[1] == []
        assert view[0].room == code

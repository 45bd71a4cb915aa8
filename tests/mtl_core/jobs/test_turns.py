"""Places go to visitors in turn."""

import asyncio

from mtl_core.jobs.turns import Turns


async def order_of(asked: str, *, places: int = 1, leaves: tuple[int, ...] = ()) -> str:
    """In which order those who ask, one letter each, are given a place; some give up while they wait."""
    turns, order = Turns(lambda: places), []

    async def ask(visitor: str) -> None:
        async with turns.of(visitor):
            order.append(visitor)
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(ask(visitor)) for visitor in asked]
    await asyncio.sleep(0)
    for number in leaves:
        tasks[number].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return "".join(order)


def test_who_asks_for_much_waits_for_those_who_ask_for_little() -> None:
    assert asyncio.run(order_of("aaaabbc")) == "aabcaba"


def test_one_visitor_alone_is_served_in_the_order_of_asking() -> None:
    assert asyncio.run(order_of("aaa")) == "aaa"


def test_who_gives_up_leaves_the_place_to_the_next() -> None:
    assert asyncio.run(order_of("abca", leaves=(1,))) == "aca"
    assert asyncio.run(order_of("abcb", leaves=(3,))) == "abc"


def test_as_many_are_served_at_once_as_there_are_places() -> None:
    async def most(places: int) -> int:
        turns, inside, seen = Turns(lambda: places), 0, []

        async def ask(visitor: str) -> None:
            nonlocal inside
            async with turns.of(visitor):
                inside += 1
                seen.append(inside)
                await asyncio.sleep(0)
                inside -= 1

        await asyncio.gather(*(ask(visitor) for visitor in "abcabcabc"))
        return max(seen)

    assert [asyncio.run(most(places)) for places in (1, 2, 4)] == [1, 2, 4]

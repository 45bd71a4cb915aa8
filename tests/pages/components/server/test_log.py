import logging
import threading

import pytest

from pages.components.server.log import Throttle, throttle

LINES = "what was written, by its message"


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def logger(clock):
    made = logging.Logger("test")
    made.addFilter(Throttle(lambda: clock[0]))
    made.written = []
    handler = logging.Handler()
    handler.emit = lambda record: made.written.append(record.getMessage())
    made.addHandler(handler)
    return made


def refuse(logger, number):
    logger.error("no descriptor for visitor %d", number)


def test_what_repeats_thousands_of_times_is_written_a_few_times(logger):
    for number in range(10_000):
        refuse(logger, number)
    assert logger.written == [f"no descriptor for visitor {number}" for number in range(5)]


def test_a_minute_later_it_is_written_again_with_how_often_it_was_left_out(logger, clock):
    for number in range(1_005):
        refuse(logger, number)
    clock[0] = 61.0
    refuse(logger, 2_000)
    assert logger.written[5:] == ["no descriptor for visitor 2000 (1,000 more like it were left out)"]


def test_something_else_is_written_all_the_same(logger):
    for number in range(100):
        refuse(logger, number)
    logger.error("a worker was lost")
    assert logger.written[-1] == "a worker was lost"


def test_the_same_line_with_another_error_is_something_else(logger):
    for error in [OSError("too many open files")] * 20 + [ValueError("a new one")]:
        try:
            raise error
        except (OSError, ValueError):
            logger.exception("could not draw")
    assert len(logger.written) == 6


def test_threads_that_die_for_the_same_reason_are_throttled_too(caplog, monkeypatch):
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    throttle()

    def die():
        raise OSError("too many open files")

    for _ in range(20):
        thread = threading.Thread(target=die)
        thread.start()
        thread.join()
    assert 0 < sum("A thread ended" in record.message for record in caplog.records) <= 5

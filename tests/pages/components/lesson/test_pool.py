"""A hundred people who press Run it live in a room ask for a few trainings, and see how far these differ."""

from mtl_core.jobs.health import Health
from mtl_core.lessons.walkthrough import STEPS, spec_of
from pages.components.lesson.pool import SEEDS
from tests.pages.made_jobs import finished
from tests.pages.reading import shown

WALK = "pages/walkthrough.py"
STEP = next(step for step in STEPS if step.experiments)
PLACE = str(STEPS.index(STEP) + 1)
BALLOT = [[len(question.choices) for question in step.questions] for step in STEPS]


def know(made, *seeds):
    for seed in seeds:
        for experiment in STEP.experiments:
            spec = spec_of(STEP, experiment.name, seed)
            made.known[spec] = finished(spec)


def asked_seeds(made):
    return {spec.train.seed for _kind, spec, *_again in made.asked}


def a_class_that_sees_the_answer(made):
    code = made.rooms.open(BALLOT, "a teacher")
    for command in ({"kind": "step", "step": int(PLACE)}, {"kind": "reveal", "on": True}):
        made.rooms.lead(made.rooms.look(code), ["a teacher"], **command)
    return code


def test_in_a_room_a_press_draws_one_of_a_few_seeds_and_elsewhere_one_of_thousands(visit, made):
    know(made, 0)
    code = a_class_that_sees_the_answer(made)
    drawn = {room: set() for room in ("", code)}
    for room in drawn:
        for _press in range(2):  # of thousands, two are among the few once in millions
            made.asked.clear()
            link = {"room": room} if room else {"step": PLACE, "a": "0" * 24}
            visit(WALK, **link).button(key="train").click().run()
            drawn[room] |= asked_seeds(made)
    assert drawn[code] <= set(SEEDS)
    assert not drawn[""] <= set(SEEDS)


def test_the_wait_is_said_before_the_press(visit, made, monkeypatch):
    know(made, 0)
    monkeypatch.setattr(made, "health", lambda: Health(running=1, queued=6))
    words = shown(visit(WALK, step=PLACE, a="0" * 24))
    seconds = sum(experiment.spec.cost.seconds for experiment in STEP.experiments)
    assert f"{len(STEP.experiments)} trainings, about {seconds:.0f} s. 7 others are ahead." in words


def test_a_class_sees_how_far_its_runs_differ(visit, made):
    know(made, 0, 1, 4)
    at = visit(WALK, room=a_class_that_sees_the_answer(made))
    assert "The class's runs" in [header.value for header in at.subheader]
    tables = [table.value for table in at.dataframe if "seeds" in table.value]
    assert [table["seeds"].tolist() for table in tables] == [[3] * len(STEP.experiments)]

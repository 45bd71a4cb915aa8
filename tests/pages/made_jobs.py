"""Jobs made by hand, for tests of what pages show of them."""

from mtl_core.forward import Network
from mtl_core.jobs.health import Health
from mtl_core.records import Answer, Run
from mtl_core.spec import ExperimentSpec
from tests.mtl_core.made_runs import response_of, run_of, what_if_of
from tests.pages.made_rooms import MadeRooms

SPEC = ExperimentSpec()


def finished(spec, **fields):
    return run_of(spec, kept=(0, 1, 2, 3), response=response_of(spec), **fields)


class MadeRuns:
    """Stands in for the jobs: knows the runs it is given, and notes what it was asked for."""

    def __init__(self) -> None:
        self.known: dict[ExperimentSpec, Run] = {}
        self.asked: list[tuple] = []
        self.watching = 0
        self.rooms = MadeRooms()
        self.networks: dict[ExperimentSpec, Network] = {}

    def look(self, spec, visitor=""):
        return self.known.get(spec, Run(spec=spec))

    def network(self, spec, epoch=-1):
        return (3, self.networks[spec]) if spec in self.networks else None

    def train(self, spec, visitor, *, again=False):
        self.asked.append(("train", spec, again))

    def background(self, spec, visitor, rank=None):
        self.asked.append(("background", spec))

    def stop(self, spec, visitor):
        self.asked.append(("stop", spec))

    def close(self):
        pass

    def health(self):
        return Health()

    def watchers(self):
        return self.watching

    def renew(self, visitor):
        pass

    def ask(self, spec, epoch, kind, **options):
        answers = {"respond": response_of(spec), "what_if": what_if_of(connected=spec.model.merge != "none")}
        return Answer("ready", answers[kind])

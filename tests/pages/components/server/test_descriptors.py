import subprocess
import sys

import pytest

from pages.components.server import descriptors

if sys.platform == "win32":
    pytest.skip("Windows has no such limit", allow_module_level=True)

IN_A_PROCESS = """
import resource, runpy
descriptors = runpy.run_path({file!r})
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
before = descriptors["room"]()
descriptors["raise_limit"]()
print(before, descriptors["room"](), resource.getrlimit(resource.RLIMIT_NOFILE)[1])
"""


def rooms(soft, hard):
    program = IN_A_PROCESS.format(file=descriptors.__file__, soft=soft, hard=hard)
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return [int(number) for number in out.split()]


def test_a_process_helps_itself_to_what_the_system_allows():
    before, after, hard = rooms(1_024, 4_096)
    assert before == 226
    assert after == 994
    assert hard == 4_096, "who runs the server has set it"


def test_where_the_system_allows_no_more_it_stays():
    before, after, _hard = rooms(1_024, 1_024)
    assert before == after

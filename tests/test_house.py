"""The house is built as the README says: a map that is true, and Keras behind its door.

That imports run downwards, and lead neither to Streamlit nor to Keras where they must not, is held by import-linter:
see `[tool.importlinter]` in pyproject.toml.
"""

import ast
import subprocess
import sys

from tests.house import BEGIN, END, README, ROOT, map_of_the_house, modules, tree

NO_KERAS = """
import sys

class Door:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("keras", "tensorflow"):
            raise ImportError(f"{name} is for workers only")

sys.meta_path.insert(0, Door())
"""
"""Opens a program in which Keras and TensorFlow cannot be imported, and who asks for them is named in the error."""


def without_keras(program):
    """Run a program in a new Python; return its error, or nothing if it ran."""
    command = [sys.executable, "-c", NO_KERAS + program]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    return ended.stderr if ended.returncode else ""


def imports_of(path):
    """The imports at the top of a script, as a program."""
    nodes = [node for node in tree(path).body if isinstance(node, (ast.Import, ast.ImportFrom))]
    return "\n".join(ast.unparse(node) for node in nodes if getattr(node, "module", "") != "__future__")


def test_the_map_in_the_readme_is_the_tree():
    assert README.read_text().split(BEGIN)[1].split(END)[0] == map_of_the_house(), "run: python tests/house.py"


def test_every_module_opens_by_saying_what_it_is():
    assert [str(path.relative_to(ROOT)) for path in modules() if not ast.get_docstring(tree(path))] == []


def test_no_page_needs_keras():
    scripts = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]
    assert len(scripts) > 20, "the pages were not found"
    assert without_keras("\n".join(map(imports_of, scripts))) == ""


def test_who_imports_a_module_gets_its_package_too():
    """This one does not import Keras; the package that it lies in does, and Python runs that first."""
    assert "is for workers only" in without_keras("import mtl_core.model.variants")

"""The house is built as the README says: a map that is true, imports that run downwards, Keras behind its door."""

import ast
from graphlib import TopologicalSorter

import pytest

from tests.house import BEGIN, END, README, ROOT, map_of_the_house, modules, tree

NEEDS_KERAS = ("keras", "tensorflow")


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): tree(path) for path in modules()}


def imports(node, *, anywhere):
    """Names of the modules that a module imports: at its top only, or also inside functions."""
    found = set()
    stack = [node]
    while stack:
        for child in ast.iter_child_nodes(stack.pop()):
            if isinstance(child, ast.Import):
                found |= {alias.name for alias in child.names}
            elif isinstance(child, ast.ImportFrom):
                names = {f"{child.module}.{alias.name}" for alias in child.names}
                found |= {child.module} | (names & set(MODULES))
            elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            elif anywhere or not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
                stack.append(child)
    return found


def uses(name, packages, *, anywhere):
    return {found for found in imports(MODULES[name], anywhere=anywhere) if found.split(".")[0] in packages}


WITH_KERAS = {name for name in MODULES if uses(name, NEEDS_KERAS, anywhere=False)}


def test_the_map_in_the_readme_is_the_tree():
    assert README.read_text().split(BEGIN)[1].split(END)[0] == map_of_the_house(), "run: python tests/house.py"


@pytest.mark.parametrize("name", MODULES)
def test_every_module_opens_by_saying_what_it_is(name):
    assert ast.get_docstring(MODULES[name])


def test_nothing_below_the_pages_knows_streamlit():
    assert [name for name in MODULES if name.startswith("mtl_core") and uses(name, ("streamlit",), anywhere=True)] == []


def test_imports_run_downwards():
    order = TopologicalSorter({name: imports(node, anywhere=False) & set(MODULES) for name, node in MODULES.items()})
    order.prepare()  # raises CycleError
    above = {
        name: [u for u in imports(MODULES[name], anywhere=True) if u.startswith(("pages", "app"))] for name in MODULES
    }
    assert [name for name, upwards in above.items() if name.startswith("mtl_core") and upwards] == []
    components = [name for name in MODULES if name.startswith("pages.components")]
    assert [name for name in components if any(not up.startswith("pages.components") for up in above[name])] == []


def test_nothing_that_a_page_imports_leads_to_keras():
    seen, stack = set(), [name for name in MODULES if name.startswith(("app", "pages"))]
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack += imports(MODULES[name], anywhere=False) & set(MODULES)
    assert seen & WITH_KERAS == set()
    assert len(WITH_KERAS) >= 3, "the modules with Keras were not found"

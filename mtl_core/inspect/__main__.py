"""`python -m mtl_core.inspect`: the command `which-inputs`, where it is not installed."""

from mtl_core.inspect.command import command

command()

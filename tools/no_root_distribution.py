"""Build backend of the repository root: refuses, and says which folders are the distributions.

Without it pip would take the root for a package of its own and install whatever folders it finds there.
"""

from typing import NoReturn

_MESSAGE = (
    "The repository root is not a distribution. Install its parts: pip install './client[cli]' ./server "
    "(or run `make demo`, `make test`, which set up .venv by themselves)."
)


def _refuse(*_arguments: object, **_options: object) -> NoReturn:
    raise SystemExit(_MESSAGE)


# The hooks of PEP 517 and PEP 660.
build_wheel = build_sdist = build_editable = _refuse
get_requires_for_build_wheel = get_requires_for_build_sdist = get_requires_for_build_editable = _refuse

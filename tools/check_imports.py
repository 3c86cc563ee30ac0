"""Fails on an import that crosses the layers, an import cycle, unpickling, or code in a server `__init__.py`.

    python -m tools.check_imports

Reads the source with `ast`, so that imports inside functions and `if` blocks count as well. Imports for type
checkers only (`if TYPE_CHECKING:`) must respect the layers, but make no cycle.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tools.layers import EMPTY_INITS, LAYERS, UNPICKLERS, layer_of

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("client/pinfold", "server/pinfold_server")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module or name, absolute: `from a import b` gives `a.b`."""

    target: str
    line: int
    typing_only: bool


@dataclass(frozen=True, slots=True)
class Module:
    name: str
    file: Path
    imports: tuple[Import, ...]
    is_empty: bool

    @property
    def is_package(self) -> bool:
        return self.file.name == "__init__.py"


def _guards_typing(node: ast.AST) -> bool:
    if not isinstance(node, ast.If):
        return False
    test = node.test
    return (isinstance(test, ast.Name) and test.id == "TYPE_CHECKING") or (
        isinstance(test, ast.Attribute) and test.attr == "TYPE_CHECKING"
    )


def _absolute(node: ast.ImportFrom, package: str) -> str:
    """The module that a `from` names; relative ones are resolved against `package`."""
    if node.level == 0:
        return node.module or ""
    parents = package.split(".")
    base = parents[: len(parents) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def _imports(node: ast.AST, package: str, typing_only: bool = False) -> Iterator[Import]:
    match node:
        case ast.Import():
            yield from (Import(alias.name, node.lineno, typing_only) for alias in node.names)
        case ast.ImportFrom():
            base = _absolute(node, package)
            yield from (Import(f"{base}.{alias.name}", node.lineno, typing_only) for alias in node.names)
        case ast.If() if _guards_typing(node):
            for statement in node.body:
                yield from _imports(statement, package, typing_only=True)
            for statement in node.orelse:
                yield from _imports(statement, package, typing_only)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _imports(child, package, typing_only)


def read_modules(packages: Iterable[Path]) -> dict[str, Module]:
    """Every module of the given package folders, by dotted name."""
    modules: dict[str, Module] = {}
    for package in packages:
        for file in sorted(package.rglob("*.py")):
            parts = file.relative_to(package.parent).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            tree = ast.parse(file.read_bytes(), filename=str(file))
            inside = name if is_package else name.rpartition(".")[0]
            modules[name] = Module(name, file, tuple(_imports(tree, inside)), is_empty=not tree.body)
    return modules


def _resolve(target: str, modules: Mapping[str, Module]) -> str | None:
    """The module of ours that `target` names or lies in."""
    while target:
        if target in modules:
            return target
        target = target.rpartition(".")[0]
    return None


def _is_below(name: str, prefixes: Iterable[str]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def _complaint(module: Module, item: Import) -> str | None:
    """Why `module` must not import `item`; None when it may."""
    top = item.target.partition(".")[0]
    if top in UNPICKLERS:
        return f"{top} unpickles: a file could run any code"
    layer = layer_of(module.name)
    if layer is None:
        return f"{module.name} belongs to no layer of tools/layers.py"
    allowed = LAYERS[layer]
    if (other := layer_of(item.target)) is not None:
        return None if other == layer or other in allowed.internal else f"{layer} must not import {item.target}"
    if top in sys.stdlib_module_names or _is_below(item.target, allowed.external):
        return None
    return f"{layer} must not import {item.target}"


def find_crossings(modules: Mapping[str, Module]) -> list[str]:
    return [
        f"{module.file}:{item.line}: {complaint}"
        for module in modules.values()
        for item in module.imports
        if (complaint := _complaint(module, item)) is not None
    ]


def find_cycles(modules: Mapping[str, Module]) -> list[str]:
    """One cycle when there is any: the first must be broken before the next can be seen."""
    graph = {
        module.name: {
            resolved
            for item in module.imports
            if not item.typing_only
            and (resolved := _resolve(item.target, modules)) is not None
            and resolved != module.name
        }
        for module in modules.values()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle: Sequence[str] = error.args[1]
        # The sorter lists predecessors, here the imported modules: read backwards it says who imports whom.
        return ["import cycle: " + " -> ".join(reversed(cycle))]
    return []


def find_full_inits(modules: Mapping[str, Module]) -> list[str]:
    return [
        f"{module.file}: must be empty"
        for module in modules.values()
        if module.is_package and not module.is_empty and _is_below(module.name, EMPTY_INITS)
    ]


def check(packages: Iterable[Path]) -> list[str]:
    """What is wrong with the given package folders, one sentence each."""
    modules = read_modules(packages)
    return [*find_crossings(modules), *find_cycles(modules), *find_full_inits(modules)]


def main() -> None:
    if problems := check(ROOT / package for package in PACKAGES):
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()

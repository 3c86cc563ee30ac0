"""Fails when committed generated code is not what the .proto files give.

    python -m tools.check_protos --generator .venv-protoc/bin/python

With a generator every byte is compared. Where its Python has no wheel of the generator (3.13), only the
descriptors inside the committed files are compared, with what buf compiles from the protos.
"""

import argparse
import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from tools.generate_protos import DESCRIPTOR_SET, ROOT, TREES, Tree, generated_files

Descriptors = dict[str, FileDescriptorProto]


def can_generate(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", "import grpc_tools"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def compare_bytes(python: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, ROOT / "tools" / "generate_protos.py", "--into", folder], check=True)
        fresh = Path(folder)
        expected, committed = generated_files(fresh), generated_files(ROOT)
        missing = [f"{name}: missing" for name in expected - committed]
        stale = [f"{name}: comes from no .proto file" for name in committed - expected]
        differing = [
            f"{name}: differs"
            for name in expected & committed
            if (fresh / name).read_bytes() != (ROOT / name).read_bytes()
        ]
    return sorted(missing + stale + differing)


def _normalised(file: FileDescriptorProto) -> FileDescriptorProto:
    """Without what compilers may add or leave out: comments and the JSON names that follow from the names."""
    plain = FileDescriptorProto()
    plain.CopyFrom(file)
    plain.ClearField("source_code_info")
    pending = list(plain.message_type)
    fields = list(plain.extension)
    while pending:
        message = pending.pop()
        pending.extend(message.nested_type)
        fields.extend(message.field)
    for field in fields:
        field.ClearField("json_name")
    return plain


def _read(data: bytes) -> Descriptors:
    return {file.name: _normalised(file) for file in FileDescriptorSet.FromString(data).file}


def _embedded(tree: Tree) -> Descriptors:
    """The descriptors that the committed *_pb2.py carry, by .proto file."""
    found: Descriptors = {}
    for name in tree.files():
        try:
            module = importlib.import_module(name.removesuffix(".proto").replace("/", ".") + "_pb2")
        except ModuleNotFoundError:
            continue
        found[name] = _normalised(FileDescriptorProto.FromString(module.DESCRIPTOR.serialized_pb))
    return found


def compare_descriptors() -> list[str]:
    problems: list[str] = []
    buf = Path(sys.executable).with_name("buf")
    for tree in TREES:
        command = [str(buf), "build", tree.protos, "--as-file-descriptor-set", "-o", "-"]
        compiled = _read(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
        embedded = _embedded(tree)
        problems += [
            f"{tree.output}: the code of {name} is missing or differs"
            for name in tree.files()
            if embedded.get(name) != compiled[name]
        ]
        if tree.descriptor_set is not None and _read((ROOT / tree.descriptor_set).read_bytes()) != compiled:
            problems.append(f"{DESCRIPTOR_SET}: differs")
    return problems


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--generator", type=Path, required=True, metavar="PYTHON")
    python: Path = parser.parse_args().generator
    if can_generate(python):
        problems = compare_bytes(python)
    else:
        print("    no generator for this Python: comparing descriptors, not the text of the generated code")
        problems = compare_descriptors()
    if problems:
        sys.exit("\n".join(["Generated code is out of date; run `make proto`:", *problems]))


if __name__ == "__main__":
    main()

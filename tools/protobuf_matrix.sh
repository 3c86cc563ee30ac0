#!/bin/sh
# Proves that the light client runs beside every protobuf generation: for each one, a throw-away environment
# with the newest matching packages, where the generated code is imported and every message makes a round trip.
#
#   tools/protobuf_matrix.sh PYTHON [VERSION ...]      default versions: 4 5 6 7
#
# Needs the package index; not part of `make check`.
set -eu

python=$1
shift
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for version in ${*:-4 5 6 7}; do
    "$python" -m venv "$work/$version"
    "$work/$version/bin/python" -m pip --disable-pip-version-check install -qq \
        "protobuf==$version.*" pytest "$root/client"
    echo "==> protobuf $version"
    "$work/$version/bin/python" -m pip list --disable-pip-version-check --format=freeze |
        grep -E '^(protobuf|grpcio|googleapis-common-protos)=='
    "$work/$version/bin/python" -W error -m pytest -q -c /dev/null --rootdir "$root" -p no:cacheprovider \
        "$root/tests/test_generated_code.py"
done

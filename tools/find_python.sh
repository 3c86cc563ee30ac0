#!/bin/sh
# Prints the command of a suitable Python, or says what is missing.
#
#   tools/find_python.sh [NEWEST_MINOR]      default 13: Python 3.11 to 3.13
#
# PYTHON in the environment is tried alone when it is set.
set -eu

newest=${1:-13}
probe="import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, $newest))"

for candidate in ${PYTHON:-python3 python3.12 python3.11 python3.13}; do
    if "$candidate" -c "$probe" >/dev/null 2>&1; then
        echo "$candidate"
        exit 0
    fi
done

echo "No suitable Python found (tried: ${PYTHON:-python3 python3.12 python3.11 python3.13})." >&2
echo "Pinfold needs Python 3.11 to 3.$newest with its venv module (on Debian and Ubuntu: the package python3-venv)." >&2
echo "Name one with: make PYTHON=/path/to/python3.12 ..." >&2
exit 1

#!/bin/sh
# Make .venv with the first Python >= 3.11 found: the one named as argument, then the usual names.
set -eu

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

if [ -x .venv/bin/python ] && .venv/bin/python -c "$new_enough"; then
    exit 0
fi

for python in "${1:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$python" >/dev/null 2>&1 && "$python" -c "$new_enough" 2>/dev/null; then
        echo "Making .venv with $("$python" --version) ..."
        if "$python" -m venv --clear .venv; then
            exit 0
        fi
        echo "$python cannot make a virtual environment (on Debian: apt install python3-venv)." >&2
        exit 1
    fi
done

echo "Standfast needs Python 3.11 or newer; none was found. Install one and name it:" >&2
echo "    make setup PYTHON=/path/to/python3.11" >&2
exit 1

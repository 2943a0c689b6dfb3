#!/bin/sh
# Install the locked packages (hashes are checked) and the project itself into .venv.
# uv does it in seconds; where uv cannot be had or cannot reach the index, pip does the same.
set -eu

uv_version=0.13.9
python=.venv/bin/python

with_uv() {
    "$python" -m pip install --quiet --disable-pip-version-check "uv==$uv_version" || return 1
    VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip install --quiet --require-hashes -r requirements.lock &&
        VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv pip install --quiet --no-deps --editable .
}

with_pip() {
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
    "$python" -m pip install --quiet --disable-pip-version-check --no-deps --editable .
}

echo "Installing the packages of requirements.lock ..."
if ! with_uv; then
    echo "uv did not manage; trying pip ..." >&2
    with_pip
fi

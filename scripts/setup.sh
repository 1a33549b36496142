#!/bin/sh
# Makes .venv and installs one lock into it: `setup.sh run` or `setup.sh test`.
# Does nothing, quickly, when the lock, the Python and the folder are those of the last time.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
lock=requirements/$kind.txt
stamp=.venv/installed-$kind
apt="apt install -y git make python3-venv"

stop() {
    printf '%s\n' "$1" >&2
    exit 1
}

find_python() { # the first Python that is new enough; PYTHON=… names another
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

# The lock's words, what the project asks for, the folder it stands in (a moved .venv is broken).
fingerprint() {
    { cat "$lock" pyproject.toml; pwd; } | sha256sum | cut -d' ' -f1
}

wanted=$(fingerprint)
[ -x .venv/bin/python ] && [ -x .venv/bin/lianxin ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0

python=$(find_python) || stop "需要 Python 3.11 或更新的版本，请先运行（please run first）：$apt"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    stop "这台机器的 Python 还不能建立独立环境，请先运行（please run first）：$apt"

# A .venv that was copied, moved, or made by a Python that has gone cannot be mended, only made again.
if [ -d .venv ] && [ "$(.venv/bin/python -c 'import sys; print(sys.prefix)' 2>/dev/null)" != "$(pwd -P)/.venv" ]; then
    rm -rf .venv
fi
[ -d .venv ] || { echo "建立独立环境 .venv …" >&2; "$python" -m venv .venv; }

rm -f "$stamp"
echo "安装所需的软件包（$lock）…" >&2
pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input "$@"; }
pip install --quiet --quiet --require-hashes --requirement "$lock" ||
    stop "软件包没有装好：请检查网络，再运行一次（check the network and run again）。"
# The build tools stand in the lock, so nothing is fetched that has no hash.
pip install --quiet --quiet --no-deps --no-build-isolation --no-index --editable .
printf '%s\n' "$wanted" >"$stamp"

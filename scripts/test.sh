#!/usr/bin/env bash
# Everything that proves the project: checks, then every test on SQLite (browser included), then on PostgreSQL.
# As root on Debian it installs the programs it needs; elsewhere it says what it leaves out. LIANXIN_NO_APT=1: never.
set -u
cd "$(dirname "$0")/.." || exit 1

declare -A packages=( # program it brings → Debian package
    [chromium]=chromium [/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc]=fonts-noto-cjk
    [soffice]=libreoffice-writer-nogui [pdftotext]=poppler-utils
)
declare -A loses=( # Debian package → what cannot be tested without it
    [chromium]="浏览器里的测试（pages in a real browser）"
    [fonts-noto-cjk]="浏览器里的汉字字形（Chinese type in the browser）"
    [libreoffice-writer-nogui]="公文版式的测试（documents read back as PDF）"
    [poppler-utils]="公文版式的测试（documents read back as PDF）"
    [postgresql]="PostgreSQL 上的全部测试（every test on PostgreSQL）"
)

missing() { # the packages whose programs are not here, one a line
    local program
    for program in "${!packages[@]}"; do
        [ -e "$program" ] || command -v "$program" >/dev/null || echo "${packages[$program]}"
    done
    .venv/bin/python scripts/with_postgres.py --look || echo postgresql
}

install_programs() {
    local wanted package
    mapfile -t wanted < <(missing)
    [ ${#wanted[@]} -eq 0 ] && return
    if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && [ "${LIANXIN_NO_APT:-}" != 1 ]; then
        echo "安装测试所需的程序：${wanted[*]} …"
        # Another apt may be at work; no cluster of the system's is to be started beside ours.
        { apt-get -qq -o DPkg::Lock::Timeout=300 update &&
            DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
                -o DPkg::Lock::Timeout=300 install "${wanted[@]}" >/dev/null; } ||
            echo "有的没有装上（apt-get failed; going on without）。" >&2
        mapfile -t wanted < <(missing)
    fi
    for package in "${wanted[@]}"; do
        echo "未测（left out）：${loses[$package]}，因为没有 $package；可运行（to include）：apt install $package"
    done
}

trap 'exit 130' INT TERM
failed=()
step() { # step NAME COMMAND …: goes on after a failure, so that one run tells everything
    local name=$1
    shift
    echo "── $name"
    "$@"
    local code=$?
    [ $code -eq 130 ] && exit 130
    [ $code -eq 0 ] || failed+=("$name")
}

sh scripts/setup.sh test || exit 1
install_programs
unset LIANXIN_DATABASE_URL
tests=(.venv/bin/python -m pytest -n 2 --dist worksteal)

step check sh scripts/check.sh
step "tests on SQLite" "${tests[@]}"
if .venv/bin/python scripts/with_postgres.py --look; then
    step "tests on PostgreSQL" .venv/bin/python scripts/with_postgres.py "${tests[@]}" -m "not browser"
fi

[ ${#failed[@]} -eq 0 ] && exit 0
printf 'make test failed: %s\n' "${failed[*]}" >&2
exit 1

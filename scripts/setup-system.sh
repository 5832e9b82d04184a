#!/bin/sh
# Installs the real peers of the system tests: Redis, an LDAP server, Chromium, the C IOC and libca, and the Python originals in .venv.
set -e
cd "$(dirname "$0")/.."

missing=''
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
[ -x /usr/sbin/slapd ] || missing="$missing slapd"
command -v wrk >/dev/null 2>&1 || missing="$missing wrk"
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || missing="$missing chromium"
if [ -n "$missing" ]; then
    sudo=''
    [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

if [ ! -x .venv/bin/python ]; then python3 -m venv .venv; fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement test/system/requirements.txt
echo 'system peers are ready'

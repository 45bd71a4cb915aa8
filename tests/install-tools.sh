#!/bin/sh
# What the tests use besides Python's packages: a Chromium, without which they cannot run, and Graphviz's `dot`, without
# which the tests of the drawings' layout are skipped. Each is the one on PATH, else Debian's; Chromium also Playwright's.
set -u
python=$1
missing=""
found_chromium=no
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && found_chromium=yes
done
[ "$found_chromium" = yes ] || missing="chromium-headless-shell"
command -v dot >/dev/null 2>&1 || missing="$missing graphviz"
for name in "$@"; do
    command -v "$name" >/dev/null 2>&1 || missing="$missing $name"
done

if [ -n "$missing" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    # shellcheck disable=SC2086
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null && exit 0
fi
[ "$found_chromium" = yes ] && exit 0
"$python" -m playwright install chromium && exit 0
echo "No Chromium for the browser tests. Install one: apt-get install chromium (as root), or $python -m playwright install chromium" >&2
exit 1

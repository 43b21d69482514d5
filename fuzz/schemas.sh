#!/usr/bin/env bash
# Looks for schemas that `check` accepts and that fail further down: code that rustc refuses or warns of, tables that SQLite
# does not take. Runs for as many minutes as it is told and stops at the first that it finds:
#
#   fuzz/schemas.sh [MINUTES] [SEED]
#
# Without a seed it begins at one that no run had before. What is found is told with a seed that makes it again.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-10}
seed=${2:-$(($(date +%s) * 1000))}
end=$((SECONDS + minutes * 60))
at_once=100
tried=0
while [ "$SECONDS" -lt "$end" ]; do
    if ! told=$(SEED=$seed SCHEMAS=$at_once cargo test -q -p relata-compiler --all-features --test random_schemas 2>&1); then
        printf '%s\n' "$told"
        exit 1
    fi
    tried=$((tried + at_once)) seed=$((seed + at_once))
    echo "$tried schemas, up to seed $((seed - 1)): all compile"
done

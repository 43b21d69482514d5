#!/usr/bin/env bash
# Gathers the schemas of all fixtures and examples as the corpus of `cargo fuzz run front_end`.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p corpus/front_end
find ../tests/fixtures ../schemas -type f \( -name '*.yaml' -o -name '*.json' \) ! -name 'expected.json' ! -name '*.schema.json' |
    while read -r file; do
        cp "$file" "corpus/front_end/$(sha1sum "$file" | cut -c1-16)"
    done
echo "$(find corpus/front_end -type f | wc -l) schemas"

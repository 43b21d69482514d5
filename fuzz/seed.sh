#!/usr/bin/env bash
# Gathers what fuzzing begins with. In the root, with cargo-fuzz (`cargo install cargo-fuzz`) and a nightly compiler:
#
#   fuzz/seed.sh
#   cargo +nightly fuzz run front_end
#   cargo +nightly fuzz run filter_json -- -dict=fuzz/filter.dict
#   cargo +nightly fuzz run filter_query -- -dict=fuzz/filter.dict
#   cargo +nightly fuzz run cursor
#
# `-max_total_time=300` after `--` ends a run after five minutes. A stable compiler takes the flags too, as
# `RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none cursor`. What a run finds lies in fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")"
# Of `front_end`, the schemas of all fixtures and examples …
mkdir -p corpus/front_end
find ../tests/fixtures ../schemas -type f \( -name '*.yaml' -o -name '*.json' \) ! -name 'expected.json' ! -name '*.schema.json' |
    while read -r file; do
        cp "$file" "corpus/front_end/$(sha1sum "$file" | cut -c1-16)"
    done
echo "$(find corpus/front_end -type f | wc -l) schemas"
# … and of `filter_json` and `filter_query` some filters. `cursor` makes its own.
mkdir -p corpus/filter_json corpus/filter_query
n=0
while read -r filter; do
    n=$((n + 1))
    printf '%s' "$filter" > "corpus/filter_json/$n"
done <<'FILTERS'
{"where":{"name":{"like":"A%","neq":"x"},"home":{"street":"a","within":{"number":{"gt":1}}},"tasks":{"some":{"text":{"regexp":"/^a/i"}}}},"limit":5}
{"where":{"or":[{"born":{"between":["2024-01-01","2024-12-31"]}},{"not":{"wealth":{"gte":"1.005"}}}]},"order":["boss.name DESC","id"],"skip":1}
{"where":{"status":{"inq":["open"]},"active":true,"token":{"exists":false},"places":{"none":{"tags":{"exists":true}}}},"fields":["id","name"]}
{"where":{"boss":{"boss":{"team":{"every":{"boss":{"name":"Ann"}}}}}},"order":"boss.boss.boss.height DESC,boss.born,id"}
{"include":["boss",{"relation":"tasks","scope":{"where":{"text":null},"limit":2,"include":[{"relation":"subject","targetType":"Task"}]}},"tags"]}
{"where":{"subject":{"Person":{"name":"Ann"}}},"include":[{"relation":"owner","scope":{"fields":{"data":false}}}]}
FILTERS
printf '%s' 'filter[where][name][like]=A%25&filter[where][tasks][some][text]=a&filter[include][]=boss&filter[limit]=5' > corpus/filter_query/1
printf '%s' 'filter[where][or][0][height][gt]=1.5&filter[where][or][1][seen][exists]=true&filter[order]=name%20DESC' > corpus/filter_query/2
printf '%s' 'filter[include][0][relation]=tasks&filter[include][0][scope][where][text][inq][]=a&filter[fields][id]=true' > corpus/filter_query/3
printf '%s' 'filter=%7B%22where%22%3A%7B%22wealth%22%3A%7B%22gt%22%3A%221.5%22%7D%7D%7D' > corpus/filter_query/4

#!/usr/bin/env bash
# serve.sh : start Tidings on the bench's terms. The bench calls it (BENCH_OWN_CMD) with PORT, POOL, DATABASE_URL and
# SQLITE_PATH set; BENCH_OWN_KIND (postgres, the default, or sqlite) chooses between the last two. They name the common
# tables, bench_<scale> and bench.sqlite; what load.sh filled is beside them: own_<scale> and own.sqlite.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
: "${TIDINGS:=$here/../../target/release/tidings}"
case "${BENCH_OWN_KIND:-postgres}" in
postgres) url="${DATABASE_URL:?}"; url="${url/\/bench_//own_}";;
sqlite) path="${SQLITE_PATH:?}"; url="sqlite://${path/%bench.sqlite/own.sqlite}?mode=rwc";;
*) echo "serve.sh: BENCH_OWN_KIND is postgres or sqlite, not $BENCH_OWN_KIND" >&2; exit 2;;
esac
exec "$TIDINGS" serve --listen "127.0.0.1:${PORT:?}" --database-url "$url" --database-pool "${POOL:-10}"

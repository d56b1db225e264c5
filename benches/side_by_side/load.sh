#!/usr/bin/env bash
# load.sh : load the bench's data into Tidings' own database, once. The bench calls it (BENCH_OWN_LOAD).
#
#   DATA             directory of the bench's *.tsv files
#   BENCH_OWN_KIND   postgres (default) or sqlite
#   DATABASE_URL     postgres: the database to make and fill; its name must begin with own_
#   SQLITE_PATH      sqlite: the file to make and fill
#   TIDINGS          the program; default target/release/tidings of this checkout
#   BENCH_OWN_RELOAD 1: load again, even if it is loaded
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
: "${TIDINGS:=$here/../../target/release/tidings}"
: "${BENCH_OWN_KIND:=postgres}"
: "${BENCH_OWN_RELOAD:=0}"
: "${DATA:?}"

# The largest set exists only in the bench's database, so its tables are taken from there.
export_tables() {
  local source="${DATABASE_URL/\/own_//bench_}" table order
  for table in channel source author tag media article article_tag article_related board board_entry; do
    case "$table" in article_tag|article_related) order="article_id, position";; *) order="id";; esac
    PGTZ=UTC psql -X -q -v ON_ERROR_STOP=1 -d "$source" -c "\\copy (select * from $table order by $order) to '$1/$table.tsv'"
  done
}

import_into() {
  if [ -f "$DATA/article.tsv" ]; then
    python3 "$here/load.py" "$DATA" | "$TIDINGS" import ndjson - --database-url "$1"
    return
  fi
  tables="$(mktemp -d "$DATA/tables.XXXXXX")"
  trap 'rm -rf "$tables"' EXIT
  export_tables "$tables"
  python3 "$here/load.py" "$tables" | "$TIDINGS" import ndjson - --database-url "$1"
}

case "$BENCH_OWN_KIND" in
postgres)
  : "${DATABASE_URL:?}"
  name="${DATABASE_URL##*/}"; name="${name%%\?*}"
  case "$name" in own_*) ;; *) echo "load.sh: $name is not a database of this bench" >&2; exit 2;; esac
  server="${DATABASE_URL%/*}/postgres"
  # the comment is set last: a database without it was not loaded to the end
  loaded="$(psql -X -At -d "$server" -c "select shobj_description(oid, 'pg_database') from pg_database where datname = '$name'")"
  if [ "$loaded" = loaded ] && [ "$BENCH_OWN_RELOAD" != 1 ]; then exit 0; fi
  PGOPTIONS="-c client_min_messages=warning" dropdb --maintenance-db="$server" --if-exists "$name"
  createdb --maintenance-db="$server" "$name"
  import_into "$DATABASE_URL"
  psql -X -q -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -c "vacuum analyze" -c "checkpoint" -c "comment on database \"$name\" is 'loaded'"
  ;;
sqlite)
  : "${SQLITE_PATH:?}"
  if [ -f "$SQLITE_PATH" ] && [ "$BENCH_OWN_RELOAD" != 1 ]; then exit 0; fi
  part="$SQLITE_PATH.part"
  rm -f "$SQLITE_PATH" "$SQLITE_PATH-wal" "$SQLITE_PATH-shm" "$part" "$part-wal" "$part-shm"
  import_into "sqlite://$part?mode=rwc"
  # fold the write-ahead log in, so that the file alone is the whole database
  python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("pragma wal_checkpoint(truncate)").fetchall()' "$part"
  mv "$part" "$SQLITE_PATH"; rm -f "$part-wal" "$part-shm"
  ;;
*) echo "load.sh: BENCH_OWN_KIND is postgres or sqlite, not $BENCH_OWN_KIND" >&2; exit 2;;
esac

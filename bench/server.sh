# Sourced by benchmarks: a fresh PostgreSQL on a port of its own, in a folder that goes with the script, and what is started beside it.
# Sets: folder, store (a connection string), pg (arguments of psql and pgbench). Needs PostgreSQL's programs; as root, setpriv.

pgbin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
folder=$(mktemp -d)
chmod 755 "$folder"
pgport=5497
pg=(-h 127.0.0.1 -p "$pgport" -U postgres)
store="Host=127.0.0.1;Port=$pgport;Username=postgres;Database=postgres"
started=()

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi
}

finish() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  as_postgres "$pgbin/pg_ctl" -D "$folder/pg" -m fast stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap finish EXIT

mkdir "$folder/pg"
[ "$(id -u)" -ne 0 ] || chown postgres "$folder/pg"
as_postgres "$pgbin/initdb" --pgdata "$folder/pg" --auth trust --username postgres --encoding UTF8 --locale C >/dev/null
as_postgres "$pgbin/pg_ctl" -D "$folder/pg" -l "$folder/pg/log" -w start \
  -o "-c listen_addresses=127.0.0.1 -c port=$pgport -c unix_socket_directories= -c max_wal_size=8GB -c max_connections=200" >/dev/null

#!/bin/sh
# Makes an authority and one certificate for the Dask processes, unless they are there. Dask asks both sides of every connection
# for a certificate of this authority, so who has none can neither submit work nor offer to do it. Its key is thrown away.
# Whenever this is interrupted, the next start puts it right: nothing counts as made before dask.pem is in its place, and
# whose the key is, is said at every start.
set -eu
folder=$1
if [ ! -f "$folder/dask.pem" ]; then
    mkdir -p "$folder"
    new=$(mktemp -d "$folder/new.XXXXXX")
    days=3650
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days $days -subj "/CN=concatenate-explained authority" \
        -keyout "$new/ca.key" -out "$new/ca.pem" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=dask" -keyout "$new/dask.key" -out "$new/dask.csr" 2>/dev/null
    openssl x509 -req -days $days -in "$new/dask.csr" -CA "$new/ca.pem" -CAkey "$new/ca.key" -CAcreateserial \
        -out "$new/dask.pem" 2>/dev/null
    mv "$new/ca.pem" "$new/dask.key" "$folder"
    mv "$new/dask.pem" "$folder"
fi
rm -rf "$folder"/new.*
chmod 600 "$folder/dask.key"
# The containers run as user 1000; elsewhere the files stay with whoever made them.
if [ "$(id -u)" = 0 ] && id app >/dev/null 2>&1; then chown app "$folder/dask.key"; fi

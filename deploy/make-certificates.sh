#!/bin/sh
# Makes an authority and one certificate for the Dask processes, unless they are there. Dask asks both sides of every connection
# for a certificate of this authority, so who has none can neither submit work nor offer to do it. Its key is thrown away.
set -eu
folder=$1
[ -f "$folder/dask.pem" ] && exit 0
mkdir -p "$folder"
days=3650
openssl req -x509 -newkey rsa:2048 -nodes -days $days -subj "/CN=concatenate-explained authority" \
    -keyout "$folder/ca.key" -out "$folder/ca.pem" 2>/dev/null
openssl req -newkey rsa:2048 -nodes -subj "/CN=dask" -keyout "$folder/dask.key" -out "$folder/dask.csr" 2>/dev/null
openssl x509 -req -days $days -in "$folder/dask.csr" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial \
    -out "$folder/dask.pem" 2>/dev/null
rm -f "$folder/ca.key" "$folder/ca.srl" "$folder/dask.csr"
chmod 600 "$folder/dask.key"
# The containers run as user 1000; elsewhere the files stay with whoever made them.
if [ "$(id -u)" = 0 ] && id app >/dev/null 2>&1; then chown app "$folder/dask.key"; fi

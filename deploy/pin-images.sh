#!/bin/sh
# Writes the digest of each image that is not ours behind its name, in the Dockerfile and in compose.yaml: from then on a build has
# the same bytes until this is run again. Run it where Docker reaches a registry, and commit what it changes.
set -eu
cd "$(dirname "$0")"
for image in $(sed -n 's/^ARG BASE=//p' Dockerfile) $(sed -n 's/^ *image: \(.*:.*\)$/\1/p' compose.yaml); do
    name=${image%@*}
    digest=$(docker buildx imagetools inspect "$name" --format '{{json .Manifest.Digest}}' | tr -d '"')
    if ! expr "$digest" : 'sha256:[0-9a-f]\{64\}$' >/dev/null; then
        echo "No digest of $name: $digest" >&2
        exit 1
    fi
    for file in Dockerfile compose.yaml; do
        sed "s|\([=: ]\)$image\$|\1$name@$digest|" "$file" >"$file.new"
        cat "$file.new" >"$file"
        rm "$file.new"
    done
    echo "$name@$digest"
done

#!/bin/sh
exec node "$(dirname "$0")/notify.mjs" "$@"

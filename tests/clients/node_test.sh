#!/usr/bin/env bash
# node_test.sh DIRECTORY: runs node_test.js; the package pg is installed into DIRECTORY when it is missing.
set -euo pipefail
directory=$1
if [ ! -d "$directory/node_modules/pg" ]; then
  mkdir -p "$directory"
  npm install --prefix "$directory" --no-save --no-package-lock --no-audit --no-fund --loglevel=error pg@8
fi
ISOLDE_NODE_MODULES=$directory exec node --test "$(dirname "$0")/node_test.js"

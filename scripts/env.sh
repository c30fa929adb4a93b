# Sourced by every script and by the Makefile's recipes: where the tools are and which Rust is used.
# shellcheck shell=bash

LECTERN_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Tools are built once per machine, not once per clone.
LECTERN_CACHE=${LECTERN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lectern}
export LECTERN_ROOT LECTERN_CACHE

CARGO_LEPTOS_VERSION=0.3.11
WASM_BINDGEN_VERSION=$(sed -n 's/^wasm-bindgen = .*"=\([0-9.]*\)".*/\1/p' "$LECTERN_ROOT/Cargo.toml")
NEXTEST_VERSION=0.9.143
CARGO_AUDIT_VERSION=0.22.2
MOTO_VERSION=5.2.5
AIOSMTPD_VERSION=1.4.6

# A clone that is made for one check and thrown away keeps what it compiled outside of it.
if [ "${CI:-}" = true ] && [ -z "${CARGO_TARGET_DIR:-}" ]; then
  export CARGO_TARGET_DIR=$LECTERN_CACHE/target
fi
LECTERN_TARGET=${CARGO_TARGET_DIR:-$LECTERN_ROOT/target}
export LECTERN_TARGET

PATH=$LECTERN_ROOT/end2end/node_modules/.bin:$LECTERN_CACHE/bin:$HOME/.cargo/bin:$PATH
# Written by scripts/setup where rustup could not provide the wasm target: links to the distribution's Rust.
if [ -d "$LECTERN_CACHE/distro-rust" ]; then
  PATH=$LECTERN_CACHE/distro-rust:$PATH
fi
export PATH
export SQLX_OFFLINE=${SQLX_OFFLINE:-true}

# The folder of PostgreSQL's server binaries; nothing where there are none.
postgres_bindir() {
  local dir
  for dir in "$(pg_config --bindir 2>/dev/null || true)" $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr); do
    if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then
      echo "$dir"
      return
    fi
  done
}

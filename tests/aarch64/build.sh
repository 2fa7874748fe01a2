#!/usr/bin/env bash
# Builds `vedette` for aarch64 Linux on another machine: TARGET/aarch64-unknown-linux-gnu/debug/vedette, which the test
# `the_same_answer_on_aarch64` then runs under qemu-user. Processor code for any armv8-a, no GPU.
# Needs gcc and g++ for aarch64 and qemu-user (Debian: g++-aarch64-linux-gnu qemu-user), and a standard library for the target:
#     rustup target add aarch64-unknown-linux-gnu
# or, with BUILD_STD=1, the library's sources in the toolchain, of exactly its version (`rustup component add rust-src`).
# Exit code 77 where something is missing, which it says.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=aarch64-unknown-linux-gnu
missing() {
    echo "SKIPPED aarch64: $1"
    exit 77
}
command -v aarch64-linux-gnu-g++ >/dev/null || missing "no cross compiler; install g++-aarch64-linux-gnu"
command -v qemu-aarch64 >/dev/null || missing "no qemu-aarch64; install qemu-user"
std=()
sysroot=$(rustc --print sysroot)
if [ -n "${BUILD_STD:-}" ]; then
    [ -f "$sysroot/lib/rustlib/src/rust/library/Cargo.lock" ] || missing "no sources of the standard library; rustup component add rust-src"
    # The option is one of nightly's; the compiler and the library stay those of the pinned release.
    export RUSTC_BOOTSTRAP=1
    std=(-Zbuild-std=std,panic_unwind,panic_abort)
else
    [ -d "$sysroot/lib/rustlib/$target/lib" ] || missing "no standard library for it; rustup target add $target"
fi
root=/usr/aarch64-linux-gnu
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
# libclang reads the headers of the target, not those of this machine.
export BINDGEN_EXTRA_CLANG_ARGS_aarch64_unknown_linux_gnu="--sysroot=$root -I$root/include"
exec cargo build --locked --bin vedette --target "$target" ${std[@]+"${std[@]}"}

# demo    a simulated patrol through the whole agent: out/demo/report.html and out/demo/run.rrd
# test    everything a newcomer and CI run: set-up, build, all tests
# check   formatting, lints, documentation, generated files, dependency rules
# bench   criterion benchmarks (release profile), beside the code in packages/*/benches
# trainer  the `vedette` binary with the trainer in it; `make pretrain photographs=DIR` trains the small model on, `make remake photographs=DIR` from nothing; resumable
# ros     the live nodes: vedette_agent, vedette_guardian, vedette_recorder, vedette_visualizer, and `vedette` with `sim` and `up` in it
# ros-r2r  the same over an installed ROS 2, whatever its middleware; source it first, with `vedette_msgs` in it
# build   the `vedette` binary as the tests use it; `make release` for robots and benchmarks
# aarch64 the `vedette` binary for aarch64 Linux, built here, and a look through the shipped pair under qemu-user (tests/aarch64/build.sh)
# regression  asks the model about tests/regression/patrol again; look at what changed before committing it
.PHONY: demo test test-ros test-ros-r2r ros ros-r2r check bench build release setup checkers regression trainer pretrain remake aarch64

# A cached target directory is used when the environment names one.
export CARGO_TARGET_DIR ?= $(CURDIR)/target
# Read by libgomp when it loads: sleep at barriers instead of spinning (see .cargo/config.toml).
export OMP_WAIT_POLICY = passive

setup:
	@.ci/setup

# Independent readers and writers from PyPI, in a virtual environment below the target directory. Without them their tests say that
# they were skipped; CI refuses that.
checkers: setup
	@tests/checkers/setup.sh || { [ -z "$$CI" ] && echo "checkers: not set up, their tests are skipped"; }

demo: build
	$(CARGO_TARGET_DIR)/debug/vedette demo --force

test: checkers ros-checkers
	cargo test --workspace --features vedette-cli/learn,vedette-cli/ros --locked

# An independent DDS and colcon from PyPI; without them the live checks say that they were skipped.
.PHONY: ros-checkers
ros-checkers: setup
	@tests/ros/setup.sh || { [ -z "$$CI" ] && echo "ros-checkers: not set up, the live checks are skipped"; }

# Only what is about ROS 2.
test-ros: ros ros-checkers
	cargo test --package vedette-messages --package vedette-ros --package vedette-nodes --locked
	cargo test --package vedette-cli --features vedette-cli/ros --test live --locked

ros: setup
	cargo build --locked --package vedette-nodes --package vedette-cli --features vedette-cli/ros --bins

# Its bindings are made from what is sourced. Apart from the other builds: it would make their shared dependencies anew.
ros-r2r: setup
	cargo build --locked --package vedette-nodes --package vedette-cli --features vedette-cli/r2r --bins

# The one suite of all backends, with r2r among them.
test-ros-r2r: setup
	cargo test --package vedette-ros --features r2r --locked -- --nocapture

# With the r2r backend, type-checked against its own bindings, in the one pass: a second selection of features is a second check
# of most crates. What is unused without that backend warns in `make test`, and fails nothing.
checked = --workspace --features vedette-cli/learn,vedette-cli/ros,vedette-ros/r2r-check --locked
check: setup
	cargo fmt --all -- --check
	cargo clippy --all-targets $(checked) -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --quiet $(checked)
	cargo xtask messages --check
	@.ci/deny

bench: setup
	cargo bench --workspace --locked

# What topics cost against bare RustDDS, and how long an alarm takes; on an idle machine. One line of JSON a case.
.PHONY: bench-ros
bench-ros: setup
	cargo build --release --locked --package vedette-nodes --bin vedette_guardian --bin vedette_agent
	VEDETTE_GUARDIAN=$(CARGO_TARGET_DIR)/release/vedette_guardian VEDETTE_AGENT=$(CARGO_TARGET_DIR)/release/vedette_agent cargo bench --locked --package vedette-ros --bench transport

build: setup
	cargo build --locked --bin vedette

release: setup
	cargo build --release --locked --bin vedette

# The binary with `vedette learn` in it, in the profile that the shipped model is trained in.
trainer: setup
	cargo build --locked --bin vedette --features vedette-cli/learn

# Not in `test`: everything is compiled once more.
aarch64: setup
	tests/aarch64/build.sh
	cargo test --package vedette-cli --locked --test command aarch64 -- --nocapture

photographs ?= photographs
pretrain: trainer
	$(CARGO_TARGET_DIR)/debug/vedette learn pretrain --photographs $(photographs) --hold-out 0/5 --out out/pretrain
remake: trainer
	$(CARGO_TARGET_DIR)/debug/vedette learn remake --photographs $(photographs) --hold-out 0/5 --out out/remake

patrol = tests/regression/patrol
regression: build
	$(CARGO_TARGET_DIR)/debug/vedette replay $(patrol)/run.mcap --params $(patrol)/parameters.yaml --out target/regression --no-rrd
	cp target/regression/completions.jsonl target/regression/decisions.jsonl $(patrol)/

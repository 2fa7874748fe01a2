# Vedette on x86 with ROS 2 Humble (Ubuntu 22.04). Build from the root of the repository:
#   docker build -f docker/humble.Dockerfile -t vedette:humble .
FROM rust:1.95.0-slim-bookworm AS rust

FROM ros:humble-ros-base-jammy AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential cmake libclang-dev python3-colcon-common-extensions \
    && rm -rf /var/lib/apt/lists/*
COPY --from=rust /usr/local/rustup /usr/local/rustup
COPY --from=rust /usr/local/cargo /usr/local/cargo
ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:$PATH
WORKDIR /src
COPY . .
RUN . /opt/ros/humble/setup.bash \
    && colcon --log-base /tmp/log build --base-paths msgs launch --merge-install --install-base /opt/vedette --build-base /tmp/build \
    && CARGO_TARGET_DIR=/tmp/build/vedette/cargo cargo build --release --locked --bin vedette \
    && install -D /tmp/build/vedette/cargo/release/vedette /opt/vedette/bin/vedette

FROM ros:humble-ros-base-jammy
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 vedette
COPY --from=build /opt/vedette /opt/vedette
COPY docker/entrypoint.sh /usr/local/bin/entrypoint.sh
# Sleep at barriers instead of spinning.
ENV PATH=/opt/vedette/bin:/opt/vedette/lib/vedette:$PATH OMP_WAIT_POLICY=passive ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST
USER vedette
WORKDIR /home/vedette
HEALTHCHECK --interval=60s --timeout=30s --start-period=60s --retries=3 CMD ["vedette", "doctor"]
ENTRYPOINT ["entrypoint.sh"]
CMD ["ros2", "launch", "vedette", "vedette.launch.py"]

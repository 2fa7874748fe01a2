# Vedette on a Jetson with JetPack 7 (L4T 38, Ubuntu 24.04: Thor), llama.cpp on the GPU. Build on the board, from the root of the repository:
#   docker build -f docker/jetson-jetpack7.Dockerfile -t vedette:jetpack7 .
#   docker run --runtime nvidia --network host vedette:jetpack7 vedette_guardian
# Without ROS 2 inside: the nodes speak DDS themselves.
FROM rust:1.95.0-slim-bookworm AS rust

FROM nvcr.io/nvidia/cuda:13.0.0-devel-ubuntu24.04 AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential cmake libclang-dev \
    && rm -rf /var/lib/apt/lists/*
COPY --from=rust /usr/local/rustup /usr/local/rustup
COPY --from=rust /usr/local/cargo /usr/local/cargo
ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:/usr/local/cuda/bin:$PATH
# Thor.
ENV CUDAARCHS=110
WORKDIR /src
COPY . .
RUN CARGO_TARGET_DIR=/tmp/build cargo build --release --locked --package vedette-nodes --package vedette-cli --bins --features vedette-cli/cuda-no-vmm \
    && for program in vedette vedette_agent vedette_guardian vedette_recorder vedette_visualizer; do \
        install -D "/tmp/build/release/$program" "/opt/vedette/bin/$program" || exit 1; \
    done

FROM nvcr.io/nvidia/cuda:13.0.0-runtime-ubuntu24.04
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 --groups video vedette
COPY --from=build /opt/vedette /opt/vedette
COPY params /opt/vedette/params
COPY docker/entrypoint.sh /usr/local/bin/entrypoint.sh
ENV PATH=/opt/vedette/bin:$PATH OMP_WAIT_POLICY=passive ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST
USER vedette
WORKDIR /home/vedette
HEALTHCHECK --interval=60s --timeout=30s --start-period=120s --retries=3 CMD ["vedette", "doctor"]
ENTRYPOINT ["entrypoint.sh"]
CMD ["vedette_guardian"]

# Vedette on a Jetson with JetPack 6 (L4T 36, Ubuntu 22.04: Orin), llama.cpp on the GPU. Build on the board, from the root of the repository:
#   docker build -f docker/jetson-jetpack6.Dockerfile -t vedette:jetpack6 .
#   docker run --runtime nvidia --network host vedette:jetpack6 vedette_guardian
# Without ROS 2 inside: the nodes speak DDS themselves.
FROM rust:1.95.0-slim-bookworm AS rust

FROM nvcr.io/nvidia/l4t-jetpack:r36.4.0 AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential cmake libclang-dev \
    && rm -rf /var/lib/apt/lists/*
COPY --from=rust /usr/local/rustup /usr/local/rustup
COPY --from=rust /usr/local/cargo /usr/local/cargo
ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:/usr/local/cuda/bin:$PATH
# Orin.
ENV CUDAARCHS=87
WORKDIR /src
COPY . .
RUN CARGO_TARGET_DIR=/tmp/build cargo build --release --locked --package vedette-nodes --package vedette-cli --bins --features vedette-cli/cuda-no-vmm \
    && for program in vedette vedette_agent vedette_guardian vedette_recorder vedette_visualizer; do \
        install -D "/tmp/build/release/$program" "/opt/vedette/bin/$program" || exit 1; \
    done

FROM nvcr.io/nvidia/l4t-cuda:12.6.11-runtime
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

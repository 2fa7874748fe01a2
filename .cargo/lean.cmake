# llama.cpp's `common` library (argument parsing, downloads, HTTP, Jinja) is not used by Vedette: it is close to half of
# llama.cpp's compile time. CMake includes this file at `project()` because .cargo/config.toml sets CMAKE_PROJECT_INCLUDE.
set(LLAMA_BUILD_COMMON OFF CACHE BOOL "" FORCE)

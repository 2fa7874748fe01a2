//! llama.cpp behind the Vlm trait, and the generator of the untrained tiny pair.

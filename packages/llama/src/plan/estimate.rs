//! What a pair with given settings takes, item by item.

use super::settings::Settings;
use super::shape::ModelShape;
use super::{text_graph, tower_graph};
use serde::Serialize;

/// What memory it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Memory of the process that only swap could take away.
    Anonymous,
    /// Pages of a mapped file: the kernel may drop and read them again, at the price of time.
    File,
    /// Memory of the GPU; on a unified machine a part of the one memory.
    Gpu,
}

/// One line of the estimate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// What it is.
    pub what: &'static str,
    /// Where it is.
    pub place: Place,
    /// How much.
    pub bytes: u64,
}

/// All lines.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// In the order in which they are taken.
    pub items: Vec<Item>,
}

/// Anonymous memory of a process that has loaded nothing yet but llama.cpp's tables, the schedulers of two contexts, thread stacks and the
/// heap's slack. Measured with the tiny pair, see `budget_is_kept`.
const PROCESS_ANONYMOUS: u64 = 8 << 20;

/// Resident pages of program and libraries.
const PROCESS_FILE: u64 = 12 << 20;

/// Per token of the vocabulary, besides its text: llama.cpp's table and map, the tree that llguidance walks, the reader's copy. Measured.
const PER_TOKEN: u64 = 630;

/// How often the text of a token is held.
const TOKEN_TEXTS: u64 = 4;

impl Estimate {
    /// What `shape` takes with `settings`, besides `store_bytes` of the rest of the program (pictures, memory, journal).
    pub fn new(shape: &ModelShape, settings: &Settings, store_bytes: u64) -> Self {
        let mut items = Vec::new();
        let mut add = |what, place, bytes| {
            if bytes > 0 {
                items.push(Item { what, place, bytes });
            }
        };
        let on_gpu = settings.n_gpu_layers.min(shape.n_layer);
        let first_on_gpu = shape.n_layer - on_gpu;
        // llama.cpp puts the last layers on the GPU, and the output as if it were one more.
        let gpu_layers: u64 = shape.layer_bytes.iter().skip(first_on_gpu as usize).sum();
        let output = if settings.n_gpu_layers > shape.n_layer { shape.output_bytes } else { 0 };
        let leaves_file = gpu_layers + if shape.is_output_shared { 0 } else { output };
        add("weights of the text model", Place::File, shape.model_file_bytes.saturating_sub(leaves_file));
        add("weights of the text model", Place::Gpu, gpu_layers + output);
        if settings.repack {
            let rest = shape.layer_bytes.iter().take(first_on_gpu as usize).sum();
            add("rearranged copy of the weights", Place::Anonymous, rest);
        }
        let tower_place = if settings.mmproj_on_gpu { Place::Gpu } else { Place::Anonymous };
        add("weights of the vision tower", tower_place, shape.tower_bytes);
        let (mut kv_host, mut kv_gpu) = (0, 0);
        for layer in 0..shape.n_layer {
            let bytes = kv_bytes(shape, settings, layer);
            if layer < first_on_gpu { kv_host += bytes } else { kv_gpu += bytes }
        }
        add("keys and values", Place::Anonymous, kv_host);
        add("keys and values", Place::Gpu, kv_gpu);
        let compute = text_graph::buffer_bytes(shape, settings, settings.tokens_at_once());
        if on_gpu > 0 {
            add("computation of the text model", Place::Gpu, compute);
            // Inputs and embeddings are made on the CPU.
            let inputs = 2 * 4 * shape.n_embd * settings.tokens_at_once();
            add("computation of the text model", Place::Anonymous, if first_on_gpu > 0 { compute } else { inputs });
        } else {
            add("computation of the text model", Place::Anonymous, compute);
        }
        add("computation of the vision tower", tower_place, tower_graph::buffer_bytes(shape));
        add("work space of the threads", Place::Anonymous, work_bytes(shape, settings, on_gpu));
        add("scores", Place::Anonymous, 4 * shape.n_vocab * settings.n_outputs_max);
        add("vocabulary", Place::Anonymous, PER_TOKEN * shape.n_vocab + TOKEN_TEXTS * shape.vocabulary_bytes);
        // Squared, as mtmd's copy, and as floats; its embeddings twice.
        let picture = shape.side_px * shape.side_px * 3 * (1 + 1 + 4) + 2 * 4 * shape.n_embd * shape.tokens_per_image();
        add("a picture on its way", Place::Anonymous, picture);
        add("kept embeddings of pictures", Place::Anonymous, settings.picture_cache_bytes);
        add("program", Place::Anonymous, PROCESS_ANONYMOUS);
        add("program", Place::File, PROCESS_FILE);
        add("rest of the agent", Place::Anonymous, store_bytes);
        Self { items }
    }

    /// Bytes at `place`.
    pub fn bytes(&self, place: Place) -> u64 {
        self.items.iter().filter(|item| item.place == place).map(|item| item.bytes).sum()
    }

    /// Bytes everywhere.
    pub fn total(&self) -> u64 {
        self.items.iter().map(|item| item.bytes).sum()
    }

    /// Bytes of all lines called `what`.
    pub fn of(&self, what: &str) -> u64 {
        self.items.iter().filter(|item| item.what == what).map(|item| item.bytes).sum()
    }
}

/// Keys and values of one layer.
fn kv_bytes(shape: &ModelShape, settings: &Settings, layer: u64) -> u64 {
    let cells = if shape.is_sliding(layer) { settings.sliding_cells(shape.n_swa) } else { settings.cells() };
    let row = |head: u64| settings.kv_type.row_bytes(head * shape.n_head_kv);
    cells * (row(shape.head_k) + row(shape.head_v))
}

/// The widest product's activations in the element type of its weights (`ggml_graph_plan`), once for each of the two computations, and
/// the tiles of fused attention.
fn work_bytes(shape: &ModelShape, settings: &Settings, on_gpu: u64) -> u64 {
    let patches = (shape.side_px / shape.patch_px.max(1)).pow(2);
    let tower = if settings.mmproj_on_gpu { 0 } else { 2 * shape.tower_ff * patches };
    let text = if on_gpu == shape.n_layer { 0 } else { shape.n_ff * settings.tokens_at_once() * shape.activation_bits / 8 };
    // `GGML_FA_TILE_Q` and `_KV` are 64.
    let head = shape.head_k.max(shape.head_v);
    let tiles = settings.n_threads * 4 * (64 * 4 * head + 2 * 64 * 64);
    tower + text + 2 * tiles
}

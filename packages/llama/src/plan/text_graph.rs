//! The computation of the text model as llama.cpp builds it: `src/models/gemma3.cpp`, `llm_graph_context` and `llama_kv_cache` of the version
//! that is linked in. A test compares the size with what llama.cpp reports.

use super::graph::{F16, F32, Graph, Id};
use super::settings::{KvType, Settings};
use super::shape::ModelShape;

/// Bytes of an index.
const I32: u64 = 4;
const I64: u64 = 8;

/// Inputs of the attention of one kind of layer.
struct Attention {
    mask: Id,
    k_rows: Id,
    v_rows: Id,
    /// Rotation matrices of quantised caches, with their side.
    k_rotation: Option<(Id, u64)>,
    v_rotation: Option<(Id, u64)>,
    cells: u64,
}

/// Bytes of the compute buffer for `n_tokens` at once.
pub(super) fn buffer_bytes(shape: &ModelShape, settings: &Settings, n_tokens: u64) -> u64 {
    Builder { shape, settings, n: n_tokens, graph: Graph::default() }.build()
}

struct Builder<'a> {
    shape: &'a ModelShape,
    settings: &'a Settings,
    n: u64,
    graph: Graph,
}

impl Builder<'_> {
    fn build(mut self) -> u64 {
        let (n, embd) = (self.n, self.shape.n_embd);
        let weight = self.graph.external();
        let tokens = self.graph.input(I32, [n, 1, 1]);
        // The other branch of the input (embeddings of a picture) has its place whether it is used or not.
        self.graph.input(F32, [embd, n, 1]);
        let rows = self.graph.node(F32, [embd, n, 1], &[weight, tokens]);
        // So has the third branch, a mixture of both, whose copy of the embeddings is never given back.
        let (mixed_tokens, slots) = (self.graph.input(I32, [n, 1, 1]), self.graph.input(I64, [n, 1, 1]));
        let mixed_embeddings = self.graph.input(F32, [embd, n, 1]);
        let mixed_rows = self.graph.node(F32, [embd, n, 1], &[weight, mixed_tokens]);
        let copy = self.graph.node(F32, [embd, n, 1], &[mixed_embeddings]);
        self.graph.view(copy, [embd, n, 1], &[mixed_rows, slots, copy]);
        let scales = self.graph.input(F32, [1, n, 1]);
        let mut stream = self.graph.in_place(F32, [embd, n, 1], &[rows, scales]);
        let positions = self.graph.input(I32, [n, 1, 1]);
        // Inputs that no layer uses are no part of the graph.
        let is_sliding: Vec<bool> = (0..self.shape.n_layer).map(|layer| self.shape.is_sliding(layer)).collect();
        let cells = [self.settings.cells(), self.settings.sliding_cells(self.shape.n_swa)];
        let everything = is_sliding.contains(&false).then(|| self.attention_inputs(cells[0]));
        let sliding = is_sliding.contains(&true).then(|| self.attention_inputs(cells[1]));
        let n_outputs = self.settings.n_outputs_max.min(n);
        let wanted = self.graph.input(I32, [n_outputs, 1, 1]);
        for (layer, is_sliding) in (1..).zip(is_sliding) {
            let attention = if is_sliding { sliding.as_ref() } else { everything.as_ref() };
            let Some(attention) = attention else { continue };
            stream = self.layer(stream, positions, attention, (layer == self.shape.n_layer).then_some((wanted, n_outputs)));
        }
        let normed = self.norm(stream, [embd, n_outputs, 1]);
        let scores = self.graph.node(F32, [self.shape.n_vocab, n_outputs, 1], &[weight, normed]);
        self.graph.mark_output(scores);
        self.graph.buffer_bytes()
    }

    fn attention_inputs(&mut self, cells: u64) -> Attention {
        let (n, shape) = (self.n, self.shape);
        let k_rows = self.graph.input(I64, [n, 1, 1]);
        let per_token = if self.settings.flash_attn { 1 } else { shape.head_v * shape.n_head_kv };
        let v_rows = self.graph.input(I64, [n * per_token, 1, 1]);
        let mask = self.graph.input(if self.settings.flash_attn { F16 } else { F32 }, [cells, n, 1]);
        let is_quantised = self.settings.kv_type != KvType::F16;
        // The largest power of two from 64 up that divides a head's key; always 64 for values.
        let mut side = 64;
        while shape.head_k.is_multiple_of(2 * side) {
            side *= 2;
        }
        let k_rotation = (is_quantised && shape.head_k.is_multiple_of(64)).then(|| (self.graph.input(F32, [side, side, 1]), side));
        let v_rotation = (is_quantised && shape.head_v.is_multiple_of(64)).then(|| (self.graph.input(F32, [64, 64, 1]), 64));
        Attention { mask, k_rows, v_rows, k_rotation, v_rotation, cells }
    }

    /// RMS norm and its weight.
    fn norm(&mut self, of: Id, sides: [u64; 3]) -> Id {
        let weight = self.graph.external();
        let normed = self.graph.in_place(F32, sides, &[of]);
        self.graph.in_place(F32, sides, &[normed, weight])
    }

    fn product(&mut self, rows: u64, columns: u64, with: Id) -> Id {
        let weight = self.graph.external();
        self.graph.node(F32, [rows, columns, 1], &[weight, with])
    }

    /// `llama_mul_mat_hadamard`.
    fn rotated(&mut self, of: Id, sides: [u64; 3], rotation: Option<(Id, u64)>) -> Id {
        let Some((matrix, side)) = rotation else { return of };
        let columns = sides.iter().product::<u64>() / side;
        let flat = self.graph.view(of, [side, columns, 1], &[]);
        let turned = self.graph.node(F32, [side, columns, 1], &[matrix, flat]);
        self.graph.view(turned, sides, &[])
    }

    fn layer(&mut self, stream: Id, positions: Id, attention: &Attention, last: Option<(Id, u64)>) -> Id {
        let (n, shape) = (self.n, self.shape);
        let embd = shape.n_embd;
        let normed = self.norm(stream, [embd, n, 1]);
        let mut attended = self.attend(normed, positions, attention);
        let (mut stream, mut n_out) = (stream, n);
        if let Some((wanted, n_outputs)) = last {
            attended = self.graph.node(F32, [embd, n_outputs, 1], &[attended, wanted]);
            stream = self.graph.node(F32, [embd, n_outputs, 1], &[stream, wanted]);
            n_out = n_outputs;
        }
        let sides = [embd, n_out, 1];
        let post = self.norm(attended, sides);
        let after = self.graph.in_place(F32, sides, &[post, stream]);
        let normed = self.norm(after, sides);
        let gate = self.product(shape.n_ff, n_out, normed);
        let up = self.product(shape.n_ff, n_out, normed);
        let both = self.graph.node(F32, [shape.n_ff, n_out, 1], &[gate, up]);
        let down = self.product(embd, n_out, both);
        let post = self.norm(down, sides);
        self.graph.in_place(F32, sides, &[post, after])
    }

    fn attend(&mut self, normed: Id, positions: Id, attention: &Attention) -> Id {
        let (n, shape) = (self.n, self.shape);
        let q_sides = [shape.head_k, shape.n_head, n];
        let (k_sides, v_sides) = ([shape.head_k, shape.n_head_kv, n], [shape.head_v, shape.n_head_kv, n]);
        let joint = shape.is_qkv_fused.then(|| {
            let width = shape.head_k * shape.n_head + (shape.head_k + shape.head_v) * shape.n_head_kv;
            self.product(width, n, normed)
        });
        // Each of the three is computed to its end before the next; with a sliding window keys come before values, else after them.
        let q = self.part(normed, joint, q_sides);
        let q = self.turned(q, q_sides, positions);
        let q = self.graph.in_place(F32, q_sides, &[q]);
        let q = self.rotated(q, q_sides, attention.k_rotation);
        let first_v = (shape.n_swa == 0).then(|| self.part(normed, joint, v_sides));
        let first_v = first_v.map(|v| self.rotated(v, v_sides, attention.v_rotation));
        let k = self.part(normed, joint, k_sides);
        let k = self.turned(k, k_sides, positions);
        let k = self.rotated(k, k_sides, attention.k_rotation);
        let v = first_v.unwrap_or_else(|| {
            let v = self.part(normed, joint, v_sides);
            self.rotated(v, v_sides, attention.v_rotation)
        });
        for (cur, rows, width) in
            [(k, attention.k_rows, shape.head_k * shape.n_head_kv), (v, attention.v_rows, shape.head_v * shape.n_head_kv)]
        {
            let cache = self.graph.external();
            let flat = self.graph.view(cur, [width, n, 1], &[]);
            self.graph.view(cache, [width, n, 1], &[flat, rows]);
        }
        let mixed = self.mix(q, attention);
        let mixed = self.rotated(mixed, [shape.head_v * shape.n_head, n, 1], attention.v_rotation);
        self.product(shape.n_embd, n, mixed)
    }

    /// Queries, keys or values of all heads.
    fn part(&mut self, normed: Id, joint: Option<Id>, sides: [u64; 3]) -> Id {
        let [head, heads, n] = sides;
        match joint {
            Some(joint) => self.graph.permuted(joint, sides),
            None => {
                let made = self.product(head * heads, n, normed);
                self.graph.view(made, sides, &[])
            }
        }
    }

    /// Norm of each head, then its position.
    fn turned(&mut self, of: Id, sides: [u64; 3], positions: Id) -> Id {
        let normed = self.norm(of, sides);
        self.graph.in_place(F32, sides, &[normed, positions])
    }

    /// `build_attn_mha`.
    fn mix(&mut self, q: Id, attention: &Attention) -> Id {
        let (n, shape) = (self.n, self.shape);
        let (k, v) = (self.graph.external(), self.graph.external());
        let q = self.graph.permuted(q, [shape.head_k, n, shape.n_head]);
        if self.settings.flash_attn {
            let mixed = self.graph.node(F32, [shape.head_v, shape.n_head, n], &[q, k, v, attention.mask]);
            return self.graph.view(mixed, [shape.head_v * shape.n_head, n, 1], &[]);
        }
        let scores_sides = [attention.cells, n, shape.n_head];
        let scores = self.graph.node(F32, scores_sides, &[k, q]);
        let shares = self.graph.in_place(F32, scores_sides, &[scores, attention.mask]);
        let mixed = self.graph.node(F32, [shape.head_v, n, shape.n_head], &[v, shares]);
        let turned = self.graph.permuted(mixed, [shape.head_v, shape.n_head, n]);
        self.graph.node(F32, [shape.head_v * shape.n_head, n, 1], &[turned])
    }
}

//! The computation of the vision tower as mtmd builds it: `tools/mtmd/clip.cpp` and `tools/mtmd/models/siglip.cpp` of the version that is
//! linked in, with fused attention, which every backend here has.

use super::graph::{F16, F32, Graph, Id};
use super::shape::ModelShape;

/// Bytes of the tower's compute buffer.
pub(super) fn buffer_bytes(shape: &ModelShape) -> u64 {
    Builder { shape, graph: Graph::default() }.build()
}

struct Builder<'a> {
    shape: &'a ModelShape,
    graph: Graph,
}

impl Builder<'_> {
    fn build(mut self) -> u64 {
        let shape = self.shape;
        let (per_side, embd) = (shape.side_px / shape.patch_px.max(1), shape.tower_embd);
        let n = per_side * per_side;
        let mut stream = self.patches(n, embd, per_side);
        for _ in 0..shape.tower_layers {
            stream = self.layer(stream, n, embd);
        }
        let normed = self.norm(stream, n, embd);
        let cube = self.graph.view(normed, [embd, n, 1], &[]);
        let turned = self.graph.permuted(cube, [n, embd, 1]);
        let square = self.graph.node(F32, [n, embd, 1], &[turned]);
        let tokens = shape.tokens_per_image();
        let pooled = self.graph.node(F32, [tokens, embd, 1], &[square]);
        let flat = self.graph.view(pooled, [tokens, embd, 1], &[]);
        let turned = self.graph.permuted(flat, [embd, tokens, 1]);
        let tokens_first = self.graph.node(F32, [embd, tokens, 1], &[turned]);
        let weight = self.graph.external();
        let normed = self.graph.in_place(F32, [embd, tokens, 1], &[tokens_first]);
        let normed = self.graph.in_place(F32, [embd, tokens, 1], &[normed, weight]);
        let turned = self.graph.permuted(weight, [embd, shape.n_embd, 1]);
        let matrix = self.graph.node(shape.projection_element_bytes, [embd, shape.n_embd, 1], &[turned]);
        let projected = self.graph.node(F32, [shape.n_embd, tokens, 1], &[matrix, normed]);
        self.graph.mark_output(projected);
        self.graph.buffer_bytes()
    }

    /// The patch convolution as unrolling and product.
    fn patches(&mut self, n: u64, embd: u64, per_side: u64) -> Id {
        let shape = self.shape;
        let pixels = self.graph.input(F32, [shape.side_px, shape.side_px, 3]);
        let weight = self.graph.external();
        let width = shape.patch_px * shape.patch_px * 3;
        let element_bytes = if shape.is_patch_f32 { F32 } else { F16 };
        let unrolled = self.graph.node(element_bytes, [width, per_side, per_side], &[weight, pixels]);
        let flat = self.graph.view(unrolled, [width, n, 1], &[]);
        let made = self.graph.node(F32, [n, embd, 1], &[flat, weight]);
        let made = self.graph.view(made, [per_side, per_side, embd], &[]);
        let turned = self.graph.permuted(made, [per_side, per_side, embd]);
        let made = self.graph.node(F32, [per_side, per_side, embd], &[turned]);
        let flat = self.graph.view(made, [n, embd, 1], &[]);
        let turned = self.graph.permuted(flat, [embd, n, 1]);
        let made = self.graph.node(F32, [embd, n, 1], &[turned]);
        let made = self.graph.in_place(F32, [embd, n, 1], &[made, weight]);
        let made = self.graph.in_place(F32, [embd, n, 1], &[made, weight]);
        self.graph.view(made, [embd, n, 1], &[])
    }

    /// Layer norm (which takes no parent's place), weight and bias.
    fn norm(&mut self, of: Id, n: u64, embd: u64) -> Id {
        let weight = self.graph.external();
        let normed = self.graph.node(F32, [embd, n, 1], &[of]);
        let normed = self.graph.in_place(F32, [embd, n, 1], &[normed, weight]);
        self.graph.in_place(F32, [embd, n, 1], &[normed, weight])
    }

    /// Product and bias.
    fn linear(&mut self, rows: u64, n: u64, with: Id) -> Id {
        let weight = self.graph.external();
        let made = self.graph.node(F32, [rows, n, 1], &[weight, with]);
        self.graph.in_place(F32, [rows, n, 1], &[made, weight])
    }

    fn layer(&mut self, stream: Id, n: u64, embd: u64) -> Id {
        let shape = self.shape;
        let (head, heads) = (embd / shape.tower_head.max(1), shape.tower_head);
        let normed = self.norm(stream, n, embd);
        let [q, k, v] = [0; 3].map(|_| {
            let made = self.linear(embd, n, normed);
            self.graph.view(made, [head, heads, n], &[])
        });
        let q = self.graph.permuted(q, [head, n, heads]);
        let k = self.graph.permuted(k, [head, n, heads]);
        let v = self.graph.permuted(v, [head, n, heads]);
        let k = self.graph.node(F16, [head, n, heads], &[k]);
        let v = self.graph.node(F16, [head, n, heads], &[v]);
        let mixed = self.graph.node(F32, [head, heads, n], &[q, k, v]);
        let mixed = self.graph.view(mixed, [embd, n, 1], &[]);
        let attended = self.linear(embd, n, mixed);
        let stream = self.graph.in_place(F32, [embd, n, 1], &[attended, stream]);
        let normed = self.norm(stream, n, embd);
        let wide = self.linear(shape.tower_ff, n, normed);
        let wide = self.graph.in_place(F32, [shape.tower_ff, n, 1], &[wide]);
        let narrow = self.linear(embd, n, wide);
        self.graph.in_place(F32, [embd, n, 1], &[stream, narrow])
    }
}

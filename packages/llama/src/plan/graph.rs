//! The memory of a computation: ggml's graph allocator (`ggml/src/ggml-alloc.c`), without the computation.
//!
//! In -> out: tensors and nodes in the order in which llama.cpp adds them -> the size of the buffer. The rules are ggml's: inputs first, then
//! node by node; an element-wise node takes over the place of a parent that nobody else needs; a free block is chosen by best fit, and what
//! ends free is joined. Deliberately absent: several backends in one graph.

/// Alignment of tensors in a CPU buffer (`TENSOR_ALIGNMENT`).
const ALIGNMENT: u64 = 32;

/// A tensor of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(usize);

#[derive(Clone, Copy, Debug)]
struct Tensor {
    bytes: u64,
    /// Sides, and a number that tells permuted ones apart: two tensors of one layout can share a place.
    layout: [u64; 4],
    /// The tensor whose memory this one is.
    root: Option<usize>,
    /// Lies in the weights or in the KV cache.
    is_external: bool,
    is_input: bool,
    is_output: bool,
}

#[derive(Clone, Debug)]
struct Node {
    out: usize,
    parents: Vec<usize>,
    in_place: bool,
}

/// A computation being described.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    tensors: Vec<Tensor>,
    nodes: Vec<Node>,
}

/// Bytes of an `f32`.
pub(super) const F32: u64 = 4;
/// Bytes of an `f16`.
pub(super) const F16: u64 = 2;

impl Graph {
    fn add(&mut self, tensor: Tensor) -> Id {
        self.tensors.push(tensor);
        Id(self.tensors.len() - 1)
    }

    fn fresh(bytes: u64, layout: [u64; 4]) -> Tensor {
        Tensor { bytes, layout, root: None, is_external: false, is_input: false, is_output: false }
    }

    /// What is filled in before a computation.
    pub(super) fn input(&mut self, element_bytes: u64, sides: [u64; 3]) -> Id {
        let tensor = Self::fresh(element_bytes * sides.iter().product::<u64>(), layout(element_bytes, sides));
        self.add(Tensor { is_input: true, ..tensor })
    }

    /// A weight or the KV cache: takes no place here.
    pub(super) fn external(&mut self) -> Id {
        self.add(Tensor { is_external: true, ..Self::fresh(0, [0; 4]) })
    }

    /// A node with memory of its own.
    pub(super) fn node(&mut self, element_bytes: u64, sides: [u64; 3], parents: &[Id]) -> Id {
        self.op(element_bytes, sides, parents, false)
    }

    /// A node that may take over the place of a parent of the same layout.
    pub(super) fn in_place(&mut self, element_bytes: u64, sides: [u64; 3], parents: &[Id]) -> Id {
        self.op(element_bytes, sides, parents, true)
    }

    fn op(&mut self, element_bytes: u64, sides: [u64; 3], parents: &[Id], in_place: bool) -> Id {
        let tensor = Self::fresh(element_bytes * sides.iter().product::<u64>(), layout(element_bytes, sides));
        let out = self.add(tensor);
        self.nodes.push(Node { out: out.0, parents: parents.iter().map(|id| id.0).collect(), in_place });
        out
    }

    /// The same memory in other sides (`reshape`, `view`, `permute`, and `set_rows`, whose result is the cache it wrote into).
    pub(super) fn view(&mut self, of: Id, sides: [u64; 3], parents: &[Id]) -> Id {
        let viewed = self.tensors.get(of.0).copied().unwrap_or(Self::fresh(0, [0; 4]));
        let root = viewed.root.unwrap_or(of.0);
        let element_bytes = viewed.layout.first().copied().unwrap_or(F32);
        let tensor = Tensor { root: Some(root), is_input: false, is_output: false, layout: layout(element_bytes, sides), ..viewed };
        let out = self.add(tensor);
        let parents = if parents.is_empty() { vec![of.0] } else { parents.iter().map(|id| id.0).collect() };
        self.nodes.push(Node { out: out.0, parents, in_place: false });
        out
    }

    /// A view whose elements lie in another order, so that nothing can take over its place.
    pub(super) fn permuted(&mut self, of: Id, sides: [u64; 3]) -> Id {
        let out = self.view(of, sides, &[]);
        if let Some(tensor) = self.tensors.get_mut(out.0) {
            tensor.layout = [u64::MAX, out.0 as u64, 0, 0];
        }
        out
    }

    /// Never freed.
    pub(super) fn mark_output(&mut self, id: Id) {
        if let Some(tensor) = self.tensors.get_mut(id.0) {
            tensor.is_output = true;
        }
    }

    /// Bytes of the buffer that this graph needs.
    pub(super) fn buffer_bytes(&self) -> u64 {
        Allocator::new(self).run()
    }
}

fn layout(element_bytes: u64, [a, b, c]: [u64; 3]) -> [u64; 4] {
    [element_bytes, a, b, c]
}

/// What the allocator knows of one tensor.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    children: usize,
    views: usize,
    offset: u64,
    is_allocated: bool,
}

struct Allocator<'a> {
    graph: &'a Graph,
    states: Vec<State>,
    /// Free blocks by offset: start and size; the last one has no end.
    free: Vec<(u64, u64)>,
    peak: u64,
}

impl<'a> Allocator<'a> {
    fn new(graph: &'a Graph) -> Self {
        Self { graph, states: vec![State::default(); graph.tensors.len()], free: vec![(0, u64::MAX / 2)], peak: 0 }
    }

    fn tensor(&self, index: usize) -> Tensor {
        self.graph.tensors.get(index).copied().unwrap_or(Graph::fresh(0, [0; 4]))
    }

    fn state(&self, index: usize) -> State {
        self.states.get(index).copied().unwrap_or_default()
    }

    fn change(&mut self, index: usize, change: impl FnOnce(&mut State)) {
        if let Some(state) = self.states.get_mut(index) {
            change(state);
        }
    }

    fn run(mut self) -> u64 {
        for index in 0..self.graph.tensors.len() {
            if self.tensor(index).is_input {
                self.place(index, None);
            }
        }
        for node in &self.graph.nodes {
            if let Some(root) = self.tensor(node.out).root {
                self.change(root, |state| state.views += 1);
            }
            for parent in &node.parents {
                self.change(*parent, |state| state.children += 1);
            }
        }
        for node in &self.graph.nodes {
            self.place(node.out, Some(node));
            for parent in &node.parents {
                self.release(*parent);
            }
        }
        self.peak
    }

    /// Gives tensor `index` a place, a parent's one where that is allowed.
    fn place(&mut self, index: usize, node: Option<&Node>) {
        let tensor = self.tensor(index);
        if tensor.is_external || tensor.root.is_some() || self.state(index).is_allocated {
            return;
        }
        self.change(index, |state| state.is_allocated = true);
        let parents = node.filter(|node| node.in_place).map(|node| node.parents.as_slice()).unwrap_or_default();
        for parent in parents {
            if self.is_reusable(tensor, *parent) {
                let offset = self.state(*parent).offset;
                self.change(index, |state| state.offset = offset);
                self.change(*parent, |state| state.is_allocated = false);
                return;
            }
        }
        let offset = self.take(aligned(tensor.bytes));
        self.change(index, |state| state.offset = offset);
    }

    /// Whether a node of `tensor`'s layout may take over the place of `parent`. Never that of a view: ggml marks only tensors with memory of
    /// their own as allocated, and asks for that mark first.
    fn is_reusable(&self, tensor: Tensor, parent: usize) -> bool {
        let (of, state) = (self.tensor(parent), self.state(parent));
        state.is_allocated && !of.is_output && of.layout == tensor.layout && state.children == 1 && state.views == 0
    }

    /// One child of `index` is done.
    fn release(&mut self, index: usize) {
        self.change(index, |state| state.children = state.children.saturating_sub(1));
        let (tensor, state) = (self.tensor(index), self.state(index));
        if state.children > 0 || state.views > 0 {
            return;
        }
        let Some(root) = tensor.root else {
            self.free_if_allocated(index);
            return;
        };
        self.change(root, |state| state.views = state.views.saturating_sub(1));
        if self.state(root).views == 0 && self.state(root).children == 0 {
            self.free_if_allocated(root);
        }
    }

    fn free_if_allocated(&mut self, index: usize) {
        let (tensor, state) = (self.tensor(index), self.state(index));
        if state.is_allocated && !tensor.is_output && !tensor.is_external {
            self.change(index, |state| state.is_allocated = false);
            self.give_back(state.offset, aligned(tensor.bytes));
        }
    }

    /// Best fit among all blocks but the last; else the last one, which grows the buffer.
    fn take(&mut self, bytes: u64) -> u64 {
        let last = self.free.len().saturating_sub(1);
        let fitting = self.free.iter().take(last).enumerate().filter(|(_, (_, size))| *size >= bytes);
        // ggml takes the last of equals.
        let best = fitting.rev().min_by_key(|(_, (_, size))| *size).map_or(last, |(index, _)| index);
        let Some((start, size)) = self.free.get_mut(best) else { return 0 };
        let offset = *start;
        *start += bytes;
        *size -= bytes;
        if *size == 0 {
            self.free.remove(best);
        }
        self.peak = self.peak.max(offset + bytes);
        offset
    }

    fn give_back(&mut self, offset: u64, bytes: u64) {
        let at = self.free.partition_point(|(start, _)| *start < offset);
        self.free.insert(at, (offset, bytes));
        // Joined with the block after it, then with the one before it.
        for first in [at, at.wrapping_sub(1)] {
            if let (Some(&(start, size)), Some(&(next, more))) = (self.free.get(first), self.free.get(first.wrapping_add(1)))
                && start + size == next
            {
                if let Some(block) = self.free.get_mut(first) {
                    block.1 = size + more;
                }
                self.free.remove(first + 1);
            }
        }
    }
}

fn aligned(bytes: u64) -> u64 {
    bytes.next_multiple_of(ALIGNMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_wise_node_takes_its_parents_place() {
        let mut graph = Graph::default();
        let a = graph.input(F32, [100, 1, 1]);
        let b = graph.in_place(F32, [100, 1, 1], &[a]);
        graph.in_place(F32, [100, 1, 1], &[b]);
        assert_eq!(graph.buffer_bytes(), 416);
        // Where the parent is needed once more, both stand side by side.
        let mut graph = Graph::default();
        let a = graph.input(F32, [100, 1, 1]);
        let b = graph.in_place(F32, [100, 1, 1], &[a]);
        graph.in_place(F32, [100, 1, 1], &[a, b]);
        assert_eq!(graph.buffer_bytes(), 2 * 416);
    }

    #[test]
    fn what_is_free_is_joined_and_used_again() {
        let mut graph = Graph::default();
        let a = graph.node(F32, [8, 1, 1], &[]);
        let b = graph.node(F32, [8, 1, 1], &[a]);
        let c = graph.node(F32, [8, 1, 1], &[b]);
        // `c` lies where `a` was; `b`, free again, is joined with what lies behind it and holds the beginning of `d`.
        let d = graph.node(F32, [16, 1, 1], &[c]);
        graph.node(F32, [8, 1, 1], &[d]);
        assert_eq!(graph.buffer_bytes(), 32 + 64);
    }

    #[test]
    fn a_view_keeps_its_tensor_and_costs_nothing() {
        let mut graph = Graph::default();
        let a = graph.node(F32, [64, 1, 1], &[]);
        let view = graph.view(a, [8, 8, 1], &[]);
        let b = graph.node(F32, [64, 1, 1], &[view]);
        graph.in_place(F32, [64, 1, 1], &[b]);
        assert_eq!(graph.buffer_bytes(), 512);
        let cache = graph.external();
        graph.view(cache, [64, 1, 1], &[b]);
        assert_eq!(graph.buffer_bytes(), 512, "`b` is needed once more, and `a` has given up its place");
        // A view is never taken over, whoever else needs it.
        let mut graph = Graph::default();
        let a = graph.node(F32, [64, 1, 1], &[]);
        let view = graph.view(a, [8, 8, 1], &[]);
        graph.in_place(F32, [8, 8, 1], &[view]);
        assert_eq!(graph.buffer_bytes(), 512);
    }
}

//! Matrix products of `f32` slices: safe views with strides in, one product out.
//!
//! In -> out: two [`View`]s and a place for the result -> `out = scale * a * b` or `out += scale * a * b`. One thread; the same inputs give the same
//! bits on the same processor. Deliberately absent: threads, shapes beyond two sides, any other operation.
//!
//! Beside `llama` the only crate with `unsafe`: the library that multiplies takes pointers, and the instructions for bfloat16 have no safe form.

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod mixed;

/// A matrix in a slice: element (row, column) stands at `row * row_stride + column * column_stride`.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    data: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> View<'a> {
    /// `rows` x `columns`, row after row, `row_stride` elements from one row to the next.
    ///
    /// # Panics
    /// The slice is shorter than the matrix: a mistake in the caller's shapes.
    pub fn new(data: &'a [f32], rows: usize, columns: usize, row_stride: usize) -> Self {
        let needed = if rows == 0 || columns == 0 { 0 } else { (rows - 1) * row_stride + columns };
        assert!(needed <= data.len() && columns <= row_stride.max(columns), "{rows} x {columns} elements in {}", data.len());
        Self { data, rows, columns, row_stride, column_stride: 1 }
    }

    /// `rows` x `columns` without gaps.
    ///
    /// # Panics
    /// See [`View::new`].
    pub fn dense(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Self::new(data, rows, columns, columns)
    }

    /// The transposed matrix.
    #[must_use]
    pub fn t(self) -> Self {
        Self { rows: self.columns, columns: self.rows, row_stride: self.column_stride, column_stride: self.row_stride, ..self }
    }
}

/// What becomes of the elements that are already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Into {
    /// They are overwritten.
    Set,
    /// The product is added to them.
    Add,
}

/// What a product may lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Nothing: f32 throughout.
    Single,
    /// The inputs' lower mantissa bits: bfloat16 inputs, f32 sums, where the processor multiplies tiles or pairs of them; f32 elsewhere.
    Mixed,
}

/// Runs a loop with the processor's widest vectors.
#[inline(always)]
pub fn wide<T>(work: impl FnOnce() -> T) -> T {
    static ARCH: std::sync::LazyLock<pulp::Arch> = std::sync::LazyLock::new(pulp::Arch::new);
    ARCH.dispatch(work)
}

/// `out (=|+=) scale * a * b`; `out` has a row for each of `a` and `out_stride` elements from one row to the next.
///
/// # Panics
/// The sides do not fit each other or `out`: a mistake in the caller's shapes.
pub fn multiply(out: &mut [f32], out_stride: usize, into: Into, a: View<'_>, b: View<'_>, scale: f32, precision: Precision) {
    let (rows, columns, inner) = (a.rows, b.columns, a.columns);
    assert!(inner == b.rows, "inner sides {inner} and {}", b.rows);
    if rows == 0 || columns == 0 {
        return;
    }
    assert!((rows - 1) * out_stride + columns <= out.len() && columns <= out_stride, "{rows} x {columns} elements into {}", out.len());
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    if precision == Precision::Mixed && mixed::multiply(out, out_stride, into, a, b, scale) {
        return;
    }
    #[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
    let _ = precision;
    // SAFETY: `View::new` and the assertion above hold every element that the strides reach inside its slice; `out` is borrowed exclusively.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            inner,
            out.as_mut_ptr(),
            1,
            out_stride as isize,
            into == Into::Add,
            a.data.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.column_stride as isize,
            b.row_stride as isize,
            1.0,
            scale,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        (0..count).map(|_| next()).collect()
    }

    fn slow(a: &View<'_>, b: &View<'_>, row: usize, column: usize) -> f64 {
        let at = |view: &View<'_>, row: usize, column: usize| f64::from(view.data[row * view.row_stride + column * view.column_stride]);
        (0..a.columns).map(|inner| at(a, row, inner) * at(b, inner, column)).sum()
    }

    /// Every layout of both factors, sides that are no multiple of a tile, an offset and a gap in every row of the result.
    fn check(rows: usize, columns: usize, inner: usize, precision: Precision, tolerance: f64) {
        let (stride_a, stride_b) = (rows.max(inner) + 3, columns.max(inner) + 5);
        let (a, b) = (numbers(stride_a * (rows.max(inner)), 1), numbers(stride_b * (columns.max(inner)), 2));
        let factors_a = [View::new(&a, rows, inner, stride_a), View::new(&a, inner, rows, stride_a).t()];
        let factors_b = [View::new(&b, inner, columns, stride_b), View::new(&b, columns, inner, stride_b).t()];
        for a in &factors_a {
            for b in &factors_b {
                for into in [Into::Set, Into::Add] {
                    let stride = columns + 2;
                    let mut out = vec![0.5; rows * stride];
                    multiply(&mut out, stride, into, *a, *b, 0.25, precision);
                    for row in 0..rows {
                        for column in 0..columns {
                            let expected = 0.25 * slow(a, b, row, column) + if into == Into::Add { 0.5 } else { 0.0 };
                            let got = f64::from(out[row * stride + column]);
                            assert!(
                                (got - expected).abs() < tolerance * (inner as f64).sqrt(),
                                "{rows}x{columns}x{inner} at {row},{column}: {got} {expected}"
                            );
                        }
                        assert!(row + 1 == rows || out[row * stride + columns..(row + 1) * stride].iter().all(|gap| *gap == 0.5));
                    }
                }
            }
        }
    }

    #[test]
    fn products_of_any_shape_and_layout() {
        for (rows, columns, inner) in
            [(1, 1, 1), (1, 70, 3), (33, 17, 65), (64, 64, 64), (100, 48, 31), (16, 200, 96), (40, 33, 129), (35, 40, 1700)]
        {
            check(rows, columns, inner, Precision::Single, 1e-6);
            // 2^-8 of each input.
            check(rows, columns, inner, Precision::Mixed, 3e-3);
        }
    }

    #[test]
    fn the_same_product_has_the_same_bits() {
        let (a, b) = (numbers(100 * 70, 3), numbers(70 * 90, 4));
        let product = || {
            let mut out = vec![0.0; 100 * 90];
            multiply(&mut out, 90, Into::Set, View::dense(&a, 100, 70), View::dense(&b, 70, 90), 1.0, Precision::Mixed);
            out
        };
        assert_eq!(product(), product());
    }
}

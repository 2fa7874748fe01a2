//! The element types of tensors and how many bytes they take (`enum ggml_type` and its traits table). A test compares every row with the
//! llama.cpp that is linked in.

/// An element type that llama.cpp can load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TensorType {
    /// The number in the file (`enum ggml_type`).
    pub id: u32,
    /// Name as ggml prints it.
    pub name: &'static str,
    /// Elements of one block.
    pub block_elements: u64,
    /// Bytes of one block.
    pub block_bytes: u64,
}

const fn row(id: u32, name: &'static str, block_elements: u64, block_bytes: u64) -> TensorType {
    TensorType { id, name, block_elements, block_bytes }
}

/// Every type; the missing numbers were removed from the format.
pub(crate) const ALL: &[TensorType] = &[
    TensorType::F32,
    TensorType::F16,
    TensorType::Q4_0,
    row(3, "q4_1", 32, 20),
    row(6, "q5_0", 32, 22),
    row(7, "q5_1", 32, 24),
    TensorType::Q8_0,
    row(9, "q8_1", 32, 36),
    row(10, "q2_K", 256, 84),
    row(11, "q3_K", 256, 110),
    TensorType::Q4_K,
    row(13, "q5_K", 256, 176),
    TensorType::Q6_K,
    row(15, "q8_K", 256, 292),
    row(16, "iq2_xxs", 256, 66),
    row(17, "iq2_xs", 256, 74),
    row(18, "iq3_xxs", 256, 98),
    row(19, "iq1_s", 256, 50),
    row(20, "iq4_nl", 32, 18),
    row(21, "iq3_s", 256, 110),
    row(22, "iq2_s", 256, 82),
    row(23, "iq4_xs", 256, 136),
    row(24, "i8", 1, 1),
    row(25, "i16", 1, 2),
    row(26, "i32", 1, 4),
    row(27, "i64", 1, 8),
    row(28, "f64", 1, 8),
    row(29, "iq1_m", 256, 56),
    TensorType::BF16,
    row(34, "tq1_0", 256, 54),
    row(35, "tq2_0", 256, 66),
    row(39, "mxfp4", 32, 17),
    row(40, "nvfp4", 64, 36),
    row(41, "q1_0", 128, 18),
    row(42, "q2_0", 64, 18),
];

impl TensorType {
    /// 32-bit float.
    pub const F32: Self = row(0, "f32", 1, 4);
    /// 16-bit float.
    pub const F16: Self = row(1, "f16", 1, 2);
    /// 32 signed bytes and one 16-bit scale.
    pub const Q8_0: Self = row(8, "q8_0", 32, 34);
    /// 32 numbers of 4 bits and one 16-bit scale.
    pub const Q4_0: Self = row(2, "q4_0", 32, 18);
    /// 256 numbers of 4 bits in eight groups with scales and minima of their own.
    pub const Q4_K: Self = row(12, "q4_K", 256, 144);
    /// 256 numbers of 6 bits in sixteen groups with scales of their own.
    pub const Q6_K: Self = row(14, "q6_K", 256, 210);
    /// The upper half of a 32-bit float.
    pub const BF16: Self = row(30, "bf16", 1, 2);

    /// The type with this number in the file.
    pub fn from_id(id: u32) -> Option<Self> {
        ALL.iter().find(|kind| kind.id == id).copied()
    }

    /// Whether llama.cpp can multiply activations with a matrix of this type: floats and the storage quantisations, not integers, doubles
    /// and the two types (`q8_1`, `q8_K`) that exist only inside a computation. It aborts the process on the others.
    pub fn is_matrix(self) -> bool {
        !matches!(self.id, 9 | 15 | 24..=28)
    }

    /// Bytes of a tensor of this type and shape; `None` when a row is not whole blocks or the figure overflows.
    pub fn len_bytes(self, shape: &[u64]) -> Option<u64> {
        let row = shape.first().copied().unwrap_or(1);
        if !row.is_multiple_of(self.block_elements) {
            return None;
        }
        let elements = shape.iter().try_fold(1_u64, |product, side| product.checked_mul(*side))?;
        // ggml counts elements in signed 64-bit integers.
        i64::try_from(elements).ok()?;
        (elements / self.block_elements).checked_mul(self.block_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_the_linked_llama_cpp() {
        for kind in ALL {
            // SAFETY: pure look-ups in a constant table; every id is below GGML_TYPE_COUNT, which the next test asserts.
            let (elements, bytes) = unsafe { (llama_cpp_sys_2::ggml_blck_size(kind.id), llama_cpp_sys_2::ggml_type_size(kind.id)) };
            assert_eq!((kind.block_elements as i64, kind.block_bytes as usize), (elements, bytes), "{}", kind.name);
        }
    }

    #[test]
    fn no_type_of_the_linked_llama_cpp_is_missing() {
        for id in 0..llama_cpp_sys_2::GGML_TYPE_COUNT {
            // SAFETY: as above.
            let exists = unsafe { llama_cpp_sys_2::ggml_blck_size(id) } > 0;
            assert_eq!(TensorType::from_id(id).is_some(), exists, "type {id}");
        }
    }

    #[test]
    fn partial_blocks_and_overflow_have_no_size() {
        assert_eq!(TensorType::Q8_0.len_bytes(&[64, 3]), Some(2 * 3 * 34));
        assert_eq!(TensorType::Q8_0.len_bytes(&[33]), None);
        assert_eq!(TensorType::F32.len_bytes(&[u64::MAX, 2]), None);
        assert_eq!(TensorType::F32.len_bytes(&[1 << 62, 1]), None);
    }
}

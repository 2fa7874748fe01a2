//! Blocks of sums by tile instructions (Intel AMX): several times the arithmetic of the widest vectors.

use super::{Strips, Sums};
use std::arch::asm;
use std::arch::x86_64::__cpuid_count;
use std::sync::LazyLock;

/// Asks processor and kernel for the tiles, once.
pub(super) fn is_there() -> bool {
    static IS_THERE: LazyLock<bool> = LazyLock::new(|| {
        // Leaf 7: bit 22 bfloat16 products, bit 24 tiles (Intel SDM volume 2, CPUID). Leaf 0 says whether there is a leaf 7.
        const WANTED: u32 = 1 << 22 | 1 << 24;
        if __cpuid_count(0, 0).eax < 7 || __cpuid_count(7, 0).edx & WANTED != WANTED {
            return false;
        }
        // Linux gives the tile registers' state to a process that asks (Documentation/arch/x86/xstate.rst).
        const ARCH_REQ_XCOMP_PERM: libc::c_long = 0x1023;
        const XFEATURE_XTILEDATA: libc::c_long = 18;
        // SAFETY: a system call with two numbers; it touches no memory of ours.
        unsafe { libc::syscall(libc::SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0 }
    });
    *IS_THERE
}

/// Shapes of the eight tiles: palette 1, all 16 rows of 64 bytes (Intel SDM, LDTILECFG).
#[repr(C, align(64))]
struct Shapes([u8; 64]);

static SHAPES: Shapes = {
    let mut bytes = [0; 64];
    bytes[0] = 1;
    let mut tile = 0;
    while tile < 8 {
        bytes[16 + 2 * tile] = 64;
        bytes[48 + tile] = 16;
        tile += 1;
    }
    Shapes(bytes)
};

/// While it lives the tile registers have the shapes that a block needs.
pub(super) struct Configured(());

impl Configured {
    pub(super) fn new() -> Self {
        debug_assert!(is_there());
        // SAFETY: the configuration is a valid constant; the tiles are ours until they are released.
        unsafe { asm!("ldtilecfg [{}]", in(reg) &SHAPES, options(nostack, readonly)) };
        Self(())
    }

    /// Two by two tiles of sums.
    pub(super) fn block(&self, left: Strips<'_>, right: Strips<'_>, sums: &mut Sums) {
        let depth = left[0].len();
        assert!(depth > 0 && left.into_iter().chain(right).all(|strip| strip.len() == depth));
        // SAFETY: reads `depth` tiles from each of the four starts, all the asserted lengths, and writes the 32 x 32 sums; the tile
        // registers are configured while `self` lives, and named as overwritten.
        unsafe {
            asm!(
                "tilezero tmm0",
                "tilezero tmm1",
                "tilezero tmm2",
                "tilezero tmm3",
                "2:",
                "tileloadd tmm4, [{a} + {row}*1]",
                "tileloadd tmm6, [{b} + {row}*1]",
                "tileloadd tmm5, [{a2} + {row}*1]",
                "tileloadd tmm7, [{b2} + {row}*1]",
                "tdpbf16ps tmm0, tmm4, tmm6",
                "tdpbf16ps tmm1, tmm4, tmm7",
                "tdpbf16ps tmm2, tmm5, tmm6",
                "tdpbf16ps tmm3, tmm5, tmm7",
                "add {a}, 1024",
                "add {a2}, 1024",
                "add {b}, 1024",
                "add {b2}, 1024",
                "dec {n}",
                "jnz 2b",
                "tilestored [{c} + {line}*1], tmm0",
                "tilestored [{c} + {line}*1 + 64], tmm1",
                "tilestored [{c} + {line}*1 + 2048], tmm2",
                "tilestored [{c} + {line}*1 + 2112], tmm3",
                a = inout(reg) left[0].as_ptr() => _,
                a2 = inout(reg) left[1].as_ptr() => _,
                b = inout(reg) right[0].as_ptr() => _,
                b2 = inout(reg) right[1].as_ptr() => _,
                n = inout(reg) depth => _,
                row = in(reg) 64_usize,
                line = in(reg) 128_usize,
                c = in(reg) sums.as_mut_ptr(),
                out("tmm0") _, out("tmm1") _, out("tmm2") _, out("tmm3") _,
                out("tmm4") _, out("tmm5") _, out("tmm6") _, out("tmm7") _,
                options(nostack),
            );
        }
    }
}

impl Drop for Configured {
    fn drop(&mut self) {
        // SAFETY: gives the registers back; nothing of them is used afterwards.
        unsafe { asm!("tilerelease", options(nostack, nomem)) };
    }
}

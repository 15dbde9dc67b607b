//! Products of tiles of sixteen rows, on processors that have instructions for whole tiles.
//!
//! Each number, and each wide weight, is split into a high and a low part of eight bits; the partial products add up to
//! exactly what the other kernels compute. The instructions have no names in Rust yet, so they are written out.

use super::{Avx512, Lanes, x86};
use crate::packed::{Fixed, FixedRows, LOW_BITS, PANEL, TILE_INPUTS};
use std::arch::asm;
use std::mem::MaybeUninit;
use std::ops::Range;

/// Rows of a tile.
const ROWS: usize = 16;

/// Fewer rows are done sooner one by one.
pub(super) const ROWS_MIN: usize = 3;

/// Bytes of a line of the processor's cache.
const LINE: usize = 64;

/// The system's number of the call that asks for the right to use tiles, and its arguments.
const ARCH_PRCTL: i64 = 158;
const REQUEST: i64 = 0x1023;
const TILE_DATA: i64 = 18;

/// Bits of the processor's feature leaf: tiles, and their products of eight bits.
const FEATURES: u32 = 1 << 24 | 1 << 25;

#[repr(C, align(64))]
struct Config([u8; 64]);

/// Whether processor and system let us use tiles.
pub(super) fn is_available() -> bool {
    let leaf = x86::__cpuid_count(7, 0);
    if leaf.edx & FEATURES != FEATURES {
        return false;
    }
    let refused: i64;
    // SAFETY: the call changes nothing but the right to use tiles.
    unsafe {
        asm!("syscall", inlateout("rax") ARCH_PRCTL => refused, in("rdi") REQUEST, in("rsi") TILE_DATA,
            out("rcx") _, out("r11") _, options(nostack));
    }
    refused == 0
}

/// Rows that are split at a time: both of their planes stay in a near cache.
const STRIPE: usize = 64;

/// Tiles of sums: those of the input's high parts and of its low parts with one panel of narrow weights, and with another;
/// with wide weights those of high parts, of high and low ones, and of low ones.
#[repr(C, align(64))]
struct Partial([[[i32; PANEL]; ROWS]; 4]);

/// The high and low parts of a stripe's rows. What lies between the rows' ends and the next line is never written, and
/// multiplied by weights of zero.
struct Planes {
    numbers: [Vec<MaybeUninit<i8>>; 2],
    /// Where the first line of the cache begins in each.
    starts: [usize; 2],
    stride: usize,
}

impl Planes {
    fn new(map: &Fixed, x: FixedRows<'_>) -> Planes {
        let width = map.inputs.div_ceil(TILE_INPUTS) * TILE_INPUTS;
        // Rows that begin with a line of the cache are fetched at once; those that overlap stay as they lie.
        let stride = if x.stride < map.inputs { x.stride } else { width };
        // A last step reads beyond the last row; weights of zero make nothing of it.
        let room = (STRIPE.min(x.steps.len()) - 1) * stride + width + LINE;
        let numbers = [vec![MaybeUninit::uninit(); room], vec![MaybeUninit::uninit(); room]];
        let starts = [numbers[0].as_ptr().align_offset(LINE), numbers[1].as_ptr().align_offset(LINE)];
        Planes { numbers, starts: starts.map(|start| start.min(LINE)), stride }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")]
    fn split(&mut self, map: &Fixed, x: FixedRows<'_>, rows: Range<usize>) {
        let ([high, low], [high_start, low_start]) = (&mut self.numbers, self.starts);
        let (high, low) = (&mut high[high_start..], &mut low[low_start..]);
        // Rows that overlap are one run.
        let overlap = x.stride < map.inputs;
        let runs = if overlap { 1 } else { rows.len() };
        let length = if overlap { (rows.len() - 1) * x.stride + map.inputs } else { map.inputs };
        for run in 0..runs {
            let from = &x.numbers[(rows.start + run) * x.stride..][..length];
            let at = run * self.stride;
            let to = high[at..at + length].iter_mut().zip(&mut low[at..at + length]);
            for (&number, (high, low)) in from.iter().zip(to) {
                high.write((number >> LOW_BITS) as i8);
                low.write((number & ((1 << LOW_BITS) - 1)) as i8);
            }
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")]
pub(super) unsafe fn multiply_fixed(map: &Fixed, x: FixedRows<'_>, y: &mut [f32]) {
    let count = x.steps.len();
    let rows = count.min(ROWS);
    // All eight tiles have rows of 64 bytes: the two of weights sixteen, those of input and of sums what there is.
    let mut config = Config([0; 64]);
    config.0[0] = 1;
    for tile in 0..8 {
        config.0[16 + 2 * tile] = 64;
        config.0[48 + tile] = if tile < 6 { rows as u8 } else { ROWS as u8 };
    }
    let mut planes = Planes::new(map, x);
    // SAFETY: the planes have room for all steps of a stripe's last row, the tiles for all panels, and `y` for all
    // rows.
    unsafe {
        asm!("ldtilecfg [{}]", in(reg) &config, options(nostack, readonly));
        for first in (0..count).step_by(STRIPE) {
            let end = count.min(first + STRIPE);
            // A last stripe that is no whole tile takes rows of the one before again.
            let first = first.min(end - rows);
            planes.split(map, x, first..end);
            stripe(map, &planes, &x.steps[first..end], &mut y[first * map.outputs..]);
        }
        asm!("tilerelease", options(nostack));
    }
}

/// Two panels of tiles at a time, which stay in the first cache while all rows pass by: of narrow weights those of two panels of
/// outputs, where an odd last one is multiplied twice, of wide ones the high and the low parts of one.
#[inline(always)]
unsafe fn stripe(map: &Fixed, planes: &Planes, steps: &[f32], y: &mut [f32]) {
    let (rows, count) = (steps.len().min(ROWS), map.panel_tiles());
    let mut partial = Partial([[[0; PANEL]; ROWS]; 4]);
    // SAFETY: see `multiply_fixed`.
    unsafe {
        let high = planes.numbers[0].as_ptr().add(planes.starts[0]).cast::<i8>();
        let low = planes.numbers[1].as_ptr().add(planes.starts[1]).cast::<i8>();
        for panel in (0..map.tile_panels()).step_by(2) {
            let other = (panel + 1).min(map.tile_panels() - 1);
            let tiles = map.tiles.as_ptr().add(panel * count).cast();
            let others = map.tiles.as_ptr().add(other * count).cast();
            for row in (0..steps.len()).step_by(ROWS) {
                let row = row.min(steps.len() - rows);
                let at = row * planes.stride;
                let from = [high.add(at), low.add(at), tiles, others];
                let steps = &steps[row..row + rows];
                if map.is_narrow {
                    multiply_narrow(from, [planes.stride, count], &mut partial);
                    store::<0, 2>(map, steps, [row, panel * PANEL], (&partial, y));
                    store::<2, 2>(map, steps, [row, other * PANEL], (&partial, y));
                } else {
                    multiply_wide(from, [planes.stride, count], &mut partial);
                    store::<0, 3>(map, steps, [row, panel / 2 * PANEL], (&partial, y));
                }
            }
        }
    }
}

/// Writes out the products of both planes of the input with two panels of tiles. The names are those of the tiles in which the
/// products of the high and the low plane with the second panel are added up, and what is stored after them.
macro_rules! multiply_tiles {
    ($name:ident, $high:literal, $low:literal, $($last:literal)?) => {
        #[inline(always)]
        unsafe fn $name(
            [high, low, tiles, others]: [*const i8; 4],
            [stride, steps]: [usize; 2],
            to: &mut Partial,
        ) {
            // SAFETY: see `multiply_fixed`; the tiles are configured, and nobody else uses them.
            unsafe {
                asm!(
                    "tilezero tmm0",
                    "tilezero tmm1",
                    "tilezero tmm2",
                    "tilezero tmm3",
                    "2:",
                    "tileloadd tmm4, [{high} + {stride}*1]",
                    "tileloadd tmm5, [{low} + {stride}*1]",
                    "tileloadd tmm6, [{tiles} + {line}*1]",
                    "tileloadd tmm7, [{others} + {line}*1]",
                    "tdpbssd tmm0, tmm4, tmm6",
                    "tdpbssd tmm1, tmm5, tmm6",
                    concat!("tdpbssd ", $low, ", tmm5, tmm7"),
                    concat!("tdpbssd ", $high, ", tmm4, tmm7"),
                    "add {high}, 64",
                    "add {low}, 64",
                    "add {tiles}, 1024",
                    "add {others}, 1024",
                    "dec {steps}",
                    "jnz 2b",
                    "tilestored [{to} + {line}*1], tmm0",
                    "tilestored [{to} + {line}*1 + 1024], tmm1",
                    "tilestored [{to} + {line}*1 + 2048], tmm2",
                    $($last,)?
                    high = inout(reg) high => _,
                    low = inout(reg) low => _,
                    tiles = inout(reg) tiles => _,
                    others = inout(reg) others => _,
                    steps = inout(reg) steps => _,
                    stride = in(reg) stride,
                    line = in(reg) 64usize,
                    to = in(reg) to,
                    options(nostack),
                );
            }
        }
    };
}

multiply_tiles! { multiply_narrow, "tmm2", "tmm3", "tilestored [{to} + {line}*1 + 3072], tmm3" }
// Products of a high part with a low one are worth the same, whichever is which.
multiply_tiles! { multiply_wide, "tmm1", "tmm2", }

/// Adds up a panel's partial products, which stand in `COUNT` tiles from tile `FIRST` on, the greatest first, and turns them
/// into floats.
#[inline(always)]
unsafe fn store<const FIRST: usize, const COUNT: usize>(
    map: &Fixed,
    steps: &[f32],
    [row, column]: [usize; 2],
    (partial, y): (&Partial, &mut [f32]),
) {
    // SAFETY: see `multiply_fixed`.
    unsafe {
        let of_outputs = Avx512::load(map.steps.as_ptr().add(column));
        let bias = Avx512::load(map.bias.as_ptr().add(column));
        for (r, &step) in steps.iter().enumerate() {
            let mut sum = x86::_mm512_load_si512(partial.0[FIRST][r].as_ptr().cast());
            for tile in FIRST + 1..FIRST + COUNT {
                let next = x86::_mm512_load_si512(partial.0[tile][r].as_ptr().cast());
                sum = x86::_mm512_add_epi32(x86::_mm512_slli_epi32::<LOW_BITS>(sum), next);
            }
            let number = Avx512::to_floats(sum).mul(of_outputs.mul(Avx512::splat(step))).add(bias);
            number.store(y.as_mut_ptr().add((row + r) * map.outputs + column));
        }
    }
}

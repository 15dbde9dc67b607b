//! Products of tiles of sixteen rows, on processors that have instructions for whole tiles.
//!
//! Each number, and each wide weight, is split into a high and a low part of eight bits; the partial products add up to
//! exactly what the other kernels compute. The instructions have no names in Rust yet, so they are written out.

use super::fixed::{Product, To};
use super::{Avx512, Lanes, x86};
use crate::packed::{Fixed, FixedRows, LOW_BITS, PANEL, TILE_INPUTS};
use std::arch::asm;
use std::mem::MaybeUninit;
use std::ops::Range;

/// Rows of a tile.
const ROWS: usize = 16;

/// Fewer rows are done sooner one by one.
const ROWS_MIN: usize = 2;

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

/// Whether a product's rows and inputs are as many as tiles are for.
pub(super) fn has_tiles_for<T>(product: &Product<'_, T>) -> bool {
    product.x.steps.len() >= ROWS_MIN && product.map.inputs <= INPUTS_MAX
}

/// Bytes of a plane: both stay in the first cache beside the tiles of a panel.
const PLANE_BYTES: usize = 16 << 10;

/// Rows that are split at a time: their results' lines, too, stay near until a panel is done.
const STRIPE: usize = 64;

/// Maps of more inputs are left to other instructions.
const INPUTS_MAX: usize = PLANE_BYTES / ROWS;

/// The high and the low parts of as many rows as fit. What lies between the rows' ends and their tiles' is never written, and
/// multiplied by weights of zero.
#[repr(C, align(64))]
struct Planes([[MaybeUninit<i8>; PLANE_BYTES]; 2]);

impl Planes {
    /// How far apart rows lie: those that overlap stay as they lie, others begin with a line of the processor's cache.
    fn stride(map: &Fixed, x: FixedRows<'_>) -> usize {
        if x.stride < map.inputs { x.stride } else { map.inputs.next_multiple_of(TILE_INPUTS) }
    }

    /// Whole tiles of rows that fit: the last one is read up to the end of its tiles.
    fn rows_max(map: &Fixed, stride: usize) -> usize {
        let last = map.inputs.next_multiple_of(TILE_INPUTS) - stride;
        ((PLANE_BYTES - last) / stride / ROWS * ROWS).min(STRIPE)
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")]
    fn split(&mut self, map: &Fixed, x: FixedRows<'_>, (rows, stride): (Range<usize>, usize)) {
        // Rows that overlap are one run.
        let overlap = x.stride < map.inputs;
        let runs = if overlap { 1 } else { rows.len() };
        let length = if overlap { (rows.len() - 1) * x.stride + map.inputs } else { map.inputs };
        let [high, low] = &mut self.0;
        for run in 0..runs {
            let from = &x.numbers[(rows.start + run) * x.stride..][..length];
            let (high, low) = (&mut high[run * stride..][..length], &mut low[run * stride..][..length]);
            // SAFETY: both have room for as many.
            unsafe { split(from, high.as_mut_ptr().cast(), low.as_mut_ptr().cast()) };
        }
    }
}

/// Splits numbers into high and low parts, which are as many.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")]
unsafe fn split(from: &[i16], high: *mut i8, low: *mut i8) {
    const LANES: usize = 32;
    let low_bits = (1 << LOW_BITS) - 1;
    let whole = from.len() / LANES * LANES;
    // SAFETY: no number beyond the last is read or written.
    unsafe {
        for at in (0..whole).step_by(LANES) {
            let numbers = x86::_mm512_loadu_si512(from.as_ptr().add(at).cast());
            let parts = x86::_mm512_cvtepi16_epi8(x86::_mm512_srai_epi16::<LOW_BITS>(numbers));
            x86::_mm256_storeu_si256(high.add(at).cast(), parts);
            let parts = x86::_mm512_and_si512(numbers, x86::_mm512_set1_epi16(low_bits));
            x86::_mm256_storeu_si256(low.add(at).cast(), x86::_mm512_cvtepi16_epi8(parts));
        }
        for (at, &number) in from.iter().enumerate().skip(whole) {
            high.add(at).write((number >> LOW_BITS) as i8);
            low.add(at).write((number & low_bits) as i8);
        }
    }
}

/// Tiles of sums: those of the input's high parts and of its low parts with one panel of narrow weights, and with another;
/// with wide weights those of high parts, of high and low ones, and of low ones.
#[repr(C, align(64))]
struct Partial([[[MaybeUninit<i32>; PANEL]; ROWS]; 4]);

/// Where the sums of tiles belong: the first row, and so many panels of outputs, in the order in which they are multiplied.
#[derive(Clone, Copy)]
struct Block {
    row: usize,
    panels: [usize; 2],
}

/// A map, how many pieces its outputs have, what one step of each row of a stripe is worth, which row is the first, and how many
/// are in a tile.
#[derive(Clone, Copy)]
struct Stripe<'a, T> {
    map: &'a Fixed,
    pieces: usize,
    steps: &'a [f32],
    first: usize,
    rows: usize,
    to: T,
}

/// Products, of which the greatest of each output's pieces are kept. There are at least as many rows as [`ROWS_MIN`], no more
/// inputs than [`INPUTS_MAX`], and whole panels of each piece.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2,fma")]
pub(super) unsafe fn multiply<T: To>(Product { map, pieces, x, to }: Product<'_, T>) {
    let count = x.steps.len();
    let rows = count.min(ROWS);
    // All eight tiles have rows of 64 bytes: the two of weights sixteen, those of input and of sums what there is.
    let mut config = Config([0; 64]);
    config.0[0] = 1;
    for tile in 0..8 {
        config.0[16 + 2 * tile] = 64;
        config.0[48 + tile] = if tile < 6 { rows as u8 } else { ROWS as u8 };
    }
    let mut planes = Planes([[MaybeUninit::uninit(); PLANE_BYTES]; 2]);
    let stride = Planes::stride(map, x);
    let rows_max = Planes::rows_max(map, stride);
    // SAFETY: the planes have room for all steps of a stripe's last row, the tiles for all panels, and `y` for all
    // rows.
    unsafe {
        asm!("ldtilecfg [{}]", in(reg) &config, options(nostack, readonly));
        for first in (0..count).step_by(rows_max) {
            let end = count.min(first + rows_max);
            // A last stripe that is no whole tile takes rows of the one before again.
            let first = first.min(end - rows);
            planes.split(map, x, (first..end, stride));
            let stripe = Stripe { map, pieces, steps: &x.steps[first..end], first, rows, to };
            stripe.multiply((&planes, stride));
        }
        asm!("tilerelease", options(nostack));
    }
}

impl<T: To> Stripe<'_, T> {
    /// Two panels of tiles at a time, which stay in the first cache while all rows pass by: of narrow weights those of two
    /// panels of outputs, where an odd last one is multiplied twice, of wide ones the high and the low parts of one. While a
    /// block of tiles is multiplied, the sums of the one before are turned into floats.
    #[inline(always)]
    unsafe fn multiply(self, (planes, stride): (&Planes, usize)) {
        let Stripe { map, steps, rows, .. } = self;
        let count = map.panel_tiles();
        let panels = map.outputs / PANEL;
        let at_once = if map.is_narrow { 2 } else { 1 };
        let mut partials = [const { Partial([[[MaybeUninit::uninit(); PANEL]; ROWS]; 4]) }; 2];
        let mut current = 0;
        let mut before: Option<Block> = None;
        // SAFETY: see `multiply`.
        unsafe {
            for first in (0..panels).step_by(at_once) {
                let panels = [first, (first + at_once - 1).min(panels - 1)];
                // Written out: a closure would not be inlined here.
                let tiles = if map.is_narrow {
                    [self.panel(panels[0]), self.panel(panels[1])]
                } else {
                    [2 * self.panel(first), 2 * self.panel(first) + 1]
                };
                let others = map.tiles.as_ptr().add(tiles[1] * count).cast();
                let tiles = map.tiles.as_ptr().add(tiles[0] * count).cast();
                for row in (0..steps.len()).step_by(ROWS) {
                    let row = row.min(steps.len() - rows);
                    let high = planes.0[0].as_ptr().add(row * stride).cast();
                    let low = planes.0[1].as_ptr().add(row * stride).cast();
                    match map.is_narrow {
                        true => multiply_narrow([high, low, tiles, others], [stride, count]),
                        false => multiply_wide([high, low, tiles, others], [stride, count]),
                    }
                    if let Some(block) = before {
                        self.store(block, &partials[current]);
                    }
                    current = 1 - current;
                    keep(map.is_narrow, &mut partials[current]);
                    before = Some(Block { row, panels });
                }
            }
            if let Some(block) = before {
                self.store(block, &partials[current]);
            }
        }
    }

    /// The so-manieth panel of outputs that is multiplied: all pieces of an output follow each other.
    #[inline(always)]
    fn panel(self, number: usize) -> usize {
        let of_a_piece = self.map.outputs / PANEL / self.pieces;
        number % self.pieces * of_a_piece + number / self.pieces
    }

    /// Turns the sums of a block into floats.
    #[inline(always)]
    unsafe fn store(self, Block { row, panels: [panel, other] }: Block, sums: &Partial) {
        // SAFETY: see `multiply`.
        unsafe {
            if self.map.is_narrow {
                self.store_panel::<0, 2>([row, panel], sums);
                self.store_panel::<2, 2>([row, other], sums);
            } else {
                self.store_panel::<0, 3>([row, panel], sums);
            }
        }
    }

    /// Adds up a panel's partial sums, which stand in `COUNT` tiles from tile `FIRST` on, the greatest first, and turns them
    /// into floats: of a first piece they are stored, of others where they are greater than what is.
    #[inline(always)]
    unsafe fn store_panel<const FIRST: usize, const COUNT: usize>(
        self,
        [row, number]: [usize; 2],
        sums: &Partial,
    ) {
        let (column, is_first) = (self.panel(number) * PANEL, number.is_multiple_of(self.pieces));
        let stride = self.map.outputs / self.pieces;
        // SAFETY: see `multiply`; the tiles' rows that are read have been stored.
        unsafe {
            let of_outputs = Avx512::load(self.map.steps.as_ptr().add(column));
            let bias = Avx512::load(self.map.bias.as_ptr().add(column));
            for r in 0..self.rows {
                let step = *self.steps.get_unchecked(row + r);
                let mut sum = x86::_mm512_load_si512(sums.0[FIRST][r].as_ptr().cast());
                for tile in FIRST + 1..FIRST + COUNT {
                    let next = x86::_mm512_load_si512(sums.0[tile][r].as_ptr().cast());
                    sum = x86::_mm512_add_epi32(x86::_mm512_slli_epi32::<LOW_BITS>(sum), next);
                }
                let number = Avx512::to_floats(sum).mul(of_outputs.mul(Avx512::splat(step))).add(bias);
                self.to.put(number, (self.first + row + r) * stride + column % stride, is_first);
            }
        }
    }
}

/// Writes out the products of both planes of the input with two panels of tiles. The names are those of the tiles in which the
/// products of the high and the low plane with the second panel are added up.
macro_rules! multiply_tiles {
    ($name:ident, $high:literal, $low:literal) => {
        #[inline(always)]
        unsafe fn $name(
            [high, low, tiles, others]: [*const i8; 4],
            [stride, steps]: [usize; 2],
        ) {
            // SAFETY: see `multiply`; the tiles are configured, and nobody else uses them.
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
                    high = inout(reg) high => _,
                    low = inout(reg) low => _,
                    tiles = inout(reg) tiles => _,
                    others = inout(reg) others => _,
                    steps = inout(reg) steps => _,
                    stride = in(reg) stride,
                    line = in(reg) 64usize,
                    options(nostack, readonly),
                );
            }
        }
    };
}

multiply_tiles! { multiply_narrow, "tmm2", "tmm3" }
// Products of a high part with a low one are worth the same, whichever is which.
multiply_tiles! { multiply_wide, "tmm1", "tmm2" }

/// Stores the tiles of sums: four of them of narrow weights, else three.
#[inline(always)]
unsafe fn keep(is_narrow: bool, sums: &mut Partial) {
    // SAFETY: there is room for all of a tile's rows.
    unsafe {
        asm!(
            "tilestored [{to} + {line}*1], tmm0",
            "tilestored [{to} + {line}*1 + 1024], tmm1",
            "tilestored [{to} + {line}*1 + 2048], tmm2",
            to = in(reg) sums,
            line = in(reg) 64usize,
            options(nostack),
        );
        if is_narrow {
            asm!(
                "tilestored [{to} + {line}*1 + 3072], tmm3",
                to = in(reg) sums,
                line = in(reg) 64usize,
                options(nostack),
            );
        }
    }
}

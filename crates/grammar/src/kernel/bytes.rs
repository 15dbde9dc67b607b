//! Products of bytes with narrow weights, two for one of numbers, on processors that have instructions for them.

use std::mem::MaybeUninit;

use super::fixed::{Kind, Product, To, UNIT, Units, add_quad, blocks};
use super::{Avx512, x86};
use crate::packed::{BYTE_ZERO, Fixed, Line, TILE_BYTES};

/// Bytes of rows that are made at a time: they stay in the first cache beside a panel's weights.
const BYTES: usize = 16 << 10;

/// Rows of more bytes are multiplied as they are.
const ROW_BYTES_MAX: usize = BYTES / 16;

/// Multiplies rows of bytes with narrow weights, as many at a time as have room, unless they are too long.
///
/// # Safety
/// As of [`Sums`](super::fixed::Sums); the product has been checked.
#[inline(always)]
pub(super) unsafe fn multiply<T: To>(product: Product<'_, T>) -> bool {
    let Product { map, x, .. } = product;
    if map.inputs > ROW_BYTES_MAX {
        return false;
    }
    let stride = map.inputs.next_multiple_of(UNIT);
    let mut bytes = [const { MaybeUninit::<u8>::uninit() }; BYTES];
    let rows_max = BYTES / stride;
    for first in (0..x.steps.len()).step_by(rows_max) {
        let count = rows_max.min(x.steps.len() - first);
        for (row, bytes) in bytes.chunks_exact_mut(stride).take(count).enumerate() {
            let numbers = &x.numbers[(first + row) * x.stride..][..map.inputs];
            for (byte, &number) in bytes.iter_mut().zip(numbers) {
                byte.write((number + BYTE_ZERO) as u8);
            }
            // They are multiplied by weights of nought.
            for byte in &mut bytes[map.inputs..] {
                byte.write(0);
            }
        }
        let units = Units {
            product,
            first,
            numbers: bytes.as_ptr().cast(),
            stride,
            weights: map.tiles.as_ptr().cast(),
            lines: [stride / UNIT, map.panel_tiles() * TILE_BYTES / size_of::<Line>()],
        };
        // SAFETY: the caller's; a tile is lines of the weights of four inputs each.
        unsafe { blocks::<Avx512, T, Quads>(units, count) };
    }
    true
}

/// Four bytes, which stand for numbers that are [`BYTE_ZERO`] less.
struct Quads;

// SAFETY: in all methods, the caller's.
impl Kind<Avx512> for Quads {
    #[inline(always)]
    unsafe fn start(map: &Fixed, column: usize) -> x86::__m512i {
        unsafe { x86::_mm512_loadu_si512(map.byte_offsets.as_ptr().add(column).cast()) }
    }
    #[inline(always)]
    unsafe fn add(sum: x86::__m512i, quad: i32, weights: x86::__m512i) -> x86::__m512i {
        unsafe { add_quad(sum, quad, weights) }
    }
}

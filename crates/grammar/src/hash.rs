//! The two hashes of spaCy: of strings, which become numbers, and of numbers, which become rows of tables.

/// spaCy's number of a string: MurmurHash2-64A of its bytes with seed 1. The empty string is 0.
pub(crate) fn string(bytes: &[u8]) -> u64 {
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    if bytes.is_empty() {
        return 0;
    }
    let mut hash = 1 ^ (bytes.len() as u64).wrapping_mul(M);
    let (blocks, tail) = bytes.as_chunks::<8>();
    for &block in blocks {
        let mut k = u64::from_le_bytes(block).wrapping_mul(M);
        k ^= k >> 47;
        hash = (hash ^ k.wrapping_mul(M)).wrapping_mul(M);
    }
    if !tail.is_empty() {
        let mut last = [0; 8];
        last[..tail.len()].copy_from_slice(tail);
        hash = (hash ^ u64::from_le_bytes(last)).wrapping_mul(M);
    }
    hash ^= hash >> 47;
    hash = hash.wrapping_mul(M);
    hash ^ hash >> 47
}

/// Rows that a feature is hashed into.
pub(crate) const HASHES: usize = 4;

/// The rows of a feature, before the remainder by the table's length is taken: thinc's variant of
/// MurmurHash3-x86-128 for one 64-bit number.
pub(crate) fn rows(value: u64, seed: u32) -> [u32; HASHES] {
    let seed = u64::from(seed);
    let mixed = value.wrapping_mul(0x87c3_7b91_1142_53d5).rotate_left(31).wrapping_mul(0x4cf5_ad43_2745_937f);
    let mut first = mixed ^ seed ^ 8;
    let mut second = seed ^ 8;
    first = first.wrapping_add(second);
    second = second.wrapping_add(first);
    first = finish(first);
    second = finish(second);
    first = first.wrapping_add(second);
    second = second.wrapping_add(first);
    [first as u32, (first >> 32) as u32, second as u32, (second >> 32) as u32]
}

fn finish(mut k: u64) -> u64 {
    k = (k ^ k >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    k = (k ^ k >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    k ^ k >> 33
}

#[cfg(test)]
mod tests {
    use super::{rows, string};

    #[test]
    fn numbers_of_strings_are_those_of_spacy() {
        // Asked of spaCy's string store.
        assert_eq!(string(b""), 0);
        assert_eq!(string(b"coffee"), 3_197_928_453_018_144_401);
        assert_eq!(string("Brücke am Fluss".as_bytes()), 11_922_315_622_507_722_478);
    }

    #[test]
    fn rows_are_those_of_thinc() {
        // Asked of thinc's `NumpyOps.hash`.
        let coffee = [2_399_055_680, 1_118_310_852, 3_598_583_520, 1_677_466_278];
        assert_eq!(rows(3_197_928_453_018_144_401, 8), coffee);
        assert_eq!(rows(7, 8), [2_590_490_786, 1_483_956_769, 1_738_252_531, 2_225_935_154]);
    }
}

//! Fingerprints of texts and inputs.

use std::io::{self, Read};

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Bytes that are digested at once.
const CHUNK_BYTES: usize = 256 << 10;
/// The digits of base 32 (RFC 4648), in which web archives write digests.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// SHA-256 of all that a source holds from where it stands, in hexadecimal.
///
/// # Errors
/// When the source cannot be read.
pub fn sha256_of(source: &mut dyn Read) -> io::Result<String> {
    let mut digest = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match source.read(&mut chunk) {
            Ok(0) => return Ok(hexadecimal(&digest.finalize())),
            Ok(count) => digest.update(&chunk[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// SHA-1 as web archives write it: `sha1:` and 32 digits.
pub(crate) fn sha1(bytes: &[u8]) -> String {
    format!("sha1:{}", base32(&Sha1::digest(bytes)))
}

/// Whether bytes have a digest as an archive wrote it; `None` where the algorithm is not known.
pub(crate) fn has_digest(bytes: &[u8], written: &str) -> Option<bool> {
    let (algorithm, value) = written.split_once(':')?;
    let digest: Vec<u8> = match algorithm.to_ascii_lowercase().as_str() {
        "sha1" => Sha1::digest(bytes).to_vec(),
        "sha256" | "sha-256" => Sha256::digest(bytes).to_vec(),
        _ => return None,
    };
    let value = value.trim().trim_end_matches('=');
    Some(value.eq_ignore_ascii_case(&hexadecimal(&digest)) || value.eq_ignore_ascii_case(&base32(&digest)))
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Base 32 without padding.
fn base32(bytes: &[u8]) -> String {
    let mut digits = String::new();
    for chunk in bytes.chunks(5) {
        let bits =
            chunk.iter().fold(0u64, |bits, &byte| bits << 8 | u64::from(byte)) << (8 * (5 - chunk.len()));
        for place in 0..(chunk.len() * 8).div_ceil(5) {
            digits.push(char::from(BASE32[(bits >> (35 - 5 * place)) as usize & 31]));
        }
    }
    digits
}

#[cfg(test)]
mod tests {
    #[test]
    fn knows_the_published_example() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(super::sha256(b"abc"), abc);
        assert_eq!(super::sha256_of(&mut &b"abc"[..]).unwrap(), abc);
        assert_eq!(super::sha1(b"abc"), "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
        assert_eq!(super::base32(b"foobar"), "MZXW6YTBOI");
    }

    #[test]
    fn digests_are_compared_as_archives_write_them() {
        assert_eq!(super::has_digest(b"abc", "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"), Some(true));
        assert_eq!(super::has_digest(b"abc", "SHA1:a9993e364706816aba3e25717850c26c9cd0d89d"), Some(true));
        assert_eq!(super::has_digest(b"abd", "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"), Some(false));
        assert_eq!(super::has_digest(b"abc", "md5:00"), None);
    }
}

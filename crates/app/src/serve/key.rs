//! The secret by which the server knows who may write.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// What is kept of a secret: enough to know it again.
pub struct Key {
    digest: [u8; 32],
    cookie: String,
}

impl Key {
    /// Of a secret.
    pub fn new(secret: &str) -> Key {
        let cookie: [u8; 32] = Sha256::digest(format!("rashomon session {secret}")).into();
        Key {
            digest: Sha256::digest(secret).into(),
            cookie: cookie.iter().fold(String::new(), |mut out, byte| {
                write!(out, "{byte:02x}").expect("memory takes every letter");
                out
            }),
        }
    }

    /// Whether this is the secret. Digests are compared, so that the time it takes tells nothing of the secret.
    pub fn opens(&self, secret: &str) -> bool {
        <[u8; 32]>::from(Sha256::digest(secret.trim())) == self.digest
    }

    /// What a browser keeps that gave the secret; the secret cannot be found from it.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Whether a browser's cookie is ours.
    pub fn knows(&self, cookie: &str) -> bool {
        Sha256::digest(cookie) == Sha256::digest(&self.cookie)
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn only_the_secret_opens_and_only_its_cookie_is_known() {
        let key = Key::new("a long enough secret");
        assert!(key.opens("a long enough secret\n") && !key.opens("another") && !key.opens(""));
        assert!(key.knows(key.cookie()) && !key.knows("") && !key.opens(key.cookie()));
        assert!(!Key::new("another").knows(key.cookie()));
    }
}

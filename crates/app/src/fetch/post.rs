//! Telling another machine something: one request, no redirects, and only where pages may be asked for too.

use std::io::Read;

use ureq::Error;

use super::exchange::{Budget, Overflow, refusal};
use super::{Fetcher, Refusal, address};

/// Bytes of an answer that are read, so that the connection ends well.
const ANSWER_BYTES_MAX: usize = 64 << 10;

impl Fetcher<'_> {
    /// Sends JSON to an address. `key` names what is sent, so that who gets it twice can tell.
    ///
    /// # Errors
    /// When it is not taken (any status but 2xx), or the address may not be asked.
    pub fn post(&self, to: &str, (key, json): (&str, &[u8])) -> Result<(), Refusal> {
        let url = address::parse(to)?;
        address::check_private(&url, self.options.private)?;
        let time = self.options.time_max;
        let budget = Budget { time, bytes: ANSWER_BYTES_MAX, overflow: Overflow::Cut };
        let request = self.agent.post(url.as_str()).config().timeout_global(Some(time)).build();
        let sent = request
            .header("user-agent", &self.options.user_agent)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .send(json);
        let (head, body) = sent.map_err(|error| refusal(error, budget))?.into_parts();
        let mut answer = Vec::new();
        let mut body = body.into_with_config().limit(u64::MAX).reader().take(ANSWER_BYTES_MAX as u64);
        body.read_to_end(&mut answer).map_err(|error| refusal(Error::from(error), budget))?;
        let status = head.status.as_u16();
        if (200..300).contains(&status) { Ok(()) } else { Err(Refusal::Status { status }) }
    }
}

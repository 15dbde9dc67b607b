//! What time it is, and waiting: a parameter, so that tests need not wait.

use jiff::{SignedDuration, Timestamp};

/// Tells the time and waits.
pub trait Clock: Sync {
    /// Now.
    fn now(&self) -> Timestamp;
    /// Returns when that time has come.
    fn wait_until(&self, then: Timestamp);
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn wait_until(&self, then: Timestamp) {
        let left = self.now().duration_until(then);
        std::thread::sleep(left.try_into().unwrap_or_default());
    }
}

/// Longest time that `Retry-After` is taken for; a site that asks for more is asked again after this.
const RETRY_AFTER_MAX: SignedDuration = SignedDuration::from_hours(24 * 7);

/// When `Retry-After` lets a host be asked again: seconds, or a date as HTTP writes it.
pub(crate) fn retry_after(value: &str, now: Timestamp) -> Option<Timestamp> {
    let value = value.trim();
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let until = if digits {
        let seconds = value.parse().unwrap_or(i64::MAX);
        now + SignedDuration::from_secs(seconds).min(RETRY_AFTER_MAX)
    } else {
        jiff::fmt::rfc2822::parse(value).ok()?.timestamp()
    };
    Some(until.clamp(now, now + RETRY_AFTER_MAX))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::retry_after;

    #[test]
    fn reads_seconds_and_dates() {
        let now: Timestamp = "2025-03-04T10:00:00Z".parse().unwrap();
        let after = |value: &str| retry_after(value, now).map(|until| now.duration_until(until).as_secs());
        assert_eq!(after("120"), Some(120));
        assert_eq!(after("Tue, 04 Mar 2025 10:00:30 GMT"), Some(30));
        assert_eq!(after("Mon, 03 Mar 2025 10:00:30 GMT"), Some(0), "a date gone by is now");
        assert_eq!(after("99999999999999999999"), Some(SignedDuration::from_hours(24 * 7).as_secs()));
        assert_eq!((after("-5"), after("soon"), after("")), (None, None, None));
    }
}

//! The one place that knows what time it is.

/// Now, ISO 8601 in UTC, to the second: `2022-03-01T09:00:00Z`.
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    // Fractions tell nobody anything, and make times of different length.
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_time_is_written_to_the_second() {
        let now = super::now();
        assert!(now.len() == 20 && now.ends_with('Z'), "{now}");
    }
}

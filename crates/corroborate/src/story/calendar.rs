//! Days as numbers.

/// Number of an ISO date's day in the Gregorian calendar, counted from a fixed day; `None` where the value names no day.
pub(crate) fn day_number(value: &str) -> Option<i32> {
    let mut parts = value.get(..10)?.split('-').map(str::parse::<i32>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The year begins in March, so that the leap day is its last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(365 * year + leap_days + (153 * month + 2) / 5 + day)
}

/// The day in an address, which is given to an article when it first appears: `/2022/02/15/`, `/2022-02-15-`.
pub(crate) fn day_of_address(url: &str) -> Option<i32> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest).split(['?', '#']).next()?;
    let parts: Vec<&str> = path.split(['/', '-']).skip(1).collect();
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let three = parts.windows(3).find(|at| digits(at[0], 4) && digits(at[1], 2) && digits(at[2], 2))?;
    day_number(&three.join("-"))
}

#[cfg(test)]
mod tests {
    use super::{day_number, day_of_address};

    #[test]
    fn an_address_may_tell_its_day() {
        assert_eq!(day_of_address("https://a.example/2022/02/15/bridge"), day_number("2022-02-15"));
        assert_eq!(day_of_address("a.example/news/2022-02-15-bridge.html?x=1"), day_number("2022-02-15"));
        assert_eq!(day_of_address("https://a.example/2022/bridge/15/02"), None);
        assert_eq!(day_of_address("https://2022-02-15.example"), None);
    }

    #[test]
    fn days_follow_each_other_over_month_and_year() {
        let apart = |one: &str, other: &str| day_number(one).zip(day_number(other)).map(|(x, y)| x - y);
        assert_eq!(apart("2024-03-01", "2024-02-28"), Some(2));
        assert_eq!(apart("2023-01-01T06:00", "2022-12-31"), Some(1));
        assert_eq!(day_number("2022-02"), None);
        assert_eq!(day_number("2022-99-01"), None);
    }
}

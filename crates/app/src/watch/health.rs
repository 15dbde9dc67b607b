//! How a feed has fared, and when it is to be asked again.

use jiff::{SignedDuration, Timestamp};

use rashomon::archive::FeedRow;

use super::{News, WatchOptions};
use crate::fetch::Refusal;

/// What is remembered of a feed. Serves to tell its user, and to go on after a stop.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// How often it was asked.
    pub asked_count: u64,
    /// How often it brought something new.
    pub changed_count: u64,
    /// How often it failed.
    pub failed_count: u64,
    /// How often in a row, up to now.
    pub failed_in_a_row: u32,
    /// When it last answered.
    pub answered_at: Option<Timestamp>,
    /// When it last brought something new.
    pub changed_at: Option<Timestamp>,
    /// Why it failed last: a sentence.
    pub failure: Option<String>,
    /// How long it is left alone now.
    pub pause: Option<SignedDuration>,
    /// When it is to be asked next; `None`: at once.
    pub next: Option<Timestamp>,
}

impl Health {
    /// As it was kept.
    pub(super) fn of(row: &FeedRow) -> Health {
        let time = |text: &Option<String>| text.as_ref().and_then(|text| text.parse().ok());
        Health {
            asked_count: row.asked_count,
            changed_count: row.changed_count,
            failed_count: row.failed_count,
            failed_in_a_row: row.failed_in_a_row,
            answered_at: time(&row.answered_at),
            changed_at: time(&row.changed_at),
            failure: row.failure.clone(),
            pause: row.pause_seconds.map(SignedDuration::from_secs),
            next: time(&row.next_at),
        }
    }

    /// As it is kept: times to the second.
    pub(super) fn row(&self) -> FeedRow {
        let time = |time: Option<Timestamp>| time.map(written);
        FeedRow {
            asked_count: self.asked_count,
            changed_count: self.changed_count,
            failed_count: self.failed_count,
            failed_in_a_row: self.failed_in_a_row,
            answered_at: time(self.answered_at),
            changed_at: time(self.changed_at),
            failure: self.failure.clone(),
            pause_seconds: self.pause.map(|pause| pause.as_secs()),
            next_at: time(self.next),
            ..FeedRow::default()
        }
    }

    /// Notes an answer, and tells when to ask next: sooner after something new, later after nothing new or a failure,
    /// and never before the site allows it.
    pub(super) fn note(&mut self, news: &News, now: Timestamp, options: &WatchOptions) -> Timestamp {
        self.asked_count += 1;
        let pause = self.pause.unwrap_or(options.pause_min);
        let mut earliest = now;
        let pause = match news {
            News::Changed(_) => {
                self.changed_count += 1;
                self.changed_at = Some(now);
                pause / 2
            }
            News::Unchanged => pause * 3 / 2,
            News::Failed(refusal) => {
                self.failed_count += 1;
                self.failed_in_a_row = self.failed_in_a_row.saturating_add(1);
                self.failure = Some(refusal.to_string());
                match refusal {
                    Refusal::Later { until } => {
                        earliest = *until;
                        pause
                    }
                    other if other.may_pass() => pause * 2,
                    _ => options.pause_max,
                }
            }
        };
        if !matches!(news, News::Failed(_)) {
            self.failed_in_a_row = 0;
            self.answered_at = Some(now);
        }
        let pause = pause.clamp(options.pause_min, options.pause_max);
        let next = earliest.max(now + pause);
        (self.pause, self.next) = (Some(pause), Some(next));
        next
    }
}

/// To the second: fractions tell nobody anything, and times of one length can be compared as words.
pub(super) fn written(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::{Health, News, Refusal, WatchOptions};

    #[test]
    fn silence_and_failures_slow_a_feed_down_and_news_speed_it_up() {
        let options = WatchOptions::polite();
        let (mut health, now) = (Health::default(), Timestamp::UNIX_EPOCH);
        let mut minutes = |news: News| now.duration_until(health.note(&news, now, &options)).as_mins();
        assert_eq!(minutes(News::Unchanged), 7);
        assert_eq!(minutes(News::Failed(Refusal::Unresolved)), 15);
        assert_eq!(minutes(News::Failed(Refusal::Later { until: now + SignedDuration::from_hours(9) })), 540);
        for _ in 0..20 {
            minutes(News::Failed(Refusal::Status { status: 500 }));
        }
        assert_eq!(minutes(News::Unchanged), 360, "never slower than the slowest");
        assert_eq!((health.asked_count, health.failed_count, health.failed_in_a_row), (24, 22, 0));
    }

    #[test]
    fn what_is_kept_is_what_goes_on() {
        let mut health = Health::default();
        health.note(&News::Failed(Refusal::Unresolved), Timestamp::UNIX_EPOCH, &WatchOptions::polite());
        health.note(&News::Unchanged, Timestamp::UNIX_EPOCH, &WatchOptions::polite());
        assert_eq!(Health::of(&health.row()), health);
    }

    #[test]
    fn what_can_never_pass_is_hardly_asked_again() {
        let options = WatchOptions::polite();
        let mut health = Health::default();
        let news = News::Failed(Refusal::Robots { rule: "/".to_owned() });
        let next = health.note(&news, Timestamp::UNIX_EPOCH, &options);
        assert_eq!(Timestamp::UNIX_EPOCH.duration_until(next), options.pause_max);
    }
}

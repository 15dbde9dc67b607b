//! What the server has done, for Prometheus (text format 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rashomon::archive::Health;

/// Upper bounds of the classes of duration, in seconds.
const SECONDS: [f64; 8] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// Requests that were answered.
#[derive(Default)]
pub struct Metrics {
    requests: Mutex<BTreeMap<(String, u16), Requests>>,
}

#[derive(Default)]
struct Requests {
    count: u64,
    seconds: f64,
    within: [u64; SECONDS.len()],
}

impl Metrics {
    /// Counts a request to a route.
    pub fn count(&self, route: &str, status: u16, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let counted = requests.entry((route.to_owned(), status)).or_default();
        counted.count += 1;
        counted.seconds += took.as_secs_f64();
        for (within, bound) in counted.within.iter_mut().zip(SECONDS) {
            *within += u64::from(took.as_secs_f64() <= bound);
        }
    }

    /// All that was counted, and how many of everything the archive has.
    pub fn text(&self, health: &Health) -> String {
        let mut out = String::new();
        let told = "memory takes every letter";
        let name = "rashomon_http_request_duration_seconds";
        writeln!(out, "# HELP {name} Time until the answer was ready.\n# TYPE {name} histogram").expect(told);
        for ((route, status), counted) in &*self.requests.lock().unwrap_or_else(PoisonError::into_inner) {
            let labels = format!("route=\"{route}\",status=\"{status}\"");
            for (within, bound) in counted.within.iter().zip(SECONDS) {
                writeln!(out, "{name}_bucket{{{labels},le=\"{bound}\"}} {within}").expect(told);
            }
            writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {}", counted.count).expect(told);
            writeln!(out, "{name}_sum{{{labels}}} {}", counted.seconds).expect(told);
            writeln!(out, "{name}_count{{{labels}}} {}", counted.count).expect(told);
        }
        for (name, help, value) in [
            ("inputs", "Inputs kept.", health.input_count as u64),
            ("inputs_refused", "Inputs that gave no article.", health.refused_count as u64),
            ("articles", "Articles.", health.article_count as u64),
            ("outlets", "Outlets.", health.outlet_count as u64),
            ("stories", "Stories.", health.story_count as u64),
            ("stories_stale", "Stories that wait to be compared again.", health.stale_count as u64),
            ("events", "Events told.", health.event_count as u64),
            ("database_bytes", "Bytes of the database.", health.database_bytes),
        ] {
            writeln!(
                out,
                "# HELP rashomon_{name} {help}\n# TYPE rashomon_{name} gauge\nrashomon_{name} {value}"
            )
            .expect(told);
        }
        out
    }
}

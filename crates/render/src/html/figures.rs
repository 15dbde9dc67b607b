//! Figures drawn to scale: an exact value is a dot, a range a bar, an open end fades out.

use model::{Discrepancy, Side};

use super::Page;
use super::escape::e;
use crate::marks;

/// Parts of an axis, at most.
const TICK_COUNT: f64 = 4.0;
/// Where all values lie above this share of the greatest, the axis does not start at zero.
const ZOOM_SHARE: f64 = 0.8;
/// Room on the axis beyond the greatest value, for an open end.
const OPEN_ROOM: f64 = 1.15;

/// Where a value stands on the axis. Only drawing turns decimals into floats.
#[derive(Clone, Copy)]
struct Scale {
    start: f64,
    end: f64,
    step: f64,
}

impl Scale {
    fn of(ranges: &[[Option<f64>; 2]]) -> Option<Scale> {
        let values = || ranges.iter().flatten().flatten().copied();
        let highest = values().reduce(f64::max)?;
        let lowest = values().reduce(f64::min)?;
        let is_open = ranges.iter().any(|range| range[1].is_none());
        let top = if is_open && highest > 0.0 { highest * OPEN_ROOM } else { highest };
        let start = if highest > lowest && lowest > ZOOM_SHARE * highest {
            lowest - (highest - lowest)
        } else {
            lowest.min(0.0)
        };
        let start = if lowest >= 0.0 { start.max(0.0) } else { start };
        let span = if top > start { top - start } else { top.abs().max(1.0) };
        if !span.is_finite() {
            return None;
        }
        let step = nice(span / TICK_COUNT);
        let start = (start / step).floor() * step;
        let end = start + ((top - start) / step).ceil().max(1.0) * step;
        Some(Scale { start, end, step })
    }

    fn percent(self, value: f64) -> f64 {
        ((value - self.start) / (self.end - self.start) * 100.0).clamp(0.0, 100.0)
    }

    fn ticks(self) -> Vec<f64> {
        let count = ((self.end - self.start) / self.step).round() as usize;
        (0..=count).map(|i| self.start + self.step * i as f64).collect()
    }
}

/// The next of 1, 2, 5, 10, 20, …
fn nice(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|f| f * power >= step * 0.999).unwrap_or(10.0);
    factor * power
}

impl Page<'_> {
    /// A figure's sides as a chart; `None` where it is about something else, or fewer than two can be drawn.
    pub(super) fn scale(&self, found: &Discrepancy) -> Option<String> {
        if found.kind != "figure-conflict" {
            return None;
        }
        let ranges: Vec<[Option<f64>; 2]> = found.sides.iter().map(|side| self.range(side)).collect();
        if ranges.iter().filter(|range| range.iter().any(Option::is_some)).count() < 2 {
            return None;
        }
        let scale = Scale::of(&ranges)?;
        let marks = marks::marks(self.dossier, found);
        let rows: String = found
            .sides
            .iter()
            .zip(&ranges)
            .zip(&marks)
            .map(|((side, range), marks)| {
                let source = match &side.attributed_to {
                    Some(who) => e(who),
                    None => "<span class=\"none\">no source</span>".to_owned(),
                };
                format!(
                    "<tr><th scope=\"row\">{}</th><td class=\"draw\">{}</td>\
                     <td class=\"val\"><b>{}</b> {} <span class=\"source\">{source}</span></td></tr>\n",
                    self.who(side.evidence),
                    track(scale, *range, &side.value),
                    e(&side.value),
                    self.quote(side.evidence, marks),
                )
            })
            .collect();
        Some(format!(
            "<table class=\"scale\">\n<caption class=\"unseen\">{}</caption>\n<colgroup><col class=\"c-who\"><col><col class=\"c-val\"></colgroup>\n<thead class=\"unseen\"><tr><th scope=\"col\">Outlet</th><th scope=\"col\">Drawn to scale</th><th scope=\"col\">Figure, words and source</th></tr></thead>\n<tbody>\n{rows}\
             <tr class=\"axis\" aria-hidden=\"true\"><td></td><td class=\"draw\">{}</td><td class=\"val\">{}</td></tr>\n</tbody></table>\n",
            e(&found.why),
            axis(scale),
            if scale.start > 0.0 { "axis does not start at zero" } else { "" },
        ))
    }

    fn range(&self, side: &Side) -> [Option<f64>; 2] {
        let figure = marks::figure(self.dossier, side);
        let number = |value: Option<String>| value.and_then(|v| v.parse::<f64>().ok());
        match figure {
            Some(f) => [number(f.low.map(|v| v.to_string())), number(f.high.map(|v| v.to_string()))],
            None => [None, None],
        }
    }
}

fn track(scale: Scale, range: [Option<f64>; 2], value: &str) -> String {
    let grid: String = scale
        .ticks()
        .iter()
        .map(|tick| {
            format!(
                "<line class=\"grid\" x1=\"{0:.2}%\" x2=\"{0:.2}%\" y1=\"0\" y2=\"100%\"/>",
                scale.percent(*tick)
            )
        })
        .collect();
    let shape = match range {
        [Some(low), Some(high)] if low == high => dot(scale.percent(low)),
        [Some(low), Some(high)] => bar("range", scale.percent(low), scale.percent(high)),
        [Some(low), None] => bar("open", scale.percent(low), 100.0) + &dot(scale.percent(low)),
        [None, Some(high)] => bar("open", 0.0, scale.percent(high)) + &dot(scale.percent(high)),
        [None, None] => String::new(),
    };
    let value = e(value);
    format!(
        "<svg width=\"100%\" height=\"26\" role=\"img\" aria-label=\"{value}\"><title>{value}</title>{grid}{shape}</svg>"
    )
}

fn dot(x: f64) -> String {
    format!("<circle class=\"dot\" cx=\"{x:.2}%\" cy=\"14\" r=\"6\"/>")
}

fn bar(class: &str, from: f64, to: f64) -> String {
    let width = (to - from).max(0.5);
    format!("<rect class=\"{class}\" x=\"{from:.2}%\" width=\"{width:.2}%\" y=\"9\" height=\"10\" rx=\"3\"/>")
}

fn axis(scale: Scale) -> String {
    let ticks = scale.ticks();
    let last = ticks.len() - 1;
    let labels: String = ticks
        .iter()
        .enumerate()
        .map(|(i, tick)| {
            let anchor = if i == 0 {
                "start"
            } else if i == last {
                "end"
            } else {
                "middle"
            };
            let class = if i % 2 == 1 && i != last { " class=\"minor\"" } else { "" };
            format!(
                "<text{class} x=\"{:.2}%\" y=\"13\" text-anchor=\"{anchor}\">{}</text>",
                scale.percent(*tick),
                written(*tick)
            )
        })
        .collect();
    format!("<svg width=\"100%\" height=\"18\">{labels}</svg>")
}

/// A tick's number with thousands apart.
fn written(value: f64) -> String {
    let plain = format!("{value:.6}");
    let plain = plain.trim_end_matches('0').trim_end_matches('.');
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("−", digits));
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if part.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{part}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{Scale, nice, written};

    #[test]
    fn an_axis_has_few_round_ticks_and_holds_every_value() {
        let scale =
            Scale::of(&[[Some(20_000.0), Some(99_999.0)], [Some(130_000.0), Some(130_000.0)]]).unwrap();
        let ticks: Vec<String> = scale.ticks().iter().map(|t| written(*t)).collect();
        assert_eq!(ticks, ["0", "50,000", "100,000", "150,000"]);
        assert!((scale.percent(75_000.0) - 50.0).abs() < 1e-9);
        let close = Scale::of(&[[Some(1_001.0), Some(1_001.0)], [Some(1_003.0), Some(1_003.0)]]).unwrap();
        assert!(close.start >= 990.0, "values that lie close together can be told apart");
        assert_eq!(written(-1234.5), "−1,234.5");
        assert_eq!(nice(3.0), 5.0);
    }

    proptest! {
        #[test]
        fn any_values_give_a_short_axis(low in any::<f64>(), high in any::<f64>(), open in any::<bool>()) {
            let range = [Some(low), (!open).then_some(high)];
            if low.is_finite() && high.is_finite() && low.abs() < 1e29 && high.abs() < 1e29
                && let Some(scale) = Scale::of(&[range, [Some(low), Some(low)]]) {
                let ticks = scale.ticks().len();
                assert!((2..=9).contains(&ticks), "{ticks}");
            }
        }
    }
}

//! From text to the raw bytes it came from, character by character, kept as few runs.

use model::{Span, Trace};

/// Gathers traces; characters that take as many bytes as their neighbours, here and there, become one run.
#[derive(Default)]
pub(crate) struct Tracer {
    traces: Vec<Trace>,
    /// Bytes of each character of the last run, in the text and in the source; zero when it cannot grow.
    unit: [usize; 2],
}

impl Tracer {
    /// Adds a character, or several that can only be traced together.
    pub(crate) fn push(&mut self, text: Span, source: Span, characters: usize) {
        let unit = if characters == 1 { [text.len(), source.len()] } else { [0, 0] };
        if let Some(last) = self.traces.last_mut()
            && unit[0] > 0
            && unit == self.unit
            && last.text.end == text.start
            && last.source.end == source.start
        {
            last.text.end = text.end;
            last.source.end = source.end;
            return;
        }
        self.unit = unit;
        self.traces.push(Trace { text, source });
    }

    /// Adds a run in which every byte stands for itself and begins a character.
    pub(crate) fn push_plain(&mut self, text_start: usize, source_start: usize, length: usize) {
        if length == 0 {
            return;
        }
        self.push(Span::new(text_start, text_start + 1), Span::new(source_start, source_start + 1), 1);
        if length > 1 {
            let last = self.traces.last_mut().expect("a run was just pushed");
            last.text.end = text_start + length;
            last.source.end = source_start + length;
        }
    }

    /// The runs; `None` when the text is the source.
    pub(crate) fn finish(self) -> Option<Vec<Trace>> {
        match self.traces[..] {
            [] => None,
            [only] if only.text == only.source && only.text.start == 0 => None,
            _ => Some(self.traces),
        }
    }
}

/// The raw bytes that a span of text came from; `None` when none of it came from there.
///
/// A run in which text and source differ in length has characters of one length each, so that a character's
/// place follows from the proportion.
pub fn source_of(map: Option<&[Trace]>, text: Span) -> Option<Span> {
    let Some(map) = map else { return Some(text) };
    let first = map.partition_point(|trace| trace.text.end <= text.start);
    let mut found: Option<Span> = None;
    for trace in map[first..].iter().take_while(|trace| trace.text.start < text.end.max(text.start + 1)) {
        let here = Span::new(
            proportion(trace, text.start.max(trace.text.start), false),
            proportion(trace, text.end.min(trace.text.end).max(trace.text.start), true),
        );
        found = Some(found.map_or(here, |span| span.hull(here)));
    }
    found
}

/// Where a position of the text lies in the source of a run that holds it.
fn proportion(trace: &Trace, position: usize, up: bool) -> usize {
    let scaled = (position - trace.text.start) * trace.source.len();
    let offset = if up { scaled.div_ceil(trace.text.len()) } else { scaled / trace.text.len() };
    trace.source.start + offset
}

/// The traces of a text that was read from a decoded file: text → decoded → raw.
pub(crate) fn compose(text: &str, inner: Option<&[Trace]>, outer: Option<&[Trace]>) -> Option<Vec<Trace>> {
    let mut tracer = Tracer::default();
    for (start, c) in text.char_indices() {
        let character = Span::new(start, start + c.len_utf8());
        if let Some(source) = source_of(inner, character).and_then(|decoded| source_of(outer, decoded)) {
            tracer.push(character, source, 1);
        }
    }
    tracer.finish()
}

#[cfg(test)]
mod tests {
    use super::{Tracer, source_of};
    use model::Span;

    #[test]
    fn characters_of_one_width_are_one_run_and_still_exact() {
        let mut tracer = Tracer::default();
        for i in 0..4 {
            tracer.push(Span::new(2 * i, 2 * i + 2), Span::new(i, i + 1), 1);
        }
        tracer.push(Span::new(8, 9), Span::new(4, 5), 1);
        let map = tracer.finish().unwrap();
        assert_eq!(map.len(), 2);
        assert_eq!(source_of(Some(&map), Span::new(2, 6)), Some(Span::new(1, 3)));
        assert_eq!(source_of(Some(&map), Span::new(6, 9)), Some(Span::new(3, 5)));
    }

    #[test]
    fn what_has_no_source_has_none() {
        let mut tracer = Tracer::default();
        tracer.push_plain(0, 7, 3);
        tracer.push_plain(5, 20, 2);
        let map = tracer.finish().unwrap();
        assert_eq!(source_of(Some(&map), Span::new(3, 5)), None);
        assert_eq!(source_of(Some(&map), Span::new(2, 6)), Some(Span::new(9, 21)));
    }
}

//! A terminal page: rows of a lead, a body and a margin, laid beside or under one another as the width allows.

use super::rich::{Rich, Style};
use crate::Colour;

/// Narrowest window that is laid out for.
const WIDTH_MIN: usize = 20;
/// From here on the margin stands beside the body, where places fit into it.
const WIDE_MIN: usize = 120;
/// Below this, the lead stands above the body.
const BESIDE_MIN: usize = 60;
/// Widest page: longer lines are hard to follow back to their start.
const WIDTH_MAX: usize = 180;
/// Share of a wide page that is margin: a third, or two fifths where places are long.
const MARGIN_SHARE: usize = 3;
const MARGIN_SHARE_MAX: [usize; 2] = [2, 5];
const GAP: usize = 2;

/// The page as it grows.
pub(super) struct Page {
    pub(super) out: String,
    width: usize,
    /// Columns of the margin; `None` where it stands under the body.
    margin_width: Option<usize>,
    colour: Colour,
}

/// A lead (who, what), a body (the words), a margin (where, how many).
pub(super) struct Row {
    pub(super) indent: usize,
    /// Columns kept for the lead.
    pub(super) lead_width: usize,
    pub(super) lead: Rich,
    pub(super) body: Rich,
    /// Pieces that stay together; each is set on a line of its own where one line does not hold them all.
    pub(super) margin: Vec<Rich>,
    pub(super) extent: Extent,
}

/// Whether a body may run over several lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    OneLine,
}

impl Page {
    /// A page for a window of `width`; a place of `place_width` columns must not be broken, else no click opens it.
    pub(super) fn new(width: usize, place_width: usize, colour: Colour) -> Page {
        let width = width.clamp(WIDTH_MIN, WIDTH_MAX);
        let margin = (width / MARGIN_SHARE).max(place_width);
        let [part, of] = MARGIN_SHARE_MAX;
        let is_wide = width >= WIDE_MIN && margin <= width * part / of;
        Page { out: String::new(), width, margin_width: is_wide.then_some(margin), colour }
    }

    /// Whether marks need signs, because there is no style to show them.
    pub(super) fn is_plain(&self) -> bool {
        self.colour == Colour::Never
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    fn line(&mut self, cells: &[(usize, &Rich)]) {
        let mut at = 0;
        for (column, cell) in cells.iter().filter(|(_, cell)| !cell.is_empty()) {
            self.out.extend(std::iter::repeat_n(' ', column.saturating_sub(at)));
            cell.write(self.colour, &mut self.out);
            at = column + cell.width();
        }
        self.out.push('\n');
    }

    /// A paragraph over the whole width.
    pub(super) fn paragraph(&mut self, indent: usize, text: &Rich) {
        for line in text.wrapped(self.width.saturating_sub(indent)) {
            self.line(&[(indent, &line)]);
        }
    }

    /// Pieces joined by middle dots, broken only between them where that is possible.
    pub(super) fn pieces(&mut self, indent: usize, pieces: &[Rich]) {
        for line in joined(pieces, self.width.saturating_sub(indent)) {
            self.line(&[(indent, &line)]);
        }
    }

    /// A section's title, with what it counts at the right edge.
    pub(super) fn section(&mut self, title: &str, count: Option<usize>) {
        self.blank();
        let title = Rich::of(title, Style::Strong);
        let count = count.map_or_else(Rich::new, |n| Rich::of(&n.to_string(), Style::Strong));
        if title.width() + GAP + count.width() <= self.width {
            self.line(&[(0, &title), (self.width - count.width(), &count)]);
        } else {
            self.paragraph(0, &title);
        }
    }

    pub(super) fn row(&mut self, row: &Row) {
        match self.margin_width {
            Some(margin_width) if !row.margin.is_empty() => self.three_columns(row, margin_width),
            Some(_) => self.beside(row),
            None if self.width < BESIDE_MIN => self.stacked(row),
            None => self.beside(row),
        }
    }

    /// Lead, body and margin under one another.
    fn stacked(&mut self, row: &Row) {
        let indent = row.indent.min(self.width / 5);
        self.paragraph(indent, &row.lead);
        self.body_under(row, indent + 1);
    }

    fn body_under(&mut self, row: &Row, indent: usize) {
        let columns = self.width.saturating_sub(indent);
        match row.extent {
            Extent::Whole => self.paragraph(indent, &row.body),
            Extent::OneLine => self.line(&[(indent, &row.body.clipped(columns))]),
        }
        self.pieces(indent, &row.margin);
    }

    /// Body beside its lead, margin under the body, or on its last line where there is room.
    fn beside(&mut self, row: &Row) {
        let column = row.indent + row.lead_width + GAP;
        let columns = self.width - column;
        let lead = row.lead.wrapped(row.lead_width);
        let mut right = self.cut(row, columns);
        let margin = joined(&row.margin, columns);
        match (right.last_mut(), margin.as_slice()) {
            (Some(last), [only]) if last.width() + GAP + only.width() <= columns => {
                last.join("  ", only.clone());
            }
            _ => right.extend(margin),
        }
        self.columns(&[(row.indent, &lead), (column, &right)]);
    }

    fn three_columns(&mut self, row: &Row, margin_width: usize) {
        let column = row.indent + row.lead_width + GAP;
        let margin_column = self.width - margin_width;
        let lead = row.lead.wrapped(row.lead_width);
        let body = self.cut(row, margin_column - column - 2 * GAP);
        let margin = joined(&row.margin, margin_width);
        self.columns(&[(row.indent, &lead), (column, &body), (margin_column, &margin)]);
    }

    fn cut(&self, row: &Row, columns: usize) -> Vec<Rich> {
        match row.extent {
            Extent::Whole => row.body.wrapped(columns),
            Extent::OneLine => vec![row.body.clipped(columns)],
        }
    }

    fn columns(&mut self, columns: &[(usize, &[Rich])]) {
        let height = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        let nothing = Rich::new();
        for i in 0..height {
            let cells: Vec<(usize, &Rich)> =
                columns.iter().map(|(column, lines)| (*column, lines.get(i).unwrap_or(&nothing))).collect();
            self.line(&cells);
        }
    }
}

/// Pieces on as few lines as hold them, middle dots between those that share a line.
fn joined(pieces: &[Rich], columns: usize) -> Vec<Rich> {
    let mut lines: Vec<Rich> = Vec::new();
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        match lines.last_mut() {
            Some(last) if last.width() + 3 + piece.width() <= columns => {
                last.join(" · ", piece.clone());
            }
            _ => lines.extend(piece.wrapped(columns)),
        }
    }
    lines
}

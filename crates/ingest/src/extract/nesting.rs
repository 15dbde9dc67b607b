//! What start and end tags close: the standard's scopes and implied end tags.

use super::build::Builder;
use super::limits::LOOKUPS_MAX;
use super::tag::{BLOCK, SCOPE, SPECIAL, Tag};

impl Builder<'_> {
    /// Closes open elements until so many are left; where a block element closes, its text ends.
    fn pop_to(&mut self, length: usize) {
        let mut ends_block = false;
        while self.stack.len() > length.max(1) {
            let tag = self.tag_of(self.stack.len() - 1);
            self.stack.pop();
            self.open_count[tag as usize] -= 1;
            ends_block |= tag.is(BLOCK);
            if matches!(tag, Tag::Svg | Tag::Math) {
                self.drawings -= 1;
            }
        }
        if ends_block {
            self.flush();
        }
    }

    /// The place of the innermost open element that `wanted` takes, not looking past elements that `stops` takes.
    fn find(&mut self, wanted: impl Fn(Tag) -> bool, stops: impl Fn(Tag) -> bool) -> Option<usize> {
        if self.lookups > LOOKUPS_MAX {
            return None;
        }
        for place in (1..self.stack.len()).rev() {
            self.lookups += 1;
            let here = self.tag_of(place);
            if wanted(here) {
                return Some(place);
            }
            if stops(here) {
                return None;
            }
        }
        None
    }

    fn is_open(&self, tag: Tag) -> bool {
        self.open_count[tag as usize] > 0
    }

    /// Closes the innermost open element of a kind, not looking past elements with one of these flags.
    fn close_one(&mut self, tag: Tag, stops: u8) {
        if self.is_open(tag)
            && let Some(place) = self.find(|here| here == tag, |here| here.is(stops))
        {
            self.pop_to(place);
        }
    }

    pub(super) fn close_paragraph(&mut self) {
        self.close_one(Tag::P, SCOPE);
    }

    /// Closes what a start tag closes besides a paragraph.
    pub(super) fn close_implied(&mut self, tag: Tag) {
        let top = self.tag_of(self.stack.len() - 1);
        match tag {
            _ if tag.is_heading() && top.is_heading() => self.pop_to(self.stack.len() - 1),
            Tag::Li => self.close_item(&[Tag::Li]),
            Tag::Dd | Tag::Dt => self.close_item(&[Tag::Dd, Tag::Dt]),
            Tag::Tr | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Td | Tag::Th | Tag::Caption => {
                self.close_table_parts(tag);
            }
            Tag::Option | Tag::Optgroup if top == Tag::Option => self.pop_to(self.stack.len() - 1),
            Tag::A => self.close_one(Tag::A, SCOPE | SPECIAL),
            Tag::Button => self.close_one(Tag::Button, SPECIAL),
            Tag::Body => self.close_one(Tag::Head, 0),
            _ => {}
        }
    }

    /// An item of a list ends the one before, however deep in paragraphs and boxes that is.
    fn close_item(&mut self, items: &[Tag]) {
        if items.iter().any(|item| self.is_open(*item)) {
            let stops = |here: Tag| here.is(SPECIAL) && !matches!(here, Tag::Address | Tag::Div | Tag::P);
            if let Some(place) = self.find(|here| items.contains(&here), stops) {
                self.pop_to(place);
            }
        }
        self.close_paragraph();
    }

    fn close_table_parts(&mut self, tag: Tag) {
        let stays: &[Tag] = match tag {
            Tag::Td | Tag::Th => &[Tag::Tr, Tag::Tbody, Tag::Thead, Tag::Tfoot, Tag::Table],
            Tag::Tr => &[Tag::Tbody, Tag::Thead, Tag::Tfoot, Tag::Table],
            _ => &[Tag::Table],
        };
        if self.is_open(Tag::Table)
            && let Some(place) = self.find(|here| stays.contains(&here), |here| here == Tag::Template)
        {
            self.pop_to(place + 1);
        }
    }

    /// An end tag.
    pub(super) fn close(&mut self, tag: Tag) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        match tag {
            Tag::Br => return self.line_break(),
            Tag::Html | Tag::Body => return,
            Tag::P if !self.is_open(Tag::P) => return self.flush(),
            _ if tag.is_heading() => {
                // The end tag of any heading ends whichever is open.
                if let Some(place) = self.find(Tag::is_heading, |here| here.is(SCOPE)) {
                    self.pop_to(place);
                }
                return;
            }
            _ => {}
        }
        let stops = match tag {
            Tag::Table | Tag::Template | Tag::Svg | Tag::Math => 0,
            Tag::Tr | Tag::Tbody | Tag::Thead | Tag::Tfoot | Tag::Td | Tag::Th => 0,
            Tag::A | Tag::Custom => SCOPE,
            _ if tag.is(SPECIAL) => SCOPE,
            _ => SPECIAL,
        };
        // The names of elements outside the standard are not kept: the innermost of them closes.
        self.close_one(tag, stops);
    }
}

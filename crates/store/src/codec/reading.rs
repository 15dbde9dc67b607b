//! An article and what was read in it, as bytes.

use model::{
    Annotated, Article, Capture, Credit, Entity, EntityKind, Figure, Furniture, Mention, Published,
    PublishedOrigin, Quotation, QuotationForm, Sentence, Span, Time, TimeKind, Trace,
};

use super::{Damaged, Input, Wire, wire_enum, wire_struct};

/// What [`Published::precision`] can be.
pub(super) const PRECISIONS: &[&str] = &["year", "month", "day", "minute"];

wire_struct! {
    Article {
        id, input, outlet, owner, origin, url, language, text, headline, byline, dateline, credits, published,
        modified, section, cut_short, capture, digest, furniture, source_map, body,
    }
    Capture { record, member, offset, within, payload_digest, date }
    Furniture { span, kind }
    Credit { span, publisher }
    Published { value, precision, origin, evidence }
    Trace { text, source }
    Sentence { span, paragraph, headline }
    Mention { span, entity, is_name }
    Entity { name, kind }
    Quotation { form, content, cue, source, speaker, speaker_entity }
    Figure { span, number, low, high, unit, counts, head, hedge, quotation }
    Time { span, kind, value }
}

wire_enum! {
    PublishedOrigin { JsonLd, Meta, Url, Feed, Text, Inferred, Given }
    EntityKind { Person, Organization, Place, Group, Other }
    QuotationForm { Direct, Indirect, Mixed, Scare }
    TimeKind { Date, Time, Duration, Set }
}

impl Wire for Span {
    fn write(&self, out: &mut Vec<u8>) {
        self.start.write(out);
        self.len().write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<Span, Damaged> {
        let start = usize::read(input)?;
        let end = start.checked_add(usize::read(input)?).ok_or(Damaged)?;
        Ok(Span::new(start, end))
    }
}

/// What showing an article takes: all of it but its statements, which only comparing needs.
pub(crate) struct Page(pub Annotated);

impl Wire for Page {
    fn write(&self, out: &mut Vec<u8>) {
        let Annotated { article, sentences, mentions, entities, quotations, figures, times, statements: _ } =
            &self.0;
        article.write(out);
        sentences.write(out);
        mentions.write(out);
        entities.write(out);
        quotations.write(out);
        figures.write(out);
        times.write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<Page, Damaged> {
        let article = Wire::read(input)?;
        let (sentences, mentions, entities) = (Wire::read(input)?, Wire::read(input)?, Wire::read(input)?);
        let (quotations, figures, times) = (Wire::read(input)?, Wire::read(input)?, Wire::read(input)?);
        let statements = Vec::new();
        Ok(Page(Annotated { article, sentences, mentions, entities, quotations, figures, times, statements }))
    }
}

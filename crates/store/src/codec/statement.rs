//! Statements as bytes. Their vectors are left out: they follow from the text, and were nine tenths of an archive.

use std::sync::Arc;

use model::{
    Certainty, Clause, Contrast, Ground, GroundKind, Hedge, HedgeKind, Slot, StanceCue, StanceKind,
    Statement, Token, TokenRole, Word, WordKind,
};

use super::{Damaged, Input, Wire, wire_enum, wire_struct};

wire_struct! {
    Token { form, span, role }
    Contrast { family, side }
    Slot { figure, clause, head, verb, class, people }
    Clause { span, predicate, subject, words, negated, certainty, grounds }
    Ground { span, kind }
    Hedge { span, kind }
    StanceCue { span, kind, by }
}

wire_enum! {
    TokenRole { Filler, Function, Content, Name, Number, Calendar, Negation, Hedge, Speech }
    WordKind { Person, Place, Name, Number, Verb, Noun, Other }
    HedgeKind { Word, Source, Modal, Unconfirmed, Correction }
    Certainty { Certain, CertainNot, Probable, ProbableNot, Possible, PossibleNot, Uncommitted }
    GroundKind { Negation, Modal, Adverb, Frame, Condition, Question }
    StanceKind { Denies, Doubts, Confirms, Declines }
}

impl Wire for Statement {
    fn write(&self, out: &mut Vec<u8>) {
        let Statement {
            span,
            sentence,
            clauses,
            words,
            stream,
            vector: _,
            quotations,
            figures,
            slots,
            times,
            negation_count,
            hedges,
            certainty,
            stances,
        } = self;
        span.write(out);
        sentence.write(out);
        clauses.write(out);
        words.write(out);
        stream.write(out);
        quotations.write(out);
        figures.write(out);
        slots.write(out);
        times.write(out);
        negation_count.write(out);
        hedges.write(out);
        certainty.write(out);
        stances.write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<Statement, Damaged> {
        Ok(Statement {
            span: Wire::read(input)?,
            sentence: Wire::read(input)?,
            clauses: Wire::read(input)?,
            words: Wire::read(input)?,
            stream: Wire::read(input)?,
            vector: Vec::new(),
            quotations: Wire::read(input)?,
            figures: Wire::read(input)?,
            slots: Wire::read(input)?,
            times: Wire::read(input)?,
            negation_count: Wire::read(input)?,
            hedges: Wire::read(input)?,
            certainty: Wire::read(input)?,
            stances: Wire::read(input)?,
        })
    }
}

impl Wire for Word {
    fn write(&self, out: &mut Vec<u8>) {
        let Word { key, sense, span, kind, weight, vector: _, contrast } = self;
        key.write(out);
        sense.write(out);
        span.write(out);
        kind.write(out);
        weight.write(out);
        contrast.write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<Word, Damaged> {
        Ok(Word {
            key: Wire::read(input)?,
            sense: Wire::read(input)?,
            span: Wire::read(input)?,
            kind: Wire::read(input)?,
            weight: Wire::read(input)?,
            vector: Arc::default(),
            contrast: Wire::read(input)?,
        })
    }
}

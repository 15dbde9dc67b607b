//! Statements as bytes. An article says a word several times, each time with its vector: each vector is kept once.

use std::collections::BTreeMap;

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

/// What comparing an article takes besides showing it: its statements.
pub(crate) struct Statements(pub Vec<Statement>);

impl Wire for Statements {
    fn write(&self, out: &mut Vec<u8>) {
        let mut numbers: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
        let mut vectors: Vec<&Vec<f32>> = Vec::new();
        let mut rest = Vec::new();
        self.0.len().write(&mut rest);
        for statement in &self.0 {
            write_statement(statement, &mut rest);
            statement.words.len().write(&mut rest);
            for word in &statement.words {
                let bits = word.vector.iter().map(|number| number.to_bits()).collect();
                let number = *numbers.entry(bits).or_insert_with(|| {
                    vectors.push(&word.vector);
                    vectors.len() - 1
                });
                write_word(word, number, &mut rest);
            }
        }
        vectors.len().write(out);
        for vector in vectors {
            vector.write(out);
        }
        out.append(&mut rest);
    }

    fn read(input: &mut Input<'_>) -> Result<Statements, Damaged> {
        let vectors: Vec<Vec<f32>> = Wire::read(input)?;
        let count = usize::read(input)?;
        if count > input.bytes.len() {
            return Err(Damaged);
        }
        let mut statements = Vec::new();
        for _ in 0..count {
            let mut statement = read_statement(input)?;
            let word_count = usize::read(input)?;
            for _ in 0..word_count {
                statement.words.push(read_word(&vectors, input)?);
            }
            statements.push(statement);
        }
        Ok(Statements(statements))
    }
}

/// All but the words.
fn write_statement(statement: &Statement, out: &mut Vec<u8>) {
    let Statement {
        span,
        sentence,
        clauses,
        words: _,
        stream,
        vector,
        quotations,
        figures,
        slots,
        times,
        negation_count,
        hedges,
        certainty,
        stances,
    } = statement;
    span.write(out);
    sentence.write(out);
    clauses.write(out);
    stream.write(out);
    vector.write(out);
    quotations.write(out);
    figures.write(out);
    slots.write(out);
    times.write(out);
    negation_count.write(out);
    hedges.write(out);
    certainty.write(out);
    stances.write(out);
}

fn read_statement(input: &mut Input<'_>) -> Result<Statement, Damaged> {
    Ok(Statement {
        span: Wire::read(input)?,
        sentence: Wire::read(input)?,
        clauses: Wire::read(input)?,
        words: Vec::new(),
        stream: Wire::read(input)?,
        vector: Wire::read(input)?,
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

fn write_word(word: &Word, vector_number: usize, out: &mut Vec<u8>) {
    let Word { key, sense, span, kind, weight, vector: _, contrast } = word;
    key.write(out);
    sense.write(out);
    span.write(out);
    kind.write(out);
    weight.write(out);
    vector_number.write(out);
    contrast.write(out);
}

fn read_word(vectors: &[Vec<f32>], input: &mut Input<'_>) -> Result<Word, Damaged> {
    Ok(Word {
        key: Wire::read(input)?,
        sense: Wire::read(input)?,
        span: Wire::read(input)?,
        kind: Wire::read(input)?,
        weight: Wire::read(input)?,
        vector: vectors.get(usize::read(input)?).ok_or(Damaged)?.clone(),
        contrast: Wire::read(input)?,
    })
}

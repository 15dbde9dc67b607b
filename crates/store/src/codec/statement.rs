//! Statements as bytes. Their vectors are left out: they follow from the text, and were nine tenths of an archive.

use model::{
    Certainty, Clause, Contrast, Ground, GroundKind, Hedge, HedgeKind, Slot, StanceCue, StanceKind,
    Statement, Token, TokenRole, Word, WordKind,
};

use super::{wire_enum, wire_struct};

wire_struct! {
    Token { form, span, role }
    Contrast { family, side }
    Slot { figure, clause, head, verb, class, people }
    Clause { span, predicate, subject, words, negated, certainty, grounds }
    Ground { span, kind }
    Hedge { span, kind }
    StanceCue { span, kind, by }
    Word { key, sense, span, kind, weight, contrast; vector }
    Statement {
        span, sentence, clauses, words, stream, quotations, figures, slots, times, negation_count, hedges, certainty,
        stances; vector
    }
}

wire_enum! {
    TokenRole { Filler, Function, Content, Name, Number, Calendar, Negation, Hedge, Speech }
    WordKind { Person, Place, Name, Number, Verb, Noun, Other }
    HedgeKind { Word, Source, Modal, Unconfirmed, Correction }
    Certainty { Certain, CertainNot, Probable, ProbableNot, Possible, PossibleNot, Uncommitted }
    GroundKind { Negation, Modal, Adverb, Frame, Condition, Question }
    StanceKind { Denies, Doubts, Confirms, Declines }
}

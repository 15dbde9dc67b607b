//! Running a pipeline over a text, on one thread.

use std::ops::Range;

use crate::document::{Document, Symbol};
use crate::encoder::{Input, Memory, Word};
use crate::grammar::{Grammar, Labeller};
use crate::lemma::{Choice, LemmaMemory};
use crate::lexeme::Lexeme;
use crate::names::Place;
use crate::packed::Rows;
use crate::room::{self, Room};
use crate::ruler::RulerMemory;
use crate::scorer;
use crate::tokenizer::{FormId, RawToken, TokenCache};
use crate::tree::Tree;

/// Pieces are analysed together until they have this many tokens: enough to make the matrices worth their setup,
/// few enough for all that is kept of a token to stay in the processor's second cache.
const BATCH_TOKENS: usize = 256;

/// A piece of more tokens is parsed in parts of this many: memory stays bounded. No paragraph is as long.
const PART_TOKENS_MAX: usize = 4096;

/// Word forms remembered, about 1 kB each.
const FORMS_MAX: usize = 32768;

/// Room for as many vectors' numbers is kept for the next document: those of ten thousand tokens, more than articles have.
const VECTORS_KEPT_MAX: usize = 1 << 20;

/// What one thread needs to analyse text. Keep it for many texts: it remembers the words it has seen.
pub struct Session<'g> {
    grammar: &'g Grammar,
    cache: TokenCache,
    generation: u32,
    /// Features by number of form.
    lexemes: Vec<Lexeme>,
    memories: Vec<Memory>,
    /// Vectors in context of the batch, by encoder.
    contexts: Vec<Vec<f32>>,
    /// Those of a document that is done, without its numbers.
    vectors: Vec<f32>,
    scores: Vec<f32>,
    parser: scorer::Scratch,
    names: scorer::Scratch,
    tokens: Vec<RawToken>,
    batch: Batch,
    known: Known,
    rules: RulerMemory,
    lemmas: LemmaMemory,
    room: Room,
}

/// Tokens that wait to be analysed together.
#[derive(Default)]
struct Batch {
    words: Vec<Word>,
    /// The words' forms.
    forms: Vec<FormId>,
    /// Lengths of the pieces, or of parts of very long ones.
    pieces: Vec<usize>,
}

/// As much of a batch as is done at a time.
#[derive(Clone, Copy)]
struct Part<'a> {
    words: &'a [Word],
    forms: &'a [FormId],
    pieces: &'a [usize],
}

/// The document's symbols of a pipeline's labels, as far as they have come up.
#[derive(Default)]
struct Known {
    tags: Vec<Option<Symbol>>,
    parts: Vec<Option<Symbol>>,
    morphs: Vec<Option<Symbol>>,
    labels: Vec<Option<Symbol>>,
    entities: Vec<Option<Symbol>>,
}

fn symbol(known: &mut Vec<Option<Symbol>>, number: usize, string: &str, document: &mut Document) -> Symbol {
    if number >= known.len() {
        known.resize(number + 1, None);
    }
    *known[number].get_or_insert_with(|| document.intern(string))
}

impl<'g> Session<'g> {
    pub(crate) fn new(grammar: &'g Grammar) -> Session<'g> {
        let cache = TokenCache::new(FORMS_MAX);
        Session {
            grammar,
            generation: cache.generation(),
            cache,
            lexemes: Vec::new(),
            memories: vec![Memory::default(); grammar.encoders.len()],
            contexts: vec![Vec::new(); grammar.encoders.len()],
            vectors: Vec::new(),
            scores: Vec::new(),
            parser: scorer::Scratch::default(),
            names: scorer::Scratch::default(),
            tokens: Vec::new(),
            batch: Batch::default(),
            known: Known::default(),
            rules: RulerMemory::default(),
            lemmas: LemmaMemory::default(),
            room: Room::default(),
        }
    }

    /// Room to work for maps that go beyond the pipeline's own.
    pub fn room(&mut self) -> &mut Room {
        &mut self.room
    }

    /// Takes the vectors of a document that needs them no longer: the next one's are written in their place.
    pub fn reuse_vectors(&mut self, document: &mut Document) {
        self.vectors = std::mem::take(&mut document.vectors);
        self.vectors.clear();
        self.vectors.shrink_to(VECTORS_KEPT_MAX);
    }

    /// Analyses the pieces of a text (its paragraphs, say), each by itself as spaCy would a document.
    ///
    /// Pieces are byte ranges of `text`, in order; one that does not lie on character boundaries is left empty.
    pub fn analyze(&mut self, text: &str, pieces: &[Range<usize>]) -> Document {
        let vector_width = self.grammar.encoders.first().map_or(0, |encoder| encoder.width);
        let vectors = std::mem::take(&mut self.vectors);
        let mut document = Document { vector_width, vectors, ..Document::default() };
        self.known = Known::default();
        self.rules.start_document();
        self.lemmas.start_document();
        self.batch = Batch::default();
        for piece in pieces {
            let grammar = self.grammar;
            if self.cache.is_full() {
                // It will number the forms anew; what waits needs the old numbers.
                self.flush(&mut document);
            }
            let mut tokens = std::mem::take(&mut self.tokens);
            grammar.tokenizer.tokenize(&mut self.cache, text.get(piece.clone()).unwrap_or(""), &mut tokens);
            if self.generation != self.cache.generation() {
                self.forget_forms();
            }
            for form in &self.cache.forms()[self.lexemes.len()..] {
                self.lexemes.push(grammar.lexemes.lexeme(&form.text, form.norm));
            }
            let start = document.spans.len();
            for token in &tokens {
                let bytes = piece.start + token.start as usize..piece.start + token.end as usize;
                document.spans.push(bytes);
                self.batch.words.push(Word { form: token.form, spacy: token.space_after });
                self.batch.forms.push(token.form);
            }
            document.pieces.push(start..document.spans.len());
            for part in tokens.chunks(PART_TOKENS_MAX) {
                self.batch.pieces.push(part.len());
            }
            self.tokens = tokens;
            if self.batch.words.len() >= BATCH_TOKENS {
                self.flush(&mut document);
            }
        }
        self.flush(&mut document);
        document
    }

    fn forget_forms(&mut self) {
        self.generation = self.cache.generation();
        self.lexemes.clear();
        self.memories.iter_mut().for_each(Memory::clear);
        self.rules.clear_forms();
        self.lemmas.clear_forms();
    }

    /// Analyses what waits and appends it to the document.
    fn flush(&mut self, document: &mut Document) {
        let grammar = self.grammar;
        let batch = std::mem::take(&mut self.batch);
        // A piece of many tokens makes a batch of many; its parts are done in turn.
        let mut first = 0;
        let mut lengths = batch.pieces.as_slice();
        while !lengths.is_empty() {
            let mut count = 0;
            let mut tokens = 0;
            while count < lengths.len() && (count == 0 || tokens + lengths[count] <= PART_TOKENS_MAX) {
                tokens += lengths[count];
                count += 1;
            }
            let part = Part {
                words: &batch.words[first..first + tokens],
                forms: &batch.forms[first..first + tokens],
                pieces: &lengths[..count],
            };
            for (number, encoder) in grammar.encoders.iter().enumerate() {
                let input = Input {
                    forms: &self.lexemes,
                    words: part.words,
                    pieces: part.pieces,
                    vectors: &grammar.vectors,
                };
                encoder.run(input, &mut self.memories[number], &mut self.contexts[number]);
            }
            self.annotate(part, document);
            first += tokens;
            lengths = &lengths[count..];
        }
    }

    /// Appends the annotations of a part whose vectors in context are ready.
    fn annotate(&mut self, Part { words, forms, pieces }: Part<'_>, document: &mut Document) {
        let grammar = self.grammar;
        let first = document.tags.len();
        if let Some(shared) = self.contexts.first() {
            document.vectors.extend_from_slice(shared);
        }
        self.tag(words.len(), document);
        self.set_morphology(words.len(), document);
        let none = document.intern("");
        document.lemmas.resize(first + words.len(), none);
        if let Some(parser) = &grammar.parser {
            parser.scorer.prepare(&self.contexts[parser.scorer.encoder], &mut self.parser);
        }
        if let Some(names) = &grammar.names {
            names.scorer.prepare(&self.contexts[names.scorer.encoder], &mut self.names);
        }
        let mut at = 0;
        for &length in pieces {
            let starts = self.parse(words, at..at + length, document);
            self.find_names((words, at), &starts, document);
            let (all, piece) = (self.cache.forms(), first + at..first + at + length);
            if let Some(ruler) = &grammar.ruler {
                ruler.apply(&mut self.rules, (all, &forms[at..at + length]), (document, piece.clone()));
            }
            if let Some(lemmatizer) = &grammar.lemmatizer {
                lemmatizer.apply(&mut self.lemmas, (all, &forms[at..at + length]), (document, piece));
            }
            at += length;
        }
        self.edit_lemmas(forms, first, document);
    }

    fn tag(&mut self, count: usize, document: &mut Document) {
        let grammar = self.grammar;
        let Some(tagger) = &grammar.tagger else {
            let none = document.intern("");
            document.tags.resize(document.tags.len() + count, none);
            return;
        };
        for number in self.classify(tagger, count) {
            let tag = symbol(&mut self.known.tags, number, &tagger.labels[number], document);
            document.tags.push(tag);
        }
    }

    fn set_morphology(&mut self, count: usize, document: &mut Document) {
        let Some((labeller, parts)) = &self.grammar.morphologizer else {
            let none = document.intern("");
            document.parts.resize(document.parts.len() + count, none);
            document.morphs.resize(document.morphs.len() + count, none);
            return;
        };
        for number in self.classify(labeller, count) {
            let part = symbol(&mut self.known.parts, number, &parts[number], document);
            let morph = symbol(&mut self.known.morphs, number, &labeller.labels[number], document);
            document.parts.push(part);
            document.morphs.push(morph);
        }
    }

    /// Lemmas by edit trees, for the tokens of a batch that begins at `first` in the document.
    fn edit_lemmas(&mut self, forms: &[FormId], first: usize, document: &mut Document) {
        let grammar = self.grammar;
        let Some((labeller, trees)) = &grammar.edits else { return };
        let outputs = labeller.map.outputs;
        let mask = scorer::mask(outputs, |number| number < labeller.labels.len());
        for (at, best) in self.classify(labeller, forms.len()).into_iter().enumerate() {
            let scores = &mut self.scores[at * outputs..(at + 1) * outputs];
            let next = |label: usize| {
                scores[label] = f32::MIN;
                grammar.kernel.greatest(scores, &mask)
            };
            let word = &*self.cache.form(forms[at]).text;
            let choice = Choice { word, form: forms[at], best, next };
            trees.apply(&mut self.lemmas, (document, first + at), choice);
        }
    }

    /// The best label of each token.
    fn classify(&mut self, labeller: &Labeller, count: usize) -> Vec<usize> {
        let (map, context) = (&labeller.map, &self.contexts[labeller.encoder]);
        let scores = room::first(&mut self.scores, count * map.outputs);
        let rows = Rows { numbers: context, stride: map.inputs, count };
        self.grammar.kernel.multiply(map, rows, scores);
        let mask = scorer::mask(map.outputs, |number| number < labeller.labels.len());
        let scores = scores.chunks_exact(map.outputs);
        scores.map(|scores| self.grammar.kernel.greatest(scores, &mask).unwrap_or(0)).collect()
    }

    /// Heads, labels and sentence starts of one piece, whose tokens are `piece` in the batch.
    fn parse(&mut self, words: &[Word], piece: Range<usize>, document: &mut Document) -> Vec<bool> {
        let grammar = self.grammar;
        let (base, length) = (document.heads.len(), piece.len());
        let Some(parser) = &grammar.parser else {
            let none = document.intern("");
            document.heads.extend(base..base + length);
            document.labels.resize(base + length, none);
            document.sentence_starts.extend((0..length).map(|token| token == 0));
            return vec![false; length];
        };
        let is_space = |token: usize| self.lexemes[words[token].form as usize].is_space;
        let tree: Tree = parser.run(piece, &mut self.parser, is_space);
        let starts = tree.sentence_starts();
        document.heads.extend(tree.heads.iter().map(|head| base + head));
        for &label in &tree.labels {
            let name = &parser.labels[label as usize];
            let label = symbol(&mut self.known.labels, label as usize, name, document);
            document.labels.push(label);
        }
        document.sentence_starts.extend(&starts);
        starts
    }

    /// Entities of the piece that begins at `first` in the batch.
    fn find_names(&mut self, (words, first): (&[Word], usize), starts: &[bool], document: &mut Document) {
        let grammar = self.grammar;
        let none = document.intern("");
        let base = document.entities.len();
        document.entities.resize(base + starts.len(), none);
        document.entity_starts.resize(base + starts.len(), false);
        let Some(names) = &grammar.names else { return };
        let place = |token: usize| Place {
            is_space: self.lexemes[words[first + token].form as usize].is_space,
            may_go_on: starts.get(token + 1) == Some(&false),
        };
        let places: Vec<Place> = (0..starts.len()).map(place).collect();
        for entity in names.run(first, &places, &mut self.names) {
            let label = &names.labels[entity.label];
            let label = symbol(&mut self.known.entities, entity.label, label, document);
            document.entity_starts[base + entity.tokens.start] = true;
            document.entities[base + entity.tokens.start..base + entity.tokens.end].fill(label);
        }
    }
}

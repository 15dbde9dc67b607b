//! Running a pipeline over a text, on one thread.

use std::ops::Range;

use crate::document::{Document, Symbol};
use crate::draft::{Draft, NONE};
use crate::encoder::{self, Input, Memory, Word};
use crate::grammar::{Grammar, Labeller};
use crate::lemma::{Choice, LemmaMemory};
use crate::lexeme::Lexeme;
use crate::names::Place;
use crate::room::{self, Room};
use crate::ruler::RulerMemory;
use crate::scorer;
use crate::tokenizer::{FormId, RawToken, TokenCache};

/// Pieces are analysed together until they have this many tokens: enough to make the matrices worth their setup,
/// few enough for all that is kept of a token to stay in the processor's second cache.
const BATCH_TOKENS: usize = 512;

/// A piece of more tokens is parsed in parts of this many: memory stays bounded. No paragraph is as long.
const PART_TOKENS_MAX: usize = 4096;

/// Word forms remembered, about 1 kB each.
const FORMS_MAX: usize = 32768;

/// Room for as many vectors' numbers is kept for the next document: those of ten thousand tokens, more than articles have.
const VECTORS_KEPT_MAX: usize = 1 << 20;

/// Tokens have more bytes than this on average, with what stands between them.
const BYTES_OF_A_TOKEN: usize = 4;

/// So many documents' at most.
const DOCUMENTS_KEPT_MAX: usize = 16;

/// What one thread needs to analyse text. Keep it for many texts: it remembers the words it has seen.
pub struct Session<'g> {
    grammar: &'g Grammar,
    cache: TokenCache,
    generation: u32,
    /// Features by number of form.
    lexemes: Vec<Lexeme>,
    memories: Vec<Memory>,
    encoders: encoder::Scratch,
    /// Vectors in context of the batch by all encoders but the first, whose are the document's.
    contexts: Vec<Vec<f32>>,
    /// Those of documents that are done, without their numbers.
    vectors: Vec<Vec<f32>>,
    scores: Vec<f32>,
    /// The parser's, and then that of names.
    scorer: scorer::Scratch,
    tokens: Vec<RawToken>,
    batch: Batch,
    draft: Draft,
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

impl Batch {
    fn clear(&mut self) {
        self.words.clear();
        self.forms.clear();
        self.pieces.clear();
    }
}

/// As much of a batch as is done at a time.
#[derive(Clone, Copy)]
struct Part<'a> {
    words: &'a [Word],
    forms: &'a [FormId],
    pieces: &'a [usize],
}

/// Numbers of a pipeline's labels, as far as they have come up.
#[derive(Default)]
struct Known {
    tags: Vec<Option<Symbol>>,
    parts: Vec<Option<Symbol>>,
    morphs: Vec<Option<Symbol>>,
    labels: Vec<Option<Symbol>>,
    entities: Vec<Option<Symbol>>,
}

fn symbol(known: &mut Vec<Option<Symbol>>, label: usize, string: &str, draft: &mut Draft) -> Symbol {
    if label >= known.len() {
        known.resize(label + 1, None);
    }
    *known[label].get_or_insert_with(|| draft.intern(string))
}

/// The vectors in context of the tokens from `first` on by an encoder.
fn context<'a>(
    encoder: usize,
    (document, first): (&'a Document, usize),
    others: &'a [Vec<f32>],
) -> &'a [f32] {
    match encoder.checked_sub(1) {
        None => &document.vectors[first * document.vector_width..],
        Some(other) => &others[other],
    }
}

/// Scores' mask: zero for the labels there are, minus infinity for all others.
fn mask(count: usize, is_label: impl Fn(usize) -> bool) -> Vec<f32> {
    (0..count).map(|number| if is_label(number) { 0.0 } else { f32::NEG_INFINITY }).collect()
}

impl<'g> Session<'g> {
    pub(crate) fn new(grammar: &'g Grammar) -> Session<'g> {
        let cache = TokenCache::new(FORMS_MAX);
        Session {
            grammar,
            generation: cache.generation(),
            cache,
            lexemes: Vec::new(),
            memories: vec![Memory::new(FORMS_MAX); grammar.encoders.len()],
            encoders: encoder::Scratch::default(),
            contexts: vec![Vec::new(); grammar.encoders.len().saturating_sub(1)],
            vectors: Vec::new(),
            scores: Vec::new(),
            scorer: scorer::Scratch::default(),
            tokens: Vec::new(),
            batch: Batch::default(),
            draft: Draft::default(),
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
        let mut vectors = std::mem::take(&mut document.vectors);
        if self.vectors.len() < DOCUMENTS_KEPT_MAX && vectors.capacity() <= VECTORS_KEPT_MAX {
            vectors.clear();
            self.vectors.push(vectors);
        }
    }

    /// Analyses the pieces of a text (its paragraphs, say), each by itself as spaCy would a document.
    ///
    /// Pieces are byte ranges of `text`, in order; one that does not lie on character boundaries is left empty.
    pub fn analyze(&mut self, text: &str, pieces: &[Range<usize>]) -> Document {
        let vector_width = self.grammar.encoders.first().map_or(0, |encoder| encoder.width);
        let vectors = self.room_for_vectors(text, vector_width);
        let forgets = self.draft.begin(vector_width, vectors);
        if forgets {
            self.known = Known::default();
            self.rules.clear_strings();
            self.lemmas.clear();
        }
        for piece in pieces {
            let grammar = self.grammar;
            if self.cache.is_full() {
                // It will number the forms anew; what waits needs the old numbers.
                self.flush();
            }
            let mut tokens = std::mem::take(&mut self.tokens);
            grammar.tokenizer.tokenize(&mut self.cache, text.get(piece.clone()).unwrap_or(""), &mut tokens);
            if self.generation != self.cache.generation() {
                self.forget_forms();
            }
            for form in &self.cache.forms()[self.lexemes.len()..] {
                self.lexemes.push(grammar.lexemes.lexeme(&form.text, form.norm));
            }
            self.wait(piece.start, &tokens);
            self.tokens = tokens;
            if self.batch.words.len() >= BATCH_TOKENS {
                self.flush();
            }
        }
        self.flush();
        self.draft.finish()
    }

    /// Room for the vectors of a text, so that it need not grow: what grows is moved, and its memory asked for anew.
    fn room_for_vectors(&mut self, text: &str, vector_width: usize) -> Vec<f32> {
        let expected = (text.len() / BYTES_OF_A_TOKEN * vector_width).min(VECTORS_KEPT_MAX);
        let kept = &mut self.vectors;
        let best = (0..kept.len()).min_by_key(|&place| room::fit(kept[place].capacity(), expected));
        let kept = best.map(|place| kept.swap_remove(place)).filter(|kept| kept.capacity() >= expected);
        kept.unwrap_or_else(|| Vec::with_capacity(expected))
    }

    /// Adds the tokens of a piece that begins at this byte to those that wait.
    fn wait(&mut self, piece_start: usize, tokens: &[RawToken]) {
        let Session { draft: Draft { document, .. }, batch, .. } = self;
        let first = document.spans.len();
        let bytes = |token: &RawToken| piece_start + token.start as usize..piece_start + token.end as usize;
        document.spans.extend(tokens.iter().map(bytes));
        document.pieces.push(first..document.spans.len());
        batch.words.extend(tokens.iter().map(|token| Word { form: token.form, spacy: token.space_after }));
        batch.forms.extend(tokens.iter().map(|token| token.form));
        batch.pieces.extend(tokens.chunks(PART_TOKENS_MAX).map(<[RawToken]>::len));
    }

    fn forget_forms(&mut self) {
        self.generation = self.cache.generation();
        self.lexemes.clear();
        self.memories.iter_mut().for_each(Memory::clear);
        self.rules.clear_forms();
        self.lemmas.clear();
    }

    /// Analyses what waits and appends it to the document.
    fn flush(&mut self) {
        let grammar = self.grammar;
        let mut batch = std::mem::take(&mut self.batch);
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
            let input = Input {
                forms: &self.lexemes,
                words: part.words,
                pieces: part.pieces,
                vectors: &grammar.vectors,
            };
            self.contexts.iter_mut().for_each(Vec::clear);
            let contexts = std::iter::once(&mut self.draft.document.vectors).chain(&mut self.contexts);
            for ((encoder, memory), context) in grammar.encoders.iter().zip(&mut self.memories).zip(contexts)
            {
                encoder.run(input, (memory, &mut self.encoders), context);
            }
            self.annotate(part);
            first += tokens;
            lengths = &lengths[count..];
        }
        batch.clear();
        self.batch = batch;
    }

    /// Appends the annotations of a part whose vectors in context are ready.
    fn annotate(&mut self, Part { words, forms, pieces }: Part<'_>) {
        let grammar = self.grammar;
        let document = &mut self.draft.document;
        let first = document.lemmas.len();
        let all = first + words.len();
        document.columns().into_iter().for_each(|column| column.resize(all, NONE));
        document.entity_starts.resize(all, false);
        self.tag(first);
        self.set_morphology(first);
        let document = &self.draft.document;
        if let Some(parser) = &grammar.parser {
            let context = context(parser.scorer.encoder, (document, first), &self.contexts);
            parser.scorer.prepare(context, &mut self.scorer);
        }
        self.parse(words, pieces);
        let document = &self.draft.document;
        if let Some(names) = &grammar.names {
            let context = context(names.scorer.encoder, (document, first), &self.contexts);
            names.scorer.prepare(context, &mut self.scorer);
        }
        let mut at = 0;
        for &length in pieces {
            self.find_names(words, at..at + length, first + at);
            let (all, piece) = (self.cache.forms(), first + at..first + at + length);
            if let Some(ruler) = &grammar.ruler {
                ruler.apply(
                    &mut self.rules,
                    (all, &forms[at..at + length]),
                    (&mut self.draft, piece.clone()),
                );
            }
            if let Some(lemmatizer) = &grammar.lemmatizer {
                lemmatizer.apply(&mut self.lemmas, (all, &forms[at..at + length]), (&mut self.draft, piece));
            }
            at += length;
        }
        self.edit_lemmas(forms, first);
    }

    /// Tags of the tokens from `first` on.
    fn tag(&mut self, first: usize) {
        let grammar = self.grammar;
        let Some(tagger) = &grammar.tagger else { return };
        for (token, label) in (first..).zip(self.classify(tagger, first)) {
            let tag = symbol(&mut self.known.tags, label, &tagger.labels[label], &mut self.draft);
            self.draft.document.tags[token] = tag;
        }
    }

    /// Parts of speech and features of the tokens from `first` on.
    fn set_morphology(&mut self, first: usize) {
        let grammar = self.grammar;
        let Some((labeller, parts)) = &grammar.morphologizer else { return };
        for (token, label) in (first..).zip(self.classify(labeller, first)) {
            let draft = &mut self.draft;
            let part = symbol(&mut self.known.parts, label, &parts[label], draft);
            let morph = symbol(&mut self.known.morphs, label, &labeller.labels[label], draft);
            draft.document.parts[token] = part;
            draft.document.morphs[token] = morph;
        }
    }

    /// Lemmas by edit trees, for the tokens of a batch that begins at `first` in the document.
    fn edit_lemmas(&mut self, forms: &[FormId], first: usize) {
        let grammar = self.grammar;
        let Some((labeller, trees)) = &grammar.edits else { return };
        let outputs = labeller.map.outputs();
        let mask = mask(outputs, |number| number < labeller.labels.len());
        for (at, best) in self.classify(labeller, first).into_iter().enumerate() {
            let scores = &mut self.scores[at * outputs..(at + 1) * outputs];
            let next = |label: usize| {
                scores[label] = f32::MIN;
                grammar.kernel.greatest(scores, &mask)
            };
            let word = &*self.cache.form(forms[at]).text;
            let choice = Choice { word, form: forms[at], best, next };
            trees.apply(&mut self.lemmas, (&mut self.draft, first + at), choice);
        }
    }

    /// The best label of each token from `first` on.
    fn classify(&mut self, labeller: &Labeller, first: usize) -> Vec<usize> {
        let (map, outputs) = (&labeller.map, labeller.map.outputs());
        let context = context(labeller.encoder, (&self.draft.document, first), &self.contexts);
        let scores = room::first(&mut self.scores, context.len() / map.inputs() * outputs);
        map.apply(context, scores, &mut self.room);
        let mask = mask(outputs, |number| number < labeller.labels.len());
        let scores = scores.chunks_exact(outputs);
        scores.map(|scores| self.grammar.kernel.greatest(scores, &mask).unwrap_or(0)).collect()
    }

    /// Heads, labels and sentence starts of the pieces of a part.
    fn parse(&mut self, words: &[Word], pieces: &[usize]) {
        let grammar = self.grammar;
        let mut end = 0;
        let range = |&length: &usize| {
            end += length;
            end - length..end
        };
        let pieces: Vec<Range<usize>> = pieces.iter().map(range).collect();
        let document = &mut self.draft.document;
        let first = document.heads.len();
        let Some(parser) = &grammar.parser else {
            document.heads.extend(first..first + end);
            document.sentence_starts.resize(first + end, false);
            for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
                document.sentence_starts[first + piece.start] = true;
            }
            return;
        };
        let is_space = |token: usize| self.lexemes[words[token].form as usize].is_space;
        let trees = parser.run(&pieces, &mut self.scorer, is_space);
        for (piece, tree) in pieces.into_iter().zip(trees) {
            let document = &mut self.draft.document;
            let base = first + piece.start;
            document.heads.extend(tree.heads.iter().map(|head| base + head));
            document.sentence_starts.extend(tree.sentence_starts());
            for (token, &label) in (base..).zip(&tree.labels) {
                let label = label as usize;
                let label = symbol(&mut self.known.labels, label, &parser.labels[label], &mut self.draft);
                self.draft.document.labels[token] = label;
            }
        }
    }

    /// Entities of a piece that was parsed, whose tokens are `piece` in the batch and begin at `base` in the document.
    fn find_names(&mut self, words: &[Word], piece: Range<usize>, base: usize) {
        let grammar = self.grammar;
        let Some(names) = &grammar.names else { return };
        let starts = &self.draft.document.sentence_starts[base..base + piece.len()];
        let place = |(token, word): (usize, &Word)| Place {
            is_space: self.lexemes[word.form as usize].is_space,
            may_go_on: starts.get(token + 1) == Some(&false),
        };
        let places: Vec<Place> = words[piece.clone()].iter().enumerate().map(place).collect();
        for entity in names.run(piece.start, &places, &mut self.scorer) {
            let label = &names.labels[entity.label];
            let label = symbol(&mut self.known.entities, entity.label, label, &mut self.draft);
            let document = &mut self.draft.document;
            document.entity_starts[base + entity.tokens.start] = true;
            document.entities[base + entity.tokens.start..base + entity.tokens.end].fill(label);
        }
    }
}

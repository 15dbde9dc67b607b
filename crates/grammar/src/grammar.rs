//! A loaded pipeline: immutable, shared by all threads.

use std::path::Path;

use crate::encoder::{Encoder, Vectors, linear};
use crate::error::Error;
use crate::kernel::{Affine, Kernel};
use crate::lexeme::Lexemes;
use crate::names::Names;
use crate::parser::Parser;
use crate::pipeline::Pipeline;
use crate::session::Session;
use crate::tokenizer::Tokenizer;
use crate::weights::Classifier;

/// A trained pipeline, ready to run. Nothing in it changes; each thread takes a [`Session`] of its own.
#[derive(Debug)]
pub struct Grammar {
    pub(crate) language: String,
    pub(crate) kernel: Kernel,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) lexemes: Lexemes,
    pub(crate) encoders: Vec<Encoder>,
    pub(crate) vectors: Vectors,
    pub(crate) tagger: Option<Labeller>,
    pub(crate) morphologizer: Option<(Labeller, Vec<String>)>,
    pub(crate) parser: Option<Parser>,
    pub(crate) names: Option<Names>,
}

/// A classifier, packed for the kernel.
#[derive(Debug)]
pub(crate) struct Labeller {
    pub(crate) encoder: usize,
    pub(crate) map: Affine,
    pub(crate) labels: Vec<String>,
}

impl Labeller {
    fn new(classifier: Classifier) -> Labeller {
        let Classifier { encoder, linear: weights, labels } = classifier;
        Labeller { encoder, map: linear(&weights), labels }
    }
}

impl Grammar {
    /// Loads a pipeline of spaCy's CNN family: a folder as spaCy writes it, an unpacked or packed wheel, or our
    /// own compact file.
    ///
    /// # Errors
    /// A sentence that names the file that is missing, damaged or of a kind that is not supported.
    pub fn load(path: &Path) -> Result<Grammar, Error> {
        Ok(Grammar::new(Pipeline::from_spacy(path)?))
    }

    /// Code of the language the pipeline was trained for: `en`.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// What one thread needs to analyse text: room to work and bounded memories, which never change a result.
    pub fn session(&self) -> Session<'_> {
        Session::new(self)
    }

    pub(crate) fn new(pipeline: Pipeline) -> Grammar {
        Grammar {
            language: pipeline.language,
            kernel: Kernel::best(),
            tokenizer: pipeline.tokenizer,
            lexemes: pipeline.lexemes,
            encoders: pipeline.encoders.into_iter().map(Encoder::new).collect(),
            vectors: pipeline.vectors,
            tagger: pipeline.tagger.map(Labeller::new),
            morphologizer: pipeline.morphologizer.map(|one| (Labeller::new(one.classifier), one.parts)),
            parser: pipeline.parser.as_ref().map(Parser::new),
            names: pipeline.names.as_ref().map(Names::new),
        }
    }
}

//! A loaded pipeline: immutable, shared by all threads.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::compact;
use crate::encoder::{Encoder, Vectors, linear};
use crate::error::Error;
use crate::kernel::Kernel;
use crate::lemma::{EditTrees, Lemmatizer};
use crate::lexeme::Lexemes;
use crate::names::Names;
use crate::packed::{Fixed, Pack, PackWindows};
use crate::parser::Parser;
use crate::pipeline::Pipeline;
use crate::product::{Arithmetic, Precision, Product};
use crate::ruler::Ruler;
use crate::session::Session;
use crate::tokenizer::Tokenizer;
use crate::weights::{self, Classifier};

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
    pub(crate) ruler: Option<Ruler>,
    pub(crate) lemmatizer: Option<Lemmatizer>,
    pub(crate) edits: Option<(Labeller, EditTrees)>,
}

/// A classifier, packed for the kernel.
#[derive(Debug)]
pub(crate) struct Labeller {
    pub(crate) encoder: usize,
    pub(crate) map: Product,
    pub(crate) labels: Vec<String>,
}

impl Labeller {
    fn new(classifier: Classifier, arithmetic: Arithmetic) -> Labeller {
        let Classifier { encoder, linear: weights, labels } = classifier;
        Labeller { encoder, map: Product::wide(linear(&weights), arithmetic), labels }
    }
}

impl Grammar {
    /// Loads a pipeline of spaCy's CNN family: a folder as spaCy writes it, an unpacked or packed wheel, or our
    /// own compact file.
    ///
    /// # Errors
    /// A sentence that names the file that is missing, damaged or of a kind that is not supported.
    pub fn load(path: &Path) -> Result<Grammar, Error> {
        if !path.is_file() || !begins_as_ours(path) {
            return Ok(Grammar::new(Pipeline::from_spacy(path)?, Precision::Full));
        }
        let unreadable = |error| Error::new(format!("`{}` cannot be read: {error}.", path.display()));
        let bytes = std::fs::read(path).map_err(unreadable)?;
        Ok(Grammar::new(compact::read(&bytes)?, Precision::Fixed))
    }

    /// The English pipeline that is built in.
    pub fn english() -> Grammar {
        let pipeline = compact::read(include_bytes!("../model/en.model"));
        Grammar::new(pipeline.expect("the built-in file is whole, which a test ascertains"), Precision::Fixed)
    }

    /// Our compact file of a spaCy pipeline: its bytes depend on nothing but the pipeline's.
    ///
    /// # Errors
    /// As [`Grammar::load`].
    pub fn compact(path: &Path) -> Result<Vec<u8>, Error> {
        Ok(compact::write(&Pipeline::from_spacy(path)?))
    }

    /// Code of the language the pipeline was trained for: `en`.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// What one thread needs to analyse text: room to work and bounded memories, which never change a result.
    pub fn session(&self) -> Session<'_> {
        Session::new(self)
    }

    pub(crate) fn new(pipeline: Pipeline, precision: Precision) -> Grammar {
        let kernel = Kernel::best();
        let arithmetic = Arithmetic { kernel, precision };
        let are_for_names: Vec<bool> =
            (0..pipeline.encoders.len()).map(|number| pipeline.is_for_names(number)).collect();
        let sizes: Vec<Vec<f32>> = pipeline.encoders.iter().map(weights::Encoder::sizes).collect();
        let encoders = pipeline.encoders.into_iter().zip(are_for_names);
        // Names stay what they are with half of the work; heads do not.
        let windows: fn(bool) -> (Pack, PackWindows) = |is_for_names| match is_for_names {
            true => (Fixed::narrow, Fixed::narrow_windows),
            false => (Fixed::wide, Fixed::wide_windows),
        };
        let labeller = |classifier| Labeller::new(classifier, arithmetic);
        Grammar {
            language: pipeline.language,
            kernel,
            tokenizer: pipeline.tokenizer,
            lexemes: pipeline.lexemes,
            encoders: encoders
                .map(|(encoder, is_for_names)| Encoder::new(encoder, arithmetic, windows(is_for_names)))
                .collect(),
            vectors: pipeline.vectors,
            tagger: pipeline.tagger.map(labeller),
            morphologizer: pipeline.morphologizer.map(|one| (labeller(one.classifier), one.parts)),
            parser: pipeline
                .parser
                .as_ref()
                .map(|parser| Parser::new(parser, &sizes[parser.encoder], arithmetic)),
            names: pipeline.names.as_ref().map(|names| Names::new(names, &sizes[names.encoder], arithmetic)),
            ruler: pipeline.ruler,
            lemmatizer: pipeline.lemmatizer,
            edits: pipeline.edits.map(|one| (labeller(one.classifier), one.trees)),
        }
    }
}

fn begins_as_ours(path: &Path) -> bool {
    let mut name = [0; compact::NAME.len()];
    File::open(path).and_then(|mut file| file.read_exact(&mut name)).is_ok() && name == *compact::NAME
}

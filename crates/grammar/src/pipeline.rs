//! A pipeline as plain values: read from spaCy's files or from our compact one, and ready to be packed.

use std::path::Path;

use serde_json::Value as Json;

use crate::config::Config;
use crate::encoder::Vectors;
use crate::error::Error;
use crate::files::Files;
use crate::lemma::{self, EditOptions, EditTrees, Lemmatizer};
use crate::lexeme::Lexemes;
use crate::ruler::Ruler;
use crate::tokenizer::Tokenizer;
use crate::weights::{Classifier, Encoder, Transitions};
use crate::{names, parser, spacy};

/// A trained pipeline.
#[derive(Clone, Debug)]
pub(crate) struct Pipeline {
    /// Code of the language: `en`.
    pub(crate) language: String,
    pub(crate) tokenizer: Tokenizer,
    pub(crate) lexemes: Lexemes,
    /// The shared one first, if there is one.
    pub(crate) encoders: Vec<Encoder>,
    pub(crate) vectors: Vectors,
    pub(crate) tagger: Option<Classifier>,
    pub(crate) morphologizer: Option<Morphologizer>,
    pub(crate) parser: Option<Transitions>,
    pub(crate) names: Option<Transitions>,
    pub(crate) ruler: Option<Ruler>,
    /// Where spaCy's lemmatizer is a program of the language's own, there is none and lemmas are empty.
    pub(crate) lemmatizer: Option<Lemmatizer>,
    /// A pipeline has this or the other lemmatizer.
    pub(crate) edits: Option<Edits>,
}

/// Chooses for each token the rewriting that makes its lemma.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Edits {
    /// Its labels are those of the trees, by number.
    pub(crate) classifier: Classifier,
    pub(crate) trees: EditTrees,
}

/// Gives each token a part of speech and features at once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Morphologizer {
    /// Its labels are the features.
    pub(crate) classifier: Classifier,
    /// Part of speech of each label.
    pub(crate) parts: Vec<String>,
}

/// spaCy's numbers of the parts of speech begin here.
const PART_FIRST: u64 = 84;

const PARTS: [&str; 20] = [
    "ADJ", "ADP", "ADV", "AUX", "CONJ", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN",
    "PUNCT", "SCONJ", "SYM", "VERB", "X", "EOL", "SPACE",
];

impl Pipeline {
    /// Reads a pipeline from a folder or wheel of spaCy.
    pub(crate) fn from_spacy(path: &Path) -> Result<Pipeline, Error> {
        let mut files = Files::open(path)?;
        let config = files.require("config.cfg")?;
        let config = std::str::from_utf8(&config).map_err(|error| Error::within("config.cfg", error))?;
        let config = Config::read(config);
        let tokenizer = files.require("tokenizer")?;
        let lexemes = files.read("vocab/lookups.bin")?;
        let mut pipeline = Pipeline {
            language: config.text("nlp", "lang").unwrap_or("xx").to_string(),
            tokenizer: Tokenizer::from_spacy(&tokenizer).map_err(|what| Error::within("tokenizer", what))?,
            lexemes: match lexemes {
                Some(bytes) => {
                    Lexemes::from_spacy(&bytes).map_err(|what| Error::within("vocab/lookups.bin", what))?
                }
                None => Lexemes::default(),
            },
            encoders: Vec::new(),
            vectors: spacy::vectors(&mut files)?,
            tagger: None,
            morphologizer: None,
            parser: None,
            names: None,
            ruler: None,
            lemmatizer: None,
            edits: None,
        };
        for (name, kind) in spacy::components(&config) {
            pipeline.add(&mut files, &config, [&name, &kind])?;
        }
        pipeline.check().map_err(|what| Error::new(format!("The pipeline cannot be used: {what}.")))?;
        Ok(pipeline)
    }

    /// Adds a component, in the pipeline's order.
    fn add(&mut self, files: &mut Files, config: &Config, [name, kind]: [&str; 2]) -> Result<(), Error> {
        match kind {
            "tok2vec" => {
                self.encoder(files, name)?;
            }
            "tagger" => {
                let labels = strings(&cfg(files, name)?, "labels");
                self.tagger = Some(self.classifier(files, name, labels)?);
            }
            "morphologizer" => {
                let cfg = cfg(files, name)?;
                let labels = cfg.get("labels_morph").and_then(Json::as_object);
                let labels: Vec<(&String, &Json)> = labels.into_iter().flatten().collect();
                let parts = labels.iter().map(|(label, _)| part(&cfg, label)).collect();
                let morphs =
                    labels.iter().map(|(_, morph)| morph.as_str().unwrap_or("").to_string()).collect();
                let classifier = self.classifier(files, name, morphs)?;
                self.morphologizer = Some(Morphologizer { classifier, parts });
            }
            "parser" => self.parser = Some(self.transitions(files, name, parser::FOCUS)?),
            "ner" => self.names = Some(self.transitions(files, name, names::FOCUS)?),
            "attribute_ruler" => {
                let file = format!("{name}/patterns");
                let ruler = Ruler::from_spacy(&files.require(&file)?);
                self.ruler = Some(ruler.map_err(|what| Error::within(&file, what))?);
            }
            "lemmatizer" => {
                let file = format!("{name}/lookups/lookups.bin");
                let mode = config.text(&format!("components.{name}"), "mode").unwrap_or("lookup");
                if mode != "rule" || !lemma::OWN_RULES.contains(&self.language.as_str()) {
                    let lemmatizer = Lemmatizer::from_spacy(&files.require(&file)?, &self.language, mode);
                    self.lemmatizer = Some(lemmatizer.map_err(|what| Error::within(&file, what))?);
                }
            }
            "trainable_lemmatizer" => self.edits = Some(self.edits(files, config, name)?),
            _ => {
                return Err(Error::new(format!(
                    "The pipeline's component `{name}` is a `{kind}`, which is not supported."
                )));
            }
        }
        Ok(())
    }

    /// Whether nothing but the names listens to an encoder; a document's vectors are the first one's.
    pub(crate) fn is_for_names(&self, encoder: usize) -> bool {
        let others = [
            self.tagger.as_ref().map(|one| one.encoder),
            self.morphologizer.as_ref().map(|one| one.classifier.encoder),
            self.edits.as_ref().map(|one| one.classifier.encoder),
            self.parser.as_ref().map(|one| one.encoder),
        ];
        encoder > 0
            && self.names.as_ref().is_some_and(|names| names.encoder == encoder)
            && !others.contains(&Some(encoder))
    }

    /// Index of the component's own encoder or, if it has none, of the shared one.
    fn encoder(&mut self, files: &mut Files, name: &str) -> Result<usize, Error> {
        let file = format!("{name}/model");
        let bytes = files.require(&file)?;
        match spacy::encoder(&bytes).map_err(|what| Error::within(&file, what))? {
            Some(encoder) => {
                if encoder.vectors.as_ref().is_some_and(|map| map.inputs != self.vectors.width) {
                    return Err(Error::within(&file, "its word vectors are not of the vocabulary's width"));
                }
                self.encoders.push(encoder);
                Ok(self.encoders.len() - 1)
            }
            None if self.encoders.is_empty() => {
                Err(Error::within(&file, "it listens to an encoder that is missing"))
            }
            None => Ok(0),
        }
    }

    fn edits(&mut self, files: &mut Files, config: &Config, name: &str) -> Result<Edits, Error> {
        let section = format!("components.{name}");
        let options = EditOptions {
            tries: config.text(&section, "top_k").and_then(|tries| tries.parse().ok()).unwrap_or(1),
            // spaCy writes `null` for none.
            fallback: Some(config.text(&section, "backoff").unwrap_or("orth")).filter(|&name| name != "null"),
        };
        let file = format!("{name}/trees");
        let trees = files.require(&file)?;
        let (cfg, strings) = (files.require(&format!("{name}/cfg"))?, files.require("vocab/strings.json")?);
        let trees = EditTrees::from_spacy([&trees, &cfg, &strings], options);
        let trees = trees.map_err(|what| Error::within(&file, what))?;
        let labels = (0..trees.label_count()).map(|label| label.to_string()).collect();
        Ok(Edits { classifier: self.classifier(files, name, labels)?, trees })
    }

    fn classifier(
        &mut self,
        files: &mut Files,
        name: &str,
        labels: Vec<String>,
    ) -> Result<Classifier, Error> {
        let file = format!("{name}/model");
        let encoder = self.encoder(files, name)?;
        let classifier = spacy::classifier(&files.require(&file)?, encoder, labels)
            .map_err(|what| Error::within(&file, what))?;
        self.check_width(encoder, classifier.linear.inputs).map_err(|what| Error::within(&file, what))?;
        Ok(classifier)
    }

    fn transitions(&mut self, files: &mut Files, name: &str, focus: usize) -> Result<Transitions, Error> {
        let file = format!("{name}/model");
        let encoder = self.encoder(files, name)?;
        let moves = files.require(&format!("{name}/moves"))?;
        let transitions = spacy::transitions(&files.require(&file)?, &moves, [encoder, focus])
            .map_err(|what| Error::within(&file, what))?;
        self.check_width(encoder, transitions.reduce.inputs).map_err(|what| Error::within(&file, what))?;
        Ok(transitions)
    }

    /// Whether all parts fit each other, so that running them cannot fail.
    pub(crate) fn check(&self) -> Result<(), String> {
        let vectors = &self.vectors;
        let row_count = vectors.numbers.len().checked_div(vectors.width).unwrap_or(0);
        if !vectors.rows.is_sorted() || vectors.rows.iter().any(|&(_, row)| row as usize >= row_count) {
            return Err("its word vectors are not in order".to_string());
        }
        for encoder in &self.encoders {
            encoder.check()?;
            if encoder.vectors.as_ref().is_some_and(|map| map.inputs != vectors.width) {
                return Err("its word vectors are not of the vocabulary's width".to_string());
            }
        }
        let classifiers = self.morphologizer.iter().map(|one| &one.classifier);
        let classifiers = classifiers.chain(self.edits.iter().map(|one| &one.classifier));
        for classifier in self.tagger.iter().chain(classifiers) {
            classifier.check()?;
            self.check_width(classifier.encoder, classifier.linear.inputs)?;
        }
        if self.morphologizer.iter().any(|one| one.parts.len() != one.classifier.labels.len()) {
            return Err("it has not as many parts of speech as features".to_string());
        }
        if self.edits.iter().any(|one| one.trees.label_count() != one.classifier.labels.len()) {
            return Err("it has not as many edit trees as labels".to_string());
        }
        for (transitions, focus) in [(&self.parser, parser::FOCUS), (&self.names, names::FOCUS)] {
            let Some(transitions) = transitions else { continue };
            transitions.check()?;
            self.check_width(transitions.encoder, transitions.reduce.inputs)?;
            if transitions.features != focus {
                return Err(format!("it does not see {focus} tokens in a state"));
            }
        }
        Ok(())
    }

    /// Whether what listens to an encoder expects vectors of its width.
    pub(crate) fn check_width(&self, encoder: usize, width: usize) -> Result<(), String> {
        match self.encoders.get(encoder).is_some_and(|encoder| encoder.width == width) {
            true => Ok(()),
            false => Err("it does not expect vectors of its encoder's width".to_string()),
        }
    }
}

/// A component's settings.
fn cfg(files: &mut Files, name: &str) -> Result<Json, Error> {
    let file = format!("{name}/cfg");
    serde_json::from_slice(&files.require(&file)?).map_err(|error| Error::within(&file, error))
}

fn strings(json: &Json, key: &str) -> Vec<String> {
    let items = json.get(key).and_then(Json::as_array);
    items.into_iter().flatten().map(|item| item.as_str().unwrap_or("").to_string()).collect()
}

/// The part of speech of a morphologizer's label; empty if it has none.
fn part(cfg: &Json, label: &str) -> String {
    let number = cfg.get("labels_pos").and_then(|parts| parts.get(label)).and_then(Json::as_u64);
    let at = number.and_then(|number| number.checked_sub(PART_FIRST)).and_then(|at| usize::try_from(at).ok());
    at.and_then(|at| PARTS.get(at)).copied().unwrap_or("").to_string()
}

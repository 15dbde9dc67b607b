//! Our own file for a whole pipeline: large tables in half precision, everything checked, read in milliseconds.
//!
//! Eight bytes of name, four of version, eight of checksum; then the values in the order of [`Pipeline`]'s fields.

use crate::encoder::Vectors;
use crate::error::Error;
use crate::half;
use crate::hash;
use crate::lemma::{EditTrees, Lemmatizer};
use crate::lexeme::Lexemes;
use crate::pack::{self, Reader, Writer};
use crate::pipeline::{Edits, Morphologizer, Pipeline};
use crate::ruler::Ruler;
use crate::tokenizer::Tokenizer;
use crate::weights::{COLUMNS, Classifier, Encoder, Linear, Maxout, Move, Numbers, Table, Transitions};

/// How the file begins.
pub(crate) const NAME: &[u8; 8] = b"grammar\n";

/// Goes up whenever older programs could not read the file.
const VERSION: u32 = 1;

/// The file of a pipeline.
pub(crate) fn write(pipeline: &Pipeline) -> Vec<u8> {
    let mut out = Writer::default();
    out.str(&pipeline.language);
    pipeline.tokenizer.write(&mut out);
    pipeline.lexemes.write(&mut out);
    out.list(&pipeline.encoders, write_encoder);
    write_vectors(&mut out, &pipeline.vectors);
    write_option(&mut out, &pipeline.tagger, write_classifier);
    write_option(&mut out, &pipeline.morphologizer, |out, one| {
        write_classifier(out, &one.classifier);
        out.strings(&one.parts);
    });
    write_option(&mut out, &pipeline.parser, write_transitions);
    write_option(&mut out, &pipeline.names, write_transitions);
    write_option(&mut out, &pipeline.ruler, |out, ruler| ruler.write(out));
    write_lemmas(&mut out, pipeline);
    let mut file = Writer { bytes: NAME.to_vec() };
    file.u32(VERSION);
    file.u64(hash::string(&out.bytes));
    file.bytes.extend(out.bytes);
    file.bytes
}

/// Reads a file that begins with [`NAME`].
pub(crate) fn read(bytes: &[u8]) -> Result<Pipeline, Error> {
    let wrong = |what: &str| Error::new(format!("The model file cannot be used: {what}."));
    let mut input = Reader::new(bytes);
    let damaged = |error: pack::Error| wrong(&error.to_string());
    if input.take(NAME.len()).map_err(damaged)? != NAME {
        return Err(wrong("it does not begin as one"));
    }
    let version = input.u32().map_err(damaged)?;
    if version != VERSION {
        return Err(wrong(&format!("it is of version {version}, this program reads version {VERSION}")));
    }
    let checksum = input.u64().map_err(damaged)?;
    if checksum != hash::string(&bytes[NAME.len() + 4 + 8..]) {
        return Err(wrong("its checksum is wrong, so it is damaged"));
    }
    let pipeline = read_pipeline(&mut input).map_err(damaged)?;
    match input.is_done() {
        true => pipeline.check().map_err(|what| wrong(&what))?,
        false => return Err(wrong("something follows its end")),
    }
    Ok(pipeline)
}

fn read_pipeline(input: &mut Reader<'_>) -> Result<Pipeline, pack::Error> {
    let mut pipeline = Pipeline {
        language: input.str()?.to_string(),
        tokenizer: Tokenizer::read(input)?,
        lexemes: Lexemes::read(input)?,
        encoders: input.list(read_encoder)?,
        vectors: read_vectors(input)?,
        tagger: read_option(input, read_classifier)?,
        morphologizer: read_option(input, |input| {
            Ok(Morphologizer { classifier: read_classifier(input)?, parts: read_strings(input)? })
        })?,
        parser: read_option(input, read_transitions)?,
        names: read_option(input, read_transitions)?,
        ruler: read_option(input, Ruler::read)?,
        lemmatizer: None,
        edits: None,
    };
    match input.u8()? {
        0 => {}
        1 => pipeline.lemmatizer = Some(Lemmatizer::read(input)?),
        2 => {
            let classifier = read_classifier(input)?;
            pipeline.edits = Some(Edits { classifier, trees: EditTrees::read(input)? });
        }
        _ => return Err(input.error("a lemmatizer of unknown kind")),
    }
    Ok(pipeline)
}

/// One of the two kinds of lemmatizers, or none.
fn write_lemmas(out: &mut Writer, pipeline: &Pipeline) {
    if let Some(lemmatizer) = &pipeline.lemmatizer {
        out.u8(1);
        lemmatizer.write(out);
    } else if let Some(edits) = &pipeline.edits {
        out.u8(2);
        write_classifier(out, &edits.classifier);
        edits.trees.write(out);
    } else {
        out.u8(0);
    }
}

fn write_option<T>(out: &mut Writer, option: &Option<T>, write: impl Fn(&mut Writer, &T)) {
    out.u8(u8::from(option.is_some()));
    if let Some(value) = option {
        write(out, value);
    }
}

fn read_option<'a, T>(
    input: &mut Reader<'a>,
    read: impl Fn(&mut Reader<'a>) -> Result<T, pack::Error>,
) -> Result<Option<T>, pack::Error> {
    match input.u8()? {
        0 => Ok(None),
        _ => read(input).map(Some),
    }
}

/// Few numbers, in full.
fn write_floats(out: &mut Writer, numbers: &[f32]) {
    out.list(numbers, |out, &number| out.f32(number));
}

fn read_floats(input: &mut Reader<'_>) -> Result<Vec<f32>, pack::Error> {
    input.list(Reader::f32)
}

/// Many numbers, in half precision.
fn write_halves(out: &mut Writer, numbers: impl ExactSizeIterator<Item = u16>) {
    out.varint(numbers.len());
    for number in numbers {
        out.bytes.extend(number.to_le_bytes());
    }
}

fn read_halves(input: &mut Reader<'_>) -> Result<Vec<u16>, pack::Error> {
    let count = input.count()?;
    let (halves, _) = input.take(count * 2)?.as_chunks::<2>();
    Ok(halves.iter().map(|&two| u16::from_le_bytes(two)).collect())
}

fn write_rounded(out: &mut Writer, numbers: &[f32]) {
    write_halves(out, numbers.iter().map(|&number| half::from_f32(number)));
}

fn read_rounded(input: &mut Reader<'_>) -> Result<Vec<f32>, pack::Error> {
    let count = input.count()?;
    let (halves, _) = input.take(count * 2)?.as_chunks::<2>();
    Ok(halves.iter().map(|&two| half::to_f32(u16::from_le_bytes(two))).collect())
}

fn read_strings(input: &mut Reader<'_>) -> Result<Vec<String>, pack::Error> {
    Ok(input.strings()?.iter().map(str::to_string).collect())
}

fn write_linear(out: &mut Writer, linear: &Linear) {
    out.varint(linear.inputs);
    write_rounded(out, &linear.weights);
    write_floats(out, &linear.bias);
}

fn read_linear(input: &mut Reader<'_>) -> Result<Linear, pack::Error> {
    Ok(Linear { inputs: input.varint()?, weights: read_rounded(input)?, bias: read_floats(input)? })
}

fn write_maxout(out: &mut Writer, layer: &Maxout) {
    write_linear(out, &layer.linear);
    out.varint(layer.pieces);
    write_floats(out, &layer.gain);
    write_floats(out, &layer.shift);
}

fn read_maxout(input: &mut Reader<'_>) -> Result<Maxout, pack::Error> {
    Ok(Maxout {
        linear: read_linear(input)?,
        pieces: input.varint()?,
        gain: read_floats(input)?,
        shift: read_floats(input)?,
    })
}

fn write_encoder(out: &mut Writer, encoder: &Encoder) {
    out.varint(encoder.width);
    out.list(&encoder.tables, |out, table| {
        let column = COLUMNS.iter().position(|&(_, column)| column == table.column);
        out.u8(column.expect("the list holds all columns") as u8);
        out.u32(table.seed);
        out.varint(table.rows);
        match &table.numbers {
            Numbers::Full(numbers) => write_rounded(out, numbers),
            Numbers::Half(numbers) => write_halves(out, numbers.iter().copied()),
        }
    });
    write_option(out, &encoder.vectors, write_linear);
    write_maxout(out, &encoder.mix);
    out.list(&encoder.layers, write_maxout);
}

fn read_encoder(input: &mut Reader<'_>) -> Result<Encoder, pack::Error> {
    Ok(Encoder {
        width: input.varint()?,
        tables: input.list(|input| {
            let column = COLUMNS.get(usize::from(input.u8()?)).ok_or(input.error("an unknown column"))?.1;
            let (seed, rows) = (input.u32()?, input.varint()?);
            Ok(Table { column, seed, rows, numbers: Numbers::Half(read_halves(input)?) })
        })?,
        vectors: read_option(input, read_linear)?,
        mix: read_maxout(input)?,
        layers: input.list(read_maxout)?,
    })
}

fn write_vectors(out: &mut Writer, vectors: &Vectors) {
    out.varint(vectors.width);
    write_rounded(out, &vectors.numbers);
    out.list(&vectors.rows, |out, &(key, row)| {
        out.u64(key);
        out.u32(row);
    });
}

fn read_vectors(input: &mut Reader<'_>) -> Result<Vectors, pack::Error> {
    let (width, numbers) = (input.varint()?, read_rounded(input)?);
    let rows = input.list(|input| Ok((input.u64()?, input.u32()?)))?;
    Ok(Vectors { width, numbers, rows })
}

fn write_classifier(out: &mut Writer, classifier: &Classifier) {
    out.varint(classifier.encoder);
    write_linear(out, &classifier.linear);
    out.strings(&classifier.labels);
}

fn read_classifier(input: &mut Reader<'_>) -> Result<Classifier, pack::Error> {
    Ok(Classifier { encoder: input.varint()?, linear: read_linear(input)?, labels: read_strings(input)? })
}

fn write_transitions(out: &mut Writer, transitions: &Transitions) {
    out.varint(transitions.encoder);
    write_linear(out, &transitions.reduce);
    out.varint(transitions.features);
    out.varint(transitions.hidden);
    write_rounded(out, &transitions.lower);
    write_floats(out, &transitions.lower_bias);
    write_floats(out, &transitions.missing);
    write_linear(out, &transitions.upper);
    out.list(&transitions.moves, |out, one| {
        out.u8(one.action);
        out.str(&one.label);
    });
}

fn read_transitions(input: &mut Reader<'_>) -> Result<Transitions, pack::Error> {
    Ok(Transitions {
        encoder: input.varint()?,
        reduce: read_linear(input)?,
        features: input.varint()?,
        hidden: input.varint()?,
        lower: read_rounded(input)?,
        lower_bias: read_floats(input)?,
        missing: read_floats(input)?,
        upper: read_linear(input)?,
        moves: input.list(|input| Ok(Move { action: input.u8()?, label: input.str()?.to_string() }))?,
    })
}

#[cfg(test)]
mod tests {
    use super::{NAME, read, write};
    use crate::grammar::Grammar;
    use crate::hash;
    use crate::lexeme::Lexemes;
    use crate::pipeline::Pipeline;
    use crate::product::Precision;
    use crate::tokenizer::Tokenizer;
    use crate::weights::{Classifier, Column, Encoder, Linear, Maxout, Move, Numbers, Table, Transitions};
    use proptest::prelude::*;

    const WIDTH: usize = 16;

    /// Numbers that half precision keeps exactly.
    fn numbers(count: usize) -> Vec<f32> {
        (0..count).map(|i| (i * 37 % 64) as f32 / 32.0 - 1.0).collect()
    }

    fn linear(inputs: usize, outputs: usize) -> Linear {
        Linear { inputs, weights: numbers(inputs * outputs), bias: numbers(outputs) }
    }

    fn maxout(inputs: usize) -> Maxout {
        Maxout { linear: linear(inputs, WIDTH * 2), pieces: 2, gain: numbers(WIDTH), shift: numbers(WIDTH) }
    }

    fn transitions(features: usize, moves: &[(u8, &str)]) -> Transitions {
        Transitions {
            encoder: 0,
            reduce: linear(WIDTH, 16),
            features,
            hidden: 16,
            lower: numbers(features * 32 * 16),
            lower_bias: numbers(32),
            missing: numbers(features * 32),
            upper: linear(16, moves.len()),
            moves: moves.iter().map(|&(action, label)| Move { action, label: label.to_string() }).collect(),
        }
    }

    /// A pipeline with one of everything, as small as can be; it was trained on nothing.
    fn small() -> Pipeline {
        let table =
            Table { column: Column::Norm, seed: 8, rows: 3, numbers: Numbers::Half(vec![0x3800; 3 * WIDTH]) };
        Pipeline {
            language: "xx".to_string(),
            tokenizer: Tokenizer::from_spacy(&[0x80]).unwrap(),
            lexemes: Lexemes::default(),
            encoders: vec![Encoder {
                width: WIDTH,
                tables: vec![table],
                vectors: None,
                mix: maxout(WIDTH),
                layers: vec![maxout(3 * WIDTH), maxout(3 * WIDTH)],
            }],
            vectors: Default::default(),
            tagger: Some(Classifier {
                encoder: 0,
                linear: linear(WIDTH, 2),
                labels: vec!["N".to_string(), "V".to_string()],
            }),
            morphologizer: None,
            parser: Some(transitions(8, &[(0, ""), (1, ""), (2, "a"), (3, "b||a"), (4, "ROOT")])),
            names: Some(transitions(3, &[(1, "T"), (2, "T"), (3, "T"), (4, "T"), (5, "")])),
            ruler: None,
            lemmatizer: None,
            edits: None,
        }
    }

    /// Gives damaged bytes the checksum they would have if they were meant so.
    fn seal(bytes: &mut [u8]) {
        let head = NAME.len() + 4;
        if bytes.len() >= head + 8 {
            let checksum = hash::string(&bytes[head + 8..]);
            bytes[head..head + 8].copy_from_slice(&checksum.to_le_bytes());
        }
    }

    /// Whatever can be read can be run.
    fn run(bytes: &[u8]) {
        if let Ok(pipeline) = read(bytes) {
            let grammar = Grammar::new(pipeline, Precision::Fixed);
            let text = "The ferry sank. Twelve died";
            let document = grammar.session().analyze(text, std::slice::from_ref(&(0..text.len())));
            assert!(document.heads.iter().all(|&head| head < document.len()));
        }
    }

    #[test]
    fn a_pipeline_comes_back() {
        let bytes = write(&small());
        let again = read(&bytes).unwrap();
        assert_eq!(write(&again), bytes);
        assert_eq!(again.encoders, small().encoders);
        assert_eq!(again.parser, small().parser);
        run(&bytes);
    }

    #[test]
    fn damage_is_told_in_a_sentence() {
        let mut bytes = write(&small());
        assert!(read(b"PK").unwrap_err().to_string().contains("too early"));
        assert!(read(&[0; 40]).unwrap_err().to_string().contains("begin"));
        bytes[8] = 9;
        assert!(read(&bytes).unwrap_err().to_string().contains("version 9"));
        bytes[8] = 1;
        bytes[40] ^= 1;
        assert!(read(&bytes).unwrap_err().to_string().contains("checksum"));
    }

    #[test]
    fn an_action_that_no_parser_knows_is_never_taken() {
        for action in [5, 64, 255] {
            let parser = transitions(8, &[(0, ""), (1, ""), (action, "a"), (3, "b"), (4, "ROOT")]);
            run(&write(&Pipeline { parser: Some(parser), ..small() }));
        }
    }

    #[test]
    fn the_built_in_file_is_whole() {
        let grammar = Grammar::english();
        assert_eq!(grammar.language(), "en");
        let mut short = include_bytes!("../model/en.model")[..3_000_000].to_vec();
        seal(&mut short);
        assert!(read(&short).is_err());
    }

    proptest! {
        #[test]
        fn damage_never_panics(place in any::<prop::sample::Index>(), byte: u8, other in any::<prop::sample::Index>()) {
            let mut bytes = write(&small());
            let (place, other) = (place.index(bytes.len()), other.index(bytes.len()));
            bytes[place] = byte;
            bytes[other] = bytes[other].wrapping_add(1);
            run(&bytes);
            seal(&mut bytes);
            run(&bytes);
        }

        #[test]
        fn a_shortened_file_is_an_error(len in any::<prop::sample::Index>()) {
            let mut bytes = write(&small());
            bytes.truncate(len.index(bytes.len()));
            seal(&mut bytes);
            prop_assert!(read(&bytes).is_err());
        }
    }
}

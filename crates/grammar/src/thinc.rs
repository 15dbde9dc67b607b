//! Networks as thinc writes them: a list of named layers with their numbers.

use crate::msgpack::{self, Value};

/// The layers of one network, in thinc's order: breadth first from the root.
pub(crate) struct Network<'a> {
    root: Value<'a>,
}

/// One layer.
#[derive(Clone, Copy)]
pub(crate) struct Layer<'n, 'a> {
    node: &'n Value<'a>,
    attrs: &'n Value<'a>,
    params: &'n Value<'a>,
}

/// Numbers of one parameter, as trained, the last axis running fastest.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tensor {
    pub(crate) shape: Vec<usize>,
    pub(crate) numbers: Vec<f32>,
}

impl<'a> Network<'a> {
    /// Reads a component's file `model`.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Network<'a>, String> {
        let root = msgpack::parse(bytes).map_err(|error| error.to_string())?;
        Ok(Network { root })
    }

    pub(crate) fn layers(&self) -> Result<Vec<Layer<'_, 'a>>, String> {
        let list = |key: &str| {
            self.root.get(key).and_then(Value::array).ok_or_else(|| format!("it has no list of {key}"))
        };
        let (nodes, attrs, params) = (list("nodes")?, list("attrs")?, list("params")?);
        if nodes.len() != attrs.len() || nodes.len() != params.len() {
            return Err("its lists of layers differ in length".to_string());
        }
        let layers = nodes.iter().zip(attrs).zip(params);
        Ok(layers.map(|((node, attrs), params)| Layer { node, attrs, params }).collect())
    }
}

impl<'n, 'a> Layer<'n, 'a> {
    pub(crate) fn name(self) -> &'n str {
        self.node.get("name").and_then(Value::text).unwrap_or("")
    }

    /// Index of the layer that this one calls by that name.
    pub(crate) fn reference(self, name: &str) -> Option<usize> {
        self.node.get("refs")?.get(name)?.uint().and_then(|index| usize::try_from(index).ok())
    }

    /// A whole number among the layer's settings.
    pub(crate) fn number(self, name: &str) -> Option<u64> {
        msgpack::parse(self.attrs.get(name)?.bytes()?).ok()?.uint()
    }

    /// A list of strings among the layer's settings.
    pub(crate) fn strings(self, name: &str) -> Option<Vec<String>> {
        let value = msgpack::parse(self.attrs.get(name)?.bytes()?).ok()?;
        value.array()?.iter().map(|item| item.text().map(str::to_string)).collect()
    }

    /// The numbers of a parameter.
    ///
    /// # Errors
    /// What is wrong with it, to follow "the file … cannot be used:".
    pub(crate) fn tensor(self, name: &str) -> Result<Tensor, String> {
        let bad = |what: &str| format!("the parameter {name} of its layer {} {what}", self.name());
        let value = self.params.get(name).ok_or_else(|| bad("is missing"))?;
        tensor(value).ok_or_else(|| bad("is not a table of 32-bit floats"))
    }
}

/// A numpy array of 32-bit floats, as msgpack-numpy writes it.
pub(crate) fn tensor(value: &Value<'_>) -> Option<Tensor> {
    if value.get("type").and_then(Value::text) != Some("<f4") {
        return None;
    }
    let sizes = value.get("shape")?.array()?;
    let shape: Vec<usize> =
        sizes.iter().map(|size| usize::try_from(size.uint()?).ok()).collect::<Option<_>>()?;
    let bytes = value.get("data")?.bytes()?;
    let count = shape.iter().try_fold(1usize, |count, &size| count.checked_mul(size))?;
    if count.checked_mul(4)? != bytes.len() {
        return None;
    }
    let (numbers, _) = bytes.as_chunks::<4>();
    Some(Tensor { shape, numbers: numbers.iter().map(|&four| f32::from_le_bytes(four)).collect() })
}

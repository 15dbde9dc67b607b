//! A pipeline's `config.cfg`: sections of `key = value`, the values in JSON.

use std::collections::BTreeMap;

use serde_json::Value;

/// Settings by section and key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    values: BTreeMap<(String, String), Value>,
}

impl Config {
    /// Reads the file. What is no JSON (a reference to another setting, say) is kept as a string.
    pub(crate) fn read(text: &str) -> Config {
        let mut config = Config::default();
        let mut section = "";
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                section = name;
            } else if let Some((key, value)) = line.split_once('=') {
                let value = value.trim();
                let json = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_string()));
                config.values.insert((section.to_string(), key.trim().to_string()), json);
            }
        }
        config
    }

    pub(crate) fn get(&self, section: &str, key: &str) -> Option<&Value> {
        self.values.get(&(section.to_string(), key.to_string()))
    }

    pub(crate) fn text(&self, section: &str, key: &str) -> Option<&str> {
        self.get(section, key)?.as_str()
    }

    /// A list of strings; empty if there is none.
    pub(crate) fn list(&self, section: &str, key: &str) -> Vec<String> {
        let items = self.get(section, key).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).map(str::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    #[test]
    fn values_are_found_by_section() {
        let config = Config::read("[a]\nx = \"one\"\n\n[a.b]\nx = [\"p\",\"q\"]\nwidth = ${a:x}\n");
        assert_eq!(config.text("a", "x"), Some("one"));
        assert_eq!(config.list("a.b", "x"), ["p", "q"]);
        assert_eq!(config.text("a.b", "width"), Some("${a:x}"));
        assert_eq!(config.text("a", "y"), None);
    }
}

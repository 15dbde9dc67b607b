//! The named fields before a record's block.

/// Fields that are kept; more are passed over.
const FIELDS_MAX: usize = 200;

/// A record's header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    /// In lower case.
    name: String,
    value: String,
}

impl Head {
    /// Reads the lines after the version; lines that begin with white space go on with the one before.
    pub(super) fn parse(block: &[u8]) -> Head {
        let text = String::from_utf8_lossy(block);
        let mut head = Head::default();
        for line in text.lines() {
            if line.starts_with([' ', '\t']) {
                if let Some(last) = head.fields.last_mut() {
                    last.value.push(' ');
                    last.value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':')
                && head.fields.len() < FIELDS_MAX
            {
                let name = name.trim().to_ascii_lowercase();
                head.fields.push(Field { name, value: value.trim().to_owned() });
            }
        }
        head
    }

    /// A field's value; `name` in lower case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|field| field.name == name)?;
        Some(field.value.as_str()).filter(|value| !value.is_empty())
    }

    /// A field's value that may stand in angle brackets, as WARC 1.0 wrote addresses by mistake of its grammar.
    pub(super) fn address(&self, name: &str) -> Option<&str> {
        let value = self.get(name)?;
        Some(value.strip_prefix('<').and_then(|value| value.strip_suffix('>')).unwrap_or(value))
    }

    /// The block's length in bytes.
    pub(super) fn length(&self) -> Option<u64> {
        self.get("content-length")?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Head;

    #[test]
    fn reads_fields_in_any_case_with_folded_lines_and_brackets() {
        let head = Head::parse(
            b"WARC-Type: response\r\nwarc-target-uri: <https://arle.example/1>\r\nX: a\r\n b\nContent-Length: 12\nno field\n",
        );
        assert_eq!(head.get("warc-type"), Some("response"));
        assert_eq!(head.address("warc-target-uri"), Some("https://arle.example/1"));
        assert_eq!((head.get("x"), head.length(), head.get("y")), (Some("a b"), Some(12), None));
    }
}

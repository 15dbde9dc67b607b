//! Character references: `&amp;`, `&#8217;`, `&nbsp`.

/// The named references of the HTML standard (§13.5): a name as after the `&`, a tab, its characters; sorted.
const TABLE: &str = include_str!("../../data/references.txt");
/// Number of rows in `TABLE`.
const ROW_COUNT: usize = 2231;
/// Where each row begins, and where the last ends.
static ROWS: [u32; ROW_COUNT + 1] = rows();
/// Longest name, with its semicolon.
const NAME_BYTES_MAX: usize = 32;

/// What stands for the bytes 0x80 to 0x9f written as numbers: pages mean windows-1252.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// A reference at the beginning of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// How many bytes it takes.
    pub length: usize,
    /// What it stands for.
    pub first: char,
    /// A second character, which a few have.
    pub second: Option<char>,
}

/// Where a reference stands: in attributes, a name without semicolon may be part of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    Text,
    Attribute,
}

const fn rows() -> [u32; ROW_COUNT + 1] {
    let (bytes, mut starts) = (TABLE.as_bytes(), [0; ROW_COUNT + 1]);
    let (mut at, mut row) = (0, 1);
    while at < bytes.len() {
        if bytes[at] == b'\n' {
            starts[row] = at as u32 + 1;
            row += 1;
        }
        at += 1;
    }
    assert!(row == ROW_COUNT + 1, "every row ends in a line break");
    starts
}

/// A row's name and characters.
fn row(place: usize) -> (&'static str, &'static str) {
    let (start, end) = (ROWS[place] as usize, ROWS[place + 1] as usize - 1);
    TABLE
        .get(start..end)
        .and_then(|row| row.split_once('\t'))
        .expect("rows have a name, a tab and characters")
}

/// The reference that begins with the `&` at the start of these bytes; `None` where the `&` is itself.
pub(crate) fn reference(source: &[u8], within: Within) -> Option<Reference> {
    match source.get(1)? {
        b'#' => numbered(source),
        byte if byte.is_ascii_alphanumeric() => named(source, within),
        _ => None,
    }
}

fn numbered(source: &[u8]) -> Option<Reference> {
    let (from, radix) = if matches!(source.get(2), Some(b'x' | b'X')) { (3, 16) } else { (2, 10) };
    let mut value = 0u32;
    let mut at = from;
    while let Some(digit) = source.get(at).and_then(|byte| char::from(*byte).to_digit(radix)) {
        value = value.saturating_mul(radix).saturating_add(digit);
        at += 1;
    }
    if at == from {
        return None;
    }
    let first = match value {
        0x80..=0x9f => WINDOWS_1252[value as usize - 0x80],
        0 => char::REPLACEMENT_CHARACTER,
        _ => char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    let length = at + usize::from(source.get(at) == Some(&b';'));
    Some(Reference { length, first, second: None })
}

/// The longest name that is in the table.
fn named(source: &[u8], within: Within) -> Option<Reference> {
    let window = &source[1..source.len().min(1 + NAME_BYTES_MAX)];
    let letters = window.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let longest = letters + usize::from(window.get(letters) == Some(&b';'));
    let (name, characters) = (2..=longest).rev().find_map(|length| find(&window[..length]))?;
    if within == Within::Attribute
        && !name.ends_with(';')
        && source.get(1 + name.len()).is_some_and(|next| *next == b'=' || next.is_ascii_alphanumeric())
    {
        return None;
    }
    let mut characters = characters.chars();
    Some(Reference { length: 1 + name.len(), first: characters.next()?, second: characters.next() })
}

fn find(name: &[u8]) -> Option<(&'static str, &'static str)> {
    let (mut low, mut high) = (0, ROW_COUNT);
    while low < high {
        let middle = low.midpoint(high);
        let (known, characters) = row(middle);
        match known.as_bytes().cmp(name) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            // The one character that would break the table's lines.
            std::cmp::Ordering::Equal if characters == "\\n" => return Some((known, "\n")),
            std::cmp::Ordering::Equal => return Some((known, characters)),
        }
    }
    None
}

/// Appends text with its references resolved.
pub(crate) fn resolve(text: &str, within: Within, out: &mut String) {
    let mut rest = text;
    while let Some((before, _)) = rest.split_once('&') {
        out.push_str(before);
        let from = rest.get(before.len()..).unwrap_or_default();
        let length = match reference(from.as_bytes(), within) {
            Some(found) => {
                out.push(found.first);
                out.extend(found.second);
                found.length
            }
            None => {
                out.push('&');
                1
            }
        };
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::{ROW_COUNT, Within, resolve, row};

    fn text(source: &str) -> String {
        let mut out = String::new();
        resolve(source, Within::Text, &mut out);
        out
    }

    #[test]
    fn the_table_is_sorted() {
        for place in 1..ROW_COUNT {
            assert!(row(place - 1).0 < row(place).0, "{}", row(place).0);
        }
    }

    #[test]
    fn resolves_names_and_numbers() {
        assert_eq!(
            text("Ship &amp; quay &copy2022 &#8217;&#x2019;&#146; &NewLine;"),
            "Ship & quay ©2022 ’’’ \n"
        );
        assert_eq!(text("&notit; &notin; &NotEqualTilde;"), "¬it; ∉ ≂\u{338}");
        assert_eq!(text("&#0;&#xD800;&#99999999999;"), "\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(text("AT&T, &unknown; &#; &#x; &"), "AT&T, &unknown; &#; &#x; &");
    }

    #[test]
    fn addresses_keep_their_parameters() {
        let mut out = String::new();
        resolve("?a=1&copy=2&lt=3&reg&amp;b&para", Within::Attribute, &mut out);
        assert_eq!(out, "?a=1&copy=2&lt=3®&b¶");
    }
}

//! What an address says: the part of it that names something, and what stands behind the question mark, within limits.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;

use rashomon::archive::Query as Search;

use super::Problem;

/// Values that are looked at.
const VALUES_MAX: usize = 64;
/// Bytes that a value may have.
const VALUE_BYTES_MAX: usize = 1000;

/// Names and values, in the order given; empty values are left out.
#[derive(Clone, Debug, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// The last value of a name.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All values of a name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// A whole number, 0 or more.
    ///
    /// # Errors
    /// When it is none.
    pub fn number(&self, name: &str) -> Result<Option<i64>, Problem> {
        let parsed = |value: &str| value.parse::<i64>().ok().filter(|number| *number >= 0);
        match self.one(name) {
            None => Ok(None),
            Some(value) => parsed(value)
                .map(Some)
                .ok_or_else(|| Problem::request(format!("`{name}` is a whole number."))),
        }
    }

    /// What to search for: `q`, and any number of `name`, `speaker`, `outlet` and `kind`, `since`, `until`.
    pub fn search(&self) -> Search {
        let day = |name: &str| self.one(name).map(str::to_owned);
        Search {
            words: self.one("q").unwrap_or_default().to_owned(),
            names: self.all("name"),
            speakers: self.all("speaker"),
            outlets: self.all("outlet"),
            since: day("since"),
            until: day("until"),
            kinds: self.all("kind"),
        }
    }

    /// Names and values as they stood, one name left out: for the address of the next page.
    pub fn without(&self, name: &str) -> String {
        let kept = self.0.iter().filter(|(key, _)| key != name);
        kept.map(|(key, value)| format!("{}={}&", render::percent(key), render::percent(value))).collect()
    }
}

/// The part of an address that names something: an id, a name.
#[derive(Clone, Debug)]
pub struct Named {
    /// As it was before it was made part of an address.
    pub id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named, Problem> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(id)| Named { id })
            .map_err(|_| Problem::request("The address cannot be read as UTF-8."))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Parameters, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| Problem::request("What stands behind the question mark cannot be read."))?;
        if pairs.len() > VALUES_MAX || pairs.iter().any(|(_, value)| value.len() > VALUE_BYTES_MAX) {
            return Err(Problem::request(format!(
                "At most {VALUES_MAX} values of {VALUE_BYTES_MAX} bytes each are looked at."
            )));
        }
        Ok(Parameters(pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect()))
    }
}

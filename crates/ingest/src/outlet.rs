//! Who publishes: the outlets and agencies of `outlets/`, found by the address of a page or by name as printed.

use std::collections::BTreeMap;
use std::fmt;

use model::Article;
use serde::Deserialize;

use crate::words::plain;

/// The files of `outlets/`, a line of JSON each (packed by `build.rs`).
const BUILT_IN: &str = include_str!(concat!(env!("OUT_DIR"), "/outlets.jsonl"));
/// Longest name that is looked up, in bytes; a longer one is no outlet's.
const NAME_BYTES_MAX: usize = 200;

/// One who publishes, as its file in `outlets/` says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outlet {
    /// Country and file name: `gb/guardian`. Made from the file's place, whatever the file says.
    #[serde(default)]
    pub id: String,
    /// As its readers call it; where two share a name, the place stands in brackets: `The Standard (Kenya)`.
    pub name: String,
    /// Hosts under which it publishes, in lower case, without `www.`.
    pub domains: Vec<String>,
    /// The publisher group, where that is known: two outlets of one owner are one voice.
    pub owner: Option<String>,
    /// What it is.
    pub kind: OutletKind,
    /// BCP 47 code of the language that it mostly publishes in.
    pub language: String,
    /// How others credit it when they print its reports, besides its name: `AP`. Empty for most that are no agency.
    #[serde(default)]
    pub credits: Vec<String>,
    /// Other names that it is known by.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// What an outlet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutletKind {
    /// Others print its reports.
    Agency,
    /// Television or radio.
    Broadcaster,
    /// Printed, not daily.
    Magazine,
    /// Printed.
    Newspaper,
    /// None of these.
    Website,
}

/// Why a file is no outlet: a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutletError(String);

impl fmt::Display for OutletError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OutletError {}

/// All outlets that are known, with the ways to find them.
#[derive(Clone, Debug, Default)]
pub struct Outlets {
    outlets: Vec<Outlet>,
    by_domain: BTreeMap<String, usize>,
    by_name: BTreeMap<String, Named>,
    by_credit: BTreeMap<String, usize>,
}

/// Whom a name stands for.
#[derive(Clone, Copy, Debug)]
struct Named {
    /// `None` where several outlets have the name: it identifies none of them.
    outlet: Option<usize>,
    given: Given,
}

/// Where an outlet comes from; what a user gives stands before what is built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Given {
    BuiltIn,
    ByUser,
}

impl Outlets {
    /// Those of `outlets/`.
    pub fn built_in() -> Outlets {
        let mut outlets = Outlets::default();
        for line in BUILT_IN.lines() {
            let outlet: Outlet = serde_json::from_str(line).unwrap_or_else(|error| {
                panic!(
                    "outlets/ is built in and must be right: {error} in {line}; see outlets/_template.toml"
                )
            });
            outlets.insert(outlet, Given::BuiltIn);
        }
        outlets
    }

    /// Adds one from a file in the form of `outlets/_template.toml`. Its domains, names and credits are its own from
    /// now on, whoever had them before; among what a user gives, a name of two outlets stands for neither.
    ///
    /// # Errors
    /// When the text is not in that form.
    pub fn add(&mut self, id: &str, text: &str) -> Result<(), OutletError> {
        let mut outlet: Outlet =
            toml::from_str(text).map_err(|error| OutletError(format!("{id} is no outlet: {error}")))?;
        id.clone_into(&mut outlet.id);
        self.insert(outlet, Given::ByUser);
        Ok(())
    }

    fn insert(&mut self, outlet: Outlet, given: Given) {
        let place = self.outlets.len();
        for domain in &outlet.domains {
            self.by_domain.insert(domain.to_ascii_lowercase(), place);
        }
        // Without the place in brackets a name is what its readers see, and what it may share with others.
        let bare = outlet.name.rsplit_once(" (").map(|(bare, _)| bare);
        let names = [outlet.name.as_str()].into_iter().chain(bare);
        for name in names.chain(outlet.aliases.iter().chain(&outlet.credits).map(String::as_str)) {
            let new = Named { outlet: Some(place), given };
            let known = self.by_name.entry(folded(name)).or_insert(new);
            if known.given < given {
                *known = new;
            } else if known.outlet != Some(place) {
                known.outlet = None;
            }
        }
        let own = (outlet.kind == OutletKind::Agency).then_some(&outlet.name);
        for credit in outlet.credits.iter().chain(own) {
            self.by_credit.insert(folded(credit), place);
        }
        self.outlets.push(outlet);
    }

    /// Every outlet, as given.
    pub fn all(&self) -> &[Outlet] {
        &self.outlets
    }

    /// The outlet that publishes under a host, by the longest domain that the host ends in.
    pub fn by_host(&self, host: &str) -> Option<&Outlet> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let mut rest = Some(host.as_str());
        while let Some(domain) = rest {
            if let Some(&place) = self.by_domain.get(domain) {
                return Some(&self.outlets[place]);
            }
            rest = domain.split_once('.').map(|(_, rest)| rest);
        }
        None
    }

    /// The only outlet of that name, alias, credit or host, as printed.
    pub fn by_name(&self, name: &str) -> Option<&Outlet> {
        if name.len() > NAME_BYTES_MAX {
            return None;
        }
        match self.by_name.get(&folded(name)) {
            Some(named) => named.outlet.map(|place| &self.outlets[place]),
            None if name.contains('.') && !name.contains(' ') => self.by_host(name),
            None => None,
        }
    }

    /// The outlet that a credit in a report stands for: "AP", "the Associated Press".
    pub fn by_credit(&self, credit: &str) -> Option<&Outlet> {
        if credit.len() > NAME_BYTES_MAX {
            return None;
        }
        self.by_credit.get(&folded(credit)).map(|&place| &self.outlets[place])
    }

    /// Gives an article its address, where it has none, and what follows from it: outlet and owner.
    pub(crate) fn settle(&self, article: &mut Article, url: &str) {
        if article.url.is_some() {
            return;
        }
        let known = self.of(article.outlet.as_deref(), Some(url));
        article.owner = known.and_then(|outlet| outlet.owner.clone());
        article.outlet = article.outlet.take().or_else(|| known.map(|outlet| outlet.name.clone()));
        article.url = Some(url.to_owned());
    }

    /// Who published an article, by its outlet's name where that is given and known, else by its address: a page
    /// may show the report of another.
    pub(crate) fn of(&self, name: Option<&str>, url: Option<&str>) -> Option<&Outlet> {
        let host = url.and_then(host).and_then(|host| self.by_host(host));
        name.and_then(|name| self.by_name(name)).or(host)
    }
}

/// A name in the form in which names are compared: lower case, single spaces, no article before it.
fn folded(name: &str) -> String {
    let plain = plain(name);
    match plain.strip_prefix("the ") {
        Some(rest) => rest.to_owned(),
        None => plain,
    }
}

/// The host of an address.
pub(crate) fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    host.split(':').next().filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Outlets, host};

    fn add(outlets: &mut Outlets, name: &str, domain: &str, owner: &str) {
        let text = format!(
            "name = \"{name}\"\ndomains = [\"{domain}\"]\nowner = \"{owner}\"\nkind = \"newspaper\"\nlanguage = \"en\"\n"
        );
        outlets.add(domain, &text).unwrap();
    }

    #[test]
    fn what_is_built_in_is_right() {
        let outlets = Outlets::built_in();
        assert!(outlets.all().len() >= 200, "{} outlets are few", outlets.all().len());
        for outlet in outlets.all() {
            for domain in &outlet.domains {
                assert_eq!(outlets.by_host(domain), Some(outlet), "{domain} is held by two");
            }
            assert!(!outlet.domains.is_empty() && !outlet.language.is_empty(), "{}", outlet.id);
        }
        let folder = outlets.by_host("www.theguardian.com").unwrap();
        assert_eq!(
            (folder.id.as_str(), folder.owner.as_deref()),
            ("gb/guardian", Some("Guardian Media Group"))
        );
    }

    #[test]
    fn the_longest_domain_wins() {
        let mut outlets = Outlets::default();
        add(&mut outlets, "Arle Herald", "arle.example", "Arle Press");
        add(&mut outlets, "Arle Sport", "sport.arle.example", "Arle Press");
        let name = |host: &str| outlets.by_host(host).map(|outlet| outlet.name.as_str());
        assert_eq!(name("www.arle.example"), Some("Arle Herald"));
        assert_eq!(name("live.sport.ARLE.example."), Some("Arle Sport"));
        assert_eq!(name("notarle.example"), None);
        assert_eq!(name("example"), None);
    }

    #[test]
    fn a_name_of_two_outlets_stands_for_neither() {
        let mut outlets = Outlets::default();
        add(&mut outlets, "The Herald (Arle)", "arle.example", "Arle Press");
        add(&mut outlets, "The Herald (Selm)", "selm.example", "Selm Group");
        let owner = |name: Option<&str>, url: Option<&str>| {
            outlets.of(name, url).and_then(|outlet| outlet.owner.as_deref())
        };
        assert_eq!(owner(Some("The Herald"), None), None);
        assert_eq!(owner(Some("Herald (Selm)"), None), Some("Selm Group"));
        assert_eq!(owner(Some("The Herald"), Some("https://arle.example/1")), Some("Arle Press"));
        assert_eq!(owner(Some("The Herald (Selm)"), Some("https://arle.example/1")), Some("Selm Group"));
        assert_eq!(owner(Some("www.selm.example"), None), Some("Selm Group"));
    }

    #[test]
    fn what_a_user_gives_stands_before_what_is_built_in() {
        let mut outlets = Outlets::built_in();
        add(&mut outlets, "The Guardian", "theguardian.com", "Somebody Else");
        for found in [outlets.by_name("guardian"), outlets.by_host("theguardian.com")] {
            assert_eq!(found.unwrap().owner.as_deref(), Some("Somebody Else"));
        }
        let error = outlets.add("x/y", "name = 3").unwrap_err().to_string();
        assert!(error.starts_with("x/y is no outlet: "), "{error}");
    }

    #[test]
    fn agencies_are_known_by_their_credits() {
        let outlets = Outlets::built_in();
        let name = |credit: &str| outlets.by_credit(credit).map(|outlet| outlet.name.as_str());
        assert_eq!(name("AP"), Some("Associated Press"));
        assert_eq!(name("The Associated Press"), Some("Associated Press"));
        assert_eq!(name("Thomson Reuters"), Some("Reuters"));
        assert_eq!(name("The Guardian"), None);
    }

    #[test]
    fn hosts_are_cut_from_addresses() {
        assert_eq!(host("https://a:b@www.arle.example:8080/x?y"), Some("www.arle.example"));
        assert_eq!(host("https://arle.example?x"), Some("arle.example"));
        assert_eq!((host("arle.example/x"), host("file:///x")), (None, None));
    }
}

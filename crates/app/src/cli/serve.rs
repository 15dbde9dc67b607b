//! `rashomon serve`: the archive as pages and as a programming interface.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use app::watch::Hooks;
use clap::Args;

use crate::archive::ArchiveArguments;
use crate::cli::Outcome;
use crate::serve::{self, Key, Options};
use crate::web;

/// `rashomon serve`
#[derive(Debug, Args)]
pub struct ServeArguments {
    #[command(flatten)]
    archive: ArchiveArguments,
    /// Where to listen. Whoever can reach this address can read the archive
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8600")]
    listen: SocketAddr,
    /// Another name under which browsers may call this server, as behind a proxy; may be given again
    #[arg(long, value_name = "NAME[:PORT]")]
    host: Vec<String>,
    /// A file with a secret of 16 letters or more: whoever gives it may add to the archive. Without it nobody may
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Send each change that what is added here makes to this address, as JSON, in order; what is not taken is sent again
    /// later. May be given again
    #[arg(long, value_name = "URL", requires = "token_file")]
    webhook: Vec<String>,
    /// Let webhooks be on machines of private networks too (localhost, 10.…, 192.168.…)
    #[arg(long, requires = "webhook")]
    allow_private: bool,
}

/// Letters of the shortest secret: shorter ones are guessed.
const TOKEN_LENGTH_MIN: usize = 16;

/// Serves until it is stopped.
///
/// # Errors
/// When there is no archive, the secret is too short, or the address cannot be listened on.
pub fn run(arguments: &ServeArguments) -> anyhow::Result<Outcome> {
    let key = arguments.token_file.as_ref().map(|path| {
        let shown = path.display();
        let secret = std::fs::read_to_string(path)
            .with_context(|| format!("{shown} cannot be read. Name a file with a secret in it"))?;
        let secret = secret.trim();
        if secret.len() < TOKEN_LENGTH_MIN {
            anyhow::bail!("the secret in {shown} is shorter than {TOKEN_LENGTH_MIN} letters. Make it longer");
        }
        Ok(Key::new(secret))
    });
    let key = key.transpose()?;
    if key.is_some() && !arguments.archive.database.database.exists() {
        // Who may add may begin.
        drop(arguments.archive.open()?);
    }
    drop(arguments.archive.database.reader()?);
    serve::run(Options {
        archive: arguments.archive.clone(),
        listen: arguments.listen,
        hosts: arguments.host.clone(),
        key,
        hooks: Hooks::new(web::fetch_options(arguments.allow_private), arguments.webhook.clone()),
    })?;
    Ok(Outcome::Done)
}

//! Writes the pages of a folder into an archive: `cargo run -p ingest --example write_warc -- FOLDER OUT.warc.gz`
//!
//! `evals/warcio_round.py` reads it with warcio.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "an example is a program")]

use std::fs;
use std::io;
use std::path::PathBuf;

use ingest::{WarcWriter, WriteRecord};

fn main() -> io::Result<()> {
    let mut words = std::env::args().skip(1);
    let (Some(folder), Some(out)) = (words.next(), words.next()) else {
        return Err(io::Error::other("usage: write_warc FOLDER OUT.warc[.gz]"));
    };
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    paths.sort();
    let file = io::BufWriter::new(fs::File::create(&out)?);
    let mut writer = if out.ends_with(".gz") { WarcWriter::gzip(file) } else { WarcWriter::plain(file) };
    let mut count = 0;
    for (number, path) in
        paths.iter().filter(|path| path.extension().is_some_and(|end| end == "html")).enumerate()
    {
        let page = fs::read(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n", page.len());
        let block = [head.as_bytes(), &page].concat();
        writer.write(&WriteRecord {
            kind: "response",
            id: &format!("urn:uuid:00000000-0000-4000-8000-{number:012}"),
            date: "2024-01-01T00:00:00Z",
            target: Some(&format!("https://pages.example/{name}")),
            media_type: "application/http; msgtype=response",
            fields: &[],
            block: &block,
        })?;
        count += 1;
    }
    writer.finish()?;
    println!("{count} pages in {out}");
    Ok(())
}

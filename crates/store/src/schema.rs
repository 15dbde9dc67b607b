//! Opening a database: its settings, its schema, and who may write.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::Error;

/// The schema, step by step; `user_version` counts the steps that were taken.
const MIGRATIONS: &[&str] =
    &[include_str!("migrations/1.sql"), include_str!("migrations/2.sql"), include_str!("migrations/3.sql")];
/// How long a statement waits for another process before it gives up.
const BUSY_SECONDS: u64 = 10;
/// Pages kept in memory by one connection, in KiB.
const CACHE_KIB: i64 = 16 << 10;
/// Bytes that the log may keep after its pages were moved into the database.
const LOG_BYTES_MAX: i64 = 64 << 20;

/// Opens the database for its one writer, and makes it when there is none.
pub(crate) fn open_to_write(path: &Path) -> Result<(Connection, File), Error> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| Error::disk(folder, error))?;
    }
    let lock = lock(path)?;
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES_MAX)?;
    connection.pragma_update(None, "cache_size", -4 * CACHE_KIB)?;
    migrate(path, &mut connection)?;
    Ok((connection, lock))
}

/// Opens the database for a reader, beside others and beside the writer.
pub(crate) fn open_to_read(path: &Path) -> Result<Connection, Error> {
    if !path.is_file() {
        let error = std::io::Error::new(std::io::ErrorKind::NotFound, "there is no archive");
        return Err(Error::disk(path, error));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(Error::newer(path, found, known));
    }
    if found < known {
        return Err(Error::outdated(path, &format!("schema {found}"), &format!("schema {known}")));
    }
    Ok(connection)
}

/// Takes the lock that only one process has; it is let go when the file is closed, also by a kill.
pub(crate) fn lock(path: &Path) -> Result<File, Error> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = Path::new(&name);
    let file = File::create(name).map_err(|error| Error::disk(name, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::in_use(path)),
        Err(std::fs::TryLockError::Error(error)) => Err(Error::disk(name, error)),
    }
}

fn migrate(path: &Path, connection: &mut Connection) -> Result<(), Error> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(Error::newer(path, found, known));
    }
    for (number, step) in MIGRATIONS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number as i64 + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{open_to_read, open_to_write};

    #[test]
    fn one_writes_many_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/a.db");
        assert!(open_to_read(&path).is_err());
        let (writer, lock) = open_to_write(&path).unwrap();
        assert!(open_to_write(&path).unwrap_err().is_in_use());
        let reader = open_to_read(&path).unwrap();
        assert!(reader.execute("DELETE FROM facts", []).is_err());
        drop((writer, lock));
        open_to_write(&path).unwrap();
    }

    #[test]
    fn a_newer_schema_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let (writer, lock) = open_to_write(&path).unwrap();
        writer.pragma_update(None, "user_version", 99).unwrap();
        drop((writer, lock));
        assert!(open_to_write(&path).unwrap_err().to_string().contains("schema 99"));
        assert!(open_to_read(&path).is_err());
    }
}

-- Articles that the user leaves out, feeds that are watched, and the pages that they have named.

ALTER TABLE articles ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;

-- How each feed has fared, and what it is asked with next time. Times are ISO 8601 in UTC.
CREATE TABLE feeds (
    url             TEXT PRIMARY KEY,
    title           TEXT,
    asked_count     INTEGER NOT NULL DEFAULT 0,
    changed_count   INTEGER NOT NULL DEFAULT 0,
    failed_count    INTEGER NOT NULL DEFAULT 0,
    failed_in_a_row INTEGER NOT NULL DEFAULT 0,
    answered_at     TEXT,
    changed_at      TEXT,
    failure         TEXT,
    pause_seconds   INTEGER,
    next_at         TEXT,
    answered_from   TEXT,
    etag            TEXT,
    modified        TEXT
) STRICT, WITHOUT ROWID;

-- Every page that a feed has named, so that none is fetched twice. `state`: 0 it waits, 1 it is in, 2 it was given up.
CREATE TABLE pages (
    url     TEXT PRIMARY KEY,
    feed    TEXT NOT NULL,
    version TEXT,
    met_at  TEXT NOT NULL,
    next_at TEXT NOT NULL,
    state   INTEGER NOT NULL DEFAULT 0,
    tries   INTEGER NOT NULL DEFAULT 0,
    failure TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX pages_waiting ON pages (next_at) WHERE state = 0;
CREATE INDEX pages_of_feed ON pages (feed, state);

CREATE INDEX inputs_of_name ON inputs (name);

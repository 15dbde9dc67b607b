-- What was read, what was found in it, and what to tell. The words of reports stand once, in `texts`.

CREATE TABLE facts (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: the number of the last change in the archive.
CREATE TABLE changes (
    last INTEGER NOT NULL
) STRICT;
INSERT INTO changes (last) VALUES (0);

-- One row an input. Its bytes lie beside the database, under their digest. `done` is 0 until its last article is in.
CREATE TABLE inputs (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    base          TEXT NOT NULL,
    sha256        TEXT NOT NULL,
    size          INTEGER NOT NULL,
    added_at      TEXT NOT NULL,
    done          INTEGER NOT NULL DEFAULT 0,
    refusal       TEXT,
    article_count INTEGER NOT NULL DEFAULT 0,
    UNIQUE (sha256, base)
) STRICT;
CREATE INDEX inputs_unfinished ON inputs (id) WHERE done = 0;

CREATE TABLE skipped (
    input  INTEGER NOT NULL REFERENCES inputs,
    part   TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX skipped_of ON skipped (input);

CREATE TABLE outlets (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE
) STRICT;

-- `sequence` grows with every change in the archive.
CREATE TABLE stories (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    sequence      INTEGER NOT NULL UNIQUE,
    changed_at    TEXT NOT NULL,
    stale         INTEGER NOT NULL DEFAULT 0,
    article_count INTEGER NOT NULL,
    summary       BLOB,
    findings      BLOB
) STRICT;
CREATE INDEX stories_stale ON stories (id) WHERE stale = 1;

-- Ids that a story had before: an earlier report gave it another one, or it was taken over. Links to them still lead on.
CREATE TABLE former_ids (
    name  TEXT PRIMARY KEY,
    story INTEGER NOT NULL REFERENCES stories ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX former_ids_of ON former_ids (story);

-- How many articles asked for an id: the second `a` is called `a#2`.
CREATE TABLE ids (
    given TEXT PRIMARY KEY,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE articles (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    input     INTEGER NOT NULL REFERENCES inputs,
    place     INTEGER NOT NULL,
    outlet    INTEGER REFERENCES outlets,
    url       TEXT,
    published TEXT,
    story     INTEGER REFERENCES stories,
    compared  INTEGER NOT NULL DEFAULT 0,
    page      BLOB NOT NULL,
    UNIQUE (input, place)
) STRICT;
CREATE INDEX articles_of_story ON articles (story);
CREATE INDEX articles_of_url ON articles (url) WHERE url IS NOT NULL;
CREATE INDEX articles_of_outlet ON articles (outlet);

-- What only comparing and grouping need, apart from what is shown.
CREATE TABLE readings (
    article    INTEGER PRIMARY KEY REFERENCES articles,
    statements BLOB NOT NULL,
    memo       BLOB NOT NULL
) STRICT;

-- Who speaks, article by article, for the page of a speaker.
CREATE TABLE speakers (
    name    TEXT NOT NULL COLLATE NOCASE,
    article INTEGER NOT NULL REFERENCES articles,
    count   INTEGER NOT NULL,
    PRIMARY KEY (name, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX speakers_in ON speakers (article);

-- Which article takes a side in which kind of discrepancy.
CREATE TABLE sides (
    article INTEGER NOT NULL REFERENCES articles,
    kind    TEXT NOT NULL,
    PRIMARY KEY (article, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE texts (
    article  INTEGER PRIMARY KEY REFERENCES articles,
    body     TEXT NOT NULL,
    names    TEXT NOT NULL,
    speakers TEXT NOT NULL,
    keys     TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (
    body, names, speakers, keys,
    content = 'texts', content_rowid = 'article',
    tokenize = "porter unicode61 remove_diacritics 2"
);
CREATE TRIGGER texts_added AFTER INSERT ON texts BEGIN
    INSERT INTO search (rowid, body, names, speakers, keys)
    VALUES (new.article, new.body, new.names, new.speakers, new.keys);
END;
CREATE TRIGGER texts_removed AFTER DELETE ON texts BEGIN
    INSERT INTO search (search, rowid, body, names, speakers, keys)
    VALUES ('delete', old.article, old.body, old.names, old.speakers, old.keys);
END;
CREATE TRIGGER texts_changed AFTER UPDATE ON texts BEGIN
    INSERT INTO search (search, rowid, body, names, speakers, keys)
    VALUES ('delete', old.article, old.body, old.names, old.speakers, old.keys);
    INSERT INTO search (rowid, body, names, speakers, keys)
    VALUES (new.article, new.body, new.names, new.speakers, new.keys);
END;

-- What the desk was told. Written in the transaction that changes the story: never lost, never twice.
CREATE TABLE events (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       TEXT NOT NULL,
    story    TEXT NOT NULL,
    headline TEXT NOT NULL,
    event    BLOB NOT NULL
) STRICT;
CREATE INDEX events_of_story ON events (story);

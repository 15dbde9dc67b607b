-- The day by which an article finds its story, counted in days of the Gregorian calendar; none where it has no date. And
-- its headline, for lists of articles.

ALTER TABLE readings ADD COLUMN day INTEGER;
CREATE INDEX readings_of_day ON readings (day);
ALTER TABLE articles ADD COLUMN headline TEXT;

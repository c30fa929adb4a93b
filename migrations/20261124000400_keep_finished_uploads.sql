-- Whoever asks after an upload whose last answer was lost is told that all of it came, until it expires.
alter table uploads add column kept_at timestamptz;

-- The session at Clerk that a session here came from: where Clerk ends that one, this one ends.
alter table sessions add column clerk_session_id text;
create index sessions_clerk_session_id_idx on sessions (clerk_session_id) where clerk_session_id is not null;

-- Local accounts and sessions. The secret in the cookie is never stored, only its SHA-256.

create table credentials (
  user_id uuid not null,
  email text not null,
  password_hash text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint credentials_pkey primary key (user_id),
  constraint credentials_user_id_fkey foreign key (user_id) references users on delete cascade
);
-- The seed's users.email is not unique, for accounts are never joined by it; what a person signs in with must be.
create unique index credentials_email_key on credentials (lower(email));

create table sessions (
  id_hash bytea not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint sessions_pkey primary key (id_hash),
  constraint sessions_user_id_fkey foreign key (user_id) references users on delete cascade
);
create index sessions_user_id_idx on sessions (user_id);
create index sessions_expires_at_idx on sessions (expires_at);

create trigger credentials_set_updated_at before update on credentials for each row execute function set_updated_at();

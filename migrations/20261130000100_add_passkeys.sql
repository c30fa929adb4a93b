-- Passkeys (W3C Web Authentication): what an account is signed in to by, besides or instead of a password. Of a key
-- there is the public half alone: what is stored here lets nobody in.
create table passkeys (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  -- What its person calls it.
  name text not null,
  -- By what its device names it.
  credential_id bytea not null,
  -- The public key, and how often the device says that it was used.
  credential jsonb not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  constraint passkeys_pkey primary key (id),
  constraint passkeys_credential_id_key unique (credential_id),
  constraint passkeys_user_id_fkey foreign key (user_id) references users on delete cascade
);
create index passkeys_user_id_idx on passkeys (user_id);

-- What a device was asked and has not answered yet. The secret is with the browser alone, here is its SHA-256.
create table passkey_ceremonies (
  id_hash bytea not null,
  -- Whose account gets a passkey; none where somebody signs in, of whom nothing is known before the answer.
  user_id uuid,
  state jsonb not null,
  expires_at timestamptz not null,
  constraint passkey_ceremonies_pkey primary key (id_hash),
  constraint passkey_ceremonies_user_id_fkey foreign key (user_id) references users on delete cascade
);
create index passkey_ceremonies_user_id_idx on passkey_ceremonies (user_id);
create index passkey_ceremonies_expires_at_idx on passkey_ceremonies (expires_at);

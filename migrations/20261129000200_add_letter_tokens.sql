-- What a letter lets its reader do once: the secret is in the letter alone, here is its SHA-256.
create table letter_tokens (
  id_hash bytea not null,
  user_id uuid not null,
  purpose text not null,
  -- The address that the letter went to: what it shows holds for no other.
  email text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint letter_tokens_pkey primary key (id_hash),
  constraint letter_tokens_user_id_fkey foreign key (user_id) references users on delete cascade,
  constraint letter_tokens_purpose_check check (purpose in ('confirm', 'sign_in', 'reset'))
);
create index letter_tokens_user_id_idx on letter_tokens (user_id);
create index letter_tokens_expires_at_idx on letter_tokens (expires_at);

-- By what its person knows a session, without its secret.
alter table sessions add column id uuid not null default gen_random_uuid();
alter table sessions add column user_agent text;
alter table sessions add constraint sessions_id_key unique (id);

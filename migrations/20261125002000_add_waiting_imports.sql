-- Courses that an admin sent as a zip file, unpacked in the data folder until they are imported, given up, or expire.
create table waiting_imports (
  id uuid not null,
  user_id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint waiting_imports_pkey primary key (id),
  constraint waiting_imports_user_id_fkey foreign key (user_id) references users on delete cascade
);
create index waiting_imports_user_id_idx on waiting_imports (user_id);
create index waiting_imports_expires_at_idx on waiting_imports (expires_at);

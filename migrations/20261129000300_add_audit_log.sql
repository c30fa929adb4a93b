-- What admins did to people, and with whose rights. Rows are added and never changed: not by the application's role, which
-- has no right to, and not by the owner's by mistake either. Ids of people are kept without a key, so that the log says
-- the same after they are gone.
create table audit_log (
  id bigint generated always as identity,
  at timestamptz not null default now(),
  -- None where it was done at the command line.
  actor_id uuid,
  act text not null,
  subject_id uuid,
  detail text not null default '',
  constraint audit_log_pkey primary key (id)
);
create index audit_log_subject_id_idx on audit_log (subject_id);

create function refuse_change() returns trigger
language plpgsql as $$
begin
  raise exception 'rows of % are added and never changed', tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger audit_log_append_only before update or delete on audit_log
for each row execute function refuse_change();
create trigger audit_log_keep_all before truncate on audit_log
for each statement execute function refuse_change();

-- Whoever is suspended keeps all that is theirs, and cannot sign in.
alter table users add column suspended_at timestamptz;

-- Links by which somebody becomes an admin, each good once.
create table invitations (
  id uuid not null default gen_random_uuid(),
  id_hash bytea not null,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '3 days',
  constraint invitations_pkey primary key (id),
  constraint invitations_id_hash_key unique (id_hash),
  constraint invitations_created_by_fkey foreign key (created_by) references users on delete cascade
);

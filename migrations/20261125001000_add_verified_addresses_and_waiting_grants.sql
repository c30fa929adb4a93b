-- An address that was shown to be its person's, by an identity provider or by the author's word. Two people cannot both
-- be it; addresses that somebody merely typed may repeat, and join nobody to anything.
alter table users add column email_verified_at timestamptz;
create unique index users_verified_email_key on users (lower(email)) where email_verified_at is not null;
create index users_email_idx on users (lower(email));

-- Grants for somebody who is not there yet. One becomes a course_grants row when its address is verified.
create table waiting_grants (
  id uuid not null default gen_random_uuid(),
  email text not null,
  course_id uuid not null,
  granted_by uuid,
  note text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint waiting_grants_pkey primary key (id),
  constraint waiting_grants_course_id_fkey foreign key (course_id) references courses on delete cascade,
  constraint waiting_grants_granted_by_fkey foreign key (granted_by) references users on delete set null
);
create unique index waiting_grants_email_course_id_key on waiting_grants (lower(email), course_id);
create index waiting_grants_course_id_idx on waiting_grants (course_id);
create trigger waiting_grants_set_updated_at before update on waiting_grants for each row execute function set_updated_at();

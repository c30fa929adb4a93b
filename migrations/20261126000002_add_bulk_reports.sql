-- What became of many files that an admin sent at once: kept for a day, so that the page that says it can be read again
-- without sending them again.
create table bulk_reports (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  section_id uuid not null,
  report jsonb not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint bulk_reports_pkey primary key (id),
  constraint bulk_reports_user_id_fkey foreign key (user_id) references users on delete cascade,
  constraint bulk_reports_section_id_fkey foreign key (section_id) references course_sections on delete cascade
);
create index bulk_reports_user_id_idx on bulk_reports (user_id);
create index bulk_reports_section_id_idx on bulk_reports (section_id);
create index bulk_reports_expires_at_idx on bulk_reports (expires_at);

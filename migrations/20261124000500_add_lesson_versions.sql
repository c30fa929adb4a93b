-- Every state of a lesson's text that was saved. The newest one is what the lesson is.
create table lesson_versions (
  id uuid not null default gen_random_uuid(),
  lesson_id uuid not null,
  author_id uuid,
  name text not null,
  markdown text,
  video_url text,
  created_at timestamptz not null default clock_timestamp(),
  constraint lesson_versions_pkey primary key (id),
  constraint lesson_versions_lesson_id_fkey foreign key (lesson_id) references lessons on delete cascade,
  constraint lesson_versions_author_id_fkey foreign key (author_id) references users on delete set null
);
create index lesson_versions_lesson_id_created_at_idx on lesson_versions (lesson_id, created_at desc);
create index lesson_versions_author_id_idx on lesson_versions (author_id);

-- A learner's own words on a lesson, for nobody else.
create table lesson_notes (
  user_id uuid not null,
  lesson_id uuid not null,
  body text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint lesson_notes_pkey primary key (user_id, lesson_id),
  constraint lesson_notes_user_id_fkey foreign key (user_id) references users on delete cascade,
  constraint lesson_notes_lesson_id_fkey foreign key (lesson_id) references lessons on delete cascade
);
create index lesson_notes_lesson_id_idx on lesson_notes (lesson_id);
create trigger lesson_notes_set_updated_at before update on lesson_notes for each row execute function set_updated_at();

-- Where a learner left a lesson's video.
create table lesson_positions (
  user_id uuid not null,
  lesson_id uuid not null,
  seconds integer not null constraint lesson_positions_seconds_check check (seconds >= 0),
  updated_at timestamptz not null default now(),
  constraint lesson_positions_pkey primary key (user_id, lesson_id),
  constraint lesson_positions_user_id_fkey foreign key (user_id) references users on delete cascade,
  constraint lesson_positions_lesson_id_fkey foreign key (lesson_id) references lessons on delete cascade
);
create index lesson_positions_lesson_id_idx on lesson_positions (lesson_id);

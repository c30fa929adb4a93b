alter table lessons add column video_url text;

-- Written once, when a course first reaches 100 %: lessons added later leave it.
create table course_completions (
  user_id uuid not null,
  course_id uuid not null,
  completed_at timestamptz not null default now(),
  constraint course_completions_pkey primary key (user_id, course_id),
  constraint course_completions_user_id_fkey foreign key (user_id) references users on delete cascade,
  constraint course_completions_course_id_fkey foreign key (course_id) references courses on delete cascade
);
create index course_completions_course_id_idx on course_completions (course_id);

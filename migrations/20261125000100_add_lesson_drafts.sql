-- What somebody wrote into a lesson's form and has not saved yet: one draft a person, kept while they type.
create table lesson_drafts (
  lesson_id uuid not null,
  user_id uuid not null,
  -- The fields of the form as they were typed.
  form jsonb not null,
  -- The lesson's version that was being edited, and its text then, where it was that version when the draft was begun.
  version text not null,
  base text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint lesson_drafts_pkey primary key (lesson_id, user_id),
  constraint lesson_drafts_lesson_id_fkey foreign key (lesson_id) references lessons on delete cascade,
  constraint lesson_drafts_user_id_fkey foreign key (user_id) references users on delete cascade
);
create index lesson_drafts_user_id_idx on lesson_drafts (user_id);
create trigger lesson_drafts_set_updated_at before update on lesson_drafts for each row execute function set_updated_at();

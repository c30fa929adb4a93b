-- Captions of a lesson's video, as the WebVTT that is handed out: one file a language.
create table lesson_captions (
  id uuid not null default gen_random_uuid(),
  lesson_id uuid not null,
  language text not null,
  vtt text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint lesson_captions_pkey primary key (id),
  constraint lesson_captions_lesson_id_fkey foreign key (lesson_id) references lessons on delete cascade,
  constraint lesson_captions_lesson_id_language_key unique (lesson_id, language)
);
create trigger lesson_captions_set_updated_at before update on lesson_captions for each row execute function set_updated_at();

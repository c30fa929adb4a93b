create type lesson_file_kind as enum ('video', 'picture', 'attachment');

-- What was uploaded to a lesson. The bytes are in the store under the row's id, whole before the row is written.
create table lesson_files (
  id uuid not null,
  lesson_id uuid not null,
  kind lesson_file_kind not null,
  name text not null,
  content_type text not null,
  bytes bigint not null,
  created_at timestamptz not null default now(),
  constraint lesson_files_pkey primary key (id),
  constraint lesson_files_lesson_id_fkey foreign key (lesson_id) references lessons on delete cascade,
  constraint lesson_files_lesson_id_name_key unique (lesson_id, name),
  constraint lesson_files_bytes_check check (bytes >= 0)
);
create unique index lesson_files_video_key on lesson_files (lesson_id) where kind = 'video';

-- Uploads under way (tus 1.0). How much has come, the file in the data folder says by its length.
create table uploads (
  id uuid not null default gen_random_uuid(),
  lesson_id uuid not null,
  name text not null,
  language text,
  bytes bigint not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint uploads_pkey primary key (id),
  constraint uploads_lesson_id_fkey foreign key (lesson_id) references lessons on delete cascade,
  constraint uploads_bytes_check check (bytes >= 0)
);
create index uploads_lesson_id_idx on uploads (lesson_id);
create index uploads_expires_at_idx on uploads (expires_at);

-- Keys that every server process of the site shares, made at the first start.
create table site_secrets (
  name text not null,
  value bytea not null,
  created_at timestamptz not null default now(),
  constraint site_secrets_pkey primary key (name)
);

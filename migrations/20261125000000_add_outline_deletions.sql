-- What was deleted from an outline can be had again for a while: its rows wait here, and nothing else sees them.
create table outline_deletions (
  id uuid not null,
  course_id uuid not null,
  author_id uuid,
  -- What was deleted, in words: one name, and how many rows went with it.
  name text not null,
  sections integer not null,
  lessons integer not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  restored_at timestamptz,
  constraint outline_deletions_pkey primary key (id),
  constraint outline_deletions_course_id_fkey foreign key (course_id) references courses on delete cascade,
  constraint outline_deletions_author_id_fkey foreign key (author_id) references users on delete set null
);
create index outline_deletions_course_id_idx on outline_deletions (course_id);
create index outline_deletions_author_id_idx on outline_deletions (author_id);
create index outline_deletions_expires_at_idx on outline_deletions (expires_at);

create table deleted_rows (
  deletion_id uuid not null,
  relation text not null,
  data jsonb not null,
  constraint deleted_rows_deletion_id_fkey foreign key (deletion_id) references outline_deletions on delete cascade
);
create index deleted_rows_deletion_id_relation_idx on deleted_rows (deletion_id, relation);
-- Their bytes wait with them.
create index deleted_rows_file_idx on deleted_rows ((data ->> 'id')) where relation = 'lesson_files';

-- Whoever looks at a course's outline is told that it changed, whichever server and whoever changed it. The payload is
-- the course, a blank, and what the transaction says of its author.
create function tell_sections_changed() returns trigger
language plpgsql as $$
begin
  perform pg_notify('outline', c.course_id || ' ' || coalesce(current_setting('lectern.author', true), ''))
  from (select distinct course_id from changed) c;
  return null;
end
$$;

create function tell_lessons_changed() returns trigger
language plpgsql as $$
begin
  perform pg_notify('outline', c.course_id || ' ' || coalesce(current_setting('lectern.author', true), ''))
  from (select distinct s.course_id from changed l join course_sections s on s.id = l.section_id) c;
  return null;
end
$$;

-- A text that is saved changes no outline. A lesson that goes to another course is missed in the one that it left.
create function tell_lessons_moved() returns trigger
language plpgsql as $$
begin
  perform pg_notify('outline', c.course_id || ' ' || coalesce(current_setting('lectern.author', true), ''))
  from (
    select distinct s.course_id
    from changed l
    join was on was.id = l.id
    join course_sections s on s.id in (l.section_id, was.section_id)
    where (l.name, l.status, l."order", l.section_id) <> (was.name, was.status, was."order", was.section_id)
  ) c;
  return null;
end
$$;

create trigger course_sections_tell_insert after insert on course_sections
  referencing new table as changed for each statement execute function tell_sections_changed();
create trigger course_sections_tell_update after update on course_sections
  referencing new table as changed for each statement execute function tell_sections_changed();
create trigger course_sections_tell_delete after delete on course_sections
  referencing old table as changed for each statement execute function tell_sections_changed();
create trigger lessons_tell_insert after insert on lessons
  referencing new table as changed for each statement execute function tell_lessons_changed();
create trigger lessons_tell_update after update on lessons
  referencing old table as was new table as changed for each statement execute function tell_lessons_moved();
create trigger lessons_tell_delete after delete on lessons
  referencing old table as changed for each statement execute function tell_lessons_changed();

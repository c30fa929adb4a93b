-- How far a text was read, in thousandths of its height, and which seconds of the video were really played.
alter table lesson_positions
  add column read integer not null default 0 constraint lesson_positions_read_check check (read between 0 and 1000),
  add column played int4multirange not null default '{}';

-- Whether a lesson is completed by itself once nearly all of its video was played.
alter table lessons add column completes_by_watching boolean not null default true;

-- The lessons that people with access see: the rest is absent for them, by name, by number and by id.
create view visible_lessons as
select l.id, s.course_id
from lessons l
join course_sections s on s.id = l.section_id
where s.status = 'public' and l.status <> 'private';

-- What lessons and their sections are called to somebody who had to do with them, whatever became of them since.
create view lesson_labels as
select l.id, case when v.id is not null then l.name else 'A lesson that is hidden' end as lesson,
  case when s.status = 'public' then s.name else 'A section that is hidden' end as section
from lessons l
join course_sections s on s.id = l.section_id
left join visible_lessons v on v.id = l.id;

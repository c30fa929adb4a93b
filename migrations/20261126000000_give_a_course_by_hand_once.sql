-- A person has a course by hand once or not at all: with two, taking back the one that is seen would take nothing away.
-- Of those that there are twice the first stays; what it gave, the others gave again.
update course_grants g
set revoked_at = now()
where g.purchase_id is null and g.revoked_at is null and exists (
  select
  from course_grants other
  where other.user_id = g.user_id and other.course_id = g.course_id and other.purchase_id is null
    and other.revoked_at is null and (other.created_at, other.id) < (g.created_at, g.id)
);
create unique index course_grants_by_hand_key on course_grants (user_id, course_id)
where purchase_id is null and revoked_at is null;

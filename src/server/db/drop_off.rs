use super::Db;
use crate::domain::drop_off::{DropOff, LessonReach};
use crate::domain::id::{CourseId, LessonId};
use crate::server::auth::Admin;

/// How many of a course's learners got at least as far as each lesson: one statement, which reads each completion once
/// and adds up from the last lesson to the first.
pub async fn read(db: &Db, _: &Admin, course: CourseId) -> sqlx::Result<Option<DropOff>> {
    let rows = sqlx::query!(
        r#"with ordered as (
          select l.id, l.name, s.name as section, row_number() over (order by s."order", l."order") as place
          from lessons l
          join course_sections s on s.id = l.section_id
          where s.course_id = $1 and s.status = 'public' and l.status <> 'private'
        ), furthest as (
          select u.user_id, max(o.place) as place
          from user_lesson_complete u
          join ordered o on o.id = u.lesson_id
          join user_course_access a on a.user_id = u.user_id and a.course_id = $1
          group by u.user_id
        ), ends as (
          select place, count(*) as learners from furthest group by place
        )
        select c.title, (select count(*) from user_course_access a where a.course_id = c.id) as "learners!",
          o.id as "id?: LessonId", o.name as "name?", o.section as "section?",
          (sum(coalesce(e.learners, 0)) over (order by o.place desc))::bigint as "reached!"
        from courses c
        left join ordered o on true
        left join ends e on e.place = o.place
        where c.id = $1
        order by o.place"#,
        course as CourseId
    )
    .fetch_all(db.pool())
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let (title, learners) = (first.title.clone(), first.learners);
    let lessons = rows.into_iter().filter_map(|row| {
        Some(LessonReach { id: row.id?, section: row.section?, name: row.name?, reached: row.reached })
    });
    Ok(Some(DropOff { title, learners, lessons: lessons.collect() }))
}

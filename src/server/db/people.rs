//! The roster. Its order is one question and what it shows of people another, so that a page asks the second for its
//! own rows alone, and an export takes the order once and then a part of the rows at a time.

use super::Db;
use crate::domain::id::{CourseId, UserId};
use crate::domain::people::{PeopleFilter, PeopleSort, PersonRow, Place, Sources};
use crate::domain::progress::Progress;
use crate::domain::user::Role;
use crate::server::auth::Admin;
use uuid::Uuid;

/// A person's place in the order, and how many people there are in it.
pub struct Standing {
    pub id: UserId,
    pub words: String,
    pub number: i64,
    pub total: i64,
}

impl Standing {
    pub fn place(&self) -> Place {
        Place { words: self.words.clone(), number: self.number, id: self.id }
    }
}

/// What an order compares, and 1 or -1 for the way that it runs.
fn key(sort: PeopleSort) -> (&'static str, i64) {
    match sort {
        PeopleSort::Name => ("name", 1),
        PeopleSort::Furthest => ("progress", -1),
        PeopleSort::Least => ("progress", 1),
        PeopleSort::Latest => ("active", -1),
        PeopleSort::Quietest => ("active", 1),
        PeopleSort::Joined => ("joined", -1),
    }
}

/// The people of a filter in its order, from after a place on; all of them where there is no limit. Completions and
/// positions of everybody are read only for the orders that compare them.
pub async fn order(
    db: &Db,
    _: &Admin,
    filter: &PeopleFilter,
    after: Option<&Place>,
    limit: Option<i64>,
) -> sqlx::Result<Vec<Standing>> {
    let (key, way) = key(filter.sort);
    sqlx::query_as!(
        Standing,
        r#"with possible as (
          select a.user_id, sum(v.lessons) as lessons
          from user_course_access a
          join (
            select s.course_id, count(*) as lessons
            from lessons l
            join course_sections s on s.id = l.section_id
            where s.status = 'public' and l.status <> 'private' and ($1::uuid is null or s.course_id = $1)
            group by s.course_id
          ) v on v.course_id = a.course_id
          where $3::text = 'progress'
          group by a.user_id
        ), done as (
          select c.user_id, sum(c.lessons) as lessons
          from (
            select u.user_id, s.course_id, count(*) as lessons
            from user_lesson_complete u
            join lessons l on l.id = u.lesson_id
            join course_sections s on s.id = l.section_id
            where $3 = 'progress' and s.status = 'public' and l.status <> 'private'
              and ($1 is null or s.course_id = $1)
            group by u.user_id, s.course_id
          ) c
          join user_course_access a on a.user_id = c.user_id and a.course_id = c.course_id
          group by c.user_id
        ), asked as (
          select l.id from lessons l join course_sections s on s.id = l.section_id where s.course_id = $1
        ), active as (
          select t.user_id, max(t.at) as at
          from (
            select u.user_id, max(u.created_at) as at
            from user_lesson_complete u
            where $3 = 'active' and ($1 is null or u.lesson_id in (select id from asked))
            group by u.user_id
            union all
            select p.user_id, max(p.updated_at)
            from lesson_positions p
            where $3 = 'active' and ($1 is null or p.lesson_id in (select id from asked))
            group by p.user_id
          ) t
          group by t.user_id
        ), people as (
          select u.id, count(*) over () as total,
            case $3 when 'name' then lower(u.name) else '' end as words,
            $4::bigint * case $3
              when 'progress' then coalesce(1000000 * d.lessons / p.lessons, 0)::bigint
              when 'active' then coalesce(extract(epoch from a.at) * 1000000, 0)::bigint
              when 'joined' then (extract(epoch from u.created_at) * 1000000)::bigint
              else 0
            end as number
          from users u
          left join possible p on p.user_id = u.id
          left join done d on d.user_id = u.id
          left join active a on a.user_id = u.id
          where u.deleted_at is null
            and ($1 is null or exists (select from user_course_access g where g.user_id = u.id and g.course_id = $1))
            and ($2::text = '' or strpos(lower(u.name), lower($2)) > 0 or strpos(lower(u.email), lower($2)) > 0)
        )
        select id, words as "words!", number as "number!", total as "total!"
        from people
        where $7::uuid is null or (words, number, id) > ($5, $6, $7)
        order by words, number, id
        limit $8"#,
        filter.course.map(|course| course.0),
        filter.search,
        key,
        way,
        after.map(|place| place.words.as_str()),
        after.map(|place| place.number),
        after.map(|place| place.id.0),
        limit
    )
    .fetch_all(db.pool())
    .await
}

/// What the roster shows of these people, in their order; in one course, where it is named.
pub async fn rows(db: &Db, _: &Admin, people: &[Uuid], course: Option<CourseId>) -> sqlx::Result<Vec<PersonRow>> {
    let rows = sqlx::query!(
        r#"select u.id, u.name, u.email, u.role, u.created_at,
          (select count(*) from user_course_access a where a.user_id = u.id) as "courses!",
          (
            select count(*)
            from user_course_access a
            join course_sections s on s.course_id = a.course_id
            join lessons l on l.section_id = s.id
            where a.user_id = u.id and ($2::uuid is null or a.course_id = $2)
              and s.status = 'public' and l.status <> 'private'
          ) as "lessons!",
          d.completed as "completed!", greatest(d.at, p.at) as active, g.bought as "bought!", g.granted as "granted!"
        from unnest($1::uuid[]) with ordinality as who (id, place)
        join users u on u.id = who.id
        cross join lateral (
          select max(c.created_at) as at, count(*) filter (
            where a.course_id is not null and s.status = 'public' and l.status <> 'private'
          ) as completed
          from user_lesson_complete c
          join lessons l on l.id = c.lesson_id
          join course_sections s on s.id = l.section_id
          left join user_course_access a on a.user_id = c.user_id and a.course_id = s.course_id
          where c.user_id = u.id and ($2::uuid is null or s.course_id = $2)
        ) d
        cross join lateral (
          select max(p.updated_at) as at
          from lesson_positions p
          join lessons l on l.id = p.lesson_id
          join course_sections s on s.id = l.section_id
          where p.user_id = u.id and ($2::uuid is null or s.course_id = $2)
        ) p
        cross join lateral (
          select
            coalesce(array_agg(distinct b.product_details->>'name') filter (where b.id is not null), '{}') as bought,
            coalesce(array_agg(distinct coalesce(h.name, '')) filter (where b.id is null), '{}') as granted
          from course_grants g
          left join purchases b on b.id = g.purchase_id
          left join users h on h.id = g.granted_by
          where g.user_id = u.id and g.revoked_at is null and ($2::uuid is null or g.course_id = $2)
        ) g
        order by who.place"#,
        people,
        course.map(|course| course.0)
    )
    .fetch_all(db.pool())
    .await?;
    let row = rows.into_iter().map(|row| PersonRow {
        id: row.id,
        name: row.name,
        email: row.email,
        admin: row.role == Role::Admin,
        joined: row.created_at.into(),
        courses: row.courses,
        sources: Sources { bought: row.bought, granted: row.granted },
        progress: Progress::new(
            usize::try_from(row.completed).unwrap_or_default(),
            usize::try_from(row.lessons).unwrap_or_default(),
        ),
        active: row.active.map(Into::into),
    });
    Ok(row.collect())
}

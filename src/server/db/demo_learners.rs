//! Made-up learners of a demo, many at a time: what purchases, refunds, grants and completions would have written one by
//! one over a year.

use super::Db;
use crate::domain::id::{CourseId, UserId};
use crate::error::AppError;
use sqlx::PgConnection;
use uuid::Uuid;

/// What a database holds that no demo made.
pub struct Strangers {
    pub database: String,
    /// Accounts but those of a demo, deleted ones too.
    pub people: i64,
    /// Paid elsewhere than in a demo.
    pub purchases: i64,
    /// Where nobody was a demo's author.
    pub courses: i64,
}

pub async fn strangers(db: &Db) -> sqlx::Result<Strangers> {
    sqlx::query_as!(
        Strangers,
        r#"select current_database()::text as "database!",
          (select count(*) from users where clerk_user_id not like 'local|demo-%') as "people!",
          (
            select count(*)
            from purchases
            where stripe_session_id not like 'demo\_%' and stripe_session_id not like 'free\_%'
          ) as "purchases!",
          (
            select count(*)
            from courses
            where not exists (select from users where clerk_user_id = 'local|demo-author')
          ) as "courses!""#
    )
    .fetch_one(db.pool())
    .await
}

/// Makes sure that there are so many, and returns those that are new. The same number is the same person every time.
pub async fn add(
    tx: &mut PgConnection,
    first_names: &[String],
    last_names: &[String],
    count: i32,
) -> Result<Vec<Uuid>, AppError> {
    // 7919 is a prime that divides no number of pairs: each pair of names comes once before any comes again, in no
    // order that one would see. From then on an initial tells them apart.
    // Many thousands at once take longer than what anybody waits for.
    sqlx::query!("set local statement_timeout = 0").execute(&mut *tx).await?;
    let people = sqlx::query_scalar!(
        r#"insert into users (clerk_user_id, name, email, email_verified_at, created_at)
        select 'local|demo-learner-' || n,
          first || case when round = 0 then '' else ' ' || chr(64 + round % 26) || '.' end || ' ' || last,
          lower(first || '.' || last) || '.' || n || '@demo.invalid', joined, joined
        from (
          select n, (n - 1) / pairs as round,
            ($1::text[])[1 + n * 7919::bigint % pairs % cardinality($1::text[])] as first,
            ($2::text[])[1 + n * 7919::bigint % pairs / cardinality($1::text[])] as last,
            now() - power(random(), 1.4) * interval '360 days' as joined
          from generate_series(1, $3) n, (select cardinality($1::text[]) * cardinality($2::text[]) as pairs) p
        ) made
        on conflict (clerk_user_id) do nothing
        returning id as "id: Uuid""#,
        first_names,
        last_names,
        count
    )
    .fetch_all(tx)
    .await?;
    Ok(people)
}

/// Lets about half of them buy each product that is for sale, soon after they joined.
pub async fn buy(tx: &mut PgConnection, people: &[Uuid]) -> Result<u64, AppError> {
    let done = sqlx::query!(
        r#"with chosen as materialized (
          select u.id as user_id, p.id as product_id, p.price_dollars * 100 as price, p.courses, p.details,
            gen_random_uuid() as checkout, case p.price_dollars when 0 then 'free_' else 'demo_' end as gateway,
            least(now(), u.created_at + power(random(), 2) * interval '20 days') as at
          from users u
          cross join (
            select id, price_dollars,
              jsonb_build_object('name', name, 'description', description, 'imageUrl', image_url) as details,
              array(select c.course_id from course_products c where c.product_id = products.id) as courses
            from products
            where status = 'public'
          ) p
          where u.id = any($1) and p.courses <> '{}' and random() < 0.55
        ), opened as (
          insert into checkouts
            (id, user_id, product_id, price_in_cents, product_details, courses, gateway_session_id, status, created_at)
          select checkout, user_id, product_id, price, details, courses, gateway || checkout, 'completed', at
          from chosen
        ), paid as (
          insert into demo_payment_sessions (id, amount_in_cents, paid, created_at)
          select gateway || checkout, price, true, at from chosen where price > 0
        ), bought as (
          insert into purchases
            (price_paid_in_cents, product_details, user_id, product_id, stripe_session_id, created_at)
          select price, details, user_id, product_id, gateway || checkout, at from chosen
          returning id, user_id, product_id, created_at
        )
        insert into course_grants (user_id, course_id, purchase_id, created_at)
        select b.user_id, c.course_id, b.id, b.created_at
        from bought b
        join course_products c on c.product_id = b.product_id"#,
        people
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Gives three purchases of a hundred back.
pub async fn refund(tx: &mut PgConnection, people: &[Uuid]) -> Result<(), AppError> {
    sqlx::query!(
        "with back as (
          update purchases
          set refunded_at = least(now(), created_at + (1 + random() * 12) * interval '1 day')
          where user_id = any($1) and refunded_at is null and random() < 0.03
          returning id, price_paid_in_cents, refunded_at
        ), money as (
          insert into refunds (purchase_id, amount_in_cents, provider_refund_id, status, created_at)
          select id, price_paid_in_cents, 'demo_' || gen_random_uuid(), 'succeeded', refunded_at
          from back
          where price_paid_in_cents > 0
        )
        update course_grants g set revoked_at = b.refunded_at from back b where g.purchase_id = b.id",
        people
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Gives each course that is sold to two of a hundred by the author's hand.
pub async fn grant(tx: &mut PgConnection, people: &[Uuid], author: UserId) -> Result<(), AppError> {
    sqlx::query!(
        "insert into course_grants (user_id, course_id, granted_by, note, created_at)
        select u.id, c.id, $2, 'Scholarship', u.created_at
        from users u
        cross join courses c
        where u.id = any($1) and random() < 0.02 and exists (select from course_products p where p.course_id = c.id)",
        people,
        author as UserId
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lets them learn in a course's order, each at a pace of their own: some never begin, most stop on the way, some finish.
/// Returns how many lessons they completed.
pub async fn learn(tx: &mut PgConnection, people: &[Uuid]) -> Result<u64, AppError> {
    let done = sqlx::query!(
        r#"with ordered as (
          select s.course_id, l.id, count(*) over (partition by s.course_id) as lessons,
            row_number() over (partition by s.course_id order by s."order", l."order") as place
          from lessons l
          join course_sections s on s.id = l.section_id
          where s.status = 'public' and l.status <> 'private'
        ), learners as materialized (
          select a.user_id, a.course_id, random() as will, power(random(), 2) as pace, (
            select min(g.created_at)
            from course_grants g
            where g.user_id = a.user_id and g.course_id = a.course_id and g.revoked_at is null
          ) as since
          from user_course_access a
          where a.user_id = any($1)
        )
        insert into user_lesson_complete (user_id, lesson_id, created_at)
        select p.user_id, o.id, p.since + (now() - p.since) * p.pace * ((o.place - random()) / o.lessons)
        from learners p
        join ordered o on o.course_id = p.course_id
        where o.place <= ceil(o.lessons * (p.will * 1.35 - 0.15)) and (p.will > 0.86 or random() < 0.97)
        on conflict (user_id, lesson_id) do nothing"#,
        people
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected())
}

/// Keeps the day on which a course was finished, and where in a lesson those were left who did not.
pub async fn leave(tx: &mut PgConnection, people: &[Uuid], course: CourseId) -> Result<(), AppError> {
    sqlx::query!(
        r#"with ordered as (
          select l.id, row_number() over (order by s."order", l."order") as place
          from lessons l
          join course_sections s on s.id = l.section_id
          where s.course_id = $2 and s.status = 'public' and l.status <> 'private'
        ), so_far as materialized (
          select u.user_id, max(o.place) as place, max(u.created_at) as at,
            count(*) = (select count(*) from ordered) as finished
          from user_lesson_complete u
          join ordered o on o.id = u.lesson_id
          where u.user_id = any($1)
          group by u.user_id
        ), finished as (
          insert into course_completions (user_id, course_id, completed_at)
          select user_id, $2, at from so_far where finished
          on conflict (user_id, course_id) do nothing
        )
        insert into lesson_positions (user_id, lesson_id, seconds, read, updated_at)
        select p.user_id, o.id, 0, (random() * 900)::int, least(now(), p.at + random() * interval '3 days')
        from so_far p
        join ordered o on o.place = p.place + 1
        where not p.finished
        on conflict (user_id, lesson_id) do nothing"#,
        people,
        course as CourseId
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Lets the planner know of what is there now, and not only when it next looks by itself.
pub async fn analyze(tx: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!("analyze").execute(tx).await?;
    Ok(())
}

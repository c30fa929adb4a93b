//! Rows to begin with, and what became of them: looked at past the application.

use lectern::domain::id::{CourseId, ProductId, UserId};
use sqlx::PgPool;
use uuid::Uuid;

/// A product for $49 with a course of its own.
pub async fn product(pool: &PgPool) -> sqlx::Result<(ProductId, CourseId)> {
    let ids: (Uuid, Uuid) = sqlx::query_as(
        "with course as (
          insert into courses (title, description) values ('Course', '') returning id
        ), product as (
          insert into products (name, description, image_url, price_dollars, status)
          values ('Product', '', '', 49, 'public')
          returning id
        )
        insert into course_products (product_id, course_id)
        select product.id, course.id from product, course
        returning product_id, course_id",
    )
    .fetch_one(pool)
    .await?;
    Ok((ProductId(ids.0), CourseId(ids.1)))
}

/// Somebody with an account.
pub async fn person(pool: &PgPool, admin: bool) -> sqlx::Result<UserId> {
    let id = Uuid::new_v4();
    sqlx::query(
        "insert into users (id, clerk_user_id, name, email, role)
        values ($1, 'local|' || $1, 'Somebody', $1 || '@torture.invalid',
          case when $2 then 'admin' else 'user' end::user_role)",
    )
    .bind(id)
    .bind(admin)
    .execute(pool)
    .await?;
    Ok(UserId(id))
}

/// A purchase, and the cents that went back of it.
#[derive(Debug, sqlx::FromRow)]
pub struct Bought {
    pub id: Uuid,
    pub user: Uuid,
    pub product: Uuid,
    pub session: String,
    pub returned: i64,
}

pub async fn bought(pool: &PgPool) -> sqlx::Result<Vec<Bought>> {
    sqlx::query_as(
        r#"select p.id, p.user_id as "user", p.product_id as product, p.stripe_session_id as session,
          (select coalesce(sum(r.amount_in_cents), 0)::bigint from returns r where r.purchase_id = p.id) as returned
        from purchases p"#,
    )
    .fetch_all(pool)
    .await
}

/// Who may open what.
pub async fn access(pool: &PgPool) -> sqlx::Result<Vec<(Uuid, Uuid)>> {
    sqlx::query_as("select user_id, course_id from user_course_access").fetch_all(pool).await
}

pub async fn refunds(pool: &PgPool) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar("select id from refunds").fetch_all(pool).await
}

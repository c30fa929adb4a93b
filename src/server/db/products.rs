use super::{Db, access, mails};
use crate::domain::id::{CourseId, ProductId};
use crate::domain::money::Cents;
use crate::domain::product::{
    CourseChoice, ProductEdit, ProductFields, ProductForm, ProductRow, ProductSketch, ProductStatus,
};
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;
use uuid::Uuid;

/// Every product by its name, to choose one.
pub async fn names(db: &Db, _: &Admin) -> sqlx::Result<Vec<(ProductId, String)>> {
    let rows = sqlx::query!("select id, name from products order by name, id").fetch_all(db.pool()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Every product with its counts, newest first.
pub async fn list(db: &Db, _: &Admin) -> sqlx::Result<Vec<ProductRow>> {
    sqlx::query_as!(
        ProductRow,
        r#"select p.id, p.name, p.price_dollars * 100 as "price!: Cents", p.status,
          (select count(*) from course_products cp where cp.product_id = p.id) as "courses!",
          (
            select count(distinct b.user_id) from purchases b where b.product_id = p.id and b.refunded_at is null
          ) as "customers!"
        from products p
        order by p.created_at desc, p.id"#
    )
    .fetch_all(db.pool())
    .await
}

/// What a product's form starts from: the stored product, or an empty one, and every course.
pub async fn edit(db: &Db, _: &Admin, id: Option<ProductId>) -> sqlx::Result<Option<ProductEdit>> {
    let raw = id.map(|id| id.0);
    let courses = sqlx::query_as!(
        CourseChoice,
        r#"select c.id, c.title, cp.product_id is not null as "chosen!"
        from courses c
        left join course_products cp on cp.course_id = c.id and cp.product_id = $1
        order by c.title, c.id"#,
        raw
    )
    .fetch_all(db.pool())
    .await?;
    if id.is_none() {
        return Ok(Some(ProductEdit { courses, ..ProductEdit::default() }));
    }
    let row = sqlx::query!(
        r#"select name, description, image_url, price_dollars, status,
          (
            select count(distinct user_id) from purchases where product_id = products.id and refunded_at is null
          ) as "customers!"
        from products
        where id = $1"#,
        raw
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(row.map(|row| ProductEdit {
        form: ProductForm {
            name: row.name,
            description: row.description,
            image_url: row.image_url,
            price_dollars: row.price_dollars.to_string(),
            status: row.status,
        },
        courses,
        customers: row.customers,
        card: ProductSketch::default(),
    }))
}

/// How many courses there are of these, and how many lessons a buyer of all of them could open.
pub struct Size {
    pub courses: i64,
    pub lessons: i64,
}

pub async fn size(db: &Db, _: &Admin, courses: &[CourseId]) -> sqlx::Result<Size> {
    let ids: Vec<Uuid> = courses.iter().map(|course| course.0).collect();
    sqlx::query_as!(
        Size,
        r#"select
          (select count(*) from courses where id = any($1)) as "courses!",
          (
            select count(*)
            from lessons l
            join course_sections s on s.id = l.section_id
            where s.course_id = any($1) and s.status = 'public' and l.status <> 'private'
          ) as "lessons!""#,
        &ids
    )
    .fetch_one(db.pool())
    .await
}

/// Makes a product that holds these courses.
pub async fn create(
    tx: &mut PgConnection,
    _: &Admin,
    fields: ProductFields,
    courses: &[CourseId],
) -> Result<ProductId, AppError> {
    insert(tx, fields, courses).await
}

/// Makes a product that the server itself brings along.
pub async fn seed(tx: &mut PgConnection, fields: ProductFields, course: CourseId) -> Result<ProductId, AppError> {
    insert(tx, fields, &[course]).await
}

async fn insert(tx: &mut PgConnection, fields: ProductFields, courses: &[CourseId]) -> Result<ProductId, AppError> {
    let id = sqlx::query_scalar!(
        "insert into products (name, description, image_url, price_dollars, status)
        values ($1, $2, $3, $4, $5)
        returning id",
        fields.name,
        fields.description,
        fields.image_url,
        fields.price_dollars,
        fields.status as ProductStatus
    )
    .fetch_one(&mut *tx)
    .await?;
    link(tx, id, courses).await?;
    Ok(id)
}

/// Saves a product and its courses. `give` also grants the courses that are put in now to everyone who bought the
/// product; taking one out takes it from nobody.
pub async fn update(
    tx: &mut PgConnection,
    admin: &Admin,
    id: ProductId,
    fields: ProductFields,
    courses: &[CourseId],
    give: bool,
) -> Result<(), AppError> {
    let done = sqlx::query!(
        "update products
        set name = $2, description = $3, image_url = $4, price_dollars = $5, status = $6
        where id = $1",
        id as ProductId,
        fields.name,
        fields.description,
        fields.image_url,
        fields.price_dollars,
        fields.status as ProductStatus
    )
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Err(AppError::NotFound);
    }
    let added = link(tx, id, courses).await?;
    if give && !added.is_empty() {
        give_to_buyers(tx, admin, id, &added).await?;
    }
    Ok(())
}

/// Makes the product hold exactly these courses; returns those that were not in it before.
async fn link(tx: &mut PgConnection, id: ProductId, courses: &[CourseId]) -> Result<Vec<Uuid>, AppError> {
    let ids: Vec<Uuid> = courses.iter().map(|course| course.0).collect();
    sqlx::query!("delete from course_products where product_id = $1 and course_id <> all($2)", id as ProductId, &ids)
        .execute(&mut *tx)
        .await?;
    let added = sqlx::query_scalar!(
        r#"insert into course_products (product_id, course_id)
        select $1, id from courses where id = any($2)
        on conflict (course_id, product_id) do nothing
        returning course_id as "id: Uuid""#,
        id as ProductId,
        &ids
    )
    .fetch_all(tx)
    .await?;
    Ok(added)
}

async fn give_to_buyers(tx: &mut PgConnection, _: &Admin, id: ProductId, courses: &[Uuid]) -> Result<(), AppError> {
    let purchases = sqlx::query!(
        "select id, user_id
        from purchases
        where product_id = $1 and refunded_at is null
        order by user_id, id
        for no key update",
        id as ProductId
    )
    .fetch_all(&mut *tx)
    .await?;
    for of_one in purchases.chunk_by(|one, next| one.user_id == next.user_id) {
        let mut granted = Vec::new();
        for purchase in of_one {
            granted.extend(access::grant_purchase(tx, purchase.user_id, purchase.id, courses).await?);
        }
        mails::given(tx, of_one[0].user_id, &granted).await?;
    }
    Ok(())
}

/// What goes with a product, and how many purchases or checkouts under way forbid it.
pub struct Deletion {
    pub name: String,
    pub courses: i64,
    pub purchases: i64,
    pub checkouts: i64,
}

pub async fn deletion(db: &Db, _: &Admin, id: ProductId) -> sqlx::Result<Option<Deletion>> {
    sqlx::query_as!(
        Deletion,
        r#"select p.name,
          (select count(*) from course_products cp where cp.product_id = p.id) as "courses!",
          (select count(*) from purchases b where b.product_id = p.id) as "purchases!",
          (select count(*) from checkouts k where k.product_id = p.id) as "checkouts!"
        from products p
        where p.id = $1"#,
        id as ProductId
    )
    .fetch_optional(db.pool())
    .await
}

/// Deletes a product; refused by its foreign keys where somebody bought it or is about to.
pub async fn delete(tx: &mut PgConnection, _: &Admin, id: ProductId) -> Result<(), AppError> {
    let done = sqlx::query!("delete from products where id = $1", id as ProductId).execute(tx).await?;
    if done.rows_affected() == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

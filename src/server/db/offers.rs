//! Products as visitors and buyers see them.

use super::Db;
use crate::domain::id::ProductId;
use crate::domain::money::Cents;
use crate::domain::product::ProductStatus;
use crate::domain::purchase::ProductDetails;
use crate::server::auth::Viewer;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A public product as the storefront needs it; the description is Markdown.
pub struct Listed {
    pub id: ProductId,
    pub name: String,
    pub description: String,
    pub image_url: String,
    pub price: Cents,
    pub courses: i64,
    pub lessons: i64,
    pub owned: bool,
}

/// Every public product, newest first: one statement.
pub async fn storefront(db: &Db, viewer: &Viewer) -> sqlx::Result<Vec<Listed>> {
    sqlx::query_as!(
        Listed,
        r#"select p.id, p.name, p.description, p.image_url, p.price_dollars * 100 as "price!: Cents",
          count(distinct cp.course_id) as "courses!",
          count(distinct l.id) as "lessons!",
          exists (
            select from purchases b where b.product_id = p.id and b.user_id = $1 and b.refunded_at is null
          ) as "owned!"
        from products p
        left join course_products cp on cp.product_id = p.id
        left join course_sections s on s.course_id = cp.course_id and s.status = 'public'
        left join lessons l on l.section_id = s.id and l.status <> 'private'
        where p.status = 'public'
        group by p.id
        order by p.created_at desc, p.price_dollars desc, p.id"#,
        viewer.id().map(|user| user.0)
    )
    .fetch_all(db.pool())
    .await
}

/// A product with the ids of its courses, in the order they were put in.
pub struct Offer {
    pub id: ProductId,
    pub name: String,
    pub description: String,
    pub image_url: String,
    pub price: Cents,
    pub status: ProductStatus,
    pub courses: Vec<Uuid>,
    pub owned: bool,
    pub updated_at: DateTime<Utc>,
}

impl Offer {
    pub fn details(&self) -> ProductDetails {
        ProductDetails {
            name: self.name.clone(),
            description: self.description.clone(),
            image_url: self.image_url.clone(),
        }
    }
}

/// A product that the viewer may see: public, or any for an admin. Past buyers see theirs in their purchases.
pub async fn offer(db: &Db, id: ProductId, viewer: &Viewer) -> sqlx::Result<Option<Offer>> {
    sqlx::query_as!(
        Offer,
        r#"select p.id, p.name, p.description, p.image_url, p.price_dollars * 100 as "price!: Cents", p.status,
          array(
            select course_id from course_products cp where cp.product_id = p.id order by cp.created_at, cp.course_id
          ) as "courses!",
          exists (
            select from purchases b where b.product_id = p.id and b.user_id = $2 and b.refunded_at is null
          ) as "owned!",
          p.updated_at
        from products p
        where p.id = $1 and (p.status = 'public' or $3)"#,
        id as ProductId,
        viewer.id().map(|user| user.0),
        viewer.is_admin()
    )
    .fetch_optional(db.pool())
    .await
}

/// The ids of every public product, for the sitemap.
pub async fn public_ids(db: &Db) -> sqlx::Result<Vec<ProductId>> {
    sqlx::query_scalar!("select id from products where status = 'public' order by created_at, id")
        .fetch_all(db.pool())
        .await
}

use super::Db;
use crate::domain::bulk::BulkReport;
use crate::domain::id::{BulkReportId, SectionId, UserId};
use crate::error::AppError;
use crate::server::auth::Admin;
use sqlx::PgConnection;
use sqlx::types::Json;

/// How long a report can be read.
const HOURS: i32 = 24;

/// Keeps what became of an admin's files, for that admin alone.
pub async fn insert(
    tx: &mut PgConnection,
    admin: &Admin,
    section: SectionId,
    report: &BulkReport,
) -> Result<BulkReportId, AppError> {
    let id = sqlx::query_scalar!(
        r#"insert into bulk_reports (user_id, section_id, report, expires_at)
        values ($1, $2, $3, now() + make_interval(hours => $4))
        returning id as "id: BulkReportId""#,
        admin.id as UserId,
        section as SectionId,
        Json(report) as _,
        HOURS
    )
    .fetch_one(tx)
    .await?;
    Ok(id)
}

pub async fn get(db: &Db, admin: &Admin, id: BulkReportId) -> sqlx::Result<Option<BulkReport>> {
    let report = sqlx::query_scalar!(
        r#"select report as "report: Json<BulkReport>"
        from bulk_reports
        where id = $1 and user_id = $2 and expires_at > now()"#,
        id as BulkReportId,
        admin.id as UserId
    )
    .fetch_optional(db.pool())
    .await?;
    Ok(report.map(|report| report.0))
}

pub async fn expire(tx: &mut PgConnection) -> Result<(), AppError> {
    sqlx::query!("delete from bulk_reports where expires_at <= now()").execute(tx).await?;
    Ok(())
}

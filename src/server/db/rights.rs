//! What the database lets the application do. Its tables belong to one role, which brings their schema up to date and
//! does nothing else; the application comes as another, which reads and writes rows and changes no table.

use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

/// The application's role in a PostgreSQL of the server's own.
pub const APPLICATION: &str = "lectern_app";

/// Makes a role that may connect, where there is none of this name.
pub async fn make(owner: &PgPool, role: &str) -> sqlx::Result<()> {
    let known = sqlx::query_scalar::<_, bool>("select exists (select from pg_roles where rolname = $1)")
        .bind(role)
        .fetch_one(owner)
        .await?;
    if !known {
        sqlx::raw_sql(AssertSqlSafe(format!("create role {} login", quoted(role)))).execute(owner).await?;
    }
    Ok(())
}

/// Gives a role what the application needs of the schema's tables: their rows, but for the log's, which are added and
/// stay. Told again after each change of the schema.
pub async fn grant(owner: &PgPool, role: &str) -> sqlx::Result<()> {
    let role = quoted(role);
    let rights = format!(
        "begin;
        grant usage on schema public to {role};
        revoke create on schema public from public, {role};
        grant select, insert, update, delete on all tables in schema public to {role};
        grant usage, select on all sequences in schema public to {role};
        revoke update, delete, truncate on audit_log from {role};
        revoke insert, update, delete on _sqlx_migrations from {role};
        commit"
    );
    sqlx::raw_sql(AssertSqlSafe(rights)).execute(owner).await.map(|_| ())
}

/// One connection as the owner, without the limits on time that the application has: a change of the schema takes as long
/// as it takes.
pub fn owner(options: &PgConnectOptions) -> PgPool {
    let options = options.clone().options([("statement_timeout", "0"), ("lock_timeout", "0")]);
    PgPoolOptions::new().max_connections(1).connect_lazy_with(options.application_name("lectern owner"))
}

/// An identifier, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

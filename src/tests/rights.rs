//! What the database lets the application do, and what is kept for whom.

use crate::fields;
use crate::support::{App, World};
use lectern::server::db::{Db, MAX_CONNECTIONS};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_application_reads_and_writes_rows_and_changes_no_table_and_no_log(pool: PgPool) {
    let role = format!("app_{}", Uuid::new_v4().simple());
    sqlx::raw_sql(AssertSqlSafe(format!("create role {role} login"))).execute(&pool).await.unwrap();
    let owner = pool.connect_options().as_ref().clone();
    let db = Db::connect(owner.clone().username(&role)).owned_by(owner);
    db.migrate().await.unwrap();
    // All that the site does to make a course, sell it and take it back, it does as that role.
    let app = App::on(pool.clone(), db.clone(), &[]);
    let world = World::create(&app).await;
    app.call(&world.admin, "admin/refund_purchase", fields!["id" => world.purchase]).await.ok();
    app.call(&world.admin, "admin/create_course", fields!["form[title]" => "Title"]).await.ok();
    for forbidden in [
        "create table mine (id int)",
        "alter table users add column password text",
        "drop table sessions",
        "truncate users cascade",
        "alter table audit_log disable trigger all",
        "create function mine() returns int language sql as 'select 1'",
        "update audit_log set act = 'nothing'",
        "delete from audit_log",
        "delete from _sqlx_migrations",
        "set role postgres",
    ] {
        let error = sqlx::raw_sql(forbidden).execute(db.pool()).await.expect_err(forbidden);
        let code = error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned());
        assert_eq!(code.as_deref(), Some("42501"), "{forbidden}: {error}");
    }
    let acts: i64 = sqlx::query_scalar("select count(*) from audit_log").fetch_one(db.pool()).await.unwrap();
    assert_eq!(acts, 1);
    // Said again, as at every start.
    db.migrate().await.unwrap();
    db.pool().close().await;
    app.state.db.pool().close().await;
    sqlx::raw_sql(AssertSqlSafe(format!("drop owned by {role}; drop role {role}"))).execute(&pool).await.unwrap();
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn fa5_with_every_connection_taken_health_and_webhooks_still_answer(pool: PgPool) {
    let shop = crate::support::Shop::new(pool).await;
    let mut taken = Vec::new();
    for _ in 0..MAX_CONNECTIONS {
        taken.push(shop.app.state.db.pool().acquire().await.unwrap());
    }
    assert_eq!(shop.app.state.db.pool().num_idle(), 0);
    shop.app.get("/healthz").await.is(200);
    shop.app.get("/readyz").await.is(200);
    let unsigned = crate::support::app::request(
        axum::http::Method::POST,
        &crate::support::Person::anonymous(),
        "/webhooks/stripe",
        axum::body::Body::from("{}"),
    );
    shop.app.send(unsigned).await.is(400);
    let signed = json!({"id": "evt_odd", "type": "of.nothing", "livemode": false, "data": {"object": {"id": 1}}});
    shop.deliver(&signed).await.is(200);
    // Everybody else is asked to come back.
    shop.app.get("/").await.is(503);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_statement_that_hangs_is_given_up_and_a_lock_is_not_waited_for_for_ever(pool: PgPool) {
    let db = Db::connect(pool.connect_options().as_ref().clone());
    let said = async |name: &str| -> String {
        let statement = AssertSqlSafe(format!("show {name}"));
        sqlx::query_scalar(statement).fetch_one(db.pool()).await.unwrap()
    };
    assert_eq!(said("statement_timeout").await, "25s");
    assert_eq!(said("lock_timeout").await, "10s");
    assert_eq!(said("idle_in_transaction_session_timeout").await, "1min");
}

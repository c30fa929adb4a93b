//! The live schema against the owner's model, written out in `data/seed_schema.txt`.

use crate::support::store::count;
use crate::support::{App, World, course, person, product, section};
use lectern::server::db;
use sqlx::{AssertSqlSafe, PgPool};
use std::collections::BTreeMap;
use std::time::Duration;

/// Table (or enum) to its lines, in the words of the file.
type Schema = BTreeMap<String, Vec<String>>;

fn seed() -> Schema {
    let mut schema = Schema::new();
    let mut table = String::new();
    for line in include_str!("data/seed_schema.txt").lines().filter(|line| !line.starts_with('#')) {
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(name) = words.strip_prefix("table ") {
            table = name.to_owned();
        } else if let Some((name, labels)) = words.strip_prefix("enum ").and_then(|rest| rest.split_once(' ')) {
            schema.insert(format!("enum {name}"), vec![labels.to_owned()]);
        } else if !words.is_empty() {
            schema.entry(table.clone()).or_default().push(words);
        }
    }
    schema
}

/// What is stored in the catalog, in the words of the file.
async fn live(pool: &PgPool) -> Schema {
    let rows: Vec<(String, String)> = sqlx::query_as(
        r#"
        select c.relname::text,
          a.attname || ' ' || case format_type(a.atttypid, a.atttypmod)
            when 'timestamp with time zone' then 'timestamptz' else format_type(a.atttypid, a.atttypmod) end
          || case when a.attnotnull then ' not null' else ' null' end
          || coalesce(' ' || split_part(pg_get_expr(d.adbin, d.adrelid), '::', 1), '')
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attnum > 0 and not a.attisdropped
        union all
        select k.conrelid::regclass::text,
          case k.contype when 'p' then 'primary key (' when 'u' then 'unique (' else 'foreign key (' end
          || (
            select string_agg(a.attname, ', ' order by at.n)
            from unnest(k.conkey) with ordinality as at (num, n)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = at.num
          ) || ')'
          || case when k.contype = 'f' then ' references ' || k.confrelid::regclass || ' on delete ' ||
            case k.confdeltype when 'c' then 'cascade' when 'r' then 'restrict' when 'n' then 'set null' else 'no action' end
            else '' end
          || case when k.condeferred then ' deferred' else '' end
        from pg_constraint k
        where k.contype in ('p', 'u', 'f') and k.connamespace = 'public'::regnamespace
        union all
        select 'enum ' || t.typname, string_agg(e.enumlabel, ' ' order by e.enumsortorder)
        from pg_type t join pg_enum e on e.enumtypid = t.oid
        group by t.typname"#,
    )
    .fetch_all(pool)
    .await
    .expect("the catalog is read");
    let mut schema = Schema::new();
    for (table, line) in rows {
        schema.entry(table).or_default().push(line);
    }
    schema
}

/// What the seed has and the database has not, and what the database has beside it.
fn compare(seed: &Schema, live: &Schema) -> (Vec<String>, Vec<String>) {
    let (mut missing, mut added) = (Vec::new(), Vec::new());
    for (table, lines) in seed {
        let stored = live.get(table).cloned().unwrap_or_default();
        missing.extend(lines.iter().filter(|line| !stored.contains(line)).map(|line| format!("{table}: {line}")));
        added.extend(stored.iter().filter(|line| !lines.contains(line)).map(|line| format!("{table}: {line}")));
    }
    (missing, added)
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn the_database_holds_every_table_column_key_and_enum_of_the_seed(pool: PgPool) {
    let (missing, added) = compare(&seed(), &live(&pool).await);
    assert!(missing.is_empty(), "missing or different:\n{}", missing.join("\n"));
    for line in added {
        // A column that somebody who knows the seed alone need not fill.
        let harmless = line.contains(" null") && !line.contains("not null") || line.split(' ').nth(5).is_some();
        let column = !line.contains("foreign key") && !line.contains("unique") && !line.contains("enum ");
        assert!(harmless && column, "added to the seed's table, and in the way of its rows: {line}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn a_schema_that_drifts_is_seen(pool: PgPool) {
    for (change, expected) in [
        ("alter table lessons alter column name drop not null", "lessons: name text not null"),
        ("alter table products alter column status drop default", "products: status product_status not null 'private'"),
        ("alter table users rename column image_url to picture", "users: image_url text null"),
        ("alter type lesson_status add value 'hidden'", "enum lesson_status: public private preview"),
        (
            "alter table course_products drop constraint course_products_course_id_fkey",
            "course_products: foreign key (course_id) references courses on delete restrict",
        ),
    ] {
        sqlx::raw_sql(AssertSqlSafe(change)).execute(&pool).await.unwrap();
        let (missing, _) = compare(&seed(), &live(&pool).await);
        assert!(missing.contains(&expected.to_owned()), "{change} was not seen: {missing:?}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn dr1_what_the_seed_restricts_is_not_deleted(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    for (table, id, constraint) in [
        ("users", world.learner.id.0, "purchases_user_id_fkey"),
        ("products", world.product.id.0, "purchases_product_id_fkey"),
        ("courses", world.unsold_course.id.0, "course_products_course_id_fkey"),
        // A checkout holds its product and its buyer as a purchase does.
        ("products", world.other_product.id.0, "checkouts_product_id_fkey"),
    ] {
        let statement = format!("delete from {table} where id = $1");
        let error = sqlx::query(AssertSqlSafe(statement)).bind(id).execute(&app.pool).await.expect_err("is refused");
        let error = error.into_database_error().expect("by the database");
        assert_eq!(error.constraint(), Some(constraint), "{table}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn dr2_a_deletion_takes_exactly_what_hangs_on_it(pool: PgPool) {
    const TABLES: [&str; 9] = [
        "users",
        "products",
        "courses",
        "course_sections",
        "lessons",
        "course_products",
        "user_course_access",
        "user_lesson_complete",
        "purchases",
    ];
    // What is deleted, and how many rows of each table go.
    let rows: [(&str, [i64; 9]); 5] = [
        ("delete from lessons where id = (select id from doomed)", [0, 0, 0, 0, 1, 0, 0, 2, 0]),
        ("delete from course_sections where id = (select id from doomed)", [0, 0, 0, 1, 2, 0, 0, 4, 0]),
        ("delete from courses where id = (select id from doomed)", [0, 0, 1, 2, 4, 0, 2, 8, 0]),
        ("delete from products where id = (select id from doomed)", [0, 1, 0, 0, 0, 2, 0, 0, 0]),
        ("delete from users where id = (select id from doomed)", [1, 0, 0, 0, 0, 0, 2, 8, 0]),
    ];
    let app = App::new(pool);
    let two = || section("Section").with_lessons(2);
    let (doomed, other) = (
        course("Doomed").with(two()).with(two()).create(&app).await,
        course("Other").with(two()).with(two()).create(&app).await,
    );
    let bundle = product("Bundle").of(&other).of(&course("Third").create(&app).await).create(&app).await;
    product("Kept").of(&other).create(&app).await;
    let people = [person("Lee").create(&app).await, person("Kim").create(&app).await];
    for person in &people {
        for course in [&doomed, &other] {
            app.give(person, course).await;
        }
        sqlx::query("insert into user_lesson_complete (user_id, lesson_id) select $1, id from lessons")
            .bind(person.id.0)
            .execute(&app.pool)
            .await
            .unwrap();
    }
    let ids = [doomed.sections[0].lessons[0].id.0, doomed.sections[0].id.0, doomed.id.0, bundle.id.0, people[0].id.0];
    for ((deletion, expected), id) in rows.iter().zip(ids) {
        let mut gone = [0; 9];
        let mut transaction = app.pool.begin().await.unwrap();
        let size = async |connection: &mut sqlx::PgConnection, table: &str| -> i64 {
            let statement = format!("select count(*) from {table}");
            sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(connection).await.unwrap()
        };
        let mut before = [0; 9];
        for (n, table) in TABLES.iter().enumerate() {
            before[n] = size(&mut transaction, table).await;
        }
        let statement = format!("with doomed as (select $1::uuid as id) {deletion}");
        sqlx::query(AssertSqlSafe(statement)).bind(id).execute(&mut *transaction).await.unwrap();
        for (n, table) in TABLES.iter().enumerate() {
            gone[n] = before[n] - size(&mut transaction, table).await;
        }
        transaction.rollback().await.unwrap();
        assert_eq!(gone, *expected, "{deletion}: {TABLES:?}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn every_table_of_the_seed_notes_when_a_row_was_changed(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let fields = crate::fields!["course" => world.course.id, "lesson" => world.paid().id, "done" => true];
    app.call(&world.learner, "complete_lesson", fields).await.ok();
    tokio::time::sleep(Duration::from_millis(5)).await;
    for table in seed().keys().filter(|table| !table.starts_with("enum ")) {
        // Whatever the writer says, the trigger knows better.
        let statement = format!("update {table} set updated_at = 'epoch'");
        let done = sqlx::query(AssertSqlSafe(statement)).execute(&app.pool).await.unwrap();
        assert!(done.rows_affected() > 0, "{table} is empty");
        let unchanged = count(&app.pool, &format!("{table} where updated_at <= created_at")).await;
        assert_eq!(unchanged, 0, "{table}");
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn dr9_two_users_with_purchases_are_deleted_softly_one_after_the_other_and_twice(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let second = person("Kim").create(&app).await;
    app.buy(&second, world.product.id).await;
    for person in [&world.learner, &second, &world.learner] {
        let id = person.id;
        let deleted =
            app.state.db.write(move |tx| Box::pin(async move { db::users::delete_softly(tx, id).await })).await;
        deleted.expect("is deleted");
        app.call(person, "list_my_courses", vec![]).await.is(401);
    }
    let rows: Vec<(String, String, String, bool)> =
        sqlx::query_as("select clerk_user_id, name, email, deleted_at is not null from users where id = any($1)")
            .bind(vec![world.learner.id.0, second.id.0])
            .fetch_all(&app.pool)
            .await
            .unwrap();
    for (identity, name, email, deleted) in &rows {
        assert!(*deleted && identity.starts_with("deleted|"), "{identity}");
        assert!(!name.contains("Lee") && !name.contains("Kim") && !email.contains("example.org"), "{name} {email}");
    }
    assert_eq!(count(&app.pool, "purchases").await, 2, "what was bought is kept");
    assert_eq!(count(&app.pool, "user_course_access").await, 2);
    assert_eq!(count(&app.pool, &format!("sessions where user_id = '{}'", second.id)).await, 0);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn prices_and_positions_below_zero_are_refused_by_the_database(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    for statement in [
        "update products set price_dollars = -1",
        "update products set price_dollars = 1000000",
        r#"update lessons set "order" = -1 - "order""#,
        r#"update course_sections set "order" = -1 - "order""#,
        "update purchases set price_paid_in_cents = -1",
        "insert into lessons (section_id, name, \"order\") select section_id, 'Second', \"order\" from lessons",
    ] {
        assert!(sqlx::raw_sql(statement).execute(&app.pool).await.is_err(), "{statement}");
    }
    drop(world);
}

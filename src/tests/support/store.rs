//! Looks at the database past the application.

use super::app::{App, Person};
use super::reply::Reply;
use lectern::domain::id::{CourseId, LessonId, SectionId};
use lectern::domain::outline_edit::{OutlineChange, Places};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, Row};
use uuid::Uuid;

/// Every table's rows as one text each, so that two moments can be compared.
pub async fn dump(pool: &PgPool) -> Vec<(String, String)> {
    dump_without(pool, &[]).await
}

pub async fn dump_without(pool: &PgPool, left_out: &[&str]) -> Vec<(String, String)> {
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE' order by 1",
    )
    .fetch_all(pool)
    .await
    .expect("the tables are listed");
    let selects: Vec<String> = tables
        .iter()
        .filter(|table| !left_out.contains(&table.as_str()))
        .map(|table| {
            format!("select '{table}', coalesce(string_agg(t::text, e'\\n' order by t::text), '') from {table} t")
        })
        .collect();
    let rows =
        sqlx::query(AssertSqlSafe(selects.join(" union all "))).fetch_all(pool).await.expect("the tables are read");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

pub async fn count(pool: &PgPool, table: &str) -> i64 {
    let statement = format!("select count(*) from {table}");
    sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(pool).await.expect("the rows are counted")
}

/// What comes of presses that happen at once: none goes on before several of them wait for the rows of `table`. Without
/// that the first has often ended before another one has a connection.
pub async fn at_once<T>(pool: &PgPool, table: &str, presses: impl Future<Output = T>) -> T {
    // Of their own: the presses may take every one of the pool.
    let [mut holds, mut watches] = [connect(pool).await, connect(pool).await];
    let lock = format!("begin; select from {table} for update");
    sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut holds).await.expect("the rows are locked");
    let release = async {
        let waiting =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        for _ in 0..1_000 {
            let count: i64 =
                sqlx::query_scalar(waiting).fetch_one(&mut watches).await.expect("the waiting are counted");
            if count > 1 {
                return holds.close().await.expect("the rows are let go");
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("no two wait for {table} at once");
    };
    futures::join!(presses, release).0
}

async fn connect(pool: &PgPool) -> PgConnection {
    PgConnection::connect_with(&pool.connect_options()).await.expect("the database takes another connection")
}

/// I4: in every parent, positions run from 0 without a gap or a second.
pub async fn assert_order_is_dense(pool: &PgPool) {
    let wrong: Vec<(String, Uuid, Vec<i32>)> = sqlx::query_as(
        r#"select kind, parent, positions from (
          select 'sections' as kind, course_id as parent, array_agg("order" order by "order") as positions
          from course_sections group by course_id
          union all
          select 'lessons', section_id, array_agg("order" order by "order") from lessons group by section_id
        ) lists
        where positions <> array(select generate_series(0, cardinality(positions) - 1))"#,
    )
    .fetch_all(pool)
    .await
    .expect("the order is read");
    assert!(wrong.is_empty(), "positions are not dense: {wrong:?}");
}

/// I6: no connection of this database sits in a transaction for longer than a second.
pub async fn assert_nothing_idles_in_transaction(pool: &PgPool) {
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let idle: Vec<String> = sqlx::query_scalar(
        "select query from pg_stat_activity
        where datname = current_database() and state like 'idle in transaction%'
          and state_change < now() - interval '1 second'",
    )
    .fetch_all(pool)
    .await
    .expect("the connections are listed");
    assert!(idle.is_empty(), "connections idle in transaction after: {idle:?}");
}

impl App {
    /// A section's lessons in their stored order.
    pub async fn lessons_of(&self, section: impl Into<Uuid>) -> Vec<Uuid> {
        sqlx::query_scalar(r#"select id from lessons where section_id = $1 order by "order""#)
            .bind(section.into())
            .fetch_all(&self.pool)
            .await
            .expect("the lessons are listed")
    }

    /// A course's sections in their stored order.
    pub async fn sections_of(&self, course: impl Into<Uuid>) -> Vec<Uuid> {
        sqlx::query_scalar(r#"select id from course_sections where course_id = $1 order by "order""#)
            .bind(course.into())
            .fetch_all(&self.pool)
            .await
            .expect("the sections are listed")
    }

    /// The lessons that a person completed.
    pub async fn completed_by(&self, user: impl Into<Uuid>) -> Vec<Uuid> {
        sqlx::query_scalar("select lesson_id from user_lesson_complete where user_id = $1 order by 1")
            .bind(user.into())
            .fetch_all(&self.pool)
            .await
            .expect("the completions are listed")
    }

    /// The courses that a person has access to.
    pub async fn access_of(&self, user: impl Into<Uuid>) -> Vec<Uuid> {
        sqlx::query_scalar("select course_id from user_course_access where user_id = $1 order by 1")
            .bind(user.into())
            .fetch_all(&self.pool)
            .await
            .expect("the access is listed")
    }

    /// Makes a change of an outline as its editor does.
    pub async fn change(&self, person: &Person, course: CourseId, change: &OutlineChange) -> Reply {
        let arguments = json!({"course": course, "tab": Uuid::nil(), "change": change});
        self.call_json(person, "admin/change_outline", arguments).await
    }
}

/// The change that puts a section's lessons into another order.
pub fn reorder_lessons(section: SectionId, seen: &[Uuid], wanted: &[Uuid]) -> OutlineChange {
    rearrange(&[(section, seen, wanted)])
}

/// The change that makes some sections hold other lessons: each as it was seen, and as it is wanted.
pub fn rearrange(lists: &[(SectionId, &[Uuid], &[Uuid])]) -> OutlineChange {
    let lessons = |ids: &[Uuid]| ids.iter().copied().map(LessonId).collect();
    OutlineChange::Arrange {
        seen: Places { sections: None, lessons: lists.iter().map(|(id, seen, _)| (*id, lessons(seen))).collect() },
        wanted: Places {
            sections: None,
            lessons: lists.iter().map(|(id, _, wanted)| (*id, lessons(wanted))).collect(),
        },
    }
}

/// The change that puts a course's sections into another order.
pub fn reorder_sections(seen: &[Uuid], wanted: &[Uuid]) -> OutlineChange {
    let sections = |ids: &[Uuid]| Some(ids.iter().copied().map(SectionId).collect());
    OutlineChange::Arrange {
        seen: Places { sections: sections(seen), lessons: Vec::new() },
        wanted: Places { sections: sections(wanted), lessons: Vec::new() },
    }
}

//! The server dies before and after it hands a letter over, and before and after it notes that.

use crate::domain::mail::Letter;
use crate::server::fault;
use crate::server::mail;
use crate::support::App;
use crate::support::smtp::Smtp;
use sqlx::PgPool;
use sqlx::types::Json;

#[sqlx::test(migrator = "crate::server::db::MIGRATIONS")]
async fn fa2_a_server_that_dies_while_it_sends_a_letter_sends_it_in_the_end_and_as_the_same_one(pool: PgPool) {
    let Some(smtp) = Smtp::start() else { return };
    let url = smtp.url("ada:secret");
    let settings = ["--smtp-url", &url, "--mail-from", "ada@learn.example.org"];
    let mut deaths = 0;
    loop {
        let to = format!("lee{deaths}@example.org");
        sqlx::query("insert into mails (cause, email, letter) values ($1, $1, $2)")
            .bind(&to)
            .bind(Json(Letter::Waiting { course: "Course".into() }))
            .execute(&pool)
            .await
            .expect("the letter is written");
        let app = App::with(pool.clone(), &settings);
        let life = if deaths == 0 { "return".to_owned() } else { format!("{deaths}*off->return") };
        fail::cfg("death", &life).expect("the point is there");
        _ = mail::send_due(&app.state).await;
        let survived = fault::point().is_ok();
        fail::remove("death");
        // The next one, some time later.
        sqlx::query("update mails set send_at = now() where send_at is not null").execute(&pool).await.expect("is due");
        mail::send_due(&App::with(pool.clone(), &settings).state).await.expect("letters are sent");
        let unsent: i64 = sqlx::query_scalar("select count(*) from mails where sent_at is null")
            .fetch_one(&pool)
            .await
            .expect("letters are counted");
        assert_eq!(unsent, 0, "after death {deaths}");
        let ids: Vec<String> = smtp
            .letters()
            .iter()
            .filter(|letter| letter.contains(&format!("X-To: {to}")))
            .map(|letter| letter.lines().find(|line| line.starts_with("Message-ID:")).expect("has an id").to_owned())
            .collect();
        assert!(matches!(ids.len(), 1 | 2) && ids.iter().all(|id| *id == ids[0]), "after death {deaths}: {ids:?}");
        if survived {
            break;
        }
        deaths += 1;
    }
    println!("died at {deaths} points of a letter");
    assert!(deaths >= 6, "died at {deaths} points alone");
}

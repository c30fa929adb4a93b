//! Addresses and markup that somebody types to have them run by somebody else's browser.

use crate::fields;
use crate::support::store::dump_without;
use crate::support::{App, World};
use sqlx::PgPool;

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in6_in7_an_address_that_a_browser_would_run_or_load_from_elsewhere_is_refused(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let before = dump_without(&app.pool, &[]).await;
    let evil = [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//.mp4",
        "data:text/html,<script>alert(1)</script>",
        "//evil.example/a.mp4",
        "/\\evil.example/a.mp4",
        "\\\\evil.example/a.mp4",
        "java\tscript:alert(1)",
        "/\t/evil.example/a.mp4",
        "http://evil.example/a.mp4",
        "https://user:password@evil.example/a.mp4",
        "https://\"onerror=alert(1)/a.mp4",
        "vbscript:x",
        "blob:https://x/y",
        "file:///etc/passwd",
    ];
    for address in evil {
        let lesson = fields![
            "course" => world.course.id, "section" => world.course.sections[0].id, "form[name]" => "L",
            "form[status]" => "public", "form[video_url]" => address, "form[markdown]" => "",
        ];
        app.call(&world.admin, "admin/create_lesson", lesson).await.is(400);
        let product = fields![
            "form[name]" => "P", "form[description]" => "", "form[image_url]" => address,
            "form[price_dollars]" => "1", "form[status]" => "public",
        ];
        app.call(&world.admin, "admin/create_product", product).await.is(400);
    }
    // A video from a host that is on no list.
    let elsewhere = fields![
        "course" => world.course.id, "section" => world.course.sections[0].id, "form[name]" => "L",
        "form[status]" => "public", "form[video_url]" => "https://videos.example/watch?v=1", "form[markdown]" => "",
    ];
    app.call(&world.admin, "admin/create_lesson", elsewhere).await.is(400);
    assert_eq!(dump_without(&app.pool, &[]).await, before);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in5_in6_markup_in_a_lesson_reaches_no_page_as_something_that_runs(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let markdown = "[a](javascript:alert(1)) [b](data:text/html,x) [c](//evil.example) ![d](javascript:alert(2))\n\n\
        <script>alert(3)</script><img src=x onerror=alert(4)><iframe src=//evil.example></iframe>\n\n\
        <svg onload=alert(5)></svg><style>*{}</style><a href=\"jav&#x09;ascript:alert(6)\">e</a>\n";
    // A title's text ends at its end tag, whatever stands before it.
    let name = "</title></textarea><script>alert(7)</script>\"'><img src=x onerror=alert(8)>";
    sqlx::query("update lessons set name = $2, description = $3 where id = $1")
        .bind(world.paid().id.0)
        .bind(name)
        .bind(markdown)
        .execute(&app.pool)
        .await
        .unwrap();
    sqlx::query("update products set name = $2, description = $3 where id = $1")
        .bind(world.product.id.0)
        .bind(name)
        .bind(markdown)
        .execute(&app.pool)
        .await
        .unwrap();
    for table in ["courses", "course_sections"] {
        let column = if table == "courses" { "title" } else { "name" };
        let sql = format!("update {table} set {column} = $1");
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(name).execute(&app.pool).await.unwrap();
    }
    sqlx::query("update users set name = $1").bind(name).execute(&app.pool).await.unwrap();
    app.give(&world.learner, &world.course).await;
    sqlx::query("update course_grants set granted_by = $2, note = $1 where purchase_id is null")
        .bind(name)
        .bind(world.admin.id.0)
        .execute(&app.pool)
        .await
        .unwrap();
    sqlx::query("update purchases set product_details = jsonb_set(product_details, '{name}', to_jsonb($1::text))")
        .bind(name)
        .execute(&app.pool)
        .await
        .unwrap();
    sqlx::query("update courses set description = $1").bind(markdown).execute(&app.pool).await.unwrap();
    let (product, course, lesson) = (world.product.id, world.course.id, world.paid().id);
    let learners = [
        world.course.lesson_path(world.paid()),
        format!("/products/{product}"),
        "/".into(),
        format!("/courses/{course}"),
    ];
    let authors = [
        format!("/admin/courses/{course}/edit"),
        format!("/admin/courses/{course}/delete"),
        format!("/admin/sections/{}/edit", world.course.sections[0].id),
        format!("/admin/lessons/{lesson}/edit"),
        format!("/admin/lessons/{lesson}/move"),
        format!("/admin/products/{product}/edit"),
        "/admin/products".into(),
        "/admin/courses".into(),
        "/admin/sales".into(),
        format!("/admin/sales?q={}", lectern::domain::file::encoded(&name[..20])),
        "/admin/people".into(),
        format!("/admin/people?course={course}&q={}", lectern::domain::file::encoded(&name[..20])),
        format!("/admin/people/{}", world.learner.id),
        format!("/admin/courses/{course}/progress"),
        "/admin".into(),
    ];
    let learners = learners.into_iter().map(|path| (&world.learner, path));
    for (viewer, path) in learners.chain(authors.into_iter().map(|path| (&world.admin, path))) {
        let page = app.get_as(viewer, &path).await.text().to_lowercase();
        // What travels as text for hydration is no markup: a script element ends at `</script` alone.
        for part in page.split("<script").skip(1) {
            let script = part.split("</script").next().unwrap_or_default();
            let start: String = script.chars().take(200).collect();
            assert!(!script.starts_with(">alert"), "{path} runs <script{start}");
        }
        for tag in [
            "<img src=x",
            "<img src=\"x\" onerror",
            "<svg onload",
            "<iframe src=//",
            "<a href=\"javascript:",
            "<a href=\"data:",
        ] {
            assert!(!page.contains(tag), "{path} holds {tag}");
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in12_no_address_that_somebody_gave_is_asked_by_the_server(pool: PgPool) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap();
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = asked.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    });
    let app = App::new(pool);
    let world = World::create(&app).await;
    let (inside, film) = (format!("https://{host}/a.png"), format!("https://{host}/film.mp4"));
    let markdown = format!("![A]({inside}) [b]({inside}) <{inside}>\n\n<img src=\"{inside}\">\n\n[c]: {inside}\n");
    let lesson = fields![
        "section" => world.course.sections[0].id, "course" => world.course.id, "form[name]" => "Lesson",
        "form[status]" => "preview", "form[video_url]" => film, "form[markdown]" => markdown,
    ];
    app.call(&world.admin, "admin/create_lesson", lesson).await.ok();
    let id: uuid::Uuid =
        sqlx::query_scalar("select id from lessons where name = 'Lesson'").fetch_one(&app.pool).await.unwrap();
    let product = fields![
        "form[name]" => "Product", "form[description]" => markdown, "form[image_url]" => inside,
        "form[price_dollars]" => "1", "form[status]" => "public", "courses[0]" => world.course.id,
    ];
    app.call(&world.admin, "admin/create_product", product).await.ok();
    for path in ["/", "/sitemap.xml", "/sign-in?next=https://127.0.0.1/", &format!("/courses/{}", world.course.id)] {
        app.get(path).await;
    }
    let page = app.get(format!("/courses/{}/lessons/{id}", world.course.id)).await;
    assert!(page.ok().text().contains(&film), "the page leaves it to the browser");
    let preview = serde_json::json!({"id": world.paid().id, "markdown": markdown});
    app.call_json(&world.admin, "admin/preview_lesson", preview).await.ok();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 0);
    // Somebody listens there.
    tokio::net::TcpStream::connect(host).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 1);
}

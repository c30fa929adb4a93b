//! Whatever is typed: an answer, and never a failure of ours.

use crate::fields;
use crate::support::app::{Fields, encode, json, raw_form, request};
use crate::support::store::dump_without;
use crate::support::{App, Person, Reply, World};
use axum::body::Body;
use axum::http::{Method, header};
use lectern::server::policy::{self, Policy};
use sqlx::PgPool;

/// A form's function, its fields as they are right, and which of them are text, with the most that each takes.
struct Form {
    function: &'static str,
    fields: Fields,
    texts: Vec<(&'static str, usize)>,
}

fn forms(world: &World) -> Vec<Form> {
    let (course, section, lesson) = (world.course.id, world.course.sections[0].id, world.paid().id);
    let lesson_fields = fields![
        "form[name]" => "Lesson", "form[status]" => "public", "form[video_url]" => "", "form[markdown]" => "Text",
    ];
    let product = fields![
        "form[name]" => "Product", "form[description]" => "Buy it", "form[image_url]" => "",
        "form[price_dollars]" => "1", "form[status]" => "private",
    ];
    let course_fields = fields!["form[title]" => "Course", "form[description]" => "About it"];
    let section_fields = fields!["course" => course, "form[name]" => "Section", "form[status]" => "public"];
    let of_course = || vec![("form[title]", 200), ("form[description]", 20_000)];
    let of_lesson =
        || vec![("form[name]", 200), ("form[video_url]", 2_000), ("form[markdown]", 1 << 20), ("form[status]", 10)];
    let of_product = || {
        vec![
            ("form[name]", 200),
            ("form[description]", 20_000),
            ("form[image_url]", 2_000),
            ("form[price_dollars]", 9),
            ("form[status]", 10),
        ]
    };
    let form = |function, fields: Vec<Fields>, texts| Form { function, fields: fields.concat(), texts };
    vec![
        form(
            "sign_up",
            vec![fields![
                "form[name]" => "Ada", "form[email]" => "ada@example.org", "form[password]" => "long enough it is",
                "next" => "/courses",
            ]],
            vec![("form[name]", 200), ("form[email]", 254), ("form[password]", 200), ("next", 2_000)],
        ),
        form(
            "sign_in",
            vec![fields!["form[email]" => "ada@example.org", "form[password]" => "no", "next" => "/courses"]],
            vec![("form[email]", 254), ("form[password]", 200), ("next", 2_000)],
        ),
        form("sign_in_demo", vec![fields!["as" => "nobody", "next" => ""]], vec![("as", 10), ("next", 2_000)]),
        form(
            "ask_for_letter",
            vec![fields!["email" => "ada@example.org", "purpose" => "reset"]],
            vec![("email", 254), ("purpose", 10)],
        ),
        form("sign_in_by_link", vec![fields!["token" => "0"]], vec![("token", 64)]),
        form(
            "reset_password",
            vec![fields!["token" => "0", "password" => "short"]],
            vec![("token", 64), ("password", 200)],
        ),
        form("confirm_my_address", vec![fields!["token" => "0"]], vec![("token", 64)]),
        form("update_profile", vec![fields!["form[name]" => "Ada"]], vec![("form[name]", 200)]),
        form("change_password", vec![fields!["form[password]" => "short"]], vec![("form[password]", 200)]),
        form("delete_account", vec![fields!["email" => "not@mine"]], vec![("email", 254)]),
        form("become_admin", vec![fields!["secret" => "0"]], vec![("secret", 100)]),
        form("admin/create_course", vec![course_fields.clone()], of_course()),
        form("admin/update_course", vec![fields!["id" => course], course_fields], of_course()),
        form("admin/create_section", vec![section_fields.clone()], vec![("form[name]", 200), ("form[status]", 10)]),
        form("admin/update_section", vec![fields!["id" => section], section_fields], vec![("form[name]", 200)]),
        form(
            "admin/create_lesson",
            vec![fields!["course" => course, "section" => section], lesson_fields.clone()],
            of_lesson(),
        ),
        form(
            "admin/update_lesson",
            vec![fields!["id" => lesson, "version" => "no version"], lesson_fields],
            [of_lesson(), vec![("version", 32)]].concat(),
        ),
        form("admin/swap_lesson", vec![fields!["course" => course, "step" => ""]], vec![("step", 80)]),
        form("admin/swap_section", vec![fields!["course" => course, "step" => ""]], vec![("step", 80)]),
        form("admin/create_product", vec![product.clone()], of_product()),
        form(
            "admin/grant_course",
            vec![fields!["person" => world.learner.id, "form[course]" => course, "form[note]" => "Why"]],
            vec![("form[course]", 36), ("form[note]", 200)],
        ),
        form(
            "admin/grant_by_email",
            vec![fields!["form[email]" => "ada@example.org", "form[course]" => course, "form[note]" => "Why"]],
            vec![("form[email]", 254), ("form[course]", 36), ("form[note]", 200)],
        ),
        form(
            "admin/list_sales",
            vec![fields!["q" => "Lee", "product" => world.product.id, "state" => "paid", "from" => "", "to" => ""]],
            vec![("q", 254), ("product", 36), ("state", 20), ("from", 10), ("to", 10), ("after", 60)],
        ),
        form("admin/update_product", vec![fields!["id" => world.product.id], product], of_product()),
    ]
}

/// The form's bytes with one field's value percent-encoded already.
fn with_value(fields: &Fields, name: &str, value: &str) -> Vec<u8> {
    let others: Fields = fields.iter().filter(|(field, _)| field != name).cloned().collect();
    let name = encode(&fields![name => ""]);
    format!("{}&{name}{value}", encode(&others)).into_bytes()
}

async fn send(app: &App, world: &World, form: &Form, field: &str, value: &str, accept: &str) -> Reply {
    let person = match policy::of_server_function(&format!("/api/{}", form.function)) {
        Some(Policy::Admin) => world.admin.clone(),
        Some(Policy::SignedIn) => world.learner.clone(),
        _ => Person::anonymous(),
    };
    app.send(raw_form(&person, form.function, with_value(&form.fields, field, value), accept)).await
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in1_every_text_field_answers_whatever_is_typed(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    for form in forms(&world) {
        for (field, most) in &form.texts {
            let values = [
                ("empty", String::new()),
                ("blank", "+%09%0D%0A%C2%A0+".to_owned()),
                ("the most", "a".repeat(*most)),
                ("the most and one", "a".repeat(most + 1)),
                ("10 MB", "a".repeat(10_000_000)),
                ("emoji", "%F0%9F%91%A9%E2%80%8D%F0%9F%9A%80".repeat(4)),
                ("right to left", "%E2%80%AE%D7%A9%D7%9C%D7%95%D7%9D+%D9%85%D8%B1%D8%AD%D8%A8%D8%A7".to_owned()),
                ("combining", format!("e{}", "%CC%81".repeat(150))),
                ("invalid UTF-8", "%C3%28%FF%FE".to_owned()),
                ("raw bytes", "a%".to_owned()),
            ];
            for (what, value) in values {
                let data = send(&app, &world, &form, field, &value, "application/json").await;
                let expected: &[u16] = match form.function {
                    _ if what == "10 MB" => &[413],
                    // Whoever goes on guessing is told to wait.
                    "sign_in" => &[200, 400, 429],
                    _ => &[200, 400, 404, 409],
                };
                let start: String = data.text().chars().take(200).collect();
                assert!(expected.contains(&data.status), "{} {field}, {what}: {} {start}", form.function, data.status);
                if what == "the most" || value.len() > 1000 {
                    continue;
                }
                let page = send(&app, &world, &form, field, &value, "text/html").await;
                assert!(matches!(page.status, 302 | 303), "{} {field}, {what}: {}", form.function, page.status);
            }
        }
    }
    // What was stored shows without a failure.
    for page in ["/", "/admin/courses", "/admin/products", "/admin/people", "/admin/sales"] {
        app.get_as(&world.admin, page).await.is(200);
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in1_a_name_holds_two_hundred_characters_of_any_script_and_no_more(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    for (letter, count, status) in [("é", 200, 200), ("\u{1F680}", 200, 200), ("é", 201, 400), ("a", 201, 400)] {
        let fields = fields!["form[title]" => letter.repeat(count), "form[description]" => ""];
        app.call(&world.admin, "admin/create_course", fields).await.is(status);
    }
    let stored: Vec<i32> = sqlx::query_scalar("select length(title) from courses where title ~ '^(é|\u{1F680})+$'")
        .fetch_all(&app.pool)
        .await
        .unwrap();
    assert_eq!(stored, [200, 200]);
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in2_a_nul_in_any_field_is_a_bad_request_and_changes_nothing(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let before = dump_without(&app.pool, &[]).await;
    let mut wrong = Vec::new();
    for form in forms(&world) {
        // Where to go on is followed only where it is a path on this site, which in8 holds.
        let names = form.fields.iter().map(|(name, _)| name.clone()).filter(|name| name != "next");
        for field in names {
            // What is only compared or looked up is told from no other wrong value.
            let expected: &[u16] = match (form.function, field.as_str()) {
                ("sign_in", _) => &[400, 429],
                (_, "version" | "token" | "purpose") => &[400, 409],
                (_, "as") | ("admin/list_sales", _) => &[400, 404],
                _ => &[400],
            };
            for value in ["%00", "a%00b", "/%00", "long%00enough+it+is@example.org"] {
                let reply = send(&app, &world, &form, &field, value, "application/json").await;
                if !expected.contains(&reply.status) {
                    wrong.push(format!("{} {field}={value}: {}", form.function, reply.status));
                }
            }
        }
    }
    for path in ["/%00", "/products/%00", "/courses/a%00b", "/?x=%00", "/sign-in?next=%00", "/pkg/%00.js", "/api/%00"] {
        let reply = app.get(path).await;
        if !matches!(reply.status, 400 | 404) {
            wrong.push(format!("{path}: {}", reply.status));
        }
    }
    let rename = serde_json::json!({"Rename": {"row": {"Lesson": world.paid().id}, "seen": "\0", "wanted": "\0"}});
    let arguments = serde_json::json!({"course": world.course.id, "tab": world.course.id, "change": rename});
    app.send(json(&world.admin, "admin/change_outline", &arguments)).await.is(400);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(dump_without(&app.pool, &[]).await, before);
}

/// What means something to a database, a shell, a template or a file system, percent-encoded.
const INJECTIONS: [&str; 9] = [
    "%27%20or%20%271%27%3D%271",
    "%27%3B%20drop%20table%20users%3B%20--",
    "1)%20union%20select%20password_hash%20from%20credentials%20--",
    "%27%3B%20select%20pg_sleep(20)%3B%20--",
    "%5C%27%20or%20%241%20%3D%20%241%20%2F*",
    "%22%3B%20cat%20%2Fetc%2Fpasswd%20%23",
    "%24(id)%60id%60%7Cid",
    "%7B%7B7*7%7D%7D%24%7B7*7%7D",
    "..%2F..%2F..%2Fetc%2Fpasswd",
];

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in4_what_would_be_a_command_elsewhere_is_text_in_every_field(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let harmless = |reply: &Reply, what: &str, took: std::time::Duration| {
        assert!(reply.status < 500, "{what}: {} {}", reply.status, reply.text());
        let text = reply.text().to_lowercase();
        for sign in ["syntax error", "sqlstate", "sqlx", "unterminated", "$argon2", "root:x:0", "uid=0"] {
            assert!(!text.contains(sign), "{what} is answered with {sign}");
        }
        assert!(took.as_secs() < 15, "{what} took {took:?}");
    };
    for form in forms(&world) {
        for (field, _) in &form.texts {
            for value in INJECTIONS {
                let started = std::time::Instant::now();
                let reply = send(&app, &world, &form, field, value, "application/json").await;
                harmless(&reply, &format!("{} {field}={value}", form.function), started.elapsed());
            }
        }
    }
    for value in INJECTIONS {
        for path in
            ["/admin/people?q=", "/admin/sales?q=", "/admin/people?sort=", "/sign-in?next=", "/?coupon=", "/products/"]
        {
            let started = std::time::Instant::now();
            let reply = app.get_as(&world.admin, format!("{path}{value}")).await;
            harmless(&reply, &format!("{path}{value}"), started.elapsed());
        }
    }
    // Nobody rose, nothing is gone, and what was typed stands there as it was typed.
    let of = async |sql: &'static str| sqlx::query_scalar::<_, i64>(sql).fetch_one(&app.pool).await.unwrap();
    assert_eq!(of("select count(*) from users where role = 'admin'").await, 1);
    assert_eq!(of("select count(*) from purchases").await, 1);
    assert!(of("select count(*) from courses where title like '%drop table users%'").await > 0);
}

/// What spells no id, and what spells one that is nothing's.
const NO_IDS: [&str; 9] = [
    "x",
    "-1",
    "00000000-0000-0000-0000-000000000000",
    "67e55044-10b1-426f-9247-bb680e5fe0c8",
    "67e55044-10b1-426f-9247-bb680e5fe0c",
    "67e55044-10b1-426f-9247-bb680e5fe0c8z",
    "%7B67e55044-10b1-426f-9247-bb680e5fe0c8%7D",
    "..%2F..%2Fetc%2Fpasswd",
    "%27%20or%201%3D1--",
];

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in3_a_malformed_nil_or_unknown_id_is_not_found(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let long = "a".repeat(4_000);
    for route in crate::policy::table().keys().filter(|route| route.contains('{')) {
        for id in NO_IDS.iter().copied().chain([long.as_str()]) {
            let mut path = String::new();
            for part in route.split('/').skip(1) {
                path.push('/');
                path.push_str(if part.starts_with('{') { id } else { part });
            }
            let mut reply = app.get_as(&world.admin, &path).await;
            // Some are no pages, but what is sent from one: they lead there.
            if reply.status == 307 {
                reply = app.get_as(&world.admin, reply.location()).await;
            }
            assert!(matches!(reply.status, 400 | 404 | 412), "{path}: {}", reply.status);
        }
    }
    for (function, name) in [
        ("get_product", "id"),
        ("start_checkout", "product"),
        ("get_checkout", "id"),
        ("pay_demo_checkout", "id"),
        ("get_purchase", "id"),
        ("get_outline", "course"),
        ("get_access", "course"),
        ("admin/get_course", "id"),
        ("admin/get_course_deletion", "id"),
        ("admin/delete_course", "id"),
        ("admin/get_section", "id"),
        ("admin/get_section_deletion", "id"),
        ("admin/delete_section", "id"),
        ("admin/get_lesson_edit", "id"),
        ("admin/get_lesson_move", "id"),
        ("admin/get_lesson_deletion", "id"),
        ("admin/delete_lesson", "id"),
        ("admin/get_product_edit", "id"),
        ("admin/get_product_deletion", "id"),
        ("admin/delete_product", "id"),
        ("return_from_checkout", "id"),
        ("admin/get_sale", "id"),
        ("admin/refund_purchase", "id"),
        ("admin/replay_event", "id"),
        ("admin/resolve_flag", "id"),
        ("admin/send_mail_again", "id"),
        ("admin/get_coupon_edit", "id"),
        ("admin/delete_coupon", "id"),
    ] {
        for id in NO_IDS.iter().copied().chain([long.as_str(), ""]) {
            let body = format!("{name}={id}").into_bytes();
            let reply = app.send(raw_form(&world.admin, function, body, "application/json")).await;
            // To what is yet to be made there is no id.
            let none = matches!(function, "admin/get_product_edit" | "admin/get_coupon_edit") && id.is_empty();
            assert!(none || matches!(reply.status, 400 | 404), "{function} {id}: {}", reply.status);
        }
    }
}

#[sqlx::test(migrator = "lectern::server::db::MIGRATIONS")]
async fn in13_json_that_is_deep_long_repeated_or_of_the_wrong_kind_is_refused_soon(pool: PgPool) {
    let app = App::new(pool);
    let world = World::create(&app).await;
    let id = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let many: String = (0..10_000).map(|n| format!("\"field{n}\":1,")).collect();
    for body in [
        format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("{}1{}", "{\"course\":".repeat(10_000), "}".repeat(10_000)),
        format!("{{{many}\"course\":\"{id}\",\"sections\":[],\"lessons\":1}}"),
        format!("{{\"course\":\"{id}\",\"course\":\"{id}\",\"sections\":[],\"lessons\":[]}}"),
        "{\"course\":1,\"sections\":true,\"lessons\":null}".to_owned(),
        "\"text\"".to_owned(),
        String::new(),
        "{".to_owned(),
    ] {
        let mut sent = request(Method::POST, &world.admin, "/api/admin/get_rows_deletion", Body::from(body.clone()));
        sent.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        sent.headers_mut().insert(header::ACCEPT, "application/json".parse().unwrap());
        let started = std::time::Instant::now();
        let reply = app.send(sent).await;
        let start: String = body.chars().take(40).collect();
        assert!((400..500).contains(&reply.status), "{start}: {}", reply.status);
        assert!(started.elapsed().as_millis() < 500, "{start} took {:?}", started.elapsed());
    }
}

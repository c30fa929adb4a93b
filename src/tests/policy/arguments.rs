//! What each server function is called with, so that somebody with every right succeeds.

use crate::fields;
use crate::support::app::Fields;
use crate::support::store::reorder_sections;
use crate::support::{App, World};
use lectern::domain::account::Purpose;
use lectern::server::auth::passes;
use lectern::server::auth::password::hash;
use serde_json::{Value, json};
use uuid::Uuid;

pub enum Arguments {
    Form(Fields),
    Json(Value),
}

pub async fn arguments(path: &str, app: &App, world: &World) -> Arguments {
    let (course, section) = (world.course.id, world.course.sections[0].id);
    let back = world.course.sections[1].id;
    let (lesson, taster) = (world.paid().id, world.taster().id);
    let product = world.product.id;
    let anybody = format!("anybody-{}@example.org", Uuid::new_v4());
    let password = "correct horse battery";
    let lesson_form = fields!["form[name]" => "A lesson", "form[status]" => "public", "form[markdown]" => "Text"];
    let form = match path.trim_start_matches("/api/") {
        "current_viewer" | "get_storefront" | "list_purchases" | "list_my_courses" | "sign_out" => fields![],
        "sign_up" => fields!["form[name]" => "Any Body", "form[email]" => anybody, "form[password]" => password],
        "sign_in" => {
            let fields = fields!["form[name]" => "Any Body", "form[email]" => anybody, "form[password]" => password];
            app.call(&crate::support::Person::anonymous(), "sign_up", fields).await.ok();
            fields!["form[email]" => anybody, "form[password]" => password]
        }
        "sign_in_demo" => fields!["as" => "author"],
        "get_account" | "remove_picture" | "send_confirmation" | "end_other_sessions" => fields![],
        "ask_for_letter" => fields!["email" => world.learner.email, "purpose" => "sign_in"],
        "sign_in_by_link" => fields!["token" => secret(app, world, Purpose::SignIn).await],
        "reset_password" => fields!["token" => secret(app, world, Purpose::Reset).await, "password" => password],
        "confirm_my_address" => fields!["token" => secret(app, world, Purpose::Confirm).await],
        "update_profile" => fields!["form[name]" => "Lee"],
        "change_password" => {
            let hash = hash(password.into()).await.expect("hashes");
            sqlx::query("insert into credentials (user_id, email, password_hash) values ($1, $2, $3)")
                .bind(world.learner.id.0)
                .bind(&world.learner.email)
                .bind(hash)
                .execute(&app.pool)
                .await
                .ok();
            fields!["form[current]" => password, "form[password]" => "another one it is"]
        }
        "remove_way" => fields!["id" => "oidc|https://id.example|1"],
        "end_session" => {
            let id: Uuid = sqlx::query_scalar("select id from sessions where user_id = $1 order by created_at limit 1")
                .bind(world.learner.id.0)
                .fetch_one(&app.pool)
                .await
                .expect("the learner is signed in");
            fields!["id" => id]
        }
        "remove_passkey" => {
            let id: Uuid = sqlx::query_scalar(
                "insert into passkeys (user_id, name, credential_id, credential) values ($1, 'A key', $2, '{}') returning id",
            )
            .bind(world.learner.id.0)
            .bind(Uuid::new_v4().as_bytes().as_slice())
            .fetch_one(&app.pool)
            .await
            .expect("the learner has a passkey");
            // It is not their only way in.
            let identity = "insert into identities (external_id, user_id, provider) values ($1, $2, 'clerk')";
            let identity =
                sqlx::query(identity).bind(format!("user_{}", Uuid::new_v4().simple())).bind(world.learner.id.0);
            identity.execute(&app.pool).await.expect("the learner has another way in");
            fields!["id" => id]
        }
        "delete_account" => fields!["email" => world.learner.email],
        "admin/set_role" => fields!["person" => world.outsider.id, "role" => "Admin"],
        "admin/suspend_person" => fields!["person" => world.outsider.id, "suspended" => true],
        "admin/delete_person" => fields!["person" => world.outsider.id],
        "admin/invite_admin" | "admin/get_invitation" => fields![],
        "admin/search_audit" => fields!["q" => "lee"],
        "join_as_admin" => fields!["token" => "not it"],
        "become_admin" => fields!["secret" => "not it"],
        "get_product" => fields!["id" => product],
        "start_checkout" => fields!["product" => world.other_product.id],
        "get_checkout" | "pay_demo_checkout" | "cancel_checkout" | "return_from_checkout" => {
            fields!["id" => world.checkout]
        }
        "get_purchase" | "admin/get_sale" | "admin/refund_purchase" => fields!["id" => world.purchase],
        "get_outline" | "get_access" => fields!["course" => course],
        "get_lesson" => fields!["course" => course, "lesson" => lesson],
        "save_position" => fields!["course" => course, "lesson" => lesson, "seconds" => 61],
        "save_note" => fields!["course" => course, "lesson" => lesson, "note" => "Mine"],
        "complete_lesson" => fields!["course" => course, "lesson" => lesson, "done" => true],
        "admin/get_figures"
        | "admin/get_trend"
        | "admin/list_people"
        | "admin/list_courses"
        | "admin/list_products"
        | "admin/get_ledger"
        | "admin/list_coupons"
        | "admin/list_mails"
        | "admin/reconcile_payments" => fields![],
        "admin/list_sales" => fields!["product" => product, "state" => "paid", "from" => "2026-01-01"],
        "admin/replay_event" => fields!["id" => "evt_none"],
        "admin/resolve_flag" => fields!["id" => uuid::Uuid::from_u128(9)],
        "admin/get_course" | "admin/get_course_deletion" | "admin/copy_course" | "admin/get_drop_off" => {
            fields!["id" => course]
        }
        "admin/get_coupon_edit" | "admin/delete_coupon" => fields!["id" => world.coupon],
        "admin/create_coupon" => {
            fields!["form[code]" => Uuid::new_v4(), "form[discount]" => "5.50", "form[active]" => "on"]
        }
        "admin/update_coupon" => {
            fields!["id" => world.coupon, "form[code]" => Uuid::new_v4(), "form[discount]" => "20%"]
        }
        // The receipt of the purchase.
        "admin/send_mail_again" => {
            let page: Value = app.call(&world.admin, "admin/list_mails", fields![]).await.json();
            fields!["id" => page["mails"][0]["id"].as_str().expect("a letter was written")]
        }
        "admin/get_person" => fields!["id" => world.learner.id],
        "admin/confirm_address" => fields!["person" => world.learner.id],
        "admin/grant_course" => fields!["person" => world.learner.id, "form[course]" => course, "form[note]" => "Why"],
        "admin/grant_by_email" => fields!["form[email]" => anybody, "form[course]" => course],
        "admin/revoke_waiting_grant" => {
            let fields = fields!["form[email]" => anybody, "form[course]" => course];
            app.call(&world.admin, "admin/grant_by_email", fields).await.ok();
            let roster: Value = app.call(&world.admin, "admin/list_people", fields![]).await.json();
            fields!["id" => roster["waiting"][0]["id"].as_str().expect("it waits")]
        }
        "admin/revoke_grant" => {
            app.give(&world.outsider, &world.course).await;
            let person: Value =
                app.call(&world.admin, "admin/get_person", fields!["id" => world.outsider.id]).await.json();
            fields!["id" => person["courses"][0]["grants"][0]["id"].as_str().expect("it was given")]
        }
        "admin/start_preview" => fields!["preview" => "buyer", "next" => "/"],
        "admin/stop_preview" => fields!["next" => "/admin"],
        "admin/copy_section" => fields!["id" => section],
        "admin/copy_lesson" => fields!["id" => lesson],
        "admin/create_course" => fields!["form[title]" => "A course", "form[description]" => "About it"],
        "admin/update_course" => fields!["id" => course, "form[title]" => "Renamed", "form[description]" => ""],
        "admin/delete_course" => fields!["id" => world.loose_course.id],
        "admin/get_import" | "admin/cancel_import" => {
            fields!["id" => crate::bringing::waiting(app, &world.admin).await]
        }
        "admin/get_bulk_report" => {
            let path = format!("/admin/sections/{section}/lessons/bulk/files");
            let sent = crate::bringing::multipart("files", &[("a.md", b"# A lesson")]);
            let sent = app.send_files(&world.admin, &path, sent).await;
            fields!["report" => sent.location().rsplit_once("?report=").expect("leads to its report").1]
        }
        "admin/swap_section" => fields!["course" => course, "step" => format!("{section}.down.{back}")],
        "admin/get_section" | "admin/get_section_deletion" => fields!["id" => section],
        "admin/create_section" => fields!["course" => course, "form[name]" => "Section", "form[status]" => "public"],
        "admin/update_section" => {
            fields!["course" => course, "id" => section, "form[name]" => "Renamed", "form[status]" => "public"]
        }
        "admin/delete_section" => fields!["id" => world.loose_course.sections[0].id],
        "admin/swap_lesson" => fields!["course" => course, "step" => format!("{lesson}.down.{taster}")],
        "admin/move_lesson" => fields!["course" => course, "lesson" => lesson, "from" => section, "to" => back],
        "admin/get_lesson_edit" | "admin/get_lesson_move" | "admin/get_lesson_deletion" => fields!["id" => lesson],
        "admin/create_lesson" => [fields!["course" => course, "section" => section], lesson_form].concat(),
        "admin/update_lesson" => {
            let edit = app.call(&world.admin, "admin/get_lesson_edit", fields!["id" => lesson]).await;
            let version = edit.json::<Value>()["version"].as_str().expect("a version").to_owned();
            [fields!["id" => lesson, "version" => version], lesson_form].concat()
        }
        "admin/get_lesson_versions" | "admin/get_drafts" | "admin/discard_draft" => fields!["id" => lesson],
        "admin/save_draft" => [fields!["id" => lesson, "version" => "as it was"], lesson_form].concat(),
        "admin/compare_draft" => {
            let draft = [fields!["id" => lesson, "version" => "as it was"], lesson_form].concat();
            app.call(&world.admin, "admin/save_draft", draft).await.ok();
            fields!["id" => lesson]
        }
        "admin/merge_draft" | "admin/preview_lesson" => {
            return Arguments::Json(json!({"id": lesson, "markdown": "# Mine"}));
        }
        "admin/restore_lesson_version" => {
            let edit = app.call(&world.admin, "admin/get_lesson_edit", fields!["id" => lesson]).await;
            let version = edit.json::<Value>()["version"].as_str().expect("a version").to_owned();
            app.call(
                &world.admin,
                "admin/update_lesson",
                [fields!["id" => lesson, "version" => version], lesson_form].concat(),
            )
            .await
            .ok();
            let found: Value =
                app.call(&world.admin, "admin/get_lesson_versions", fields!["id" => lesson]).await.json();
            fields!["id" => lesson, "version" => found["versions"][1]["id"].as_str().expect("it was something before")]
        }
        "admin/delete_lesson_file" => fields!["id" => world.paid().attachment],
        "admin/delete_captions" => fields!["id" => world.paid().captions],
        "admin/delete_lesson" => fields!["id" => world.loose_course.sections[1].lessons[0].id],
        "admin/get_product_edit" | "admin/get_product_deletion" => fields!["id" => product],
        "admin/create_product" => product_form(),
        "admin/update_product" => [fields!["id" => product, "courses[0]" => course], product_form()].concat(),
        "admin/delete_product" => fields!["id" => world.private_product.id],
        "admin/list_deleted_rows" => fields!["course" => course],
        "admin/publish_section" => fields!["section" => section],
        "admin/change_outline" => {
            let change = reorder_sections(&[section.0, back.0], &[back.0, section.0]);
            return Arguments::Json(json!({"course": course, "tab": Uuid::nil(), "change": change}));
        }
        "admin/get_rows_deletion" => {
            return Arguments::Json(json!({"course": course, "sections": [section], "lessons": [lesson]}));
        }
        "admin/restore_deletion" => {
            let course = world.loose_course.id;
            let deleted = async || -> Value {
                app.call(&world.admin, "admin/list_deleted_rows", fields!["course" => course]).await.json()
            };
            if deleted().await[0].is_null() {
                let lesson = world.loose_course.sections[0].lessons[0].id;
                app.call(&world.admin, "admin/delete_lesson", fields!["id" => lesson]).await.ok();
            }
            let deletion = deleted().await[0]["id"].as_str().expect("something was deleted").to_owned();
            fields!["course" => course, "deletion" => deletion]
        }
        _ => panic!("{path} needs arguments here"),
    };
    Arguments::Form(form)
}

/// What stands in a letter to the learner.
async fn secret(app: &App, world: &World, purpose: Purpose) -> String {
    let made = passes::make(&app.state.db, world.learner.id, world.learner.email.clone(), purpose).await;
    made.expect("is made").expect("the learner has this address")
}

fn product_form() -> Fields {
    fields![
        "form[name]" => "A product", "form[description]" => "Buy it", "form[image_url]" => "",
        "form[price_dollars]" => "49", "form[status]" => "public",
    ]
}

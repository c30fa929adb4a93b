//! Who may reach what: every route and server function by name. The edge asks this list before anything else runs;
//! a route or function that is missing here stops the start.

use super::auth::Viewer;
use crate::error::AppError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Everyone; what each may see of it, the page's own rule decides.
    Anyone,
    /// People with a session; what is not theirs is not found.
    SignedIn,
    /// Admins.
    Admin,
}

impl Policy {
    /// Whether the viewer may go on.
    pub fn admit(self, viewer: &Viewer) -> Result<(), AppError> {
        match self {
            Self::Anyone => Ok(()),
            Self::SignedIn => viewer.clone().signed_in().map(|_| ()),
            Self::Admin => viewer.clone().admin().map(|_| ()),
        }
    }
}

use Policy::{Admin, Anyone, SignedIn};

/// Pages and plain routes, as axum spells their paths.
pub const ROUTES: &[(&str, Policy)] = &[
    ("/", Anyone),
    ("/sign-in", Anyone),
    ("/sign-up", Anyone),
    ("/sign-in/letter", Anyone),
    ("/sign-in/sent", Anyone),
    ("/sign-in/link", Anyone),
    ("/sign-in/reset", Anyone),
    ("/account", SignedIn),
    ("/account/clerk", SignedIn),
    ("/account/confirm", SignedIn),
    ("/account/picture", SignedIn),
    ("/account/delete", SignedIn),
    ("/account/admin", SignedIn),
    ("/account/join", SignedIn),
    ("/account/export.json", SignedIn),
    ("/account/notes.md", SignedIn),
    ("/products/{product}", Anyone),
    ("/products/{product}/purchase", SignedIn),
    ("/checkouts/{checkout}", SignedIn),
    ("/checkouts/{checkout}/return", SignedIn),
    ("/purchases", SignedIn),
    ("/purchases/{purchase}", SignedIn),
    ("/courses", SignedIn),
    ("/courses/{course}", Anyone),
    ("/courses/{course}/lessons/{lesson}", Anyone),
    ("/admin", Admin),
    ("/admin/courses", Admin),
    ("/admin/courses/new", Admin),
    ("/admin/courses/import", Admin),
    ("/admin/courses/import/upload", Admin),
    ("/admin/courses/import/{import}", Admin),
    ("/admin/courses/import/{import}/accept", Admin),
    ("/admin/courses/{course}/edit", Admin),
    ("/admin/courses/{course}/delete", Admin),
    ("/admin/courses/{course}/export.zip", Admin),
    ("/admin/courses/{course}/changes", Admin),
    ("/admin/sections/{section}/edit", Admin),
    ("/admin/sections/{section}/delete", Admin),
    ("/admin/sections/{section}/lessons/new", Admin),
    ("/admin/sections/{section}/lessons/bulk", Admin),
    ("/admin/sections/{section}/lessons/bulk/files", Admin),
    ("/admin/lessons/{lesson}/edit", Admin),
    ("/admin/lessons/{lesson}/move", Admin),
    ("/admin/lessons/{lesson}/versions", Admin),
    ("/admin/lessons/{lesson}/draft", Admin),
    ("/admin/lessons/{lesson}/delete", Admin),
    ("/admin/products", Admin),
    ("/admin/products/new", Admin),
    ("/admin/products/card", Admin),
    ("/admin/products/{product}/edit", Admin),
    ("/admin/products/{product}/delete", Admin),
    ("/admin/products/{product}/cover", Admin),
    ("/admin/covers", Admin),
    ("/admin/coupons", Admin),
    ("/admin/coupons/new", Admin),
    ("/admin/coupons/{coupon}/edit", Admin),
    ("/admin/mail", Admin),
    ("/admin/sales/ledger", Admin),
    ("/admin/sales", Admin),
    ("/admin/sales/export.csv", Admin),
    ("/admin/sales/{purchase}", Admin),
    ("/admin/people", Admin),
    ("/admin/people/export.csv", Admin),
    ("/admin/people/invite", Admin),
    ("/admin/audit", Admin),
    ("/admin/people/{person}", Admin),
    ("/admin/courses/{course}/progress", Admin),
    ("/admin/lessons/{lesson}/files", Admin),
    ("/admin/lessons/{lesson}/files/{name}", Admin),
    ("/courses/{course}/notes.md", SignedIn),
    ("/uploads", Admin),
    ("/uploads/{upload}", Admin),
    ("/media/{file}", Anyone),
    ("/lessons/{lesson}/files/{name}", Anyone),
    ("/captions/{captions}", Anyone),
    ("/covers/{cover}", Anyone),
    ("/auth/clerk", Anyone),
    ("/auth/oidc/{provider}", Anyone),
    ("/auth/oidc/{provider}/callback", Anyone),
    ("/auth/passkeys/add/begin", SignedIn),
    ("/auth/passkeys/add", SignedIn),
    ("/auth/passkeys/enter/begin", Anyone),
    ("/auth/passkeys/enter", Anyone),
    ("/webhooks/stripe", Anyone),
    ("/webhooks/clerk", Anyone),
    ("/healthz", Anyone),
    ("/readyz", Anyone),
    ("/robots.txt", Anyone),
    ("/sitemap.xml", Anyone),
];

/// Server functions, by path.
pub const SERVER_FUNCTIONS: &[(&str, Policy)] = &[
    ("/api/current_viewer", Anyone),
    ("/api/sign_up", Anyone),
    ("/api/sign_in", Anyone),
    ("/api/sign_in_demo", Anyone),
    ("/api/sign_out", Anyone),
    ("/api/ask_for_letter", Anyone),
    ("/api/sign_in_by_link", Anyone),
    ("/api/reset_password", Anyone),
    ("/api/confirm_my_address", SignedIn),
    ("/api/get_account", SignedIn),
    ("/api/update_profile", SignedIn),
    ("/api/send_confirmation", SignedIn),
    ("/api/change_password", SignedIn),
    ("/api/remove_picture", SignedIn),
    ("/api/remove_way", SignedIn),
    ("/api/end_session", SignedIn),
    ("/api/end_other_sessions", SignedIn),
    ("/api/remove_passkey", SignedIn),
    ("/api/delete_account", SignedIn),
    ("/api/become_admin", SignedIn),
    ("/api/join_as_admin", SignedIn),
    ("/api/get_storefront", Anyone),
    ("/api/get_product", Anyone),
    ("/api/start_checkout", SignedIn),
    ("/api/get_checkout", SignedIn),
    ("/api/pay_demo_checkout", SignedIn),
    ("/api/cancel_checkout", SignedIn),
    ("/api/return_from_checkout", SignedIn),
    ("/api/list_purchases", SignedIn),
    ("/api/get_purchase", SignedIn),
    ("/api/list_my_courses", SignedIn),
    ("/api/get_outline", Anyone),
    ("/api/get_access", SignedIn),
    ("/api/get_lesson", Anyone),
    ("/api/complete_lesson", SignedIn),
    ("/api/save_position", SignedIn),
    ("/api/save_note", SignedIn),
    ("/api/admin/get_figures", Admin),
    ("/api/admin/list_courses", Admin),
    ("/api/admin/get_course", Admin),
    ("/api/admin/create_course", Admin),
    ("/api/admin/update_course", Admin),
    ("/api/admin/start_preview", Admin),
    ("/api/admin/stop_preview", Admin),
    ("/api/admin/copy_course", Admin),
    ("/api/admin/copy_section", Admin),
    ("/api/admin/copy_lesson", Admin),
    ("/api/admin/get_course_deletion", Admin),
    ("/api/admin/delete_course", Admin),
    ("/api/admin/change_outline", Admin),
    ("/api/admin/get_rows_deletion", Admin),
    ("/api/admin/list_deleted_rows", Admin),
    ("/api/admin/restore_deletion", Admin),
    ("/api/admin/get_import", Admin),
    ("/api/admin/cancel_import", Admin),
    ("/api/admin/swap_section", Admin),
    ("/api/admin/get_section", Admin),
    ("/api/admin/get_bulk_report", Admin),
    ("/api/admin/create_section", Admin),
    ("/api/admin/update_section", Admin),
    ("/api/admin/publish_section", Admin),
    ("/api/admin/get_section_deletion", Admin),
    ("/api/admin/delete_section", Admin),
    ("/api/admin/swap_lesson", Admin),
    ("/api/admin/move_lesson", Admin),
    ("/api/admin/get_lesson_edit", Admin),
    ("/api/admin/get_lesson_move", Admin),
    ("/api/admin/create_lesson", Admin),
    ("/api/admin/update_lesson", Admin),
    ("/api/admin/get_drafts", Admin),
    ("/api/admin/compare_draft", Admin),
    ("/api/admin/save_draft", Admin),
    ("/api/admin/discard_draft", Admin),
    ("/api/admin/merge_draft", Admin),
    ("/api/admin/preview_lesson", Admin),
    ("/api/admin/get_lesson_versions", Admin),
    ("/api/admin/restore_lesson_version", Admin),
    ("/api/admin/get_lesson_deletion", Admin),
    ("/api/admin/delete_lesson", Admin),
    ("/api/admin/delete_lesson_file", Admin),
    ("/api/admin/delete_captions", Admin),
    ("/api/admin/list_products", Admin),
    ("/api/admin/get_product_edit", Admin),
    ("/api/admin/create_product", Admin),
    ("/api/admin/update_product", Admin),
    ("/api/admin/get_product_deletion", Admin),
    ("/api/admin/delete_product", Admin),
    ("/api/admin/list_sales", Admin),
    ("/api/admin/get_sale", Admin),
    ("/api/admin/get_ledger", Admin),
    ("/api/admin/list_coupons", Admin),
    ("/api/admin/get_coupon_edit", Admin),
    ("/api/admin/create_coupon", Admin),
    ("/api/admin/update_coupon", Admin),
    ("/api/admin/delete_coupon", Admin),
    ("/api/admin/list_mails", Admin),
    ("/api/admin/send_mail_again", Admin),
    ("/api/admin/reconcile_payments", Admin),
    ("/api/admin/replay_event", Admin),
    ("/api/admin/resolve_flag", Admin),
    ("/api/admin/refund_purchase", Admin),
    ("/api/admin/get_trend", Admin),
    ("/api/admin/get_drop_off", Admin),
    ("/api/admin/list_people", Admin),
    ("/api/admin/get_person", Admin),
    ("/api/admin/grant_course", Admin),
    ("/api/admin/revoke_grant", Admin),
    ("/api/admin/grant_by_email", Admin),
    ("/api/admin/revoke_waiting_grant", Admin),
    ("/api/admin/confirm_address", Admin),
    ("/api/admin/set_role", Admin),
    ("/api/admin/suspend_person", Admin),
    ("/api/admin/delete_person", Admin),
    ("/api/admin/invite_admin", Admin),
    ("/api/admin/get_invitation", Admin),
    ("/api/admin/search_audit", Admin),
];

pub fn of_route(path: &str) -> Option<Policy> {
    find(ROUTES, path)
}

pub fn of_server_function(path: &str) -> Option<Policy> {
    find(SERVER_FUNCTIONS, path)
}

/// Compares the lists with what is really served. The error names what is missing on either side.
pub fn check<'a>(
    routes: impl Iterator<Item = &'a str>,
    functions: impl Iterator<Item = &'a str>,
) -> Result<(), String> {
    let mut wrong = compare("route", ROUTES, routes);
    wrong.extend(compare("server function", SERVER_FUNCTIONS, functions));
    if wrong.is_empty() { Ok(()) } else { Err(format!("policy list: {}", wrong.join("; "))) }
}

fn compare<'a>(what: &str, list: &[(&str, Policy)], served: impl Iterator<Item = &'a str>) -> Vec<String> {
    let served: std::collections::BTreeSet<&str> = served.collect();
    let missing = served.iter().filter(|path| find(list, path).is_none());
    let stale = list.iter().filter(|(path, _)| !served.contains(path));
    missing
        .map(|path| format!("the {what} {path} has no policy"))
        .chain(stale.map(|(path, _)| format!("the {what} {path} is listed and not served")))
        .collect()
}

fn find(list: &[(&str, Policy)], path: &str) -> Option<Policy> {
    list.iter().find(|(listed, _)| *listed == path).map(|(_, policy)| *policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_served_without_a_policy_is_named() {
        let routes = || ROUTES.iter().map(|(path, _)| *path);
        let functions = || SERVER_FUNCTIONS.iter().map(|(path, _)| *path);
        assert_eq!(check(routes(), functions()), Ok(()));
        let error = check(routes().chain(["/back-door"]), functions()).expect_err("is refused");
        assert!(error.contains("/back-door"));
        assert!(check(routes().skip(1), functions()).is_err());
    }
}
